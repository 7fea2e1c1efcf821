"""Screening a round of the store: its applications and those of the rounds before it, judged again as they were; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from engine.assess.assess import assess_bound, judge_items
from engine.assess.results import Assessment, Interval
from engine.dossier.bind import Bound, bind
from engine.dossier.read import canonical_dossier
from engine.dossier.schema import Dossier
from engine.language import exact_number
from engine.problems import ProblemList
from engine.rounds.frozen import FrozenFiles, thawed
from engine.rounds.frozen_rules import rules_again
from engine.rounds.intake import schemes_of
from engine.rounds.life import RECEIVED, WITHDRAWN
from engine.rounds.office import office_dossier
from engine.rounds.opening import round_of
from engine.rounds.screen.case import Case, OfficeCheck
from engine.rounds.screen.export import screening_plain
from engine.rounds.screen.inspection import Placed, place_edges
from engine.rounds.screen.known import read_check_costs, read_ties
from engine.rounds.screen.run import Screening, screen_round
from engine.rounds.store.models import ApplicationRow, AssessmentRow, AssignmentRow, DossierRow, RecheckRow, RoundRow
from engine.rounds.store.open import Store
from engine.ruleset.programme import Programme
from engine.texts import say


@dataclass(frozen=True, slots=True)
class RoundScreening:
    """What screening a round found.

    ``unassessed`` are the numbers of its applications that wait to be assessed and were not looked at; ``year_limit`` is that of the
    round's rules, None where it has none.
    """

    round: str
    screening: Screening
    unassessed: tuple[str, ...] = ()
    year_limit: int | None = None

    def title(self, lang: str = "zh") -> str:
        """What it is called in files and on screens."""
        return say("screening.sheet.title", lang, round=self.round)


def round_screening(store: Store, round_id: str, *, ties: Path | None = None, costs: Path | None = None) -> RoundScreening:
    """Screen the assessed applications of a round against each other and those of earlier rounds.

    ``ties`` and ``costs`` are files of what the office knows. Raises Refused where there is no such round or a file has mistakes.
    """
    known = read_ties(ties) if ties is not None else ()
    with store.reading() as session:
        row = round_of(session, round_id)
        reader = _Reader(session)
        prices = read_check_costs(costs, reader.programmes(round_id)) if costs is not None else None
        limit = int(rules_again(row.rules, round_id).rules.third_party_yearly_limit.value) if row.rules else None
        waiting = select(ApplicationRow.number).where(ApplicationRow.round == round_id, ApplicationRow.state == RECEIVED)
        unassessed = tuple(session.scalars(waiting.order_by(ApplicationRow.number)))
        cases = tuple(reader.cases(round_id))
        history = tuple(_lean(case) for earlier in _earlier(session, row) for case in reader.cases(earlier))
        edges = _edges(session, round_id)
    found = screen_round(cases, history, year_limit=limit, ties=known, edges=edges, costs=prices)
    return RoundScreening(round_id, found, unassessed, limit)


def round_screening_json(found: RoundScreening) -> str:
    """The JSON of docs/screening.md."""
    head = {"round": found.round, "year_limit": found.year_limit, "unassessed": list(found.unassessed)}
    return json.dumps(head | screening_plain(found.screening), ensure_ascii=False, indent=1) + "\n"


def _earlier(session: Session, row: RoundRow) -> list[str]:
    """The rounds that were opened before one; of those of the same day, the ones whose name comes first."""
    same_day = and_(RoundRow.opened_on == row.opened_on, RoundRow.id < row.id)
    before = select(RoundRow.id).where(or_(RoundRow.opened_on < row.opened_on, same_day))
    return list(session.scalars(before.order_by(RoundRow.opened_on, RoundRow.id)))


def _edges(session: Session, round_id: str) -> dict[str, Fraction]:
    """The totals at which places within the quota are lost, where the round is ranked."""
    rows = session.execute(
        select(ApplicationRow, AssessmentRow.tier, AssessmentRow.low, AssessmentRow.high)
        .join(
            AssessmentRow,
            (AssessmentRow.application == ApplicationRow.number) & (AssessmentRow.version == ApplicationRow.version),
        )
        .where(ApplicationRow.round == round_id, ApplicationRow.place != "")
        .order_by(ApplicationRow.number, AssessmentRow.check)
    )
    last = {row.number: _placed(row, tier, low, high) for row, tier, low, high in rows}
    return place_edges(tuple(last.values()))


def _placed(row: ApplicationRow, tier: str, low: str, high: str) -> Placed:
    score = Interval(exact_number(low), exact_number(high) if high else None)
    return Placed(row.number, row.kind, row.district, tier, row.place, score)


class _Reader:
    """The assessed applications of rounds as cases, from one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def files(self, round_id: str) -> Mapping[tuple[str, str], FrozenFiles]:
        """What the programmes of a round are composed of, by kind and standard."""
        return {(row.kind, row.standard): thawed(row) for row in schemes_of(self.session, round_id)}

    def programmes(self, round_id: str) -> list[Programme]:
        """The programmes of a round that somebody applied under."""
        used = select(ApplicationRow.kind, ApplicationRow.standard).where(ApplicationRow.round == round_id).distinct()
        files = self.files(round_id)
        return [files[kind, standard].programme() for kind, standard in self.session.execute(used)]

    def cases(self, round_id: str) -> Iterator[Case]:
        """Every application of a round that was assessed and not withdrawn."""
        files = self.files(round_id)
        found = self._checks(round_id)
        reviewers = self._reviewers(round_id)
        rows = self.session.execute(
            select(ApplicationRow, DossierRow)
            .join(DossierRow, (DossierRow.application == ApplicationRow.number) & (DossierRow.version == ApplicationRow.version))
            .where(*_assessed(round_id))
        )
        for row, kept in rows.yield_per(50):
            programme = files[row.kind, row.standard].programme()
            yield _case(row, kept, programme, found.get(row.number, []), reviewers.get(row.number, ()))

    def _checks(self, round_id: str) -> dict[str, list[RecheckRow]]:
        """The office's checks of the versions that count, by application, in their order."""
        found: dict[str, list[RecheckRow]] = {}
        wanted = (RecheckRow.application == ApplicationRow.number) & (RecheckRow.version == ApplicationRow.version)
        chosen = select(RecheckRow).join(ApplicationRow, wanted).where(*_assessed(round_id))
        for row in self.session.scalars(chosen.order_by(RecheckRow.application, RecheckRow.check)):
            found.setdefault(row.application, []).append(row)
        return found

    def _reviewers(self, round_id: str) -> dict[str, tuple[str, ...]]:
        """Who reviews each application for the office, and for whom they work."""
        found: dict[str, tuple[str, ...]] = {}
        wanted = AssignmentRow.application == ApplicationRow.number
        chosen = select(AssignmentRow).join(ApplicationRow, wanted).where(*_assessed(round_id))
        for row in self.session.scalars(chosen.order_by(AssignmentRow.application, AssignmentRow.reviewer)):
            found[row.application] = (*found.get(row.application, ()), *filter(None, (row.name, row.organisation)))
        return found


