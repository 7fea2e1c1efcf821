"""A plan and the store: what was entered for its measures, and what the rounds have certified."""

from __future__ import annotations

import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.language import exact_number, to_json_number
from engine.problems import ProblemList, Refused, Where
from engine.rounds.book import Application
from engine.rounds.certified import held_certificates
from engine.rounds.frozen_rules import rules_again
from engine.rounds.make_book import book_of
from engine.rounds.opening import round_of
from engine.rounds.plan.from_dossiers import Document, Told, told_by_dossiers
from engine.rounds.plan.measures import check_measured, ids_of, measure_words, place_words, read_measures
from engine.rounds.plan.nurture import Nearest, nurture
from engine.rounds.plan.progress import Progress, plan_progress
from engine.rounds.plan.schema import CITY, Plan
from engine.rounds.plan.tally import Certified, Measured, Moment, moment_of
from engine.rounds.store.ledger import Act, row_key
from engine.rounds.store.models import DossierRow, MeasureRow, RoundRow
from engine.rounds.store.open import Store, alone
from engine.rounds.surveillance.machine import State

_Time = tuple[str, str, int, int]
"""Measure, district (empty for the city), year and quarter (0 for the year): what names a row of the store within its plan."""


class Replaced(NamedTuple):
    """A value that was corrected: as it was, and as it is now."""

    before: Measured
    after: Measured


