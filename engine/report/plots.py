"""Charts over time and of shares: columns by month, one bar divided among its parts, lines over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from engine.report.style import ACCENT, AMBER, HAIRLINE, INK, MUTED, SMALL, TINT, WHITE, WIDTH, Color
from engine.report.text import Pen, Rich, Span, break_lines, one_line, text_width, write_lines

SHADES = (ACCENT, HexColor(0x7FAF97), AMBER, HexColor(0x5C6660), HexColor(0xC9B27C), TINT)
"""Colours of the parts of a whole, the largest first; they differ in lightness too, so that they print in black and white."""
PARTS = len(SHADES)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: its name, its value as it prints, and its share."""

    name: str
    value: str
    share: float


class Mix(Flowable):
    """One bar divided among its parts, every part with its name, value and share in a line below."""

    _BAR = 16.0
    _LINE = 14.0
    _COLUMNS = 2

    def __init__(self, shares: Sequence[Share]) -> None:
        super().__init__()
        self._shares = shares
        rows = -(-len(shares) // self._COLUMNS)
        self.width, self.height = WIDTH, self._BAR + 8 + rows * self._LINE

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the chart."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the bar, then the names."""
        canvas, pen, x = self.canv, Pen(self.canv), 0.0
        top = self.height - self._BAR
        for i, part in enumerate(self._shares):
            wide = WIDTH * part.share
            canvas.setFillColor(SHADES[i])
            canvas.setStrokeColor(WHITE)
            canvas.setLineWidth(0.8)
            canvas.rect(x, top, wide, self._BAR, stroke=1, fill=1)
            label = f"{100 * part.share:.0f}%"
            if wide > text_width(label, SMALL.size) + 8:
                lines = break_lines(Span(label, bold=True, colour=INK if i in (1, 4, 5) else WHITE), SMALL.size, wide)
                write_lines(pen, lines, x, top + self._BAR / 2 + SMALL.leading / 2, wide, SMALL.size, SMALL.leading, "centre")
            x += wide
        for i, part in enumerate(self._shares):
            left = (i % self._COLUMNS) * WIDTH / self._COLUMNS
            line = top - 6 - (i // self._COLUMNS) * self._LINE
            canvas.setFillColor(SHADES[i])
            canvas.rect(left, line - 9, 7, 7, stroke=0, fill=1)
            text: Rich = (Span(part.name), Span(f"　{part.value}", colour=MUTED))
            lines = break_lines(text, SMALL.size, WIDTH / self._COLUMNS - 16)[:1]
            write_lines(pen, lines, left + 12, line, WIDTH, SMALL.size, SMALL.leading, "left")
        pen.finish()


class Months(Flowable):
    """A column a month, divided among the parts of the whole, with its total above."""

    _PLOT = 92.0
    _AXIS = 14.0

    def __init__(self, columns: Sequence[tuple[str, str, Sequence[float]]]) -> None:
        super().__init__()
        self._columns = columns
        self._most = max((sum(max(0.0, part) for part in parts) for _, _, parts in columns), default=0.0) or 1.0
        self.width, self.height = WIDTH, self._PLOT + self._AXIS + 12

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the chart."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the columns, each part in its shade, and what they are called."""
        canvas, pen = self.canv, Pen(self.canv)
        wide = WIDTH / len(self._columns)
        for i, (name, total, parts) in enumerate(self._columns):
            left, bottom = i * wide + 0.18 * wide, self._AXIS
            for shade, part in zip(SHADES, parts, strict=False):
                tall = self._PLOT * max(0.0, part) / self._most
                canvas.setFillColor(shade)
                canvas.rect(left, bottom, 0.64 * wide, tall, stroke=0, fill=1)
                bottom += tall
            for text, top in ((Span(total, colour=MUTED), bottom + 12), (Span(name), self._AXIS - 1)):
                lines = break_lines(text, SMALL.size - 0.5, wide + 4)[:1]
                write_lines(pen, lines, i * wide, top, wide, SMALL.size - 0.5, SMALL.leading, "centre")
        pen.finish()
        canvas.setStrokeColor(HAIRLINE)
        canvas.setLineWidth(0.5)
        canvas.line(0, self._AXIS, WIDTH, self._AXIS)


@dataclass(frozen=True, slots=True)
class Series:
    """A line over the years: its name, its values (None where there is none), and how they print."""

    name: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...]
    colour: Color = ACCENT
    dashed: bool = False


class YearLines(Flowable):
    """Lines over a few years, each named at its right end; names that would meet move apart."""

    _PLOT = 118.0
    _SIDE = 22.0
    _AXIS = 16.0
    _TOP = 12.0

    def __init__(self, years: Sequence[str], series: Sequence[Series], width: float = WIDTH, *, names: float = 120.0) -> None:
        super().__init__()
        self._years, self._series, self._names = years, series, names
        known = [value for one in series for value in one.values if value is not None]
        low, high = min(known, default=0.0), max(known, default=1.0)
        reach = (high - low) or abs(high) or 1.0
        self._low, self._reach = low - 0.08 * reach, 1.16 * reach
        self.width, self.height = width, self._PLOT + self._AXIS + self._TOP

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the chart."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw at the flowable's place."""
        self.draw_at(self.canv, 0.0)

    def draw_at(self, canvas: Any, left: float) -> None:
        """Draw with the left edge at a place."""
        pen = Pen(canvas)
        span = self.width - self._names - 2 * self._SIDE
        xs = [left + self._SIDE + span * i / max(len(self._years) - 1, 1) for i in range(len(self._years))]
        canvas.setStrokeColor(HAIRLINE)
        canvas.setLineWidth(0.5)
        canvas.lines([(x, self._AXIS, x, self._AXIS + self._PLOT) for x in xs])
        for x, year in zip(xs, self._years, strict=True):
            lines = break_lines(Span(year, colour=MUTED), SMALL.size, 60)
            write_lines(pen, lines, x - 30, self._AXIS - 2, 60, SMALL.size, SMALL.leading, "centre")
        ends: list[tuple[float, Series]] = []
        for one in self._series:
            self._line(canvas, pen, one, xs)
            if one.values[-1] is not None:
                ends.append((self._y(one.values[-1]), one))
        self._name_ends(pen, ends, xs[-1] + 8)
        pen.finish()

    def _y(self, value: float) -> float:
        return self._AXIS + self._PLOT * (value - self._low) / self._reach

    def _line(self, canvas: Any, pen: Pen, one: Series, xs: Sequence[float]) -> None:
        points = [(x, self._y(value), label) for x, value, label in zip(xs, one.values, one.labels, strict=True) if value is not None]
        canvas.saveState()
        canvas.setStrokeColor(one.colour)
        canvas.setLineWidth(1.3)
        if one.dashed:
            canvas.setDash(3, 2)
        canvas.lines([(*a[:2], *b[:2]) for a, b in pairwise(points)])
        canvas.restoreState()
        canvas.setFillColor(one.colour)
        for x, y, label in points:
            canvas.circle(x, y, 2.2, stroke=0, fill=1)
            if label:
                lines = break_lines(Span(label, bold=not one.dashed, colour=one.colour), SMALL.size, 80)
                above = y + (14 if not one.dashed else -2)
                write_lines(pen, lines, x - 40, above, 80, SMALL.size, SMALL.leading, "centre")

    def _name_ends(self, pen: Pen, ends: list[tuple[float, Series]], x: float) -> None:
        at = float("inf")
        for y, one in sorted(ends, key=lambda end: -end[0]):
            at = min(y + SMALL.leading / 2, at - SMALL.leading)
            name = one_line(one.name, SMALL.size, self._names - 4)
            write_lines(
                pen,
                break_lines(Span(name, colour=one.colour), SMALL.size, self._names),
                x,
                at,
                self._names,
                SMALL.size,
                SMALL.leading,
                "left",
            )
