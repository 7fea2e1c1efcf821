"""Formulas set as people write them: one over the other with a bar between, symbols with their indices, long ones in lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from engine.assess.results import IndicatorResult, Shown
from engine.assess.sentences import formula_text, number_text, unit_text
from engine.language import parse, render, to_source
from engine.language.ast import Binary, Expr
from engine.language.parse import PRECEDENCE
from engine.report.context import Context
from engine.report.style import INK, SMALL, TABLE, Type
from engine.report.tables import Drawing
from engine.report.text import Line, Pen, Rich, Span, break_lines, write_lines
from engine.ruleset.programme import Programme

_BAR = 2.5
"""Space between a fraction's bar and what stands above and below it."""
_SIDE = 3.0
_GAP = 5.0
_SPACE = 3.5
_LOWERED = 2.5
"""How far the index of a symbol stands below it."""
_SIGNS = {"*": "×", "+": "+", "-": "−"}
_ARITHMETIC = ("/", *_SIGNS)

Write = Callable[[Expr], str]
"""Turns a part of a formula into text."""


class Placed(NamedTuple):
    """Lines or a bar within a formula; ``y`` is above its axis: of the lines' top, or of the bar."""

    x: float
    y: float
    width: float
    lines: tuple[Line, ...]
    type: Type
    align: str = "left"


class Box(NamedTuple):
    """A piece of a formula, measured from its left end and its axis, on which bars and the middle of lines lie."""

    width: float
    above: float
    below: float
    placed: tuple[Placed, ...]


class Formula(Drawing):
    """Formulas one under the other."""

    def __init__(self, boxes: tuple[Box, ...]) -> None:
        self.boxes = boxes
        self.height = sum(box.above + box.below for box in boxes) + _GAP * (len(boxes) - 1)

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        """Write the pieces, then their bars."""
        pen = Pen(canvas)
        bars = []
        for box in self.boxes:
            axis = top - box.above
            for piece in box.placed:
                if piece.lines:
                    type = piece.type
                    write_lines(pen, piece.lines, x + piece.x, axis + piece.y, piece.width, type.size, type.leading, piece.align)
                else:
                    bars.append((x + piece.x, axis + piece.y, x + piece.x + piece.width, axis + piece.y))
            top = axis - box.below - _GAP
        pen.finish()
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.6)
        canvas.lines(bars)


def working(context: Context, result: IndicatorResult, width: float) -> Formula:
    """How an indicator is computed: its formula, and the same with its numbers where it has a value, on one line where there is room."""
    symbolic = _symbolic(context.programme, result.id, result.formula, context.lang, width)
    expr = _parsed(result.formula)
    if result.reason is not None or not isinstance(expr, Binary) or expr.operator not in _ARITHMETIC:
        return Formula((symbolic,))
    write = _writer(context.programme, context.lang, dict(result.inputs), context.shown)
    sign = "=" if is_exact(result.value) else "≈"
    value = _text(Span(context.shown(result.value), bold=True), TABLE, width)
    numbers = (_set(expr, write, width), _sign(sign), value)
    whole = _row(symbolic, _sign("="), *numbers)
    if whole.width <= width:
        return Formula((whole,))
    below = _row(_head(context.programme, result.id, context.lang, width), *numbers)
    return Formula((symbolic, below) if below.width <= width else (symbolic,))


@lru_cache(maxsize=4096)
def _parsed(formula: str) -> Expr:
    return parse(formula)


def is_exact(shown: Shown) -> bool:
    """Whether a number prints without being rounded."""
    return shown.number is None or Fraction(number_text(shown.number, shown.places)) == shown.number


@lru_cache(maxsize=4096)
def _symbolic(programme: Programme, indicator: str, formula: str, lang: str, width: float) -> Box:
    """The formula in names; the same for every dossier."""
    lead = _head(programme, indicator, lang, width)
    return _row(lead, _set(parse(formula), lambda part: formula_text(to_source(part), programme, lang), width - lead.width))


