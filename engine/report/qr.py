"""A QR code as rectangles on the page: what it says is checked by ``greencert verify --qr`` without any network."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.platypus import Flowable

from engine.report.style import MUTED, SMALL, WIDTH
from engine.report.text import Pen, Span, break_lines, write_lines

_MASK = 3
"""Any of the eight patterns can be read. Trying all of them takes five times as long, a tenth of a report's time."""
SIDE = 66.0
"""The side on page one, in points: 0.4 mm and more to a module."""
_INK = "0 0 0 rg"

Run = tuple[int, int, int]
"""A black run in a row: its column, its row from below, its length."""


@lru_cache(maxsize=4)
def _runs(text: str) -> tuple[int, tuple[Run, ...]]:
    """The modules of a code as runs, with how many modules its side has."""
    import segno

    rows = segno.make(text, error="m", micro=False, mask=_MASK, boost_error=False).matrix
    runs: list[Run] = []
    for at, row in enumerate(rows):
        start = None
        for column, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append((start, len(rows) - 1 - at, column - start))
                start = None
    return len(rows), tuple(runs)


def draw_code(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """Draw the code of a text with its lower left corner at a point. Keep four modules around it (a tenth of its side) blank."""
    modules, runs = _runs(text)
    scale = side / modules
    rectangles = " ".join(f"{column} {row} {length} 1 re" for column, row, length in runs)
    canvas.addLiteral(f"q {scale:.4f} 0 0 {scale:.4f} {x:.2f} {y:.2f} cm {_INK} {rectangles} f Q")


class CodeBeside(Flowable):
    """A code hanging down from here at the right margin, with a line below it; it takes no room itself."""

    def __init__(self, text: str, caption: str, side: float = SIDE) -> None:
        super().__init__()
        self._text, self._side = text, side
        self._caption = break_lines(Span(caption, colour=MUTED), SMALL.size, side + 2 * SMALL.size)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """It takes no room: what follows leaves it free."""
        return WIDTH, 0.0

    def draw(self) -> None:
        """Draw the code and its line."""
        draw_code(self.canv, self._text, WIDTH - self._side, -self._side, self._side)
        pen = Pen(self.canv)
        width = self._side + 2 * SMALL.size
        write_lines(pen, self._caption, WIDTH - width, -self._side - 3, width, SMALL.size, SMALL.leading, "right")
        pen.finish()
