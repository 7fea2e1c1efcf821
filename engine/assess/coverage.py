"""What the examples of a ruleset show: every branch that its elements have, and those that some example expects and reaches.

Only what an example expects counts: a verdict that nobody looked at shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from engine.assess.membership import has_weights
from engine.assess.results import Assessment, CriterionResult, Judged, Status
from engine.language import parse_number
from engine.ruleset.clauses import ALWAYS
from engine.ruleset.methods import (
    All,
    Bands,
    Choose,
    Conform,
    Count,
    Declare,
    Holds,
    Interpolate,
    Judgement,
    KOf,
    Membership,
    Rank,
    Ratio,
    Threshold,
)
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Gate
from engine.texts import say

DETERMINATION = "/determination"
_YES_NO = (Conform, Holds, All, KOf)
_LADDERS = (Rank, Count)
_SHARES = ("full", "between", "none")


class Branch(NamedTuple):
    """One way in which an element can come out; ``at`` says which of several limits, bases, steps, levels, outcomes or tiers."""

    element: str
    branch: str
    at: str = ""

    def text(self, lang: str = "zh") -> str:
        """The branch in words."""
        at = self.at
        if self.branch in _SHARES and at:
            at = say("coverage.basis", lang, at=at)
        elif self.branch == "outcome":
            at = say(f"statuses.outcome.{at}", lang)
        return say(f"coverage.branch.{self.branch}", lang, at=at)


@dataclass(frozen=True, slots=True)
class ExampleCoverage:
    """The branches of the elements of a programme, and those that no example shows."""

    programme: Programme
    branches: tuple[Branch, ...]
    lacking: tuple[Branch, ...]

    def title(self, element: str, lang: str = "zh") -> str:
        """What people call the element of a branch: a rule has no other name than its id."""
        return say("coverage.determination", lang) if element == DETERMINATION else self.programme.title(element, lang)

    @property
    def wanted(self) -> int:
        """How many branches are to be shown."""
        return len(self.branches)

    @property
    def covered(self) -> int:
        """How many branches some example shows."""
        return self.wanted - len(self.lacking)

    def of(self, elements: Collection[str]) -> tuple[int, int]:
        """How many branches of some elements are shown, and how many there are."""
        wanted, lacking = (sum(branch.element in elements for branch in found) for found in (self.branches, self.lacking))
        return wanted - lacking, wanted


def coverage_of(programme: Programme, hits: Iterable[Branch]) -> ExampleCoverage:
    """What of a programme its examples show; under a scheme only what the scheme adds, since the standard has examples of its own."""
    wanted, shown = tuple(dict.fromkeys(branches(programme))), frozenset(hits)
    lacking = tuple(branch for branch in wanted if branch not in shown)
    return ExampleCoverage(programme, wanted, lacking)


def coverage_plain(coverages: Iterable[ExampleCoverage]) -> list[dict[str, Any]]:
    """What examples show of each programme as plain data for JSON, with the words of what none shows in both languages."""
    return [
        {
            "kind": coverage.programme.standard.kind,
            "branches": coverage.wanted,
            "shown": coverage.covered,
            "not_shown": [
                {
                    "element": branch.element,
                    "branch": branch.branch,
                    "at": branch.at,
                    "text": {lang: branch.text(lang) for lang in ("zh", "en")},
                }
                for branch in coverage.lacking
            ],
        }
        for coverage in coverages
    ]


# --- what there is to show ----------------------------------------------------------------------------------------------


def branches(programme: Programme) -> Iterator[Branch]:
    """Every branch of the gates, criteria and rules that are to be shown, and the lines and tiers of a scheme's determination."""
    own = programme.standard if programme.bare else programme.settings
    demands: Mapping[str, Gate | Criterion] = {**programme.gates, **programme.criteria}
    for name, demand in demands.items():
        if name not in programme.part_of and (programme.bare or name in programme.local):
            yield from (Branch(name, *branch) for branch in _of_demand(demand, programme))
    for rule in own.rules:
        yield from (Branch(rule.rule, branch) for branch in ("fires", "rests")[: 1 if rule.when == ALWAYS else 2])
    if programme.bare:
        return
    for line in programme.settings.determination:
        if any(_can_hold(condition, programme) for condition in line.any_of):
            yield Branch(DETERMINATION, "outcome", line.outcome)
        if "proxy_only" in line.any_of and programme.precheck_only:
            return  # it always holds, so no later line is ever reached, and no tier or level is given
    for tier in (*(tier.tier for tier in programme.settings.tiers), *programme.levels):
        yield Branch(DETERMINATION, "tier", tier)


def _can_hold(condition: str, programme: Programme) -> bool:
    """Whether a condition of the determination table can hold under a programme at all."""
    marked, levelled = programme.mark.text is not None, bool(programme.levels)
    if condition.startswith("gate"):
        return bool(programme.gates)
    if condition.startswith("veto"):
        return any(rule.then.veto for rule in programme.rules)
    required = {name for name, criterion in programme.criteria.items() if criterion.kind == "required"}
    if condition == "floor_not_met":
        return bool(required & programme.floors)
    if condition == "required_not_met":
        return bool(required - programme.floors)
    if condition == "required_open":
        return bool(required)
    if condition == "proxy_only":
        return bool(programme.precheck_only)
    if condition == "year_open":
        return programme.standard.years > 1
    if condition == "below_levels":
        return levelled and (has_weights(programme) or any(programme.criteria[name].limiting for name in programme.indexed))
    if "level" in condition:
        return levelled
    return not marked and not levelled if condition == "no_mark" else marked


