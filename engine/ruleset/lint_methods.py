"""Lints of methods: edges in their order, points within those of the item, groups that hold enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from engine.language import Env, NumberError, Unknown, Value, parse_number, to_json_number, unknown
from engine.problems import ProblemList
from engine.ruleset.compile import Compiled
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


def demands(programme: Programme) -> tuple[Gate | Criterion, ...]:
    """Every gate and criterion."""
    return (*programme.gates.values(), *programme.criteria.values())


def id_of(demand: Gate | Criterion) -> str:
    """The id of a gate or criterion."""
    return demand.gate if isinstance(demand, Gate) else demand.criterion


def edges_are_in_order(compiled: Compiled, problems: ProblemList) -> None:
    """Bands neither overlap nor leave gaps the wrong way round, ranges are not empty, levels go from best to worst."""
    for demand in demands(compiled.programme):
        _check_edges(demand, compiled, problems)


def _check_edges(demand: Gate | Criterion, compiled: Compiled, problems: ProblemList) -> None:
    name, method = id_of(demand), demand.method
    where = compiled.programme.where(name)
    if isinstance(method, Bands) and method.steps:
        _check_steps(name, method, compiled, problems)
    elif isinstance(method, Bands | Rank):
        direction = "down" if isinstance(method, Rank) else method.direction
        if _out_of_order([_constant(compiled, name, "full"), _constant(compiled, name, "start")], direction):
            problems.error("ladder_reversed", where, name=name)
    elif isinstance(method, Interpolate | Count):
        _check_benchmarks(name, method, compiled, problems)
    elif isinstance(method, Membership):
        _check_levels(name, method, compiled, problems)
    elif isinstance(method, Threshold):
        for i in range(len(method.limits)):
            low, high = (_edge(compiled, name, f"limits[{i}]", parts) for parts in (("at_least", "more_than"), ("less_than", "at_most")))
            if low is not None and high is not None and low >= high:
                problems.error("range_empty", where, name=name)


def _edge(compiled: Compiled, name: str, limit: str, parts: tuple[str, str]) -> tuple[Fraction, int] | None:
    """The stricter of two edges of one side, each with which of the two it is: beyond its value lies more than from it on."""
    found = [(value, i) for i, part in enumerate(parts) if (value := _constant(compiled, name, f"{limit}.{part}")) is not None]
    return (max(found) if parts[0] == "at_least" else min(found)) if found else None


def _check_benchmarks(name: str, method: Interpolate | Count, compiled: Compiled, problems: ProblemList) -> None:
    """The lead is not worse than the base; where they are the same, it is a step."""
    bases = [""] if isinstance(method, Count) else [f"bases[{i}]." for i in range(len(method.bases))]
    for basis in bases:
        edges = [_constant(compiled, name, f"{basis}{end}") for end in ("lead", "base")]
        direction = "up" if isinstance(method, Count) else method.direction
        if edges[0] != edges[1] and _out_of_order(edges, direction):
            problems.error("benchmarks_reversed", compiled.programme.where(name), name=name)


def _check_levels(name: str, method: Membership, compiled: Compiled, problems: ProblemList) -> None:
    """Each better level has the stricter limit; levels that give no points may ask for the same."""
    limits = [_constant(compiled, name, f"levels[{i}].limit") for i in range(len(method.levels))]
    if method.levels[0].points is None:
        limits = list(dict.fromkeys(limits))
    where = compiled.programme.where(name)
    if method.direction is not None and _out_of_order(limits, method.direction):
        problems.error("levels_reversed", where, name=name)
    points = [_number(level.points, name, compiled, ProblemList()) for level in method.levels if level.points is not None]
    for better, worse in pairwise(points):
        if better is not None and worse is not None and better < worse:
            problems.error("step_unreachable", where, name=name, points=to_json_number(better))


def _out_of_order(edges: list[Fraction | None], direction: str) -> bool:
    """Whether edges listed from best to worst do not go that way; unknown ones are passed over."""
    known = [edge for edge in edges if edge is not None]
    return any(not (better > worse if direction == "up" else better < worse) for better, worse in pairwise(known))


def _check_steps(name: str, method: Bands, compiled: Compiled, problems: ProblemList) -> None:
    """Each better edge earns more, and no edge stands twice."""
    where = compiled.programme.where(name)
    found = [_number(step.points, name, compiled, problems) for step in method.steps]
    edges = [_constant(compiled, name, f"steps[{i}].at") for i in range(len(method.steps))]
    sign = 1 if method.direction == "up" else -1
    steps = sorted((sign * edge, i, points) for i, (edge, points) in enumerate(zip(edges, found, strict=True)) if edge is not None)
    for (edge, _, points), (better, i, more) in pairwise(steps):
        if edge == better:
            problems.error("bands_overlap", where, name=name, edge=method.steps[i].at)
        elif points is not None and more is not None and more <= points:
            problems.error("step_unreachable", where, name=name, points=method.steps[i].points)


def figure_sources_have_figures(compiled: Compiled, problems: ProblemList) -> None:
    """A source of a single figure of a method names a place where one stands."""
    for demand in demands(compiled.programme):
        places = {"weight", *_places(demand.method.model_dump())}
        for place in demand.figure_sources:
            if place not in places:
                name, known = id_of(demand), ", ".join(sorted(places))
                problems.error("figure_source_unknown", compiled.programme.where(name), name=name, place=place, known=known)


def _places(method: Mapping[str, Any]) -> Iterator[str]:
    for name, value in method.items():
        for i, item in enumerate(value if isinstance(value, tuple) else ()):
            yield from (f"{name}[{i}].{inner}" for inner in (item if isinstance(item, dict) else ()))
        yield name


def points_of_methods_are_known(compiled: Compiled, problems: ProblemList) -> None:
    """The points of levels and of an assessor's steps are numbers within those of the item, a cap is a number."""
    for demand in demands(compiled.programme):
        name, method = id_of(demand), demand.method
        if isinstance(method, Membership):
            texts = [level.points for level in method.levels if level.points is not None]
        else:
            texts = list(method.steps) if isinstance(method, Judgement) else []
        if isinstance(method, Bands):
            texts = [step.points for step in method.steps]
        found = [_points(text, name, compiled, problems) for text in texts]
        _reaches_all(name, [points for points in found if points is not None], compiled, problems)
        if isinstance(method, Ratio) and method.cap is not None:
            _number(method.cap, name, compiled, problems)


