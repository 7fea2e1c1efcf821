"""A difference split exactly among kinds of change, whatever order they are made in.

Every part is the mean, over all orders in which the kinds of change can be made one after the other, of what the kind adds when
its turn comes (the Shapley value). So the parts add up to the whole, a kind that changes nothing has nothing, both directions
give the same parts with the other sign, and what several kinds do only together is shared evenly among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple

from engine.assess.results import Interval

PARTS = ("values", "evidence", "rules")
"""The kinds of change."""

Made = frozenset[str]
"""The kinds of change that have been made: none before, all after."""

NO_CHANGE: Made = frozenset()


class Difference(NamedTuple):
    """By how much either end of an interval moves; ``high`` is None where an end has no bound."""

    low: Fraction
    high: Fraction | None


NONE = Difference(Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True)
class Split:
    """A difference and its parts, which add up to it; an end that has no bound in one of the states has no parts.

    ``alone`` is what a kind of change does by itself, None where that cannot be said.
    ``together`` is what is left of the difference when each kind's own effect is taken off: what they do only together.
    """

    total: Difference
    parts: Mapping[str, Difference]
    alone: Mapping[str, Difference | None]

    @property
    def together(self) -> Difference | None:
        """What the kinds of change do only together; None where one of them cannot be made by itself."""
        single = list(self.alone.values())
        if any(one is None for one in single):
            return None
        return minus(self.total, plus(one for one in single if one is not None))

    @property
    def nothing(self) -> bool:
        """Whether no part of it moves anything."""
        return all(part == NONE for part in (self.total, *self.parts.values(), *self.alone.values()))


def possible_orders(kinds: Sequence[str], possible: Callable[[Made], bool]) -> tuple[tuple[str, ...], ...]:
    """The orders of the kinds of change all of whose states are possible."""
    return tuple(order for order in permutations(kinds) if all(possible(frozenset(order[:i])) for i in range(len(order) + 1)))


def split(at: Callable[[Made], Interval], orders: Sequence[tuple[str, ...]], possible: Callable[[Made], bool]) -> Split:
    """The split of what differs between nothing and everything changed; ``at`` gives the interval of a state.

    ``orders`` are the orders that are possible, at least one.
    """
    kinds = orders[0]
    if not kinds:
        return Split(NONE, dict.fromkeys(PARTS, NONE), dict.fromkeys(PARTS, NONE))
    parts = dict.fromkeys(PARTS, NONE)
    for part in kinds:
        steps = [_step(at, order, part) for order in orders]
        parts[part] = over(plus(steps), len(orders))
    alone: dict[str, Difference | None] = dict(parts)
    for part in kinds:
        by_itself = frozenset({part})
        alone[part] = moved(at(NO_CHANGE), at(by_itself)) if possible(by_itself) else None
    return Split(moved(at(NO_CHANGE), at(frozenset(kinds))), parts, alone)


def _step(at: Callable[[Made], Interval], order: tuple[str, ...], part: str) -> Difference:
    before = order[: order.index(part)]
    return moved(at(frozenset(before)), at(frozenset((*before, part))))


def moved(before: Interval, after: Interval) -> Difference:
    """From one interval to another."""
    high = None if before.high is None or after.high is None else after.high - before.high
    return Difference(after.low - before.low, high)


def plus(differences: Iterable[Difference]) -> Difference:
    """The sum of differences."""
    low, high = Fraction(0), Fraction(0)
    bounded = True
    for one in differences:
        low += one.low
        bounded = bounded and one.high is not None
        high += one.high or 0
    return Difference(low, high if bounded else None)


def minus(one: Difference, other: Difference) -> Difference:
    """One difference less another."""
    high = None if one.high is None or other.high is None else one.high - other.high
    return Difference(one.low - other.low, high)


def over(one: Difference, count: int) -> Difference:
    """A difference in equal shares."""
    return Difference(one.low / count, None if one.high is None else one.high / count)
