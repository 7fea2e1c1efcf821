"""The types of a history: what was decided about a certificate, its moves, and everything up to a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.problems import Problem
from engine.rounds.surveillance.conditions import Fired
from engine.rounds.surveillance.duties import Owed
from engine.rounds.surveillance.events import Certificate, Event
from engine.rounds.surveillance.machine import Measure, Move, Phase, State
from engine.rounds.surveillance.rules import Surveillance


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a day for everything found on it. ``rule`` is the one whose periods hold; ``fired`` has the milder ones too.

    ``notice_until`` and ``appeal_until`` are the last days of their periods, None where there is none or its length is not known;
    ``waits_for_office`` says that the office puts it into effect because no notice period is known.
    """

    day: date
    decision: Measure
    rule: str
    fired: tuple[Fired, ...]
    notice_until: date | None
    appeal_until: date | None
    waits_for_office: bool
    phase: Phase = Phase.PROPOSED
    effective_on: date | None = None
    lasts_until: date | None = None
    closed_on: date | None = None
    cured: frozenset[int] = frozenset()

    @property
    def reasons(self) -> tuple[Fired, ...]:
        """What fired with the gravity of the decision: all of it must be put right."""
        return tuple(fired for fired in self.fired if fired.decision is self.decision)


@dataclass(frozen=True, slots=True)
class Step:
    """A move of the certificate: from one state to another, by the decision of a day (None for the end of its term)."""

    day: date
    move: Move
    before: State
    after: State
    decision: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Everything up to and including a day. ``refused`` are the events that fit nothing, each with its Problem.

    ``not_applied`` names rules that can never fire because a figure of theirs is not known.
    """

    certificate: Certificate
    rules: Surveillance
    day: date
    state: State
    since: date
    valid_until: date | None
    steps: tuple[Step, ...]
    decisions: tuple[Decision, ...]
    fired: tuple[Fired, ...]
    owed: tuple[Owed, ...]
    refused: tuple[tuple[Event, Problem], ...]
    not_applied: tuple[str, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The Problems of the events that were refused."""
        return tuple(problem for _, problem in self.refused)
