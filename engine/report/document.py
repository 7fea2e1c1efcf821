"""The document around the content: page template, running head and foot, metadata, and bytes that repeat exactly."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFObject, PDFStreamFilterZCompress
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate

from engine.language.errors import shorten
from engine.problems import Problem, ProblemList, Where
from engine.report.archival import archive
from engine.report.enclosures import Enclosed
from engine.report.fonts import BOLD, REGULAR, UsedFont, font
from engine.report.style import AMBER, HAIRLINE, HEIGHT, MARGIN, MUTED, PAGE_HEIGHT, PAGE_WIDTH, SMALL, WIDTH, Color, Type
from engine.report.text import Pen, Span, break_lines, one_line, text_width, write_lines
from engine.texts import say

rl_config.useA85 = 0
"""Pages are written as plain bytes: a fifth smaller and faster than the ASCII form that reportlab defaults to."""


def _squeezed(_: PDFStreamFilterZCompress, content: str | bytes) -> bytes:
    return zlib.compress(content.encode() if isinstance(content, str) else content, 1)


PDFStreamFilterZCompress.encode = _squeezed
"""Outlines of characters hardly get smaller: the quickest level takes half the usual time and makes files a fifteenth larger."""

REFERENCE_WIDTH = 30.0
"""Room for the number of a page in a table of contents."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """What every page carries and what the file says of itself; ``linked`` are the places that links lead to."""

    lang: str
    title: str
    author: str
    subject: str
    keywords: str
    creator: str
    head_left: str
    head_right: str
    warning: str
    foot: str
    linked: frozenset[str] = frozenset()


class _Reference(NamedTuple):
    """Where the page number of a bookmark is to stand, on its page."""

    number: int
    x: float
    top: float
    type: Type


class _Place(PDFObject):
    """A place that bookmarks and links lead to, which they may do before it is there. Reportlab's own takes ten times as long."""

    def __init__(self) -> None:
        self._page, self._at = "", ""

    def bind(self, page: str, left: float, top: float) -> None:
        """Put it on a page, by its name in the document."""
        self._page, self._at = page, f"{left:.2f} {top:.2f}"

    def format(self, document: Any) -> bytes:
        """The destination. Raises KeyError where the place never came."""
        number, version = document.idToObjectNumberAndVersion[self._page]
        return f"[ {number} {version} R /XYZ {self._at} 0 ]".encode()


class _Link(PDFObject):
    """A link as it stands in the file. Reportlab's own goes through a dictionary and five arrays, a hundred times a report."""

    def __init__(self, rectangle: str, place: _Place) -> None:
        self._rectangle, self._place = rectangle, place

    def format(self, document: Any) -> bytes:
        """The annotation: no border, and printed with its page as archives ask."""
        place = self._place.format(document)
        return b"<< /Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /Rect [%b] /Dest %b >>" % (self._rectangle.encode(), place)


class TextCanvas(Canvas):
    """A canvas for our own text: it knows the codes of our fonts and notes missing glyphs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.missing_glyphs: dict[str, tuple[str, str]] = {}
        self._fonts: dict[bool, tuple[str, UsedFont]] = {}

    def in_font(self, bold: bool) -> tuple[str, UsedFont]:
        """A font of this document: the name by which pages call it, and what codes its texts."""
        found = self._fonts.get(bold)
        if found is None:
            embedded = font(BOLD if bold else REGULAR)
            found = self._fonts[bold] = (embedded.getSubsetInternalName(0, self._doc), embedded.used_in(self._doc))
        return found


class ReportCanvas(TextCanvas):
    """A canvas that numbers bookmarks, and writes page numbers once they are known: feet and contents."""

    furniture: Furniture
    enclosed: Enclosed | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._bookmarks: list[int] = []
        self._references: dict[int, list[_Reference]] = {}

    def bookmark_here(self, title: str, level: int, height: float, *, closed: bool = False) -> None:
        """Enter the next bookmark in the outline, with its place so high above the flowable's foot."""
        self._bookmarks.append(self.getPageNumber())
        key = bookmark_key(len(self._bookmarks))
        self._bind(key, height)
        self.addOutlineEntry(title, key, level=level, closed=closed)

    def anchor_here(self, name: str, height: float) -> None:
        """Make so high above the flowable's foot the place that links of this name lead to, where there are any."""
        if name in self.furniture.linked:
            self._bind(name, height)

    def _bind(self, name: str, height: float) -> None:
        left, top = self.absolutePosition(0, height)
        self._bookmarkReference(name).bind(self._doc.thisPageName(), left, top)

    def _bookmarkReference(self, name: str) -> _Place:
        return self._destinations.setdefault(name, _Place())  # type: ignore[no-any-return]

    def link_here(self, name: str, left: float, low: float, right: float, high: float) -> None:
        """Make a rectangle lead to the bookmark or the place of a name, which may be yet to come."""
        x, y = self.absolutePosition(left, low)
        rectangle = f"{x:.2f} {y:.2f} {x + right - left:.2f} {y + high - low:.2f}"
        self._addAnnotation(_Link(rectangle, self._bookmarkReference(name)))

    def place_reference(self, number: int, x: float, top: float, type: Type) -> None:
        """Leave a place for the page of a bookmark that is yet to come, right-aligned in :data:`REFERENCE_WIDTH`."""
        left, height = self.absolutePosition(x, top)
        self._references.setdefault(self.getPageNumber(), []).append(_Reference(number, left, height, type))

    def save(self) -> None:
        """Write on every page what could not be known before the last one, then the file."""
        pages = self._doc.Pages.pages
        for number, page in enumerate(pages, 1):
            page.stream += self._drawn(number, len(pages))
        archive(self._doc, self.furniture, self.enclosed)
        super().save()

    def _drawn(self, page: int, total: int) -> str:
        """The code of a page's foot and of the page numbers that it refers to."""
        kept: list[str] = self._code
        self._code: list[str] = []
        taken = _write(self, say("report.page", self.furniture.lang, page=page, total=total), MARGIN - 22, "right")
        if page > 1:
            _write(self, self.furniture.foot, MARGIN - 22, "left", WIDTH - taken - 16)
        pen = Pen(self)
        for number, x, top, type in self._references.get(page, ()):
            lines = break_lines(str(self._bookmarks[number - 1]), type.size, REFERENCE_WIDTH)
            write_lines(pen, lines, x, top, REFERENCE_WIDTH, type.size, type.leading, "right")
        pen.finish()
        code, self._code = self._code, kept
        return "\n".join(code) + "\n"


