"""The workbook, the csv of applications and the summary of a round show the book's numbers as numbers and its texts as texts."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any

import openpyxl
import pytest

from engine.assess.results import Interval
from engine.report.round_summary import round_summary_bytes
from engine.rounds.book import RoundBook, Submission
from engine.rounds.columns import APPLICATION, applications_csv
from engine.rounds.names import Names
from engine.rounds.summary import summary_of
from engine.rounds.workbook import round_workbook
from engine.texts import say
from tests.report.reading import read
from tests.rounds.books import EMPTY, FORMULA, SENDER, application, book, names

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", FORMULA, "\t=1", "{=1}", "http://example.invalid", "00123", "1e5")
HEAD = 5
"""The row of heads on a sheet with one table."""


@cache
def written(lang: str = "zh") -> Any:
    return opened(round_workbook(book(), names(), SENDER, lang))


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet's table by the hidden keys of their columns."""
    keys = [cell.value for cell in sheet[1]][1:]
    values = sheet.iter_rows(min_row=HEAD + 1, min_col=2, values_only=True)
    return [dict(zip(keys, row, strict=True)) for row in values]


def table(role: str, workbook: Any = None) -> list[dict[str, Any]]:
    found = workbook or written()
    return rows(next(sheet for sheet in found if sheet["A1"].value == f"greencert:{role}"))


def by_number(role: str) -> dict[str, dict[str, Any]]:
    return {row["number"]: row for row in table(role)}


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# --- the workbook ---


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_has_its_sheet(lang: str) -> None:
    roles = [sheet["A1"].value.removeprefix("greencert:").partition(":")[0] for sheet in written(lang)]
    assert list(dict.fromkeys(roles)) == [
        "overview",
        "applications",
        "criteria",
        "ranking",
        "rechecks",
        "objections",
        "certificates",
        "submissions",
        "problems",
        "rules",
    ]
    assert written(lang).sheetnames[1] == say("round_book.sheet.applications", lang)


def test_every_application_has_its_row_with_its_own_values() -> None:
    found = by_number("applications")
    assert set(found) == {one.number for one in book().applications}
    row, given = found["JX-POLYES"], application("POLYES")
    assert row["name"] == given.name and row["credit_code"] == given.credit_code and row["third_party"] == given.third_party
    assert (row["low"], row["high"], row["max"], row["mark"]) == (81.5, 81.5, 100, None)
    assert (row["rank"], row["place"], row["decision"], row["reason"]) == (2, "递补", "不予认定", "名额已用完")
    assert (row["outcome"], row["settled"], row["provisional"]) == ("已评分（方案未设通过线）", "是", "是")
    assert (row["rechecks"], row["objections"], row["dossier_sha256"]) == (1, 0, given.dossier_sha256)
    assert found["JX-DYEING"]["valid_until"] == datetime(2020, 12, 14)


def test_an_open_score_has_both_ends_and_one_without_bound_says_so() -> None:
    row = by_number("applications")["JX-PAPER_"]
    assert (row["low"], row["high"]) == (40.51, 83.17)
    unbounded = replace(application("PAPER_"), score=Interval(Fraction(7, 3), None))
    (row,) = table("applications", opened(round_workbook(replace(book(), applications=(unbounded,)), names(), SENDER)))
    assert (row["low"], row["high"]) == (2.33, "没有上限")


def test_what_has_not_been_assessed_has_no_numbers() -> None:
    row = by_number("applications")["JX-WAIT"]
    assert (row["outcome"], row["low"], row["high"], row["settled"], row["rank"]) == ("尚未评价", None, None, None, None)


def test_scores_show_the_places_that_reports_print() -> None:
    sheet = written()[say("round_book.sheet.applications")]
    column = [cell.value for cell in sheet[1]].index("low") + 1
    formats = {sheet.cell(HEAD + 1 + i, column).number_format for i, row in enumerate(table("applications")) if row["low"] is not None}
    assert formats == {"0.00"}


def test_applications_come_by_kind_district_and_number() -> None:
    shuffled = replace(book(), applications=book().applications[::-1])
    assert round_workbook(shuffled, names(), SENDER) == round_workbook(book(), names(), SENDER)
    assert [row["kind"] for row in table("applications")] == ["清洁生产"] + ["绿色工厂"] * 7 + ["绿色园区"] + ["绿色产品"] * 2 + [
        "绿色供应链"
    ]


