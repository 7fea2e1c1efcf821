"""Tables that people fill in and hand back, as workbook or CSV: rows by the heads of their columns, every cell at its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter  # type: ignore[import-untyped]
from openpyxl.cell.cell import Cell

from engine.dossier.guard import check_zip
from engine.dossier.workbook_layout import number_text
from engine.dossier.workbook_look import look_of
from engine.dossier.workbook_open import load_book
from engine.problems import ProblemList, Where, system_reason
from engine.texts import LANGUAGES, say

HEAD_WITHIN = 20
"""The heads of the columns stand in one of so many first rows."""
MAX_BYTES = 20 * 2**20
_DELIMITERS = (",", "\t", ";")
_WIDTHS = {"key": 44, "title": 44, "used_by": 40, "document": 34, "value": 26, "present": 26, "new": 26, "checked": 26}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row with something in it: the texts of its cells by column, and where each stands."""

    cells: Mapping[str, str]
    places: Mapping[str, Where]
    key: str = "key"

    def where(self, column: str) -> Where:
        """The place of a cell, of the row's key where the cell is empty."""
        return self.places.get(column) or self.places[self.key]


class Merged(NamedTuple):
    """Cells of a sheet that were merged: the last row of them, where they begin, and their range."""

    last: int
    where: Where
    area: str


class Grid(NamedTuple):
    """One sheet: the cells of each row by its number, and what was merged."""

    rows: Sequence[tuple[int, Sequence[tuple[str, Where]]]]
    merged: Sequence[Merged] = ()


def head_of(column: str, lang: str) -> str:
    """The head of a column."""
    return say(f"official.column.{column}", lang)


def read_rows(
    path: Path,
    columns: Sequence[str],
    needed: Sequence[str],
    problems: ProblemList,
    *,
    key: str = "key",
    heads: Callable[[str, str], str] = head_of,
) -> list[SheetRow]:
    """The rows of every sheet that has the heads of the ``needed`` columns, in the file's order; mistakes go to ``problems``.

    A column is called by its id or by its head in either language, which ``heads`` gives. A row without its ``key`` says nothing,
    unless it fills another needed column.
    """
    names = {name.casefold(): column for column in columns for name in (column, *(heads(column, lang) for lang in LANGUAGES))}
    rows: list[SheetRow] = []
    headed = False
    grids = list(read_csv(path, problems)) if path.suffix.lower() == ".csv" else list(_workbook(path, problems))
    for grid in grids:
        head = _head(grid, names, needed)
        if head is not None:
            headed = True
            _check_layout(grid, head, names, problems)
            rows += _rows_below(grid, head, names, needed, key, problems)
    if not headed and not problems.has_errors:
        shown = ", ".join(f"{heads(column, 'zh')} ({column})" for column in needed)
        problems.error("table_head_missing", Where(file=str(path)), heads=shown, rows=HEAD_WITHIN)
    return rows


def _head(grid: Grid, names: Mapping[str, str], needed: Sequence[str]) -> int | None:
    for index, (_, cells) in enumerate(grid.rows[:HEAD_WITHIN]):
        found = {names.get(text.casefold()) for text, _ in cells}
        if set(needed) <= found:
            return index
    return None


def _check_layout(grid: Grid, head: int, names: Mapping[str, str], problems: ProblemList) -> None:
    """No two columns have the head of one, and below the head every cell has its own value."""
    number, cells = grid.rows[head]
    columns = [names.get(text.casefold(), "") for text, _ in cells]
    for index, (text, where) in enumerate(cells):
        if columns[index] and columns[index] in columns[:index]:
            problems.error("table_head_twice", where, head=text)
    for merged in grid.merged:
        if merged.last > number:
            problems.error("cells_merged", merged.where, range=merged.area)


def _rows_below(
    grid: Grid, head: int, names: Mapping[str, str], needed: Sequence[str], key: str, problems: ProblemList
) -> Iterator[SheetRow]:
    columns = [names.get(text.casefold(), "") for text, _ in grid.rows[head][1]]
    for _, cells in grid.rows[head + 1 :]:
        filled = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell[0]}
        if key in filled:
            places = {column: place for column, (_, place) in filled.items()}
            yield SheetRow({column: text for column, (text, _) in filled.items()}, places, key)
            continue
        for text, place in (filled[column] for column in needed if column in filled):
            problems.error("table_key_missing", place, text=text)


