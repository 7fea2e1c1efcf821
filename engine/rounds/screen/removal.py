"""What becomes of an assessment when some of its items turn out not to be met: judged again from the verdicts that are there.

Nothing is read or computed anew but what such a change reaches: groups that the items are members of, the score, the rules that lead to a
veto, the determination. A value that fails takes the items that are computed from it along.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple, cast

from engine.advise.vetoes import veto_support
from engine.assess.basis import BasisRun
from engine.assess.determine import determine
from engine.assess.facts import FactBook
from engine.assess.groups import Member, all_or_k_of, choose
from engine.assess.inference import infer
from engine.assess.membership import assess_levels
from engine.assess.results import CriterionResult, Determination, Finding, GateResult, Interval, Judged, LevelResult, Status
from engine.assess.shares import worths
from engine.assess.verdicts import NOTHING, Verdict
from engine.dossier.bind import bind
from engine.language import Env, parse_number
from engine.problems import ProblemList
from engine.rounds.screen.case import Case
from engine.ruleset.compile import compiled
from engine.ruleset.methods import All, Choose, KOf
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion

GROUPS = (All, KOf, Choose)


class Removed(NamedTuple):
    """What comes out without some items: outcome, tier, and the total as an interval."""

    outcome: str
    tier: str | None
    total: Interval


class Removal:
    """One case, judged again with some of its items not met."""

    def __init__(self, case: Case) -> None:
        self.assessment, self.programme = case.assessment, case.programme
        self.case = case
        self.results: dict[str, Judged] = {item.id: item for item in self.assessment.judged}
        self.ready = compiled(self.programme)

    @cached_property
    def run(self) -> BasisRun:
        """The values behind the assessment; only levels, choices and rules ask for them."""
        bound = self.case.bound or bind(self.case.assessed, self.programme, ProblemList())
        return BasisRun(self.ready, bound, self.assessment.basis, {})

    @cached_property
    def worth(self) -> Mapping[str, Fraction]:
        """What one point of each criterion that counts by itself is worth in the total."""
        return worths(self.assessment, self.programme)

    @property
    def now(self) -> Removed:
        """What comes out as it is."""
        found = self.assessment.determination
        return Removed(found.outcome, found.tier, self.assessment.score)

    def stands(self, name: str) -> bool:
        """Whether a gate or criterion counts for the applicant: met, or scored with points."""
        item = self.results[name]
        return item.status is Status.MET or (isinstance(item, CriterionResult) and item.status is Status.SCORED and item.points.low > 0)

    def without(self, names: Iterable[str]) -> Removed:
        """What comes out when these items are not met."""
        changed = {name: _failed(self.results[name]) for name in names if self.stands(name)}
        if not changed:
            return self.now
        if changed.keys() <= plain_items(self.programme):
            total = self._total(changed)
            if not self._crosses(total):
                return self.now._replace(total=total)
        return self._again(changed)

    def _total(self, changed: Mapping[str, Judged]) -> Interval:
        """The total with other points of some items, which count as much as before: what applies still does."""
        low, high = self.assessment.score
        for name, after in changed.items():
            before = self.results[name]
            if name in self.worth and isinstance(before, CriterionResult) and isinstance(after, CriterionResult):
                low += self.worth[name] * (after.points.low - before.points.low)
                most, least = before.points.high, after.points.high
                high = None if high is None or most is None or least is None else high + self.worth[name] * (least - most)
        return Interval(low, high)

    def _crosses(self, total: Interval) -> bool:
        """Whether either end of the total falls below a mark that it had reached."""
        before, settings = self.assessment.score, self.programme.settings
        if settings.mark_places is not None:
            return True
        marks = [parse_number(tier.mark.value) for tier in settings.tiers if tier.mark.value is not None]
        marks += [self.assessment.mark] if self.assessment.mark is not None else []
        ends = [(total.low, before.low)]
        if total.high is not None and before.high is not None:
            ends.append((total.high, before.high))
        return any(after < mark <= start for mark in marks for after, start in ends)

    def _again(self, changed: dict[str, Judged]) -> Removed:
        changed = self._regrouped(changed)
        gates = tuple(cast("GateResult", changed.get(item.id, item)) for item in self.assessment.gates)
        criteria = tuple(cast("CriterionResult", changed.get(item.id, item)) for item in self.assessment.criteria)
        levels: tuple[LevelResult, ...] = ()
        if self.programme.levels:
            found = assess_levels(self.ready, criteria, self.run.env)
            criteria, levels, total = found.criteria, found.results, found.score.total
        else:
            total = self._total(changed)

        def determined(findings: tuple[Finding, ...]) -> Determination:
            a = self.assessment
            provisional = a.determination.provisional
            return determine(self.programme, gates, criteria, findings, total, a.years, levels, provisional=provisional)

        made = determined(self.assessment.findings)
        worst = self.programme.settings.determination[0].outcome
        if made.outcome != worst and changed.keys() & vetoing(self.programme):
            made = determined(self._inferred({**self.results, **changed}))
        return Removed(made.outcome, made.tier, total)

    def _regrouped(self, changed: dict[str, Judged]) -> dict[str, Judged]:
        """What changed, and the groups that are judged otherwise because of it, until none is any more."""
        groups = groups_of(self.programme)
        found = dict(changed)
        while True:
            if not any(found.keys() & set(members) for _, members in groups):
                return found
            results = {**self.results, **found}
            touched = [c for c, members in groups if c.criterion not in found and found.keys() & set(members)]
            more = {c.criterion: after for c in touched if (after := self._group(c.criterion, c.method, results)) is not None}
            if not more:
                return found
            found |= more

    def _group(self, name: str, method: object, results: Mapping[str, Judged]) -> CriterionResult | None:
        """A group over its members as they are now; nothing where it did not count before, or that makes no difference."""
        before = results[name]
        if not self.stands(name):
            return None
        assert isinstance(before, CriterionResult) and isinstance(method, GROUPS)
        found = [results[member] for member in method.of]
        members = [Member(c.id, Verdict(c.status, c.reason, c.points), c.max) for c in found if isinstance(c, CriterionResult)]
        if isinstance(method, Choose):
            verdict = choose(method, before.max, members, self.run.named(name, method))
        else:
            verdict = all_or_k_of(method, before.max, members)
        if (verdict.status, verdict.points) == (before.status, before.points):
            return None
        low = min(verdict.points.low, before.points.low)
        return before._replace(status=verdict.status, reason=verdict.reason, points=Interval(low, verdict.points.high))

    def _inferred(self, results: Mapping[str, Judged]) -> tuple[Finding, ...]:
        """What the rules conclude from the statuses as they are now."""
        env = self.run.env
        statuses = {name: item.status.value for name, item in results.items()}
        return infer(self.ready, Env(env.values, env.tables, env.lookup, statuses.__getitem__, env.year), FactBook(self.run))


def _failed(item: Judged) -> Judged:
    if isinstance(item, CriterionResult):
        return item._replace(status=Status.NOT_MET, points=NOTHING)
    return item._replace(status=Status.NOT_MET)


@lru_cache(maxsize=64)
def groups_of(programme: Programme) -> tuple[tuple[Criterion, tuple[str, ...]], ...]:
    """The criteria that are judged by others, with those."""
    return tuple((c, getattr(c.method, "of", ())) for c in programme.criteria.values() if isinstance(c.method, GROUPS))


@lru_cache(maxsize=64)
def vetoing(programme: Programme) -> frozenset[str]:
    """The gates and criteria whose status some rule looks at that leads to a veto."""
    looked_at = {name for names in veto_support(compiled(programme)).values() for name in names}
    return frozenset(looked_at & {*programme.gates, *programme.criteria})


@lru_cache(maxsize=64)
def plain_items(programme: Programme) -> frozenset[str]:
    """The criteria that only add points: neither required nor members of a group, no rule of a veto looks at them, and no levels."""
    if programme.levels:
        return frozenset()
    grouped = {member for c in programme.criteria.values() for member in getattr(c.method, "of", ())}
    plain = {name for name, c in programme.criteria.items() if c.kind != "required" and not isinstance(c.method, Choose)}
    return frozenset(plain - grouped - vetoing(programme))
