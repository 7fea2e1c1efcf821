"""Conditions over the dossier's data, and items that are left to the assessor where a condition holds."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import CriterionResult, GateResult
from engine.problems import Refused
from tests.assess.tiny import assess, column, criterion, exactly, gate, gate_of, interval, item, number, programme, rows, table, verdict

INPUTS = [number(name, may_be_negative=True) for name in ("x", "y", "z")]
FALLING = {"holds": {"value": "x < y and y < z"}}


def falling(**given: str) -> CriterionResult:
    return item(assess(programme(inputs=INPUTS, criteria=[criterion("it", FALLING)]), inputs=given))


@pytest.mark.parametrize(
    ("given", "expected", "points"),
    [
        ({"x": "1", "y": "2", "z": "3"}, ("met", "holds"), (10, 10)),
        ({"x": "2", "y": "2", "z": "3"}, ("not_met", "does_not_hold"), (0, 0)),
        ({"x": "3", "y": "2"}, ("not_met", "does_not_hold"), (0, 0)),  # decided, whatever is missing
        ({"x": "1", "y": "2"}, ("undetermined", "missing_value"), (0, 10)),
    ],
)
def test_a_condition_is_met_not_met_or_open(given: dict[str, str], expected: Any, points: tuple[int, int]) -> None:
    result = falling(**given)
    assert (verdict(result), result.points) == (expected, interval(*points))


def test_a_gate_may_be_a_condition() -> None:
    made = programme(inputs=INPUTS, gates=[gate("it", FALLING)])
    found: GateResult = gate_of(assess(made, inputs={"x": "3", "y": "2", "z": "1"}))
    assert verdict(found) == ("not_met", "does_not_hold")


@pytest.mark.parametrize(("plan", "expected"), [("yes", "met"), ("no", "not_met"), (None, "undetermined")])
def test_a_yes_or_no_of_the_row_of_the_year(plan: str | None, expected: str) -> None:
    years = table("annual", [column("year", type="year"), column("plan", type="yes_no", required=False)], ["year"])
    made = programme(tables=[years], criteria=[criterion("it", {"holds": {"value": "only(annual.plan, annual.year == year)"}})])
    row = {"year": "2016"} | ({"plan": plan} if plan else {})
    assert verdict(item(assess(made, tables={"annual": rows({"year": "2015", "plan": "yes"}, row)})))[0] == expected


@pytest.mark.parametrize(
    ("signed", "expected"),
    [("2017-06-29", "met"), ("2017-06-30", "met"), ("2017-07-01", "not_met"), (None, "undetermined")],
)
def test_a_day_is_compared_with_the_day_of_the_application(signed: str | None, expected: str) -> None:
    made = programme(inputs=[number("signed", type="date")], criteria=[criterion("it", {"holds": {"value": "signed <= application_date"}})])
    assessed = assess(made, inputs={"signed": signed} if signed else {})
    assert verdict(item(assessed))[0] == expected


def test_a_condition_must_be_true_or_false() -> None:
    with pytest.raises(Refused) as caught:
        programme(inputs=INPUTS, criteria=[criterion("it", {"holds": {"value": "x + y"}})])
    assert "expression_expected" in [problem.code for problem in caught.value.problems]


# --- left to the assessor ---

RATIO = {"ratio": {"value": "x / y", "reference": "0.3", "direction": "down", "cap": "1"}}


def elastic(answer: dict[str, str] | None = None, **given: str) -> CriterionResult:
    made = programme(inputs=INPUTS, criteria=[criterion("it", RATIO, judged_when="y <= 0")])
    return item(assess(made, inputs=given, answers={"it": answer} if answer else {}))


def test_it_is_computed_where_the_condition_does_not_hold() -> None:
    result = elastic({"declared": "2", "reason": "r"}, x="6", y="10")
    assert (verdict(result), result.points) == (("scored", "ratio"), exactly(5))


@pytest.mark.parametrize("y", ["0", "-1"])
def test_it_waits_for_the_assessor_where_the_condition_holds(y: str) -> None:
    result = elastic(x="6", y=y)
    assert (verdict(result), result.points) == (("undetermined", "needs_judgement"), interval(0, 10))


def test_the_assessor_decides_with_a_reason() -> None:
    result = elastic({"declared": "4", "reason": "降幅大于增加值"}, x="-6", y="-1")
    assert (verdict(result), result.points) == (("scored", "judged"), exactly(4))
    assert verdict(elastic({"declared": "4"}, x="-6", y="-1")) == ("undetermined", "needs_judgement")


@pytest.mark.parametrize("answer", ["yes", "11", "-1"])
def test_what_the_assessor_gives_lies_within_the_points(answer: str) -> None:
    with pytest.raises(Refused):
        elastic({"declared": answer, "reason": "r"}, x="6", y="-1")


def test_it_is_open_while_the_condition_is() -> None:
    assert verdict(elastic(x="6")) == ("undetermined", "missing_value")
    made = programme(inputs=INPUTS, criteria=[criterion("it", {"holds": {"value": "x > 0"}}, judged_when="y <= 0")])
    result = item(assess(made, inputs={"x": "6"}))
    assert (verdict(result), result.points) == (("undetermined", "missing_value"), interval(0, 10))
