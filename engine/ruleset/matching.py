"""Which elements of two rulesets are the same one: by id, then by number, then by title."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

SAME_NUMBER = 0.5
"""Elements of the same number are one where their titles are at least so much alike: numbers are given anew in each edition."""

SAME_TITLE = 0.8
"""Elements whose titles are at least so much alike are one."""

SAME_VALUE = 0.9
"""As much as is asked of titles of values: a limit and an average of the same thing differ in a word."""


class Named(NamedTuple):
    """What an element can be recognised by."""

    id: str
    number: str
    title: str


class Pair(NamedTuple):
    """An element before and after, and what told that it is the same: ``id``, ``number`` or ``title``."""

    before: str
    after: str
    by: str


def match(before: Sequence[Named], after: Sequence[Named], least: float = SAME_TITLE) -> tuple[Pair, ...]:
    """The elements that are on both sides, in the order of the later one; titles are one from ``least`` on."""
    pairs = [Pair(item.id, item.id, "id") for item in before if any(item.id == other.id for other in after)]
    taken = {pair.before for pair in pairs}
    gone = [item for item in before if item.id not in taken]
    come = [item for item in after if item.id not in taken]
    likely = [
        (by, -alike, i, j)
        for i, one in enumerate(gone)
        for j, other in enumerate(come)
        if (alike := _alike(one.title, other.title)) and (by := _how(one, other, alike, least))
    ]
    used_before: set[int] = set()
    used_after: set[int] = set()
    for by, _, i, j in sorted(likely):
        if i not in used_before and j not in used_after:
            used_before.add(i)
            used_after.add(j)
            pairs.append(Pair(gone[i].id, come[j].id, by))
    order = {item.id: i for i, item in enumerate(after)}
    return tuple(sorted(pairs, key=lambda pair: order[pair.after]))


def _how(one: Named, other: Named, alike: float, least: float) -> str:
    if one.number and one.number == other.number and alike >= SAME_NUMBER:
        return "number"
    return "title" if alike >= least else ""


def _alike(one: str, other: str) -> float:
    return 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()
