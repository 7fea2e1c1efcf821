from __future__ import annotations

import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.language import UnitError, Units, from_base, parse_number, split_quantity, to_base
from tests.language.world import UNITS

F = Fraction


def ratio(one: str, other: str) -> Fraction:
    """How many of the other unit one unit is."""
    left, right = UNITS.parse(one), UNITS.parse(other)
    assert left.convertible_to(right), (one, other)
    return left.factor / right.factor


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("万t", "kg", F(10**7)),
        ("吨", "t", F(1)),
        ("百m", "m", F(100)),
        ("亩", "m2", F(2000, 3)),
        ("公顷", "亩", F(15)),
        ("km2", "m²", F(10**6)),
        ("万m2", "公顷", F(1)),
        ("mg/dm2", "mg/m2", F(100)),
        ("L", "m3", F(1, 1000)),
        ("m³", "Nm3", F(1)),
        ("万m³", "m^3", F(10**4)),
        ("万tce", "kgce", F(10**7)),
        ("kWh", "MJ", F(36, 10)),
        ("kWh", "kW·h", F(1)),
        ("万kWh", "MWh", F(10)),
        ("tCO2e", "kgCO2", F(1000)),
        ("亿元", "万元", F(10**4)),
        ("百万片", "片", F(10**6)),
        ("万亿元", "亿元", F(10**4)),
        ("%", "1", F(1, 100)),
        ("％", "‰", F(10)),
        ("1.5万件", "件", F(15000)),
        ("100 万 m", "km", F(1000)),
        ("kgce/100 m", "kgce/m", F(1, 100)),
        ("kgce/百万片", "kgce/片", F(1, 10**6)),
        ("kgce/1000m2", "kgce/m2", F(1, 1000)),
        ("t/100 m", "kg/m", F(10)),
        ("kgce/(kW·h)", "kgce/kWh", F(1)),
        ("kgce/(kW.h)", "kgce/kWh", F(1)),
        ("kgce／（kW·h）", "kgce/kWh", F(1)),
        ("gce/(kWh)", "kgce/kWh", F(1, 1000)),
        ("kgce/t/年", "kgce/(t·年)", F(1)),
        ("kg·m²·s⁻¹", "kg*m^2/s", F(1)),
        ("kgoe/(t.能量因数)", "kgoe/t/能量因数", F(1)),
        ("m3 m", "m^4", F(1)),
        ("km²", "m2", F(10**6)),
        ("㎡", "m2", F(1)),
        ("万㎥", "m3", F(10**4)),
        ("㎏/㎡", "kg/m2", F(1)),
        ("tCO₂", "tCO2", F(1)),
        ("元/万m²", "元/m2", F(1, 10**4)),
        ("1/t", "1/kg", F(1, 1000)),
    ],
)
def test_units_as_people_write_them(one: str, other: str, factor: Fraction) -> None:
    assert ratio(one, other) == factor


@pytest.mark.parametrize(
    ("one", "other"),
    [("kgce", "kgoe"), ("tce", "t"), ("tce", "GJ"), ("件", "台"), ("m2", "m"), ("tCO2", "t"), ("kW", "kWh"), ("product_unit", "t")],
)
def test_dimensions_never_convert_silently(one: str, other: str) -> None:
    assert not UNITS.parse(one).convertible_to(UNITS.parse(other))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bushel", "unit_unknown"),
        ("KWH", "unit_unknown"),
        ("ts", "unit_unknown"),
        ("kgs", "unit_unknown"),
        ("件2", "unit_unknown"),
        ("万^2", "unit_unknown"),
        ("g/kg textile", "unit_unknown"),
        ("", "unit_malformed"),
        ("t/", "unit_malformed"),
        ("/t", "unit_malformed"),
        ("(t", "unit_malformed"),
        ("t)", "unit_malformed"),
        ("kg/0 m", "unit_malformed"),
        ("t; import os", "unit_malformed"),
        ("t" * 81, "unit_malformed"),
        ("(" * 40, "unit_malformed"),
        ("kgce/kW·h", "unit_ambiguous"),
        ("kgce/kW h", "unit_ambiguous"),
    ],
)
def test_a_unit_that_cannot_be_read_is_refused_with_its_own_code(text: str, code: str) -> None:
    with pytest.raises(UnitError) as refused:
        UNITS.parse(text)
    assert refused.value.code == code


def test_an_unknown_unit_suggests_known_ones() -> None:
    with pytest.raises(UnitError) as refused:
        UNITS.parse("KWH/t")
    assert refused.value.suggestions[0] == "kWh"
    assert refused.value.params["symbol"] == "KWH"


def test_units_are_hashable_and_cached() -> None:
    assert UNITS.parse("kgce/t") is UNITS.parse("kgce/t")
    assert len({UNITS.parse("kgce/t"), UNITS.parse("kgce/t")}) == 1


def test_generic_units_take_the_bound_ones() -> None:
    bound = {"product_unit": "万m", "pollutant_unit": "kg"}
    assert UNITS.parse("tce/product_unit", bound).convertible_to(UNITS.parse("kgce/100 m"))
    assert UNITS.parse("污染物单位/产品单位", bound).dimension == UNITS.parse("kg/m").dimension


