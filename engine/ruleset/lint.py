"""Lints of a composed programme: what a file's own form cannot show. Loading a ruleset lints it; errors refuse it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from engine.language import FUNCTIONS, KEYWORDS, Env, NumberError, Unknown, Value, parse_number, unknown
from engine.problems import Problem, ProblemList, Where
from engine.ruleset.compile import Compiled, compile_programme
from engine.ruleset.methods import All, Bands, Choose, Interpolate, KOf, Membership, Rank, Threshold
from engine.ruleset.programme import Programme, compose_programme, compose_standard
from engine.ruleset.schema import Criterion, Dimension, Gate
from engine.ruleset.strata import stratify

HUNDRED = Fraction(100)
RESERVED = frozenset({"year", "true", "false", "industry", "district"}) | FUNCTIONS | KEYWORDS

Lint = Callable[[Compiled, ProblemList], None]


@lru_cache(maxsize=16)
def load_programme(scheme: str | Path, kind: str = "green_factory", rulesets: Path | None = None) -> Programme:
    """The programme of a scheme (by id or file) for a kind, composed, compiled and linted; kept for the process.

    Raises Refused with every Problem where a ruleset has errors.
    """
    problems = ProblemList()
    programme = compose_programme(scheme, kind, problems, rulesets)
    if programme is not None:
        lint_programme(programme, problems)
    problems.refuse_if_errors()
    assert programme is not None
    return programme


@lru_cache(maxsize=16)
def load_standard_alone(name: str, rulesets: Path | None = None) -> Programme:
    """A standard by id under a bare programme (no mark, nothing local): what its own examples are run against. Raises Refused."""
    problems = ProblemList()
    programme = compose_standard(name, problems, rulesets)
    if programme is not None:
        lint_programme(programme, problems)
    problems.refuse_if_errors()
    assert programme is not None
    return programme


def lint(name: str, kind: str = "green_factory", rulesets: Path | None = None) -> list[Problem]:
    """Everything wrong or doubtful about a standard (``kind/edition``) or a scheme (id or file), errors and warnings."""
    problems = ProblemList()
    if "/" in name and not name.endswith((".yaml", ".yml")):
        programme = compose_standard(name, problems, rulesets)
    else:
        programme = compose_programme(name, kind, problems, rulesets)
    if programme is not None:
        lint_programme(programme, problems)
    return list(problems)


def lint_programme(programme: Programme, problems: ProblemList) -> None:
    """Compile a programme and run every lint over it."""
    compiled = compile_programme(programme, problems)
    if compiled is None:
        return
    for check in _LINTS:
        check(compiled, problems)


def weights_add_up(compiled: Compiled, problems: ProblemList) -> None:
    """Weights of a weighted standard make 100, and the points of a dimension its stated raw total."""
    programme = compiled.programme
    weighted = {name: figure.value for name, figure in programme.weights.items() if figure.value is not None}
    total = sum(weighted.values(), Fraction(0))
    if programme.standard.aggregate == "weighted" and total != HUNDRED:
        first = next(iter(programme.dimensions), "")
        problems.error("weights_sum", programme.where(first), total=total, wanted=HUNDRED)
    for name, dimension in programme.dimensions.items():
        _points_add_up(programme, name, dimension, problems)


def _points_add_up(programme: Programme, name: str, dimension: Dimension, problems: ProblemList) -> None:
    in_groups = {m for c in programme.criteria.values() if isinstance(c.method, Choose) for m in c.method.of}
    own = [c for c in programme.criteria.values() if c.dimension == name and c.criterion not in in_groups]
    total = sum((programme.points[c.criterion].value or Fraction(0) for c in own), Fraction(0))
    if dimension.raw_total is not None and dimension.raw_total.value is not None:
        try:
            wanted = parse_number(dimension.raw_total.value)
        except NumberError as err:
            problems.error(err.code, programme.where(name), **err.params)
            return
        if total != wanted:
            problems.error("points_sum", programme.where(name), dimension=name, total=total, wanted=wanted)
    weight = programme.weights[name].value
    if programme.standard.aggregate == "weighted" and total and weight is None:
        problems.error("weight_missing", programme.where(name), dimension=name)
    if not own:
        problems.warning("dimension_empty", programme.where(name), dimension=name)


def points_are_known(compiled: Compiled, problems: ProblemList) -> None:
    """Every criterion has points that are not negative, in a dimension that exists."""
    programme = compiled.programme
    for name, criterion in programme.criteria.items():
        value = programme.points[name].value
        if value is None or value < 0:
            problems.error("points_missing", programme.where(name), name=name)
        if criterion.dimension not in programme.dimensions:
            problems.error("dimension_unknown", programme.where(name), name=name, dimension=criterion.dimension)


def names_are_free(compiled: Compiled, problems: ProblemList) -> None:
    """No element is called like a word of the language."""
    programme = compiled.programme
    for name in (*programme.inputs, *programme.indicators, *programme.tables, *programme.parameters):
        if name in RESERVED:
            problems.error("name_reserved", programme.where(name), name=name)


def demands_ask_for_evidence(compiled: Compiled, problems: ProblemList) -> None:
    """A gate or criterion that asks for no evidence can be met by saying so."""
    for demand in _demands(compiled.programme):
        if not demand.evidence and not isinstance(demand.method, All | KOf | Choose):
            name = _id(demand)
            problems.warning("no_evidence_asked", compiled.programme.where(name), name=name)


def not_detected_stands_alone(compiled: Compiled, problems: ProblemList) -> None:
    """A value that may be "not detected" is no number: a threshold may hold it, arithmetic may not."""
    programme = compiled.programme
    special = {name for name, definition in programme.inputs.items() if definition.may_be_not_detected}
    for (element, place), formula in compiled.formulas.items():
        for name in special & set(formula.typed.names):
            demand = programme.criteria.get(element) or programme.gates.get(element)
            alone = place == "value" and formula.typed.text.strip() == name
            if not (alone and demand is not None and isinstance(demand.method, Threshold)):
                problems.error("not_detected_in_formula", programme.where(element), name=name, element=element)


def everything_is_used(compiled: Compiled, problems: ProblemList) -> None:
    """An input or table that no formula uses is asked for in vain."""
    programme = compiled.programme
    used = {name for f in compiled.formulas.values() for name in (*f.typed.names, *f.typed.tables)}
    for name in (*programme.inputs, *programme.tables, *programme.parameters):
        if name not in used:
            problems.warning("never_used", programme.where(name), name=name)


def edges_are_in_order(compiled: Compiled, problems: ProblemList) -> None:
    """Bands neither overlap nor leave gaps the wrong way round, ranges are not empty, levels go from best to worst."""
    for demand in _demands(compiled.programme):
        _check_edges(demand, compiled, problems)


def _check_edges(demand: Gate | Criterion, compiled: Compiled, problems: ProblemList) -> None:
    name, method = _id(demand), demand.method
    where = compiled.programme.where(name)
    if isinstance(method, Bands) and method.steps:
        _check_steps(name, method, compiled, problems)
    elif isinstance(method, Bands | Rank):
        direction = "down" if isinstance(method, Rank) else method.direction
        if _out_of_order([_constant(compiled, name, "full"), _constant(compiled, name, "start")], direction):
            problems.error("ladder_reversed", where, name=name)
    elif isinstance(method, Interpolate):
        for i in range(len(method.bases)):
            edges = [_constant(compiled, name, f"bases[{i}].{end}") for end in ("lead", "base")]
            if edges[0] != edges[1] and _out_of_order(edges, method.direction):
                problems.error("benchmarks_reversed", where, name=name)
    elif isinstance(method, Membership):
        limits = [_constant(compiled, name, f"levels[{i}].limit") for i in range(len(method.levels))]
        if _out_of_order(limits, method.direction):
            problems.error("levels_reversed", where, name=name)
    elif isinstance(method, Threshold):
        for i in range(len(method.limits)):
            lows = [v for part in ("at_least", "more_than") if (v := _constant(compiled, name, f"limits[{i}].{part}")) is not None]
            highs = [v for part in ("at_most", "less_than") if (v := _constant(compiled, name, f"limits[{i}].{part}")) is not None]
            if lows and highs and max(lows) > min(highs):
                problems.error("range_empty", where, name=name)


def _out_of_order(edges: list[Fraction | None], direction: str) -> bool:
    """Whether edges listed from best to worst do not go that way; unknown ones are passed over."""
    known = [edge for edge in edges if edge is not None]
    return any(not (better > worse if direction == "up" else better < worse) for better, worse in pairwise(known))


def _check_steps(name: str, method: Bands, compiled: Compiled, problems: ProblemList) -> None:
    """Each better edge earns more, no edge stands twice, and none earns more than there is."""
    where = compiled.programme.where(name)
    steps: list[tuple[Fraction, Fraction]] = []
    for i, step in enumerate(method.steps):
        edge = _constant(compiled, name, f"steps[{i}].at")
        try:
            points = parse_number(step.points)
        except NumberError as err:
            problems.error(err.code, where, **err.params)
            return
        if points > (compiled.programme.points[name].value or 0):
            problems.error("step_above_maximum", where, name=name, points=step.points)
        if edge is not None:
            steps.append((edge if method.direction == "up" else -edge, points))
    steps.sort()
    for (edge, points), (better, more) in pairwise(steps):
        if edge == better:
            problems.error("bands_overlap", where, name=name, edge=abs(edge))
        elif more <= points:
            problems.error("step_unreachable", where, name=name, points=more)


def groups_hold_enough(compiled: Compiled, problems: ProblemList) -> None:
    """A group cannot choose more than it holds, nor name a member twice, nor contain itself through others."""
    programme = compiled.programme
    for name, criterion in programme.criteria.items():
        method = criterion.method
        if not isinstance(method, All | KOf | Choose):
            continue
        chosen = method.n if isinstance(method, Choose) else method.k if isinstance(method, KOf) else 0
        if chosen > len(method.of):
            problems.error("group_too_small", programme.where(name), name=name, chosen=chosen, holds=len(method.of))
        if len(set(method.of)) < len(method.of):
            problems.error("group_member_twice", programme.where(name), name=name)
        if _contains(programme, name, name, ()):
            problems.error("group_cycle", programme.where(name), name=name)


def _contains(programme: Programme, group: str, wanted: str, trail: tuple[str, ...]) -> bool:
    members = getattr(programme.criteria[group].method, "of", ()) if group in programme.criteria else ()
    return any(m == wanted or (m not in trail and _contains(programme, m, wanted, (*trail, m))) for m in members)


def determination_is_complete(compiled: Compiled, problems: ProblemList) -> None:
    """The determination table has a line for every case, and tiers rise above the mark and within the score."""
    programme = compiled.programme
    covered = {condition for line in programme.settings.determination for condition in line.any_of}
    wanted = {"gate_not_met", "veto", "required_not_met", "gate_open", "veto_open", "required_open"}
    wanted |= {"below_mark", "mark_open", "at_mark"} if programme.mark.text is not None else {"no_mark"}
    where = programme.where(next(iter(programme.criteria), ""))
    if missing := sorted(wanted - covered):
        problems.error("determination_incomplete", where, missing=", ".join(missing))
    order = [line.outcome for line in programme.settings.determination]
    ranked = [o for o in ("not_eligible", "fails", "incomplete", "eligible", "scored") if o in order]
    if [o for o in order if o in ranked] != ranked:
        problems.error("determination_order", where, order=" > ".join(order))
    for tier in programme.settings.tiers:
        mark = programme.mark.value
        try:
            value = parse_number(tier.mark.value) if tier.mark.value is not None else None
        except NumberError as err:
            problems.error(err.code, where, **err.params)
            continue
        if value is not None and (value > HUNDRED or (mark is not None and value < mark)):
            problems.error("tier_unreachable", where, tier=tier.tier, mark=tier.mark.value)


def na_policy_is_known(compiled: Compiled, problems: ProblemList) -> None:
    """What is not applicable is renormalised, granted or lost: nothing else."""
    value = compiled.programme.settings.na_policy.value
    if value not in ("renormalise", "full_marks", "zero"):
        problems.error("na_policy_unknown", Where(path=compiled.programme.scheme.scheme), value=value)


def rules_are_layered(compiled: Compiled, problems: ProblemList) -> None:
    """No rule depends on its own absence."""
    stratify(compiled, problems)


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


def _demands(programme: Programme) -> tuple[Gate | Criterion, ...]:
    return (*programme.gates.values(), *programme.criteria.values())


def _id(demand: Gate | Criterion) -> str:
    return demand.gate if isinstance(demand, Gate) else demand.criterion


_LINTS: tuple[Lint, ...] = (
    points_are_known,
    weights_add_up,
    names_are_free,
    edges_are_in_order,
    groups_hold_enough,
    determination_is_complete,
    na_policy_is_known,
    rules_are_layered,
    not_detected_stands_alone,
    demands_ask_for_evidence,
    everything_is_used,
)
