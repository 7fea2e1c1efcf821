"""Candidates and rules for tests of ranking, written short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from engine import ProblemList, rulesets_root
from engine.assess.results import Interval
from engine.rounds.order import Candidate
from engine.rounds.ranking import Placing, rank
from engine.rounds.rules import RoundRules, load_round_rules

FACTORY = "green_factory"


@cache
def delivered() -> RoundRules:
    problems = ProblemList()
    loaded = load_round_rules("jiaxing_2017", rulesets_root(), problems)
    assert loaded is not None, list(problems)
    return loaded.rules


@cache
def rules(unused: str = "stays", unbroken: str = "undecided") -> RoundRules:
    plain = delivered().model_dump()
    plain["quotas"]["unused"]["value"] = unused
    plain["ties"]["unbroken"]["value"] = unbroken
    return RoundRules.model_validate(plain)


def one(number: str, low: str | int, high: str | int | None = "same", district: str = "haining", **more: Any) -> Candidate:
    """A scored candidate; without ``high`` its score is known."""
    top = Fraction(low) if high == "same" else None if high is None else Fraction(high)
    fields: dict[str, Any] = {"kind": FACTORY, "outcome": "scored", "score": Interval(Fraction(low), top), "district": district}
    return Candidate(number, **(fields | more))


def ranked(
    candidates: Sequence[Candidate],
    places: int | Mapping[str, int | None] | None,
    by: RoundRules | None = None,
    tiers: Sequence[str] = (),
) -> dict[str, Placing]:
    """The placings by number; one number of places is that of Haining."""
    quotas = places if isinstance(places, Mapping) else {"haining": places}
    found = rank(candidates, {(FACTORY, district): count for district, count in quotas.items()}, by or rules(), {FACTORY: tiers})
    return {placing.number: placing for placing in found}


def places_of(placings: Mapping[str, Placing]) -> dict[str, str]:
    return {number: placing.place for number, placing in placings.items()}


def codes_of(placings: Mapping[str, Placing]) -> dict[str, str]:
    return {number: placing.reason.code for number, placing in placings.items()}
