from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import demo
from tests.cli.test_cli_attest import forget

NAME = "green_factory/demo"
FROM = ("--document", "GB 1-2020", "--page", "3", "--today=2020-06-30")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A library of the test's own, for it is written to."""
    root = demo.build_library(tmp_path / "library")
    monkeypatch.setenv("GREENCERT_RULESETS", str(root))
    forget()
    yield root
    forget()


def table(folder: Path, *lines: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(("key,new", *lines)), encoding="utf-8")
    return path


def test_an_import_shows_the_difference_and_writes_a_new_version(run: demo.Run, own: Path, tmp_path: Path) -> None:
    made = run("rules", "import-table", NAME, table(tmp_path, "dense:limits[0].at_least,35", "plain:points,4"), *FROM)
    assert (made.code, made.err) == (0, "")
    assert "密度达标 · 不低于" in made.out and "30 %" in made.out and "35 %" in made.out
    assert "导入 2 个数值：1 个改变，1 个与现值相同" in made.out
    assert f"{NAME} 1.0.0 → {NAME} 1.1.0" in made.out and "已写成 1.1.0 版" in made.out
    text = (own / f"{NAME}/ruleset.yaml").read_text(encoding="utf-8")
    assert 'at_least: "35 %"' in text and 'document: "GB 1-2020", page: "3", checked_on: "2020-06-30"' in text
    forget()
    assert "1.1.0" in run("rules", "list").out


def test_a_dry_run_writes_nothing(run: demo.Run, own: Path, tmp_path: Path) -> None:
    before = (own / f"{NAME}/ruleset.yaml").read_bytes()
    made = run("rules", "import-table", NAME, table(tmp_path, "dense:limits[0].at_least,35"), "--dry-run", *FROM)
    assert made.code == 0 and "没有写文件" in made.out
    assert (own / f"{NAME}/ruleset.yaml").read_bytes() == before


@pytest.mark.usefixtures("own")
def test_json_has_the_figures_and_the_difference(run: demo.Run, tmp_path: Path) -> None:
    made = run("rules", "import-table", NAME, table(tmp_path, "dense:limits[0].at_least,35"), "--dry-run", "--json", *FROM)
    plain = json.loads(made.out)
    assert [(one["key"], one["before"], one["after"], one["unit"]) for one in plain["figures"]] == [
        ("dense:limits[0].at_least", "30", "35", "%")
    ]
    assert plain["version"] == "1.1.0" and plain["diff"]["entries"]


@pytest.mark.usefixtures("own")
def test_mistakes_are_listed_with_their_lines_and_nothing_is_written(run: demo.Run, tmp_path: Path) -> None:
    made = run("rules", "import-table", NAME, table(tmp_path, "dense:limits[0].at_least,x", "dense:pts,3"), *FROM)
    assert made.code == 2
    assert "第 2 行" in made.err and "import_not_a_number" in made.err
    assert "第 3 行" in made.err and "dense:points" in made.err


@pytest.mark.usefixtures("own")
def test_a_template_is_written_once(run: demo.Run, tmp_path: Path) -> None:
    path = tmp_path / "figures.xlsx"
    made = run("rules", "import-table", NAME, "--template", "-o", path)
    assert made.code == 0 and path.is_file() and "含 4 个数值的表" in made.out
    assert "file_exists" in run("rules", "import-table", NAME, "--template", "-o", path).err
    assert run("rules", "import-table", NAME, "--template", "-o", path, "--force").code == 0


@pytest.mark.usefixtures("own")
def test_a_file_is_needed(run: demo.Run) -> None:
    assert "import_file" in run("rules", "import-table", NAME).err
    assert "import_out" in run("rules", "import-table", NAME, "--template").err
    assert "ruleset_unknown" in run("rules", "import-table", "nothing", "x.csv").err
