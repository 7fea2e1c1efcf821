"""Standards that score several years: each by itself, uncapped and capped, and whether a year is complete."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import Assessment, YearResult
from engine.ruleset.programme import Programme
from tests.assess.tiny import LINES, Data, assess, column, criterion, exactly, interval, item, programme, rows, table

WITH_YEARS = [{**line, "any_of": [*line["any_of"], "year_open"]} if line["outcome"] == "incomplete" else line for line in LINES]

YEAR = "annual.year == year"


def ratio(name: str, **more: Any) -> Data:
    method = {"ratio": {"value": f"only(annual.{name}, {YEAR})", "reference": "10", "direction": "up", "cap": None}}
    return criterion(f"d.{name}", method, "1", **more)


ANNUAL = table("annual", [column("year", type="year"), *(column(name, required=False) for name in "abc")], ["year"])
GROUP = criterion("d.group", {"choose": {"n": 1, "of": ["d.b", "d.c"]}}, "1")


def made(*criteria: Data) -> Programme:
    return programme({"determination": WITH_YEARS}, aggregate="index", years=3, tables=[ANNUAL], criteria=list(criteria))


def years(result: Assessment) -> dict[int, YearResult]:
    return {year.year: year for year in result.years}


def run(*criteria: Data, a: str = "10 10 10", b: str = "", c: str = "", answers: Data | None = None, **more: Any) -> dict[int, YearResult]:
    """Three years of columns, a value each; ``-`` is missing."""
    columns = {"a": a.split(), "b": b.split(), "c": c.split()}
    found = [
        {"year": str(2014 + i)} | {name: values[i] for name, values in columns.items() if values and values[i] != "-"} for i in range(3)
    ]
    given = {"tables": {"annual": rows(*found, verified=more.get("basis") == "verified")}, "answers": answers or {}}
    return years(assess(made(*criteria), **given, **more))


def test_years_are_scored_each_by_itself_the_earliest_first() -> None:
    found = run(ratio("a"), a="5 10 20")
    assert list(found) == [2014, 2015, 2016]
    assert [year.score for year in found.values()] == [exactly(50), exactly(100), exactly(200)]
    assert [year.capped for year in found.values()] == [exactly(50), exactly(100), exactly(100)]
    assert [year.complete for year in found.values()] == [True, True, True]


def test_the_last_year_is_the_assessment_itself() -> None:
    table_ = {"annual": rows({"year": "2014", "a": "1"}, {"year": "2015", "a": "2"}, {"year": "2016", "a": "3"})}
    result = assess(made(ratio("a")), tables=table_)
    assert result.years[-1].score == result.score == exactly(30)
    assert result.years[-1].criteria == result.criteria


def test_a_missing_value_leaves_its_year_incomplete_and_open_above() -> None:
    found = run(ratio("a"), a="10 - 10")
    assert [year.lacking for year in found.values()] == [(), ("d.a",), ()]
    assert (found[2015].score, found[2015].capped) == (interval(0, None), interval(0, 100))


def test_a_row_that_is_missing_leaves_its_year_incomplete() -> None:
    result = assess(made(ratio("a")), tables={"annual": rows({"year": "2015", "a": "10"}, {"year": "2016", "a": "10"})})
    assert [year.complete for year in result.years] == [False, True, True]


def test_an_incomplete_year_makes_the_outcome_incomplete() -> None:
    result = assess(made(ratio("a")), tables={"annual": rows({"year": "2016", "a": "10"})})
    assert result.determination.outcome == "incomplete"
    assert [(reason.code, dict(reason.params)["names"]) for reason in result.determination.reasons] == [("year_open", ("2014", "2015"))]
    assert not result.determination.settled


@pytest.mark.parametrize(("close", "status"), [(False, "undetermined"), (True, "not_met")])
def test_closing_does_not_complete_a_year(close: bool, status: str) -> None:
    found = run(ratio("a"), a="10 - 10", basis="verified", close=close)
    assert [criterion.status.value for criterion in found[2015].criteria] == [status]
    assert [year.complete for year in found.values()] == [True, False, True]


def test_a_member_that_does_not_count_may_be_missing() -> None:
    found = run(ratio("b"), ratio("c"), GROUP, b="10 - 10", c="5 5 -")
    assert [year.score for year in found.values()] == [exactly(100), exactly(50), exactly(100)]
    assert [year.complete for year in found.values()] == [True, True, True]
    named = run(ratio("b"), ratio("c"), GROUP, b="10 - 10", c="5 5 5", answers={"d.group": "d.c"})
    assert [year.score for year in named.values()] == [exactly(50)] * 3
    assert [year.complete for year in named.values()] == [True, True, True]


def test_a_year_of_which_no_member_is_supplied_is_incomplete() -> None:
    found = run(ratio("b"), ratio("c"), GROUP, b="10 - 10", c="5 - -")
    assert [year.complete for year in found.values()] == [True, False, True]
    assert (found[2015].score, found[2015].capped) == (interval(0, None), interval(0, 100))


@pytest.mark.parametrize("close", [False, True])
def test_a_named_member_without_a_value_leaves_the_year_incomplete(close: bool) -> None:
    named = {"d.group": {"declared": "d.b", "verified": "as_declared"}}
    found = run(ratio("b"), ratio("c"), GROUP, b="10 - 10", c="5 5 5", answers=named, basis="verified", close=close)
    assert [year.complete for year in found.values()] == [True, False, True]


def test_members_are_capped_before_their_group_is_added_up() -> None:
    two = criterion("d.group", {"choose": {"n": 2, "of": ["d.a", "d.b", "d.c"]}}, "2")
    found = run(ratio("a"), ratio("b"), ratio("c"), two, a="40 40 40", b="2 2 2", c="1 1 1")
    assert found[2016].score == exactly("210")  # (4 + 0.2) / 2
    assert found[2016].capped == exactly("60")  # (1 + 0.2) / 2


def test_values_of_both_bases_stand_in_every_year() -> None:
    given = rows({"year": "2015", "a": ("10", "8")}, {"year": "2016", "a": ("10", "9")}, verified=True)
    for basis in ("declared", "verified"):
        result = assess(made(ratio("a")), basis, tables={"annual": given})
        shown = [(c.declared.number, c.verified.number) for y in result.years[1:] for c in y.criteria if c.declared and c.verified]
        assert shown == [(10, 8), (10, 9)]
    assert years(result)[2015].score == exactly(80)
    assert item(result, "d.a").points == exactly("0.9")
