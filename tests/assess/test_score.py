"""From points to dimensions to the total: the four aggregations, what is not applicable, open ends, exactness."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine.assess.results import Assessment, DimensionResult
from tests.assess.tiny import Data, assess, criterion, dimension, exactly, interval, number, programme

NA = {"declared": "not_applicable", "reason": "无"}


def answered(made: Any, **answers: Any) -> Assessment:
    """Answers by the last part of the criterion's id: y, n, x (not applicable); what is left out stays open."""
    words = {"y": "yes", "n": "no", "x": NA}
    return assess(made, answers={f"d.{name}": words[letter] for name, letter in answers.items()})


def yes_no(name: str, points: str, of: str = "d") -> Data:
    return criterion(f"d.{name}", points=points, dimension=of, na_allowed=True)


def part(result: Assessment, name: str) -> DimensionResult:
    return next(found for found in result.dimensions if found.id == name)


WEIGHTED = {
    "aggregate": "weighted",
    "dimensions": [
        dimension("one", weight="50", raw_total="40"),
        dimension("two", weight="30", raw_total="5"),
        dimension("three", weight="20", raw_total="8"),
    ],
    "criteria": [
        yes_no("a", "10", "one"),
        yes_no("b", "30", "one"),
        yes_no("c", "5", "two"),
        yes_no("e", "6", "three"),
        yes_no("f", "2", "three"),
    ],
}


def weighted(policy: str = "renormalise", **answers: str) -> Assessment:
    return answered(programme({"na_policy": {"value": policy, "source": {"basis": "policy"}}}, **WEIGHTED), **answers)


def test_weighted_dimensions_contribute_their_weight_times_their_share() -> None:
    result = weighted(a="y", b="n", c="y", e="y", f="n")
    # 50 * 10/40 + 30 * 5/5 + 20 * 6/8 = 12.5 + 30 + 15
    assert (result.score, result.score_max) == (exactly("57.5"), 100)
    one = part(result, "one")
    assert (one.raw, one.raw_max, one.contribution, one.max, one.weight) == (exactly(10), 40, exactly("12.5"), 50, 50)


def test_what_is_open_makes_an_interval() -> None:
    result = weighted(a="y", c="y", e="y", f="n")
    # b is open: one lies between 10/40 and 40/40
    assert result.score == interval("57.5", 95)
    assert part(result, "one").contribution == interval("12.5", 50)


@pytest.mark.parametrize(
    ("policy", "a", "b", "one"),
    [
        ("renormalise", "y", "x", "50"),  # 10 of 10
        ("renormalise", "n", "x", "0"),
        ("renormalise", "x", "y", "50"),
        ("full_marks", "y", "x", "50"),  # 10 + 30 of 40
        ("full_marks", "n", "x", "37.5"),  # 30 of 40
        ("zero", "y", "x", "12.5"),  # 10 of 40
        ("zero", "n", "x", "0"),
    ],
)
def test_what_does_not_apply_by_the_schemes_policy(policy: str, a: str, b: str, one: str) -> None:
    result = weighted(policy, a=a, b=b, c="n", e="n", f="n")
    assert (result.score, result.score_max) == (exactly(one), 100)


@pytest.mark.parametrize(
    ("policy", "low", "high"),
    # a is open, b not applicable: renormalised a is all of its dimension
    [("renormalise", "0", "50"), ("full_marks", "37.5", "50"), ("zero", "0", "12.5")],
)
def test_an_open_item_beside_one_that_does_not_apply(policy: str, low: str, high: str) -> None:
    assert weighted(policy, b="x", c="n", e="n", f="n").score == interval(low, high)


def test_a_dimension_that_does_not_apply_at_all_hands_its_weight_to_the_others_in_proportion() -> None:
    result = weighted(a="y", b="n", c="y", e="x", f="x")
    three = part(result, "three")
    assert (three.not_applicable, three.max, three.contribution) == (True, 0, exactly(0))
    assert [part(result, name).max for name in ("one", "two")] == [Fraction("62.5"), Fraction("37.5")]  # 50 and 30 of 80
    # 62.5 * 10/40 + 37.5
    assert (result.score, result.score_max) == (exactly("53.125"), 100)


@pytest.mark.parametrize(("policy", "expected"), [("full_marks", "62.5"), ("zero", "42.5")])
def test_a_dimension_that_does_not_apply_keeps_its_weight_where_its_points_are_granted_or_lost(policy: str, expected: str) -> None:
    # 12.5 + 30, and 20 or nothing
    assert weighted(policy, a="y", b="n", c="y", e="x", f="x").score == exactly(expected)


def test_nothing_that_applies_is_worth_nothing() -> None:
    result = weighted(a="x", b="x", c="x", e="x", f="x")
    assert (result.score, result.score_max) == (exactly(0), 0)


