"""Signals in words, Chinese or English, from templates only."""

from __future__ import annotations

from fractions import Fraction

from engine.assess.results import Names, Shown
from engine.assess.sentences import number_text, show, title
from engine.language import to_text
from engine.rounds.screen.inspection import Inspection
from engine.rounds.screen.settings import ScreenRatio
from engine.rounds.screen.signal import Said, Signal
from engine.ruleset.programme import Programme
from engine.texts import say

PLACES, NAMED = 2, 3
"""Points print with so many places; of the items that rest on something so many are named, the JSON form has all of them."""


def signal_sentence(signal: Signal, ratios: tuple[ScreenRatio, ...], lang: str = "zh") -> str:
    """What a screen noticed, with its counts and values."""
    params: dict[str, object] = {name: _text(value, signal, lang) for name, value in signal.params}
    return say(f"screening.signal.{signal.code}", lang, items=item_titles(signal, ratios, lang), **params)


def innocent_sentence(signal: Signal, lang: str = "zh") -> str:
    """Why it may be innocent; empty where there is nothing to say."""
    return say(f"screening.innocent.{signal.innocent}", lang) if signal.innocent else ""


def item_titles(signal: Signal, ratios: tuple[ScreenRatio, ...], lang: str) -> str:
    """What people call the elements that a signal is about."""
    separator = "、" if lang == "zh" else ", "
    return separator.join(_title(name, signal, ratios, lang) for name in signal.items)


def inspection_sentence(one: Inspection, lang: str = "zh") -> str:
    """Why an item is worth inspecting: what a decision would lose, what other screens noticed, what checking costs."""
    programme = one.programme
    assert programme is not None
    params = {
        "item": title(one.name, programme, lang),
        "before": say(f"statuses.outcome.{one.before.outcome}", lang),
        "after": say(f"statuses.outcome.{one.after.outcome}", lang),
        "from_tier": programme.tier_title(one.before.tier, lang) or "—",
        "to_tier": programme.tier_title(one.after.tier, lang) or "—",
        "low": to_text(one.before.total.low, PLACES),
        "left": to_text(one.after.total.low, PLACES),
        "points": to_text(one.points, PLACES),
        "edge": to_text(one.edge, PLACES) if one.edge is not None else "—",
    }
    text = say(f"screening.inspection.{one.change}_{one.kind}", lang, **params)
    if one.resting:
        text += say("screening.inspection.resting", lang, count=len(one.resting), items=_several(one.resting, programme, lang))
    if one.signals:
        codes = dict.fromkeys(code.split("_")[0] for code in one.signals)
        named = ("、" if lang == "zh" else ", ").join(say(f"screening.screen.{code}", lang) for code in codes)
        text += say("screening.inspection.signals", lang, screens=named)
    if one.cost is not None:
        text += say("screening.inspection.cost", lang, cost=number_text(one.cost))
    return text


def _several(names: tuple[str, ...], programme: Programme, lang: str) -> str:
    """The first few by their titles."""
    shown = ("、" if lang == "zh" else ", ").join(title(name, programme, lang) for name in names[:NAMED])
    return f"{shown} …" if len(names) > NAMED else shown


def _title(name: str, signal: Signal, ratios: tuple[ScreenRatio, ...], lang: str) -> str:
    of_ratio = next((ratio.title.in_(lang) for ratio in ratios if ratio.ratio == name), None)
    if of_ratio is not None or signal.programme is None:
        return of_ratio or name
    return title(name, signal.programme, lang)


def _text(value: Said, signal: Signal, lang: str) -> str:
    if isinstance(value, Fraction):
        return number_text(value)
    if isinstance(value, Shown):
        assert signal.programme is not None
        return show(value, lang, signal.programme)
    if isinstance(value, Names):
        assert signal.programme is not None
        return ("、" if lang == "zh" else ", ").join(title(name, signal.programme, lang) for name in value)
    return value