def read_csv(path: Path, problems: ProblemList) -> Iterator[Grid]:
    """The rows of a CSV file in UTF-8 or, as Chinese Excel writes it, in GB 18030, as one grid; mistakes go to ``problems``."""
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            problems.error("file_too_large", Where(file=str(path)), size=f"{size / 2**20:.1f}", limit=MAX_BYTES // 2**20)
            return
        raw = path.read_bytes()
    except OSError as err:
        problems.error("file_unreadable", Where(file=str(path)), reason=system_reason(err))
        return
    text = _decoded(raw)
    if text is None:
        problems.error("file_not_utf8", Where(file=str(path)))
        return
    first = text.partition("\n")[0]
    # Where a quotation mark is not closed, a lenient reader takes the rest of the file for one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    rows: list[tuple[int, list[tuple[str, Where]]]] = []
    try:
        for row in reader:
            rows.append((reader.line_num, _located(row, Where(file=str(path), line=reader.line_num))))
    except csv.Error:
        problems.error("table_csv", Where(file=str(path), line=rows[-1][0] + 1 if rows else 1))
        return
    yield Grid(rows)


def _decoded(raw: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _located(row: Iterable[str], where: Where) -> list[tuple[str, Where]]:
    return [(text.strip(), where) for text in row]


def _workbook(path: Path, problems: ProblemList) -> Iterator[Grid]:
    book = load_book(path, problems, data_only=False) if check_zip(path, problems) else None
    for sheet in book.worksheets if book else ():
        found: dict[int, dict[int, tuple[str, Where]]] = {}
        # openpyxl's own iterators make a cell for every place between the first and the last, which may be 17 billion.
        for (row, column), cell in sorted(sheet._cells.items(), key=lambda item: item[0]):
            if isinstance(cell, Cell) and cell.value is not None:
                where = Where(file=str(path), sheet=sheet.title, cell=cell.coordinate)
                found.setdefault(row, {})[column] = (_text(cell, where, problems), where)
        merged = [
            Merged(area.max_row, Where(file=str(path), sheet=sheet.title, cell=area.coord.partition(":")[0]), area.coord)
            for area in sorted(sheet.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col))
        ]
        yield Grid([(row, _filled(cells, row, sheet.title, path)) for row, cells in found.items()], merged)


def _filled(cells: Mapping[int, tuple[str, Where]], row: int, sheet: str, path: Path) -> list[tuple[str, Where]]:
    """The cells of a row from the first column on, empty ones between."""
    empty = Where(file=str(path), sheet=sheet, cell=f"A{row}")
    return [cells.get(column, ("", empty)) for column in range(1, max(cells) + 1)]


def _text(cell: Cell, where: Where, problems: ProblemList) -> str:
    value = cell.value
    if cell.data_type == "f":
        problems.error("table_formula", where, formula=value)
    elif cell.data_type == "e":
        problems.error("cell_error", where, value=value)
    elif isinstance(value, bool):
        return str(value).upper()
    elif isinstance(value, int | float):
        return number_text(value, percent="%" in str(cell.number_format))
    elif isinstance(value, datetime):
        return value.date().isoformat()
    else:
        return str(value).strip()
    return ""


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]], lang: str, fill: str) -> None:
    """Write a table to fill in as ``.xlsx`` or ``.csv``; ``fill`` is the column that is left to the reader. Raises OSError."""
    heads = [head_of(column, lang) for column in columns]
    texts = [[row.get(column, "") for column in columns] for row in rows]
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([heads, *texts])
        return
    try:
        _write_workbook(path, columns, heads, texts, lang, fill)
    except xlsxwriter.exceptions.FileCreateError as err:
        raise OSError(str(err)) from err


def _write_workbook(path: Path, columns: Sequence[str], heads: Sequence[str], rows: Sequence[Sequence[str]], lang: str, fill: str) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same table gives the same bytes on any day
        sheet = book.add_worksheet(say("official.sheet", lang))
        head, plain, open_ = (book.add_format(look_of(style)) for style in ("head", ".text", "applicant.text"))
        for index, (column, title) in enumerate(zip(columns, heads, strict=True)):
            sheet.set_column(index, index, _WIDTHS.get(column, 14))
            sheet.write_string(0, index, title, head)
        for number, row in enumerate(rows, 1):
            for index, text in enumerate(row):
                form = open_ if columns[index] in (fill, "page") else plain
                sheet.write_string(number, index, text, form) if text else sheet.write_blank(number, index, None, form)
        sheet.freeze_panes(1, 1)
