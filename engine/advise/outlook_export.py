"""The whole advice on a dossier as plain data, for JSON: numbers as decimal text, sentences in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from engine.advise import outlook_words as words
from engine.advise.calendar import Calendar, Lapse
from engine.advise.cliffs import Cliff, MarkDistance
from engine.advise.export import route_plain
from engine.advise.information import Missing
from engine.advise.outlook import Outlook
from engine.advise.route import Route
from engine.advise.stability import Flip, Stability, Swing
from engine.assess.results import Interval, Shown
from engine.dossier.schema import Dossier
from engine.language import to_json_number
from engine.ruleset.programme import Programme


def advice_json(route: Route, outlook: Outlook, programme: Programme, dossier: Dossier) -> str:
    """The advice on a dossier as JSON text."""
    plain = {"route": route_plain(route, programme, dossier), "outlook": outlook_plain(outlook, programme, dossier)}
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def outlook_plain(outlook: Outlook, programme: Programme, dossier: Dossier) -> dict[str, Any]:
    """Where a dossier stands: interval, missing things, distances, stability, calendar."""
    found = outlook.now.determination
    return {
        "outcome": found.outcome,
        "tier": found.tier,
        "settled": found.settled,
        "score": _interval(outlook.now.score),
        "missing": [_missing(one, programme, dossier) for one in outlook.missing],
        "distances": [_cliff(cliff, programme) for cliff in outlook.cliffs],
        "marks": [_mark(mark) for mark in outlook.marks],
        "stability": _stability(outlook.stability, programme),
        "calendar": _calendar(outlook.calendar, programme),
    }


def _number(value: Fraction | None) -> str | None:
    return None if value is None else to_json_number(value)


def _interval(interval: Interval) -> dict[str, str | None]:
    return {"low": _number(interval.low), "high": _number(interval.high)}


def _both(text: Callable[[str], str]) -> dict[str, str]:
    return {"zh": text("zh"), "en": text("en")}


def _missing(missing: Missing, programme: Programme, dossier: Dossier) -> dict[str, Any]:
    return {
        "kind": missing.kind,
        "item": missing.item,
        "number": words.missing_title(missing, programme, dossier, "zh")[0],
        "title": _both(lambda lang: words.missing_title(missing, programme, dossier, lang)[1]),
        "opens": list(missing.opens),
        "narrows": _number(missing.narrows),
        "settles": "always" if missing.settles else "maybe" if missing.settling else "no" if missing.ways else None,
        "ways": [
            {"text": way.text, "outcome": way.outcome, "tier": way.tier, "settles": way.settled, "score": _interval(way.score)}
            for way in missing.ways
        ],
        "sentence": _both(lambda lang: words.settles_sentence(missing, programme, lang)),
    }


def _cliff(cliff: Cliff, programme: Programme) -> dict[str, Any]:
    return {
        "item": cliff.item,
        "edge": cliff.kind,
        "direction": cliff.direction,
        "value": _shown(cliff.value),
        "at": _shown(cliff.edge),
        "distance": _number(cliff.distance),
        "unit": cliff.value.unit,
        "share": _number(cliff.share),
        "kept": cliff.good,
        "title": _both(lambda lang: programme.title(cliff.item, lang)),
    }


def _shown(shown: Shown) -> str | None:
    return _number(shown.number)


def _mark(mark: MarkDistance) -> dict[str, Any]:
    return {"kind": mark.kind, "name": mark.name, "mark": _number(mark.mark), "ahead": _interval(mark.ahead)}


def _stability(stability: Stability, programme: Programme) -> dict[str, Any]:
    source = stability.margin.source
    return {
        "error": _number(stability.margin.error),
        "default_error": None if source is None else {"basis": source.basis.value, "confidence": source.confidence},
        "stable": stability.stable,
        "assessments": stability.tried,
        "values": [_swing(swing, programme) for swing in stability.swings],
        "sentence": _both(lambda lang: words.stability_sentence(stability, programme, lang)),
    }


def _swing(swing: Swing, programme: Programme) -> dict[str, Any]:
    return {
        "value": swing.meter.id,
        "title": _both(lambda lang: words.meter_title(swing.meter, programme, lang)),
        "score": {"low": _number(swing.low), "high": _number(swing.high)},
        "changes": [_flip(flip, programme) for flip in swing.flips],
    }


def _flip(flip: Flip, programme: Programme) -> dict[str, Any]:
    return {
        "share": _number(flip.factor - 1),
        "before": flip.before,
        "after": flip.after,
        "outcome": flip.outcome,
        "tier": flip.tier,
        "score": _interval(flip.score),
        "sentence": _both(lambda lang: words.flip_sentence(flip, programme, lang)),
    }


def _calendar(calendar: Calendar, programme: Programme) -> dict[str, Any]:
    return {
        "lapses_on": None if calendar.first is None else calendar.first.day,
        "by": [] if calendar.first is None else list(calendar.first.documents),
        "expired": list(calendar.expired),
        "days": [_lapse(lapse) for lapse in calendar.lapses],
        "sentence": _both(lambda lang: words.calendar_sentence(calendar, programme, lang)),
    }


def _lapse(lapse: Lapse) -> dict[str, Any]:
    return {
        "day": lapse.day,
        "documents": list(lapse.documents),
        "items": list(lapse.items),
        "outcome": lapse.outcome,
        "tier": lapse.tier,
        "score": _interval(lapse.score),
        "stands": lapse.stands,
    }
