"""Interpolation between base and lead, and counts: each case that DECISIONS settles."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.results import CriterionResult
from tests.assess.tiny import assess, criterion, dossier, exactly, interval, item, judged, number, programme, verdict

INPUTS = [number("x", may_be_negative=True), number("lead", role="benchmark"), number("base", role="benchmark")]
UP = {"interpolate": {"value": "x", "lead": "lead", "base": "base", "direction": "up"}}
DOWN = {"interpolate": {"value": "x", "lead": "lead", "base": "base", "direction": "down"}}


def between(method: Any, value: str | None, lead: str | None, base: str | None) -> CriterionResult:
    made = programme(inputs=INPUTS, criteria=[criterion("it", method)])
    given = {"x": value, "lead": lead, "base": base}
    return item(assess(made, inputs={name: {"declared": text, "evidence": "E1"} for name, text in given.items() if text is not None}))


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("39.999999", "0"),
        ("40", "0"),  # at the base: nothing
        ("40.000003", "0.000001"),  # 10 * 0.000003 / 30
        ("50", "10/3"),
        ("55", "5"),
        ("69.9999", "299999/30000"),  # 10 * 29.9999 / 30
        ("70", "10"),  # at the lead: all
        ("90", "10"),
    ],
)
def test_points_rise_from_nothing_at_the_base_to_all_at_the_lead(value: str, points: str) -> None:
    result = between(UP, value, "70", "40")
    assert verdict(result) == ("scored", "interpolated")
    assert result.points == exactly(points)


@pytest.mark.parametrize(
    ("value", "points"), [("0.031", "0"), ("0.03", "0"), ("0.0275", "2.5"), ("0.02", "10"), ("0.0199", "10"), ("-1", "10")]
)
def test_points_where_less_is_better(value: str, points: str) -> None:
    assert between(DOWN, value, "0.02", "0.03").points == exactly(points)


@pytest.mark.parametrize(
    ("value", "lead", "base", "expected", "points"),
    [
        ("70", "70", None, ("scored", "lead_reached"), ("10", "10")),
        ("71", "70", None, ("scored", "lead_reached"), ("10", "10")),
        ("69.999", "70", None, ("undetermined", "no_benchmark"), ("0", "10")),
        ("39.999", None, "40", ("scored", "base_missed"), ("0", "0")),
        ("40", None, "40", ("undetermined", "no_benchmark"), ("0", "10")),  # exactly at a known base stays open
        ("90", None, "40", ("undetermined", "no_benchmark"), ("0", "10")),
        ("90", None, None, ("undetermined", "no_benchmark"), ("0", "10")),
    ],
)
def test_one_known_benchmark_decides_what_it_can(
    value: str, lead: str | None, base: str | None, expected: Any, points: tuple[str, str]
) -> None:
    result = between(UP, value, lead, base)
    assert (verdict(result), result.points) == (expected, interval(*points))


@pytest.mark.parametrize(
    ("value", "lead", "base", "expected"),
    [
        ("2", "2", None, "lead_reached"),
        ("2.1", "2", None, "no_benchmark"),
        ("3.1", None, "3", "base_missed"),
        ("3", None, "3", "no_benchmark"),
    ],
)
def test_one_known_benchmark_where_less_is_better(value: str, lead: str | None, base: str | None, expected: str) -> None:
    assert between(DOWN, value, lead, base).reason.code == expected


@pytest.mark.parametrize(("value", "points"), [("49.999", "0"), ("50", "10"), ("50.001", "10")])
def test_lead_equal_to_base_is_a_step(value: str, points: str) -> None:
    result = between(UP, value, "50", "50")
    assert verdict(result) == ("scored", "lead_is_base")
    assert result.points == exactly(points)


@pytest.mark.parametrize(("value", "points"), [("50.001", "0"), ("50", "10"), ("49.999", "10")])
def test_lead_equal_to_base_is_a_step_where_less_is_better(value: str, points: str) -> None:
    assert between(DOWN, value, "50", "50").points == exactly(points)


@pytest.mark.parametrize(("method", "lead", "base"), [(UP, "40", "70"), (DOWN, "70", "40")])
@pytest.mark.parametrize("value", ["10", "40", "55", "70", "100"])
def test_a_lead_worse_than_the_base_is_undetermined_for_every_value(method: Any, lead: str, base: str, value: str) -> None:
    result = between(method, value, lead, base)
    assert verdict(result) == ("undetermined", "benchmark_order")
    assert result.points == interval(0, 10)


def test_a_lead_worse_than_the_base_is_warned_of_where_it_stands() -> None:
    made = programme(inputs=INPUTS, criteria=[criterion("it", UP)])
    given = dossier({name: {"declared": text, "evidence": "E1"} for name, text in (("x", "5"), ("base", "7"), ("lead", "4"))})
    (found,) = assess_dossier(made, given).problems
    assert (found.code, found.where) == ("lead_worse_than_base", dict(given.inputs)["lead"].where)
    assert found.what("en") == "The lead value 4 is worse than the base value 7: it cannot be scored"


def test_a_missing_value_comes_before_missing_benchmarks() -> None:
    result = between(UP, None, None, None)
    assert verdict(result) == ("undetermined", "missing_value")
    assert dict(result.reason.params)["names"] == ("x",)


def test_the_applicant_names_the_basis() -> None:
    bases = [{"when": "z == 1", "value": "x", "lead": "10", "base": "0"}, {"when": "z == 2", "value": "y", "lead": "2", "base": "4"}]
    method = {"interpolate": {"direction": "up", "bases": bases[:1]}}
    assert judged(method, x="4", z="1").points == exactly(4)
    method = {"interpolate": {"direction": "down", "bases": [{**bases[0], "lead": "0", "base": "10"}, bases[1]]}}
    assert judged(method, x="4", y="3", z="2").points == exactly(5)
    assert verdict(judged(method, x="4", y="3", z="3")) == ("undetermined", "no_basis")


# --- counts ---

CODES = {
    "input": "x",
    "title": {"zh": "x", "en": "x"},
    "type": "codes",
    "choices": {c: {"zh": f"功能{c}", "en": f"function {c}"} for c in "abcdefgh"},
}
COUNT = {"count": {"value": "x", "lead": "8", "base": "0"}}


@pytest.mark.parametrize(
    ("codes", "points"),
    [("", None), ("a", "1.25"), ("a, b, c", "3.75"), ("a、b；c", "3.75"), ("a,b,c,d,e,f,g,h", "10"), ("a, a, 功能a, function a", "1.25")],
)
def test_a_set_of_codes_counts_each_once(codes: str, points: str | None) -> None:
    result = judged(COUNT, "10", [CODES], **({"x": codes} if codes else {}))
    assert result.points == (interval(0, 10) if points is None else exactly(points))


@pytest.mark.parametrize(("value", "points"), [("2", "0"), ("3", "0"), ("4", "2"), ("8", "10"), ("12", "10")])
def test_a_count_starts_at_its_base_and_ends_at_its_lead(value: str, points: str) -> None:
    assert judged({"count": {"value": "x", "lead": "8", "base": "3"}}, x=value).points == exactly(points)


def test_an_unknown_lead_of_a_count_leaves_it_open() -> None:
    assert verdict(judged({"count": {"value": "x", "lead": "y"}}, x="3")) == ("undetermined", "missing_value")
