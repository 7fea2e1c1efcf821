"""To which values an input is worth moving: where a verdict that rests on it turns, or earns a further part of its points.

A place is found by solving for it on three probes of the formulas, which is exact for whatever is linear in the input or
in its inverse, and then looked at again; what is not of that form gives no place. Nothing rests on that: every change is judged
by a real assessment later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from engine.assess.basis import BasisRun
from engine.assess.display import concrete_unit
from engine.language import Env, LanguageError, Number, Value, compile_node, ends_within, parse_number, split_quantity, to_text
from engine.language.typed import Operation, walk
from engine.ruleset.methods import Bands, Count, Holds, Interpolate, Membership, Rank, Ratio, Threshold
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Gate, Input, InputType

ONE = Fraction(1)
DIGITS = 4
"""A place that does not end in the written unit is rounded to its better side, to so many digits after the first."""

PARTS = 4
"""Between the two ends of a rising line lie stops at so many parts of the way."""

Gap = Callable[[Env], Fraction | None]
"""By how much a value exceeds its edge."""


class Edge(NamedTuple):
    """A place where a verdict turns: the gap to it, on which side the good lies, and whether the place itself is good.

    A ``stop`` is only a place on the way, where a part of the points is earned.
    """

    gap: Gap
    up: bool
    strict: bool = False
    stop: bool = False

    def kept(self, env: Env) -> bool:
        """Whether the good side is reached."""
        gap = self.gap(env)
        if gap is None or (self.strict and not gap):
            return False
        return gap >= 0 if self.up else gap <= 0


_SIDES = {
    "at_least": (True, False),
    "grade_at_least": (True, False),
    "more_than": (True, True),
    "at_most": (False, False),
    "less_than": (False, True),
    "not_detected_below": (False, True),
    ">=": (True, False),
    ">": (True, True),
    "<=": (False, False),
    "<": (False, True),
}


def edges_of(run: BasisRun, name: str, demand: Gate | Criterion) -> tuple[Edge, ...]:
    """Every edge of a gate or criterion on what is known now; none of one that is answered."""
    found = _EDGES.get(type(demand.method))
    return () if found is None else tuple(found(demand.method, _Places(run, name)))


class _Places(NamedTuple):
    """The operands of one gate or criterion."""

    run: BasisRun
    name: str

    def at(self, place: str) -> Callable[[Env], Value]:
        """How an operand is computed."""
        return self.run.ready.formulas[self.name, place].run

    def may_hold(self, condition: str | None, place: str) -> bool:
        """Whether an alternative's condition holds or is not known not to."""
        return condition is None or self.at(place)(self.run.env) is not False


def _of_threshold(method: Threshold, of: _Places) -> Iterator[Edge]:
    for i, limit in enumerate(method.limits):
        if of.may_hold(limit.when, f"limits[{i}].when"):
            yield from (Edge(_gap(of.at(method.value_of(i)), of.at(f"limits[{i}].{part}")), *_SIDES[part]) for part in limit.parts())


def _of_bands(method: Bands, of: _Places) -> Iterator[Edge]:
    up = method.direction == "up"
    if not method.steps:
        return _line(of.at("value"), of.at("start"), of.at("full"), up=up)
    return (Edge(_gap(of.at("value"), of.at(f"steps[{i}].at")), up) for i in range(len(method.steps)))


def _of_rank(method: Rank, of: _Places) -> Iterator[Edge]:
    return _line(of.at("value"), of.at("start"), of.at("full"), up=False)


def _of_interpolate(method: Interpolate, of: _Places) -> Iterator[Edge]:
    for i, basis in enumerate(method.bases):
        if of.may_hold(basis.when, f"bases[{i}].when"):
            value, base, lead = (of.at(f"bases[{i}].{part}") for part in ("value", "base", "lead"))
            yield from _line(value, base, lead, up=method.direction == "up")


def _of_count(method: Count, of: _Places) -> Iterator[Edge]:
    if isinstance(of.run.ready.formulas[of.name, "value"].typed.type, Number):
        yield from _line(of.at("value"), of.at("base"), of.at("lead"), up=True)


def _of_ratio(method: Ratio, of: _Places) -> Iterator[Edge]:
    cap = ONE if method.cap is None else parse_number(method.cap)
    up = method.direction == "up"

    def edge(env: Env) -> Value:
        reference = of.at("reference")(env)
        return (reference * cap if up else reference / cap) if isinstance(reference, Fraction) else reference

    yield Edge(_gap(of.at("value"), edge), up)


def _of_membership(method: Membership, of: _Places) -> Iterator[Edge]:
    if method.direction is not None:
        up = method.direction == "up"
        yield from (Edge(_gap(of.at("value"), of.at(f"levels[{i}].limit")), up) for i in range(len(method.levels)))


def _of_holds(method: Holds, of: _Places) -> Iterator[Edge]:
    for node in walk(of.run.ready.formulas[of.name, "value"].typed.root):
        if isinstance(node, Operation) and node.operator in _SIDES and isinstance(node.operands[0].type, Number):
            left, right = (compile_node(operand) for operand in node.operands)
            yield Edge(_gap(left, right), *_SIDES[node.operator])


