"""The scored workbook: every part of a result on its sheet, numbers as numbers, texts as texts."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.dossier.notes import Head, Note
from engine.dossier.read import read_dossier
from engine.problems import Refused
from engine.report.outputs import output_bytes
from engine.report.scored_cells import printed, text
from engine.texts import say
from tests.report.fixtures import assessed, programme
from tests.report.printed import book, output, sheet_rows
from tests.samples.results import NAMES, assess, dossier, main_basis

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "{=1}", "http://example.com", "00123", "1e5")


def scored_workbook(*given: Any) -> bytes:
    return output_bytes("xlsx", *given)[0]


ROLES = ["overview", "gates", "criteria", "indicators", "findings", "evidence", "provenance"]


@cache
def written(basis: str = "verified", lang: str = "zh") -> bytes:
    assessment, made = assessed(basis)
    return scored_workbook(assessment, made, programme(), lang)


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def parts(content: bytes, pattern: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name).decode() for name in archive.namelist() if re.fullmatch(pattern, name)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_has_its_sheet(lang: str) -> None:
    workbook = opened(written(lang=lang))
    assert workbook.sheetnames == [say(f"scored.sheet.{role}", lang) for role in ROLES]
    assert [sheet["A1"].value for sheet in workbook] == [f"greencert:{role}" for role in ROLES]


@pytest.mark.parametrize("name", NAMES)
def test_every_item_document_and_finding_has_its_row(name: str) -> None:
    made, read = assess(name, main_basis(name)), book(name)
    roles = [sheet["A1"].value.removeprefix("greencert:") for sheet in read]
    assert ("years" in roles) == bool(made.years) and ("gates" in roles) == bool(made.gates)
    assert [row["id"].value for row in sheet_rows(read, "evidence")] == [document.id for document in dossier(name).evidence]
    assert len(sheet_rows(read, "findings")) == len(made.findings) + len(made.checks)
    if made.criteria:
        assert [row["number"].value for row in sheet_rows(read, "criteria")] == [criterion.number for criterion in made.criteria]


def test_the_overview_says_what_page_one_says() -> None:
    texts = [str(cell.value) for row in opened(written())[say("scored.sheet.overview")].iter_rows() for cell in row if cell.value]
    assert "嘉兴示例印染有限公司（虚构）" in texts and "未通过" in texts
    assert any("未经核对确认的数值" in found for found in texts) and any("结论未定" in found for found in texts)


def test_provenance_names_every_identity_and_unattested_figure() -> None:
    assessment, _ = assessed()
    rows = [[cell.value for cell in row] for row in opened(written())[say("scored.sheet.provenance")].iter_rows(min_col=2)]
    hashes = {row[3] for row in rows}
    assert {part.sha256 for part in (assessment.ruleset, assessment.scheme, assessment.dossier)} <= hashes
    at = next(i for i, row in enumerate(rows) if row[0] == say("scored.part.unattested"))
    listed = rows[at + 2 : at + 2 + len(assessment.unattested)]
    assert len(listed) == len(assessment.unattested) and all(row[0] and row[1] and row[2] for row in listed)


def test_nothing_becomes_a_formula_a_link_or_a_number() -> None:
    assessment, made = assessed()
    remarks = tuple(c._replace(remark=nasty) for c, nasty in zip(assessment.criteria, FORMULAS, strict=False))
    changed = replace(assessment, criteria=(*remarks, *assessment.criteria[len(remarks) :]))
    content = scored_workbook(changed, replace(made, applicant=replace(made.applicant, name="=1+1")), programme())
    assert all("<f>" not in sheet and "<f " not in sheet and "<hyperlink" not in sheet for sheet in parts(content, r"xl/worksheets/.*"))
    rows = sheet_rows(opened(content), "criteria")
    assert [row["remark"].value for row in rows[: len(FORMULAS)]] == list(FORMULAS)
    assert all(row["remark"].data_type == "s" and row["remark"].number_format == "@" for row in rows[: len(FORMULAS)])


def test_what_looks_like_a_number_but_was_typed_is_text() -> None:
    assessment, made = assessed()
    first = replace(made.evidence[0], number="20170901")
    rows = sheet_rows(opened(scored_workbook(assessment, replace(made, evidence=(first, *made.evidence[1:])), programme())), "evidence")
    assert (rows[0]["number"].value, rows[0]["number"].data_type) == ("20170901", "s")
    assert isinstance(rows[0]["issued"].value, datetime)


@pytest.mark.parametrize(
    ("shown", "content", "style"),
    [
        ("88.70", 88.7, ".number.2"),
        ("-0.0400", -0.04, ".number.4"),
        ("12", 12, ".number.0"),
        ("—", "—", ".centre"),
        ("123456789012345.6", "123456789012345.6", ".centre"),
        ("0.000000000012345", 0.000000000012345, ".number.15"),
    ],
)
def test_a_number_is_a_number_as_far_as_excel_keeps_its_digits(shown: str, content: object, style: str) -> None:
    assert printed(shown) == (content, style)


def test_a_text_longer_than_a_cell_is_cut_with_a_mark() -> None:
    content = text("鑫" * 40_000).content
    assert isinstance(content, str) and len(content) < 32_767 and content.endswith("…")


def test_numbers_show_the_places_that_the_report_prints() -> None:
    row = next(row for row in sheet_rows(opened(written()), "criteria") if row["low"].data_type == "n" and row["low"].value)
    assert (row["low"].number_format, row["high"].number_format) == ("0.00", "0.00")


def test_advice_has_a_sheet_of_its_own() -> None:
    assessment, made = assessed()
    note = Note("到期日历", ("一行说明",), (Head("日期", 1), Head("事项", 3)), (("2018-05-09", "E28 到期"),))
    workbook = opened(scored_workbook(assessment, made, programme(), "zh", (note,), "稳定：结论都不变"))
    assert workbook.sheetnames[-1] == say("workbook.sheet.notes")
    overview = [cell.value for row in workbook.worksheets[0].iter_rows() for cell in row if cell.value]
    assert "· 稳定：结论都不变" in overview


def test_equal_input_gives_equal_bytes() -> None:
    assessment, made = assessed()
    assert scored_workbook(assessment, made, programme()) == written()


def test_it_is_not_taken_for_a_dossier(tmp_path: Path) -> None:
    path = tmp_path / "scored.xlsx"
    path.write_bytes(output("dyeing_mill", "xlsx"))
    with pytest.raises(Refused):
        read_dossier(path)
