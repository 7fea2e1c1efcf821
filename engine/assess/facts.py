"""What the facts of a finding were read from: inputs and indicators with their values, cells of the row that a rule is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from engine.assess.basis import BasisRun
from engine.assess.display import cell_print
from engine.assess.results import Fact, FindingRow, Used
from engine.dossier.bind import cell_of
from engine.dossier.schema import AS_DECLARED, Cell, Row
from engine.language.typed import Cell as CellNode
from engine.language.typed import Input, Node, Outer, Status, walk
from engine.problems import Where
from engine.ruleset.strata import Literal


class FactBook:
    """Finds the values and places behind the facts of one basis of a dossier."""

    def __init__(self, run: BasisRun) -> None:
        self._run = run
        self._inputs = dict(run.bound.dossier.inputs)

    def facts(self, literals: Sequence[Literal], table: str, row: int) -> tuple[Fact, ...]:
        """The facts of one alternative of a rule, about a row of a table where it has a number."""
        return tuple(Fact(each.text, each.positive, _kind(each), tuple(self._used(each, table, row))) for each in literals)

    def row(self, table: str, row: int) -> FindingRow | None:
        """The row of a finding; none where it is about no row."""
        if row < 0:
            return None
        source = self._run.side.rows[table][row]
        key = tuple(self._cell(table, column, row) for column in self._run.programme.tables[table].per)
        return FindingRow(table, tuple(used for used in key if used.value.value is not None), source.where.short())

    def _used(self, literal: Literal, table: str, row: int) -> Iterator[Used]:
        for name, column in () if literal.derived else _names(literal.node, table):
            if column and row >= 0:
                yield self._cell(table, column, row)
            elif not column and (name in self._run.programme.inputs or name in self._run.programme.indicators):
                yield self._scalar(name)

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


def _kind(literal: Literal) -> str:
    if literal.derived:
        return "conclusion"
    if literal.of_row:
        return "row"
    if literal.counted:
        return "count"
    return "status" if any(isinstance(part, Status) for part in walk(literal.node)) else "value"


@lru_cache(maxsize=4096)
def _names(node: Node, table: str) -> tuple[tuple[str, str], ...]:
    """What a condition is computed from, each once in the order of its text: names, and columns of the row's table."""
    found: dict[tuple[str, str], None] = {}
    for part in walk(node):
        if isinstance(part, Input):
            found[part.name, ""] = None
        elif isinstance(part, CellNode | Outer) and part.table == table:
            found[f"{part.table}.{part.column}", part.column] = None
    return tuple(found)
