"""A sheet of notes at the end of a filled workbook: lines and tables for people, protected and never read back."""

from __future__ import annotations

from collections.abc import Sequence

from engine.dossier.notes import Note
from engine.dossier.workbook_layout import NOTES
from engine.dossier.workbook_sheet import Book, Column, Page

_WIDTHS = (40, 34, 30, 26, 30)


def write_notes(book: Book, notes: Sequence[Note]) -> None:
    """Write the sheet."""
    columns = [Column(f"n{i}", "", width) for i, width in enumerate(_WIDTHS)]
    page = Page(book, NOTES, book.say("sheet.notes"), columns, book.say("hint.notes"))
    for note in notes:
        page.row += 1
        _row(page, (note.title,), "section", len(columns))
        for text in note.lines:
            page.line(text, "plain")
        if note.rows:
            _row(page, [head.title for head in note.heads], "head", len(note.heads))
            for row in note.rows:
                _row(page, row, ".text", len(note.heads))


def _row(page: Page, texts: Sequence[str], style: str, count: int) -> None:
    for column, text in zip(page.columns[:count], [*texts, *("" for _ in range(count))], strict=False):
        page.put(column.key, text, style)
    page.row += 1
