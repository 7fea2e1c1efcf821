"""An indicator that is a sum over a table, taken apart by columns of it: total energy by carrier and month. It adds up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.assess.basis import BasisRun
from engine.assess.results import Assessment
from engine.dossier.bind import bind_table
from engine.dossier.schema import Dossier
from engine.language import compile_row_node
from engine.language.typed import Aggregate
from engine.ruleset.compile import compiled
from engine.ruleset.programme import Programme

Parts = Mapping[tuple[str, str], Fraction]


def breakdown(assessment: Assessment, programme: Programme, dossier: Dossier, indicator: str, by: str, along: str) -> Parts | None:
    """The indicator's sum by two columns of its table, in the unit that it prints in.

    None where the programme has no such sum, where a row is not known, or where the parts do not make up what was assessed.
    """
    ready = compiled(programme)
    formula = ready.formulas.get((indicator, "formula"))
    root = formula.typed.root if formula else None
    result = next((one for one in assessment.indicators if one.id == indicator), None)
    if not isinstance(root, Aggregate) or root.value is None or root.where is not None or result is None or result.value.number is None:
        return None
    if not {by, along} <= {column.column for column in programme.tables[root.table].columns}:
        return None
    run = BasisRun(ready, bind_table(dossier, programme, root.table, assessment.basis), assessment.basis, {})
    rows = run.env.tables[root.table]
    if not isinstance(rows, tuple):
        return None
    value_of = compile_row_node(root.value)
    parts: dict[tuple[str, str], Fraction] = {}
    for row in rows:
        value = value_of(run.env, row)
        if not isinstance(value, Fraction):
            return None
        key = (str(row.get(by, "")), str(row.get(along, "")))
        parts[key] = parts.get(key, Fraction(0)) + value / result.value.factor
    return parts if sum(parts.values()) == result.value.number else None
