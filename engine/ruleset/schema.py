"""The ruleset format: what a standard and a scheme may say, as immutable types.

A *standard* is the catalogue of one edition: what a dossier supplies (inputs, tables), what is computed from it (indicators)
and what is demanded (gates, dimensions, criteria). A *scheme* applies standards: each of its programmes names one edition and
states points, weights, mark, tiers, local gates and criteria, parameters and rules. Figures are quoted decimals or null; a
null is never filled. Methods live in :mod:`engine.ruleset.methods`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from engine.ruleset.checks import AnyForm, as_form
from engine.ruleset.methods import AnyMethod, as_method
from engine.ruleset.validity import Span, span


class Model(BaseModel):
    """Base of every element: immutable, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class Words(Model):
    """A text for people, in both languages."""

    zh: Text
    en: Text

    def in_(self, lang: str) -> str:
        """The text in one language."""
        return self.en if lang == "en" else self.zh


class Basis(StrEnum):
    """How a figure came to be known. Only ``seen`` figures and attested ones carry a final determination."""

    SEEN = "seen"
    RECALLED = "recalled"
    INFERRED = "inferred"
    POLICY = "policy"


class Source(Model):
    """Where a figure or text comes from; absent document and clause are those of the element and its ruleset."""

    basis: Basis
    confidence: Literal["high", "medium", "low"] | None = None
    document: str | None = None
    clause: str | None = None
    page: str | None = None
    url: str | None = None
    checked_on: Day | None = None
    refs: tuple[str, ...] = ()
    note: Words | None = None


def _as_figure(raw: Any) -> Any:
    return {"value": raw} if raw is None or isinstance(raw, str) else raw


class Figure(Model):
    """One number of a ruleset as written text, or null where the official one is not known, with its source."""

    value: str | None
    source: Source | None = None


AFigure = Annotated[Figure, BeforeValidator(_as_figure)]


def _moment(text: str) -> str:
    span(text, text)
    return text


Moment = Annotated[str, AfterValidator(_moment)]
"""A day, or the month or year where no more is known."""


class Validity(Model):
    """The days on which something is in force, both included; an open end is null, and so is one that is not known."""

    since: Moment | None = None
    until: Moment | None = None
    source: Source | None = None

    @property
    def span(self) -> Span:
        """The first and the last day."""
        return span(self.since, self.until)

    @model_validator(mode="after")
    def _in_order(self) -> Validity:
        begin, end = self.span
        if begin and end and begin > end:
            raise ValueError("validity_reversed")
        return self


class Applies(Model):
    """Whom a programme is for: industries by the beginnings of their codes, districts by their ids; empty is everybody."""

    sectors: tuple[Annotated[str, StringConstraints(pattern=r"^\d{2,4}$")], ...] = ()
    districts: tuple[Word, ...] = ()


class InputType(StrEnum):
    """What kind of value an input or a column takes."""

    QUANTITY = "quantity"
    SHARE = "share"
    COUNT = "count"
    GRADE = "grade"
    YEAR = "year"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CODES = "codes"
    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    CODE = "code"


class Value(Model):
    """What an input and a column have in common. A benchmark is a figure from outside the plant, given with its source."""

    title: Words
    type: InputType = InputType.QUANTITY
    unit: str = "1"
    choices: dict[str, Words] = {}
    reference: Word | None = None
    may_be_negative: bool = False
    may_be_not_detected: bool = False
    role: Literal["value", "benchmark"] = "value"
    note: Words | None = None


class Input(Value):
    """A single value the dossier supplies."""

    input: Id
    absent_means: Literal["zero"] | None = None
    clause: str | None = None


class Column(Value):
    """A column of a dossier table."""

    column: Word
    required: bool = True


class RowUnit(Model):
    """Takes the unit of a row's generic quantities from a reference table: by which key column, from which text column."""

    reference: Word
    key: Word
    column: Word


class Computed(Model):
    """A column that nobody enters: for each row it is computed from the columns before it, inputs and look-ups."""

    column: Word
    clause: str
    title: Words
    formula: str
    unit: str = "1"
    note: Words | None = None


class Table(Model):
    """Rows the dossier supplies. ``per`` names the columns that tell rows apart; with ``monthly`` each needs every month."""

    table: Word
    title: Words
    columns: tuple[Column, ...]
    per: tuple[Word, ...]
    monthly: bool = False
    absent_means: Literal["zero"] | None = None
    row_units: dict[Word, RowUnit] = {}
    computed: tuple[Computed, ...] = ()
    note: Words | None = None


class Indicator(Model):
    """A value derived by formula; ``number`` is the formula's number in the standard."""

    indicator: Id
    number: str | None = None
    clause: str
    title: Words
    symbol: str | None = None
    formula: str
    unit: str
    direction: Literal["up", "down", "none"] = "none"
    when_both_zero: Literal["not_applicable"] | None = None
    places: int | None = Field(default=None, ge=0, le=12)
    note: Words | None = None
    source: Source


