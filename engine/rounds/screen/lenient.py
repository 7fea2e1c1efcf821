"""Evaluators and third-party bodies that find a criterion met more often than the others do, told from chance by exact tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.assess.results import CriterionResult, Judged, Status
from engine.rounds.screen.case import Case, in_order
from engine.rounds.screen.exact import fisher_tail, holm, median
from engine.rounds.screen.settings import Settings
from engine.rounds.screen.signal import LOOK, NOTE, STRONG, Signal, at_most, count, one_in

WHO: Mapping[str, Callable[[Case], str]] = {"evaluator": lambda case: case.evaluator, "body": lambda case: case.third_party}
"""Whose judgement is compared: that of a person, and that of a body."""
UNCUT = ""
"""In place of a criterion: dossiers in which the applicant's own view was not cut anywhere."""

ONE = Fraction(1)


class Told(NamedTuple):
    """What is compared: whose judgement (a person's or a body's, and the name), of which kind of application, of which criterion."""

    who: str
    name: str
    kind: tuple[str, str]
    item: str


class Counts(NamedTuple):
    """How many found it met among those of the one, and among those of the others."""

    hits: int
    drawn: int
    other_hits: int
    others: int

    @property
    def chance(self) -> Fraction:
        """The probability of so many hits or more among the one's, all being alike; 1 where they are not above the others' share."""
        if self.hits * self.others <= self.other_hits * self.drawn:
            return ONE
        return fisher_tail(*self)


_Met = Mapping[tuple[tuple[str, str], str], Sequence[tuple[Case, bool]]]


def lenient_signals(cases: Sequence[Case], history: Sequence[Case], settings: Settings) -> Iterator[Signal]:
    """Who is lenient on what, over the round and its history; only those with cases in the round are told.

    Probabilities are corrected for all comparisons: the chance that a round in which all judge alike raises a signal is at most the level
    of alarm, however many evaluators and criteria there are.
    """
    looked_at = in_order(cases)
    everyone = in_order((*(case for case in history if case.key not in {one.key for one in looked_at}), *looked_at))
    met = _met([case for case in everyone if case.third_party_view.basis == "verified"])
    counts = {told: made for told, made in _counts(met, looked_at) if min(made.drawn, made.others) >= settings["lenient_least"]}
    for told, chance in holm({told: made.chance for told, made in counts.items()}).items():
        if chance <= settings["alarm_look"]:
            severity = STRONG if chance <= settings["alarm_strong"] else LOOK
            yield _signal(told, counts[told], severity, chance, len(counts), looked_at, met)
    yield from _too_few(looked_at, counts, settings)


def _met(cases: Sequence[Case]) -> _Met:
    """By kind and criterion the cases in which it was decided, and whether in the applicant's favour."""
    decided: dict[tuple[tuple[str, str], str], list[tuple[Case, Judged]]] = {}
    found: dict[tuple[tuple[str, str], str], list[tuple[Case, bool]]] = {}
    for case in cases:
        for item in case.third_party_view.judged:
            if item.status in (Status.MET, Status.NOT_MET, Status.SCORED):
                decided.setdefault((case.kind, item.id), []).append((case, item))
        if case.self_assessment is not None:
            found.setdefault((case.kind, UNCUT), []).append((case, not _cut(case)))
    for place, members in decided.items():
        points = [item.points.low for _, item in members if isinstance(item, CriterionResult) and item.status is Status.SCORED]
        middle = median(points) if points else None
        found[place] = [(case, _favourable(item, middle)) for case, item in members]
    return found


def _favourable(item: Judged, middle: Fraction | None) -> bool:
    """Met; of what is scored, more points than in the middle of all cases."""
    if isinstance(item, CriterionResult) and item.status is Status.SCORED and middle is not None:
        return item.points.low > middle
    return item.status is Status.MET


def _cut(case: Case) -> bool:
    """Whether anything that the applicant counts as met or gives itself points for came out lower."""
    final = {item.id: item for item in case.third_party_view.judged}
    own = case.self_assessment.judged if case.self_assessment else ()
    return any(item.id in final and _less(final[item.id], item) for item in own)


def _less(final: Judged, own: Judged) -> bool:
    if own.status is Status.MET and final.status is Status.NOT_MET:
        return True
    return isinstance(final, CriterionResult) and isinstance(own, CriterionResult) and final.points.low < own.points.low


def _counts(met: _Met, looked_at: Sequence[Case]) -> Iterator[tuple[Told, Counts]]:
    """The two rows of every comparison: the one and all others together."""
    for (kind, item), members in met.items():
        hits = sum(found for _, found in members)
        for who, name_of in WHO.items():
            here = {name_of(case) for case in looked_at} - {""}
            own: dict[str, list[bool]] = {}
            for case, found in members:
                own.setdefault(name_of(case), []).append(found)
            for name in sorted(here & own.keys()):
                mine = own[name]
                yield Told(who, name, kind, item), Counts(sum(mine), len(mine), hits - sum(mine), len(members) - len(mine))


def _signal(told: Told, made: Counts, severity: str, chance: Fraction, looks: int, looked_at: Sequence[Case], met: _Met) -> Signal:
    name_of, here = WHO[told.who], {case.key for case in looked_at}
    mine = [case for case, found in met[told.kind, told.item] if found and name_of(case) == told.name and case.key in here]
    params = (
        ("name", told.name),
        ("hits", count(made.hits)),
        ("drawn", count(made.drawn)),
        ("other_hits", count(made.other_hits)),
        ("others", count(made.others)),
        ("chance", at_most(chance)),
        ("one_in", one_in(chance)),
        ("tests", count(looks)),
    )
    code = f"lenient_{told.who}" if told.item else f"lenient_uncut_{told.who}"
    numbers = tuple(sorted(case.number for case in mine))
    items = (told.item,) if told.item else ()
    programme = met[told.kind, told.item][0][0].programme
    return Signal("lenient", code, severity, numbers, items, params, "own_mix", programme)


def _too_few(looked_at: Sequence[Case], counts: Mapping[Told, Counts], settings: Settings) -> Iterator[Signal]:
    """Who could not be compared with the others."""
    for who, name_of in WHO.items():
        compared = {told.name for told in counts if told.who == who}
        missing = sorted({name_of(case) for case in looked_at} - compared - {""})
        if missing:
            numbers = tuple(sorted(case.number for case in looked_at if name_of(case) in missing))
            params = (("count", count(len(missing))), ("names", "、".join(missing)), ("needed", settings["lenient_least"]))
            yield Signal("lenient", f"lenient_too_few_{who}", NOTE, numbers, (), params)
