"""The levels: each with its index, what it takes, and the limiting indicators; below, the index of each dimension."""

from __future__ import annotations

from reportlab.platypus import Flowable

from engine.assess.results import LevelResult, Status
from engine.report.context import Context, score_places
from engine.report.flow import Para, Part, space
from engine.report.style import WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Rich, Span
from engine.texts import say


def levels(context: Context) -> Part | None:
    """The table of indices and limiting indicators; nothing where the standard has no levels."""
    lang, made = context.lang, context.assessment
    if not made.levels:
        return None
    widths = {"level": 170.0, "index": 84.0, "takes": 50.0, "holds": 60.0}
    columns = [
        Column(say("report.levels.level", lang), widths["level"]),
        Column(say("report.levels.index", lang), widths["index"], "right"),
        Column(say("report.levels.takes", lang), widths["takes"], "right"),
        Column(say("report.levels.limiting", lang), WIDTH - sum(widths.values())),
        Column(say("report.levels.holds", lang), widths["holds"]),
    ]
    body: list[Flowable] = [Para(say("report.levels.intro", lang)), HeavyTable(columns, [_row(context, level) for level in made.levels])]
    if made.score_max < 100:
        most = max((level.mark for level in made.levels if level.mark is not None), default=made.score_max)
        if most > made.score_max:
            text = say("report.levels.out_of_reach", lang, max=context.number(made.score_max), mark=context.number(most))
            body.append(Para(text))
    return say("report.levels.title", lang), [*body, space(2), *_by_dimension(context), space(2)]


def _row(context: Context, level: LevelResult) -> Row:
    cells: tuple[Rich, ...] = (
        Span(context.programme.tier_title(level.level, context.lang), bold=True),
        context.interval(level.index, score_places(level.index, level.mark)),
        "—" if level.mark is None else context.number(level.mark),
        _limiting(context, level),
        context.status(Status.MET if level.reached else Status.UNDETERMINED if level.possible else Status.NOT_MET),
    )
    return Row(cells)


def _limiting(context: Context, level: LevelResult) -> str:
    """The items that miss the level or may, or that all reach it."""
    lang = context.lang
    parts = [
        say(f"report.levels.{key}", lang, names=context.listed(context.numbered(name) for name in names))
        for key, names in (("barred", level.barred_by), ("open", level.open_by))
        if names
    ]
    return say("report.overview.clause_separator", lang).join(parts) or say("report.levels.all_reach", lang)


def _by_dimension(context: Context) -> list[Flowable]:
    """The index of each dimension for every level."""
    lang, made = context.lang, context.assessment
    indices = {level.level: dict(level.dimensions) for level in made.levels}
    columns = [
        Column(say("report.levels.by_class", lang), WIDTH - 90.0 * len(indices)),
        *(Column(say("report.levels.mark", lang, level=level.level), 90.0, "right") for level in made.levels),
    ]
    rows = []
    for dimension in made.dimensions:
        if dimension.raw_max:
            name = f"{dimension.number} {context.name(dimension.id)}".strip()
            found = [indices[level.level].get(dimension.id) for level in made.levels]
            rows.append(Row((name, *(context.word("not_applicable") if index is None else context.interval(index) for index in found))))
    return [HeavyTable(columns, rows)]