def bookmark_key(number: int) -> str:
    """The name of a bookmark by its place in the outline, counted from 1."""
    return f"heading-{number}"


def _write(canvas: Any, text: str, top: float, align: str, width: float = WIDTH, colour: Color = MUTED) -> float:
    """Write one line between the margins and return its width; what does not fit into ``width`` is cut."""
    lines = break_lines(Span(one_line(text, SMALL.size, width), colour=colour), SMALL.size, WIDTH)
    pen = Pen(canvas)
    write_lines(pen, lines, MARGIN, top, WIDTH, SMALL.size, SMALL.leading, align)
    pen.finish()
    return lines[0].width * SMALL.size


def _draw_head(canvas: Any, furniture: Furniture) -> None:
    top = PAGE_HEIGHT - MARGIN + 26
    taken = _write(canvas, furniture.head_right, top, "right", WIDTH * 0.6)
    warning = f"　{furniture.warning}" if furniture.warning else ""
    room = WIDTH - taken - 16 - text_width(Span(warning, bold=True), SMALL.size)
    left = (Span(one_line(furniture.head_left, SMALL.size, room), colour=MUTED), Span(warning, bold=True, colour=AMBER))
    pen = Pen(canvas)
    write_lines(pen, break_lines(left, SMALL.size, WIDTH), MARGIN, top, WIDTH, SMALL.size, SMALL.leading, "left")
    pen.finish()
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, top - SMALL.leading - 3, MARGIN + WIDTH, top - SMALL.leading - 3)


class _Template(BaseDocTemplate):
    def __init__(self, target: Any, furniture: Furniture, enclosed: Enclosed | None) -> None:
        super().__init__(
            target,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            invariant=1,
            title=furniture.title,
            author=furniture.author,
            subject=furniture.subject,
            keywords=furniture.keywords,
            creator=furniture.creator,
            lang="zh-CN" if furniture.lang == "zh" else "en",
            displayDocTitle=1,
            initialFontName=REGULAR,
            initialFontSize=SMALL.size,
            pageCompression=1,
        )
        self.furniture, self.enclosed = furniture, enclosed
        frames = {
            name: Frame(MARGIN, MARGIN, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0, id=name)
            for name in ("cover", "page")
        }
        self.addPageTemplates(
            [
                PageTemplate("cover", [frames["cover"]]),
                PageTemplate("page", [frames["page"]], onPage=self._on_page),
            ]
        )

    def _makeCanvas(self, filename: Any = None, canvasmaker: Any = ReportCanvas) -> Any:
        canvas = super()._makeCanvas(filename, ReportCanvas)
        canvas.furniture, canvas.enclosed = self.furniture, self.enclosed
        return canvas

    def _on_page(self, canvas: Any, _: Any) -> None:
        _draw_head(canvas, self.furniture)


def build(story: Sequence[Flowable], furniture: Furniture, enclosed: Enclosed | None = None) -> tuple[bytes, list[Problem]]:
    """The document's bytes, the same for the same content, and a warning for each character that the fonts lack.

    ``enclosed`` is what the file carries beside its pages.
    """
    font(REGULAR), font(BOLD)
    target = io.BytesIO()
    template = _Template(target, furniture, enclosed)
    template.build([NextPageTemplate("page"), *story])
    return target.getvalue(), glyph_warnings(template.canv.missing_glyphs)


def glyph_warnings(missing: Mapping[str, tuple[str, str]], where: Where | None = None) -> list[Problem]:
    """A warning for each character that the fonts lack, from its code point and an excerpt of the text around it."""
    problems = ProblemList()
    for char, (code, excerpt) in missing.items():
        problems.warning("glyph_missing", where or Where(), char=char, codepoint=code, text=shorten(excerpt))
    return list(problems)
