"""The schemes: sound, without figures of their own making, and doing what their examples say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.assess.examples import ExampleRun, run_examples
from engine.ruleset.lint import lint, load_programme
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Basis, Criterion, Gate

ROOT = Path(__file__).resolve().parents[2]
STANDARDS = ROOT.parent / "shared" / "standards"
SCHEMES = ("jiaxing_2017", "national_2018", "national_2025")


def jiaxing() -> Programme:
    return load_programme("jiaxing_2017")


def local_demands(programme: Programme) -> list[Gate | Criterion]:
    return [demand for group in (programme.gates, programme.criteria) for name, demand in group.items() if name in programme.local]


def failures(runs: tuple[ExampleRun, ...]) -> list[str]:
    return [f"{run.file}:{run.line}: {run.title}: {difference}" for run in runs for difference in run.differences]


@pytest.mark.parametrize("name", SCHEMES)
def test_nothing_is_wrong_or_doubtful_about_a_scheme(name: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(name)] == []


@pytest.mark.parametrize("name", SCHEMES)
def test_the_examples_of_a_scheme_hold(name: str) -> None:
    runs = run_examples(name)
    assert runs
    assert failures(runs) == []


@pytest.mark.parametrize("name", SCHEMES)
def test_no_scheme_makes_up_a_mark_or_a_local_figure(name: str) -> None:
    settings = load_programme(name).settings
    assert settings.mark.value is None
    assert settings.tiers == ()
    assert [figure.value for figure in settings.set_parameters.values()] in ([], [None])


@pytest.mark.parametrize("name", SCHEMES)
def test_local_criteria_carry_no_points(name: str) -> None:
    programme = load_programme(name)
    assert {programme.points_of(name) for name in programme.criteria if name in programme.local} <= {0}


def test_every_rule_of_the_plan_has_an_example_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    fires: set[str] = set()
    rests: set[str] = set()
    for path in (ROOT / "rulesets" / "schemes" / "examples" / "jiaxing_2017").glob("*.yaml"):
        for example in yaml.safe_load(path.read_text(encoding="utf-8"))["examples"]:
            fires |= set(example["expect"].get("findings", ()))
            rests |= set(example["expect"].get("no_findings", ()))
    rules = {rule.rule for rule in jiaxing().rules if rule.rule in jiaxing().local}
    assert fires == rules
    assert rests == rules


def test_every_demand_of_the_plan_names_its_clause_and_was_seen() -> None:
    for demand in local_demands(jiaxing()):
        assert demand.clause.startswith("三("), demand
        assert demand.source.basis is Basis.SEEN
        assert demand.source.refs == ("plan",)


def test_what_the_scheme_sets_itself_is_marked_as_policy() -> None:
    set_here = {rule.rule for rule in jiaxing().rules if rule.then.nonconformity or rule.then.veto}
    assert {rule.rule for rule in jiaxing().rules if rule.source.basis is Basis.POLICY} == set_here
    assert all(rule.source.note for rule in jiaxing().rules if rule.rule in set_here)


def test_the_six_vetoes_are_those_collected() -> None:
    path = STANDARDS / "green_factory.yaml"
    if not path.is_file():
        pytest.skip("the collected standards (shared/standards beside the repository) are not here")
    standards: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["standards"]
    collected = next(standard for standard in standards if standard["id"] == "miit_2024_13")["gates"]
    gates = local_demands(load_programme("national_2025"))
    assert [
        (
            gate.number,
            gate.clause,
            gate.source.basis.value,
            gate.source.confidence,
            list(gate.source.refs),
            [words.zh for words in gate.evidence],
        )
        for gate in gates
    ] == [(veto["id"], veto["clause"], veto["source"], veto["confidence"], veto["refs"], veto["evidence"]) for veto in collected]
    assert all(not gate.na_allowed and gate.requirement.zh.startswith("近三年") for gate in gates)
    assert {veto["lookback_years"] for veto in collected} == {3}
