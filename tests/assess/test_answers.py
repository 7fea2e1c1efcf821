"""What people answer: yes and no, points given by an assessor, values that only need to be stated."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import CriterionResult
from engine.problems import Refused
from tests.assess.tiny import assess, criterion, exactly, gate, gate_of, interval, item, judged, number, programme, verdict


def answered(method: Any, **answer: str) -> CriterionResult:
    made = programme(criteria=[criterion("it", method)])
    return item(assess(made, answers={"it": answer} if answer else {}))


def test_yes_meets_and_no_does_not() -> None:
    assert (verdict(answered("conform", declared="yes")), answered("conform", declared="yes").points) == (("met", "conforms"), exactly(10))
    assert verdict(answered("conform", declared="no")) == ("not_met", "does_not_conform")
    assert answered("conform", declared="no").points == exactly(0)


def test_no_answer_is_open_for_all_points() -> None:
    result = answered("conform")
    assert verdict(result) == ("undetermined", "missing_answer")
    assert result.points == interval(0, 10)


def test_a_gate_is_answered_like_a_criterion_and_carries_no_points() -> None:
    made = programme(gates=[gate("it"), gate("other"), gate("third")])
    result = assess(made, answers={"it": "yes", "other": "no"})
    assert [verdict(gate_of(result, name)) for name in ("it", "other", "third")] == [
        ("met", "conforms"),
        ("not_met", "does_not_conform"),
        ("undetermined", "missing_answer"),
    ]


def test_a_gate_can_hold_a_limit() -> None:
    made = programme(inputs=[number("x")], gates=[gate("it", {"threshold": {"value": "x", "at_least": "1"}})])
    assert [verdict(gate_of(assess(made, inputs={"x": value}))) for value in ("1", "0.9")] == [
        ("met", "limit_kept"),
        ("not_met", "limit_broken"),
    ]


# --- judgement ---


@pytest.mark.parametrize(("points", "expected"), [("0", "0"), ("2.5", "2.5"), ("10", "10"), ("２.５", "2.5")])
def test_an_assessor_gives_any_points_within_the_maximum_with_a_reason(points: str, expected: str) -> None:
    result = answered("judgement", declared=points, reason="现场所见")
    assert verdict(result) == ("scored", "judged")
    assert result.points == exactly(expected)


def test_points_without_a_reason_do_not_count() -> None:
    result = answered("judgement", declared="5")
    assert verdict(result) == ("undetermined", "needs_judgement")
    assert result.points == interval(0, 10)


def test_no_points_await_the_assessor() -> None:
    assert verdict(answered("judgement", reason="说明")) == ("undetermined", "needs_judgement")


@pytest.mark.parametrize(
    ("points", "expected"), [("0", "judged"), ("5", "judged"), ("5.0", "judged"), ("6", "not_a_step"), ("4.99", "not_a_step")]
)
def test_where_steps_are_listed_only_they_may_be_given(points: str, expected: str) -> None:
    result = answered({"judgement": {"steps": ["0", "5", "10"]}}, declared=points, reason="说明")
    assert result.reason.code == expected
    assert result.points == (exactly(points) if expected == "judged" else interval(0, 10))


@pytest.mark.parametrize("points", ["10.01", "-0.01"])
def test_points_outside_the_range_are_refused(points: str) -> None:
    with pytest.raises(Refused) as caught:
        answered("judgement", declared=points, reason="说明")
    assert [problem.code for problem in caught.value.problems] == ["points_out_of_range"]


@pytest.mark.parametrize("text", ["yes", "no"])
def test_a_judgement_is_not_answered_by_yes_or_no(text: str) -> None:
    with pytest.raises(Refused) as caught:
        answered("judgement", declared=text, reason="说明")
    assert [problem.code for problem in caught.value.problems] == ["number_malformed"]


# --- declare ---


def test_a_value_that_is_stated_is_enough() -> None:
    result = judged({"declare": {"value": "x"}}, x="12")
    assert verdict(result) == ("met", "declared_value")
    assert result.points == exactly(10)


def test_a_value_that_is_not_stated_is_open() -> None:
    assert verdict(judged({"declare": {"value": "x"}})) == ("undetermined", "missing_value")


def test_a_text_can_be_declared() -> None:
    made = programme(
        inputs=[{"input": "x", "title": {"zh": "x", "en": "x"}, "type": "text"}], criteria=[criterion("it", {"declare": {"value": "x"}})]
    )
    assert verdict(item(assess(made, inputs={"x": "报告已公开"}))) == ("met", "declared_value")
