"""The words of a comparison: what a change is about, where in its element, and what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.ruleset.diff import Change
from engine.ruleset.flatten import Leaf
from engine.ruleset.schema import Words
from engine.texts import LANGUAGES, say

_ALONE = re.compile(r"(?:limits|bases)\[0\]")
"""The place of the first item of a list of alternatives, which most often is the only one."""


def change_words(change: Change, lang: str) -> str:
    """What a change is about and where, in words; what has no word of its own goes by its name in the file."""
    parts = (_part(part, lang) for part in change.place.split(".") if not _ALONE.fullmatch(part))
    return " ".join(filter(None, (change_label(change.what, lang), *parts)))


def change_label(what: str, lang: str) -> str:
    """What a change is about, in words; a field without a word of its own goes by its name in the file."""
    return _said((f"diff.what.{what}",), what, lang)


def change_sides(change: Change, lang: str) -> tuple[str, str]:
    """What stood and what stands there, empty where nothing does; texts that read alike in a language are told in the other."""
    before, after = (_leaf(leaf, change, lang) for leaf in (change.before, change.after))
    if before == after and isinstance(change.before, Words) and isinstance(change.after, Words):
        other = next(one for one in LANGUAGES if one != lang)
        return change.before.in_(other), change.after.in_(other)
    return before, after


def _part(part: str, lang: str) -> str:
    keys = (f"diff.part.{part}", f"statuses.comparison.{part}", f"statuses.outcome.{part}", f"explain.figure.{part}", f"diff.what.{part}")
    return _said(keys, part, lang)


def _leaf(leaf: Leaf | None, change: Change, lang: str) -> str:
    if isinstance(leaf, bool):
        return say("statuses.yes" if leaf else "statuses.no", lang)
    if not isinstance(leaf, str):
        return "" if leaf is None else leaf.in_(lang)
    field = change.place.rpartition(".")[2] or change.what
    if not _vocabulary(field, leaf):
        return leaf
    return say("diff.separator", lang).join(_said(_vocabulary(field, word), word, lang) for word in leaf.split(", "))


def _vocabulary(field: str, word: str) -> tuple[str, ...]:
    """Where a word of a closed vocabulary stands in the texts, by the field that holds it; nowhere for fields that hold any text."""
    match field:
        case "basis":
            return (f"statuses.figure_basis.{word}",)
        case "confidence":
            return (f"explain.sure.{word}",)
        case "kind":
            return (f"statuses.kind.{word}",)
        case "form":
            return (f"diff.form.{word}",)
        case "severity":
            return (f"checks.severity.{word}",)
        case "method":
            return (f"statuses.method.{word}",)
        case "direction":
            return (f"handbook.direction.{word}",)
        case "any_of":
            return (f"handbook.condition.{word}",)
        case "aggregate" | "comparison" | "type":
            return (f"diff.value.{word}",)
    return ()


def _said(keys: Iterable[str], otherwise: str, lang: str) -> str:
    """The first of several texts that there is."""
    for key in keys:
        try:
            return say(key, lang)
        except KeyError:
            continue
    return otherwise
