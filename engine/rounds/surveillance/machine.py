"""What may become of a certificate and of a decision about it: two tables of moves, and nothing beside them.

The state of a certificate is the gravest of the measures in force. A decision has a life of its own: proposed, perhaps appealed,
in effect, and at an end.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Measure(StrEnum):
    """What rules decide, from the mildest to the gravest."""

    CONTINUE = "continue"
    WARN = "warn"
    SUSPEND = "suspend"
    WITHDRAW = "withdraw"

    @property
    def gravity(self) -> int:
        """The graver, the higher; 0 changes nothing."""
        return tuple(Measure).index(self)


class State(StrEnum):
    """What a certificate is at the end of a day."""

    VALID = "valid"
    WARNED = "warned"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Move(StrEnum):
    """What can happen to a certificate: a measure takes effect or is lifted, an appeal undoes one, its time is over."""

    WARN = "warn"
    SUSPEND = "suspend"
    WITHDRAW = "withdraw"
    LIFT = "lift"
    RESTORE = "restore"
    EXPIRE = "expire"


_V, _W, _S, _X, _E = State.VALID, State.WARNED, State.SUSPENDED, State.WITHDRAWN, State.EXPIRED

MOVES: dict[tuple[State, Move], frozenset[State]] = {
    (_V, Move.WARN): frozenset({_W}),
    (_V, Move.SUSPEND): frozenset({_S}),
    (_V, Move.WITHDRAW): frozenset({_X}),
    (_V, Move.EXPIRE): frozenset({_E}),
    (_W, Move.WARN): frozenset({_W}),
    (_W, Move.SUSPEND): frozenset({_S}),
    (_W, Move.WITHDRAW): frozenset({_X}),
    (_W, Move.LIFT): frozenset({_V, _W}),
    (_W, Move.RESTORE): frozenset({_V, _W}),
    (_W, Move.EXPIRE): frozenset({_E}),
    (_S, Move.WARN): frozenset({_S}),
    (_S, Move.SUSPEND): frozenset({_S}),
    (_S, Move.WITHDRAW): frozenset({_X}),
    (_S, Move.LIFT): frozenset({_V, _W, _S}),
    (_S, Move.RESTORE): frozenset({_V, _W, _S}),
    (_S, Move.EXPIRE): frozenset({_E}),
    # Milder decisions that were under way before the withdrawal go on beneath it; they show when an appeal undoes it.
    (_X, Move.WARN): frozenset({_X}),
    (_X, Move.SUSPEND): frozenset({_X}),
    (_X, Move.WITHDRAW): frozenset({_X}),
    (_X, Move.LIFT): frozenset({_X}),
    (_X, Move.RESTORE): frozenset({_V, _W, _S, _X}),
}
"""Where each move may lead from each state; what is not in the table cannot happen. Nothing leaves ``expired``."""

_STATE_OF = {Measure.CONTINUE: _V, Measure.WARN: _W, Measure.SUSPEND: _S, Measure.WITHDRAW: _X}
MOVE_OF = {Measure.WARN: Move.WARN, Measure.SUSPEND: Move.SUSPEND, Measure.WITHDRAW: Move.WITHDRAW}
"""The move by which a measure takes effect."""


class OutOfOrder(ValueError):
    """A move that the table does not know."""


def move(state: State, step: Move, in_force: Iterable[Measure]) -> State:
    """The state after a move; ``in_force`` are the measures in force then. Raises OutOfOrder where the table has no such move."""
    allowed = MOVES.get((state, step), frozenset())
    target = _E if step is Move.EXPIRE else _STATE_OF[max(in_force, key=lambda measure: measure.gravity, default=Measure.CONTINUE)]
    if target not in allowed:
        raise OutOfOrder(f"{state} {step} {target}")
    return target


class Phase(StrEnum):
    """How far a decision has come."""

    PROPOSED = "proposed"
    APPEALED = "appealed"
    CONFIRMED = "confirmed"
    IN_EFFECT = "in_effect"
    CONTESTED = "contested"
    FINAL = "final"
    PUT_RIGHT = "put_right"
    OVERTURNED = "overturned"
    LIFTED = "lifted"
    LAPSED = "lapsed"


class Answer(StrEnum):
    """What can happen to a decision."""

    CORRECT = "correct"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    REJECT = "reject"
    TAKE_EFFECT = "take_effect"
    LIFT = "lift"
    LAPSE = "lapse"


PHASES: dict[tuple[Phase, Answer], Phase] = {
    (Phase.PROPOSED, Answer.CORRECT): Phase.PUT_RIGHT,
    (Phase.PROPOSED, Answer.APPEAL): Phase.APPEALED,
    (Phase.PROPOSED, Answer.TAKE_EFFECT): Phase.IN_EFFECT,
    (Phase.PROPOSED, Answer.LAPSE): Phase.LAPSED,
    (Phase.APPEALED, Answer.CORRECT): Phase.PUT_RIGHT,
    (Phase.APPEALED, Answer.UPHOLD): Phase.OVERTURNED,
    (Phase.APPEALED, Answer.REJECT): Phase.CONFIRMED,
    (Phase.APPEALED, Answer.LAPSE): Phase.LAPSED,
    (Phase.CONFIRMED, Answer.CORRECT): Phase.PUT_RIGHT,
    (Phase.CONFIRMED, Answer.TAKE_EFFECT): Phase.FINAL,
    (Phase.CONFIRMED, Answer.LAPSE): Phase.LAPSED,
    (Phase.IN_EFFECT, Answer.APPEAL): Phase.CONTESTED,
    (Phase.IN_EFFECT, Answer.LIFT): Phase.LIFTED,
    (Phase.IN_EFFECT, Answer.LAPSE): Phase.LAPSED,
    (Phase.CONTESTED, Answer.UPHOLD): Phase.OVERTURNED,
    (Phase.CONTESTED, Answer.REJECT): Phase.FINAL,
    (Phase.CONTESTED, Answer.LIFT): Phase.LIFTED,
    (Phase.CONTESTED, Answer.LAPSE): Phase.LAPSED,
    (Phase.FINAL, Answer.LIFT): Phase.LIFTED,
    (Phase.FINAL, Answer.LAPSE): Phase.LAPSED,
}
"""Which phase follows which; a decision is appealed once at most, and what is put right, overturned, lifted or lapsed stays so."""

IN_FORCE = frozenset({Phase.IN_EFFECT, Phase.CONTESTED, Phase.FINAL})
WAITING = frozenset({Phase.PROPOSED, Phase.CONFIRMED})
"""Nothing but the notice period stands between the decision and its effect."""
ENDED = frozenset({Phase.PUT_RIGHT, Phase.OVERTURNED, Phase.LIFTED, Phase.LAPSED})


def answered(phase: Phase, answer: Answer) -> Phase:
    """The phase after an answer. Raises OutOfOrder where the table has no such step."""
    if (phase, answer) not in PHASES:
        raise OutOfOrder(f"{phase} {answer}")
    return PHASES[phase, answer]
