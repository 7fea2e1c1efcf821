from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from engine import load_programme, load_standard_alone
from engine.problems import Refused
from engine.ruleset.diff import GROUPS, Change, Entry, RulesetDiff, diff_plain, ruleset_diff
from engine.ruleset.diff_words import change_label, change_sides, change_words
from engine.ruleset.matching import Named, match
from engine.ruleset.programme import Origin
from engine.ruleset.schema import (
    Contents,
    Criterion,
    Dimension,
    Gate,
    Indicator,
    Input,
    Parameter,
    Programme,
    Rule,
    Scheme,
    Standard,
    Table,
    Words,
)
from engine.texts import catalogue
from tests.assess import tiny
from tests.assess.tiny import words

X = [tiny.number("x"), tiny.number("y")]


def compared(before: tiny.Data, after: tiny.Data) -> RulesetDiff:
    """Two versions of the tiny scheme; the parts are those of its standard."""
    return ruleset_diff(*(tiny.programme(parts.pop("scheme", {}), **{"inputs": X, **parts}) for parts in (dict(before), dict(after))))


def entries(diff: RulesetDiff, *groups: str) -> list[tuple[str, str, str]]:
    return [(e.change, e.before, e.after) for e in diff.entries if e.group in (groups or GROUPS)]


def changes(before: Any, after: Any, group: str = "criteria") -> list[Change]:
    """How one element came out differently."""
    (entry,) = compared({group: [before]}, {group: [after]}).entries
    return list(entry.changes)


def item(method: Any = "conform", points: str = "10", **more: Any) -> tiny.Data:
    return tiny.criterion("it", method, points, **more)


# --- matching ---


def test_nothing_differs_between_a_ruleset_and_itself() -> None:
    diff = compared({"criteria": [item()]}, {"criteria": [item()]})
    assert diff.entries == ()
    assert diff.same["demands"] == 1


def test_what_is_on_one_side_only_was_added_or_removed() -> None:
    diff = compared({"criteria": [item(title=words("用水")), tiny.criterion("old")]}, {"criteria": [item(), tiny.criterion("brand_new")]})
    assert entries(diff, "demands") == [("changed", "it", "it"), ("added", "", "brand_new"), ("removed", "old", "")]


def test_a_renamed_element_is_recognised_by_its_number() -> None:
    one = tiny.criterion("old", number="A-01", title=words("单位产品能耗"))
    diff = compared({"criteria": [one]}, {"criteria": [{**one, "criterion": "fresh", "title": words("单位产品综合能耗")}]})
    (entry,) = diff.entries
    assert (entry.before, entry.after, entry.matched_by) == ("old", "fresh", "number")
    assert entry.changes == (
        Change("id", "", "old", "fresh"),
        Change("title", "", entry.changes[1].before, entry.title),
    )


def test_the_same_number_on_another_thing_is_no_match() -> None:
    before, after = (tiny.criterion(name, number="A-01", title=words(title)) for name, title in (("a", "绿色建筑"), ("b", "能源管理体系")))
    assert entries(compared({"criteria": [before]}, {"criteria": [after]})) == [("added", "", "b"), ("removed", "a", "")]


def test_a_renumbered_element_is_recognised_by_its_title() -> None:
    before, after = (tiny.criterion(name, number=number, title=words("余热余压利用")) for name, number in (("a", "1"), ("b", "2")))
    (entry,) = compared({"criteria": [before]}, {"criteria": [after]}).entries
    assert entry.matched_by == "title"


def test_the_best_match_wins_and_each_element_is_matched_once() -> None:
    before = [Named("p", "", "职业健康安全管理体系认证"), Named("q", "", "职业健康安全管理体系")]
    after = [Named("r", "", "职业健康安全管理体系"), Named("s", "", "职业健康安全管理体系认证")]
    assert {(pair.before, pair.after) for pair in match(before, after)} == {("p", "s"), ("q", "r")}
    assert [pair.after for pair in match(before, after[:1])] == ["r"]


def test_a_criterion_that_became_a_gate_has_moved() -> None:
    before = {"criteria": [item()], "gates": []}
    after = {"criteria": [], "gates": [{**tiny.gate("it")}]}
    (entry,) = compared(before, after).entries
    moved = entry.changes[0]
    assert moved.what == "moved"
    assert (getattr(moved.before, "en", ""), getattr(moved.after, "en", "")) == ("d", "gates")
    assert ("points", "10", None) in [(c.what, c.before, c.after) for c in entry.changes]


