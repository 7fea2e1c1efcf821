"""The workbook under construction: its look, its hidden lists, and one page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell  # type: ignore[import-untyped]

from engine.dossier.schema import AS_DECLARED, Cell
from engine.dossier.workbook_layout import (
    END,
    FIELD_COLUMN,
    FORMAT,
    GUIDE,
    HEAD,
    HINT_ROW,
    KEY_ROW,
    KIND_ROW,
    LAYOUT,
    LISTS,
    META,
    NOTES,
    TITLE_ROW,
    Labels,
    Stored,
    sheet_name,
    stored,
)
from engine.dossier.workbook_look import ASSESSOR, BODY_FONT, LEAST_HEIGHT, grows, height_of, look_of, with_growing_rows
from engine.texts import say

_CREATED = datetime(2020, 1, 1)
"""One day for all workbooks: the same content is the same file."""
_MESSAGE = 255
"""The longest hint that Excel shows beside a cell."""
_PROTECTION = {"format_columns": True, "format_rows": True, "insert_rows": True}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a page: its hidden key, its head, its width in characters, who fills it, and what its cells take."""

    key: str
    title: str
    width: float
    side: str = ""
    kind: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """A number that Excel keeps counting: its formula, and what it is now."""

    formula: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a page is filled in; ``total`` is None where as many rows are filled as there is to tell."""

    page: Page
    declared: Count
    total: int | None
    verified: Count | None


class Book:
    """An XlsxWriter workbook with the formats, the lists and the register of sheets that all pages share."""

    def __init__(self, lang: str, title: str, units: Mapping[str, str]) -> None:
        self.lang, self.units = lang, units
        self._buffer = BytesIO()
        self.file = xlsxwriter.Workbook(
            self._buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        self.file.set_properties({"title": title, "author": FORMAT, "created": _CREATED})
        self.pages: list[Page] = []
        self.progress: list[Progress] = []
        self._formats: dict[str, Any] = {}
        self._lists: dict[str, list[tuple[str, str]]] = {}

    def say(self, key: str, **params: object) -> str:
        """A text of the workbook's catalogue."""
        return say(f"workbook.{key}", self.lang, **params)

    def style(self, name: str) -> Any:
        """A format: a fixed one by its name, ``applicant.text`` for an open cell, ``.text`` for a locked one."""
        if name not in self._formats:
            self._formats[name] = self.file.add_format(look_of(name))
        return self._formats[name]

    def stored(self, kind: str, cell: Cell | None, labels: Labels | None = None, unit: str = "") -> Stored | None:
        """What a cell of the workbook holds for an entered value; ``unit`` is what its unit cell says already."""
        if cell is None:
            return None
        if cell.text == AS_DECLARED:
            return self.say("answer.as_declared")
        return stored(kind, cell.text, labels, unit)

    def list_source(self, name: str, labels: Labels) -> str:
        """The range of a drop-down on the hidden sheet, which keeps each label beside its code."""
        return self.list_range(name, [(label, code) for code, label in labels.labels.items()])

    def list_range(self, name: str, rows: list[tuple[str, str]]) -> str:
        """The range of the first column of rows kept on the hidden sheet; a first text that begins with = is a formula."""
        kept = self._lists.setdefault(name, rows)
        column = 2 * list(self._lists).index(name)
        return f"={LISTS}!{xl_range_abs(1, column, max(len(kept), 1), column)}"

    def add_months(self, name: str, year_cell: str, year: str) -> None:
        """A list of the months of the year that stands in a cell."""
        months = [f"-{month:02d}" for month in range(1, 13)]
        self.list_range(name, [(f'=IF({year_cell}="","",{year_cell}&"{month}")', year and year + month) for month in months])

    def close(self, meta: Sequence[tuple[str, str]]) -> bytes:
        """Write the hidden sheets, by which the workbook can be read back; the file's bytes."""
        self._write_lists()
        sheet = self.file.add_worksheet(META)
        sheet.very_hidden()
        sheet.protect("")
        rows: list[tuple[str, ...]] = [(FORMAT, LAYOUT), *meta]
        rows += [
            ("sheet", page.role, page.name, " ".join(page.keys), " ".join(page.ids))
            for page in self.pages
            if page.role not in (GUIDE, NOTES)
        ]
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                sheet.write_string(i, j, text)
        return self.content()

    def content(self) -> bytes:
        """The file's bytes, the same for the same pages."""
        for page in self.pages:
            page.settle()
        self.pages[0].sheet.activate()
        self.file.close()
        return with_growing_rows(self._buffer, [page.growing for page in self.pages])

    def _write_lists(self) -> None:
        sheet = self.file.add_worksheet(LISTS)
        sheet.very_hidden()
        sheet.protect("")
        for i, (name, rows) in enumerate(self._lists.items()):
            sheet.write_string(0, 2 * i, name)
            for row, (label, code) in enumerate(rows, 1):
                if label.startswith("="):
                    sheet.write_formula(row, 2 * i, label, None, code)
                else:
                    sheet.write_string(row, 2 * i, label)
                    sheet.write_string(row, 2 * i + 1, code)


