"""Bands, as ladders and as steps, and ranks."""

from __future__ import annotations

import pytest

from tests.assess.tiny import exactly, interval, judged, verdict

UP = {"bands": {"value": "x", "start": "1.2", "full": "2.0"}}
DOWN = {"bands": {"value": "x", "direction": "down", "start": "20", "full": "5"}}
RANK = {"rank": {"value": "x", "start": "20 %", "full": "5 %", "population": {"zh": "同行业", "en": "industry"}}}
STEPS = {"bands": {"value": "x", "steps": [{"at": "10", "points": "2"}, {"at": "20", "points": "4.5"}, {"at": "30", "points": "7"}]}}
STEPS_DOWN = {"bands": {"value": "x", "direction": "down", "steps": [{"at": "3", "points": "7"}, {"at": "5", "points": "2"}]}}


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("0", "0"),
        ("1.199999999999", "0"),
        ("1.2", "5"),  # half at the start
        ("1.4", "6.25"),  # a quarter of the way: 5 + 5/4
        ("1.6", "7.5"),
        ("1.999999999999", "9.99999999999375"),  # 10 - 5 * 1e-12 / 0.8
        ("2", "10"),
        ("3", "10"),
    ],
)
def test_a_ladder_gives_half_at_its_start_and_rises_to_full(value: str, points: str) -> None:
    result = judged(UP, x=value)
    assert verdict(result) == ("scored", "ladder")
    assert result.points == exactly(points)


@pytest.mark.parametrize(("value", "points"), [("20.000001", "0"), ("20", "5"), ("12.5", "7.5"), ("5", "10"), ("-1", "10")])
def test_a_ladder_where_less_is_better(value: str, points: str) -> None:
    assert judged(DOWN, x=value).points == exactly(points)


def test_a_ladder_is_exact_in_thirds() -> None:
    assert judged({"bands": {"value": "x", "start": "0", "full": "3"}}, x="1").points == exactly("20/3")  # 5 + 5 * 1/3


@pytest.mark.parametrize(
    ("value", "points"), [("20.1 %", "0"), ("20 %", "5"), ("0.2", "5"), ("12.5 %", "7.5"), ("5 %", "10"), ("1 %", "10")]
)
def test_a_rank_gives_half_at_exactly_its_start(value: str, points: str) -> None:
    result = judged(RANK, x=value)
    assert verdict(result) == ("scored", "ladder")
    assert result.points == exactly(points)


@pytest.mark.parametrize("method", [UP, RANK, STEPS])
def test_a_missing_value_is_open_for_all_points(method: object) -> None:
    result = judged(method)
    assert verdict(result) == ("undetermined", "missing_value")
    assert result.points == interval(0, 10)


def test_a_missing_start_or_full_value_is_open() -> None:
    for edges in ({"start": "y", "full": "2"}, {"start": "1", "full": "y"}):
        assert verdict(judged({"bands": {"value": "x", **edges}}, x="5")) == ("undetermined", "missing_value")


@pytest.mark.parametrize(
    ("value", "points"),
    [("9.999", "0"), ("10", "2"), ("19.999", "2"), ("20", "4.5"), ("29.999", "4.5"), ("30", "7"), ("1000", "7")],
)
def test_steps_give_what_the_highest_step_reached_is_worth(value: str, points: str) -> None:
    result = judged(STEPS, "7", x=value)
    assert verdict(result) == ("scored", "steps")
    assert result.points == exactly(points)


@pytest.mark.parametrize(("value", "points"), [("2", "7"), ("3", "7"), ("3.001", "2"), ("5", "2"), ("5.001", "0")])
def test_steps_where_less_is_better(value: str, points: str) -> None:
    assert judged(STEPS_DOWN, "7", x=value).points == exactly(points)


def test_a_missing_edge_leaves_the_steps_open() -> None:
    method = {"bands": {"value": "x", "steps": [{"at": "y", "points": "2"}, {"at": "20", "points": "4"}]}}
    assert verdict(judged(method, x="5")) == ("undetermined", "missing_value")
