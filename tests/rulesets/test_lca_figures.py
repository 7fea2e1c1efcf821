"""The checks of life-cycle reports are, figure for figure, those of the collected standards; profile, scheme and examples hold."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.assess.examples import run_examples
from engine.ruleset.lint import lint, load_programme, load_standard_alone
from engine.ruleset.methods import Conform, Declare
from engine.ruleset.programme import Programme
from engine.ruleset.references import ReferenceRow
from engine.ruleset.schema import Criterion
from tests.rulesets.collected import GOLDEN, Item, collected, differences, profile, provenance, shown, statuses_shown

LCA = "green_product/gbt_32161_lca"
SCHEME = "national_lca"
CONCLUDES = {"major": "major", "minor": "minor", "conditional": "major", "warning": "observation"}
ONLY_ASKS = "L24"


def collected_lca() -> dict[str, Any]:
    found: dict[str, Any] = collected("green_product")["lca"]
    return found


def lca() -> Programme:
    return load_standard_alone(LCA)


def checks() -> list[tuple[Item, Criterion]]:
    """Each collected check beside its criterion."""
    return list(zip(collected_lca()["checks"], lca().criteria.values(), strict=True))


def wording(number: str) -> str:
    """How the collected checks put one of them."""
    return next(check["test"] for check in collected_lca()["checks"] if check["id"] == number)


def limit_rows() -> dict[str, ReferenceRow]:
    tables = (lca().references[name] for name in ("lca_limits", "lca_numbers"))
    return {key: rows[0] for table in tables for key, rows in table.rows.items()}


def limits() -> dict[str, str | None]:
    return {key: next(iter(row.written.values())) for key, row in limit_rows().items()}


def test_the_checks_stand_in_order_with_their_titles() -> None:
    assert [(c.number, c.clause, c.title.zh) for _, c in checks()] == [(i["id"], i["id"], i["zh"]) for i, _ in checks()]
    assert len(checks()) == 25


def test_blocking_checks_are_required_and_all_others_optional() -> None:
    assert [c.kind for _, c in checks()] == ["required" if item["severity"] == "blocking" else "optional" for item, _ in checks()]


def test_every_other_check_has_a_rule_that_concludes_its_severity() -> None:
    concluded = {rule.clause: rule.then.nonconformity or rule.then.kind for rule in lca().rules if rule.clause != "L06"}
    assert concluded == {item["id"]: CONCLUDES[item["severity"]] for item, _ in checks() if item["severity"] != "blocking"}


def test_a_nonconformity_follows_from_its_own_check_not_being_met() -> None:
    numbers = {criterion.number: name for name, criterion in lca().criteria.items()}
    for rule in lca().rules:
        if rule.then.nonconformity:
            assert rule.when == f"not_met({numbers[rule.clause]})"


def test_provenance_is_that_of_the_checks_and_of_the_cut_off_rules() -> None:
    source, cn, epd = (collected_lca()[key] for key in ("checks_source", "cut_off_rules_cn_source", "cut_off_rules_epd"))
    for item, criterion in checks():
        if item["id"] == "L06":
            assert (cn["source"], cn["confidence"]) == (epd["source"], epd["confidence"])
            assert provenance(criterion) == (cn["source"], cn["confidence"], (cn["ref"], epd["ref"]))
        else:
            assert provenance(criterion) == (source["source"], source["confidence"], ()), item["id"]


def test_policy_values_are_parameters_that_a_scheme_may_set() -> None:
    wanted = {
        "lca_data_age_limit": ("L08", re.search(r"<= (\d+) months before", wording("L08"))),
        "lca_mass_tolerance": ("L13", re.search(r"<= (\d+)%", wording("L13"))),
        "lca_ledger_tolerance": ("L14", re.search(r"<= (\d+)%", wording("L14"))),
        "lca_category_minimum": ("L18", re.search(r">= (\d+)", wording("L18"))),
    }
    own = lca().standard.parameters
    found = {parameter.parameter: (parameter.clause, parameter.figure.value) for parameter in own}
    assert found == {name: (number, match[1]) for name, (number, match) in wanted.items() if match}
    assert {p.figure.source.basis.value for p in own if p.figure.source} == {"policy"}
    assert [item["id"] for item, _ in checks() if "(policy value)" in item["test"]] == [number for number, _ in wanted.values()]


def test_cut_off_limits_are_those_that_were_seen() -> None:
    cn = {rule["zh"]: rule["value_percent"] for rule in collected_lca()["cut_off_rules_cn"] if "value_percent" in rule}
    epd = collected_lca()["cut_off_rules_epd"]
    assert {name: limits()[name] for name in ("auxiliary", "solid_waste")} == {
        "auxiliary": cn["辅助材料小于原料总消耗0.3%可忽略"],
        "solid_waste": cn["小于固废总量1%的一般固废可忽略"],
    }
    assert {name: limits()[name] for name in ("single_flow", "all_flows", "specific_data_age", "generic_data_age")} == {
        "single_flow": epd["single_flow_percent"],
        "all_flows": epd["total_percent"],
        "specific_data_age": epd["specific_data_max_age_years"],
        "generic_data_age": epd["generic_data_max_age_years"],
    }
    rows = limit_rows()
    assert {rows[name].source.refs for name in ("auxiliary", "solid_waste")} == {("S49",)}
    assert {rows[name].source.refs for name in ("single_flow", "all_flows", "specific_data_age", "generic_data_age")} == {("S50",)}


@pytest.mark.parametrize(
    ("limit", "number", "pattern"),
    [
        ("auxiliary", "L06", r"auxiliary <= ([\d.]+)%"),
        ("single_flow", "L06", r"each <= ([\d.]+)%,"),
        ("all_flows", "L06", r"sum <= ([\d.]+)%"),
        ("data_months", "L08", r"length >= (\d+) months"),
        ("allocation_sum", "L12", r"sum to 1 \+/- ([\d.]+)"),
        ("stage_sum", "L17", r"<= ([\d.]+)%"),
        ("stage_shares", "L17", r"sum to 100 \+/- ([\d.]+)"),
        ("hot_spot", "L21", r"> (\d+)%"),
    ],
)
def test_other_limits_are_those_of_the_checks(limit: str, number: str, pattern: str) -> None:
    match = re.search(pattern, wording(number))
    assert match
    assert limits()[limit] == match[1]
    source = limit_rows()[limit].source
    checks_source = collected_lca()["checks_source"]
    if number != "L06":
        assert (source.basis.value, source.confidence) == (checks_source["source"], checks_source["confidence"])


def test_stages_and_allocation_rules_are_those_of_the_checks() -> None:
    listed = re.search(r"subset of \[([\w, ]+)\]", wording("L04"))
    assert listed
    stages = next(column for column in lca().tables["lca_stages"].columns if column.column == "stage")
    assert list(stages.choices) == listed[1].split(", ")
    rules = re.search(r"rule in \[([\w, ]+)\]", wording("L12"))
    assert rules
    assert [choice for choice in lca().inputs["lca_allocation"].choices if choice != "unstated"] == rules[1].split(", ")


def test_categories_to_choose_from_are_the_usual_ones_and_climate_change_stands_apart() -> None:
    found = collected_lca()["impact_categories"]
    wanted = dict.fromkeys(name for name in (*found["usual_cn"], *found["pef_16"]) if name not in found["minimum"])
    assert list(lca().references["lca_impact_categories"].rows) == list(wanted)


def test_names_cannot_clash_where_the_checks_are_included() -> None:
    found = lca()
    names = (*found.inputs, *found.tables, *found.indicators, *found.dimensions, *found.criteria)
    own = [parameter.parameter for parameter in found.standard.parameters]
    own += [reference.reference for reference in found.standard.references] + [rule.rule for rule in found.rules]
    readings = [reading.reading for reading in found.standard.readings]
    assert [name for name in (*names, *own, *readings) if not name.startswith("lca_")] == []


def test_no_source_is_cited_that_the_ruleset_does_not_list() -> None:
    found = lca()
    elements = (*found.criteria.values(), *found.indicators.values(), *found.rules, *found.standard.readings)
    assert {ref for element in elements for ref in element.source.refs} <= set(found.standard.sources)


def test_nothing_is_wrong_or_doubtful_about_the_ruleset_and_its_scheme() -> None:
    assert [(problem.code, problem.where) for problem in lint(LCA)] == []
    assert [(problem.code, problem.where) for problem in lint(SCHEME, "green_product")] == []
    assert load_programme(SCHEME, "green_product").settings.standard == LCA


def test_the_profile_has_not_changed_unseen() -> None:
    assert profile(LCA) == (GOLDEN / f"{LCA.replace('/', '_')}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "kind"), [(LCA, "green_factory"), (SCHEME, "green_product")])
def test_the_examples_hold(name: str, kind: str) -> None:
    runs = run_examples(name, kind)
    assert runs
    assert differences(runs) == []


def test_every_check_is_shown_met_not_met_and_open() -> None:
    statuses, programme = statuses_shown(LCA), lca()
    for name, criterion in programme.criteria.items():
        wanted = {"met", "undetermined"} | (set() if criterion.number == ONLY_ASKS else {"not_met"})
        wanted -= {"undetermined"} if isinstance(criterion.method, Conform) else set()
        assert wanted <= statuses[name], name


def test_the_order_of_magnitude_is_asked_for_and_never_fails() -> None:
    [magnitude] = [criterion for criterion in lca().criteria.values() if criterion.number == ONLY_ASKS]
    assert isinstance(magnitude.method, Declare)
    assert "not_met" not in statuses_shown(LCA)[magnitude.criterion]


def test_every_formula_is_shown_in_an_example() -> None:
    assert [indicator for indicator in lca().indicators if indicator not in shown(LCA)] == []
