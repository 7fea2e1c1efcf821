"""The report as one HTML file: the same story as on paper, every flowable in the form that a screen has for it.

What a flowable was made of is written as text and tables; what it draws (charts, the scale of the score) as SVG by its own drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from reportlab.platypus import ActionFlowable, Flowable, Spacer, UseUpSpace

from engine.report.charts import Bars, ScoreScale
from engine.report.context import Context
from engine.report.cover import Card, IfRoom, Rule, cover
from engine.report.flow import Heading, Item, Para, Signatures
from engine.report.html_parts import LINE, InContents, contents, html_file, plain_text
from engine.report.marks import NAMES
from engine.report.report import body_of, furniture_of
from engine.report.style import HEADING_1, INK, SMALL, TITLE
from engine.report.svg import COLOUR_NAMES, anchor_of, mark_symbol, svg_of, svg_of_drawing
from engine.report.tables import GAP, Column, Drawing, HeavyTable, Row
from engine.report.text import Rich, Span, spans_of

_PAGED = (Spacer, UseUpSpace, ActionFlowable, Rule)
"""What only paper needs."""
_KINDS = {TITLE: "h1", HEADING_1: "p.name", SMALL: "p.small"}
"""Elements for texts of a size of their own."""
_NARROW = 270.0
"""The width in points of the scale of the score on a telephone."""


def report_html(context: Context) -> str:
    """The report as the text of one HTML file, the same for the same assessment; what users typed is text and nothing else."""
    lang = context.lang
    sections = _sections(_unpaged(body_of(context)))
    furniture = furniture_of(context)
    facts = {"author": furniture.author, "description": furniture.subject, "keywords": furniture.keywords, "generator": furniture.creator}
    nav = contents([section.entry for section in sections], lang)
    marks = f'<svg class="marks" aria-hidden="true">{"".join(map(mark_symbol, sorted(NAMES)))}</svg>'
    first = f'<header class="outcome-{context.assessment.determination.outcome}">{_flow(_unpaged(cover(context)))}</header>'
    foot = f"<footer>{escape(furniture.warning)}　{escape(furniture.head_left)} · {escape(furniture.head_right)}</footer>"
    body = LINE.join((marks, nav, "<main>", first, *map(_section, sections), foot, "</main>"))
    return html_file(furniture.title, lang, ("html", "report"), body, facts)


class _Section:
    """A heading with what stands under it, before its first subheading and under each."""

    def __init__(self, heading: Heading, anchor: str) -> None:
        self.heading, self.anchor = heading, anchor
        self.body: list[Flowable] = []
        self.sections: list[_Section] = []

    @property
    def entry(self) -> InContents:
        """Its line in the table of contents."""
        return InContents(self.anchor, self.heading.title, tuple(section.entry for section in self.sections))


def _unpaged(story: Sequence[Flowable]) -> list[Flowable]:
    """A story without what only paper needs."""
    return [flowable for flowable in story if not isinstance(flowable, _PAGED)]


def _sections(story: Sequence[Flowable]) -> list[_Section]:
    """The sections of a story that begins with a heading."""
    sections: list[_Section] = []
    for flowable in story:
        if not isinstance(flowable, Heading):
            _last(sections).body.append(flowable)
        elif flowable.level == 1 or not sections:
            sections.append(_Section(flowable, f"s{len(sections) + 1}"))
        else:
            inner = sections[-1].sections
            inner.append(_Section(flowable, f"{sections[-1].anchor}-{len(inner) + 1}"))
    return sections


def _last(sections: Sequence[_Section]) -> _Section:
    last = sections[-1]
    return last.sections[-1] if last.sections else last


def _section(section: _Section) -> str:
    level = section.heading.level + 1
    head = f'<section id="{section.anchor}"><h{level}>{escape(section.heading.title)}</h{level}>'
    return LINE.join((head, _flow(section.body), *map(_section, section.sections), "</section>"))


def _flow(flowables: Sequence[Flowable]) -> str:
    """Flowables one after the other, list items in lists."""
    parts: list[str] = []
    for listed, group in groupby(flowables, lambda flowable: isinstance(flowable, Item)):
        blocks = map(_block, group)
        parts += [f"<ul>{''.join(blocks)}</ul>"] if listed else blocks
    return LINE.join(parts)


def _block(flowable: Flowable) -> str:
    """One flowable; what has no form of its own is a drawing."""
    match flowable:
        case Item():
            return _item(flowable)
        case Para():
            element, _, name = _KINDS.get(flowable.size, "p").partition(".")
            return f"<{element}{f' class={chr(34)}{name}{chr(34)}' if name else ''}>{_text(flowable.text)}</{element}>"
        case HeavyTable():
            return _table(flowable)
        case Card():
            return _card(flowable)
        case IfRoom():
            return f'<p class="label">{escape(flowable.title)}</p>{_bars(flowable.bars)}'
        case Bars():
            return _bars(flowable)
        case Signatures():
            return _signatures(flowable)
        case _:
            return _chart(flowable)


def _chart(flowable: Flowable) -> str:
    return f'<figure tabindex="0">{svg_of(flowable)}</figure>'


def _bars(bars: Bars) -> str:
    rows = "".join(
        f'<div><span>{escape(axis.title)}</span><span class="track"><i style="width:{_share(axis.high)}"></i>'
        f'<b style="width:{_share(axis.low)}"></b></span><span class="value">{escape(axis.value)}</span></div>'
        for axis in bars.axes
    )
    return f'<div class="bars">{rows}</div>'


def _share(part: float) -> str:
    return f"{100 * min(max(part, 0.0), 1.0):.2f}%"


def _item(item: Item) -> str:
    if not item.label:
        return f'<li class="short">{_text(item.text)}</li>' if item.most else f"<li>{_text(item.text)}</li>"
    return f'<li class="labelled"><span class="label">{_text(item.label)}</span> {_text(item.text)}</li>'


def _card(card: Card) -> str:
    verdict = card.verdict
    said = f'<p class="outcome">{_mark(verdict.mark)}{escape(verdict.outcome)}</p><p class="notes">{_text(verdict.notes)}</p>'
    score = ""
    if card.scale:
        score = (
            f'<p class="score"><span>{escape(verdict.score_name)}</span><strong>{escape(verdict.score)}</strong>'
            f"<span>{escape(verdict.score_end)}</span></p>"
        )
    return f'<div class="card"><div class="verdict">{said}</div>{score}{_scale(card.scale) if card.scale else ""}</div>'


def _scale(scale: ScoreScale) -> str:
    """The scale of the score, laid out anew for narrow screens."""
    narrow = ScoreScale(scale.scale, scale.colour, _NARROW)
    return f'<figure class="wide">{svg_of(scale)}</figure><figure class="narrow">{svg_of(narrow)}</figure>'


def _signatures(block: Signatures) -> str:
    lines = "".join(f"<div><dt>{escape(place.label)}</dt><dd>{escape(place.name)}</dd></div>" for place in block.places)
    return f'<div class="signatures"><dl>{lines}</dl><p class="seal">{escape(block.seal)}</p></div>'


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(table: HeavyTable) -> str:
    columns = table.columns
    total = sum(column.width for column in columns)
    widths = "".join(f'<col style="width:{100 * column.width / total:.1f}%">' for column in columns)
    head = ""
    if table.headed:
        cells = "".join(f'<th scope="col"{_class(column.align)}>{escape(column.title)}</th>' for column in columns)
        head = f"<thead><tr>{cells}</tr></thead>"
    kind = "" if table.headed else ' class="facts"'
    rows = LINE.join(line for row in table.rows for line in _row(row, columns))
    return f'<div class="table"><table{kind}><colgroup>{widths}</colgroup>{head}<tbody>\n{rows}</tbody></table></div>'


def _row(row: Row, columns: Sequence[Column]) -> Iterator[str]:
    """A row, and one more for the text under its cells; the cells before that text reach over both."""
    kinds = [kind for kind in (row.kind if row.kind != "plain" else "", "above" if row.below or row.figure is not None else "") if kind]
    anchor = f' id="{anchor_of(row.anchor)}"' if row.anchor else ""
    yield f"<tr{anchor}{_class(*kinds)}>{''.join(_cells(row, columns))}</tr>"
    if row.below:
        name = "below" if row.kind == "plain" else f"below {row.kind}"
        yield f'<tr class="{name}"><td colspan="{len(columns) - row.below_from}">{_text(row.below)}</td></tr>'
    if row.figure is not None:
        drawn = svg_of_drawing(row.figure, sum(column.width for column in columns) - GAP)
        yield f'<tr class="{"figure" if row.kind == "plain" else f"figure {row.kind}"}"><td colspan="{len(columns)}">{drawn}</td></tr>'


def _cells(row: Row, columns: Sequence[Column]) -> Iterator[str]:
    first = 0
    for i, cell in enumerate(row.cells):
        count = row.spans[i] if row.spans else 1
        column = columns[first]
        align = row.align[i] if row.align else column.align if count == 1 else "left"
        over = (f' colspan="{count}"' if count > 1 else "") + (' rowspan="2"' if row.below and first + count <= row.below_from else "")
        label = f' data-label="{escape(column.title)}"' if column.title and count < len(columns) else ""
        if isinstance(cell, Drawing):
            text = svg_of_drawing(cell, sum(column.width for column in columns[first : first + count]) - GAP)
            kind = "drawing"
        else:
            text = _text(cell)
            kind = "" if text else "empty"
        yield f"<td{over}{label}{_class(align, kind)}>{text}</td>"
        first += count


def _class(*names: str) -> str:
    given = " ".join(name for name in names if name and name != "left")
    return f' class="{given}"' if given else ""


# --- text -------------------------------------------------------------------------------------------------------------


def _text(rich: Rich) -> str:
    return "".join(map(_span, spans_of(rich)))


def _span(span: Span) -> str:
    name = COLOUR_NAMES[span.colour]
    said = _mark(span.mark) if span.mark else plain_text(span.text)
    if span.bold and said and not span.mark:
        said = f"<strong>{said}</strong>"
    if span.colour != INK and said:
        said = f'<span class="{name}">{said}</span>'
    return f'<a href="#{anchor_of(span.link)}">{said}</a>' if span.link and said else said


def _mark(name: str) -> str:
    return f'<svg class="mark" aria-hidden="true"><use href="#mark-{escape(name)}"/></svg>'
