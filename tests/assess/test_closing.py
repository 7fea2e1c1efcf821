"""Closing a verified assessment: what was asked for and not supplied counts as not met, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import Assessment
from tests.assess.tiny import (
    assess,
    column,
    criterion,
    dossier,
    exactly,
    gate,
    gate_of,
    indicator,
    interval,
    item,
    number,
    programme,
    rows,
    table,
    verdict,
)

PAPER = [{"zh": "材料", "en": "paper"}]
CHOICE = {"input": "basis", "title": {"zh": "b", "en": "b"}, "type": "choice", "choices": {c: {"zh": c, "en": c} for c in ("one", "two")}}
INPUTS = [
    number("x", may_be_not_detected=True),
    number("lead", role="benchmark"),
    number("base", role="benchmark"),
    number("zero"),
    number("y"),
    CHOICE,
]
MONTHS = table("t", [column("month", type="month"), column("n")], ["month"], monthly=True)
LIMIT = {"threshold": {"value": "x", "at_most": "1"}}
DIVISION = indicator("division", "y / zero")
SUM = indicator("total", "sum(t.n)")


def closed(method: Any, close: bool = True, basis: str = "verified", **given: Any) -> Assessment:
    made = programme(
        inputs=INPUTS,
        tables=[MONTHS],
        indicators=[DIVISION, SUM],
        criteria=[criterion("it", method, evidence=given.pop("asks", []), na_allowed=given.pop("na", False))],
    )
    return assess(made, basis, close, **given)


def both(text: str, **more: str) -> dict[str, str]:
    return {"declared": text, "verified": "as_declared", **more}


TURNED = {
    "missing_value": (LIMIT, {}),
    "not_verified": (LIMIT, {"inputs": {"x": "1"}}),
    "missing_rows": (
        {"threshold": {"value": "total", "at_most": "9"}},
        {"tables": {"t": rows({"month": "2016-01", "n": "1"}, verified=True)}},
    ),
    "missing_answer": ("conform", {}),
    "missing_evidence": ("conform", {"asks": PAPER, "answers": {"it": both("yes")}}),
    "evidence_expired": ("conform", {"asks": PAPER, "answers": {"it": both("yes", evidence="E2")}}),
    "na_refused": ("conform", {"answers": {"it": both("not_applicable", reason="无")}}),
    "no_basis": (
        {"threshold": {"value": "y", "limits": [{"when": 'basis == "one"', "at_least": "1"}]}},
        {"inputs": {"basis": both("two"), "y": both("1")}},
    ),
    "reporting_limit": (LIMIT, {"inputs": {"x": both("ND")}}),
}


@pytest.mark.parametrize("code", TURNED)
def test_what_was_not_supplied_is_not_met(code: str) -> None:
    method, given = TURNED[code]
    before, after = (item(closed(method, close, **dict(given))) for close in (False, True))
    assert (verdict(before), before.points) == (("undetermined", code), interval(0, 10))
    assert (verdict(after), after.points) == (("not_met", "not_supplied"), exactly(0))
    assert dict(after.reason.params)["because"] == before.reason


INTERPOLATED = {"interpolate": {"value": "y", "lead": "lead", "base": "base", "direction": "up"}}
KEPT = {
    "no_benchmark": (INTERPOLATED, {"inputs": {"y": both("5")}}),
    "benchmark_not_verified": (INTERPOLATED, {"inputs": {"y": both("5"), "lead": {"declared": "1", "evidence": "E1"}}}),
    "benchmark_order": (INTERPOLATED, {"inputs": {"y": both("5"), "lead": both("1", evidence="E1"), "base": both("2", evidence="E1")}}),
    "zero_denominator": ({"threshold": {"value": "division", "at_least": "1"}}, {"inputs": {"y": both("5"), "zero": both("0")}}),
    "both_zero": ({"threshold": {"value": "division", "at_least": "1"}}, {"inputs": {"y": both("0"), "zero": both("0")}}),
    "needs_judgement": ("judgement", {}),
    "not_a_step": ({"judgement": {"steps": ["0", "10"]}}, {"answers": {"it": both("5", reason="见记录")}}),
}


@pytest.mark.parametrize("code", KEPT)
def test_what_nobody_could_supply_stays_open(code: str) -> None:
    method, given = KEPT[code]
    result = closed(method, **dict(given))
    assert verdict(item(result)) == ("undetermined", code)
    assert result.closed


@pytest.mark.parametrize("code", TURNED)
def test_the_declared_basis_is_never_closed(code: str) -> None:
    method, given = TURNED[code]
    result = closed(method, basis="declared", **dict(given))
    assert not result.closed
    assert verdict(item(result))[1] != "not_supplied"


def test_an_open_condition_of_applicability_counts_as_not_supplied() -> None:
    made = programme(inputs=[number("x")], criteria=[criterion("it", applies_when="x > 1")])
    assert verdict(item(assess(made, "verified", True, answers={"it": both("yes")}))) == ("not_met", "not_supplied")


def test_an_unanswered_gate_is_not_met() -> None:
    made = programme(gates=[gate("it")])
    result = assess(made, "verified", True)
    assert verdict(gate_of(result)) == ("not_met", "not_supplied")
    assert (result.determination.outcome, result.determination.settled) == ("not_eligible", True)


def test_without_being_told_an_assessment_closes_as_the_dossier_says() -> None:
    made = programme(criteria=[criterion("it")])
    for said, wanted in ((True, "not_met"), (False, "undetermined")):
        assert item(assess(made, "verified", closed=said)).status.value == wanted
    assert item(assess(made, "verified", False, closed=True)).status.value == "undetermined"
    assert dossier().closed is False


def grouped(method: Any, close: bool = True, **given: str) -> Any:
    made = programme(
        inputs=[number("x"), number("y"), number("lead", role="benchmark")],
        criteria=[
            criterion("d.a", {"threshold": {"value": "x", "at_least": "1"}}, "1"),
            criterion("d.b", {"threshold": {"value": "y", "at_least": "lead"}}, "1"),
            criterion("it", method),
        ],
    )
    return item(assess(made, "verified", close, inputs={name: both(text) for name, text in given.items()}))


def test_a_group_is_judged_by_its_closed_members() -> None:
    assert verdict(grouped({"all": {"of": ["d.a"]}}, close=False)) == ("undetermined", "group_open")
    assert verdict(grouped({"all": {"of": ["d.a"]}})) == ("not_met", "group_not_met")


def test_a_group_that_waits_for_a_benchmark_stays_open_though_another_member_was_not_supplied() -> None:
    result = grouped({"k_of": {"k": 1, "of": ["d.a", "d.b"]}}, y="5")  # x is missing, the limit of d.b unknown
    assert verdict(result) == ("undetermined", "group_open")
    assert result.points == interval(0, 10)


def test_a_choice_counts_members_that_were_not_verified_as_nothing() -> None:
    made = programme(
        inputs=[number("x"), number("y")],
        criteria=[
            *(criterion(f"d.{n}", {"ratio": {"value": n, "reference": "10", "direction": "up"}}) for n in ("x", "y")),
            criterion("it", {"choose": {"n": 1, "of": ["d.x", "d.y"]}}),
        ],
    )
    given = {"x": both("4"), "y": {"declared": "9"}}
    assert item(assess(made, "verified", False, inputs=given)).points == interval(4, 10)
    assert item(assess(made, "verified", True, inputs=given)).points == exactly(4)
