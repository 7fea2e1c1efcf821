"""Who gets the places: entrants in their order against the quotas of their districts. Nothing here knows what the order rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple, TypeAlias

IN_QUOTA, NO_LIMIT, PASSED_ON, TIED_WITHIN = "in_quota", "no_limit", "passed_on", "tied_within"
UNDECIDED, BEYOND, QUOTA_ZERO, QUOTA_MISSING = "undecided", "beyond", "quota_zero", "quota_missing"
ADMITTED = frozenset({IN_QUOTA, NO_LIMIT, PASSED_ON, TIED_WITHIN})
"""The codes of those who have a place."""

Places: TypeAlias = "Mapping[str, int | None]"
"""Places by district: None where there is no limit; a district that is not named has no quota stated."""


class Entrant(NamedTuple):
    """One who takes part, by number, with a place in the order that is smaller the better the entrant is. Equal places are a tie."""

    number: str
    district: str
    at: int


def allot(entrants: Iterable[Entrant], places: Places, *, passed_on: bool, all_tied: bool) -> dict[str, str]:
    """By number what became of each entrant of one kind.

    ``passed_on``: places that a district has no entrants for go to the next in line of the others. ``all_tied``: those tied across an
    edge are all within; otherwise none of them is, and their places are kept for the office's decision.
    """
    codes: dict[str, str] = {}
    kept: dict[str, int] = {}
    spare = 0
    entrants = list(entrants)
    by_district: dict[str, list[Entrant]] = {district: [] for district in places}
    for entrant in entrants:
        by_district.setdefault(entrant.district, []).append(entrant)
    for district, own in by_district.items():
        left, undecided = _in_district(own, district, places, all_tied, codes)
        kept[district] = undecided
        spare += left
    if passed_on:
        _pass_on([e for e in entrants if codes[e.number] in (UNDECIDED, BEYOND, QUOTA_ZERO)], spare, kept, all_tied, codes)
    return codes


def _blocks(entrants: Iterable[Entrant]) -> Iterator[list[Entrant]]:
    """Those tied with each other, the best first."""
    for _, block in groupby(sorted(entrants, key=lambda entrant: entrant.at), key=lambda entrant: entrant.at):
        yield list(block)


def _in_district(own: list[Entrant], district: str, places: Places, all_tied: bool, codes: dict[str, str]) -> tuple[int, int]:
    """Fill the district's own places; how many nobody applied for, and how many are kept for a decision."""
    quota = places.get(district)
    if quota is None:
        codes |= {entrant.number: NO_LIMIT if district in places else QUOTA_MISSING for entrant in own}
        return 0, 0
    left, kept = quota, 0
    for block in _blocks(own):
        if len(block) <= left:
            code, left = IN_QUOTA, left - len(block)
        elif left == 0:
            code = BEYOND if quota else QUOTA_ZERO
        else:
            code, kept, left = (TIED_WITHIN, 0, 0) if all_tied else (UNDECIDED, left, 0)
        codes |= {entrant.number: code for entrant in block}
    return left, kept


def _pass_on(waiting: list[Entrant], spare: int, kept: Mapping[str, int], all_tied: bool, codes: dict[str, str]) -> None:
    """Give the spare places of all districts to those still waiting, the best first wherever they are."""
    for block in _blocks(waiting):
        if not spare:
            return
        own = {entrant.district for entrant in block if codes[entrant.number] == UNDECIDED}
        needed = len(block) - sum(kept[district] for district in own)
        if needed <= spare:
            code, spare = PASSED_ON, spare - needed
        else:
            code, spare = TIED_WITHIN if all_tied else UNDECIDED, 0
        codes |= {entrant.number: code for entrant in block}
