"""Entering what happened after certification: checked against certificates, rules and earlier events, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from engine.problems import Problem, ProblemList
from engine.rounds.certified import HeldCertificate, event_row, held_certificates, stored_events
from engine.rounds.store.ledger import Act
from engine.rounds.store.open import Store
from engine.rounds.surveillance.events import Event, Written, check_words, in_order, stated_event, written_events
from engine.rounds.surveillance.walk import check_events


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of events: those entered, those that had been entered before, the certificates that they are about, and warnings."""

    new: tuple[Event, ...]
    known: tuple[Event, ...]
    certificates: tuple[str, ...]
    problems: tuple[Problem, ...]


def enter_files(store: Store, act: Act, files: Sequence[Path], day: str) -> Entered:
    """Enter the events of files on a day (ISO text), as one change. Raises Refused with every mistake at its line."""
    problems = ProblemList()
    written = [one for file in files for one in written_events(file, problems)]
    return _enter(store, act, written, day, problems)


def enter_stated(store: Store, act: Act, fields: Mapping[str, str], day: str) -> Entered:
    """Enter one event from its fields; it is of the day and by whoever acts where it says nothing else. Raises Refused."""
    problems = ProblemList()
    one = stated_event({"day": day, "entered_by": act.by, **fields}, problems)
    return _enter(store, act, [] if one is None else [one], day, problems)


def enter_events(store: Store, act: Act, events: Iterable[Event], day: str) -> Entered:
    """Enter events that were found otherwise than in a file. Raises Refused."""
    return _enter(store, act, [Written.alone(event) for event in events], day, ProblemList())


def _enter(store: Store, act: Act, given: Sequence[Written], day: str, problems: ProblemList) -> Entered:
    with store.change(act) as session:
        # Before anything else, so that whoever enters something after this takes the number that is next here, and one of both is told.
        stored = stored_events(session)
        held = held_certificates(session)
        written = [_of_holder(one, held, problems) for one in given]
        for one in written:
            _check(one, held, day, problems)
        problems.refuse_if_errors()
        entered = _add(session, written, stored)
        targets = [one for one in held if one.is_ruled and any(event.concerns(one.certificate) for event in entered.new)]
        places = {one.event.key: one for one in reversed(written)}
        problems.extend(_unfitting([places[event.key] for event in entered.new], targets))
        problems.refuse_if_errors()
    return replace(entered, certificates=tuple(one.number for one in targets), problems=tuple(problems))


def _of_holder(one: Written, held: Sequence[HeldCertificate], problems: ProblemList) -> Written:
    """An event about a certificate is of its holder and kind; it may say so itself, but nothing else."""
    event = one.event
    found = next((each.certificate for each in held if each.number == event.certificate), None)
    if found is None:
        return one
    for name, known in (("credit_code", found.credit_code), ("about_kind", found.kind)):
        if getattr(event, name) not in ("", known):
            params = {"key": name, "stated": getattr(event, name), "number": found.number, "known": known}
            problems.error("surveillance_of_another", one.where(name), **params)
    return replace(one, event=replace(event, credit_code=found.credit_code, about_kind=found.kind))


def _check(one: Written, held: Sequence[HeldCertificate], day: str, problems: ProblemList) -> None:
    """What an event states against the certificates and the rules that it is about."""
    event = one.event
    if event.day > day:
        problems.error("surveillance_future", one.where("day"), day=event.day, today=day)
    concerned = [each for each in held if event.concerns(each.certificate)]
    rules = [each.rules for each in concerned if each.is_ruled]
    if rules:
        check_words(one, rules, problems)
    elif concerned:
        problems.error("surveillance_without_rules", one.where(), number=concerned[0].number, round=concerned[0].round)
    elif event.certificate or event.credit_code:
        problems.error("surveillance_certificate_unknown", one.where(), named=event.certificate or event.credit_code)


def _add(session: Session, written: Sequence[Written], stored: Sequence[tuple[int, Event]]) -> Entered:
    """Add what is not there yet, numbered on from the last one that was read."""
    before, last = {event.key for _, event in stored}, max((seq for seq, _ in stored), default=0)
    events = in_order(one.event for one in written)
    new = tuple(event for event in events if event.key not in before)
    session.add_all(event_row(seq, event) for seq, event in enumerate(new, last + 1))
    return Entered(new, tuple(event for event in events if event.key in before), (), ())


def _unfitting(new: Sequence[Written], targets: Sequence[HeldCertificate]) -> list[Problem]:
    """Why new events fit nothing, each at its place, and which earlier answers they would unseat.

    An event about a holder must fit one of the holder's certificates at least.
    """
    events = [one.event for one in new]
    added = {event.key for event in events}
    reasons: dict[tuple[object, ...], list[Problem]] = {}
    unseated: list[Problem] = []
    for target in targets:
        for event, problem in check_events(target.certificate, target.events, target.rules, events):
            if event.key in added:
                reasons.setdefault(event.key, []).append(problem)
            else:
                unseated.append(problem)
    found = []
    for one in new:
        why = reasons.get(one.event.key, [])
        if why and len(why) == sum(one.event.concerns(each.certificate) for each in targets):
            found.append(replace(why[0], where=one.where()))
    return [*found, *unseated]