def test_a_criterion_moves_between_dimensions_but_not_with_one_that_is_renamed() -> None:
    two = [tiny.dimension("d", title=words("能源资源投入")), tiny.dimension("e", title=words("环境排放"))]
    assert [c.what for c in _moved({"dimensions": two}, {"dimensions": two}, "e")] == ["moved"]
    renamed = [tiny.dimension("f", title=words("能源资源投入"))]
    assert _moved({"dimensions": two[:1]}, {"dimensions": renamed}, "f") == []


def _moved(before: tiny.Data, after: tiny.Data, to: str) -> list[Change]:
    diff = compared({**before, "criteria": [item()]}, {**after, "criteria": [item(dimension=to)]})
    return [change for entry in diff.entries if entry.group == "demands" for change in entry.changes]


# --- what changed ---


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (item(points="10"), item(points="12"), ("points", "", "10", "12")),
        (item(kind="optional"), item(kind="required"), ("kind", "", "optional", "required")),
        (item(), item(na_allowed=True), ("na_allowed", "", False, True)),
        (item(), item(applies_when="x > 1"), ("applies_when", "", None, "x > 1")),
        (item(clause="1.1"), item(clause="1.2"), ("clause", "", "1.1", "1.2")),
        (
            item({"threshold": {"value": "x", "at_least": "30 %"}}),
            item({"threshold": {"value": "x", "at_least": "35 %"}}),
            ("limit", "at_least", "30 %", "35 %"),
        ),
        (
            item({"threshold": {"value": "x", "at_least": "1"}}),
            item({"threshold": {"value": "x + y", "at_least": "1"}}),
            ("operand", "value", "x", "x + y"),
        ),
        (
            item({"interpolate": {"value": "x", "lead": "1", "base": "3", "direction": "down"}}),
            item({"interpolate": {"value": "x", "lead": "1", "base": "2", "direction": "down"}}),
            ("limit", "base", "3", "2"),
        ),
        (
            item({"bands": {"value": "x", "steps": [{"at": "1", "points": "3"}, {"at": "2", "points": "6"}]}}),
            item({"bands": {"value": "x", "steps": [{"at": "1", "points": "3"}, {"at": "2", "points": "7"}]}}),
            ("operand", "steps.2.points", "6", "7"),
        ),
    ],
)
def test_one_change_is_told_as_what_it_is(before: tiny.Data, after: tiny.Data, expected: tuple[Any, ...]) -> None:
    assert [tuple(change) for change in changes(before, after)] == [expected]


def test_another_method_is_told_with_what_each_is_judged_by() -> None:
    told = changes(item("conform"), item({"threshold": {"value": "x", "at_most": "5"}}))
    assert told == [
        Change("method", "", "conform", "threshold"),
        Change("limit", "at_most", None, "5"),
        Change("operand", "value", None, "x"),
        Change("operand", "comparison", None, "full"),
    ]


def test_evidence_is_compared_paper_by_paper() -> None:
    before, after = (item(evidence=[words(paper) for paper in papers]) for papers in (("licence", "report"), ("report", "invoice")))
    told = changes(before, after)
    assert [(c.what, getattr(c.before, "en", None), getattr(c.after, "en", None)) for c in told] == [
        ("evidence", "licence", None),
        ("evidence", None, "invoice"),
    ]


def test_formulas_units_and_rules_are_compared() -> None:
    def parts(formula: str, unit: str, when: str) -> tiny.Data:
        return {"indicators": [tiny.indicator("rate", formula, unit)], "rules": [tiny.rule("r", when)], "criteria": [item()]}

    diff = compared(parts("x / y", "1", "x > 1"), parts("x  /  (y + 1)", "%", "x > 2"))
    assert [(e.group, c.what, c.before, c.after) for e in diff.entries for c in e.changes] == [
        ("indicators", "formula", "x / y", "x / (y + 1)"),
        ("indicators", "unit", "1", "%"),
        ("rules", "when", "x > 1", "x > 2"),
    ]


def test_points_weights_and_parameters_in_force_are_compared_overlaid_or_not() -> None:
    standard = {
        "criteria": [item({"threshold": {"value": "x", "at_least": "p"}})],
        "dimensions": [tiny.dimension(weight="100")],
        "parameters": [{"parameter": "p", "title": words("p"), "figure": None}],
        "aggregate": "weighted",
    }
    diff = compared(standard, {**standard, "scheme": {"points": {"it": "20"}, "set_parameters": {"p": "4"}, "mark": "60"}})
    assert [(e.group, c.what, c.before, c.after) for e in diff.entries for c in e.changes] == [
        ("head", "mark", None, "60"),
        ("demands", "points", "10", "20"),
        ("parameters", "figure", None, "4"),
    ]


