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
NOTHING = (ZERO, ZERO)


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
    lows: list[Fraction] = []
    highs: list[Fraction | None] = []
    known = True
    for low, high in intervals:
        lows.append(low)
        highs.append(high)
        known = known and low is high
    low = total(lows)
    if known:
        return Interval(low, low)
    bounded = [high for high in highs if high is not None]
    return Interval(low, total(bounded) if len(bounded) == len(highs) else None)


def scale(interval: Interval, factor: Fraction) -> Interval:
    """An interval times a factor that is not negative."""
    low, high = interval
    scaled = low * factor
    return Interval(scaled, scaled if high is low else None if high is None else high * factor)


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
    maxima = _maxima(programme, tuple(raw.dimension for raw in raws if raw.max and raw.applicable))
    dimensions = tuple(_dimension(programme, raw, maxima.get(raw.dimension, NOTHING)) for raw in raws)
    return Score(dimensions, add(d.contribution for d in dimensions), total(most for most, _ in maxima.values()), acted)


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


@lru_cache(maxsize=1024)
def _maxima(programme: Programme, live: tuple[str, ...]) -> dict[str, tuple[Fraction, Fraction]]:
    """What each dimension can contribute, and what one raw point of it does.

    A dimension that does not apply at all hands its share to the others in proportion.
    """
    most = {name: points for name, (_, points) in _layout(programme).items() if points}
    aggregate = programme.standard.aggregate
    if aggregate == "weighted":
        shares = {name: programme.weights[name].value or ZERO for name in most}
    elif aggregate == "sum":
        shares = most
    elif aggregate == "mean":
        shares = dict.fromkeys(most, HUNDRED / len(most)) if most else {}
    else:  # index: the mean of all ratios, whatever dimension they stand in
        shares = {name: HUNDRED * points / total(most.values()) for name, points in most.items()}
    left = total(shares[name] for name in live)
    stretched = {name: shares[name] * total(shares.values()) / left for name in live} if left else {}
    return {name: (maximum, maximum / most[name]) for name, maximum in stretched.items()}


def _dimension(programme: Programme, raw: _Raw, worth: tuple[Fraction, Fraction]) -> DimensionResult:
    maximum, per_point = worth
    number = programme.dimensions[raw.dimension].number or ""
    gone = bool(raw.max) and not raw.applicable
    return DimensionResult(raw.dimension, number, raw.weight, raw.points, raw.max, scale(raw.points, per_point), maximum, gone)
