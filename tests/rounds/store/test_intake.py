"""What applicants hand in: taken, recognised, replaced or sent back, each with what became of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from engine import Dossier, RoundBook, Store, Submission, add_files, book_of, handed_in, open_round, read_dossier
from engine.dossier.again import dossier_of_store
from engine.rounds.store.models import DossierRow
from tests.rounds.store.dossiers import DAY, SAMPLE, SCHEME, act, credit_code, text_of, written

ROUND = "2026Q2"


@pytest.fixture
def opened(store: Store) -> Store:
    open_round(store, act("open", ROUND), ROUND, SCHEME, DAY)
    return store


def add(store: Store, folder: Path, *paths: Path) -> list[Submission]:
    return add_files(store, act("add", ROUND), ROUND, handed_in(paths, folder), DAY)


def outcomes(found: list[Submission]) -> list[tuple[str, str, int]]:
    return [(one.outcome, one.number, one.version) for one in found]


def test_files_become_applications_in_their_order(opened: Store, tmp_path: Path) -> None:
    found = add(opened, tmp_path, *written(tmp_path / "in", 1, 2))
    assert outcomes(found) == [("accepted", "2026Q2-0001", 1), ("accepted", "2026Q2-0002", 1)]
    book = book_of(opened, ROUND)
    assert [(one.number, one.name, one.credit_code, one.state) for one in book.applications] == [
        ("2026Q2-0001", "示例园区1（虚构）", credit_code(1), "received"),
        ("2026Q2-0002", "示例园区2（虚构）", credit_code(2), "received"),
    ]
    assert [one.sha256 for one in book.submissions] == [one.sha256 for one in found]
    assert list(opened.check()) == []


def test_what_was_taken_in_still_knows_where_everything_stood(store: Store, tmp_path: Path) -> None:
    """The store keeps entries in the order of the canonical form, a file has them in any."""
    open_round(store, act("open", ROUND), ROUND, "national_lca", DAY)
    path = SAMPLE.with_name("lca_flooring.yaml")
    (one,) = add(store, tmp_path, path)
    with store.reading() as session:
        kept = session.get_one(DossierRow, (one.number, 1))
        again = dossier_of_store(kept.content, kept.places, one.number)
    read = read_dossier(path)
    assert [name for name, _ in again.inputs] != [name for name, _ in read.inputs]
    assert stood(again) == {where.replace(str(path), path.name) for where in stood(read)}


def stood(dossier: Dossier) -> set[str]:
    """Every value with its place."""
    cells = [(name, cell) for name, entry in (*dossier.inputs, *dossier.answers) for cell in (entry.declared, entry.verified)]
    cells += [(name, cell) for _, table in dossier.tables for row in table.rows for name, cell in (*row.declared, *row.verified)]
    return {f"{name} {cell.text} {cell.where}" for name, cell in cells if cell is not None}


def test_the_same_again_is_a_duplicate_and_a_changed_one_a_new_version(opened: Store, tmp_path: Path) -> None:
    add(opened, tmp_path, *written(tmp_path / "a", 1))
    again = add(opened, tmp_path, *written(tmp_path / "b", 1))
    changed = add(opened, tmp_path, *written(tmp_path / "c", 1, clean_energy_share="93 %"))
    assert outcomes([*again, *changed]) == [("duplicate", "2026Q2-0001", 1), ("replaced", "2026Q2-0001", 2)]
    (application,) = book_of(opened, ROUND).applications
    assert application.version == 2


def test_both_in_one_command_are_recognised_too(opened: Store, tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", 1), written(tmp_path / "b", 1, clean_energy_share="93 %")
    assert outcomes(add(opened, tmp_path, *first, *second, *first)) == [
        ("accepted", "2026Q2-0001", 1),
        ("replaced", "2026Q2-0001", 2),
        ("replaced", "2026Q2-0001", 3),
    ]


def test_a_dossier_with_mistakes_goes_back_with_all_of_them(opened: Store, tmp_path: Path) -> None:
    (path,) = written(tmp_path / "in", 1, clean_energy_share="93 t", waste_heat_utilisation="much")
    (one,) = add(opened, tmp_path, path)
    assert (one.outcome, one.number, one.applicant) == ("refused", "", "示例园区1（虚构）")
    errors = [problem for problem in one.problems if problem.severity.value == "error"]
    assert len(errors) == 2
    assert all(problem.where.file == "001.yaml" and problem.where.line for problem in errors)
    (kept,) = book_of(opened, ROUND).submissions
    assert kept == one


@pytest.mark.parametrize(("text", "code"), [("dossier: [", "yaml_syntax"), ("", "file_empty")])
def test_what_cannot_be_read_goes_back_and_the_others_are_taken(opened: Store, tmp_path: Path, text: str, code: str) -> None:
    good, bad = *written(tmp_path / "in", 1), tmp_path / "in" / "000.yaml"
    bad.write_text(text)
    found = add(opened, tmp_path, bad, good)
    assert [one.outcome for one in found] == ["refused", "accepted"]
    assert [problem.code for problem in found[0].problems] == [code]


def test_another_scheme_goes_back(opened: Store, tmp_path: Path) -> None:
    (one,) = add(opened, tmp_path, SAMPLE.with_name("dyeing_mill.yaml"))
    assert [problem.code for problem in one.problems if problem.severity.value == "error"] == ["round_other_scheme"]
    assert one.applicant


def test_folders_and_archives_are_opened(opened: Store, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    written(folder, 1)
    written(folder / "county", 2)
    (folder / ".hidden.yaml").write_text("x")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("申报/003.yaml", text_of(3))
        archive.writestr("readme.txt", "x")
    windows, stands_for = folder / "windows.zip", b"AAAA.yaml"
    with zipfile.ZipFile(windows, "w") as archive:
        archive.writestr(stands_for.decode(), text_of(4))
    windows.write_bytes(windows.read_bytes().replace(stands_for, "材料.yaml".encode("gbk")))  # GBK, and not marked as Unicode
    found = add(opened, tmp_path, folder)
    assert [one.outcome for one in found] == ["accepted"] * 4
    assert [one.file for one in found] == ["001.yaml", "002.yaml", "more.zip/申报/003.yaml", "windows.zip/材料.yaml"]


def test_a_broken_archive_is_a_submission_that_goes_back(opened: Store, tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK\x03\x04 no archive")
    (one,) = add(opened, tmp_path, path)
    assert (one.outcome, [problem.code for problem in one.problems]) == ("refused", ["archive_unreadable"])


def test_the_rules_are_those_of_the_day_the_round_was_opened(opened: Store) -> None:
    book: RoundBook = book_of(opened, ROUND)
    (frozen,) = book.programmes
    assert (frozen.scheme, frozen.kind, len(frozen.ruleset_sha256), len(frozen.scheme_sha256)) == (SCHEME, "green_park", 64, 64)
