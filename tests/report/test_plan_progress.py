"""The report on the progress of a plan: what it prints is what was counted, in both languages, and repeats byte for byte."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from engine.report.plan_progress import PlanProgress, progress_bytes
from engine.rounds.plan.content import plan_content, plan_plain, sheet_rows
from engine.rounds.plan.load import kept_plan
from engine.rounds.plan.nurture import Item, Nearest
from engine.rounds.plan.progress import Progress, plan_progress
from engine.rounds.plan.tally import Certified, Measured, Moment
from tests.report.reading import read

PLAN = kept_plan("jiaxing_2017")
NEAR = Nearest(
    "JX-7",
    "甲印染（虚构）",
    "green_factory",
    "haining",
    "fails",
    Fraction("84.5"),
    Fraction(88),
    "mark",
    Fraction(85),
    Fraction(1, 2),
    True,
    (),
    (Item("a", "1", "能源管理体系", "Energy management system", Fraction(3)),),
    (Item("b", "2", "用水强度", "Water intensity", Fraction(2)),),
)


def progress(quarter: int = 2) -> Progress:
    certified = [Certified("green_factory", place, 2017, 1, f"C{i}") for i, place in enumerate(["haining", "haining", "nanhu", ""])]
    certified.append(Certified("green_park", "haining", 2017, 2, "P1"))
    measured = []
    for n, district in enumerate(PLAN.places[1:]):
        for when, count in ((1, 1 + n % 3), (2, 3)):
            measured.append(Measured("cleaner_production_audits", district, 2017, when, Fraction(count), "台账", "王某"))
            measured.append(Measured("distributed_pv", district, 2017, when, Fraction("12.5"), "月报", "王某"))
    for year, energy, value in ((2015, 1000, 800), (2016, 1010, 850)):
        measured.append(Measured("industrial_energy", "city", year, None, Fraction(energy), "年鉴", "李某"))
        measured.append(Measured("industrial_added_value", "city", year, None, Fraction(value), "年鉴", "李某"))
    return plan_progress(PLAN, Moment(2017, quarter), certified, measured)


def content(lang: str = "zh") -> PlanProgress:
    return plan_content(progress(), [NEAR], lang)


def test_districts_print_with_done_and_target() -> None:
    run = read(progress_bytes(content())[0]).run
    assert "2/9" in run and "1/2" in run  # factories and parks of Haining, of the whole period
    assert "225/500" in run and "225/200" in run  # photovoltaics of the city: nine districts, 12.5 twice
    assert "截至2017年二季度末" in run


def test_both_figures_of_a_difference_print_with_the_note() -> None:
    run = read(progress_bytes(content())[0]).run
    assert "附件1第7项要求2017年认定10家以上" in run
    part = run[run.index("计划自身数值不一致之处") :]
    assert "4/10家" in part and "4/15家" in part and "/150兆瓦" in part and "225/200兆瓦" in part


def test_what_is_due_prints_with_its_standing() -> None:
    run = read(progress_bytes(content())[0]).run
    part = run[run.index("本季度工作清单") : run.index("下季度到期")]
    assert "审核清洁生产企业28家" in part and "27/28家" in part
    assert "召开绿色制造推进会" in part and "制定工作方案" not in part


def test_the_nearest_to_passing_print_with_what_is_open() -> None:
    run = read(progress_bytes(content())[0]).run
    assert "JX-7甲印染（虚构）" in run and "待定1项：能源管理体系3" in run and "补齐待定项即可能达到" in run


def test_a_certificate_without_a_district_is_told() -> None:
    assert "有1张证书没有所属区域" in read(progress_bytes(content())[0]).run


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_content_gives_equal_bytes_and_no_problems(lang: str) -> None:
    first, problems = progress_bytes(content(lang), lang)
    assert problems == [] and progress_bytes(content(lang), lang)[0] == first


def test_plain_data_has_the_numbers_as_texts() -> None:
    plain = plan_plain(progress(), [NEAR])
    json.dumps(plain)
    found = {one["target"]: one for one in plain["targets"]}
    assert (found["headline_factories"]["done"], found["headline_factories"]["wanted"]) == ("4", "50")
    assert found["headline_factories"]["pace"] == "8.333333333333"
    assert plain["nurture"][0]["lacking"] == "0.5"


def test_rows_for_a_workbook_have_a_head_and_numbers() -> None:
    head, *rows = sheet_rows(progress())
    assert len(rows) > 100 and {len(row) for row in rows} == {len(head)}
    assert any(row[3] == 2 and row[1] == "海宁市" and row[4] == 9 for row in rows)
