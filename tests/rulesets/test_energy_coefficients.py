"""Comprehensive energy from the fuel rows: by the edition of the year, measured coefficients first, equal and calorific values apart."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.results import Assessment
from engine.language import InvalidExpression, check
from engine.problems import ProblemList
from engine.ruleset.compile import ProgrammeScope
from engine.ruleset.lint import load_standard_alone
from tests.assess import tiny
from tests.assess.tiny import rows
from tests.rulesets.collected import collected as standards

F = Fraction
EDITIONS = ("miit_2016_586", "gbt_36132_2018", "gbt_36132_2025")
MONTHS = range(1, 13)


def assessed(year: int, *carriers: dict[str, str], edition: str = "miit_2016_586") -> Assessment:
    made = load_standard_alone(f"green_factory/{edition}")
    table = rows(*({"month": f"{year}-{month:02d}", **carrier} for carrier in carriers for month in MONTHS))
    return tiny.assess(made, year=year, application_date=f"{year + 1}-06-30", tables={"energy": table})


def energy(year: int, *carriers: dict[str, str], edition: str = "miit_2016_586") -> Fraction | None:
    """Twelve equal months, in tce."""
    result = assessed(year, *carriers, edition=edition)
    return next((found.value.number for found in result.indicators if found.id == "energy_total"), None)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("fuel", ["raw_coal", "coke", "diesel", "lpg", "blast_furnace_gas"])
def test_a_fuel_counts_by_its_printed_coefficient(fuel: str, edition: str) -> None:
    [collected] = [row for row in standards("energy_coefficients")["fuels"] if row["id"] == fuel]
    assert energy(2017, {"carrier": fuel, "quantity": f"1000 {collected['per']}"}, edition=edition) == 12 * F(collected["coef_kgce"])


@pytest.mark.parametrize(("year", "tce"), [(2019, "1.0284"), (2020, "1.0284"), (2021, "3.0852"), (2025, "3.0852")])
def test_fresh_water_counts_by_the_edition_of_the_statistics_year(year: int, tce: str) -> None:
    """12,000 t by 0.0857 kgce/t in the edition of 2008 and by 0.2571 in that of 2020."""
    assert energy(year, {"carrier": "fresh_water", "quantity": "1000 t"}) == F(tce)


@pytest.mark.parametrize(
    ("carrier", "year"), [("methanol", 2020), ("natural_gas_gasfield", 2021), ("natural_gas", 2021), ("coal_slime", 2017)]
)
def test_a_row_of_the_other_edition_or_a_range_counts_only_by_a_measured_coefficient(carrier: str, year: int) -> None:
    unit = "m3" if "gas" in carrier else "kg"
    assert energy(year, {"carrier": carrier, "quantity": f"1000 {unit}"}) is None
    measured = {"carrier": carrier, "quantity": f"1000 {unit}", "measured_coefficient": f"1.2086 kgce/{unit}"}
    assert energy(year, measured) == 12 * F("1.2086")


def test_a_measured_coefficient_comes_before_the_printed_one() -> None:
    assert energy(2017, {"carrier": "raw_coal", "quantity": "1 t", "measured_coefficient": "0.65 kgce/kg"}) == 12 * F("0.65")


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("year", "heat"), [(2019, "29307"), (2020, "29307"), (2021, "29307.6"), (2025, "29307.6")])
def test_a_measured_heat_value_is_converted_by_the_standard_coal_of_the_edition(year: int, heat: str, edition: str) -> None:
    gas = {"carrier": "natural_gas", "quantity": "1000 m3", "measured_heat_value": "35.169 MJ/m3"}
    assert energy(year, gas, edition=edition) == 12 * F(35169) / F(heat)


def test_a_measured_coefficient_comes_before_a_measured_heat_value_and_both_before_the_table() -> None:
    coal = {"carrier": "raw_coal", "quantity": "1 t", "measured_heat_value": "23446.08 kJ/kg"}
    assert energy(2025, coal) == 12 * F("0.8")
    assert energy(2025, {**coal, "measured_coefficient": "0.65 kgce/kg"}) == 12 * F("0.65")


def test_energy_rests_on_the_heat_of_standard_coal_only_where_a_heat_value_was_measured() -> None:
    coal = {"carrier": "raw_coal", "quantity": "1 t"}
    for row, tables in ((coal, {"energy_coefficients"}), ({**coal, "measured_heat_value": "23446.08 kJ/kg"}, {"standard_coal_heat"})):
        [found] = [indicator for indicator in assessed(2025, row).indicators if indicator.id == "energy_total"]
        assert {figure.name.partition("[")[0] for figure in found.figures} - {"formula"} == tables


def test_energy_that_cannot_be_computed_says_what_is_lacking_and_of_which_carrier() -> None:
    [found] = [one for one in assessed(2021, {"carrier": "natural_gas", "quantity": "1000 m3"}).indicators if one.id == "energy_total"]
    assert (found.value.number, found.reason and found.reason.code) == (None, "missing_value")
    assert [(figure.name, figure.basis) for figure in found.figures if figure.basis == "null"] == [
        ("energy_coefficients[natural_gas].coefficient", "null")
    ]


def test_electricity_counts_at_its_calorific_value() -> None:
    assert energy(2017, {"carrier": "electricity", "quantity": "1 万kWh"}) == 12 * F("1.229")


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**5), st.sampled_from(["raw_coal", "diesel", "electricity"]))
def test_more_fuel_is_never_less_energy(quantity: int, more: int, carrier: str) -> None:
    unit = "kWh" if carrier == "electricity" else "kg"
    less, greater = (energy(2017, {"carrier": carrier, "quantity": f"{amount} {unit}"}) for amount in (quantity, quantity + more))
    assert less is not None
    assert greater is not None
    assert less < greater


EQUAL, CALORIFIC = "lookup(electricity_equal_value, district).coefficient", "lookup(energy_coefficients, district).coefficient"


@pytest.mark.parametrize(
    "text",
    [
        f"energy_total + 1 kWh * {EQUAL}",
        f"energy_total > 1 kWh * {EQUAL}",
        f"first(1 kWh * {EQUAL}, energy_total)",
        f'if(energy_basis == "quota", 1 kWh * {EQUAL}, energy_total)',
        "energy_total - 1 tce_equal",
    ],
)
def test_equal_and_calorific_values_do_not_mix(text: str) -> None:
    made = load_standard_alone("green_factory/miit_2016_586")
    with pytest.raises(InvalidExpression) as refused:
        check(text, ProgrammeScope(made, ProblemList()), made.units)
    assert {error.code for error in refused.value.errors} == {"expression_unit_clash"}


def test_an_equal_value_is_named_by_its_unit() -> None:
    made = load_standard_alone("green_factory/miit_2016_586")
    typed = check(f"1000 kWh * {EQUAL}", ProgrammeScope(made, ProblemList()), made.units, made.units.parse("tce_equal"))
    assert typed.references == ("electricity_equal_value",)
    [row] = [row for row in made.references["electricity_equal_value"].rows["electricity"] if row.since == "2017-01-01"]
    assert row.values["coefficient"] == F("309") / 1000 * made.units.parse("kgce_equal/kWh").factor
