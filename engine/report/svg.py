"""A canvas that writes SVG: charts and marks are drawn by the same code for the page and for the screen.

It is the part of reportlab's canvas that the report's flowables use. Colours are written by their names in the style sheet, so that
they follow the reader's light or dark screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from typing import Any, NamedTuple

from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from engine.report.marks import draw_mark
from engine.report.style import ACCENT, AMBER, FAINT, HAIRLINE, INK, MUTED, RED, TINT, WASH, WHITE, WIDTH, Color
from engine.report.tables import Drawing
from engine.report.text import Span, text_width

COLOUR_NAMES = {
    INK: "ink",
    MUTED: "muted",
    FAINT: "faint",
    HAIRLINE: "hairline",
    WASH: "wash",
    ACCENT: "accent",
    TINT: "tint",
    AMBER: "amber",
    RED: "red",
    WHITE: "paper",
}
"""The colours of the report by their names in the style sheet; the white of the page is the paper of the screen."""

_CAPS = ("butt", "round", "square")
_JOINS = ("miter", "round", "bevel")
_LETTERS = {"m": "M", "l": "L", "c": "C", "h": "Z", "re": "R"}
_TEXT = re.compile(r"([BR]) ([\d.]+) Tf ([\d. ]+) rg|1 0 0 1 (\S+) (\S+) Tm (?:<([0-9a-f]*)> Tj|\[(.*?)\] TJ)")
_PART = re.compile(r"<([0-9a-f]*)>")


@dataclass(frozen=True, slots=True)
class _State:
    """How what is drawn next will look, and where the origin is."""

    fill: Color = INK
    stroke: Color = INK
    width: float = 1.0
    cap: int = 0
    join: int = 0
    dash: tuple[float, ...] = ()
    x: float = 0.0
    y: float = 0.0


class _Written(NamedTuple):
    """A piece of text in its place."""

    x: float
    y: float
    text: str
    bold: bool
    size: float
    colour: Color


class _Codes:
    """Leaves texts as they are, where a font of the PDF gives some characters codes of their own."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    @staticmethod
    def coded(text: str) -> str:
        """A text in the codes of the font."""
        return text


