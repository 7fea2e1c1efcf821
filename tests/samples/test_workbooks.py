"""The samples that are kept as workbooks say the same as their YAML files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import engine
from tests.samples.results import IN_WORKBOOKS, SAMPLES, assess, dossier, main_basis, own_programme


@pytest.mark.parametrize("name", IN_WORKBOOKS)
def test_the_workbook_is_the_same_dossier(name: str) -> None:
    path = SAMPLES / "workbooks" / f"{name}.xlsx"
    assert path.stat().st_size < 120_000
    read = engine.read_dossier(path)
    assert read.sha256 == dossier(name).sha256
    basis = main_basis(name)
    same = engine.assess_dossier(own_programme(name), read, basis)
    assert replace(same, problems=()) == replace(assess(name, basis), problems=())
    assert [problem.code for problem in same.problems] == [problem.code for problem in assess(name, basis).problems]


def test_only_the_named_samples_are_kept_as_workbooks() -> None:
    assert {path.stem for path in (SAMPLES / "workbooks").glob("*.xlsx")} == set(IN_WORKBOOKS)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["park_three_years", "park_incomplete_year"])
def test_a_park_goes_through_a_workbook_without_loss(name: str, lang: str, tmp_path: Path) -> None:
    engine.write_workbook(own_programme(name), tmp_path / "park.xlsx", lang, dossier(name))
    assert engine.read_dossier(tmp_path / "park.xlsx").sha256 == dossier(name).sha256


def test_a_year_and_the_members_that_count_may_be_typed_into_the_cells(tmp_path: Path) -> None:
    """A year as a number, as Excel stores what people type, and the printed numbers of a group's members."""
    path = tmp_path / "park.xlsx"
    engine.write_workbook(own_programme("park_three_years"), path)
    book = openpyxl.load_workbook(path)
    annual = next(sheet for sheet in book if sheet["A1"].value == "greencert:table:annual")
    keys = {cell.value: cell.column for cell in annual[1]}
    first = next(row for row in range(1, 40) if annual.cell(row, 1).value == "#units") + 1
    annual.cell(first, keys["d:year"]).value = 2016
    annual.cell(first, keys["d:energy_total"]).value = 358000
    group = next(sheet for sheet in book if sheet["A1"].value == "greencert:criteria:resources")
    row = next(row for row in range(1, 60) if group.cell(row, 1).value == "resources.optional")
    group.cell(row, {cell.value: cell.column for cell in group[1]}["declared"]).value = "RG8、RG11"
    info = next(sheet for sheet in book if sheet["A1"].value == "greencert:info")
    column = {cell.value: cell.column for cell in info[1]}["declared"]
    known = {"dossier": "P-1", "year": 2016, "application_date": "2017-09-20", "applicant.name": "示例", "applicant.credit_code": ""}
    for found in range(1, 80):
        if (name := info.cell(found, 1).value) in known:
            info.cell(found, column).value = known[name] or dossier("park_three_years").applicant.credit_code
    book.save(path)
    read = engine.read_dossier(path)
    [given] = dict(read.tables)["annual"].rows
    assert {name: cell.text for name, cell in given.declared} == {"year": "2016", "energy_total": "358000"}
    assert dict(read.answers)["resources.optional"].declared is not None
    result = engine.assess_dossier(own_programme("park_three_years"), read)
    chosen = next(criterion for criterion in result.criteria if criterion.id == "resources.optional")
    assert dict(chosen.reason.params)["names"] == ("resources.reclaimed_water_rate", "resources.scrap_recycling_rate")
