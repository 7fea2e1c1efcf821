"""Thresholds: what keeps a limit at, just below and just above it, by full and by rounded comparison (GB/T 8170)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import CriterionResult, Limits
from tests.assess.tiny import exactly, interval, judged, number, verdict

KEPT, BROKEN = ("met", "limit_kept"), ("not_met", "limit_broken")


def against(value: str, comparison: str = "full", **limits: str) -> CriterionResult:
    return judged({"threshold": {"value": "x", "comparison": comparison, **limits}}, x=value)


@pytest.mark.parametrize(
    ("limit", "below", "at", "above"),
    [("at_least", False, True, True), ("more_than", False, False, True), ("at_most", True, True, False), ("less_than", True, False, False)],
)
def test_a_limit_just_below_at_and_just_above_it(limit: str, below: bool, at: bool, above: bool) -> None:
    found = [verdict(against(value, **{limit: "0.3"})) for value in ("0.299999999999", "0.3", "0.300000000001")]
    assert found == [KEPT if kept else BROKEN for kept in (below, at, above)]


def test_what_keeps_the_limit_earns_all_points_and_what_breaks_it_none() -> None:
    assert against("2", at_least="1").points == exactly(10)
    assert against("0", at_least="1").points == exactly(0)


@pytest.mark.parametrize(("value", "kept"), [("1.1", False), ("1.2", True), ("1.4", True), ("1.6", True), ("1.7", False)])
def test_a_range_includes_both_its_ends(value: str, kept: bool) -> None:
    assert verdict(against(value, at_least="1.2", at_most="1.6")) == (KEPT if kept else BROKEN)


@pytest.mark.parametrize(("value", "kept"), [("1.2", False), ("1.20001", True), ("1.59999", True), ("1.6", False)])
def test_a_range_can_leave_both_its_ends_out(value: str, kept: bool) -> None:
    assert verdict(against(value, more_than="1.2", less_than="1.6")) == (KEPT if kept else BROKEN)


# The table of GB/T 8170-2008, 4.3: limit, value, verdict by full value, verdict by rounded value.
GBT_8170 = [
    ({"at_least": "14e2"}, "1349", False, False),
    ({"at_least": "14e2"}, "1351", False, True),
    ({"at_least": "14e2"}, "1400", True, True),
    ({"at_least": "97.0"}, "97.01", True, True),
    ({"at_least": "97.0"}, "96.96", False, True),
    ({"at_least": "97.0"}, "96.94", False, False),
    ({"at_most": "0.5"}, "0.452", True, True),
    ({"at_most": "0.5"}, "0.549", False, True),
    ({"at_most": "0.5"}, "0.551", False, False),
    ({"at_least": "1.2", "at_most": "1.6"}, "1.151", False, True),
    ({"at_least": "1.2", "at_most": "1.6"}, "1.649", False, True),
    ({"at_least": "1.2", "at_most": "1.6"}, "1.651", False, False),
    ({"at_least": "9.9", "at_most": "10.1"}, "9.89", False, True),
    ({"at_least": "9.9", "at_most": "10.1"}, "9.85", False, False),
    ({"at_least": "9.9", "at_most": "10.1"}, "10.16", False, False),
    ({"more_than": "9.9", "less_than": "10.1"}, "9.94", True, False),
    ({"more_than": "9.9", "less_than": "10.1"}, "10.06", True, False),
    ({"more_than": "9.9", "less_than": "10.1"}, "10.05", True, True),
    ({"at_least": "9.9", "less_than": "10.1"}, "9.86", False, True),
    ({"at_least": "9.9", "less_than": "10.1"}, "10.06", True, False),
    ({"more_than": "9.9", "at_most": "10.1"}, "9.94", True, False),
    ({"more_than": "9.9", "at_most": "10.1"}, "10.06", True, True),
]


@pytest.mark.parametrize(("limits", "value", "full", "rounded"), GBT_8170)
def test_the_table_of_gbt_8170(limits: dict[str, str], value: str, full: bool, rounded: bool) -> None:
    found = (verdict(against(value, **limits)), verdict(against(value, "rounded", **limits)))
    assert found == (KEPT if full else BROKEN, KEPT if rounded else BROKEN)


@pytest.mark.parametrize(
    ("limit", "kept"),
    [("97", True), ("97.0", False), ("97 %", True), ("97.0 %", False)],
)
def test_the_places_a_limit_is_written_with_decide_the_rounding(limit: str, kept: bool) -> None:
    value = "96.6" if "%" not in limit else "0.966"
    assert verdict(against(value, "rounded", at_least=limit)) == (KEPT if kept else BROKEN)


def test_rounding_goes_by_the_unit_of_the_limit_not_of_the_value() -> None:
    method = {"threshold": {"value": "x", "at_most": "0.5 t", "comparison": "rounded"}}
    found = [judged(method, "10", [number("x", "kg")], x=value) for value in ("549 kg", "551 kg")]
    assert [verdict(result) for result in found] == [KEPT, BROKEN]


def test_a_limit_that_the_dossier_gives_is_compared_in_full() -> None:
    method = {"threshold": {"value": "x", "at_least": "y", "comparison": "rounded"}}
    assert verdict(judged(method, x="96.96", y="97.0")) == BROKEN


# --- not detected ---

PPM = [number("x", "1", may_be_not_detected=True)]


def detected(value: str, **limits: str) -> CriterionResult:
    return judged({"threshold": {"value": "x", **limits}}, "10", PPM, x=value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("未检出(<0.01)", KEPT),
        ("ND(0.05)", KEPT),
        ("ND(0.050001)", ("undetermined", "reporting_limit")),
        ("nd", ("undetermined", "reporting_limit")),
        ("0.049999", KEPT),
        ("0.05", BROKEN),
        ("0.06", BROKEN),
    ],
)
def test_not_detected_passes_with_a_reporting_limit_at_or_below_the_limit_and_a_number_below_it(value: str, expected: Any) -> None:
    assert verdict(detected(value, not_detected_below="0.05")) == expected


@pytest.mark.parametrize(("limit", "expected"), [("at_most", KEPT), ("less_than", KEPT)])
def test_not_detected_keeps_an_upper_limit(limit: str, expected: Any) -> None:
    assert verdict(detected("ND(<0.05)", **{limit: "0.05"})) == expected


def test_not_detected_says_nothing_about_a_lower_limit() -> None:
    assert verdict(detected("ND(0.01)", at_least="0.05")) == ("undetermined", "reporting_limit")


# --- grades ---

GRADE = [number("x", type="grade")]


@pytest.mark.parametrize(("value", "kept"), [("3", False), ("3-4", True), ("4", True), ("3～4级", True), ("2-3", False)])
def test_a_grade_between_two_lies_half_way(value: str, kept: bool) -> None:
    found = judged({"threshold": {"value": "x", "grade_at_least": "3.5"}}, "10", GRADE, x=value)
    assert verdict(found) == (KEPT if kept else BROKEN)


# --- what is unknown ---


def test_a_missing_value_is_open_for_all_points() -> None:
    result = judged({"threshold": {"value": "x", "at_least": "1"}})
    assert verdict(result) == ("undetermined", "missing_value")
    assert result.points == interval(0, 10)


def test_limits_that_are_known_are_shown_beside_a_missing_value() -> None:
    result = judged({"threshold": {"value": "x", "at_least": "1", "at_most": "y"}})
    assert [name for name, _ in result.limits] == ["at_least"]
    assert isinstance(result.limits, Limits)


def test_a_missing_limit_leaves_the_item_open() -> None:
    result = judged({"threshold": {"value": "x", "at_least": "y"}}, x="5")
    assert verdict(result) == ("undetermined", "missing_value")
    assert dict(result.reason.params)["names"] == ("y",)


@pytest.mark.parametrize(("value", "expected"), [("0.9", BROKEN), ("1", ("undetermined", "missing_value"))])
def test_a_limit_that_is_surely_broken_decides_though_the_other_is_missing(value: str, expected: Any) -> None:
    assert verdict(judged({"threshold": {"value": "x", "at_least": "1", "at_most": "y"}}, x=value)) == expected


# --- bases ---

BASES = {
    "threshold": {
        "value": "x",
        "limits": [{"when": "z == 1", "at_most": "5"}, {"when": "z == 2", "less_than": "5"}, {"when": "z == 3", "at_least": "y"}],
    }
}


@pytest.mark.parametrize(("basis", "expected"), [("1", KEPT), ("2", BROKEN), ("4", ("undetermined", "no_basis"))])
def test_the_first_basis_that_holds_gives_the_limit(basis: str, expected: Any) -> None:
    assert verdict(judged(BASES, x="5", z=basis)) == expected


def test_without_knowing_the_basis_the_item_is_open() -> None:
    assert verdict(judged(BASES, x="5")) == ("undetermined", "missing_value")


def test_of_two_bases_that_hold_the_first_counts() -> None:
    method = {"threshold": {"value": "x", "limits": [{"when": "z == 1", "at_most": "5"}, {"at_most": "9"}]}}
    assert verdict(judged(method, x="6", z="1")) == BROKEN
    assert verdict(judged(method, x="6", z="0")) == KEPT


def test_a_limit_may_hold_a_value_of_its_own() -> None:
    limits = [{"when": "z > 0", "value": "y", "at_most": "3"}, {"at_most": "x * 0 + 5"}]
    method = {"threshold": {"value": "x", "limits": limits}}
    assert judged(method, x="9", y="3", z="1").status.value == "met"
    assert judged(method, x="1", y="4", z="1").status.value == "not_met"
    assert judged(method, x="9", y="3", z="0").status.value == "not_met"
    shown = judged(method, x="9", y="4", z="1")
    assert shown.declared is not None
    assert (shown.declared.number, [(name, limit.number) for name, limit in shown.limits]) == (4, [("at_most", 3)])
