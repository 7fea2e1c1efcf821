"""What has become of a certificate: its whole history worked out anew from its events, the same whatever order they come in.

A day goes like this. First come the ends of what ran until the day before: notice periods, measures for a time, the term of the
certificate. Then what is found on the day, and one decision for all of it. Last come the answers: what is handed in, corrected,
appealed, ruled on. So an answer may be of the same day as the decision, and the state on a day is that at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from engine.problems import Problem, ProblemList, Where
from engine.rounds.surveillance.conditions import Conditions, Fired, unknown_conditions
from engine.rounds.surveillance.days import add_months, after
from engine.rounds.surveillance.events import Certificate, Event, about
from engine.rounds.surveillance.histories import Decision, History, Step
from engine.rounds.surveillance.machine import (
    ENDED,
    IN_FORCE,
    MOVE_OF,
    PHASES,
    WAITING,
    Answer,
    Measure,
    Move,
    Phase,
    State,
    answered,
    move,
)
from engine.rounds.surveillance.rules import ANSWERS, EventKind, Rule, Surveillance, whole
from engine.rounds.surveillance.words import bilingual

_OVER = (State.WITHDRAWN, State.EXPIRED)


def history(certificate: Certificate, events: Iterable[Event], rules: Surveillance, day: str) -> History:
    """The history of a certificate up to the end of a day (ISO text), which is not before the day of issue.

    Events of others and of later days are left aside.
    """
    return _Walk(certificate, about(certificate, events), rules, date.fromisoformat(day)).walk()


def state_on(certificate: Certificate, events: Iterable[Event], rules: Surveillance, day: str) -> State:
    """What a certificate is at the end of a day (ISO text)."""
    return history(certificate, events, rules, day).state


def decide_on(certificate: Certificate, events: Iterable[Event], rules: Surveillance, day: str) -> tuple[Measure, tuple[Fired, ...]]:
    """What the rules decide on a day (ISO text): the gravest of all that fired on it, and all of them."""
    told = history(certificate, events, rules, day)
    fired = tuple(each for each in told.fired if each.day == told.day)
    return _gravest(fired), fired


def check_events(
    certificate: Certificate, events: Sequence[Event], rules: Surveillance, new: Sequence[Event]
) -> tuple[tuple[Event, Problem], ...]:
    """Which of new events fit nothing beside those that are there, and why; earlier answers that they would unseat are among them."""
    last = max((event.day for event in (*events, *new)), default=certificate.issued_on)
    known = {event.key for event, _ in history(certificate, events, rules, last).refused}
    both = history(certificate, [*events, *new], rules, last)
    return tuple((event, problem) for event, problem in both.refused if event.key not in known)


def _gravest(fired: Sequence[Fired]) -> Measure:
    return max((each.decision for each in fired), key=lambda each: each.gravity, default=Measure.CONTINUE)


def _leaves(rule: Rule) -> tuple[bool, int, bool]:
    """How much a rule leaves to the holder; the least comes first."""
    notice = whole(rule.then.notice_days)
    return notice is None, notice or 0, bool(rule.then.put_right_by)


@dataclass
class _Walk:
    """The walk through the days on which something happens."""

    certificate: Certificate
    events: list[Event]
    rules: Surveillance
    until: date
    state: State = State.VALID
    steps: list[Step] = field(default_factory=list)
    decisions: dict[date, Decision] = field(default_factory=dict)
    fired: list[Fired] = field(default_factory=list)
    held: list[Fired] = field(default_factory=list)
    refused: list[tuple[Event, Problem]] = field(default_factory=list)
    discounted: frozenset[Event] = frozenset()
    extensions: int = 0

    def __post_init__(self) -> None:
        self.since = self.issued = date.fromisoformat(self.certificate.issued_on)
        self.conditions = Conditions(self.certificate, self.events, self.rules, self.until)
        self.by_day: dict[date, list[Event]] = {}
        for event in self.conditions.own:
            self.by_day.setdefault(date.fromisoformat(event.day), []).append(event)

    @property
    def end(self) -> date | None:
        """The last day of the term with what passed re-evaluations added; from its first end, so that the ends of months do not drift."""
        if self.certificate.valid_until in ("", date.max.isoformat()):
            return None
        first, months = date.fromisoformat(self.certificate.valid_until), whole(self.rules.term.months) or 0
        return add_months(first, months * self.extensions)

    def walk(self) -> History:
        """Day after day until nothing more happens."""
        for early in (event for day, events in sorted(self.by_day.items()) if day < self.issued for event in events if event.certificate):
            self._refuse(early, "surveillance_before_issue", issued=self.certificate.issued_on)
        day: date | None = self.issued
        while day is not None and day <= self.until:
            self._day(day)
            day = self._next(day)
        every = (each for duty in self.rules.duties for each in self.conditions.owed[duty.duty])
        owed = tuple(each for each in every if self.end is None or each.due <= self.end)
        return History(
            self.certificate,
            self.rules,
            self.until,
            self.state,
            self.since,
            self.end,
            tuple(self.steps),
            tuple(self.decisions.values()),
            tuple(self.fired),
            owed,
            tuple(self.refused),
            unknown_conditions(self.rules),
        )

    def _next(self, day: date) -> date | None:
        days = [self.conditions.next_after(day, self.state, self.since)]
        for decision in self.decisions.values():
            if decision.phase in WAITING and decision.notice_until:
                days.append(after(decision.notice_until, 1))
            if decision.phase in IN_FORCE and decision.lasts_until:
                days.append(after(decision.lasts_until, 1))
        if self.end is not None:
            days.append(after(self.end, 1))
        return min((each for each in days if each is not None and each > day), default=None)

    # --- one day ---

    def _day(self, day: date) -> None:
        self._ends(day)
        found = self.conditions.fired(day, self.state, self.since, self.discounted)
        self.fired += found
        if self.state is State.WITHDRAWN:
            self.held += [each for each in found if each.state is None]
        elif self.state is not State.EXPIRED:
            self._decide(found, day)
        for event in self.by_day.get(day, ()):
            if event.kind in ANSWERS or event.kind is EventKind.REEVALUATION_RESULT:
                self._answer(event, day)
        if self.held and self.state is not State.WITHDRAWN:
            self._reopen(day)

    def _ends(self, day: date) -> None:
        """What ran until the day before: a withdrawal that takes effect then comes before the end of the term."""
        for decision in list(self.decisions.values()):
            if decision.phase in WAITING and decision.notice_until and decision.notice_until < day:
                self._take_effect(decision, day)
        for decision in list(self.decisions.values()):
            if decision.phase in IN_FORCE and decision.lasts_until and decision.lasts_until < day:
                self._close(decision, Answer.LIFT, Move.LIFT, day)
        self._expire(day)

    def _expire(self, day: date) -> None:
        if self.end is None or self.end >= day or self.state in _OVER:
            return
        for decision in list(self.decisions.values()):
            if decision.phase not in ENDED:
                self._put(replace(decision, phase=answered(decision.phase, Answer.LAPSE), closed_on=day))
        self._move(Move.EXPIRE, day, None)

    def _decide(self, found: Sequence[Fired], day: date) -> None:
        """One decision for everything found on a day: the gravest, with the periods of the rule that leaves the least time."""
        gravest = _gravest(found)
        if gravest is Measure.CONTINUE:
            return
        rules = [self.rules.rule(each.rule) for each in found if each.decision is gravest]
        rule = min(rules, key=_leaves)
        notice, appeal = whole(rule.then.notice_days), whole(rule.then.appeal_days)
        decision = Decision(
            day,
            gravest,
            rule.rule,
            tuple(found),
            after(day, notice) if notice else None,
            None if appeal is None else after(day, appeal),
            waits_for_office=notice is None,
        )
        self._put(decision)
        if notice == 0:
            self._take_effect(decision, day)

    def _reopen(self, day: date) -> None:
        """What was found while the certificate was withdrawn, once an appeal has brought it back."""
        held, self.held = self.held, []
        if self.state is State.EXPIRED:
            return
        still = [each for each in held if each.owed is None or each.owed.handed_in is None or each.owed.handed_in > day]
        self._decide(still, day)

    # --- moves ---

    def _put(self, decision: Decision) -> None:
        self.decisions[decision.day] = decision

    def _move(self, step: Move, day: date, decision: date | None) -> None:
        in_force = [each.decision for each in self.decisions.values() if each.phase in IN_FORCE]
        before, self.state = self.state, move(self.state, step, in_force)
        if self.state is not before:
            self.since = day
        self.steps.append(Step(day, step, before, self.state, decision))
        if step in (Move.LIFT, Move.RESTORE) and self.state is not before:
            self._outlived(before, day)

    def _outlived(self, state: State, day: date) -> None:
        """Put right what was decided only because a state had lasted too long, where that state ended before it took effect."""
        for decision in self._open():
            if decision.phase not in IN_FORCE:
                self._done(decision, {i for i, fired in enumerate(decision.reasons) if fired.state is state}, day)

    def _take_effect(self, decision: Decision, day: date) -> None:
        months = whole(self.rules.rule(decision.rule).then.lasts_months)
        lasts = None if months is None else add_months(day, months) - timedelta(days=1)
        self._put(replace(decision, phase=answered(decision.phase, Answer.TAKE_EFFECT), effective_on=day, lasts_until=lasts))
        self._move(MOVE_OF[decision.decision], day, decision.day)

    def _close(self, decision: Decision, answer: Answer, step: Move | None, day: date) -> None:
        self._put(replace(decision, phase=answered(decision.phase, answer), closed_on=day))
        if step is not None:
            self._move(step, day, decision.day)

    # --- answers ---

    def _answer(self, event: Event, day: date) -> None:
        if event.kind is EventKind.REEVALUATION_RESULT:
            self._evaluated_again(event, day)
        elif event.kind in (EventKind.ANNUAL_UPDATE, EventKind.REEVALUATION):
            if event.kind is EventKind.ANNUAL_UPDATE and not self.conditions.is_owed(event):
                self._refuse(event, "surveillance_not_owed", year=event.year)
            for decision in list(self.decisions.values()):
                self._cure(decision, day, "handed_in", lambda fired: fired.owed is not None and fired.owed.handed_in == day)
        elif event.kind is EventKind.CORRECTED:
            self._correct(event, day)
        elif (meant := self._meant(event)) is not None:
            _BY_KIND[event.kind](self, event, meant, day)

    def _evaluated_again(self, event: Event, day: date) -> None:
        if self.state in _OVER:
            self._refuse(event, "surveillance_over", state=bilingual(f"state.{self.state}"))
        elif event.result == "passed" and self.rules.term.extended_by_reevaluation and self.end is not None:
            months = whole(self.rules.term.months) or 0
            # One extension a term: a second result within the same term adds nothing.
            if self.extensions == 0 or day > add_months(date.fromisoformat(self.certificate.valid_until), months * (self.extensions - 1)):
                self.extensions += 1

    def _open(self) -> Iterator[Decision]:
        return (decision for decision in list(self.decisions.values()) if decision.phase not in ENDED)

    def _meant(self, event: Event) -> Decision | None:
        """The decision that an answer is about: the one it names, or the only one that takes this answer."""
        step = _STEP_OF[event.kind]
        if event.decision:
            named = self.decisions.get(date.fromisoformat(event.decision))
            if named is None:
                self._refuse(event, "surveillance_no_decision", decision=event.decision)
            elif (named.phase, step) not in PHASES:
                self._refuse(event, "surveillance_move", decision=event.decision, phase=bilingual(f"phase.{named.phase}"))
                named = None
            return named
        fitting = [each for each in self.decisions.values() if (each.phase, step) in PHASES]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            self._refuse(event, "surveillance_which", decisions=", ".join(each.day.isoformat() for each in fitting))
        else:
            self._refuse(event, "surveillance_nothing_to_answer")
        return None

    def _correct(self, event: Event, day: date) -> None:
        named = [each for each in self._open() if event.decision in ("", each.day.isoformat())]
        done = [self._cure(each, day, "corrected", lambda fired: True) for each in named]
        if not any(done):
            self._refuse(event, "surveillance_not_curable")

    def _cure(self, decision: Decision, day: date, by: str, fits: Callable[[Fired], bool]) -> bool:
        """Take what was put right off the reasons of a decision; once nothing is left, it is put right, or lifted. Whether anything was."""
        if decision.phase in ENDED:
            return False
        in_force = decision.phase in IN_FORCE
        done: set[int] = set()
        for i, fired in enumerate(decision.reasons):
            then = self.rules.rule(fired.rule).then
            if by in (then.lifted_by if in_force else then.put_right_by) and fits(fired):
                done.add(i)
        return self._done(decision, done, day)

    def _done(self, decision: Decision, reasons: set[int], day: date) -> bool:
        cured = decision.cured | reasons
        if cured == decision.cured:
            return False
        decision = replace(decision, cured=cured)
        self._put(decision)
        if len(cured) == len(decision.reasons):
            in_force = decision.phase in IN_FORCE
            self._close(decision, Answer.LIFT if in_force else Answer.CORRECT, Move.LIFT if in_force else None, day)
        return True

    def _appeal(self, event: Event, decision: Decision, day: date) -> None:
        if decision.appeal_until is not None and day > decision.appeal_until:
            self._refuse(event, "surveillance_appeal_late", until=decision.appeal_until.isoformat())
            return
        self._put(replace(decision, phase=answered(decision.phase, Answer.APPEAL)))

    def _uphold(self, event: Event, decision: Decision, day: date) -> None:
        """Undo a decision: the state is what the other measures make it, and what had caused it counts no more."""
        in_force = decision.phase in IN_FORCE
        causes = {each for fired in decision.reasons for each in fired.events if each.day == fired.day.isoformat()}
        self.discounted |= causes
        self._close(decision, Answer.UPHOLD, Move.RESTORE if in_force else None, day)
        self._expire(day)

    def _reject(self, event: Event, decision: Decision, day: date) -> None:
        decision = replace(decision, phase=answered(decision.phase, Answer.REJECT))
        self._put(decision)
        if decision.phase is Phase.CONFIRMED and decision.notice_until and decision.notice_until < day:
            self._take_effect(decision, day)

    def _put_in_effect(self, event: Event, decision: Decision, day: date) -> None:
        if not decision.waits_for_office:
            assert decision.notice_until is not None
            self._refuse(event, "surveillance_effect_by_itself", decision=decision.day, until=decision.notice_until)
            return
        self._take_effect(decision, day)

    def _refuse(self, event: Event, code: str, **params: object) -> None:
        problems = ProblemList()
        where = Where(file=event.document)
        problems.error(code, where, day=event.day, kind=bilingual(f"event.{event.kind}"), number=self.certificate.number, **params)
        self.refused.append((event, problems.problems[0]))


_STEP_OF = {
    EventKind.APPEAL: Answer.APPEAL,
    EventKind.APPEAL_UPHELD: Answer.UPHOLD,
    EventKind.APPEAL_REJECTED: Answer.REJECT,
    EventKind.PUT_IN_EFFECT: Answer.TAKE_EFFECT,
}
_BY_KIND: dict[EventKind, Callable[[_Walk, Event, Decision, date], None]] = {
    EventKind.APPEAL: _Walk._appeal,
    EventKind.APPEAL_UPHELD: _Walk._uphold,
    EventKind.APPEAL_REJECTED: _Walk._reject,
    EventKind.PUT_IN_EFFECT: _Walk._put_in_effect,
}
