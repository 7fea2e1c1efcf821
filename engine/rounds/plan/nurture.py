"""Who is nearest to passing: applications that did not get there, by the points they lack, and what of each is still open or lost.

The goal of an application is the mark; where there is none, or it is reached without a place within the quota, the lowest score within
the quota of its kind, standard and district.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from engine.rounds.book import CERTIFY, WITHIN, Application

MARK, QUOTA, NONE = "mark", "quota", "none"
_Group = tuple[str, str, str]


class Item(NamedTuple):
    """A gate or criterion in both languages. ``gain`` is what it can still bring or has lost; None without an upper bound."""

    id: str
    number: str
    zh: str
    en: str
    gain: Fraction | None

    def title(self, lang: str) -> str:
        """Its title in one language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Nearest:
    """An application that did not get there.

    ``lacking`` are the points from its least score to the ``goal`` (``measure``: mark, quota or none), zero where only something in
    ``barred`` stands in the way; ``within_reach``: what is open would be enough. ``open`` and ``lost`` begin with the most points.
    """

    number: str
    name: str
    kind: str
    district: str
    outcome: str
    low: Fraction | None
    high: Fraction | None
    measure: str
    goal: Fraction | None
    lacking: Fraction | None
    within_reach: bool
    barred: tuple[Item, ...]
    open: tuple[Item, ...]
    lost: tuple[Item, ...]


def nurture(applications: Iterable[Application]) -> tuple[Nearest, ...]:
    """The applications with a result that did not get there, the nearest first; those whose distance is not known come last.

    ``result`` is the JSON object of docs/results.md. Among equals fewer bars come first, then the higher score, then the number.
    """
    assessed = [one for one in applications if one.result is not None]
    quota: dict[_Group, Fraction] = {}
    for one in assessed:
        low = _score(one, "low")
        if low is not None and _within_quota(one):
            quota[_group(one)] = min(low, quota.get(_group(one), low))
    near = [_nearest(one, quota.get(_group(one))) for one in assessed if not _reached(one)]
    return tuple(sorted(near, key=_order))


def _order(one: Nearest) -> tuple[bool, Fraction, int, Fraction, str]:
    return one.lacking is None, one.lacking or Fraction(0), len(one.barred), -(one.low or Fraction(0)), one.number


def _group(one: Application) -> _Group:
    return one.kind, one.standard, one.district


def _within_quota(one: Application) -> bool:
    return one.decision == CERTIFY or (not one.decision and one.place == WITHIN)


def _reached(one: Application) -> bool:
    """Whether it got there: within its quota; where nobody has ranked or decided yet, whether it passed."""
    return _within_quota(one) or (not one.decision and not one.place and one.outcome == "eligible")


def _score(one: Application, end: str) -> Fraction | None:
    return _end((one.result or {}).get("score"), end)


def _end(interval: Mapping[str, Any] | None, end: str) -> Fraction | None:
    """One end of an interval of a result, exactly."""
    if not interval:
        return None
    text = (interval.get("exact") or {}).get(end) or interval.get(end)
    return None if text is None else Fraction(text)


def _nearest(one: Application, quota: Fraction | None) -> Nearest:
    result = one.result or {}
    low, high, mark = _score(one, "low"), _score(one, "high"), _score(one, "mark")
    passed = one.outcome == "eligible"
    measure, goal = (MARK, mark) if mark is not None and not passed else (QUOTA, quota) if quota is not None else (NONE, None)
    lacking = None if goal is None or low is None else max(goal - low, Fraction(0))
    criteria = result.get("criteria", ())
    return Nearest(
        number=one.number,
        name=one.name,
        kind=one.kind,
        district=one.district,
        outcome=one.outcome,
        low=low,
        high=high,
        measure=measure,
        goal=goal,
        lacking=lacking,
        within_reach=bool(lacking) and goal is not None and low is not None and (high is None or high >= goal),
        barred=tuple(_item(each, None) for each in _bars(result)),
        open=_ordered([*(_item(gate, None) for gate in result.get("gates", ()) if _is_open(gate)), *_open(criteria)]),
        lost=_ordered([_item(each, lost) for each in criteria if (lost := _lost(each)) is not None and lost > 0]),
    )


def _is_open(judged: Mapping[str, Any]) -> bool:
    return bool(judged["status"] == "undetermined")


def _bars(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Gates and required items that are not met."""
    gates = [gate for gate in result.get("gates", ()) if gate["status"] == "not_met"]
    return gates + [each for each in result.get("criteria", ()) if each["kind"] == "required" and each["status"] == "not_met"]


def _open(criteria: Iterable[Mapping[str, Any]]) -> list[Item]:
    found = []
    for each in criteria:
        low, high = _end(each["points"], "low"), _end(each["points"], "high")
        if _is_open(each) or low != high:
            found.append(_item(each, None if high is None or low is None else high - low))
    return found


def _lost(criterion: Mapping[str, Any]) -> Fraction | None:
    """The points that a criterion can no longer bring on what is stated."""
    high, most = _end(criterion["points"], "high"), _end(criterion["points"], "max")
    return None if high is None or most is None else most - high


def _item(judged: Mapping[str, Any], gain: Fraction | None) -> Item:
    return Item(judged["id"], judged["number"] or "", judged["title"]["zh"], judged["title"]["en"], gain)


def _ordered(items: list[Item]) -> tuple[Item, ...]:
    """Items without a bound or without points first, then by points; the sort keeps the order of the standard among equals."""
    return tuple(sorted(items, key=lambda item: (item.gain is not None, -(item.gain or Fraction(0)))))
