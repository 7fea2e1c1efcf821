"""The tables of moves, every pair of them."""

from __future__ import annotations

from itertools import chain, combinations, product

import pytest

from engine.rounds.surveillance import MOVES, PHASES, Measure, Move, OutOfOrder, Phase, State, move
from engine.rounds.surveillance.machine import ENDED, IN_FORCE, WAITING, Answer, answered

MEASURES = (Measure.WARN, Measure.SUSPEND, Measure.WITHDRAW)
SETS = list(chain.from_iterable(combinations(MEASURES, size) for size in range(4)))
GRAVEST = {(): "valid", ("warn",): "warned", ("suspend",): "suspended", ("withdraw",): "withdrawn"}


def expected(in_force: tuple[Measure, ...]) -> str:
    return GRAVEST[in_force[-1:]]  # type: ignore[index]


@pytest.mark.parametrize(("state", "step"), list(product(State, Move)))
def test_every_move_leads_to_the_gravest_measure_or_is_refused(state: State, step: Move) -> None:
    for in_force in SETS:
        target = State.EXPIRED if step is Move.EXPIRE else State(expected(in_force))
        if target in MOVES.get((state, step), ()):
            assert move(state, step, in_force) is target
        else:
            with pytest.raises(OutOfOrder):
                move(state, step, in_force)


def test_nothing_leaves_the_end_of_the_term() -> None:
    assert [step for state, step in MOVES if state is State.EXPIRED] == []


def test_only_an_appeal_leaves_a_withdrawal() -> None:
    ways = {step for (state, step), targets in MOVES.items() if state is State.WITHDRAWN and targets - {State.WITHDRAWN}}
    assert ways == {Move.RESTORE}


def test_a_measure_never_makes_a_certificate_better() -> None:
    order = [State.VALID, State.WARNED, State.SUSPENDED, State.WITHDRAWN]
    for (state, step), targets in MOVES.items():
        if step in (Move.WARN, Move.SUSPEND, Move.WITHDRAW):
            assert all(order.index(target) >= order.index(state) for target in targets)


def test_lifting_never_makes_a_certificate_worse() -> None:
    order = [State.VALID, State.WARNED, State.SUSPENDED, State.WITHDRAWN]
    for (state, step), targets in MOVES.items():
        if step in (Move.LIFT, Move.RESTORE):
            assert all(order.index(target) <= order.index(state) for target in targets)


@pytest.mark.parametrize(("phase", "answer"), list(product(Phase, Answer)))
def test_every_phase_takes_its_answers_and_no_other(phase: Phase, answer: Answer) -> None:
    if (phase, answer) in PHASES:
        assert answered(phase, answer) is PHASES[phase, answer]
    else:
        with pytest.raises(OutOfOrder):
            answered(phase, answer)


def test_what_has_ended_takes_no_answer() -> None:
    assert {phase for phase, _ in PHASES} == set(Phase) - ENDED


def test_a_decision_is_appealed_once() -> None:
    """From where an appeal was rejected, no way leads to another appeal."""
    reached, pending = set(), [PHASES[phase, answer] for phase, answer in PHASES if answer is Answer.REJECT]
    while pending:
        phase = pending.pop()
        reached.add(phase)
        pending += [after for (before, _), after in PHASES.items() if before is phase and after not in reached]
    assert {phase for phase in reached if (phase, Answer.APPEAL) in PHASES} == set()


def test_a_decision_under_appeal_does_not_take_effect() -> None:
    assert (Phase.APPEALED, Answer.TAKE_EFFECT) not in PHASES
    assert {phase for phase, answer in PHASES if answer is Answer.TAKE_EFFECT} == WAITING


def test_only_what_is_in_effect_is_lifted() -> None:
    assert {phase for phase, answer in PHASES if answer is Answer.LIFT} == IN_FORCE