@dataclass(frozen=True, slots=True)
class EnteredMeasures:
    """What became of the entries of files: new ones, corrected ones, and how many were there already just as they are."""

    added: tuple[Measured, ...]
    replaced: tuple[Replaced, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan's progress from the store. ``nearest`` are those of the applications of ``round`` that did not get there.

    ``day`` is the one as of which certificates count, ``withdrawn`` how many did not any more; ``round`` is empty where there was none.
    """

    progress: Progress
    day: str
    certified: tuple[Certified, ...]
    withdrawn: int
    measured: tuple[Measured, ...]
    round: str
    nearest: tuple[Nearest, ...]


# --- what is entered --------------------------------------------------------------------------------------------------


def enter_measures(store: Store, act: Act, plan: Plan, files: Iterable[Path], *, correct: bool = False) -> EnteredMeasures:
    """Enter the values of files, all of them as one change or none.

    What the store has already is refused, and so is what would count twice beside it; with ``correct`` a value takes the place of that
    of the same measure, place, time and item. Raises Refused with every mistake of all files at its place.
    """
    values = _read(files, plan)
    problems = ProblemList()
    with store.change(act) as session:
        alone(session)
        kept = {_key(plan, one): one for one in _kept(session, plan)}
        added, replaced, unchanged = [], [], 0
        for value in values:
            before = kept.get(_key(plan, value))
            if before is None:
                added.append(value)
            elif not correct:
                params = {"value": to_json_number(before.value), "source": before.source, "by": before.by}
                problems.error("measured_stored", value.where, **_named(plan, before), **params)
            elif before == value:
                unchanged += 1
            else:
                replaced.append(Replaced(before, value))
        stands = dict(kept) | {_key(plan, one.after): one.after for one in replaced}
        check_measured(plan, [*stands.values(), *added], problems)
        problems.refuse_if_errors()
        _write(session, act, plan, [*stands.values(), *added], [*added, *(one.after for one in replaced)])
    return EnteredMeasures(tuple(added), tuple(replaced), unchanged)


def remove_measure(store: Store, act: Act, plan: Plan, measure: str, place: str, when: str, item: str = "") -> Measured:
    """Take a value out of the store and return it. Raises Refused where there is none.

    ``measure`` and ``place`` go by id or title, ``when`` is a year or a quarter (``2017Q1``).
    """
    measure, place = ids_of(plan, measure, place)
    with store.change(act) as session:
        alone(session)
        kept = _kept(session, plan)
        here = [one for one in kept if (one.measure, one.place) == (measure, place)]
        found = [one for one in here if (one.when, one.item) == (when, item)]
        if not found:
            problems = ProblemList()
            known = ", ".join(f"{one.when} {one.item}".strip() for one in here) or "—"
            problems.error("measured_none", Where(path=plan.plan), name=f"{measure} {place} {when} {item}".strip(), known=known)
            problems.refuse_if_errors()
        _write(session, act, plan, [one for one in kept if one is not found[0]], found)
    return found[0]


def measures_of(store: Store, plan: Plan) -> tuple[Measured, ...]:
    """Every value that the store has for a plan: by measure and place as the plan orders them, then by time. Raises Refused."""
    with store.reading() as session:
        return _kept(session, plan)


def _read(files: Iterable[Path], plan: Plan) -> list[Measured]:
    """The values of all files, with every mistake of each and what counts twice among them."""
    problems = ProblemList()
    values: list[Measured] = []
    for path in files:
        try:
            values += read_measures(path, plan)
        except Refused as refused:
            problems.extend(refused.problems)
    check_measured(plan, values, problems)
    problems.refuse_if_errors()
    return values


def _key(plan: Plan, value: Measured) -> tuple[_Time, str]:
    """What a value is of: a rate is one alone, whatever it says that it is of."""
    return _time(value), "" if plan.measure_of[value.measure].method == "stated" else value.item


def _time(value: Measured) -> _Time:
    return value.measure, "" if value.place == CITY else value.place, value.year, value.quarter or 0


def _named(plan: Plan, value: Measured) -> dict[str, object]:
    return {"measure": measure_words(plan, value.measure), "place": place_words(plan, value.place), "when": value.when}


def _kept(session: Session, plan: Plan) -> tuple[Measured, ...]:
    """The values of the store; one that the plan does not know is a Problem, for leaving it out would change every sum in silence."""
    problems = ProblemList()
    measures, places = list(plan.measure_of), list(plan.places)
    found: list[Measured] = []
    for row in session.scalars(select(MeasureRow).where(MeasureRow.plan == plan.plan)):
        place, where = row.district or CITY, Where(path=f"{MeasureRow.__tablename__} {row_key(row)}")
        if row.measure not in measures or place not in places:
            problems.error("measured_foreign", where, measure=row.measure, place=place, plan=plan.plan, version=plan.version)
            continue
        for one in json.loads(row.value):
            said = exact_number(one["value"]), one["source"], one["by"], one["item"]
            found.append(Measured(row.measure, place, row.year, row.quarter or None, *said, where))
    problems.refuse_if_errors()
    return tuple(
        sorted(found, key=lambda one: (measures.index(one.measure), places.index(one.place), one.year, one.quarter or 0, one.item))
    )


def _write(session: Session, act: Act, plan: Plan, values: Iterable[Measured], changed: Iterable[Measured]) -> None:
    """Write the rows that changed values belong to, each with all that is stated of its time; one without any is deleted."""
    by_time: dict[_Time, list[Measured]] = defaultdict(list)
    for value in values:
        by_time[_time(value)].append(value)
    sources: dict[_Time, str] = {_time(value): Path(value.where.file).name for value in changed}
    for time, source in sources.items():
        row = session.get(MeasureRow, (plan.plan, *time))
        if time not in by_time:
            assert row is not None
            session.delete(row)
            continue
        if row is None:
            measure, district, year, quarter = time
            row = MeasureRow(plan=plan.plan, measure=measure, district=district, year=year, quarter=quarter)
            session.add(row)
        row.value, row.source, row.by = _text(by_time[time]), source or row.source, act.by


def _text(values: Iterable[Measured]) -> str:
    """The values of one time as the store keeps them: JSON, exact numbers as ``p/q``, by what they are of."""
    plain = [
        {"item": one.item, "value": f"{one.value.numerator}/{one.value.denominator}", "source": one.source, "by": one.by}
        for one in sorted(values, key=lambda one: one.item)
    ]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def told_of(store: Store, plan: Plan, round_id: str, by: str) -> tuple[Told, ...]:
    """What the dossiers of a round tell of the plan's measures, for whoever is going to state it. Raises Refused.

    Nothing is entered: the office checks it and enters it as a file.
    """
    applications = book_of(store, round_id).applications
    with store.reading() as session:
        entered = _kept(session, plan)
        documents = {one.number: _documents(session, one) for one in applications}
    return told_by_dossiers(plan, ((one, documents[one.number]) for one in applications), entered, by)


def _documents(session: Session, application: Application) -> dict[str, Document]:
    """The documents of an application's dossier by their ids."""
    row = session.get(DossierRow, (application.number, application.version))
    papers = json.loads(row.content).get("evidence", ()) if row is not None else ()
    return {paper["id"]: Document(paper.get("issued", ""), f"{paper['title']} {paper.get('number', '')}".strip()) for paper in papers}


# --- progress ---------------------------------------------------------------------------------------------------------


def progress_of(store: Store, plan: Plan, at: Moment, today: str, round_id: str = "") -> PlanView:
    """The progress of a plan by the end of a quarter, from all that the store holds.

    Certificates count as they stand on the last day of the quarter, or ``today`` (ISO text) where that comes first. The nearest to
    passing are those of a round, by default of the last one that was opened by then. Raises Refused where there is no such round.
    """
    day = min(today, f"{at.year}-{3 * at.quarter:02d}-{monthrange(at.year, 3 * at.quarter)[1]}")
    with store.reading() as session:
        measured = tuple(one for one in _kept(session, plan) if Moment(one.year, one.quarter or 4) <= at)
        certified, withdrawn = _certified(session, plan, day)
        if round_id:
            round_of(session, round_id)
        else:
            last = select(RoundRow.id).where(RoundRow.opened_on <= day).order_by(RoundRow.opened_on.desc(), RoundRow.id.desc())
            round_id = session.scalars(last.limit(1)).first() or ""
    kinds = {measure.kind for measure in plan.measures}
    applications = book_of(store, round_id).applications if round_id else ()
    nearest = nurture(one for one in applications if one.kind in kinds)
    return PlanView(plan_progress(plan, at, certified, measured), day, certified, withdrawn, measured, round_id, nearest)


def _certified(session: Session, plan: Plan, day: str) -> tuple[tuple[Certified, ...], int]:
    """The certificates that were issued by a day in all rounds but those whose rules name another plan, and how many are withdrawn."""
    rules = session.execute(select(RoundRow.id, RoundRow.rules)).all()
    others = {name for name, text in rules if text and rules_again(text, name).rules.plan not in (None, plan.plan)}
    kinds = {measure.kind for measure in plan.measures}
    found: list[Certified] = []
    withdrawn = 0
    for held in held_certificates(session):
        one = held.certificate
        if held.round in others or one.kind not in kinds or one.issued_on > day:
            continue
        if held.state_on(day) == State.WITHDRAWN:
            withdrawn += 1
            continue
        at = moment_of(one.issued_on)
        found.append(Certified(one.kind, one.district, at.year, at.quarter, one.number, one.holder))
    return tuple(found), withdrawn