def _gap(value: Callable[[Env], Value], edge: Callable[[Env], Value]) -> Gap:
    def gap(env: Env) -> Fraction | None:
        one, other = value(env), edge(env)
        return one - other if isinstance(one, Fraction) and isinstance(other, Fraction) else None

    return gap


def _line(value: Callable[[Env], Value], start: Callable[[Env], Value], full: Callable[[Env], Value], *, up: bool) -> Iterator[Edge]:
    """The two ends of a rising line and stops between; where only one end is known, that one."""

    def stop(share: Fraction) -> Callable[[Env], Value]:
        def place(env: Env) -> Value:
            low, high = start(env), full(env)
            return low + share * (high - low) if isinstance(low, Fraction) and isinstance(high, Fraction) else low

        return place

    yield Edge(_gap(value, full), up)
    yield Edge(_gap(value, start), up)
    yield from (Edge(_gap(value, stop(Fraction(i, PARTS))), up, stop=True) for i in range(1, PARTS))


_EDGES: Mapping[type, Callable[..., Iterable[Edge]]] = {
    Threshold: _of_threshold,
    Bands: _of_bands,
    Rank: _of_rank,
    Interpolate: _of_interpolate,
    Count: _of_count,
    Ratio: _of_ratio,
    Membership: _of_membership,
    Holds: _of_holds,
}


# --- where the input has to be ---


class Mover:
    """Moves one numeric input of a dossier and sees what its indicators become."""

    def __init__(self, run: BasisRun, name: str, definition: Input, entered: str) -> None:
        self.run, self.name, self.definition = run, name, definition
        self.later = [indicator for indicator in run.ready.order if name in run.ready.uses[indicator]]
        bound = run.bound.dossier.units
        written = split_quantity(entered)[1] if entered else ""
        default = "%" if definition.type is InputType.SHARE else concrete_unit(definition.unit, bound)
        self.unit = written or ("" if default == "1" else default)
        self.factor = run.programme.units.convert_for_slot(ONE, self.unit, definition.unit, dict(bound))
        value = run.env.values.get(name)
        self.now = value if isinstance(value, Fraction) else None

    def env(self, value: Fraction) -> Env:
        """What is known once the input has a value."""
        values = {**self.run.env.values, self.name: value}
        env = replace(self.run.env, values=values)
        for indicator in self.later:
            values[indicator] = self.run.ready.formulas[indicator, "formula"].run(env)
        return env

    def places(self, edges: Iterable[Edge]) -> tuple[str, ...]:
        """The texts that the input may be changed to, each just good enough for one of the edges, by their values."""
        found: dict[Fraction, str] = {}
        for edge in edges:
            root = self.root(edge.gap)
            value = None if root is None else self.good(root, edge)
            if value is not None and value != self.now:
                number = to_text(value / self.factor)
                found[value] = f"{number} {self.unit}".strip() if self.unit != "%" else f"{number} %"
        return tuple(found[value] for value in sorted(found))

    def root(self, gap: Gap) -> Fraction | None:
        """Where a gap closes, by three probes: exact where it is a quotient of two linear terms in the input."""
        start = self.now or self.factor
        probes = [start, start * 2, start * 3]
        gaps = [gap(self.env(probe)) for probe in probes]
        x1, x2, x3 = probes
        g1, g2, g3 = gaps
        if g1 is None or g2 is None or g3 is None or len({g1, g2, g3}) < 3:
            return None
        if not g1 or not g2 or not g3:
            return next(x for x, g in zip(probes, gaps, strict=True) if not g)
        left, right = g3 * (x2 - x3) * (g2 - g1), g1 * (x2 - x1) * (g2 - g3)
        if left == right:
            return None
        root = (x1 * left - x3 * right) / (left - right)
        return root if gap(self.env(root)) == 0 else None

    def good(self, root: Fraction, edge: Edge) -> Fraction | None:
        """The value nearest to a root that can be written down and is good: the root itself, or rounded to one of its sides."""
        number = root / self.factor
        places = 0 if self.definition.type in (InputType.COUNT, InputType.YEAR) else max(0, min(9, DIGITS - _magnitude(number)))
        step = Fraction(1, 10**places)
        below = number // step * step
        candidates = [number] if ends_within(number, places + 2) and (places or number.denominator == 1) else []
        candidates += [below, below + step, below - step]
        for candidate in sorted(candidates, key=lambda each: abs(each - number)):
            value = candidate * self.factor
            if self.allowed(value) and edge.kept(self.env(value)):
                return value
        return None

    def allowed(self, value: Fraction) -> bool:
        """Whether a dossier may state the value."""
        if value < 0 and not self.definition.may_be_negative:
            return False
        return self.definition.type is not InputType.SHARE or value <= 1


def _magnitude(number: Fraction) -> int:
    """Of ten to which power a number is."""
    size = abs(number)
    if not size:
        return 0
    power = 0
    while size >= 10:
        size, power = size / 10, power + 1
    while size < 1:
        size, power = size * 10, power - 1
    return power


def mover(run: BasisRun, name: str, programme: Programme) -> Mover | None:
    """What moves an input of a dossier; None where its unit is not known."""
    entered = run.side.entered.get(name, "")
    try:
        return Mover(run, name, programme.inputs[name], entered)
    except LanguageError:
        return None
