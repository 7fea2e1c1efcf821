from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from engine import read_dossier
from tests.cli.demo import OPEN, Run, put
from tests.report.reading import read


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


def test_the_outlook_stands_below_the_route(run: Run, tmp_path: Path) -> None:
    # 30.2 m2 of 100 m2 against 30 %: seven thousandths of it are enough to lose the item
    inputs = {"built": {"declared": "30.2 m2", "evidence": ["E1"]}, "site": {"declared": "100 m2", "evidence": ["E1"]}}
    ran = run("advise", put(tmp_path, inputs=inputs, answers={"extra": None}))
    assert ran.code == 0
    titles = ["得分区间与结论", "还缺什么，先补哪一项", "测量误差会不会改变结论", "离各条线还有多远", "到期日历"]
    places = [ran.out.index(title) for title in titles]
    assert places == sorted(places)
    assert "脆弱：2 项实测数据中有 2 项，偏差不到 ±2.5% 就会改变结论：built、site" in ran.out
    assert "-0.2 个百分点（-0.6623%）" in ran.out
    assert "通过线 12：+2.00 ~ +8.00 分" in ran.out
    assert "没有到期的证明材料" in ran.out


def test_the_error_of_measurement_may_be_stated(run: Run, tmp_path: Path) -> None:
    inputs = {"built": {"declared": "31 m2", "evidence": ["E1"]}, "site": {"declared": "100 m2", "evidence": ["E1"]}}
    path = put(tmp_path, inputs=inputs)
    assert "Stable: an error of ±0.5%" in run("advise", path, "--error", "0.5", "--lang", "en").out
    assert "Fragile: an error within ±5%" in run("advise", path, "--error", "5%", "--lang", "en").out
    refused = run("advise", path, "--error", "lots")
    assert (refused.code, "metering_error" in refused.err) == (2, True)


def test_json_holds_the_outlook_beside_the_route(run: Run, tmp_path: Path) -> None:
    found = json.loads(run("advise", put(tmp_path, answers=OPEN), "--json").out)
    assert list(found) == ["route", "outlook"]
    outlook = found["outlook"]
    assert outlook["score"] == {"low": "10", "high": "20"}
    assert [(one["item"], one["narrows"], one["settles"]) for one in outlook["missing"]] == [
        ("extra", "6", "maybe"),
        ("plain", "4", "maybe"),
    ]
    assert outlook["stability"]["default_error"] == {"basis": "policy", "confidence": "low"}
    assert outlook["calendar"]["lapses_on"] is None
    assert outlook["distances"][0]["share"] == "-0.25"


def test_the_filled_workbook_with_its_sheet_of_advice_reads_back_as_the_same_dossier(run: Run, tmp_path: Path) -> None:
    path, out = put(tmp_path, answers=OPEN), tmp_path / "back.xlsx"
    ran = run("advise", path, "-o", out)
    assert (ran.code, str(out) in ran.err) == (0, True)
    assert "建议" in openpyxl.load_workbook(out).sheetnames
    assert read_dossier(out).sha256 == read_dossier(path).sha256
    again = run("advise", path, "-o", out)
    assert (again.code, "file_exists" in again.err) == (2, True)


def test_a_report_says_whether_the_outcome_is_stable(run: Run, tmp_path: Path) -> None:
    assert run("assess", put(tmp_path), "-o", tmp_path / "out").code == 0
    pages = read((tmp_path / "out" / "T-1.pdf").read_bytes())
    assert "稳定还是脆弱" in pages.text
    assert "到期日历" in pages.text


def test_a_report_without_advice_has_neither_stability_nor_routes(run: Run, tmp_path: Path) -> None:
    assert run("assess", put(tmp_path), "-o", tmp_path / "out", "--no-advice").code == 0
    pages = read((tmp_path / "out" / "T-1.pdf").read_bytes())
    assert "稳定还是脆弱" not in pages.text
    assert "到期日历" not in pages.text
