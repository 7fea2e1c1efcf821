"""Tables that exclude each other are not mixed: not added, not one for want of the other, not row by row, not through an indicator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.ruleset.lint import lint
from tests.assess import tiny
from tests.assess.tiny import words

A, B = "lookup(set_a, word).figure", "lookup(set_b, word).figure"
CHOSEN = f'if(word == "a", {A}, {B})'


def reference(name: str) -> dict[str, Any]:
    columns = [{"column": "figure", "title": words("figure")}]
    return {**tiny.reference(name, columns, [{"code": "a", "figure": "1"}]), "family": "sets"}


def found(root: Path, indicators: dict[str, str], row: str = "t.a") -> list[tuple[str, str, str, str]]:
    table = {
        "table": "t",
        "title": words("t"),
        "columns": [{"column": "key", "title": words("key"), "type": "text"}, {"column": "a", "title": words("a")}],
        "per": ["key"],
        "computed": [{"column": "b", "clause": "1", "title": words("b"), "formula": row}],
    }
    standard = {
        "inputs": [{"input": "word", "title": words("word"), "type": "text"}],
        "tables": [table],
        "references": [reference("set_a"), reference("set_b")],
        "indicators": [tiny.indicator(name, formula) for name, formula in {**indicators, "rows": "sum(t.b)"}.items()],
        "criteria": [{**tiny.criterion("d.one"), "evidence": [words("paper")]}],
    }
    problems = lint("tiny", rulesets=tiny.library(root, standard, {}))
    parts = [(problem.code, dict(problem.params)) for problem in problems if problem.severity.value == "error"]
    return [(code, str(params["name"]), str(params["first"]), str(params["second"])) for code, params in parts]


@pytest.mark.parametrize(
    "formula",
    [f"{A} + {B}", f"first({A}, {B})", f"max({A}, {B})", f"sum(t.a * {A}) + {B}", f'sum(if(t.key == "a", {A}, {B}))', f"{CHOSEN} + {A}"],
)
def test_a_formula_that_mixes_is_refused(formula: str, tmp_path: Path) -> None:
    assert found(tmp_path, {"i": formula}) == [("families_mixed", "i", "set_a", "set_b")]


@pytest.mark.parametrize("formula", [A, CHOSEN, f"{CHOSEN} * 2 + {CHOSEN}", f'if(word == "a", sum(t.a * {A}), sum(t.a * {B}))'])
def test_a_choice_that_an_assessment_makes_once_is_none(formula: str, tmp_path: Path) -> None:
    assert found(tmp_path, {"i": formula}) == []


def test_mixing_is_seen_through_indicators_and_said_where_it_happens(tmp_path: Path) -> None:
    assert found(tmp_path, {"one": A, "two": B, "both": "one + two", "above": "both * 2"}) == [("families_mixed", "both", "set_a", "set_b")]


def test_the_same_choice_twice_stays_one_choice(tmp_path: Path) -> None:
    assert found(tmp_path, {"one": CHOSEN, "share": "one / (one + 1)", "same": f'one + if(word == "a", {A}, 0)'}) == []


def test_another_condition_is_another_choice(tmp_path: Path) -> None:
    assert found(tmp_path, {"i": f'{CHOSEN} + if(word == "c", {A}, {B})'}) == [("families_mixed", "i", "set_a", "set_b")]


def test_a_computed_column_may_be_chosen_once_and_not_by_row(tmp_path: Path) -> None:
    assert found(tmp_path / "once", {}, row=f"t.a * {CHOSEN}") == []
    assert found(tmp_path / "rows", {}, row=f'if(t.key == "a", {A}, {B})') == [("families_mixed", "t", "set_a", "set_b")]
