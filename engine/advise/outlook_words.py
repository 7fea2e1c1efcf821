"""The outlook of a dossier in words, from templates only."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from engine.advise.calendar import Calendar, Lapse
from engine.advise.changes import Change
from engine.advise.cliffs import Cliff, MarkDistance
from engine.advise.information import Missing, Supplied
from engine.advise.meters import Meter
from engine.advise.sentences import change_title, shown_text
from engine.advise.stability import Flip, Stability, Swing
from engine.assess.results import Interval, Shown
from engine.assess.sentences import comparison_text, number_apart, number_text, show
from engine.dossier.schema import Dossier
from engine.language import to_text
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Column
from engine.texts import say

HUNDRED = 100
NAMED = 6
"""So many values are named in one sentence."""


def percent(share: Fraction) -> str:
    """A share as a percentage with its sign, never rounded to nothing."""
    return _signed(share * HUNDRED, 1 if abs(share) * HUNDRED >= 1 else None) + "%"


def _signed(number: Fraction, places: int | None = None) -> str:
    text = number_apart(number, (Fraction(0),), places)
    return text if number <= 0 else f"+{text}"


def meter_title(meter: Meter, programme: Programme, lang: str) -> str:
    """What people call a measured value: an input, or a column of a table with the codes of its rows."""
    if not meter.column:
        return programme.title(meter.name, lang)
    table = programme.tables[meter.name]
    columns = {column.column: column for column in table.columns}
    key = say("cli.comma", lang).join(_code_title(columns[name], text, programme, lang) for name, text in meter.key if text)
    parts = {"table": table.title.in_(lang), "column": columns[meter.column].title.in_(lang), "rows": key}
    return say("advise.outlook.rows" if key else "advise.outlook.column", lang, **parts)


def _code_title(column: Column, text: str, programme: Programme, lang: str) -> str:
    if text in column.choices:
        return column.choices[text].in_(lang)
    reference = programme.references.get(column.reference or "")
    return reference.title_of(text, lang) if reference and text in reference.rows else text


# --- missing things ---


def missing_title(missing: Missing, programme: Programme, dossier: Dossier, lang: str) -> tuple[str, str]:
    """The printed number and the title of what is missing."""
    if missing.kind == "table":
        return "", programme.tables[missing.item].title.in_(lang)
    return change_title(_as_change(missing), programme, dossier, lang)


def _as_change(missing: Missing, text: str = "") -> Change:
    return Change(missing.kind, missing.item, Fraction(0), text)


def missing_sentence(missing: Missing, lang: str) -> str:
    """What is missing of it, and how many items wait for it."""
    what = say(f"advise.outlook.missing.{missing.kind}", lang)
    return what if len(missing.opens) < 2 else what + say("advise.outlook.opens", lang, count=len(missing.opens))


def narrows_text(missing: Missing, lang: str) -> str:
    """By how much it narrows the score."""
    if missing.kind == "table":
        return "—"
    return say("advise.outlook.unbounded", lang) if missing.narrows is None else number_text(missing.narrows, 2)


def settles_sentence(missing: Missing, programme: Programme, lang: str) -> str:
    """Whether it alone settles the determination: in every way, in some, or in none."""
    if not missing.ways:
        return say("advise.outlook.not_guessed", lang)
    if not missing.settling:
        return say("advise.outlook.settles_nothing", lang)
    ways = say("cli.separator", lang).join(_way(missing, way, programme, lang) for way in missing.settling[:NAMED])
    return say("advise.outlook.settles" if missing.settles else "advise.outlook.may_settle", lang, ways=ways)


def _way(missing: Missing, way: Supplied, programme: Programme, lang: str) -> str:
    outcome = result_text(way.outcome, way.tier, programme, lang)
    if not way.text:
        return outcome
    text = say(f"statuses.{way.text}", lang) if way.text in ("yes", "no") else shown_text(way.text, _as_change(missing), programme, lang)
    return say("advise.outlook.way", lang, text=text, outcome=outcome)


def result_text(outcome: str, tier: str | None, programme: Programme, lang: str) -> str:
    """An outcome with its tier."""
    return " · ".join(filter(None, (say(f"statuses.outcome.{outcome}", lang), programme.tier_title(tier, lang))))


# --- distances ---


def edge_text(cliff: Cliff, programme: Programme, lang: str) -> str:
    """The edge: what it is called, and its figure."""
    name = say("advise.outlook.step", lang) if cliff.kind == "step" else comparison_text(cliff.kind, lang)
    return f"{name} {show(cliff.edge, lang, programme, _numbers(cliff.value))}"


def value_text(cliff: Cliff, programme: Programme, lang: str) -> str:
    """The value as it is; never like an edge that it misses."""
    return show(cliff.value, lang, programme, _numbers(cliff.edge))


def _numbers(shown: Shown) -> tuple[Fraction, ...]:
    return () if shown.number is None else (shown.number,)


def distance_text(cliff: Cliff, programme: Programme, lang: str) -> str:
    """How far the edge is, in the value's unit and in per cent."""
    if not cliff.distance:
        return say("advise.outlook.at_edge", lang)
    shown = cliff.value._replace(value=cliff.distance * cliff.value.factor)
    sign = "+" if cliff.distance > 0 else ""
    text = sign + show(shown, lang, programme, (Fraction(0),))
    if cliff.value.unit == "%":
        text = say("advise.outlook.points", lang, points=text.removesuffix("%"))
    return text if cliff.share is None else say("advise.outlook.distance", lang, distance=text, percent=percent(cliff.share))


