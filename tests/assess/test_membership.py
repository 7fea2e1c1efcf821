"""Membership of levels I, II, III."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import CriterionResult
from tests.assess.tiny import exactly, interval, judged, number, verdict

BENCHMARKS = [
    number("x", may_be_negative=True),
    *(number(name, role="benchmark", may_be_negative=True) for name in ("one", "two", "three")),
]


def level(value: str | None, direction: str, *limits: str) -> CriterionResult:
    levels = [
        {"level": name, "limit": limit, "points": points}
        for name, limit, points in zip(("I", "II", "III"), limits, ("10", "8", "6"), strict=True)
    ]
    given = {} if value is None else {"x": value}
    return judged({"membership": {"value": "x", "direction": direction, "levels": levels}}, "10", BENCHMARKS, **given)


@pytest.mark.parametrize(
    ("value", "name", "points"),
    [("0.2", "I", "10"), ("0.20001", "II", "8"), ("0.3", "II", "8"), ("0.30001", "III", "6"), ("0.5", "III", "6"), ("0.50001", "", "0")],
)
def test_the_best_level_whose_limit_is_kept_counts(value: str, name: str, points: str) -> None:
    result = level(value, "down", "0.2", "0.3", "0.5")
    assert (result.level, result.points) == (name, exactly(points))
    assert verdict(result) == ("scored", "level_reached" if name else "no_level")


@pytest.mark.parametrize(("value", "name"), [("95", "I"), ("94.9", "II"), ("90", "II"), ("89.9", "III"), ("80", "III"), ("79.9", "")])
def test_levels_where_more_is_better(value: str, name: str) -> None:
    assert level(value, "up", "95", "90", "80").level == name


def test_limits_below_zero() -> None:
    assert level("-3", "down", "-2", "0", "1").level == "I"
    assert level("-1", "down", "-2", "0", "1").level == "II"


@pytest.mark.parametrize(
    ("value", "limits", "expected", "points"),
    [
        # the value keeps level I: whatever the unknown one is, it is no better
        ("0.1", ("0.2", "two", "0.5"), ("scored", "level_reached"), (10, 10)),
        # level I unknown: never met, and the value may still turn out to reach it
        ("0.1", ("one", "0.3", "0.5"), ("undetermined", "no_benchmark"), (8, 10)),
        ("0.4", ("one", "0.3", "0.5"), ("undetermined", "no_benchmark"), (6, 10)),
        ("0.9", ("one", "0.3", "0.5"), ("undetermined", "no_benchmark"), (0, 10)),
        ("0.4", ("0.2", "two", "0.5"), ("undetermined", "no_benchmark"), (6, 8)),
        ("0.9", ("0.2", "0.3", "three"), ("undetermined", "no_benchmark"), (0, 6)),
    ],
)
def test_an_unknown_limit_is_never_kept_and_leaves_what_it_would_earn_open(
    value: str, limits: tuple[str, str, str], expected: Any, points: tuple[int, int]
) -> None:
    result = level(value, "down", *limits)
    assert (verdict(result), result.points) == (expected, interval(*points))


def test_no_data_leaves_everything_from_no_level_to_the_first_open() -> None:
    result = level(None, "down", "0.2", "0.3", "0.5")
    assert verdict(result) == ("undetermined", "missing_value")
    assert result.points == interval(0, 10)
