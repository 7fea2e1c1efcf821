"""The three green factory editions are, figure for figure, what the collected standards say; their profiles and examples hold."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.examples import run_examples
from engine.ruleset.compile import compiled
from engine.ruleset.lint import lint, load_standard_alone
from engine.ruleset.methods import Bands, Choose, Conform, Count, Interpolate, Rank, Threshold
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Gate, Indicator
from tests.rulesets.collected import GOLDEN, Item, collected, differences, profile, provenance, shown

EDITIONS = ("miit_2016_586", "gbt_36132_2018", "gbt_36132_2025")
EVERY_EDITION = pytest.mark.parametrize("edition", EDITIONS)
UNITS = {
    "产品单位": "product_unit", "污染物单位": "pollutant_unit", "原材料单位": "material_unit", "废气单位": "gas_unit",
}  # fmt: skip
PUBLISHED = "first(local_output_per_land, published_output_per_land)"
REFERENCES: dict[str, list[list[dict[str, str]]]] = {
    "land_index_far": [[{"at_least": "minimum_plot_ratio"}]],
    # A published figure is to be reached, an average to be exceeded; 2018 compares a ratio, as its capacity has another unit.
    "local_output_per_land": [
        [{"at_least": PUBLISHED}, {"more_than": "average_output_per_land"}],
        [{"at_least": "1"}, {"more_than": "1"}],
    ],
}
AVERAGES = {
    "F18-6": "1",
    "F18-7": "industry_waste_gas_intensity",
    "F18-8": "industry_wastewater_intensity",
    "F18-9": "industry_material_intensity",
    "F18-11": "industry_wastewater_reuse_rate",
    "F18-13": "industry_carbon_intensity",
}


def standard(edition: str) -> dict[str, Any]:
    return next(found for found in collected("green_factory")["standards"] if found["id"] == edition)


def formulas(edition: str) -> list[Item]:
    """The formulas of an edition's annex; circular 586 has the same ones as the 2018 edition, as its own."""
    owner = "gbt_36132_2018" if edition == "miit_2016_586" else edition
    return [f for f in collected("green_factory")["formulas"] if f["std"] == owner and not f["id"].startswith("S-")]


def items(edition: str) -> dict[str, tuple[str, Item]]:
    return {item["id"]: (dimension["id"], item) for dimension in standard(edition)["dimensions"] for item in dimension["items"]}


def ruleset(edition: str) -> Programme:
    return load_standard_alone(f"green_factory/{edition}")


def members(programme: Programme) -> set[str]:
    """The criteria that stand inside another one: ways to meet it, not items of the standard."""
    return {name for c in programme.criteria.values() if isinstance(c.method, Choose) for name in c.method.of}


def criteria(edition: str) -> dict[str, Criterion]:
    programme = ruleset(edition)
    return {c.number or "": c for name, c in programme.criteria.items() if name not in members(programme)}


def numbered(edition: str) -> dict[str, Indicator]:
    return {indicator.number: indicator for indicator in ruleset(edition).indicators.values() if indicator.number}


def stated(item: Item) -> tuple[str, str | None, tuple[str, ...]]:
    return item["source"], item.get("confidence"), tuple(item.get("refs", ()))


def common_to_demands(demand: Gate | Criterion) -> tuple[Any, ...]:
    return demand.clause, demand.na_allowed, len(demand.evidence), *provenance(demand)


def common_to_items(item: Item) -> tuple[Any, ...]:
    return item["clause"], bool(item.get("na_allowed")), len(item["evidence"]), *stated(item)


@EVERY_EDITION
def test_gates_are_those_of_the_standard(edition: str) -> None:
    found = {gate.number: common_to_demands(gate) for gate in ruleset(edition).gates.values()}
    assert list(found.items()) == [(gate["id"], common_to_items(gate)) for gate in standard(edition)["gates"]]


@EVERY_EDITION
def test_dimensions_and_weights_are_those_of_the_standard(edition: str) -> None:
    programme = ruleset(edition)
    found = [(d.number, d.title.zh, d.weight and d.weight.value, d.raw_total and d.raw_total.value) for d in programme.dimensions.values()]
    assert found == [(d["id"], d["title_zh"], d["weight"], d["raw_total"]) for d in standard(edition)["dimensions"]]


