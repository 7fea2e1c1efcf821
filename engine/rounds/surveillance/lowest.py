"""The lowest share of a list of scores, exactly, and the events that record it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from engine.language import round_half_even
from engine.rounds.surveillance.events import Event
from engine.rounds.surveillance.rules import EventKind, Lowest, exact, whole


@dataclass(frozen=True, slots=True)
class Scored:
    """A holder in the list of a year; ``score`` is None where there is none, and the holder then takes no part."""

    credit_code: str
    certificate: str
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class LowestOf:
    """Who is in the lowest share of a list. ``share`` is what the percentage comes to before rounding, None where it is not known.

    ``tied`` are those at ``edge`` who could not all be taken, and ``taken_at_edge`` says whether they were taken nevertheless.
    """

    listed: int
    share: Fraction | None
    count: int
    lowest: tuple[Scored, ...]
    edge: Fraction | None
    tied: tuple[Scored, ...]
    taken_at_edge: bool
    unscored: tuple[Scored, ...]


def lowest_of(listed: Iterable[Scored], rules: Lowest) -> LowestOf:
    """The lowest share of a list; in whatever order the list comes. Holders are listed once each, by certificate."""
    every = sorted(set(listed), key=lambda each: (each.credit_code, each.certificate))
    ranked = sorted((each for each in every if each.score is not None), key=_by_score)
    unscored = tuple(each for each in every if each.score is None)
    percent, minimum = exact(rules.percent), whole(rules.minimum_list)
    share = None if percent is None else percent * len(ranked) / 100
    count = 0 if share is None or minimum is None or len(ranked) < minimum else min(_rounded(share, rules.rounding.value), len(ranked))
    taken, over = ranked[:count], ranked[count:]
    edge = taken[-1].score if taken else None
    tied: tuple[Scored, ...] = ()
    if over and taken and over[0].score == edge:
        tied = tuple(each for each in ranked if each.score == edge)
        taken = [each for each in ranked if each.score is not None and edge is not None and each.score < edge]
        if rules.edge.value == "take":
            taken += tied
    return LowestOf(len(ranked), share, count, tuple(taken), edge, tied, bool(tied) and rules.edge.value == "take", unscored)


def lowest_events(found: LowestOf, year: int, kind: str, day: str, document: str, entered_by: str) -> tuple[Event, ...]:
    """The ranking of a year as events of the holders in its lowest share, for certificates of a kind, certain since a day (ISO text)."""
    return tuple(
        Event(day, EventKind.RANKED_LOWEST, document, entered_by, each.certificate, each.credit_code, kind, year) for each in found.lowest
    )


def _by_score(each: Scored) -> tuple[Fraction, str, str]:
    assert each.score is not None
    return each.score, each.credit_code, each.certificate


def _rounded(share: Fraction, rounding: str) -> int:
    if rounding == "half_even":
        return int(round_half_even(share))
    return -((-share).__floor__()) if rounding == "ceiling" else share.__floor__()
