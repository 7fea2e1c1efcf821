"""Groups of criteria: all of them, k of them, or the n that count."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.assess.results import Interval, Names, Reason, Status
from engine.assess.score import add
from engine.assess.verdicts import NOTHING, Verdict
from engine.language import Cause
from engine.ruleset.methods import All, Choose, KOf

ZERO = Fraction(0)
_NOT_SUPPLIED = frozenset({"missing_value", "missing_rows", "missing_answer"})


@dataclass(frozen=True, slots=True)
class Member:
    """A group's member with its final verdict and the most points it can earn."""

    id: str
    verdict: Verdict
    max: Fraction

    @property
    def is_met(self) -> bool:
        """Met, or scored with all its points."""
        verdict = self.verdict
        return verdict.status is Status.MET or (verdict.status is Status.SCORED and verdict.points.low >= self.max > 0)

    @property
    def is_open(self) -> bool:
        """Not determined yet."""
        return self.verdict.status is Status.UNDETERMINED

    @property
    def is_supplied(self) -> bool:
        """Whether the dossier says anything of it, be it that a document or a benchmark is still lacking."""
        return not (self.is_open and self.verdict.reason.code in _NOT_SUPPLIED)

    @property
    def is_unbounded(self) -> bool:
        """Open above: an uncapped ratio that something is missing of."""
        return self.verdict.points.high is None

    @property
    def is_capped(self) -> bool:
        """Within the most points it can earn; an uncapped ratio may go beyond."""
        return self.verdict.points.high is not None and self.verdict.points.high <= self.max


def _applicable(members: list[Member]) -> list[Member]:
    return [member for member in members if member.verdict.status is not Status.NOT_APPLICABLE]


def all_or_k_of(method: All | KOf, most: Fraction, members: list[Member]) -> Verdict:
    """Met when enough members are; members that do not apply are left out."""
    live = _applicable(members)
    if not live:
        return Verdict(Status.NOT_APPLICABLE, Reason("group_not_applicable"), NOTHING)
    needed = len(live) if isinstance(method, All) else min(method.k, len(live))
    met = Names(member.id for member in live if member.is_met)
    open_ = Names(member.id for member in live if member.is_open)
    missed = Names(member.id for member in live if not member.is_met and not member.is_open)
    counts = (("needed", Fraction(needed)), ("count", Fraction(len(met))))
    if len(met) >= needed:
        return Verdict(Status.MET, Reason("group_met", (*counts, ("names", met))), Interval(most, most))
    if len(met) + len(open_) < needed:
        return Verdict(Status.NOT_MET, Reason("group_not_met", (*counts, ("names", missed))), NOTHING)
    causes = {cause for member in live if member.is_open for cause in member.verdict.causes}
    causes |= {Cause("undetermined", name) for name in open_}
    reason = Reason("group_open", (*counts, ("names", open_)))
    return Verdict(Status.UNDETERMINED, reason, Interval(ZERO, most), causes=tuple(sorted(causes)))


def _candidates(method: Choose, members: list[Member], named: frozenset[str]) -> list[Member]:
    """Which members may count: where enough are named or supplied, to say nothing of the others is to choose among these."""
    live = _applicable(members)
    supplied = [member for member in live if member.id in named or member.is_supplied]
    return supplied if len(supplied) >= min(method.n, len(live)) else live


def chosen_of(method: Choose, members: list[Member], named: frozenset[str]) -> list[Member]:
    """The members that count: the named ones, even without a value, then the best of the rest, ties to the earlier one."""
    candidates = _candidates(method, members, named)
    ranked = sorted(candidates, key=lambda member: (member.id not in named, -member.verdict.points.low))
    return [member for member in candidates if member in ranked[: method.n]]


def choose(method: Choose, most: Fraction, members: list[Member], named: frozenset[str]) -> Verdict:
    """The points of the members that count, in the group's place."""
    live = _applicable(members)
    if not live:
        return Verdict(Status.NOT_APPLICABLE, Reason("group_not_applicable"), NOTHING)
    chosen, candidates = chosen_of(method, members, named), _candidates(method, members, named)
    by_most = sorted(candidates, key=lambda m: (m.id not in named, not m.is_unbounded, -(m.verdict.points.high or ZERO)))
    points = Interval(add(m.verdict.points for m in chosen).low, add(m.verdict.points for m in by_most[: method.n]).high)
    if all(member.is_capped for member in candidates):
        points = Interval(min(most, points.low), min(most, points.high or ZERO))
    supplied = sum(not member.is_open for member in live)
    if supplied < min(method.n, len(live)) or any(member.is_open for member in chosen) or not points.is_point:
        open_ = Names(member.id for member in (chosen if len(named) >= method.n else candidates) if member.is_open)
        return Verdict(Status.UNDETERMINED, Reason("choose_open", (("names", open_),)), points)
    params = (("names", Names(member.id for member in chosen)), ("points", points.low), ("max", most))
    filled = Names(member.id for member in chosen if member.id not in named) if len(live) > method.n else ()
    if not filled:
        return Verdict(Status.SCORED, Reason("chosen", params), points)
    if len(filled) == len(chosen):
        return Verdict(Status.SCORED, Reason("chosen_best", params), points)
    return Verdict(Status.SCORED, Reason("chosen_filled", (*params, ("filled", filled))), points)