SEEN_ROW = ("provenance", "rows.b.basis", None, "seen")


def test_lookup_tables_are_compared_row_by_row_and_day_by_day() -> None:
    def parts(*rows: tiny.Data) -> tiny.Data:
        table = tiny.reference("quota", [tiny.column("level")], list(rows))
        return {"references": [table], "criteria": [item()]}

    diff = compared(
        parts({"code": "a", "level": "1", "until": "2019-12-31"}, {"code": "a", "level": "2", "since": "2020-01-01"}),
        parts(
            {"code": "a", "level": "1", "until": "2019-12-31"},
            {"code": "a", "level": "3", "since": "2020-01-01"},
            {"code": "b", "level": None},
        ),
    )
    (entry,) = diff.entries
    assert [tuple(c) for c in entry.changes] == [("rows", "a 2020-01-01.level", "2", "3"), ("rows", "b.key", None, "b"), SEEN_ROW]


def test_sources_are_compared_in_full_between_versions_of_one_ruleset() -> None:
    told = changes(
        item(source={"basis": "recalled", "refs": ["a"]}), item(source={"basis": "seen", "refs": ["b"], "checked_on": "2026-01-01"})
    )
    assert [(c.what, c.place, c.before, c.after) for c in told] == [
        ("provenance", "basis", "recalled", "seen"),
        ("provenance", "refs", "a", "b"),
        ("provenance", "checked_on", None, "2026-01-01"),
    ]


def test_between_different_documents_only_the_standing_of_sources_is_compared() -> None:
    before = item(source={"basis": "recalled", "confidence": "low", "refs": ["a"], "clause": "3"})
    first = tiny.programme({}, inputs=X, criteria=[before])
    last = tiny.programme({"head": {"scheme": "tiny", "extends": None}}, inputs=X, criteria=[item()])
    other = replace(last, scheme_identity=Origin("other", "1.0.0", ""))
    told = [(c.place, c.before, c.after) for e in ruleset_diff(first, other).entries for c in e.changes if c.what == "provenance"]
    assert told == [("basis", "recalled", "seen"), ("confidence", "low", None)]


def test_different_kinds_are_not_compared(tmp_path: Path) -> None:
    tiny.library(tmp_path, {"criteria": [item()]}, {})
    tiny.write(tmp_path, "green_park/b/ruleset", tiny.standard(ruleset="green_park/b", kind="green_park", criteria=[item()]))
    with pytest.raises(Refused) as refused:
        ruleset_diff(*(load_standard_alone(name, tmp_path) for name in ("green_factory/tiny", "green_park/b")))
    assert [problem.code for problem in refused.value.problems] == ["diff_kinds"]


def test_two_versions_of_a_standard_are_compared_as_files(tmp_path: Path) -> None:
    tiny.library(tmp_path, {"criteria": [item()]}, {})
    draft = tiny.write(tmp_path, "drafts/ruleset", tiny.standard(version="1.1.0", criteria=[item(points="12")]))
    diff = ruleset_diff(load_standard_alone("green_factory/tiny", tmp_path), load_standard_alone(draft, tmp_path))
    assert (diff.before.version, diff.after.version) == ("1.0.0", "1.1.0")
    assert [(c.what, c.before, c.after) for e in diff.entries for c in e.changes] == [("version", "1.0.0", "1.1.0"), ("points", "10", "12")]


def test_a_standard_beside_its_scheme_shows_what_the_scheme_sets(tmp_path: Path) -> None:
    tiny.library(tmp_path, {"criteria": [item()]}, {"points": {"it": "20"}, "gates": [tiny.gate("local.g")], "mark": "10"})
    diff = ruleset_diff(load_standard_alone("green_factory/tiny", tmp_path), load_programme("tiny", "green_factory", tmp_path))
    assert entries(diff) == [("changed", "it", "it"), ("added", "", "local.g")]


# --- words and JSON ---


def fields_below(models: Iterable[type[BaseModel]]) -> set[str]:
    return {name for model in models for name in model.model_fields}


def test_every_field_that_can_change_has_a_word() -> None:
    elements = fields_below((Gate, Criterion, Indicator, Input, Table, Parameter, Dimension, Rule))
    heads = fields_below((Standard, Scheme, Programme)) - set(Contents.model_fields)
    ids = {"gate", "criterion", "indicator", "input", "table", "parameter", "dimension", "rule", "ruleset", "scheme", "programme"}
    apart = {"source", "sources", "points_source", "weights_source", "programmes", "weights", "set_parameters"}
    assert sorted((elements | heads) - ids - apart - set(catalogue("diff")["what"])) == []


