"""The commands of surveillance, as an officer types them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import Act, open_store
from engine.rounds.store.models import ApplicationRow
from tests.cli import demo
from tests.report.reading import read
from tests.rounds.store.dossiers import credit_code
from tests.rounds.store.issued import FIRST, SECOND, issued

TODAY = ("--today", "2027-10-05")
ACCIDENT = f"certificate={FIRST}", "document=嘉应急〔2027〕31号", "grade=larger", "day=2027-08-01"


@pytest.fixture(scope="module")
def store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two certificates, in two districts."""
    folder = tmp_path_factory.mktemp("issued")
    store = open_store(str(folder / "g.db"))
    issued(store, folder)
    with store.change(Act("甲", "2026-05-16T00:00:00Z", "test", "districts")) as session:
        for row, district in zip(session.query(ApplicationRow).order_by(ApplicationRow.number), ("nanhu", "haining"), strict=True):
            row.district = district
    store.close()
    return folder / "g.db"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_file: Path) -> Iterator[None]:
    """An officer at a desk of their own, with the certificates of the store."""
    for name in ("GREENCERT_RULESETS", "GREENCERT_DATABASE", "GREENCERT_WITNESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GREENCERT_OFFICER", "甲")
    for suffix in ("", "-wal", "-shm", ".witness"):
        if (path := Path(f"{store_file}{suffix}")).exists():
            Path(f"greencert.db{suffix}").write_bytes(path.read_bytes())
    yield


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_an_event_is_entered_and_its_certificate_shown_as_it_stands_then(run: demo.Run) -> None:
    found = run("surveillance", "record", "accident", *ACCIDENT, *TODAY)
    assert (found.code, "新登记 1 件，此前已登记 0 件" in found.out, "‖ 暂停" in found.out) == (0, True, True)
    assert SECOND not in found.out
    again = run("surveillance", "record", "accident", *ACCIDENT, *TODAY)
    assert (again.code, "新登记 0 件，此前已登记 1 件" in again.out) == (0, True)
    assert run("round", "audit").code == 0


def test_a_file_is_entered_whole_or_not_at_all(run: demo.Run) -> None:
    Path("good.csv").write_text(
        f"日期,事件,证书编号,来源文件,登记人,事故等级\n2027-08-01,accident,{FIRST},嘉应急〔2027〕31号,李,larger\n", encoding="gb18030"
    )
    Path("bad.csv").write_text(
        f"day,kind,certificate,document,entered_by,grade\n2027-08-01,accident,{SECOND},d,李,larger\n2027-08-02,accident,X,d,李,huge\n",
        encoding="utf-8",
    )
    refused = run("surveillance", "enter", "good.csv", "bad.csv", *TODAY)
    assert (refused.code, "surveillance_certificate_unknown" in refused.err, "第 3 行" in refused.err) == (2, True, True)
    assert "accident" not in run("surveillance", "status", "--json", *TODAY).out
    assert "新登记 1 件" in run("surveillance", "enter", "good.csv", *TODAY).out


