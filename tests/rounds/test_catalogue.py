"""What is made public names exactly whom the book certifies or proposes, in the stated order, and as csv is no formula."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report.catalogue import PublicList, list_bytes
from engine.rounds.book import Issued, RoundBook
from engine.rounds.catalogue import FACTORY, PRODUCT, catalogue, catalogue_csv, publicity_list
from engine.rounds.csv_text import Number, csv_bytes, guarded
from engine.rounds.names import Names
from tests.report.reading import Read, read
from tests.rounds.books import EMPTY, FORMULA, LONG, SENDER, application, book, names

STARTS, ENDS = "2017-12-01", "2017-12-15"


def printed(listed: PublicList, lang: str = "zh") -> Read:
    return read(list_bytes(listed, lang)[0])


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def with_products(*changes: dict[str, Any]) -> RoundBook:
    return replace(book(), applications=tuple(replace(application("BABY_W"), **change) for change in changes))


# --- the catalogue ---


def test_the_catalogue_has_whom_a_certificate_in_force_names() -> None:
    listed = rows(catalogue_csv(book(), names(), SENDER.day))
    assert [row[0] for row in listed[1:]] == ["JX-DYEING", "JX-PARK_T", "JX-BABY_W"]  # the withdrawn one is left out


def test_each_row_says_who_where_by_which_standard_for_what_and_until_when() -> None:
    (row,) = rows(catalogue_csv(book(), names(), SENDER.day, kinds=(PRODUCT,)))[1:]
    given = application("BABY_W")
    assert row == [
        "JX-BABY_W",
        "绿色产品",
        given.name,
        given.credit_code,
        "平湖市",
        names().standard(given.standard, "zh"),
        given.products,
        "JX-PR-2017-0001",
        "2017-12-15",
        "2020-12-14",
    ]
    run = printed(catalogue(book(), names(), SENDER, kinds=(PRODUCT,))).run
    assert all(squeezed(text) in run for text in row[2:8]) and "至2020-12-14" in run and "全市绿色产品目录" in run


@pytest.mark.parametrize(("day", "count"), [("2017-12-14", 0), ("2017-12-15", 1), ("2020-12-14", 1), ("2020-12-15", 0)])
def test_a_certificate_is_listed_from_its_first_day_to_its_last(day: str, count: int) -> None:
    assert len(rows(catalogue_csv(book(), names(), day, kinds=(FACTORY,)))) - 1 == count


@pytest.mark.parametrize(("state", "count"), [("valid", 1), ("warned", 1), ("suspended", 0), ("withdrawn", 0)])
def test_only_what_is_in_force_is_listed(state: str, count: int) -> None:
    made = with_products({"certificate": Issued("C-1", "2017-12-15", "", state)})
    assert len(rows(catalogue_csv(made, names(), SENDER.day))) - 1 == count


def test_rows_come_by_kind_district_and_number_whatever_order_the_book_has() -> None:
    made = with_products(
        {"number": "2", "district": "port"}, {"number": "3", "district": "nanhu"}, {"number": "1", "district": "port"}, {"number": "0"}
    )
    factories = replace(made, applications=(*made.applications, application("DYEING")))
    assert [row[0] for row in rows(catalogue_csv(factories, names(), SENDER.day))[1:]] == ["JX-DYEING", "3", "0", "1", "2"]


def test_titles_go_by_what_is_listed() -> None:
    assert catalogue(book(), names(), SENDER, kinds=(FACTORY,)).title == "绿色工厂名单"
    assert catalogue(book(), names(), SENDER).title == "绿色制造名录"
    assert catalogue(book(), names(), SENDER, kinds=("green_park",)).title == "绿色园区"


def test_the_catalogue_counts_its_own_rows() -> None:
    assert "共3个" in printed(catalogue(book(), names(), SENDER)).run


def test_long_names_are_printed_whole_and_heads_repeat() -> None:
    given = application("BABY_W").certificate
    assert given is not None
    made = with_products(*({"number": f"N{i:03}", "name": LONG, "certificate": replace(given, number=f"C{i:03}")} for i in range(30)))
    found = printed(catalogue(made, names(), SENDER, kinds=(PRODUCT,)))
    assert found.run.count(LONG) == 30 and all(f"C{i:03}" in found.run for i in range(30))
    assert len(found.pages) > 2 and all("证书编号" in page for page in found.pages[:-1])


# --- publicity ---


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_publicity_list_names_everybody_proposed_and_the_days_as_given(lang: str) -> None:
    run = printed(publicity_list(book(), names(), SENDER, STARTS, ENDS, lang), lang).run
    proposed = [one for one in book().applications if one.decision == "certify"]
    assert len(proposed) == 5 and all(squeezed(one.name) in run and one.credit_code in run for one in proposed)
    assert squeezed(application("POLYES").name) not in run
    assert ("自2017年12月1日至2017年12月15日" if lang == "zh" else "from2017-12-01to2017-12-15") in run


def test_scores_and_ranks_are_shown_only_where_asked() -> None:
    assert "89.85" not in printed(publicity_list(book(), names(), SENDER, STARTS, ENDS)).run
    shown = printed(publicity_list(book(), names(), SENDER, STARTS, ENDS, scores=True)).run
    assert "189.85" in shown and "名次得分" in shown  # rank 1, 89.85 points


def test_with_scores_names_come_by_rank_and_without_by_number() -> None:
    made = with_products({"number": "1", "rank": 2, "name": "甲"}, {"number": "2", "rank": 1, "name": "乙"})

    def order(scores: bool) -> list[object]:
        (part,) = publicity_list(made, names(), SENDER, STARTS, ENDS, scores=scores).parts
        return [row[1].text for row in part.rows if len(row) > 1]  # type: ignore[union-attr]

    assert order(True) == ["乙", "甲"] and order(False) == ["甲", "乙"]


def test_how_to_object_is_as_the_office_gives_it() -> None:
    run = printed(publicity_list(book(), names(), SENDER, STARTS, ENDS)).run
    assert "可依据《示例管理办法》第九条向示例办公室书面反映" in run and "15日内" not in run  # published from day to day
    assert "异议" not in printed(publicity_list(book(), names(), SENDER.model_copy(update={"objection": None}), STARTS, ENDS)).run


def test_an_empty_round_says_that_there_is_nobody() -> None:
    assert "没有拟认定的单位" in printed(publicity_list(EMPTY, Names(), SENDER, STARTS, ENDS)).run
    assert "共0个" in printed(catalogue(EMPTY, Names(), SENDER)).run
    assert len(rows(catalogue_csv(EMPTY, Names(), SENDER.day))) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_lists_are_equal_bytes_without_problems(lang: str) -> None:
    listed = catalogue(book(), names(), SENDER, lang)
    first, problems = list_bytes(listed, lang)
    assert problems == [] and list_bytes(listed, lang)[0] == first


# --- csv ---


def test_csv_has_a_byte_order_mark_and_the_line_ends_of_the_standard() -> None:
    assert csv_bytes(["甲", "b"], [['x"y', "1,2"], ["p\nq", "r"]]) == '\ufeff甲,b\r\n"x""y","1,2"\r\n"p\nq",r\r\n'.encode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "　＝1", "＋1", "'a", FORMULA])
def test_a_text_that_looks_like_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "甲厂", "—", "a=b", "1-2", " 甲"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


def test_numbers_keep_their_sign() -> None:
    assert csv_bytes(["a"], [[Number("-1.50")]]) == b"\xef\xbb\xbfa\r\n-1.50\r\n"


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2), max_size=4))
def test_every_text_is_read_back_as_written_once_its_apostrophe_is_taken_away(table: list[list[str]]) -> None:
    back = rows(csv_bytes(["a", "b"], table))[1:]
    assert [[text.removeprefix("'") for text in row] for row in back] == table
