"""What an electronic signature looks like on its page: name, organisation and time on a line, or a round seal, as a small PDF page."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import degrees, pi

from engine.report.document import TextCanvas
from engine.report.fonts import BOLD, REGULAR, font
from engine.report.style import ACCENT, BODY, INK, MUTED, RED, SMALL, WHITE, Color
from engine.report.text import Pen, Span, break_lines, one_line, text_width, write_lines
from engine.texts import say

_TINY = 6.5
_BAR = 2.0
_WRITTEN_ROUND = 1.55 * pi
"""The arc that a name on a seal may take, from its first to its last letter."""
_SMALLEST, _LARGEST = 4.5, 9.0


@dataclass(frozen=True, slots=True)
class Inscription:
    """What a signature says of itself: who signed, for whom, and when."""

    signer: str
    organisation: str
    moment: str
    """Day and time of signing, with its offset from UTC."""


def person_page(told: Inscription, width: float, height: float, lang: str) -> tuple[bytes, dict[str, tuple[str, str]]]:
    """A person's signature as a PDF page of that size in points, and the characters that the fonts lack (see ``document.build``)."""
    canvas, target = _canvas(width, height)
    pen, left = Pen(canvas), _BAR + 5
    canvas.setFillColor(ACCENT)
    canvas.rect(0, 1, _BAR, height - 2, stroke=0, fill=1)
    label = say("report.signatures.electronic", lang)
    taken = text_width(label, _TINY)
    _line(pen, label, width - taken, height - 1, _TINY, taken, MUTED)
    _line(pen, told.signer, left, height, BODY.size, width - left - taken - 4, INK, bold=True)
    _line(pen, told.organisation, left, height - 12, _fitting(told.organisation, width - left, _TINY), width - left, MUTED)
    _line(pen, told.moment, left, height - 20.5, _TINY, width - left, MUTED)
    pen.finish()
    return _finished(canvas, target)


def seal_page(told: Inscription, width: float, height: float, lang: str) -> tuple[bytes, dict[str, tuple[str, str]]]:
    """An organisation's seal as a PDF page of that size in points: its name around, what it is and the time inside."""
    canvas, target = _canvas(width, height)
    x, y, radius = width / 2, height / 2, min(width, height) / 2 - 1
    canvas.setFillColor(WHITE)
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(1.8)
    canvas.circle(x, y, radius, stroke=1, fill=1)
    _around(canvas, told.organisation or told.signer, x, y, radius - 3)
    pen = Pen(canvas)
    day, _, time = told.moment.partition(" ")
    room = radius * 1.25
    lines = ((say("report.signatures.electronic_seal", lang), SMALL.size, 11.0), (day, SMALL.size, 1.0), (time, 5.0, -7.5))
    for text, most, top in lines:
        size = _fitting(text, room, most)
        _line(pen, text, x - text_width(Span(text, bold=True), size) / 2, y + top, size, room * 1.2, RED, bold=True)
    pen.finish()
    return _finished(canvas, target)


def _canvas(width: float, height: float) -> tuple[TextCanvas, io.BytesIO]:
    font(REGULAR), font(BOLD)
    target = io.BytesIO()
    return TextCanvas(target, pagesize=(width, height), invariant=1, initialFontName=REGULAR, pageCompression=1), target


def _finished(canvas: TextCanvas, target: io.BytesIO) -> tuple[bytes, dict[str, tuple[str, str]]]:
    canvas.showPage()
    canvas.save()
    return target.getvalue(), canvas.missing_glyphs


def _fitting(text: str, room: float, most: float) -> float:
    """The size at which a text fits its room, no larger than ``most`` and never too small to read."""
    return max(_SMALLEST, min(most, 0.99 * room / max(text_width(Span(text, bold=True), 1), 1)))


def _line(pen: Pen, text: str, x: float, top: float, size: float, room: float, colour: Color, *, bold: bool = False) -> None:
    """Write one line, cut with an ellipsis where it is wider than its room."""
    lines = break_lines(Span(one_line(text, size, room), bold=bold, colour=colour), size, 2 * room)[:1]
    write_lines(pen, lines, x, top, room, size, size * 1.25, "left")


def _around(canvas: TextCanvas, text: str, x: float, y: float, radius: float) -> None:
    """Write a name along the inside of a circle, its middle at the top: as large as fits, cut where it is too long even when small."""
    size = min(_LARGEST, max(_SMALLEST, 0.99 * _WRITTEN_ROUND * radius / (text_width(Span(text, bold=True), 1) + _WRITTEN_ROUND)))
    base = radius - size
    text = one_line(text, size, _WRITTEN_ROUND * base)
    widths = [text_width(Span(char, bold=True), size) for char in text]
    spread = min(1.6, _WRITTEN_ROUND * base / max(sum(widths), 1))
    angle = sum(widths) * spread / base / 2
    for char, width in zip(text, widths, strict=True):
        turn = width * spread / base
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(degrees(angle - turn / 2))
        pen = Pen(canvas)
        _line(pen, char, -width / 2, base + size, size, 2 * size, RED, bold=True)
        pen.finish()
        canvas.restoreState()
        angle -= turn
