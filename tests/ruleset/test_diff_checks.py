"""Checks and slips are compared like everything else that a ruleset states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import engine
from engine.ruleset.diff import Change, Entry
from engine.texts import LANGUAGES


def scheme(
    name: str, folder: Path, test: dict[str, Any], *, agreement: str = "2", factor: str = "12", severity: str = "doubt"
) -> engine.Programme:
    check = {"check": "mine", "title": {"zh": "甲", "en": "A"}, "severity": severity, "test": test, "unit": "tce"}
    check |= {"advice": {"zh": "看", "en": "look"}, "source": {"basis": "policy"}}
    slip = {"slip": "dozen", "title": {"zh": "打与件", "en": "dozens"}, "factor": factor}
    figure = {"value": agreement, "source": {"basis": "policy"}}
    programme = {"programme": "green_factory", "set_parameters": {"check_agreement": figure}, "slips": [slip], "checks": [check]}
    path = folder / f"{name}.yaml"
    text = yaml.safe_dump({"scheme": name, "version": "1.0.0", "extends": "jiaxing_2017", "programmes": [programme]}, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return engine.load_programme(path, "green_factory")


def entries(before: engine.Programme, after: engine.Programme, *groups: str) -> list[Entry]:
    return [entry for entry in engine.ruleset_diff(before, after).entries if entry.group in groups]


def within(limit: str) -> dict[str, Any]:
    return {"range": {"value": "energy_total", "at_most": limit, "slips": ["dozen"]}}


def test_added_checks_and_slips_are_listed(tmp_path: Path) -> None:
    found = entries(engine.load_programme("jiaxing_2017", "green_factory"), scheme("own", tmp_path, within("100 tce")), "checks", "slips")
    assert [(entry.group, entry.change, entry.after) for entry in found] == [("slips", "added", "dozen"), ("checks", "added", "mine")]


def test_a_changed_limit_and_severity_are_told(tmp_path: Path) -> None:
    before = scheme("one", tmp_path, within("100 tce"))
    [found] = entries(before, scheme("two", tmp_path, within("120 tce"), severity="observation"), "checks")
    assert found.changes == (
        Change("limit", "at_most", "100 tce", "120 tce"),
        Change("severity", "", "doubt", "observation"),
    )
    assert [(engine.change_words(change, "zh"), engine.change_sides(change, "zh")) for change in found.changes] == [
        ("限值 不高于", ("100 tce", "120 tce")),
        ("轻重", ("存疑", "提示")),
    ]


def test_a_changed_tolerance_and_factor_are_told(tmp_path: Path) -> None:
    before = scheme("one", tmp_path, within("100 tce"))
    found = entries(before, scheme("two", tmp_path, within("100 tce"), agreement="3", factor="13"), "parameters", "slips", "checks")
    assert [(entry.after, entry.changes) for entry in found] == [
        ("check_agreement", (Change("figure", "", "2", "3"),)),
        ("dozen", (Change("factor", "", "12", "13"),)),
    ]


def test_another_form_is_told_with_what_it_holds_in_words(tmp_path: Path) -> None:
    agree = {"agree": {"one": "energy_total", "other": "stated_energy_total", "tolerance": "check_agreement"}}
    [found] = entries(scheme("one", tmp_path, within("100 tce")), scheme("two", tmp_path, agree), "checks")
    assert found.changes[0] == Change("form", "", "range", "agree")
    for lang in LANGUAGES:
        words = [engine.change_words(change, lang) for change in found.changes]
        sides = [engine.change_sides(change, lang) for change in found.changes]
        assert not {"test", "form"} & {word for text in words for word in text.split() if lang == "zh"}
        assert sides[0] == {"zh": ("在限值以内", "两处一致"), "en": ("within limits", "two statements agree")}[lang]
