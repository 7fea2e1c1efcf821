"""What check and assess show of a standard that scores several years, on the sample parks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.demo import Run

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
INCOMPLETE = SAMPLES / "park_incomplete_year.yaml"


@pytest.fixture(autouse=True)
def own_library(monkeypatch: pytest.MonkeyPatch, surroundings: None) -> None:
    monkeypatch.delenv("GREENCERT_RULESETS")


def words(line: str) -> list[str]:
    return line.split()


def test_check_shows_every_year_and_what_it_lacks(run: Run) -> None:
    lines = run("check", INCOMPLETE).out.splitlines()
    assert "指数  122.39（各项恰为参考值时为 100）" in lines
    assert ["编号", "一级指标", "得分", "参考分"] in [words(line) for line in lines]
    at = lines.index("逐年得分：3 个年度")
    assert words(lines[at + 1]) == ["年度", "得分", "封顶得分", "齐全", "缺什么"]
    assert words(lines[at + 3])[:6] == ["2014", "87.92", "以上（上限未定）", "75.80", "~", "84.13"]
    assert words(lines[at + 3])[6:] == ["否", "EG3", "清洁能源使用率:", "缺少数据：园区终端能源消费总量"]
    assert words(lines[at + 4])[:2] == ["MG31", "绿色园区信息平台完善程度:"]
    assert words(lines[at + 5]) == ["2015", "109.16", "91.35", "是"]
    assert words(lines[at + 6]) == ["2016", "122.39", "96.64", "是"]


def test_assess_shows_the_years_of_those_that_have_them(run: Run, tmp_path: Path) -> None:
    lines = run("assess", INCOMPLETE, SAMPLES / "garment.yaml", "-o", tmp_path).out.splitlines()
    at = lines.index("逐年得分")
    rows = [words(line) for line in lines[at + 3 : at + 6]]
    assert [row[:2] for row in rows] == [["JX-P-2017-002", year] for year in ("2014", "2015", "2016")]
    assert rows[2][2:] == ["122.39", "96.64", "是"]
    assert not any(line.startswith("JX-2018-008") for line in lines[at:])


def test_a_scheme_for_several_kinds_asks_which(run: Run, tmp_path: Path) -> None:
    ran = run("template", "jiaxing_2017", "-o", tmp_path / "form.xlsx")
    assert ran.code == 2 and "green_park" in ran.err
    assert run("template", "jiaxing_2017", "--kind", "green_park", "-o", tmp_path / "form.xlsx").code == 0


def test_what_a_conclusion_rests_on_is_named_by_its_title(run: Run, tmp_path: Path) -> None:
    text = (SAMPLES / "supply_chain.yaml").read_text(encoding="utf-8")
    answer = "answers:\n  recovery.product_rate: {declared: not_applicable, verified: not_applicable, reason: 一次性耗材}"
    path = tmp_path / "sc.yaml"
    path.write_text(text.replace("\nanswers:", "\n" + answer, 1), encoding="utf-8")
    out = run("check", path).out
    assert "（低风险供应商占比、包装回收率、定性指标的给分…）" in out
    assert "qualitative_points" not in out
