"""The assessment: every number, every reason, every source, as immutable values.

Reports, workbooks, advice and rounds read these and recount nothing. Numbers are exact fractions; ``engine.assess.export``
turns an Assessment into its JSON form, ``engine.assess.sentences`` its reasons into words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from engine.dossier.cells import NotDetected
from engine.problems import Problem, Where
from engine.ruleset.figures import Attestation as Attestation
from engine.ruleset.figures import FigureUsed as FigureUsed
from engine.ruleset.programme import Origin as Origin


class Status(StrEnum):
    """What is known of a gate or criterion. Never mixed: what is open is undetermined, not failed."""

    MET = "met"
    NOT_MET = "not_met"
    SCORED = "scored"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


class Interval(NamedTuple):
    """A number as far as it is known; ``high`` is None where there is no upper bound."""

    low: Fraction
    high: Fraction | None

    @property
    def is_point(self) -> bool:
        """Whether the number is fully known."""
        return self.low == self.high


class Shown(NamedTuple):
    """A value as it prints: exact number or text, the unit it prints in, and the text it was entered as (empty if computed)."""

    value: Fraction | bool | str | NotDetected | None
    unit: str = ""
    factor: Fraction = Fraction(1)
    entered: str = ""
    places: int | None = None

    @property
    def number(self) -> Fraction | None:
        """The value in its printing unit, None where it is no number."""
        if isinstance(self.value, Fraction):
            return self.value if self.factor.as_integer_ratio() == (1, 1) else self.value / self.factor
        return None

    @property
    def reporting_limit(self) -> Fraction | None:
        """The limit below which nothing was detected, in the printing unit; None where that is not stated, or the value was detected."""
        if isinstance(self.value, NotDetected) and self.value.limit is not None:
            return self.value.limit / self.factor
        return None


class Names(tuple[str, ...]):
    """Ids in a reason that a reader is to see by their titles."""

    __slots__ = ()


class Limits(tuple[tuple[str, "Shown"], ...]):
    """The limits a value was held against: the comparison (``at_least``, ``lead`` ...) and the figure as it prints."""

    __slots__ = ()


Param: TypeAlias = "Fraction | Shown | Names | Limits | Reason | str"
"""What a reason's sentence may speak of."""


