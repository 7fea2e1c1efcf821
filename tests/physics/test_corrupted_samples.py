"""A labelled set of corrupted samples: every planted error is found by its check, and the samples as they are raise none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import engine
from engine.assess.physics.across import Applied, across
from engine.assess.results import CheckResult
from engine.assess.sentences import number_text
from engine.ruleset.compile import compiled
from engine.ruleset.compile_checks import ready_checks
from engine.texts import LANGUAGES
from tests.samples.results import NAMES, ROOT, SAMPLES, assess, dossier, main_basis, own_programme

Data = dict[str, Any]
Edit = Callable[[Data], object]
STORIES = {
    ("electroplating", "declared"): {"electricity_per_value", "carbon_to_energy"},
    ("lca_flooring", "verified"): {"lca_energy_twice"},
}
"""What is found in the samples whose story it is: electricity entered in kWh by the digits of MWh, a ledger that lacked a fuel."""


class Variant(NamedTuple):
    """A sample, a small edit, the check that must find it, and the slip it must name, if any."""

    check: str
    sample: str
    edit: Edit
    slip: str = ""


def put(name: str, text: str | None, verified: str = "as_declared") -> Edit:
    """Enter an input."""

    def edit(data: Data) -> None:
        old = data["inputs"].get(name)
        entry = dict(old) if isinstance(old, dict) else {}
        data["inputs"][name] = {**entry, "declared": text, **({"verified": verified} if data.get("assessor") else {})}

    return edit


def cell(table: str, row: int, column: str, text: str) -> Edit:
    """Enter one cell."""
    return lambda data: data["tables"][table]["rows"][row].update({column: text})


def scaled(table: str, column: str, factor: str, **where: str) -> Edit:
    """Multiply a whole column, or its rows that have the given cells."""

    def edit(data: Data) -> None:
        for row in data["tables"][table]["rows"]:
            if all(row[key] == value for key, value in where.items()):
                text = row[column]["declared"] if isinstance(row[column], dict) else row[column]
                number, _, unit = text.partition(" ")
                row[column] = f"{number_text(engine_number(number) * engine_number(factor))} {unit}"

    return edit


def engine_number(text: str) -> Any:
    from engine.language import parse_number

    return parse_number(text)


def several(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(data: Data) -> None:
        for one in edits:
            one(data)

    return edit


def document(name: str, **fields: str) -> Edit:
    """Change a document of the evidence list."""
    return lambda data: next(item for item in data["evidence"] if item["id"] == name).update(fields)


def only_proof(kind: str, name: str, *ids: str) -> Edit:
    """Bring only these documents for an input or a table."""
    return lambda data: data[kind][name].update({"evidence": list(ids)})


def quota_row(energy: str, output: str) -> Edit:
    row = {"product": "gb16780_2021_cement", "output": output, "energy": energy, "ratio": "60 %", "altitude": "6 m"}
    return lambda data: data["tables"]["quota_products"].update({"rows": [row]})


def annual(column: str, text: str, row: int = 0) -> Edit:
    return cell("annual", row, column, text)


VARIANTS = (
    # energy
    Variant("electricity_per_value", "dyeing_mill", scaled("energy", "quantity", "0.001", carrier="electricity"), "thousand"),
    Variant("electricity_per_value", "garment", scaled("energy", "quantity", "0.0001", carrier="electricity"), "ten_thousand"),
    Variant("electricity_per_value", "pv_modules", scaled("energy", "quantity", "1000", carrier="electricity"), "thousand"),
    Variant("energy_per_value", "garment", scaled("energy", "quantity", "0.001"), "thousand"),
    Variant("energy_to_benchmark", "dyeing_mill", put("energy_limit", "32 tce/100 m"), "thousand"),
    Variant("energy_to_benchmark", "polyester_filament", scaled("energy", "quantity", "1000"), "thousand"),
    Variant("energy_month", "dyeing_mill", cell("energy", 4, "quantity", "158598 kWh"), "ten"),
    Variant("energy_month", "leather", cell("energy", 11, "quantity", "706.24 kWh"), "thousand"),
    Variant("energy_month", "cement_2025", cell("energy", 13, "quantity", "8000000 万kWh"), "ten_thousand"),
    Variant("energy_coefficient", "cement_2025", scaled("energy", "measured_coefficient", "10", carrier="raw_coal"), "ten"),
    Variant("energy_coefficient", "polyester_filament", cell("energy", 14, "measured_coefficient", "771.4 kgce/kg"), "thousand"),
    Variant("energy_of_products", "cement_2025", quota_row("99950 tce", "1200000 t")),
    Variant("renewable_within_energy", "cement_2025", put("renewable_energy", "260548 tce")),
    # production
    Variant("output_month", "leather", cell("production", 6, "output", "0.0019 万m2"), "ten_thousand"),
    Variant("output_value_month", "dyeing_mill", cell("production", 3, "output_value", "42620 万元"), "ten"),
    Variant("price_month", "polyester_filament", cell("production", 5, "output", "3719.13 t"), "ten"),
    Variant("capacity_used", "polyester_filament", put("production_capacity", "48 t"), "ten_thousand"),
    Variant("capacity_used", "leather", put("production_capacity", "26 万m2"), "ten"),
    Variant("products_within_output", "cement_2025", quota_row("79950 tce", "1400000 t")),
    Variant("investment_within_value", "cement_2025", put("green_investment_3y", "516000 万元")),
    Variant("value_of_three_years", "pv_glass_2025", put("output_value_3y", "22910 万元")),
    Variant("material_to_benchmark", "dyeing_mill", put("main_material_used", "12.42 t"), "thousand"),
    Variant("green_materials", "leather", put("green_material_used", "13200 t")),
    # land
    Variant("value_per_land", "leather", put("land_area", "52100 亩"), "mu"),
    Variant("density", "polyester_filament", put("land_area", "4021.5 m2"), "hundred"),
    Variant("density", "dyeing_mill", put("land_area", "100.08 m2"), "mu"),
    Variant("floor_over_footprint", "dyeing_mill", put("building_floor_area", "7194 m2")),
    Variant("floor_over_footprint_2025", "cement_2025", put("floor_area", "21640 m2")),
    Variant("plot_ratio_plausible", "dyeing_mill", put("building_floor_area", "7194000 m2"), "hundred"),
    # water
    Variant("wastewater_splits", "dyeing_mill", cell("water", 7, "discharged_volume", "4898 m3")),
    Variant("wastewater_splits", "leather", scaled("water", "wastewater_generated", "0.001"), "thousand"),
    Variant("wastewater_month", "polyester_filament", cell("water", 2, "wastewater_generated", "97500 t"), "ten"),
    Variant("discharge_within_wastewater", "cement_2025", cell("water", 0, "wastewater_discharged", "19540 t")),
    Variant("wastewater_within_intake", "pv_glass_2025", cell("water", 4, "wastewater_generated", "159000 t")),
    Variant("intake_month", "cement_2025", cell("water", 9, "intake", "52420 万m3"), "ten_thousand"),
    Variant("wastewater_to_benchmark", "pv_modules", put("industry_wastewater_intensity", "130 kg/MWp"), "thousand"),
    # emissions and waste
    Variant("pollutants_to_benchmark", "leather", cell("pollutants", 1, "generated", "1742 kg"), "thousand"),
    Variant("pollutants_discharged", "cement_2025", cell("pollutants", 0, "discharged", "1656000 kg")),
    Variant("waste_gas_to_benchmark", "dyeing_mill", put("waste_gas_generated", "121200 m3"), "ten_thousand"),
    Variant("waste_utilised", "dyeing_mill", cell("solid_waste", 1, "utilised", "286 t")),
    Variant("carbon_to_energy", "polyester_filament", put("carbon_emission", "143.71 tCO2e"), "thousand"),
    Variant("carbon_to_benchmark", "dyeing_mill", put("industry_carbon_intensity", "9.4 kgCO2e/万m"), "thousand"),
    # the year stated once more, sales, water balance, the year before
    Variant("energy_stated_twice", "dyeing_mill", put("stated_energy_total", "16120 tce")),
    Variant("energy_stated_twice", "dyeing_mill", put("stated_energy_total", "15414717 tce"), "thousand"),
    Variant("electricity_stated_twice", "dyeing_mill", put("stated_electricity", "1784.76 kWh"), "ten_thousand"),
    Variant("output_stated_twice", "dyeing_mill", put("stated_output", "6312.64 万m")),
    Variant("output_value_stated_twice", "leather", put("stated_output_value", "3.4 万元")),
    Variant("products_against_sales", "dyeing_mill", several(
        put("products_opening_stock", "310 万m"), put("products_sold", "5100 万m"), put("products_closing_stock", "290 万m"),
    )),
    Variant("water_balance", "dyeing_mill", several(
        put("water_taken_in", "1240000 m3"), put("water_consumed", "190000 m3"), put("water_sent_out", "675600 m3"),
    )),
    Variant("water_discharged_twice", "dyeing_mill", put("water_sent_out", "575600 m3")),
    Variant("water_taken_in_twice", "cement_2025", put("water_taken_in", "6.1 m3")),
    Variant("energy_year_on_year", "dyeing_mill", put("previous_energy_total", "1502 tce"), "ten"),
    Variant("electricity_year_on_year", "leather", put("previous_electricity", "650 kWh"), "ten_thousand"),
    Variant("output_year_on_year", "dyeing_mill", put("previous_output", "2710 万m")),
    Variant("output_value_year_on_year", "dyeing_mill", put("previous_output_value", "490320000 万元"), "ten_thousand"),
    # documents and entries
    Variant("document_dates", "dyeing_mill", document("E18", issued="2015-12-31")),
    Variant("document_dates", "leather", document("E37", issued="2015-03-05")),
    Variant("document_dates", "polyester_filament", several(document("E28", issued="2015-11-30"), only_proof("tables", "water", "E28"))),
    Variant("one_document_many_items", "dyeing_mill", lambda data: [
        entry.update({"evidence": ["E17"]}) for entry in data["answers"].values() if "evidence" in entry
    ]),
    Variant("verified_differences", "dyeing_mill", put("production_capacity", "7200 万m", "720 万m"), "ten"),
    Variant("verified_differences", "leather", lambda data: data["tables"]["energy"]["rows"][2].update(
        {"quantity": {"declared": "620000 kWh", "verified": "220000 kWh"}}
    )),
    Variant("gas_volumes", "dyeing_mill", lambda data: data["tables"]["energy"].pop("remark")),
    Variant("gas_volumes", "garment", lambda data: data["tables"]["energy"].update({"remark": "燃气按表计"})),
    Variant("gas_volumes", "dyeing_mill", several(
        lambda data: data["tables"]["energy"].pop("remark"),
        lambda data: [row.update({"carrier": "oxygen"}) for row in data["tables"]["energy"]["rows"] if row["carrier"] == "natural_gas"],
    )),
    Variant("waste_gas_volumes", "dyeing_mill", put("waste_gas_generated", "121200 万m3")),
    Variant("land_area_stated_twice", "leather", put("stated_land_area", "52100 亩"), "mu"),
    Variant("waste_balance", "dyeing_mill", several(
        put("stated_waste_generated", "6180 t"), put("waste_opening_stock", "20 t"), put("stated_waste_utilised", "5000 t"),
        put("stated_waste_disposed", "500 t"), put("waste_closing_stock", "30 t"),
    )),
    Variant("waste_generated_twice", "dyeing_mill", put("stated_waste_generated", "6180 kg"), "thousand"),
    # other kinds
    Variant("park_added_value_year_on_year", "park_three_years", annual("industrial_added_value", "11460000 万元"), "ten"),
    Variant("park_figures_repeated", "park_three_years", lambda data: data["tables"]["annual"]["rows"][1].update(
        {key: text for key, text in data["tables"]["annual"]["rows"][0].items() if key != "year" and isinstance(text, str)}
    )),
    Variant("park_energy_year_on_year", "park_three_years", annual("energy_total", "358000000 tce"), "thousand"),
    Variant("park_water_year_on_year", "park_three_years", annual("fresh_water", "705 m3"), "ten_thousand"),
    Variant("park_carbon_year_on_year", "park_three_years", annual("carbon_emission", "105.2 tCO2"), "ten_thousand"),
    Variant("park_wastewater_year_on_year", "park_three_years", annual("waste_water", "518000 t"), "ten"),
    Variant("park_land_year_on_year", "park_three_years", annual("industrial_land", "0.87 km2"), "ten"),
    Variant("park_renewables_within_energy", "park_three_years", annual("renewable_energy", "520000 tce")),
    Variant("park_clean_within_final", "park_three_years", annual("clean_energy", "352000 tce")),
    Variant("park_waste_within_generated", "park_three_years", annual("general_waste_utilised", "132400 t")),
    Variant("park_heat_within_recoverable", "park_three_years", annual("heat_recovered", "652000 GJ")),
    Variant("park_scrap_within_arising", "park_three_years", annual("scrap_recovered", "19700 t")),
    Variant("park_buildings_within_new", "park_three_years", annual("green_industrial_floor", "82000 m2")),
    Variant("park_covered_within_built_up", "park_three_years", annual("covered_area", "27.1 km2")),
    Variant("park_clean_buses_within_buses", "park_three_years", annual("clean_buses", "62 辆")),
    Variant("park_high_tech_within_output", "park_three_years", annual("high_tech_output", "16800000 万元")),
    Variant("park_green_within_added_value", "park_three_years", annual("green_added_value", "3220000 万元")),
    Variant("park_good_days_within_valid", "park_three_years", annual("valid_days", "264 d")),
    Variant("park_green_within_area", "park_three_years", annual("green_area", "61 km2")),
    Variant("park_land_within_area", "park_three_years", annual("park_area", "1.94 km2")),
    Variant("park_shaded_within_roads", "park_three_years", annual("shaded_length", "330 km")),
    Variant("park_carbon_to_energy", "park_three_years", annual("carbon_emission", "1052.028 tCO2"), "thousand"),
    Variant("zero_carbon_to_energy", "zero_carbon_park", put("co2_total", "53680000 tCO2"), "thousand"),
    Variant("rates_within_whole", "zero_carbon_park", put("solid_waste_utilisation", "196.3 %")),
    Variant("rates_within_whole", "zero_carbon_park", put("waste_heat_utilisation", "510 %")),
    Variant("rates_within_whole", "zero_carbon_park", put("water_reuse_rate", "188.5 %")),
    Variant("suppliers_within_all", "supply_chain", put("low_risk_suppliers", "3120 家")),
    Variant("recovered_within_due", "supply_chain", put("products_recovered", "126000 台")),
    Variant("packaging_within_used", "supply_chain", put("packaging_recovered", "966 t")),
    Variant("rinse_water_plausible", "electroplating_cp", put("rinse_water", "14880000 m3"), "thousand"),
    Variant("rates_within_whole", "electroplating_cp", put("zinc_utilisation", "183 %")),
    Variant("rates_within_whole", "electroplating_cp", put("copper_utilisation", "190 %")),
    Variant("rates_within_whole", "electroplating_cp", put("nickel_utilisation", "191.5 %")),
    Variant("document_dates", "electroplating_cp", lambda data: [item.update({"issued": "2015-12-31"}) for item in data["evidence"]]),
    Variant("document_dates", "supply_chain", lambda data: [item.update({"issued": "2016-12-31"}) for item in data["evidence"]]),
    # products and their life cycle
    Variant("rates_within_whole", "knit_fabric", put("reuse", "425 %")),
    Variant("ph_plausible", "knit_fabric", put("ph", "68"), "ten"),
    Variant("energy_of_both", "knit_fabric", put("energy", "0.98 kgce/t"), "thousand"),
    Variant("water_of_both", "knit_fabric", put("water_per_mass", "86 t/t")),
    Variant("effluent_within_water", "knit_fabric", put("effluent", "86.2 m3/t")),
    Variant("drained_within_water", "knit_fabric", put("drain", "86.2 m3/t")),
    Variant("mass_energy_plausible", "knit_fabric", put("energy_per_mass", "980 tce/t"), "thousand"),
    Variant("length_energy_plausible", "silk_dyeing", put("energy_per_length", "0.036 kgce/100 m"), "thousand"),
    Variant("document_dates", "knit_fabric", document("E3", issued="2016-12-31")),
    Variant("verified_differences", "knit_fabric", put("reuse", "42.5 %", "82.5 %")),
    Variant("lca_process_balance", "lca_textured_yarn", cell("lca_processes", 1, "inputs", "1.03 kg"), "thousand"),
    Variant("lca_energy_twice", "lca_textured_yarn", put("lca_inventory_energy", "2811360 tce"), "thousand"),
    Variant("lca_water_twice", "lca_textured_yarn", put("lca_inventory_water", "4.32 m3"), "ten_thousand"),
    Variant("lca_stages_sum", "lca_textured_yarn", put("lca_climate_total", "3.721 kgCO2e"), "thousand"),
    Variant("lca_factor_plausible", "lca_textured_yarn", cell("lca_electricity", 0, "factor", "810 kgCO2e/kWh"), "thousand"),
    Variant("lca_waste_within_inputs", "lca_textured_yarn", cell("lca_processes", 1, "waste", "1400 kg")),
    Variant("document_dates", "lca_textured_yarn", several(
        document("E5", issued="2016-12-30"), only_proof("inputs", "lca_ledger_energy", "E5"),
    )),
)  # fmt: skip

ELSEWHERE = {
    "fuel_gas_volumes", "audited_within_key", "intensity_change_1", "intensity_change_2", "intensity_change_3",
    "carbon_to_energy_intensity",
    "fzt_energy_of_both", "fzt_water_of_both", "silk_energy_of_both", "silk_water_of_both", "module_efficiency",
    "wastewater_within_water_woven", "wastewater_within_water_knitted", "paper_water_plausible", "board_water_plausible",
    "copied_figures", "document_of_another", "permit_outlives_label", "carbon_stated_twice",
    "building_renewable_within_energy", "permeable_within_outdoor", "efficient_lamps_within_lamps",
}  # fmt: skip
"""Found by the tests further down: they need several dossiers, a scheme that states a term, activity data, or editions without a sample."""


def corrupted(sample: str, edit: Edit, folder: Path) -> engine.Dossier:
    """A sample as a file of its own, after a small edit."""
    data: Data = yaml.load((SAMPLES / f"{sample}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    edit(data)
    path = folder / f"{sample}.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return engine.read_dossier(path)


def found_in(given: engine.Dossier, programme: engine.Programme | None = None) -> tuple[CheckResult, ...]:
    basis = "verified" if engine.has_verified(given) else "declared"
    programme = programme or engine.load_programme(given.scheme, given.kind, standard=given.standard)
    return engine.assess_dossier(programme, given, basis).checks


def labels() -> Iterator[str]:
    for i, variant in enumerate(VARIANTS):
        yield f"{i:02d}-{variant.check}-{variant.sample}"


@pytest.mark.parametrize("variant", VARIANTS, ids=labels())
def test_a_planted_error_is_found_with_its_places(variant: Variant, tmp_path: Path) -> None:
    found = [one for one in found_in(corrupted(variant.sample, variant.edit, tmp_path)) if one.check == variant.check]
    assert found
    assert {one.slip for one in found} == {variant.slip}
    for statement in (statement for one in found for statement in one.statements):
        assert all(place.first.file == f"{variant.sample}.yaml" and place.first.line for place in statement.places)
    assert all(one.statements[0].places for one in found)


def test_the_labelled_set_is_large_enough() -> None:
    assert len(VARIANTS) >= 40


def test_every_check_of_the_library_is_found_by_a_variant() -> None:
    shipped = set()
    for path in (ROOT / "rulesets").rglob("*.yaml"):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        shipped |= {check["check"] for part in (data, *data.get("programmes", ())) for check in part.get("checks", ())}
    assert shipped == {variant.check for variant in VARIANTS} | ELSEWHERE


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_as_it_is_raises_nothing_but_its_story(name: str) -> None:
    for basis in {"declared", main_basis(name)}:
        assert {one.check for one in assess(name, basis).checks} == STORIES.get((name, basis), set())


def test_the_unit_story_names_the_slip() -> None:
    [found] = [one for one in assess("electroplating", "declared").checks if one.check == "electricity_per_value"]
    assert found.slip == "thousand"


def test_checks_touch_neither_points_nor_determination(tmp_path: Path) -> None:
    given = corrupted("dyeing_mill", put("stated_energy_total", "99 tce"), tmp_path)
    made, before = engine.assess_dossier(own_programme("dyeing_mill"), given, "verified"), assess("dyeing_mill", "verified")
    assert made.checks and (made.score, made.determination) == (before.score, before.determination)


def test_every_finding_says_both_values_and_the_source_in_both_languages(tmp_path: Path) -> None:
    programme = own_programme("dyeing_mill")
    [found] = found_in(corrupted("dyeing_mill", put("stated_energy_total", "16120 tce"), tmp_path))
    for lang in LANGUAGES:
        text = engine.check_sentence(found, programme, lang)
        assert "16120 tce" in text and "15414.71696 tce" in text and "4.38%" in text and "2%" in text
        assert {"zh": "（数据核对工程默认值，方案自定）", "en": "(engineering default of the checks, policy)"}[lang] in text
        assert "dyeing_mill.yaml" in text and "{" not in text


# --- several dossiers ---


def several_cases(*given: engine.Dossier) -> list[Applied]:
    return [Applied(engine.load_programme(one.scheme, one.kind, standard=one.standard, day=one.application_date), one) for one in given]


def test_samples_share_nothing_with_each_other() -> None:
    assert set(across(several_cases(*(dossier(name) for name in NAMES)))) == {()}


def test_figures_copied_from_another_applicant_are_found(tmp_path: Path) -> None:
    water = yaml.load((SAMPLES / "dyeing_mill.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["tables"]["water"]["rows"]
    copy = corrupted("leather", lambda data: data["tables"]["water"].update({"rows": water}), tmp_path)
    mine, other = across(several_cases(dossier("dyeing_mill"), copy))
    assert [(one.check, one.dossier) for one in mine] == [("copied_figures", "JX-2017-003")]
    assert [(one.check, one.dossier) for one in other] == [("copied_figures", "JX-2017-001")]
    assert {place.first.file for place in other[0].statements[1].places} == {"dyeing_mill.yaml"}


def test_figures_copied_from_another_year_are_found_and_a_second_look_at_the_same_is_none(tmp_path: Path) -> None:
    (tmp_path / "next").mkdir()
    last = corrupted("dyeing_mill", lambda data: shift_year(data, "2016", "2015"), tmp_path / "next")
    assert [one.check for one in across(several_cases(dossier("dyeing_mill"), last))[0]] == ["copied_figures"]
    again = corrupted("dyeing_mill", lambda data: None, tmp_path)
    assert across(several_cases(dossier("dyeing_mill"), again)) == ((), ())


def shift_year(data: Data, old: str, new: str) -> None:
    data["year"] = new
    for table in data["tables"].values():
        for row in table["rows"]:
            if "month" in row:
                row["month"] = row["month"].replace(old, new)


def test_a_document_of_another_applicant_is_found(tmp_path: Path) -> None:
    edit = document(
        "E26",
        number=next(item.number for item in dossier("dyeing_mill").evidence if item.id == "E22"),
        issuer="浙江示例水务技术有限公司（虚构）",
    )
    mine, _ = across(several_cases(dossier("dyeing_mill"), corrupted("leather", edit, tmp_path)))
    assert [(one.check, one.statements[0].places[0].name[:3]) for one in mine] == [("document_of_another", "E22")]


# --- what needs a scheme, activity data or another edition ---


def test_a_permit_that_ends_before_the_label_is_found_once_the_scheme_states_the_term(tmp_path: Path) -> None:
    term = {"check_label_months": {"value": "36", "source": {"basis": "policy"}}}
    scheme = {"scheme": "with_term", "version": "1.0.0", "extends": "jiaxing_2017"}
    text = yaml.safe_dump({**scheme, "programmes": [{"programme": "green_factory", "set_parameters": term}]})
    path = tmp_path / "with_term.yaml"
    path.write_text(text, encoding="utf-8")
    programme = engine.load_programme(path, "green_factory")
    permit = next(item for item in dossier("dyeing_mill").evidence if item.id == "E29")
    # application 2017-09-15, so that a label of 36 months ends on 2020-09-15
    for last_day, checks in (("2020-09-14", ["permit_outlives_label"]), ("2020-09-15", []), (permit.valid_until, [])):
        given = corrupted("dyeing_mill", document("E29", valid_until=last_day), tmp_path)
        found = found_in(given, programme)
        assert [one.check for one in found if one.statements[0].places[0].name.startswith("E29")] == checks
        # the certificates end sooner: E14 and E16 in 2019, E15 in 2018
        assert {one.statements[0].places[0].name[:3] for one in found} - {"E29"} == {"E14", "E15", "E16"}


def activity(reported: str, gas: str = "Nm3") -> Edit:
    """The reported total, and beside it the activity data that it was computed from."""

    def edit(data: Data) -> None:
        given = {"carbon_emission": reported, "carbon_fuel_set": "b", "grid_area": "zhejiang", "other_direct_emission": "0 tCO2"}
        data["inputs"] |= {name: {"declared": text, "verified": "as_declared", "evidence": ["E33"]} for name, text in given.items()}
        rows = {
            "carbon_fuels": [{"fuel": "natural_gas", "quantity": f"3486200 {gas}"}, {"fuel": "diesel", "quantity": "52.4 t"}],
            "carbon_electricity": [{"source": "grid", "quantity": "17847.6 MWh"}],
            "carbon_heat": [{"supplier": "热电厂", "quantity": "262400 GJ"}],
        }
        data["tables"] |= {name: {"verified": "as_declared", "evidence": ["E33"], "rows": found} for name, found in rows.items()}

    return edit


@pytest.mark.parametrize(("reported", "checks"), [("49161 tCO2e", []), ("61000 tCO2e", ["carbon_stated_twice"])])
def test_reported_and_computed_carbon_must_agree(reported: str, checks: list[str], tmp_path: Path) -> None:
    assert [one.check for one in found_in(corrupted("dyeing_mill", activity(reported), tmp_path))] == checks


def test_fuel_gas_in_plain_cubic_metres_is_asked_about(tmp_path: Path) -> None:
    [found] = found_in(corrupted("dyeing_mill", activity("49161 tCO2e", "m3"), tmp_path))
    assert (found.check, found.severity, found.row) == ("fuel_gas_volumes", "observation", "天然气")


@pytest.mark.parametrize(
    ("check", "inputs"),
    [
        ("building_renewable_within_energy", {"building_energy": "100 tce", "building_renewable_energy": "101 tce"}),
        ("permeable_within_outdoor", {"outdoor_area": "1000 m2", "permeable_area": "10000 m2"}),
        ("efficient_lamps_within_lamps", {"lamps": "120", "efficient_lamps": "1200"}),
    ],
)
def test_parts_of_the_edition_of_2018_are_no_more_than_their_wholes(check: str, inputs: dict[str, str], tmp_path: Path) -> None:
    assert [one.check for one in found_in(minimal("national_2018", "green_factory", "", inputs, tmp_path))] == [check]


def minimal(scheme: str, kind: str, standard: str, inputs: dict[str, str], folder: Path) -> engine.Dossier:
    """A dossier with these inputs and nothing else."""
    given = dossier("dyeing_mill").applicant
    applicant = {"name": "示例（虚构）", "credit_code": given.credit_code, "industry": "1752", "district": "xiuzhou"}
    data = {"dossier": "N-1", "kind": kind, "scheme": scheme, "standard": standard, "applicant": applicant, "inputs": inputs}
    data |= {"year": "2019", "application_date": "2020-05-01"}
    path = folder / "n.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return engine.read_dossier(path)


GREEN_DESIGN = ("national_green_design", "green_product")
ZHEJIANG = ("zhejiang_park_2022", "green_park", "")
JIANGSU = ("jiangsu_zero_carbon_2024", "green_park", "")
PRECHECK = ("cleaner_production_precheck", "cleaner_production")


@pytest.mark.parametrize(
    ("check", "programme", "inputs", "slip"),
    [
        ("fzt_energy_of_both", (*GREEN_DESIGN, "fzt_07028_2023"), {"energy": "30 kgce/100 m", "energy_per_length": "31 kgce/100 m"}, ""),
        ("fzt_water_of_both", (*GREEN_DESIGN, "fzt_07028_2023"), {"water": "2 m3/100 m", "water_per_length": "0.2 t/100 m"}, "ten"),
        (
            "silk_energy_of_both", (*GREEN_DESIGN, "silk_green_design"),
            {"energy": "30 kgce/100 m", "energy_per_length": "28 kgce/100 m"}, "",
        ),
        ("silk_water_of_both", (*GREEN_DESIGN, "silk_green_design"), {"water": "2 t/100 m", "water_per_length": "20 t/100 m"}, "ten"),
        ("module_efficiency", (*GREEN_DESIGN, "pv_module"), {"eff": "0.21 %"}, "hundred"),
        ("rates_within_whole", (*GREEN_DESIGN, "motor"), {"recyc": "930 %"}, ""),
        ("wastewater_within_water_woven", (*PRECHECK, "hjt_185_2006"), {"water_woven": "2 t/100 m", "wastewater_woven": "2.3 t/100 m"}, ""),
        ("wastewater_within_water_knitted", (*PRECHECK, "hjt_185_2006"), {"water_knitted": "90 t/t", "wastewater_knitted": "900 t/t"}, ""),
        ("paper_water_plausible", (*PRECHECK, "paper_2015"), {"water_tissue": "0.02 m3/t"}, "thousand"),
        ("board_water_plausible", (*PRECHECK, "pcb"), {"fresh_water_hdi": "0.0003 m3/m2"}, "thousand"),
        ("rates_within_whole", (*PRECHECK, "pcb"), {"etchant_recovery": "104 %"}, ""),
        (
            "intensity_change_1", ZHEJIANG,
            {"carbon_intensity": "9 tCO2/万元", "carbon_intensity_1": "0.92 tCO2/万元"}, "ten",
        ),
        (
            "intensity_change_2", ZHEJIANG,
            {"carbon_intensity_1": "1 tCO2/万元", "carbon_intensity_2": "3 tCO2/万元"}, "",
        ),
        (
            "intensity_change_3", ZHEJIANG,
            {"carbon_intensity_2": "1 tCO2/万元", "carbon_intensity_3": "0.6 tCO2/万元"}, "",
        ),
        ("audited_within_key", ZHEJIANG, {"key_enterprises": "12", "audited_key_enterprises": "13"}, ""),
        (
            "carbon_to_energy_intensity", JIANGSU,
            {"carbon_intensity": "900 tCO2/万元", "energy_intensity": "0.4 tce/万元"}, "thousand",
        ),
        ("rates_within_whole", JIANGSU, {"water_reuse": "118 %"}, ""),
    ],
)  # fmt: skip
def test_what_editions_without_a_sample_state_is_checked_too(
    check: str, programme: tuple[str, str, str], inputs: dict[str, str], slip: str, tmp_path: Path
) -> None:
    scheme, kind, standard = programme
    [found] = found_in(minimal(scheme, kind, standard, inputs, tmp_path))
    assert (found.check, found.slip) == (check, slip)


def test_a_product_certificate_holds_for_five_years(tmp_path: Path) -> None:
    """Certification: 60 months (seen); the application of 2020-05-01 asks for permits until 2025-05-01."""
    given = minimal("national_product_certification", "green_product", "gbt35603_2017", {}, tmp_path)
    data = yaml.load((tmp_path / "n.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    data["answers"] = {"pollutant_discharge": {"declared": "yes", "evidence": ["E1"]}}
    for last_day, checks in (("2025-04-30", ["permit_outlives_label"]), ("2025-05-01", []), ("2020-04-30", [])):
        data["evidence"] = [{"id": "E1", "title": "排污许可证", "issued": "2019-05-01", "valid_until": last_day}]
        (tmp_path / "n.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
        given = engine.read_dossier(tmp_path / "n.yaml")
        assert [one.check for one in found_in(given)] == checks


@pytest.mark.parametrize("scheme", [name for name in engine.scheme_ids(engine.rulesets_root()) if name != "national_product_certification"])
def test_other_schemes_state_no_term_of_their_label(scheme: str) -> None:
    for kind, standard in engine.scheme_programmes(scheme):
        programme = engine.load_programme(scheme, kind, standard=standard)
        assert programme.parameter_figures["check_label_months"].value is None


@pytest.mark.parametrize(
    ("scheme", "kind", "standard"), [(s, *p) for s in engine.scheme_ids(engine.rulesets_root()) for p in engine.scheme_programmes(s)]
)
def test_every_programme_looks_at_documents(scheme: str, kind: str, standard: str) -> None:
    checks = {one.check.check for one in ready_checks(compiled(engine.load_programme(scheme, kind, standard=standard)))}
    assert {"one_document_many_items", "verified_differences", "copied_figures", "document_of_another"} <= checks
