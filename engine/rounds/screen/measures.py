"""What applications are compared by: the indicators that criteria judge and ratios, in units of one kind whatever they are stated in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from engine.assess.results import Shown
from engine.language import UnitError
from engine.rounds.screen.case import Case
from engine.rounds.screen.settings import ScreenRatio
from engine.ruleset.methods import Bands, Count, Interpolate, Membership, Ratio, Threshold
from engine.ruleset.programme import Programme

_UP, _DOWN = {"at_least", "more_than", "grade_at_least"}, {"at_most", "less_than", "not_detected_below"}

Key = tuple[str, str]
"""A measure: its name, and what its unit measures. Values of different kinds (per tonne, per metre) are different measures."""


class Measured(NamedTuple):
    """A value in base units, the unit it prints in with its factor, and which way the applicant gains by it (empty: neither)."""

    value: Fraction
    unit: str
    factor: Fraction
    better: str
    ratio: ScreenRatio | None = None

    def shown(self, value: Fraction | None = None) -> Shown:
        """This value, or another one of its kind, as it prints."""
        return Shown(self.value if value is None else value, self.unit, self.factor)


def measures(case: Case, ratios: Sequence[ScreenRatio]) -> dict[Key, Measured]:
    """The indicators of a case that criteria judge, and its ratios."""
    directions = judged_directions(case.programme)
    values = plain_values(case)
    found = {key: each._replace(better=directions[key[0]]) for key, each in values.items() if key[0] in directions}
    by_name = {name: (kind, each) for (name, kind), each in values.items()}
    for ratio in ratios:
        if ratio.of in by_name and ratio.per in by_name and by_name[ratio.per][1].value > 0:
            (of_kind, of), (per_kind, per) = by_name[ratio.of], by_name[ratio.per]
            unit = f"{of.unit or '1'}/{per.unit or '1'}"
            made = Measured(of.value / per.value, unit, of.factor / per.factor, ratio.better or "", ratio)
            found[ratio.ratio, f"{of_kind}/{per_kind}"] = made
    return found


def plain_values(case: Case) -> dict[Key, Measured]:
    """Every indicator of a case that is a number, and the values that indicators are computed from."""
    found: dict[Key, Measured] = {}
    for name, shown in _shown(case):
        number = shown.number
        if number is None:
            continue
        factor, kind = _unit(case.programme, shown.unit)
        found.setdefault((name, kind), Measured(number * factor, shown.unit, factor, ""))
    return found


def _shown(case: Case) -> Iterator[tuple[str, Shown]]:
    known = {**case.programme.inputs, **case.programme.indicators}
    for indicator in case.assessment.indicators:
        yield indicator.id, indicator.value
    for indicator in case.assessment.indicators:
        yield from ((name, shown) for name, shown in indicator.inputs if name in known and not _is_benchmark(case.programme, name))


def _is_benchmark(programme: Programme, name: str) -> bool:
    return name in programme.inputs and programme.inputs[name].role == "benchmark"


@lru_cache(maxsize=4096)
def _unit(programme: Programme, text: str) -> tuple[Fraction, str]:
    """A unit's size and what it measures; one that nobody can read measures itself."""
    try:
        unit = programme.units.parse(text or "1")
    except UnitError:
        return Fraction(1), text
    return unit.factor, str(unit.dimension)


@lru_cache(maxsize=64)
def judged_directions(programme: Programme) -> Mapping[str, str]:
    """The indicators that some gate or criterion judges as they are, with which way is better: ``up``, ``down``, or nothing."""
    found: dict[str, set[str]] = {}
    for demand in (*programme.gates.values(), *programme.criteria.values()):
        for text, direction in _judged(demand.method):
            if text in programme.indicators:
                found.setdefault(text, set()).add(direction)
    return {name: directions.pop() if len(directions) == 1 else "" for name, directions in found.items()}


def _judged(method: object) -> Iterator[tuple[str, str]]:
    """The values that a method judges, each with its better direction."""
    match method:
        case Threshold():
            for limit in method.limits:
                parts = set(limit.parts())
                yield limit.value or method.value, "" if parts & _UP and parts & _DOWN else "up" if parts & _UP else "down"
        case Interpolate():
            yield from ((basis.value, method.direction) for basis in method.bases)
        case Bands() | Ratio():
            yield method.value, method.direction
        case Membership(value=str(value), direction=str(direction)):
            yield value, direction
        case Count():
            yield method.value, "up"
