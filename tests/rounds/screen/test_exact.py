from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import log10

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rounds.screen.exact import (
    beyond_power,
    binomial_tail,
    factor_spread,
    first_digit_chances,
    fisher_tail,
    holm,
    median,
    spread,
)

F = Fraction


def test_the_median_of_an_even_number_of_values_lies_in_the_middle_of_two() -> None:
    assert median([F(4), F(1), F(3), F(2)]) == F(5, 2)


def test_the_median_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        median([])


def test_the_spread_is_the_median_distance() -> None:
    assert spread([F(1), F(2), F(4), F(7), F(100)], F(4)) == 3  # distances 3 2 0 3 96


def test_the_spread_by_factors_is_the_median_factor() -> None:
    assert factor_spread([F(1), F(2), F(4), F(8), F(64)], F(4)) == 2  # factors 4 2 1 2 16


@pytest.mark.parametrize(("factor", "beyond"), [("8", False), ("8.0000001", True), ("7.99", False)])
def test_powers_are_compared_exactly(factor: str, beyond: bool) -> None:
    assert beyond_power(F(factor), F(4), F(3, 2)) is beyond  # 4 ** 1.5 = 8


@given(st.integers(0, 7), st.integers(0, 4), st.integers(5, 7))
def test_a_binomial_tail_equals_counting_all_outcomes(trials: int, good: int, whole: int) -> None:
    """Every trial draws one of ``whole`` balls, ``good`` of which count."""
    if whole**trials > 20_000:
        trials = 4
    counts = [sum(ball < good for ball in draw) for draw in product(range(whole), repeat=trials)]
    for least in range(trials + 1):
        assert binomial_tail(least, trials, F(good, whole)) == F(sum(n >= least for n in counts), len(counts))


@settings(max_examples=60)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_fishers_tail_equals_dealing_all_hits_out(drawn: int, others: int, data: st.DataObject) -> None:
    hits, other_hits = data.draw(st.integers(0, drawn)), data.draw(st.integers(0, others))
    dealt = [sum(place < drawn for place in places) for places in combinations(range(drawn + others), hits + other_hits)]
    assert fisher_tail(hits, drawn, other_hits, others) == F(sum(n >= hits for n in dealt), len(dealt))


def test_the_lady_tasting_tea() -> None:
    assert fisher_tail(4, 4, 0, 4) == F(1, 70)


def test_holm_steps_down() -> None:
    corrected = holm({"a": F(1, 100), "b": F(1, 20), "c": F(1, 50), "d": F(1, 2)})
    assert corrected == {"a": F(4, 100), "c": F(3, 50), "b": F(2, 20), "d": F(1, 2)}


def test_holm_never_goes_back_nor_beyond_one() -> None:
    assert holm({"a": F(1, 10), "b": F(11, 100), "c": F(4, 5)}) == {"a": F(3, 10), "b": F(3, 10), "c": F(4, 5)}
    assert holm({"a": F(3, 5), "b": F(3, 5)}) == {"a": F(1), "b": F(1)}


@given(st.lists(st.fractions(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_the_chance_itself_and_bonferroni(chances: list[Fraction]) -> None:
    corrected = holm(dict(enumerate(chances)))
    assert all(chance <= corrected[i] <= min(1, chance * len(chances)) for i, chance in enumerate(chances))


def test_the_chances_of_first_digits_are_enclosed() -> None:
    for digit, (least, most) in first_digit_chances().items():
        assert float(least) <= log10(1 + 1 / digit) <= float(most)
        assert most - least == F(1, 10_000)
