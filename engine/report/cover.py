"""Page one: what was assessed, the conclusion on a card, why in three lines, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import CondPageBreak, Flowable, PageBreak

from engine.assess.membership import may_decide
from engine.assess.results import Determination
from engine.report.charts import Bars, Scale, ScoreScale
from engine.report.context import Context
from engine.report.flow import Item, Para, least_height, space
from engine.report.marks import draw_disc
from engine.report.qr import SIDE, CodeBeside
from engine.report.scores import marks_of, radar_axes
from engine.report.style import (
    ACCENT,
    AMBER,
    BODY,
    GRID,
    HEADING_1,
    INK,
    MUTED,
    OUTCOME_COLOURS,
    OUTCOME_MARKS,
    SMALL,
    TABLE,
    TITLE,
    WASH,
    WIDTH,
    Color,
    Type,
)
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Line, Pen, Rich, Span, break_lines, text_width, write_lines
from engine.report.years import years_line
from engine.texts import say

WHY_LINES = 3
_WHY_HEIGHT = 2
"""Lines that one reason may take on page one; the conclusion has all of it."""
_MOST_BARS = 8


def cover(context: Context) -> list[Flowable]:
    """The flowables of page one."""
    applicant = context.dossier.applicant.name or context.dossier.id
    return [
        Rule(),
        space(3),
        Para(Span(context.programme.scheme.title.in_(context.lang), colour=MUTED), TABLE, after=GRID),
        Para(Span(context.title, bold=True, colour=ACCENT), TITLE, after=2 * GRID),
        Para(Span(applicant, bold=True), HEADING_1, after=3 * GRID),
        *([CodeBeside(context.code, say("report.cover.code", context.lang))] if context.code else []),
        _facts(context),
        space(5),
        _card(context),
        space(4),
        *_why(context),
        space(2),
        *_stability(context),
        *_rests_on(context),
        *_by_dimension(context),
        PageBreak(),
    ]


class Rule(Flowable):
    """A short bar of the accent colour."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return WIDTH, 4

    def draw(self) -> None:
        self.canv.setFillColor(ACCENT)
        self.canv.rect(0, 0, 56, 4, stroke=0, fill=1)


def _facts(context: Context) -> Flowable:
    lang, dossier, assessment = context.lang, context.dossier, context.assessment
    facts: list[tuple[str, Rich]] = []
    if context.verified:
        facts.append((say("report.cover.assessor", lang), dossier.assessor.organisation))
    facts += [
        (say("report.cover.standard", lang), context.programme.standard.title.in_(lang)),
        (say("report.cover.year", lang), str(dossier.year or "—")),
        *([(say("report.years.scores", lang), years_line(context))] if assessment.years else []),
        (say("report.cover.dossier", lang), dossier.id),
        (say("report.cover.date", lang), context.day(assessment.as_of)),
        *([(say("report.cover.form", lang), context.form.issued_by[lang])] if context.form.issued_by else []),
    ]
    names = 92.0
    rows = [Row((Span(name, colour=MUTED), value or "—")) for name, value in facts]
    room = WIDTH - (SIDE + 4 * GRID if context.code else 0.0)
    return HeavyTable([Column("", names), Column("", room - names)], rows, head=False, ruled=False)


# --- the card ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the card says."""

    mark: str
    colour: Color
    outcome: str
    notes: Rich
    score_name: str
    score: str
    score_end: str


