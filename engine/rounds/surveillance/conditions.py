"""Which rules fire on a day, and on what facts. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.rounds.surveillance.days import add_months, after
from engine.rounds.surveillance.duties import Owed, owed
from engine.rounds.surveillance.events import Certificate, Event
from engine.rounds.surveillance.machine import Measure, State
from engine.rounds.surveillance.rules import Consecutive, EventCount, Rule, Surveillance, exact, whole


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired on a day: for the events it counted, the occurrence of a duty, the years in a row, or the state since a day."""

    rule: str
    decision: Measure
    day: date
    events: tuple[Event, ...] = ()
    owed: Owed | None = None
    years: tuple[int, ...] = ()
    state: State | None = None
    since: date | None = None


class Conditions:
    """The conditions of a set of rules for one certificate, ready to be asked day by day."""

    def __init__(self, certificate: Certificate, events: Sequence[Event], rules: Surveillance, until: date) -> None:
        """``events`` are in order; ``until`` is the last day that will be asked for."""
        self.rules = rules
        self.own = [event for event in events if event.concerns(certificate)]
        self.of_holder = [event for event in events if event.credit_code == certificate.credit_code or event.concerns(certificate)]
        self.certificate = certificate
        self.owed = {duty.duty: owed(duty, certificate, self.own, until) for duty in rules.duties}
        self.late = self._late_days()

    def _late_days(self) -> dict[date, list[tuple[str, Owed]]]:
        """On which days which rules find a duty late: nothing was handed in before that day."""
        found: dict[date, list[tuple[str, Owed]]] = {}
        for rule in self.rules.rules:
            days = whole(rule.when.overdue.days) if rule.when.overdue else None
            for each in self.owed[rule.when.overdue.duty] if rule.when.overdue and days is not None else ():
                day = after(each.due, days or 0)
                if each.handed_in is None or each.handed_in >= day:
                    found.setdefault(day, []).append((rule.rule, each))
        return found

    def fired(self, day: date, state: State, since: date, discounted: frozenset[Event]) -> tuple[Fired, ...]:
        """Every rule that fires on a day, in the order of the rules. ``since`` is the day on which the certificate came to its state.

        ``discounted`` are events whose decision an appeal has overturned: they count no more.
        """
        found: list[Fired] = []
        for rule in self.rules.rules:
            found += self._one(rule, day, state, since, discounted)
        return tuple(found)

    def _one(self, rule: Rule, day: date, state: State, since: date, discounted: frozenset[Event]) -> Iterator[Fired]:
        when, decision = rule.when, rule.then.decision
        if when.event is not None:
            if counted := self._counted(when.event, day, discounted):
                yield Fired(rule.rule, decision, day, events=counted)
        elif when.consecutive is not None:
            if (run := self._run(when.consecutive, day, discounted)) is not None:
                yield Fired(rule.rule, decision, day, events=run, years=tuple(event.year or 0 for event in run))
        elif when.overdue is not None:
            yield from (Fired(rule.rule, decision, day, owed=each) for name, each in self.late.get(day, ()) if name == rule.rule)
        elif when.lasting is not None:
            days = whole(when.lasting.days)
            if days is not None and state == when.lasting.state and after(since, days) == day:
                yield Fired(rule.rule, decision, day, state=state, since=since)

    def _counted(self, form: EventCount, day: date, discounted: frozenset[Event]) -> tuple[Event, ...]:
        """The events that make the count full on this day; empty where it is not, or where none of them is of this day."""
        count = whole(form.count)
        if count is None or (form.amount_at_least is not None and exact(form.amount_at_least) is None):
            return ()
        first = self.certificate.issued_on
        if form.within_months is not None:
            months = whole(form.within_months)
            if months is None:
                return ()
            first = max(first, _after_window(day, months))
        found = [event for event in self.own if first <= event.day <= day.isoformat() and _matches(form, event) and event not in discounted]
        today = sum(event.day == day.isoformat() for event in found)
        return tuple(found[-max(count, today) :]) if today and len(found) >= count else ()

    def _run(self, form: Consecutive, day: date, discounted: frozenset[Event]) -> tuple[Event, ...] | None:
        """The events of the years that end with one recorded on this day; None where no such row of years is full."""
        wanted = whole(form.years)
        by_year: dict[int, Event] = {}
        for event in self.of_holder:
            counts = event.kind is form.kind and event.day <= day.isoformat() and event not in discounted
            if counts and event.about_kind in ("", self.certificate.kind) and event.year is not None:
                by_year.setdefault(event.year, event)
        for year in sorted(by_year, reverse=True) if wanted is not None else ():
            years = range(year - (wanted or 1) + 1, year + 1)
            if all(each in by_year for each in years) and any(by_year[each].day == day.isoformat() for each in years):
                return tuple(by_year[each] for each in years)
        return None

    def is_owed(self, update: Event) -> bool:
        """Whether an annual update falls due in the year that a hand-in names. Unknown beginnings leave that open."""
        duties = [duty for duty in self.rules.duties if duty.event is update.kind and duty.due is not None]
        if update.year is None or any(whole(duty.first_year_after) is None for duty in duties):
            return True
        end = date(update.year, 12, 31)
        return any(each.number == update.year for duty in duties for each in owed(duty, self.certificate, (), end))

    def next_after(self, day: date, state: State, since: date) -> date | None:
        """The next day on which something may be found, as things stand."""
        days = [date.fromisoformat(event.day) for event in self.of_holder if event.day > day.isoformat()]
        days += self.late
        for rule in self.rules.rules:
            lasting = rule.when.lasting
            if lasting is not None and lasting.state == state and (wait := whole(lasting.days)) is not None:
                days.append(after(since, wait))
        return min((each for each in days if each > day), default=None)


def unknown_conditions(rules: Surveillance) -> tuple[str, ...]:
    """The rules that can never fire because a figure of their condition is not known."""
    found = []
    for rule in rules.rules:
        form = rule.when.event or rule.when.overdue or rule.when.consecutive or rule.when.lasting
        named = [getattr(form, name) for name in ("count", "within_months", "amount_at_least", "days", "years") if hasattr(form, name)]
        duty = next((duty for duty in rules.duties if rule.when.overdue and duty.duty == rule.when.overdue.duty), None)
        if duty is not None:
            named += [duty.first_year_after if duty.due is not None else duty.every_months]
        if any(figure is not None and figure.value is None for figure in named):
            found.append(rule.rule)
    return tuple(found)


def _after_window(day: date, months: int) -> str:
    """The first day of so many months that end with a day: twelve months that end on 1 March 2019 begin on 2 March 2018."""
    return after(add_months(day, -months), 1).isoformat()


def _matches(form: EventCount, event: Event) -> bool:
    if event.kind is not form.kind or (form.grades and event.grade not in form.grades):
        return False
    if (form.penalties and event.penalty not in form.penalties) or (form.results and event.result not in form.results):
        return False
    least = exact(form.amount_at_least) if form.amount_at_least is not None else None
    return least is None or (event.amount is not None and event.amount >= least)
