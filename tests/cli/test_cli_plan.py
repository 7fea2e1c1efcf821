"""The commands of plans, as an officer types them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from engine import open_store
from tests.cli import demo
from tests.report.reading import read
from tests.rounds.store.history import Issued, put

PLAN = "jiaxing_2017"
HEAD = "指标,区域,年份,季度,数值,对象,来源,填报人\n"
AUDITS = "清洁生产审核,海宁市,2017,1,12,,审核台账,王某\n"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An officer at a desk of their own, with the library as it is delivered."""
    monkeypatch.delenv("GREENCERT_RULESETS")
    monkeypatch.chdir(tmp_path)
    for name in ("GREENCERT_DATABASE", "GREENCERT_WITNESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GREENCERT_OFFICER", "甲")


def written(rows: str = AUDITS, name: str = "一季度.csv") -> Path:
    path = Path(name)
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def certified() -> None:
    """Two factories and a park of 2017, in the store."""
    store = open_store("greencert.db")
    factories = [Issued("2017Q3", "green_factory", place, "2017-09-20") for place in ("haining", "nanhu")]
    put(store, [*factories, Issued("2017Q3", "green_park", "haining", "2017-09-20")])
    store.close()


def test_the_plans_of_the_library_are_listed(run: demo.Run) -> None:
    ran = run("plan", "list")
    assert (ran.code, PLAN in ran.out, "2017–2019" in ran.out) == (0, True, True)
    assert not Path("greencert.db").exists()


def test_values_are_entered_shown_corrected_and_taken_out(run: demo.Run) -> None:
    entered = run("plan", "enter", PLAN, written())
    assert (entered.code, "新填报 1 个" in entered.out) == (0, True)
    assert "12 家" in run("plan", "entries", PLAN).out
    again = run("plan", "enter", PLAN, written())
    assert (again.code, "measured_stored" in again.err, "已经填报为 12" in again.err) == (2, True, True)
    corrected = run("plan", "enter", PLAN, written(AUDITS.replace(",12,", ",13,")), "--correct", "--why", "抄错")
    assert corrected.code == 0
    assert "12 家" in corrected.out and "13 家" in corrected.out and "更正 1 个" in corrected.out
    assert "remove_reason" in run("plan", "remove", PLAN, "清洁生产审核", "海宁市", "2017Q1").err
    removed = run("plan", "remove", PLAN, "清洁生产审核", "海宁市", "2017Q1", "--why", "填错区域")
    assert (removed.code, "已删去：清洁生产审核，海宁市，2017Q1：13 家" in removed.out) == (0, True)
    assert "共 0 个数值" in run("plan", "entries", PLAN).out
    assert run("round", "audit").code == 0


def test_what_was_entered_is_shown_unrounded_with_its_unit(run: demo.Run) -> None:
    rows = "工业用水量,全市,2015,,20000.12345,,年鉴,李某\n分布式光伏发电应用,南湖区,2017,1,0.005,,月报,王某\n"
    assert run("plan", "enter", PLAN, written(rows)).code == 0
    shown = run("--lang", "en", "plan", "entries", PLAN).out
    assert "20000.12345 × 10 000 m3" in shown and "0.005 MW" in shown


def test_a_bad_file_is_refused_with_every_mistake_at_its_place_and_nothing_is_entered(run: demo.Run) -> None:
    rows = AUDITS + AUDITS.replace("海宁市", "杭州市") + AUDITS.replace(",12,", ",很多,") + "风电,海宁市,2017,1,1,,s,b\n"
    ran = run("plan", "enter", PLAN, written(rows))
    assert ran.code == 2
    for place, code in ((3, "measured_place_unknown"), (4, "number_malformed"), (5, "measured_unknown")):
        assert f"第 {place} 行  {code}" in ran.err.replace("\n", "")
    assert "共 0 个数值" in run("plan", "entries", PLAN).out


