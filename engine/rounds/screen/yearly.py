"""Third-party bodies that assess more applications in a calendar year than they may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.rounds.screen.case import Case, in_order, normal
from engine.rounds.screen.signal import STRONG, Signal, count


def yearly_signals(cases: Sequence[Case], history: Sequence[Case], limit: int) -> Iterator[Signal]:
    """The applications beyond the limit, in the order of their days, by calendar year; earlier rounds of the year count.

    Bodies under one legal representative count together, where dossiers name one; otherwise each organisation by itself.
    """
    here = {case.key for case in cases}
    everyone = in_order((*(case for case in history if case.key not in here), *cases))
    heads = _heads(everyone)
    by_body: dict[tuple[str, str], list[Case]] = {}
    for case in everyone:
        if case.third_party:
            body = normal(case.third_party)
            by_body.setdefault((heads.get(body, body), case.day[:4]), []).append(case)
    for (_, year), members in sorted(by_body.items()):
        beyond = [case for case in members[limit:] if case.key in here]
        if beyond:
            yield _signal(year, members, beyond, limit)


def _heads(cases: Sequence[Case]) -> Mapping[str, str]:
    """The legal representative of each body, by its name, from the latest dossier that names one."""
    named = ((normal(case.third_party), normal(case.dossier.assessor.legal_representative)) for case in cases if case.third_party)
    return {body: f"person {head}" for body, head in named if head}


def _signal(year: str, members: Sequence[Case], beyond: Sequence[Case], limit: int) -> Signal:
    bodies = sorted({case.third_party for case in members})
    heads = sorted({case.dossier.assessor.legal_representative for case in members} - {""})
    params = (
        ("names", "、".join(bodies)),
        ("head", "、".join(heads) or "—"),
        ("year", year),
        ("count", count(len(members))),
        ("limit", count(limit)),
        ("beyond", count(len(beyond))),
    )
    code = "yearly_head" if len(bodies) > 1 else "yearly_body"
    numbers = tuple(case.number for case in beyond)
    return Signal("yearly", code, STRONG, numbers, (), params, "namesakes" if len(bodies) > 1 else "")
