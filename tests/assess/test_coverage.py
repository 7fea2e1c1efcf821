"""What examples show of a ruleset: the branches of each method, and those that an example both expects and reaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.assess.coverage import ExampleCoverage
from engine.assess.examples import example_coverage, run_examples
from tests.assess import tiny

YES_NO = {"met", "not_met"}
LADDER = {"full", "between", "none"}


def coverage(
    tmp_path: Path, examples: list[dict[str, Any]] | None = None, scheme: dict[str, Any] | None = None, **parts: Any
) -> ExampleCoverage:
    """What examples show of a tiny standard, or of a tiny scheme over it."""
    files = {"common/tiny": tiny.common(), "green_factory/tiny/ruleset": tiny.standard(**parts)}
    name, folder, head = tiny.STANDARD, "green_factory/tiny/examples/one", {"ruleset": tiny.STANDARD}
    if scheme is not None:
        files["schemes/tiny"] = tiny.scheme(**scheme)
        name, folder, head = "tiny", "schemes/examples/tiny/one", {"scheme": "tiny"}
    files[folder] = {**head, "examples": examples or [{"example": "nothing", "expect": {}}]}
    for path, data in files.items():
        tiny.write(tmp_path, path, json.loads(json.dumps(data)))
    runs = run_examples(name, rulesets=tmp_path)
    return example_coverage(runs, name, rulesets=tmp_path)


def lacking(found: ExampleCoverage, element: str) -> set[str]:
    return {f"{branch.branch} {branch.at}".strip() for branch in found.lacking if branch.element == element}


X = [tiny.number("x"), tiny.number("y")]
LIMITS = [{"when": "y > 1", "at_least": "2"}, {"when": "y <= 1", "at_least": "3"}]
BASES = [{"when": "y > 1", "value": "x", "lead": "2", "base": "1"}, {"value": "x", "lead": "4", "base": "3"}]
STEPS = [{"at": "1", "points": "4"}, {"at": "2", "points": "10"}]
LEVELS = [{"level": level, "limit": limit, "points": points} for level, limit, points in (("I", "1", "10"), ("II", "2", "5"))]


@pytest.mark.parametrize(
    ("method", "branches"),
    [
        ("conform", YES_NO),
        ({"holds": {"value": "x > 1"}}, YES_NO),
        ({"threshold": {"value": "x", "at_least": "1"}}, YES_NO),
        ({"threshold": {"value": "x", "limits": LIMITS}}, {"limit_kept 1", "limit_broken 1", "limit_kept 2", "limit_broken 2"}),
        ({"declare": {"value": "x"}}, {"met", "open"}),
        ({"bands": {"value": "x", "start": "1", "full": "2"}}, LADDER),
        ({"bands": {"value": "x", "steps": STEPS}}, {"step 4", "step 10", "none"}),
        ({"interpolate": {"value": "x", "lead": "2", "base": "1", "direction": "up"}}, LADDER),
        ({"interpolate": {"direction": "up", "bases": BASES}}, {f"{word} {at}" for word in LADDER for at in (1, 2)}),
        ({"rank": {"value": "x", "start": "20 %", "full": "5 %"}}, LADDER),
        ({"count": {"value": "x", "lead": "8"}}, LADDER),
        ({"ratio": {"value": "x", "reference": "1", "direction": "up"}}, {"full", "less"}),
        ({"membership": {"value": "x", "direction": "down", "levels": LEVELS}}, {"level I", "level II", "no_level"}),
        ("judgement", {"full", "none"}),
        ({"judgement": {"steps": ["0", "5", "10"]}}, {"step 0", "step 5", "step 10"}),
    ],
)
def test_the_branches_of_a_method(tmp_path: Path, method: Any, branches: set[str]) -> None:
    found = coverage(tmp_path, inputs=X, criteria=[tiny.criterion("it", method)])
    assert lacking(found, "it") == branches
    assert (found.wanted, found.covered) == (len(branches), 0)


@pytest.mark.parametrize(
    ("method", "given", "shown"),
    [
        ({"threshold": {"value": "x", "limits": LIMITS}}, {"x": "2", "y": "2"}, "limit_kept 1"),
        ({"threshold": {"value": "x", "limits": LIMITS}}, {"x": "2", "y": "1"}, "limit_broken 2"),
        ({"bands": {"value": "x", "steps": STEPS}}, {"x": "1"}, "step 4"),
        ({"bands": {"value": "x", "steps": STEPS}}, {"x": "0.9"}, "none"),
        ({"interpolate": {"direction": "up", "bases": BASES}}, {"x": "1.5", "y": "2"}, "between 1"),
        ({"interpolate": {"direction": "up", "bases": BASES}}, {"x": "4", "y": "1"}, "full 2"),
        ({"membership": {"value": "x", "direction": "down", "levels": LEVELS}}, {"x": "2"}, "level II"),
        ({"judgement": {"steps": ["0", "5", "10"]}}, {"it": "5"}, "step 5"),
        ("judgement", {"it": "10"}, "full"),
        ({"declare": {"value": "x"}}, {}, "open"),
    ],
)
def test_an_example_shows_the_branch_it_reaches(tmp_path: Path, method: Any, given: dict[str, str], shown: str) -> None:
    parts = {"inputs": X, "criteria": [tiny.criterion("it", method)]}
    everything = lacking(coverage(tmp_path / "none", **parts), "it")
    found = coverage(tmp_path / "one", [{"example": "one", "given": given, "expect": {"it": {}}}], **parts)
    assert everything - lacking(found, "it") == {shown}


def test_a_level_that_asks_for_the_same_as_a_better_one_cannot_be_shown(tmp_path: Path) -> None:
    levels = [
        {"level": level, "when": when, "points": points}
        for level, when, points in (("I", "x > 2", "9"), ("II", "x > 1", "5"), ("III", "x > 1", "2"))
    ]
    found = coverage(tmp_path, inputs=X, criteria=[tiny.criterion("it", {"membership": {"levels": levels}})])
    assert lacking(found, "it") == {"level I", "level II", "no_level"}


def test_a_limit_that_is_not_known_can_only_leave_open(tmp_path: Path) -> None:
    parameter = {"parameter": "limit", "title": tiny.words("limit"), "figure": None}
    limits = [{"when": "y > 1", "at_least": "limit"}, {"when": "y <= 1", "at_least": "3"}]
    criteria = [
        tiny.criterion("one", {"threshold": {"value": "x", "at_least": "limit"}}),
        tiny.criterion("two", {"threshold": {"value": "x", "limits": limits}}),
    ]
    example = {"example": "open", "given": {"x": "1", "y": "2"}, "expect": {"one": "undetermined"}}
    found = coverage(tmp_path, [example], inputs=X, parameters=[parameter], criteria=criteria)
    assert lacking(found, "one") == set()
    assert lacking(found, "two") == {"open", "limit_kept 2", "limit_broken 2"}


def test_conditions_of_a_criterion_are_to_be_shown(tmp_path: Path) -> None:
    method = {"threshold": {"value": "x", "at_least": "1"}}
    parts = {"inputs": X, "criteria": [tiny.criterion("it", method, applies_when="y > 1", judged_when="y > 2")]}
    none = {"example": "does not apply", "given": {"y": "1"}, "expect": {"it": "not_applicable"}}
    judged = {"example": "judged", "given": {"y": "3", "it": "4"}, "expect": {"it": {"points": "4"}}}
    assert lacking(coverage(tmp_path / "a", **parts), "it") == {*YES_NO, "does_not_apply", "judged"}
    assert lacking(coverage(tmp_path / "b", [none, judged], **parts), "it") == YES_NO


def test_only_what_an_example_expects_counts_and_only_where_it_holds(tmp_path: Path) -> None:
    parts = {"criteria": [tiny.criterion("it")]}
    unlooked = {"example": "looks elsewhere", "given": {"it": "yes"}, "expect": {"outcome": "scored"}}
    wrong = {"example": "differs", "given": {"it": "yes"}, "expect": {"it": "not_met"}}
    assert lacking(coverage(tmp_path / "a", [unlooked, wrong], **parts), "it") == YES_NO


def test_a_rule_is_to_fire_and_not_to_fire_unless_it_always_does(tmp_path: Path) -> None:
    parts = {"inputs": X, "rules": [tiny.rule("it", "x > 1"), tiny.rule("always", "true")]}
    fires = {"example": "fires", "given": {"x": "2"}, "expect": {"findings": ["it", "always"]}}
    rests = {"example": "rests", "given": {"x": "1"}, "expect": {"no_findings": ["it"]}}
    open_ = {"example": "open", "expect": {"no_findings": ["it"]}}
    assert lacking(coverage(tmp_path / "a", [fires], **parts), "it") == {"rests"}
    assert coverage(tmp_path / "b", [fires, rests], **parts).lacking == ()
    assert lacking(coverage(tmp_path / "c", [fires, open_], **parts), "it") == {"rests"}


def test_a_scheme_is_to_show_what_it_adds_and_every_outcome_it_can_come_to(tmp_path: Path) -> None:
    parts = {"criteria": [tiny.criterion("it", kind="required")]}
    local = tiny.criterion("local.more", points="0", dimension="l")
    more = {
        "criteria": [local],
        "dimensions": [tiny.dimension("l")],
        "mark": "10",
        "tiers": [{"tier": "gold", "title": tiny.words("gold"), "mark": "10"}],
    }
    found = coverage(tmp_path / "a", scheme=more, **parts)
    assert lacking(found, "it") == set()
    assert lacking(found, "local.more") == YES_NO
    assert lacking(found, "/determination") == {"outcome fails", "outcome incomplete", "outcome eligible", "tier gold"}
    passes = {"example": "passes", "given": {"it": "yes"}, "expect": {"outcome": "eligible", "tier": "gold"}}
    assert lacking(coverage(tmp_path / "b", [passes], scheme=more, **parts), "/determination") == {"outcome fails", "outcome incomplete"}


def test_answers_yes_answers_what_a_person_answers_and_is_not_given(tmp_path: Path) -> None:
    rated = tiny.criterion("rated", {"threshold": {"value": "x", "at_least": "1"}})
    parts = {"inputs": X, "gates": [tiny.gate("lawful")], "criteria": [tiny.criterion("one"), tiny.criterion("two"), rated]}
    expect = {"lawful": "met", "one": "met", "two": "not_met", "rated": "undetermined"}
    found = coverage(tmp_path, [{"example": "all", "answers": "yes", "given": {"two": "no"}, "expect": expect}], **parts)
    assert lacking(found, "one") == {"not_met"}
    assert lacking(found, "two") == {"met"}
    assert lacking(found, "rated") == YES_NO


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_branches_have_words(tmp_path: Path, lang: str) -> None:
    found = coverage(tmp_path, inputs=X, criteria=[tiny.criterion("it", {"interpolate": {"direction": "up", "bases": BASES}})])
    words = [branch.text(lang) for branch in found.lacking]
    assert words[0] == {"zh": "满分（第 1 种基准）", "en": "all points on basis 1"}[lang]
    assert len(set(words)) == 6