def test_who_enters_must_be_said(run: demo.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENCERT_OFFICER")
    ran = run("plan", "enter", PLAN, written())
    assert (ran.code, "officer_missing" in ran.err, "greencert plan enter" in ran.err) == (2, True, True)
    assert not Path("greencert.db").exists()


def test_progress_shows_targets_districts_what_is_due_and_both_figures(run: demo.Run) -> None:
    certified()
    run("plan", "enter", PLAN, written())
    ran = run("plan", "progress", PLAN, "--quarter", "2017Q3", "--today", "2018-01-05")
    assert ran.code == 0
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "截至 2017 年三季度末" in lines
    assert "统计证书 3 张（按 2017-09-30 的状态）、填报数值 1 个；培育名单取自批次 2017Q3" in lines
    # three of twelve quarters: 50 × 3/12; three of the four of 2017: 15 × 3/4 and 10 × 3/4
    assert [line for line in lines if line.startswith("绿色制造工厂 ")] != []
    assert any(line.startswith("绿色制造工厂 ") and line.endswith("2 / 50 家 12.5 进度滞后") for line in lines)
    part = lines[lines.index("2017 年绿色工厂：10 家以上，还是 15 家") :]
    assert part[4].endswith("2 / 10 家 7.5 进度滞后") and part[5].endswith("2 / 15 家 11.25 进度滞后")
    haining = [line for line in lines if line.startswith("海宁市 ")]
    assert haining[0].endswith("12/45 —/75 0/18 1/9 1/2") and haining[1].endswith("12/15 —/30 0/6 1/3 1/1")
    due = lines[lines.index("本季度工作清单") :]
    assert any("启动第一批申报工作" in line for line in due)


def test_progress_is_english_too(run: demo.Run) -> None:
    certified()
    ran = run("--lang", "en", "plan", "progress", PLAN, "--quarter", "2017Q3", "--today", "2018-01-05")
    assert ran.code == 0
    without_document = ran.out.replace("嘉工业强市办〔2017〕4号", "")
    assert not any("\u4e00" <= char <= "\u9fff" for char in without_document)
    assert "behind" in without_document and "Haining" in without_document


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_progress_fits_the_terminal(run: demo.Run, monkeypatch: pytest.MonkeyPatch, width: int, lang: str) -> None:
    certified()
    monkeypatch.setenv("COLUMNS", str(width))
    ran = run("--lang", lang, "plan", "progress", PLAN, "--quarter", "2017Q3", "--today", "2018-01-05")
    assert max(cell_len(line) for line in demo.plain_text(ran.out).splitlines()) <= width


def test_progress_is_written_into_files_that_say_the_same(run: demo.Run) -> None:
    certified()
    run("plan", "enter", PLAN, written())
    files = ["p.pdf", "p.xlsx", "p.json"]
    options = [word for file in files for word in ("-o", file)]
    ran = run("plan", "progress", PLAN, "--quarter", "2017Q3", "--today", "2018-01-05", *options)
    assert (ran.code, all(f"已写入：{file}" in ran.out for file in files)) == (0, True)
    assert "2/50家" in read(Path("p.pdf").read_bytes()).run
    plain = json.loads(Path("p.json").read_text(encoding="utf-8"))
    [factories] = [one for one in plain["targets"] if one["target"] == "headline_factories"]
    assert (factories["done"], factories["pace"], factories["state"]) == ("2", "12.5", "behind")
    book = openpyxl.load_workbook("p.xlsx")
    sheets = {name: [[cell.value for cell in row] for row in book[name].iter_rows()] for name in book.sheetnames}
    assert any("海宁市" in row and 12 in row and "审核台账" in row for row in sheets["填报数值"])
    assert sum("绿色工厂" in row for row in sheets["证书"]) == 2
    assert any(row[1:8] == ["绿色制造工厂", "全市", "—", 2, 50, 12.5, 48] for row in sheets["目标"])
    again = run("plan", "progress", PLAN, "--quarter", "2017Q3", "-o", "p.pdf")
    assert (again.code, "file_exists" in again.err) == (2, True)
    before = Path("p.xlsx").read_bytes()
    assert run("plan", "progress", PLAN, "--quarter", "2017Q3", "--today", "2018-01-05", "-o", "p.xlsx", "--force").code == 0
    assert Path("p.xlsx").read_bytes() == before


def test_json_goes_to_standard_output_alone(run: demo.Run) -> None:
    certified()
    ran = run("plan", "progress", PLAN, "--quarter", "2017Q3", "--json")
    assert json.loads(ran.out)["plan"] == PLAN


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("progress", "hangzhou_2017"), "plan_unknown"),
        (("progress", PLAN, "--quarter", "2018Q2"), "plan_quarter"),
        (("progress", PLAN, "--quarter", "third"), "plan_quarter"),
        (("progress", PLAN, "--round", "2031"), "round_unknown"),
        (("progress", PLAN, "-o", "p.docx"), "plan_out"),
        (("enter", "hangzhou_2017", "a.csv"), "plan_unknown"),
        (("enter", PLAN, "none.csv"), "file_unreadable"),
    ],
)
def test_what_cannot_be_is_refused(run: demo.Run, words: tuple[str, ...], code: str) -> None:
    certified()
    ran = run("plan", *words, "--today", "2018-01-05")
    assert (ran.code, code in ran.err) == (2, True)


