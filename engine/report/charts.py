"""The charts: the score on its scale, and the radar of dimensions. Vectors, labelled where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any, NamedTuple

from reportlab.platypus import Flowable

from engine.report.style import ACCENT, AMBER, HAIRLINE, INK, MUTED, SMALL, TABLE, TINT, WASH, WHITE, WIDTH, Color
from engine.report.text import Pen, Rich, Span, break_lines, one_line, text_width, write_lines


class Tick(NamedTuple):
    """A labelled place on the scale, such as the mark."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Scale:
    """What the score scale shows. ``high`` is None where the score has no upper bound; ``label`` prints under the band."""

    low: float
    high: float | None
    end: float
    label: str
    marks: tuple[Tick, ...] = ()


class ScoreScale(Flowable):
    """The score as a band or a point on its scale, with the marks it is measured against flagged above."""

    _AXIS = 16.0
    _BAND = 9.0
    _POINT = 6.0

    def __init__(self, scale: Scale, colour: Color, width: float = WIDTH) -> None:
        super().__init__()
        self.scale, self.colour = scale, colour
        self._end = max(scale.end, scale.low, scale.high or 0.0, *(tick.value for tick in scale.marks), 1e-9)
        self.width = width
        self._length = max(0.6 * width, min([width, *(self._room(tick) for tick in scale.marks if tick.value > 0)]))
        self._flags = self._placed_flags()
        levels = max((level + 1 for _, level, _, _ in self._flags), default=0)
        self.height = self._AXIS + self._BAND + 6 + levels * SMALL.leading

    def _room(self, tick: Tick) -> float:
        """The longest axis on which the label right of its mark ends within the width."""
        return (self.width - text_width(tick.label, SMALL.size) - 3) * self._end / tick.value

    def _placed_flags(self) -> list[tuple[float, int, float, str]]:
        """Pole, level, left edge and text of each mark, from the right to the left: no label hides another one or crosses a pole."""
        placed: list[tuple[float, int, float, str]] = []
        starts: list[float] = []
        for tick in sorted(self.scale.marks, key=lambda tick: -tick.value):
            at, wide = self._x(tick.value), text_width(tick.label, SMALL.size)
            left = max(0.0, min(at + 3, self.width - wide))
            level = next((i for i, start in enumerate(starts) if left + wide + 5 <= start), len(starts))
            starts += [self.width] * (level + 1 - len(starts))
            starts[level] = left
            starts[: level + 1] = [min(start, at) for start in starts[: level + 1]]
            placed.append((at, level, left, tick.label))
        return placed

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the scale."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw at the flowable's place."""
        self.draw_at(self.canv, 0, 0)

    def _x(self, value: float) -> float:
        return max(0.0, value) / self._end * self._length

    def draw_at(self, canvas: Any, x: float, y: float) -> None:
        """Draw with the lower left corner at x, y."""
        canvas.saveState()
        canvas.translate(x, y)
        self._draw_axis(canvas)
        self._draw_flags(canvas)
        self._draw_score(canvas)
        canvas.restoreState()

    def _ends(self) -> tuple[float, float]:
        return self._x(self.scale.low), self._x(self._end if self.scale.high is None else self.scale.high)

    def _draw_axis(self, canvas: Any) -> None:
        canvas.setFillColor(TINT)
        canvas.rect(0, self._AXIS, self._length, self._BAND, stroke=0, fill=1)
        pen = Pen(canvas)
        half = text_width(Span(self.scale.label, bold=True), SMALL.size) / 2 + 4
        middle = sum(self._ends()) / 2
        for value in (0.0, self.scale.end):
            lines = break_lines(Span(f"{value:g}", colour=MUTED), SMALL.size, 60)
            width = lines[0].width * SMALL.size
            left = min(max(0.0, self._x(value) - width / 2), self.width - width)
            if left + width < middle - half or left > middle + half:
                write_lines(pen, lines, left, self._AXIS - 4, width, SMALL.size, SMALL.leading, "left")
        pen.finish()

    def _draw_flags(self, canvas: Any) -> None:
        pen = Pen(canvas)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.9)
        for at, level, left, label in self._flags:
            top = self._AXIS + self._BAND + 5 + (level + 1) * SMALL.leading
            canvas.line(at, self._AXIS, at, top - 2)
            write_lines(pen, break_lines(label, SMALL.size, self.width), left, top, self.width, SMALL.size, SMALL.leading, "left")
        pen.finish()

    def _draw_score(self, canvas: Any) -> None:
        low, high = self._ends()
        middle = self._AXIS + self._BAND / 2
        canvas.setFillColor(self.colour)
        if self.scale.high is None:
            path = canvas.beginPath()
            path.moveTo(high - 2, self._AXIS - 5)
            path.lineTo(high + 8, middle)
            path.lineTo(high - 2, self._AXIS + self._BAND + 5)
            path.close()
            canvas.drawPath(path, stroke=0, fill=1)
        if high > low:
            canvas.rect(low, self._AXIS, high - low, self._BAND, stroke=0, fill=1)
        else:
            canvas.setStrokeColor(WHITE)
            canvas.setLineWidth(1.5)
            canvas.circle(low, middle, self._POINT, stroke=1, fill=1)
        lines = break_lines(Span(self.scale.label, bold=True, colour=self.colour), SMALL.size, self.width)
        width = lines[0].width * SMALL.size
        left = min(max(0.0, (low + high) / 2 - width / 2), self.width - width)
        pen = Pen(canvas)
        write_lines(pen, lines, left, self._AXIS - 4, width, SMALL.size, SMALL.leading, "left")
        pen.finish()


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension on the radar: shares of its maximum reached (0 to 1), and the two lines of its label."""

    title: str
    value: str
    low: float
    high: float


class Radar(Flowable):
    """Dimensions around a centre: the area is what is reached, the dashed line what is still possible, amber rings the marks."""

    RADIUS = 84.0
    RINGS = 4

    def __init__(self, axes: Sequence[Axis], marks: Sequence[Tick] = (), width: float = WIDTH) -> None:
        super().__init__()
        self._axes, self._marks = axes, marks
        self.width, self.height = width, 2 * self.RADIUS + 72
        self._centre = (width / 2, self.height / 2)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the chart."""
        return self.width, self.height

    def _point(self, axis: int, share: float) -> tuple[float, float]:
        angle = pi / 2 - 2 * pi * axis / len(self._axes)
        reach = self.RADIUS * min(max(share, 0.0), 1.0)
        return self._centre[0] + reach * cos(angle), self._centre[1] + reach * sin(angle)

    def _polygon(self, shares: Sequence[float]) -> Any:
        path = self.canv.beginPath()
        for i, share in enumerate(shares):
            (path.lineTo if i else path.moveTo)(*self._point(i, share))
        path.close()
        return path

    def draw(self) -> None:
        """Draw rings, spokes, areas and labels."""
        canvas = self.canv
        count = len(self._axes)
        lows, highs = [axis.low for axis in self._axes], [axis.high for axis in self._axes]
        canvas.setFillColor(TINT)
        canvas.drawPath(self._polygon(lows), stroke=0, fill=1)
        canvas.setLineWidth(0.5)
        canvas.setStrokeColor(HAIRLINE)
        for ring in range(1, self.RINGS + 1):
            canvas.drawPath(self._polygon([ring / self.RINGS] * count), stroke=1, fill=0)
        for i in range(count):
            canvas.line(*self._centre, *self._point(i, 1.0))
        if any(high > low for low, high in zip(lows, highs, strict=True)):
            canvas.saveState()
            canvas.setDash(3, 2)
            canvas.setStrokeColor(MUTED)
            canvas.setLineWidth(0.9)
            canvas.drawPath(self._polygon(highs), stroke=1, fill=0)
            canvas.restoreState()
        self._draw_marks(canvas)
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.4)
        canvas.setLineJoin(1)
        canvas.drawPath(self._polygon(lows), stroke=1, fill=0)
        for i, low in enumerate(lows):
            canvas.setFillColor(ACCENT)
            canvas.setStrokeColor(WHITE)
            canvas.setLineWidth(0.8)
            canvas.circle(*self._point(i, low), 2.6, stroke=1, fill=1)
        self._draw_labels()

    def _draw_marks(self, canvas: Any) -> None:
        """The marks as rings: where every dimension would stand if all of them reached the mark's share of the total."""
        pen = Pen(canvas)
        canvas.saveState()
        canvas.setStrokeColor(AMBER)
        canvas.setLineWidth(0.8)
        canvas.setDash(1, 1.5)
        top = self.height
        for tick in sorted(self._marks, key=lambda tick: -tick.value):
            canvas.drawPath(self._polygon([tick.value] * len(self._axes)), stroke=1, fill=0)
            x, y = self._point(0, tick.value)
            top = min(y + SMALL.leading / 2, top - SMALL.leading + 2)  # labels of marks that lie close together move down
            lines = break_lines(Span(tick.label, colour=AMBER), SMALL.size - 0.5, 120)
            write_lines(pen, lines, x + 8, top, 120, SMALL.size - 0.5, SMALL.leading, "left")
        canvas.restoreState()
        pen.finish()

    def _draw_labels(self) -> None:
        pen = Pen(self.canv)
        for i, axis in enumerate(self._axes):
            x, y = self._point(i, 1.0)
            angle = pi / 2 - 2 * pi * i / len(self._axes)
            side = cos(angle)
            room = (x if side < -0.1 else self.width - x if side > 0.1 else 2 * min(x, self.width - x)) - 12
            text: Rich = (Span(axis.title, bold=True), Span(f"\n{axis.value}", colour=MUTED))
            lines = break_lines(text, SMALL.size + 0.5, room)
            height = len(lines) * SMALL.leading
            top = y + height / 2 + sin(angle) * (height / 2 + 8)
            if abs(side) <= 0.1:
                write_lines(pen, lines, x - room / 2, top, room, SMALL.size + 0.5, SMALL.leading, "centre")
            elif side > 0:
                write_lines(pen, lines, x + 10, top, room, SMALL.size + 0.5, SMALL.leading, "left")
            else:
                write_lines(pen, lines, x - 10 - room, top, room, SMALL.size + 0.5, SMALL.leading, "right")
        pen.finish()


