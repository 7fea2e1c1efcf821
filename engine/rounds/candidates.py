"""From the applications of a round to the candidates that are ranked: what the tie-breakers compare is read from the results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from engine.language import parse_number
from engine.rounds.book import ACCEPTED, REPLACED, Application, RoundBook
from engine.rounds.order import Candidate
from engine.rounds.rules import Breaker, RoundRules
from engine.ruleset.programme import Programme

WITHDRAWN = "withdrawn"
"""The state of an application that its applicant took back."""


def candidates(book: RoundBook, rules: RoundRules) -> tuple[Candidate, ...]:
    """The candidates of a round. The day of an application is that on which the version was handed in that counts."""
    days = {(s.number, s.version): s.day for s in book.submissions if s.outcome in (ACCEPTED, REPLACED)}
    return tuple(candidate_of(each, rules, days.get((each.number, each.version), "")) for each in book.applications)


def candidate_of(application: Application, rules: RoundRules, handed_in: str = "") -> Candidate:
    """What ranking knows of an application; ``handed_in`` is a day as ISO text, empty where it is not known."""
    breakers = rules.ties.of_kind(application.kind)
    return Candidate(
        number=application.number,
        kind=application.kind,
        district=application.district,
        outcome=application.outcome,
        score=application.score,
        tier=application.tier,
        settled=application.settled,
        provisional=application.provisional,
        breakers={breaker.id: _value(breaker, application.result, handed_in) for breaker in breakers},
        withdrawn=application.state == WITHDRAWN,
    )


def tier_order(programme: Programme) -> tuple[str, ...]:
    """The tiers of a programme, the best first: those of its scheme by their marks, otherwise the levels of its standard."""
    marked = [(parse_number(tier.mark.value), tier.tier) for tier in programme.settings.tiers if tier.mark.value is not None]
    unmarked = [tier.tier for tier in programme.settings.tiers if tier.mark.value is None]
    return (*(tier for _, tier in sorted(marked, reverse=True)), *unmarked) or tuple(level.level for level in programme.standard.levels)


def _value(breaker: Breaker, result: Mapping[str, Any] | None, handed_in: str) -> Fraction | None:
    """What a tie-breaker compares, None where there is none."""
    if breaker.by == "handed_in":
        return Fraction(date.fromisoformat(handed_in).toordinal()) if handed_in else None
    if result is None:
        return None
    if breaker.by == "major":
        return Fraction(_count(result["findings"], severity="major", open=False))
    if breaker.by == "undetermined":
        return Fraction(_count([*result["gates"], *result["criteria"]], status="undetermined"))
    return next((_low(each) for each in result["dimensions"] if each["id"] == breaker.dimension), None)


def _count(elements: Iterable[Mapping[str, Any]], **wanted: object) -> int:
    return sum(all(element[name] == value for name, value in wanted.items()) for element in elements)


def _low(dimension: Mapping[str, Any]) -> Fraction | None:
    """What a dimension certainly contributes, exactly; None where it does not apply."""
    if dimension["not_applicable"]:
        return None
    exact = dimension.get("exact") or {}
    text: str = exact.get("low") or dimension["low"]
    return Fraction(text)