def test_a_generic_slot_stores_in_its_own_base_unit() -> None:
    # 30 kgce per 100 m is 3,000 kgce = 3 tce per 万m; stored in gce per product unit: 3,000,000
    assert UNITS.convert_for_slot(F(30), "kgce/100 m", "tce/product_unit", {"product_unit": "万m"}) == 3_000_000


@pytest.mark.parametrize(
    ("number", "given_unit", "slot", "bound", "stored"),
    [
        ("5", "", "t", {}, F(5_000_000)),
        ("5", " ", "tce/product_unit", {"product_unit": "件"}, F(5_000_000)),
        ("5", "tce/产品单位", "tce/product_unit", {"product_unit": "件"}, F(5_000_000)),
        ("30", "", "%", {}, F(3, 10)),
        ("3", "亩", "m2", {}, F(2000)),
        ("2", "t", "product_unit", {"product_unit": "kg"}, F(2000)),
        ("7", "product_unit", "product_unit", {}, F(7)),
    ],
)
def test_values_are_stored_in_base_units(number: str, given_unit: str, slot: str, bound: dict[str, str], stored: Fraction) -> None:
    assert UNITS.convert_for_slot(F(number), given_unit, slot, bound) == stored


@pytest.mark.parametrize(
    ("given_unit", "slot", "bound", "wanted"),
    [("toe", "tce", {}, "tce"), ("kgce/t", "tce/product_unit", {"product_unit": "万m"}, "tce/万m"), ("万", "件", {}, "件")],
)
def test_a_slot_refuses_another_dimension(given_unit: str, slot: str, bound: dict[str, str], wanted: str) -> None:
    with pytest.raises(UnitError) as refused:
        UNITS.convert_for_slot(F(1), given_unit, slot, bound)
    assert refused.value.code == "unit_dimension_mismatch"
    assert refused.value.params == {"found": given_unit, "wanted": wanted}


@pytest.mark.parametrize(
    ("definitions", "asked"),
    [
        (["kg = 1000 gramm"], "kg"),
        (["g = [mass]", "g = [mass]"], "g"),
        (["g = [mass]", "kg = 1000 g = g"], "g"),
        (["g"], "g"),
        (["kilo- = 1000"], "g"),
        (["g = [mass]", "x = 3 +"], "g"),
    ],
)
def test_a_wrong_definition_is_refused(definitions: list[str], asked: str) -> None:
    with pytest.raises(UnitError) as refused:
        Units(definitions).parse(asked)
    assert refused.value.code == "unit_definition"


def test_dimensions_are_described_by_their_base_units() -> None:
    described = {text: UNITS.describe(UNITS.parse(text).dimension) for text in ("tce/t", "亩", "%", "kgoe/(t·能量因数)", "1/d")}
    assert described == {"tce/t": "gce/g", "亩": "m2", "%": "1", "kgoe/(t·能量因数)": "kgoe/(g·能量因数)", "1/d": "1/s"}


def test_quantities_of_a_workbook_cell() -> None:
    number, unit = split_quantity("１，２３４．５ 万kWh")
    assert to_base(parse_number(number), UNITS.parse(unit)) == F("12345000") * 3_600_000


@given(st.fractions(), st.sampled_from(["亩", "万kWh", "kgce/100 m", "%", "tCO2/万元", "m3/(人·d)"]))
def test_conversion_round_trips_exactly(number: Fraction, unit: str) -> None:
    parsed = UNITS.parse(unit)
    assert from_base(to_base(number, parsed), parsed) == number


@given(st.text(max_size=20))
def test_any_text_is_a_unit_or_a_unit_error(text: str) -> None:
    try:
        assert UNITS.parse(text).factor > 0
    except UnitError as error:
        assert error.code in ("unit_unknown", "unit_malformed", "unit_ambiguous")


def test_a_registry_of_120_definitions_loads_fast() -> None:
    UNITS.parse("t")  # pint itself is imported by now
    definitions = ["g = [mass]", *(f"u{i} = {i + 1}/7 g" for i in range(119))]
    began = time.process_time()
    assert Units(definitions).parse("u118").factor == 17
    assert time.process_time() - began < 0.1


def test_the_rulesets_own_units_load() -> None:
    own = Path(__file__).parents[2] / "rulesets" / "common" / "units.yaml"
    units = Units(yaml.safe_load(own.read_text(encoding="utf-8"))["units"])
    assert units.convert_for_slot(F(3), "亩", "m2") == 2000
    assert units.convert_for_slot(F(1), "kgce/百万片", "tce/product_unit", {"product_unit": "万片"}) == F(1, 100)


def test_pint_is_imported_only_when_a_unit_is_read() -> None:
    script = (
        "import sys, engine.language as l; u = l.Units(['g = [mass]']); assert 'pint' not in sys.modules; "
        "u.parse('g'); print('pint' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "True"
