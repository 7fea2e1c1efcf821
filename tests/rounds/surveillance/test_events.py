"""Events from files: YAML, JSON and CSV give the same; every mistake is named at its line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from engine.problems import ProblemList, Severity
from engine.rounds.surveillance import Event, EventKind, Surveillance, check_words, in_order, load_surveillance, written_events
from tests.rounds.surveillance.made import CODE, rules

HEADS = "day,kind,certificate,document,entered_by,year,grade,penalty,amount,result,decision"
GOOD = f"""\
events:
- {{day: "2018-06-01", kind: penalty, certificate: C1, document: 决定书, entered_by: 李, penalty: fine, amount: "12,000.50"}}
- {{day: "2018-04-01", kind: annual_update, credit_code: {CODE.lower()}, document: 更新表, entered_by: 李, year: "2018"}}
"""
EXPECTED = (
    Event("2018-04-01", EventKind.ANNUAL_UPDATE, "更新表", "李", credit_code=CODE, year=2018),
    Event("2018-06-01", EventKind.PENALTY, "决定书", "李", "C1", penalty="fine", amount=Fraction(24001, 2)),
)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def read(path: Path, by: Surveillance | None = None) -> tuple[tuple[Event, ...], ProblemList]:
    """The events of a file in order, and every Problem."""
    problems = ProblemList()
    written = written_events(path, problems)
    for one in written if by else ():
        check_words(one, [by] if by else [], problems)
    return tuple(in_order(one.event for one in written)), problems


def found(path: Path, by: Surveillance | None = None) -> list[tuple[str, int | None]]:
    """The codes of all Problems with their lines."""
    return [(problem.code, problem.where.line) for problem in read(path, by)[1]]


def test_yaml(tmp_path: Path) -> None:
    assert read(write(tmp_path, "e.yaml", GOOD))[0] == EXPECTED


def test_json(tmp_path: Path) -> None:
    text = '{"events": [{"day": "2018-06-01", "kind": "false_data", "certificate": "C1", "document": "d", "entered_by": "e"}]}'
    assert read(write(tmp_path, "e.json", text))[0] == (Event("2018-06-01", EventKind.FALSE_DATA, "d", "e", "C1"),)


CSV = f"""\
日期,事件,证书编号,统一社会信用代码,来源文件,登记人,年度,处罚种类,金额（元）
2018-06-01,penalty,C1,,决定书,李,,fine,"12,000.50"

2018-04-01,annual_update,,{CODE},更新表,李,2018,,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_with_chinese_heads(tmp_path: Path, encoding: str) -> None:
    assert read(write(tmp_path, "e.csv", CSV, encoding))[0] == EXPECTED


def test_csv_with_names_as_heads_and_tabs(tmp_path: Path) -> None:
    text = "day\tkind\tcertificate\tdocument\tentered_by\n2018-06-01\tdelisted\tC1\t名单\t李\n"
    assert read(write(tmp_path, "e.csv", text))[0] == (Event("2018-06-01", EventKind.DELISTED, "名单", "李", "C1"),)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2018-02-29,delisted,C1,名单,李,,,,,,", "calendar_day"),
        ("2018/02/28,delisted,C1,名单,李,,,,,,", "calendar_day"),
        ("2018-02-28,gone,C1,名单,李,,,,,,", "value_not_allowed"),
        ("2018-02-28,delisted,C1,,李,,,,,,", "key_missing"),
        ("2018-02-28,delisted,C1,名单,,,,,,,", "key_missing"),
        ("2018-02-28,delisted,,名单,李,,,,,,", "surveillance_event_of_nobody"),
        ("2018-02-28,annual_update,C1,更新表,李,,,,,,", "surveillance_event_lacks"),
        ("2018-02-28,annual_update,C1,更新表,李,18,,,,,", "value_malformed"),
        ("2018-02-28,accident,C1,通报,李,,,,,,", "surveillance_event_lacks"),
        ("2018-02-28,accident,C1,通报,李,,huge,,,,", "surveillance_unknown"),
        ("2018-02-28,penalty,C1,决定书,李,,,,,,", "surveillance_event_lacks"),
        ("2018-02-28,penalty,C1,决定书,李,,,odd,,,", "surveillance_unknown"),
        ("2018-02-28,penalty,C1,决定书,李,,,fine,many,,", "surveillance_amount"),
        ("2018-02-28,penalty,C1,决定书,李,,,fine,-1,,", "surveillance_amount"),
        ("2018-02-28,reevaluation_result,C1,报告,李,,,,,maybe,", "value_not_allowed"),
        ("2018-02-28,delisted,C1,名单,李,,small,,,,", "surveillance_event_extra"),
        ("2018-02-28,delisted,C1,名单,李,,,,,,2018-01-01", "surveillance_event_extra"),
        ("2018-02-28,delisted,C1,名单,李,,,,,,,extra", "key_unknown"),
    ],
)
def test_a_mistake_is_named_at_its_line(tmp_path: Path, row: str, code: str) -> None:
    good = "2018-02-01,delisted,C1,名单,李,,,,,,"
    path = write(tmp_path, "e.csv", f"{HEADS}\n{good}\n{row}\n")
    assert found(path, rules()) == [(code, 3)]


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('"2018-06-01"', '"2018-06-31"').replace("kind: annual_update", "kind: update")
    assert found(write(tmp_path, "e.yaml", text)) == [("calendar_day", 2), ("value_not_allowed", 3)]


def test_an_event_that_stands_twice_is_a_warning(tmp_path: Path) -> None:
    row = "2018-02-28,delisted,C1,名单,{},,,,,,"
    path = write(tmp_path, "e.csv", "\n".join([HEADS, row.format("李"), row.format("王")]))
    events, problems = read(path)
    assert len(events) == 1
    assert [(each.code, each.severity, each.where.line) for each in problems] == [("surveillance_event_twice", Severity.WARNING, 3)]


@pytest.mark.parametrize(("text", "code"), [("", "file_empty"), ('day,kind\n"2018', "table_csv")])
def test_a_csv_file_that_is_none(tmp_path: Path, text: str, code: str) -> None:
    assert [each for each, _ in found(write(tmp_path, "e.csv", text))] == [code]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert [code for code, _ in found(tmp_path / "none.csv")] == [code for code, _ in found(tmp_path / "none.yaml")] == ["file_unreadable"]


def test_every_problem_reads_in_both_languages(tmp_path: Path) -> None:
    path = write(tmp_path, "e.csv", f"{HEADS}\n2018-02-28,accident,,通报,李,2018,,,x,,\n")
    problems = list(read(path, load_surveillance("jiaxing_2017"))[1])
    assert len(problems) == 4
    assert all(each.what(lang) and each.fix(lang) for each in problems for lang in ("zh", "en"))


def test_events_of_a_day_have_one_order() -> None:
    kinds = list(EventKind)
    events = [Event("2018-02-28", kind, "d", "e", "C1") for kind in kinds]
    assert [each.kind for each in in_order(reversed(events))] == kinds
