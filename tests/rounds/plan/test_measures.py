"""Values that the office enters: read from every form, each mistake at its place, nothing counted twice."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from engine.problems import Problem, Refused
from engine.rounds.plan.load import kept_plan
from engine.rounds.plan.measures import read_measures
from engine.rounds.plan.tally import Measured

PLAN = kept_plan("jiaxing_2017")
HEAD = "measure,place,year,quarter,value,unit,item,source,by\n"


def read_csv(tmp_path: Path, body: str, head: str = HEAD, encoding: str = "utf-8") -> tuple[Measured, ...]:
    path = tmp_path / "measures.csv"
    path.write_bytes((head + body).encode(encoding))
    return read_measures(path, PLAN)


def refused(tmp_path: Path, body: str) -> list[Problem]:
    with pytest.raises(Refused) as caught:
        read_csv(tmp_path, body)
    return caught.value.problems


def test_a_csv_file_gives_exact_values_with_source_and_person(tmp_path: Path) -> None:
    found = read_csv(tmp_path, "distributed_pv,nanhu,2017,1,12.35,兆瓦,,光伏月报,王某\n")
    assert found == (Measured("distributed_pv", "nanhu", 2017, 1, Fraction("12.35"), "光伏月报", "王某"),)
    assert (found[0].where.line, found[0].where.file.endswith("measures.csv")) == (2, True)


def test_chinese_heads_titles_and_quarters_are_read_as_excel_writes_them(tmp_path: Path) -> None:
    head = "指标,区域,年份,季度,数值,单位,对象,来源,填报人\n"
    body = '绿色制造技术改造项目,南湖区,2017年,一季度,３,个,,技改台账,王某\n煤炭消费总量,全市,2012,,"1,000",万吨,,年鉴,李某\n'
    found = read_csv(tmp_path, body, head, "gb18030")
    assert [(one.measure, one.place, one.year, one.quarter, one.value) for one in found] == [
        ("retrofit_projects", "nanhu", 2017, 1, 3),
        ("coal_use", "city", 2012, None, 1000),
    ]


def test_a_yaml_file_needs_no_quotes_around_numbers(tmp_path: Path) -> None:
    path = tmp_path / "measures.yaml"
    path.write_text(
        "measures:\n- {measure: distributed_pv, place: port, year: 2017, quarter: 2, value: 0.1, source: 月报, by: 王某}\n",
        encoding="utf-8",
    )
    [found] = read_measures(path, PLAN)
    assert (found.value, found.quarter, found.where.line) == (Fraction(1, 10), 2, 2)


def test_a_workbook_says_which_cell_is_wrong(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["指标", "区域", "年份", "季度", "数值", "来源", "填报人"])
    sheet.append(["清洁生产审核", "海宁市", 2017, 1, 15, "台账", "王某"])
    sheet.append(["清洁生产审核", "海宁市", 2017, 5, 15, "台账", "王某"])
    book.save(tmp_path / "measures.xlsx")
    with pytest.raises(Refused) as caught:
        read_measures(tmp_path / "measures.xlsx", PLAN)
    assert [(problem.code, problem.where.cell) for problem in caught.value.problems] == [("measured_quarter", "D3")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("distributed_pw,nanhu,2017,1,1,,,s,b", "measured_unknown"),
        ("green_factories,nanhu,2017,1,1,,,s,b", "measured_not_entered"),
        ("energy_intensity,city,2017,,5,,,s,b", "measured_not_entered"),
        ("distributed_pv,hangzhou,2017,1,1,,,s,b", "measured_place_unknown"),
        ("distributed_pv,nanhu,17,1,1,,,s,b", "measured_year"),
        ("distributed_pv,nanhu,2017,Q5,1,,,s,b", "measured_quarter"),
        ("distributed_pv,nanhu,2017,1,很多,,,s,b", "number_malformed"),
        ("distributed_pv,nanhu,2017,1,-1,,,s,b", "measured_negative"),
        ("distributed_pv,nanhu,2017,1,1,kW,,s,b", "measured_unit"),
        ("distributed_pv,nanhu,2017,1,1,,,,b", "measured_missing"),
        ("distributed_pv,nanhu,2017,1,1,,,s,", "measured_missing"),
    ],
)
def test_every_mistake_is_told_at_its_line(tmp_path: Path, row: str, code: str) -> None:
    good = "retrofit_projects,nanhu,2017,1,1,,,s,b\n"
    problems = refused(tmp_path, good + row + "\n")
    assert [(problem.code, problem.where.line) for problem in problems] == [(code, 3)]
    assert all(problem.what(lang) and problem.fix(lang) for problem in problems for lang in ("zh", "en"))


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    problems = refused(tmp_path, "distributed_pw,hangzhou,17,5,x,,,s,b\ncoal_use,city,2017,,-1,,,s,b\n")
    assert [problem.where.line for problem in problems] == [2, 2, 2, 2, 2, 3]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("distributed_pv,nanhu,2017,1,1,,,s,b", "distributed_pv,南湖区,2017,Q1,2,,,t,c", "measured_twice"),
        ("distributed_pv,nanhu,2017,1,1,,甲厂,s,b", "distributed_pv,nanhu,2017,1,2,,甲厂,s,b", "measured_twice"),
        ("energy_growth,city,2017,,1,,甲,s,b", "energy_growth,city,2017,,2,,乙,s,b", "measured_twice"),
        ("distributed_pv,nanhu,2017,1,1,,甲厂,s,b", "distributed_pv,nanhu,2017,1,2,,,s,b", "measured_total_and_items"),
        ("distributed_pv,nanhu,2017,1,1,,,s,b", "distributed_pv,nanhu,2017,,2,,,s,b", "measured_year_and_quarter"),
        ("industrial_energy,city,2017,1,1,,,s,b", "industrial_energy,city,2017,,2,,,s,b", "measured_year_and_quarter"),
        ("distributed_pv,nanhu,2017,1,1,,,s,b", "distributed_pv,city,2017,1,2,,,s,b", "measured_city_and_district"),
    ],
)
def test_what_would_count_twice_is_refused_naming_the_first(tmp_path: Path, first: str, second: str, code: str) -> None:
    [problem] = refused(tmp_path, f"{first}\n{second}\n")
    assert (problem.code, problem.where.line) == (code, 3)
    assert "measures.csv:2" in problem.what("zh")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("distributed_pv,nanhu,2017,1,1,,甲厂,s,b", "distributed_pv,nanhu,2017,1,2,,乙厂,s,b"),
        ("distributed_pv,nanhu,2017,1,1,,,s,b", "distributed_pv,nanhu,2017,2,2,,,s,b"),
        ("distributed_pv,nanhu,2017,1,1,,,s,b", "distributed_pv,city,2018,1,2,,,s,b"),
        ("industrial_energy,nanhu,2017,,1,,,s,b", "industrial_energy,city,2017,,2,,,s,b"),
        ("energy_growth,city,2017,1,1,,,s,b", "energy_growth,city,2017,,-2,,,s,b"),
    ],
)
def test_what_does_not_count_twice_stands(tmp_path: Path, first: str, second: str) -> None:
    assert len(read_csv(tmp_path, f"{first}\n{second}\n")) == 2


def test_an_unknown_key_is_told(tmp_path: Path) -> None:
    path = tmp_path / "measures.yaml"
    path.write_text("measures:\n- {measure: coal_use, district: city, year: 2017, value: 1, source: s, by: b}\n", encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_measures(path, PLAN)
    assert {problem.code for problem in caught.value.problems} == {"key_missing", "key_unknown"}
