"""The calendar of an office as rows, as data, and as an iCalendar file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rounds.surveillance import (
    Certificate,
    Document,
    Due,
    by_district,
    calendar,
    calendar_ics,
    calendar_plain,
    calendar_rows,
    overdue,
)
from engine.rounds.surveillance.ics import escaped, folded
from tests.rounds.surveillance.made import ALL, EVERY_3_YEARS, certificate, event, rules


def shown(*holders: Certificate, day: str, days: int, papers: tuple[Document, ...] = ()) -> list[tuple[str, str, str]]:
    found = calendar([(each, []) for each in holders], rules(), day, days, papers)
    return [(each.day, each.kind.value, each.certificate) for each in found]


C = certificate()


@pytest.mark.parametrize(
    ("day", "days", "count"), [("2021-01-04", 9, 0), ("2021-01-04", 10, 1), ("2021-01-14", 0, 1), ("2021-01-15", 30, 0)]
)
def test_the_end_of_a_certificate_is_shown_within_the_window(day: str, days: int, count: int) -> None:
    assert len(shown(C, day=day, days=days)) == count


@pytest.mark.parametrize(("handed", "count"), [(None, 1), ("2019-04-01", 0), ("2019-04-03", 1)])
def test_an_annual_update_is_shown_until_it_is_handed_in(handed: str | None, count: int) -> None:
    events = [event(handed, "annual_update", year=2019)] if handed else []
    assert len(calendar([(C, events)], rules(), "2019-04-02", 30)) == count


def test_a_re_evaluation_after_three_years_is_shown() -> None:
    found = calendar([(certificate(until=""), [])], rules(duties=[EVERY_3_YEARS]), "2021-01-01", 20)
    assert [(each.day, each.key) for each in found] == [("2021-01-15", "again.1")]


def test_notice_and_appeal_periods_are_shown() -> None:
    found = calendar([(C, [event("2018-03-01", "inspection_open")])], ALL, "2018-03-01", 30)
    assert [(each.day, each.kind.value) for each in found] == [("2018-03-11", "notice"), ("2018-03-21", "appeal")]
    assert found[0].what.zh == "2018-03-01 暂停决定的告知期届满"
    assert found[1].what.en == "The appeal period of the suspension of 2018-03-01 ends"


def test_documents_that_run_out_are_shown() -> None:
    papers = (
        Document("C1", "E1", "排污许可证", "2018-06-30"),
        Document("C2", "E1", "别家的", "2018-06-30"),
        Document("C1", "E2", "长期", ""),
    )
    assert shown(C, day="2018-06-01", days=30, papers=papers) == [("2018-06-30", "document", "C1")]


def test_nothing_is_due_of_what_has_expired_or_is_not_yet_issued() -> None:
    assert shown(C, day="2021-01-15", days=4000) == shown(C, day="2017-12-01", days=4000) == []


def test_of_a_withdrawn_certificate_only_the_appeal_is_shown() -> None:
    found = calendar([(C, [event("2018-03-01", "false_data")])], ALL, "2018-03-12", 4000)
    assert [(each.day, each.kind.value) for each in found] == [("2018-03-21", "appeal")]


def test_the_calendar_is_in_order_and_by_office() -> None:
    holders = [certificate(number="C2", district="xiuzhou"), certificate(number="C3", until="2021-01-10"), C]
    assert shown(*holders, day="2021-01-01", days=20) == [
        ("2021-01-10", "certificate", "C3"),
        ("2021-01-14", "certificate", "C1"),
        ("2021-01-14", "certificate", "C2"),
    ]
    offices = by_district(calendar([(each, []) for each in holders], rules(), "2021-01-01", 20))
    assert {district: [each.certificate for each in part] for district, part in offices.items()} == {
        "nanhu": ["C3", "C1"],
        "xiuzhou": ["C2"],
    }


def test_rules_may_differ_by_kind() -> None:
    with pytest.raises(KeyError):
        calendar([(C, [])], {"green_park": rules()}, "2018-03-01", 1)
    assert calendar([(C, [])], {"green_factory": rules()}, "2021-01-14", 0)


@pytest.mark.parametrize(
    ("day", "handed", "late"),
    [("2019-04-15", None, []), ("2019-04-16", None, ["2019-04-15"]), ("2019-05-02", "2019-05-02", []), ("2021-01-15", None, [])],
)
def test_what_is_late_is_listed_until_it_is_handed_in(day: str, handed: str | None, late: list[str]) -> None:
    events = [event(handed, "annual_update", year=2019)] if handed else []
    assert [each.day for each in overdue([(C, events)], rules(), day)] == late


ENDS = calendar([(C, [])], rules(), "2021-01-01", 20)


def test_rows_have_a_head_and_the_same_cells_in_both_languages() -> None:
    assert calendar_rows(ENDS) == [
        ["日期", "区县", "证书编号", "持证单位", "事项", "内容"],
        ["2021-01-14", "nanhu", "C1", "甲公司", "证书到期", "证书有效期届满"],
    ]
    assert calendar_rows(ENDS, "en")[1][-2:] == ["Certificate", "The certificate ends"]


def test_plain_data_says_the_same() -> None:
    assert calendar_plain(ENDS) == [
        {
            "day": "2021-01-14",
            "kind": "certificate",
            "district": "nanhu",
            "certificate": "C1",
            "holder": "甲公司",
            "key": "",
            "what": {"zh": "证书有效期届满", "en": "The certificate ends"},
        }
    ]


# --- RFC 5545 ---


def unfolded(raw: bytes) -> list[str]:
    return raw.decode().replace("\r\n ", "").split("\r\n")


def test_an_ics_file_is_what_the_standard_asks_for() -> None:
    raw = calendar_ics(ENDS, "2021-01-01")
    assert raw.count(b"\n") == raw.count(b"\r\n") and raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = unfolded(raw)
    uid = next(line for line in lines if line.startswith("UID:"))
    assert re.fullmatch(r"UID:[0-9a-f]{32}@greencert", uid)
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//greencert//surveillance//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        uid,
        "DTSTAMP:20210101T000000Z",
        "DTSTART;VALUE=DATE:20210114",
        "SUMMARY;LANGUAGE=zh-CN:证书到期：甲公司",
        "DESCRIPTION;LANGUAGE=zh-CN:证书有效期届满\\n证书：C1\\n持证单位：甲公司",
        "CATEGORIES:nanhu",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def uids(found: tuple[Due, ...], day: str) -> list[str]:
    return [line for line in unfolded(calendar_ics(found, day)) if line.startswith("UID:")]


def test_an_event_keeps_its_uid_when_its_day_moves() -> None:
    passed = [event("2020-12-01", "reevaluation_result", result="passed")]
    moved = calendar([(C, passed)], rules(duties=[]), "2024-01-01", 20)
    assert [each.day for each in moved] == ["2024-01-14"]
    assert uids(moved, "2024-01-01") == uids(ENDS, "2021-01-01")


def test_every_event_has_a_uid_of_its_own() -> None:
    found = calendar([(C, [event("2018-03-01", "inspection_open")])], ALL, "2018-03-01", 3000)
    named = uids(found, "2018-03-01")
    assert len(set(named)) == len(named) == len(found) > 4


@pytest.mark.parametrize(
    ("text", "written"),
    [("a;b,c\\d", "a\\;b\\,c\\\\d"), ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"), ("bell\x07 null\x00", "bell null")],
)
def test_texts_are_escaped(text: str, written: str) -> None:
    assert escaped(text) == written


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=300))
def test_folding_keeps_the_text_and_the_width(text: str) -> None:
    parts = folded(text).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert all(part.startswith(" ") for part in parts[1:])
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == text


def test_a_continued_line_is_as_wide_as_the_first() -> None:
    assert [len(part) for part in folded("a" * 230).split("\r\n")] == [75, 75, 75, 8]


def test_an_empty_calendar_is_a_calendar() -> None:
    assert unfolded(calendar_ics((), "2021-01-01"))[-2:] == ["END:VCALENDAR", ""]
