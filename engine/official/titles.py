"""What people call a figure: its element, its place there, and what tells it from others in like places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.assess.describe import Describer
from engine.ruleset.listing import ListedFigure
from engine.ruleset.programme import Programme
from engine.texts import say

_NAMED = re.compile(r"(index|tier)\[(.*)\]")
_LISTED = re.compile(r"(\w+)\[(\d+)\]\.\w+")
_DATED = re.compile(r"\w+\[.* (\d{4}-\d{2}-\d{2})\]\.\w+")


def figure_title(programme: Programme, found: ListedFigure, lang: str) -> str:
    """What people call a figure of a programme."""
    return place_title(programme, found.element, found.figure.name, lang, found.figure.key)


def place_title(programme: Programme, element: str, place: str, lang: str, key: str = "") -> str:
    """What people call the place of a figure in an element; the element is empty where the figure is shared.

    Of several alternatives in a list it says for which case or level the figure is, and of several rows of one code, by the
    figure's ``key``, from which day on.
    """
    name = _name(programme, place, lang)
    for said in _apart(programme, element, place, lang, key):
        name = say("official.place.of", lang, name=name, of=said)
    return " · ".join(part for part in (programme.title(element, lang) if element else "", name) if part)


def _name(programme: Programme, place: str, lang: str) -> str:
    named = _NAMED.fullmatch(place)
    if named:
        return say(f"official.place.{named[1]}", lang, name=programme.tier_title(named[2], lang) if named[1] == "tier" else named[2])
    if place == "raw_total":
        return say("official.place.raw_total", lang)
    readings = {one.reading: one.title.in_(lang) for one in programme.standard.readings}
    return readings.get(place) or (Describer(programme, lang).figure_name(place) if place else "")


def _apart(programme: Programme, element: str, place: str, lang: str, key: str) -> Iterator[str]:
    demand = programme.gates.get(element) or programme.criteria.get(element)
    if demand is not None and (listed := _LISTED.fullmatch(place)):
        item = getattr(demand.method, listed[1])[int(listed[2])]
        level, when = getattr(item, "level", None), getattr(item, "when", None)
        if level is not None:
            yield say("statuses.level", lang, level=level)
        elif when is not None:
            yield Describer(programme, lang).formula(when)
        elif hasattr(item, "at"):
            yield say("official.place.step", lang, number=int(listed[2]) + 1)
    if dated := _DATED.fullmatch(key):
        yield say("official.place.since", lang, day=dated[1])