@pytest.mark.parametrize(("answers", "acted"), [({"a": "y"}, False), ({"a": "x"}, True)])
def test_the_policy_is_named_only_where_it_acted(answers: dict[str, str], acted: bool) -> None:
    result = weighted(**answers)
    assert [figure.name for figure in result.policies] == (["na_policy"] if acted else [])
    assert any(figure.figure == "na_policy" for figure in result.unattested) == acted


TWO = {
    "dimensions": [dimension("one"), dimension("two")],
    "criteria": [yes_no("a", "6", "one"), yes_no("b", "4", "one"), yes_no("c", "3", "two"), yes_no("e", "1", "two")],
}


@pytest.mark.parametrize(
    ("aggregate", "answers", "score", "most"),
    [
        ("sum", {"a": "y", "b": "n", "c": "y", "e": "n"}, "9", 14),
        ("mean", {"a": "y", "b": "n", "c": "y", "e": "n"}, "67.5", 100),  # (60 + 75) / 2
        ("index", {"a": "y", "b": "n", "c": "y", "e": "n"}, "450/7", 100),  # 9 of 14
        ("sum", {"a": "y", "b": "x", "c": "n", "e": "n"}, "10", 14),  # 6 of 6 is 10 of 10
        ("sum", {"a": "y", "b": "n", "c": "x", "e": "x"}, "8.4", 14),  # 6 of 10 is 8.4 of 14
        ("mean", {"a": "y", "b": "n", "c": "x", "e": "x"}, "60", 100),
        ("index", {"a": "y", "b": "n", "c": "x", "e": "x"}, "60", 100),
    ],
)
def test_sum_mean_and_index(aggregate: str, answers: dict[str, str], score: str, most: int) -> None:
    result = answered(programme(aggregate=aggregate, **TWO), **answers)
    assert (result.score, result.score_max) == (exactly(score), most)


def test_a_dimension_without_points_takes_no_part() -> None:
    parts = {**TWO, "dimensions": [*TWO["dimensions"], dimension("local")], "criteria": [*TWO["criteria"], yes_no("z", "0", "local")]}
    result = answered(programme(aggregate="mean", **parts), a="y", b="y", c="n", e="n", z="y")
    assert result.score == exactly(50)
    assert (part(result, "local").max, part(result, "local").not_applicable) == (0, False)


# --- open above ---


def uncapped(aggregate: str, **given: str) -> Assessment:
    members = [
        criterion(f"d.{name}", {"ratio": {"value": name, "reference": "10", "direction": "up", "cap": None}}, "1") for name in ("x", "y")
    ]
    return assess(programme(aggregate=aggregate, inputs=[number("x"), number("y")], criteria=members), inputs=given)


def test_an_uncapped_index_goes_beyond_a_hundred() -> None:
    assert uncapped("index", x="15", y="9").score == exactly(120)


def test_an_uncapped_ratio_without_a_value_leaves_the_total_open_above() -> None:
    result = uncapped("index", x="15")
    assert result.score == interval(75, None)
    assert result.dimensions[0].contribution == interval(75, None)


# --- exactness ---


def thirds(points: str, mark: str | None = None, x: str = "1") -> Assessment:
    """Three items that each earn a third of their points."""
    members = [criterion(f"d.{name}", {"ratio": {"value": "x", "reference": "3", "direction": "up"}}, points) for name in "abc"]
    return assess(programme({"mark": mark} if mark else {}, inputs=[number("x")], criteria=members), inputs={"x": x})


def test_a_third_of_0_8_three_times_is_0_8() -> None:
    assert thirds("0.8").score == exactly("0.8")


def test_85_exactly_reaches_85_and_a_hair_less_does_not() -> None:
    assert thirds("85", "85").determination.outcome == "eligible"
    below = thirds("85", "85", x="0.999999999999999999999999999")
    assert below.score.low < 85
    assert below.determination.outcome == "fails"


@pytest.mark.parametrize(
    ("score", "places", "outcome"),
    [
        ("79.996", None, "fails"),
        ("79.996", 2, "eligible"),  # 80.00
        ("79.994", 2, "fails"),
        ("79.995", 2, "eligible"),  # a tie goes to the even 80.00
        ("79.985", 2, "fails"),  # and 79.985 to 79.98
        ("79.5", 0, "eligible"),
        ("80", None, "eligible"),
    ],
)
def test_the_mark_compares_with_the_exact_total_unless_places_are_stated(score: str, places: int | None, outcome: str) -> None:
    settings = {"mark": "80"} | ({} if places is None else {"mark_places": places})
    made = programme(settings, criteria=[criterion("it", "judgement", "100")])
    assert assess(made, answers={"it": {"declared": score, "reason": "见记录"}}).determination.outcome == outcome


def test_the_points_of_dimensions_add_up_to_the_total_exactly() -> None:
    result = answered(programme(aggregate="index", **TWO), a="y", c="y", e="n")
    assert sum((found.contribution.low for found in result.dimensions), Fraction(0)) == result.score.low
    assert sum((found.contribution.high or 0 for found in result.dimensions), Fraction(0)) == result.score.high