def _reaches_all(name: str, points: list[Fraction], compiled: Compiled, problems: ProblemList) -> None:
    """The best step of an item earns all that the item has: what no step gives nobody can earn."""
    figure = compiled.programme.points.get(name)
    if points and figure is not None and figure.value is not None and max(points) < figure.value:
        shown = {"points": to_json_number(max(points)), "max": to_json_number(figure.value)}
        problems.warning("full_unreachable", compiled.programme.where(name), name=name, **shown)


def _points(text: str, name: str, compiled: Compiled, problems: ProblemList) -> Fraction | None:
    """Points that a method gives; none may be negative or more than the item has."""
    points = _number(text, name, compiled, problems)
    figure = compiled.programme.points.get(name)
    most = figure.value if figure is not None else None
    if points is not None and (points < 0 or points > (most or 0)):
        problems.error("step_above_maximum", compiled.programme.where(name), name=name, points=text)
    return points


def _number(text: str, name: str, compiled: Compiled, problems: ProblemList) -> Fraction | None:
    try:
        return parse_number(text)
    except NumberError as err:
        problems.error(err.code, compiled.programme.where(name), **err.params)
        return None


def what_must_be_met_can_be(compiled: Compiled, problems: ProblemList) -> None:
    """A gate or a required item is met or not: a method that only gives points never says that it is not."""
    for demand in demands(compiled.programme):
        must = isinstance(demand, Gate) or demand.kind == "required"
        if must and not isinstance(demand.method, Conform | Holds | Threshold | Declare | All | KOf):
            problems.error("must_be_met_or_not", compiled.programme.where(id_of(demand)), name=id_of(demand), method=demand.method.method)


def groups_hold_enough(compiled: Compiled, problems: ProblemList) -> None:
    """A group cannot choose more than it holds, nor name a member twice, nor contain itself through others."""
    programme = compiled.programme
    circles: set[str] = set()
    for name, criterion in programme.criteria.items():
        method = criterion.method
        if not isinstance(method, All | KOf | Choose):
            continue
        chosen = method.n if isinstance(method, Choose) else method.k if isinstance(method, KOf) else 0
        if chosen > len(method.of):
            problems.error("group_too_small", programme.where(name), name=name, chosen=chosen, holds=len(method.of))
        if len(set(method.of)) < len(method.of):
            problems.error("group_member_twice", programme.where(name), name=name)
        if name not in circles and _contains(programme, name, name, ()):
            circles |= {m for m in programme.criteria if _contains(programme, m, name, ()) and _contains(programme, name, m, ())}
            problems.error("group_cycle", programme.where(name), name=name)


def _contains(programme: Programme, group: str, wanted: str, trail: tuple[str, ...]) -> bool:
    members = getattr(programme.criteria[group].method, "of", ()) if group in programme.criteria else ()
    return any(m == wanted or (m not in trail and _contains(programme, m, wanted, (*trail, m))) for m in members)


def _constant(compiled: Compiled, element: str, place: str) -> Fraction | None:
    """The value of an operand that is a figure of the ruleset itself, None where it depends on the dossier."""
    formula = compiled.formulas.get((element, place))
    if formula is None or formula.typed.names or formula.typed.tables or formula.typed.references:
        return None
    value: Value = formula.run(_NOTHING)
    return value if isinstance(value, Fraction) else None


def _no_lookup(table: str, keys: object, column: str) -> Unknown:
    return unknown("no_benchmark", f"{table}.{column}")


def _no_status(name: str) -> str:
    raise LookupError(name)


_NOTHING = Env({}, {}, _no_lookup, _no_status, 0)
