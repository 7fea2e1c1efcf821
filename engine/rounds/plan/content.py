"""The progress of a plan in words: the content of its report, plain data, and rows for a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from engine.language import to_json_number, to_text
from engine.report.plan_progress import Bar, Difference, DueLine, Grid, NearLine, PlanProgress, state_word
from engine.rounds.plan.nurture import Item, Nearest
from engine.rounds.plan.progress import DistrictCell, DueItem, Progress, Standing
from engine.rounds.plan.schema import CITY, Plan
from engine.rounds.plan.tally import Gap, Measured
from engine.texts import say

PARTS = ("headline", "body", "work", "breakdown")
_NAMED = 3
"""So many open or lost items of an application are named."""


def plan_content(
    progress: Progress, nearest: Sequence[Nearest] = (), lang: str = "zh", *, basis: str = "", most: int | None = None
) -> PlanProgress:
    """What the report says of a plan's progress, in one language; of the ``nearest`` it names so many (``most``) at most."""
    plan = progress.plan
    groups = []
    for part in PARTS:
        bars = tuple(_bar(plan, one, lang) for one in progress.standings if one.target.part == part)
        if bars:
            groups.append((say(f"plan.part.{part}", lang), bars))
    return PlanProgress(
        title=plan.title.in_(lang),
        issuer=plan.issuer.in_(lang),
        document=plan.document,
        at=say("plan.report.at", lang, year=progress.at.year, quarter=say(f"plan.quarter.q{progress.at.quarter}", lang)),
        groups=tuple(groups),
        grids=tuple(_grid(progress, year, lang) for year in (None, *sorted({cell.year for cell in progress.cells if cell.year}))),
        due=tuple(_due(plan, one, lang) for one in progress.due),
        coming=tuple(_due(plan, one, lang) for one in progress.coming if one.due),
        differences=tuple(
            Difference(note.title.in_(lang), note.text.in_(lang), tuple(_bar(plan, one, lang) for one in standings))
            for note, standings in progress.disagreements
        ),
        nurture=tuple(_near(plan, one, lang) for one in nearest[:most]),
        unplaced=len(progress.unplaced),
        basis=basis,
        unlisted=len(nearest[most:]) if most is not None else 0,
    )


def shown(value: Fraction | None) -> str:
    """A number as it prints: two places at most."""
    if value is None:
        return "—"
    text = to_text(value, 2).rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def with_unit(text: str, unit: str) -> str:
    """A number with its unit; one that begins with a number is multiplied."""
    return f"{text} {'× ' if unit[:1].isdigit() else ''}{unit}".rstrip()


def entered_text(value: Measured, plan: Plan, lang: str) -> str:
    """A value as it was entered, unrounded, with its unit."""
    return with_unit(to_json_number(value.value), plan.measure_of[value.measure].unit.in_(lang))


def place_name(plan: Plan, place: str, lang: str) -> str:
    """What a place is called; what is no place of the plan as it is written."""
    title = plan.title_of(place)
    return title.in_(lang) if title else say("plan.city", lang) if place == CITY else place


def _bar(plan: Plan, one: Standing, lang: str) -> Bar:
    target = one.target
    unit = plan.measure_of[target.measure].unit.in_(lang) if target.measure else ""
    counted = plan.measure_of[target.measure].adds_up if target.measure else True
    when = "" if one.year is None else say("plan.report.of_year" if counted else "plan.report.by_year", lang, year=one.year)
    share = None if one.share is None else float(one.share)
    pace = None if one.pace is None or not one.wanted else float(one.pace / one.wanted)
    notes = [target.source.clause or "", target.printed or "" if lang == "zh" else "", target.note.in_(lang) if target.note else ""]
    if one.pace is not None:
        notes.append(say("plan.report.pace", lang, pace=shown(one.pace)))
    if one.lacking:
        notes.append(say("plan.report.gaps", lang, count=len(one.lacking), first=_gap(plan, one.lacking[0], lang)))
    return Bar(
        title=target.title.in_(lang) + when,
        value=with_unit(f"{shown(one.done)} / {shown(one.wanted)}", unit),
        state=one.state,
        share=share,
        pace=pace,
        due="" if one.pace is None else shown(one.pace),
        note=("；" if lang == "zh" else "; ").join(note for note in notes if note),
    )


def _gap(plan: Plan, gap: Gap, lang: str) -> str:
    when = str(gap.year) if gap.quarter is None else f"{gap.year}Q{gap.quarter}"
    return f"{place_name(plan, gap.place, lang)} {when}"


def _grid(progress: Progress, year: int | None, lang: str) -> Grid:
    """Places by measures, done and wanted, of one year or of the whole period so far; the city last."""
    plan = progress.plan
    found: dict[tuple[str, str], DistrictCell] = {(cell.measure, cell.place): cell for cell in progress.cells if cell.year == year}
    names = list(dict.fromkeys(measure for measure, _ in found))
    units = [f"{plan.measure_of[name].title.in_(lang)}\n{plan.measure_of[name].unit.in_(lang)}" for name in names]
    rows = [(place_name(plan, place, lang), *(_cell(found[name, place]) for name in names)) for place in (*plan.places[1:], CITY)]
    title = say("plan.report.by_district", lang) if year is None else say("plan.report.by_district_year", lang, year=year)
    return Grid(title, (say("plan.column.place", lang), *units), tuple(rows))


