"""Levels: the comprehensive index of each from the levels that the indicators reach, and which of them is reached altogether.

An indicator that reaches a level belongs to all lower ones too. Y of a level is the sum over dimensions of their weight times
the share of indicator weights that reach it, out of 100; weights of indicators that do not apply go to the others of their
dimension. A level is reached when its index is, and every limiting indicator reaches it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.assess.results import CriterionResult, DimensionResult, Interval, LevelResult, Status
from engine.assess.score import HUNDRED, ZERO, Score, add, scale
from engine.language import Env
from engine.language.numbers import total
from engine.ruleset.compile import GROUP_SIZE, Compiled
from engine.ruleset.figures import FigureUsed
from engine.ruleset.listing import index_figures, policy_figure
from engine.ruleset.programme import Programme

UNKNOWN_INDEX = Interval(ZERO, HUNDRED)
FULL = Interval(HUNDRED, HUNDRED)


@dataclass(frozen=True, slots=True)
class Levels:
    """What came out: all levels, the best first; the criteria with their weights; as a score the index of the level that decides.

    ``policies`` are the figures that the levels rest on, and the handling of dimensions that do not apply where it acted.
    """

    results: tuple[LevelResult, ...]
    criteria: tuple[CriterionResult, ...]
    score: Score
    policies: tuple[FigureUsed, ...]


@dataclass(frozen=True, slots=True)
class _Class:
    """A dimension: its live members, their shares of it (None where a weight is not known), its own share of the whole."""

    name: str
    members: tuple[CriterionResult, ...]
    shares: tuple[Fraction, ...] | None
    weight: Fraction | None

    def index(self, rank: int, sure: frozenset[str] = frozenset()) -> Interval:
        """The index of the level that counts ``rank``, some members surely reaching it.

        Without weights, a mean lies between the least and the most of what it is of.
        """
        parts = [FULL if member.id in sure else reached(member, rank) for member in self.members]
        if not parts:
            return Interval(ZERO, ZERO)
        if self.shares is None:
            return Interval(min(one.low for one in parts), max(one.high or ZERO for one in parts))
        return add(scale(one, share) for one, share in zip(parts, self.shares, strict=True))


def assess_levels(ready: Compiled, criteria: tuple[CriterionResult, ...], env: Env) -> Levels:
    """The indices of all levels and the level reached; ``env`` holds the values that weights are computed from.

    Where the standard's weights are not all known there is no index: it lies anywhere between nothing and 100.
    """
    programme = ready.programme
    classes, gone = _weighed(programme, [_class(ready, name, criteria, env) for name in programme.dimensions])
    known = has_weights(programme)
    results: list[LevelResult] = []
    for i, name in enumerate(programme.levels):
        rank = len(programme.levels) - i
        parts = tuple((one.name, one.index(rank)) for one in classes if one.members)
        index = add(scale(one.index(rank), one.weight or ZERO) for one in classes) if known else UNKNOWN_INDEX
        results.append(_level(programme, criteria, name, index, parts))
    weighed = _with_weights(criteria, classes) if known else criteria
    score = replace(_score(programme, classes, deciding(results), known), total=_hull(classes, results) if known else UNKNOWN_INDEX)
    return Levels(tuple(results), weighed, score, _policies(programme, gone))


def has_weights(programme: Programme) -> bool:
    """Whether every weight that the indices need is stated: those of dimensions, and those of criteria inside them."""
    needed = {programme.criteria[name].dimension for name in programme.indexed}
    whole = all(programme.weights[name].value is not None for name in needed)
    return whole and all(programme.criteria[name].weight is not None for name in programme.indexed)


def may_decide(levels: Sequence[LevelResult]) -> tuple[LevelResult, ...]:
    """The levels whose index may become the score: those that are possible down to the one that is reached, or to the last."""
    certain = deciding(levels)
    above = levels[: levels.index(certain)]
    return (*(level for level in above if level.possible), certain)


def deciding(levels: Sequence[LevelResult]) -> LevelResult:
    """The level whose index is the score: the one that is reached, or the last one where none is."""
    return next((level for level in levels if level.reached), levels[-1])


def _class(ready: Compiled, name: str, criteria: tuple[CriterionResult, ...], env: Env) -> _Class:
    """The live members of a dimension with their shares: weights over the sum of those that apply."""
    programme = ready.programme
    indexed = frozenset(programme.indexed)
    live = tuple(c for c in criteria if c.dimension == name and c.id in indexed and c.status is not Status.NOT_APPLICABLE)
    weights = [_weight(ready, member.id, live, env) for member in live]
    known = [weight for weight in weights if weight is not None]
    whole = total(known)
    if len(known) < len(weights) or not whole:
        return _Class(name, live, None, programme.weights[name].value)
    return _Class(name, live, tuple(weight / whole for weight in known), programme.weights[name].value)


def _weight(ready: Compiled, name: str, live: Sequence[CriterionResult], env: Env) -> Fraction | None:
    """A criterion's weight inside its dimension, with the number of members of its group that apply."""
    formula = ready.formulas.get((name, "weight"))
    if formula is None:
        return None
    criteria = ready.programme.criteria
    group = sum(criteria[other.id].group == criteria[name].group for other in live)
    value = formula.run(replace(env, values={**env.values, GROUP_SIZE: Fraction(group)}))
    return value if isinstance(value, Fraction) and value >= 0 else None


