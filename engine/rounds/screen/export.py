"""Screening as plain data for JSON, and as rows of a sheet."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.assess.results import Names, Shown
from engine.assess.sentences import title
from engine.language import to_json_number, to_text
from engine.rounds.screen.inspection import Inspection
from engine.rounds.screen.run import Screening
from engine.rounds.screen.signal import Said, Signal
from engine.rounds.screen.words import PLACES, innocent_sentence, inspection_sentence, item_titles, signal_sentence
from engine.texts import say

HEAD = ("screen", "severity", "numbers", "applicants", "items", "sentence", "innocent")
"""The columns of the sheet of signals, in their order."""
INSPECTION_HEAD = ("place", "number", "applicant", "item", "change", "points", "reason")
"""The columns of the sheet of inspections, in their order."""


def screening_plain(screening: Screening) -> dict[str, Any]:
    """Screening as the JSON object of docs/screening.md; numbers are decimal strings, with the exact fraction where those are rounded."""
    return {
        "settings": screening.version,
        "cases": screening.cases,
        "history": screening.history,
        "signals": [_signal(signal, screening) for signal in screening.signals],
        "inspections": [_inspection(one) for one in screening.inspections],
    }


def _signal(signal: Signal, screening: Screening) -> dict[str, Any]:
    return {
        "screen": signal.screen,
        "code": signal.code,
        "severity": signal.severity,
        "numbers": list(signal.numbers),
        "items": list(signal.items),
        "values": {name: _plain(value) for name, value in signal.params},
        "sentence": {lang: signal_sentence(signal, screening.ratios, lang) for lang in ("zh", "en")},
        "innocent": {lang: innocent_sentence(signal, lang) for lang in ("zh", "en")} if signal.innocent else None,
    }


def _inspection(one: Inspection) -> dict[str, Any]:
    return {
        "number": one.number,
        "name": one.name,
        "kind": one.kind,
        "change": one.change,
        "outcome": [one.before.outcome, one.after.outcome],
        "tier": [one.before.tier, one.after.tier],
        "total": [_number(one.before.total.low), _number(one.after.total.low)],
        "points": _number(one.points),
        "edge": None if one.edge is None else _number(one.edge),
        "resting": list(one.resting),
        "signals": list(one.signals),
        "cost": None if one.cost is None else _number(one.cost),
        "sentence": {lang: inspection_sentence(one, lang) for lang in ("zh", "en")},
    }


def _plain(value: Said) -> Any:
    if isinstance(value, Names):
        return list(value)
    if isinstance(value, Shown):
        number = value.number
        return None if number is None else {**_number(number), "unit": value.unit}
    if isinstance(value, Fraction):
        return str(value) if value.denominator == 1 else _number(value)
    return value


def _number(value: Fraction) -> dict[str, str]:
    """A number as a decimal, and as a fraction where the decimal is rounded."""
    text = to_json_number(value)
    return {"value": text} if Fraction(text) == value else {"value": text, "exact": f"{value.numerator}/{value.denominator}"}


def signal_head(lang: str = "zh") -> list[str]:
    """The heads of the columns of :func:`signal_rows`."""
    return [say(f"screening.head.{name}", lang) for name in HEAD]


def signal_rows(screening: Screening, lang: str = "zh") -> list[list[str]]:
    """One row for each signal: screen, severity, applications and their applicants, elements, what was noticed, why it may be innocent."""
    return [
        [
            say(f"screening.screen.{signal.screen}", lang),
            say(f"screening.severity.{signal.severity}", lang),
            ", ".join(signal.numbers),
            ("、" if lang == "zh" else ", ").join(dict.fromkeys(screening.applicants.get(number, "") for number in signal.numbers)),
            item_titles(signal, screening.ratios, lang),
            signal_sentence(signal, screening.ratios, lang),
            innocent_sentence(signal, lang),
        ]
        for signal in screening.signals
    ]


def inspection_head(lang: str = "zh") -> list[str]:
    """The heads of the columns of :func:`inspection_rows`."""
    return [say(f"screening.head.{name}", lang) for name in INSPECTION_HEAD]


def inspection_rows(screening: Screening, lang: str = "zh", most: int | None = None) -> list[list[str]]:
    """One row for each item to inspect, in that order: its place, application and applicant, item, what would change, points, why.

    ``most`` is how many of them, by default all.
    """
    return [
        [
            str(i),
            one.number,
            screening.applicants.get(one.number, ""),
            title(one.name, one.programme, lang) if one.programme else one.name,
            say(f"screening.change.{one.change}", lang),
            to_text(one.points, PLACES),
            inspection_sentence(one, lang),
        ]
        for i, one in enumerate(screening.inspections[:most], 1)
    ]