class Card(Flowable):
    """The conclusion and the score on its scale, where anything is scored."""

    PAD = 16.0
    DISC = 13.0

    def __init__(self, verdict: Verdict, scale: ScoreScale | None) -> None:
        super().__init__()
        self.verdict, self.scale = verdict, scale
        self._score = _fitting(verdict.score, WIDTH * 0.42)
        left = WIDTH - 2 * self.PAD - 2 * self.DISC - 12 - self._score_width() - 16
        self._outcome = break_lines(Span(verdict.outcome, bold=True, colour=verdict.colour), HEADING_1.size, left)
        self._notes = break_lines(verdict.notes, TABLE.size, left)
        self._top = max(len(self._outcome) * HEADING_1.leading + len(self._notes) * TABLE.leading + 2, 52.0)
        self.height = 2 * self.PAD + self._top + (8 + scale.height if scale else 0)

    def _score_width(self) -> float:
        captions = (text_width(caption, SMALL.size) for caption in (self.verdict.score_name, self.verdict.score_end))
        return max(self._score[0].width * self._score[1].size, *captions, 60.0)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return WIDTH, self.height

    def draw(self) -> None:
        canvas, verdict = self.canv, self.verdict
        canvas.setFillColor(WASH)
        canvas.rect(0, 0, WIDTH, self.height, stroke=0, fill=1)
        canvas.setFillColor(verdict.colour)
        canvas.rect(0, 0, 4, self.height, stroke=0, fill=1)
        top = self.height - self.PAD
        draw_disc(canvas, verdict.mark, self.PAD + self.DISC, top - HEADING_1.leading / 2, self.DISC, verdict.colour)
        pen = Pen(canvas)
        x = self.PAD + 2 * self.DISC + 12
        write_lines(pen, self._outcome, x, top, WIDTH, HEADING_1.size, HEADING_1.leading, "left")
        below = top - len(self._outcome) * HEADING_1.leading - 2
        write_lines(pen, self._notes, x, below, WIDTH, TABLE.size, TABLE.leading, "left")
        if self.scale:
            self._write_score(pen, top)
        pen.finish()
        if self.scale:
            self.scale.draw_at(canvas, self.PAD, self.PAD)

    def _write_score(self, pen: Pen, top: float) -> None:
        type_ = self._score[1]
        right = WIDTH - 2 * self.PAD
        parts: Sequence[tuple[Rich, Type]] = (
            (Span(self.verdict.score_name, colour=MUTED), SMALL),
            (Span(self.verdict.score, bold=True, colour=self.verdict.colour), type_),
            (Span(self.verdict.score_end, colour=MUTED), SMALL),
        )
        for text, kind in parts:
            lines = break_lines(text, kind.size, WIDTH)
            write_lines(pen, lines, self.PAD, top, right, kind.size, kind.leading, "right")
            top -= kind.leading


def _fitting(text: str, width: float) -> tuple[Line, Type]:
    """The largest type in which a score fits on one line."""
    for kind in (Type(TITLE.size, 28), Type(HEADING_1.size, 22), Type(BODY.size, BODY.leading)):
        lines = break_lines(Span(text, bold=True), kind.size, width)
        if len(lines) == 1:
            break
    return lines[0], kind


def _card(context: Context) -> Flowable:
    assessment, lang = context.assessment, context.lang
    found = assessment.determination
    colour = OUTCOME_COLOURS[found.outcome]
    verdict = Verdict(
        mark=OUTCOME_MARKS[found.outcome],
        colour=colour,
        outcome=outcome_text(context),
        notes=_notes(context, found),
        score_name=_score_name(context),
        score=context.score(),
        score_end=say("report.cover.of_index" if context.is_index else "report.cover.of", lang, max=context.number(assessment.score_max)),
    )
    return Card(verdict, ScoreScale(_scale(context), colour, WIDTH - 2 * Card.PAD) if assessment.score_max else None)


def _score_name(context: Context) -> str:
    """What the number on the card is: the score, or the index of the level that decides."""
    made = context.assessment
    if made.levels:
        return say("report.levels.score_name", context.lang, level=context.listed(level.level for level in may_decide(made.levels)))
    return say("report.cover.score" if made.score.is_point else "report.cover.score_interval", context.lang)


def _scale(context: Context) -> Scale:
    assessment = context.assessment
    high = assessment.score.high
    return Scale(
        low=float(assessment.score.low),
        high=None if high is None else float(high),
        end=float(assessment.score_max),
        label=context.score(),
        marks=marks_of(context),
    )


def outcome_text(context: Context) -> str:
    """The outcome in words, with the tier where there is one."""
    found = context.assessment.determination
    outcome = context.word(f"outcome.{found.outcome}")
    tier = context.programme.tier_title(found.tier, context.lang)
    return say("report.cover.outcome_tier", context.lang, outcome=outcome, tier=tier) if tier else outcome


def _notes(context: Context, found: Determination) -> Rich:
    lang = context.lang
    settled = say("report.cover.settled" if found.settled else "report.cover.open", lang)
    provisional = say("report.cover.provisional" if found.provisional else "report.cover.final", lang)
    return (
        Span(settled, colour=INK if found.settled else AMBER),
        Span("\n"),
        Span(provisional, colour=AMBER if found.provisional else INK),
    )


