"""Measured values of a dossier, and the dossier in which one of them is moved by a factor.

A meter is an input that is a quantity or a share, or a column of a table in the rows that share all codes but months and years: what
one instrument is off by, it is off by throughout. What is counted, or comes from an official source, is not measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.advise.scene import Scene
from engine.dossier.bind import Bound
from engine.dossier.cells import CellError, read_cell
from engine.dossier.schema import AS_DECLARED, Cell, Dossier, Entry, Row, TableEntry
from engine.language import NumberError, Unknown, Value, parse_number, split_quantity, to_text
from engine.ruleset.schema import Column, Input, InputType, Table

MEASURED = (InputType.QUANTITY, InputType.SHARE)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Meter:
    """A measured value: the input, or the table with its column and what tells its rows from others."""

    name: str
    column: str = ""
    key: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """One text for it, such as ``land_area`` or ``energy.quantity[electricity]``."""
        rows = f"[{', '.join(text for _, text in self.key)}]" if self.key else ""
        return f"{self.name}.{self.column}{rows}" if self.column else self.name


def meters_of(scene: Scene) -> tuple[Meter, ...]:
    """Every measured value that is known, not zero, and that some gate, criterion or rule rests on."""
    used = _used(scene)
    side, programme = scene.bound.side(scene.basis), scene.programme
    found = [
        Meter(name)
        for name, definition in programme.inputs.items()
        if name in used and definition.type in MEASURED and definition.role == "value" and _moves(side.values.get(name))
    ]
    for name, table in programme.tables.items():
        rows = side.tables[name]
        if name in used and not isinstance(rows, Unknown):
            found += _of_table(table, rows)
    return tuple(found)


def _used(scene: Scene) -> frozenset[str]:
    demands = (*scene.programme.gates, *scene.programme.criteria)
    return scene.seen_by_rules.union(*(scene.ready.depends[name] for name in demands))


def _moves(value: object) -> bool:
    return isinstance(value, Fraction) and value != 0


def _of_table(table: Table, rows: Sequence[Mapping[str, Value]]) -> Iterator[Meter]:
    keys = _keys(table)
    for column in table.columns:
        if column.type in MEASURED and column.role == "value" and column.column not in table.per:
            known = [row for row in rows if _moves(row.get(column.column))]
            for key in dict.fromkeys(tuple((name, str(row.get(name, ""))) for name in keys) for row in known):
                yield Meter(table.table, column.column, key)


def _keys(table: Table) -> tuple[str, ...]:
    """What tells the meters of a table apart: all that tells its rows apart but months and years."""
    times = {column.column for column in table.columns if column.type in (InputType.MONTH, InputType.YEAR)}
    return tuple(name for name in table.per if name not in times)


# --- the same dossier with one value moved ---


def bound_moved(scene: Scene, meter: Meter, factor: Fraction) -> Bound:
    """The dossier as it is bound, with a measured value times a factor; for trying out."""
    side = scene.bound.side(scene.basis)
    if not meter.column:
        value = side.values[meter.name]
        assert isinstance(value, Fraction)
        values = {**side.values, meter.name: _kept(value * factor, scene.programme.inputs[meter.name])}
        moved = replace(side, values=values)
    else:
        rows = side.tables[meter.name]
        assert not isinstance(rows, Unknown)
        definition = _column(scene.programme.tables[meter.name], meter.column)
        moved_rows = tuple(_row_times(row, meter, definition, factor) for row in rows)
        moved = replace(side, tables={**side.tables, meter.name: moved_rows})
    return scene.bound_with(moved)


def _column(table: Table, name: str) -> Column:
    return next(column for column in table.columns if column.column == name)


def _row_times(row: Mapping[str, Value], meter: Meter, definition: Column, factor: Fraction) -> Mapping[str, Value]:
    value = row.get(meter.column)
    if not isinstance(value, Fraction) or any(str(row.get(name, "")) != text for name, text in meter.key):
        return row
    return {**row, meter.column: _kept(value * factor, definition)}


def _kept(value: Fraction, definition: Input | Column) -> Fraction:
    """A share does not go beyond 100 %."""
    return min(value, ONE) if definition.type is InputType.SHARE else value


def dossier_moved(scene: Scene, meter: Meter, factor: Fraction) -> Dossier:
    """The dossier itself with a measured value times a factor, in the texts that count on the scene's basis."""
    dossier = scene.dossier
    if not meter.column:
        definition = scene.programme.inputs[meter.name]
        inputs = tuple((name, _entry(e, definition, factor, scene) if name == meter.name else e) for name, e in dossier.inputs)
        return replace(dossier, inputs=inputs)
    return replace(dossier, tables=tuple((n, _table(t, meter, factor, scene) if n == meter.name else t) for n, t in dossier.tables))


def entered_text(scene: Scene, meter: Meter, factor: Fraction = ONE) -> str:
    """What the dossier says of an input, or would say with the factor; empty for a column of a table."""
    text = scene.bound.side(scene.basis).entered.get(meter.name, "") if not meter.column else ""
    return _times(text, scene.programme.inputs[meter.name], factor) if text and factor != 1 else text


def _entry(entry: Entry, definition: Input, factor: Fraction, scene: Scene) -> Entry:
    own = scene.basis == "verified" and entry.verified is not None and entry.verified.text != AS_DECLARED
    cell = entry.verified if own else entry.declared
    assert cell is not None
    moved = Cell(_times(cell.text, definition, factor), cell.where)
    return replace(entry, verified=moved) if own else replace(entry, declared=moved)


def _table(table: TableEntry, meter: Meter, factor: Fraction, scene: Scene) -> TableEntry:
    definition = scene.programme.tables[meter.name]
    columns = {column.column: column for column in definition.columns}
    return replace(table, rows=tuple(_row(row, meter, columns, factor, scene) for row in table.rows))


def _row(row: Row, meter: Meter, columns: Mapping[str, Column], factor: Fraction, scene: Scene) -> Row:
    declared, verified = dict(row.declared), dict(row.verified)
    checked = {name: cell for name, cell in verified.items() if scene.basis == "verified" and cell.text != AS_DECLARED}
    cells = {**declared, **checked}
    cell = cells.get(meter.column)
    if cell is None or not cell.text or any(_code(cells.get(name), columns[name], scene) != text for name, text in meter.key):
        return row
    moved = Cell(_times(cell.text, columns[meter.column], factor), cell.where)
    if meter.column in checked:
        return replace(row, verified=tuple((name, moved if name == meter.column else old) for name, old in row.verified))
    return replace(row, declared=tuple((name, moved if name == meter.column else old) for name, old in row.declared))


def _code(cell: Cell | None, definition: Column, scene: Scene) -> str:
    if cell is None:
        return ""
    try:
        return str(read_cell(cell.text, definition, scene.programme, dict(scene.dossier.units)))
    except CellError:
        return cell.text


def _times(text: str, definition: Input | Column, factor: Fraction) -> str:
    """An entered quantity times a factor, in the unit it was entered in; what is no number stays."""
    try:
        number, unit = split_quantity(text)
        moved = parse_number(number) * factor
    except NumberError:
        return text
    if definition.type is InputType.SHARE:
        moved = min(moved, Fraction(100) if unit == "%" or (not unit and definition.unit == "%") else ONE)
    return f"{to_text(moved)} {unit}".strip()
