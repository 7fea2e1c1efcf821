"""One of several scored years: the score beside the same with every ratio capped at one, and whether anything is lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.assess.basis import BasisRun
from engine.assess.groups import Member, choose, chosen_of
from engine.assess.results import CriterionResult, Interval, Status, YearResult
from engine.assess.score import Score, score
from engine.assess.verdicts import Verdict
from engine.ruleset.methods import Choose


def year_result(run: BasisRun, scored: Score, criteria: Sequence[CriterionResult]) -> YearResult:
    """A year from its criteria, in the programme's order, and their score."""
    by_id = {criterion.id: criterion for criterion in criteria}
    groups = {c.criterion: c.method for c in run.programme.criteria.values() if isinstance(c.method, Choose)}
    members = {member for method in groups.values() for member in method.of}
    capped = {criterion.id: _capped(criterion) for criterion in criteria}
    for name, method in groups.items():
        capped[name] = _capped_group(by_id[name], method, capped, run)
    total = score(run.programme, [capped[criterion.id] for criterion in criteria]).total
    counted = [criterion for criterion in criteria if criterion.max and criterion.id not in members]
    lacking = tuple(c.id for c in counted if _lacks(c) or (c.id in groups and _group_lacks(c, groups[c.id], by_id, run)))
    return YearResult(run.env.year, scored.total, total, lacking, scored.dimensions, tuple(criteria))


def _capped(criterion: CriterionResult) -> CriterionResult:
    """The criterion with no more than its points."""
    low, high = criterion.points
    if high is not None and high <= criterion.max:
        return criterion
    return criterion._replace(points=Interval(min(low, criterion.max), criterion.max))


def _capped_group(group: CriterionResult, method: Choose, capped: Mapping[str, CriterionResult], run: BasisRun) -> CriterionResult:
    """A group over its capped members; where something else (a missing document) took points from it, it has no more than before."""
    found = choose(method, group.max, _members(method, capped), run.named(group.id, method)).points
    own = group.points
    high = min(end for end in (found.high, own.high, group.max) if end is not None)
    return group._replace(points=Interval(min(found.low, own.low, high), high))


def _members(method: Choose, results: Mapping[str, CriterionResult]) -> list[Member]:
    found = (results[name] for name in method.of)
    return [Member(result.id, Verdict(result.status, result.reason, result.points), result.max) for result in found]


def _lacks(result: CriterionResult) -> bool:
    """Whether something is still to be known; closing an assessment does not supply it."""
    return result.status is Status.UNDETERMINED or result.reason.code == "not_supplied"


def _group_lacks(group: CriterionResult, method: Choose, results: Mapping[str, CriterionResult], run: BasisRun) -> bool:
    """Whether one of the members that count lacks something."""
    chosen = chosen_of(method, _members(method, results), run.named(group.id, method))
    return any(_lacks(results[member.id]) for member in chosen)
