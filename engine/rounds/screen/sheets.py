"""Screening as a workbook of its own, or as two sheets of another one."""

from __future__ import annotations

from collections.abc import Sequence

from engine.dossier.workbook_sheet import Book
from engine.report.scored_cells import Head, Row, add_sheet, printed, text, whole
from engine.rounds.screen.export import HEAD, INSPECTION_HEAD, inspection_head, inspection_rows, signal_head, signal_rows
from engine.rounds.screen.run import Screening
from engine.texts import say

_WIDTHS = {"screen": 16, "severity": 9, "numbers": 18, "applicants": 34, "items": 34, "sentence": 80, "innocent": 44}
_INSPECTION_WIDTHS = {"place": 7, "number": 16, "applicant": 34, "item": 34, "change": 18, "points": 10, "reason": 90}


def screening_workbook(screening: Screening, title: str, lang: str = "zh") -> bytes:
    """The workbook's bytes, the same for the same screening; ``title`` is that of the file."""
    book = Book(lang, title, {})
    add_screening(book, screening)
    return book.content()


def add_screening(book: Book, screening: Screening) -> None:
    """Add the sheets of signals and of what to inspect, in the language of the workbook."""
    lang = book.lang
    hint = say("screening.sheet.hint", lang, cases=screening.cases, history=screening.history)
    _add(book, "signals", hint, HEAD, signal_head(lang), signal_rows(screening, lang), _WIDTHS)
    _add(book, "inspections", hint, INSPECTION_HEAD, inspection_head(lang), inspection_rows(screening, lang), _INSPECTION_WIDTHS)


def _add(
    book: Book, role: str, hint: str, keys: Sequence[str], titles: Sequence[str], rows: Sequence[Sequence[str]], widths: dict[str, int]
) -> None:
    heads = [Head(key, title, widths[key]) for key, title in zip(keys, titles, strict=True)]
    add_sheet(book, role, hint, heads, [_row(dict(zip(keys, row, strict=True))) for row in rows], say(f"screening.sheet.{role}", book.lang))


def _row(cells: dict[str, str]) -> Row:
    row = {key: text(content) for key, content in cells.items()}
    if "place" in cells:
        row |= {"place": whole(int(cells["place"])), "points": printed(cells["points"])}
    return row