@pytest.mark.parametrize(
    ("change", "said", "sides"),
    [
        (Change("limit", "at_least", "30 %", "46 %"), "限值 不低于", ("30 %", "46 %")),
        (Change("provenance", "limits[0].at_least.basis", "recalled", "seen"), "出处 不低于 来源性质", ("凭记忆、未核原文", "已查见原文")),
        (Change("provenance", "confidence", "low", None), "出处 把握程度", ("低", "")),
        (
            Change("determination", "fails.any_of", "veto", "veto, mark_open"),
            "结论表 未通过 以下任一成立",
            ("有否决情形", "有否决情形、通过线落在总分的区间内"),
        ),
        (Change("na_allowed", "", False, True), "可否不适用", ("否", "是")),
        (Change("rows", "x 2020-01-01.level_1", "1", "2"), "行 x 2020-01-01 level_1", ("1", "2")),
        (Change("id", "", "seen", "high"), "改名", ("seen", "high")),
    ],
)
def test_a_change_is_told_in_words(change: Change, said: str, sides: tuple[str, str]) -> None:
    assert change_words(change, "zh") == said
    assert change_sides(change, "zh") == sides


def test_texts_that_differ_in_the_other_language_only_are_told_in_it() -> None:
    change = Change("title", "", Words(zh="能源资源投入", en="Energy"), Words(zh="能源与资源投入", en="Energy"))
    assert change_sides(change, "en") == ("能源资源投入", "能源与资源投入")


def test_a_field_without_a_word_goes_by_its_name() -> None:
    assert change_label("nothing_known", "en") == "nothing_known"
    assert change_label("points", "zh") == "分值"


def test_the_json_form_has_every_entry_and_both_languages() -> None:
    diff = compared({"criteria": [item(title=words("用水"))]}, {"criteria": [item(), tiny.criterion("more")]})
    plain = json.loads(json.dumps(diff_plain(diff)))
    assert [(e["change"], e["before"], e["after"], e["matched_by"]) for e in plain["entries"]] == [
        ("changed", "it", "it", "id"),
        ("added", None, "more", None),
    ]
    assert plain["entries"][0]["changes"] == [
        {"what": "title", "place": "", "before": {"zh": "用水", "en": "用水"}, "after": {"zh": "it", "en": "it"}}
    ]
    assert plain["unchanged"]["dimensions"] == 1


# --- the three editions of the factory standard ---


def real(before: str, after: str) -> RulesetDiff:
    return ruleset_diff(*(load_standard_alone(f"green_factory/{name}") for name in (before, after)))


def entry_of(diff: RulesetDiff, name: str) -> Entry:
    return next(entry for entry in diff.entries if name in (entry.before, entry.after))


def test_from_586_to_2018_the_treatment_equipment_moved_into_the_infrastructure() -> None:
    entry = entry_of(real("miit_2016_586", "gbt_36132_2018"), "infrastructure.treatment_facilities")
    assert (entry.before, entry.matched_by) == ("emissions.treatment_equipment", "title")
    assert {"id", "moved", "number", "clause"} <= {change.what for change in entry.changes}


def test_from_586_to_2018_nothing_is_both_matched_and_one_sided() -> None:
    diff = real("miit_2016_586", "gbt_36132_2018")
    before, after = (load_standard_alone(f"green_factory/{name}") for name in ("miit_2016_586", "gbt_36132_2018"))
    seen = {change: [e for e in diff.entries if e.group == "demands" and e.change == change] for change in ("added", "removed", "changed")}
    both = len(seen["changed"]) + diff.same["demands"]
    assert both + len(seen["removed"]) == len(before.gates) + len(before.criteria)
    assert both + len(seen["added"]) == len(after.gates) + len(after.criteria)


def test_from_2018_to_2025_the_points_of_solid_waste_are_interpolated() -> None:
    entry = entry_of(real("gbt_36132_2018", "gbt_36132_2025"), "resources.solid_waste_utilisation")
    assert Change("method", "", "threshold", "interpolate") in entry.changes


def test_a_limit_is_not_taken_for_a_lead_value() -> None:
    assert entry_of(real("gbt_36132_2018", "gbt_36132_2025"), "lead_energy_intensity").change == "added"
