"""Warnings of figures that stop a calculation: what is divided by is zero, a lead value is worse than its base value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.assess.basis import BasisRun
from engine.assess.results import CriterionResult, Names
from engine.assess.sentences import show
from engine.dossier.bind import cell_of
from engine.language import Unknown
from engine.problems import Bilingual, Problem, Severity, Where

_ZERO = frozenset({"zero_denominator", "both_zero"})


def cautions(run: BasisRun, criteria: Iterable[CriterionResult]) -> tuple[Problem, ...]:
    """Every such warning of one basis of a dossier, each at the place of the figure."""
    return (*_zero_denominators(run), *_benchmarks_out_of_order(run, criteria))


def _zero_denominators(run: BasisRun) -> Iterator[Problem]:
    """A warning at each cell that makes a denominator zero, once, with the indicator that it stops first."""
    found: set[tuple[str, Where]] = set()
    for indicator in run.ready.order:
        value = run.env.values[indicator]
        for cause in value.causes if isinstance(value, Unknown) else ():
            for name, where in _entered(run, cause.name) if cause.code in _ZERO else ():
                if (name, where) not in found:
                    found.add((name, where))
                    params = (("item", _title(run, indicator)), ("name", _title(run, name)))
                    yield Problem("denominator_zero", Severity.WARNING, where, params)


def _entered(run: BasisRun, denominator: str) -> Iterator[tuple[str, Where]]:
    """What comes to zero in a denominator, and where it was entered: inputs, or the tables that a sum was taken over."""
    if denominator in run.programme.inputs:
        yield denominator, _cell(run, denominator)
        return
    behind = sorted(run.ready.depends.get(denominator, {denominator.partition(".")[0]}))
    zeros = [name for name in behind if name in run.programme.inputs and run.env.values[name] == 0]
    yield from ((name, _cell(run, name)) for name in zeros)
    if not zeros:
        tables = dict(run.bound.dossier.tables)
        yield from ((denominator, tables[name].where) for name in behind if name in tables)


def _benchmarks_out_of_order(run: BasisRun, criteria: Iterable[CriterionResult]) -> Iterator[Problem]:
    """A warning at each lead value that is worse than its base value; at the ruleset's criterion where it was looked up."""
    for result in criteria:
        if result.reason.code != "benchmark_order":
            continue
        names = dict(result.reason.params).get("names")
        behind = [name for name in names if name != result.id] if isinstance(names, Names) else []
        if behind:  # the figures are those of a value that the item is judged by
            yield from (_row_order(run, result.id, name) for name in behind)
            continue
        lead, base = (dict(result.limits)[name] for name in ("lead", "base"))
        inputs = (name for name in run.ready.uses[result.id] if name in run.programme.inputs)
        stated = [name for name in inputs if run.programme.inputs[name].role == "benchmark" and run.env.values[name] == lead.value]
        where = _cell(run, stated[0]) if stated else run.programme.where(result.id)
        texts = (Bilingual(*(show(value, lang, run.programme) for lang in ("zh", "en"))) for value in (lead, base))
        params = (("item", _title(run, result.id)), *zip(("lead", "base"), texts, strict=True))
        yield Problem("lead_worse_than_base", Severity.WARNING, where, params)


def _row_order(run: BasisRun, item: str, name: str) -> Problem:
    """A warning of a lead that is worse than its base inside a value, at the rows that it is computed from where there are any."""
    tables = dict(run.bound.dossier.tables)
    table = name.partition(".")[0]
    where = tables[table].where if table in tables else run.programme.where(item)
    return Problem("lead_of_value_worse", Severity.WARNING, where, (("name", _title(run, name)), ("item", _title(run, item))))


def _cell(run: BasisRun, name: str) -> Where:
    cell, _ = cell_of(dict(run.bound.dossier.inputs).get(name), run.basis)
    return cell.where if cell else Where(path=f"inputs.{name}")


def _title(run: BasisRun, name: str) -> Bilingual:
    return Bilingual(zh=run.programme.title(name, "zh"), en=run.programme.title(name, "en"))
