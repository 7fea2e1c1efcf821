"""Workbook -> Dossier: what the cells hold in the shape of the YAML form, each value with its sheet and cell.

The workbook says itself what it is made for (:mod:`engine.dossier.workbook_layout`), so no programme is needed; the checks of what
is entered are those of every other file form (:mod:`engine.dossier.parse`).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.dossier.answers import canonical_answer
from engine.dossier.guard import check_zip
from engine.dossier.parse import parse_dossier
from engine.dossier.schema import AS_DECLARED, Dossier
from engine.dossier.workbook_grid import Grid
from engine.dossier.workbook_layout import (
    ANSWER,
    BENCHMARKS,
    CRITERIA,
    DECLARED,
    EVIDENCE,
    FIELD_COLUMN,
    GATES,
    INFO,
    INPUTS,
    NUMBER,
    TABLE,
    TEXT,
    UNIT,
    UNITS,
    VERIFIED,
    number_parts,
    read_refs,
    takes_unit,
)
from engine.dossier.workbook_open import Opened, open_workbook
from engine.located import Key, dotted
from engine.problems import ProblemList, Where
from engine.texts import LANGUAGES, say

_COMPUTED = {say("workbook.answer.computed", lang) for lang in LANGUAGES}

_At = tuple[Key, ...]


def read_workbook(path: Path, problems: ProblemList) -> Dossier | None:
    """Read a filled workbook; every mistake goes to ``problems``. None where it is no workbook to read at all."""
    opened = open_workbook(path, problems) if check_zip(path, problems) else None
    if opened is None:
        return None
    reader = _Reader(opened, str(path), problems)
    return parse_dossier(reader.read(), reader.where, problems)


class _Reader:
    """Gathers plain data from the sheets, and remembers where each element stands."""

    def __init__(self, opened: Opened, file: str, problems: ProblemList) -> None:
        self.opened, self.problems = opened, problems
        self.places: dict[_At, Where] = {(): Where(file=file)}
        self.evidence_ids: list[str] = []

    def where(self, path: _At) -> Where:
        """The cell of an element, or that of its nearest ancestor which has one."""
        known = path
        while known not in self.places:
            known = known[:-1]
        return replace(self.places[known], path=dotted(path))

    def read(self) -> dict[str, Any]:
        """The data of all sheets, in the shape of the YAML form."""
        meta, grids = self.opened.meta, self.opened.grids
        data: dict[str, Any] = {name: meta[name] for name in ("scheme", "standard", "kind") if meta.get(name)}
        if EVIDENCE in grids:
            data["evidence"] = self._evidence(grids[EVIDENCE])
        inputs, answers = data.setdefault("inputs", {}), data.setdefault("answers", {})
        tables = data.setdefault("tables", {name: {} for name in meta.get("stated_tables", "").split()})
        for role, grid in grids.items():
            if role == INFO:
                self._info(grid, data)
            elif role == GATES or role.startswith(CRITERIA):
                answers |= self._entries(grid, "answers")
            elif role in (INPUTS, BENCHMARKS):
                inputs |= self._entries(grid, "inputs")
            elif role.startswith(TABLE) and (table := self._table(grid, role.removeprefix(TABLE))):
                tables[role.removeprefix(TABLE)] = table
        return data

    # --- basic information and evidence ---

    def _info(self, grid: Grid, data: dict[str, Any]) -> None:
        for name, row in grid.ids.items():
            at: _At = tuple(name.split(".", 1))
            column = grid.columns["declared"]
            self.places[at] = grid.place(row, column)
            self.places.setdefault(at[:1], grid.place(row, column))
            text = grid.text(row, column, self._row_kind(grid, row))
            if text is not None:
                home = data.setdefault(str(at[0]), {}) if len(at) > 1 else data
                home[str(at[-1])] = text

    def _row_kind(self, grid: Grid, row: int) -> str:
        return grid.text(row, grid.columns["kind"], TEXT) or TEXT

    def _evidence(self, grid: Grid) -> list[dict[str, str]]:
        items: list[dict[str, str]] = []
        for row in grid.rows():
            found = {key: text for key, column in grid.columns.items() if (text := grid.text(row, column, grid.kind(key))) is not None}
            if found:
                at: _At = ("evidence", len(items))
                self.places |= {(*at, key): grid.place(row, column) for key, column in grid.columns.items()}
                self.places[at] = grid.place(row, grid.columns["id"])
                items.append(found)
        self.evidence_ids = [item["id"].strip() for item in items if "id" in item]
        return items

    # --- single entries ---

    def _entries(self, grid: Grid, section: str) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for name, row in grid.ids.items():
            at: _At = (section, name)
            self.places[at] = grid.place(row, grid.columns["declared"])
            self.places |= {(*at, key): grid.place(row, column) for key, column in grid.columns.items()}
            kind = ANSWER if section == "answers" else self._row_kind(grid, row)
            entry = self._texts(grid, row)
            unit = self._unit(grid, row, kind) if "unit" in grid.columns else ""
            for key in ("declared", "verified"):
                text = self._value(grid, row, grid.columns[key], kind, unit)
                if text is not None and not (kind == ANSWER and text.strip() in _COMPUTED):
                    entry[key] = text
            if entry:
                entries[name] = entry
        return entries

    def _texts(self, grid: Grid, row: int) -> dict[str, Any]:
        found: dict[str, Any] = {key: text for key in ("reason", "remark") if (text := grid.text(row, grid.columns[key], TEXT)) is not None}
        if refs := self._refs(grid, row, grid.columns["evidence"]):
            found["evidence"] = refs
        return found

    def _refs(self, grid: Grid, row: int, column: int) -> list[dict[str, str]]:
        text = grid.text(row, column, TEXT)
        return read_refs(text, self.evidence_ids) if text else []

    def _unit(self, grid: Grid, row: int, kind: str) -> str:
        unit = (grid.text(row, grid.columns["unit"], TEXT) or "").strip()
        if unit and kind != NUMBER:
            self.problems.error("cells_outside", grid.place(row, grid.columns["unit"]), text=unit, count=1, title=grid.expected.title)
        return unit

    def _value(self, grid: Grid, row: int, column: int, kind: str, unit: str) -> str | None:
        """A value as text; a number is completed by its unit cell. None where nothing is entered, "" where it is of no use."""
        text = grid.text(row, column, kind)
        if text is None:
            return "" if (row, column) in grid.cells else None
        if kind != NUMBER or canonical_answer(text) == AS_DECLARED:
            return text
        text = text.strip()
        where, parts = grid.place(row, column), number_parts(text)
        if parts is None:
            self.problems.error("cell_not_a_number", where, text=text)
            return ""
        if not unit or parts[1] == unit:
            return text
        if not takes_unit(text):
            self.problems.error("cell_unit_twice", where, text=text, unit=unit)
            return ""
        return f"{text} {unit}"

    # --- tables ---

    def _table(self, grid: Grid, name: str) -> dict[str, Any]:
        at: _At = ("tables", name)
        self.places[at] = grid.place(grid.marks["#evidence"], FIELD_COLUMN)
        table: dict[str, Any] = {}
        for key in ("verified", "remark"):
            self.places[(*at, key)] = grid.place(grid.marks[f"#{key}"], FIELD_COLUMN)
            if (text := grid.text(grid.marks[f"#{key}"], FIELD_COLUMN, TEXT)) is not None:
                table[key] = text
        self.places[(*at, "evidence")] = self.places[at]
        if refs := self._refs(grid, grid.marks["#evidence"], FIELD_COLUMN):
            table["evidence"] = refs
        if rows := self._rows(grid, at):
            table["rows"] = rows
        return table

    def _rows(self, grid: Grid, at: _At) -> list[dict[str, Any]]:
        names = [key.removeprefix(DECLARED) for key in grid.expected.keys if key.startswith(DECLARED)]
        whole = {name: self._column_unit(grid, name) for name in names}
        rows: list[dict[str, Any]] = []
        for number in grid.rows(UNITS):
            here: _At = (*at, "rows", len(rows))
            row = {name: cell for name in names if (cell := self._cell(grid, number, name, whole[name], (*here, name)))}
            if row:
                self.places[here] = grid.place(number, min(grid.columns.values()))
                rows.append(row)
        return rows

    def _column_unit(self, grid: Grid, name: str) -> str:
        unit = grid.text(grid.marks[UNITS], grid.columns[DECLARED + name], TEXT) if UNITS in grid.marks else None
        return (unit or "").strip() if grid.kind(DECLARED + name) == NUMBER else ""

    def _cell(self, grid: Grid, row: int, name: str, unit: str, at: _At) -> dict[str, str]:
        if UNIT + name in grid.columns:
            unit = (grid.text(row, grid.columns[UNIT + name], TEXT) or "").strip()
        found: dict[str, str] = {}
        for key, prefix in (("declared", DECLARED), ("verified", VERIFIED)):
            if (column := grid.columns.get(prefix + name)) is None:
                continue
            self.places[(*at, key)] = grid.place(row, column)
            text = self._value(grid, row, column, grid.kind(prefix + name), unit)
            if text is not None:
                found[key] = text
        self.places[at] = grid.place(row, grid.columns[DECLARED + name])
        return found
