"""Levers that share an item form a block; what each combination of a block's changes earns is found out by real assessments.

Inside a block, levers that touch several items ("hubs", such as the site area) are set first; once they are, the rest falls
apart into independent parts, so that combinations add up instead of multiplying. No verdict of one block depends on a
change in another: one assessment can therefore carry one combination of every block at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from engine.advise.changes import Change, Lever
from engine.advise.goal import Goal
from engine.advise.scene import Scene
from engine.assess.results import Judged, Status

MAX_COMBINATIONS = 192
"""A block with more combinations loses the dearest changes of its widest hub; the plan says which levers that were."""

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Option:
    """One combination of changes: its cost; what each of its own items becomes and adds to the sum, and which stand in the way."""

    changes: tuple[Change, ...]
    cost: Fraction
    statuses: Mapping[str, Status]
    worths: Mapping[str, Fraction]
    failing: frozenset[str]
    parts: tuple[tuple[Option, ...], ...] = ()

    @property
    def worth(self) -> Fraction:
        """What its own items add to the sum."""
        return sum(self.worths.values(), ZERO)

    @property
    def stands(self) -> bool:
        """Whether nothing of it stands in the way, and every part has an option of which that is so."""
        return not self.failing and all(any(option.stands for option in part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Block:
    """Items that no lever outside touches, with the options of the hubs; each option has the options of the parts below it."""

    items: tuple[str, ...]
    options: tuple[Option, ...]


@dataclass(slots=True)
class _Plan:
    """A block before it is assessed: its hubs, the parts that are left once these are set, and which levers lost changes."""

    items: frozenset[str]
    hubs: list[Lever]
    parts: list[tuple[frozenset[str], list[Lever]]]
    shortened: set[str]

    def settings(self) -> list[tuple[Change, ...]]:
        return _settings(self.hubs)

    @property
    def own(self) -> frozenset[str]:
        """The items that belong to no part."""
        return self.items - frozenset().union(*(items for items, _ in self.parts))

    def size(self) -> int:
        """How many assessments its combinations take."""
        return _count(self.hubs) * max((_count(levers) for _, levers in self.parts), default=1)

    def jobs(self) -> list[list[Change]]:
        """The changes of each assessment: for every setting of the hubs as many as the largest part has settings."""
        settings = [_settings(levers) for _, levers in self.parts]
        rounds = max(map(len, settings), default=1)
        return [[*hub, *(c for part in settings for c in part[min(i, len(part) - 1)])] for hub in self.settings() for i in range(rounds)]


def _count(levers: Iterable[Lever]) -> int:
    size = 1
    for lever in levers:
        size *= len(lever.changes) + 1
    return size


def _settings(levers: Sequence[Lever]) -> list[tuple[Change, ...]]:
    """Every combination of settings: each lever as it is, or one of its changes."""
    return [tuple(c for c in chosen if c is not None) for chosen in product(*((None, *lever.changes) for lever in levers))]


def _components(items: Iterable[str], levers: Sequence[Lever]) -> list[tuple[frozenset[str], list[Lever]]]:
    """Items and levers that hang together."""
    home = {item: item for item in items}

    def find(item: str) -> str:
        while home[item] != item:
            item = home[item]
        return item

    for lever in levers:
        roots = sorted({find(item) for item in lever.touches if item in home})
        for root in roots[1:]:
            home[root] = roots[0]
    groups: dict[str, tuple[set[str], list[Lever]]] = {}
    for item in home:
        groups.setdefault(find(item), (set(), []))[0].add(item)
    for lever in levers:
        inside = next((item for item in sorted(lever.touches) if item in home), None)
        if inside is not None:
            groups[find(inside)][1].append(lever)
    return [(frozenset(found), own) for found, own in groups.values()]


@dataclass(frozen=True, slots=True)
class Blocks:
    """All blocks with the levers that were tried; ``shortened`` names those that had too many changes to try them all."""

    blocks: tuple[Block, ...]
    levers: tuple[Lever, ...]
    shortened: tuple[str, ...]


def blocks_of(scene: Scene, goal: Goal, items: Sequence[str], levers: Sequence[Lever]) -> Blocks:
    """The blocks that items and levers fall into, with all their options assessed."""
    plans = [_plan(found, own) for found, own in _components(items, levers)]
    jobs = [plan.jobs() for plan in plans]
    results = _assess(scene, [plan.items for plan in plans], jobs)
    tried = tuple(lever for plan in plans for lever in (*plan.hubs, *(lever for _, own in plan.parts for lever in own)))
    blocks = tuple(_block(plan, found, goal, scene.results) for plan, found in zip(plans, results, strict=True))
    return Blocks(blocks, tried, tuple(sorted({item for plan in plans for item in plan.shortened})))


def _plan(items: frozenset[str], levers: list[Lever]) -> _Plan:
    shortened: set[str] = set()
    while True:
        hubs = [lever for lever in levers if len(lever.touches & items) > 1]
        rest = [lever for lever in levers if len(lever.touches & items) == 1]
        parts = [(found, own) for found, own in _components(items, rest) if own]
        plan = _Plan(items, hubs, parts, shortened) if hubs else _Plan(items, levers, [], shortened)
        if plan.size() <= MAX_COMBINATIONS:
            return plan
        widest = max(levers, key=lambda lever: (len(lever.touches & items) > 1, len(lever.changes), lever.item))
        shortened.add(widest.item)
        left = widest.changes[:-1]
        levers = [Lever(left, lever.touches) if lever is widest else lever for lever in levers]
        levers = [lever for lever in levers if lever.changes]


def _assess(scene: Scene, items: Sequence[frozenset[str]], jobs: Sequence[list[list[Change]]]) -> list[list[Mapping[str, Judged]]]:
    """For every block and job the results of its items."""
    found: list[list[Mapping[str, Judged]]] = [[] for _ in jobs]
    for number in range(max(map(len, jobs), default=0)):
        taking_part = [i for i, own in enumerate(jobs) if number < len(own)]
        names = sorted(item for i in taking_part for item in items[i])
        together = scene.after((change for i in taking_part for change in jobs[i][number]), names)
        for i in taking_part:
            found[i].append({item: together[item] for item in items[i]})
    return found


def _block(plan: _Plan, results: Sequence[Mapping[str, Judged]], goal: Goal, now: Mapping[str, Judged]) -> Block:
    """Results put to the combinations that they are of."""
    settings = [(items, _settings(levers)) for items, levers in plan.parts]
    rounds = max((len(part) for _, part in settings), default=1)
    options = []
    for number, hub in enumerate(plan.settings()):
        of_hub = results[number * rounds : (number + 1) * rounds]
        parts = tuple(
            tuple(o for changes, found in zip(part, of_hub, strict=False) if (o := _option(changes, found, items, now, goal)) is not None)
            for items, part in settings
        )
        option = _option(hub, of_hub[0], plan.own, now, goal, parts)
        if option is not None:
            options.append(option)
    return Block(tuple(sorted(plan.items)), tuple(options))


def _option(
    changes: tuple[Change, ...],
    results: Mapping[str, Judged],
    items: frozenset[str],
    now: Mapping[str, Judged],
    goal: Goal,
    parts: tuple[tuple[Option, ...], ...] = (),
) -> Option | None:
    """A combination as an option; None where it changes what applies, and with it what every other point is worth."""
    own = {item: results[item] for item in sorted(items)}
    if any(goal.factor(item) and _absent(result) != _absent(now[item]) for item, result in own.items()):
        return None
    return Option(
        changes,
        sum((change.cost for change in changes), ZERO),
        {item: result.status for item, result in own.items()},
        {item: goal.worth(result) for item, result in own.items()},
        frozenset(item for item, result in own.items() if not goal.ok(result)),
        parts,
    )


def _absent(result: Judged) -> bool:
    return result.status is Status.NOT_APPLICABLE
