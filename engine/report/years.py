"""The scored years side by side: their scores, and every indicator's value and ratio in each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportlab.platypus import Flowable

from engine.assess.results import CriterionResult, Interval, Shown, Status, YearResult
from engine.language import to_text
from engine.report.context import Context
from engine.report.flow import Captioned, Item, Para, Part, space
from engine.report.plots import SHADES, Series, YearLines
from engine.report.style import ACCENT, AMBER, INK, MUTED, RED, SMALL, WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Rich, Span
from engine.ruleset.methods import Choose
from engine.texts import say

_NUMBER, _REFERENCE = 44.0, 66.0


def year_scores(context: Context) -> Part | None:
    """Every scored year: score, capped score, whether anything is lacking and what."""
    lang, years = context.lang, context.assessment.years
    if not years:
        return None
    wide = 84.0
    columns = [
        Column(say("report.years.year", lang), 56),
        Column(say("report.years.score", lang), 112, "right"),
        Column(say("report.years.capped", lang), 100, "right"),
        Column("", 12),
        Column(say("report.years.complete", lang), wide),
        Column(say("report.years.lacking", lang), WIDTH - 56 - 112 - 100 - 12 - wide),
    ]
    rows = [_year_row(context, year) for year in years]
    intro = Para(say("report.years.intro", lang, max=context.number(context.assessment.score_max)))
    return say("report.years.title", lang, count=len(years)), [intro, HeavyTable(columns, rows), space(2), *_lines(context)]


class _Pair(Flowable):
    """Two charts beside each other."""

    def __init__(self, left: YearLines, right: YearLines) -> None:
        super().__init__()
        self._left, self._right = left, right
        self.width, self.height = WIDTH, max(left.height, right.height)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the charts."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw both."""
        self._left.draw_at(self.canv, 0.0)
        self._right.draw_at(self.canv, self._left.width)


def _lines(context: Context) -> list[Flowable]:
    """The scores of the years, and every dimension's share of its reference, as lines; nothing for a single year."""
    lang, years = context.lang, context.assessment.years
    if len(years) < 2:
        return []
    names = [str(year.year) for year in years]
    scores = [
        Series(say(f"report.years.{key}", lang), tuple(map(_known, found)), tuple(map(context.score, found)), colour, dashed)
        for key, found, colour, dashed in (
            ("uncapped", [year.score for year in years], ACCENT, False),
            ("capped_name", [year.capped for year in years], MUTED, True),
        )
    ]
    blank = ("",) * len(years)
    shares = [
        Series(f"{first.number} {context.name(first.id)}".strip(), tuple(_share(year, first.id) for year in years), blank, shade)
        for first, shade in zip((d for d in years[-1].dimensions if d.max), (*SHADES[:5], INK, RED, *SHADES), strict=False)
    ]
    charts = _Pair(YearLines(names, scores, 0.42 * WIDTH, names=44), YearLines(names, shares, 0.58 * WIDTH, names=128))
    return [Captioned(charts, say("report.years.lines", lang))]


def _known(interval: Interval) -> float | None:
    return float(interval.low) if interval.is_point else None


def _share(year: YearResult, dimension: str) -> float | None:
    found = next(one for one in year.dimensions if one.id == dimension)
    return 100 * float(found.contribution.low / found.max) if found.max and found.contribution.is_point else None


def _year_row(context: Context, year: YearResult) -> Row:
    word = say("report.years.whole" if year.complete else "report.years.incomplete", context.lang)
    status = Status.MET if year.complete else Status.UNDETERMINED
    colour = ACCENT if year.complete else AMBER
    state = (Span("", colour=colour, mark=status.value), Span(word, bold=True, colour=colour))
    lacking = context.listed(context.numbered(name) for name in year.lacking)
    cells: tuple[Rich, ...] = (
        Span(str(year.year), bold=True),
        Span(context.score(year.score), bold=True),
        context.score(year.capped),
        "",
        state,
        lacking,
    )
    return Row(cells)


def years_line(context: Context) -> str:
    """The scores of all years in one line."""
    lang = context.lang
    return say("report.overview.clause_separator", lang).join(
        say("report.years.of_year", lang, year=year.year, score=context.score(year.score), capped=context.score(year.capped))
        + ("" if year.complete else say("report.years.incomplete_note", lang))
        for year in context.assessment.years
    )


