"""Ranking against quotas: the stated algorithm of docs/rounds_ranking.md.

Within a kind and district the better tier comes first, within a tier the higher score; ties are broken by the rules of the round, in
their order, and by nothing else. Everything is compared exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.language import to_text
from engine.rounds.book import OUTSIDE, RESERVE, WITHIN
from engine.rounds.order import Candidate, Order
from engine.rounds.places import (
    ADMITTED,
    BEYOND,
    IN_QUOTA,
    NO_LIMIT,
    PASSED_ON,
    QUOTA_MISSING,
    QUOTA_ZERO,
    TIED_WITHIN,
    UNDECIDED,
    Entrant,
    allot,
)
from engine.rounds.rules import RoundRules
from engine.texts import say

RANKED = ("eligible", "scored")
"""The outcomes that are ranked; the others are outside."""
SCORE, TIED = "score", "tied"
"""What put a candidate behind the one before it, where no tie-breaker did; a tie-breaker goes by its id."""

SPOKEN_OF: Mapping[str, tuple[str, ...]] = {
    IN_QUOTA: ("rank", "places"),
    NO_LIMIT: ("rank",),
    PASSED_ON: ("rank", "places"),
    TIED_WITHIN: ("rank", "places", "tied"),
    UNDECIDED: ("rank", "places", "tied"),
    BEYOND: ("rank", "places"),
    QUOTA_ZERO: ("rank",),
    QUOTA_MISSING: ("rank",),
}
"""What the sentence of each code speaks of."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason or a note: a code of ``texts/ranking.yaml`` and what its sentence speaks of, as text."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    def sentence(self, lang: str = "zh") -> str:
        """It in words."""
        words = {name: say(f"statuses.outcome.{text}", lang) if name == "outcome" else text for name, text in self.params}
        return say(f"ranking.why.{self.code}", lang, **words)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a candidate came: ``rank`` within its ``group`` (kind, district, tier), the same for those tied; None where not ranked.

    ``ranked_by`` is what put it behind the one before it in its group, empty for the first; ``tied_with`` are those it is tied with for
    a place (where places are passed on, in other districts too). ``firm`` says that no completion of open
    scores and outcomes of those ranked changes whether it is within.
    """

    number: str
    group: tuple[str, str, str]
    rank: int | None
    place: str
    reason: Why
    ranked_by: str = ""
    tied_with: tuple[str, ...] = ()
    firm: bool = True
    notes: tuple[Why, ...] = ()

    @property
    def undecided(self) -> bool:
        """Whether it is tied across the edge of the places, so that the office has to decide."""
        return self.reason.code == UNDECIDED


def rank(
    candidates: Iterable[Candidate],
    quotas: Mapping[tuple[str, str], int | None],
    rules: RoundRules,
    tiers: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Placing, ...]:
    """Rank candidates within kind, district and tier and hold them against the quotas of kind and district.

    ``quotas`` gives the places, None where there is no limit; where a pair is not there nobody is within, and the reason says so.
    ``tiers`` lists by kind the tiers, the best first. The placings come by kind, district, rank and number, whatever the order of the
    candidates. Raises ValueError where a number comes twice or a tier is not listed.
    """
    everybody = sorted(candidates, key=lambda candidate: candidate.number)
    if twice := [number for number, times in Counter(candidate.number for candidate in everybody).items() if times > 1]:
        raise ValueError(f"candidates given twice: {', '.join(twice)}")
    placings = [_outside(candidate) for candidate in everybody if not _takes_part(candidate)]
    for kind in {candidate.kind: None for candidate in everybody}:
        own = [candidate for candidate in everybody if candidate.kind == kind and _takes_part(candidate)]
        order = Order((tiers or {}).get(kind, ()), rules.ties.of_kind(kind))
        places = {district: count for (of, district), count in quotas.items() if of == kind}
        placings += _Kind(own, order, places, rules).placings()
    return tuple(sorted(placings, key=lambda p: (p.group[:2], p.rank is None, _position(p, tiers), p.rank or 0, p.number)))


def ranked_by_words(rules: RoundRules, ranked_by: str, lang: str = "zh") -> str:
    """What put a candidate behind the one before it, in words."""
    breaker = next((breaker for breaker in rules.ties.breakers if breaker.id == ranked_by), None)
    return breaker.title.in_(lang) if breaker else say(f"ranking.by.{ranked_by or 'first'}", lang)


def _takes_part(candidate: Candidate) -> bool:
    return not candidate.withdrawn and candidate.outcome in RANKED


def _position(placing: Placing, tiers: Mapping[str, Sequence[str]] | None) -> int:
    """The place of a placing's tier; behind all where there is none."""
    kind, _, tier = placing.group
    listed = list((tiers or {}).get(kind, ()))
    return listed.index(tier) if tier in listed else len(listed)


def _group(candidate: Candidate) -> tuple[str, str, str]:
    return candidate.kind, candidate.district, candidate.tier


