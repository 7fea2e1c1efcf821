"""Lints of standards that assess by levels: each mistake with its code, its line and sentences in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.problems import Problem
from engine.ruleset.lint import lint
from tests.assess import tiny
from tests.assess.test_levels import LINES, indicator, ladder, levels

TEXTS = Path(__file__).resolve().parents[2] / "engine" / "texts" / "problems.yaml"
KEEP = {"value": "keep", "source": tiny.SEEN}
MARKED = [*LINES, {"outcome": "scored", "any_of": ["no_mark"]}]
POINTS = {"membership": {"value": "a", "direction": "up", "levels": [{"level": "I", "limit": "9", "points": "1"}]}}
MIXED = {"membership": {"value": "a", "direction": "up", "levels": [{"level": "I", "when": "a > 1"}]}}
DOWN = {"membership": {**ladder("a")["membership"], "direction": "down"}}
HALF = indicator("b", "d", "0.6", method="conform")
TABLE = tiny.table("t", [tiny.column("x")], ["x"])
CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("levels_and_aggregate", "", {"aggregate": "sum"}, {}),
    ("levels_and_aggregate", "", {"levels": []}, {}),
    ("level_twice", "- level: III", {"levels": [*levels(), *levels(III="100")]}, {}),
    ("level_unknown", "- level: I", {"levels": [{**levels()[0], "floor": "IV"}, *levels()[1:]]}, {}),
    ("level_unreachable", "- level: I", {"levels": levels(I="100.5", II="85", III="100")}, {}),
    ("levels_exclude", "", {}, {"mark": "60", "determination": MARKED}),
    ("levels_exclude", "", {}, {"na_policy": {"value": "zero", "source": tiny.SEEN}}),
    ("class_policy_unknown", "", {}, {"class_policy": {"value": "drop", "source": tiny.SEEN}}),
    ("class_policy_unknown", "", {}, {"class_policy": None}),
    ("weight_without_levels", "- criterion: local.b", {}, {"criteria": [{**indicator("b", "local", "1"), "dimension": "d"}]}),
    ("levels_differ", "- criterion: d.a", {"criteria": [indicator("a", "d", "1", method=POINTS)]}, {}),
    ("level_points_missing", "- criterion: local.b", {}, {"criteria": [tiny.criterion("local.b", ladder("a"), "0")]}),
    ("levels_form", "levels_form", {"criteria": [indicator("a", "d", "1", method=MIXED)]}, {}),
    ("index_weights_sum", "- dimension: d", {"dimensions": [tiny.dimension("d", weight="0.99")]}, {}),
    ("class_weights_sum", "- dimension: d", {"criteria": [indicator("a", "d", "0.99")]}, {}),
    ("class_weights_sum", "- dimension: d", {"criteria": [indicator("a", "d", "1.5 - n", group="g"), HALF]}, {}),
    ("class_weights_sum", "- dimension: d", {"criteria": [indicator("a", "d", "2"), indicator("b", "d", "-1", method="conform")]}, {}),
    ("weight_needs_group", "- criterion: d.a", {"criteria": [indicator("a", "d", "1/n")]}, {}),
    ("weight_unchecked", "- criterion: d.a", {"criteria": [indicator("a", "d", "sum(t.x)")], "tables": [TABLE]}, {}),
    ("index_weights_unknown", "- dimension: d", {"criteria": [indicator("a", "d", None)]}, {}),
    ("index_weights_unknown", "- dimension: d", {"dimensions": [tiny.dimension("d", weight=None)]}, {}),
    ("levels_reversed", "- criterion: d.a", {"criteria": [indicator("a", "d", "1", method=DOWN)]}, {}),
]  # fmt: skip


def found(root: Path, standard: dict[str, Any], scheme: dict[str, Any]) -> list[Problem]:
    parts = {
        "aggregate": "membership",
        "levels": levels(),
        "inputs": [tiny.number("a")],
        "dimensions": [tiny.dimension("d", weight="1")],
        "criteria": [indicator("a", "d", "1")],
    }
    settings = {"determination": LINES, "class_policy": KEEP}
    return lint("tiny", rulesets=tiny.library(root, {**parts, **standard}, {**settings, **scheme}))


def test_a_sound_table_has_no_errors(tmp_path: Path) -> None:
    assert [problem.code for problem in found(tmp_path, {}, {}) if problem.severity.value == "error"] == []


@pytest.mark.parametrize(("code", "at", "standard", "scheme"), CASES)
def test_each_mistake_has_its_code_and_its_line(
    code: str, at: str, standard: dict[str, Any], scheme: dict[str, Any], tmp_path: Path
) -> None:
    problems = {problem.code: problem for problem in found(tmp_path, standard, scheme)}
    assert code in problems
    problem = problems[code]
    for lang in ("zh", "en"):
        assert "{" not in problem.what(lang) + problem.fix(lang)
    if at.startswith("- "):
        path = tmp_path / problem.where.file.removeprefix(f"{tmp_path.name}/")
        assert problem.where.line is not None
        assert at in path.read_text(encoding="utf-8").splitlines()[problem.where.line - 1]


@pytest.mark.parametrize("limits", [("100 %", "100 %", "100 %"), ("4 %", "4 %", "3 %")])
def test_levels_without_points_may_ask_for_the_same(limits: tuple[str, str, str], tmp_path: Path) -> None:
    stated = [{"level": name, "limit": limit} for name, limit in zip(("I", "II", "III"), limits, strict=True)]
    same = {"membership": {"value": "a", "direction": "up", "levels": stated}}
    problems = found(tmp_path, {"criteria": [indicator("a", "d", "1", method=same)]}, {})
    assert [problem.code for problem in problems if problem.severity.value == "error"] == []


def test_every_code_of_levels_is_triggered_here() -> None:
    section = TEXTS.read_text(encoding="utf-8").split("# --- levels ---\n")[1].split("\n# --- ")[0]
    assert set(yaml.safe_load(section)) == {code for code, *_ in CASES} - {"levels_reversed"}
