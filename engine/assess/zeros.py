"""Warnings of indicators that cannot be computed because what they divide by is zero."""

from __future__ import annotations

from collections.abc import Iterator

from engine.assess.basis import BasisRun
from engine.dossier.bind import cell_of
from engine.language import Unknown
from engine.problems import Bilingual, Problem, Severity, Where

_ZERO = frozenset({"zero_denominator", "both_zero"})


def zero_denominators(run: BasisRun) -> tuple[Problem, ...]:
    """A warning at each cell that makes a denominator zero, once, with the indicator that it stops first."""
    found: dict[str, Problem] = {}
    for indicator in run.ready.order:
        value = run.env.values[indicator]
        for cause in value.causes if isinstance(value, Unknown) else ():
            for name in _entered(run, cause.name) if cause.code in _ZERO else ():
                if name not in found:
                    params = (("item", _title(run, indicator)), ("name", _title(run, name)))
                    found[name] = Problem("denominator_zero", Severity.WARNING, _place(run, name), params)
    return tuple(found.values())


def _entered(run: BasisRun, denominator: str) -> Iterator[str]:
    """The inputs and table columns of a denominator that come to zero; those behind it where it is itself computed."""
    if denominator in run.programme.inputs or "." in denominator:
        yield denominator
    elif denominator in run.ready.depends:
        yield from sorted(name for name in run.ready.depends[denominator] if name in run.programme.inputs and run.env.values[name] == 0)


def _place(run: BasisRun, name: str) -> Where:
    """The cell of an input, or the table of a column."""
    table = dict(run.bound.dossier.tables).get(name.partition(".")[0])
    if table is not None:
        return table.where
    entry = dict(run.bound.dossier.inputs).get(name)
    cell, _ = cell_of(entry, run.basis)
    return cell.where if cell else Where(path=f"inputs.{name}")


def _title(run: BasisRun, name: str) -> Bilingual:
    return Bilingual(zh=run.programme.title(name, "zh"), en=run.programme.title(name, "en"))
