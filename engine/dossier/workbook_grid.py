"""One sheet of a workbook: that its cells are in their places, and what each of them says.

Whatever somebody changed about the sheet itself (rows and columns removed, merged, filled outside the template) is a Problem here.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from engine.dossier.answers import NO, YES
from engine.dossier.fields import quoted
from engine.dossier.workbook_layout import (
    CODES,
    DATE,
    DIGITS_LOST,
    END,
    HEAD,
    KEY_ROW,
    KIND_ROW,
    LIST,
    MONTH,
    NUMBER,
    number_text,
    read_codes,
)
from engine.problems import ProblemList, Where

_Place = tuple[int, int]
_SHOWN_RANGES = 20


@dataclass(frozen=True, slots=True)
class Expected:
    """What the template says of one of its sheets: role, title, column keys, and the ids and markers of its rows."""

    role: str
    title: str
    keys: Sequence[str]
    ids: Sequence[str]


@dataclass(slots=True)
class Grid:
    """The filled cells of a sheet by row and column (counted from 1), with the columns by key and the rows by id."""

    file: str
    sheet: Worksheet
    expected: Expected
    lists: Mapping[str, Mapping[str, str]]
    cached: Callable[[str, str], Cell | None]
    problems: ProblemList
    cells: dict[_Place, Cell] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # openpyxl's own iterators make a cell for every place between the first and the last, which may be 17 billion.
        kept = self.sheet._cells.items()
        self.cells = {at: cell for at, cell in kept if isinstance(cell, Cell) and not _is_blank(cell.value)}

    def place(self, row: int, column: int) -> Where:
        """Where a cell is."""
        return Where(file=self.file, sheet=self.sheet.title, cell=f"{get_column_letter(column)}{row}")

    # --- what the template has put where ---

    def check(self) -> bool:
        """Find columns and rows by their hidden keys; False where the sheet cannot be read."""
        before = len(self.problems.problems)
        self._find_columns()
        self._find_rows()
        if len(self.problems.problems) > before and (HEAD not in self.marks or END not in self.marks):
            return False
        self._check_merged()
        self._check_strays()
        return set(self.expected.keys) <= self.columns.keys()

    def _find_columns(self) -> None:
        found = [
            (column, str(cell.value)) for (row, column), cell in sorted(self.cells.items(), key=_by_place) if row == KEY_ROW and column > 1
        ]
        counts = Counter(key for _, key in found)
        for column, key in found:
            if key not in self.expected.keys or counts[key] > 1:
                self.problems.error("sheet_column_foreign", self.place(KEY_ROW, column), key=quoted(key), title=self.expected.title)
            self.columns.setdefault(key, column)
        for index, key in enumerate(self.expected.keys, 2):
            if key not in counts:
                self.problems.error("sheet_column_missing", self.place(KEY_ROW, index), key=key, title=self.expected.title)
        order = [key for _, key in found if key in self.expected.keys]
        if sorted(order) == sorted(self.expected.keys) and order != list(self.expected.keys):
            moved = next(i for i, key in enumerate(order) if key != self.expected.keys[i])
            self.problems.warning("sheet_columns_moved", self.place(KEY_ROW, found[moved][0]), title=self.expected.title)

    def _find_rows(self) -> None:
        foreign: list[tuple[int, str]] = []
        for (row, column), cell in sorted(self.cells.items(), key=_by_place):
            name = str(cell.value)
            if column != 1 or row == KEY_ROW:
                continue
            if name not in self.expected.ids:
                foreign.append((row, name))
            elif name in self.marks:
                self.problems.error("row_twice", self.place(row, 1), id=name, first=self.marks[name])
            else:
                self.marks[name] = row
        missing = [name for name in self.expected.ids if name not in self.marks]
        for row, name in foreign:
            close = difflib.get_close_matches(name, missing, 1)
            missing = [other for other in missing if other not in close]
            self.problems.error(
                "row_unknown", self.place(row, 1), id=quoted(name), title=self.expected.title, suggestion=close[0] if close else "—"
            )
        for name in missing:
            self.problems.error("row_missing", Where(file=self.file, sheet=self.sheet.title), id=name, title=self.expected.title)

    def _check_merged(self) -> None:
        head = self.marks[HEAD]
        merged = sorted(
            (area for area in self.sheet.merged_cells.ranges if area.max_row > head), key=lambda area: (area.min_row, area.min_col)
        )
        for area in merged[:_SHOWN_RANGES]:
            self.problems.error("cells_merged", self.place(area.min_row, area.min_col), range=area.coord)

    def _check_strays(self) -> None:
        """Report what is filled in where the template takes nothing: nobody would read it."""
        head, end = self.marks[HEAD], self.marks[END]
        known = set(self.columns.values())
        rows = {row for row, column in self.cells if column == 1} if self.ids else {*range(head, end + 1)}
        strays = [at for at in self.cells if at[0] > head and at[1] != 1 and (at[0] > end or at[0] not in rows or at[1] not in known)]
        if strays:
            row, column = min(strays)
            text = quoted(str(self.cells[row, column].value))
            self.problems.error("cells_outside", self.place(row, column), text=text, count=len(strays), title=self.expected.title)

    @property
    def ids(self) -> dict[str, int]:
        """The rows of single entries by id; empty for a sheet of rows."""
        return {name: row for name, row in self.marks.items() if not name.startswith("#")}

    def rows(self, after: str = HEAD) -> range:
        """The rows of a table."""
        return range(self.marks.get(after, self.marks[HEAD]) + 1, self.marks[END])

    def kind(self, key: str) -> str:
        """What the cells of a column take."""
        cell = self.cells.get((KIND_ROW, self.columns[key]))
        return str(cell.value) if cell else ""

    # --- what a cell says ---

    def text(self, row: int, column: int, kind: str) -> str | None:
        """What a cell says as text, codes for the labels of a list; None where it is empty or of no use."""
        cell = self.cells.get((row, column))
        if cell is None:
            return None
        where = self.place(row, column)
        if cell.data_type == "f":
            formula = quoted(str(getattr(cell.value, "text", cell.value)))
            cell = self.cached(self.sheet.title, cell.coordinate)
            if cell is None or _is_blank(cell.value):
                self.problems.error("cell_formula_empty", where, formula=formula)
                return None
            self.problems.warning("cell_formula", where, formula=formula, value=quoted(str(cell.value)))
        value: Any = cell.value
        if cell.data_type == "e":
            self.problems.error("cell_error", where, value=value)
            return None
        if isinstance(value, str):
            # Excel writes the carriage return of a pasted line break in this way.
            text = value.replace("_x000D_\n", "\n")
            return self._decoded(text, kind)
        if isinstance(value, bool):
            return self._unless_number(YES if value else NO, str(value).upper(), kind, where)
        if isinstance(value, int | float):
            if kind != NUMBER and abs(value) >= DIGITS_LOST:
                self.problems.error("cell_digits_lost", where, text=number_text(value))
                return None
            return number_text(value, percent=kind == NUMBER and "%" in str(cell.number_format))
        return self._from_day(value, kind, where)

    def _decoded(self, text: str, kind: str) -> str:
        if kind.startswith(LIST):
            return self.lists.get(kind.removeprefix(LIST), {}).get(text, text)
        return read_codes(text, self.lists.get(kind.removeprefix(CODES), {})) if kind.startswith(CODES) else text

    def _unless_number(self, text: str, shown: str, kind: str, where: Where) -> str | None:
        if kind != NUMBER:
            return text
        self.problems.error("cell_not_a_number", where, text=shown)
        return None

    def _from_day(self, value: Any, kind: str, where: Where) -> str | None:
        if isinstance(value, datetime) and kind in (DATE, MONTH):
            if value.time() != time(0):
                return value.isoformat(sep=" ")
            return value.strftime("%Y-%m") if kind == MONTH else value.date().isoformat()
        shown = value.date().isoformat() if isinstance(value, datetime) else str(value)
        self.problems.error("cell_is_a_day", where, text=shown)
        return None


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _by_place(item: tuple[_Place, Cell]) -> _Place:
    return item[0]