def _weighed(programme: Programme, classes: list[_Class]) -> tuple[list[_Class], bool]:
    """Dimensions of which nothing applies hand their weight to the others in proportion, or keep it from all, by the scheme's policy."""
    indexed = {programme.criteria[name].dimension for name in programme.indexed}
    weights = {one.name: one.weight or ZERO for one in classes if one.name in indexed}
    live = total(weights[one.name] for one in classes if one.members)
    gone = live != total(weights.values())
    policy = programme.settings.class_policy
    if not gone or not live or policy is None or policy.value != "renormalise":
        return classes, gone
    return [replace(one, weight=weights.get(one.name, ZERO) * total(weights.values()) / live) for one in classes], gone


def reached(criterion: CriterionResult, rank: int) -> Interval:
    """100 where a criterion reaches the level that counts ``rank``, nothing where it does not; what is open may be either."""
    low, high = criterion.points
    return Interval(HUNDRED if low >= rank else ZERO, HUNDRED if high is None or high >= rank else ZERO)


def _level(
    programme: Programme, criteria: Sequence[CriterionResult], name: str, index: Interval, parts: tuple[tuple[str, Interval], ...]
) -> LevelResult:
    """One level: what bars it for certain, what may, and whether its index is reached; an unknown mark never is."""
    barred: list[str] = []
    open_: list[str] = []
    for criterion in criteria:
        needed = needed_rank(programme, criterion.id, name)
        if needed and criterion.status is not Status.NOT_APPLICABLE:
            part = reached(criterion, needed)
            if not part.high:
                barred.append(criterion.id)
            elif not part.low:
                open_.append(criterion.id)
    mark = programme.levels[name].value
    reached_now = mark is not None and index.low >= mark and not barred and not open_
    possible = (mark is None or _highest(index) >= mark) and not barred
    return LevelResult(name, mark, index, reached_now, possible, tuple(barred), tuple(open_), parts)


def needed_rank(programme: Programme, criterion: str, level: str) -> int:
    """What a criterion must count at least, by itself, for a level; 0 where only the index asks for it."""
    names = list(programme.levels)
    if criterion not in programme.indexed:
        return 0
    if programme.criteria[criterion].limiting:
        return len(names) - names.index(level)
    floor = next((found.floor for found in programme.standard.levels if found.level == level), None)
    return 0 if floor is None else len(names) - names.index(floor)


def _with_weights(criteria: tuple[CriterionResult, ...], classes: Sequence[_Class]) -> tuple[CriterionResult, ...]:
    """The criteria with their share of the whole, after everything that was handed on."""
    shares: dict[str, Fraction | None] = {}
    for one in classes:
        for i, member in enumerate(one.members):
            shares[member.id] = None if one.shares is None or one.weight is None else one.shares[i] * one.weight
    return tuple(criterion._replace(weight=shares.get(criterion.id)) for criterion in criteria)


def _score(programme: Programme, classes: Sequence[_Class], level: LevelResult, known: bool) -> Score:
    """The index of a level as a score with its dimensions."""
    indices: Mapping[str, Interval] = dict(level.dimensions)
    indexed = {programme.criteria[name].dimension for name in programme.indexed}
    dimensions = []
    for one in classes:
        weight, live = (one.weight or ZERO) if known else ZERO, bool(one.members)
        raw = indices.get(one.name, Interval(ZERO, ZERO))
        dimensions.append(
            DimensionResult(
                id=one.name,
                number=programme.dimensions[one.name].number or "",
                weight=programme.weights[one.name].value,
                raw=raw,
                raw_max=HUNDRED if one.name in indexed else ZERO,
                contribution=scale(raw, weight),
                max=HUNDRED * weight if live else ZERO,
                not_applicable=one.name in indexed and not live,
            )
        )
    most = total(dimension.max for dimension in dimensions) if known else HUNDRED
    return Score(tuple(dimensions), level.index, most, renormalised=False)


def _hull(classes: Sequence[_Class], levels: Sequence[LevelResult]) -> Interval:
    """Where the index lies that will decide: of a level that is still open what its index is at least once it is reached."""
    ends = []
    for level in may_decide(levels):
        rank = len(levels) - levels.index(level)
        sure = frozenset(level.open_by)
        least = total(scale(one.index(rank, sure), one.weight or ZERO).low for one in classes)
        ends.append(Interval(max(least, level.mark or ZERO), _highest(level.index)))
    if not deciding(levels).reached:
        ends[-1] = levels[-1].index
    return Interval(min(end.low for end in ends), max(_highest(end) for end in ends))


def _highest(index: Interval) -> Fraction:
    return HUNDRED if index.high is None else index.high


def _policies(programme: Programme, gone: bool) -> tuple[FigureUsed, ...]:
    marks = index_figures(programme)
    policy = programme.settings.class_policy
    if gone and policy is not None:
        marks.append(policy_figure(programme, "class_policy", policy))
    return tuple(marks)
