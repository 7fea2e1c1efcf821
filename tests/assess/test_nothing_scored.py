"""Standards without points, or without criteria at all: there is nothing to score, and the items alone decide."""

from __future__ import annotations

import pytest

from engine.problems import ProblemList
from engine.ruleset.lint import lint_programme
from engine.ruleset.programme import Programme
from tests.assess.tiny import assess, criterion, exactly, gate, programme

ELIGIBLE = [
    {"outcome": "not_eligible", "any_of": ["gate_not_met", "veto"]},
    {"outcome": "fails", "any_of": ["required_not_met", "below_mark"]},
    {"outcome": "incomplete", "any_of": ["gate_open", "veto_open", "required_open", "mark_open"]},
    {"outcome": "eligible", "any_of": ["no_mark"]},
]


def gates_only(aggregate: str = "sum") -> Programme:
    return programme({"determination": ELIGIBLE}, aggregate=aggregate, dimensions=[], gates=[gate("one"), gate("two")])


def without_points() -> Programme:
    items = [criterion("d.must", points="0", kind="required"), criterion("d.may", points="0")]
    return programme({"determination": ELIGIBLE}, criteria=items)


@pytest.mark.parametrize("aggregate", ["sum", "mean", "index"])
def test_a_standard_of_gates_only_has_no_score(aggregate: str) -> None:
    result = assess(gates_only(aggregate), answers={"one": "yes", "two": "yes"})
    assert (result.score, result.score_max) == (exactly(0), 0)
    assert (result.dimensions, result.criteria) == ((), ())


@pytest.mark.parametrize(
    ("answers", "outcome", "settled"),
    [
        ({"one": "yes", "two": "yes"}, "eligible", True),
        ({"one": "yes"}, "incomplete", False),
        ({"one": "no"}, "not_eligible", True),
    ],
)
def test_gates_alone_decide(answers: dict[str, str], outcome: str, settled: bool) -> None:
    found = assess(gates_only(), answers=answers).determination
    assert (found.outcome, found.settled) == (outcome, settled)


def test_a_standard_of_gates_only_is_sound_but_for_what_it_asks_no_evidence_for() -> None:
    problems = ProblemList()
    lint_programme(gates_only(), problems)
    assert {problem.code for problem in problems} == {"no_evidence_asked"}


@pytest.mark.parametrize(
    ("answers", "outcome", "settled"),
    [
        ({"d.must": "yes"}, "eligible", True),
        ({"d.must": "yes", "d.may": "no"}, "eligible", True),
        ({"d.may": "yes"}, "incomplete", False),
        ({"d.must": "no", "d.may": "yes"}, "fails", True),
    ],
)
def test_required_items_without_points_decide(answers: dict[str, str], outcome: str, settled: bool) -> None:
    result = assess(without_points(), answers=answers)
    assert (result.determination.outcome, result.determination.settled) == (outcome, settled)
    assert (result.score, result.score_max) == (exactly(0), 0)


def reasons(made: Programme, answers: dict[str, str]) -> list[str]:
    return [reason.code for reason in assess(made, answers=answers).determination.reasons]


def test_the_reason_says_that_nothing_is_scored_where_no_item_has_points() -> None:
    assert reasons(gates_only(), {"one": "yes", "two": "yes"}) == ["nothing_scored"]
    assert reasons(without_points(), {"d.must": "yes"}) == ["nothing_scored"]


def test_the_reason_is_the_missing_mark_where_there_are_points() -> None:
    assert reasons(programme(criteria=[criterion("it")]), {"it": "yes"}) == ["no_mark"]