@pytest.mark.parametrize("number", ["DYEING", "PAPER_", "PARK_T", "ELECTR", "BABY_W", "SUPPLY"])
def test_the_matrix_has_status_and_points_of_every_item_as_the_result_has_them(number: str) -> None:
    given = application(number)
    assert given.result is not None
    row = next(row for row in table(f"criteria:{given.standard}") if row["number"] == given.number)
    for item in (*given.result["gates"], *given.result["criteria"]):
        assert row[f"status:{item['id']}"] == say(f"statuses.{item['status']}"), item["id"]
        points, shown = item.get("points"), row.get(f"points:{item['id']}")
        if points is None or Fraction(points["max"]) == 0:
            continue
        if "limiting" in item:
            assert shown == (say("statuses.level", level=item["level"]) if item["level"] else "—")
        elif points["low"] == points["high"]:
            assert abs(Fraction(str(shown)) - Fraction(points["low"])) <= Fraction(1, 200), item["id"]
        else:
            assert isinstance(shown, str) and "~" in shown


def test_a_sheet_of_criteria_holds_one_ruleset_only() -> None:
    products = [sheet for sheet in written() if sheet["A1"].value.startswith("greencert:criteria:green_product")]
    assert [len(rows(sheet)) for sheet in products] == [1, 1]


def test_the_ranking_lists_ranks_and_places() -> None:
    assert [(row["number"], row["rank"], row["place"]) for row in table("ranking") if row["kind"] == "绿色工厂"] == [
        ("JX-DYEING", 1, "名额内"),
        ("JX-LEATHE", None, "不参加排名"),
        ("JX-POLYES", 2, "递补"),
    ]


def test_rechecks_keep_both_values() -> None:
    (row,) = table("rechecks")
    assert (row["number"], row["item"], row["field"]) == ("JX-POLYES", "能源管理体系认证", None)
    assert (row["before"], row["after"], row["why"], row["by"], row["on"]) == ("是", "否", "证书已过期", "李示例", datetime(2017, 11, 20))


def test_objections_show_their_answer_or_that_they_are_open() -> None:
    found = by_number("objections")
    assert (found["JX-DYEING"]["upheld"], found["JX-DYEING"]["answer"]) == ("否", "经现场核查不成立")
    assert (found["JX-SUPPLY"]["upheld"], found["JX-SUPPLY"]["answer"]) == ("待答复", None)


def test_certificates_are_listed_whatever_became_of_them() -> None:
    found = by_number("certificates")
    assert set(found) == {"JX-DYEING", "JX-PARK_T", "JX-ELECTR", "JX-BABY_W"}
    assert (found["JX-ELECTR"]["certificate"], found["JX-ELECTR"]["state"], found["JX-ELECTR"]["valid_until"]) == (
        "JX-CP-2017-0001",
        "撤销",
        None,
    )


def test_files_handed_in_are_listed_with_every_problem() -> None:
    assert [(row["file"], row["result"], row["problems"]) for row in table("submissions")] == [
        ("a.zip", "受理", 0),
        ("a (2).zip", "重复", 0),
        ("a v2.zip", "替代前一版", 0),
        ("申报.yaml", "退回", 3),
        ("=cmd.xlsx", "退回", 30),
    ]
    found = table("problems")
    assert len(found) == 33
    problem = book().submissions[3].problems[0]
    assert (found[0]["where"], found[0]["what"], found[0]["fix"]) == (str(problem.where), problem.what(), problem.fix())


def test_the_frozen_rules_are_named_with_their_hashes() -> None:
    found = table("rules")
    assert [(row["ruleset"], row["ruleset_sha256"], row["scheme_sha256"]) for row in found] == [
        (one.ruleset, one.ruleset_sha256, one.scheme_sha256) for one in book().programmes
    ]


def test_the_overview_counts_by_kind_and_district_and_shows_quotas() -> None:
    lines = [
        [value for value in row if value is not None] for row in written().worksheets[0].iter_rows(min_row=5, min_col=2, values_only=True)
    ]
    assert ["绿色工厂", 0, 2, 1, 0, 1, 3, 7] in lines
    assert ["海宁市", 0, 1, 0, 0, 1, 0, 2] in lines
    assert ["秀洲区 绿色工厂", 1, 1, 0] in lines and ["海宁市 绿色园区", "不限", 1, "—"] in lines
    assert ["申报数", 12] in lines and ["收件数", 5] in lines


