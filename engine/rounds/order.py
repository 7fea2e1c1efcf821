"""The order of candidates: tier, score, then the stated tie-breakers; as it stands, and as it could still turn out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from engine.assess.results import Interval
from engine.rounds.rules import Breaker

Key: TypeAlias = "tuple[int, tuple[int, Fraction], tuple[tuple[int, Fraction], ...]]"
"""The place of the tier, the score, the tie-breakers: smaller is better."""

_NOTHING = Fraction(0)
_BEST, _WORST = ((-1, _NOTHING),), ((2, _NOTHING),)
"""Tie-breakers better and worse than any that somebody has."""
HIGHER = frozenset({"dimension"})
"""The tie-breakers of which more is better; of the others less is."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking knows of an application. ``breakers`` holds by the id of a tie-breaker its value, None where there is none.

    A day is its ordinal. ``score`` is None where nothing is scored; ``settled`` says that no completion changes outcome or tier.
    """

    number: str
    kind: str
    district: str
    outcome: str
    score: Interval | None
    tier: str = ""
    settled: bool = True
    provisional: bool = False
    breakers: Mapping[str, Fraction | None] = field(default_factory=dict)
    withdrawn: bool = False

    @property
    def is_open(self) -> bool:
        """Whether its place in the order may still change."""
        return not self.settled or not (self.score is None or self.score.is_point)


@dataclass(frozen=True, slots=True)
class Order:
    """How the candidates of a kind are ordered: its tiers, the best first, and the tie-breakers in force."""

    tiers: Sequence[str]
    breakers: Sequence[Breaker]

    def key(self, candidate: Candidate) -> Key:
        """Its place by what is certain: an open score counts by its low end. What has no score, tier or value comes after what has."""
        values = ((breaker, candidate.breakers.get(breaker.id)) for breaker in self.breakers)
        breakers = tuple((1, _NOTHING) if value is None else (0, -value if by.by in HIGHER else value) for by, value in values)
        return self._tier(candidate), _score(candidate.score.low) if candidate.score else (1, _NOTHING), breakers

    def best(self, candidate: Candidate) -> Key:
        """The best place that some completion of what is open may give it, ties won."""
        if not candidate.is_open:
            return self.key(candidate)
        high = _score(candidate.score.high) if candidate.score else (1, _NOTHING)
        return self._tier(candidate) if candidate.settled else 0, high, _BEST

    def worst(self, candidate: Candidate) -> Key:
        """The worst place that some completion may give it while it stays in the ranking, ties lost."""
        tier, score, breakers = self.key(candidate)
        return tier, score, _WORST if candidate.is_open else breakers

    def _tier(self, candidate: Candidate) -> int:
        return self.tiers.index(candidate.tier) if candidate.tier else len(self.tiers)


def _score(end: Fraction | None) -> tuple[int, Fraction]:
    """An end of a score; without bound it is better than any number."""
    return (-1, _NOTHING) if end is None else (0, -end)