class SvgCanvas:
    """Takes drawing orders with y going up, as reportlab does, and keeps them as SVG elements with y going down from ``height``."""

    def __init__(self, height: float) -> None:
        self.missing_glyphs: dict[str, tuple[str, str]] = {}
        self.elements: list[str] = []
        self.height = height
        self._state = _State()
        self._saved: list[_State] = []

    # --- state ---

    def saveState(self) -> None:
        """Remember the state."""
        self._saved.append(self._state)

    def restoreState(self) -> None:
        """Go back to the state remembered last."""
        self._state = self._saved.pop()

    def translate(self, x: float, y: float) -> None:
        """Move the origin."""
        self._state = replace(self._state, x=self._state.x + x, y=self._state.y + y)

    def setFillColor(self, colour: Color) -> None:
        """The colour of areas."""
        self._state = replace(self._state, fill=colour)

    def setStrokeColor(self, colour: Color) -> None:
        """The colour of lines."""
        self._state = replace(self._state, stroke=colour)

    def setLineWidth(self, width: float) -> None:
        """How thick lines are."""
        self._state = replace(self._state, width=width)

    def setLineCap(self, cap: int) -> None:
        """How lines end."""
        self._state = replace(self._state, cap=cap)

    def setLineJoin(self, join: int) -> None:
        """How lines meet."""
        self._state = replace(self._state, join=join)

    def setDash(self, *lengths: float) -> None:
        """Dashes and gaps of lines."""
        self._state = replace(self._state, dash=lengths)

    # --- shapes ---

    def rect(self, x: float, y: float, width: float, height: float, stroke: int = 1, fill: int = 0) -> None:
        """A rectangle with its lower left corner at x, y."""
        at = f'x="{self._x(x)}" y="{self._y(y + height)}" width="{_number(width)}" height="{_number(height)}"'
        self.elements.append(f"<rect {at}{self._look(stroke, fill)}/>")

    def circle(self, x: float, y: float, radius: float, stroke: int = 1, fill: int = 0) -> None:
        """A circle."""
        at = f'cx="{self._x(x)}" cy="{self._y(y)}" r="{_number(radius)}"'
        self.elements.append(f"<circle {at}{self._look(stroke, fill)}/>")

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        at = f'x1="{self._x(x1)}" y1="{self._y(y1)}" x2="{self._x(x2)}" y2="{self._y(y2)}"'
        self.elements.append(f"<line {at}{self._look(1, 0)}/>")

    def lines(self, lines: Sequence[tuple[float, float, float, float]]) -> None:
        """Straight lines."""
        for ends in lines:
            self.line(*ends)

    def beginPath(self) -> Any:
        """A path to be drawn by :meth:`drawPath`."""
        return PDFPathObject()

    def drawPath(self, path: Any, stroke: int = 1, fill: int = 0) -> None:
        """Draw a path."""
        self.elements.append(f'<path d="{" ".join(self._path(path.getCode()))}"{self._look(stroke, fill)}/>')

    def _path(self, code: str) -> Iterator[str]:
        """The steps of a path from reportlab's PDF code: numbers, then the letter of the step."""
        numbers: list[float] = []
        for token in code.split():
            if token == "n":
                continue
            if token not in _LETTERS:
                numbers.append(float(token))
                continue
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            yield _LETTERS[token] + " ".join(f"{self._x(x)} {self._y(y)}" for x, y in pairs)
            numbers = []

    # --- text: what the report's Pen writes ---

    def in_font(self, bold: bool) -> tuple[str, _Codes]:
        """A letter for a weight, and how its texts are coded."""
        return ("B" if bold else "R"), _Codes()

    def addLiteral(self, code: str) -> None:
        """Write what a pen has gathered."""
        for piece in _pieces(code):
            width = text_width(Span(piece.text, piece.bold), piece.size)
            weight = ' font-weight="700"' if piece.bold else ""
            at = f'x="{self._x(piece.x)}" y="{self._y(piece.y)}" font-size="{_number(piece.size)}" textLength="{_number(width)}"'
            look = f'{weight} fill="{_colour(piece.colour)}"'
            self.elements.append(f'<text {at} lengthAdjust="spacingAndGlyphs"{look}>{escape(piece.text)}</text>')

    def link_here(self, name: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """A place of the drawing that leads to a row."""
        at = f'x="{self._x(x1)}" y="{self._y(y2)}" width="{_number(x2 - x1)}" height="{_number(y2 - y1)}"'
        self.elements.append(f'<a href="#{anchor_of(name)}"><rect {at} fill="transparent"/></a>')

    # --- how it is written ---

    def _x(self, x: float) -> str:
        return _number(self._state.x + x)

    def _y(self, y: float) -> str:
        return _number(self.height - self._state.y - y)

    def _look(self, stroke: int, fill: int) -> str:
        state = self._state
        look = f' fill="{_colour(state.fill) if fill else "none"}"'
        if stroke:
            look += f' stroke="{_colour(state.stroke)}" stroke-width="{_number(state.width)}"'
            look += f' stroke-linecap="{_CAPS[state.cap]}"' if state.cap else ""
            look += f' stroke-linejoin="{_JOINS[state.join]}"' if state.join else ""
            look += f' stroke-dasharray="{" ".join(map(_number, state.dash))}"' if state.dash else ""
        return look


def _pieces(code: str) -> Iterator[_Written]:
    """The texts of a pen's code, each with its place and look; one whose marks move up comes in parts."""
    bold, size, colour = False, 0.0, INK
    for weight, points, ink, x, y, whole, parts in _TEXT.findall(code):
        if weight:
            bold, size, colour = weight == "B", float(points), _ink(ink)
            continue
        text = bytes.fromhex(whole or "".join(_PART.findall(parts))).decode("utf-16-be", "replace")
        yield _Written(float(x), float(y), text, bold, size, colour)


@cache
def _ink(code: str) -> Color:
    """A colour from the PDF code of a pen."""
    red, green, blue = map(float, code.split())
    named = (c for c in COLOUR_NAMES if max(abs(c.red - red), abs(c.green - green), abs(c.blue - blue)) < 1e-3)
    return next(named, Color(red, green, blue))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _colour(colour: Color) -> str:
    if colour is CURRENT:
        return "currentColor"
    return f"var(--{COLOUR_NAMES[colour]})" if colour in COLOUR_NAMES else f"#{colour.hexval()[2:]}"


CURRENT = Color(0, 0, 0)
"""The colour of the text that a mark stands in."""


def anchor_of(name: str) -> str:
    """The anchor of a row that links lead to."""
    return escape(f"at-{name}")


def svg_of(flowable: Flowable) -> str:
    """What a flowable draws, as an SVG element as wide as the page's text."""
    width, height = flowable.wrap(WIDTH, 1e6)
    canvas = SvgCanvas(height)
    flowable.drawOn(canvas, 0, 0)
    return _svg(width, canvas)


def svg_of_drawing(drawing: Drawing, width: float) -> str:
    """What is drawn in a cell of so many points, as an SVG element."""
    canvas = SvgCanvas(drawing.height)
    drawing.draw(canvas, 0, drawing.height, width)
    return _svg(width, canvas)


def _svg(width: float, canvas: SvgCanvas) -> str:
    return f'<svg role="img" viewBox="0 0 {_number(width)} {_number(canvas.height)}">{"".join(canvas.elements)}</svg>'


def mark_symbol(name: str) -> str:
    """A mark as a symbol to be used by its name, one em tall, in the colour of the text it stands in."""
    canvas = SvgCanvas(80)
    draw_mark(canvas, name, 0, 0, 100, CURRENT)
    return f'<symbol id="mark-{name}" viewBox="0 0 92 80">{"".join(canvas.elements)}</symbol>'