def test_what_dossiers_tell_is_checked_and_then_entered(run: demo.Run, tmp_path: Path) -> None:
    sample = (Path(__file__).parents[2] / "samples" / "polyester_filament.yaml").read_text(encoding="utf-8")
    before = "number: 桐环清验（示例）〔2016〕052号, issuer: 桐乡市环境保护局, issued: 2016-11-28"
    assert before in sample
    dossier = tmp_path / "a.yaml"
    dossier.write_text(sample.replace(before, before.replace("2016-11-28", "2017-05-08")), encoding="utf-8")
    assert run("round", "open", "2017Q3", "--scheme", PLAN, "--today", "2017-08-01").code == 0
    assert run("round", "add", "2017Q3", dossier, "--today", "2026-12-01").code == 0
    assert run("round", "run", "2017Q3", "--no-reports", "--processes", 1).code == 0
    told = run("plan", "propose", PLAN, "2017Q3", "-o", "audits.csv")
    assert (told.code, "材料中有 2 项，可填报 1 项" in told.out, "2015-12-18 不在计划期内" in told.out) == (0, True, True)
    assert "共 0 个数值" in run("plan", "entries", PLAN).out
    assert run("plan", "enter", PLAN, "audits.csv").code == 0
    shown = run("plan", "entries", PLAN).out
    assert "桐乡市" in shown and "2017Q2" in shown and "2017-05-08 (2017Q3-0001)" in shown
    assert "已经填报" in run("plan", "propose", PLAN, "2017Q3").out
    assert "file_exists" in run("plan", "propose", PLAN, "2017Q3", "-o", "audits.csv").err
    assert "plan_proposed" in run("plan", "propose", PLAN, "2017Q3", "-o", "audits.xlsx").err
    near = run("plan", "progress", PLAN, "--quarter", "2017Q3")
    assert "培育名单" in near.out and "2017Q3-0001" not in near.out.split("本季度工作清单")[0]


def test_looking_makes_no_store(run: demo.Run) -> None:
    for words in (("entries", PLAN), ("progress", PLAN)):
        assert "store_missing" in run("plan", *words).err
    assert not Path("greencert.db").exists()


def test_help_is_english_too(run: demo.Run) -> None:
    for command in ("list", "enter", "propose", "remove", "entries", "progress"):
        shown = run("--lang", "en", "plan", command, "--help")
        assert shown.code == 0
        assert not any("\u4e00" <= char <= "\u9fff" for char in shown.out)
