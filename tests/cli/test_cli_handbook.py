from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.demo import Run


def test_a_folder_gets_both_forms(run: Run, tmp_path: Path) -> None:
    ran = run("rules", "handbook", "green_factory/demo", "-o", tmp_path / "books")
    assert ran.code == 0
    names = ["green_factory-demo-zh.html", "green_factory-demo-zh.pdf"]
    assert sorted(path.name for path in (tmp_path / "books").iterdir()) == names
    assert [name for name in names if name not in ran.out] == []


@pytest.mark.parametrize(("name", "begins"), [("book.html", b"<!DOCTYPE html>"), ("book.PDF", b"%PDF")])
def test_a_file_gets_the_form_of_its_name(run: Run, tmp_path: Path, name: str, begins: bytes) -> None:
    assert run("rules", "handbook", "green_factory/demo", "-o", tmp_path / name).code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_one_form_can_be_asked_for(run: Run, tmp_path: Path) -> None:
    assert run("rules", "handbook", "green_factory/demo", "-o", tmp_path, "--format", "html", "--lang", "en").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["green_factory-demo-en.html"]
    assert '<html lang="en">' in (tmp_path / "green_factory-demo-en.html").read_text(encoding="utf-8")


def test_the_handbook_of_a_scheme_is_that_of_a_programme(run: Run, tmp_path: Path) -> None:
    ran = run("rules", "handbook", "twice", "--kind", "green_park", "-o", tmp_path, "--format", "html")
    assert ran.code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["twice-green_park-zh.html"]


def test_a_handbook_is_written_anew(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "book.html"
    path.write_text("old", encoding="utf-8")
    assert run("rules", "handbook", "green_factory/demo", "-o", path).code == 0
    assert path.read_bytes().startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("green_factory/demo", "-o", "book.pdf", "--format", "html"), "handbook_form"),
        (("green_factory/demo", "-o", "book.html", "--format", "both"), "handbook_form"),
        (("twice", "-o", "books"), "kind_needed"),
        (("twice", "-o", "books", "--kind", "green_product"), "kind_not_in_scheme"),
        (("green_factory/demo", "-o", "books", "--kind", "green_park"), "kind_not_in_scheme"),
        (("green_factory/nothing", "-o", "books"), "green_factory/nothing"),
        (("green_factory/demo", "-o", "books", "--format", "docx"), "html, pdf, both"),
        (("green_factory/demo",), "--out"),
    ],
)
def test_what_cannot_be_written_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("rules", "handbook", *words)
    assert ran.code == 2
    assert said in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = run("rules", "handbook", "green_factory/demo", "-o", tmp_path / "file" / "books")
    assert ran.code == 2
    assert "file_unwritable" in ran.err
