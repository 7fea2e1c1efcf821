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
KINDS = ("green_factory", "green_park")
"""What the plan's scheme assesses."""
PROGRAMMES = (*(("jiaxing_2017", kind) for kind in KINDS), ("national_2018", "green_factory"), ("national_2025", "green_factory"))
EVERY_PROGRAMME = pytest.mark.parametrize(("name", "kind"), PROGRAMMES)
OF_THE_PLAN = pytest.mark.parametrize("kind", KINDS)


def jiaxing(kind: str) -> Programme:
    return load_programme("jiaxing_2017", kind)


def local_demands(programme: Programme) -> list[Gate | Criterion]:
    return [demand for group in (programme.gates, programme.criteria) for name, demand in group.items() if name in programme.local]


def failures(runs: tuple[ExampleRun, ...]) -> list[str]:
    return [f"{run.file}:{run.line}: {run.title}: {difference}" for run in runs for difference in run.differences]


@EVERY_PROGRAMME
def test_nothing_is_wrong_or_doubtful_about_a_scheme(name: str, kind: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(name, kind)] == []


@EVERY_PROGRAMME
def test_the_examples_of_a_scheme_hold(name: str, kind: str) -> None:
    runs = run_examples(name, kind)
    assert runs
    assert failures(runs) == []


@EVERY_PROGRAMME
def test_no_scheme_makes_up_a_mark_or_a_local_figure(name: str, kind: str) -> None:
    settings = load_programme(name, kind).settings
    assert settings.mark.value is None
    assert settings.tiers == ()
    assert [figure.value for figure in settings.set_parameters.values()] in ([], [None])


@EVERY_PROGRAMME
def test_local_criteria_carry_no_points(name: str, kind: str) -> None:
    programme = load_programme(name, kind)
    assert {programme.points_of(name) for name in programme.criteria if name in programme.local} <= {0}


@OF_THE_PLAN
def test_every_rule_of_the_plan_has_an_example_in_which_it_fires_and_one_in_which_it_does_not(kind: str) -> None:
    fires: set[str] = set()
    rests: set[str] = set()
    for path in (ROOT / "rulesets" / "schemes" / "examples" / "jiaxing_2017").glob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for example in content["examples"] if content["kind"] == kind else ():
            fires |= set(example["expect"].get("findings", ()))
            rests |= set(example["expect"].get("no_findings", ()))
    rules = {rule.rule for rule in jiaxing(kind).rules if rule.rule in jiaxing(kind).local}
    assert fires == rules
    assert rests == rules


@OF_THE_PLAN
def test_every_demand_of_the_plan_names_its_clause_and_was_seen(kind: str) -> None:
    for demand in local_demands(jiaxing(kind)):
        assert demand.clause.startswith("三("), demand
        assert demand.source.basis is Basis.SEEN
        assert demand.source.refs == ("plan",)


@OF_THE_PLAN
def test_what_the_scheme_sets_itself_is_marked_as_policy(kind: str) -> None:
    rules = jiaxing(kind).rules
    set_here = {rule.rule for rule in rules if rule.then.nonconformity or rule.then.veto}
    assert {rule.rule for rule in rules if rule.source.basis is Basis.POLICY} == set_here
    assert all(rule.source.note for rule in rules if rule.rule in set_here)


def test_what_the_plan_says_of_parks_is_all_there() -> None:
    """Every measure that clauses 三(五)3 and 三(四)1 name, by its words in the plan."""
    words = {demand.requirement.zh for demand in local_demands(jiaxing("green_park"))}
    for clause in (
        "土地集约", "生态化改造", "集中供热", "集中压缩空气", "能源梯级利用", "水资源循环利用", "废物资源交换利用", "产业绿色链条",
        "绿色产品", "绿色工厂", "绿色供应链", "循环化改造", "公共服务平台", "副产品互换",
    ):  # fmt: skip
        assert any(clause in text for text in words), clause


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