@dataclass(slots=True)
class Page:
    """One sheet. Rows are counted from 1 as people do; columns go by their keys."""

    book: Book
    role: str
    title: str
    columns: Sequence[Column]
    hint: str = ""
    name: str = ""
    sheet: Any = None
    ids: list[str] = field(default_factory=list)
    growing: dict[int, float] = field(default_factory=dict)
    """The height that each row of cells needs by itself; it grows with what is typed in."""
    row: int = HINT_ROW + 1
    """The next free row."""
    _places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        book = self.book
        self._places = {key: place for place, key in enumerate(self.keys, 1)}
        self.name = sheet_name(self.title, [META, LISTS, *(page.name for page in book.pages)])
        self.sheet = book.file.add_worksheet(self.name)
        book.pages.append(self)
        sheet = self.sheet
        sheet.write_string(KEY_ROW - 1, 0, f"{FORMAT}:{self.role}", book.style("hidden"))
        sheet.set_column(0, 0, 4, None, {"hidden": True})
        for i, column in enumerate(self.columns, 1):
            sheet.write_string(KEY_ROW - 1, i, column.key, book.style("hidden"))
            if column.kind:
                sheet.write_string(KIND_ROW - 1, i, column.kind, book.style("hidden"))
            sheet.set_column(i, i, column.width, None, {} if column.shown else {"hidden": True})
        sheet.set_row(KEY_ROW - 1, None, None, {"hidden": True})
        sheet.set_row(KIND_ROW - 1, None, None, {"hidden": True})
        sheet.set_row(TITLE_ROW - 1, 30)
        sheet.set_row(HINT_ROW - 1, 18)
        first = self._first_shown()
        sheet.write_string(TITLE_ROW - 1, first, self.title, book.style("title"))
        sheet.write_string(HINT_ROW - 1, first, self.hint, book.style("hint"))
        self._set_up_print()

    @property
    def keys(self) -> list[str]:
        """The keys of all columns, in order."""
        return [column.key for column in self.columns]

    def at(self, key: str) -> int:
        """The place of a column, counted from 0."""
        return self._places[key]

    def _set_up_print(self) -> None:
        sheet = self.sheet
        sheet.protect("", _PROTECTION)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer(f"&L&9{self.title.replace('&', '&&')}&R&9{self.book.say('print.page')}")

    def head(self, frozen: int) -> None:
        """Write the head of the columns here, repeat it in print, and keep it and so many columns in sight."""
        self.mark(HEAD)
        for column in self.columns:
            self.put(column.key, column.title, "head_assessor" if column.side == ASSESSOR else "head")
        self.sheet.repeat_rows(self.row - 1)
        self.sheet.freeze_panes(self.row, frozen)
        self.row += 1

    def mark(self, name: str) -> None:
        """Say in the hidden column what this row is: an id, or a marker."""
        self.sheet.write_string(self.row - 1, 0, name, self.book.style("hidden"))
        self.ids.append(name)

    def put(self, key: str, value: Stored | None, style: str) -> None:
        """Write a cell of this row; None leaves it empty but in its style. A text never becomes a formula."""
        row, column, look = self.row - 1, self.at(key), self.book.style(style)
        self.growing.setdefault(self.row, LEAST_HEIGHT)
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, look)
            if grows(style):
                self._needs(key, value)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, look)
        else:
            self.sheet.write_number(row, column, value, look)

    def _needs(self, key: str, text: str) -> None:
        column = self.columns[self.at(key) - 1]
        height = height_of(text, column.width) if column.shown else 0
        self.growing[self.row] = max(self.growing.get(self.row, LEAST_HEIGHT), height)

    def settle(self) -> None:
        """Give every row of cells the height that its texts need."""
        for row, height in self.growing.items():
            self.sheet.set_row(row - 1, height)

    def formula(self, key: str, formula: str, value: float | str, style: str) -> None:
        """Write a formula of the template with the value it has now."""
        self.sheet.write_formula(self.row - 1, self.at(key), formula, self.book.style(style), value)

    def comment(self, key: str, text: str) -> None:
        """A note beside a cell of this row."""
        height = 18 * (2 + sum(1 + len(line) // 24 for line in text.splitlines()))
        self.sheet.write_comment(self.row - 1, self.at(key), text, {"width": 320, "height": height, "font_name": BODY_FONT, "font_size": 9})

    def address(self, key: str) -> str:
        """The absolute address of a cell of this row, with the sheet's name."""
        return f"{self._quoted_name}!{xl_rowcol_to_cell(self.row - 1, self.at(key), True, True)}"

    def id_range(self, first: int, last: int) -> str:
        """The absolute range of the hidden ids between two rows, with the sheet's name."""
        return f"{self._quoted_name}!{xl_range_abs(first - 1, 0, last - 1, 0)}"

    def link(self, key: str, page: Page) -> None:
        """Write the name of another page so that it leads there."""
        self.sheet.write_url(self.row - 1, self.at(key), f"internal:{page._quoted_name}!A1", self.book.style("link"), page.name)

    def line(self, text: str, style: str) -> None:
        """A line of text across the page, as high as it needs to be."""
        widths = [column.width if column.shown else 0 for column in self.columns]
        self.sheet.set_row(self.row - 1, height_of(text, sum(widths)))
        self._across(self._first_shown(), text, style)
        self.row += 1

    def put_field(self, text: str, style: str, height: float) -> None:
        """The value of a field above a table, across the columns behind its name."""
        del self.growing[self.row]
        self.sheet.set_row(self.row - 1, height)
        self._across(FIELD_COLUMN - 1, text, style)

    def _across(self, first: int, text: str, style: str) -> None:
        last = max(len(self.columns), first + 1)
        self.sheet.merge_range(self.row - 1, first, self.row - 1, last, "", self.book.style(style))
        self.sheet.write_string(self.row - 1, first, text, self.book.style(style))

    def _first_shown(self) -> int:
        return next((i for i, column in enumerate(self.columns, 1) if column.shown), 1)

    def choose_field(self, source: list[str]) -> None:
        """A drop-down for the field of this row."""
        at = FIELD_COLUMN - 1
        self.sheet.data_validation(self.row - 1, at, self.row - 1, at, {"validate": "list", "source": source} | self._errors("list"))

    def field(self, row: int) -> str:
        """The address of the field of a row, with the sheet's name."""
        return f"{self._quoted_name}!{xl_rowcol_to_cell(row - 1, FIELD_COLUMN - 1)}"

    @property
    def _quoted_name(self) -> str:
        return "'" + self.name.replace("'", "''") + "'"

    def cell(self, key: str) -> str:
        """The address of a cell of this row, such as ``D5``."""
        return str(xl_rowcol_to_cell(self.row - 1, self.at(key)))

    def range(self, key: str, first: int, last: int) -> str:
        """The absolute range of a column between two rows, with the sheet's name."""
        return f"{self._quoted_name}!{xl_range_abs(first - 1, self.at(key), last - 1, self.at(key))}"

    def choose(self, key: str, source: str | list[str], *, strict: bool = True, rows: int = 1, hint: str = "") -> None:
        """A drop-down from this row on; without ``strict`` other entries are taken after a question."""
        options: dict[str, Any] = {"validate": "list", "source": source, "error_type": "stop" if strict else "warning"}
        self._validate(key, options, "list" if strict else "free_list", rows, hint)

    def check(self, key: str, options: dict[str, Any], error: str, *, rows: int = 1, hint: str = "", **params: object) -> None:
        """Refuse what the rule does not allow from this row on, with the sentence of ``error``."""
        self._validate(key, options, error, rows, hint, **params)

    def _validate(self, key: str, options: dict[str, Any], error: str, rows: int, hint: str, **params: object) -> None:
        caution = options.get("error_type") == "warning"
        texts = {
            "error_title": self.book.say("error.caution" if caution else "error.title"),
            "error_message": self.book.say(f"error.{error}", **params),
        }
        if hint:
            texts["input_message"] = hint[:255]
        column = self.at(key)
        self.sheet.data_validation(self.row - 1, column, self.row + rows - 2, column, options | texts)

    def _errors(self, error: str, title: str = "title", **params: object) -> dict[str, str]:
        return {"error_title": self.book.say(f"error.{title}"), "error_message": self.book.say(f"error.{error}", **params)}

    def end(self, style: str = "end", key: str = "", text: str = "") -> None:
        """Close the page's rows with the marker behind which nothing is read."""
        self.mark(END)
        for column in self.columns:
            if column.shown:
                self.put(column.key, text if column.key == key else None, style)
