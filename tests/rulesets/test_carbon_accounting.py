"""Carbon from activity data: recomputed here from the collected standards, one fuel set at a time, the grid factor of its year and area."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.results import Assessment
from engine.assess.sentences import reason_sentence
from engine.ruleset.lint import load_standard_alone
from tests.assess import tiny
from tests.assess.tiny import rows
from tests.rulesets.collected import collected as standards

F = Fraction
EDITIONS = ("miit_2016_586", "gbt_36132_2018", "gbt_36132_2025")
FUELS = ("anthracite", "bituminous", "washed_coal", "coke", "fuel_oil", "diesel", "lpg", "natural_gas", "coke_oven_gas")


def assessed(edition: str = "miit_2016_586", year: int = 2017, **parts: Any) -> Assessment:
    return tiny.assess(load_standard_alone(f"green_factory/{edition}"), year=year, application_date=f"{year + 1}-06-30", **parts)


def value(result: Assessment, name: str) -> Fraction | None:
    """An indicator as it stands in the result, in its own unit; None where nothing is known of it."""
    return next((found.value.number for found in result.indicators if found.id == name), None)


def burned(letter: str, *fuels: tuple[str, str]) -> Fraction | None:
    tables = {"carbon_fuels": rows(*({"fuel": fuel, "quantity": quantity} for fuel, quantity in fuels))}
    return value(assessed(inputs={"carbon_fuel_set": letter}, tables=tables), "carbon_fuel_emission")


def collected_factor(letter: str, fuel: str) -> Fraction:
    """tCO2 per t or per 10,000 Nm3, unrounded."""
    [row] = [row for row in standards("carbon_factors")[f"fuel_set_{letter.upper()}"]["rows"] if row["id"] == fuel]
    return F(row["ncv_GJ"]) * F(row["carbon_tC_per_TJ"]) / 1000 * F(row["oxidation_pct"]) / 100 * F(44, 12)


def in_unit(fuel: str, number: int) -> str:
    return f"{number} {'万Nm3' if fuel.endswith('gas') else 't'}"


@pytest.mark.parametrize("letter", ["a", "b"])
@pytest.mark.parametrize("fuel", FUELS)
def test_a_fuel_emits_by_the_set_that_was_chosen(letter: str, fuel: str) -> None:
    assert burned(letter, (fuel, in_unit(fuel, 7))) == 7 * collected_factor(letter, fuel)


def test_hand_computed_the_two_sets_differ() -> None:
    # 30 t of diesel: 43.33 or 42.652 GJ/t, 20.2 tC/TJ, 98 %, x 44/12
    assert burned("b", ("diesel", "30 t")) == F("94.3536748")
    assert burned("a", ("diesel", "30 t")) == F("92.87728912")


def test_cubic_metres_and_kilograms_convert_once() -> None:
    assert burned("b", ("natural_gas", "1000000 m3"), ("diesel", "30000 kg")) == F("2256.5424838")


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from("ab"), st.lists(st.tuples(st.sampled_from(FUELS), st.integers(0, 10**6)), min_size=1, unique_by=lambda pair: pair[0])
)
def test_the_sets_are_never_mixed(letter: str, fuels: list[tuple[str, int]]) -> None:
    found = burned(letter, *((fuel, in_unit(fuel, number)) for fuel, number in fuels))
    assert found == sum((number * collected_factor(letter, fuel) for fuel, number in fuels), F(0))


@settings(max_examples=15, deadline=None)
@given(st.sampled_from("ab"), st.sampled_from(FUELS), st.integers(0, 10**6), st.integers(1, 1000))
def test_more_fuel_never_emits_less(letter: str, fuel: str, number: int, more: int) -> None:
    less, greater = (
        burned(letter, (fuel, in_unit(fuel, amount)), ("washed_coal" if fuel != "washed_coal" else "coke", "5 t"))
        for amount in (number, number + more)
    )
    assert less is not None
    assert greater is not None
    assert less < greater


def test_without_the_choice_of_a_set_nothing_is_computed() -> None:
    tables = {"carbon_fuels": rows({"fuel": "diesel", "quantity": "30 t"})}
    assert value(assessed(tables=tables), "carbon_fuel_emission") is None


@pytest.mark.parametrize("fuel", ["lng", "naphtha", "petroleum_coke"])
def test_a_fuel_that_the_set_lacks_is_not_taken_from_the_other(fuel: str) -> None:
    assert burned("b", (fuel, "3 t")) == 3 * collected_factor("b", fuel)
    assert burned("a", (fuel, "3 t")) is None


def bought(year: int, area: str, *sources: tuple[str, str], edition: str = "gbt_36132_2025") -> Fraction | None:
    tables = {"carbon_electricity": rows(*({"source": source, "quantity": quantity} for source, quantity in sources))}
    return value(assessed(edition, year, inputs={"grid_area": area}, tables=tables), "carbon_electricity_emission")


def test_the_grid_factor_is_that_of_the_year_and_the_area() -> None:
    grid = standards("carbon_factors")["grid"]
    [east_2012] = [row["华东"] for row in grid["region_older"] if row["year"] == "2012"]
    [zhejiang] = [row for row in grid["province_2021_2022"] if row["area"] == "浙江"]
    [jiangsu] = [row for row in grid["province_2021_2022"] if row["area"] == "江苏"]
    for year in (2016, 2017, 2018, 2019, 2020):
        assert bought(year, "zhejiang", ("grid", "1000 MWh")) == 1000 * F(east_2012)
    assert bought(2021, "zhejiang", ("grid", "1000 MWh")) == 1000 * F(zhejiang["y2021"])
    assert bought(2022, "zhejiang", ("grid", "1000 MWh")) == 1000 * F(zhejiang["y2022"])
    assert bought(2022, "jiangsu", ("grid", "1000 MWh")) == 1000 * F(jiangsu["y2022"])


@pytest.mark.parametrize(
    ("year", "area"), [(2023, "zhejiang"), (2024, "zhejiang"), (2025, "zhejiang"), (2023, "jiangsu"), (2017, "jiangsu")]
)
def test_no_factor_stands_in_for_one_that_is_not_known(year: int, area: str) -> None:
    assert bought(year, area, ("grid", "1000 MWh")) is None


@pytest.mark.parametrize(("year", "counted"), [(2011, None), (2012, "703.5"), (2020, "703.5")])
def test_the_baseline_of_2012_is_not_carried_back(year: int, counted: str | None) -> None:
    assert bought(year, "zhejiang", ("grid", "1000 MWh")) == (counted and F(counted))


def test_what_is_lacking_names_the_area_and_not_its_code() -> None:
    tables = {"carbon_electricity": rows({"source": "grid", "quantity": "1000 MWh"})}
    result = assessed("gbt_36132_2025", 2023, inputs={"grid_area": "jiangsu"}, tables=tables)
    [found] = [one for one in result.indicators if one.id == "carbon_electricity_emission"]
    assert found.reason is not None
    programme = load_standard_alone("green_factory/gbt_36132_2025")
    assert reason_sentence(found.reason, programme) == "基准数值未知：省级电力排放因子［江苏］"
    assert reason_sentence(found.reason, programme, "en") == "Benchmark unknown: Provincial grid factors［Jiangsu］"


def test_own_power_does_not_count_green_power_bought_does_and_what_is_supplied_is_taken_off() -> None:
    sources = (("grid", "1000 MWh"), ("green_bought", "200 MWh"), ("own_renewable", "90 MWh"), ("supplied", "50 MWh"))
    assert bought(2022, "zhejiang", *sources) == 1150 * F("0.5153")


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_computes_and_every_part_is_needed(edition: str) -> None:
    inputs = {"carbon_method": "computed", "carbon_fuel_set": "b", "grid_area": "zhejiang", "other_direct_emission": "12.5 tCO2"}
    tables = {
        "carbon_fuels": rows({"fuel": "natural_gas", "quantity": "100 万Nm3"}),
        "carbon_electricity": rows({"source": "grid", "quantity": "1000 MWh"}),
        "carbon_heat": rows({"supplier": "x", "quantity": "100 GJ"}),
    }
    whole = assessed(edition, inputs=inputs, tables=tables)
    assert value(whole, "carbon_total") == F("2162.188809") + F("703.5") + 11 + F("12.5")
    for name in inputs:
        if name != "carbon_method":
            assert value(assessed(edition, inputs={k: v for k, v in inputs.items() if k != name}, tables=tables), "carbon_total") is None
    for name in tables:
        assert value(assessed(edition, inputs=inputs, tables={k: v for k, v in tables.items() if k != name}), "carbon_total") is None


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_reported_total_stays_valid_and_takes_no_factor_along(edition: str) -> None:
    result = assessed(edition, inputs={"carbon_emission": "9600 tCO2"})
    assert value(result, "carbon_total") == 9600
    names = {figure.name for criterion in result.criteria for figure in criterion.figures}
    assert not [name for name in names if name.startswith(("fuel_factors", "grid_", "heat_emission", "electricity_counting"))]


def test_only_the_set_that_was_chosen_is_rested_on() -> None:
    tables = {"carbon_fuels": rows({"fuel": "diesel", "quantity": "30 t"})}
    for letter, other in (("a", "fuel_factors_b"), ("b", "fuel_factors_a")):
        result = assessed(inputs={"carbon_fuel_set": letter}, tables=tables)
        [found] = [indicator for indicator in result.indicators if indicator.id == "carbon_fuel_emission"]
        names = {figure.name.partition("[")[0] for figure in found.figures}
        assert f"fuel_factors_{letter}" in names
        assert other not in names


def test_what_is_not_chosen_does_not_show_in_the_working() -> None:
    result = assessed(inputs={"carbon_emission": "9600 tCO2"})
    [found] = [indicator for indicator in result.indicators if indicator.id == "carbon_total"]
    assert [name for name, _ in found.inputs] == ["carbon_method", "carbon_emission"]