@EVERY_EDITION
def test_every_item_is_present_in_its_dimension_and_order(edition: str) -> None:
    dimensions = {name: d.number for name, d in ruleset(edition).dimensions.items()}
    found = [(number, dimensions[criterion.dimension]) for number, criterion in criteria(edition).items()]
    assert found == [(number, dimension) for number, (dimension, _) in items(edition).items()]


@EVERY_EDITION
def test_clauses_evidence_and_provenance_are_those_of_the_standard(edition: str) -> None:
    found = {number: common_to_demands(criterion) for number, criterion in criteria(edition).items()}
    assert found == {number: common_to_items(item) for number, (_, item) in items(edition).items()}


@EVERY_EDITION
def test_kinds_and_points_are_those_of_the_standard(edition: str) -> None:
    found = {number: (criterion.kind, criterion.points.value) for number, criterion in criteria(edition).items()}
    assert found == {number: (item["kind"], item["max_points"]) for number, (_, item) in items(edition).items()}


@EVERY_EDITION
def test_comparisons_and_thresholds_are_those_of_the_standard(edition: str) -> None:
    programme = ruleset(edition)
    wrong = {
        number: (item["comparator"], criterion.method)
        for number, (_, item) in items(edition).items()
        if not agrees(item, criterion := criteria(edition)[number], programme)
    }
    assert wrong == {}


def agrees(item: Item, criterion: Criterion, programme: Programme) -> bool:
    """Whether a criterion's method says what the comparator, threshold and benchmarks of its item say."""
    method = criterion.method
    unit = f" {item['unit']}" if item.get("unit") == "%" else ""
    benchmarks = item.get("benchmarks", {})
    comparator = item["comparator"]
    if comparator == "conform":
        return isinstance(method, Conform)
    if isinstance(method, Threshold):
        return [limit.parts() for limit in method.limits] in limits(item, f"{item.get('threshold')}{unit}")
    if isinstance(method, Bands):
        ladder = comparator in ("ratio_ladder", "value_ladder") and method.direction == item["direction"]
        return ladder and (method.start, method.full) == (benchmarks["start"] + unit, benchmarks["full"] + unit)
    if isinstance(method, Rank):
        return comparator == "rank_ladder" and (method.start, method.full) == (f"{benchmarks['start']} %", f"{benchmarks['full']} %")
    if isinstance(method, Choose):
        ranked = [c for name in method.of if isinstance((c := programme.criteria[name]).method, Rank)]
        same = {programme.criteria[name].points.value for name in method.of} == {item["max_points"]}
        return len(ranked) == 1 and same and agrees(item, ranked[0], programme)
    if isinstance(method, Interpolate):
        return comparator == "interpolate" and method.direction == item["direction"]
    assert isinstance(method, Count)
    return comparator == "count_interpolate" and (method.lead, method.base) == (benchmarks["lead"], benchmarks["base"])


def limits(item: Item, threshold: str) -> list[list[dict[str, str]]]:
    """The forms that a threshold's limits may take for an item."""
    comparator = item["comparator"]
    if comparator == "ge":
        return [[{"at_least": threshold}]]
    if comparator == "gt":
        return [[{"more_than": threshold}]]
    if comparator == "le":
        return [[{"at_most": "energy_limit"}, {"at_most": "quota_tightest_limit"}, {"less_than": "industry_energy_intensity"}]]
    if comparator == "ratio_ge":
        return REFERENCES[item["reference"]]
    side = {
        ("not_worse_than_industry_avg", "down"): "at_most",
        ("not_worse_than_industry_avg", "up"): "at_least",
        ("better_than_industry_avg", "down"): "less_than",
        ("better_than_industry_avg", "up"): "more_than",
    }[comparator, item["direction"]]
    return [[{side: AVERAGES[item["formula"]]}]]


@EVERY_EDITION
def test_every_formula_is_present_with_its_clause_symbol_unit_and_provenance(edition: str) -> None:
    found = {
        number: (i.clause, i.title.zh, i.symbol, i.unit, i.direction, *provenance(i)) for number, i in numbered(edition).items()
    }  # fmt: skip
    wanted = {
        f["id"]: (f["clause"], f["title_zh"], f["symbol"], unit_of(f["unit"]), f["direction"], *stated(f)) for f in formulas(edition)
    }  # fmt: skip
    assert found == wanted


def unit_of(text: str) -> str:
    for words, unit in UNITS.items():
        text = text.replace(words, unit)
    return text


