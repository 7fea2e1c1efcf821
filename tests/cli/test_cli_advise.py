from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.demo import OPEN, Run, put


def test_a_passed_dossier_needs_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("advise", put(tmp_path))
    assert ran.code == 0
    assert "现在  ✓ 通过 · 得分 20.00" in ran.out
    assert "已经达到目标，不需要改动。" in ran.out


def test_the_cheapest_way_is_shown_with_its_cost_and_result(run: Run, tmp_path: Path) -> None:
    ran = run("advise", put(tmp_path, answers={**OPEN, "lawful": {"declared": "no"}}))
    lines = ran.out.splitlines()
    at = lines.index("最省的办法：2 项改动，共 10 工作量")
    rows = [line.split() for line in lines[at + 3 : at + 5]]
    # 10 of 12 points are there: of the items of 4 and 6 points, that of 6 for the same cost; and the gate
    assert sorted(row[0] for row in rows) == ["A-03", "G-1"]
    assert [row[-1] for row in rows] == ["5", "5"]
    assert any(line.startswith("改后  ✓ 通过 · 得分 16.00 ~ 20.00") for line in lines)
    assert "已证明：所考虑的改动中没有更省的组合；改后的申报材料已实际评价过。" in lines


def test_the_runner_up_and_the_next_point_are_shown(run: Run, tmp_path: Path) -> None:
    ran = run("advise", put(tmp_path, answers=OPEN), "--lang", "en")
    assert "Next best" in ran.out
    assert "One more point: 5 effort points on top" in ran.out


def test_the_users_costs_decide(run: Run, tmp_path: Path) -> None:
    costs = tmp_path / "costs.yaml"
    costs.write_text('unit: 万元\nitems: {A-01: impossible, A-03: "2.5"}\n', encoding="utf-8")
    ran = run("advise", put(tmp_path, answers=OPEN), "--costs", costs)
    assert "最省的办法：1 项改动，共 2.5 万元" in ran.out


def test_mistakes_in_the_file_of_costs_are_named_with_their_lines(run: Run, tmp_path: Path) -> None:
    costs = tmp_path / "costs.yaml"
    costs.write_text('unit: 万元\nitems:\n  plainn: "1"\n', encoding="utf-8")
    ran = run("advise", put(tmp_path), "--costs", costs)
    assert ran.code == 2
    assert "cost_name_unknown" in ran.err and "第 3 行" in ran.err and "plain" in ran.err


def test_what_bars_the_way_is_named_with_its_reason(run: Run, tmp_path: Path) -> None:
    costs = tmp_path / "costs.yaml"
    costs.write_text("items: {lawful: impossible}\n", encoding="utf-8")
    ran = run("advise", put(tmp_path, answers={"lawful": {"declared": "no"}}), "--costs", costs)
    assert "办不到：没有改动的组合能达到目标。" in ran.out
    assert "下列 1 项，每一项单独就使目标达不到：" in ran.out
    assert any(line.split() == ["G-1", "合规", "判定不符合"] for line in ran.out.splitlines())


def test_json_holds_the_plan_in_both_languages(run: Run, tmp_path: Path) -> None:
    ran = run("advise", put(tmp_path, inputs={"built": {"declared": "20 m2", "evidence": ["E1"]}, "site": "100 m2"}), "--json")
    route = json.loads(ran.out)["route"]
    assert (route["now"]["outcome"], route["plan"]["outcome"], route["proven"]) == ("fails", "eligible", True)
    change = route["plan"]["changes"][0]
    # 20 m2 are 30 % of 66.666... m2: a third less site is less of a move than half as much again built on it
    assert (change["kind"], change["item"], change["before"], change["after"]) == ("value", "site", "100 m2", "66.666 m2")
    assert change["sentence"] == {"zh": "由 100 m2 变为 66.666 m2", "en": "From 100 m2 to 66.666 m2"}


def test_an_unknown_target_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run("advise", put(tmp_path), "--target", "gold")
    assert (ran.code, "target_unknown" in ran.err) == (2, True)


@pytest.mark.usefixtures("terminal")
def test_it_fits_a_terminal_of_80_columns(run: Run, tmp_path: Path) -> None:
    ran = run("advise", put(tmp_path, answers=OPEN))
    assert ran.code == 0
