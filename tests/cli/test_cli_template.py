from __future__ import annotations

from pathlib import Path

import pytest

from engine import Dossier, read_dossier
from tests.cli.demo import Run, put


def test_a_workbook_is_written(run: Run, tmp_path: Path) -> None:
    ran = run("template", "demo", "-o", tmp_path / "new" / "form.xlsx")
    assert ran.code == 0
    assert (tmp_path / "new" / "form.xlsx").read_bytes().startswith(b"PK")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["form.xlsx"]


def contents(path: Path) -> Dossier:
    return read_dossier(path)


def test_it_takes_over_what_a_dossier_holds(run: Run, tmp_path: Path) -> None:
    filled = put(tmp_path)
    assert run("template", "demo", "-o", tmp_path / "form.xlsx", "--fill", filled).code == 0
    assert contents(tmp_path / "form.xlsx") == contents(filled)


def test_a_filled_workbook_is_a_dossier(run: Run, tmp_path: Path) -> None:
    run("template", "demo", "-o", tmp_path / "form.xlsx", "--fill", put(tmp_path))
    ran = run("check", tmp_path / "form.xlsx")
    assert "得分  20.00（满分 20）" in ran.out


def test_an_existing_file_is_kept_unless_forced(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(b"mine")
    ran = run("template", "demo", "-o", path)
    assert ran.code == 2
    assert "文件已经存在" in ran.err
    assert path.read_bytes() == b"mine"
    assert run("template", "demo", "-o", path, "--force").code == 0
    assert path.read_bytes() != b"mine"


def test_another_kind_of_file_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run("template", "demo", "-o", tmp_path / "form.xls")
    assert ran.code == 2
    assert ".xlsx" in ran.err


def test_a_scheme_with_several_kinds_needs_one(run: Run, tmp_path: Path) -> None:
    assert run("template", "twice", "-o", tmp_path / "form.xlsx").code == 2
    assert run("template", "twice", "-o", tmp_path / "form.xlsx", "--kind", "green_park").code == 0


def test_a_refused_dossier_fills_nothing(run: Run, tmp_path: Path) -> None:
    bad = put(tmp_path, application_date="soon")
    assert run("template", "demo", "-o", tmp_path / "form.xlsx", "--fill", bad).code == 2
    assert not (tmp_path / "form.xlsx").exists()


@pytest.mark.parametrize("scheme", ["nothing", "nothing.yaml"])
def test_an_unknown_scheme_is_refused(run: Run, tmp_path: Path, scheme: str) -> None:
    ran = run("template", scheme, "-o", tmp_path / "form.xlsx")
    assert ran.code == 2
    assert "demo" in ran.err