def _assessed(round_id: str) -> tuple[ColumnElement[bool], ...]:
    """Applications of a round that were assessed and not withdrawn."""
    return ApplicationRow.round == round_id, ApplicationRow.state.not_in((RECEIVED, WITHDRAWN))


def _case(row: ApplicationRow, kept: DossierRow, programme: Programme, checks: list[RecheckRow], reviewers: tuple[str, ...]) -> Case:
    """An application assessed again on each basis that it has; the checks of its figures, which screens do not read, are left out."""
    dossier = canonical_dossier(kept.content.encode(), row.number, placed=False)
    bound = _bound(dossier, programme)
    counts = view = assess_bound(bound, "verified" if bound.has_verified else "declared")
    own = _self_assessment(bound, view) if bound.has_verified else None
    office = None
    if checks:
        found = office_dossier(dossier, programme, [one.content for one in checks])
        bound = _bound(found, programme)
        counts = assess_bound(bound, "verified")
        names = frozenset(name for one in checks for name, *_ in json.loads(one.differences))
        office = OfficeCheck(found, view, names)
    return Case(
        number=row.number,
        round=row.round,
        day=kept.day,
        district=row.district,
        industry=row.industry,
        third_party=row.third_party,
        evaluator=dossier.assessor.lead,
        dossier=dossier,
        programme=programme,
        assessment=counts,
        self_assessment=own,
        reviewers=reviewers,
        office=office,
        bound=bound,
    )


def _self_assessment(bound: Bound, view: Assessment) -> Assessment:
    """The verdicts on what the applicant declared; nothing else of its own view is looked at. Levels take a whole assessment."""
    if bound.programme.levels:
        return _thin(assess_bound(bound, "declared"))
    found = judge_items(bound, [item.id for item in view.judged], "declared")
    made = _thin(view)
    gates = tuple(one._replace(status=found[one.id].status) for one in made.gates)
    criteria = tuple(one._replace(status=found[one.id].status, points=found[one.id].points) for one in made.criteria)
    return replace(made, basis="declared", gates=gates, criteria=criteria)


def _lean(case: Case) -> Case:
    """A case of an earlier round with no more than others are compared with: a history may be long."""
    office = case.office and replace(case.office, before=_thin(case.office.before))
    return replace(case, assessment=_thin(case.assessment, indicators=True), office=office, bound=None)


def _thin(made: Assessment, *, indicators: bool = False) -> Assessment:
    """An assessment's verdicts and points, and its indicators where they are asked for, without what they rest on."""
    gates = tuple(one._replace(declared=None, verified=None, evidence=(), figures=()) for one in made.gates)
    criteria = tuple(one._replace(declared=None, verified=None, evidence=(), figures=()) for one in made.criteria)
    values = tuple(replace(one, declared=None, verified=None, figures=()) for one in made.indicators) if indicators else ()
    return replace(made, gates=gates, criteria=criteria, indicators=values, findings=(), dimensions=(), unattested=(), attested=())


def _bound(dossier: Dossier, programme: Programme) -> Bound:
    """A dossier of the store with its programme. Raises Refused where they do not fit, which they did when it was taken in."""
    problems = ProblemList()
    bound = bind(dossier, programme, problems)
    problems.refuse_if_errors()
    return bound
