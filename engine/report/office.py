"""What an office's papers share: the letterhead, and the foot with office, day and the place of the seal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable

from engine.report.flow import Para, seal_place, space
from engine.report.style import ACCENT, BODY, HEADING_2, HEIGHT, INK, MUTED, SMALL, TABLE, WIDTH, Type
from engine.report.text import Pen, Span, break_lines, write_lines
from engine.texts import say

_HEAD = Type(20, 30)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def long_day(text: str, lang: str) -> str:
    """A day (ISO text) as people write it; any other text as it is."""
    if not _DAY.fullmatch(text):
        return text
    year, month, day = map(int, text.split("-"))
    return say("report.day", lang, year=year, month=month, day=day)


def signed_off(last: Sequence[Flowable], office: str, place: str, day: str, contact: str, lang: str) -> list[Flowable]:
    """The end of a paper: its last texts, the foot, and whom to ask; the foot never stands on a page alone while there is a text."""
    tail: list[Flowable] = [*last, Closing(office, place, day, lang)]
    if contact:
        tail += [space(3), Para(Span(contact, colour=MUTED), SMALL, after=0)]
    need = sum(flowable.getSpaceBefore() + flowable.wrap(WIDTH, HEIGHT)[1] + flowable.getSpaceAfter() for flowable in tail)
    return [CondPageBreak(min(need, HEIGHT - 1)), *tail]


class Letterhead(Flowable):
    """The office's name over a double line, and under it at the right what the paper goes by."""

    def __init__(self, office: str, reference: str = "") -> None:
        super().__init__()
        self._office = break_lines(Span(office, bold=True, colour=ACCENT), _HEAD.size, WIDTH)
        self._reference = break_lines(Span(reference, colour=MUTED), TABLE.size, WIDTH) if reference else ()
        self.height = len(self._office) * _HEAD.leading + 8 + len(self._reference) * TABLE.leading
        self.spaceAfter = 22.0

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the head."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Draw the name, the lines, and the reference."""
        canvas, pen = self.canv, Pen(self.canv)
        write_lines(pen, self._office, 0, self.height, WIDTH, _HEAD.size, _HEAD.leading, "centre")
        line = self.height - len(self._office) * _HEAD.leading - 4
        write_lines(pen, self._reference, 0, line - 4, WIDTH, TABLE.size, TABLE.leading, "right")
        pen.finish()
        canvas.setStrokeColor(ACCENT)
        for height, thickness in ((line, 1.6), (line - 2.4, 0.5)):
            canvas.setLineWidth(thickness)
            canvas.line(0, height, WIDTH, height)


class SubjectLine(Flowable):
    """What a paper is about, in the middle."""

    def __init__(self, text: str, type: Type = HEADING_2) -> None:
        super().__init__()
        self._type = type
        self._lines = break_lines(Span(text, bold=True, colour=INK), type.size, WIDTH - 60)
        self.height = len(self._lines) * type.leading
        self.spaceAfter = 14.0

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the line."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Write it."""
        pen = Pen(self.canv)
        write_lines(pen, self._lines, 30, self.height, WIDTH - 60, self._type.size, self._type.leading, "centre")
        pen.finish()


class Closing(Flowable):
    """The foot of a paper, at the right: the office, place and day, with the place of its seal; never parted.

    The office can seal it electronically.
    """

    _ROOM = 250.0

    def __init__(self, office: str, place: str, day: str, lang: str) -> None:
        super().__init__()
        self._office = break_lines(Span(office, bold=True), BODY.size, self._ROOM)
        said = say("report.paper.place_day", lang, place=place, day=long_day(day, lang)) if place else long_day(day, lang)
        self._day = break_lines(said, BODY.size, self._ROOM)
        self._seal = say("report.commitment.seal", lang)
        self.spaceBefore = 16.0
        self.height = max((len(self._office) + len(self._day)) * BODY.leading, 84.0)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the foot."""
        return WIDTH, self.height

    def draw(self) -> None:
        """Draw the place of the seal left of the names, then these."""
        pen = Pen(self.canv)
        seal_place(self.canv, pen, WIDTH - self._ROOM - 50, self.height / 2, self._seal, "body")
        left, top = WIDTH - self._ROOM, (self.height + (len(self._office) + len(self._day)) * BODY.leading) / 2
        write_lines(pen, self._office, left, top, self._ROOM, BODY.size, BODY.leading, "right")
        top -= len(self._office) * BODY.leading
        write_lines(pen, self._day, left, top, self._ROOM, BODY.size, BODY.leading, "right")
        pen.finish()