@EVERY_EDITION
def test_every_criterion_rests_on_the_formulas_that_its_item_names(edition: str) -> None:
    uses, by_number = compiled(ruleset(edition)).uses, numbered(edition)
    for number, (_, item) in items(edition).items():
        criterion = criteria(edition)[number]
        if "formula" not in item or isinstance(criterion.method, Conform | Rank | Choose):
            continue
        for formula in (item["formula"], item.get("alt_formula"), *item.get("alt_formulas", ())):
            if formula:
                # The comparison of all pollutants with their averages replaces the figure of the one pollutant that is shown.
                needed = {by_number[formula].indicator} if formula != "F18-6" else {"pollutants", "product_output"}
                assert needed <= set(uses[criterion.criterion]), (number, formula)


@EVERY_EDITION
def test_points_and_weights_say_how_they_are_known(edition: str) -> None:
    found, wanted = ruleset(edition).standard, standard(edition)
    assert found.points_source.basis.value == {"engineering_default": "policy", "official_example": "seen"}[wanted["points_status"]]
    assert found.weights_source is not None
    assert found.weights_source.basis.value == wanted.get("weights_source", wanted["source"])
    assert found.points_source.note is not None
    assert wanted["points_status"].replace("_", " ") in found.points_source.note.en


@EVERY_EDITION
def test_edition_and_aggregation_are_those_of_the_standard(edition: str) -> None:
    found, wanted = ruleset(edition).standard, standard(edition)
    assert found.in_force.since == wanted["in_force_from"]
    assert (found.superseded_by or "").rpartition("/")[2] == (wanted["superseded_by"] or "")
    assert found.aggregate == {"weighted_sections": "weighted", "sum_of_points": "sum"}[wanted["pass_rule"]["scoring"]]


@EVERY_EDITION
def test_no_source_is_cited_that_the_ruleset_does_not_list(edition: str) -> None:
    programme = ruleset(edition)
    elements = (*programme.gates.values(), *programme.criteria.values(), *programme.indicators.values())
    cited = {ref for element in elements for ref in element.source.refs}
    assert cited <= set(programme.standard.sources)


def test_the_platform_functions_are_the_twelve_of_the_standard() -> None:
    choices = ruleset("gbt_36132_2025").inputs["platform_functions"].choices
    assert [words.zh for words in choices.values()] == standard("gbt_36132_2025")["lists"]["platform_functions"]


def test_no_industry_benchmark_of_2025_is_filled_in() -> None:
    table = ruleset("gbt_36132_2025").references["sector_benchmarks"]
    assert {value for rows in table.rows.values() for row in rows for value in row.values.values()} == {None}


@pytest.mark.parametrize("edition", ["miit_2016_586", "gbt_36132_2018"])
def test_required_items_make_sixty_points_of_each_dimension(edition: str) -> None:
    programme = ruleset(edition)
    for dimension in programme.dimensions:
        required = [c for c in criteria(edition).values() if c.dimension == dimension and c.kind == "required"]
        assert sum(int(c.points.value or "0") for c in required) == 60, dimension


@EVERY_EDITION
def test_nothing_is_wrong_or_doubtful_about_the_ruleset(edition: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(f"green_factory/{edition}")] == []


@EVERY_EDITION
def test_the_profile_has_not_changed_unseen(edition: str) -> None:
    assert profile(f"green_factory/{edition}") == (GOLDEN / f"{edition}.txt").read_text(encoding="utf-8")


@EVERY_EDITION
def test_the_examples_hold(edition: str) -> None:
    assert differences(run_examples(f"green_factory/{edition}")) == []


@EVERY_EDITION
def test_every_demand_is_shown_in_two_examples_and_every_formula_in_one(edition: str) -> None:
    programme = ruleset(edition)
    names = shown(f"green_factory/{edition}")
    assert [name for name in (*programme.gates, *programme.criteria) if names.count(name) < 2] == []
    assert [name for name in own(edition) if name not in names] == []


def own(edition: str) -> list[str]:
    """The indicators of the standard itself, without those that a common file brings to several."""
    return [indicator.indicator for indicator in ruleset(edition).standard.indicators]


def test_every_formula_of_a_common_file_is_shown_by_one_of_the_editions() -> None:
    shared = {name for edition in EDITIONS for name in ruleset(edition).indicators if name not in own(edition)}
    assert shared
    assert shared - {name for edition in EDITIONS for name in shown(f"green_factory/{edition}")} == set()
