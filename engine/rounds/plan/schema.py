"""A plan of targets as immutable types: what is counted, what is to be reached by when and where, and what the plan says in two ways."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from engine.language import parse_number
from engine.ruleset.schema import Day, Model, Source, Text, Word, Words

CITY = "city"
"""The place of what is the whole city's."""
CUMULATIVE, OF_YEAR = "cumulative", "year"
"""The two columns of the breakdown: the whole period, and its stated year."""
BREAKDOWN: Literal["breakdown"] = "breakdown"

Year = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
Quarter = Annotated[str, StringConstraints(pattern=r"^[1-4]$")]
Number = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[a-z0-9_]+)*$")]
Method = Literal["certified", "sum", "amount", "stated", "reduction"]
Span = Literal["period", "each_year", "year", "quarter", "level", "average", "threshold"]
Compare = Literal["plain", "at_least", "more_than", "about", "range", "at_most"]


class Period(Model):
    """The years of the plan, both included."""

    since: Year
    until: Year

    @property
    def years(self) -> range:
        """Every year of it."""
        return range(int(self.since), int(self.until) + 1)


class District(Model):
    """A place that has targets of its own."""

    district: Word
    title: Words


class FromDossiers(Model):
    """What dossiers tell of a measure: an applicant of the ``kind`` that meets one of the ``criteria`` counts as one."""

    kind: Word
    criteria: tuple[Name, ...] = Field(min_length=1)
    source: Source


class Measure(Model):
    """Something that is counted.

    ``certified`` counts certificates of a ``kind``; ``sum`` adds up what is entered; ``amount`` is the amount of a year, ``stated`` a
    rate as it is entered, and ``reduction`` by how many percent the ratio ``of`` two amounts has fallen: these three are never added
    over districts. Of some that add up ``dossiers`` tell single items, for the office to enter.
    """

    measure: Word
    title: Words
    unit: Words
    method: Method
    kind: Word | None = None
    of: tuple[Word, ...] = ()
    dossiers: FromDossiers | None = None

    @property
    def adds_up(self) -> bool:
        """Whether districts add up to the city, and quarters to the year."""
        return self.method in ("certified", "sum")

    @property
    def is_entered(self) -> bool:
        """Whether somebody states its values."""
        return self.method in ("sum", "amount", "stated")

    @model_validator(mode="after")
    def _whole(self) -> Measure:
        parts = 2 if self.method == "reduction" else 0
        told = self.dossiers is None or self.method == "sum"
        if (self.method == "certified") != (self.kind is not None) or len(self.of) != parts or not told:
            raise ValueError("plan_measure_form")
        return self


class Target(Model):
    """A figure of the plan. ``value`` is null where none is printed; ``printed`` is the plan's wording.

    ``span``: the whole ``period``, ``each_year``, one ``year`` or ``quarter``; ``level`` is a state in a ``year``, such as a reduction
    ``against`` an earlier one or an amount held to that of the year ``level_of``; ``average`` is the mean of yearly values over the
    period; a ``threshold`` says whom something is for and is not counted.
    """

    target: Name
    part: Literal["headline", "body", "work", "breakdown"]
    number: Text | None = None
    measure: Word | None = None
    place: Word = CITY
    title: Words
    span: Span
    year: Year | None = None
    quarter: Quarter | None = None
    against: Year | None = None
    level_of: Year | None = None
    compare: Compare
    value: Number | None
    most: Number | None = None
    unit: Words | None = None
    printed: Text | None = None
    note: Words | None = None
    source: Source

    @property
    def figure(self) -> Fraction | None:
        """The printed number."""
        return None if self.value is None else parse_number(self.value)

    @model_validator(mode="after")
    def _whole(self) -> Target:
        dated = {"year": (True, False), "quarter": (True, True), "level": (True, False)}.get(self.span, (False, False))
        named = (self.measure is None) == (self.span == "threshold")
        if (self.year is not None, self.quarter is not None) != dated or not named or (self.compare == "range") != (self.most is not None):
            raise ValueError("plan_target_form")
        return self


