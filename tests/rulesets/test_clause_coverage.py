"""The delivered coverage sheets: every ruleset with a text of its own has one, and the plan's figures are those of the plan."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.ruleset.clauses import Clause, coverage_sheet, with_clauses
from engine.ruleset.library import rulesets_root, scheme_ids, standard_ids
from engine.ruleset.lint import lint, load_programme
from engine.ruleset.overview import scheme_programmes
from tests.rulesets.collected import collected

ROOT = rulesets_root()
PLAN = "jiaxing_2017"
COUNTED = ("家", "个", "项", "种", "台")


def test_every_ruleset_with_demands_of_its_own_has_a_coverage_sheet() -> None:
    adding = [
        name
        for name in scheme_ids(ROOT)
        if any(load_programme(name, kind, standard=standard).local for kind, standard in scheme_programmes(name))
    ]
    assert set(with_clauses(ROOT)) >= {*standard_ids(ROOT), *adding}


@pytest.mark.parametrize("name", with_clauses(ROOT))
def test_a_list_of_clauses_is_sound(name: str) -> None:
    programmes = (("", ""),) if "/" in name else scheme_programmes(name)
    problems = [problem for kind, standard in programmes for problem in lint(name, kind, standard=standard)]
    assert [f"{p.where}: {p.code} {p.params}" for p in problems if p.code.startswith("clause")] == []


@pytest.mark.parametrize("name", with_clauses(ROOT))
def test_titles_and_reasons_are_said_in_both_languages(name: str) -> None:
    for row in coverage_sheet(name).rows:
        for words in (row.clause.title, row.clause.not_covered, row.clause.carried_by):
            assert words is None or words.zh.isascii() is False
            assert words is None or any(letter.isascii() and letter.isalpha() for letter in words.en), words


# --- the plan ---


def clauses() -> dict[str, Clause]:
    return {row.clause.clause: row.clause for row in coverage_sheet(PLAN).rows}


def values(clause: str) -> list[str | None]:
    """The figures of a paragraph and of its sentences, in their order."""
    return [
        figure.value for name, found in clauses().items() if name == clause or name.startswith(f"{clause} ") for figure in found.figures
    ]


def test_the_plan_has_every_numbered_section_and_both_annexes() -> None:
    sections = {"一": 1, "二": 1, "三(一)": 4, "三(二)": 3, "三(三)": 3, "三(四)": 3, "三(五)": 4}
    wanted = [f"{name}{i}" if count > 1 else name for name, count in sections.items() for i in range(1, count + 1)]
    wanted += [f"四({i})" for i in "一二三四"]
    wanted += [*(f"附件1 第{i}项" for i in range(1, 9)), *(f"附件2 第{i}行" for i in range(1, 8)), *(f"二 表第{i}项" for i in range(1, 8))]
    starts = {name.split(" ")[0] for name in clauses()} | set(clauses())
    assert [name for name in wanted if name not in starts] == []


def body(clause: str) -> Iterator[str | None]:
    """The figures that the collected targets state for a clause of the body, thresholds included."""
    for target in collected("jiaxing_targets")["body_targets"]:
        if target["clause"] == clause:
            yield from (target[key] for key in ("threshold_tce", "value", "value_max") if key in target)


@pytest.mark.parametrize(
    "clause", [f"三({a}){b}" for a, count in zip("一二三四五", (4, 3, 3, 3, 4), strict=True) for b in range(1, count + 1)]
)
def test_figures_of_the_body_are_those_of_the_plan(clause: str) -> None:
    assert sorted(values(clause), key=str) == sorted(body(clause), key=str)


@pytest.mark.parametrize("number", range(1, 8))
def test_headline_targets_are_those_of_the_plan(number: int) -> None:
    assert values(f"二 表第{number}项") == [collected("jiaxing_targets")["headline_targets"][number - 1]["value"]]


@pytest.mark.parametrize("number", range(1, 9))
def test_figures_of_annex_1_are_those_of_the_plan(number: int) -> None:
    item = collected("jiaxing_targets")["annex1_work_list_2017"][number - 1]
    quarters = [step["value"] for step in item["schedule"] if step["due"].startswith("Q") and "value" in step]
    assert values(f"附件1 第{number}项") == [*(target["value"] for target in item["targets"]), *quarters]


@pytest.mark.parametrize("number", range(1, 8))
def test_figures_of_annex_2_are_those_of_the_plan_by_district(number: int) -> None:
    row = collected("jiaxing_targets")["annex2_breakdown"][number - 1]
    wanted = {
        (district, period): figures[key]
        for district, figures in {None: row["city"], **row["districts"]}.items()
        for key, period in (("cumulative", "2017—2019"), ("y2017", "2017"))
    }
    found = clauses()[f"附件2 第{number}行"].figures
    assert {(figure.district, figure.period): figure.value for figure in found} == wanted
    assert {figure.unit or "counted" for figure in found} == {"counted" if row["unit"] in COUNTED else row["unit"]}
