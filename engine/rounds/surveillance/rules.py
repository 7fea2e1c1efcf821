"""Rules of surveillance as data: duties after certification, when/then rules, the lowest share of a list, each figure with its source.

The vocabulary of conditions is closed and small. The language of rulesets is about values of one dossier; here it is about days and
events, and a condition that everybody can read in one line is worth more than a language for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from engine.language import NumberError, parse_number
from engine.located import Key, Located
from engine.problems import ProblemList
from engine.rounds.surveillance.days import period_end
from engine.rounds.surveillance.machine import Measure
from engine.ruleset.library import rulesets_root
from engine.ruleset.load import load_model
from engine.ruleset.schema import AFigure, Basis, Figure, Model, Source, Text, Validity, Word, Words


class EventKind(StrEnum):
    """What is recorded of a certificate or its holder after certification."""

    ANNUAL_UPDATE = "annual_update"
    REEVALUATION = "reevaluation"
    REEVALUATION_RESULT = "reevaluation_result"
    ACCIDENT = "accident"
    PENALTY = "penalty"
    FALSE_DATA = "false_data"
    NOT_CONFORMING = "not_conforming"
    OUT_OF_BUSINESS = "out_of_business"
    ABNORMAL_OPERATION = "abnormal_operation"
    DELISTED = "delisted"
    DISHONEST = "dishonest"
    SERIOUS_FINDING = "serious_finding"
    INSPECTION_OPEN = "inspection_open"
    RANKED_LOWEST = "ranked_lowest"
    CORRECTED = "corrected"
    APPEAL = "appeal"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_REJECTED = "appeal_rejected"
    PUT_IN_EFFECT = "put_in_effect"


ANSWERS = (
    EventKind.ANNUAL_UPDATE,
    EventKind.REEVALUATION,
    EventKind.CORRECTED,
    EventKind.APPEAL,
    EventKind.APPEAL_UPHELD,
    EventKind.APPEAL_REJECTED,
    EventKind.PUT_IN_EFFECT,
)
"""Events that answer a duty or a decision. On one day they come after what is found and decided on it, in this order."""
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Duty(Model):
    """What a holder owes: every year by a day, or every so many months from the day of issue, so many days before.

    A yearly duty begins so many years after the year of issue. ``clause`` is of the ruleset's document.
    """

    duty: Word
    title: Words
    event: Literal[EventKind.ANNUAL_UPDATE, EventKind.REEVALUATION]
    due: MonthDay | None = None
    first_year_after: AFigure = Figure(value=None)
    every_months: AFigure | None = None
    days_before: AFigure | None = None
    clause: str | None = None
    source: Source

    @model_validator(mode="after")
    def _one_rhythm(self) -> Duty:
        if (self.due is None) == (self.every_months is None):
            raise ValueError("surveillance_rhythm")
        return self


class EventCount(Model):
    """So many events of a kind (one where not stated), within so many months up to the last of them (ever where not stated)."""

    kind: EventKind
    grades: tuple[Word, ...] = ()
    penalties: tuple[Word, ...] = ()
    results: tuple[Literal["passed", "failed"], ...] = ()
    amount_at_least: AFigure | None = None
    count: AFigure = Figure(value="1")
    within_months: AFigure | None = None


class Overdue(Model):
    """A duty that is late by so many days: on that day nothing had been handed in before it."""

    duty: Word
    days: AFigure


class Consecutive(Model):
    """Events of a kind in so many years one after the other, of the same holder, whatever certificate was then in force."""

    kind: Literal[EventKind.RANKED_LOWEST]
    years: AFigure


class Lasting(Model):
    """The certificate has been warned or suspended for so many days on end."""

    state: Literal["warned", "suspended"]
    days: AFigure


class When(Model):
    """Exactly one condition."""

    event: EventCount | None = None
    overdue: Overdue | None = None
    consecutive: Consecutive | None = None
    lasting: Lasting | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> When:
        if len(self.model_fields_set) != 1:
            raise ValueError("surveillance_when")
        return self


Cure = Literal["corrected", "handed_in"]


class Then(Model):
    """What follows: the measure, the days to comment or put right, the days to appeal, and what undoes it before and after its effect.

    A notice of no days is a decision that takes effect at once; where the days are null, the office says when it takes effect.
    """

    decision: Measure
    notice_days: AFigure = Figure(value=None)
    appeal_days: AFigure = Figure(value=None)
    put_right_by: tuple[Cure, ...] = ()
    lifted_by: tuple[Cure, ...] = ()
    lasts_months: AFigure | None = None

    @model_validator(mode="after")
    def _withdrawal_stays(self) -> Then:
        if self.decision is Measure.WITHDRAW and (self.lifted_by or self.lasts_months):
            raise ValueError("surveillance_withdrawal_lifted")
        if self.decision is Measure.CONTINUE and self.model_fields_set - {"decision"}:
            raise ValueError("surveillance_continue_alone")
        return self


class Rule(Model):
    """One rule: when this holds, then decide that."""

    rule: Word
    title: Words
    when: When
    then: Then
    clause: str | None = None
    source: Source


class Rounding(Model):
    """How the count of the lowest share becomes whole."""

    value: Literal["floor", "ceiling", "half_even"]
    source: Source


class Edge(Model):
    """Of those who tie at the edge where not all have room: all are spared, or all are taken."""

    value: Literal["spare", "take"]
    source: Source


class Lowest(Model):
    """The lowest share of a list, in percent; ``minimum_list`` is the shortest list from which anybody is taken."""

    percent: AFigure
    rounding: Rounding
    edge: Edge
    minimum_list: AFigure
    clause: str | None = None
    source: Source


class Term(Model):
    """How long certificates are valid in months, null where the texts set no term; a passed re-evaluation may add as much again."""

    months: AFigure
    extended_by_reevaluation: bool
    source: Source


class Surveillance(Model):
    """All that holds after certification under one text."""

    surveillance: Word
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Words
    document: Text
    issuer: Words
    in_force: Validity = Validity()
    sources: dict[str, str] = Field(default_factory=dict)
    notes: tuple[Words, ...] = ()
    kinds: tuple[Word, ...]
    grades: dict[Word, Words] = Field(default_factory=dict)
    penalties: dict[Word, Words] = Field(default_factory=dict)
    term: Term
    duties: tuple[Duty, ...] = ()
    lowest: Lowest | None = None
    rules: tuple[Rule, ...]

    def duty(self, name: str) -> Duty:
        """A duty by its name."""
        return next(duty for duty in self.duties if duty.duty == name)

    def rule(self, name: str) -> Rule:
        """A rule by its name."""
        return next(rule for rule in self.rules if rule.rule == name)

    def valid_until(self, issued_on: str) -> str:
        """The last day of a certificate issued on a day (ISO text); empty where the texts set no term."""
        months = whole(self.term.months)
        return "" if months is None else period_end(date.fromisoformat(issued_on), months).isoformat()


def whole(figure: Figure | None) -> int | None:
    """A figure as a whole number; None where it is not stated or not known."""
    return None if figure is None or figure.value is None else int(parse_number(figure.value))


def exact(figure: Figure) -> Fraction | None:
    """A figure as an exact number; None where it is not known."""
    return None if figure.value is None else parse_number(figure.value)


def surveillance_names(root: Path | None = None) -> list[str]:
    """The rules of surveillance in the library, sorted."""
    return sorted(path.stem for path in ((root or rulesets_root()) / "surveillance").glob("*.yaml"))


def load_surveillance(name: str, root: Path | None = None) -> Surveillance:
    """The rules of a name. Raises Refused with every mistake, each at its line."""
    problems = ProblemList()
    inside = f"surveillance/{name}.yaml"
    rules, located = load_model((root or rulesets_root()) / inside, Surveillance, problems, inside)
    if rules is not None:
        _check(rules, located, problems)
    problems.refuse_if_errors()
    assert rules is not None
    return rules


def figures(rules: Surveillance) -> Iterator[tuple[tuple[Key, ...], Figure, Source, bool]]:
    """Every figure by its path, with the source it answers to and whether it must be a whole number."""
    yield ("term", "months"), rules.term.months, rules.term.months.source or rules.term.source, True
    for i, duty in enumerate(rules.duties):
        for name in ("first_year_after", "every_months", "days_before"):
            figure = getattr(duty, name)
            if name in duty.model_fields_set and figure is not None:
                yield ("duties", i, name), figure, figure.source or duty.source, True
    if rules.lowest is not None:
        for name in ("percent", "minimum_list"):
            figure = getattr(rules.lowest, name)
            yield ("lowest", name), figure, figure.source or rules.lowest.source, name == "minimum_list"
    for i, rule in enumerate(rules.rules):
        form = next(iter(rule.when.model_fields_set))
        for part, path in ((getattr(rule.when, form), ("when", form)), (rule.then, ("then",))):
            for name in type(part).model_fields:
                figure = getattr(part, name)
                if isinstance(figure, Figure) and name in part.model_fields_set:
                    yield ("rules", i, *path, name), figure, figure.source or rule.source, name != "amount_at_least"


def unattested(rules: Surveillance, rule: str) -> tuple[str, ...]:
    """The figures of one rule, by their key, that are known and were not seen in an official text; the rule's own name where it was not."""
    index = next(i for i, each in enumerate(rules.rules) if each.rule == rule)
    found = [rule] if rules.rules[index].source.basis is not Basis.SEEN else []
    for path, figure, source, _ in figures(rules):
        if path[:2] == ("rules", index) and figure.value is not None and source.basis is not Basis.SEEN:
            found.append(f"{rule}.{path[-1]}")
    return tuple(found)


