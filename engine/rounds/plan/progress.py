"""Progress against a plan: every target with what is done, what is left, the pace that would be linear, and whether it is on time.

The pace of a target is its figure times the part of its time that has passed, counted in whole quarters (years for a reduction).
What has not been entered is never taken as zero: a target that is behind only by what is entered so far stays open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from engine.language import parse_number
from engine.rounds.plan.schema import CITY, CUMULATIVE, OF_YEAR, Disagreement, DueWord, Measure, Milestone, Plan, Target, WorkItem, cell_id
from engine.rounds.plan.tally import Certified, Count, Gap, Measured, Moment, Tally

REACHED, ON_TIME, BEHIND, MISSED = "reached", "on_time", "behind", "missed"
KEPT, EXCEEDED = "kept", "exceeded"
UNDER_WAY, OPEN, NO_FIGURE, NOT_BEGUN = "under_way", "open", "no_figure", "not_begun"
STATES = (REACHED, KEPT, ON_TIME, UNDER_WAY, OPEN, BEHIND, MISSED, EXCEEDED, NO_FIGURE, NOT_BEGUN)
"""Where a target stands. ``open``: what is entered does not tell; ``under_way``: no pace is set; ``no_figure``: the plan prints none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A target and where it stands at a moment.

    ``year`` is the one it is counted in (each year of a yearly target), or for a level the last one that is known. ``wanted`` is the figure
    to be reached, ``pace`` what of it would be done by now; ``left`` is what is still to do, under a ceiling the room below it.
    """

    target: Target
    place: str
    year: int | None
    done: Fraction | None
    wanted: Fraction | None
    pace: Fraction | None
    state: str
    lacking: tuple[Gap, ...] = ()

    @property
    def share(self) -> Fraction | None:
        """The part of the figure that is done."""
        return None if self.done is None or not self.wanted else self.done / self.wanted

    @property
    def left(self) -> Fraction | None:
        """What is left to do; the room under a ceiling, below zero where it is exceeded."""
        if self.done is None or self.wanted is None:
            return None
        rest = self.wanted - self.done
        return rest if self.target.compare == "at_most" else max(rest, Fraction(0))


@dataclass(frozen=True, slots=True)
class DistrictCell:
    """What one place has done of a row of the breakdown: in a year, or (``year`` None) in the whole period so far.

    ``standing`` is there where the plan has a column for it; its figure may still be null.
    """

    measure: str
    place: str
    year: int | None
    done: Fraction | None
    lacking: tuple[Gap, ...]
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something of the work list in a quarter: due by its end, or still running (``due`` False), with the standing of what it asks for."""

    item: WorkItem
    milestone: Milestone
    word: DueWord
    due: bool
    standings: tuple[Standing, ...]


class Differing(NamedTuple):
    """Where the plan's own parts differ: the note, and every one of the figures with its standing."""

    note: Disagreement
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """A plan at the end of a quarter: standings of the city, cells of the breakdown, what is due now and what is coming in the next one."""

    plan: Plan
    at: Moment
    standings: tuple[Standing, ...]
    cells: tuple[DistrictCell, ...]
    due: tuple[DueItem, ...]
    coming: tuple[DueItem, ...]
    disagreements: tuple[Differing, ...]
    unplaced: tuple[Certified, ...]


def plan_progress(plan: Plan, at: Moment, certified: Iterable[Certified] = (), measured: Iterable[Measured] = ()) -> Progress:
    """The progress of every target by the end of a quarter.

    ``measured`` has been checked (see :func:`engine.rounds.plan.measures.check_measured`); what lies after the moment does not count.
    A certificate of no district of the plan counts for the city and is named in ``unplaced``.
    """
    certified = tuple(certified)
    tally = Tally(plan, at, certified, measured)
    city = [target for target in plan.all_targets.values() if target.place == CITY and target.measure is not None]
    kinds = {measure.kind for measure in plan.measures}
    return Progress(
        plan=plan,
        at=at,
        standings=tuple(standing for target in city for standing in _standings(tally, target)),
        cells=tuple(_cells(tally)),
        due=due_in(tally, at),
        coming=due_in(tally, at.next),
        disagreements=tuple(_differing(tally, note) for note in plan.disagreements),
        unplaced=tuple(one for one in certified if one.kind in kinds and one.district not in plan.places[1:]),
    )


