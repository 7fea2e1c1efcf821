"""What the facts of a finding were read from: inputs and indicators with their values, cells of the row that a rule is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from engine.assess.basis import BasisRun
from engine.assess.display import cell_print
from engine.assess.results import Fact, FindingRow, Used
from engine.dossier.bind import cell_of
from engine.dossier.schema import AS_DECLARED, Cell, Row
from engine.language.typed import Cell as CellNode
from engine.language.typed import Input, Outer, Status, walk
from engine.problems import Where
from engine.ruleset.programme import Programme
from engine.ruleset.strata import Literal


class Asked(NamedTuple):
    """A condition of a rule as a fact, and what it is computed from, in the order of its text: names, and columns of the row's table."""

    fact: Fact
    table: str
    names: tuple[tuple[str, str], ...]


class FactBook:
    """Finds the values and places behind the facts of one basis of a dossier."""

    def __init__(self, run: BasisRun) -> None:
        self._run = run
        self._inputs = dict(run.bound.dossier.inputs)

    def facts(self, asked: Sequence[Asked], row: int) -> tuple[Fact, ...]:
        """The facts of one alternative of a rule, about a row of a table where it has a number."""
        return tuple([one.fact if not one.names else replace(one.fact, used=tuple(self._used(one, row))) for one in asked])

    def row(self, table: str, row: int) -> FindingRow | None:
        """The row of a finding; none where it is about no row."""
        if row < 0:
            return None
        source = self._run.side.rows[table][row]
        key = tuple(self._cell(table, column, row) for column in self._run.programme.tables[table].per)
        return FindingRow(table, tuple(used for used in key if used.value.value is not None), source.where.short())

    def _used(self, asked: Asked, row: int) -> Iterator[Used]:
        for name, column in asked.names:
            if not column:
                yield self._scalar(name)
            elif row >= 0:
                yield self._cell(asked.table, column, row)

    def _scalar(self, name: str) -> Used:
        cell, _ = cell_of(self._inputs.get(name), self._run.basis)
        value = self._run.printer.named(name, self._run.env.values[name])
        return Used(name, value, cell.where.short() if cell else Where())

    def _cell(self, table: str, column: str, row: int) -> Used:
        source = self._run.side.rows[table][row]
        cell = _entered(source, column, self._run.basis)
        rows = self._run.env.tables[table]
        assert isinstance(rows, Sequence)
        value = rows[row].get(column)
        shown = cell_print(self._run.programme, self._run.bound.dossier.units, table, column, value, cell.text if cell else "")
        return Used(f"{table}.{column}", shown, (cell.where if cell else source.where).short())


def _entered(row: Row, column: str, basis: str) -> Cell | None:
    """The cell that counts on a basis."""
    verified = dict(row.verified).get(column) if basis == "verified" else None
    return verified if verified is not None and verified.text != AS_DECLARED else dict(row.declared).get(column)


def asked_of(literal: Literal, table: str, programme: Programme) -> Asked:
    """What a condition of a rule about a table (or about none) asks, worked out once."""
    found: dict[tuple[str, str], None] = {}
    for part in () if literal.derived else walk(literal.node):
        if isinstance(part, Input) and (part.name in programme.inputs or part.name in programme.indicators):
            found[part.name, ""] = None
        elif isinstance(part, CellNode | Outer) and part.table == table:
            found[f"{part.table}.{part.column}", part.column] = None
    return Asked(Fact(literal.text, literal.positive, _kind(literal)), table, tuple(found))


def _kind(literal: Literal) -> str:
    if literal.derived:
        return "conclusion"
    if literal.of_row:
        return "row"
    if literal.counted:
        return "count"
    return "status" if any(isinstance(part, Status) for part in walk(literal.node)) else "value"