def _cell(cell: DistrictCell) -> str:
    return f"{shown(cell.done)}/{shown(cell.standing.wanted)}" if cell.standing else shown(cell.done)


def _due(plan: Plan, one: DueItem, lang: str) -> DueLine:
    item = f"{one.item.number} {one.item.title.in_(lang)}"
    return DueLine(
        item, one.milestone.action.in_(lang), one.word.title.in_(lang), one.due, tuple(_bar(plan, each, lang) for each in one.standings)
    )


def _near(plan: Plan, one: Nearest, lang: str) -> NearLine:
    notes = [
        say(f"plan.near.{key}", lang, items=_named(items, lang), count=len(items))
        for key, items in (("barred", one.barred), ("open", one.open), ("lost", one.lost))
        if items
    ]
    if one.within_reach:
        notes.append(say("plan.near.within_reach", lang))
    group = f"{say(f'statuses.subject.{one.kind}', lang)}\n{place_name(plan, one.district, lang)}"
    goal = "" if one.goal is None else f"\n{say(f'plan.near.{one.measure}', lang, goal=shown(one.goal))}"
    return NearLine(one.number, one.name, group, shown(one.low) + goal, shown(one.lacking), "\n".join(notes))


def _named(items: Sequence[Item], lang: str) -> str:
    named = [item.title(lang) + ("" if item.gain is None else f" {shown(item.gain)}") for item in items[:_NAMED]]
    return ("、" if lang == "zh" else ", ").join(named) + ("…" if len(items) > _NAMED else "")


def plan_plain(progress: Progress, nearest: Sequence[Nearest] = ()) -> dict[str, Any]:
    """The progress as plain data for JSON: numbers as decimal texts of at most twelve places."""
    return {
        "plan": progress.plan.plan,
        "at": str(progress.at),
        "targets": [_plain(one) for one in progress.standings],
        "districts": [
            {
                "measure": cell.measure,
                "place": cell.place,
                "year": cell.year,
                "done": _number(cell.done),
                "wanted": _number(cell.standing.wanted) if cell.standing else None,
                "state": cell.standing.state if cell.standing else None,
                "lacking": [list(gap) for gap in cell.lacking],
            }
            for cell in progress.cells
        ],
        "due": [_due_plain(one) for one in progress.due],
        "coming": [_due_plain(one) for one in progress.coming],
        "disagreements": [
            {"id": note.disagreement, "text": note.text.model_dump(), "targets": [_plain(one) for one in standings]}
            for note, standings in progress.disagreements
        ],
        "unplaced": [one.number or one.name for one in progress.unplaced],
        "nurture": [
            {
                "number": one.number,
                "low": _number(one.low),
                "measure": one.measure,
                "goal": _number(one.goal),
                "lacking": _number(one.lacking),
                "within_reach": one.within_reach,
                **{key: [{"id": item.id, "gain": _number(item.gain)} for item in getattr(one, key)] for key in ("barred", "open", "lost")},
            }
            for one in nearest
        ],
    }


def _number(value: Fraction | None) -> str | None:
    return None if value is None else to_json_number(value)


def _plain(one: Standing) -> dict[str, Any]:
    return {
        "target": one.target.target,
        "clause": one.target.source.clause,
        "place": one.place,
        "year": one.year,
        **{key: _number(getattr(one, key)) for key in ("done", "wanted", "share", "left", "pace")},
        "state": one.state,
        "lacking": [list(gap) for gap in one.lacking],
    }


def _due_plain(one: DueItem) -> dict[str, Any]:
    return {
        "item": one.item.item,
        "due": one.milestone.due,
        "action": one.milestone.action.model_dump(),
        "now": one.due,
        "targets": [_plain(each) for each in one.standings],
    }


def sheet_rows(progress: Progress, lang: str = "zh") -> Iterable[tuple[str | Fraction | int | None, ...]]:
    """Rows for a sheet of a workbook, the heads first: every target of the city, then every cell of the breakdown by district."""
    yield tuple(
        say(f"plan.sheet.{key}", lang) for key in ("target", "place", "year", "done", "wanted", "pace", "left", "unit", "state", "clause")
    )
    plan = progress.plan
    cells = [cell.standing for cell in progress.cells if cell.standing is not None and cell.place != CITY]
    for one in (*progress.standings, *cells):
        unit = plan.measure_of[one.target.measure].unit.in_(lang) if one.target.measure else ""
        head = one.target.title.in_(lang), place_name(plan, one.place, lang), one.year
        yield (*head, one.done, one.wanted, one.pace, one.left, unit, state_word(one.state, lang), one.target.source.clause)
