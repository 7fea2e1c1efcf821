"""The small flowables of the report: headings with bookmarks, text, lists, blank lines for signatures, and what keeps them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from engine.report.forms import ordinal
from engine.report.signature_fields import place_field
from engine.report.style import ACCENT, BODY, FAINT, GRID, HEADING_1, HEADING_2, HEIGHT, INK, MUTED, SMALL, WIDTH, Type
from engine.report.text import Line, Pen, Rich, Span, break_lines, shortened, write_lines
from engine.texts import say

_KEPT_LINES = 2

Part = tuple[str, list[Flowable]]
"""A subsection: its title and what stands under it; without a title it stands under the heading of its section."""


class Para(Flowable):
    """Text of one size; split between lines, never leaving a single one behind."""

    def __init__(self, text: Rich, type: Type = BODY, *, indent: float = 0.0, after: float = 2 * GRID) -> None:
        super().__init__()
        self.text = text
        self._type, self._indent = type, indent
        self._lines = break_lines(text, type.size, WIDTH - indent)
        self.spaceAfter = after

    @property
    def size(self) -> Type:
        """The type it is set in."""
        return self._type

    @property
    def minimum(self) -> float:
        """The least height in which the text can begin."""
        kept = len(self._lines) if len(self._lines) < 2 * _KEPT_LINES else _KEPT_LINES
        return kept * self._type.leading

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the text."""
        self.width, self.height = WIDTH, len(self._lines) * self._type.leading
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """The text in two parts; nothing where it had better begin on the next page."""
        count = min(int(available_height // self._type.leading), len(self._lines) - _KEPT_LINES)
        if count < _KEPT_LINES:
            return []
        return [self._part(self._lines[:count], 0.0), self._part(self._lines[count:], self.spaceAfter)]

    def _part(self, lines: tuple[Line, ...], after: float) -> Para:
        part = type(self).__new__(type(self))
        part.__dict__.update(self.__dict__)
        part.__dict__.pop("_postponed", None)  # platypus' note that this flowable has been moved to a new page once
        part._lines, part.spaceAfter = lines, after
        return part

    def draw(self) -> None:
        """Write the lines."""
        pen = Pen(self.canv)
        write_lines(pen, self._lines, self._indent, self.height, WIDTH - self._indent, self._type.size, self._type.leading, "left")
        pen.finish()


class Item(Para):
    """A list item: its text with a label (a number, or nothing for a dot) standing before it, cut after ``most`` lines."""

    def __init__(self, text: Rich, label: Rich = "", type: Type = BODY, *, after: float = GRID, most: int | None = None) -> None:
        self.label, self.most = label, most
        self._label = break_lines(label, type.size, WIDTH)[0] if label else None
        self._continued = False
        super().__init__(text, type, indent=max(14.0, self._label.width * type.size + 6 if self._label else 0.0), after=after)
        self._lines = shortened(self._lines, most, type.size, WIDTH - self._indent)

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """As text is split; the label stays with the first part."""
        parts = super().split(available_width, available_height)
        for part in parts[1:]:
            part._continued = True
        return parts

    def draw(self) -> None:
        """Write label and lines."""
        super().draw()
        if self._continued:
            return
        pen, size, leading = Pen(self.canv), self._type.size, self._type.leading
        if self._label is not None:
            write_lines(pen, [self._label], 0.0, self.height, 0.0, size, leading, "left")
            pen.finish()
        else:
            self.canv.setFillColor(ACCENT)
            self.canv.circle(4, self.height - leading / 2, 1.6, stroke=0, fill=1)


class Heading(Flowable):
    """A heading of level 1 or 2, entered in the document's outline unless it is none of its sections."""

    def __init__(self, text: str, level: int = 1, *, bookmark: bool = True) -> None:
        super().__init__()
        self.title, self.level, self.bookmark = text, level, bookmark
        self._type = HEADING_1 if level == 1 else HEADING_2
        self._lines = break_lines(Span(text, bold=True, colour=INK if level == 1 else ACCENT), self._type.size, WIDTH)
        self.spaceBefore = 7 * GRID if level == 1 else 4 * GRID
        self.spaceAfter = 3 * GRID if level == 1 else 2 * GRID
        self.height = len(self._lines) * self._type.leading + (GRID if level == 1 else 0)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the heading."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Write the heading and bookmark it."""
        canvas = self.canv
        if self.bookmark:
            canvas.bookmark_here(self.title, self.level - 1, self.height)
        pen = Pen(canvas)
        write_lines(pen, self._lines, 0, self.height, WIDTH, self._type.size, self._type.leading, "left")
        pen.finish()
        if self.level == 1:
            canvas.setStrokeColor(ACCENT)
            canvas.setLineWidth(0.9)
            canvas.line(0, 0, WIDTH, 0)


class Captioned(Flowable):
    """A chart with the words under it, never parted."""

    def __init__(self, chart: Any, text: str) -> None:
        super().__init__()
        self._lines = break_lines(Span(text, colour=MUTED), SMALL.size, WIDTH)
        self.chart, self.text = chart, text
        self.height = chart.wrap(WIDTH, HEIGHT)[1] + len(self._lines) * SMALL.leading + GRID
        self.spaceAfter = 2 * GRID

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of both."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Draw the chart, then the words."""
        below = len(self._lines) * SMALL.leading
        self.chart.drawOn(self.canv, 0, below + GRID)
        pen = Pen(self.canv)
        write_lines(pen, self._lines, 0, below, WIDTH, SMALL.size, SMALL.leading, "left")
        pen.finish()


class Place(NamedTuple):
    """A line to sign on: the role printed before it, a name in print, and the role that signs electronically beside that name."""

    label: str
    name: str = ""
    role: str = ""


class Signatures(Flowable):
    """Lines to sign on, each with its role and, where known, a name in print; beside them the place of the seal.

    ``seal_role`` is who seals electronically; nobody where it is empty.
    """

    ROW = 34.0
    SEAL = 36.0
    FIELD_WIDTH, FIELD_HEIGHT = 138.0, 30.0

    def __init__(self, places: Sequence[Place], seal: str, seal_role: str = "") -> None:
        super().__init__()
        self.places, self.seal, self._seal_role = places, seal, seal_role
        self.height = max(len(places) * self.ROW, 2 * self.SEAL) + 4

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the block."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Draw the lines and the place of the seal."""
        canvas = self.canv
        pen = Pen(canvas)
        labels = [break_lines(Span(place.label, colour=MUTED), BODY.size, WIDTH)[:1] for place in self.places]
        start = max(label[0].width for label in labels) * BODY.size + 12
        end = WIDTH - 2 * self.SEAL - 48
        canvas.setStrokeColor(MUTED)
        canvas.setLineWidth(0.6)
        for i, place in enumerate(self.places):
            y = self.height - (i + 1) * self.ROW
            write_lines(pen, labels[i], 0, y + BODY.leading - 2, start, BODY.size, BODY.leading, "left")
            room = end - start - 4
            if place.role:
                room -= self.FIELD_WIDTH + 4
                place_field(canvas, place.role, end - self.FIELD_WIDTH, y + 2, self.FIELD_WIDTH, self.FIELD_HEIGHT, place.label)
            if place.name:
                lines = shortened(break_lines(place.name, BODY.size, room), 2, BODY.size, room)
                write_lines(pen, lines, start + 4, y + len(lines) * BODY.leading - 1, room, BODY.size, BODY.leading, "left")
            canvas.line(start, y, end, y)
        self._draw_seal(pen)
        pen.finish()

    def _draw_seal(self, pen: Pen) -> None:
        seal_place(self.canv, pen, WIDTH - self.SEAL - 8, self.height / 2, self.seal, self._seal_role)


def seal_place(canvas: Any, pen: Pen, x: float, y: float, label: str, role: str = "") -> None:
    """Draw the place of a seal around a point, with its label in the middle; ``role`` can seal it electronically."""
    radius = Signatures.SEAL
    if role:
        half = radius + 2
        place_field(canvas, role, x - half, y - half, 2 * half, 2 * half, label)
    canvas.saveState()
    canvas.setStrokeColor(FAINT)
    canvas.setDash(3, 3)
    canvas.setLineWidth(0.8)
    canvas.circle(x, y, radius, stroke=1, fill=0)
    canvas.restoreState()
    lines = break_lines(Span(label, colour=MUTED), SMALL.size, 1.6 * radius)
    top = y + len(lines) * SMALL.leading / 2
    write_lines(pen, lines, x - radius, top, 2 * radius, SMALL.size, SMALL.leading, "centre")


def least_height(flowable: Any) -> float:
    """The least height in which a flowable can begin."""
    minimum: float | None = getattr(flowable, "minimum", None)
    return minimum if minimum is not None else float(flowable.wrap(WIDTH, 1e6)[1])


def under_heading(text: str, level: int, body: Sequence[Flowable], *, whole: bool = False) -> list[Flowable]:
    """A heading with what stands under it: never parted from its first piece, nor from the one that a first text introduces.

    ``whole`` keeps all of it on one page.
    """
    heading = Heading(text, level)
    need = heading.spaceBefore + heading.height + heading.spaceAfter
    texts = 0
    for flowable in body:
        need += flowable.getSpaceBefore() + least_height(flowable)
        if not whole and not isinstance(flowable, Heading | Spacer | CondPageBreak):
            texts += 1
            if texts == 2 or not isinstance(flowable, Para):
                break
        need += flowable.getSpaceAfter()
    return [CondPageBreak(min(need, HEIGHT - 1)), heading, *body]


def numbered(section: int, parts: Sequence[Part], lang: str) -> list[Flowable]:
    """The parts of a section, under headings numbered one after the other."""
    flowables: list[Flowable] = []
    number = 0
    for title, body in parts:
        if not title:
            flowables += body
            continue
        number += 1
        place = ordinal(number, lang) if lang == "zh" else f"{section}.{number}"
        flowables += under_heading(say("report.subheading", lang, ordinal=place, title=title), 2, body)
    return flowables


def space(rows: int) -> Spacer:
    """So many rows of the grid left blank."""
    return Spacer(1, rows * GRID)
