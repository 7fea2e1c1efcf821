"""Ratios to a reference: capped, uncapped, reversed, and the zeros."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import CriterionResult
from tests.assess.tiny import exactly, interval, judged, verdict


def over(value: str | None, reference: str | None, direction: str = "up", **more: Any) -> CriterionResult:
    method = {"ratio": {"value": "x", "reference": "y", "direction": direction, **more}}
    return judged(method, **{name: text for name, text in (("x", value), ("y", reference)) if text is not None})


@pytest.mark.parametrize(("value", "points"), [("0", "0"), ("29.999", "29999/3000"), ("1", "1/3"), ("15", "5"), ("30", "10"), ("60", "10")])
def test_a_ratio_is_capped_at_one(value: str, points: str) -> None:
    result = over(value, "30")
    assert verdict(result) == ("scored", "ratio")
    assert result.points == exactly(points)


@pytest.mark.parametrize(("value", "points"), [("15", "10"), ("30", "10"), ("40", "7.5"), ("60", "5"), ("90", "10/3")])
def test_where_less_is_better_the_reference_is_divided_by_the_value(value: str, points: str) -> None:
    assert over(value, "30", "down").points == exactly(points)


def test_another_cap() -> None:
    assert over("90", "30", cap="1.5").points == exactly(15)
    assert over("40", "30", cap="1.5").points == exactly("40/3")
    assert over(None, "30", cap="1.5").points == interval(0, 15)


def test_without_a_cap_there_is_no_end() -> None:
    assert over("90", "30", cap=None).points == exactly(30)
    assert over("10", "30", "down", cap=None).points == exactly(30)


@pytest.mark.parametrize(("value", "reference"), [(None, "30"), ("30", None), (None, None)])
def test_what_is_missing_leaves_a_capped_ratio_between_nothing_and_all_and_an_uncapped_one_open_above(
    value: str | None, reference: str | None
) -> None:
    assert over(value, reference).points == interval(0, 10)
    open_above = over(value, reference, cap=None)
    assert verdict(open_above) == ("undetermined", "missing_value")
    assert open_above.points == interval(0, None)


@pytest.mark.parametrize(
    ("when", "expected", "points"),
    [
        ("undetermined", ("undetermined", "zero_denominator"), (0, 10)),
        ("full", ("scored", "ratio_of_zero"), (10, 10)),
        ("nothing", ("scored", "ratio_of_zero"), (0, 0)),
    ],
)
@pytest.mark.parametrize(("value", "reference", "direction"), [("5", "0", "up"), ("0", "0", "up")])
def test_a_zero_reference_gives_what_the_method_says(
    value: str, reference: str, direction: str, when: str, expected: Any, points: tuple[int, int]
) -> None:
    result = over(value, reference, direction, when_reference_zero=when)
    assert (verdict(result), result.points) == (expected, interval(*points))


def test_an_uncapped_ratio_to_zero_is_open_above() -> None:
    assert over("5", "0", cap=None).points == interval(0, None)


@pytest.mark.parametrize("when", ["undetermined", "full", "nothing"])
@pytest.mark.parametrize(("value", "reference"), [("0", "5"), ("-3", "5"), ("0", "0")])
def test_where_less_is_better_nothing_and_less_than_nothing_reach_the_cap(value: str, reference: str, when: str) -> None:
    assert over(value, reference, "down", when_reference_zero=when).points == exactly(10)
    assert over(value, reference, "down", cap="1.5", when_reference_zero=when).points == exactly(15)


@pytest.mark.parametrize(("value", "expected"), [("0", "not_positive"), ("-0.001", "not_positive"), ("0.001", "ratio")])
def test_where_less_is_better_an_uncapped_ratio_needs_a_positive_value(value: str, expected: str) -> None:
    result = over(value, "5", "down", cap=None)
    assert verdict(result) == ("scored" if expected == "ratio" else "undetermined", expected)
    assert result.points == (exactly(50000) if expected == "ratio" else interval(0, None))


def test_where_less_is_better_a_zero_reference_earns_nothing() -> None:
    assert over("5", "0", "down").points == exactly(0)


@pytest.mark.parametrize("cap", ["1", None])
def test_a_negative_value_earns_nothing_and_takes_nothing_away(cap: str | None) -> None:
    assert over("-5", "30", cap=cap).points == exactly(0)
