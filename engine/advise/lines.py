"""Points that rise in proportion to a value: where along the line it is worth going, at every hundredth of cost.

Two ends and stops between them are changes like others. Where the points at the stops lie on a straight line, every place between is
a choice, too: along a line costs and points both grow evenly, so that a number of steps of cost says where. Steps are hundredths, or
a thousandth of the line where that is more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.advise.blocks import Option
from engine.advise.changes import Change, Lever
from engine.advise.costs import CENT, Price
from engine.advise.edges import Mover

MAX_STEPS = 900
"""So many steps of cost at most: their weights stay whole numbers that floats hold exactly."""


@dataclass(frozen=True, slots=True)
class Line:
    """Between which values of an input points rise, what moves it, and its price."""

    moved: Mover
    price: Price
    ends: tuple[Fraction, Fraction]

    def cost(self, value: Fraction) -> Fraction:
        """What a value costs, before it is rounded up."""
        return self.price.exact(self.moved.now, value)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line under one setting of everything else: the option at its first step, and what each further step adds."""

    line: Line
    rest: tuple[Change, ...]
    like: Change
    first: Option
    steps: int
    cost: Fraction
    worth: Fraction
    start: Fraction
    stride: Fraction

    def change(self, step: int) -> Change:
        """The change of a step: to the value furthest along that can be written and costs no more."""
        moved = self.line.moved
        assert moved.now is not None
        return at(self.like, self.line, moved.rounded(self.start + step * self.stride, toward=moved.now))

    def further(self, change: Change) -> Change:
        """A change one unit of the last place further along."""
        moved = self.line.moved
        assert change.move is not None and moved.now is not None
        value = moved.now + change.move
        return at(self.like, self.line, value + moved.step(value) * (1 if self.stride > 0 else -1))

    def earns(self, change: Change) -> Fraction:
        """What a value on it is worth."""
        assert change.move is not None and self.line.moved.now is not None
        return self.first.worth + self.worth * (self.line.moved.now + change.move - self.start) / self.stride


def at(like: Change, line: Line, value: Fraction) -> Change:
    """A change as another one, to another value."""
    now = line.moved.now
    assert now is not None
    return replace(like, text=line.moved.written(value), cost=line.price.of(now, value), move=value - now)


def segments(options: Sequence[Option], levers: Sequence[Lever], lines: Mapping[str, Line]) -> Iterator[Segment]:
    """The stretches among the options of one block or part, none of which has parts of its own."""
    for lever in (lever for lever in levers if lever.kind == "value" and lever.item in lines):
        moves = set(lever.changes)
        groups: dict[tuple[Change, ...], dict[Change | None, Option]] = {}
        for option in options:
            rest = tuple(change for change in option.changes if change not in moves)
            own = next((change for change in option.changes if change in moves), None)
            groups.setdefault(rest, {})[own] = option
        for rest, group in groups.items():
            found = _segment(lines[lever.item], rest, group)
            if found is not None:
                yield found


def _segment(line: Line, rest: tuple[Change, ...], group: Mapping[Change | None, Option]) -> Segment | None:
    now = line.moved.now
    still = group.get(None)
    if now is None or still is None:
        return None
    low, high = line.ends
    on_line = {now + (change.move or 0 if change else 0): option for change, option in group.items()}
    points = sorted((value, option) for value, option in on_line.items() if low <= value <= high)
    slope = _slope(points)
    if not slope:
        return None
    good = high if slope > 0 else low
    inside = low <= now <= high
    from_ = now if inside else points[0][0] if slope > 0 else points[-1][0]
    if (good - from_) * (good - now) <= 0 or abs(good - from_) > abs(good - now):
        return None
    like = next(change for change in group if change is not None)
    return _laid(line, rest, like, points, slope, (from_, good), still.cost)


def _laid(
    line: Line,
    rest: tuple[Change, ...],
    like: Change,
    points: Sequence[tuple[Fraction, Option]],
    slope: Fraction,
    ends: tuple[Fraction, Fraction],
    beside: Fraction,
) -> Segment | None:
    """A stretch laid out in steps of cost; None where going along it costs nothing, or it is shorter than a step."""
    now, (from_, good) = line.moved.now, ends
    assert now is not None
    # the middle of the stretch and its end: costs grow evenly between them
    middle = (from_ + good) / 2
    rate = (line.cost(good) - line.cost(middle)) / abs(good - middle)
    if rate <= 0:
        return None
    nearest = line.cost(good) - rate * abs(good - from_)
    first = -(-nearest // CENT) * CENT
    step = max(CENT, -(-((line.cost(good) - first) / MAX_STEPS) // CENT) * CENT)
    steps = -(-(line.cost(good) - first) // step) - 1
    if steps < 0:
        return None
    way = 1 if good > from_ else -1
    start = from_ + way * (first - nearest) / rate
    value, known = points[0]
    worth = known.worth + slope * (start - value)
    far = at(like, line, line.moved.rounded(start + way * steps * step / rate, toward=now))
    option = Option((*rest, far), beside + first, points[1][1].statuses, {"": worth}, known.failing)
    return Segment(line, rest, like, option, int(steps), step, abs(slope) * step / rate, start, way * step / rate)


def _slope(points: Sequence[tuple[Fraction, Option]]) -> Fraction:
    """How fast the points rise; 0 where three of them do not lie on one line, or something else turns on the way."""
    if len(points) < 3 or any(option.failing != points[0][1].failing for _, option in points):
        return Fraction(0)
    inner = [option.statuses for _, option in points[1:-1]]
    if any(statuses != inner[0] for statuses in inner):
        return Fraction(0)
    (x1, first), (x2, last) = points[0], points[-1]
    slope = (last.worth - first.worth) / (x2 - x1)
    return slope if all(option.worth == first.worth + slope * (x - x1) for x, option in points) else Fraction(0)
