"""The samples that are kept as workbooks say the same as their YAML files."""

from __future__ import annotations

from dataclasses import replace

import pytest

import engine
from tests.samples.results import IN_WORKBOOKS, SAMPLES, assess, dossier, main_basis, own_programme


@pytest.mark.parametrize("name", IN_WORKBOOKS)
def test_the_workbook_is_the_same_dossier(name: str) -> None:
    path = SAMPLES / "workbooks" / f"{name}.xlsx"
    assert path.stat().st_size < 100_000
    read = engine.read_dossier(path)
    assert read.sha256 == dossier(name).sha256
    basis = main_basis(name)
    same = engine.assess_dossier(own_programme(name), read, basis)
    assert replace(same, problems=()) == replace(assess(name, basis), problems=())
    assert [problem.code for problem in same.problems] == [problem.code for problem in assess(name, basis).problems]


def test_only_the_named_samples_are_kept_as_workbooks() -> None:
    assert {path.stem for path in (SAMPLES / "workbooks").glob("*.xlsx")} == set(IN_WORKBOOKS)
