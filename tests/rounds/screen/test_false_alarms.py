"""Rounds made by chance alone raise alarms no more often than stated. Everything is seeded, so the counts are always the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from engine.rounds.screen.case import Case
from engine.rounds.screen.digits import Written, digit_tests
from engine.rounds.screen.exact import holm
from engine.rounds.screen.lenient import Counts
from engine.rounds.screen.sector import sector_signals
from engine.rounds.screen.settings import load_settings
from engine.rounds.screen.signal import at_most, one_in
from tests.rounds.screen.made import Dice, clean_round

F = Fraction
ROUNDS = 60


def alarms(rounds: Iterator[dict[object, Fraction]]) -> int:
    """How many rounds raise any alarm at the level of the settings."""
    level = load_settings()["alarm_look"]
    return sum(any(chance <= level for chance in holm(chances).values()) for chances in rounds)


def by_chance(dice: Dice, size: int) -> list[Written]:
    """Figures whose last digits all come equally often."""
    return [Written("x", str(10_000 + dice.below(90_000)), F(1)) for _ in range(size)]


def test_digits_drawn_by_lot_raise_alarms_in_no_more_than_one_round_of_twenty() -> None:
    settings, dice = load_settings(), Dice("digits")
    rounds = (
        {(i, code): one.chance for i in range(15) for code, one in digit_tests(by_chance(dice, 60), settings).items()}
        for _ in range(ROUNDS)
    )
    assert alarms(rounds) <= ROUNDS // 20


def test_evaluators_who_judge_alike_raise_alarms_in_no_more_than_one_round_of_twenty() -> None:
    """Ten evaluators with eight cases each and twenty criteria, each of which three cases of four meet."""
    dice = Dice("lenient")

    def comparisons() -> dict[object, Fraction]:
        found: dict[object, Fraction] = {}
        for item in range(20):
            hits = [sum(dice.below(4) > 0 for _ in range(8)) for _ in range(10)]
            for who, mine in enumerate(hits):
                found[who, item] = Counts(mine, 8, sum(hits) - mine, 72).chance
        return found

    assert alarms(comparisons() for _ in range(ROUNDS)) <= ROUNDS // 20


def with_values(case: Case, dice: Dice) -> Case:
    """The case with indicators by chance: each a product of bell-shaped numbers, which is skewed as intensities are."""
    indicators = tuple(
        replace(i, value=i.value._replace(value=F(dice.bell() * dice.bell() * dice.bell(), 10**9) ** 2)) if i.value.number else i
        for i in case.assessment.indicators
    )
    return replace(case, assessment=replace(case.assessment, indicators=indicators))


def test_outliers_of_values_drawn_by_chance_are_rare() -> None:
    """About 13 values of each of 15 applicants in ten rounds; docs/screening.md states 0.15 % of values for groups of 15."""
    dice, settings = Dice("sector"), load_settings()
    found = [signal for _ in range(10) for signal in sector_signals([with_values(case, dice) for case in clean_round(15)], (), settings)]
    assert len(found) <= 3


def test_a_chance_with_thousands_of_digits_still_prints() -> None:
    """Many figures make exact probabilities with more digits than Python writes out."""
    one = digit_tests([Written("x", str(10_007 + i * 100), F(1)) for i in range(4_000)], load_settings())["digits_last"]
    assert (one.digit, one.seen) == ("7", 4_000)
    assert (at_most(one.chance), one_in(one.chance)) == (F(1, 10**12), F(10**6))


def test_what_cannot_be_is_said_to_be_as_rare_as_can_be_said() -> None:
    assert (at_most(F(0)), one_in(F(0))) == (F(1, 10**12), F(10**6))


def test_a_chance_is_rounded_up_never_down() -> None:
    assert at_most(F(1, 3)) == F(333_333_333_334, 10**12)
    assert (one_in(F(1, 3)), one_in(F(2, 5))) == (3, 2)
