"""What papers need of an assessment as JSON: its items, points and score as they print. Nothing is counted again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from engine.assess.results import Interval
from engine.assess.sentences import interval_text, score_text
from engine.language import to_text
from engine.rounds.book import Application
from engine.texts import say

Item = Mapping[str, Any]
POINT_PLACES = 2
_KEPT = 65_536
"""So many numbers are kept as fractions: most items of a round share a few."""
_LOST = "below_mark"
_WORDS = frozenset({"yes", "no", "met", "not_met", "scored", "not_applicable", "undetermined", "not_detected"})


def ruleset_of(application: Application) -> str:
    """The id of the ruleset by which an application was assessed; its standard where it was not."""
    result = application.result
    return str(result["assessment"]["ruleset"]["id"]) if result else application.standard


def items(application: Application) -> Iterator[Item]:
    """Every gate, then every criterion of a result."""
    if application.result is not None:
        yield from application.result["gates"]
        yield from application.result["criteria"]


def not_met(application: Application) -> list[Item]:
    """The items that are not met; where the score misses the mark, the scored ones that lose points as well."""
    result = application.result
    codes = {reason["code"] for reason in result["determination"]["reasons"]} if result else set()
    return [item for item in items(application) if item["status"] == "not_met" or (_LOST in codes and loses(item))]


def still_open(application: Application) -> list[Item]:
    """The items that are undetermined."""
    return [item for item in items(application) if item["status"] == "undetermined"]


def loses(item: Item) -> bool:
    """Whether a scored item earns less than it might."""
    points = item.get("points")
    return item["status"] == "scored" and points is not None and ends(points) != Interval(most := exactly(points["max"]), most)


def is_graded(item: Item) -> bool:
    """Whether an item enters the indices of levels: its points count levels, which people do not call points."""
    return "limiting" in item


def earned(item: Item, lang: str) -> str:
    """What an item earns of what it might, as it prints; the level where levels are assessed, a dash where nothing is to be earned."""
    points = item.get("points")
    if is_graded(item):
        return say("statuses.level", lang, level=item["level"]) if item.get("level") else "—"
    if points is None or not exactly(points["max"]):
        return "—"
    return f"{interval_text(ends(points), POINT_PLACES, lang)} / {to_text(exactly(points['max']), POINT_PLACES)}"


@lru_cache(maxsize=_KEPT)
def exactly(text: str) -> Fraction:
    """A number by its text, ``p/q`` or decimal."""
    return Fraction(text)


def ends(plain: Mapping[str, Any]) -> Interval:
    """Both ends of an interval, exactly."""
    exact = plain.get("exact", {})
    low, high = exact.get("low", plain["low"]), exact.get("high", plain["high"])
    return Interval(exactly(low), None if high is None else exactly(high))


def mark_of(application: Application) -> Fraction | None:
    """What the score must come to, where the scheme says so."""
    mark = application.result["score"]["mark"] if application.result else None
    return None if mark is None else Fraction(mark)


def most_of(application: Application) -> Fraction:
    """The most the score can be; 0 where nothing is scored."""
    return Fraction(application.result["score"]["max"]) if application.result else Fraction(0)


def score_of(application: Application, lang: str) -> str:
    """The score as it prints; a dash where there is none."""
    if application.score is None or not most_of(application):
        return "—"
    return score_text(application.score, mark_of(application), lang)


def severe(application: Application) -> list[Item]:
    """The vetoes and the nonconformities that the rules concluded for certain."""
    found = application.result["findings"] if application.result else ()
    return [finding for finding in found if finding["severity"] in ("veto", "major", "minor") and not finding["open"]]


def reasons(application: Application, lang: str) -> list[str]:
    """Why the determination is what it is, a sentence each."""
    return [str(reason[lang]) for reason in application.result["determination"]["reasons"]] if application.result else []


def value_word(text: str, lang: str) -> str:
    """A value that the office found, as people read it: answers and statuses by their words, everything else as it was written."""
    if not text:
        return "—"
    return say(f"statuses.{text}", lang) if text in _WORDS else text
