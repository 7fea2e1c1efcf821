"""A handbook as a PDF: the same content on the report's pages, with contents, page numbers and bookmarks."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.platypus import CondPageBreak, Flowable, PageBreak

from engine.problems import Problem
from engine.report.contents import contents
from engine.report.document import Furniture, build
from engine.report.flow import Heading, Item, Para, least_height, space, under_heading
from engine.report.handbook_flow import Box, Cover, EntryHead, FieldLine
from engine.report.handbook_model import Block, Bullets, Entry, Field, Fields, Formula, Grid, Handbook, Paragraph, Row, Section, Text
from engine.report.style import ACCENT, AMBER, BODY, GRID, HEIGHT, INK, MUTED, RED, SMALL, TABLE, WIDTH, Color
from engine.report.tables import Column as TableColumn
from engine.report.tables import HeavyTable
from engine.report.tables import Row as TableRow
from engine.report.text import Rich, Span
from engine.texts import say
from engine.version import VERSION

MARK_COLOURS = {"seen": ACCENT, "recalled": AMBER, "inferred": AMBER, "policy": MUTED, "null": RED, "attested": ACCENT}
_STYLE_COLOURS: dict[str, Color] = {"muted": MUTED, "code": MUTED}
_KEPT_WHOLE = HEIGHT / 4
"""An entry of at most this height is kept on one page."""
_COVER_LABEL, _LABEL = {"zh": 96.0, "en": 124.0}, {"zh": 70.0, "en": 92.0}


def handbook_pdf(book: Handbook) -> tuple[bytes, list[Problem]]:
    """The document's bytes, the same for the same handbook, and a warning for each character that the fonts lack."""
    story = [*_front(book), *(flowable for section in book.sections for flowable in _section(section, book.lang, 1))]
    furniture = Furniture(
        lang=book.lang,
        title=f"{book.title} · {say('handbook.title', book.lang)}",
        author=book.issuer,
        subject=book.subtitle or book.title,
        keywords=book.about,
        creator=f"greencert {VERSION}",
        head_left=book.title,
        head_right=book.kind,
        warning="",
        foot=book.title,
    )
    return build(story, furniture)


def _front(book: Handbook) -> list[Flowable]:
    legend = Heading(say("handbook.legend.title", book.lang), 2, bookmark=False)
    about = Para(Span(book.about, colour=MUTED), SMALL)
    cover = [FieldLine(field.label, _lines(field), _COVER_LABEL[book.lang]) for field in book.cover.fields]
    marks = [FieldLine(field.label, _lines(field), _COVER_LABEL[book.lang]) for field in book.legend.fields]
    titles = [(section.title, depth, _entries(section)) for depth, section in book.walk()]
    table = [PageBreak(), Heading(say("handbook.contents", book.lang), 1, bookmark=False), *contents(titles)]
    return [Cover(book.kind, book.title, book.subtitle), space(5), *cover, space(3), legend, *marks, space(4), about, *table, PageBreak()]


def _entries(section: Section) -> int:
    """How many bookmarks of entries follow a section's own."""
    return sum(isinstance(block, Entry) for block in section.blocks)


def _section(section: Section, lang: str, level: int) -> list[Flowable]:
    body = [flowable for block in section.blocks for flowable in _block(block, lang, level)]
    inner = [flowable for part in section.sections for flowable in _section(part, lang, level + 1)]
    return under_heading(section.title, level, [*body, *inner])


def _block(block: Block, lang: str, level: int) -> Iterator[Flowable]:
    match block:
        case Paragraph():
            yield Para(_rich(block.text), TABLE if block.small else BODY)
        case Bullets():
            yield from (Item(_rich(item)) for item in block.items)
        case Fields():
            yield from (FieldLine(field.label, _lines(field), _LABEL[lang]) for field in block.fields)
        case Formula():
            yield Box(block)
        case Grid():
            yield _grid(block)
        case Entry():
            yield from _entry(block, lang, level)


def _entry(entry: Entry, lang: str, level: int) -> list[Flowable]:
    """An entry: on one page where it is short, else with its head never parted from the first two pieces below it."""
    head = EntryHead(entry.number, entry.title, entry.worth, level)
    body = [flowable for block in entry.blocks for flowable in _block(block, lang, level)]
    whole = sum(float(flowable.wrap(WIDTH, HEIGHT)[1]) + flowable.getSpaceAfter() for flowable in body)
    first = whole if whole < _KEPT_WHOLE else sum(least_height(flowable) + flowable.getSpaceAfter() for flowable in body[:2])
    head.minimum = min(head.height + first, HEIGHT - 1 - head.spaceBefore)
    return [CondPageBreak(head.minimum + head.spaceBefore), head, *body, space(1)]


def _lines(field: Field) -> Rich:
    """The lines of a field as one text."""
    spans: list[Span] = []
    for i, line in enumerate(field.lines):
        spans += [Span("\n")] * (i > 0)
        spans += _rich(line)
    return tuple(spans)


def _rich(text: Text) -> tuple[Span, ...]:
    """Marked text as spans; the marks of provenance as shapes."""
    return tuple(
        Span("", colour=MARK_COLOURS[run.mark], mark=run.mark)
        if run.mark
        else Span(run.text, bold=run.style == "strong", colour=_STYLE_COLOURS.get(run.style, INK))
        for run in text
    )


def _grid(grid: Grid) -> HeavyTable:
    total = sum(column.share for column in grid.columns)
    columns = [TableColumn(column.title, WIDTH * column.share / total, column.align) for column in grid.columns]
    table = HeavyTable(columns, [_row(row, len(columns)) for row in grid.rows])
    table.spaceAfter = 3 * GRID
    return table


def _row(row: Row, columns: int) -> TableRow:
    if row.kind == "group":
        return TableRow((_bold(row.cells[0]),), kind="group", spans=(columns,))
    if row.kind == "total":
        return TableRow(tuple(_bold(cell) for cell in row.cells), kind="subtotal")
    return TableRow(tuple(_rich(cell) for cell in row.cells))


def _bold(text: Text) -> tuple[Span, ...]:
    return tuple(span._replace(bold=True) for span in _rich(text))
