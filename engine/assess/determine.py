"""The conclusion: the first line of the scheme's table that holds, and whether anything still open could change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from engine.assess.results import (
    Assessment,
    CriterionResult,
    Determination,
    Finding,
    GateResult,
    Interval,
    LevelResult,
    Names,
    Param,
    Reason,
    Status,
    YearResult,
)
from engine.language import parse_number, round_half_even
from engine.ruleset.programme import Programme


@dataclass(frozen=True, slots=True)
class _Fact:
    """One condition of the table: whether it holds now, could hold once everything is known, and of what it speaks."""

    now: bool
    surely: bool
    possibly: bool
    names: tuple[str, ...] = ()


_NEVER = _Fact(False, False, False)


def determine(
    programme: Programme,
    gates: Sequence[GateResult],
    criteria: Sequence[CriterionResult],
    findings: Sequence[Finding],
    total: Interval,
    years: Sequence[YearResult] = (),
    levels: Sequence[LevelResult] = (),
    *,
    provisional: bool,
) -> Determination:
    """Outcome and tier by the scheme's ordered table; ``settled`` where no completion of what is open changes them."""
    facts = _all_facts(programme, gates, criteria, findings, total, years, levels)
    line = next((line for line in programme.settings.determination if any(facts[c].now for c in line.any_of)), None)
    outcome = line.outcome if line else "incomplete"
    worst, best = (_reached(levels), _possible(levels)) if levels else (_tier(programme, total.low), _tier(programme, total.high))
    tier = worst if outcome == "eligible" else None
    holding = [c for c in (line.any_of if line else ()) if facts[c].now]
    reasons = tuple(reason for c in holding for reason in _reasons(c, facts[c], levels, total, programme))
    settled = _reachable(programme, facts) == {outcome} and (outcome != "eligible" or worst == best)
    return Determination(outcome, tier, settled, provisional, reasons)


class Asked(NamedTuple):
    """A condition of the table: whether it holds now, whether some completion of what is open makes it hold, and of what it speaks."""

    condition: str
    now: bool
    possibly: bool
    names: tuple[str, ...]


class LineRead(NamedTuple):
    """A line of the table as it was read: its outcome, its conditions, and whether it is the one that decides."""

    outcome: str
    asked: tuple[Asked, ...]
    decides: bool


def lines_read(assessment: Assessment, programme: Programme) -> tuple[LineRead, ...]:
    """The scheme's table as it was read for an assessment: every line with its conditions, the first that holds decides."""
    a = assessment
    facts = _all_facts(programme, a.gates, a.criteria, a.findings, a.score, a.years, a.levels)
    found: list[LineRead] = []
    for line in programme.settings.determination:
        asked = tuple(Asked(name, facts[name].now, facts[name].possibly, facts[name].names) for name in line.any_of)
        decides = any(one.now for one in asked) and not any(before.decides for before in found)
        found.append(LineRead(line.outcome, asked, decides))
    return tuple(found)


def _all_facts(
    programme: Programme,
    gates: Sequence[GateResult],
    criteria: Sequence[CriterionResult],
    findings: Sequence[Finding],
    total: Interval,
    years: Sequence[YearResult],
    levels: Sequence[LevelResult],
) -> Mapping[str, _Fact]:
    return {**_facts(programme, gates, criteria, findings, total), "year_open": _open_years(years), **_level_facts(levels)}


def _facts(
    programme: Programme, gates: Sequence[GateResult], criteria: Sequence[CriterionResult], findings: Sequence[Finding], total: Interval
) -> Mapping[str, _Fact]:
    floors = programme.floors
    precheck = bool(programme.precheck_only)
    required = [c for c in criteria if c.kind == "required"]
    vetoes = tuple(f.rule for f in findings if f.severity == "veto" and not f.open)
    open_vetoes = tuple(f.rule for f in findings if f.severity == "veto" and f.open)
    facts = {
        "gate_not_met": _negative(gates),
        "gate_open": _open(gates),
        "required_not_met": _negative([c for c in required if c.id not in floors]),
        "floor_not_met": _negative([c for c in required if c.id in floors]),
        "required_open": _open(required),
        "veto": _Fact(bool(vetoes), bool(vetoes), bool(vetoes or open_vetoes), vetoes),
        "veto_open": _Fact(bool(open_vetoes), False, False, open_vetoes),
        "below_mark": _NEVER,
        "mark_open": _NEVER,
        "at_mark": _NEVER,
        "no_mark": _NEVER,
        "proxy_only": _Fact(precheck, precheck, precheck),
    }
    mark = programme.mark.value
    if mark is None:
        return facts | {"no_mark": _Fact(True, True, True)}
    low, high = _rounded(total.low, programme), _rounded(total.high, programme)
    below = high is not None and high < mark
    reached = low is not None and low >= mark
    return facts | {
        "below_mark": _Fact(below, below, not reached),
        "mark_open": _Fact(not below and not reached, False, False),
        "at_mark": _Fact(reached, reached, not below),
    }


