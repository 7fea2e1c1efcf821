"""One gate or criterion judged by its method on one basis: status, reason, points as far as they are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from engine.assess.display import Printer
from engine.assess.results import Interval, Limits, Names, Param, Reason, Shown, Status
from engine.dossier.cells import NotDetected
from engine.language import Cause, Env, Unknown, Value, combine, parse_number, round_half_even, split_quantity, written_step
from engine.ruleset.compile import Formula
from engine.ruleset.methods import Bands, Count, Declare, Direction, Holds, Interpolate, Limit, Membership, Rank, Ratio, Threshold
from engine.ruleset.programme import Programme

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
NOTHING = Interval(ZERO, ZERO)
NO_LIMITS = Limits()


class Verdict(NamedTuple):
    """A judgement before evidence, closing and groups are looked at. ``causes`` says what an undetermined one waits for."""

    status: Status
    reason: Reason
    points: Interval
    value: Shown | None = None
    limits: Limits = NO_LIMITS
    level: str = ""
    causes: tuple[Cause, ...] = ()


class Judge(NamedTuple):
    """The operands of one element on one basis, and how they print."""

    element: str
    formulas: Mapping[tuple[str, str], Formula]
    env: Env
    max: Fraction
    printer: Printer
    programme: Programme

    def run(self, place: str) -> Value:
        """The value of an operand."""
        return self.formulas[self.element, place].run(self.env)

    def shown(self, place: str, value: Value) -> Shown:
        """A value as it prints at a place."""
        return self.printer.operand(self.element, place, value)

    # --- outcomes -------------------------------------------------------------------------------------------------

    def full_or_nothing(self, met: bool, code: str, value: Shown, limits: Limits) -> Verdict:
        params: tuple[tuple[str, Param], ...] = (("value", value), ("limits", limits))
        points = Interval(self.max, self.max) if met else NOTHING
        return Verdict(Status.MET if met else Status.NOT_MET, Reason(code, params), points, value, limits)

    def graded(self, share: Fraction, code: str, value: Shown, limits: Limits) -> Verdict:
        points = self.max * share
        params: tuple[tuple[str, Param], ...] = (("value", value), ("points", points), ("max", self.max), *limits)
        return Verdict(Status.SCORED, Reason(code, params), Interval(points, points), value, limits)

    def open(self, unknown: Unknown, value: Shown | None = None, limits: Limits = NO_LIMITS, points: Interval | None = None) -> Verdict:
        """Undetermined for the causes of an unknown operand; the worst that can be said of it names the reason.

        ``points`` is the interval that is left, from nothing to all of them where it is not given.
        """
        cause = min(unknown.causes, key=lambda c: (_RANK.get(c.code, len(_RANK)), c))
        names = Names(dict.fromkeys(c.name for c in unknown.causes if c.code == cause.code))
        reason = Reason(cause.code, (("names", names),))
        return Verdict(Status.UNDETERMINED, reason, points or Interval(ZERO, self.max), value, limits, "", unknown.causes)


_RANK = {
    code: rank
    for rank, code in enumerate(
        (
            "missing_value",
            "missing_rows",
            "not_verified",
            "zero_denominator",
            "both_zero",
            "not_positive",
            "benchmark_order",
            "unit_differs",
            "benchmark_not_verified",
            "no_benchmark",
            "undetermined",
        )
    )
}


def judge(method: object, judge: Judge) -> Verdict:
    """The verdict of a computed method. Answers and groups are judged elsewhere."""
    return _METHODS[type(method)](method, judge)


def holds(value: Value, at: Judge) -> Verdict:
    """The truth of a condition over the dossier's data."""
    if isinstance(value, Unknown):
        return at.open(value)
    return at.full_or_nothing(value is True, "holds" if value else "does_not_hold", at.shown("value", value), NO_LIMITS)


