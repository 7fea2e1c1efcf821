"""Lints of what a dossier supplies: codes that stand somewhere, tables whose columns go together."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from engine.problems import ProblemList, Where
from engine.ruleset.compile import Compiled
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Column, Input, InputType, Table

_CHOSEN = (InputType.CHOICE, InputType.CODE, InputType.CODES)


def inputs_go_together(compiled: Compiled, problems: ProblemList) -> None:
    """What is chosen has something to choose from; a table's key, month and units name columns that it has."""
    programme = compiled.programme
    for name, definition in programme.inputs.items():
        _check_choices(programme, name, definition, programme.where(name), problems)
    for name, table in programme.tables.items():
        for column in table.columns:
            _check_choices(programme, f"{name}.{column.column}", column, programme.where(name), problems)
        _check_table(programme, table, programme.where(name), problems)


def _check_choices(programme: Programme, name: str, definition: Input | Column, where: Where, problems: ProblemList) -> None:
    if definition.reference is not None and definition.reference not in programme.references:
        close = _close(definition.reference, programme.references)
        problems.error("code_table_unknown", where, name=name, table=definition.reference, close=close)
    elif definition.type in _CHOSEN and definition.reference is None and not definition.choices:
        problems.error("choices_missing", where, name=name)


def _check_table(programme: Programme, table: Table, where: Where, problems: ProblemList) -> None:
    columns: dict[str, Column] = {}
    for column in table.columns:
        if column.column in columns:
            problems.error("column_twice", where, table=table.table, column=column.column)
        columns[column.column] = column
    for part in (*table.per, *(unit.key for unit in table.row_units.values())):
        if part not in columns:
            problems.error("key_column_unknown", where, table=table.table, column=part, close=_close(part, columns))
    if table.monthly and not any(columns[part].type is InputType.MONTH for part in table.per if part in columns):
        problems.error("month_column_missing", where, table=table.table)
    for unit in table.row_units.values():
        reference = programme.references.get(unit.reference)
        if reference is None:
            close = _close(unit.reference, programme.references)
            problems.error("code_table_unknown", where, name=f"{table.table}.row_units", table=unit.reference, close=close)
        elif unit.column not in reference.columns or reference.columns[unit.column].type is not InputType.TEXT:
            known = [name for name, column in reference.columns.items() if column.type is InputType.TEXT]
            problems.error("unit_column_unknown", where, table=unit.reference, column=unit.column, known=", ".join(known) or "—")


def _close(name: str, known: Iterable[str]) -> str:
    return ", ".join(difflib.get_close_matches(name, list(known), 3)) or "—"
