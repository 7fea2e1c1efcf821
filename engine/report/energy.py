"""Energy by carrier and by month, where the dossier has its energy month by month: the parts of the total that was assessed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from engine.assess.breakdown import breakdown
from engine.report.context import Context
from engine.report.flow import Captioned, Para, Part, space
from engine.report.forms import Chart, charts
from engine.report.plots import PARTS, Mix, Months, Share
from engine.texts import say

_ZERO = Fraction(0)
_Group = tuple[str, tuple[str, ...]]
"""A part of the whole as it is drawn: its name, and the carriers that it stands for."""


def energy(context: Context) -> Part | None:
    """The mix of energy and its course over the year; nothing where the total is not known."""
    lang, chart = context.lang, charts()["energy"]
    parts = breakdown(context.assessment, context.programme, context.dossier, chart.indicator, chart.by, chart.along)
    result = next((one for one in context.assessment.indicators if one.id == chart.indicator), None)
    if not parts or result is None:
        return None
    sums: dict[str, Fraction] = {}
    for (carrier, _), value in parts.items():
        sums[carrier] = sums.get(carrier, _ZERO) + value
    if min(sums.values()) < 0 or not sum(sums.values()):
        return None  # a net supply to others is no share of a whole
    groups = _groups(context, chart, sums)
    unit = context.unit(result.value.unit)
    intro = say("report.energy.intro", lang, total=context.shown(result.value), name=context.name(chart.indicator))
    months = Captioned(Months(_columns(context, groups, parts)), say("report.energy.caption", lang, unit=unit))
    return say("report.energy.title", lang), [Para(intro), Mix(_shares(context, groups, sums, unit)), space(2), months]


def _groups(context: Context, chart: Chart, sums: Mapping[str, Fraction]) -> list[_Group]:
    """The carriers by size, the smallest ones together where there are more than shades."""
    ordered = sorted(sums, key=lambda carrier: -sums[carrier])
    most = len(ordered) if len(ordered) <= PARTS else PARTS - 1
    groups: list[_Group] = [(_title(context, chart, carrier), (carrier,)) for carrier in ordered[:most]]
    rest = tuple(ordered[most:])
    return [*groups, (say("report.energy.other", context.lang), rest)] if rest else groups


def _title(context: Context, chart: Chart, carrier: str) -> str:
    column = next(column for column in context.programme.tables[chart.table].columns if column.column == chart.by)
    reference = context.programme.references.get(column.reference or "")
    return reference.title_of(carrier, context.lang) if reference else carrier


def _shares(context: Context, groups: list[_Group], sums: Mapping[str, Fraction], unit: str) -> list[Share]:
    whole = sum(sums.values(), _ZERO)
    shares = []
    for name, carriers in groups:
        value = sum((sums[carrier] for carrier in carriers), _ZERO)
        said = f"{context.number(value, 2)} {unit}　{context.number(100 * value / whole, 1)}%"
        shares.append(Share(name, said, float(value / whole)))
    return shares


def _columns(context: Context, groups: list[_Group], parts: Mapping[tuple[str, str], Fraction]) -> list[tuple[str, str, list[float]]]:
    columns = []
    for month in sorted({month for _, month in parts}):
        values = [sum((parts.get((carrier, month), _ZERO) for carrier in carriers), _ZERO) for _, carriers in groups]
        name = say("report.energy.month", context.lang, month=int(month[-2:])) if month[-2:].isdigit() else month
        columns.append((name, context.number(sum(values, _ZERO), 0), [float(value) for value in values]))
    return columns