class Bars(Flowable):
    """One bar a dimension: what is reached, in a lighter tone what is still possible, out of its maximum."""

    ROW = 18.0
    _NAME = (150.0, 200.0)
    """The least and the most room that names are given."""
    _VALUE = 96.0
    _THICK = 7.0

    def __init__(self, axes: Sequence[Axis]) -> None:
        super().__init__()
        self.axes = axes
        widest = max((text_width(axis.title, TABLE.size) + 10 for axis in axes), default=0.0)
        self._name = min(max(self._NAME[0], widest), self._NAME[1])
        self.width, self.height = WIDTH, self.ROW * len(axes)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the chart."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw names, bars and values."""
        canvas, pen = self.canv, Pen(self.canv)
        track = self.width - self._name - self._VALUE
        for i, axis in enumerate(self.axes):
            middle = self.height - (i + 0.5) * self.ROW
            name = break_lines(one_line(axis.title, TABLE.size, self._name - 8), TABLE.size, self._name)
            value = break_lines(Span(axis.value, colour=MUTED), TABLE.size, self._VALUE)[:1]
            top = middle + TABLE.leading / 2
            write_lines(pen, name, 0, top, self._name, TABLE.size, TABLE.leading, "left")
            write_lines(pen, value, self.width - self._VALUE, top, self._VALUE, TABLE.size, TABLE.leading, "right")
            for share, colour in ((1.0, WASH), (min(axis.high, 1.0), HAIRLINE), (min(axis.low, 1.0), ACCENT)):
                canvas.setFillColor(colour)
                canvas.rect(self._name, middle - self._THICK / 2, track * max(share, 0.0), self._THICK, stroke=0, fill=1)
        pen.finish()
