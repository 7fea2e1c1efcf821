"""To which values an input is worth moving: where a verdict that rests on it turns, or earns a further part of its points.

A place is found by solving for it on three probes of the formulas, which is exact for whatever is linear in the input or
in its inverse, and then looked at again; what is not of that form gives no place. Nothing rests on that: every change is judged
by a real assessment later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from engine.assess.basis import BasisRun
from engine.assess.display import concrete_unit
from engine.assess.results import Shown
from engine.dossier.cells import read_cell
from engine.language import (
    Env,
    LanguageError,
    Node,
    Number,
    Value,
    compile_node,
    ends_within,
    parse_number,
    split_quantity,
    to_source,
    to_text,
)
from engine.language.typed import Aggregate, Operation, parts
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


class Term(NamedTuple):
    """One side of an edge: how it is computed, and how a value of it prints."""

    run: Callable[[Env], Value]
    shown: Callable[[Value], Shown]


class Edge(NamedTuple):
    """A place where a verdict turns: a value and its limit, on which side the good lies, and whether the place itself is good.

    ``kind`` is what the limit is called: a comparison, ``start``, ``full``, ``step``, ``lead``, ``base``, or the name of a level.
    A ``stop`` is only a place on the way, where a part of the points is earned.
    """

    value: Term
    limit: Term
    up: bool
    strict: bool = False
    kind: str = ""
    stop: bool = False

    def gap(self, env: Env) -> Fraction | None:
        """By how much the value exceeds the limit; None where one of them is not known."""
        one, other = self.value.run(env), self.limit.run(env)
        return one - other if isinstance(one, Fraction) and isinstance(other, Fraction) else None

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
_COMPARISONS = {">=": "at_least", ">": "more_than", "<=": "at_most", "<": "less_than"}


def edges_of(run: BasisRun, name: str, demand: Gate | Criterion) -> tuple[Edge, ...]:
    """Every edge of a gate or criterion on what is known now; none of one that is answered."""
    found = _EDGES.get(type(demand.method))
    return () if found is None else tuple(found(demand.method, _Places(run, name)))


class _Places(NamedTuple):
    """The operands of one gate or criterion."""

    run: BasisRun
    name: str

    def at(self, place: str) -> Term:
        """An operand."""
        return Term(self.run.ready.formulas[self.name, place].run, lambda value: self.run.printer.operand(self.name, place, value))

    def may_hold(self, condition: str | None, place: str) -> bool:
        """Whether an alternative's condition holds or is not known not to."""
        return condition is None or self.at(place).run(self.run.env) is not False

    def node(self, node: Node) -> Term:
        """One side of a comparison: a name prints as that name does, anything else in the unit it works out to."""
        text, units = to_source(node.syntax), self.run.programme.units
        unit = units.describe(node.type.dimension) if isinstance(node.type, Number) and node.type.dimension else ""
        factor = units.parse(unit).factor if unit else ONE

        def shown(value: Value) -> Shown:
            if text in self.run.env.values:
                return self.run.printer.named(text, value)
            return Shown(value, unit, factor) if isinstance(value, Fraction) else Shown(None)

        return Term(compile_node(node), shown)


def _of_threshold(method: Threshold, of: _Places) -> Iterator[Edge]:
    for i, limit in enumerate(method.limits):
        if of.may_hold(limit.when, f"limits[{i}].when"):
            for part in limit.parts():
                yield Edge(of.at(method.value_of(i)), of.at(f"limits[{i}].{part}"), *_SIDES[part], part)


def _of_bands(method: Bands, of: _Places) -> Iterator[Edge]:
    up = method.direction == "up"
    if not method.steps:
        return _line(of.at("value"), of.at("start"), of.at("full"), ("start", "full"), up=up)
    return (Edge(of.at("value"), of.at(f"steps[{i}].at"), up, kind="step") for i in range(len(method.steps)))


def _of_rank(method: Rank, of: _Places) -> Iterator[Edge]:
    return _line(of.at("value"), of.at("start"), of.at("full"), ("start", "full"), up=False)


def _of_interpolate(method: Interpolate, of: _Places) -> Iterator[Edge]:
    for i, basis in enumerate(method.bases):
        if of.may_hold(basis.when, f"bases[{i}].when"):
            value, base, lead = (of.at(f"bases[{i}].{part}") for part in ("value", "base", "lead"))
            yield from _line(value, base, lead, ("base", "lead"), up=method.direction == "up")


def _of_count(method: Count, of: _Places) -> Iterator[Edge]:
    if isinstance(of.run.ready.formulas[of.name, "value"].typed.type, Number):
        yield from _line(of.at("value"), of.at("base"), of.at("lead"), ("base", "lead"), up=True)


def _of_ratio(method: Ratio, of: _Places) -> Iterator[Edge]:
    cap = ONE if method.cap is None else parse_number(method.cap)
    up, reference = method.direction == "up", of.at("reference")

    def edge(ratio: Fraction) -> Callable[[Env], Value]:
        def place(env: Env) -> Value:
            value = reference.run(env)
            return (value * ratio if up else value / ratio) if isinstance(value, Fraction) else value

        return place

    yield Edge(of.at("value"), Term(edge(cap), reference.shown), up, kind="reference" if cap == 1 else "full")
    yield from (Edge(of.at("value"), Term(edge(cap * i / PARTS), reference.shown), up, stop=True) for i in range(1, PARTS))


