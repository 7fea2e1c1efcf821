"""The electroplating shop of the cleaner production sample, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

from engine.assess.results import Assessment, LevelResult
from tests.samples.results import assess

WATER = "consumption.water_per_rinse"
METAL = Fraction(18) * Fraction("0.8") / 3
"""What one of three platings weighs."""


def levels(result: Assessment) -> dict[str, LevelResult]:
    return {level.level: level for level in result.levels}


def test_declared_it_reaches_level_one() -> None:
    result = assess("electroplating_cp", "declared")
    assert levels(result)["I"].index.low == 100 - METAL == Fraction("95.2")
    assert (result.determination.outcome, result.determination.tier, result.determination.settled) == ("eligible", "I", True)


def test_water_per_rinse_is_exactly_at_level_one_until_a_meter_is_added() -> None:
    found = next(indicator for indicator in assess("electroplating_cp", "verified").indicators if indicator.id == "water_per_rinse")
    assert found.declared is not None and found.verified is not None
    assert found.declared.number == Fraction(14880 * 1000, 1860000) == 8
    assert found.verified.number == Fraction(16740 * 1000, 1860000) == 9


def test_verified_the_limiting_item_bars_level_one_at_an_index_above_85() -> None:
    result = assess("electroplating_cp", "verified")
    assert levels(result)["I"].index.low == 100 - METAL - 10 == Fraction("85.2")
    assert levels(result)["I"].barred_by == (WATER,)
    assert (result.determination.outcome, result.determination.tier, result.determination.settled) == ("eligible", "II", True)
    assert {c.id: c.effect for c in result.criteria if c.effect} == {WATER: -1}


def test_platings_it_does_not_run_do_not_apply_and_the_rest_share_their_weight() -> None:
    result = assess("electroplating_cp", "verified")
    weights = {c.id: c.weight for c in result.criteria if c.dimension == "utilisation" and c.weight is not None}
    assert weights == {
        **dict.fromkeys(("utilisation.zinc", "utilisation.copper", "utilisation.nickel"), METAL / 100),
        "utilisation.water_reuse": Fraction("0.036"),
    }
    assert sum((c.weight for c in result.criteria if c.weight is not None), Fraction(0)) == 1


def test_it_is_provisional_for_the_rows_that_were_only_recalled() -> None:
    result = assess("electroplating_cp", "verified")
    assert result.determination.provisional
    assert {figure.basis for figure in result.unattested} == {"recalled"}
