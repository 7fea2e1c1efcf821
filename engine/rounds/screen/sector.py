"""Outliers: every judged indicator and ratio of an application against others of its kind and industry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.rounds.screen.case import Case, in_order, latest_of_each
from engine.rounds.screen.exact import beyond_power, factor_from, factor_spread, median, spread
from engine.rounds.screen.measures import Key, Measured, measures
from engine.rounds.screen.settings import Settings
from engine.rounds.screen.signal import LOOK, NOTE, STRONG, Signal, count

WIDTHS = (4, 3, 2, 0)
"""How many digits of the industry code a group shares: class, group, division, anything."""

ONE = Fraction(1)
_Values = Mapping[Key, Measured]


class _Group(NamedTuple):
    """The values of a measure in an industry: their middle and their usual distance from it."""

    values: tuple[Fraction, ...]
    centre: Fraction
    usual: Fraction
    by_factor: bool


def sector_signals(cases: Sequence[Case], history: Sequence[Case], settings: Settings) -> Iterator[Signal]:
    """What lies far from the middle of its sector. Of every applicant the latest application takes part; groups too small are said."""
    looked_at = in_order(cases)
    population = latest_of_each((*in_order(history), *looked_at))
    values = {case.key: measures(case, settings.ratios) for case in (*population, *looked_at)}
    groups = _Groups(population, values, settings)
    small: dict[tuple[str, str], list[tuple[Case, str]]] = {}
    for case in looked_at:
        for key, measured in sorted(values[case.key].items(), key=lambda each: each[0]):
            width, group = groups.of(case, key)
            if group is None:
                small.setdefault(case.kind, []).append((case, key[0]))
            else:
                yield from _compared(case, key, measured, width, group, settings)
    for members in small.values():
        yield _too_few(members, settings)


class _Groups:
    """The groups of a population, each made once."""

    def __init__(self, population: Sequence[Case], values: Mapping[tuple[str, str], _Values], settings: Settings) -> None:
        self.settings = settings
        self.members: dict[tuple[tuple[str, str], str, Key], list[Fraction]] = {}
        self.made: dict[tuple[tuple[str, str], str, Key], _Group | None] = {}
        for case in population:
            for width in dict.fromkeys(min(width, len(case.industry)) for width in WIDTHS):
                for key, measured in values[case.key].items():
                    self.members.setdefault((case.kind, case.industry[:width], key), []).append(measured.value)

    def of(self, case: Case, key: Key) -> tuple[int, _Group | None]:
        """The narrowest group of the case's industry that is large enough, and how many digits it shares."""
        for width in WIDTHS:
            if width <= len(case.industry):
                place = (case.kind, case.industry[:width], key)
                if place not in self.made:
                    self.made[place] = _group(self.members.get(place, []), self.settings)
                if self.made[place] is not None:
                    return width, self.made[place]
        return 0, None


def _group(values: Sequence[Fraction], settings: Settings) -> _Group | None:
    """A group, where it is large enough and its values differ enough to have a usual distance."""
    if len(values) < settings["sector_least"] or len(set(values)) < settings["sector_distinct"]:
        return None
    centre, floor = median(values), settings["sector_floor"]
    if min(values) > 0:
        return _Group(tuple(values), centre, max(factor_spread(values, centre), 1 + floor), True)
    usual = max(spread(values, centre), abs(centre) * floor)
    return _Group(tuple(values), centre, usual, False) if usual else None


def _beyond(value: Fraction, group: _Group, multiple: Fraction) -> bool:
    """Whether a value is farther from the centre than so many times the usual distance; of positive values by factors."""
    if not group.by_factor:
        return abs(value - group.centre) > multiple * group.usual
    return beyond_power(factor_from(value, group.centre), group.usual, multiple)


def _compared(case: Case, key: Key, measured: Measured, width: int, group: _Group, settings: Settings) -> Iterator[Signal]:
    outside = measured.value <= 0 and group.by_factor
    if outside or not _beyond(measured.value, group, settings["sector_look"]):
        return
    above = measured.value > group.centre
    good = measured.better == ("up" if above else "down")
    severity = STRONG if _beyond(measured.value, group, settings["sector_strong"]) else LOOK
    everywhere = not width and bool(case.industry)  # parks have no industry: all of their kind are their group
    if everywhere or (measured.better and not good):
        severity = NOTE
    code = "sector_good" if good else "sector_bad" if measured.better else "sector_far"
    yield Signal(
        "sector",
        code,
        severity,
        (case.number,),
        (key[0],),
        (
            ("value", measured.shown()),
            ("centre", measured.shown(group.centre)),
            ("least", measured.shown(min(group.values))),
            ("most", measured.shown(max(group.values))),
            ("count", count(len(group.values))),
            ("industry", case.industry[:width] or "*"),
        ),
        "other_industries" if everywhere else "other_business",
        case.programme,
    )


def _too_few(members: Sequence[tuple[Case, str]], settings: Settings) -> Signal:
    """What could not be compared, said once for a kind of application."""
    numbers, names = sorted({case.number for case, _ in members}), sorted({name for _, name in members})
    params = (("count", count(len(numbers))), ("measures", count(len(names))), ("needed", settings["sector_least"]))
    return Signal("sector", "sector_too_few", NOTE, tuple(numbers), tuple(names), params, "", members[0][0].programme)
