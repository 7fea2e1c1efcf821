"""Statistics without rounding: medians, spreads and the tails of counts, all as fractions of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import TypeVar

ZERO, ONE = Fraction(0), Fraction(1)
_PLACES = 10_000
"""Logarithms of digits are enclosed within one part in so many."""

K = TypeVar("K")


def median(values: Sequence[Fraction]) -> Fraction:
    """The value in the middle, or the mean of the two in the middle. Raises ValueError where there is none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def spread(values: Sequence[Fraction], centre: Fraction) -> Fraction:
    """The median distance from the centre (MAD)."""
    return median([abs(value - centre) for value in values])


def factor_from(value: Fraction, centre: Fraction) -> Fraction:
    """By which factor, 1 or more, a positive value lies above or below a positive centre."""
    return max(value / centre, centre / value)


def factor_spread(values: Sequence[Fraction], centre: Fraction) -> Fraction:
    """The median factor between positive values and their centre: what the MAD is for logarithms, without taking any."""
    return median([factor_from(value, centre) for value in values])


def beyond_power(factor: Fraction, base: Fraction, multiple: Fraction) -> bool:
    """Whether ``factor > base ** multiple``, decided with whole powers; factor and base are 1 or more."""
    return factor**multiple.denominator > base**multiple.numerator


def binomial_tail(successes: int, trials: int, chance: Fraction) -> Fraction:
    """The probability of so many successes or more, when each of the trials succeeds with this chance."""
    if successes <= 0:
        return ONE
    good, bad = chance.numerator, chance.denominator - chance.numerator
    if not good:
        return ZERO
    ways = term = good**trials
    for k in range(trials, successes, -1):  # from k successes to k - 1, a whole number each time
        term = term * k * bad // ((trials - k + 1) * good)
        ways += term
    return Fraction(ways, chance.denominator**trials)


def fisher_tail(hits: int, drawn: int, other_hits: int, others: int) -> Fraction:
    """Fisher's exact test, one-sided: the probability that so many hits or more fall among those drawn, all hits being spread by chance.

    ``drawn`` and ``others`` are the sizes of both groups.
    """
    marked, whole = hits + other_hits, drawn + others
    least, most = max(hits, marked - others, 0), min(drawn, marked)
    ways = sum(comb(marked, k) * comb(whole - marked, drawn - k) for k in range(least, most + 1))
    return Fraction(ways, comb(whole, drawn))


def holm(chances: Mapping[K, Fraction]) -> dict[K, Fraction]:
    """Probabilities corrected for how many were looked at, by Holm's steps.

    Whatever holds in truth, the chance that any true null falls below a level is at most that level.
    """
    ordered = sorted(chances.items(), key=lambda each: each[1])
    corrected: dict[K, Fraction] = {}
    least = ZERO
    for i, (name, chance) in enumerate(ordered):
        least = max(least, min(ONE, chance * (len(ordered) - i)))
        corrected[name] = least
    return corrected


@lru_cache(maxsize=1)
def first_digit_chances() -> Mapping[int, tuple[Fraction, Fraction]]:
    """Benford's chance of each first digit, log10(1 + 1/d), enclosed between two fractions by whole powers."""
    found: dict[int, tuple[Fraction, Fraction]] = {}
    for digit in range(1, 10):
        power = (digit + 1) ** _PLACES // digit**_PLACES
        places = len(str(power))  # 10 ** (places - 1) <= ((d + 1) / d) ** 10000 < 10 ** places
        found[digit] = (Fraction(places - 1, _PLACES), Fraction(places, _PLACES))
    return found