def year_values(context: Context) -> Part | None:
    """Every item that scores, its reference, and its value and points in each year."""
    lang, years = context.lang, context.assessment.years
    if not years:
        return None
    width = 82.0
    title = WIDTH - _NUMBER - _REFERENCE - width * len(years)
    columns = [
        Column(say("report.table.number", lang), _NUMBER),
        Column(say("report.years.item", lang), title),
        Column(say("report.years.reference", lang), _REFERENCE, "right"),
        *(Column(str(year.year), width, "right") for year in years),
    ]
    by_year = [(year, {criterion.id: criterion for criterion in year.criteria}) for year in years]
    rows: list[Row] = []
    for dimension in context.assessment.dimensions:
        if not dimension.raw_max:
            continue
        rows.append(Row((f"{dimension.number} {context.name(dimension.id)}".strip(),), kind="group", spans=(len(columns),)))
        members = [c for c in context.assessment.criteria if c.dimension == dimension.id and c.max]
        rows += [_item_row(context, member.id, by_year) for member in members]
    notes: list[Rich] = [say("report.years.values_note", lang)]
    notes += [_lacking_note(context, year) for year in years if not year.complete]
    body = [Para(say("report.years.values_intro", lang)), HeavyTable(columns, rows), space(1), *(Item(note, type=SMALL) for note in notes)]
    return say("report.years.values", lang), [*body, space(2)]


def _item_row(context: Context, name: str, by_year: Sequence[tuple[YearResult, Mapping[str, CriterionResult]]]) -> Row:
    """One item over the years."""
    results = [found[name] for _, found in by_year]
    group = isinstance(context.programme.criteria[name].method, Choose)
    title = Span(context.name(name), bold=True) if group else context.name(name)
    reference = next((context.shown(shown) for result in results for name, shown in result.limits if name == "reference"), "")
    cells = tuple(_cell(context, found[name], group, idle=context.idle(name, year.lacking)) for year, found in by_year)
    return Row((results[0].number, title, reference, *cells))


def _cell(context: Context, result: CriterionResult, group: bool, idle: bool) -> Rich:
    """Value, and below it the points; a group shows its points only, and an open member that it does without nothing."""
    lang = context.lang
    if idle and result.status is Status.UNDETERMINED:
        return Span("—", colour=MUTED)
    if result.status is Status.NOT_APPLICABLE:
        return Span(context.word("not_applicable"), colour=MUTED)
    points = _points(context, result.points)
    if group:
        return Span(points, bold=True, colour=AMBER if result.status is Status.UNDETERMINED else ACCENT)
    value = _value(context, result)
    if value is None:
        return (Span(say("report.indicators.missing", lang), colour=AMBER), Span(f"\n{points}", colour=MUTED))
    return (Span(context.shown(value)), Span(f"\n{points}", colour=MUTED))


def _value(context: Context, result: CriterionResult) -> Shown | None:
    shown = result.verified if context.verified else result.declared
    return shown if shown is not None and shown.value is not None else None


def _points(context: Context, points: Interval) -> str:
    if points.high is None:
        return say("report.years.open", context.lang, low=to_text(points.low, 2))
    return context.interval(points)


def year_sheets(context: Context) -> list[Part]:
    """The official sheet of every year: each indicator with its unit, its value, and what is said of it."""
    return [_year_sheet(context, year) for year in context.assessment.years]


def _year_sheet(context: Context, year: YearResult) -> Part:
    lang = context.lang
    columns = [
        Column(say("report.table.number", lang), _NUMBER),
        Column(say("report.years.item", lang), WIDTH - _NUMBER - 62 - 78 - 190),
        Column(say("report.years.unit", lang), 62),
        Column(say("report.years.data", lang), 78, "right"),
        Column(say("report.years.said", lang), 190),
    ]
    rows: list[Row] = []
    for dimension in year.dimensions:
        members = [criterion for criterion in year.criteria if criterion.dimension == dimension.id]
        if members:
            rows.append(Row((f"{dimension.number} {context.name(dimension.id)}".strip(),), kind="group", spans=(5,)))
            rows += [_sheet_row(context, criterion) for criterion in members]
    intro = say("report.years.sheet_intro", lang, year=year.year, score=context.score(year.score), capped=context.score(year.capped))
    return say("report.years.sheet", lang, year=year.year), [Para(intro), HeavyTable(columns, rows), space(2)]


def _sheet_row(context: Context, criterion: CriterionResult) -> Row:
    shown = _value(context, criterion)
    number = shown.number if shown is not None else None
    unit = context.unit(shown.unit) if shown is not None and number is not None else "—"
    data = Span("—", colour=MUTED) if shown is None else Span(context.plain(shown))
    return Row((criterion.number, context.name(criterion.id), unit, data, context.reason(criterion.reason)))


def _lacking_note(context: Context, year: YearResult) -> Rich:
    """What a year lacks, each with its reason."""
    lang = context.lang
    found = [criterion for criterion in year.criteria if criterion.id in year.lacking]
    items = say("report.overview.clause_separator", lang).join(
        say("report.years.lacks", lang, item=context.numbered(c.id), why=context.reason(c.reason)) for c in found
    )
    return (Span(say("report.years.of", lang, year=year.year), bold=True), Span(items))
