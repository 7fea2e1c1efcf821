"""What to inspect first: the items of which it matters most whether they are right.

Every item that counts for an applicant is taken away once: an answer by itself, an input or table together with everything that is
computed from it. First come those that would change a decision, then those that other screens point at, then by points at stake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from engine.assess.results import Interval
from engine.rounds.book import RESERVE, WITHIN, Application
from engine.rounds.screen.case import Case, in_order
from engine.rounds.screen.removal import Removal, Removed
from engine.rounds.screen.settings import Settings
from engine.rounds.screen.signal import UNTESTED, Signal
from engine.ruleset.compile import compiled
from engine.ruleset.programme import Programme

OUTCOME, TIER, PLACE, NOTHING = "outcome", "tier", "place", "nothing"
"""What a decision would lose with an item: the outcome itself, its tier, the place within the quota, or nothing."""

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Inspection:
    """One item of one application, and what depends on it.

    ``kind`` is ``answer`` (a gate or criterion that is answered) or ``data`` (an input or table); ``resting`` are the items that fall with
    it. ``points`` are those that the total would lose, ``edge`` is the total at which the place is lost, ``signals`` are the codes of
    what other screens noticed of it and ``weight`` the greatest weight of one; ``cost`` is that of checking it, None where nobody said.
    """

    number: str
    name: str
    kind: str
    change: str
    before: Removed
    after: Removed
    points: Fraction
    resting: tuple[str, ...]
    signals: tuple[str, ...] = ()
    weight: int = 0
    cost: Fraction | None = None
    edge: Fraction | None = None
    programme: Programme | None = field(default=None, repr=False, compare=False)


class Placed(NamedTuple):
    """What an application's rank says of it: its group, its place against the quota, its score."""

    number: str
    kind: str
    district: str
    tier: str
    place: str
    score: Interval | None


def place_edges(applications: Sequence[Application | Placed]) -> dict[str, Fraction]:
    """By application within the quota: the total of the best one in reserve of the same kind, district and tier, where there is one."""
    best: dict[tuple[str, str, str], Fraction] = {}
    for one in applications:
        if one.place == RESERVE and one.score is not None:
            group = (one.kind, one.district, one.tier)
            best[group] = max(best.get(group, one.score.low), one.score.low)
    groups = {one.number: (one.kind, one.district, one.tier) for one in applications if one.place == WITHIN}
    return {number: best[group] for number, group in groups.items() if group in best}


def inspections(
    cases: Sequence[Case],
    signals: Sequence[Signal],
    settings: Settings,
    edges: Mapping[str, Fraction] | None = None,
    costs: Mapping[str, Fraction] | None = None,
) -> tuple[Inspection, ...]:
    """The items of a round in the order in which to inspect them; of each application as many as the settings say.

    ``edges`` are totals by application number at or below which its place within the quota is lost, ``costs`` what checking an element
    costs.
    """
    pointed: dict[str, list[Signal]] = {}
    for signal in signals:
        for number in signal.numbers if signal.code not in UNTESTED else ():
            pointed.setdefault(number, []).append(signal)
    most = settings.whole("inspection_each")
    found: list[Inspection] = []
    for case in in_order(cases):
        edge = (edges or {}).get(case.number)
        own = sorted(_of(case, pointed.get(case.number, ()), edge, costs or {}), key=_order)
        found += own[:most]
    return tuple(sorted(found, key=_order))


def _order(one: Inspection) -> tuple[object, ...]:
    costly = (one.cost is None, one.cost or ZERO)
    return one.change == NOTHING, -one.weight, -len(one.signals), -one.points, costly, one.number, one.name


def _of(case: Case, signals: Sequence[Signal], edge: Fraction | None, costs: Mapping[str, Fraction]) -> Iterator[Inspection]:
    """Every item of a case that something depends on, or that a screen points at; what the office has corrected it has inspected."""
    removal = Removal(case)
    checked = case.office.checked if case.office else frozenset()
    for name, kind, resting, touched in inspected(case.programme):
        if name in checked:
            continue
        falling = tuple(item for item in resting if removal.stands(item))
        if not falling or (kind == "data" and not _stated(case, name)):
            continue
        after = removal.without(falling)
        points = removal.now.total.low - after.total.low
        change = _change(removal.now, after, edge)
        own = [signal for signal in signals if touched & set(signal.items)]
        if change == NOTHING and not points and not own:
            continue
        codes = tuple(dict.fromkeys(signal.code for signal in sorted(own, key=lambda s: -s.weight)))
        weight = max((signal.weight for signal in own), default=0)
        at = edge if change == PLACE else None
        rest = () if falling == (name,) else falling
        yield Inspection(
            case.number, name, kind, change, removal.now, after, points, rest, codes, weight, costs.get(name), at, case.programme
        )


def _stated(case: Case, name: str) -> bool:
    """Whether a dossier states an input or a table."""
    return any(name == stated for stated, _ in (*case.assessed.inputs, *case.assessed.tables))


def _change(before: Removed, after: Removed, edge: Fraction | None) -> str:
    """What a decision loses; at the edge itself a place hangs on how ties are broken, so it may be lost."""
    if before.outcome != after.outcome:
        return OUTCOME
    if before.tier != after.tier:
        return TIER
    return PLACE if edge is not None and after.total.low <= edge and after.total.low < before.total.low else NOTHING


@lru_cache(maxsize=64)
def inspected(programme: Programme) -> tuple[tuple[str, str, tuple[str, ...], frozenset[str]], ...]:
    """What there is to inspect: its name and kind, the items that rest on it, and the names under which a signal may point at it.

    Computed items are inspected by their data, groups by their members.
    """
    ready = compiled(programme)
    items = (*programme.gates, *programme.criteria)
    entered = {name for name, definition in programme.inputs.items() if definition.role != "benchmark"} | set(programme.tables)
    computed = {item: entered & set(ready.uses[item]) for item in items if not _members(programme, item)}
    found: list[tuple[str, str, tuple[str, ...], frozenset[str]]]
    found = [(item, "answer", (item,), frozenset({item})) for item in items if item in computed and not computed[item]]
    for name in (*programme.inputs, *programme.tables):
        resting = tuple(item for item in items if name in computed.get(item, ()))
        if resting:
            between = {indicator for indicator in programme.indicators if name in ready.uses[indicator]}
            columns = {f"{name}.{column.column}" for column in programme.tables[name].columns} if name in programme.tables else set()
            found.append((name, "data", resting, frozenset({name, *resting, *between, *columns})))
    return tuple(found)


def _members(programme: Programme, item: str) -> tuple[str, ...]:
    return getattr(programme.criteria[item].method, "of", ()) if item in programme.criteria else ()
