"""Standards that take part in another: which outcome goes before which, and that a pre-check never makes a product pass."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.assess.results import Assessment
from engine.ruleset.lint import lint, load_programme, load_standard_alone
from engine.ruleset.programme import Programme
from tests.assess import tiny

LINES = [
    {"outcome": "not_eligible", "any_of": ["gate_not_met", "veto", "floor_not_met"]},
    {"outcome": "fails", "any_of": ["required_not_met", "below_mark"]},
    {"outcome": "incomplete", "any_of": ["gate_open", "veto_open", "required_open", "mark_open", "proxy_only"]},
    {"outcome": "eligible", "any_of": ["no_mark"]},
]
PAPER = [tiny.words("paper")]


def limit(name: str, of: str, most: str, **more: Any) -> dict[str, Any]:
    """A required item with a limit."""
    return tiny.criterion(name, {"threshold": {"value": of, "at_most": most}}, points="0", kind="required", evidence=PAPER, **more)


def library(root: Path, **head: Any) -> Path:
    """A product's standard with a gate and a limit of 5 for ``x``; beside it a floor (``y`` at most 7) and a stand-in (``z`` at most 9)."""
    own = {"layer": "benchmark", "readiness": "usable", **head}
    tiny.library(
        root,
        {"inputs": [tiny.number("x")], "criteria": [limit("d.own", "x", "5")], "gates": [tiny.gate("lawful", evidence=PAPER)], **own},
        {"determination": LINES},
    )
    for name, of, most, layer in (("floor", "y", "7", "floor"), ("analogue", "z", "9", "analogue")):
        parts = {
            "inputs": [tiny.number(of)],
            "criteria": [limit(f"d.{name}", of, most)],
            "gates": [tiny.gate(f"{name}_gate", evidence=PAPER)],
        }
        made = tiny.standard(
            ruleset=f"green_factory/{name}", title=tiny.words(name), document=name, layer=layer, readiness="usable", **parts
        )
        tiny.write(root, f"green_factory/{name}/ruleset", made)
    return root


def outcome(made: Programme, lawful: str = "yes", floor_gate: str = "", **inputs: str) -> str:
    return assessed(made, lawful, floor_gate, **inputs).determination.outcome


def assessed(made: Programme, lawful: str = "yes", floor_gate: str = "", **inputs: str) -> Assessment:
    given = {"lawful": lawful, "floor_gate": floor_gate}
    answers = {name: {"declared": answer, "evidence": "E1"} for name, answer in given.items() if answer and name in made.gates}
    entries = {name: {"declared": value, "evidence": "E1"} for name, value in inputs.items() if value}
    return tiny.assess(made, inputs=entries, answers=answers)


@pytest.fixture
def both(tmp_path: Path) -> Programme:
    return load_programme("tiny", rulesets=library(tmp_path, includes=["green_factory/floor"], proxy=["green_factory/analogue"]))


@pytest.fixture
def floored(tmp_path: Path) -> Programme:
    return load_programme("tiny", rulesets=library(tmp_path, includes=["green_factory/floor"]))


@pytest.mark.parametrize(
    ("x", "y", "lawful", "expected"),
    [
        ("5", "7", "yes", "eligible"),
        ("", "7", "yes", "incomplete"),
        ("5", "", "yes", "incomplete"),
        ("6", "", "yes", "fails"),  # the item before what is open
        ("6", "8", "yes", "not_eligible"),  # the floor before the item
        ("", "8", "yes", "not_eligible"),
        ("6", "7", "no", "not_eligible"),  # the gate before the item
        ("6", "7", "", "fails"),  # the item before an open gate
    ],
)
def test_not_eligible_goes_before_fails_and_fails_before_incomplete(floored: Programme, x: str, y: str, lawful: str, expected: str) -> None:
    assert outcome(floored, lawful, "yes", x=x, y=y) == expected


def test_the_reason_tells_the_floor_from_the_items_of_the_standard(floored: Programme) -> None:
    found = assessed(floored, "yes", "yes", x="6", y="8").determination
    assert [reason.code for reason in found.reasons] == ["floor_not_met"]


def test_a_floor_by_itself_fails(floored: Programme, tmp_path: Path) -> None:
    alone = load_standard_alone("green_factory/floor", tmp_path)
    assert tiny.assess(alone, inputs={"y": "8"}, answers={"floor_gate": "yes"}).determination.outcome == "fails"


