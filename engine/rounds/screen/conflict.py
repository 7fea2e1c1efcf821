"""Conflicts of interest: an assessing body that is the applicant or close to it, people who judge whom they worked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.dossier.schema import Applicant, Assessor
from engine.rounds.screen.case import Case, in_order, normal
from engine.rounds.screen.signal import LOOK, STRONG, Signal

_APART = re.compile(r"[,;、，；/\n]+")
_LATIN = re.compile(r"[A-Za-z]")
LEAST_DIGITS = 7
"""A telephone number has at least so many digits; what is shorter is an extension."""


class Tie(NamedTuple):
    """Somebody (a person or an organisation by name) who is known to have worked for an applicant (credit code or name), and how."""

    name: str
    applicant: str
    relation: str


class _Shared(NamedTuple):
    """What both sides share: its code, how much it weighs, what it is, why it may be innocent."""

    code: str
    severity: str
    text: str
    innocent: str


def conflict_signals(cases: Sequence[Case], ties: Sequence[Tie] = ()) -> Iterator[Signal]:
    """What ties those who assess or review an application to its applicant, by the dossier itself and by known ties."""
    for case in in_order(cases):
        for shared in (*_same(case), *_tied(case, ties)):
            params = (("text", shared.text), ("name", case.third_party or "—"), ("applicant", case.dossier.applicant.name or "—"))
            yield Signal("conflict", shared.code, shared.severity, (case.number,), (), params, shared.innocent, case.programme)


def _same(case: Case) -> Iterator[_Shared]:
    """What the applicant and the assessing body have in common in the dossier."""
    applicant, assessor = case.dossier.applicant, case.dossier.assessor
    code = applicant.credit_code.strip().upper()
    if code and code == assessor.credit_code.strip().upper():
        yield _Shared("conflict_code", STRONG, code, "")
    names = {normal(case.third_party), normal(assessor.organisation)} - {""}
    if normal(applicant.name) in names:
        yield _Shared("conflict_name", STRONG, applicant.name, "")
    head = normal(applicant.legal_representative)
    if head and head == normal(assessor.legal_representative):
        yield _Shared("conflict_head", STRONG, applicant.legal_representative, "namesakes")
    if normal(applicant.address) and normal(applicant.address) == normal(assessor.address):
        yield _Shared("conflict_address", LOOK, applicant.address, "shared_building")
    for number in sorted(_numbers_of(applicant) & _numbers_of(assessor)):
        yield _Shared("conflict_phone", LOOK, number, "shared_building")
    people = _people_of(applicant) & (_people_of(assessor) | _judging(case))
    for person in sorted(people - ({head} if head == normal(assessor.legal_representative) else set())):
        yield _Shared("conflict_person", LOOK, person, "namesakes")


def _numbers_of(record: Applicant | Assessor) -> set[str]:
    """Every telephone number of a record, its digits alone."""
    fields = [name for name in record.__dataclass_fields__ if name.endswith("phone") or name == "fax"]
    numbers = ("".join(c for c in part if c.isdigit()) for name in fields for part in re.split(r"[,;、，；/\n]+", getattr(record, name)))
    return {number for number in numbers if len(number) >= LEAST_DIGITS}


def _people_of(record: Applicant | Assessor) -> set[str]:
    fields = ("legal_representative", "contact", "head", "lead", "members", "reviewer")
    return {person for name in fields for person in people(getattr(record, name, ""))}


def _judging(case: Case) -> set[str]:
    """Everybody who judges or reviews an application."""
    return {person for text in (case.evaluator, *case.reviewers) for person in people(text)}


def people(text: str) -> set[str]:
    """The names in a field, one or several. Spaces stand between Chinese names, but also within a short one and within others."""
    return {name for part in _APART.split(text) for one in _apart(part) if (name := normal(one))}


def _apart(part: str) -> list[str]:
    words = part.split()
    return [part] if _LATIN.search(part) or any(len(word) == 1 for word in words) else words


def _tied(case: Case, ties: Sequence[Tie]) -> Iterator[_Shared]:
    """Those who assess or review the application and are known to have worked for the applicant."""
    applicant = case.dossier.applicant
    known = {applicant.credit_code.strip().upper(), normal(applicant.name)} - {""}
    involved = {normal(case.third_party), normal(case.dossier.assessor.organisation)} - {""}
    involved |= _people_of(case.dossier.assessor) | _judging(case)
    for tie in sorted(set(ties)):
        if normal(tie.name) in involved and (tie.applicant.strip().upper() in known or normal(tie.applicant) in known):
            yield _Shared("conflict_tie", STRONG, f"{tie.name}: {tie.relation}" if tie.relation else tie.name, "namesakes")
