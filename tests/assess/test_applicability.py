"""What does not apply: by a condition, by the applicant's word with a reason, or because there is nothing to measure."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.results import Names
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

BASIS = {"input": "project", "title": {"zh": "项目", "en": "project"}, "type": "yes_no"}


@pytest.mark.parametrize(
    ("allowed", "reason", "expected"),
    [
        (True, "无此工序", ("not_applicable", "not_applicable")),
        (True, "", ("undetermined", "na_refused")),
        (False, "无此工序", ("undetermined", "na_refused")),
    ],
)
def test_not_applicable_is_allowed_where_the_clause_says_so_and_with_a_reason(allowed: bool, reason: str, expected: Any) -> None:
    made = programme(criteria=[criterion("it", na_allowed=allowed), criterion("other")], gates=[gate("gate", na_allowed=allowed)])
    answer = {"declared": "not_applicable", "reason": reason}
    result = assess(made, answers={"it": answer, "gate": answer, "other": "yes"})
    assert verdict(item(result)) == expected
    assert verdict(gate_of(result, "gate")) == expected
    assert item(result).points == (exactly(0) if reason and allowed else interval(0, 10))


@pytest.mark.parametrize(("allowed", "reason", "code"), [(True, "", "na_without_reason"), (False, "无", "na_not_allowed")])
def test_a_refused_not_applicable_is_reported(allowed: bool, reason: str, code: str) -> None:
    made = programme(criteria=[criterion("it", na_allowed=allowed)])
    result = assess(made, answers={"it": {"declared": "not_applicable", "reason": reason}})
    assert [(problem.code, problem.severity.value) for problem in result.problems] == [(code, "warning")]


def test_a_computed_item_can_be_answered_as_not_applicable() -> None:
    made = programme(inputs=[number("x")], criteria=[criterion("it", {"threshold": {"value": "x", "at_least": "1"}}, na_allowed=True)])
    result = assess(made, answers={"it": {"declared": "not_applicable", "reason": "无此产品"}})
    assert verdict(item(result)) == ("not_applicable", "not_applicable")


@pytest.mark.parametrize(
    ("project", "expected"),
    [("yes", ("met", "conforms")), ("no", ("not_applicable", "does_not_apply")), (None, ("undetermined", "applicability_open"))],
)
def test_a_condition_decides_whether_an_item_applies(project: str | None, expected: Any) -> None:
    made = programme(inputs=[BASIS], criteria=[criterion("it", applies_when="project")])
    result = item(assess(made, inputs={} if project is None else {"project": project}, answers={"it": "yes"}))
    assert verdict(result) == expected


def test_an_open_condition_names_what_it_hangs_on_and_leaves_all_points_open() -> None:
    made = programme(inputs=[BASIS], criteria=[criterion("it", applies_when="project")])
    result = item(assess(made, answers={"it": "no"}))
    assert dict(result.reason.params) == {"names": Names(("project",))}
    assert result.points == interval(0, 10)


def test_whether_something_is_given_can_decide() -> None:
    made = programme(
        inputs=[number("x")], criteria=[criterion("it", {"threshold": {"value": "x", "at_least": "1"}}, applies_when="given(x)")]
    )
    assert verdict(item(assess(made))) == ("not_applicable", "does_not_apply")
    assert verdict(item(assess(made, inputs={"x": "0"}))) == ("not_met", "limit_broken")


WASTE = {
    "inputs": [number("used"), number("made")],
    "criteria": [criterion("it", {"threshold": {"value": "rate", "more_than": "65 %"}})],
}


@pytest.mark.parametrize(
    ("rule", "used", "made", "expected"),
    [
        ("not_applicable", "0", "0", ("not_applicable", "nothing_to_measure")),
        (None, "0", "0", ("undetermined", "both_zero")),
        ("not_applicable", "5", "0", ("undetermined", "zero_denominator")),
        ("not_applicable", "0", "5", ("not_met", "limit_broken")),
        ("not_applicable", "4", "5", ("met", "limit_kept")),
    ],
)
def test_no_waste_at_all_is_not_applicable_where_the_indicator_says_so(rule: str | None, used: str, made: str, expected: Any) -> None:
    more = {} if rule is None else {"when_both_zero": rule}
    tiny = programme(indicators=[indicator("rate", "used / made", "%", **more)], **WASTE)
    assert verdict(item(assess(tiny, inputs={"used": used, "made": made}))) == expected


def test_a_gate_that_does_not_apply_blocks_nothing() -> None:
    made = programme(gates=[gate("it", na_allowed=True)])
    result = assess(made, answers={"it": {"declared": "not_applicable", "reason": "无"}})
    assert (result.determination.outcome, result.determination.settled) == ("scored", True)


def test_a_zero_denominator_is_warned_of_at_its_cell() -> None:
    tiny = programme(indicators=[indicator("rate", "used / made", "%")], **WASTE)
    given = dossier({"used": "5", "made": "0"})
    (found,) = [problem for problem in assess_dossier(tiny, given).problems if problem.code == "denominator_zero"]
    assert (found.severity.value, found.where) == ("warning", given.inputs[1][1].where)
    assert found.what("en") == "made is zero and cannot be divided by: rate cannot be computed"
    assert [p for p in assess(tiny, inputs={"used": "5", "made": "1"}).problems if p.code == "denominator_zero"] == []


def test_a_denominator_that_is_computed_is_warned_of_at_what_makes_it_zero() -> None:
    tiny = programme(indicators=[indicator("rate", "used / twice", "%"), indicator("twice", "2 * made")], **WASTE)
    given = dossier({"used": "0", "made": "0"})
    assert [p.where for p in assess_dossier(tiny, given).problems if p.code == "denominator_zero"] == [given.inputs[1][1].where]


def test_a_column_that_sums_to_zero_is_warned_of_at_its_table() -> None:
    tiny = programme(
        inputs=[number("used")],
        tables=[table("lots", [column("lot", type="text"), column("made")], ["lot"])],
        indicators=[indicator("rate", "used / sum(lots.made)")],
    )
    given = dossier({"used": "5"}, tables={"lots": rows({"lot": "a", "made": "0"})})
    assert [p.where for p in assess_dossier(tiny, given).problems if p.code == "denominator_zero"] == [given.tables[0][1].where]


def test_a_computed_sum_that_is_zero_is_warned_of_at_its_table() -> None:
    tiny = programme(
        inputs=[number("used")],
        tables=[table("lots", [column("lot", type="text"), column("made")], ["lot"])],
        indicators=[indicator("rate", "used / total"), indicator("total", "sum(lots.made)")],
    )
    given = dossier({"used": "5"}, tables={"lots": rows({"lot": "a", "made": "0"})})
    (found,) = [problem for problem in assess_dossier(tiny, given).problems if problem.code == "denominator_zero"]
    assert found.where == given.tables[0][1].where
    assert found.what("en") == "total is zero and cannot be divided by: rate cannot be computed"