LEVEL_FACTS = ("below_levels", "level_open", "at_level")


def _level_facts(levels: Sequence[LevelResult]) -> Mapping[str, _Fact]:
    """Whether a level is reached, none can be, or both are open; where levels are assessed, no mark says nothing."""
    if not levels:
        return dict.fromkeys(LEVEL_FACTS, _NEVER)
    reached, possible = _reached(levels) is not None, _possible(levels) is not None
    return {
        "below_levels": _Fact(not possible, not possible, not reached),
        "level_open": _Fact(possible and not reached, False, False),
        "at_level": _Fact(reached, reached, possible),
        "no_mark": _NEVER,
    }


def _reached(levels: Sequence[LevelResult]) -> str | None:
    """The best level that is reached for certain."""
    return next((level.level for level in levels if level.reached), None)


def _possible(levels: Sequence[LevelResult]) -> str | None:
    """The best level that what is open may lead to."""
    return next((level.level for level in levels if level.possible), None)


def _level_reason(condition: str, levels: Sequence[LevelResult]) -> Reason:
    """The level that is reached, or why the last one is not."""
    level = next((level for level in levels if level.reached), levels[-1])
    params: tuple[tuple[str, Param], ...] = (
        ("level", level.level),
        ("low", level.index.low),
        ("high", level.index.high if level.index.high is not None else "∞"),
        ("mark", level.mark if level.mark is not None else "—"),
    )
    if condition == "below_levels" and level.barred_by:
        return Reason("levels_barred", (*params, ("names", Names(level.barred_by))))
    if condition == "level_open" and level.open_by:
        return Reason("levels_open_by", (*params, ("names", Names(level.open_by))))
    return Reason(condition, params)


def _open_years(years: Sequence[YearResult]) -> _Fact:
    incomplete = tuple(str(year.year) for year in years if not year.complete)
    return _Fact(bool(incomplete), False, False, incomplete)


def _negative(results: Sequence[GateResult] | Sequence[CriterionResult]) -> _Fact:
    broken = tuple(r.id for r in results if r.status is Status.NOT_MET)
    return _Fact(bool(broken), bool(broken), bool(broken) or any(r.status is Status.UNDETERMINED for r in results), broken)


def _open(results: Sequence[GateResult] | Sequence[CriterionResult]) -> _Fact:
    open_ = tuple(r.id for r in results if r.status is Status.UNDETERMINED)
    return _Fact(bool(open_), False, False, open_)


def _rounded(number: Fraction | None, programme: Programme) -> Fraction | None:
    """Marks compare with the exact total unless the scheme states to how many places the total is rounded first."""
    places = programme.settings.mark_places
    return number if number is None or places is None else round_half_even(number, Fraction(1, 10**places))


def _reachable(programme: Programme, facts: Mapping[str, _Fact]) -> set[str]:
    """The outcomes that some completion of what is open leads to; nothing is open then, so lines about open items do not hold."""
    outcomes: set[str] = set()
    for line in programme.settings.determination:
        if any(facts[c].possibly for c in line.any_of):
            outcomes.add(line.outcome)
        if any(facts[c].surely for c in line.any_of):
            break
    return outcomes


def _tier(programme: Programme, total: Fraction | None) -> str | None:
    """The highest tier whose mark the total reaches; an unbounded total reaches the highest."""
    total = _rounded(total, programme)
    marks = [(parse_number(tier.mark.value), tier.tier) for tier in programme.settings.tiers if tier.mark.value is not None]
    reached = [(mark, tier) for mark, tier in marks if total is None or total >= mark]
    return max(reached)[1] if reached else None


def _reasons(condition: str, fact: _Fact, levels: Sequence[LevelResult], total: Interval, programme: Programme) -> tuple[Reason, ...]:
    """Why a condition holds; there may be several causes of a mere pre-check."""
    if condition == "proxy_only":
        return tuple(Reason(condition, (("because", Reason(f"precheck_{cause}")),)) for cause in programme.precheck_only)
    return (_level_reason(condition, levels) if condition in LEVEL_FACTS else _reason(condition, fact, total, programme),)


def _reason(condition: str, fact: _Fact, total: Interval, programme: Programme) -> Reason:
    if fact.names:
        return Reason(condition, (("names", Names(fact.names)), ("count", Fraction(len(fact.names)))))
    mark = programme.mark.value
    if condition in ("below_mark", "mark_open", "at_mark") and mark is not None:
        high = total.high if total.high is not None else "∞"
        return Reason(condition, (("low", total.low), ("high", high), ("mark", mark)))
    nothing_scored = condition == "no_mark" and not any(figure.value for figure in programme.points.values())
    return Reason("nothing_scored" if nothing_scored else condition)
