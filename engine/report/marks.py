"""Marks of statuses and of provenance as small vector shapes: they print in black and white and need no glyph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.report.style import WHITE, Color


def _tick(path: Any, s: float) -> None:
    path.moveTo(0.10 * s, 0.36 * s)
    path.lineTo(0.34 * s, 0.10 * s)
    path.lineTo(0.82 * s, 0.70 * s)


def _cross(path: Any, s: float) -> None:
    path.moveTo(0.16 * s, 0.10 * s)
    path.lineTo(0.76 * s, 0.70 * s)
    path.moveTo(0.16 * s, 0.70 * s)
    path.lineTo(0.76 * s, 0.10 * s)


def _stroked(canvas: Any, shape: Callable[[Any, float], None], s: float) -> None:
    path = canvas.beginPath()
    shape(path, s)
    canvas.setLineWidth(0.14 * s)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    canvas.drawPath(path, stroke=1, fill=0)


def _met(canvas: Any, s: float) -> None:
    _stroked(canvas, _tick, s)


def _not_met(canvas: Any, s: float) -> None:
    _stroked(canvas, _cross, s)


def _scored(canvas: Any, s: float) -> None:
    for i, height in enumerate((0.28, 0.50, 0.74)):
        canvas.rect((0.12 + 0.26 * i) * s, 0.04 * s, 0.17 * s, height * s, stroke=0, fill=1)


def _not_applicable(canvas: Any, s: float) -> None:
    canvas.setLineWidth(0.14 * s)
    canvas.setLineCap(1)
    canvas.line(0.14 * s, 0.38 * s, 0.78 * s, 0.38 * s)


def _undetermined(canvas: Any, s: float) -> None:
    """A circle that is open to one side filled: half is known."""
    canvas.setLineWidth(0.09 * s)
    canvas.circle(0.46 * s, 0.38 * s, 0.33 * s, stroke=1, fill=0)
    path = canvas.beginPath()
    path.moveTo(0.46 * s, 0.05 * s)
    path.arcTo(0.13 * s, 0.05 * s, 0.79 * s, 0.71 * s, startAng=-90, extent=180)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _unchecked(canvas: Any, s: float) -> None:
    canvas.setLineWidth(0.08 * s)
    canvas.rect(0.10 * s, 0.02 * s, 0.72 * s, 0.72 * s, stroke=1, fill=0)


def _checked(canvas: Any, s: float) -> None:
    _unchecked(canvas, s)
    canvas.saveState()
    canvas.translate(0.06 * s, 0.02 * s)
    _stroked(canvas, _tick, 0.86 * s)
    canvas.restoreState()


def _seen(canvas: Any, s: float) -> None:
    canvas.circle(0.46 * s, 0.36 * s, 0.29 * s, stroke=0, fill=1)


def _recalled(canvas: Any, s: float) -> None:
    """A circle of which the left half is filled."""
    _inferred(canvas, s)
    path = canvas.beginPath()
    path.moveTo(0.46 * s, 0.10 * s)
    path.arcTo(0.20 * s, 0.10 * s, 0.72 * s, 0.62 * s, startAng=-90, extent=-180)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _inferred(canvas: Any, s: float) -> None:
    canvas.setLineWidth(0.09 * s)
    canvas.circle(0.46 * s, 0.36 * s, 0.26 * s, stroke=1, fill=0)


def _policy(canvas: Any, s: float) -> None:
    path = canvas.beginPath()
    path.moveTo(0.46 * s, 0.03 * s)
    for x, y in ((0.79, 0.36), (0.46, 0.69), (0.13, 0.36)):
        path.lineTo(x * s, y * s)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _null(canvas: Any, s: float) -> None:
    """A square struck through: nothing stands there."""
    canvas.setLineWidth(0.09 * s)
    canvas.rect(0.18 * s, 0.08 * s, 0.56 * s, 0.56 * s, stroke=1, fill=0)
    canvas.line(0.18 * s, 0.08 * s, 0.74 * s, 0.64 * s)


_SHAPES: dict[str, Callable[[Any, float], None]] = {
    "met": _met,
    "not_met": _not_met,
    "scored": _scored,
    "not_applicable": _not_applicable,
    "undetermined": _undetermined,
    "checked": _checked,
    "unchecked": _unchecked,
    "seen": _seen,
    "recalled": _recalled,
    "inferred": _inferred,
    "policy": _policy,
    "null": _null,
    "attested": _met,
}
NAMES = frozenset(_SHAPES)


def draw_mark(canvas: Any, name: str, x: float, baseline: float, size: float, colour: Color) -> None:
    """Draw a mark about as tall as a capital of the size, standing on the baseline."""
    canvas.saveState()
    canvas.translate(x, baseline)
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour)
    _SHAPES[name](canvas, size)
    canvas.restoreState()


def draw_disc(canvas: Any, name: str, x: float, y: float, radius: float, colour: Color) -> None:
    """Draw a mark in white on a filled disc centred on x, y."""
    canvas.saveState()
    canvas.setFillColor(colour)
    canvas.circle(x, y, radius, stroke=0, fill=1)
    canvas.restoreState()
    size = radius * 1.3
    draw_mark(canvas, name, x - 0.46 * size, y - 0.39 * size, size, WHITE)