class Demand(Model):
    """What gates and criteria have in common: a clause that asks for something, with the evidence it asks for.

    Where ``judged_when`` holds, the method says nothing: the assessor gives points with a reason instead. ``figure_sources``
    holds the sources of single figures of the method, by their place in it, where they are not that of the whole demand.
    """

    number: str | None = None
    clause: str
    title: Words
    requirement: Words
    method: Annotated[AnyMethod, BeforeValidator(as_method)]
    na_allowed: bool = False
    applies_when: str | None = None
    judged_when: str | None = None
    evidence: tuple[Words, ...] = ()
    source: Source
    figure_sources: dict[str, Source] = {}


class Gate(Demand):
    """A precondition that is met or blocks the determination; it carries no points."""

    gate: Id


class Dimension(Model):
    """A first-level heading with its weight; ``raw_total`` is the sum of the points of its criteria."""

    dimension: Word
    number: str | None = None
    title: Words
    weight: AFigure | None = None
    raw_total: AFigure | None = None


class Criterion(Demand):
    """A demand inside a dimension. ``required`` ones must be met in full, ``optional`` and ``scored`` ones earn points.

    Where the standard aggregates by membership, a criterion has a ``weight`` inside its dimension instead of points: an
    expression, in which ``n`` is how many criteria of its ``group`` apply. A ``limiting`` one that misses a level bars it.
    """

    criterion: Id
    dimension: Word
    kind: Literal["required", "optional", "scored"]
    points: AFigure = Figure(value="0")
    weight: Text | None = None
    group: Word | None = None
    limiting: bool = False


class IndexLevel(Model):
    """A level of a standard that aggregates by membership: the least index it takes, beside all limiting criteria.

    ``floor`` names the level that every other criterion must reach too.
    """

    level: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+$")]
    title: Words
    index: AFigure
    floor: str | None = None


class Then(Model):
    """What a rule concludes: exactly one of these."""

    classify: Word | None = None
    obligation: Word | None = None
    nonconformity: Literal["major", "minor"] | None = None
    observation: Literal[True] | None = None
    veto: Literal[True] | None = None

    @property
    def kind(self) -> str:
        """Which of the conclusions it is."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)


class Rule(Model):
    """A when/then production over facts; chained by the names it concludes.

    With ``each`` it is about every row of that table: ``when`` may use the row's columns and join other tables to it.
    """

    rule: Word
    clause: str
    each: Word | None = None
    when: str
    then: Then
    text: Words
    source: Source


class Slip(Model):
    """A factor by which people mistake units: 1,000 between kgce and tce."""

    slip: Word
    title: Words
    factor: Text


class Check(Model):
    """Statements of a dossier held against each other. What it finds never touches points or the determination.

    ``unit`` is the one that its values are held and printed in; ``advice`` says what to do about a finding.
    """

    check: Word
    title: Words
    severity: Literal["doubt", "observation"] = "doubt"
    applies_when: str | None = None
    test: Annotated[AnyForm, BeforeValidator(as_form)]
    unit: str = "1"
    advice: Words
    source: Source


class Parameter(Model):
    """A named figure that a scheme sets, null until its owner does."""

    parameter: Word
    title: Words
    unit: str = "1"
    figure: AFigure
    clause: str | None = None


class Reference(Model):
    """A lookup table of figures: coefficients, quotas, limits. Rows may be in force between days (``since``, ``until``).

    Tables of one ``family`` exclude each other: no value rests on two of them.
    """

    reference: Word
    title: Words
    family: Word | None = None
    key: Word
    match: Literal["exact", "prefix"] = "exact"
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    source: Source
    sources: dict[str, str] = {}
    note: Words | None = None


class Contents(Model):
    """What standards and schemes may both bring: elements of an assessment."""

    uses: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    inputs: tuple[Input, ...] = ()
    tables: tuple[Table, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    gates: tuple[Gate, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    rules: tuple[Rule, ...] = ()
    slips: tuple[Slip, ...] = ()
    checks: tuple[Check, ...] = ()


class Reading(Model):
    """How a ruleset reads its standard where the text is silent; it acts on every result and can be attested like a figure."""

    reading: Word
    title: Words
    text: Words
    source: Source


class Standard(Contents):
    """One edition of one document. ``points_source`` and ``weights_source`` hold where an element states no source of its own.

    ``years`` is how many years are scored, each by itself, the statistics year the last of them. ``levels`` are those of a
    standard that aggregates by ``membership``, the best first.

    ``layer`` says what a product's standard is: a mandatory ``floor``, a ``benchmark`` of the green standard itself, or an
    ``analogue`` of another scheme; ``readiness`` whether all of its figures are there. ``includes`` names standards whose demands
    must be met too, ``proxy`` those that stand in until the official figures are loaded; ``common_gates`` are taken from the
    common files.
    """

    ruleset: str
    version: str
    kind: Literal["green_factory", "green_park", "green_product", "green_supply_chain", "cleaner_production"]
    title: Words
    document: str
    issuer: Words
    in_force: Validity
    superseded_by: str | None = None
    aggregate: Literal["weighted", "sum", "mean", "index", "membership"]
    levels: tuple[IndexLevel, ...] = ()
    years: int = Field(default=1, ge=1, le=5)
    points_source: Source
    weights_source: Source | None = None
    readings: tuple[Reading, ...] = ()
    layer: Literal["floor", "benchmark", "analogue"] | None = None
    readiness: Literal["usable", "partial", "skeleton"] | None = None
    includes: tuple[str, ...] = ()
    proxy: tuple[str, ...] = ()
    common_gates: tuple[Id, ...] = ()
    sources: dict[str, str] = {}
    notes: tuple[Words, ...] = ()


class Common(Model):
    """A file of shared data: units, reference tables, gates, and what is computed by a document that several standards rest on.

    The files of a ruleset's ``tables/`` folder have this form too. Gates are taken one by one, by the standards that name them.
    A check takes part wherever everything it speaks of is there.
    """

    common: str
    version: str
    title: Words
    units: tuple[str, ...] = ()
    unit_parameters: dict[str, Words] = {}
    unit_names: dict[str, Words] = {}
    references: tuple[Reference, ...] = ()
    inputs: tuple[Input, ...] = ()
    tables: tuple[Table, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    gates: tuple[Gate, ...] = ()
    slips: tuple[Slip, ...] = ()
    checks: tuple[Check, ...] = ()
    sources: dict[str, str] = {}


class Policy(Model):
    """A scheme's choice where the texts are silent; it is a figure too and can be attested."""

    value: str
    source: Source


