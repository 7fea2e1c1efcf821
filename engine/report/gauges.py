"""Charts beside words: what was lost on the way from the most to the score, and a value on a track between its base and its lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable

from engine.report.style import ACCENT, AMBER, HAIRLINE, INK, RED, TABLE, TINT, WASH, WHITE, WIDTH, Color
from engine.report.tables import Drawing
from engine.report.text import Pen, Rich, break_lines, shortened, write_lines


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the waterfall: what is lost for certain (below zero) or gained, and what may still be lost; its label and value."""

    label: Rich
    value: Rich
    change: float
    open: float = 0.0


class Waterfall(Flowable):
    """Steps down from the most to the score, one under the other, on an axis that begins where the last step ends."""

    ROW = 15.0
    _LABEL = 176.0
    _VALUE = 96.0
    _THICK = 8.0

    def __init__(self, start: float, steps: Sequence[Step], first: tuple[Rich, Rich], last: tuple[Rich, Rich]) -> None:
        super().__init__()
        self._start, self._steps, self._first, self._last = start, steps, first, last
        self.width, self.height = WIDTH, self.ROW * (len(steps) + 2) + 4
        at = start
        reached = [at]
        for step in steps:
            at += step.change
            reached += [at, at - step.open]
            at -= step.open
        low, high = min(reached), max(reached)
        self._low = low - 0.06 * (high - low)
        self._scale: float = (WIDTH - self._LABEL - self._VALUE) / max(high - self._low, 1e-9)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the chart."""
        return self.width, self.height

    def _x(self, value: float) -> float:
        return self._LABEL + (value - self._low) * self._scale

    def draw(self) -> None:
        """Draw the ends, then every step from where the one before it stopped."""
        canvas, pen = self.canv, Pen(self.canv)
        top = self.height - 2
        at = self._start
        self._row(pen, top, *self._first)
        self._post(top, at, ACCENT)
        for step in self._steps:
            top -= self.ROW
            self._row(pen, top, step.label, step.value)
            middle = top - self.ROW / 2
            canvas.setStrokeColor(HAIRLINE)
            canvas.setLineWidth(0.5)
            canvas.line(self._x(at), top + self.ROW / 2 - self._THICK / 2, self._x(at), middle - self._THICK / 2)
            to = at + step.change
            canvas.setFillColor(RED if step.change < 0 else ACCENT)
            canvas.rect(
                min(self._x(at), self._x(to)), middle - self._THICK / 2, abs(step.change) * self._scale, self._THICK, stroke=0, fill=1
            )
            if step.open:
                canvas.setStrokeColor(AMBER)
                canvas.setFillColor(WHITE)
                canvas.setLineWidth(0.9)
                wide = step.open * self._scale
                canvas.rect(self._x(to) - wide, middle - self._THICK / 2 + 0.4, wide, self._THICK - 0.8, stroke=1, fill=1)
            at = to - step.open
        top -= self.ROW
        self._row(pen, top, *self._last)
        self._post(top, at, INK)
        pen.finish()

    def _row(self, pen: Pen, top: float, label: Rich, value: Rich) -> None:
        top -= (self.ROW - TABLE.leading) / 2
        room = self._LABEL - 8
        name = shortened(break_lines(label, TABLE.size, room), 1, TABLE.size, room)
        write_lines(pen, name, 0, top, self._LABEL, TABLE.size, TABLE.leading, "left")
        write_lines(pen, break_lines(value, TABLE.size, self._VALUE)[:1], 0, top, WIDTH, TABLE.size, TABLE.leading, "right")

    def _post(self, top: float, at: float, colour: Color) -> None:
        """An end of the way: a post, for the axis does not begin at zero."""
        self.canv.setFillColor(colour)
        self.canv.rect(self._x(at) - 1.2, top - self.ROW + 1.5, 2.4, self.ROW - 3, stroke=0, fill=1)


class Bullet(Drawing):
    """A value on a track where better is to the right, tinted where it is ``good``; base and lead stand at fixed places.

    ``at`` and the places of the ticks are shares of the track; a value beyond an end is drawn at it, with an arrow.
    """

    height = 16.0

    def __init__(self, at: float, ticks: Sequence[float], colour: Color, good: tuple[float, float]) -> None:
        self.at, self._ticks, self.colour, self._good = at, ticks, colour, good

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        """Draw track, ticks and value."""
        middle = top - self.height / 2
        canvas.setFillColor(WASH)
        canvas.rect(x, middle - 3.5, width, 7, stroke=0, fill=1)
        canvas.setFillColor(TINT)
        first, last = self._good
        canvas.rect(x + width * first, middle - 3.5, width * (last - first), 7, stroke=0, fill=1)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.1)
        canvas.lines([(x + width * tick, middle - 5.5, x + width * tick, middle + 5.5) for tick in self._ticks])
        canvas.setFillColor(self.colour)
        canvas.setStrokeColor(WHITE)
        canvas.setLineWidth(0.8)
        if 0.0 <= self.at <= 1.0:
            canvas.circle(x + width * self.at, middle, 3.4, stroke=1, fill=1)
            return
        tip, side = (x + width, -1) if self.at > 1 else (x, 1)
        path = canvas.beginPath()
        path.moveTo(tip, middle)
        path.lineTo(tip + side * 7, middle + 4.2)
        path.lineTo(tip + side * 7, middle - 4.2)
        path.close()
        canvas.drawPath(path, stroke=1, fill=1)
