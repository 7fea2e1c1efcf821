"""The command that screens a round, as an officer types it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli import demo
from tests.rounds.store.dossiers import DAY, SCHEME, text_of

NAME = "2026Q2"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: demo.Run) -> None:
    """A round of two parks whose figures are the same, and a third one that is not assessed."""
    monkeypatch.delenv("GREENCERT_RULESETS")
    monkeypatch.chdir(tmp_path)
    for name in ("GREENCERT_DATABASE", "GREENCERT_WITNESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GREENCERT_OFFICER", "甲")
    for number in (1, 2, 3):
        Path(f"{number}.yaml").write_text(text_of(number), encoding="utf-8")
    assert run("round", "open", NAME, "--scheme", SCHEME, "--today", DAY).code == 0
    assert run("round", "add", NAME, "1.yaml", "2.yaml", "--today", DAY).code == 0
    assert run("round", "run", NAME, "--no-reports", "--processes", 1).code == 0
    assert run("round", "add", NAME, "3.yaml", "--today", DAY).code == 0


def test_signals_and_what_to_inspect_are_shown_in_both_languages(run: demo.Run) -> None:
    chinese = run("round", "screen", NAME, "--least", "note", "--first", 1)
    assert (chinese.code, chinese.err) == (0, "")
    assert "批次 2026Q2 筛查" in chinese.out
    assert "本批 2 件，以往批次 0 件" in chinese.out
    assert "另有 1 件尚未评价" in chinese.out
    assert "材料雷同  2026Q2-0001、2026Q2-0002" in chinese.out
    assert "也可能：" in chinese.out
    assert "  1  " in chinese.out
    assert "  2  " not in chinese.out
    english = run("--lang", "en", "round", "screen", NAME, "--least", "note", "--first", 1)
    assert "Screening of the round 2026Q2" in english.out
    assert "It may be innocent: " in english.out
    assert english.out.count("\n") == chinese.out.count("\n")


def test_lighter_signals_are_counted_where_they_are_not_shown(run: demo.Run) -> None:
    found = run("round", "screen", NAME, "--least", "strong", "--first", 0)
    assert "未列出 备注" in found.out
    assert "·" not in found.out.replace(" · ", "")


def test_all_of_it_is_written_as_a_workbook_and_as_data(run: demo.Run) -> None:
    assert "已写入 s.xlsx" in run("round", "screen", NAME, "-o", "s.xlsx").out
    assert "已写入 s.json" in run("round", "screen", NAME, "-o", "s.json").out
    plain = json.loads(Path("s.json").read_text(encoding="utf-8"))
    assert (plain["round"], plain["unassessed"], plain["cases"]) == (NAME, ["2026Q2-0003"], 2)
    book = openpyxl.load_workbook("s.xlsx")
    assert book.sheetnames == ["线索", "核查清单"]
    rows = [len([row for row in sheet.iter_rows(min_row=6, values_only=True) if any(row[1:])]) for sheet in book.worksheets]
    assert rows == [len(plain["signals"]), len(plain["inspections"])]


def test_a_file_is_not_overwritten_and_has_a_known_name(run: demo.Run) -> None:
    Path("s.xlsx").write_text("mine")
    found = run("round", "screen", NAME, "-o", "s.xlsx")
    assert (found.code, "file_exists" in found.err, Path("s.xlsx").read_text()) == (2, True, "mine")
    assert run("round", "screen", NAME, "-o", "s.xlsx", "--force").code == 0
    found = run("round", "screen", NAME, "-o", "s.pdf")
    assert (found.code, "screening_name" in found.err) == (2, True)


def test_known_ties_come_from_a_file_whose_mistakes_are_told_at_their_lines(run: demo.Run) -> None:
    Path("t.csv").write_text("name,applicant\n,示例园区1（虚构）\n孙示例,\n", encoding="utf-8")
    found = run("round", "screen", NAME, "--ties", "t.csv")
    assert (found.code, found.out) == (2, "")
    assert "第 3 行" in found.err
    assert "screen_cell_missing" in found.err
    costs = run("round", "screen", NAME, "--costs", "none.yaml")
    assert (costs.code, "file_unreadable" in costs.err) == (2, True)


def test_help_speaks_both_languages_and_nobody_need_say_who_they_are(run: demo.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENCERT_OFFICER")
    assert run("round", "screen", NAME).code == 0
    shown = run("--lang", "en", "round", "screen", "--help")
    assert shown.code == 0
    assert not any("\u4e00" <= char <= "\u9fff" for char in shown.out)
