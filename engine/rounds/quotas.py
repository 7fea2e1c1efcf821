"""What a round decides by: the rules it was opened with, and how many places each kind and district has."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.rounds.book import CERTIFY, Quota
from engine.rounds.frozen_rules import FrozenRules, rules_again
from engine.rounds.life import DECIDED, PUBLISHED
from engine.rounds.opening import round_of
from engine.rounds.rules import quota_places
from engine.rounds.store.models import ApplicationRow, CertificateRow, RoundRow

Quotas = Mapping[tuple[str, str], int | None]


def rules_of(session: Session, round_id: str) -> FrozenRules:
    """The rules that a round was opened with. Raises Refused where it has none."""
    return rules_again(round_of(session, round_id).rules, round_id)


def round_quotas(session: Session, round_id: str) -> Quotas:
    """The places of each kind and district in a round: the plan's figures less what was certified in the years that they count."""
    frozen, year = rules_of(session, round_id), int(round_id[:4])
    column = frozen.rules.quotas.column(year)
    found: dict[tuple[str, str], int | None] = {}
    for kind in frozen.rules.kinds.value:
        counted = _certified(session, kind, column.since, column.until) if column else {}
        figures = frozen.figures.get(kind) or {district: {} for district in _districts(session, round_id)}
        found |= quota_places(frozen.rules, kind, year, figures, counted)
    return found


def _districts(session: Session, round_id: str) -> Sequence[str]:
    return session.scalars(select(ApplicationRow.district).where(ApplicationRow.round == round_id).distinct()).all()


def _certified(session: Session, kind: str, since: int, until: int) -> Counter[str]:
    """How many of a kind each district has certified in some years, with those on lists that are fixed and not issued yet."""
    issued = (
        select(ApplicationRow.district)
        .join(CertificateRow, CertificateRow.application == ApplicationRow.number)
        .where(ApplicationRow.kind == kind, CertificateRow.issued_on >= f"{since}-01-01", CertificateRow.issued_on <= f"{until}-12-31")
    )
    listed = (
        select(ApplicationRow.district)
        .join(RoundRow, RoundRow.id == ApplicationRow.round)
        .where(ApplicationRow.kind == kind, ApplicationRow.decision == CERTIFY, RoundRow.state.in_((DECIDED, PUBLISHED)))
        .where(RoundRow.id >= f"{since}", RoundRow.id < f"{until + 1}")
    )
    return Counter([*session.scalars(issued), *session.scalars(listed)])


def quotas_text(quotas: Quotas) -> str:
    """Quotas as the store keeps them once a round is ranked."""
    return json.dumps([[kind, district, places] for (kind, district), places in quotas.items()], ensure_ascii=False)


def quotas_again(text: str) -> tuple[Quota, ...]:
    """The quotas of the store, in their order; none where the round was not ranked."""
    return tuple(Quota(*each) for each in json.loads(text or "[]"))
