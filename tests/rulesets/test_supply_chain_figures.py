"""The green supply chain editions are, figure for figure, what the collected standards say; profiles, schemes and examples hold."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine.assess.examples import run_examples
from engine.ruleset.lint import lint, load_programme, load_standard_alone
from engine.ruleset.methods import Conform, Judgement, Ratio
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion
from tests.rulesets.collected import GOLDEN, Item, collected, differences, profile, provenance, shown, statuses_shown

KIND = "green_supply_chain"
GENERAL, CONDITIONS = f"{KIND}/miit_2016_586", f"{KIND}/miit_2024_13"
EVERY_EDITION = pytest.mark.parametrize("name", [GENERAL, CONDITIONS])
COLLECTED = {GENERAL: "MIIT-2016-586-GSC", CONDITIONS: "MIIT-2024-13-GSC"}
SCHEMES = {"national_supply_chain": GENERAL, "national_supply_chain_2024": CONDITIONS}
EVERY_SCHEME = pytest.mark.parametrize("scheme", SCHEMES)


def standard(name: str) -> dict[str, Any]:
    return next(found for found in collected(KIND)["standards"] if found["id"] == COLLECTED[name])


def general() -> Programme:
    return load_standard_alone(GENERAL)


def items() -> list[tuple[Item, Criterion]]:
    """Each item of the general system beside its criterion."""
    found = {criterion.number: criterion for criterion in general().criteria.values()}
    return [(item, found[item["id"]]) for item in standard(GENERAL)["indicators"]]


@EVERY_EDITION
def test_gates_are_those_of_the_standard(name: str) -> None:
    found = [(gate.number, gate.source.basis.value, gate.source.confidence) for gate in load_standard_alone(name).gates.values()]
    assert found == [(gate["id"], gate["source"], gate["confidence"]) for gate in standard(name)["gates"]]
    assert all(gate["blocking"] for gate in standard(name)["gates"])
    assert all(isinstance(gate.method, Conform) and not gate.na_allowed for gate in load_standard_alone(name).gates.values())


def test_gates_name_the_texts_they_were_seen_in() -> None:
    refs = [gate.source.refs for gate in general().gates.values()]
    assert refs == [("C2", "C3")] * 4 + [("C2",)] * 3
    assert {gate.source.refs for gate in load_standard_alone(CONDITIONS).gates.values()} == {("C5",)}


def test_evidence_of_gates_is_that_of_the_standard_where_it_lists_any() -> None:
    for gate, wanted in zip(general().gates.values(), standard(GENERAL)["gates"], strict=True):
        assert gate.evidence
        assert len(gate.evidence) == len(wanted.get("evidence", gate.evidence)), gate.gate


def test_the_two_wordings_of_the_accident_grade_are_kept() -> None:
    note = general().gates["sound_and_lawful"].source.note
    assert note is not None and all(word in note.zh for word in ("重大", "较大及以上"))
    assert "重大" in general().gates["sound_and_lawful"].requirement.zh


def test_dimensions_and_their_points_are_those_of_the_standard() -> None:
    found = [(d.number, d.title.zh, d.raw_total and d.raw_total.value, d.weight) for d in general().dimensions.values()]
    assert found == [(d["id"], d["title_zh"], d["max_score"], None) for d in standard(GENERAL)["dimensions"]]


def test_the_twenty_items_stand_in_order_with_their_titles_and_points() -> None:
    dimensions = {name: dimension.number for name, dimension in general().dimensions.items()}
    found = [(c.number, dimensions[c.dimension], c.title.zh, c.points.value, c.clause) for c in general().criteria.values()]
    wanted = [
        (i["id"], i["dimension"], wide(i["title_zh"]), i["max_score"], f"指标体系表第{i['seq']}项") for i in standard(GENERAL)["indicators"]
    ]
    assert found == wanted


def wide(text: str) -> str:
    """Brackets as they are printed in Chinese."""
    return text.replace("(", "（").replace(")", "）")


def test_points_make_one_hundred_and_were_seen() -> None:
    [check] = [check for check in standard(GENERAL)["checks"] if check["id"] == "max_total"]
    assert sum(Fraction(c.points.value or "0") for c in general().criteria.values()) == int(check["expect"])
    source = general().standard.points_source
    assert (source.basis.value, source.confidence, source.refs) == ("seen", "high", ("C1",))


def test_qualitative_items_are_judged_without_steps_and_quantitative_ones_count_up_to_100_percent() -> None:
    for item, criterion in items():
        if item["type"] == "qualitative":
            assert criterion.method == Judgement(), item["id"]
        else:
            assert isinstance(criterion.method, Ratio), item["id"]
            assert (criterion.method.reference, criterion.method.direction, criterion.method.cap) == ("100 %", "up", "1")


def test_every_item_is_scored_and_the_ruleset_says_what_became_of_required() -> None:
    assert all(item["required"] for item, _ in items())
    assert {criterion.kind for _, criterion in items()} == {"scored"}
    assert any("必选" in note.zh for note in general().standard.notes)


def test_provenance_is_that_of_the_standard() -> None:
    rule = standard(GENERAL)["scoring_rules"]["quantitative"]
    for item, criterion in items():
        assert item["source"] == "seen"
        how = ("seen", "high") if item["type"] == "qualitative" else (rule["source"], rule["confidence"])
        assert provenance(criterion) == (*how, ("C1",)), item["id"]


def test_how_qualitative_points_are_given_is_a_reading_of_the_ruleset() -> None:
    rule = standard(GENERAL)["scoring_rules"]["qualitative"]
    [reading] = general().standard.readings
    assert (reading.source.basis.value, reading.source.confidence) == (rule["source"], rule["confidence"])


def test_formulas_are_those_of_the_standard() -> None:
    indicators = {indicator.number: indicator for indicator in general().indicators.values()}
    wanted = {item["id"]: item for item, _ in items() if "formula" in item}
    assert set(indicators) == set(wanted)
    for number, indicator in indicators.items():
        formula = wanted[str(number)]["formula"]
        assert f"100 * {indicator.formula}" == formula["expression"]
        assert provenance(indicator) == (formula["source"], formula["confidence"], ())
        assert {name: general().inputs[name].title.zh for name in formula["variables"]} == {
            name: wide(variable["zh"]) for name, variable in formula["variables"].items()
        }


def test_only_what_cannot_be_recovered_may_be_not_applicable() -> None:
    assert [criterion.number for _, criterion in items() if criterion.na_allowed] == ["X41"]


def test_edition_and_aggregation_are_those_of_the_standard() -> None:
    found, wanted = general().standard, standard(GENERAL)
    assert (found.in_force.since, found.in_force.until, found.superseded_by) == (wanted["in_force_from"], None, wanted["superseded_by"])
    assert found.aggregate == "sum"
    assert load_standard_alone(CONDITIONS).standard.in_force.since == standard(CONDITIONS)["in_force_from"]


def test_the_electronics_bands_are_not_borrowed() -> None:
    for scheme in SCHEMES:
        settings = load_programme(scheme, KIND).settings
        assert (settings.mark.value, settings.tiers) == (None, ())


@EVERY_EDITION
def test_no_source_is_cited_that_the_ruleset_does_not_list(name: str) -> None:
    programme = load_standard_alone(name)
    elements = (*programme.gates.values(), *programme.criteria.values(), *programme.indicators.values(), *programme.rules)
    assert {ref for element in elements for ref in element.source.refs} <= set(programme.standard.sources)


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
def test_every_demand_is_shown_in_two_examples_and_every_formula_in_one(name: str) -> None:
    programme, names = load_standard_alone(name), shown(name)
    assert [demand for demand in (*programme.gates, *programme.criteria) if names.count(demand) < 2] == []
    assert [indicator for indicator in programme.indicators if indicator not in names] == []


@EVERY_EDITION
def test_every_gate_is_shown_met_and_not_met(name: str) -> None:
    statuses = statuses_shown(name)
    assert [gate for gate in load_standard_alone(name).gates if not {"met", "not_met", "undetermined"} <= statuses[gate]] == []


@EVERY_SCHEME
def test_a_scheme_is_sound_and_its_examples_hold(scheme: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(scheme, KIND)] == []
    assert load_programme(scheme, KIND).settings.standard == SCHEMES[scheme]
    runs = run_examples(scheme, KIND)
    assert runs
    assert differences(runs) == []