def threshold(method: Threshold, at: Judge) -> Verdict:
    """Every stated limit of the applicable basis must be kept; one that is surely broken decides alone."""
    chosen = _applicable(tuple(limit.when for limit in method.limits), "limits", at)
    if isinstance(chosen, Unknown):
        return at.open(chosen)
    value = at.run(of := method.value_of(chosen))
    limit = method.limits[chosen]
    if isinstance(value, Unknown):
        return at.open(value, None, _known_limits(limit, chosen, of, at))
    shown = at.shown(of, value)
    limits: list[tuple[str, Shown]] = []
    kept: list[bool | Unknown] = []
    for name in limit.parts():
        place = f"limits[{chosen}].{name}"
        edge = at.run(place)
        if isinstance(edge, Unknown):
            kept.append(edge)
            continue
        limits.append((name, at.shown(of, edge)))
        kept.append(_keeps(name, value, edge, at.formulas[at.element, place], method.comparison == "rounded", at.programme))
    if any(one is False for one in kept):
        return at.full_or_nothing(False, "limit_broken", shown, Limits(limits))
    unknown = [one for one in kept if isinstance(one, Unknown)]
    if unknown:
        return at.open(combine(unknown), shown, Limits(limits))
    return at.full_or_nothing(True, "limit_kept", shown, Limits(limits))


def _known_limits(limit: Limit, chosen: int, of: str, at: Judge) -> Limits:
    found = ((name, at.run(f"limits[{chosen}].{name}")) for name in limit.parts())
    return Limits((name, at.shown(of, edge)) for name, edge in found if not isinstance(edge, Unknown))


def _applicable(conditions: tuple[str | None, ...], group: str, at: Judge) -> int | Unknown:
    """The first alternative whose condition holds, or why none is known to."""
    for i, condition in enumerate(conditions):
        holds = True if condition is None else at.run(f"{group}[{i}].when")
        if isinstance(holds, Unknown):
            return holds
        if holds is True:
            return i
    return Unknown((Cause("no_basis", at.element),))


def _keeps(name: str, value: Value, edge: Value, formula: Formula, rounded: bool, programme: Programme) -> bool | Unknown:
    if isinstance(value, NotDetected):
        return _not_detected_keeps(name, value, edge)
    assert isinstance(value, Fraction) and isinstance(edge, Fraction)
    if rounded and not formula.typed.names and not formula.typed.references:
        number, unit = split_quantity(formula.typed.text)
        step = written_step(number) * programme.units.parse(unit or "1").factor
        value = round_half_even(value, step)
    return _COMPARE[name](value, edge)


def _not_detected_keeps(name: str, value: NotDetected, edge: Value) -> bool | Unknown:
    """Not detected passes only with a stated reporting limit at or below the threshold."""
    assert isinstance(edge, Fraction)
    if name in ("at_most", "less_than", "not_detected_below") and value.limit is not None and value.limit <= edge:
        return True
    return Unknown((Cause("reporting_limit", ""),))


_COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": lambda value, edge: value >= edge,
    "more_than": lambda value, edge: value > edge,
    "at_most": lambda value, edge: value <= edge,
    "less_than": lambda value, edge: value < edge,
    "not_detected_below": lambda value, edge: value < edge,
    "grade_at_least": lambda value, edge: value >= edge,
}


def declare(method: Declare, at: Judge) -> Verdict:
    """Stated is enough."""
    value = at.run("value")
    if isinstance(value, Unknown):
        return at.open(value)
    shown = at.shown("value", value)
    return Verdict(Status.MET, Reason("declared_value", (("value", shown),)), Interval(at.max, at.max), shown)


def bands(method: Bands, at: Judge) -> Verdict:
    """Steps, or half the points at the start rising linearly to all of them at the full value."""
    value = at.run("value")
    if method.steps:
        return _steps(method, value, at)
    return _ladder(value, method.direction, at)


def rank(method: Rank, at: Judge) -> Verdict:
    """A percentile: the smaller, the nearer to the best."""
    return _ladder(at.run("value"), "down", at)