def _of_membership(method: Membership, of: _Places) -> Iterator[Edge]:
    if method.direction is not None:
        up = method.direction == "up"
        for i, level in enumerate(method.levels):
            yield Edge(of.at("value"), of.at(f"levels[{i}].limit"), up, kind=level.level)


def _of_holds(method: Holds, of: _Places) -> Iterator[Edge]:
    for node in _whole(of.run.ready.formulas[of.name, "value"].typed.root):
        if isinstance(node, Operation) and node.operator in _SIDES and isinstance(node.operands[0].type, Number):
            left, right = (of.node(operand) for operand in node.operands)
            yield Edge(left, right, *_SIDES[node.operator], _COMPARISONS[node.operator])


def _whole(node: Node) -> Iterator[Node]:
    """A node and what is below it, without what is computed for one row at a time."""
    yield node
    if not isinstance(node, Aggregate):
        for part in parts(node):
            yield from _whole(part)


def _line(value: Term, start: Term, full: Term, names: tuple[str, str], *, up: bool) -> Iterator[Edge]:
    """The two ends of a rising line and stops between; where only one end is known, that one."""

    def stop(share: Fraction) -> Callable[[Env], Value]:
        def place(env: Env) -> Value:
            low, high = start.run(env), full.run(env)
            return low + share * (high - low) if isinstance(low, Fraction) and isinstance(high, Fraction) else low

        return place

    yield Edge(value, full, up, kind=names[1])
    yield Edge(value, start, up, kind=names[0])
    yield from (Edge(value, Term(stop(Fraction(i, PARTS)), start.shown), up, stop=True) for i in range(1, PARTS))


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
    """Moves one numeric input of a dossier and sees what its indicators become; ``beside`` are other values taken to be as they say."""

    def __init__(self, run: BasisRun, name: str, definition: Input, entered: str, beside: Mapping[str, Value]) -> None:
        self.run, self.name, self.definition, self.beside = run, name, definition, beside
        self.later = [each for each in run.ready.order if not {name, *beside}.isdisjoint(run.ready.uses[each])]
        bound = run.bound.dossier.units
        written = split_quantity(entered)[1] if entered else ""
        default = "%" if definition.type is InputType.SHARE else concrete_unit(definition.unit, bound)
        self.unit = written or ("" if default == "1" else default)
        self.factor = run.programme.units.convert_for_slot(ONE, self.unit, definition.unit, dict(bound))
        value = run.env.values.get(name)
        self.now = value if isinstance(value, Fraction) else None

    def env(self, value: Fraction) -> Env:
        """What is known once the input has a value."""
        values = {**self.run.env.values, **self.beside, self.name: value}
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
                found[value] = self.written(value)
        return tuple(found[value] for value in sorted(found))

    def stretches(self, edges: Iterable[Edge]) -> tuple[str, ...]:
        """One text on every edge and one in every stretch between two: every way in which a value that is missing may turn out."""
        roots = sorted({root for edge in edges if not edge.stop and (root := self.root(edge.gap)) is not None and self.allowed(root)})
        between = [(low + high) / 2 for low, high in pairwise(roots)]
        values = sorted({self._below(roots[0]), *roots, *between, self._above(roots[-1])}) if roots else [self.factor]
        return tuple(dict.fromkeys(self.written(value) for value in values if self.allowed(value)))

    def _below(self, root: Fraction) -> Fraction:
        return root / 2 if root > 0 else root * 2 if root else -self.factor

    def _above(self, root: Fraction) -> Fraction:
        if self.definition.type is InputType.SHARE:
            return (root + 1) / 2
        return root * 2 if root > 0 else root / 2 if root else self.factor

    def value(self, text: str) -> Fraction:
        """A text that was written here as a value."""
        found = read_cell(text, self.definition, self.run.programme, dict(self.run.bound.dossier.units))
        assert isinstance(found, Fraction)
        return found

    def written(self, value: Fraction) -> str:
        """A value as a dossier states it, in the unit that is written there now; a count is whole."""
        number = value / self.factor
        whole = self.definition.type in (InputType.COUNT, InputType.YEAR)
        return f"{to_text(Fraction(round(number)) if whole else number)} {self.unit}".strip()

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
        places = self._places(number)
        step = Fraction(1, 10**places)
        below = number // step * step
        candidates = [number] if ends_within(number, places + 2) and (places or number.denominator == 1) else []
        candidates += [below, below + step, below - step]
        for candidate in sorted(candidates, key=lambda each: abs(each - number)):
            value = candidate * self.factor
            if self.allowed(value) and edge.kept(self.env(value)):
                return value
        return None

    def _places(self, number: Fraction) -> int:
        """To how many decimal places a number is written."""
        return 0 if self.definition.type in (InputType.COUNT, InputType.YEAR) else max(0, min(9, DIGITS - _magnitude(number)))

    def step(self, value: Fraction) -> Fraction:
        """One unit of the last place in which a value is written."""
        return self.factor / Fraction(10 ** self._places(value / self.factor))

    def rounded(self, value: Fraction, toward: Fraction) -> Fraction:
        """A value to the places in which it is written, not further than it is from another one."""
        step = self.step(value)
        return value // step * step if toward < value else -(-value // step) * step

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


def mover(run: BasisRun, name: str, programme: Programme, beside: Mapping[str, Value] = MappingProxyType({})) -> Mover | None:
    """What moves an input of a dossier; None where its unit is not known."""
    entered = run.side.entered.get(name, "")
    try:
        return Mover(run, name, programme.inputs[name], entered, beside)
    except LanguageError:
        return None