def test_the_gates_of_an_included_standard_are_asked_and_those_of_a_proxy_are_not(both: Programme) -> None:
    assert list(both.gates) == ["lawful", "floor_gate"]
    assert outcome(both, "yes", "no", x="5", y="7", z="9") == "not_eligible"


@pytest.mark.parametrize(("z", "expected"), [("9", "incomplete"), ("10", "fails"), ("", "incomplete")])
def test_a_proxy_can_fail_a_product_and_never_pass_it(both: Programme, z: str, expected: str) -> None:
    assert outcome(both, "yes", "yes", x="5", y="7", z=z) == expected


@pytest.mark.parametrize(
    ("head", "cause"), [({"readiness": "partial"}, "partial"), ({"readiness": "skeleton"}, "skeleton"), ({"layer": "analogue"}, "analogue")]
)
def test_what_is_not_whole_or_an_analogue_never_passes(tmp_path: Path, head: dict[str, Any], cause: str) -> None:
    made = load_programme("tiny", rulesets=library(tmp_path, **head))
    found = assessed(made, x="5").determination
    assert (found.outcome, found.settled) == ("incomplete", True)
    assert [(reason.code, dict(reason.params)["because"].code) for reason in found.reasons] == [("proxy_only", f"precheck_{cause}")]
    assert outcome(made, x="6") == "fails"
    assert outcome(made, "no", x="5") == "not_eligible"


def test_every_cause_of_a_mere_pre_check_is_said(tmp_path: Path) -> None:
    made = load_programme("tiny", rulesets=library(tmp_path, readiness="skeleton", proxy=["green_factory/analogue"]))
    causes = [dict(reason.params)["because"].code for reason in assessed(made, x="5", z="9").determination.reasons]
    assert causes == ["precheck_skeleton", "precheck_proxies"]


def test_what_takes_part_keeps_its_document_and_stands_under_its_title(both: Programme) -> None:
    assert [both.document_of(name) for name in ("d.own", "d.floor", "d.analogue")] == ["T 1", "floor", "analogue"]
    assert [both.criteria[name].dimension for name in ("d.own", "d.floor", "d.analogue")] == ["d", "floor", "analogue"]


def test_the_hash_changes_with_any_standard_that_takes_part(tmp_path: Path) -> None:
    root = library(tmp_path / "a", includes=["green_factory/floor"])
    before = load_programme("tiny", rulesets=root).ruleset_identity.sha256
    other = library(tmp_path / "b", includes=["green_factory/floor"])
    path = other / "green_factory/floor/ruleset.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("at_most: '7'", "at_most: '6'"), encoding="utf-8")
    assert load_programme("tiny", rulesets=other).ruleset_identity.sha256 != before


def test_inputs_of_one_name_are_one_input_unless_they_differ(tmp_path: Path) -> None:
    same = library(tmp_path / "a", includes=["green_factory/floor"], inputs=[tiny.number("x"), tiny.number("y", title=tiny.words("why"))])
    assert [problem.code for problem in lint("tiny", rulesets=same)] == []
    differs = library(tmp_path / "b", includes=["green_factory/floor"], inputs=[tiny.number("x"), tiny.number("y", unit="t")])
    assert "name_taken" in [problem.code for problem in lint("tiny", rulesets=differs)]


def test_a_determination_without_a_line_for_the_floor_is_incomplete(tmp_path: Path) -> None:
    root = library(tmp_path, includes=["green_factory/floor"])
    path = root / "schemes/tiny.yaml"
    path.write_text(re.sub(r" *- floor_not_met\n", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    (problem,) = [problem for problem in lint("tiny", rulesets=root) if problem.code == "determination_incomplete"]
    assert dict(problem.params)["missing"] == "floor_not_met"


def test_a_parameter_of_a_standard_that_takes_part_names_its_own_document(tmp_path: Path) -> None:
    parts = {
        "inputs": [tiny.number("y")],
        "parameters": [{"parameter": "most", "title": tiny.words("most"), "figure": "7"}],
        "points_source": {"basis": "policy"},
        "criteria": [limit("d.floor", "y", "most")],
    }
    root = library(tmp_path, includes=["green_factory/floor"])
    tiny.write(root, "green_factory/floor/ruleset", tiny.standard(ruleset="green_factory/floor", document="floor", layer="floor", **parts))
    figure = load_programme("tiny", rulesets=root).parameter_figures["most"]
    assert (figure.document, figure.source.basis.value) == ("floor", "policy")
