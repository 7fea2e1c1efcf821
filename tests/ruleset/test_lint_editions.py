from __future__ import annotations

from pathlib import Path

import pytest

from engine import lint
from engine.ruleset.lint_editions import lint_library
from tests.assess import tiny
from tests.ruleset.editions import build, edition, use


def found(root: Path) -> list[tuple[str, str]]:
    return [(problem.severity.value, problem.code) for problem in lint_library(root)]


def test_editions_that_follow_on_each_other_are_sound(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition("2016-09", "2018-11", "b"), "b": edition("2018-12-01", "2025-12-30", "c"), "c": edition("2025-12-31")})
    assert found(tmp_path) == []


def test_a_day_with_both_editions_is_an_error_at_the_earlier_ones_end(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition("2016-09", "2018-12", "b"), "b": edition("2018-12-01")})
    (problem,) = lint_library(tmp_path)
    assert (problem.severity.value, problem.code) == ("error", "validity_overlap")
    assert problem.where.file.endswith("green_factory/a/ruleset.yaml")
    assert "2018-12-01" in problem.what("en")


def test_a_day_with_neither_edition_is_an_error(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition("2016-09", "2018-11-29", "b"), "b": edition("2018-12-01")})
    assert found(tmp_path) == [("error", "validity_gap")]


def test_an_edition_may_not_outlast_the_one_after_next(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition("2016-09", "2026-01-01", "b"), "b": edition(None, None, "c"), "c": edition("2025-12-31")})
    assert ("error", "validity_overlap") in found(tmp_path)


def test_editions_without_succession_may_overlap(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition(), "b": edition()})
    assert found(tmp_path) == []


def test_days_that_are_not_known_are_notes(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition(None, None, "b"), "b": edition("2018-12-01")}, {"mine": [use("b", None)]})
    assert found(tmp_path) == [("note", "validity_start_unknown"), ("note", "validity_end_unknown"), ("note", "validity_start_unknown")]


def test_a_successor_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition("2016-09", "2018-11-30", "nowhere")})
    assert found(tmp_path) == [("error", "successor_unknown")]


def test_a_successor_of_another_kind_is_an_error(tmp_path: Path) -> None:
    build(tmp_path, {"a": {**edition(), "superseded_by": "green_park/b"}})
    tiny.write(tmp_path, "green_park/b/ruleset", tiny.standard(ruleset="green_park/b", kind="green_park"))
    assert found(tmp_path) == [("error", "successor_kind")]


@pytest.mark.parametrize("circle", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_a_circle_of_successors_is_an_error(tmp_path: Path, circle: list[str]) -> None:
    following = dict(zip(circle, [*circle[1:], circle[0]], strict=True))
    build(tmp_path, {name: edition(successor=next_one) for name, next_one in following.items()})
    assert found(tmp_path) == [("error", "successor_cycle")] * len(circle)


def test_what_leads_into_a_circle_is_not_in_it(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition("2000", "2001", "b"), "b": edition("2002", None, "c"), "c": edition("2003", None, "b")})
    assert found(tmp_path) == [("error", "successor_cycle")] * 2


@pytest.mark.parametrize(
    ("since", "until", "sound"),
    [
        ("2016-09-01", "2018-11-30", True),
        ("2017-05-19", "2018-01-01", True),
        ("2016-08-31", "2018-11-30", False),
        ("2017-05-19", "2018-12-01", False),
        ("2017-05-19", None, False),
        ("2019-01-01", "2020-01-01", False),
        (None, "2018-11-30", None),
    ],
)
def test_a_programme_stays_inside_its_standard(tmp_path: Path, since: str | None, until: str | None, sound: bool | None) -> None:
    build(tmp_path, {"a": edition("2016-09", "2018-11-30")}, {"mine": [use("a", since, until)]})
    note = [("note", "validity_start_unknown")] if sound is None else []
    assert found(tmp_path) == ([("error", "programme_outlives")] if sound is False else note)


def test_two_programmes_of_a_scheme_for_one_standard_differ_in_time_or_in_whom_they_are_for(tmp_path: Path) -> None:
    def codes(*programmes: tiny.Data) -> list[tuple[str, str]]:
        return found(build(tmp_path, {"a": edition(), "b": edition()}, {"mine": list(programmes)}))

    overlap = [("error", "programmes_overlap")]
    assert codes(use("a"), use("a")) == overlap
    assert codes(use("a"), use("b")) == []
    assert codes(use("a", "2001", "2002"), use("a", "2003")) == []
    assert codes(use("a", "2001", "2002"), use("a", "2002-06")) == overlap
    assert codes(use("a", applies={"sectors": ["17"]}), use("a", applies={"sectors": ["18"]})) == []
    assert codes(use("a", applies={"sectors": ["17"]}), use("a", applies={"sectors": ["1713"]})) == overlap
    assert codes(use("a", applies={"districts": ["haining"]}), use("a", applies={"districts": ["nanhu"]})) == []
    assert codes(use("a", applies={"districts": ["haining"]}), use("a", applies={"sectors": ["17"]})) == overlap


def test_whom_a_programme_is_for_stands_in_the_tables_it_uses(tmp_path: Path) -> None:
    tables = [
        tiny.reference("districts", [], [{"code": "haining"}]),
        tiny.reference("industries", [], [{"code": "17"}, {"code": "1810"}], match="prefix"),
    ]
    criteria = [tiny.criterion("it")]
    applies = {"sectors": ["1713", "18", "99"], "districts": ["haining", "hainning"]}
    tiny.library(tmp_path, {"criteria": criteria, "references": tables}, {"applies": applies})
    problems = [problem for problem in lint("tiny", rulesets=tmp_path) if problem.code == "applies_unknown"]
    assert [dict(problem.params)["name"] for problem in problems] == ["hainning", "99"]
    assert problems[0].where.file.endswith("schemes/tiny.yaml")
    assert problems[0].where.line
