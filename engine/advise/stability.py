"""Whether an error of measurement would change the determination: every measured value moved, the dossier assessed again.

Each value is moved by itself to both ends of the error, and into every stretch between two edges that lie inside it: verdicts
turn at edges only. A change that is reported has been proven by assessing the dossier that really has the moved value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from engine.advise.edges import edges_of, mover
from engine.advise.meters import Meter, bound_moved, dossier_moved, entered_text, meters_of
from engine.advise.scene import Scene
from engine.assess.assess import assess_bound, assess_dossier
from engine.assess.results import Assessment, Interval
from engine.language import NumberError, parse_number
from engine.located import read
from engine.problems import ProblemList, Where
from engine.ruleset.schema import Criterion, Gate, Source

METERING = Path(__file__).with_name("metering.yaml")
STEPS = 20
"""In so many steps of the error the smallest move that changes the determination is looked for."""

ONE, HUNDRED = Fraction(1), Fraction(100)


@dataclass(frozen=True, slots=True)
class Margin:
    """The error that measured values may have, as a share; ``source`` says where it comes from unless the user stated it."""

    error: Fraction
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Flip:
    """A move that changes the determination: by which factor, what the dossier then says, and what comes out.

    Between the factor and the value as it is, in steps of a twentieth of the error, halving found no smaller one.
    """

    factor: Fraction
    before: str
    after: str
    outcome: str
    tier: str | None
    score: Interval


@dataclass(frozen=True, slots=True)
class Swing:
    """A measured value with the least and the greatest score that its error leads to, and the changes of the determination."""

    meter: Meter
    low: Fraction
    high: Fraction | None
    flips: tuple[Flip, ...]

    @property
    def width(self) -> Fraction | None:
        """By how much the error moves the score."""
        return None if self.high is None else self.high - self.low


@dataclass(frozen=True, slots=True)
class Stability:
    """Every measured value moved by the margin; stable where none of them changes outcome or tier."""

    margin: Margin
    swings: tuple[Swing, ...]
    tried: int

    @property
    def fragile(self) -> tuple[Swing, ...]:
        """The values whose error changes the determination."""
        return tuple(swing for swing in self.swings if swing.flips)

    @property
    def stable(self) -> bool | None:
        """Whether the determination stands; None where nothing it rests on is measured."""
        return not self.fragile if self.swings else None


@lru_cache(maxsize=1)
def default_margin() -> Margin:
    """The default error of measurement, with its provenance."""
    problems = ProblemList()
    data = read(METERING, problems, METERING.name).data
    problems.refuse_if_errors()
    return Margin(parse_number(data["error"]) / HUNDRED, Source.model_validate(data["source"]))


def margin_of(text: str) -> Margin:
    """A margin from a text such as ``2``, in per cent; more than 0 and less than 100. Raises Refused."""
    try:
        error = parse_number(text.removesuffix("%").strip()) / HUNDRED
    except NumberError:
        error = Fraction(0)
    if not 0 < error < 1:
        problems = ProblemList()
        problems.error("metering_error", Where(path="--error"), text=text)
        problems.refuse_if_errors()
    return Margin(error)


def stability(scene: Scene, margin: Margin | None = None) -> Stability:
    """Move every measured value by the margin, one at a time."""
    margin = margin or default_margin()
    tried = 0
    swings = []
    for meter in meters_of(scene):
        results = [(factor, assessed(scene, meter, factor)) for factor in factors(scene, meter, margin.error)]
        tried += len(results)
        swings.append(_swing(scene, meter, results, margin.error))
    return Stability(margin, tuple(swings), tried)


def assessed(scene: Scene, meter: Meter, factor: Fraction) -> Assessment:
    """The assessment with a measured value times a factor: the one there is, where no verdict and no rule notices."""
    bound = bound_moved(scene, meter, factor)
    if not scene.notices(bound, meter.name):
        return scene.now
    return assess_bound(bound, scene.basis, close=scene.close, like=scene.run)


def same(one: Assessment, other: Assessment) -> bool:
    """Whether two assessments come to the same outcome and tier."""
    a, b = one.determination, other.determination
    return (a.outcome, a.tier) == (b.outcome, b.tier)


def _swing(scene: Scene, meter: Meter, results: list[tuple[Fraction, Assessment]], error: Fraction) -> Swing:
    scores = [scene.now.score, *(result.score for _, result in results)]
    highs = [score.high for score in scores if score.high is not None]
    flipped = sorted((factor for factor, result in results if not same(result, scene.now)), key=lambda factor: abs(factor - 1))
    nearest = [next((f for f in flipped if f < 1), None), next((f for f in flipped if f > 1), None)]
    flips = tuple(_proven(scene, meter, _closer(scene, meter, factor, error / STEPS)) for factor in nearest if factor is not None)
    return Swing(meter, min(score.low for score in scores), max(highs) if len(highs) == len(scores) else None, flips)


def _closer(scene: Scene, meter: Meter, factor: Fraction, step: Fraction) -> Fraction:
    """A factor nearer to one that changes the determination too, found by halving."""
    sign = 1 if factor > 1 else -1
    inside, beyond = 0, int(abs(factor - 1) / step)
    if beyond <= 1:
        return factor
    if same(assessed(scene, meter, 1 + sign * beyond * step), scene.now):
        return factor
    while beyond - inside > 1:
        middle = (inside + beyond) // 2
        if same(assessed(scene, meter, 1 + sign * middle * step), scene.now):
            inside = middle
        else:
            beyond = middle
    return 1 + sign * beyond * step


def _proven(scene: Scene, meter: Meter, factor: Fraction) -> Flip:
    """The dossier that really says so, assessed."""
    made = assess_dossier(scene.programme, dossier_moved(scene, meter, factor), scene.basis, close=scene.close)
    found = made.determination
    before, after = entered_text(scene, meter), entered_text(scene, meter, factor)
    return Flip(factor, before, after, found.outcome, found.tier, made.score)


# --- where to look ---


def factors(scene: Scene, meter: Meter, error: Fraction) -> tuple[Fraction, ...]:
    """By what a value is multiplied: both ends, and one place in each stretch between edges inside."""
    ends = (ONE - error, ONE + error)
    roots = sorted({root for root in _roots(scene, meter) if ends[0] < root < ends[1]})
    places = [ends[0], *roots, ends[1]]
    inside = [_between(low, high) for low, high in pairwise(places)] if roots else []
    return tuple(sorted({*ends, *inside} - {ONE}))


def _roots(scene: Scene, meter: Meter) -> Iterator[Fraction]:
    """The factors at which a verdict turns, for an input."""
    moved = None if meter.column else mover(scene.run, meter.name, scene.programme)
    if moved is None or not moved.now:
        return
    demands: dict[str, Gate | Criterion] = {**scene.programme.gates, **scene.programme.criteria}
    for name, demand in demands.items():
        if meter.name in scene.ready.depends[name]:
            for edge in edges_of(scene.run, name, demand):
                root = None if edge.stop else moved.root(edge.gap)
                if root is not None:
                    yield root / moved.now


def _between(low: Fraction, high: Fraction) -> Fraction:
    """A decimal with few digits between two numbers: what can be written into a dossier."""
    step = Fraction(1, 10)
    while True:
        middle = (low + high) / 2 // step * step
        if low < middle < high:
            return middle
        if low < middle + step < high:
            return middle + step
        step /= 10