def _outside(candidate: Candidate) -> Placing:
    if candidate.withdrawn:
        reason = Why("withdrawn")
    elif candidate.outcome:
        reason = Why("outcome", (("outcome", candidate.outcome),))
    else:
        reason = Why("not_assessed")
    return Placing(candidate.number, _group(candidate), None, OUTSIDE, reason)


class _Kind:
    """The candidates of one kind that take part, and who of them has a place."""

    def __init__(self, candidates: Sequence[Candidate], order: Order, places: Mapping[str, int | None], rules: RoundRules) -> None:
        self.candidates, self.order, self.places = candidates, order, places
        self.passed_on = rules.quotas.unused.value == "passed_on"
        self.all_tied = rules.ties.unbroken.value == "all"
        self.keys = {candidate.number: order.key(candidate) for candidate in candidates}
        best, worst = ({c.number: ends(c) for c in candidates} for ends in (order.best, order.worst))
        steps = {key: i for i, key in enumerate(sorted({*self.keys.values(), *best.values(), *worst.values()}))}
        # Whether a place is firm is asked of everybody against everybody: whole numbers in the place of keys make that quick.
        self.now, self.best, self.worst = ({number: steps[key] for number, key in keys.items()} for keys in (self.keys, best, worst))
        self.codes = self._allot(Entrant(c.number, c.district, self.now[c.number]) for c in candidates)
        self.tied: dict[tuple[str, int], list[str]] = {}
        self.open: set[str] = set()
        for candidate in candidates:
            self.tied.setdefault((self._pool(candidate), self.now[candidate.number]), []).append(candidate.number)
            self.open |= {self._pool(candidate)} if candidate.is_open else set()

    def _pool(self, candidate: Candidate) -> str:
        """Whom a candidate competes with: its district, or everybody where places are passed on."""
        return "" if self.passed_on else candidate.district

    def _allot(self, entrants: Iterable[Entrant]) -> dict[str, str]:
        return allot(entrants, self.places, passed_on=self.passed_on, all_tied=self.all_tied)

    def placings(self) -> list[Placing]:
        """One for each candidate."""
        groups: dict[tuple[str, str, str], list[Candidate]] = {}
        for candidate in self.candidates:
            groups.setdefault(_group(candidate), []).append(candidate)
        made: list[Placing] = []
        for members in groups.values():
            members.sort(key=lambda member: (self.keys[member.number], member.number))
            rank = 0
            for i, candidate in enumerate(members):
                behind = self._behind(members[i - 1], candidate) if i else ""
                rank = rank if behind == TIED else i + 1
                made.append(self._placing(candidate, rank, behind))
        return made

    def _placing(self, candidate: Candidate, rank: int, behind: str) -> Placing:
        code = self.codes[candidate.number]
        tied = self.tied[self._pool(candidate), self.now[candidate.number]]
        others = tuple(number for number in tied if number != candidate.number)
        params = {"rank": str(rank), "places": str(self.places.get(candidate.district, "")), "tied": ", ".join(others)}
        place = WITHIN if code in ADMITTED else RESERVE
        firm = self._firm(candidate)
        why = Why(code, tuple((name, text) for name, text in params.items() if name in SPOKEN_OF[code]))
        return Placing(candidate.number, _group(candidate), rank, place, why, behind, others, firm, _notes(candidate, firm))

    def _behind(self, before: Candidate, candidate: Candidate) -> str:
        """What put a candidate behind the one before it in its group."""
        (_, score, breakers), (_, own_score, own_breakers) = self.keys[before.number], self.keys[candidate.number]
        if score != own_score:
            return SCORE
        pairs = zip(self.order.breakers, breakers, own_breakers, strict=True)
        return next((breaker.id for breaker, theirs, own in pairs if theirs != own), TIED)

    def _firm(self, candidate: Candidate) -> bool:
        """Whether a candidate keeps or misses its place however what is open turns out: all others at their best and it at its worst,
        or the other way round, makes no difference."""
        within = self.codes[candidate.number] in ADMITTED
        if within and not candidate.settled:
            return False
        if self._pool(candidate) not in self.open:
            return True
        pool = self._pool(candidate)
        rivals = [other for other in self.candidates if other is not candidate and self._pool(other) == pool]
        at = self.best if within else self.worst
        own = (self.worst if within else self.best)[candidate.number]
        entrants = [Entrant(rival.number, rival.district, at[rival.number]) for rival in rivals if within or rival.settled]
        entrants.append(Entrant(candidate.number, candidate.district, own))
        return (self._allot(entrants)[candidate.number] in ADMITTED) is within


def _notes(candidate: Candidate, firm: bool) -> tuple[Why, ...]:
    """What to know beside the reason."""
    notes = []
    score = candidate.score
    if score is None:
        notes.append(Why("no_score"))
    elif not score.is_point:
        low = ("low", to_text(score.low, 2))
        notes.append(Why("open_above", (low,)) if score.high is None else Why("open_score", (low, ("high", to_text(score.high, 2)))))
    if not candidate.settled:
        notes.append(Why("unsettled"))
    if not firm:
        notes.append(Why("not_firm"))
    if candidate.provisional:
        notes.append(Why("provisional"))
    return tuple(notes)
