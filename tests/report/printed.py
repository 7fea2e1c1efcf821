"""The numbers that every form of a result has to print, worked out from the assessment's own fractions, and readers of those forms."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any

import openpyxl

import engine
from engine.assess.results import Assessment, CriterionResult, Interval, Shown, Status
from engine.assess.sentences import show
from engine.language import to_text
from engine.texts import say
from tests.samples.results import assess, dossier, main_basis, own_programme

VOID = {"br", "col", "meta", "link", "input", "hr", "img"}


@cache
def output(name: str, form: Any, lang: str = "zh") -> bytes:
    """A sample's main result in one form."""
    content, problems = engine.output_bytes(form, assess(name, main_basis(name)), dossier(name), own_programme(name), lang)
    assert problems == []
    return content


def interval(found: Interval, lang: str, places: int = 2) -> str:
    """Both ends as the report prints them."""
    low = to_text(found.low, places)
    if found.high is None:
        return say("statuses.at_least", lang, low=low)
    return low if found.low == found.high else f"{low}–{to_text(found.high, places)}"


def total_places(found: Interval, assessment: Assessment) -> int:
    """Two, or as many as tell a total from the mark that it is not equal to."""
    places, mark = 2, assessment.mark
    for end in (found.low, found.high):
        while mark is not None and end is not None and end != mark and to_text(end, places) == to_text(mark, places):
            places += 1
    return places


def total(assessment: Assessment, lang: str) -> str:
    """The total as the report prints it."""
    return interval(assessment.score, lang, total_places(assessment.score, assessment))


def points(criterion: CriterionResult, lang: str) -> str | None:
    """The points of a criterion as printed; None where it has none or levels stand in their place."""
    return interval(criterion.points, lang) if criterion.max else None


def value(shown: Shown | None, name: str, lang: str) -> str:
    """A value as printed; nothing where there is none."""
    return "" if shown is None or shown.value is None else show(shown, lang, own_programme(name))


def scored(name: str) -> list[CriterionResult]:
    """The criteria of a sample that print points."""
    indexed = own_programme(name).indexed
    return [criterion for criterion in assess(name, main_basis(name)).criteria if criterion.max and criterion.id not in indexed]


def applicable(criterion: CriterionResult) -> bool:
    return criterion.status is not Status.NOT_APPLICABLE


# --- HTML -------------------------------------------------------------------------------------------------------------


@dataclass
class HtmlRow:
    """A row of a table: its anchor, and the texts of its cells by the head of their column and in order."""

    anchor: str
    cells: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """An HTML file taken apart: text, rows of tables, headings, attributes; every element must be closed where it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[HtmlRow] = []
        self.headings: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tags: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self._cell: tuple[HtmlRow, str, list[str]] | None = None
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: text or "" for name, text in attrs}
        self.tags.add(tag)
        self.attributes += [(tag, name, text) for name, text in given.items()]
        if tag == "br":
            self.handle_data("\n")
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append(HtmlRow(given.get("id", "")))
        elif tag == "td":
            self._cell = (self.rows[-1], given.get("data-label", ""), [])
        elif tag in ("h1", "h2", "h3"):
            self.headings.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "td" and self._cell is not None:
            row, label, pieces = self._cell
            text = "".join(pieces)
            row.texts.append(text)
            row.cells.setdefault(label, text)
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            return
        self.text += data
        if self._cell is not None:
            self._cell[2].append(data)
        if {"h1", "h2", "h3"} & {*self._open}:
            self.headings[-1] += data

    def named(self, attribute: str) -> list[str]:
        return [text for _, name, text in self.attributes if name == attribute]

    def row(self, element: str) -> HtmlRow:
        """The row of a gate, criterion or indicator."""
        (found,) = [row for row in self.rows if row.anchor == f"at-{element}"]
        return found


@cache
def page(name: str, lang: str = "zh") -> Page:
    return Page(output(name, "html", lang).decode())


# --- workbook ---------------------------------------------------------------------------------------------------------


@cache
def book(name: str, lang: str = "zh") -> Any:
    return openpyxl.load_workbook(io.BytesIO(output(name, "xlsx", lang)))


def sheet_rows(workbook: Any, role: str) -> list[dict[str, Any]]:
    """The cells of the rows of a sheet below its head, by the keys of their columns."""
    (sheet,) = [sheet for sheet in workbook if sheet["A1"].value == f"greencert:{role}"]
    head = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "#head")
    keys = [cell.value for cell in sheet[1]]
    return [dict(zip(keys, cells, strict=True)) for cells in sheet.iter_rows(min_row=head + 1)]


def cell_text(cell: Any) -> str:
    """What Excel shows of a cell: a number with the places of its format, which leaves nothing to round."""
    if cell.data_type != "n" or cell.value is None:
        return "" if cell.value is None else str(cell.value)
    places = len(cell.number_format.partition(".")[2])
    shown = f"{cell.value:.{places}f}"
    assert float(shown) == cell.value, "the cell holds what it shows"
    return shown


def table_below(workbook: Any, role: str, head: str) -> Iterator[list[str]]:
    """The rows of a table on a sheet of several, by the first cell of its head."""
    (sheet,) = [sheet for sheet in workbook if sheet["A1"].value == f"greencert:{role}"]
    rows = iter(sheet.iter_rows(min_col=2))
    for row in rows:
        if row[0].value == head:
            break
    for row in rows:
        if row[0].value is None:
            return
        yield [cell_text(cell) for cell in row]


# --- PDF and JSON -----------------------------------------------------------------------------------------------------


@cache
def pdf_text(name: str, lang: str = "zh") -> str:
    """The text of the PDF in the order in which it was written, read by poppler."""
    read = subprocess.run(["pdftotext", "-raw", "-", "-"], input=output(name, "pdf", lang), check=True, capture_output=True)
    return read.stdout.decode()


def data(name: str) -> Any:
    return json.loads(output(name, "json"))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
