"""A table flowable of our own: many rows of wrapped text, laid out once, split between rows, its head repeated on every page.

Platypus tables parse and measure every cell as a paragraph; here a cell is a few lines measured by dictionary. A row is split
only where it is taller than a page.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from reportlab.platypus import Flowable

from engine.report.style import ACCENT, HAIRLINE, HEIGHT, INK, MUTED, SMALL, TABLE, WASH, Color, Type
from engine.report.text import Line, Pen, Rich, Span, break_lines, write_lines

PAD = 4.0
GAP = 6.0
"""Horizontal space between columns, half of it on each side."""
_FILLS = {"group": WASH}
_HAIRLINE, _HEAD_LINE, _EDGE = (0.4, HAIRLINE), (0.5, ACCENT), (0.9, ACCENT)


class Drawing(ABC):
    """Something drawn in a cell: so high, and as wide as its column."""

    height = 0.0

    @abstractmethod
    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        """Draw below ``top``, from ``x`` on."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width in points, and how its cells are aligned (left, right, centre)."""

    title: str
    width: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells. ``spans`` says over how many columns each cell reaches; ``below`` is text under the cells from a column on.

    ``kind``: plain, group (a heading within the table, kept with the next row) or subtotal (kept with the row before); plain texts of
    these two are bold. ``anchor`` names the row as a place that links lead to, ``figure`` is drawn under everything else in it.
    """

    cells: tuple[Rich | Drawing, ...]
    kind: str = "plain"
    spans: tuple[int, ...] = ()
    below: Rich = ""
    below_from: int = 0
    align: tuple[str, ...] = ()
    anchor: str = ""
    figure: Drawing | None = None


class _Block(NamedTuple):
    """Lines of one cell: where they stand in the row, from its top."""

    x: float
    width: float
    align: str
    top: float
    type: Type
    lines: Sequence[Line]

    @property
    def bottom(self) -> float:
        return self.top + len(self.lines) * self.type.leading


class _Placed(NamedTuple):
    """A drawing: where it stands in the row, in the middle of its height unless it has a ``top`` of its own."""

    drawing: Drawing
    x: float
    width: float
    top: float | None = None


class _LaidRow(NamedTuple):
    blocks: tuple[_Block, ...]
    height: float
    kind: str
    keep_with_next: bool = False
    anchor: str = ""
    drawings: tuple[_Placed, ...] = ()


class HeavyTable(Flowable):
    """The flowable. Widths of the columns add up to the width of the table."""

    def __init__(
        self, columns: Sequence[Column], rows: Sequence[Row], *, type: Type = TABLE, head: bool = True, ruled: bool = True
    ) -> None:
        super().__init__()
        self.columns, self.rows, self.headed = columns, rows, head
        self._type = type
        self._ruled = ruled
        edges = [0.0, *accumulate(column.width for column in columns)]
        self._width = edges[-1]
        self._head = _lay_head(columns, edges, type) if head else None
        self._rows = [
            _lay(row, columns, edges, type, row.kind == "group" or (after is not None and after.kind == "subtotal"))
            for row, after in pairwise((*rows, None))
            if row is not None
        ]

    @property
    def minimum(self) -> float:
        """The least height in which the table can begin: all of a short one, else its head and the first row that may end a page."""
        whole = sum(row.height for row in self._all())
        if whole <= HEIGHT / 3:
            return whole
        height = self._head.height if self._head else 0.0
        for row in self._rows:
            height += row.height
            if not row.keep_with_next:
                break
        return min(height, float(HEIGHT))

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the whole table."""
        self.width, self.height = self._width, sum(row.height for row in self._all())
        return self.width, self.height

    def _all(self) -> list[_LaidRow]:
        return [self._head, *self._rows] if self._head else self._rows

    def _part(self, rows: list[_LaidRow]) -> HeavyTable:
        part = HeavyTable.__new__(HeavyTable)
        part.__dict__.update(self.__dict__)
        part.__dict__.pop("_postponed", None)  # platypus' note that this flowable has been moved to a new page once
        part._rows = rows
        return part

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Two tables, the first of which fits; nothing where the table had better begin on the next page."""
        room = available_height - (self._head.height if self._head else 0.0)
        count, used = 0, 0.0
        for row in self._rows:
            if used + row.height > room:
                break
            used += row.height
            count += 1
        while count and self._rows[count - 1].keep_with_next:
            count -= 1
            used -= self._rows[count].height
        if count:
            return [self._part(self._rows[:count]), self._part(self._rows[count:])]
        full = HEIGHT - 1 - (self._head.height if self._head else 0.0)
        tall = next((i for i, row in enumerate(self._rows) if not row.keep_with_next or row.height > full), len(self._rows) - 1)
        if sum(row.height for row in self._rows[: tall + 1]) <= full:
            return []
        before = sum(row.height for row in self._rows[:tall])
        parts = _split_row(self._rows[tall], room - before)
        if parts is None:
            return []
        return [self._part([*self._rows[:tall], parts[0]]), self._part([parts[1], *self._rows[tall + 1 :]])]

    def draw(self) -> None:
        """Draw fills, then text, then hairlines."""
        canvas = self.canv
        top = self.height
        pen = Pen(canvas)
        rules: dict[tuple[float, Color], list[float]] = {_HAIRLINE: [], _HEAD_LINE: [], _EDGE: []}
        if self._ruled:
            rules[_EDGE].append(top)
        for row in self._all():
            if row.kind in _FILLS:
                canvas.setFillColor(_FILLS[row.kind])
                canvas.rect(0, top - row.height, self._width, row.height, stroke=0, fill=1)
            if row.anchor:
                canvas.anchor_here(row.anchor, top)
            for block in row.blocks:
                write_lines(pen, block.lines, block.x, top - block.top, block.width, block.type.size, block.type.leading, block.align)
            for drawing, x, width, own in row.drawings:
                drawing.draw(canvas, x, top - ((row.height - drawing.height) / 2 if own is None else own), width)
            top -= row.height
            rules[_HEAD_LINE if row.kind == "head" else _HAIRLINE].append(top)
        if self._ruled:
            rules[_EDGE].append(top)
        pen.finish()
        for (thickness, colour), heights in rules.items():
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(thickness)
            canvas.lines([(0, y, self._width, y) for y in heights])


def _lay_head(columns: Sequence[Column], edges: Sequence[float], type: Type) -> _LaidRow:
    cells = tuple(Span(column.title, bold=True, colour=ACCENT) for column in columns)
    laid = _lay(Row(cells), columns, edges, type)
    lowest = max(block.bottom for block in laid.blocks)
    blocks = tuple(block._replace(top=block.top + lowest - block.bottom) for block in laid.blocks)
    return _LaidRow(blocks, laid.height, "head")


def _lay(row: Row, columns: Sequence[Column], edges: Sequence[float], type: Type, keep_with_next: bool = False) -> _LaidRow:
    """Lay out a row; ``edges`` are where the columns begin and, at last, end."""
    blocks: list[_Block] = []
    drawings: list[_Placed] = []
    first = 0
    for i, cell in enumerate(row.cells):
        count = row.spans[i] if row.spans else 1
        align = row.align[i] if row.align else columns[first].align if count == 1 else "left"
        x, first = edges[first], first + count
        inner = edges[first] - x - GAP
        if isinstance(cell, Drawing):
            drawings.append(_Placed(cell, x + GAP / 2, inner))
        elif cell:
            lines = break_lines(cell, type.size, inner, bold=row.kind != "plain")
            blocks.append(_Block(x + GAP / 2, inner, align, PAD, type, lines))
    bottom = max((block.bottom for block in blocks), default=PAD + type.leading)
    if drawings:
        bottom = max(bottom, *(placed.drawing.height + PAD for placed in drawings))
    if row.below:
        left = edges[row.below_from]
        inner = edges[-1] - left - GAP
        over = max((block.bottom for block in blocks if block.x >= left), default=PAD)
        blocks.append(_Block(left + GAP / 2, inner, "left", over + 1, SMALL, break_lines(row.below, SMALL.size, inner)))
        bottom = max(bottom, blocks[-1].bottom)
    if row.figure:
        drawings.append(_Placed(row.figure, GAP / 2, edges[-1] - GAP, bottom + 2))
        bottom += row.figure.height + 2
    return _LaidRow(tuple(blocks), bottom + PAD, row.kind, keep_with_next, row.anchor, tuple(drawings))


def _split_row(row: _LaidRow, room: float) -> tuple[_LaidRow, _LaidRow] | None:
    """A row cut between lines so that its first part is at most ``room`` tall; None where not one line fits."""
    limit = room - PAD
    kept = [(block, int(max(0.0, min(len(block.lines), (limit - block.top) // block.type.leading)))) for block in row.blocks]
    if not any(count for _, count in kept):
        return None
    cut = min((block.top + count * block.type.leading for block, count in kept if count < len(block.lines)), default=row.height)
    first, rest = [], []
    for block, count in kept:
        if count:
            first.append(block._replace(lines=block.lines[:count]))
        if count < len(block.lines):
            top = PAD + max(0.0, block.top + count * block.type.leading - cut)
            rest.append(block._replace(top=top, lines=block.lines[count:]))
    height = max(block.bottom for block in first) + PAD
    return row._replace(blocks=tuple(first), height=height), _LaidRow(tuple(rest), max(block.bottom for block in rest) + PAD, row.kind)


def key_value_rows(pairs: Sequence[tuple[str, Rich]]) -> list[Row]:
    """Rows of name and value for a two-column table without a head."""
    return [Row((Span(name, colour=MUTED), value or Span("—", colour=MUTED))) for name, value in pairs]


@dataclass(slots=True)
class CellWriter:
    """Builds the spans of one cell piece by piece."""

    spans: list[Span] = field(default_factory=list)

    def add(self, text: str, *, bold: bool = False, colour: Color = INK, mark: str = "") -> CellWriter:
        """Append a piece, or a mark before it."""
        if mark:
            self.spans.append(Span("", bold, colour, mark))
        self.spans.append(Span(text, bold, colour))
        return self

    def done(self) -> tuple[Span, ...]:
        """The cell."""
        return tuple(self.spans)
