"""The flowables that only a handbook has: its title, heads of entries, fields, and formulas set apart."""

from __future__ import annotations

from reportlab.platypus import Flowable

from engine.report.flow import Item, Para
from engine.report.handbook_model import Formula
from engine.report.style import ACCENT, BODY, GRID, HAIRLINE, HEADING_2, INK, MUTED, SMALL, TABLE, TITLE, WASH, WIDTH
from engine.report.text import Line, Pen, Rich, Span, break_lines, text_width, write_lines

_NUMBER_GAP = 8.0
_WORTH_SHARE = 0.42
"""At most so much of the width is given to what an entry is worth."""
_BAR = 5.0
"""Height of a fraction's bar with the space around it."""


class Cover(Flowable):
    """Kind, title and subtitle of the handbook over a rule."""

    def __init__(self, kind: str, title: str, subtitle: str) -> None:
        super().__init__()
        texts = ((kind, BODY, True, ACCENT), (title, TITLE, True, INK), (subtitle, HEADING_2, False, MUTED))
        self._parts = [
            (break_lines(Span(text, bold=bold, colour=colour), type.size, WIDTH), type) for text, type, bold, colour in texts if text
        ]
        self.height = sum(len(lines) * type.leading for lines, type in self._parts) + 8 * GRID

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the block."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Write the lines."""
        pen, top = Pen(self.canv), self.height - 5 * GRID
        for lines, type in self._parts:
            write_lines(pen, lines, 0, top, WIDTH, type.size, type.leading, "left")
            top -= len(lines) * type.leading
        pen.finish()
        self.canv.setStrokeColor(ACCENT)
        self.canv.setLineWidth(1.4)
        self.canv.line(0, GRID, WIDTH, GRID)


class EntryHead(Flowable):
    """The head of an entry under a hairline: number and title, at the right what it is worth; entered in the outline.

    ``minimum`` is the least height in which the head and what must stand with it can begin.
    """

    def __init__(self, number: str, title: str, worth: str, level: int) -> None:
        super().__init__()
        self._name, self._level = f"{number} {title}".strip(), level
        self._worth = break_lines(Span(worth, colour=MUTED), SMALL.size, WIDTH * _WORTH_SHARE) if worth else []
        taken = max((line.width * SMALL.size for line in self._worth), default=0.0)
        lead = text_width(Span(number, bold=True), BODY.size) + _NUMBER_GAP if number else 0.0
        self._lead = min(lead, WIDTH / 3)
        self._number = break_lines(Span(number, bold=True, colour=ACCENT), BODY.size, WIDTH / 3) if number else []
        self._lines = break_lines(Span(title, bold=True), BODY.size, WIDTH - self._lead - taken - 12)
        rows = max(len(self._lines), len(self._number))
        self.height = max(rows * BODY.leading, len(self._worth) * SMALL.leading) + 2 * GRID
        self.spaceBefore, self.spaceAfter = GRID, 0
        self.minimum = self.height

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the head."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Write the head and bookmark it."""
        canvas = self.canv
        canvas.bookmark_here(self._name, self._level, self.height, closed=True)
        canvas.setStrokeColor(HAIRLINE)
        canvas.setLineWidth(0.5)
        canvas.line(0, self.height, WIDTH, self.height)
        pen, top = Pen(canvas), self.height - 1.5 * GRID
        write_lines(pen, self._number, 0, top, WIDTH, BODY.size, BODY.leading, "left")
        write_lines(pen, self._lines, self._lead, top, WIDTH, BODY.size, BODY.leading, "left")
        write_lines(pen, self._worth, 0, top - (BODY.leading - SMALL.leading) / 2, WIDTH, SMALL.size, SMALL.leading, "right")
        pen.finish()


class FieldLine(Item):
    """A label in a column of its own and what is said under it beside it; split between lines, the label staying with the first part."""

    def __init__(self, label: str, text: Rich, column: float) -> None:
        Para.__init__(self, text, TABLE, indent=column, after=1.5)
        self._labels = break_lines(Span(label, colour=MUTED), TABLE.size, column - 4) if label else ()
        self._lines += (Line((), 0.0),) * (len(self._labels) - len(self._lines))
        self._continued = False

    def draw(self) -> None:
        """Write label and lines."""
        Para.draw(self)
        if not self._continued:
            pen = Pen(self.canv)
            write_lines(pen, self._labels, 0.0, self.height, 0.0, TABLE.size, TABLE.leading, "left")
            pen.finish()


class Box(Flowable):
    """A formula on a tint: what it gives, then an expression, or one over another with a bar between."""

    def __init__(self, formula: Formula) -> None:
        super().__init__()
        sign = " ="
        room = WIDTH - 6 * GRID
        self._subscript = formula.subscript
        lead = text_width(Span(formula.head + sign, bold=True), BODY.size) + text_width(formula.subscript, SMALL.size)
        self._lead = min(lead, 0.4 * room)
        self._head = break_lines(Span(formula.head + ("" if formula.subscript else sign), bold=True), BODY.size, self._lead + 0.1)
        self._sign = sign if formula.subscript else ""
        width = room - self._lead - 2 * GRID
        self._above = break_lines(formula.above, BODY.size, width)
        self._below = break_lines(formula.below, BODY.size, width) if formula.below else []
        self._wide = max(line.width for line in (*self._above, *self._below)) * BODY.size
        rows = len(self._above) + len(self._below)
        inner = max(rows * BODY.leading + (_BAR if self._below else 0), len(self._head) * BODY.leading)
        self.height = inner + 3 * GRID
        self.spaceBefore, self.spaceAfter = 0, 2 * GRID

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the box."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Fill the box, then write the formula, centred in its height."""
        canvas, size, leading = self.canv, BODY.size, BODY.leading
        canvas.setFillColor(WASH)
        canvas.rect(0, 0, WIDTH, self.height, stroke=0, fill=1)
        pen, left, middle = Pen(canvas), 3.0 * GRID, self.height / 2
        top = middle + len(self._head) * leading / 2
        write_lines(pen, self._head, left, top, self._lead, size, leading, "left")
        self._write_subscript(pen, left, top)
        x = left + self._lead + 2 * GRID
        bar = _BAR if self._below else 0.0
        top = middle + ((len(self._above) + len(self._below)) * leading + bar) / 2
        align = "centre" if self._below else "left"
        write_lines(pen, self._above, x, top, self._wide, size, leading, align)
        under = top - len(self._above) * leading
        write_lines(pen, self._below, x, under - bar, self._wide, size, leading, align)
        pen.finish()
        if self._below:
            canvas.setStrokeColor(INK)
            canvas.setLineWidth(0.7)
            canvas.line(x - 4, under - bar / 2, x + self._wide + 4, under - bar / 2)

    def _write_subscript(self, pen: Pen, left: float, top: float) -> None:
        if not self._subscript:
            return
        x = left + self._head[-1].width * BODY.size
        lowered = top - 2.5 - (BODY.leading - SMALL.leading) / 2
        write_lines(pen, break_lines(self._subscript, SMALL.size, WIDTH), x, lowered, WIDTH, SMALL.size, SMALL.leading, "left")
        x += text_width(self._subscript, SMALL.size)
        write_lines(pen, break_lines(Span(self._sign, bold=True), BODY.size, WIDTH), x, top, WIDTH, BODY.size, BODY.leading, "left")
