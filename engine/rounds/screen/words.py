"""Signals in words, Chinese or English, from templates only."""

from __future__ import annotations

from fractions import Fraction

from engine.assess.results import Names, Shown
from engine.assess.sentences import number_text, show, title
from engine.rounds.screen.settings import ScreenRatio
from engine.rounds.screen.signal import Said, Signal
from engine.texts import say


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