def side_text(cliff: Cliff, lang: str) -> str:
    """Whether the value is on the good side."""
    return say("advise.outlook.kept" if cliff.good else "advise.outlook.missed", lang)


def mark_sentence(mark: MarkDistance, programme: Programme, lang: str) -> str:
    """How far the total is ahead of a mark or short of it."""
    name = {"mark": say("report.cover.mark", lang), "level": say("report.levels.mark", lang, level=mark.name)}.get(mark.kind, "")
    name = name or programme.tier_title(mark.name, lang) or mark.name
    return say("advise.outlook.mark", lang, name=name, mark=number_text(mark.mark), ahead=_ahead(mark.ahead))


def _ahead(ahead: Interval) -> str:
    low = _signed(ahead.low, 2)
    if ahead.is_point:
        return low
    return f"{low} ~ " + ("∞" if ahead.high is None else _signed(ahead.high, 2))


# --- stability ---


def stability_sentence(stability: Stability, programme: Programme, lang: str) -> str:
    """Stable or fragile, in one sentence with the names of the values that decide."""
    error = number_text(stability.margin.error * HUNDRED)
    if stability.stable is None:
        return say("advise.outlook.unmeasured", lang)
    if stability.stable:
        return say("advise.outlook.stable", lang, error=error, count=len(stability.swings))
    names = _listed((meter_title(swing.meter, programme, lang) for swing in stability.fragile), lang)
    return say("advise.outlook.fragile", lang, error=error, count=len(stability.fragile), total=len(stability.swings), names=names)


def _listed(names: Iterable[str], lang: str) -> str:
    names = list(names)
    more = [say("advise.outlook.more", lang, count=len(names) - NAMED)] if len(names) > NAMED else []
    return say("cli.comma", lang).join((*names[:NAMED], *more))


def flip_sentence(flip: Flip, programme: Programme, lang: str) -> str:
    """From which error on the determination changes, and to what."""
    outcome = result_text(flip.outcome, flip.tier, programme, lang)
    moved = percent(flip.factor - 1)
    if not flip.after:
        return say("advise.outlook.flip_rows", lang, percent=moved, outcome=outcome)
    return say("advise.outlook.flip", lang, percent=moved, after=flip.after, outcome=outcome)


def swing_text(swing: Swing, lang: str) -> str:
    """The scores that the error of a value leads to."""
    high = "∞" if swing.high is None else to_text(swing.high, 2)
    return to_text(swing.low, 2) if swing.low == swing.high else f"{to_text(swing.low, 2)} ~ {high}"


# --- calendar ---


def calendar_sentence(calendar: Calendar, programme: Programme, lang: str) -> str:
    """From which day on today's outcome no longer stands, and by which document."""
    first = calendar.first
    if first is None:
        return say("advise.outlook.no_lapse" if calendar.lapses else "advise.outlook.no_end", lang)
    said = {"day": first.day, "documents": say("cli.comma", lang).join(first.documents)}
    return say("advise.outlook.lapse", lang, **said, outcome=result_text(first.outcome, first.tier, programme, lang))


def lapse_items(lapse: Lapse, programme: Programme, lang: str) -> str:
    """The items that lapse on a day."""
    if not lapse.items:
        return say("advise.outlook.nothing_lapses", lang)
    return _listed((numbered(item, programme, lang) for item in lapse.items), lang)


def numbered(item: str, programme: Programme, lang: str) -> str:
    """An item's printed number and title."""
    demand = programme.gates.get(item) or programme.criteria.get(item)
    number = demand.number if demand else None
    return f"{number} {programme.title(item, lang)}" if number else programme.title(item, lang)
