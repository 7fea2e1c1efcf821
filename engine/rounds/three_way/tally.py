"""The three views over all applications of a round: how often and by how much each reviewer changed what, by whom and of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.assess.split import NONE, Difference, plus
from engine.assess.views import OFFICE, THIRD_PARTY
from engine.rounds.names import Both
from engine.rounds.three_way.case import CUT, DIRECTIONS, RAISED, Compared, ItemChange, StatementChange, Step, direction
from engine.texts import say

REVIEWERS = (THIRD_PARTY, OFFICE)


@dataclass(frozen=True, slots=True)
class Tally:
    """Changes by what became of the points: how many, and the sum of the points, exactly at both ends."""

    counts: Mapping[str, int]
    sums: Mapping[str, Difference]

    @property
    def changed(self) -> int:
        """How many changes there were."""
        return sum(self.counts.values())

    @property
    def moved(self) -> Difference:
        """By how much all of them together moved the totals."""
        return plus(self.sums.values())

    @property
    def size(self) -> Fraction:
        """By how much the points moved, whichever way."""
        return sum((size_of(one) for one in self.sums.values()), Fraction(0))


@dataclass(frozen=True, slots=True)
class ItemTally:
    """What the reviewers changed of a gate or criterion of a ruleset; ``statuses`` are the pairs before and after, how often each."""

    ruleset: str
    element: str
    number: str
    title: Both
    gate: bool
    by: Mapping[str, Tally]
    statuses: Mapping[str, Mapping[tuple[str, str], int]]


@dataclass(frozen=True, slots=True)
class StatementTally:
    """What the reviewers changed of a statement: an input, a table, an answer, what documents are brought for it, or all documents.

    The points are what each change does alone. ``unconfirmed``: how many said nothing else but did not confirm; ``flips``: how many
    change the outcome alone.
    """

    ruleset: str
    group: str
    name: str
    title: Both
    by: Mapping[str, Tally]
    unconfirmed: Mapping[str, int]
    flips: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BodyTally:
    """What a third-party body changed, and what the office changed of its work, by reviewer.

    ``compared``: of how many applications; ``items``: the changes of all items; ``moved``: of the totals; ``outcomes``: how many
    outcomes became others. ``each`` are the items one by one.
    """

    body: str
    compared: Mapping[str, int]
    items: Mapping[str, Tally]
    moved: Mapping[str, Difference]
    outcomes: Mapping[str, int]
    each: tuple[ItemTally, ...]


@dataclass(frozen=True, slots=True)
class RoundComparison:
    """A round: its applications, those whose outcome changed first; the tallies, what moved most first.

    ``compared`` counts the applications that a reviewer looked at, by ruleset and reviewer; ``waiting`` those not assessed yet.
    """

    round: str
    applications: tuple[Compared, ...]
    items: tuple[ItemTally, ...]
    statements: tuple[StatementTally, ...]
    bodies: tuple[BodyTally, ...]
    compared: Mapping[tuple[str, str], int]
    outcomes: Mapping[tuple[tuple[str, str], ...], int]
    waiting: int = 0

    @property
    def standards(self) -> Mapping[str, Both]:
        """The titles of the standards by ruleset, in the order in which they are first used."""
        return {one.ruleset: one.standard for one in sorted(self.applications, key=lambda one: (one.head.kind, one.ruleset))}


def round_comparison(name: str, applications: Iterable[Compared], waiting: int = 0) -> RoundComparison:
    """The comparison over applications, whatever their order."""
    ordered = sorted(applications, key=_weight)
    seen = Counter((one.ruleset, step.reviewer) for one in ordered for step in one.steps)
    return RoundComparison(
        round=name,
        applications=tuple(ordered),
        items=item_tallies(ordered),
        statements=_statement_tallies(ordered),
        bodies=_bodies(ordered),
        compared=dict(sorted(seen.items())),
        outcomes=dict(sorted(Counter(one.outcomes for one in ordered if one.steps).items(), key=lambda each: (-each[1], each[0]))),
        waiting=waiting,
    )


def largest(application: Compared, most: int = 3) -> list[tuple[str, ItemChange]]:
    """The changes that move an application's total most, with who made them; gates before all of them."""
    found = [(step.reviewer, item) for step in application.steps for item in step.items]
    return sorted(found, key=lambda one: (not one[1].gate, -size_of(one[1].moved or NONE)))[:most]


def size_of(change: Difference) -> Fraction:
    """By how much points move at the end that moves more."""
    return max(abs(change.low), abs(change.high or Fraction(0)))