def _standings(tally: Tally, target: Target) -> Iterable[Standing]:
    """One standing; of a yearly target one for every year that has begun."""
    if target.span != "each_year":
        return [standing_of(tally, target)]
    return [standing_of(tally, target, year=year) for year in tally.plan.period.years if year <= tally.at.year]


def standing_of(tally: Tally, target: Target, *, year: int | None = None, share: Fraction = Fraction(1), by: int = 4) -> Standing:
    """Where a target stands: in which ``year`` for a yearly one, and with a ``share`` of it asked for by the end of the quarter ``by``."""
    assert target.measure is not None
    measure = tally.plan.measure_of[target.measure]
    if not measure.adds_up:
        return _level(tally, target, measure)
    since, until = _span(tally.plan, target, year)
    until = Moment(until.year, min(by, until.quarter))
    count = tally.done(measure, target.place, since, until)
    wanted = None if target.figure is None else share * target.figure
    passed = Fraction(min(until.ordinal, tally.at.ordinal) - since.ordinal + 1, until.ordinal - since.ordinal + 1)
    pace = None if wanted is None or passed <= 0 else wanted * passed
    state = NOT_BEGUN if passed <= 0 else _state(target, count, wanted, pace, over=tally.at >= until)
    return Standing(target, target.place, None if target.span == "period" else since.year, count.value, wanted, pace, state, count.lacking)


def _span(plan: Plan, target: Target, year: int | None) -> tuple[Moment, Moment]:
    """The first and the last quarter of a target's time."""
    if target.span == "period":
        return Moment(int(plan.period.since), 1), Moment(int(plan.period.until), 4)
    when = year if year is not None else int(target.year or plan.period.until)
    if target.quarter is not None:
        return Moment(when, int(target.quarter)), Moment(when, int(target.quarter))
    return Moment(when, 1), Moment(when, 4)


def _state(target: Target, count: Count, wanted: Fraction | None, pace: Fraction | None, *, over: bool) -> str:
    """Where something that only grows stands: what is missing can only add to it."""
    if wanted is None:
        return NO_FIGURE
    if count.value is None:
        return OPEN
    if _holds(target, count.value, wanted):
        return REACHED
    if not over and pace is not None and count.value >= pace:
        return ON_TIME
    if count.lacking:
        return OPEN
    return MISSED if over else BEHIND


def _holds(target: Target, done: Fraction, wanted: Fraction) -> bool:
    """Whether a figure is reached; one that is printed without a comparison, or as approximate, by reaching the number itself."""
    if target.compare == "at_most":
        return done <= wanted
    return done > wanted if target.compare == "more_than" else done >= wanted


def _level(tally: Tally, target: Target, measure: Measure) -> Standing:
    """Where a state, a rate or a reduction stands: by the last year that is known, no later than the target's own."""
    if target.span == "average":
        return _average(tally, target, measure)
    end = int(target.year or tally.plan.period.until)
    begin = int(target.against or min(int(tally.plan.period.since), end) - 1)
    first = end if target.span == "year" else begin + 1
    known = [(year, value) for year in range(first, end + 1) if (value := _value(tally, target, measure, year)) is not None]
    year, done = known[-1] if known else (None, None)
    wanted = target.figure if target.level_of is None else tally.amount(measure.measure, target.place, int(target.level_of))
    pace = None
    if year is not None and wanted is not None and target.against is not None:
        pace = wanted * Fraction(year - begin, end - begin)
    if tally.at < Moment(first, 1):
        state = NOT_BEGUN
    elif wanted is None and target.level_of is None:
        state = NO_FIGURE
    elif done is None or wanted is None:
        state = OPEN
    else:
        state = _level_state(target, done, wanted, pace, over=year == end and tally.at >= Moment(end, 4))
    return Standing(target, target.place, year, done, wanted, pace, state, tuple(_unknown(tally, target, measure, first)))


def _value(tally: Tally, target: Target, measure: Measure, year: int) -> Fraction | None:
    if measure.method == "reduction":
        return None if target.against is None else tally.reduction(measure, target.place, year, int(target.against))
    if measure.method == "amount":
        return tally.amount(measure.measure, target.place, year)
    return tally.stated(measure.measure, target.place, year)


