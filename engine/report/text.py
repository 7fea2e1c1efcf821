"""Mixed Chinese and Latin text: broken into lines by the width dictionary, and written on the canvas as typed.

Nothing here reads markup: bold and colour come as spans beside the text, so what a user typed prints as it was typed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from engine.report.fonts import BOLD, BOX_MARGIN, BOX_SCALE, REGULAR, UsedFont, font, hexadecimal, is_plain
from engine.report.marks import draw_mark
from engine.report.style import INK, Color

NO_LINE_START = frozenset("，。、；：？！）】》〉」』〕］｝”’…—·～％‰℃,.;:?!)]}%°»›–~/／ーㇰ々〻ぁぃぅぇぉっゃゅょァィゥェォッャュョ")
"""Characters that never begin a line (避头)."""
NO_LINE_END = frozenset("（【《〈「『〔［｛“‘([{￥¥$№«‹\ufffc")
"""Characters that never end a line (避尾); the last one stands for a mark, which stays with its word."""
_OPENING = "（【《〈「『〔［｛“‘"
_CLOSING = "，。、；：！？．）】》〉」』〕］｝”’"
SQUEEZED = re.compile(f"[{_CLOSING}](?=[{_CLOSING}{_OPENING}])|[{_OPENING}](?=[{_OPENING}])")
"""A full-width mark whose empty half meets the next one, which moves up by that half (标点挤压)."""
SQUEEZE = 0.5
MARK_WIDTH = 1.12
_MARK = "\ufffc"
_FIRST_WIDE = "\u2e80"
_MULTIPLIERS = frozenset("万亿千百")
_QUOTES = frozenset("\"'")
_AFTER = frozenset("-/_.,;=&|:")
"""Where a run of letters and digits that is wider than the line is broken rather than anywhere."""
_SLACK = 1e-6
_KEPT_TEXTS = 8_192
"""So many texts are kept with their lines: what a ruleset says is the same in every report."""


class Span(NamedTuple):
    """A piece of text of one look; with ``mark`` it is that status mark instead. ``link`` names the place it leads to."""

    text: str
    bold: bool = False
    colour: Color = INK
    mark: str = ""
    link: str = ""


Rich = str | Span | Sequence[Span]


class Piece(NamedTuple):
    """What is written at one place of a line: text, a boxed code point, or a mark; ``x`` in ems.

    ``operator`` shows the text on any page; it is empty where the text's codes are the document's own.
    """

    x: float
    text: str
    bold: bool
    colour: Color
    kind: str
    link: str = ""
    operator: str = ""


class Line(NamedTuple):
    """A line with its width in ems."""

    pieces: tuple[Piece, ...]
    width: float


def spans_of(rich: Rich) -> tuple[Span, ...]:
    """Any text as spans, with tabs and line ends made plain."""
    if isinstance(rich, str):
        rich = Span(rich)
    if isinstance(rich, Span):
        rich = (rich,)
    return tuple(_plain(span) for span in rich)


def _plain(span: Span) -> Span:
    if "\r" in span.text or "\t" in span.text:
        return span._replace(text=span.text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return span


def break_allowed(text: str, at: int) -> bool:
    """Whether a line may end before ``text[at]``."""
    before, after = text[at - 1], text[at]
    if after == " " or before == " ":
        before = text[:at].rstrip(" ")[-1:]
        after = text[at:].lstrip(" ")[:1]
        return before not in NO_LINE_END and after not in NO_LINE_START
    if after in NO_LINE_START or before in NO_LINE_END or before in _QUOTES or after in _QUOTES:
        return False
    if before == "/" or (before in _MULTIPLIERS and text[at - 2 : at - 1].isascii()):
        return False  # 0.32 万元/亩: a unit stays whole
    if before >= _FIRST_WIDE or after >= _FIRST_WIDE or before in "…—":
        return True
    return before == "-" and after.isalpha() and text[at - 2 : at - 1].isalpha()


def break_lines(rich: Rich, size: float, width: float, *, bold: bool = False) -> tuple[Line, ...]:
    """The lines of a text in a column of so many points; an empty text has one empty line.

    ``bold`` is the weight of what comes without a look of its own.
    """
    if isinstance(rich, str):
        rich = Span(rich, bold)
    return _lines((rich,) if isinstance(rich, Span) else tuple(rich), size, width)


@lru_cache(maxsize=_KEPT_TEXTS)
def _lines(spans: tuple[Span, ...], size: float, width: float) -> tuple[Line, ...]:
    spans = spans_of(spans)
    text = "".join(_MARK if span.mark else span.text for span in spans)
    ends = [0.0, *accumulate(_char_widths(spans))]
    limit = width / size + _SLACK
    return tuple(_line(spans, text, ends, start, end) for start, end in _cuts(text, ends, limit))


def shortened(lines: tuple[Line, ...], most: int | None, size: float, width: float) -> tuple[Line, ...]:
    """At most so many lines, the last one ending in an ellipsis where more was cut off."""
    if most is None or len(lines) <= most:
        return lines
    last = Line(_cut_pieces(list(lines[most - 1].pieces), width / size), width / size)
    return (*lines[: most - 1], last)


def _cut_pieces(pieces: list[Piece], room: float) -> tuple[Piece, ...]:
    """The pieces of a line with an ellipsis after as much of them as leaves room for it, in ems; boxes and marks are whole or not there."""
    while pieces:
        final = pieces.pop()
        widths = font(BOLD if final.bold else REGULAR).widths
        if final.kind == "text":
            text = final.text
            while text and final.x + widths.of(text + "…") > room:
                text = text[:-1]
            if text:
                return (*pieces, final._replace(text=text + "…", operator=""))
        else:
            after = final.x + (MARK_WIDTH if final.kind == "mark" else widths[final.text])
            if after + widths["…"] <= room:
                return (*pieces, final, Piece(after, "…", final.bold, final.colour, "text"))
    return (Piece(0.0, "…", final.bold, final.colour, "text"),)


def one_line(text: str, size: float, width: float) -> str:
    """As much of a text as fits on one line, an ellipsis where it was cut."""
    text = " ".join(text.split())
    ends = [0.0, *accumulate(_char_widths((Span(text),)))]
    if ends[-1] <= width / size + _SLACK:
        return text
    room = width / size - text_width("…", 1)
    return text[: max(0, bisect_right(ends, room) - 1)] + "…"


def text_width(rich: Rich, size: float) -> float:
    """The width of a text on one line, in points."""
    return sum(_char_widths(spans_of(rich))) * size


def _char_widths(spans: Iterable[Span]) -> list[float]:
    out: list[float] = []
    for span in spans:
        if span.mark:
            out.append(MARK_WIDTH)
        else:
            out += map(font(BOLD if span.bold else REGULAR).widths.__getitem__, span.text)
            for found in SQUEEZED.finditer(span.text):
                out[found.start() - len(span.text)] -= SQUEEZE
    return out


def _cuts(text: str, ends: list[float], limit: float) -> list[tuple[int, int]]:
    cuts: list[tuple[int, int]] = []
    for paragraph_start, paragraph_end in _paragraphs(text):
        start = paragraph_start
        while True:
            end = bisect_right(ends, ends[start] + limit, start, paragraph_end + 1) - 1
            if end < paragraph_end:
                end = _cut(text, start, end)
            cuts.append((start, end))
            start = end
            while start < paragraph_end and text[start] == " ":
                start += 1
            if start >= paragraph_end:
                break
    return cuts


def _paragraphs(text: str) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for part in text.split("\n"):
        bounds.append((start, start + len(part)))
        start += len(part) + 1
    return bounds


def _cut(text: str, start: int, furthest: int) -> int:
    for at in range(furthest, start, -1):
        if break_allowed(text, at):
            return at
    for at in range(furthest, start + 1, -1):
        if text[at - 1] in _AFTER and text[at] not in NO_LINE_START:
            return at
    return max(furthest, start + 1)


def _line(spans: tuple[Span, ...], text: str, ends: list[float], start: int, end: int) -> Line:
    while end > start and text[end - 1] == " ":
        end -= 1
    pieces: list[Piece] = []
    at = 0
    for span in spans:
        first, at = at, at + (1 if span.mark else len(span.text))
        if at > start and first < end:
            low, high = max(first, start), min(at, end)
            if span.mark:
                pieces.append(Piece(ends[low] - ends[start], span.mark, span.bold, span.colour, "mark", span.link))
            else:
                pieces += _pieces(text, low, high, ends, start, span)
    return Line(tuple(pieces), ends[end] - ends[start])


def _pieces(text: str, low: int, high: int, ends: list[float], start: int, span: Span) -> list[Piece]:
    part = text[low:high]
    missing = font(BOLD if span.bold else REGULAR).widths.missing
    if not missing or missing.keys().isdisjoint(part):
        return [_text_piece(ends[low] - ends[start], part, span)]
    pieces: list[Piece] = []
    run = low
    for at in range(low, high):
        if text[at] in missing:
            if at > run:
                pieces.append(_text_piece(ends[run] - ends[start], text[run:at], span))
            pieces.append(Piece(ends[at] - ends[start], text[at], span.bold, span.colour, "box"))
            run = at + 1
    if high > run:
        pieces.append(_text_piece(ends[run] - ends[start], text[run:high], span))
    return pieces


def _text_piece(x: float, text: str, span: Span) -> Piece:
    return Piece(x, text, span.bold, span.colour, "text", span.link, _operator(text) if is_plain(text) else "")


class Pen:
    """Writes lines on a report's canvas: text as one text object, boxes and marks after it, for shapes may not stand inside one."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self._code = ["BT"]
        self._look: tuple[bool, float, Color] | None = None
        self._used: UsedFont
        self._shapes: list[tuple[Piece, float, float, float]] = []
        self._links: list[tuple[Piece, float, float, float]] = []

    def write(self, line: Line, x: float, baseline: float, size: float) -> None:
        """Write one line from x on."""
        for piece in line.pieces:
            at, text, bold, colour, kind, link, operator = piece
            if link:
                self._links.append((piece, x + at * size, baseline, size))
            if kind == "text":
                if (bold, size, colour) != self._look:
                    self._take(bold, size, colour)
                if operator:
                    self._used.texts.add(text)
                else:
                    operator = _operator(self._used.coded(text))
                self._code.append(f"1 0 0 1 {x + at * size:.2f} {baseline:.2f} Tm {operator}")
                continue
            self._shapes.append((piece, x + at * size, baseline, size))
            if kind == "box":
                label = font(BOLD if bold else REGULAR).widths.missing[text]
                excerpt = "".join(part.text for part in line.pieces if part.kind != "mark")
                self.canvas.missing_glyphs.setdefault(text, (label, excerpt))

    def _take(self, bold: bool, size: float, colour: Color) -> None:
        self._look = (bold, size, colour)
        name, self._used = self.canvas.in_font(bold)
        self._code.append(f"{name} {size:.2f} Tf {_colour_code(colour)}")

    def finish(self) -> None:
        """Put everything on the page."""
        boxes = [entry for entry in self._shapes if entry[0].kind == "box"]
        for piece, x, baseline, size in boxes:
            label = font(BOLD if piece.bold else REGULAR).widths.missing[piece.text]
            inside = Line((Piece(0.0, label, piece.bold, piece.colour, "text"),), 0.0)
            self.write(inside, x + BOX_MARGIN * size, baseline + 0.13 * size, size * BOX_SCALE)
        if len(self._code) > 1:
            self.canvas.addLiteral(" ".join((*self._code, "ET")))
        for piece, x, baseline, size in boxes:
            width = font(BOLD if piece.bold else REGULAR).widths[piece.text]
            self.canvas.setStrokeColor(piece.colour)
            self.canvas.setLineWidth(0.05 * size)
            self.canvas.rect(x + 0.04 * size, baseline - 0.08 * size, (width - 0.08) * size, 0.84 * size, stroke=1, fill=0)
        for piece, x, baseline, size in self._shapes:
            if piece.kind == "mark":
                draw_mark(self.canvas, piece.text, x, baseline, size, piece.colour)
        for piece, x, baseline, size in self._links:
            width = text_width(Span(piece.text, piece.bold), size)
            self.canvas.link_here(piece.link, x, baseline - 0.25 * size, x + width, baseline + 0.9 * size)


def _operator(text: str) -> str:
    """The operator that shows a coded text: in parts, where marks move up."""
    cuts = [found.end() for found in SQUEEZED.finditer(text)]
    parts = [f"<{hexadecimal(text[low:high])}>" for low, high in zip((0, *cuts), (*cuts, len(text)), strict=True)]
    return f"[{f' {1000 * SQUEEZE:.0f} '.join(parts)}] TJ" if cuts else f"{parts[0]} Tj"


@cache
def _colour_code(colour: Color) -> str:
    return f"{colour.red:.4f} {colour.green:.4f} {colour.blue:.4f} rg"


def write_lines(pen: Pen, lines: Sequence[Line], x: float, top: float, width: float, size: float, leading: float, align: str) -> None:
    """Write lines below ``top`` in a column, each centred in its leading."""
    baseline = top - (leading + 0.72 * size) / 2
    if align == "left":
        for line in lines:
            pen.write(line, x, baseline, size)
            baseline -= leading
        return
    for line in lines:
        free = width - line.width * size
        pen.write(line, x + (free if align == "right" else free / 2), baseline, size)
        baseline -= leading
