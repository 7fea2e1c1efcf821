"""What is still open in a result, and how much of the score hangs on each item."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.assess.membership import deciding, reached
from engine.assess.results import Assessment, CriterionResult, DimensionResult, Reason, Status
from engine.ruleset.methods import Choose
from engine.ruleset.programme import Programme

ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)


@dataclass(frozen=True, slots=True)
class Gap:
    """An open gate or criterion.

    ``kind`` is ``gate`` or the criterion's kind. ``worth`` is by how much settling the item narrows the total (high less low),
    in points of the total: zero where it carries none, None where nothing bounds it.
    """

    id: str
    number: str
    kind: str
    reason: Reason
    worth: Fraction | None

    @property
    def blocks(self) -> bool:
        """Whether nothing can be concluded in the applicant's favour while this is open."""
        return self.kind in ("gate", "required")


def gaps(assessment: Assessment, programme: Programme) -> tuple[Gap, ...]:
    """Every open gate and criterion: gates first, then criteria by their worth, unbounded ones before all others.

    Members of a choose-n group stand in their group: it alone counts in the total, and its reason names them. The worths of the
    criteria add up to the width of the score interval.
    """
    open_gates = (Gap(g.id, g.number, "gate", g.reason, ZERO) for g in assessment.gates if g.status is Status.UNDETERMINED)
    dimensions = {dimension.id: dimension for dimension in assessment.dimensions}
    grouped = {member for c in programme.criteria.values() if isinstance(c.method, Choose) for member in c.method.of}
    counted = [criterion for criterion in assessment.criteria if criterion.id not in grouped]
    policy = programme.settings.na_policy.value
    found = []
    for criterion in counted:
        if criterion.status is Status.UNDETERMINED:
            beside = [other for other in counted if other.dimension == criterion.dimension]
            if assessment.levels:
                worth = _level_worth(criterion, assessment, programme)
            else:
                worth = _worth(criterion, dimensions[criterion.dimension], beside, policy)
            found.append(Gap(criterion.id, criterion.number, criterion.kind, criterion.reason, worth))
    found.sort(key=lambda gap: (gap.worth is not None, -(gap.worth or ZERO), not gap.blocks))
    return (*open_gates, *found)


def _worth(criterion: CriterionResult, dimension: DimensionResult, beside: list[CriterionResult], policy: str) -> Fraction | None:
    """The criterion's span times what one raw point of its dimension contributes to the total."""
    if not criterion.max:
        return ZERO
    if criterion.points.high is None:
        return None
    stretch = ONE
    if policy == "renormalise":
        stretch = dimension.raw_max / sum((other.max for other in beside if other.status is not Status.NOT_APPLICABLE), ZERO)
    return (criterion.points.high - criterion.points.low) * stretch * dimension.max / dimension.raw_max


def _level_worth(criterion: CriterionResult, assessment: Assessment, programme: Programme) -> Fraction | None:
    """The criterion's share of the index that is the score, where reaching its level is still open; None without known weights."""
    if criterion.id not in programme.indexed:
        return ZERO
    rank = len(assessment.levels) - assessment.levels.index(deciding(assessment.levels))
    if reached(criterion, rank).is_point:
        return ZERO
    return None if criterion.weight is None else HUNDRED * criterion.weight