def main_end(kind: str, moved: Difference) -> Fraction:
    """The end that a direction is named for: the most that can be reached for what was cut or raised, otherwise what is certain."""
    return moved.low if moved.high is None or kind not in (CUT, RAISED) else moved.high


def _weight(one: Compared) -> tuple[bool, Fraction, str]:
    return (
        len({result.verdict for result in one.results.values()}) == 1,
        -sum((size_of(step.moved) for step in one.steps), Fraction(0)),
        one.head.number,
    )


def tally_of(changes: Iterable[Difference | None]) -> Tally:
    """Changes, counted and added up; one without points counts by its status alone."""
    counts: Counter[str] = Counter()
    sums: dict[str, list[Difference]] = {}
    for change in changes:
        kind = direction(change)
        counts[kind] += 1
        sums.setdefault(kind, []).append(change or NONE)
    return Tally(
        {kind: counts[kind] for kind in DIRECTIONS if counts[kind]}, {kind: plus(sums[kind]) for kind in DIRECTIONS if kind in sums}
    )


def item_tallies(applications: Sequence[Compared]) -> tuple[ItemTally, ...]:
    """The items that somebody changed: gates by how often, then criteria by how far."""
    found: dict[tuple[str, str], dict[str, list[ItemChange]]] = {}
    for one, step in _steps(applications):
        for item in step.items:
            found.setdefault((one.ruleset, item.element), {}).setdefault(step.reviewer, []).append(item)
    tallies = []
    for (ruleset, element), by in found.items():
        first = next(iter(by.values()))[0]
        counted = {who: tally_of(item.moved for item in by[who]) for who in REVIEWERS if who in by}
        statuses = {who: dict(sorted(Counter(item.status for item in by[who]).items())) for who in counted}
        tallies.append(ItemTally(ruleset, element, first.number, first.title, first.gate, counted, statuses))
    return tuple(sorted(tallies, key=lambda one: (one.ruleset, not one.gate, *_rank(one.by), one.element)))


def _statement_tallies(applications: Sequence[Compared]) -> tuple[StatementTally, ...]:
    found: dict[tuple[str, str, str], dict[str, list[StatementChange]]] = {}
    for one, step in _steps(applications):
        for said in step.statements:
            name = "" if said.group == "document" else said.name
            found.setdefault((one.ruleset, said.group, name), {}).setdefault(step.reviewer, []).append(said)
    tallies = []
    for (ruleset, group, name), by in found.items():
        title = next(iter(by.values()))[0].title if name else (say("round_compare.documents", "zh"), say("round_compare.documents", "en"))
        each = {who: by[who] for who in REVIEWERS if who in by}
        tallies.append(
            StatementTally(
                ruleset,
                group,
                name,
                title,
                {who: tally_of(said.moved for said in changes) for who, changes in each.items()},
                {who: sum(not said.confirmed for said in changes) for who, changes in each.items()},
                {who: sum(said.flips for said in changes) for who, changes in each.items()},
            )
        )
    return tuple(sorted(tallies, key=lambda one: (one.ruleset, -sum(one.flips.values()), *_rank(one.by), one.group, one.name)))


def _bodies(applications: Sequence[Compared]) -> tuple[BodyTally, ...]:
    """Every body that verified something, by its name as it was given."""
    by_name: dict[str, list[Compared]] = {}
    for one in applications:
        if THIRD_PARTY in one.results:
            by_name.setdefault(one.head.third_party, []).append(one)
    return tuple(_body(name, by_name[name]) for name in sorted(by_name))


def _body(name: str, applications: Sequence[Compared]) -> BodyTally:
    steps = {who: [(one, step) for one, step in _steps(applications) if step.reviewer == who] for who in REVIEWERS}
    there = {who: found for who, found in steps.items() if found}
    return BodyTally(
        body=name,
        compared={who: len(found) for who, found in there.items()},
        items={who: tally_of(item.moved for _, step in found for item in step.items) for who, found in there.items()},
        moved={who: plus(step.moved for _, step in found) for who, found in there.items()},
        outcomes={who: sum(other_outcome(one, step) for one, step in found) for who, found in there.items()},
        each=item_tallies(applications),
    )


def other_outcome(one: Compared, step: Step) -> bool:
    """Whether a reviewer's changes come to another outcome or tier."""
    return one.results[step.before].verdict != one.results[step.reviewer].verdict


def _steps(applications: Iterable[Compared]) -> Iterable[tuple[Compared, Step]]:
    return ((one, step) for one in applications for step in one.steps)


def _rank(by: Mapping[str, Tally]) -> tuple[Fraction, int]:
    return -sum((one.size for one in by.values()), Fraction(0)), -sum(one.changed for one in by.values())
