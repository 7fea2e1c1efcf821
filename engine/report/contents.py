"""The table of contents: titles with their pages, each line leading to its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportlab.platypus import Flowable, PageBreak

from engine.report.document import REFERENCE_WIDTH, bookmark_key
from engine.report.flow import Heading
from engine.report.style import BODY, FAINT, GRID, INK, TABLE, WIDTH
from engine.report.text import Pen, Span, break_lines, one_line, text_width, write_lines
from engine.texts import say


class ContentsLine(Flowable):
    """One line of the contents: title, dots, page; the whole line leads to its bookmark."""

    def __init__(self, title: str, depth: int, number: int) -> None:
        super().__init__()
        self._indent, self._number = 16.0 * (depth - 1), number
        self._type = BODY if depth == 1 else TABLE
        room = WIDTH - self._indent - REFERENCE_WIDTH - 20
        self._span = Span(one_line(title, self._type.size, room), bold=depth == 1, colour=INK)
        self.spaceBefore = GRID if depth == 1 else 0

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the line."""
        return WIDTH, float(self._type.leading)

    def draw(self) -> None:
        """Write the line and leave a place for the page number."""
        canvas, size, leading = self.canv, self._type.size, self._type.leading
        pen = Pen(canvas)
        write_lines(pen, break_lines(self._span, size, WIDTH), self._indent, leading, WIDTH, size, leading, "left")
        pen.finish()
        canvas.saveState()
        canvas.setStrokeColor(FAINT)
        canvas.setLineWidth(0.5)
        canvas.setDash(0.6, 3)
        end = self._indent + text_width(self._span, size)
        canvas.line(end + 6, 0.28 * leading, WIDTH - REFERENCE_WIDTH + 4, 0.28 * leading)
        canvas.restoreState()
        canvas.place_reference(self._number, WIDTH - REFERENCE_WIDTH, leading, self._type)
        canvas.link_here(bookmark_key(self._number), 0, 0, WIDTH, leading)


def contents(titles: Sequence[tuple[str, int, int]]) -> list[Flowable]:
    """The lines of the contents, from each section's title, its depth, and how many bookmarks of entries follow its own."""
    lines: list[Flowable] = []
    number = 1
    for title, depth, entries in titles:
        lines.append(ContentsLine(title, depth, number))
        number += 1 + entries
    return lines


def contents_page(story: Iterable[Flowable], lang: str) -> list[Flowable]:
    """The contents of all headings of a story that are bookmarked, on a page of their own before it."""
    titles = [(flowable.title, flowable.level, 0) for flowable in story if isinstance(flowable, Heading) and flowable.bookmark]
    return [Heading(say("report.contents", lang), 1, bookmark=False), *contents(titles), PageBreak()]
