"""The park editions of limits and conditions are, figure for figure, what the collected standards say; their examples hold."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.examples import run_examples
from engine.ruleset.lint import lint, load_programme, load_standard_alone
from engine.ruleset.methods import Conform, Threshold
from engine.ruleset.schema import Criterion, Gate
from tests.rulesets.collected import GOLDEN, Item, collected, differences, profile, provenance, shown, statuses_shown

KIND = "green_park"
EDITIONS = {
    f"{KIND}/ndrc_2025_910": "NDRC-2025-910-ZCP",
    f"{KIND}/jiangsu_2024": "JS-2024-NZC",
    f"{KIND}/zhejiang_2022": "ZJ-2022-GLCP",
    f"{KIND}/miit_2024_13": "MIIT-2024-13-GP",
}
ZERO_CARBON, JIANGSU, ZHEJIANG, ARTICLE_7 = EDITIONS
SCHEMES = {
    "national_zero_carbon_2025": ZERO_CARBON,
    "jiangsu_zero_carbon_2024": JIANGSU,
    "zhejiang_park_2022": ZHEJIANG,
    "national_park_2024": ARTICLE_7,
}
EVERY_EDITION = pytest.mark.parametrize("name", EDITIONS)
CONDITIONS = pytest.mark.parametrize("name", [ZHEJIANG, ARTICLE_7])
EVERY_SCHEME = pytest.mark.parametrize("scheme", SCHEMES)
SIDES = {"<=": "at_most", ">=": "at_least", "==": "at_least"}
SCALES = {
    "200000 <= annual_energy_tce < 1000000": "energy_total < 1000000 tce",
    "annual_energy_tce >= 1000000": "energy_total >= 1000000 tce",
}
# What can be computed, by the gate that it stands in.
MACHINE_CHECKS = {
    "industrial_added_value_share > 50": "industrial_share",
    "carbon_intensity strictly decreasing over 3 years": "carbon_intensity_falls",
    "audited_key_enterprises == key_enterprises": "cleaner_production_audits",
    "full_time_green_staff >= 2": "full_time_staff",
}


def standard(name: str) -> dict[str, Any]:
    return next(found for found in collected(KIND)["standards"] if found["id"] == EDITIONS[name])


def numbered(name: str) -> dict[str, Criterion]:
    return {criterion.number or "": criterion for criterion in load_standard_alone(name).criteria.values()}


def wide(text: str) -> str:
    """Brackets as they are printed in Chinese."""
    return text.replace("(", "（").replace(")", "）")


# --- limits ---


def test_core_and_guiding_indicators_are_those_of_the_system() -> None:
    wanted = [(i["id"], i["kind"], i["title_zh"]) for i in standard(ZERO_CARBON)["indicators"]]
    assert [(c.number, c.dimension, c.title.zh) for c in numbered(ZERO_CARBON).values()] == wanted
    assert {(c.dimension, c.kind) for c in numbered(ZERO_CARBON).values()} == {("core", "required"), ("guiding", "optional")}


def test_the_core_limit_depends_on_the_scale_as_the_system_says() -> None:
    item = standard(ZERO_CARBON)["indicators"][0]
    core = numbered(ZERO_CARBON)["ZC1"]
    assert isinstance(core.method, Threshold)
    wanted = [(SCALES[limit["when"]], {SIDES[limit["operator"]]: f"{limit['value']} [{item['unit']}]"}) for limit in item["limit_by_scale"]]
    assert [(limit.when, limit.parts()) for limit in core.method.limits] == wanted


def test_parks_below_the_scale_are_outside_the_system() -> None:
    below = standard(ZERO_CARBON)["indicators"][0]["limit_by_scale"][0]["when"].split(" ")[0]
    assert {c.applies_when for c in numbered(ZERO_CARBON).values()} == {f"energy_total >= {below} tce"}
    [rule] = load_standard_alone(ZERO_CARBON).rules
    assert (rule.when, rule.source.basis.value) == (f"energy_total < {below} tce", "policy")


def test_guiding_values_are_those_of_the_system() -> None:
    for item in standard(ZERO_CARBON)["indicators"][1:]:
        method = numbered(ZERO_CARBON)[item["id"]].method
        assert isinstance(method, Threshold)
        if item["unit"] == "level":
            assert item["value"].startswith(f"level {method.limits[0].at_most} of")
        else:
            assert method.limits[0].parts() == {SIDES[item["operator"]]: f"{item['value']} {item['unit']}"}


def test_provenance_of_the_zero_carbon_indicators_is_carried() -> None:
    for item in standard(ZERO_CARBON)["indicators"]:
        confidence = item["confidence"] if isinstance(item["confidence"], str) else item["confidence"]["limits"]
        assert provenance(numbered(ZERO_CARBON)[item["id"]]) == ("seen", confidence, ("S14",))
    item = standard(ZERO_CARBON)["indicators"][0]
    formula = load_standard_alone(ZERO_CARBON).indicators["carbon_per_energy"]
    assert (formula.formula, formula.unit) == (item["formula"]["expression"], item["unit"])
    assert item["source"]["formula"].startswith(formula.source.basis.value)
    assert formula.source.confidence == item["confidence"]["formula"]


def test_the_twenty_reference_values_are_those_of_the_guide() -> None:
    found = numbered(JIANGSU)
    dimensions = {name: d.title.zh for name, d in load_standard_alone(JIANGSU).dimensions.items()}
    assert list(dimensions.values()) == standard(JIANGSU)["dimensions"]
    assert list(found) == [item["id"] for item in standard(JIANGSU)["indicators"]]
    for item in standard(JIANGSU)["indicators"]:
        criterion = found[item["id"]]
        assert isinstance(criterion.method, Threshold)
        assert (dimensions[criterion.dimension], criterion.title.zh) == (item["dimension"], wide(item["title_zh"]))
        assert criterion.method.limits[0].parts() == {SIDES[item["operator"]]: operand(item)}, item["id"]
        assert (criterion.kind, criterion.points.value) == ("optional", "0")


def operand(item: Item) -> str:
    plain = f"{item['value']} {item['unit']}"
    return f"{item['value']} [{item['unit']}]" if "/" in item["unit"] else plain


def test_provenance_of_the_reference_values_is_that_of_the_guide() -> None:
    source = standard(JIANGSU)["source"]
    wanted = (source["kind"], source["confidence"], tuple(source["ref"]))
    assert {provenance(criterion) for criterion in numbered(JIANGSU).values()} == {wanted}


# --- conditions ---


@CONDITIONS
def test_blocking_conditions_are_gates_and_encouragements_are_optional(name: str) -> None:
    gates = dict.fromkeys(gate.number for gate in load_standard_alone(name).gates.values())
    assert list(gates) == [gate["id"] for gate in standard(name)["gates"] if gate["blocking"]]
    assert list(numbered(name)) == [gate["id"] for gate in standard(name)["gates"] if not gate["blocking"]]
    assert {(criterion.kind, criterion.points.value) for criterion in numbered(name).values()} == {("optional", "0")}


@CONDITIONS
def test_provenance_of_the_conditions_is_carried(name: str) -> None:
    programme = load_standard_alone(name)
    demands: tuple[Gate | Criterion, ...] = (*programme.gates.values(), *programme.criteria.values())
    wanted = {gate["id"]: (gate["source"], gate["confidence"], (gate["ref"],)) for gate in standard(name)["gates"]}
    assert {demand.number: provenance(demand) for demand in demands} == wanted
    assert all(provenance(demand) == wanted[demand.number or ""] for demand in demands)


@CONDITIONS
def test_what_can_be_computed_is_computed_and_the_rest_is_judged(name: str) -> None:
    gates = load_standard_alone(name).gates
    wanted = {
        MACHINE_CHECKS[check]: gate["id"] for gate in standard(name)["gates"] for check in gate.get("machine_checks", ())
    }  # fmt: skip
    computed = {gate.gate: gate.number for gate in gates.values() if not isinstance(gate.method, Conform)}
    assert computed == wanted


@CONDITIONS
def test_the_limits_of_the_computed_conditions_are_those_of_the_standard(name: str) -> None:
    gates = load_standard_alone(name).gates
    limits = {
        "industrial_share": {"more_than": "50 %"},
        "cleaner_production_audits": {"at_least": "key_enterprises", "at_most": "key_enterprises"},
        "full_time_staff": {"at_least": "2 人"},
    }
    for gate, wanted in limits.items():
        if gate in gates:
            method = gates[gate].method
            assert isinstance(method, Threshold)
            assert method.limits[0].parts() == wanted


def test_dimensions_of_the_zhejiang_guideline_are_named_but_not_made_up() -> None:
    [note, *_] = load_standard_alone(ZHEJIANG).standard.notes
    for dimension in standard(ZHEJIANG)["dimensions"]:
        assert f"{dimension['id']} {dimension['title_zh']}" in note.zh


def test_the_zhejiang_guideline_passes_nobody_because_its_tables_are_missing() -> None:
    programme = load_programme("zhejiang_park_2022", KIND)
    assert programme.precheck_only == ("partial",)
    [line] = [line for line in programme.settings.determination if "proxy_only" in line.any_of]
    assert line.outcome == "incomplete"


# --- all of them ---


@EVERY_EDITION
def test_editions_begin_when_the_standard_says(name: str) -> None:
    assert load_standard_alone(name).standard.in_force.since == standard(name)["in_force_from"]


@EVERY_EDITION
def test_nothing_carries_points(name: str) -> None:
    assert {figure.value for figure in load_standard_alone(name).points.values()} <= {0}


@EVERY_EDITION
def test_no_source_is_cited_that_the_ruleset_does_not_list(name: str) -> None:
    programme = load_standard_alone(name)
    elements = (*programme.gates.values(), *programme.criteria.values(), *programme.indicators.values(), *programme.rules)
    cited = {ref for element in elements for ref in element.source.refs}
    assert cited | set(programme.standard.in_force.source.refs if programme.standard.in_force.source else ()) <= set(
        programme.standard.sources
    )


@EVERY_EDITION
def test_nothing_is_wrong_or_doubtful_about_the_ruleset(name: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(name)] == []


@EVERY_EDITION
def test_the_profile_has_not_changed_unseen(name: str) -> None:
    assert profile(name) == (GOLDEN / f"{name.replace('/', '_')}.txt").read_text(encoding="utf-8")


@EVERY_EDITION
def test_the_examples_hold(name: str) -> None:
    assert differences(run_examples(name)) == []


@EVERY_EDITION
def test_every_demand_is_shown_met_and_not_met_and_every_formula_once(name: str) -> None:
    programme, statuses = load_standard_alone(name), statuses_shown(name)
    assert [demand for demand in (*programme.gates, *programme.criteria) if not {"met", "not_met"} <= statuses.get(demand, set())] == []
    assert [indicator for indicator in programme.indicators if indicator not in shown(name)] == []


@EVERY_SCHEME
def test_a_scheme_is_sound_and_makes_up_no_mark(scheme: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(scheme, KIND)] == []
    settings = load_programme(scheme, KIND).settings
    assert (settings.standard, settings.mark.value, settings.tiers) == (SCHEMES[scheme], None, ())


@EVERY_SCHEME
def test_the_examples_of_a_scheme_hold(scheme: str) -> None:
    runs = run_examples(scheme, KIND)
    assert runs
    assert differences(runs) == []
