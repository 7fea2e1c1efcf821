"""A signal: something that a screen noticed, with its counts and values. It says where to look and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from engine.assess.results import Names, Shown
from engine.ruleset.programme import Programme

NOTE, LOOK, STRONG = "note", "look", "strong"
SEVERITIES = (STRONG, LOOK, NOTE)
"""How much a signal weighs, the heaviest first."""
SCREENS = ("conflict", "yearly", "copies", "lenient", "sector", "jumps", "digits")
"""The screens, in the order in which their signals are listed."""

FINEST, RAREST = 10**12, 10**6
"""Probabilities print in steps of one in the first; that something is rarer than one in the second is not said."""
UNTESTED = frozenset({"sector_too_few", "lenient_too_few_evaluator", "lenient_too_few_body"})
"""The codes of signals that say what could not be looked at: they point at nothing."""

Said = Fraction | Shown | Names | str
"""What a signal's sentence may speak of."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What a screen noticed of some applications (``numbers``) and some of their elements (``items``).

    ``code`` is that of the sentence in ``texts/screening.yaml``, ``params`` are the exact values and counts it speaks of, ``innocent``
    is the code of why it may be innocent, empty where there is nothing to say.
    """

    screen: str
    code: str
    severity: str
    numbers: tuple[str, ...]
    items: tuple[str, ...] = ()
    params: tuple[tuple[str, Said], ...] = ()
    innocent: str = ""
    programme: Programme | None = field(default=None, repr=False, compare=False)

    @property
    def weight(self) -> int:
        """The heavier, the more: 3 for strong, 2 for look, 1 for note."""
        return len(SEVERITIES) - SEVERITIES.index(self.severity)


def count(number: int) -> Fraction:
    """A count, as the number that sentences and JSON take."""
    return Fraction(number)


def at_most(chance: Fraction) -> Fraction:
    """A probability rounded up to twelve places: exact ones may have thousands of digits, and to say more than it is does no wrong."""
    return Fraction(max(1, ceil(chance * FINEST)), FINEST)


def one_in(chance: Fraction) -> Fraction:
    """In how many rounds such a thing would come about once by chance at most, rounded down; a million is enough."""
    return Fraction(min(RAREST, chance.denominator // chance.numerator) if chance else RAREST)


def listed(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Signals in their order: the heaviest first, then by screen, application and element; each once."""
    return tuple(sorted(dict.fromkeys(signals), key=_place))


def _place(signal: Signal) -> tuple[object, ...]:
    said = tuple((name, str(value)) for name, value in signal.params)
    return -signal.weight, SCREENS.index(signal.screen), signal.numbers, signal.code, signal.items, said
