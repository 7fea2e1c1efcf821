"""The park edition of circular 586 is, figure for figure, what the collected standards say; its profile and examples hold."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from engine.assess.examples import run_examples
from engine.ruleset.lint import lint, load_standard_alone
from engine.ruleset.methods import Choose, Conform, Holds, Ratio, Threshold
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion
from tests.rulesets.collected import GOLDEN, Item, collected, differences, profile, provenance, shown, statuses_shown

NAME = "green_park/miit_2016_586"
MACHINE_CHECKS = {"G2": "carbon_intensity_falls", "G4": "cleaner_production_audits", "G6": "full_time_staff"}
DIRECTIONS = {"positive": "up", "negative": "down"}
OWN_FORMULAS = ("HG22", "HG24")
"""Formulas that look back to earlier years, or are a mean of four."""


@cache
def standard() -> dict[str, Any]:
    return next(found for found in collected("green_park")["standards"] if found["id"] == "MIIT-2016-586-GP")


def ruleset() -> Programme:
    return load_standard_alone(NAME)


def criteria() -> dict[str, Criterion]:
    return {criterion.number or "": criterion for criterion in ruleset().criteria.values()}


def indicators(*directions: str) -> list[Item]:
    return [item for item in standard()["indicators"] if item["direction"] in directions]


def wide(text: str) -> str:
    """Brackets as they are printed in Chinese."""
    return text.replace("(", "（").replace(")", "）")


def basis(text: str) -> str:
    """``recalled`` of ``recalled; a lone 3 in this row survives in S4``."""
    return re.split(r"[ ;]", text)[0]


def names(*texts: str) -> tuple[str, ...]:
    """The sources that texts cite, each once."""
    return tuple(dict.fromkeys(re.findall(r"S\d+", " ".join(texts))))


# --- gates ---


def test_the_blocking_gates_are_those_of_the_standard() -> None:
    gates = list(ruleset().gates.values())
    blocking = [gate for gate in standard()["gates"] if gate["blocking"] == "true" or gate["blocking"] is True]
    assert list(dict.fromkeys(gate.number for gate in gates)) == [gate["id"] for gate in blocking]
    for wanted in blocking:
        found = [gate for gate in gates if gate.number == wanted["id"]]
        assert sum(len(gate.evidence) for gate in found) == len(wanted["evidence"]), wanted["id"]
        assert {provenance(gate) for gate in found} == {(wanted["source"], wanted["confidence"], (wanted["ref"],))}
        machine = [gate.gate for gate in found if not isinstance(gate.method, Conform)]
        assert machine == ([MACHINE_CHECKS[wanted["id"]]] if "machine_checks" in wanted else [])


def test_the_machine_checks_are_those_of_the_standard() -> None:
    gates = ruleset().gates
    falling, audits, staff = (gates[name].method for name in MACHINE_CHECKS.values())
    assert isinstance(falling, Holds) and isinstance(audits, Threshold) and isinstance(staff, Threshold)
    pairs = re.findall(r"(\w+) < (\w+)", falling.value)
    assert pairs == [("carbon_intensity", "carbon_intensity_1"), *((f"carbon_intensity_{n}", f"carbon_intensity_{n + 1}") for n in (1, 2))]
    assert (audits.value, audits.limits[0].parts()) == (
        "audited_key_enterprises",
        {"at_least": "key_enterprises", "at_most": "key_enterprises"},
    )
    assert (staff.value, staff.limits[0].parts()) == ("full_time_green_staff", {"at_least": "2 人"})


def test_what_is_only_encouraged_does_not_block() -> None:
    encouraged = [gate for gate in standard()["gates"] if gate["blocking"] in ("false", False)]
    for wanted in encouraged:
        found = criteria()[wanted["id"]]
        assert (found.kind, found.points.value) == ("optional", "0")
        assert provenance(found) == (wanted["source"], wanted["confidence"], (wanted["ref"],))
    assert [gate["id"] for gate in encouraged] == ["G7", "G8"]


# --- indicators ---


def test_every_indicator_is_present_in_its_dimension_and_order() -> None:
    dimensions = {name: d.number for name, d in ruleset().dimensions.items()}
    found = [
        (c.number, c.clause, c.title.zh, dimensions[c.dimension]) for c in criteria().values() if re.fullmatch(r"..\d+", c.number or "")
    ]
    assert found == [(i["id"], i["clause"], wide(i["title_zh"]), i["dimension"]) for i in standard()["indicators"]]


def test_dimensions_count_as_many_ratios_as_the_standard_says() -> None:
    found = [(d.number, d.title.zh, d.raw_total.value) for d in ruleset().dimensions.values() if d.raw_total]
    assert found == [(d["id"], d["title_zh"], d["scored"]) for d in standard()["dimensions"]]
    assert str(sum(int(d["scored"]) for d in standard()["dimensions"])) == standard()["index"]["divisor"]


def test_what_always_counts_and_what_is_optional_are_those_of_the_standard() -> None:
    kinds = {"required": "scored", "optional": "optional"}
    found = {i["id"]: (criteria()[i["id"]].kind, criteria()[i["id"]].points.value) for i in standard()["indicators"]}
    assert found == {i["id"]: (kinds[i["requirement"]], "1") for i in standard()["indicators"]}
    counts = standard()["counts"]
    assert [sum(kind == wanted for kind, _ in found.values()) for wanted in ("scored", "optional")] == [
        int(counts["required"]), int(counts["optional"]),
    ]  # fmt: skip


def test_reference_values_directions_and_caps_are_those_of_the_standard() -> None:
    for item in indicators(*DIRECTIONS):
        method = criteria()[item["id"]].method
        assert isinstance(method, Ratio)
        definition = ruleset().indicators[method.value]
        number, unit = item["reference_value"], item["unit"]
        written = number if unit is None else f"{number} {unit}" if unit == "%" else f"{number} [{unit}]"
        assert (method.reference, method.direction) == (written, DIRECTIONS[item["direction"]]), item["id"]
        assert method.cap == ("1" if item.get("special_rule") == "elasticity" else None)
        assert (definition.number, definition.unit, definition.direction) == (item["id"], unit or "1", method.direction)


def test_binaries_are_conditions_on_the_row_of_the_year() -> None:
    assert [item["id"] for item in indicators("binary")] == ["IG12", "MG29", "MG30", "MG31"]
    for item in indicators("binary"):
        method = criteria()[item["id"]].method
        assert isinstance(method, Holds)
        assert plain(method.value) == item["formula"]["expression"]


def plain(formula: str) -> str:
    """A formula with the columns of the scored year as plain names."""
    return re.sub(r"only\(annual\.(\w+), annual\.year == year\)", r"\1", formula)


def test_formulas_are_those_of_the_standard() -> None:
    found = {i.number: plain(i.formula) for i in ruleset().indicators.values() if i.number}
    for item in indicators(*DIRECTIONS):
        if item["id"] in OWN_FORMULAS:
            continue
        # 100 and 10000 only convert units, which the engine does itself
        wanted = re.sub(r"^100+ \* |(?<=value) / 10000", "", item["formula"]["expression"])
        assert found[item["id"]].strip("()") == wanted.strip("()"), item["id"]


def test_formulas_of_earlier_years_are_those_of_the_standard() -> None:
    by_number = {i.number: i.formula for i in ruleset().indicators.values() if i.number}
    cut = next(i for i in standard()["indicators"] if i["id"] == "HG22")["formula"]["expression"]
    assert by_number["HG22"].replace("carbon_intensity_1", "carbon_intensity_previous") == cut.removeprefix("100 * ")
    parts = re.fullmatch(r"\((.*)\) / 4", by_number["HG24"])
    assert parts
    growths = [f"{name}_growth / added_value_growth" for name in ("cod", "so2", "ammonia_nitrogen", "nox")]
    assert parts[1].split(" + ") == growths


def test_units_of_the_data_are_those_of_the_standard() -> None:
    columns = {column.column: column for column in ruleset().tables["annual"].columns}
    for item in indicators(*DIRECTIONS, "binary"):
        for name, variable in item["formula"]["variables"].items():
            if name in columns and variable["unit"] != "0/1":
                assert columns[name].unit == variable["unit"], name
            elif name in columns:
                assert columns[name].type == "yes_no"
            else:
                assert item["id"] in OWN_FORMULAS


def test_provenance_is_that_of_the_standard() -> None:
    formulas = {i.number: i for i in ruleset().indicators.values() if i.number}
    for item in standard()["indicators"]:
        source, sure = item["source"], item["confidence"]
        assert provenance(criteria()[item["id"]]) == (
            basis(source["reference_value"]), sure["reference_value"], names(source["name_unit"], source["reference_value"]),
        ), item["id"]  # fmt: skip
        if item["direction"] != "binary":
            assert provenance(formulas[item["id"]]) == (basis(source["formula"]), sure["formula"], names(source["formula"]))


def test_the_groups_are_those_of_the_standard() -> None:
    by_seq = {item["seq"]: item["id"] for item in standard()["indicators"]}
    for group in standard()["groups"]:
        criterion = criteria()[group["id"]]
        assert isinstance(criterion.method, Choose)
        members = [ruleset().criteria[name].number for name in criterion.method.of]
        assert members == [by_seq[seq] for seq in group["members"]]
        assert (str(criterion.method.n), str(len(members)), criterion.points.value) == (group["choose"], group["of"], group["choose"])
        assert provenance(criterion)[:2] == (group["source"], group["confidence"])


# --- index and readings ---


def test_the_index_is_the_one_of_the_standard() -> None:
    found, wanted = ruleset().standard, standard()
    assert (found.aggregate, str(found.years)) == ("index", wanted["index"]["years"])
    assert (found.points_source.basis, found.points_source.confidence) == ("recalled", wanted["index"]["confidence"]["equal_weight_mean"])
    assert found.in_force.since == wanted["in_force_from"]


def test_readings_are_the_policies_of_the_standard() -> None:
    rules = standard()["scoring_rules"]
    found = {reading.reading: (reading.source.basis.value, reading.source.confidence) for reading in ruleset().standard.readings}
    assert found == {
        "uncapped_ratios": (rules["cap"]["source"], rules["cap"]["confidence"]),
        "group_selection": (standard()["group_selection"]["source"], None),
        "elasticity": (rules["elasticity"]["source"], rules["elasticity"]["confidence"]),
        "wastewater_not_positive": (rules["negative_zero"]["source"], None),
        "carbon_intensity_rises": (rules["negative_reduction"]["source"], None),
    }


def test_the_checks_of_the_standard_hold() -> None:
    checks = {check["id"]: check["expect_GI"] for check in standard()["checks"]}
    runs = {run.title: run for run in run_examples(NAME)}
    assert checks["all_at_reference"] == "100.0"
    assert any(run.passed and "三个年度都恰为 100" in title for title, run in runs.items())
    assert checks["all_binary_zero_else_reference"]["mean_of_indicators"] == "83.33"
    assert round(Fraction(250, 3) * 100) == 8333
    assert any(run.passed and "250/3" in title for title, run in runs.items())


# --- the whole ---


def test_no_source_is_cited_that_the_ruleset_does_not_list() -> None:
    made = ruleset()
    elements = (*made.gates.values(), *made.criteria.values(), *made.indicators.values(), *made.standard.readings)
    assert {ref for element in elements for ref in element.source.refs} <= set(made.standard.sources)


def test_nothing_is_wrong_or_doubtful_about_the_ruleset() -> None:
    assert [(problem.code, problem.where) for problem in lint(NAME)] == []


def test_the_profile_has_not_changed_unseen() -> None:
    assert profile(NAME) == (GOLDEN / "green_park_miit_2016_586.txt").read_text(encoding="utf-8")


def test_the_examples_hold() -> None:
    assert differences(run_examples(NAME)) == []


def test_every_demand_is_shown_in_two_examples_and_every_formula_in_one() -> None:
    made, found = ruleset(), shown(NAME)
    assert [name for name in (*made.gates, *made.criteria) if found.count(name) < 2] == []
    assert [name for name in made.indicators if name not in found] == []


@pytest.mark.parametrize("wanted", ["met", "not_met"])
def test_every_gate_is_shown_met_and_not_met(wanted: str) -> None:
    statuses = statuses_shown(NAME)
    assert [name for name in ruleset().gates if wanted not in statuses.get(name, set())] == []
