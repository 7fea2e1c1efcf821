"""How far every measured value is from the places where its verdict turns, and the total from its marks. Computed exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from engine.advise.edges import Edge, edges_of
from engine.advise.scene import Scene
from engine.assess.results import Assessment, Interval, Shown
from engine.language import parse_number
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Gate


@dataclass(frozen=True, slots=True)
class Cliff:
    """An edge next to the value of a gate or criterion.

    ``distance`` is the edge less the value, in the unit the value prints in; ``share`` the same as a share of the value, None where that
    is zero. ``good`` says whether the value is on the good side. The edge is the next one above, below, or where the value stands.
    """

    item: str
    kind: str
    value: Shown
    edge: Shown
    distance: Fraction
    share: Fraction | None
    good: bool

    @property
    def direction(self) -> str:
        """On which side of the value the edge lies."""
        return "at" if not self.distance else "above" if self.distance > 0 else "below"


@dataclass(frozen=True, slots=True)
class MarkDistance:
    """A mark of the total: the total less it, as an interval while things are open; reached where that is not below zero."""

    kind: str
    name: str
    mark: Fraction
    ahead: Interval


def cliffs(scene: Scene) -> tuple[Cliff, ...]:
    """For every gate and criterion that is computed: the next edges of its value on both sides, those nearest first."""
    found: list[Cliff] = []
    demands: dict[str, Gate | Criterion] = {**scene.programme.gates, **scene.programme.criteria}
    for name, demand in demands.items():
        if _applies(scene, name):
            found += _nearest(_cliffs(scene, name, (e for e in edges_of(scene.run, name, demand) if not e.stop)))
    return tuple(sorted(found, key=lambda cliff: (cliff.share is None, abs(cliff.share or 0))))


def _applies(scene: Scene, name: str) -> bool:
    result = scene.results[name]
    return result.reason.code not in ("does_not_apply", "not_applicable", "nothing_to_measure", "judged")


def _cliffs(scene: Scene, name: str, edges: Iterable[Edge]) -> Iterator[Cliff]:
    env = scene.run.env
    for edge in edges:
        value, limit = edge.value.run(env), edge.limit.run(env)
        if isinstance(value, Fraction) and isinstance(limit, Fraction):
            shown = edge.value.shown(value)
            gap = limit - value
            as_edge = shown._replace(value=limit, entered="", places=None)
            share = gap / abs(value) if value else None
            yield Cliff(name, edge.kind, shown._replace(entered=""), as_edge, gap / shown.factor, share, edge.kept(env))


def _nearest(found: Iterable[Cliff]) -> list[Cliff]:
    """The next edge on each side of each value, and those where it stands."""
    nearest: dict[tuple[Shown, str], Cliff] = {}
    for cliff in sorted(found, key=lambda each: abs(each.distance)):
        nearest.setdefault((cliff.value, cliff.direction), cliff)
    return list(nearest.values())


def mark_distances(assessment: Assessment, programme: Programme) -> tuple[MarkDistance, ...]:
    """How far the total is ahead of the pass mark and of every tier's mark, or the index of every level of its own."""
    if assessment.levels:
        known = [(level, level.mark) for level in assessment.levels if level.mark is not None]
        return tuple(MarkDistance("level", level.level, mark, _less(level.index, mark)) for level, mark in known)
    marks = [("mark", "", assessment.mark)] if assessment.mark is not None else []
    marks += [("tier", t.tier, parse_number(t.mark.value)) for t in programme.settings.tiers if t.mark.value is not None]
    return tuple(MarkDistance(kind, name, mark, _less(assessment.score, mark)) for kind, name, mark in marks)


def _less(interval: Interval, mark: Fraction) -> Interval:
    return Interval(interval.low - mark, None if interval.high is None else interval.high - mark)