class Tier(Model):
    """A named level of the determination, reached at its mark."""

    tier: Word
    title: Words
    mark: AFigure


Outcome = Literal["not_eligible", "fails", "incomplete", "eligible", "scored"]
Condition = Literal[
    "gate_not_met",
    "veto",
    "required_not_met",
    "below_mark",
    "gate_open",
    "veto_open",
    "required_open",
    "mark_open",
    "at_mark",
    "no_mark",
    "year_open",
    "below_levels",
    "level_open",
    "at_level",
    "floor_not_met",
    "proxy_only",
]


class Line(Model):
    """One line of the determination table: the outcome when any of the conditions holds."""

    outcome: Outcome
    any_of: tuple[Condition, ...]


class Programme(Contents):
    """A scheme applied to one standard edition: what it sets over it and what it adds.

    ``class_policy`` says what becomes of the weight of a dimension that does not apply at all, where levels are assessed;
    ``includes`` names further standards whose demands must be met here.
    """

    programme: Literal["green_factory", "green_park", "green_product", "green_supply_chain", "cleaner_production"]
    standard: str
    in_force: Validity
    includes: tuple[str, ...] = ()
    applies: Applies = Applies()
    na_policy: Policy
    class_policy: Policy | None = None
    mark: AFigure = Figure(value=None)
    mark_places: int | None = Field(default=None, ge=0, le=6)
    tiers: tuple[Tier, ...] = ()
    points: dict[Id, AFigure] = {}
    weights: dict[Word, AFigure] = {}
    set_parameters: dict[Word, AFigure] = {}
    determination: tuple[Line, ...]


class Scheme(Model):
    """A programme owner's choices, one programme per kind and period."""

    scheme: Word
    version: str
    extends: str | None = None
    title: Words
    document: str
    issuer: Words
    owner: Words
    programmes: tuple[Programme, ...]
    sources: dict[str, str] = {}
    notes: tuple[Words, ...] = ()


class Example(Model):
    """A case named for what it shows. ``given`` sets inputs, tables, indicators and answers by name; ``expect`` states results.

    ``answers: yes`` answers everything that a person judges by yes or no and that is not given: what a whole dossier needs.
    """

    example: Text
    given: dict[str, Any] = {}
    answers: Literal["yes"] | None = None
    units: dict[Word, str] = {}
    industry: str | None = None
    year: int | None = None
    evidence: bool = True
    expect: dict[str, Any]


class Examples(Model):
    """A file of examples of one ruleset; ``kind`` and ``standard`` say for which programmes of a scheme that has several."""

    ruleset: str | None = None
    scheme: str | None = None
    kind: str | None = None
    standard: str | None = None
    examples: tuple[Example, ...]