def _unknown(figures: Iterable[str | None], programme: Programme) -> bool:
    """Whether one of some operands is a parameter whose figure nobody knows yet: then nothing can be met or missed."""
    return any(name in programme.parameter_figures and programme.parameter_figures[name].value is None for name in figures if name)


def _of_limits(method: Threshold, programme: Programme) -> Iterator[tuple[str, str]]:
    """Each limit kept and broken; one that is not known leaves open."""
    several = len(method.limits) > 1
    for i, limit in enumerate(method.limits):
        if _unknown(limit.parts().values(), programme):
            yield "open", ""
        elif several:
            yield from ((f"limit_{word}", str(i + 1)) for word in ("kept", "broken"))
        else:
            yield from (("met", ""), ("not_met", ""))


def _of_demand(demand: Gate | Criterion, programme: Programme) -> Iterator[tuple[str, str]]:
    method = demand.method
    if demand.applies_when is not None:
        yield "does_not_apply", ""
    if demand.judged_when is not None:
        yield "judged", ""
    if isinstance(method, Threshold):
        yield from _of_limits(method, programme)
    elif isinstance(method, _YES_NO):
        yield from (("met", ""), ("not_met", ""))
    elif isinstance(method, Declare):
        yield from (("met", ""), ("open", ""))
    elif isinstance(method, Interpolate):
        several = len(method.bases) > 1
        yield from ((word, str(i + 1) if several else "") for i in range(len(method.bases)) for word in _SHARES)
    elif isinstance(method, Bands):
        ladder = [("full", ""), ("between", "")] if not method.steps else [("step", step.points) for step in method.steps]
        yield from (*ladder, ("none", ""))
    elif isinstance(method, _LADDERS):
        yield from ((word, "") for word in _SHARES)
    elif isinstance(method, Ratio | Choose):
        yield from (("full", ""), ("less", ""))
    elif isinstance(method, Membership):
        # A level that asks for the same as a better one is never the best that is reached.
        asked = {(level.limit, level.when): level.level for level in reversed(method.levels)}
        yield from (*(("level", level) for level in asked.values()), ("no_level", ""))
    elif isinstance(method, Judgement):
        yield from [("step", step) for step in method.steps] or [("full", ""), ("none", "")]


# --- what an example shows ----------------------------------------------------------------------------------------------

Chosen = Callable[[str, Sequence[str | None], str], int | None]
"""Which alternative of an element applies: its id, the alternatives' conditions and the name of their list."""


def shown_by(result: Assessment, programme: Programme, expect: Mapping[str, Any], chosen: Chosen) -> frozenset[Branch]:
    """The branches that an example both expects something of and reaches."""
    judged: dict[str, Judged] = {one.id: one for one in result.judged}
    found: set[Branch] = set()
    for name in expect:
        if name in judged:
            demand = programme.criteria.get(name) or programme.gates[name]
            found.update(Branch(name, *branch) for branch in _reached(judged[name], demand, chosen))
    concluded = {finding.rule: finding.open for finding in result.findings}
    found.update(Branch(rule, "fires") for rule in expect.get("findings", ()) if concluded.get(rule) is False)
    found.update(Branch(rule, "rests") for rule in expect.get("no_findings", ()) if rule not in concluded)
    if "outcome" in expect:
        found.add(Branch(DETERMINATION, "outcome", result.determination.outcome))
    if "tier" in expect and result.determination.tier:
        found.add(Branch(DETERMINATION, "tier", result.determination.tier))
    return frozenset(found)


def _reached(result: Judged, demand: Gate | Criterion, chosen: Chosen) -> Iterator[tuple[str, str]]:
    method, status = demand.method, result.status
    if status is Status.NOT_APPLICABLE:
        yield "does_not_apply", ""
    elif status is Status.UNDETERMINED:
        yield "open", ""
    elif demand.judged_when is not None and result.reason.code == "judged":
        yield "judged", ""
    elif isinstance(method, Threshold) and len(method.limits) > 1:
        at = chosen(result.id, [limit.when for limit in method.limits], "limits")
        yield ("limit_kept" if status is Status.MET else "limit_broken"), str((at or 0) + 1)
    elif status in (Status.MET, Status.NOT_MET):
        yield status.value, ""
    elif isinstance(method, Membership) and isinstance(result, CriterionResult):
        yield ("level", result.level) if result.level else ("no_level", "")
    elif isinstance(result, CriterionResult):
        yield from ((word, _basis(result.id, method, chosen)) for word in _share(result))
        if isinstance(method, Bands | Judgement):
            steps = [step.points for step in method.steps] if isinstance(method, Bands) else method.steps
            yield from (("step", step) for step in steps if parse_number(step) == result.points.low)


def _basis(name: str, method: object, chosen: Chosen) -> str:
    """Which of several bases of comparison applies."""
    if not isinstance(method, Interpolate) or len(method.bases) < 2:
        return ""
    return str((chosen(name, [basis.when for basis in method.bases], "bases") or 0) + 1)


def _share(result: CriterionResult) -> Iterator[str]:
    """How much of its points a criterion has earned."""
    points = result.points.low
    if points >= result.max:
        yield "full"
    else:
        yield "less"
        yield "between" if points > Fraction(0) else "none"