def _level_state(target: Target, done: Fraction, wanted: Fraction, pace: Fraction | None, *, over: bool) -> str:
    """A level may still be lost before its year is over, so that until then it is on time rather than reached."""
    if target.compare == "at_most":
        return KEPT if _holds(target, done, wanted) else EXCEEDED
    if over:
        return REACHED if _holds(target, done, wanted) else MISSED
    if pace is None:
        return ON_TIME if _holds(target, done, wanted) else UNDER_WAY
    return ON_TIME if done >= pace else BEHIND


def _unknown(tally: Tally, target: Target, measure: Measure, first: int) -> Iterable[Gap]:
    """The years that the standing needs and that nobody entered: the base, and the last one that is over."""
    last = min(int(target.year or tally.at.year), tally.at.year if tally.at.quarter == 4 else tally.at.year - 1)
    base = [int(year) for year in (target.against, target.level_of) if year is not None]
    names = measure.of or (measure.measure,)
    for year in (*base, *([last] if last >= first else [])):
        read = tally.stated if measure.method == "stated" else tally.amount
        if any(read(name, target.place, year) is None for name in names):
            yield Gap(target.place, year, None)


def _average(tally: Tally, target: Target, measure: Measure) -> Standing:
    """The mean of yearly rates; open as long as one of a year that is over is missing."""
    years = [year for year in tally.plan.period.years if year <= tally.at.year]
    values = {year: tally.stated(measure.measure, target.place, year) for year in years}
    known = [value for value in values.values() if value is not None]
    lacking = tuple(Gap(target.place, year, None) for year, value in values.items() if value is None and Moment(year, 4) <= tally.at)
    done = sum(known, Fraction(0)) / len(known) if known else None
    wanted = target.figure
    state = NOT_BEGUN if not years else NO_FIGURE if wanted is None else OPEN
    if done is not None and wanted is not None and not lacking:
        state = _level_state(target, done, wanted, None, over=tally.at >= Moment(tally.plan.period.years[-1], 4))
    return Standing(target, target.place, years[-1] if known else None, done, wanted, None, state, lacking)


def _cells(tally: Tally) -> Iterable[DistrictCell]:
    """Every row of the breakdown for every place: each year that has begun, then the whole period so far."""
    plan = tally.plan
    years = [year for year in plan.period.years if year <= tally.at.year]
    for name in (name for row in plan.breakdown.rows for name in row.measures):
        measure = plan.measure_of[name]
        for place in plan.places:
            columns = {column: standing_of(tally, plan.all_targets[cell_id(name, place, column)]) for column in (CUMULATIVE, OF_YEAR)}
            for year in years:
                standing = columns[OF_YEAR] if year == int(plan.breakdown.year) else None
                count = _done_in(tally, measure, place, year, columns[CUMULATIVE].target)
                yield DistrictCell(name, place, year, count.value, count.lacking, standing)
            whole = columns[CUMULATIVE]
            yield DistrictCell(name, place, None, whole.done, whole.lacking, whole)


def _done_in(tally: Tally, measure: Measure, place: str, year: int, target: Target) -> Count:
    """What was done in one year; a reduction of a year is that against the year before."""
    if measure.adds_up:
        return tally.done(measure, place, Moment(year, 1), Moment(year, 4))
    of_year = target.model_copy(update={"against": str(year - 1)})
    return Count(_value(tally, of_year, measure, year))


def due_in(tally: Tally, quarter: Moment) -> tuple[DueItem, ...]:
    """What the work list asks for in a quarter: first what is due by its end, then what is running; nothing in years it is not for."""
    plan = tally.plan
    if quarter.year != int(plan.work.year):
        return ()
    found = []
    for item in plan.work.items:
        for milestone in item.schedule:
            word = plan.due_of[milestone.due]
            if int(word.since) <= quarter.quarter <= int(word.until):
                found.append(DueItem(item, milestone, word, quarter.quarter == int(word.until), tuple(_asked(tally, milestone, word))))
    return tuple(sorted(found, key=lambda one: not one.due))


def _asked(tally: Tally, milestone: Milestone, word: DueWord) -> Iterable[Standing]:
    share = Fraction(1) if milestone.share is None else parse_number(milestone.share)
    for name in milestone.targets:
        yield standing_of(tally, tally.plan.all_targets[name], share=share, by=int(word.until))


def _differing(tally: Tally, note: Disagreement) -> Differing:
    return Differing(note, tuple(standing_of(tally, tally.plan.all_targets[name]) for name in note.targets))
