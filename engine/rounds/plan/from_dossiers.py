"""What the dossiers of a round tell of a plan's measures: items for the office to check and enter, none of which counts by itself.

An applicant counts where a criterion that the plan names was found met as verified, in the quarter of the latest dated document that
counted for it. Nothing is guessed: without a date, or with one outside the plan's time, there is no item, and that is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from engine.rounds.book import WITHDRAWN, Application
from engine.rounds.plan.schema import Measure, Plan
from engine.rounds.plan.tally import Measured, moment_of

UNDATED, OUTSIDE, UNPLACED, ENTERED = "undated", "outside", "unplaced", "entered"
"""Why nothing is proposed: no document has a date, it lies outside the plan's time, no district of the plan's, entered already."""


class Document(NamedTuple):
    """A document of a dossier's list: its day as ISO text, empty where it has none, and what it is called."""

    issued: str
    title: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a dossier tells of a measure: the value that may be entered, or (None) why there is none."""

    number: str
    name: str
    measure: str
    day: str
    value: Measured | None
    reason: str = ""


def told_by_dossiers(
    plan: Plan,
    applications: Iterable[tuple[Application, Mapping[str, Document]]],
    entered: Iterable[Measured] = (),
    by: str = "",
) -> tuple[Told, ...]:
    """What applications tell, by measure and number; each comes with the documents of its dossier by their ids.

    ``entered`` is what the office has entered before; ``by`` is who is going to state it.
    """
    there = {(one.measure, one.place, one.year, one.quarter, one.item) for one in entered}
    pairs = list(applications)
    found = []
    for measure in plan.measures:
        for application, documents in pairs:
            told = _told(plan, measure, application, documents, by)
            if told is None:
                continue
            value = told.value
            if value is not None and (value.measure, value.place, value.year, value.quarter, value.item) in there:
                told = Told(told.number, told.name, told.measure, told.day, None, ENTERED)
            found.append(told)
    return tuple(found)


def _told(plan: Plan, measure: Measure, one: Application, documents: Mapping[str, Document], by: str) -> Told | None:
    """What an application tells of a measure; None where it tells nothing."""
    spec, result = measure.dossiers, one.result
    if spec is None or result is None or one.kind != spec.kind or one.state == WITHDRAWN or result["assessment"]["basis"] != "verified":
        return None
    met = [each for each in result["criteria"] if each["id"] in spec.criteria and each["status"] == "met"]
    if not met:
        return None
    dated = sorted((documents[name].issued, documents[name].title) for name in _papers(met) if name in documents and documents[name].issued)
    head = one.number, one.name, measure.measure
    if not dated:
        return Told(*head, "", None, UNDATED)
    day, title = dated[-1]
    if int(day[:4]) not in plan.period.years:
        return Told(*head, day, None, OUTSIDE)
    if one.district not in plan.places[1:]:
        return Told(*head, day, None, UNPLACED)
    at = moment_of(day)
    item, source = f"{one.name} {one.credit_code}", f"{title} {day} ({one.number})"
    return Told(*head, day, Measured(measure.measure, one.district, at.year, at.quarter, Fraction(1), source, by, item))


def _papers(criteria: Iterable[Mapping[str, Any]]) -> list[str]:
    """The documents that counted for criteria."""
    return [paper["id"] for each in criteria for paper in each["evidence"] if paper["counted"]]
