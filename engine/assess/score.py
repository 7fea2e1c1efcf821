"""From points to dimensions to the total, as intervals; what is not applicable leaves by the scheme's policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from engine.assess.results import CriterionResult, DimensionResult, Interval, Status
from engine.language.numbers import total
from engine.ruleset.methods import Choose
from engine.ruleset.programme import Programme

ZERO, HUNDRED = Fraction(0), Fraction(100)


@dataclass(frozen=True, slots=True)
class Score:
    """The total with its parts; ``renormalised`` says whether the policy for what is not applicable acted."""

    dimensions: tuple[DimensionResult, ...]
    total: Interval
    max: Fraction
    renormalised: bool


@dataclass(frozen=True, slots=True)
class _Raw:
    dimension: str
    weight: Fraction | None
    points: Interval
    max: Fraction
    applicable: Fraction


def add(intervals: Iterable[Interval]) -> Interval:
    """The sum; open above as soon as one part is."""
    parts = tuple(intervals)
    low = total(part.low for part in parts)
    if all(part.low is part.high for part in parts):
        return Interval(low, low)
    highs = [part.high for part in parts if part.high is not None]
    return Interval(low, total(highs) if len(highs) == len(parts) else None)


def scale(interval: Interval, factor: Fraction) -> Interval:
    """An interval times a factor that is not negative."""
    return Interval(interval.low * factor, None if interval.high is None else interval.high * factor)


def score(programme: Programme, criteria: Sequence[CriterionResult]) -> Score:
    """Total and dimensions by the standard's aggregation: ``weighted``, ``sum``, ``mean`` or ``index``.

    ``criteria`` are the results in the programme's order.
    """
    policy = programme.settings.na_policy.value
    acted = False
    raws = []
    for name, (positions, most) in _layout(programme).items():
        members = [criteria[i] for i in positions]
        absent = [c.max for c in members if c.status is Status.NOT_APPLICABLE]
        acted = acted or any(absent)
        raws.append(_raw(programme, name, members, most, total(absent), policy))
    scoring = [raw for raw in raws if raw.max]
    live = [raw for raw in scoring if raw.applicable]
    maxima = _maxima(programme.standard.aggregate, scoring, live)
    dimensions = tuple(_dimension(programme, raw, maxima.get(raw.dimension, ZERO)) for raw in raws)
    return Score(dimensions, add(d.contribution for d in dimensions), total(maxima.values()), acted)


@lru_cache(maxsize=64)
def _layout(programme: Programme) -> dict[str, tuple[tuple[int, ...], Fraction]]:
    """By dimension: the positions of the criteria that count there by themselves, and all their points.

    Members of a choose-n group do not: the group stands in their place.
    """
    in_groups = {member for c in programme.criteria.values() if isinstance(c.method, Choose) for member in c.method.of}
    layout = {}
    for name in programme.dimensions:
        counted = [
            (i, criterion)
            for i, (criterion, definition) in enumerate(programme.criteria.items())
            if definition.dimension == name and criterion not in in_groups
        ]
        layout[name] = (tuple(i for i, _ in counted), total(programme.points_of(criterion) for _, criterion in counted))
    return layout


def _raw(programme: Programme, name: str, members: list[CriterionResult], most: Fraction, absent: Fraction, policy: str) -> _Raw:
    """Points of one dimension: what does not apply is left out and the rest stretched, or earns all or none of its points."""
    points = add(c.points for c in members if c.status is not Status.NOT_APPLICABLE)
    applicable = most - absent
    if policy == "full_marks":
        points, applicable = add((points, Interval(absent, absent))), most
    elif policy == "zero":
        applicable = most
    elif applicable and absent:
        points = scale(points, most / applicable)
    return _Raw(name, programme.weights[name].value, points, most, applicable)


def _maxima(aggregate: str, scoring: list[_Raw], live: list[_Raw]) -> dict[str, Fraction]:
    """What each dimension can contribute; one that does not apply at all hands its share to the others in proportion."""
    if aggregate == "weighted":
        shares = {raw.dimension: raw.weight or ZERO for raw in scoring}
    elif aggregate == "sum":
        shares = {raw.dimension: raw.max for raw in scoring}
    elif aggregate == "mean":
        shares = {raw.dimension: HUNDRED / len(scoring) for raw in scoring}
    else:  # index: the mean of all ratios, whatever dimension they stand in
        everything = sum((raw.max for raw in scoring), ZERO)
        shares = {raw.dimension: HUNDRED * raw.max / everything for raw in scoring}
    whole = sum(shares.values(), ZERO)
    left = sum((shares[raw.dimension] for raw in live), ZERO)
    return {raw.dimension: shares[raw.dimension] * whole / left for raw in live} if left else {}


def _dimension(programme: Programme, raw: _Raw, maximum: Fraction) -> DimensionResult:
    definition = programme.dimensions[raw.dimension]
    contribution = scale(raw.points, maximum / raw.max) if raw.max else Interval(ZERO, ZERO)
    gone = bool(raw.max) and not raw.applicable
    return DimensionResult(raw.dimension, definition.number or "", raw.weight, raw.points, raw.max, contribution, maximum, gone)