def test_who_enters_must_be_said_and_who_looks_not(run: demo.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENCERT_OFFICER")
    found = run("surveillance", "record", "accident", *ACCIDENT, *TODAY)
    assert (found.code, "officer_missing" in found.err, "greencert surveillance record" in found.err) == (2, True, True)
    assert run("surveillance", "status", *TODAY).code == 0


def test_an_event_of_its_fields_is_refused_at_the_field(run: demo.Run) -> None:
    found = run("surveillance", "record", "accident", f"certificate={FIRST}", "document=d", "grade=huge", *TODAY)
    assert (found.code, "grade surveillance_unknown" in squeezed(found.err)) == (2, True)
    assert "recheck_pair" in run("surveillance", "record", "accident", "grade", *TODAY).err
    assert "value_not_allowed" in run("surveillance", "record", "fire", "document=d", *TODAY).err
    assert "surveillance_future" in run("surveillance", "record", "accident", *ACCIDENT, "day=2027-10-06", *TODAY).err


def test_the_status_of_all_and_of_one(run: demo.Run) -> None:
    run("surveillance", "record", "accident", *ACCIDENT, *TODAY)
    listed = run("surveillance", "status", *TODAY)
    assert "暂停 2" in listed.out and "尚未了结的决定（5）" in listed.out
    assert "警示 2" in run("surveillance", "status", "--date", "2027-04-16").out
    assert FIRST not in run("surveillance", "status", "--district", "haining", *TODAY).out
    one = run("surveillance", "status", FIRST, *TODAY)
    for said in ("决定（3）", "发生较大事故", "事件（1）", "嘉应急〔2027〕31号", "应报事项", "已逾期（1）", "未经核对确认"):
        assert said in one.out, said
    assert "surveillance_certificate_unknown" in run("surveillance", "status", "JX-0", *TODAY).err
    assert "day_wrong" in run("surveillance", "status", "--date", "2027-02-30").err


def test_the_status_as_json_has_the_histories(run: demo.Run) -> None:
    first, second = json.loads(run("surveillance", "status", "--json", *TODAY).out)
    assert (first["certificate"], first["state"], first["holder"]) == (FIRST, "suspended", "示例园区1（虚构）")
    assert [each["decision"] for each in second["decisions"]] == ["warn", "suspend"]


def test_notices_are_listed_and_written_as_letters(run: demo.Run) -> None:
    run("surveillance", "record", "accident", *ACCIDENT, *TODAY)
    of_today = run("surveillance", "notices", *TODAY)
    assert (of_today.code, "没有作出决定" in of_today.out) == (0, True)
    written = run("surveillance", "notices", FIRST, "--since", "2027-08-01", "-o", "letters", "--office", "示例办公室", *TODAY)
    assert (written.code, "通知函 1 份" in written.out) == (0, True)
    (letter,) = Path("letters").iterdir()
    assert letter.name == f"{FIRST}_2027-08-01_suspension.pdf"
    run_ = read(letter.read_bytes()).run
    for said in ("示例办公室", "发生较大事故", "嘉应急〔2027〕31号", "2027年8月16日"):
        assert re.sub(r"\s", "", said) in run_, said
    first = letter.read_bytes()
    run("surveillance", "notices", FIRST, "--since", "2027-08-01", "-o", "letters", "--office", "示例办公室", *TODAY)
    assert letter.read_bytes() == first


def test_letters_need_an_office_and_a_day_that_has_come(run: demo.Run) -> None:
    assert "sender_missing" in run("surveillance", "notices", "-o", "letters", *TODAY).err
    late = run("surveillance", "notices", "--until", "2027-10-06", "-o", "letters", "--office", "x", *TODAY)
    assert (late.code, "notices_future" in late.err, Path("letters").exists()) == (2, True, False)


def test_the_calendar_is_by_district_as_table_json_and_ics(run: demo.Run) -> None:
    run("surveillance", "record", "accident", *ACCIDENT[:-1], "day=2027-10-01", *TODAY)
    found = run("surveillance", "calendar", "--days", "20", "--ics", "due.ics", *TODAY)
    assert found.out.index("haining") < found.out.index("nanhu")
    assert "将到期 1 项，已逾期 2 项" in found.out
    ics = Path("due.ics").read_bytes()
    assert ics.count(b"BEGIN:VEVENT") == 1 and b"DTSTART;VALUE=DATE:20271016" in ics
    plain = json.loads(run("surveillance", "calendar", "--days", "20", "--district", "nanhu", "--json", *TODAY).out)
    assert [(each["day"], each["certificate"]) for each in plain["due"]] == [("2027-10-16", FIRST)]
    assert [(each["day"], each["certificate"]) for each in plain["late"]] == [("2027-04-15", FIRST)]


def test_the_lowest_are_refused_where_the_rules_rank_nobody(run: demo.Run) -> None:
    found = run("surveillance", "lowest", "2026Q2", *TODAY)
    assert (found.code, "lowest_none" in found.err) == (2, True)
    assert "lowest_document" in run("surveillance", "lowest", "2026Q2", "--enter", *TODAY).err


def test_results_are_english_too(run: demo.Run) -> None:
    run("surveillance", "record", "accident", *ACCIDENT, *TODAY)
    assert "Decisions going on (5)" in run("--lang", "en", "surveillance", "status", *TODAY).out
    assert "larger accident" in run("--lang", "en", "surveillance", "status", FIRST, *TODAY).out
    assert "2 are late" in run("--lang", "en", "surveillance", "calendar", *TODAY).out
    assert "cli." not in run("--lang", "en", "surveillance", "notices", "--since", "2027-01-01", *TODAY).out


def test_an_event_may_be_about_a_holder(run: demo.Run) -> None:
    found = run("surveillance", "record", "dishonest", f"credit_code={credit_code(2)}", "document=执行公告", *TODAY)
    assert (found.code, SECOND in found.out, FIRST in found.out) == (0, True, False)
