"""What each criterion contributes to the total: parts that add up to it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.assess.membership import deciding, reached
from engine.assess.results import Assessment, CriterionResult, DimensionResult, Interval, Status
from engine.assess.score import ZERO, scale
from engine.language.numbers import total
from engine.ruleset.methods import Choose
from engine.ruleset.programme import Programme

NOTHING = Interval(ZERO, ZERO)


def shares(assessment: Assessment, programme: Programme) -> Mapping[str, Interval]:
    """What every criterion contributes to the total; members of a choose-n group stand in their group.

    Where levels are assessed without known weights, nobody can say who contributes what: then there are none.
    """
    if assessment.levels:
        return _level_shares(assessment)
    grouped = {member for c in programme.criteria.values() if isinstance(c.method, Choose) for member in c.method.of}
    counted = [criterion for criterion in assessment.criteria if criterion.id not in grouped]
    found: dict[str, Interval] = {}
    for dimension in assessment.dimensions:
        members = [criterion for criterion in counted if criterion.dimension == dimension.id]
        found |= _of_dimension(dimension, members, programme.settings.na_policy.value)
    return found


def _of_dimension(dimension: DimensionResult, members: list[CriterionResult], policy: str) -> dict[str, Interval]:
    """Points times what one of them is worth in the total, after what does not apply has left."""
    if not dimension.raw_max or not dimension.max:
        return dict.fromkeys((member.id for member in members), NOTHING)
    worth = dimension.max / dimension.raw_max
    if policy == "renormalise":
        worth *= dimension.raw_max / total(member.max for member in members if member.status is not Status.NOT_APPLICABLE)
    return {member.id: scale(_points(member, policy), worth) for member in members}


def _points(member: CriterionResult, policy: str) -> Interval:
    if member.status is not Status.NOT_APPLICABLE:
        return member.points
    return Interval(member.max, member.max) if policy == "full_marks" else NOTHING


def _level_shares(assessment: Assessment) -> dict[str, Interval]:
    """Where levels are assessed: the weights of those that reach the level whose index is the score."""
    rank = len(assessment.levels) - assessment.levels.index(deciding(assessment.levels))
    known: list[tuple[CriterionResult, Fraction]] = [(c, c.weight) for c in assessment.criteria if c.weight is not None]
    return {criterion.id: scale(reached(criterion, rank), weight) for criterion, weight in known}
