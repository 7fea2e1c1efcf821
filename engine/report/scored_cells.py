"""The cells and sheets of the scored workbook: what the report prints, as numbers where it prints numbers.

A number stands in its cell exactly as it prints, rounded once and with as many places, so that no cell shows another one than the
report. What somebody typed is text, whatever it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from engine.assess.results import Interval, Shown
from engine.assess.sentences import number_apart, unit_text
from engine.dossier.workbook_layout import FIRST_DAY, Stored
from engine.dossier.workbook_look import LEAST_HEIGHT
from engine.dossier.workbook_sheet import Book, Column, Page
from engine.report.context import POINT_PLACES, Context
from engine.texts import say

_NUMBER = re.compile(r"-?[0-9]+(?:\.(?P<places>[0-9]+))?")
_DIGITS = 15
"""So many digits of a number Excel keeps; a longer one stands as text."""
_LONGEST = 32_000
"""Excel takes texts of up to 32,767 characters; a longer one is cut with an ellipsis."""

_FILTERED = {"autofilter": True, "format_columns": True, "format_rows": True}
"""What a protected sheet lets people do: without the first of these, Excel shows filters and does not open them."""


class Value(NamedTuple):
    """What a cell holds, and its look."""

    content: Stored | None
    style: str


Row = Mapping[str, Value]
"""The cells of a row by the keys of their columns; a column without one stays blank."""
BLANK = Value(None, ".text")


def text(content: str, side: str = "") -> Value:
    """A text that never becomes a number or a formula."""
    return Value(content if len(content) <= _LONGEST else content[:_LONGEST] + "…", f"{side}.text")


def printed(number: str, side: str = "") -> Value:
    """A number by the text that it prints as; another text, such as a dash, as it is."""
    match = _NUMBER.fullmatch(number)
    if match is None or sum(map(str.isdigit, number.lstrip("-0."))) > _DIGITS:
        return Value(number, f"{side}.centre")
    places = len(match["places"] or "")
    return Value(float(number) if places else int(number), f"{side}.number.{places}")


def whole(number: int) -> Value:
    """A count or a year."""
    return Value(number, ".count")


def day(iso: str) -> Value:
    """A day; one that Excel does not know as text."""
    found = date.fromisoformat(iso) if iso else None
    return Value(found if found is not None and found >= FIRST_DAY else iso, ".date")


def shown(context: Context, value: Shown | None, side: str = "") -> tuple[Value, Value]:
    """A value and its unit: a number as a number, yes and no and what was not detected in words."""
    if value is None or value.number is None:
        return (BLANK if value is None or value.value is None else text(context.shown(value), side)), BLANK
    unit = unit_text(value.unit, context.lang, context.programme)
    return printed(number_apart(value.number, (), value.places), side), text(unit, side)


def ends(context: Context, interval: Interval, places: int = POINT_PLACES, side: str = "") -> tuple[Value, Value]:
    """Both ends of a number that may be open."""
    low, high = interval
    most = say("scored.unbounded", context.lang) if high is None else _point(context, high, places)
    return printed(_point(context, low, places), side), printed(most, side)


def _point(context: Context, value: Fraction, places: int) -> str:
    return context.interval(Interval(value, value), places)


class Head(NamedTuple):
    """A column: its key, its head and its width in characters."""

    key: str
    title: str
    width: float


def add_sheet(book: Book, role: str, hint: str, heads: Sequence[Head], rows: Iterable[Row], title: str = "") -> Page:
    """A sheet with one table, its head kept in sight and ready to be filtered; ``title`` where the role does not name one."""
    columns = [Column(head.key, head.title, head.width) for head in heads]
    page = Page(book, role, title or say(f"scored.sheet.{role}", book.lang), columns, hint)
    page.sheet.protect("", _FILTERED)
    first = page.row
    add_table(page, heads, rows, frozen=3)
    page.sheet.autofilter(first - 1, 1, max(page.row - 2, first - 1), len(heads))
    return page


def add_table(page: Page, heads: Sequence[Head], rows: Iterable[Row], *, frozen: int | None = None) -> None:
    """A table from this row on, in the first columns of the page."""
    keys = page.keys[: len(heads)]
    if frozen is not None:
        page.head(frozen)
    else:
        for key, head in zip(keys, heads, strict=True):
            page.put(key, head.title, "head")
        page.row += 1
    for row in rows:
        for key, head in zip(keys, heads, strict=True):
            value = row.get(head.key, BLANK)
            page.put(key, value.content, value.style)
        page.row += 1


def add_section(page: Page, title: str) -> None:
    """A heading across the page, with a row of space before it."""
    page.row += 1
    for i, column in enumerate(page.columns):
        page.put(column.key, None if i else title, "section")
    page.row += 1


def add_facts(page: Page, facts: Iterable[tuple[str, Value]]) -> None:
    """Names with their values beside them: numbers in the second column, texts as far as the page goes."""
    for name, value in facts:
        page.put(page.keys[0], name, "field")
        if isinstance(value.content, str):
            page.put_field(value.content, value.style, LEAST_HEIGHT)
        else:
            page.put(page.keys[1], value.content, value.style)
        page.row += 1