# --- why, and what it rests on ----------------------------------------------------------------------------------------


def _why(context: Context) -> list[Flowable]:
    reasons = context.assessment.determination.reasons
    lang = context.lang
    lines: list[Flowable] = [Item(context.reason(reason), after=2, most=_WHY_HEIGHT) for reason in reasons[:WHY_LINES]]
    if len(reasons) > WHY_LINES:
        lines.append(
            Item(
                Span(
                    say("report.cover.more_reasons", lang, count=len(reasons) - WHY_LINES, section=context.section_of("conclusion")),
                    colour=MUTED,
                ),
                after=2,
            )
        )
    if not lines:
        lines.append(Item(say("report.cover.no_reason", lang), after=2))
    return _labelled(say("report.cover.why", lang), lines)


def _stability(context: Context) -> list[Flowable]:
    if not context.stability:
        return []
    return [*_labelled(say("report.cover.stability", context.lang), [Item(context.stability, after=2, most=_WHY_HEIGHT)]), space(2)]


def _by_dimension(context: Context) -> list[Flowable]:
    axes = radar_axes(context)
    if not 2 <= len(axes) <= _MOST_BARS:
        return []
    return [space(3), IfRoom(say("report.cover.dimensions", context.lang), Bars(axes))]


class IfRoom(Flowable):
    """The bars under their heading where page one has room for them; the report has them anyway."""

    def __init__(self, title: str, bars: Bars) -> None:
        super().__init__()
        self.title, self.bars = title, bars
        self._lines = break_lines(Span(title, bold=True, colour=ACCENT), BODY.size, WIDTH)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        height = len(self._lines) * BODY.leading + GRID + self.bars.height
        self.height = height if height <= available_height else 0.0
        return WIDTH, self.height

    def draw(self) -> None:
        if self.height:
            pen = Pen(self.canv)
            write_lines(pen, self._lines, 0, self.height, WIDTH, BODY.size, BODY.leading, "left")
            pen.finish()
            self.bars.drawOn(self.canv, 0, 0)


def _labelled(text: str, lines: list[Flowable]) -> list[Flowable]:
    """Lines under a label, which is not left alone at the foot of a page by a very long name."""
    label = Para(Span(text, bold=True, colour=ACCENT), BODY, after=2)
    return [CondPageBreak(least_height(label) + label.getSpaceAfter() + least_height(lines[0])), label, *lines]


def _rests_on(context: Context) -> list[Flowable]:
    lang = context.lang
    made = context.assessment
    text = rests_on(context) + (say("report.cover.see_annex", lang) if made.unattested or made.attested else "")
    return _labelled(say("report.cover.rests_on", lang), [Item(text, after=2), Item(Span(evidence_note(context), colour=MUTED), after=0)])


def rests_on(context: Context) -> str:
    """How many figures nobody attested the result rests on, by how they came to be known."""
    lang, found = context.lang, context.assessment.unattested
    if not found:
        return say("report.cover.all_attested", lang) + _attested(context, "report.cover.attested")
    by_basis = Counter(item.basis for item in found)
    groups = say("report.overview.clause_separator", lang).join(
        say("report.cover.basis_count", lang, basis=context.basis(basis), count=by_basis[basis])
        for basis in ("null", "recalled", "inferred", "policy")
        if by_basis[basis]
    )
    items = len({item.criterion for item in found if item.criterion})
    key = "report.cover.unattested" if items else "report.cover.unattested_whole"
    text = say(key, lang, count=len(found), groups=groups, items=items)
    return text + _attested(context, "report.cover.attested_besides")


def _attested(context: Context, key: str) -> str:
    """How many figures count because somebody checked them, and who did."""
    found = context.assessment.attested
    organisations = context.listed(dict.fromkeys(one.attestation.organisation for one in found))
    return say(key, context.lang, count=len(found), organisations=organisations) if found else ""


def evidence_note(context: Context) -> str:
    """By which ruleset, scheme and dossier this was computed."""
    made = context.assessment
    return say(
        "report.cover.computed_from",
        context.lang,
        ruleset=f"{made.ruleset.id} {made.ruleset.version}",
        scheme=f"{made.scheme.id} {made.scheme.version}",
        hash=made.ruleset.sha256[:12],
    )