class DueWord(Model):
    """Words of time as the work list uses them: work runs from the quarter ``since`` and is due by the end of ``until``."""

    due: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*$")]
    title: Words
    since: Quarter
    until: Quarter
    source: Source


class Milestone(Model):
    """Something that is to be done by a time; with a ``share``, so much of its ``targets`` is to be reached by then."""

    due: str
    action: Words
    share: Number | None = None
    targets: tuple[Name, ...] = ()


class WorkItem(Model):
    """A line of the work list."""

    item: Word
    number: Text
    title: Words
    targets: tuple[Name, ...] = ()
    schedule: tuple[Milestone, ...]
    source: Source


class WorkList(Model):
    """What is to be done in one year."""

    year: Year
    title: Words
    source: Source
    items: tuple[WorkItem, ...]


class Cell(Model):
    """What a row of the breakdown asks of one place; null where the plan prints none."""

    cumulative: Number | None
    year: Number | None

    def column(self, name: str) -> str | None:
        """The figure of a column."""
        return self.cumulative if name == CUMULATIVE else self.year


class Row(Model):
    """A row of the breakdown. ``additive``: districts add up to the city; rates do not, and fall ``against`` a year."""

    row: Word
    title: Words
    unit: Words
    additive: bool
    measures: tuple[Word, ...] = Field(min_length=1)
    against: Year | None = None
    city: Cell
    districts: dict[Word, Cell]
    source: Source


class Breakdown(Model):
    """The targets by district: a row a measure, the whole period and one year."""

    year: Year
    title: Words
    source: Source
    rows: tuple[Row, ...]


class Disagreement(Model):
    """Where parts of the plan do not say the same thing: the targets that differ, all of which stand."""

    disagreement: Word
    title: Words
    text: Words
    targets: tuple[Name, ...] = ()
    source: Source


class Plan(Model):
    """A whole plan."""

    plan: Word
    version: Text
    title: Words
    document: Text
    issuer: Words
    issued_on: Day
    printed_on: Day | None = None
    period: Period
    source: Source
    districts: tuple[District, ...]
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...]
    due: tuple[DueWord, ...]
    work: WorkList
    breakdown: Breakdown
    disagreements: tuple[Disagreement, ...] = ()

    @cached_property
    def measure_of(self) -> dict[str, Measure]:
        """Measures by id."""
        return {measure.measure: measure for measure in self.measures}

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The city, then its districts in the printed order."""
        return (CITY, *(district.district for district in self.districts))

    @cached_property
    def due_of(self) -> dict[str, DueWord]:
        """Words of time by id."""
        return {word.due: word for word in self.due}

    @cached_property
    def broken_down(self) -> tuple[Target, ...]:
        """Every cell of the breakdown as a target; ``breakdown.<measure>.<place>.<column>``."""
        return tuple(
            _cell_target(self, row, measure, place, column)
            for row in self.breakdown.rows
            for measure in row.measures
            for place in self.places
            for column in (CUMULATIVE, OF_YEAR)
        )

    @cached_property
    def all_targets(self) -> dict[str, Target]:
        """Every target by id: those of the text, and the cells of the breakdown."""
        return {target.target: target for target in (*self.targets, *self.broken_down)}

    def title_of(self, place: str) -> Words | None:
        """What a district is called; None for the city, which the texts name."""
        return next((district.title for district in self.districts if district.district == place), None)


def cell_id(measure: str, place: str, column: str) -> str:
    """The id of a cell of the breakdown as a target."""
    return f"{BREAKDOWN}.{measure}.{place}.{column}"


def _cell_target(plan: Plan, row: Row, measure: str, place: str, column: str) -> Target:
    value = (row.city if place == CITY else row.districts[place]).column(column)
    rate = not row.additive
    whole = column == CUMULATIVE
    span: Span = "level" if rate else "period" if whole else "year"
    title = row.title if len(row.measures) == 1 else plan.measure_of[measure].title
    return Target(
        target=cell_id(measure, place, column),
        part=BREAKDOWN,
        measure=measure,
        place=place,
        title=title,
        span=span,
        year=None if span == "period" else plan.period.until if whole else plan.breakdown.year,
        against=row.against,
        compare="plain",
        value=value,
        source=row.source,
    )
