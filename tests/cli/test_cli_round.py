"""The commands of rounds, as an officer types them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli import demo
from tests.rounds.store.dossiers import DAY, SCHEME, written

NAME = "2026Q2"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An officer at a desk of their own, with the library as it is delivered."""
    monkeypatch.delenv("GREENCERT_RULESETS")
    monkeypatch.chdir(tmp_path)
    for name in ("GREENCERT_DATABASE", "GREENCERT_WITNESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GREENCERT_OFFICER", "甲")


def at_work(run: demo.Run, tmp_path: Path, count: int = 2) -> None:
    """A round with some applications."""
    assert run("round", "open", NAME, "--scheme", SCHEME, "--today", DAY).code == 0
    assert run("round", "add", NAME, *written(tmp_path / "in", *range(1, count + 1)), "--today", DAY).code == 0


def test_a_round_from_its_call_to_its_audit(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    ran = run("round", "run", NAME, "--today", DAY, "--processes", 1)
    assert (ran.code, "已评价 2 份，未能评价 0 份" in ran.out) == (0, True)
    assert sorted(path.name for path in (tmp_path / NAME).iterdir()) == ["2026Q2-0001.pdf", "2026Q2-0002.pdf"]
    status = run("round", "status", NAME)
    assert "2026Q2-0002" in status.out
    assert "已评价" in status.out
    listed = run("round", "list")
    assert NAME in listed.out
    audited = run("round", "audit")
    assert (audited.code, "全部一致" in audited.out) == (0, True)


def test_help_and_results_are_english_too(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    found = run("--lang", "en", "round", "status", NAME)
    assert "2 applications" in found.out
    commands = ("open", "add", "run", "recheck", "status", "list", "audit", "backup", "restore", "upgrade", "assign", "rank", "decide")
    for command in (*commands, "publish", "object", "answer", "reopen", "withdraw", "issue", "close"):
        shown = run("--lang", "en", "round", command, "--help")
        assert shown.code == 0
        assert not any("\u4e00" <= char <= "\u9fff" for char in shown.out)


def test_who_does_it_must_be_said(run: demo.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENCERT_OFFICER")
    found = run("round", "open", NAME, "--scheme", SCHEME)
    assert (found.code, "officer_missing" in found.err) == (2, True)
    assert not Path("greencert.db").exists()


def test_a_dossier_that_goes_back_is_told_with_its_problems(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    found = run("round", "add", NAME, *written(tmp_path / "bad", 3, clean_energy_share="93 t"), "--today", DAY)
    assert found.code == 1
    assert "退回 1" in found.out
    assert "003.yaml" in found.err


def test_a_file_that_is_not_there_stops_the_command_before_anything_is_taken(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    found = run("round", "add", NAME, tmp_path / "none.yaml", *written(tmp_path / "more", 3), "--today", DAY)
    assert (found.code, "file_unreadable" in found.err) == (2, True)
    assert "2026Q2-0003" not in run("round", "status", NAME).out


def test_a_move_out_of_order_is_refused_with_what_is_possible(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    found = run("round", "recheck", "2026Q2-0001", "co2_total=1 tCO2", "--why", "x", "--today", DAY)
    assert (found.code, "move_out_of_order" in found.err) == (2, True)


def test_a_re_check_needs_a_reason_and_what_was_found(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    run("round", "run", NAME, "--no-reports", "--processes", 1)
    number = "2026Q2-0001"
    assert "recheck_reason" in run("round", "recheck", number, "co2_total=1 tCO2").err
    assert "recheck_what" in run("round", "recheck", number, "--why", "x").err
    assert "recheck_pair" in run("round", "recheck", number, "co2_total", "--why", "x").err
    assert "recheck_name" in run("round", "recheck", number, "co2=1", "--why", "x").err
    found = run("round", "recheck", number, "co2_total=60000 tCO2", "--why", "现场核查", "--today", DAY)
    assert (found.code, "未通过" in found.out) == (0, True)
    again = run("round", "recheck", number, "co2_total=60000 tCO2", "--why", "x", "--today", DAY)
    assert (again.code, "recheck_nothing" in again.err) == (2, True)
    late = run("round", "recheck", number, "co2_total=50000 tCO2", "--why", "x", "--today", DAY, "--seen", 3)
    assert (late.code, "changed_meanwhile" in late.err) == (2, True)


def test_a_backup_is_restored_into_another_store(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    assert run("round", "backup", "b.zip").code == 0
    assert "file_exists" in run("round", "backup", "b.zip").err
    assert run("round", "restore", "b.zip", "--database", "other.db").code == 0
    assert run("round", "audit", "--database", "other.db").code == 0
    assert NAME in run("round", "list", "--database", "other.db").out
    assert "restore_not_empty" in run("round", "restore", "b.zip", "--database", "other.db").err


def test_an_audit_that_finds_something_says_what_and_ends_with_one(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    with sqlite3.connect("greencert.db") as connection:
        connection.execute("UPDATE applications SET name = '别人' WHERE number = '2026Q2-0001'")
    found = run("round", "audit")
    assert (found.code, "row_changed" in found.err, "applications 2026Q2-0001" in found.err) == (1, True, True)


def test_a_store_that_is_not_there_is_not_made_by_looking(run: demo.Run) -> None:
    found = run("round", "status", NAME)
    assert (found.code, "store_missing" in found.err) == (2, True)
    assert not Path("greencert.db").exists()


def test_a_round_and_a_number_that_there_are_not(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    assert "round_unknown" in run("round", "status", "2027").err
    assert "round_there" in run("round", "open", NAME, "--scheme", SCHEME).err
    assert "round_name" in run("round", "open", "one two", "--scheme", SCHEME).err
    assert "application_unknown" in run("round", "recheck", "2026Q2-9999", "a=b", "--why", "x").err


def test_a_round_is_decided_by_its_rules(run: demo.Run, tmp_path: Path) -> None:
    """From ranks to the issue, which is refused: what a provisional result rests on has not been attested."""
    name, sample = "2017Q3", Path(__file__).parents[2] / "samples" / "polyester_filament.yaml"
    assert run("round", "open", name, "--scheme", "jiaxing_2017", "--today", "2017-08-01").code == 0
    assert run("round", "add", name, sample, "--today", "2026-12-01").code == 0
    assert run("round", "run", name, "--no-reports", "--processes", 1).code == 0
    ranked = run("round", "rank", name)
    assert (ranked.code, "第 1 名" in ranked.out, "桐乡市" in ranked.out) == (0, True, True)
    assert "decide_freeze" in run("round", "decide", name, "--freeze", "--decline", f"{name}-0001").err
    assert "decision_reason" in run("round", "decide", name, "--decline", f"{name}-0001").err
    drafted = run("round", "decide", name)
    assert (drafted.code, "认定" in drafted.out) == (0, True)
    assert run("round", "decide", name, "--freeze").code == 0
    published = run("round", "publish", name, "--today", "2017-09-01")
    assert "公示 2017-09-01 至 2017-09-15" in published.out
    number = f"{name}-0001"
    objected = run("round", "object", number, "--from", "邻居", "--text", "噪声", "--today", "2017-09-15")
    assert "第 1 号异议" in objected.out
    assert "issue_objection_open" in run("round", "issue", name, "--issuer", "办公室", "-o", "c", "--today", "2017-09-16").err
    answered = run("round", "answer", number, 1, "--outcome", "rejected", "--text", "达标", "--today", "2017-09-16")
    assert "不成立" in answered.out
    issued = run("round", "issue", name, "--issuer", "办公室", "-o", "c", "--today", "2017-09-16")
    assert (issued.code, "certificate_provisional" in issued.err) == (2, True)
    assert "move_out_of_order" in run("round", "close", name).err
    assert run("round", "audit").code == 0


def compared(run: demo.Run, tmp_path: Path) -> None:
    """A round of two applications: of the second the third party finds too much, of the first the office."""
    assert run("round", "open", NAME, "--scheme", SCHEME, "--today", DAY).code == 0
    files = [*written(tmp_path / "a", 1), *written(tmp_path / "b", 2, co2_total="99999 tCO2")]
    assert run("round", "add", NAME, *files, "--today", DAY).code == 0
    assert run("round", "run", NAME, "--no-reports", "--processes", 1).code == 0
    assert run("round", "recheck", "2026Q2-0001", "co2_total=60000 tCO2", "--why", "现场核查", "--today", DAY).code == 0


def test_a_round_is_compared_in_both_languages(run: demo.Run, tmp_path: Path) -> None:
    compared(run, tmp_path)
    found = run("round", "compare", NAME)
    assert found.code == 0
    assert "第三方核实 2 份，主管部门复核 1 份" in found.out
    assert "三方结果不同的申请：2 份，共 2 份" in found.out
    assert "单独改变结论 1 次" in found.out
    english = run("--lang", "en", "round", "compare", NAME).out
    assert "2 verified by third parties, 1 re-checked by the office" in english
    assert "met → not met 1×" in english


def test_the_comparison_is_had_as_json_and_as_a_workbook(run: demo.Run, tmp_path: Path) -> None:
    compared(run, tmp_path)
    plain = json.loads(run("round", "compare", NAME, "--json").out)
    assert [one["number"] for one in plain["applications"]] == ["2026Q2-0001", "2026Q2-0002"]
    assert run("round", "compare", NAME, "-o", "c.xlsx").code == 0
    assert (tmp_path / "c.xlsx").read_bytes()[:2] == b"PK"
    assert "file_exists" in run("round", "compare", NAME, "-o", "c.xlsx").err
    assert "workbook_name" in run("round", "compare", NAME, "-o", "c.csv").err


def test_one_application_is_compared_as_a_dossier_is(run: demo.Run, tmp_path: Path) -> None:
    compared(run, tmp_path)
    found = run("round", "compare", NAME, "2026Q2-0001")
    assert (found.code, "60000 tCO2" in found.out, "累计采用" in found.out) == (0, True, True)
    plain = json.loads(run("round", "compare", NAME, "2026Q2-0001", "--json").out)
    assert list(plain["views"]) == ["self", "third_party", "office"]
    assert "round_compare_out" in run("round", "compare", NAME, "2026Q2-0001", "-o", "c.xlsx").err
    assert "application_unknown" in run("round", "compare", NAME, "2026Q2-0009").err


def unverified(part: Any) -> Any:
    """A dossier as its applicant hands it in: nothing in it is verified."""
    if isinstance(part, dict):
        return {name: unverified(value) for name, value in part.items() if name != "verified"}
    return [unverified(value) for value in part] if isinstance(part, list) else part


def test_a_self_check_alone_has_nothing_beside_it(run: demo.Run, tmp_path: Path) -> None:
    assert run("round", "open", NAME, "--scheme", SCHEME, "--today", DAY).code == 0
    (path,) = written(tmp_path / "in", 1)
    plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(unverified(plain), allow_unicode=True), encoding="utf-8")
    assert run("round", "add", NAME, path, "--today", DAY).code == 0
    run("round", "run", NAME, "--no-reports", "--processes", 1)
    found = run("round", "compare", NAME, "2026Q2-0001")
    assert (found.code, "round_compare_one_view" in found.err) == (2, True)
    assert "各方对全部申请的结果相同" in run("round", "compare", NAME).out


def test_the_papers_of_a_round_are_written_into_a_new_folder(run: demo.Run, tmp_path: Path) -> None:
    at_work(run, tmp_path)
    assert run("round", "run", NAME, "--no-reports", "--processes", 1, "--today", DAY).code == 0
    assert "sender_missing" in run("round", "export", NAME, "-o", "papers").err
    assert "sender_missing" in run("round", "export", NAME, "-o", "papers", "--office", "甲", "--sender", "x.yaml").err
    assert "export_part" in run("round", "export", NAME, "-o", "papers", "--office", "甲", "--part", "posters").err
    assert not (tmp_path / "papers").exists()
    found = run("round", "export", NAME, "-o", "papers", "--office", "示例办公室", "--today", DAY)
    assert (found.code, "已写出 9 个文件" in found.out) == (0, True)
    assert sorted(path.name for path in (tmp_path / "papers").iterdir())[-2:] == ["round.xlsx", "summary.pdf"]
    assert "file_exists" in run("round", "export", NAME, "-o", "papers", "--office", "甲").err
    english = run("--lang", "en", "round", "export", NAME, "-o", "one", "--office", "Office", "--part", "csv")
    assert (english.code, "1 files written" in english.out) == (0, True)


def test_reports_are_written_after_the_run_and_after_a_re_check(run: demo.Run, tmp_path: Path) -> None:
    compared(run, tmp_path)
    wrote = run("round", "report", NAME, "-o", "out", "--processes", 1)
    assert (wrote.code, "已出具报告 2 份，未能出具 0 份" in wrote.out) == (0, True)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["2026Q2-0001-1.pdf", "2026Q2-0002.pdf"]
    assert run("verify", "out/2026Q2-0001-1.pdf").code == 0
    assert "已出具报告 0 份" in run("round", "report", NAME, "-o", "out").out
    assert "1 report(s) written" in run("--lang", "en", "round", "report", NAME, "2026Q2-0002", "-o", "en", "--processes", 1).out
    assert "report_number" in run("round", "report", NAME, "2026Q2-0009").err
