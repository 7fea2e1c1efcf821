"""From an expression back to the cells of the dossier that it was computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from engine.assess.basis import BasisRun
from engine.assess.display import concrete_unit
from engine.assess.results import Place, Shown
from engine.dossier.bind import cell_of
from engine.dossier.schema import Cell as Entered
from engine.dossier.schema import Row as EnteredRow
from engine.language import Row, TypedExpr, Unknown, Value, compile_row
from engine.language.typed import Aggregate, Cell, Input, Node, Reference, parts
from engine.problems import Bilingual, Where
from engine.ruleset.compile_checks import ReadyCheck
from engine.ruleset.schema import InputType


class Cells:
    """Finds the cells behind the expressions of one basis of one dossier."""

    def __init__(self, run: BasisRun) -> None:
        self.run, self.programme = run, run.programme
        self.inputs, self.tables = dict(run.bound.dossier.inputs), dict(run.bound.dossier.tables)

    def rows(self, table: str) -> tuple[Sequence[Row], tuple[EnteredRow, ...]]:
        """The rows of a table and what was entered for each; none where the table is not known as a whole."""
        rows = self.run.env.tables.get(table, ())
        return ((), ()) if isinstance(rows, Unknown) else (rows, self.run.side.rows.get(table, ()))

    def places(self, typed: TypedExpr, table: str = "", at: int = -1) -> tuple[Place, ...]:
        """The cells behind an expression, in the order of its text; ``at`` is the row of ``table`` that it was computed for."""
        found: dict[str, list[Where]] = {}
        self._collect(typed.root, table, [at] if at >= 0 else [], found)
        return tuple(_span(name, places) for name, places in found.items())

    def _collect(self, node: Node, table: str, at: Sequence[int], found: dict[str, list[Where]]) -> None:
        if isinstance(node, Input):
            self._named(node.name, found)
        elif isinstance(node, Aggregate):
            chosen = self._chosen(node)
            if node.value is None:
                _add(found, node.table, (self.rows(node.table)[1][i].where for i in chosen))
            else:
                self._collect(node.value, node.table, chosen, found)
        elif isinstance(node, Cell):
            self._column(node, at, found)
        elif not isinstance(node, Reference):  # what a figure is looked up by is not what was stated
            for part in parts(node):
                self._collect(part, table, at, found)

    def _named(self, name: str, found: dict[str, list[Where]]) -> None:
        """An input's own cell; an indicator by what it is computed from."""
        if name in self.programme.inputs:
            cell, _ = cell_of(self.inputs.get(name), self.run.basis)
            if cell is not None:
                _add(found, name, [cell.where])
        elif name in self.programme.indicators:
            self._collect(self.run.ready.formulas[name, "formula"].typed.root, "", (), found)

    def _column(self, node: Cell, at: Sequence[int], found: dict[str, list[Where]]) -> None:
        entered = self.rows(node.table)[1]
        cells = ((self.entered(entered[i], node.column), entered[i]) for i in at)
        computed = next((formula for (owner, column), formula in self.run.ready.columns.items() if (owner, column) == _key(node)), None)
        if computed is not None:
            self._collect(computed.typed.root, node.table, at, found)
            return
        _add(found, f"{node.table}.{node.column}", (cell.where for cell, row in cells if cell is not None))

    def _chosen(self, node: Aggregate) -> list[int]:
        """The rows that an aggregate takes."""
        rows, _ = self.rows(node.table)
        if node.where is None:
            return list(range(len(rows)))
        holds = compile_row(TypedExpr("", node.where.syntax, node.where, (), {}, (), ()))
        return [i for i, row in enumerate(rows) if holds(self.run.env, row) is True]

    def entered(self, row: EnteredRow, column: str) -> Entered | None:
        """The cell of a row that counts on this basis."""
        verified = dict(row.verified).get(column) if self.run.basis == "verified" else None
        return verified or dict(row.declared).get(column)

    def row_name(self, table: str, row: Row) -> str:
        """What tells a row apart from the others, as people call it."""
        names = [self.value_name(table, column, row) for column in self.programme.tables[table].per]
        return Bilingual(" ".join(names), " ".join(getattr(name, "en", name) for name in names))

    def value_name(self, table: str, column: str, row: Row) -> str:
        """A value that tells rows apart, by its title where it is a code of a list."""
        definition = next(found for found in self.programme.tables[table].columns if found.column == column)
        value = row.get(column, "")
        reference = self.programme.references.get(definition.reference or "")
        listed = reference.find(str(value), f"{self.run.bound.dossier.year}-12-31") if reference else None
        if listed and listed.title:
            return Bilingual(listed.title.zh, listed.title.en)
        if str(value) in definition.choices:
            return Bilingual(definition.choices[str(value)].zh, definition.choices[str(value)].en)
        return str(value.numerator) if isinstance(value, Fraction) and definition.type is InputType.YEAR else str(value)

    def shown(self, ready: ReadyCheck, value: Fraction, table: str = "", row: Row | None = None) -> Shown:
        """A value in the check's unit, with the dossier's units, and those of the row, in place of the generic ones."""
        bound = self.run.bound.dossier.units
        if table and row is not None:
            bound = (*bound, *self._row_units(table, row).items())
        unit = "" if ready.check.unit == "1" else concrete_unit(ready.check.unit, bound)
        return Shown(value, unit, ready.factor)

    def _row_units(self, table: str, row: Row) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for name, source in self.programme.tables[table].row_units.items():
            listed = self.programme.references[source.reference].find(str(row.get(source.key, "")), f"{self.run.bound.dossier.year}-12-31")
            unit = listed.values.get(source.column) if listed else None
            if isinstance(unit, str):
                found[name] = unit
        return found


def number(value: Value) -> Fraction | None:
    """A value where it is a number that is known."""
    return value if isinstance(value, Fraction) else None


def short(place: Place) -> Place:
    """A place by the names of its files alone."""
    return Place(place.name, place.first.short(), None if place.last is None else place.last.short())


def _key(node: Cell) -> tuple[str, str]:
    return node.table, node.column


def _add(found: dict[str, list[Where]], name: str, places: Iterable[Where]) -> None:
    listed = found.setdefault(name, [])
    listed += [place for place in places if place not in listed]
    if not listed:
        del found[name]


def _span(name: str, places: Sequence[Where]) -> Place:
    """Several cells by the first and the last of them, in the order of the file."""
    ordered = sorted(places, key=lambda where: (where.file, where.line or 0)) if all(w.line is not None for w in places) else list(places)
    first, last = (replace(where.short()) for where in (ordered[0], ordered[-1]))
    return Place(name, first, None if last == first else last)