def test_tables_are_filtered_and_their_heads_stay_in_sight() -> None:
    for sheet in written().worksheets[1:]:
        assert sheet.auto_filter.ref and sheet.freeze_panes == f"D{HEAD + 1}", sheet.title
        assert sheet.protection.autoFilter is False, sheet.title  # False: not locked


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_somebody_typed_stays_text(typed: str) -> None:
    odd = replace(application("POLYES"), name=typed, reason=typed, products=typed, third_party=typed, reviewers=(typed,), ranked_by=typed)
    made = RoundBook(typed, typed, typed, "2017-09-01", "2017-09-01", (), (odd,), (Submission(typed, "1", "2017-09-01", "refused", typed),))
    content = round_workbook(made, names(), SENDER.model_copy(update={"office": typed}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    (row,) = table("applications", opened(content))
    assert row["name"] == row["reason"] == row["products"] == row["third_party"] == typed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_books_are_equal_bytes(lang: str) -> None:
    assert round_workbook(book(), names(), SENDER, lang) == round_workbook(book(), names(), SENDER, lang)


def test_an_empty_round_has_its_sheets_without_rows() -> None:
    workbook = opened(round_workbook(EMPTY, Names(), SENDER))
    assert len(workbook.sheetnames) == 9 and table("applications", workbook) == []


# --- the csv of applications ---


def test_the_csv_has_the_rows_and_values_of_the_sheet() -> None:
    heads, *lines = csv_rows(applications_csv(book(), names()))
    assert heads == [say(f"round_book.column.{column.key}") for column in APPLICATION]
    at = {column.key: place for place, column in enumerate(APPLICATION)}
    assert [line[at["number"]] for line in lines] == [row["number"] for row in table("applications")]
    line = next(line for line in lines if line[at["number"]] == "JX-POLYES")
    assert (line[at["low"]], line[at["max"]], line[at["rank"]], line[at["outcome"]]) == ("81.50", "100", "2", "已评分（方案未设通过线）")


def test_no_text_of_the_csv_is_a_formula() -> None:
    (line,) = (line for line in csv_rows(applications_csv(book(), names())) if line[0] == "JX-ODD")
    at = {column.key: place for place, column in enumerate(APPLICATION)}
    assert (line[at["name"]], line[at["products"]], line[at["third_party"]]) == (f"'{FORMULA}", "'+1", "'@示例")


def test_the_csv_of_an_empty_round_has_its_heads() -> None:
    assert len(csv_rows(applications_csv(EMPTY, Names(), "en"))) == 1


# --- the summary ---


def test_the_summary_counts_everybody_also_who_has_not_been_assessed() -> None:
    summary = summary_of(book(), names(), SENDER)
    assert len(summary.entries) == 12
    assert summary.counts("kind")["绿色工厂"] == Counter({"scored": 2, "incomplete": 1, "not_eligible": 1, "": 3})
    assert [(use.name, use.taken, use.places) for use in summary.quotas] == [
        ("秀洲区 绿色工厂", 1, 1),
        ("桐乡市 绿色工厂", 0, 0),
        ("海宁市 绿色工厂", 0, 2),
        ("海宁市 绿色园区", 1, None),
    ]


def test_who_took_the_application_back_is_counted_as_that_alone() -> None:
    gone = replace(book(), applications=tuple(replace(one, state="withdrawn") for one in book().applications[:2]) + book().applications[2:])
    assert len(summary_of(gone, names(), SENDER).entries) == 10
    workbook = opened(round_workbook(gone, names(), SENDER))
    lines = [[value for value in row if value is not None] for row in workbook.worksheets[0].iter_rows(min_col=2, values_only=True)]
    assert ["申报数", 12] in lines and ["其中已撤回", 2] in lines and len(table("applications", workbook)) == 12


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_summary_prints_ranks_scores_and_choices(lang: str) -> None:
    content, problems = round_summary_bytes(summary_of(book(), names(), SENDER, lang), lang)
    run = read(content).run
    assert problems == [] and say("report.round.not_run", lang).replace(" ", "")[1:] in run
    assert "89.85" in run and "40.51~83.17" in run


def test_the_summary_of_an_empty_round_counts_nobody() -> None:
    assert "本批次共0份申报材料" in read(round_summary_bytes(summary_of(EMPTY, Names(), SENDER))[0]).run
