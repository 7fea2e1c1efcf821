"""The common data is, figure for figure and basis for basis, what the project's collected standards say."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.language import Units
from engine.located import read
from engine.problems import ProblemList, Where
from engine.ruleset.references import NUMERIC, build_reference
from engine.ruleset.schema import Common, Reference
from tests.rulesets.collected import collected as standards

ROOT = Path(__file__).resolve().parents[2]
COMMON = ROOT / "rulesets" / "common"
GBT_2589 = {"2008": ("2008-06-01", "2020-12-31"), "2020": ("2021-01-01", None)}
HEATS_SEEN_IN_2020 = {"raw_coal", "washed_coal", "middlings", "coal_slime", "coke", "crude_oil"}

Row = dict[str, Any]


@cache
def common(name: str) -> Common:
    problems = ProblemList()
    data = read(COMMON / f"{name}.yaml", problems).data
    assert list(problems) == []
    return Common.model_validate(data)


@cache
def units() -> Units:
    return Units(common("units").units)


def reference(file: str, name: str) -> Reference:
    return next(found for found in common(file).references if found.reference == name)


def rows(file: str, name: str, key: str | None = None) -> list[Row]:
    table = reference(file, name)
    return [row for row in table.rows if key is None or row[table.key] == key]


def figure(value: Any) -> str | None:
    """A figure of the collected standards: a range or an absent one is no figure."""
    return value if isinstance(value, str) else None


def provenance(row: Row) -> tuple[Any, ...]:
    """Basis, confidence and sources of a row; what was computed is inferred here."""
    basis = row.get("basis")
    return ("inferred" if basis == "computed" else basis, row.get("confidence"), tuple(row.get("refs") or row.get("src") or ()))


def period(row: Row) -> tuple[str | None, str | None]:
    return row.get("since"), row.get("until")


def year(first: str, last: str | None = None) -> tuple[str, str]:
    return f"{first}-01-01", f"{last or first}-12-31"


# --- energy ---


def test_fuel_coefficients_are_those_collected_in_the_editions_that_have_them() -> None:
    for fuel in standards("energy_coefficients")["fuels"]:
        found = rows("energy", "energy_coefficients", fuel["id"])
        editions = [days for edition, days in GBT_2589.items() if f"ncv_kJ_{edition}" in fuel] or [(None, None)]
        assert [period(row) for row in found] == editions
        assert {row["coefficient"] for row in found} == {figure(fuel["coef_kgce"])}
        assert {provenance(row) for row in found} == {provenance(fuel)}


def test_a_range_is_null_with_the_range_in_the_note() -> None:
    for fuel in standards("energy_coefficients")["fuels"]:
        if isinstance(fuel["coef_kgce"], list):
            for row in rows("energy", "energy_coefficients", fuel["id"]):
                assert row["coefficient"] is None
                assert all(end in row[note] for end in fuel["coef_kgce"] for note in ("note_zh", "note_en"))


def test_heat_values_are_those_collected_and_never_better_known() -> None:
    for fuel in standards("energy_coefficients")["fuels"]:
        for edition, days in GBT_2589.items():
            found = [row for row in rows("energy", "energy_heat_values", fuel["id"]) if period(row) == days]
            name = f"ncv_kJ_{edition}"
            assert [row["heat_value"] for row in found] == ([figure(fuel[name])] if name in fuel else [])
            assert all(row["heat_value_kcal"] == figure(fuel["ncv_kcal"]) for row in found)
            seen = fuel["basis"] == "seen" and (edition == "2008" or fuel["id"] in HEATS_SEEN_IN_2020)
            assert all((row["basis"] == "seen") == seen for row in found)
            assert all(row["basis"] in ("seen", "recalled") and row["confidence"] == fuel["confidence"] for row in found)
            assert all(tuple(row.get("refs") or ()) == (tuple(fuel.get("src") or ()) if seen else ()) for row in found)


def test_media_take_their_equal_value_from_the_edition_of_the_year() -> None:
    for medium in standards("energy_coefficients")["energy_media_equivalent_value"]:
        editions = ["2008", "2020"] if "/" in medium["edition"] else [medium["edition"]]
        for edition in editions:
            [row] = [row for row in rows("energy", "energy_coefficients", medium["id"]) if period(row) == GBT_2589[edition]]
            assert row["coefficient"] == medium["coef_kgce"]
            assert provenance(row) == provenance(medium)
            [heat] = [row for row in rows("energy", "energy_media", medium["id"]) if period(row) == GBT_2589[edition]]
            assert heat["heat"] in (medium["MJ"], *re.findall(r"[\d.]+(?= MJ in 2020)", medium["edition"] if edition == "2020" else ""))
            assert provenance(heat) in (provenance(medium), ("recalled", medium["confidence"], ()))


def test_electricity_heat_and_low_pressure_steam_are_the_collected_constants() -> None:
    constants = {constant["id"]: constant for constant in standards("energy_coefficients")["constants"]}
    for carrier, constant in (
        ("electricity", "electricity_calorific"),
        ("heat", "heat_MJ"),
        ("steam_low_pressure", "steam_low_pressure_2008"),
    ):
        [row] = rows("energy", "energy_coefficients", carrier)
        assert row["coefficient"] == constants[constant]["value"]
        assert provenance(row) == provenance(constants[constant])
    assert period(rows("energy", "energy_coefficients", "steam_low_pressure")[0]) == GBT_2589["2008"]
    old, new = rows("energy", "standard_coal_heat")
    assert [period(row) for row in (old, new)] == list(GBT_2589.values())
    assert {provenance(row) for row in (old, new)} == {provenance(constants["standard_coal"])}
    assert new["heat"] == constants["standard_coal"]["value"]
    assert f"; {old['heat']} is the printed value" in constants["standard_coal"]["note"]


def test_the_units_of_coefficients_are_those_collected() -> None:
    per = {row["carrier"]: row["per"] for row in rows("energy", "energy_carriers")}
    data = standards("energy_coefficients")
    assert all(per[found["id"]] == found["per"] for found in (*data["fuels"], *data["energy_media_equivalent_value"]))
    assert (per["electricity"], per["heat"], per["steam_low_pressure"]) == ("kWh", "MJ", "kg")


def test_every_carrier_has_a_coefficient_row_and_every_row_a_carrier() -> None:
    assert {row["carrier"] for row in rows("energy", "energy_carriers")} == {
        row["carrier"] for row in rows("energy", "energy_coefficients")
    }


def test_steam_tables_are_those_collected() -> None:
    steam = standards("energy_coefficients")["steam_and_heat"]
    quick = rows("energy", "steam_states")
    assert [(row["heat_mcal"], row["heat"]) for row in quick] == [
        (r["Mcal_per_t"], r.get("GJ_per_t")) for r in steam["quick_table"]["rows"]
    ]
    coefficients = [rows("energy", "energy_coefficients", row["carrier"])[0] for row in quick]
    assert [row["coefficient"] for row in coefficients] == [r.get("kgce_per_t") for r in steam["quick_table"]["rows"]]
    assert {rows("energy", "energy_carriers", row["carrier"])[0]["per"] for row in quick} == {"t"}
    for table in (quick, coefficients):
        assert [provenance(row) for row in table] == [provenance(r) for r in steam["quick_table"]["rows"]]
    for name, source in (("steam_saturated", "saturated_table_computed"), ("steam_superheated", "superheated_table_computed")):
        found = rows("energy", name)
        columns = ("t_C", "h_kJ_kg", "kgce_per_t_minus_83_74")
        assert [(r["temperature"], r["enthalpy"], r["coefficient"]) for r in found] == [tuple(r[c] for c in columns) for r in steam[source]]
        assert [row["pressure"] for row in found] == [row["p_MPa_abs"] for row in steam[source]]
        assert all(row["note_zh"] for row in found)
        assert [provenance(row) for row in found] == [provenance(r) for r in steam[source]]


def test_equal_values_of_electricity_are_those_collected_year_by_year() -> None:
    collected = standards("energy_coefficients")["electricity_equal_value"]["rows"]
    rates = [row for row in collected if "supply_coal_gce_per_kwh" in row]
    found = rows("energy", "electricity_equal_value")
    assert [(row["coefficient"], period(row)) for row in found] == [(r["supply_coal_gce_per_kwh"], year(r["year"])) for r in rates]
    assert [provenance(row) for row in found] == [provenance(row) for row in rates]
    others = [row for row in collected if "coef" in row]
    assert [(row["coefficient"], *provenance(row)) for row in rows("energy", "electricity_equal_value_other")] == [
        (row["coef"], *provenance(row)) for row in others
    ]


def test_densities_are_those_collected() -> None:
    collected = standards("energy_coefficients")["density_kg_per_L"]
    found = rows("energy", "fuel_densities")
    assert [(row["fuel"], row["density"], *provenance(row)) for row in found] == [
        (r["fuel"], r["value"], *provenance(r)) for r in collected
    ]


# --- carbon ---


@pytest.mark.parametrize("letter", ["A", "B"])
def test_fuel_sets_are_those_collected(letter: str) -> None:
    names = {"t": "t", "10^4 Nm3": "万Nm3"}
    expected = [
        (r["id"], r["name"], names[r["per"]], r["ncv_GJ"], r["carbon_tC_per_TJ"], r["oxidation_pct"], r["ef_tCO2_computed"], *provenance(r))
        for r in standards("carbon_factors")[f"fuel_set_{letter}"]["rows"]
    ]
    columns = ("fuel", "title_zh", "per", "ncv", "carbon", "oxidation", "shown")
    assert [(*(r[c] for c in columns), *provenance(r)) for r in rows("carbon", f"fuel_factors_{letter.lower()}")] == expected


def test_heat_default_is_the_one_collected() -> None:
    [row] = rows("carbon", "heat_emission_factor")
    collected = standards("carbon_factors")["heat_default"]
    assert (row["factor"], *provenance(row)) == (collected["value"], *provenance(collected))


def by_title(name: str) -> set[tuple[Any, ...]]:
    return {(row["title_zh"], row["factor"], *period(row), *provenance(row)) for row in rows("carbon", name)}


def test_regional_and_provincial_grid_factors_are_those_collected() -> None:
    grid = standards("carbon_factors")["grid"]
    areas = {row["area"] for row in grid["region_2021_2022"]}
    older = {(area, row[area], *year(row["year"]), *provenance(row)) for row in grid["region_older"] for area in areas & set(row)}
    for table, since, before in (("grid_region", "region_2021_2022", older), ("grid_province", "province_2021_2022", set())):
        recent = {(row["area"], row[f"y{y}"], *year(y), *provenance(row)) for row in grid[since] for y in ("2021", "2022")}
        assert by_title(table) == recent | before


@pytest.mark.parametrize("name", ["grid_region", "grid_province"])
def test_an_area_has_one_code_and_a_code_one_area(name: str) -> None:
    """Factors are looked up by code, and compared above by title."""
    pairs = {(row["area"], row["title_zh"]) for row in rows("carbon", name)}
    assert len({code for code, _ in pairs}) == len({title for _, title in pairs}) == len(pairs)
    assert all(re.sub("[ _]", "", row["area"]) == re.sub("[ _]", "", row["title_en"].lower()) for row in rows("carbon", name))


def test_national_grid_factors_are_those_collected() -> None:
    kinds = {"average": "average", "excluding market-traded non-fossil power": "excluding_market", "fossil power": "fossil"}
    ets = {
        "ETS, reports up to 2020 data": (None, "2020-12-31"),
        "ETS, 2021 data": year("2021"),
        "ETS, 2022 and 2023 data": year("2022", "2023"),
    }
    expected = {
        (kinds.get(r["kind"], "ets"), r["value"], *(ets.get(r["year"]) or year(r["year"])), *provenance(r))
        for r in standards("carbon_factors")["grid"]["national"]
    }
    assert {(r["kind"], r["factor"], *period(r), *provenance(r)) for r in rows("carbon", "grid_national")} == expected


def test_zhejiang_grid_factors_are_those_collected() -> None:
    expected = {
        (r["value"], *(year(r["year"]) if r["year"].isdigit() else (None, None)), *provenance(r))
        for r in standards("carbon_factors")["grid"]["zhejiang"]
    }
    assert {(r["factor"], *period(r), *provenance(r)) for r in rows("carbon", "grid_zhejiang")} == expected


@pytest.mark.parametrize(
    ("statistics_year", "factor"), [(2016, "0.7035"), (2020, "0.7035"), (2021, "0.5422"), (2022, "0.5153"), (2023, None)]
)
def test_the_grid_factor_of_a_statistics_year(statistics_year: int, factor: str | None) -> None:
    table = build_reference(reference("carbon", "grid_factor"), units(), Where(), ProblemList())
    row = table.find("zhejiang", f"{statistics_year}-12-31")
    assert row is not None
    assert row.written["factor"] == factor


def test_there_is_no_grid_factor_after_the_last_published_year() -> None:
    table = build_reference(reference("carbon", "grid_factor"), units(), Where(), ProblemList())
    assert table.find("zhejiang", "2024-12-31") is None


def test_grid_factors_in_use_are_those_of_the_area_and_the_year() -> None:
    baseline, *provincial = rows("carbon", "grid_factor")
    [east_2012] = [row for row in rows("carbon", "grid_region", "east_china") if row["since"] == baseline["since"]]
    assert (baseline["factor"], baseline["until"], *provenance(baseline)) == (east_2012["factor"], "2020-12-31", *provenance(east_2012))
    published = {(row["factor"], *period(row), *provenance(row)) for row in rows("carbon", "grid_zhejiang", "zhejiang")}
    assert {(row["factor"], *period(row), *provenance(row)) for row in provincial} <= published


def test_grid_factors_in_use_stand_in_the_published_tables() -> None:
    published = {(r["factor"], *provenance(r)) for name in ("grid_region", "grid_zhejiang") for r in rows("carbon", name)}
    assert {(r["factor"], *provenance(r)) for r in rows("carbon", "grid_factor")} <= published


def test_warming_potentials_and_carbonates_are_those_collected() -> None:
    data = standards("carbon_factors")
    reports = ("ar2", "ar4", "ar5")
    assert [(r["gas"], *(r[c] for c in reports)) for r in rows("carbon", "gwp")] == [
        (r["gas"].lower(), *(r.get(c) for c in reports)) for r in data["gwp"]
    ]
    text = next(method["text"] for method in data["method"] if method["id"] == "carbonate")
    stated = dict(re.findall(r"([A-Z][\w()]+) (0\.\d+)", text))
    assert {r["title_zh"].split(" ")[1]: r["factor"] for r in rows("carbon", "carbonate_factors")} == stated
    [carbonate] = [method for method in data["method"] if method["id"] == "carbonate"]
    assert {provenance(r) for r in rows("carbon", "carbonate_factors")} == {provenance(carbonate)}


# --- quotas ---

QUOTAS = ("energy_quotas", "electricity_quotas", "oil_equivalent_quotas")
LEVELS = ("level_1", "level_2", "level_3")


def standard_id(number: str) -> str:
    return number.lower().replace(" ", "").replace("-", "_")


def test_quotas_are_those_collected_with_their_days_and_sources() -> None:
    data = standards("energy_quotas")
    expected = {}
    for edition in (*data["standards"], *data["legacy_editions"]):
        end = edition.get("withdrawn")
        last = (date.fromisoformat(end) - timedelta(days=1)).isoformat() if end else None
        for row in edition["rows"]:
            key = (standard_id(edition["number"]), row["product"])
            expected[key] = (row["unit"], row["l1"], row["l2"], row["l3"], edition["effective"], last, *provenance(edition))
    found = {
        (r["standard"], r["title_zh"]): (r["unit"], *(r[level] for level in LEVELS), *period(r), *provenance(r))
        for name in QUOTAS
        for r in rows("quotas", name)
    }
    assert found == expected


@pytest.mark.parametrize("name", [*QUOTAS, "dyeing_energy_limits", "dyeing_water_limits", "water_quotas"])
def test_the_unit_of_a_quota_row_is_that_of_its_columns_for_one_product_unit(name: str) -> None:
    table = reference("quotas", name)
    for column in (column for column in table.columns if column.type in NUMERIC):
        for row in table.rows:
            denominator = row["unit"].partition("/")[2].strip("()")
            assert units().parse(row["unit"]).convertible_to(units().parse(column.unit, {"product_unit": denominator})), row


@pytest.mark.parametrize("name", [*QUOTAS, "dyeing_energy_limits", "dyeing_water_limits", "water_quotas"])
def test_a_quota_row_is_named_after_its_edition(name: str) -> None:
    for row in rows("quotas", name):
        assert re.fullmatch(r"[a-z]\w+_20\d\d_\w+", row["product"]), row
        assert name not in QUOTAS or row["product"].startswith(f"{row['standard']}_")


def test_quota_standards_are_those_collected() -> None:
    data = standards("energy_quotas")
    expected = {
        (standard_id(e["number"]), e["number"], e.get("published"), e["effective"], *provenance(e))
        for e in (*data["standards"], *data["legacy_editions"])
    }
    assert {
        (r["standard"], r["number"], r["published"], r["effective"], *provenance(r)) for r in rows("quotas", "quota_standards")
    } == expected


def test_dyeing_conditions_are_those_collected() -> None:
    conditions = standards("energy_quotas")["industry_conditions"]
    for kind in ("energy", "water"):
        expected = [
            (row["product"], row[kind], row[f"{kind}_unit"], *provenance(edition))
            for edition in conditions.values()
            for row in edition["rows"]
        ]
        found = rows("quotas", f"dyeing_{kind}_limits")
        assert [(row["title_zh"], row["limit"], row["unit"], *provenance(row)) for row in found] == expected


def test_water_quotas_are_those_collected() -> None:
    expected = [
        (row["product"], row["existing"], row["new"], row["unit"], *provenance(part))
        for part in standards("energy_quotas")["water_quotas"].values()
        for row in part["rows"]
    ]
    found = rows("quotas", "water_quotas")
    assert [(row["title_zh"], row["existing"], row["new"], row["unit"], *provenance(row)) for row in found] == expected


# --- industries and districts ---


def test_industries_are_those_collected() -> None:
    codes = standards("classifications")["gbt_4754_2017"]
    expected = {d["code"]: (d["name"], d.get("section", "C"), "recalled") for d in codes["divisions"]}
    expected |= {c["code"]: (c["name"], "D" if c["code"] >= "44" else "C", c["basis"]) for c in codes["classes"]}
    assert {r["code"]: (r["title_zh"], r["section"], r["basis"]) for r in rows("industry", "industries")} == expected
    sectors = {c["code"]: c["sector_key"] for c in codes["classes"] if "sector_key" in c}
    assert {r["code"]: r["sector"] for r in rows("industry", "industry_sectors")} == sectors


def test_plot_ratios_are_the_printed_ones_under_the_printed_names() -> None:
    collected = standards("green_factory")["reference_tables"]["land_index_far"]
    printed = {}
    for row in rows("industry", "plot_ratio_minimum"):
        branch = re.search("“(.+)”", row["note_zh"])
        assert branch is not None
        assert branch[1] in row["note_en"]
        assert row["minimum"] == collected["values"][branch[1]]
        assert provenance(row) == (collected["source"], collected["confidence"], tuple(collected["refs"]))
        printed[row["code"]] = branch[1]
    assert set(collected["values"]) - set(printed.values()) == {"工艺品及其他制造业"}
    [building] = rows("industry", "building_coefficient_minimum")
    coefficient = collected["building_coefficient_min"]
    assert (building["minimum"], building["basis"], building["confidence"]) == (
        coefficient["value"],
        coefficient["source"],
        coefficient["confidence"],
    )


@pytest.mark.parametrize(
    ("industry", "minimum"),
    [("1713", "0.8"), ("2911", "0.8"), ("2929", "1.0"), ("3982", "1.0"), ("3670", "0.7"), ("4190", None), ("29", None)],
)
def test_the_plot_ratio_of_an_industry_is_that_of_its_longest_prefix(industry: str, minimum: str | None) -> None:
    table = build_reference(reference("industry", "plot_ratio_minimum"), units(), Where(), ProblemList())
    row = table.find(industry, "2016-12-31")
    assert (row and row.written["minimum"]) == minimum


@pytest.mark.parametrize(("name", "collected"), [("high_energy_zhejiang", "zhejiang_eight"), ("high_energy_national", "national_six")])
def test_high_energy_industries_are_those_collected(name: str, collected: str) -> None:
    source = standards("classifications")["high_energy_industries"][collected]
    listed = [row for row in rows("industry", name) if row["listed"] == "yes"]
    assert [row["code"] for row in listed] == source["divisions"]
    assert {row["listed"] for row in rows("industry", name)} == {"yes", "no"}
    recalled = {row["code"] for row in rows("industry", name) if row["basis"] != source["basis"]}
    assert recalled == ({"25"} if collected == "zhejiang_eight" else set())


def test_enterprise_sizes_are_those_collected() -> None:
    collected = standards("classifications")["enterprise_size_industry"]
    limits = re.findall(r"(?:large|medium|small)\D*(\d+)\D+(\d+) million", collected["rule"])
    sizes = rows("industry", "enterprise_sizes")
    assert [(row["employees"], row["revenue"]) for row in sizes[:3]] == limits
    assert (sizes[3]["employees"], sizes[3]["revenue"]) == (None, re.search(r"(\d+) million", collected["above_scale"])[1])  # type: ignore[index]


def test_districts_are_those_of_the_plan_with_their_codes() -> None:
    codes = {row["name"]: row["code"] for row in standards("classifications")["divisions_jiaxing"]["rows"]}
    expected = [(d["id"], d["name_zh"], d["name_en"], codes.get(d["name_zh"])) for d in standards("jiaxing_targets")["districts"]]
    assert [(r["district"], r["title_zh"], r["title_en"], r["code"]) for r in rows("districts", "districts")] == expected
    assert {row["code"] is None for row in rows("districts", "districts") if row["district"] in ("jxetdz", "port")} == {True}


def test_every_district_lies_in_a_listed_province() -> None:
    provinces = {row["code"] for row in rows("districts", "province_codes")}
    assert {row["code"][:2] for row in rows("districts", "districts") if row["code"]} <= provinces
    assert len(provinces) == 34
