"""What is aimed at, as conditions on single results and on their sum.

The determination table says which conditions must not hold (those of the lines before) and which must (those of the outcome's
own line). They come down to: items that may not fail or be open, a sum of worths that is needed, veto rules that may not fire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.assess.membership import needed_rank, reached
from engine.assess.results import Assessment, CriterionResult, DimensionResult, Judged, Status
from engine.language import NumberError, parse_number, round_half_even
from engine.problems import ProblemList, Where
from engine.ruleset.methods import Choose
from engine.ruleset.programme import Programme

PASS = "pass"
"""The target that is meant where none is named: whatever the scheme calls passing."""

PASSING = ("eligible", "scored")
ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)


@dataclass(frozen=True, slots=True)
class Target:
    """One of the passing outcomes, a tier or level, or a score; ``score`` comes on top of passing."""

    outcomes: tuple[str, ...]
    tier: str | None = None
    score: Fraction | None = None

    def met_by(self, assessment: Assessment, programme: Programme) -> bool:
        """Whether an assessment is at the target."""
        determination = assessment.determination
        if determination.outcome not in self.outcomes or (self.score is not None and assessment.score.low < self.score):
            return False
        ranks = ranking(programme)
        return self.tier is None or (determination.tier is not None and ranks[determination.tier] >= ranks[self.tier])


def ranking(programme: Programme) -> dict[str, Fraction]:
    """Tiers by their marks, or levels by their order: the higher, the better."""
    if programme.levels:
        names = list(programme.levels)
        return {name: Fraction(len(names) - i) for i, name in enumerate(names)}
    return {tier.tier: parse_number(tier.mark.value) for tier in programme.settings.tiers if tier.mark.value is not None}


def target_of(text: str, programme: Programme) -> Target:
    """A target from its text: ``pass``, an outcome, a tier or level, or a score. Raises Refused."""
    lines = programme.settings.determination
    outcomes = tuple(line.outcome for line in lines if line.outcome in PASSING and _can_hold(line.any_of, programme))
    if text == PASS:
        return Target(outcomes)
    if text in outcomes:
        return Target((text,))
    if text in ranking(programme):
        return Target(outcomes, tier=text)
    try:
        return Target(outcomes, score=parse_number(text))
    except NumberError:
        problems = ProblemList()
        problems.error("target_unknown", Where(path="--target"), text=text, known=", ".join((PASS, *outcomes, *ranking(programme))))
        problems.refuse_if_errors()
        raise


class Goal:
    """A target under a programme, seen from the assessment ``now``."""

    def __init__(self, programme: Programme, target: Target, now: Assessment) -> None:
        self.programme, self.target, self.now = programme, target, now
        before, own = _conditions(programme, target)
        self.avoided, self.wanted = before, own
        self.level = _level(programme, target) if programme.levels else None
        self.factors = {} if programme.levels else _factors(programme, now)
        self.vetoes = bool({"veto", "veto_open"} & before)
        self.need = self._need()

    def _need(self) -> Fraction | None:
        """What the sum of worths has to be at least; None where it does not matter."""
        if self.level is not None:
            asked = {"below_levels", "level_open"} & self.avoided or "at_level" in self.wanted
            return self.programme.levels[self.level].value if asked else None
        marks = [self.target.score] if self.target.score is not None else []
        mark = self.programme.mark.value
        if mark is not None and ({"below_mark", "mark_open"} & self.avoided or "at_mark" in self.wanted):
            marks.append(least(mark, self.programme))
        if self.target.tier is not None:
            marks.append(least(ranking(self.programme)[self.target.tier], self.programme))
        return max(marks, default=None)

    @property
    def blocked(self) -> tuple[str, ...]:
        """Conditions of the table that stand in the way whatever is changed."""
        found = []
        if "proxy_only" in self.avoided and self.programme.precheck_only:
            found.append("proxy_only")
        if not self.target.outcomes:
            found.append("no_outcome")
        if self.level is not None and self.need is None and "at_level" in self.wanted:
            found.append("no_mark")
        return tuple(found)

    def ok(self, result: Judged) -> bool:
        """Whether a result by itself leaves the target possible."""
        if not isinstance(result, CriterionResult):
            return self._stands(result.status, "gate_not_met", "gate_open")
        if self.level is not None and result.status is not Status.NOT_APPLICABLE:
            needed = needed_rank(self.programme, result.id, self.level)
            if needed and not reached(result, needed).low:
                return False
        if result.kind != "required":
            return True
        failing = "floor_not_met" if result.id in self.programme.floors else "required_not_met"
        return self._stands(result.status, failing, "required_open")

    def _stands(self, status: Status, failing: str, open_: str) -> bool:
        if status is Status.NOT_MET:
            return failing not in self.avoided
        return status is not Status.UNDETERMINED or open_ not in self.avoided

    def matters(self, result: Judged) -> bool:
        """Whether a result can stand in the way or earn anything."""
        failed = result._replace(status=Status.NOT_MET)
        opened = result._replace(status=Status.UNDETERMINED)
        barring = self.level is not None and bool(needed_rank(self.programme, result.id, self.level))
        return barring or self.factor(result.id) > 0 or not (self.ok(failed) and self.ok(opened))

    def factor(self, name: str) -> Fraction:
        """What one point of a criterion adds to the sum; of a level's index, what reaching the level does."""
        if self.level is None:
            return self.factors.get(name, ZERO)
        found = next((c for c in self.now.criteria if c.id == name), None)
        if found is None or name not in self.programme.indexed or found.status is Status.NOT_APPLICABLE:
            return ZERO
        return HUNDRED * (found.weight or ZERO)

    def worth(self, result: Judged) -> Fraction:
        """What a result adds to the sum, without what is still open."""
        if not isinstance(result, CriterionResult) or result.status is Status.NOT_APPLICABLE:
            return ZERO
        factor = self.factor(result.id)
        if not factor or self.level is None:
            return factor * result.points.low
        names = list(self.programme.levels)
        return factor if reached(result, len(names) - names.index(self.level)).low else ZERO

    def most(self, result: Judged) -> Fraction:
        """The most that a result could add if its item were met in full."""
        if not isinstance(result, CriterionResult) or result.status is Status.NOT_APPLICABLE:
            return ZERO
        return self.factor(result.id) * (result.max if self.level is None else ONE)

    def base(self, results: Mapping[str, Judged]) -> Fraction:
        """What the sum is besides the worths of single results: points granted to what does not apply."""
        if self.level is not None:
            return ZERO
        return self.now.score.low - sum((self.worth(result) for result in results.values()), ZERO)


