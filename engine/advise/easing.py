"""The smallest move that is enough: values of a plan are taken back as far as the plan still holds, to the last place written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.advise.changes import Change, Lever, Span
from engine.advise.costs import Price
from engine.advise.edges import Mover
from engine.advise.goal import Goal
from engine.advise.scene import Scene

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Eased:
    """Changes, and the sum of worths that they come to."""

    changes: tuple[Change, ...]
    total: Fraction


@dataclass(frozen=True, slots=True)
class Easing:
    """Takes the values of plans back. ``lifted`` items are not looked at."""

    scene: Scene
    goal: Goal
    levers: Mapping[str, Lever]
    movers: Mapping[str, tuple[Mover, Price]]
    lifted: frozenset[str]

    def ease(self, changes: tuple[Change, ...], total: Fraction, need: Fraction | None) -> Eased:
        """The changes with every value moved as little as keeps all items standing and the sum at what is needed."""
        found = Eased(changes, total)
        for change in changes:
            if change.item in self.movers and change.kind in ("value", "state"):
                found = self._one(found, change, need)
        return found

    def _one(self, plan: Eased, change: Change, need: Fraction | None) -> Eased:
        moved, price = self.movers[change.item]
        here = moved.value(change.text)
        rungs = self._rungs(change, moved, here)
        best = plan
        for place in rungs:
            tried = self._tried(plan, change, price, moved, place, need)
            if tried is None:
                nearest = _nearest(here, place, moved, lambda value: self._tried(plan, change, price, moved, value, need))
                return nearest or best
            here, best = place, tried
        return best

    def _rungs(self, change: Change, moved: Mover, here: Fraction) -> list[Fraction]:
        """The places on the way back, nearest first: for a value down to what it is now, for a missing one to what asks for less."""
        if change.item not in self.levers:
            return []
        places = [moved.value(each.text) for each in self.levers[change.item].changes]
        if change.kind == "value" and moved.now is not None:
            now = moved.now
            between = [place for place in places if min(now, here) < place < max(now, here)]
            return [*sorted(between, key=lambda place: abs(place - here)), now]
        if change.span is None or change.text not in change.span[:2]:
            return []
        lower = change.text == change.span.least
        return sorted((place for place in places if (place < here if lower else place > here)), key=lambda place: abs(place - here))

    def _tried(self, plan: Eased, change: Change, price: Price, moved: Mover, value: Fraction, need: Fraction | None) -> Eased | None:
        """The plan with a change to another value, None where that is not enough."""
        if value == moved.now:
            return None
        other = _to(change, price, moved, value)
        changes = tuple(other if each is change else each for each in plan.changes)
        names = sorted(self.levers[change.item].touches - self.lifted)
        before, after = self.scene.after(plan.changes, names), self.scene.after(changes, names)
        gained = sum((self.goal.worth(after[name]) - self.goal.worth(before[name]) for name in names), ZERO)
        stands = all(self.goal.ok(result) for result in after.values())
        return Eased(changes, plan.total + gained) if stands and (need is None or plan.total + gained >= need) else None


def _to(change: Change, price: Price, moved: Mover, value: Fraction) -> Change:
    """A change to another value; what has to be true of a missing one moves with it."""
    text = moved.written(value)
    if change.kind == "value":
        return replace(change, text=text, cost=price.of(moved.now, value), move=value - (moved.now or ZERO))
    span = change.span
    assert span is not None
    if change.text == span.least:
        return replace(change, text=text, span=Span(text, span.most, (text, span.tried[1])))
    return replace(change, text=text, span=Span(span.least, text, (span.tried[0], text)))


def _nearest(here: Fraction, bound: Fraction, moved: Mover, tried: Callable[[Fraction], Eased | None]) -> Eased | None:
    """The value nearest to a bound that is not enough itself, by halving the places between; None where none before ``here`` is."""
    first = moved.rounded(here, toward=bound)
    step = moved.step(here) * (1 if bound > here else -1)
    good = tried(first) if first not in (here, bound) else None
    enough, short = (0, int(abs((bound - first) / step)) + 1) if good is not None or first == here else (0, 0)
    while short - enough > 1:
        middle = (enough + short) // 2
        found = tried(first + middle * step)
        if found is None:
            short = middle
        else:
            enough, good = middle, found
    return good
