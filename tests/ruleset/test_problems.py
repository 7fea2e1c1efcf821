"""Every Problem of a ruleset: triggered by one mistake, with its code, its file, its line, and sentences in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from engine.problems import Problem, Refused
from engine.ruleset.lint import lint, load_programme, load_standard_alone
from tests.assess import tiny
from tests.assess.tiny import words

TEXTS = Path(tiny.__file__).parents[2] / "engine" / "texts" / "problems.yaml"
STANDARD, SCHEME = "green_factory/tiny/ruleset", "schemes/tiny"


class Case(BaseModel, extra="forbid"):
    """One mistake, as ``problems.yaml`` describes it."""

    code: str
    at: str
    file: str = STANDARD
    standard: dict[str, Any] = {}
    scheme: dict[str, Any] = {}
    common: dict[str, Any] = {}
    text: str = ""
    replace: tuple[str, str] | None = None
    params: dict[str, str] = {}


CASES = [Case(**case) for case in yaml.safe_load(Path(__file__).with_name("problems.yaml").read_text(encoding="utf-8"))]
WARNINGS = {"no_evidence_asked", "never_used", "dimension_empty", "full_unreachable", "alternative_missing"}
ONE = {"criteria": [{"criterion": "d.one"}]}


def filled(part: str, element: dict[str, Any]) -> dict[str, Any]:
    """An element with what its case leaves out, less what the case wants missing."""
    makers: dict[str, Any] = {
        "criteria": lambda: {**tiny.criterion(element["criterion"]), "evidence": [words("paper")]},
        "gates": lambda: {**tiny.gate(element["gate"]), "evidence": [words("paper")]},
        "inputs": lambda: tiny.number(element["input"]),
        "indicators": lambda: tiny.indicator(element["indicator"], element["formula"]),
        "rules": lambda: tiny.rule(element["rule"], element["when"]),
        "dimensions": lambda: tiny.dimension(element["dimension"]),
        "references": lambda: tiny.reference(element["reference"], [], []),
        "parameters": lambda: {"title": words(element["parameter"])},
        "tiers": lambda: {"tier": element["tier"], "title": words(element["tier"])},
    }
    if part not in makers:
        return element
    whole = {**makers[part](), **element}
    if part == "references":
        whole["columns"] = [{"title": words("figure"), **column} for column in element["columns"]]
    return {name: value for name, value in whole.items() if name not in ("without", *element.get("without", ()))}


def parts(given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [filled(name, each) for each in value] if isinstance(value, list) and name in ELEMENTS else value
        for name, value in given.items()
    }


ELEMENTS = {"criteria", "gates", "inputs", "indicators", "rules", "dimensions", "references", "parameters", "tiers"}


def library(root: Path, case: Case) -> Path:
    tiny.library(root, parts({**ONE, **case.standard}), parts(case.scheme), case.common)
    path = root / f"{case.file}.yaml"
    if case.text:
        path.write_text(case.text + "\n", encoding="utf-8")
    if case.replace:
        path.write_text(path.read_text(encoding="utf-8").replace(*case.replace), encoding="utf-8")
    return root


def line_of(path: Path, fragment: str) -> int:
    text = path.read_text(encoding="utf-8")
    assert text.count(fragment) == 1, (fragment, text.count(fragment))
    return text[: text.index(fragment)].count("\n") + 1


def renders(problem: Problem) -> bool:
    sentences = [sentence for lang in ("zh", "en") for sentence in (problem.what(lang), problem.fix(lang))]
    return all(sentence.strip() and "{" not in sentence for sentence in sentences) and sentences[0] != sentences[2]


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case.code}" for i, case in enumerate(CASES)])
def test_one_mistake_gives_one_problem_at_its_place(case: Case, tmp_path: Path) -> None:
    root = library(tmp_path / "library", case)
    found = [problem for problem in lint("tiny", rulesets=root) if problem.severity.value == "error" or problem.code == case.code]
    assert [problem.code for problem in found] == [case.code], [(p.code, str(p.where), p.params) for p in found]
    problem = found[0]
    if problem.where.line is None:
        assert problem.where.path == case.at
    else:
        assert str(problem.where).startswith(f"library/{case.file}.yaml:")
        assert problem.where.line == line_of(root / f"{case.file}.yaml", case.at)
    assert {name: dict(problem.params).get(name) for name in case.params} == case.params
    assert renders(problem)


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case.code}" for i, case in enumerate(CASES)])
def test_an_error_refuses_the_ruleset_and_a_warning_does_not(case: Case, tmp_path: Path) -> None:
    root = library(tmp_path / "library", case)
    if case.code in WARNINGS:
        assert load_programme("tiny", rulesets=root).standard.ruleset == "green_factory/tiny"
        return
    with pytest.raises(Refused) as caught:
        load_programme("tiny", rulesets=root)
    assert case.code in {problem.code for problem in caught.value.problems}


def test_a_library_without_mistakes_has_no_problems(tmp_path: Path) -> None:
    root = tiny.library(tmp_path, parts(ONE), {})
    assert lint("tiny", rulesets=root) == []
    assert lint("green_factory/tiny", rulesets=root) == []


# --- what needs more than one mistake in one programme ---


def test_a_scheme_that_is_not_there(tmp_path: Path) -> None:
    root = tiny.library(tmp_path, parts(ONE), {})
    (problem,) = lint("nowhere", rulesets=root)
    assert (problem.code, dict(problem.params)) == ("scheme_unknown", {"name": "nowhere", "known": "tiny"})
    assert renders(problem)


def test_a_kind_that_the_scheme_does_not_assess(tmp_path: Path) -> None:
    root = tiny.library(tmp_path, parts(ONE), {})
    (problem,) = lint("tiny", "green_park", rulesets=root)
    assert (problem.code, dict(problem.params)) == ("kind_not_in_scheme", {"kind": "green_park", "known": "green_factory"})
    assert problem.where.line == line_of(root / f"{SCHEME}.yaml", "programmes:")
    assert renders(problem)


def test_a_scheme_that_extends_itself_in_a_circle(tmp_path: Path) -> None:
    root = tiny.library(tmp_path / "library", parts(ONE), {"head": {"extends": "second"}})
    tiny.write(root, "schemes/second", tiny.scheme(head={"scheme": "second", "extends": "tiny"}))
    (problem,) = lint("tiny", rulesets=root)
    assert (problem.code, problem.where.file) == ("scheme_extends_itself", "library/schemes/tiny.yaml")
    assert renders(problem)


def codes_of(root: Path, standard: dict[str, Any], scheme: dict[str, Any] | None = None) -> list[str]:
    tiny.library(root, parts(standard), parts(scheme or {}))
    found = [problem for problem in lint("tiny", rulesets=root) if problem.severity.value == "error"]
    assert all(problem.where.line for problem in found)
    return sorted(problem.code for problem in found)


def test_many_mistakes_come_at_once(tmp_path: Path) -> None:
    """Wrong formulas do not hide wrong weights, nor the other way round."""
    ladder = {"criterion": "d.it", "method": {"bands": {"value": "a", "start": "2", "full": "1"}}}
    standard = {
        "aggregate": "weighted",
        "dimensions": [{"dimension": "d", "weight": "99", "raw_total": "30"}],
        "indicators": [{"indicator": name, "formula": formula} for name, formula in (("a", "gone + 1"), ("b", "c"), ("c", "b"))],
        "criteria": [{"criterion": "d.one"}, ladder, {"criterion": "d.group", "method": {"k_of": {"k": 3, "of": ["d.one"]}}}],
        "rules": [{"rule": "r", "when": "met(d.gone)"}],
    }
    scheme = {"tiers": [{"tier": "gold", "mark": "101"}], "na_policy": {"value": "forget", "source": tiny.SEEN}}
    assert codes_of(tmp_path, standard, scheme) == [
        "expression_unknown_criterion",
        "expression_unknown_name",
        "group_too_small",
        "indicator_cycle",
        "ladder_reversed",
        "na_policy_unknown",
        "tier_unreachable",
        "weights_sum",
    ]


def test_many_mistakes_of_form_come_at_once(tmp_path: Path) -> None:
    broken = [
        {"criterion": "d.one", "kind": "obligatory"},
        {"criterion": "d.two", "evidense": []},
        {"criterion": "d.three", "without": ["clause"]},
    ]
    assert codes_of(tmp_path, {"criteria": broken, "version": None}) == ["key_missing", "key_unknown", "value_not_allowed", "value_wrong"]


def test_every_problem_of_the_rulesets_is_triggered_here() -> None:
    """The codes of these sections of the catalogue, against the cases above and the tests that trigger the rest."""
    sections = re.split(r"^# --- (.+) ---$", TEXTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = dict(zip(sections[1::2], sections[2::2], strict=True))
    codes = {code for section in ("ruleset", "programme, lint") for code in re.findall(r"^(\w+):$", named[section], re.MULTILINE)}
    elsewhere = {"scheme_unknown", "kind_not_in_scheme", "scheme_extends_itself"}
    elsewhere |= {"standard_not_in_scheme", "standard_needed"}  # test_choice
    elsewhere |= {"durable_rules_missing"}  # test_productions
    assert codes - {case.code for case in CASES} - elsewhere == set()


def test_a_standard_alone_is_refused_like_a_scheme(tmp_path: Path) -> None:
    root = tiny.library(tmp_path, parts({"criteria": [{"criterion": "d.one", "points": "ten"}]}), {})
    with pytest.raises(Refused) as caught:
        load_standard_alone("green_factory/tiny", rulesets=root)
    assert [problem.code for problem in caught.value.problems] == ["figure_not_a_number"]


def test_an_unknown_standard_alone_names_those_there_are(tmp_path: Path) -> None:
    root = tiny.library(tmp_path, parts(ONE), {})
    (problem,) = lint("green_factory/gone", rulesets=root)
    assert (problem.code, dict(problem.params)["known"]) == ("standard_unknown", "green_factory/tiny")
