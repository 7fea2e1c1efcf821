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
        rank = deciding_rank(assessment)
        known: list[tuple[CriterionResult, Fraction]] = [(c, c.weight) for c in assessment.criteria if c.weight is not None]
        return {criterion.id: scale(reached(criterion, rank), weight) for criterion, weight in known}
    policy = programme.settings.na_policy.value
    counted = {criterion.id: criterion for criterion in assessment.criteria}
    return {name: scale(_points(counted[name], policy), worth) for name, worth in worths(assessment, programme).items()}


def deciding_rank(assessment: Assessment) -> int:
    """What an indicator must count at least for the level whose index is the score."""
    return len(assessment.levels) - assessment.levels.index(deciding(assessment.levels))


def worths(assessment: Assessment, programme: Programme) -> Mapping[str, Fraction]:
    """What one point of every criterion that counts by itself is worth in the total, after what does not apply has left."""
    grouped = {member for c in programme.criteria.values() if isinstance(c.method, Choose) for member in c.method.of}
    found: dict[str, Fraction] = {}
    for dimension in assessment.dimensions:
        members = [c for c in assessment.criteria if c.dimension == dimension.id and c.id not in grouped]
        worth = _worth(dimension, members, programme.settings.na_policy.value)
        found |= dict.fromkeys((member.id for member in members), worth)
    return found


def _worth(dimension: DimensionResult, members: list[CriterionResult], policy: str) -> Fraction:
    if not dimension.raw_max or not dimension.max:
        return ZERO
    if policy != "renormalise":
        return dimension.max / dimension.raw_max
    return dimension.max / total(member.max for member in members if member.status is not Status.NOT_APPLICABLE)


def _points(member: CriterionResult, policy: str) -> Interval:
    if member.status is not Status.NOT_APPLICABLE:
        return member.points
    return Interval(member.max, member.max) if policy == "full_marks" else NOTHING
