"""A handbook as one HTML file: styles inside, no script, nothing fetched, readable on a screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.report.handbook_model import (
    Block,
    Bullets,
    Entry,
    Field,
    Fields,
    Formula,
    Grid,
    Handbook,
    Paragraph,
    Row,
    Run,
    Section,
    Text,
)
from engine.report.html_parts import LINE, InContents, contents, html_file, plain_text
from engine.texts import say

_STYLES = {"strong": "strong", "code": "code"}


def handbook_html(book: Handbook) -> str:
    """The whole file as text, the same for the same handbook."""
    nav = contents([_entry_of(section) for section in book.sections], book.lang)
    body = LINE.join((nav, "<main>", _front(book), *(_section(section, 2) for section in book.sections), "</main>"))
    return html_file(book.title, book.lang, ("html", "handbook"), body)


def _entry_of(section: Section) -> InContents:
    return InContents(section.anchor, section.title, tuple(map(_entry_of, section.sections)))


def _front(book: Handbook) -> str:
    subtitle = f'<p class="subtitle">{escape(book.subtitle)}</p>' if book.subtitle else ""
    legend = f"<h2>{escape(say('handbook.legend.title', book.lang))}</h2>{_fields(book.legend.fields)}"
    return (
        f'<header><p class="kind">{escape(book.kind)}</p><h1>{escape(book.title)}</h1>{subtitle}\n{_fields(book.cover.fields)}\n'
        f'<section class="legend">{legend}</section>\n<p class="small">{escape(book.about)}</p></header>'
    )


def _section(section: Section, level: int) -> str:
    head = f'<section id="{escape(section.anchor)}"><h{level}>{escape(section.title)}</h{level}>'
    parts = [*map(_block, section.blocks), *(_section(inner, level + 1) for inner in section.sections)]
    return LINE.join((head, *parts, "</section>"))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f'<p class="small">{_text(block.text)}</p>' if block.small else f"<p>{_text(block.text)}</p>"
        case Bullets():
            return f"<ul>{''.join(f'<li>{_text(item)}</li>' for item in block.items)}</ul>"
        case Fields():
            return _fields(block.fields)
        case Formula():
            return _formula(block)
        case Grid():
            return _grid(block)
        case Entry():
            return _entry(block)


def _entry(entry: Entry) -> str:
    number = f'<span class="number">{escape(entry.number)}</span> ' if entry.number else ""
    worth = f' <span class="worth">{escape(entry.worth)}</span>' if entry.worth else ""
    head = f'<article id="{escape(entry.anchor)}"><h4>{number}<span class="title">{escape(entry.title)}</span>{worth}</h4>'
    return LINE.join((head, *map(_block, entry.blocks), "</article>"))


def _fields(fields: tuple[Field, ...]) -> str:
    pairs = (f"<dt>{escape(field.label)}</dt><dd>{''.join(f'<div>{_text(line)}</div>' for line in field.lines)}</dd>" for field in fields)
    return f"<dl>{''.join(pairs)}</dl>"


def _formula(formula: Formula) -> str:
    subscript = f"<sub>{escape(formula.subscript)}</sub>" if formula.subscript else ""
    above = f'<span class="above">{escape(formula.above)}</span>'
    if formula.below:
        below = f'<span class="below"><span class="over">÷ </span>{escape(formula.below)}</span>'
        above = f'<span class="fraction">{above}{below}</span>'
    return f'<div class="formula"><span class="head">{escape(formula.head)}{subscript} =</span> {above}</div>'


def _grid(grid: Grid) -> str:
    total = sum(column.share for column in grid.columns)
    widths = "".join(f'<col style="width:{100 * column.share / total:.1f}%">' for column in grid.columns)
    heads = "".join(f'<th scope="col"{_aligned(column.align)}>{escape(column.title)}</th>' for column in grid.columns)
    rows = LINE.join(_row(row, grid) for row in grid.rows)
    return f"<table><colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>"


def _row(row: Row, grid: Grid) -> str:
    if row.kind == "group":
        return f'<tr class="group"><th scope="rowgroup" colspan="{len(grid.columns)}">{_text(row.cells[0])}</th></tr>'
    cells = "".join(f"<td{_aligned(column.align)}>{_text(cell)}</td>" for cell, column in zip(row.cells, grid.columns, strict=True))
    return f'<tr class="{row.kind}">{cells}</tr>'


def _aligned(align: str) -> str:
    return "" if align == "left" else f' class="{align}"'


def _text(text: Text) -> str:
    return "".join(_runs(text))


def _runs(text: Text) -> Iterator[str]:
    for run in text:
        if run.mark:
            said = escape(run.text, quote=True)
            yield f'<span class="mark {escape(run.mark)}" role="img" aria-label="{said}" title="{said}"></span>'
        else:
            yield _run(run)


def _run(run: Run) -> str:
    said = plain_text(run.text)
    if run.style in _STYLES:
        said = f"<{_STYLES[run.style]}>{said}</{_STYLES[run.style]}>"
    elif run.style:
        said = f'<span class="{escape(run.style)}">{said}</span>'
    return f'<a href="#{escape(run.target)}">{said}</a>' if run.target else said
