"""What a dossier says about itself must agree, whatever kind of file it came from: codes, days, years, evidence."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from engine.dossier.codes import check_credit_code
from engine.dossier.fields import quoted
from engine.dossier.schema import Dossier, Evidence, EvidenceRef
from engine.problems import ProblemList, Where

EARLIEST_YEAR = 2000
HIGHLIGHTS_LENGTH = 100


def check_dossier(dossier: Dossier, problems: ProblemList, today: str | None = None) -> None:
    """Report every contradiction; parts left empty by other mistakes are passed over. ``today`` is ISO text."""
    places = dict(dossier.places)
    for name in ("applicant", "assessor"):
        if code := getattr(dossier, name).credit_code:
            check_credit_code(code, places.get(f"{name}.credit_code", Where()), problems)
    if len(dossier.highlights) > HIGHLIGHTS_LENGTH:
        where = places.get("highlights", Where())
        problems.warning("highlights_long", where, length=len(dossier.highlights), limit=HIGHLIGHTS_LENGTH)
    _check_days(dossier, problems, places, today)
    _check_evidence(dossier, problems, places)


def _check_days(dossier: Dossier, problems: ProblemList, places: dict[str, Where], today: str | None) -> None:
    day, year = dossier.application_date, dossier.year
    if day and today and day > today:
        problems.error("application_in_future", places.get("application_date", Where()), day=day, today=today)
    if year and year < EARLIEST_YEAR:
        problems.error("year_implausible", places.get("year", Where()), year=year, earliest=EARLIEST_YEAR)
    if year and day and year > int(day[:4]):
        problems.error("year_after_application", places.get("year", Where()), year=year, day=day)


def _check_evidence(dossier: Dossier, problems: ProblemList, places: dict[str, Where]) -> None:
    first: dict[str, Evidence] = {}
    cited = {ref.id for ref in _refs(dossier)}
    for i, item in enumerate(dossier.evidence):
        issued, until = (places.get(f"evidence[{i}].{name}", item.where) for name in ("issued", "valid_until"))
        if item.id in first:
            problems.error("evidence_twice", item.where, id=item.id, first=first[item.id].where)
        elif item.id:
            first[item.id] = item
        if item.issued and dossier.application_date and item.issued > dossier.application_date:
            problems.error("evidence_in_future", issued, id=item.id, issued=item.issued, day=dossier.application_date)
        if item.issued and item.valid_until and item.valid_until < item.issued:
            problems.error("evidence_validity", until, id=item.id, issued=item.issued, until=item.valid_until)
        elif item.valid_until and item.valid_until < dossier.application_date and item.id in cited:
            problems.warning("evidence_expired_cited", until, id=item.id, until=item.valid_until, day=dossier.application_date)
    for ref in _refs(dossier):
        if ref.id not in first:
            close = ", ".join(difflib.get_close_matches(ref.id, list(first), 3)) or "—"
            problems.error("evidence_unknown", ref.where, id=quoted(ref.id), suggestion=close)


def _refs(dossier: Dossier) -> Iterator[EvidenceRef]:
    for _, entry in (*dossier.inputs, *dossier.answers):
        yield from entry.evidence
    for _, table in dossier.tables:
        yield from table.evidence
