"""Lints of a composed programme: what a file's own form cannot show. Loading a ruleset lints it; errors refuse it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from engine.language import FUNCTIONS, KEYWORDS, NumberError, parse_number, to_json_number
from engine.problems import Problem, ProblemList, Where
from engine.ruleset.choice import programme_index
from engine.ruleset.clauses import check_clauses
from engine.ruleset.compile import BUILT_IN, GROUP_SIZE, Compiled, compile_programme, words_of
from engine.ruleset.compile_checks import named_by_checks
from engine.ruleset.compose import compose_programme, compose_standard
from engine.ruleset.library import is_file_name, load_scheme, names_standard, rulesets_root
from engine.ruleset.lint_alternatives import alternatives_are_whole
from engine.ruleset.lint_attestations import attestations_hold
from engine.ruleset.lint_checks import checks_are_sound
from engine.ruleset.lint_families import families_stay_apart
from engine.ruleset.lint_inputs import inputs_go_together
from engine.ruleset.lint_levels import level_weights_add_up, levels_are_whole
from engine.ruleset.lint_methods import (
    demands,
    edges_are_in_order,
    figure_sources_have_figures,
    groups_hold_enough,
    id_of,
    points_of_methods_are_known,
    what_must_be_met_can_be,
)
from engine.ruleset.methods import All, Choose, KOf, Ratio, Threshold
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Dimension, Figure
from engine.ruleset.strata import stratify

HUNDRED = Fraction(100)
RESERVED = frozenset({"year", "true", "false", *BUILT_IN, GROUP_SIZE}) | FUNCTIONS | KEYWORDS

Lint = Callable[[Compiled, ProblemList], None]


@lru_cache(maxsize=256)
def load_programme(
    scheme: str | Path, kind: str = "green_factory", rulesets: Path | None = None, standard: str = "", day: str = ""
) -> Programme:
    """The programme of a scheme (by id or file) for a kind, composed, compiled and linted; kept for the process.

    Where the scheme has several of the kind, ``standard`` (an id, or the edition's name alone) or the ``day`` says which.
    Raises Refused with every Problem where a ruleset has errors or it is not said which programme is meant.
    """
    problems = ProblemList()
    loaded = load_scheme(scheme, rulesets or rulesets_root(), problems)
    index = None if loaded is None else programme_index(loaded, kind, standard, day, problems)
    problems.refuse_if_errors()
    assert loaded is not None and index is not None
    return _loaded(scheme, kind, rulesets, index)


@lru_cache(maxsize=64)
def _loaded(scheme: str | Path, kind: str, rulesets: Path | None, index: int) -> Programme:
    problems = ProblemList()
    programme = compose_programme(scheme, kind, problems, rulesets, index=index)
    if programme is not None:
        lint_programme(programme, problems)
    problems.refuse_if_errors()
    assert programme is not None
    return programme


def forget_rulesets() -> None:
    """Read every ruleset anew from now on: files of the library were written."""
    for kept in (load_programme, _loaded, load_standard_alone):
        kept.cache_clear()


@lru_cache(maxsize=64)
def load_standard_alone(name: str | Path, rulesets: Path | None = None) -> Programme:
    """A standard (id or file) under a bare programme, no mark and nothing local: what its own examples are run against. Raises Refused."""
    problems = ProblemList()
    programme = compose_standard(name, problems, rulesets)
    if programme is not None:
        lint_programme(programme, problems)
    problems.refuse_if_errors()
    assert programme is not None
    return programme


def lint(name: str, kind: str = "green_factory", rulesets: Path | None = None, standard: str = "") -> list[Problem]:
    """Everything wrong or doubtful about a standard or a scheme (id or file), errors and warnings.

    ``standard`` says which programme of a scheme that has several of the kind. Raises Refused for a file that cannot be read.
    """
    problems = ProblemList()
    if names_standard(name):
        programme = compose_standard(name, problems, rulesets)
    else:
        programme = compose_programme(name, kind, problems, rulesets, standard)
    if programme is not None:
        lint_programme(programme, problems)
        # Clauses are those of a scheme as a whole: they are checked once, with its first programme.
        if not is_file_name(name) and programme.settings is programme.scheme.programmes[0]:
            check_clauses(name, problems, rulesets or rulesets_root())
    return list(problems)


def lint_programme(programme: Programme, problems: ProblemList) -> None:
    """Compile a programme and run every lint over it."""
    compiled = compile_programme(programme, problems)
    whole = not problems.has_errors
    for check in _LINTS:
        if whole or check not in _NEED_EVERY_FORMULA:
            check(compiled, problems)


def weights_add_up(compiled: Compiled, problems: ProblemList) -> None:
    """Weights of a weighted standard make 100, and the points of a dimension its stated raw total."""
    programme = compiled.programme
    weighted = {name: figure.value for name, figure in programme.weights.items() if figure.value is not None}
    total = sum(weighted.values(), Fraction(0))
    if programme.standard.aggregate == "weighted" and total != HUNDRED:
        stated = _stated(dimension.weight for dimension in programme.dimensions.values())
        first = next(iter(programme.dimensions), "")
        where = (_set_over(programme, "weights", programme.dimensions) if stated == HUNDRED else None) or programme.where(first)
        problems.error("weights_sum", where, total=to_json_number(total), wanted=HUNDRED)
    for name, weight in weighted.items():
        if weight < 0:
            where = _set_over(programme, "weights", (name,)) or programme.where(name)
            problems.error("weight_negative", where, dimension=name, weight=to_json_number(weight))
    for name, dimension in programme.dimensions.items():
        _points_add_up(programme, name, dimension, problems)


def _set_over(programme: Programme, group: str, names: Iterable[str]) -> Where | None:
    """Where the scheme sets the first of some points or weights that it sets."""
    found = (programme.places.get(f"/{group}/{name}") for name in names)
    return next((where for where in found if where is not None), None)


def _stated(figures: Iterable[Figure | None]) -> Fraction | None:
    """What figures add up to as the ruleset states them, before the scheme sets any: where that is right, the scheme is not."""
    texts = [figure.value for figure in figures if figure is not None]
    try:
        return sum((parse_number(text) for text in texts if text is not None), Fraction(0))
    except NumberError:
        return None


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
            shown = {"total": to_json_number(total), "wanted": to_json_number(wanted)}
            stated = _stated(c.points for c in own)
            where = (_set_over(programme, "points", (c.criterion for c in own)) if stated == wanted else None) or programme.where(name)
            problems.error("points_sum", where, dimension=name, **shown)
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
    """No element is called like a word of the language, and no conclusion like another element."""
    programme = compiled.programme
    for name in (*programme.inputs, *programme.indicators, *programme.tables, *programme.parameters):
        if name in RESERVED:
            problems.error("name_reserved", programme.where(name), name=name)
    for rule in programme.rules:
        for word in words_of(rule):
            if word in RESERVED:
                problems.error("name_reserved", programme.where(rule.rule), name=word)
            elif word != rule.rule and word in programme.places:
                problems.error("name_taken", programme.where(rule.rule), name=word, first=programme.places[word])


def demands_ask_for_evidence(compiled: Compiled, problems: ProblemList) -> None:
    """A gate or criterion that asks for no evidence can be met by saying so."""
    for demand in demands(compiled.programme):
        if not demand.evidence and not isinstance(demand.method, All | KOf | Choose):
            name = id_of(demand)
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
    used = {name for typed in compiled.expressions for name in (*typed.names, *typed.tables)} | named_by_checks(programme)
    for name in (*programme.inputs, *programme.tables, *programme.parameters):
        if name not in used:
            problems.warning("never_used", programme.where(name), name=name)


def determination_is_complete(compiled: Compiled, problems: ProblemList) -> None:
    """The determination table has a line for every case, in the order that is fixed."""
    programme = compiled.programme
    covered = {condition for line in programme.settings.determination for condition in line.any_of}
    wanted = {"gate_not_met", "veto", "required_not_met", "gate_open", "veto_open", "required_open"}
    by_mark = {"below_mark", "mark_open", "at_mark"} if programme.mark.text is not None else {"no_mark"}
    wanted |= {"below_levels", "level_open", "at_level"} if programme.levels else by_mark
    wanted |= {"year_open"} if programme.standard.years > 1 else set()
    wanted |= {"floor_not_met"} if any(part.is_floor for part in programme.parts) else set()
    wanted |= {"proxy_only"} if programme.precheck_only else set()
    where = programme.where("/determination")
    if missing := sorted(wanted - covered):
        problems.error("determination_incomplete", where, missing=", ".join(missing))
    order = [line.outcome for line in programme.settings.determination]
    ranked = [o for o in ("not_eligible", "fails", "incomplete", "eligible", "scored") if o in order]
    if [o for o in order if o in ranked] != ranked:
        problems.error("determination_order", where, order=" > ".join(order))


def marks_can_be_reached(compiled: Compiled, problems: ProblemList) -> None:
    """The mark lies within the score, tiers between the mark and its end."""
    programme = compiled.programme
    reach, mark = _reach(programme), programme.mark.value
    seen: dict[str, Fraction | None] = {}
    if mark is not None and reach is not None and mark > reach:
        problems.error("mark_unreachable", programme.where("/mark"), mark=programme.mark.text, most=to_json_number(reach))
    for i, tier in enumerate(programme.settings.tiers):
        where = programme.where(f"/tiers[{i}]")
        try:
            value = parse_number(tier.mark.value) if tier.mark.value is not None else None
        except NumberError as err:
            problems.error(err.code, where, **err.params)
            continue
        if value is not None and ((reach is not None and value > reach) or (mark is not None and value < mark)):
            problems.error("tier_unreachable", where, tier=tier.tier, mark=tier.mark.value)
        same = next((name for name, other in seen.items() if name == tier.tier or (value is not None and other == value)), None)
        if same is not None:
            problems.error("tier_twice", where, tier=tier.tier, other=same)
        seen[tier.tier] = value


def _reach(programme: Programme) -> Fraction | None:
    """The highest score there can be; None where an item may earn more than its points, or has none that are known."""
    if any(isinstance(c.method, Ratio) and c.method.cap != "1" for c in programme.criteria.values()):
        return None
    if programme.standard.aggregate != "sum":
        return HUNDRED
    in_groups = {m for c in programme.criteria.values() if isinstance(c.method, Choose) for m in c.method.of}
    points = [figure.value for name, figure in programme.points.items() if name not in in_groups]
    return None if None in points else sum((point for point in points if point is not None), Fraction(0))


def na_policy_is_known(compiled: Compiled, problems: ProblemList) -> None:
    """What is not applicable is renormalised, granted or lost: nothing else."""
    value = compiled.programme.settings.na_policy.value
    if value not in ("renormalise", "full_marks", "zero"):
        problems.error("na_policy_unknown", compiled.programme.where("/na_policy"), value=value)


def applies_to_known(compiled: Compiled, problems: ProblemList) -> None:
    """Whom a programme is for stands in the tables of districts and industries, where it uses them."""
    programme = compiled.programme
    applies = programme.settings.applies
    for codes, table in ((applies.districts, "districts"), (applies.sectors, "industries")):
        known = programme.references[table].rows if table in programme.references else None
        for code in codes if known is not None else ():
            if not any(code == key or (table == "industries" and (code.startswith(key) or key.startswith(code))) for key in known or ()):
                problems.error("applies_unknown", programme.where("/applies"), name=code, table=table)


def rules_are_layered(compiled: Compiled, problems: ProblemList) -> None:
    """No rule depends on its own absence."""
    stratify(compiled, problems)


_LINTS: tuple[Lint, ...] = (
    points_are_known,
    weights_add_up,
    levels_are_whole,
    level_weights_add_up,
    names_are_free,
    inputs_go_together,
    edges_are_in_order,
    alternatives_are_whole,
    figure_sources_have_figures,
    groups_hold_enough,
    points_of_methods_are_known,
    what_must_be_met_can_be,
    determination_is_complete,
    marks_can_be_reached,
    na_policy_is_known,
    applies_to_known,
    rules_are_layered,
    checks_are_sound,
    families_stay_apart,
    not_detected_stands_alone,
    demands_ask_for_evidence,
    everything_is_used,
    attestations_hold,
)

_NEED_EVERY_FORMULA = frozenset({rules_are_layered, checks_are_sound, everything_is_used, attestations_hold})
"""These say nothing sensible of a programme of which some formulas could not be read."""