def _ladder(value: Value, direction: Direction, at: Judge) -> Verdict:
    start, full = at.run("start"), at.run("full")
    for operand in (value, start, full):
        if isinstance(operand, Unknown):
            return at.open(operand)
    assert isinstance(value, Fraction) and isinstance(start, Fraction) and isinstance(full, Fraction)
    shown = at.shown("value", value)
    limits = Limits((("start", at.shown("value", start)), ("full", at.shown("value", full))))
    if reaches(value, full, direction):
        share = ONE
    elif reaches(value, start, direction):
        share = HALF + HALF * (value - start) / (full - start)
    else:
        share = ZERO
    return at.graded(share, "ladder", shown, limits)


def _steps(method: Bands, value: Value, at: Judge) -> Verdict:
    edges = [at.run(f"steps[{i}].at") for i in range(len(method.steps))]
    for operand in (value, *edges):
        if isinstance(operand, Unknown):
            return at.open(operand)
    assert isinstance(value, Fraction)
    reached = [parse_number(step.points) for step, edge in zip(method.steps, edges, strict=True) if _reaches(value, edge, method.direction)]
    points = max(reached, default=ZERO)
    shown = at.shown("value", value)
    limits = Limits((f"step{i + 1}", at.shown("value", edge)) for i, edge in enumerate(edges))
    params = (("value", shown), ("points", points), ("max", at.max))
    return Verdict(Status.SCORED, Reason("steps", params), Interval(points, points), shown, limits)


def _reaches(value: Fraction, edge: Value, direction: Direction) -> bool:
    assert isinstance(edge, Fraction)
    return reaches(value, edge, direction)


def reaches(value: Fraction, edge: Fraction, direction: Direction) -> bool:
    """Whether a value is at an edge or beyond it on the better side."""
    return value >= edge if direction == "up" else value <= edge


def interpolate(method: Interpolate, at: Judge) -> Verdict:
    """Lead and base; where one of them is unknown, the other may still decide alone (never a zero or full marks otherwise)."""
    chosen = _applicable(tuple(basis.when for basis in method.bases), "bases", at)
    if isinstance(chosen, Unknown):
        return at.open(chosen)
    value, lead, base = (at.run(f"bases[{chosen}].{name}") for name in ("value", "lead", "base"))
    place = f"bases[{chosen}].value"
    limits = Limits((name, at.shown(place, edge)) for name, edge in (("lead", lead), ("base", base)) if not isinstance(edge, Unknown))
    if isinstance(value, Unknown):
        return at.open(value, None, limits)
    assert isinstance(value, Fraction)
    return _between(value, lead, base, method.direction, at.shown(place, value), limits, at)


def count(method: Count, at: Judge) -> Verdict:
    """How many, between none that count and as many as earn all points."""
    value = at.run("value")
    if isinstance(value, Unknown):
        return at.open(value)
    number = Fraction(len(value)) if isinstance(value, frozenset) else value
    assert isinstance(number, Fraction)
    lead, base = at.run("lead"), at.run("base")
    limits = Limits((name, at.shown("lead", edge)) for name, edge in (("lead", lead), ("base", base)) if not isinstance(edge, Unknown))
    return _between(number, lead, base, "up", at.shown("lead", number), limits, at)


def _between(value: Fraction, lead: Value, base: Value, direction: Direction, shown: Shown, limits: Limits, at: Judge) -> Verdict:
    if isinstance(lead, Fraction) and isinstance(base, Fraction):
        if lead == base:
            return at.graded(ONE if reaches(value, lead, direction) else ZERO, "lead_is_base", shown, limits)
        if not reaches(lead, base, direction):
            return at.open(Unknown((Cause("benchmark_order", at.element),)), shown, limits)
        share = min(ONE, max(ZERO, (value - base) / (lead - base)))
        return at.graded(share, "interpolated", shown, limits)
    if isinstance(lead, Fraction) and reaches(value, lead, direction):
        return at.graded(ONE, "lead_reached", shown, limits)
    if isinstance(base, Fraction) and not reaches(value, base, direction):
        return at.graded(ZERO, "base_missed", shown, limits)
    return at.open(combine((lead, base)), shown, limits)


