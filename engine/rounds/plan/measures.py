"""Values that an office enters for a plan, from a YAML, JSON, CSV or workbook file: each at its place, none counted twice."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from engine.language import NumberError, parse_number
from engine.language.numbers import half_width
from engine.located import read
from engine.official.sheets import read_rows
from engine.problems import Bilingual, ProblemList, Where
from engine.rounds.plan.schema import CITY, Measure, Plan
from engine.rounds.plan.tally import Measured
from engine.ruleset.load import validate
from engine.ruleset.schema import Model, Text
from engine.texts import LANGUAGES, say

COLUMNS = ("measure", "place", "year", "quarter", "value", "unit", "item", "source", "by")
NEEDED = ("measure", "place", "year", "value", "source", "by")


class _Entry(Model):
    measure: Text
    place: Text
    year: Text
    quarter: Text | None = None
    value: Text
    unit: Text | None = None
    item: Text | None = None
    source: Text
    by: Text


class _File(Model):
    measures: tuple[_Entry, ...]


class _Row(NamedTuple):
    """One entry as written, and where each of its texts stands."""

    cells: Mapping[str, str]
    where: Callable[[str], Where]


def read_measures(path: Path, plan: Plan) -> tuple[Measured, ...]:
    """The entries of a file, in its order. Raises Refused with every mistake at its place; what is entered twice is one."""
    problems = ProblemList()
    rows = _from_table(path, problems) if path.suffix.lower() in (".csv", ".xlsx", ".xlsm") else _from_text(path, problems)
    reader = _Reader(plan, problems)
    entries = [entry for row in rows if (entry := reader.entry(row)) is not None]
    check_measured(plan, entries, problems)
    problems.refuse_if_errors()
    return tuple(entries)


def column_head(column: str, lang: str) -> str:
    """The head of a column of a measures table."""
    return say(f"plan.column.{column}", lang)


def _from_table(path: Path, problems: ProblemList) -> list[_Row]:
    rows = read_rows(path, COLUMNS, NEEDED, problems, key="measure", heads=column_head)
    return [_Row(row.cells, row.where) for row in rows]


def _from_text(path: Path, problems: ProblemList) -> list[_Row]:
    located = read(path, problems)
    located.bare_floats.clear()  # every scalar is kept as it was written, so that a number typed by hand needs no quotes
    file = validate(located, _File, problems)
    rows = []
    for i, entry in enumerate(file.measures if file else ()):
        cells = {name: text for name, text in entry.model_dump().items() if text is not None}
        rows.append(_Row(cells, lambda column, i=i: located.where(("measures", i, column))))  # type: ignore[misc]
    return rows


class _Reader:
    """Turns written entries into values, with what is wrong with each."""

    def __init__(self, plan: Plan, problems: ProblemList) -> None:
        self.problems = problems
        self.measures = {_folded(name): m for m in plan.measures for name in (m.measure, m.title.zh, m.title.en)}
        self.places = {_folded(name): d.district for d in plan.districts for name in (d.district, d.title.zh, d.title.en)}
        self.places |= {_folded(name): CITY for name in (CITY, *(say("plan.city", lang) for lang in LANGUAGES))}

    def entry(self, row: _Row) -> Measured | None:
        """The value of a row; None where anything in it is wrong."""
        missing = [column for column in NEEDED if not row.cells.get(column, "").strip()]
        for column in missing:
            heads = Bilingual(column_head(column, "zh"), column_head(column, "en"))
            self.problems.error("measured_missing", row.where(column), column=heads)
        if missing:
            return None
        measure, place = self.measure(row), self.place(row)
        year, quarter = self._year(row), self._quarter(row)
        value = self._value(row, measure)
        if measure is None or place is None or year is None or quarter is None or value is None or not self._unit(row, measure):
            return None
        cells = row.cells
        where = row.where("measure")
        return Measured(measure.measure, place, year, quarter or None, value, cells["source"], cells["by"], cells.get("item", ""), where)

    def measure(self, row: _Row) -> Measure | None:
        """The measure that a row names."""
        text, where = row.cells["measure"], row.where("measure")
        found = self.measures.get(_folded(text))
        if found is None:
            close = ", ".join(difflib.get_close_matches(_folded(text), self.measures, 3)) or "—"
            self.problems.error("measured_unknown", where, name=text, suggestion=close)
        elif not found.is_entered:
            self.problems.error("measured_not_entered", where, name=text)
            return None
        return found

    def place(self, row: _Row) -> str | None:
        """The place that a row names."""
        found = self.places.get(_folded(row.cells["place"]))
        if found is None:
            known = ", ".join(dict.fromkeys(self.places.values()))
            self.problems.error("measured_place_unknown", row.where("place"), name=row.cells["place"], known=known)
        return found

    def _year(self, row: _Row) -> int | None:
        text = half_width(row.cells["year"]).strip().removesuffix("年")
        if len(text) == 4 and text.isascii() and text.isdigit():
            return int(text)
        self.problems.error("measured_year", row.where("year"), text=row.cells["year"])
        return None

    def _quarter(self, row: _Row) -> int | None:
        """The quarter, 0 for the whole year; None where it cannot be read."""
        text = _folded(row.cells.get("quarter", ""))
        if not text:
            return 0
        for number in (1, 2, 3, 4):
            if text in (str(number), f"q{number}", *(_folded(say(f"plan.quarter.q{number}", lang)) for lang in LANGUAGES)):
                return number
        self.problems.error("measured_quarter", row.where("quarter"), text=row.cells["quarter"])
        return None

    def _value(self, row: _Row, measure: Measure | None) -> Fraction | None:
        try:
            value = parse_number(row.cells["value"])
        except NumberError as err:
            self.problems.error(err.code, row.where("value"), **err.params)
            return None
        if value < 0 and measure is not None and measure.method != "stated":
            self.problems.error("measured_negative", row.where("value"), text=row.cells["value"])
            return None
        return value

    def _unit(self, row: _Row, measure: Measure) -> bool:
        unit = row.cells.get("unit", "")
        if unit and _folded(unit) not in (_folded(measure.unit.zh), _folded(measure.unit.en)):
            self.problems.error("measured_unit", row.where("unit"), unit=unit, asked=Bilingual(measure.unit.zh, measure.unit.en))
            return False
        return True


def _folded(text: str) -> str:
    return "".join(half_width(text).casefold().split())


def check_measured(plan: Plan, entries: Iterable[Measured], problems: ProblemList) -> None:
    """Report what would count twice: an entry again, a year beside its quarters, a total beside its items, a city beside its districts."""
    by_time: dict[tuple[str, str, int, int | None], list[Measured]] = defaultdict(list)
    by_year: dict[tuple[str, int], list[Measured]] = defaultdict(list)
    for entry in entries:
        by_time[entry.measure, entry.place, entry.year, entry.quarter].append(entry)
        by_year[entry.measure, entry.year].append(entry)
    for (name, _, _, _), found in by_time.items():
        for code, first, again in _within(plan.measure_of[name], found):
            _report(plan, problems, code, first, again)
    for (name, _), found in by_year.items():
        for code, first, again in _over(plan.measure_of[name], found):
            _report(plan, problems, code, first, again)


_Clash = tuple[str, Measured, Measured]


def _within(measure: Measure, found: list[Measured]) -> Iterator[_Clash]:
    """What clashes among the entries of one place and time; of a rate there is one alone, whatever it is of."""
    seen: dict[str, Measured] = {}
    for entry in found:
        item = "" if measure.method == "stated" else entry.item
        if item in seen:
            yield "measured_twice", seen[item], entry
        elif seen and (not item or "" in seen):
            yield "measured_total_and_items", next(iter(seen.values())), entry
        seen.setdefault(item, entry)


def _over(measure: Measure, found: list[Measured]) -> Iterator[_Clash]:
    """What clashes among the entries of one year; a rate of the year may follow those of its quarters."""
    if measure.method == "stated":
        return
    whole: dict[str, Measured] = {}
    parts: dict[str, Measured] = {}
    by_city: dict[bool, Measured] = {}
    for entry in found:
        mine, other = (whole, parts) if entry.quarter is None else (parts, whole)
        if entry.place in other:
            yield "measured_year_and_quarter", other[entry.place], entry
        mine.setdefault(entry.place, entry)
        by_city.setdefault(entry.place == CITY, entry)
    if measure.adds_up and len(by_city) == 2:
        first, second = by_city.values()
        yield "measured_city_and_district", first, second


def _report(plan: Plan, problems: ProblemList, code: str, first: Measured, again: Measured) -> None:
    """One of the codes of :func:`check_measured`, at the later entry, with where the earlier one stands."""
    named = {"measure": measure_words(plan, again.measure), "place": place_words(plan, again.place), "year": again.year}
    problems.error(code, again.where, **named, first=str(first.where) or "—")


def ids_of(plan: Plan, measure: str, place: str) -> tuple[str, str]:
    """The ids of a measure and a place that are named by id or title. Raises Refused."""
    problems = ProblemList()
    reader, row = _Reader(plan, problems), _Row({"measure": measure, "place": place}, lambda column: Where(path=plan.plan))
    found, there = reader.measure(row), reader.place(row)
    problems.refuse_if_errors()
    assert found is not None and there is not None
    return found.measure, there


def measure_words(plan: Plan, measure: str) -> Bilingual:
    """What a measure is called."""
    title = plan.measure_of[measure].title
    return Bilingual(title.zh, title.en)


def place_words(plan: Plan, place: str) -> Bilingual:
    """What a district or the city is called."""
    title = plan.title_of(place)
    return Bilingual(title.zh, title.en) if title else Bilingual(say("plan.city", "zh"), say("plan.city", "en"))
