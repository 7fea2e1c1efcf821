"""The report on the progress of a plan: every measure against its target and pace, districts, what is due, differences, who is nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable

from engine.problems import Problem
from engine.report.document import Furniture, build
from engine.report.flow import Para, space, under_heading
from engine.report.forms import ordinal
from engine.report.style import ACCENT, AMBER, BODY, GRID, HEIGHT, INK, MUTED, RED, SMALL, TABLE, TITLE, WASH, WIDTH, Color
from engine.report.tables import Column, Drawing, HeavyTable, Row
from engine.report.text import Rich, Span
from engine.texts import say
from engine.version import VERSION

_HEADING = 16 * GRID
"""What a heading needs at most above what is not to be parted."""
_COLOURS = {"reached": ACCENT, "kept": ACCENT, "on_time": ACCENT, "open": AMBER, "behind": RED, "missed": RED, "exceeded": RED}
_MARKS = {"reached": "met", "kept": "met", "on_time": "met", "open": "undetermined", "behind": "not_met", "missed": "not_met"}
_MARKS |= {"exceeded": "not_met"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A target as it prints: ``share`` and ``pace`` are parts of its figure, None where there is none; ``state`` a code of plan.state.

    ``due`` is the pace as a number.
    """

    title: str
    value: str
    state: str
    share: float | None = None
    pace: float | None = None
    due: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of places and measures: the heads of its columns, and a row a place, the city's last."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something of the work list: the item, what is to be done, by when, and how the figures it asks for stand."""

    item: str
    action: str
    when: str
    due: bool
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the plan differs from itself: the note, and every figure with its progress."""

    title: str
    text: str
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class NearLine:
    """An application that is near: who it is, its score, what it lacks, and what bars it or is open, in words."""

    number: str
    name: str
    group: str
    score: str
    lacking: str
    notes: str


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """What the report says, as it prints; ``groups`` are bars under the title of their part of the plan.

    ``basis`` says what was counted; ``unlisted`` is how many of the nearest are not in ``nurture``.
    """

    title: str
    issuer: str
    document: str
    at: str
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]
    grids: tuple[Grid, ...]
    due: tuple[DueLine, ...] = ()
    coming: tuple[DueLine, ...] = ()
    differences: tuple[Difference, ...] = ()
    nurture: tuple[NearLine, ...] = ()
    unplaced: int = 0
    basis: str = ""
    unlisted: int = 0


class PaceBar(Drawing):
    """A bar against its whole track, which is the target; a tick where the linear pace would be."""

    height = 12.0

    def __init__(self, bar: Bar) -> None:
        self.bar = bar

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        """Draw track, bar and tick."""
        middle = top - self.height / 2
        canvas.setFillColor(WASH)
        canvas.rect(x, middle - 3.5, width, 7, stroke=0, fill=1)
        if self.bar.share is not None:
            canvas.setFillColor(_COLOURS.get(self.bar.state, MUTED))
            canvas.rect(x, middle - 3.5, width * min(max(self.bar.share, 0.0), 1.0), 7, stroke=0, fill=1)
        if self.bar.pace is not None:
            at = x + width * min(max(self.bar.pace, 0.0), 1.0)
            canvas.setStrokeColor(INK)
            canvas.setLineWidth(1.1)
            canvas.line(at, middle - 5.5, at, middle + 5.5)


def progress_bytes(content: PlanProgress, lang: str = "zh") -> tuple[bytes, list[Problem]]:
    """The report as a PDF, byte for byte the same for the same content, and a warning for each character that the fonts lack."""
    return build(_story(content, lang), _furniture(content, lang))


def _story(content: PlanProgress, lang: str) -> list[Flowable]:
    story: list[Flowable] = [
        Para(Span(content.document, colour=MUTED), TABLE, after=GRID),
        Para(Span(say("plan.report.title", lang), bold=True, colour=ACCENT), TITLE, after=GRID),
        Para(content.title, BODY, after=GRID),
        Para(Span(f"{content.issuer}　{content.at}", colour=MUTED), BODY, after=3 * GRID),
        Para(counts_line(content, lang), BODY),
        *([Para(Span(content.basis, colour=MUTED), SMALL)] if content.basis else []),
        Para(Span(say("plan.report.key", lang), colour=MUTED), SMALL),
    ]
    if content.unplaced:
        story.append(Para(Span(say("plan.report.unplaced", lang, count=content.unplaced), colour=AMBER), BODY))
    parts: list[tuple[str, list[Flowable]]] = [(title, [_bars(group, lang)]) for title, group in content.groups]
    parts += [(grid.title, _undivided([_grid(grid)])) for grid in content.grids]
    parts += [
        (say(f"plan.report.{key}", lang), [_due(lines, lang)]) for key, lines in (("due", content.due), ("coming", content.coming)) if lines
    ]
    if content.differences:
        parts.append((say("plan.report.differences", lang), _differences(content.differences, lang)))
    if content.nurture:
        more = Para(Span(say("plan.report.unlisted", lang, count=content.unlisted), colour=MUTED), SMALL)
        parts.append((say("plan.report.nurture", lang), [_nurture(content.nurture, lang), *([space(1), more] if content.unlisted else [])]))
    for number, (title, body) in enumerate(parts, 1):
        if isinstance(body[0], CondPageBreak):
            story.append(CondPageBreak(body[0].height + _HEADING))
        story += under_heading(say("report.section", lang, ordinal=ordinal(number, lang), title=title), 1, [*body, space(2)])
    return story


def counts_line(content: PlanProgress, lang: str) -> str:
    """How many targets of the city stand how."""
    states = [bar.state for _, group in content.groups for bar in group]
    counts = "　".join(f"{state_word(state, lang)} {states.count(state)}" for state in dict.fromkeys(states))
    return say("plan.report.counts", lang, count=len(states), states=counts)


def state_word(state: str, lang: str) -> str:
    """What a state is called."""
    return say(f"plan.state.{state}", lang)


def _state(bar: Bar, lang: str) -> Rich:
    colour: Color = _COLOURS.get(bar.state, MUTED)
    mark = _MARKS.get(bar.state, "not_applicable")
    return (Span("", colour=colour, mark=mark), Span(state_word(bar.state, lang), bold=True, colour=colour))


def _bars(bars: Sequence[Bar], lang: str) -> HeavyTable:
    widths = (WIDTH - 96 - 92 - 66, 96.0, 92.0, 66.0)
    heads = [say(f"plan.report.{key}", lang) for key in ("target", "against", "done", "state")]
    aligned = ("left", "left", "right", "left")
    columns = [Column(head, width, align) for head, width, align in zip(heads, widths, aligned, strict=True)]
    return HeavyTable(columns, [Row((_titled(bar), PaceBar(bar), bar.value, _state(bar, lang))) for bar in bars])


def _titled(bar: Bar) -> Rich:
    return (Span(bar.title, bold=True), Span(f"\n{bar.note}" if bar.note else "", colour=MUTED))


def _grid(grid: Grid) -> HeavyTable:
    first = 62.0
    wide = (WIDTH - first) / (len(grid.heads) - 1)
    columns = [Column(head, wide if i else first, "right" if i else "left") for i, head in enumerate(grid.heads)]
    last = len(grid.rows) - 1
    return HeavyTable(columns, [Row(row, kind="subtotal" if i == last else "plain") for i, row in enumerate(grid.rows)], type=SMALL)


def _due(lines: Sequence[DueLine], lang: str) -> HeavyTable:
    widths = (120.0, WIDTH - 120 - 62 - 170, 62.0, 170.0)
    heads = [say(f"plan.report.{key}", lang) for key in ("item", "action", "when", "stands")]
    rows = []
    for line in lines:
        stands: list[Span] = []
        for bar in line.bars:
            colour = _COLOURS.get(bar.state, MUTED)
            stands += [Span("\n" if stands else ""), Span(f"{bar.title}　{bar.value}　"), Span(state_word(bar.state, lang), colour=colour)]
        rows.append(Row((line.item, Span(line.action, bold=line.due), Span(line.when, colour=INK if line.due else MUTED), tuple(stands))))
    return HeavyTable([Column(head, width) for head, width in zip(heads, widths, strict=True)], rows)


def _differences(found: Sequence[Difference], lang: str) -> list[Flowable]:
    story: list[Flowable] = []
    for one in found:
        pieces: list[Flowable] = [Para(Span(one.title, bold=True), BODY, after=GRID), Para(one.text, TABLE, after=GRID)]
        if one.bars:
            pieces.append(_bars(one.bars, lang))
        story += [*_undivided(pieces), space(3)]
    return story


def _undivided(pieces: Sequence[Flowable]) -> list[Flowable]:
    """Pieces that stand on one page; what comes before them goes with them."""
    need = sum(piece.getSpaceBefore() + piece.wrap(WIDTH, HEIGHT)[1] + piece.getSpaceAfter() for piece in pieces)
    return [CondPageBreak(min(need, HEIGHT - _HEADING)), *pieces]


def _nurture(lines: Sequence[NearLine], lang: str) -> HeavyTable:
    widths = (64.0, 96.0, 66.0, 46.0, 46.0, WIDTH - 318)
    heads = [say(f"plan.report.{key}", lang) for key in ("number", "applicant", "group", "score", "lacking", "open")]
    aligned = ("left", "left", "left", "right", "right", "left")
    columns = [Column(head, width, align) for head, width, align in zip(heads, widths, aligned, strict=True)]
    return HeavyTable(
        columns, [Row((one.number, Span(one.name, bold=True), one.group, one.score, one.lacking, one.notes)) for one in lines], type=SMALL
    )


def _furniture(content: PlanProgress, lang: str) -> Furniture:
    title = say("plan.report.title", lang)
    return Furniture(
        lang=lang,
        title=title,
        author=content.issuer,
        subject=content.title,
        keywords=content.at,
        creator=f"greencert {VERSION}",
        head_left=title,
        head_right=content.at,
        warning="",
        foot=content.title,
    )
