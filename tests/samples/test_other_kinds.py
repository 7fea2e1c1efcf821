"""The samples that are no factories: their figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import engine
from engine.dossier.schema import Cell
from tests.samples.results import assess, dossier, own_programme


def statuses(assessment: engine.Assessment) -> dict[str, str]:
    return {result.id: result.status.value for result in (*assessment.gates, *assessment.criteria)}


def contributions(assessment: engine.Assessment) -> dict[str, Fraction]:
    assert all(dimension.contribution.is_point for dimension in assessment.dimensions)
    return {dimension.number: dimension.contribution.low for dimension in assessment.dimensions}


# --- supply chain ---


def test_supply_chain_adds_up_to_what_was_declared_and_what_was_verified() -> None:
    declared = {
        "X1": 8 + 6 + 6,
        "X2": 4 + 3 + 3 + 3 + 3 + 4 * Fraction(312, 400),
        "X3": 10 + 10,
        "X4": 5 * Fraction(12600, 30000) + 5 * Fraction("96.6") / Fraction("128.8") + 5 + 5,
        "X5": 10,
        "X6": 4 * Fraction("2.5"),
    }
    assert contributions(assess("supply_chain", "declared")) == declared
    assert assess("supply_chain", "declared").score.low == sum(declared.values()) == Fraction("94.97")
    verified = {
        "X1": 8 + 6 + Fraction("4.5"),
        "X2": 4 + 3 + 2 + 3 + Fraction("1.5") + 4 * Fraction(306, 400),
        "X3": 10 + 10,
        "X4": Fraction("2.1") + Fraction("3.75") + 4 + Fraction("2.5"),
        "X5": 7,
        "X6": Fraction("2.5") + 1 + 0 + Fraction("2.5"),
    }
    assert contributions(assess("supply_chain", "verified")) == verified
    assert assess("supply_chain", "verified").score.low == sum(verified.values()) == Fraction("80.41")


def test_supply_chain_lists_what_verification_changed() -> None:
    effects = {c.number: c.effect for c in assess("supply_chain", "verified").criteria if c.effect}
    assert effects == {
        "X13": Fraction("-1.5"), "X23": -1, "X25": Fraction("-1.5"), "X26": Fraction("-0.06"),
        "X43": -1, "X44": Fraction("-2.5"), "X51": -3, "X62": Fraction("-1.5"), "X63": Fraction("-2.5"),
    }  # fmt: skip


def test_supply_chain_is_scored_without_a_mark_and_provisional_for_how_its_points_are_given() -> None:
    result = assess("supply_chain", "verified")
    assert (result.determination.outcome, result.determination.settled) == ("scored", True)
    assert result.mark is None and result.score_max == 100
    resting = {(found.criterion, found.figure, found.basis) for found in result.unattested}
    rates = ("suppliers.low_risk_share", "recovery.product_rate", "recovery.packaging_rate")
    assert resting == {("", "qualitative_points", "policy"), *((rate, "reference", "recalled") for rate in rates)}
    assert result.findings == ()  # the electronics system begins in 2019


# --- zero-carbon park ---


def test_zero_carbon_park_stands_exactly_at_its_limit_once_verified() -> None:
    declared, verified = (assess("zero_carbon_park", basis) for basis in ("declared", "verified"))
    assert [i.value.value for i in declared.indicators if i.id == "carbon_per_energy"] == [Fraction(51206, 268400)]
    assert [i.value.value for i in verified.indicators if i.id == "carbon_per_energy"] == [Fraction(53680, 268400)] == [Fraction("0.2")]
    assert {statuses(result)["core.carbon_per_energy"] for result in (declared, verified)} == {"met"}
    assert (verified.determination.outcome, verified.determination.settled) == ("eligible", True)


def test_zero_carbon_park_reports_guiding_values_without_acting_on_the_outcome() -> None:
    found = statuses(assess("zero_carbon_park", "verified"))
    assert [name for name, status in found.items() if status == "not_met"] == [
        "guiding.product_energy_level",
        "guiding.waste_heat_utilisation",
    ]
    assert "not_met" not in statuses(assess("zero_carbon_park", "declared")).values()
    assert assess("zero_carbon_park", "verified").score_max == 0


def test_a_tonne_more_and_the_zero_carbon_park_fails() -> None:
    given = dossier("zero_carbon_park")
    inputs = tuple((name, replace(entry, verified=Cell("53681 tCO2")) if name == "co2_total" else entry) for name, entry in given.inputs)
    twin = engine.assess_dossier(own_programme("zero_carbon_park"), replace(given, inputs=inputs), "verified")
    assert (twin.determination.outcome, twin.determination.settled) == ("fails", True)
