"""A scheme that extends another: what it sets over it, what it adds, and which file each Problem points into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.problems import Refused, Where
from engine.ruleset.lint import lint, load_programme
from engine.ruleset.programme import Programme
from tests.assess import tiny
from tests.assess.tiny import LINES, SEEN, criterion, dimension, gate, number, rule, words

TIERS = [{"tier": name, "title": words(name), "mark": mark} for name, mark in (("bronze", "8"), ("gold", "9"))]
PARENT: dict[str, Any] = {
    "mark": "6",
    "tiers": TIERS,
    "points": {"d.one": "4", "d.two": "6"},
    "gates": [gate("local.a"), gate("local.b")],
    "dimensions": [dimension("local")],
    "criteria": [criterion(name, dimension="local", points="0") for name in ("local.c", "local.d")],
    "inputs": [number("x")],
    "rules": [rule("r", "x > 1"), rule("s", "x > 2")],
}


def family(root: Path, child: dict[str, Any], **head: Any) -> Path:
    """A library with the scheme ``tiny`` and ``child``, which extends it and says ``child`` of its programme."""
    tiny.library(root, {"criteria": [criterion("d.one"), criterion("d.two")]}, PARENT)
    programme = {"programme": "green_factory", **child}
    tiny.write(root, "schemes/child", {"scheme": "child", "version": "2.0.0", "extends": "tiny", "programmes": [programme], **head})
    return root


def merged(root: Path, child: dict[str, Any], **head: Any) -> Programme:
    return load_programme("child", rulesets=family(root, child, **head))


def test_a_child_that_says_nothing_is_its_parent_under_another_name(tmp_path: Path) -> None:
    programme = merged(tmp_path, {})
    assert (programme.scheme_identity.id, programme.scheme_identity.version) == ("child", "2.0.0")
    assert programme.scheme.document == "S 1"
    assert (programme.mark.value, list(programme.gates), programme.points_of("d.one")) == (6, ["local.a", "local.b"], 4)


def test_single_keys_are_replaced_and_mappings_merge(tmp_path: Path) -> None:
    programme = merged(tmp_path, {"mark": "7", "points": {"d.two": "5"}}, title=words("child"))
    assert programme.mark.value == 7
    assert [programme.points_of(name) for name in ("d.one", "d.two")] == [4, 5]
    assert programme.scheme.title.en == "child"


def test_named_elements_are_replaced_by_name_and_others_added(tmp_path: Path) -> None:
    programme = merged(tmp_path, {"gates": [{**gate("local.b"), "clause": "2.2"}, gate("local.z")]})
    assert [(name, found.clause) for name, found in programme.gates.items()] == [("local.a", "1.1"), ("local.b", "2.2"), ("local.z", "1.1")]


def test_criteria_of_one_dimension_are_told_apart(tmp_path: Path) -> None:
    changed = [{**criterion(name, dimension="local", points="0"), "clause": "2.2"} for name in ("local.d", "local.y", "local.z")]
    programme = merged(tmp_path, {"criteria": changed})
    local = {name: found.clause for name, found in programme.criteria.items() if name in programme.local}
    assert local == {"local.c": "1.1", "local.d": "2.2", "local.y": "2.2", "local.z": "2.2"}


def test_rules_and_tiers_are_named_too(tmp_path: Path) -> None:
    programme = merged(tmp_path, {"rules": [rule("s", "x > 9")], "tiers": [{**TIERS[1], "mark": "10"}]})
    assert [(found.rule, found.when) for found in programme.rules] == [("r", "x > 1"), ("s", "x > 9")]
    assert [(tier.tier, tier.mark.value) for tier in programme.settings.tiers] == [("bronze", "8"), ("gold", "10")]


def test_lists_without_names_are_replaced_whole(tmp_path: Path) -> None:
    lines = [{"outcome": line["outcome"], "any_of": line["any_of"]} for line in LINES[:-1]] + [{"outcome": "scored", "any_of": ["no_mark"]}]
    assert len(merged(tmp_path, {"determination": lines}).settings.determination) == 5


def test_an_empty_list_takes_everything_away(tmp_path: Path) -> None:
    assert list(merged(tmp_path, {"gates": [], "tiers": []}).gates) == []


def test_a_grandchild(tmp_path: Path) -> None:
    root = family(tmp_path, {"mark": "7"})
    tiny.write(
        root,
        "schemes/grandchild",
        {
            "scheme": "grandchild",
            "version": "3.0.0",
            "extends": "child",
            "programmes": [{"programme": "green_factory", "points": {"d.one": "3"}}],
        },
    )
    programme = load_programme("grandchild", rulesets=root)
    assert (programme.mark.value, programme.points_of("d.one"), programme.points_of("d.two")) == (7, 3, 6)


def test_a_scheme_extends_another_by_its_file(tmp_path: Path) -> None:
    root = family(tmp_path / "library", {})
    outside = tmp_path / "own.yaml"
    outside.write_text(
        f"scheme: own\nversion: 1.0.0\nextends: {root}/schemes/tiny.yaml\nprogrammes: [{{programme: green_factory, mark: '8'}}]\n",
        encoding="utf-8",
    )
    assert load_programme(outside, rulesets=root).mark.value == 8


# --- places ---


def line_of(path: Path, fragment: str) -> int:
    text = path.read_text(encoding="utf-8")
    assert text.count(fragment) == 1, fragment
    return text[: text.index(fragment)].count("\n") + 1


def at(where: Where) -> tuple[str, int | None]:
    return where.file.rpartition("/")[2], where.line


def test_elements_know_the_file_they_come_from(tmp_path: Path) -> None:
    root = family(tmp_path, {"gates": [gate("local.b"), gate("local.z")], "mark": "7"})
    programme = load_programme("child", rulesets=root)
    parent, child = (root / "schemes" / f"{name}.yaml" for name in ("tiny", "child"))
    assert at(programme.where("local.a")) == ("tiny.yaml", line_of(parent, "gate: local.a"))
    assert at(programme.where("local.b")) == ("child.yaml", line_of(child, "gate: local.b"))
    assert at(programme.where("local.z")) == ("child.yaml", line_of(child, "gate: local.z"))
    assert at(programme.where("d.one")) == ("ruleset.yaml", line_of(root / "green_factory/tiny/ruleset.yaml", "criterion: d.one"))
    assert at(programme.where("/mark")) == ("child.yaml", line_of(child, "mark: '7'"))
    assert at(programme.where("/determination")) == ("tiny.yaml", line_of(parent, "determination:"))


@pytest.mark.parametrize(
    ("child", "code", "file", "fragment"),
    [
        ({"points": {"d.three": "5"}}, "overlays_nothing", "child.yaml", "d.three: '5'"),
        ({"mark": "eighty"}, "figure_not_a_number", "child.yaml", "mark: eighty"),
        ({"gates": [{**gate("local.b"), "titel": "x"}]}, "key_unknown", "child.yaml", "titel: x"),
        ({"gates": [gate("d.one")]}, "name_taken", "child.yaml", "gate: d.one"),
        ({"inputs": []}, "expression_unknown_name", "tiny.yaml", "rule: r"),
    ],
)
def test_a_mistake_is_shown_in_the_file_that_made_it(child: dict[str, Any], code: str, file: str, fragment: str, tmp_path: Path) -> None:
    root = family(tmp_path, child)
    places = [at(problem.where) for problem in lint("child", rulesets=root) if problem.code == code]
    assert (file, line_of(root / "schemes" / file, fragment)) in places


def unquoted(root: Path, name: str, figure: str) -> int:
    """Take the quotes off a figure of a scheme; its line."""
    path = root / "schemes" / f"{name}.yaml"
    line = line_of(path, f"'{figure}'")
    path.write_text(path.read_text(encoding="utf-8").replace(f"'{figure}'", figure), encoding="utf-8")
    return line


def test_an_unquoted_figure_is_found_in_whichever_file_it_stands(tmp_path: Path) -> None:
    root = family(tmp_path, {"gates": [gate("local.z")], "tiers": [{**TIERS[0], "mark": "8.25"}], "points": {"d.one": "3.5"}})
    tiny.write(root, "schemes/tiny", tiny.scheme(**{**PARENT, "mark": "5.75"}))
    expected = {("child.yaml", unquoted(root, "child", "8.25"), "8.25"), ("child.yaml", unquoted(root, "child", "3.5"), "3.5")}
    expected.add(("tiny.yaml", unquoted(root, "tiny", "5.75"), "5.75"))
    with pytest.raises(Refused) as caught:
        load_programme("child", rulesets=root)
    assert {(*at(problem.where), dict(problem.params)["value"]) for problem in caught.value.problems} == expected


def test_a_figure_that_the_child_replaces_is_no_longer_a_mistake(tmp_path: Path) -> None:
    root = family(tmp_path, {"mark": "7"})
    tiny.write(root, "schemes/tiny", tiny.scheme(**{**PARENT, "mark": "5.75"}))
    unquoted(root, "tiny", "5.75")
    assert load_programme("child", rulesets=root).mark.value == 7


def test_an_unknown_parent(tmp_path: Path) -> None:
    root = family(tmp_path, {}, extends="nowhere")
    (problem,) = lint("child", rulesets=root)
    assert (problem.code, dict(problem.params)) == ("scheme_unknown", {"name": "nowhere", "known": "child, tiny"})
    assert (problem.where.file, problem.where.path) == (f"{root.name}/schemes/child.yaml", "extends")
    assert problem.where.line is not None


def test_a_parent_in_a_file_lies_beside_its_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = family(tmp_path / "library", {"mark": "7"}, extends="tiny.yaml")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert load_programme(root / "schemes" / "child.yaml", rulesets=root).mark.value == 7


def test_the_policy_of_the_parent_is_the_source_of_what_the_child_sets(tmp_path: Path) -> None:
    source = {"basis": "policy", "note": words("why")}
    programme = merged(tmp_path, {"na_policy": {"source": source}, "points": {"d.one": {"value": "5", "source": SEEN}}})
    assert programme.settings.na_policy.value == "renormalise"
    assert (programme.points["d.one"].source.basis.value, programme.points["d.two"].source.basis.value) == ("seen", "policy")