def least(mark: Fraction, programme: Programme) -> Fraction:
    """The least total that counts as at a mark, where totals are rounded before they are compared.

    Half a step below; that a tie may be rounded down is found out by the assessment that follows.
    """
    places = programme.settings.mark_places
    if places is None:
        return mark
    step = Fraction(1, 10**places)
    edge = round_half_even(mark, step)
    edge = edge if edge >= mark else edge + step
    return edge - step / 2


def _conditions(programme: Programme, target: Target) -> tuple[frozenset[str], frozenset[str]]:
    """The conditions that must not hold, and those of which one must, for the first outcome aimed at."""
    before: list[str] = []
    for line in programme.settings.determination:
        if line.outcome in target.outcomes:
            return frozenset(before), frozenset(line.any_of)
        before += line.any_of
    return frozenset(before), frozenset()


def _can_hold(conditions: tuple[str, ...], programme: Programme) -> bool:
    """A line about marks cannot hold where there is none, and the other way round."""
    possible = {"at_mark": programme.mark.value is not None, "no_mark": programme.mark.value is None, "at_level": bool(programme.levels)}
    return any(possible.get(condition, True) for condition in conditions)


def _level(programme: Programme, target: Target) -> str:
    """The level aimed at: the one named, or the last of those there are."""
    return target.tier or list(programme.levels)[-1]


def _factors(programme: Programme, now: Assessment) -> dict[str, Fraction]:
    """What one point of each counted criterion adds to the total, with what does not apply as it is now."""
    dimensions: dict[str, DimensionResult] = {dimension.id: dimension for dimension in now.dimensions}
    grouped = {member for c in programme.criteria.values() if isinstance(c.method, Choose) for member in c.method.of}
    counted = [criterion for criterion in now.criteria if criterion.id not in grouped and criterion.max]
    stretches = {name: _stretch(dimension, counted, programme.settings.na_policy.value) for name, dimension in dimensions.items()}
    return {criterion.id: stretches[criterion.dimension] for criterion in counted}


def _stretch(dimension: DimensionResult, counted: list[CriterionResult], policy: str) -> Fraction:
    if not dimension.raw_max:
        return ZERO
    worth = dimension.max / dimension.raw_max
    live = sum((c.max for c in counted if c.dimension == dimension.id and c.status is not Status.NOT_APPLICABLE), ZERO)
    return worth * dimension.raw_max / live if policy == "renormalise" and live else worth
