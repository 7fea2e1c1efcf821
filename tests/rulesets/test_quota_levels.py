"""Energy quota levels of products: each figure, each correction and each edge, recomputed here from the collected standards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.results import Assessment
from engine.ruleset.lint import load_standard_alone
from engine.ruleset.references import ReferenceRow
from tests.assess import tiny
from tests.assess.tiny import rows
from tests.rulesets.collected import collected as standards

F = Fraction
LEVELS = ("level_1", "level_2", "level_3")
CEMENT = {"product": "gb16780_2021_cement", "output": "1000 t", "altitude": "5 m"}
SOME = st.integers(-400, 2000).map(lambda number: F(number, 10))


def assessed(*products: dict[str, str], edition: str = "gbt_36132_2025", year: int = 2025, unit: str = "t") -> Assessment:
    made = load_standard_alone(f"green_factory/{edition}")
    tables = {"quota_products": rows(*products)}
    return tiny.assess(made, year=year, application_date=f"{year + 1}-06-30", tables=tables, units={"product_unit": unit})


def value(result: Assessment, name: str) -> Fraction | None:
    return next((found.value.number for found in result.indicators if found.id == name), None)


def level(*products: dict[str, str], **more: Any) -> Fraction | None:
    return value(assessed(*products, **more), "quota_level")


def decimal(number: Fraction) -> str:
    return f"{float(number):.6f}"


def quotas() -> Iterator[ReferenceRow]:
    for same in load_standard_alone("green_factory/gbt_36132_2025").references["energy_quotas"].rows.values():
        yield from same


# --- the corrections are those of the collected texts ---


def note_of(number: str, word: str) -> str:
    [edition] = [edition for edition in standards("energy_quotas")["standards"] if edition["number"] == number]
    [note] = [note for note in edition["notes"] if word in note]
    return str(note)


def written(name: str, key: str) -> dict[str, str | None]:
    [row] = load_standard_alone("green_factory/gbt_36132_2025").references[name].rows[key]
    return dict(row.written)


def test_the_clinker_correction_is_that_of_the_text() -> None:
    note = note_of("GB 16780-2021", "clinker ratio")
    neutral, *slopes = re.findall(r"\d+(?:\.\d+)?", note.split("(")[0])
    assert written("quota_ratios", "gb16780_2021_cement") == {"neutral": neutral, "least": f"-{neutral}", "most": str(100 - int(neutral))}
    assert list(written("quota_slopes", "gb16780_2021_cement").values()) == slopes


def test_the_altitude_correction_is_that_of_the_text() -> None:
    found = re.findall(r"\d+(?:\.\d+)?", note_of("GB 16780-2021", "altitude").partition("above")[2])
    for product in ("cement", "clinker", "clinker_coal"):
        assert list(written("quota_altitude", f"gb16780_2021_{product}").values()) == found


def test_the_corrections_of_steel_are_those_of_the_text() -> None:
    note = note_of("GB 21256-2025", "Blast furnace")
    neutral, slope, most = re.findall(r"\d+(?:\.\d+)?", note.split("EAF")[0])
    assert written("quota_ratios", "gb21256_2025_blast_furnace") == {"neutral": neutral, "least": f"-{most}", "most": "0"}
    assert set(written("quota_slopes", "gb21256_2025_blast_furnace").values()) == {f"-{slope}"}
    [hot_metal] = re.findall(r"minus (\d+(?:\.\d+)?)", note)
    for size in ("under_50", "50_70", "from_70"):
        assert set(written("quota_slopes", f"gb21256_2025_arc_furnace_{size}").values()) == {f"-{hot_metal}"}


def test_every_standard_whose_text_corrects_has_corrected_rows_and_no_other() -> None:
    corrected = {row.written["standard"] for row in quotas() if row.written["correction"] != "none"}
    words = ("correction", "multipl", "each percentage point", "add a ", "limits x", "factor", "per point")
    noted = {
        edition["number"].lower().replace(" ", "").replace("-", "_")
        for edition in standards("energy_quotas")["standards"]
        if any(word in note.lower() for note in edition.get("notes", ()) for word in words)
    }
    assert corrected == noted


# --- every row ---


def test_each_row_has_the_levels_that_its_own_figures_give() -> None:
    """At each figure of a row the smallest level whose figure is not exceeded, whatever their order; null is none."""
    for row in quotas():
        if row.written["correction"] != "none" or not row.unit.endswith("/t") or not row.since <= "2025-12-31" <= row.until:
            continue
        figures = [None if row.written[name] is None else F(str(row.written[name])) for name in LEVELS]
        for figure in {figure for figure in figures if figure is not None}:
            reached = next(k for k, limit in enumerate(figures, 1) if limit is not None and figure <= limit)
            assert level({"product": row.key, "output": "1000 t", "energy": f"{figure} tce"}) == reached, row.key


def test_each_electricity_quota_gives_the_levels_of_its_own_figures() -> None:
    made = load_standard_alone("green_factory/gbt_36132_2025")
    for same in made.references["electricity_quotas"].rows.values():
        for row in same:
            year = next((year for year in (2012, 2017, 2025) if row.since <= f"{year}-12-31" <= row.until), None)
            assert year is not None, row.key
            for number, name in enumerate(LEVELS, 1):
                product = {"product": row.key, "output": "1000 " + row.unit.partition("/")[2], "electricity": f"{row.written[name]} MWh"}
                tables = {"quota_power_products": rows(product)}
                units = {"product_unit": row.unit.partition("/")[2]}
                result = tiny.assess(made, year=year, application_date=f"{year + 1}-06-30", tables=tables, units=units)
                assert value(result, "quota_power_level") == number, row.key


# --- cement ---


@pytest.mark.parametrize(
    ("ratio", "energy", "reached"),
    [
        ("75 %", "79.999", 1), ("75 %", "80", 1), ("75 %", "80.001", 2), ("75 %", "87", 2), ("75 %", "87.001", 3), ("75 %", "94", 3),
        ("75 %", "94.001", 4),
        ("60 %", "63.5", 1), ("60 %", "63.501", 2), ("60 %", "69.75", 2), ("60 %", "69.751", 3), ("60 %", "76", 3), ("60 %", "76.001", 4),
        ("80 %", "85.5", 1), ("80 %", "85.501", 2), ("80 %", "92.75", 2), ("80 %", "92.751", 3), ("80 %", "100", 3), ("80 %", "100.001", 4),
        ("74.5 %", "79.45", 1), ("74.5 %", "79.451", 2),
    ],
)  # fmt: skip
def test_cement_by_its_clinker_ratio(ratio: str, energy: str, reached: int) -> None:
    assert level({**CEMENT, "energy": f"{energy} tce", "ratio": ratio}) == reached


@pytest.mark.parametrize(
    ("altitude", "energy", "reached"),
    [
        # 1.179 - 0.211 x 81.06/101.325 = 1.0102; (94 - 15 x 1.20) x 1.0102 = 76.7752; levels 1 and 2 stay 63.5 and 69.75
        ("1501 m", "76.7752", 3), ("1501 m", "76.7753", 4), ("1501 m", "69.75", 2), ("1501 m", "69.751", 3), ("1501 m", "63.5", 1),
        ("1500 m", "76", 3), ("1500 m", "76.001", 4),
    ],
)  # fmt: skip
def test_altitude_corrects_level_three_alone_and_after_the_ratio(altitude: str, energy: str, reached: int) -> None:
    product = {**CEMENT, "altitude": altitude, "air_pressure": "81.06 kPa", "energy": f"{energy} tce", "ratio": "60 %"}
    assert level(product) == reached


def test_what_a_correction_needs_and_lacks_leaves_the_level_open() -> None:
    assert level({**CEMENT, "energy": "80 tce"}) is None
    high = {**CEMENT, "altitude": "1600 m", "ratio": "60 %"}
    assert level({**high, "energy": "76 tce"}) is None
    assert level({**high, "energy": "69 tce"}) == 2
    factor = {"product": "gb21350_2023_tube_copper_whole", "output": "1000 t", "energy": "190 tce"}
    assert level(factor) is None
    assert level({**factor, "limit_factor": "1"}) == 1
    assert level({**factor, "limit_factor": "0.9"}) == 3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 2000))
def test_the_corrected_limits_are_those_of_the_formula(tenths: int, energy: int) -> None:
    ratio, used = F(tenths, 10), F(energy, 10)
    limits = [base + (ratio - 75) * slope for base, slope in ((80, F("1.10")), (87, F("1.15")), (94, F("1.20")))]
    reached = next((k for k, limit in enumerate(limits, 1) if used <= limit), 4)
    assert level({**CEMENT, "energy": f"{decimal(used)} tce", "ratio": f"{decimal(ratio)} %"}) == reached


# --- laws ---


@settings(max_examples=25, deadline=None)
@given(SOME, st.integers(1, 500), st.sampled_from(["gb21340_2019_cast_stone", "gb21340_2019_pv_up_to_300", "gb29449_2024_tyre_bias"]))
def test_more_energy_is_never_a_better_level(energy: Fraction, more: int, product: str) -> None:
    less, greater = (
        level({"product": product, "output": "100 t", "energy": f"{decimal(used)} tce"}) for used in (energy, energy + F(more, 10))
    )
    assert (less or 4) <= (greater or 4)


@settings(max_examples=15, deadline=None)
@given(SOME)
def test_a_level_without_a_figure_is_never_met(energy: Fraction) -> None:
    """Bias tyres have level 3 only: within it the level is 3, beyond it nobody can say."""
    reached = level({"product": "gb29449_2024_tyre_bias", "output": "100 t", "energy": f"{decimal(energy)} tce"})
    assert reached == (3 if energy <= F("51.5") else None)


def test_levels_out_of_order_leave_the_gap_open_and_are_said_at_the_rows() -> None:
    """Level 2 of these units is stricter than level 1: 290, 285, 308 gce/kWh."""
    unit = {"product": "gb21258_2024_coal_power_sc_300", "output": "1000 kWh", "energy": "0.286 tce", "limit_factor": "1"}
    made = load_standard_alone("green_factory/gbt_36132_2025")
    tables = {"quota_products": rows(unit)}
    result = tiny.assess(made, year=2025, inputs={"energy_comparison": "quota_products"}, tables=tables, units={"product_unit": "kWh"})
    assert (value(result, "quota_level"), value(result, "quota_gap")) == (1, None)
    [found] = [problem for problem in result.problems if problem.code.startswith("lead_")]
    assert found.code == "lead_of_value_worse"
    assert found.what("zh") == "“1 级限额（修正后）”劣于与它相对的基准值：能源消耗强度 所用的值无法计算"


# --- editions ---


def test_the_edition_is_the_one_in_force_on_the_last_day() -> None:
    new = {**CEMENT, "energy": "80 tce", "ratio": "75 %"}
    old = {"product": "gb16780_2012_cement_own_clinker", "output": "1000 t", "energy": "88 tce"}
    assert [level(new, year=year) for year in (2021, 2022, 2023)] == [None, 1, 1]
    assert [level(old, year=year) for year in (2013, 2021, 2022)] == [1, 1, None]


def test_both_editions_show_where_it_changed_within_the_year() -> None:
    product = {**CEMENT, "energy": "90 tce", "ratio": "75 %", "former_product": "gb16780_2012_cement_own_clinker"}
    within = assessed(product, year=2022)
    assert (value(within, "quota_level"), value(within, "quota_level_former")) == (3, 2)
    after = assessed(product, year=2023)
    assert (value(after, "quota_level"), value(after, "quota_level_former")) == (3, None)


# --- several products ---


def test_the_three_largest_count_by_their_energy_and_ties_in_their_order() -> None:
    at_two = {"product": "gb21340_2019_cast_stone", "output": "100 t", "energy": "70 tce"}
    at_one = {"product": "gb21340_2019_pv_over_300", "output": "1000 t", "energy": "70 tce"}
    half = {"product": "gb16780_2021_clinker", "output": "1000 t", "energy": "103.5 tce", "altitude": "5 m"}
    tied = {"product": "gb21340_2019_pv_up_to_300", "output": "100 t", "energy": "70 tce"}
    whole = F("103.5") + 140
    assert value(assessed(at_two, at_one, half, tied), "quota_gap") == 100 * (70 + F("51.75")) / whole
    assert value(assessed(tied, at_two, half, at_one), "quota_gap") == 100 * (140 + F("51.75")) / whole
    assert value(assessed(at_two, half), "quota_gap") == 100 * (70 + F("51.75")) / (F("103.5") + 70)
    assert value(assessed(at_one), "quota_gap") == 0


def test_a_product_in_another_unit_than_its_quota_is_left_open() -> None:
    assert level({"product": "gb21340_2019_cast_stone", "output": "1000 m2", "energy": "1 tce"}, unit="m2") is None
    assert level({"product": "gb21340_2019_cast_stone", "output": "0.1 万t", "energy": "540 tce"}, unit="万t") == 1
