from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.demo import Run, put


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Before: not dense enough and no answer to the extra item. After: all met."""
    inputs = {name: {"declared": f"{area} m2", "evidence": ["E1"]} for name, area in (("built", 20), ("site", 100))}
    before = put(tmp_path, name="before.yaml", inputs=inputs, answers={"extra": None})
    return before, put(tmp_path, name="after.yaml")


def test_the_difference_is_split_and_its_items_and_statements_are_listed(run: Run, pair: tuple[Path, Path]) -> None:
    ran = run("compare", *pair)
    assert ran.code == 0
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert any(line.startswith("填报数据") and "下限 +16.00，上限 +10.00" in line for line in lines), ran.out
    assert any(line.startswith("A-02 密度达标 不符合 0.00 符合 10.00 +10.00 +10.00") for line in lines), ran.out
    assert "before.yaml" in ran.out and "after.yaml" in ran.out


def test_the_same_in_english(run: Run, pair: tuple[Path, Path]) -> None:
    out = run("compare", *pair, "--lang", "en").out
    assert "What the difference of the totals is made of" in out
    assert "add up to the difference exactly" in out


def test_one_dossier_twice_says_that_nothing_differs(run: Run, pair: tuple[Path, Path]) -> None:
    assert "没有差别" in run("compare", pair[1], pair[1]).out


def test_the_json_form_is_one_object(run: Run, pair: tuple[Path, Path]) -> None:
    plain = json.loads(run("compare", *pair, "--json").out)
    assert (plain["before"]["outcome"], plain["after"]["outcome"]) == ("fails", "eligible")
    parts = plain["total"]["parts"]
    total = plain["total"]["total"]
    assert sum(float(part["low"]) for part in parts.values()) == float(total["low"]) == 16


def test_another_scheme_is_a_change_of_rules(run: Run, pair: tuple[Path, Path]) -> None:
    plain = json.loads(run("compare", pair[1], pair[1], "--scheme-b", "twice", "--json").out)
    assert plain["after"]["scheme"]["id"] == "twice"
    assert [state["made"] for state in plain["states"]] == [[], ["rules"]]


def test_a_folder_is_refused(run: Run, tmp_path: Path, pair: tuple[Path, Path]) -> None:
    assert run("compare", tmp_path, pair[1]).code == 2


# --- three views ---


@pytest.fixture
def checked(tmp_path: Path) -> tuple[Path, Path]:
    """A dossier that an assessor verified, and what the office found when it looked at the site again."""
    inputs = {
        "built": {"declared": "40 m2", "verified": "35 m2", "evidence": ["E1"]},
        "site": {"declared": "100 m2", "verified": "as_declared", "evidence": ["E1"]},
    }
    answers = {name: {"declared": "yes", "verified": "as_declared", "evidence": ["E1"]} for name in ("lawful", "plain", "extra")}
    recheck = put(
        tmp_path, name="office.yaml", inputs={"built": "20 m2"}, answers=dict.fromkeys(("lawful", "plain", "extra")), evidence=None
    )
    return put(tmp_path, inputs=inputs, answers=answers), recheck


def test_three_views_stand_side_by_side(run: Run, checked: tuple[Path, Path]) -> None:
    ran = run("compare", checked[0], "--recheck", checked[1])
    assert ran.code == 0, ran.err
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert any(line.startswith("主管部门复核 ✗ 未通过 10.00") for line in lines), ran.out
    assert any(line.startswith("built 40 m2 35 m2 20 m2") and line.endswith("-10.00 ✗ 未通过") for line in lines), ran.out
    assert any(line.startswith("A-02 密度达标 符合 10.00 符合 10.00 不符合 0.00") for line in lines), ran.out


def test_without_a_re_check_there_are_two_views(run: Run, checked: tuple[Path, Path]) -> None:
    plain = json.loads(run("compare", checked[0], "--json").out)
    assert list(plain["views"]) == ["self", "third_party"]
    assert (plain["disputed"][0]["name"], plain["items"]) == ("built", [])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (lambda pair, again: (pair[1],), "compare_one_view"),
        (lambda pair, again: (pair[1], "--basis-b", "declared"), "compare_second"),
        (lambda pair, again: (*pair, "--recheck", again), "compare_recheck"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, pair: tuple[Path, Path], checked: tuple[Path, Path], more: Any, code: str) -> None:
    ran = run("compare", *more(pair, checked[1]))
    assert ran.code == 2
    assert code in ran.err
