"""The summary report of a round from its book."""

from __future__ import annotations

from engine.report.round_summary import QuotaUse, RoundEntry, RoundSummary
from engine.rounds.book import CERTIFY, WITHDRAWN, Application, RoundBook
from engine.rounds.catalogue import in_order
from engine.rounds.names import Names, kind_name
from engine.rounds.reading import most_of, ruleset_of
from engine.rounds.sender import Sender
from engine.texts import say


def summary_of(book: RoundBook, names: Names, sender: Sender, lang: str = "zh") -> RoundSummary:
    """What the summary says: everybody by kind, district and number, and how many places of each quota are taken by decisions.

    Who has taken an application back is not counted.
    """
    applications = in_order((one for one in book.applications if one.state != WITHDRAWN), names)
    return RoundSummary(
        title=say("lists.summary.title", lang, round=book.round),
        scheme=names.scheme(book.scheme, lang),
        issuer=sender.office,
        day=sender.day,
        entries=tuple(_entry(application, names, lang) for application in applications),
        quotas=quota_uses(book, names, lang),
    )


def quota_uses(book: RoundBook, names: Names, lang: str) -> tuple[QuotaUse, ...]:
    """How many of each quota the office has decided to certify."""
    taken = [(one.kind, one.district) for one in book.applications if one.decision == CERTIFY]
    return tuple(
        QuotaUse(
            f"{names.district(quota.district, lang)} {kind_name(quota.kind, lang)}".strip(),
            taken.count((quota.kind, quota.district)),
            quota.places,
        )
        for quota in book.quotas
    )


def _entry(application: Application, names: Names, lang: str) -> RoundEntry:
    return RoundEntry(
        dossier=application.number,
        applicant=application.name,
        kind=kind_name(application.kind, lang),
        district=names.district(application.district, lang),
        outcome=application.outcome,
        tier=names.tier(ruleset_of(application), application.tier, lang),
        score=application.score if most_of(application) else None,
        settled=application.settled,
        provisional=application.provisional,
        rank=application.rank,
        chosen=application.decision == CERTIFY if application.decision else None,
    )