def ratio(method: Ratio, at: Judge) -> Verdict:
    """Value over reference, or reference over value where less is better; never below nothing, and uncapped without an upper bound.

    Where less is better, nothing is better than a value at or below zero: the cap is reached, and without one there is no ratio.
    """
    value, reference = at.run("value"), at.run("reference")
    cap = None if method.cap is None else parse_number(method.cap)
    left = Interval(ZERO, None if cap is None else at.max * cap)
    for operand in (value, reference):
        if isinstance(operand, Unknown):
            return at.open(operand, points=left)
    assert isinstance(value, Fraction) and isinstance(reference, Fraction)
    shown, limits = at.shown("value", value), Limits((("reference", at.shown("value", reference)),))
    above, below = (value, reference) if method.direction == "up" else (reference, value)
    if method.direction == "down" and value <= 0:
        if cap is None:
            return at.open(Unknown((Cause("not_positive", at.element),)), shown, limits, left)
        return at.graded(cap, "ratio", shown, limits)
    if not below:
        if method.when_reference_zero == "undetermined":
            return at.open(Unknown((Cause("zero_denominator", at.element),)), shown, limits, left)
        return at.graded(ONE if method.when_reference_zero == "full" else ZERO, "ratio_of_zero", shown, limits)
    share = max(ZERO, above / below)
    return at.graded(share if cap is None else min(share, cap), "ratio", shown, limits)


def membership(method: Membership, at: Judge) -> Verdict:
    """The best level whose limit the value keeps or whose condition holds.

    An unknown limit or condition is never kept, and leaves open what its level would earn.
    """
    value = None if method.value is None else at.run("value")
    if isinstance(value, Unknown):
        return at.open(value)
    shown = None if value is None else at.shown("value", value)
    edges = [None if level.limit is None else at.run(f"levels[{i}].limit") for i, level in enumerate(method.levels)]
    limits = Limits((lv.level, at.shown("value", e)) for lv, e in zip(method.levels, edges, strict=True) if isinstance(e, Fraction))
    open_: list[Unknown] = []
    possible: list[Fraction] = []
    found = Verdict(Status.SCORED, _level_reason(shown), NOTHING, shown, limits)
    for i, level in enumerate(method.levels):
        points = Fraction(len(method.levels) - i) if level.points is None else parse_number(level.points)
        kept = _level_kept(value, edges[i], method.direction) if level.when is None else at.run(f"levels[{i}].when")
        if isinstance(kept, Unknown):
            open_.append(kept)
            possible.append(points)
        elif kept is True:
            params = () if level.points is None else (("points", points), ("max", at.max))
            reason = _level_reason(shown, level.level, params)
            found = Verdict(Status.SCORED, reason, Interval(points, points), shown, limits, level.level)
            break
    if not open_:
        return found
    possible.append(found.points.low)
    return at.open(combine(open_), shown, limits, Interval(min(possible), max(possible)))


def _level_kept(value: Value | None, edge: Value | None, direction: Direction | None) -> bool | Unknown:
    if isinstance(edge, Unknown):
        return edge
    assert isinstance(value, Fraction) and edge is not None and direction is not None
    return _reaches(value, edge, direction)


def _level_reason(value: Shown | None, level: str = "", points: tuple[tuple[str, Param], ...] = ()) -> Reason:
    """Which level was reached, by which value and for how many points where there are any."""
    if not level:
        return Reason("no_level_fulfilled") if value is None else Reason("no_level", (("value", value),))
    reached: tuple[tuple[str, Param], ...] = (("level", level),)
    if value is None:
        return Reason("level_fulfilled", reached)
    return Reason("level_reached" if points else "level_kept", (("value", value), *reached, *points))


_METHODS: Mapping[type, Callable[..., Verdict]] = {
    Threshold: threshold,
    Holds: lambda method, at: holds(at.run("value"), at),
    Declare: declare,
    Bands: bands,
    Rank: rank,
    Interpolate: interpolate,
    Count: count,
    Ratio: ratio,
    Membership: membership,
}
