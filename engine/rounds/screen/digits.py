"""Digits of the figures of a dossier: too many round ones, a last digit that comes too often, first digits that are not Benford's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.assess.physics.across import Applied, entered_figures
from engine.language import half_width, parse_number, round_half_even, split_quantity
from engine.language.errors import LanguageError
from engine.rounds.screen.case import Case, in_order
from engine.rounds.screen.exact import binomial_tail, first_digit_chances, holm
from engine.rounds.screen.settings import Settings
from engine.rounds.screen.signal import LOOK, NOTE, STRONG, Signal, at_most, count, one_in
from engine.ruleset.schema import InputType

NINE = Fraction(1, 9)
HUNDRED, TENTH = Fraction(100), Fraction(1, 10)


class Written(NamedTuple):
    """A figure as it was written: the input or column it is of, its digits from the first that is not zero on, its number."""

    name: str
    digits: str
    number: Fraction


class _Tested(NamedTuple):
    """A test of one dossier: the probability of what is seen or more of it, the digits it is about, the counts, the items."""

    chance: Fraction
    digit: str
    seen: int
    of: int
    items: tuple[str, ...]


def digits_signals(cases: Sequence[Case], settings: Settings) -> Iterator[Signal]:
    """Dossiers whose digits are not what measuring brings about.

    Probabilities are corrected for all tests of the round: the chance that a round without any such pattern raises a signal is at most
    the level of alarm.
    """
    looked_at = {case.key: case for case in in_order(cases)}
    tested = {(key, code): one for key, case in looked_at.items() for code, one in digit_tests(written(case), settings).items()}
    for (key, code), chance in holm({name: one.chance for name, one in tested.items()}).items():
        if chance <= settings["alarm_look"]:
            rare = chance <= settings["alarm_strong"]
            severity = NOTE if code == "digits_first" else STRONG if rare and code == "digits_last" else LOOK
            yield _signal(looked_at[key], code, tested[key, code], severity, chance, len(tested))


def written(case: Case) -> tuple[Written, ...]:
    """The quantities that the applicant stated, the same one of the same name once."""
    found: dict[tuple[str, Fraction, str], Written] = {}
    for name, definition, cell in entered_figures(Applied(case.programme, case.dossier)):
        if definition.type is not InputType.QUANTITY:
            continue
        try:
            text, unit = split_quantity(cell.text)
            number = parse_number(text)
        except LanguageError:
            continue  # said where the dossier is read
        digits = "".join(c for c in half_width(text) if c.isdigit()).lstrip("0")
        if digits:
            found.setdefault((name, number, unit), Written(name, digits, abs(number)))
    return tuple(found.values())


def digit_tests(figures: Sequence[Written], settings: Settings) -> Mapping[str, _Tested]:
    """The tests that a dossier has enough figures for, by their code."""
    found: dict[str, _Tested] = {}
    long = [one for one in figures if len(one.digits) >= settings["digits_written"]]
    if len(long) >= settings["digits_least"]:
        found["digits_round"] = _round(long, settings)
    uneven = [one for one in long if one.digits[-1] != "0"]
    if len(uneven) >= settings["digits_least"]:
        found["digits_last"] = _last(uneven)
    if len(figures) >= settings["digits_benford"] and _span(figures) >= settings["digits_span"]:
        found["digits_first"] = _first(figures)
    return found


def _span(figures: Sequence[Written]) -> Fraction:
    numbers = [one.number for one in figures]
    return max(numbers) / min(numbers)


def _round(figures: Sequence[Written], settings: Settings) -> _Tested:
    """How many end on 00, where at most a usual share does."""
    ending = [one for one in figures if one.digits.endswith("00")]
    chance = binomial_tail(len(ending), len(figures), settings["digits_round"])
    return _Tested(chance, "00", len(ending), len(figures), _names(ending))


def _last(figures: Sequence[Written]) -> _Tested:
    """The last digit that comes most often, of those that are not 0; nine digits are looked at, so nine times its probability."""
    seen = Counter(one.digits[-1] for one in figures)
    digit, most = min(seen.items(), key=lambda each: (-each[1], each[0]))
    chance = min(Fraction(1), 9 * binomial_tail(most, len(figures), NINE))
    return _Tested(chance, digit, most, len(figures), _names([one for one in figures if one.digits[-1] == digit]))


def _first(figures: Sequence[Written]) -> _Tested:
    """The first digit that is farthest from its chance, too often or too seldom; eighteen looks, so eighteen times its probability."""
    seen, whole = Counter(one.digits[0] for one in figures), len(figures)
    looks: list[tuple[Fraction, int]] = []
    for digit, (least, most) in first_digit_chances().items():
        times = seen[str(digit)]
        if times > whole * most:
            looks.append((binomial_tail(times, whole, most), digit))
        elif times < whole * least:
            looks.append((binomial_tail(whole - times, whole, 1 - least), digit))
    chance, digit = min(looks, default=(Fraction(1), 1))
    items = _names([one for one in figures if one.digits[0] == str(digit)])
    return _Tested(min(Fraction(1), 18 * chance), str(digit), seen[str(digit)], whole, items)


def _names(figures: Sequence[Written]) -> tuple[str, ...]:
    return tuple(sorted({one.name for one in figures}))


def _signal(case: Case, code: str, tested: _Tested, severity: str, chance: Fraction, looks: int) -> Signal:
    params = (
        ("digit", tested.digit),
        ("seen", count(tested.seen)),
        ("of", count(tested.of)),
        ("share", round_half_even(Fraction(tested.seen, tested.of) * HUNDRED, TENTH)),
        ("chance", at_most(chance)),
        ("one_in", one_in(chance)),
        ("tests", count(looks)),
    )
    innocent = {"digits_round": "meter_steps", "digits_last": "meter_steps", "digits_first": "not_benford"}[code]
    return Signal("digits", code, severity, (case.number,), tested.items, params, innocent, case.programme)
