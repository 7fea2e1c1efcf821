"""What has been done, counted from certificates and from values that somebody entered: exact, and by place, year and quarter.

Certificates count one each. Of what is entered, `sum` measures add up over districts and quarters; amounts, rates and reductions do
not: the city's figure is then the one entered for the city.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from engine.language.numbers import total
from engine.problems import ProblemList, Where
from engine.rounds.plan.schema import CITY, Measure, Plan

QUARTERS = (1, 2, 3, 4)
_QUARTER = re.compile(r"(\d{4})[Qq]([1-4])", re.ASCII)


class Moment(NamedTuple):
    """The end of a quarter."""

    year: int
    quarter: int

    @property
    def ordinal(self) -> int:
        """Quarters counted through all years."""
        return 4 * self.year + self.quarter

    @property
    def next(self) -> Moment:
        """The quarter after it."""
        return Moment(self.year + 1, 1) if self.quarter == 4 else Moment(self.year, self.quarter + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}"


def moment_of(day: str) -> Moment:
    """The quarter in which a day lies (ISO text)."""
    return Moment(int(day[:4]), (int(day[5:7]) + 2) // 3)


def quarter_of(text: str, today: str) -> Moment:
    """The quarter that a text such as ``2017Q3`` names, by default that of today (ISO text). Raises Refused for one that has not begun."""
    now = moment_of(today)
    match = _QUARTER.fullmatch(text.strip()) if text else None
    found = now if not text else Moment(int(match[1]), int(match[2])) if match else None
    if found is None or found > now:
        problems = ProblemList()
        problems.error("plan_quarter", Where(), text=text)
        problems.refuse_if_errors()
    assert found is not None
    return found


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate that counts: of which kind, for whom, and the quarter it was issued in. ``district`` is empty where none is known."""

    kind: str
    district: str
    year: int
    quarter: int
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value that somebody entered, in the measure's unit; without a quarter it is the whole year's.

    ``place`` is a district or the city, ``item`` what it is of (a project, a dossier), ``source`` the document, ``by`` who says so.
    """

    measure: str
    place: str
    year: int
    quarter: int | None
    value: Fraction
    source: str
    by: str
    item: str = ""
    where: Where = field(default_factory=Where, compare=False)

    @property
    def when(self) -> str:
        """The year or quarter that it is of, such as ``2017Q1``."""
        return str(self.year) if self.quarter is None else str(Moment(self.year, self.quarter))


class Gap(NamedTuple):
    """Something that nobody has entered; without a quarter the whole year."""

    place: str
    year: int
    quarter: int | None


class Count(NamedTuple):
    """What has been done: None where nothing is entered, and what is lacking for a whole count."""

    value: Fraction | None
    lacking: tuple[Gap, ...] = ()


class Tally:
    """Certificates and entered values up to the end of a quarter, by measure and place; a certificate number counts once."""

    def __init__(self, plan: Plan, at: Moment, certified: Iterable[Certified] = (), measured: Iterable[Measured] = ()) -> None:
        self.plan, self.at = plan, at
        self._values: dict[tuple[str, str], dict[tuple[int, int | None], list[Fraction]]] = defaultdict(lambda: defaultdict(list))
        kinds: dict[str, list[str]] = defaultdict(list)
        for measure in plan.measures:
            if measure.kind:
                kinds[measure.kind].append(measure.measure)
        counted: set[tuple[str, str]] = set()
        for one in certified:
            if one.number and (one.kind, one.number) in counted:
                continue
            counted.add((one.kind, one.number))
            for name in kinds[one.kind]:
                self._add(name, one.district, one.year, one.quarter, Fraction(1))
        for entry in measured:
            self._add(entry.measure, entry.place, entry.year, entry.quarter, entry.value)

    def _add(self, measure: str, place: str, year: int, quarter: int | None, value: Fraction) -> None:
        """Keep a value that lies before the moment; the whole year's only once the year is over."""
        if Moment(year, quarter or 4) <= self.at:
            self._values[measure, place][year, quarter].append(value)

    def done(self, measure: Measure, place: str, since: Moment, until: Moment) -> Count:
        """How much of something that adds up was done in the quarters from one to another, both included, as far as they have passed."""
        until = min(until, self.at)
        if since > until:
            return Count(None)
        quarters = _quarters(since, until)
        names = self._places(measure) if place == CITY else (place,)
        values = [value for name in names for value in self._within(measure.measure, name, quarters)]
        if measure.method == "certified":
            return Count(total(values))
        return Count(total(values) if values else None, tuple(self._gaps(measure, place, quarters)))

    def _places(self, measure: Measure) -> tuple[str, ...]:
        """Every place of which something is known: the city's own, the districts, and what lies in none of them."""
        return tuple(place for name, place in self._values if name == measure.measure)

    def _within(self, measure: str, place: str, quarters: list[Moment]) -> list[Fraction]:
        """Values of quarters, and of years all of whose quarters are among them."""
        found = self._values.get((measure, place), {})
        kept = set(quarters)
        return [
            value
            for (year, quarter), values in found.items()
            if (Moment(year, quarter) in kept if quarter else all(Moment(year, one) in kept for one in QUARTERS))
            for value in values
        ]

    def _gaps(self, measure: Measure, place: str, quarters: list[Moment]) -> Iterable[Gap]:
        """The quarters that nobody entered: for the city its own where it states any of that year, otherwise those of every district."""
        for year in sorted({quarter.year for quarter in quarters}):
            of_year = [quarter for quarter in quarters if quarter.year == year]
            own = place != CITY or self._stated(measure.measure, CITY, year)
            for name in (place,) if own else self.plan.places[1:]:
                if len(of_year) == len(QUARTERS) and not self._stated(measure.measure, name, year):
                    yield Gap(name, year, None)
                    continue
                stated = self._values.get((measure.measure, name), {})
                if (year, None) in stated and len(of_year) == len(QUARTERS):
                    continue
                yield from (Gap(name, year, quarter.quarter) for quarter in of_year if (year, quarter.quarter) not in stated)

    def _stated(self, measure: str, place: str, year: int) -> bool:
        return any(entered == year for entered, _ in self._values.get((measure, place), {}))

    def amount(self, measure: str, place: str, year: int) -> Fraction | None:
        """The amount of a whole year: as entered, or its four quarters together; None where any of it is missing."""
        found = self._values.get((measure, place), {})
        if (year, None) in found:
            return total(found[year, None])
        if all((year, quarter) in found for quarter in QUARTERS):
            return total(value for quarter in QUARTERS for value in found[year, quarter])
        return None

    def stated(self, measure: str, place: str, year: int) -> Fraction | None:
        """A rate as it was entered for a year, or last within it."""
        found = self._values.get((measure, place), {})
        entered = [found[year, quarter] for quarter in (None, *reversed(QUARTERS)) if (year, quarter) in found]
        return entered[0][-1] if entered else None

    def reduction(self, measure: Measure, place: str, year: int, against: int) -> Fraction | None:
        """By how many percent the ratio of two yearly amounts lies below that of an earlier year; None where it cannot be told."""
        upper, lower = measure.of
        parts = [self.amount(name, place, when) for when in (year, against) for name in (upper, lower)]
        if any(part is None for part in parts):
            return None
        now, per, before, base = (part for part in parts if part is not None)
        if not per or not base or not before:
            return None
        return 100 * (1 - (now / per) / (before / base))


def _quarters(since: Moment, until: Moment) -> list[Moment]:
    return [Moment((n - 1) // 4, (n - 1) % 4 + 1) for n in range(since.ordinal, until.ordinal + 1)]
