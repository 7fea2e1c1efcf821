"""A workbook file -> its sheets as checked grids: nothing hostile is opened, and only our own templates are read."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.utils import range_boundaries
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.dossier.fields import quoted
from engine.dossier.workbook_grid import Expected, Grid
from engine.dossier.workbook_layout import FORMAT, LAYOUT, LISTS, META
from engine.problems import ProblemList, Where

MAX_CELLS = 400_000
"""Far more than any template has; openpyxl makes an object of every cell, of every text, and of every cell that a range covers."""

_PIECE = 2**16
_INSIDE_CELLS = frozenset({"v", "f", "is", "t"})
_FILLED_OUT = frozenset({"mergeCell", "hyperlink", "comment"})
"""Elements for which openpyxl makes every cell of the range in ``ref``."""

_MALFORMED = (
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl and the libraries under it raise for a file that is not what it claims to be."""


@dataclass(slots=True)
class Opened:
    """A template's own account of itself, and its sheets by role."""

    meta: Mapping[str, str]
    grids: Mapping[str, Grid]


def open_workbook(path: Path, problems: ProblemList) -> Opened | None:
    """Open a workbook that has passed the guard; None where it is not one to read, and every reason goes to ``problems``."""
    where = Where(file=str(path))
    book = load_book(path, problems, data_only=False)
    if book is None:
        return None
    meta = _rows(book[META]) if META in book.sheetnames else []
    if not meta or meta[0][0] != FORMAT:
        problems.error("workbook_foreign", where)
        return None
    if meta[0][1:2] != [LAYOUT]:
        found = quoted(meta[0][1]) if len(meta[0]) > 1 else "—"
        problems.error("workbook_layout", where, found=found, expected=LAYOUT)
        return None
    if LISTS not in book.sheetnames:
        problems.error("sheet_missing", Where(file=where.file, sheet=LISTS), title=LISTS)
        return None
    facts = {row[0]: row[1] if len(row) > 1 else "" for row in meta[1:] if row[0] != "sheet"}
    lists = _lists(book)
    formulas = _Cached(path, problems)
    grids: dict[str, Grid] = {}
    for row in meta:
        if row[0] == "sheet":
            role, title, keys, ids = (*row[1:], "", "", "", "")[:4]
            expected = Expected(role, title, keys.split(), ids.split())
            sheet = _find(book, expected, where, problems)
            if sheet is not None:
                grid = Grid(str(path), sheet, expected, lists, formulas.cell, problems)
                if grid.check():
                    grids[role] = grid
    return Opened(facts, grids)


def load_book(path: Path, problems: ProblemList, *, data_only: bool) -> Workbook | None:
    """A workbook that has passed the guard, whatever it holds; None where it cannot be read.

    ``data_only`` gives what formulas last came to.
    """
    where = Where(file=str(path))
    try:
        if (cells := _count_cells(path)) > MAX_CELLS:
            problems.error("workbook_cells", where, count=cells, limit=MAX_CELLS)
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drop-downs that it would not write again
            return openpyxl.load_workbook(path, data_only=data_only)
    except _MALFORMED as err:
        problems.error("workbook_unreadable", where, reason=quoted(str(err) or type(err).__name__))
        return None


def _count_cells(path: Path) -> int:
    """How many objects a workbook would make: cells, texts and styles, and every cell that a range covers; too many are not counted on.

    Every part is read, for a sheet may lie under any name, and in small pieces, for it may unpack to more than the directory says.
    """
    counter = _Counter()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                counter.read(part)
    return counter.count


class _Counter:
    """Counts with the parser that openpyxl uses, so that no way of writing XML is read differently here."""

    def __init__(self) -> None:
        self.count = 0

    def read(self, part: IO[bytes]) -> None:
        """Count what one part of a workbook would make; what is no XML makes nothing."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        readable = True
        for piece in iter(partial(part.read, _PIECE), b""):
            if self.count > MAX_CELLS:
                return
            try:
                if readable:
                    parser.Parse(piece)
            except expat.ExpatError:
                readable = False

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag not in _INSIDE_CELLS:
            self.count += 1
        if tag in _FILLED_OUT:
            # A range may lack its rows or its columns, which then are all of them, or run backwards.
            left, top, right, bottom = range_boundaries(attributes.get("ref", "A1"))
            columns, rows = (left or 1, right or 16_384), (top or 1, bottom or 1_048_576)
            self.count += (abs(columns[1] - columns[0]) + 1) * (abs(rows[1] - rows[0]) + 1)


class _Cached:
    """The results that Excel has kept of formulas, read only when a formula stands where a value should."""

    def __init__(self, path: Path, problems: ProblemList) -> None:
        self._path, self._problems = path, problems

    @cached_property
    def _book(self) -> Workbook | None:
        return load_book(self._path, self._problems, data_only=True)

    def cell(self, sheet: str, place: str) -> Cell | None:
        found = self._book[sheet][place] if self._book else None
        return found if isinstance(found, Cell) else None


def _find(book: Workbook, expected: Expected, where: Where, problems: ProblemList) -> Worksheet | None:
    """The sheet of a role by its hidden first cell, whatever it is called now."""
    found = [sheet for sheet in book.worksheets if sheet["A1"].value == f"{FORMAT}:{expected.role}"]
    place = Where(file=where.file, sheet=expected.title)
    if not found:
        code = "sheet_head_missing" if expected.title in book.sheetnames else "sheet_missing"
        problems.error(
            code, Where(file=where.file, sheet=expected.title, cell="A1") if code == "sheet_head_missing" else place, title=expected.title
        )
        return None
    if len(found) > 1:
        problems.error("sheet_twice", place, title=expected.title, titles=", ".join(sheet.title for sheet in found))
        return None
    if found[0].title != expected.title:
        problems.warning("sheet_renamed", Where(file=where.file, sheet=found[0].title), title=expected.title)
    return found[0]


def _lists(book: Workbook) -> dict[str, dict[str, str]]:
    """The code of each label, by list."""
    lists: dict[str, dict[str, str]] = {}
    columns = list(book[LISTS].iter_cols(values_only=True))
    for labels, codes in zip(columns[::2], columns[1::2], strict=False):
        pairs = zip(labels[1:], codes[1:], strict=True)
        lists[str(labels[0])] = {str(label): str(code) for label, code in pairs if label is not None and code is not None}
    return lists


def _rows(sheet: Worksheet) -> list[list[str]]:
    return [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
