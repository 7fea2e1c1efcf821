"""The look of the report: page, grid, type sizes and palette. Everything is in points."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 22 * mm
WIDTH = PAGE_WIDTH - 2 * MARGIN
HEIGHT = PAGE_HEIGHT - 2 * MARGIN
GRID = 4


class Tone(Color):
    """A colour of the palette by its six hexadecimal digits. There is one of each, so that it is told from others by itself alone."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __init__(self, digits: int) -> None:
        super().__init__(*((digits >> shift & 0xFF) / 255 for shift in (16, 8, 0)))


INK = Tone(0x1B211E)
MUTED = Tone(0x5C6660)
FAINT = Tone(0x97A09B)
HAIRLINE = Tone(0xC8D0CB)
WASH = Tone(0xF1F5F2)
ACCENT = Tone(0x14593D)
TINT = Tone(0xD5E5DC)
AMBER = Tone(0xA86400)
RED = Tone(0x9A1B1E)
WHITE = Tone(0xFFFFFF)

__all__ = ["Color", "Type"]


@dataclass(frozen=True, slots=True)
class Type:
    """A type size with its leading."""

    size: float
    leading: float


BODY = Type(9.5, 15)
TABLE = Type(8.5, 12.5)
SMALL = Type(7.5, 11)
HEADING_2 = Type(13, 20)
HEADING_1 = Type(16, 24)
TITLE = Type(22, 32)

STATUS_COLOURS = {
    "met": ACCENT,
    "scored": ACCENT,
    "not_met": RED,
    "not_applicable": MUTED,
    "undetermined": AMBER,
}
OUTCOME_COLOURS = {"eligible": ACCENT, "scored": ACCENT, "incomplete": AMBER, "fails": RED, "not_eligible": RED}
OUTCOME_MARKS = {"eligible": "met", "scored": "scored", "incomplete": "undetermined", "fails": "not_met", "not_eligible": "not_met"}
SEVERITY_COLOURS = {"veto": RED, "major": RED, "minor": AMBER, "obligation": MUTED, "observation": MUTED, "classification": MUTED}
SEVERITY_MARKS = {"veto": "not_met", "major": "not_met", "minor": "undetermined"}