class Reason(NamedTuple):
    """Why a status is what it is: a code of ``texts/reasons.yaml`` and what its sentence speaks of.

    Parameters stay values (a :class:`Shown`, a number, names to be given their titles); only who prints the sentence makes
    them text.
    """

    code: str
    params: tuple[tuple[str, Param], ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceUsed:
    """A document brought for an item, with its pages and whether it counted on the day of the assessment."""

    id: str
    title: str
    pages: str
    issued: str
    valid_until: str
    counted: bool


class GateResult(NamedTuple):
    """A gate's verdict on the assessment's basis, with both answers side by side."""

    id: str
    number: str
    clause: str
    status: Status
    reason: Reason
    declared: Shown | None
    verified: Shown | None
    evidence: tuple[EvidenceUsed, ...]
    remark: str
    local: bool
    figures: tuple[FigureUsed, ...]


class CriterionResult(NamedTuple):
    """A criterion's verdict on the assessment's basis, with both values side by side: points within ``max``, limits, figures.

    ``effect`` is the points on the verified values less those on the declared ones, None where only one basis is filled.
    Where levels are assessed, points count levels: as many as there are for the best, none for none; ``weight`` is the item's
    share of the whole index, None where it has none or it is not known.
    """

    id: str
    number: str
    clause: str
    status: Status
    reason: Reason
    declared: Shown | None
    verified: Shown | None
    evidence: tuple[EvidenceUsed, ...]
    remark: str
    local: bool
    figures: tuple[FigureUsed, ...]
    dimension: str
    kind: str
    method: str
    points: Interval
    max: Fraction
    effect: Fraction | None
    limits: Limits
    level: str
    indicators: tuple[str, ...]
    weight: Fraction | None = None


Judged: TypeAlias = GateResult | CriterionResult
"""What has a verdict: a gate or a criterion."""


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """An indicator's value on the assessment's basis, with the inputs it was computed from."""

    id: str
    number: str
    clause: str
    formula: str
    value: Shown
    declared: Shown | None
    verified: Shown | None
    reason: Reason | None
    inputs: tuple[tuple[str, Shown], ...]
    local: bool
    figures: tuple[FigureUsed, ...]


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """A dimension: its weight, its raw points and what they contribute to the total (``low`` to ``high`` of ``max``)."""

    id: str
    number: str
    weight: Fraction | None
    raw: Interval
    raw_max: Fraction
    contribution: Interval
    max: Fraction
    not_applicable: bool


@dataclass(frozen=True, slots=True)
class YearResult:
    """One of several scored years: its score, the score with every ratio capped at one, and its criteria.

    ``lacking`` names the criteria that score and of which something is still to be known.
    """

    year: int
    score: Interval
    capped: Interval
    lacking: tuple[str, ...]
    dimensions: tuple[DimensionResult, ...]
    criteria: tuple[CriterionResult, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is lacking."""
        return not self.lacking


@dataclass(frozen=True, slots=True)
class LevelResult:
    """A level: its index (of 100) and that of each dimension, the index it takes, and the items that bar it or may.

    ``reached`` for certain, ``possible`` as far as what is open goes.
    """

    level: str
    mark: Fraction | None
    index: Interval
    reached: bool
    possible: bool
    barred_by: tuple[str, ...]
    open_by: tuple[str, ...]
    dimensions: tuple[tuple[str, Interval], ...]


@dataclass(frozen=True, slots=True)
class Used:
    """A value that a fact was read from: an input or indicator by its name, a cell as ``table.column``, and where it was entered."""

    name: str
    value: Shown
    where: Where = field(default_factory=Where, compare=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a rule asked for, by its source text, and whether it was asked to hold or not to.

    ``kind`` is ``conclusion`` (of another rule, by its name), ``status`` (of gates and criteria), ``count`` (of conclusions), ``row``
    (of the row that the rule is about) or ``value``.
    """

    text: str
    holds: bool
    kind: str
    used: tuple[Used, ...] = ()

    def __str__(self) -> str:
        return self.text if self.holds else f"not {self.text}"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """The row of a table that a finding is about: the cells that tell it from others, and where it was entered."""

    table: str
    key: tuple[Used, ...]
    where: Where = field(default_factory=Where, compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A conclusion of a rule: classification, obligation, major, minor, observation or veto, with the facts it came from.

    ``open`` marks one that would follow if what is undetermined turned out so; ``row`` is the row it is about, where its rule is
    about rows and the dossier has any.
    """

    rule: str
    clause: str
    severity: str
    name: str
    facts: tuple[Fact, ...]
    open: bool = False
    row: FindingRow | None = None

    @property
    def because(self) -> tuple[str, ...]:
        """The facts by their source texts."""
        return tuple(str(fact) for fact in self.facts)


class Place(NamedTuple):
    """Where something is stated: which input, column or document it is, its cell or the first of several, and the last of them."""

    name: str
    first: Where
    last: Where | None = None


class Statement(NamedTuple):
    """What a check held against something else: the value, and the cells it was stated in or computed from."""

    value: Shown
    places: tuple[Place, ...]


class CheckResult(NamedTuple):
    """Statements that do not go together. It touches neither points nor the determination.

    ``code`` is that of the sentence, ``row`` tells the row of a table, ``limit`` is what was held to and ``figure`` where that comes
    from; ``slip`` names the mistake of units that would explain it, ``dossier`` another dossier that takes part.
    """

    check: str
    form: str
    severity: str
    code: str
    statements: tuple[Statement, ...]
    row: str = ""
    limit: Shown | None = None
    figure: FigureUsed | None = None
    params: tuple[tuple[str, Param], ...] = ()
    slip: str = ""
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class Determination:
    """The conclusion. ``settled``: nothing that is still open can change outcome or tier."""

    outcome: str
    tier: str | None
    settled: bool
    provisional: bool
    reasons: tuple[Reason, ...]


class Unattested(NamedTuple):
    """A figure that nobody attested, or not for this day, and on which this result rests; ``expired`` is the last day it counted."""

    criterion: str
    figure: str
    basis: str
    key: str
    expired: str = ""


class Attested(NamedTuple):
    """A figure on which this result rests and that somebody attested, for this day."""

    criterion: str
    figure: str
    key: str
    attestation: Attestation


@dataclass(frozen=True, slots=True)
class Assessment:
    """The complete result of one dossier under one programme on one basis as of one day.

    ``years`` holds every scored year, the last one equal to ``score``, where the standard scores several; otherwise it is empty.
    ``levels`` holds every level of a standard that assesses by levels, the best first; ``score`` is then the index of the one
    that is reached, or of the last one where none is. ``checks`` holds what the dossier's own statements contradict each other in.
    """

    id: str
    basis: str
    as_of: str
    closed: bool
    engine_version: str
    ruleset: Origin
    scheme: Origin
    dossier: Origin
    determination: Determination
    score: Interval
    score_max: Fraction
    years: tuple[YearResult, ...]
    levels: tuple[LevelResult, ...]
    mark: Fraction | None
    gates: tuple[GateResult, ...]
    dimensions: tuple[DimensionResult, ...]
    criteria: tuple[CriterionResult, ...]
    indicators: tuple[IndicatorResult, ...]
    findings: tuple[Finding, ...]
    unattested: tuple[Unattested, ...]
    attested: tuple[Attested, ...]
    policies: tuple[FigureUsed, ...]
    problems: tuple[Problem, ...]
    checks: tuple[CheckResult, ...] = ()

    @property
    def judged(self) -> tuple[Judged, ...]:
        """All gates, then all criteria."""
        return (*self.gates, *self.criteria)