def _head(programme: Programme, indicator: str, lang: str, room: float) -> Box:
    """What the formula gives: its symbol with the index lowered, or its name."""
    definition = programme.indicators.get(indicator)
    symbol, _, index = (definition.symbol or "").partition("_") if definition else ("", "", "")
    boxes = [_text(Span(symbol or programme.title(indicator, lang), bold=True), TABLE, room / 2)]
    if index:
        lowered = _text(Span(index, bold=True), SMALL, room / 2)
        boxes.append(lowered._replace(placed=tuple(piece._replace(y=piece.y - _LOWERED) for piece in lowered.placed)))
    return _row(*boxes, _sign("="))


def _sign(text: str) -> Box:
    """A sign with space on both sides."""
    box = _text(text, TABLE, TABLE.size * 2)
    return box._replace(width=box.width + 2 * _SPACE, placed=tuple(piece._replace(x=piece.x + _SPACE) for piece in box.placed))


def _writer(programme: Programme, lang: str, values: Mapping[str, Shown], shown: Callable[[Shown], str]) -> Write:
    """Writes parts of a formula with the values of its terms in their places."""
    texts = {name: shown(value) for name, value in values.items()}

    def write(part: Expr) -> str:
        return render(
            part,
            lambda name: programme.title(name, lang),
            lang,
            lambda term: texts.get(to_source(term)),
            lambda unit: unit_text(unit, lang, programme),
        )

    return write


def _set(expr: Expr, write: Write, room: float) -> Box:
    """A formula as a box: fractions with a bar, their products and sums side by side where there is room, anything else in lines."""
    if isinstance(expr, Binary) and expr.operator == "/":
        return _fraction(expr, write, room)
    if isinstance(expr, Binary) and expr.operator in _SIGNS and _has_fraction(expr):
        least = PRECEDENCE[expr.operator]
        if all(_fits(side, least) for side in (expr.left, expr.right)):
            boxes = (_set(expr.left, write, room), _sign(_SIGNS[expr.operator]), _set(expr.right, write, room))
            if sum(box.width for box in boxes) <= room:
                return _row(*boxes)
    return _text(write(expr), TABLE, room)


def _has_fraction(expr: Expr) -> bool:
    if not isinstance(expr, Binary):
        return False
    return expr.operator == "/" or (expr.operator in _SIGNS and (_has_fraction(expr.left) or _has_fraction(expr.right)))


def _fits(side: Expr, least: int) -> bool:
    """Whether a side of an operator stands beside it without parentheses; a fraction with its bar does."""
    return not isinstance(side, Binary) or side.operator == "/" or PRECEDENCE[side.operator] > least


def _fraction(expr: Binary, write: Write, room: float) -> Box:
    above, below = (_text(write(side), TABLE, room - 2 * _SIDE) for side in (expr.left, expr.right))
    width = max(above.width, below.width) + 2 * _SIDE
    upper = above.above + above.below + _BAR
    lower = below.above + below.below + _BAR
    pieces = (
        above.placed[0]._replace(x=0.0, y=upper, width=width, align="centre"),
        Placed(0.0, 0.0, width, (), TABLE),
        below.placed[0]._replace(x=0.0, y=-_BAR, width=width, align="centre"),
    )
    return Box(width, upper, lower, pieces)


def _text(text: Rich, type: Type, room: float) -> Box:
    """A text on its axis, in lines of a smaller size where it needs several."""
    lines = break_lines(text, type.size, room)
    if len(lines) > 1:
        type = SMALL
        lines = break_lines(text, type.size, room)
    width = max(line.width for line in lines) * type.size
    half = len(lines) * type.leading / 2
    return Box(width, half, half, (Placed(0.0, half, width, tuple(lines), type),))


def _row(*boxes: Box) -> Box:
    """Boxes beside each other on one axis."""
    x, placed = 0.0, []
    for box in boxes:
        placed += [piece._replace(x=piece.x + x) for piece in box.placed]
        x += box.width
    return Box(x, max(box.above for box in boxes), max(box.below for box in boxes), tuple(placed))