def _check(rules: Surveillance, located: Located, problems: ProblemList) -> None:
    """What the form alone cannot show: names that exist, names given once, figures that are numbers of their kind."""
    _check_figures(rules, located, problems)
    seen: set[str] = set()
    duties = {duty.duty: duty for duty in rules.duties}
    for i, rule in enumerate(rules.rules):
        if rule.rule in seen:
            problems.error("surveillance_name_twice", located.where(("rules", i)), name=rule.rule)
        seen.add(rule.rule)
        overdue, event = rule.when.overdue, rule.when.event
        if overdue is not None and overdue.duty not in duties:
            where = located.where(("rules", i, "when", "overdue", "duty"))
            problems.error("surveillance_unknown", where, name=overdue.duty, known=_list(duties))
        if overdue is None and "handed_in" in (*rule.then.put_right_by, *rule.then.lifted_by):
            problems.error("surveillance_nothing_owed", located.where(("rules", i, "then")), rule=rule.rule)
        for names, known, key in ((event.grades, rules.grades, "grades"), (event.penalties, rules.penalties, "penalties")) if event else ():
            for name in (name for name in names if name not in known):
                problems.error("surveillance_unknown", located.where(("rules", i, "when", "event", key)), name=name, known=_list(known))
    if len(duties) < len(rules.duties):
        problems.error("surveillance_name_twice", located.where(("duties",)), name=_list(duty.duty for duty in rules.duties))


def _check_figures(rules: Surveillance, located: Located, problems: ProblemList) -> None:
    for path, figure, _, is_whole in figures(rules):
        if figure.value is None:
            continue
        try:
            value = parse_number(figure.value)
        except NumberError:
            value = Fraction(-1)
        least = 1 if path[-1] in ("count", "years", "days", "every_months", "months", "within_months", "lasts_months") else 0
        if value < least or (is_whole and value.denominator != 1):
            problems.error("surveillance_figure", located.where(path), value=figure.value, least=least)


def _list(names: Iterator[str] | dict[str, Duty] | dict[str, Words]) -> str:
    return ", ".join(names) or "—"
