"""Lints of standards that assess by levels: weights that make one whatever applies, levels that can be reached and agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from engine.language import Env, Number, Unknown, to_json_number, unknown
from engine.problems import ProblemList
from engine.ruleset.compile import GROUP_SIZE, Compiled
from engine.ruleset.methods import Membership
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion

ONE, HUNDRED = Fraction(1), Fraction(100)
_SAMPLES = tuple(Fraction(prime) for prime in (101, 211, 307, 401, 503, 601, 701, 809, 907, 1009, 1103, 1201))
"""What the names of weights stand for while their sums are tried: numbers that no sum meets by chance."""


def levels_are_whole(compiled: Compiled, problems: ProblemList) -> None:
    """A standard assesses by levels or by points, not by both; its levels can be reached, and every criterion has just these."""
    programme = compiled.programme
    if (programme.standard.aggregate == "membership") != bool(programme.levels):
        problems.error("levels_and_aggregate", programme.where(""), aggregate=programme.standard.aggregate, count=len(programme.levels))
        return
    if programme.levels:
        _levels(programme, problems)
        _excluded(programme, problems)
        _class_policy(programme, problems)
    for name, criterion in programme.criteria.items():
        _criterion(programme, name, criterion, problems)


def _levels(programme: Programme, problems: ProblemList) -> None:
    names = [level.level for level in programme.standard.levels]
    for i, level in enumerate(programme.standard.levels):
        where = programme.where(f"/levels[{i}]")
        mark = programme.levels[level.level].value
        if names.count(level.level) > 1:
            problems.error("level_twice", where, level=level.level)
        if mark is not None and not 0 <= mark <= HUNDRED:
            problems.error("level_unreachable", where, level=level.level, mark=programme.levels[level.level].text)
        if level.floor is not None and level.floor not in names:
            problems.error("level_unknown", where, level=level.floor, known=", ".join(names))


def _excluded(programme: Programme, problems: ProblemList) -> None:
    """What has no meaning where an index decides by levels."""
    settings = programme.settings
    excluded = {
        "mark": programme.mark.text is not None,
        "tiers": bool(settings.tiers),
        "years": programme.standard.years > 1,
        "na_policy": settings.na_policy.value != "renormalise",
    }
    for what in (name for name, found in excluded.items() if found):
        problems.error("levels_exclude", programme.where(f"/{what}"), what=what)


def _class_policy(programme: Programme, problems: ProblemList) -> None:
    policy = programme.settings.class_policy
    if policy is None or policy.value not in ("renormalise", "keep"):
        problems.error("class_policy_unknown", programme.where("/class_policy"), value=policy.value if policy else "—")


def _criterion(programme: Programme, name: str, criterion: Criterion, problems: ProblemList) -> None:
    """Levels give points where points are counted, and are the standard's own where levels are."""
    where = programme.where(name)
    indexed = name in programme.indexed
    if not indexed and (criterion.weight is not None or criterion.limiting):
        problems.error("weight_without_levels", where, name=name)
    if not isinstance(criterion.method, Membership):
        return
    levels = [level.level for level in criterion.method.levels]
    if indexed and (levels != list(programme.levels) or any(level.points is not None for level in criterion.method.levels)):
        problems.error("levels_differ", where, name=name, levels=", ".join(programme.levels))
    elif not indexed and any(level.points is None for level in criterion.method.levels):
        problems.error("level_points_missing", where, name=name)


def level_weights_add_up(compiled: Compiled, problems: ProblemList) -> None:
    """The weights of dimensions make 1, and those of the criteria inside each too, however many of a group apply.

    Where one is not known there is no index: what is known may still be too much.
    """
    programme = compiled.programme
    members: dict[str, list[str]] = {}
    for name in programme.indexed:
        members.setdefault(programme.criteria[name].dimension, []).append(name)
    members = {dimension: names for dimension, names in members.items() if dimension in programme.dimensions}
    if not members:
        return
    first = programme.where(next(iter(members)))
    classes = [programme.weights[name].value for name in members]
    whole = sum((weight for weight in classes if weight is not None), Fraction(0))
    if whole > ONE or (whole != ONE and None not in classes):
        problems.error("index_weights_sum", first, total=to_json_number(whole))
    for dimension, names in members.items():
        if all(programme.criteria[name].weight is not None for name in names):
            _inside(compiled, dimension, names, problems)
    if None in classes or any(programme.criteria[name].weight is None for name in programme.indexed):
        problems.warning("index_weights_unknown", first)


def _inside(compiled: Compiled, dimension: str, names: Sequence[str], problems: ProblemList) -> None:
    """Tries the sum of a dimension's weights with all members, and with every smaller number of each group."""
    programme = compiled.programme
    if not all(_can_be_tried(compiled, name, problems) for name in names):
        return
    groups = Counter(group for name in names if (group := programme.criteria[name].group) is not None)
    tried = [dict(groups), *({**groups, group: count} for group, size in groups.items() for count in range(1, size))]
    for sizes in tried:
        whole = _sum(compiled, names, sizes)
        if whole != ONE:
            shown = to_json_number(whole) if whole is not None else "—"
            count = sum(sizes.values()) + sum(programme.criteria[name].group is None for name in names)
            problems.error("class_weights_sum", programme.where(dimension), dimension=dimension, total=shown, count=count)
            return


def _can_be_tried(compiled: Compiled, name: str, problems: ProblemList) -> bool:
    """Whether a weight is arithmetic over numbers; ``n`` needs a group to count."""
    programme, formula = compiled.programme, compiled.formulas.get((name, "weight"))
    if formula is None:
        return False
    typed = formula.typed
    if GROUP_SIZE in typed.names and programme.criteria[name].group is None:
        problems.error("weight_needs_group", programme.where(name), name=name)
        return False
    others = [other for other in typed.names if other != GROUP_SIZE]
    numbers = all(other in programme.indicators or other in programme.inputs for other in others) and len(others) <= len(_SAMPLES)
    if typed.tables or typed.references or not numbers or not isinstance(typed.type, Number):
        problems.error("weight_unchecked", programme.where(name), name=name)
        return False
    return True


def _sum(compiled: Compiled, names: Sequence[str], sizes: dict[str, int]) -> Fraction | None:
    programme = compiled.programme
    used = sorted({other for name in names for other in compiled.formulas[name, "weight"].typed.names} - {GROUP_SIZE})
    values = dict(zip(used, _SAMPLES, strict=False))
    left, whole = dict(sizes), Fraction(0)
    for name in names:
        group = programme.criteria[name].group
        if group is not None:
            if not left[group]:
                continue
            left[group] -= 1
            values[GROUP_SIZE] = Fraction(sizes[group])
        weight = compiled.formulas[name, "weight"].run(Env(dict(values), {}, _no_lookup, _no_status, 0))
        if not isinstance(weight, Fraction) or weight < 0:
            return None
        whole += weight
    return whole


def _no_lookup(table: str, keys: object, column: str) -> Unknown:
    return unknown("no_benchmark", f"{table}.{column}")


def _no_status(name: str) -> str:
    raise LookupError(name)
