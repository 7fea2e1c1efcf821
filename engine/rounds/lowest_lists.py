"""The lowest share of the lists of a year: whoever was assessed in the year's rounds and holds a certificate, by the rules it is under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.language import exact_number
from engine.problems import ProblemList, Where
from engine.rounds.certified import HeldCertificate, held_certificates
from engine.rounds.entering import Entered, enter_events
from engine.rounds.opening import round_of
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, AssessmentRow
from engine.rounds.store.open import Store
from engine.rounds.surveillance.lowest import LowestOf, Scored, lowest_events, lowest_of
from engine.rounds.surveillance.machine import State
from engine.rounds.surveillance.rules import Lowest

_OVER = (State.WITHDRAWN, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class LowestList:
    """The list of a kind in a year, and its lowest share by the rules; ``year`` is the one that was ranked."""

    kind: str
    year: int
    rules: Lowest
    found: LowestOf


def lowest_lists(store: Store, rounds: Sequence[str], day: str) -> tuple[LowestList, ...]:
    """The lowest of the lists of some rounds of one year, by kind: of everybody assessed in them who holds a certificate on a day.

    Of a holder who was assessed in several of the rounds the last one named counts; a score that is still open is none. Raises Refused
    where the rounds are of several years, or the rules of surveillance rank nobody or not everybody alike.
    """
    problems = ProblemList()
    with store.reading() as session:
        listed: dict[str, dict[str, tuple[Scored, HeldCertificate]]] = {}
        in_force: dict[tuple[str, str], list[HeldCertificate]] = {}
        for one in held_certificates(session):
            if one.certificate.issued_on <= day and one.state_on(day) not in _OVER:
                in_force.setdefault((one.certificate.credit_code, one.certificate.kind), []).append(one)
        for name in rounds:
            round_of(session, name)
            for application, low, high in _results(session, name):
                if theirs := in_force.get((application.credit_code, application.kind)):
                    one, score = _judged_for(theirs, application), exact_number(low) if low == high else None
                    listed.setdefault(application.kind, {})[one.number] = (Scored(application.credit_code, one.number, score), one)
    years = sorted({int(name[:4]) for name in rounds})
    if len(years) > 1:
        problems.error("lowest_years", Where(path=" ".join(rounds)), years=", ".join(map(str, years)))
    if not listed:
        problems.error("lowest_nobody", Where(path=" ".join(rounds)))
    found = []
    for kind, pairs in sorted(listed.items()):
        rules = _rules(kind, [one for _, one in pairs.values()], problems)
        if rules is not None:
            found.append(LowestList(kind, years[0], rules, lowest_of((scored for scored, _ in pairs.values()), rules)))
    problems.refuse_if_errors()
    return tuple(found)


def _results(session: Session, round_id: str) -> Iterator[Any]:
    """The applications of a round that count, with the ends of their last scores."""
    last = (
        select(AssessmentRow.application, AssessmentRow.version, func.max(AssessmentRow.check).label("last"))
        .group_by(AssessmentRow.application, AssessmentRow.version)
        .subquery()
    )
    yield from session.execute(
        select(ApplicationRow, AssessmentRow.low, AssessmentRow.high)
        .join(last, (last.c.application == ApplicationRow.number) & (last.c.version == ApplicationRow.version))
        .join(
            AssessmentRow,
            (AssessmentRow.application == last.c.application)
            & (AssessmentRow.version == last.c.version)
            & (AssessmentRow.check == last.c.last),
        )
        .where(ApplicationRow.round == round_id, ApplicationRow.state != "withdrawn")
        .order_by(ApplicationRow.number)
    )


def _judged_for(theirs: Sequence[HeldCertificate], application: ApplicationRow) -> HeldCertificate:
    """The certificate that an application is judged for: its own, otherwise the holder's newest."""
    own = [one for one in theirs if one.application == application.number]
    return max(own or theirs, key=lambda one: (one.certificate.issued_on, one.number))


def _rules(kind: str, held: Sequence[HeldCertificate], problems: ProblemList) -> Lowest | None:
    """How the list of a kind is ranked: by the same rules for all of it."""
    stated = {one.rules_sha256: one.rules for one in held}
    names = {f"{rules.surveillance} {rules.version}": rules.lowest for rules in stated.values()}
    first, *others = (rules.lowest for rules in stated.values())
    if silent := [name for name, lowest in names.items() if lowest is None]:
        problems.error("lowest_none", Where(path=kind), rules=", ".join(silent))
    elif any(lowest != first for lowest in others):
        problems.error("lowest_differs", Where(path=kind), rules=", ".join(names))
    return first


def enter_lowest(store: Store, act: Act, rounds: Sequence[str], document: str, day: str) -> Entered:
    """Enter the lowest of the lists of some rounds as events of a day, on the document by which they are made known. Raises Refused."""
    events = [
        event
        for each in lowest_lists(store, rounds, day)
        for event in lowest_events(each.found, each.year, each.kind, day, document, act.by)
    ]
    return enter_events(store, act, events, day)
