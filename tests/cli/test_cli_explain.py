from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.demo import Run, plain_text, put


@pytest.mark.parametrize("name", ["dense", "A-02", "a-02", "密度达标"])
def test_a_criterion_is_explained_down_to_what_was_entered_and_where(run: Run, tmp_path: Path, name: str) -> None:
    path = put(tmp_path)
    ran = run("explain", path, name)
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "A-02 密度达标  符合；10.00/10 分"
    assert "代入  40 m2 ÷ 100 m2 = 40%" in ran.out
    assert f"built  40 m2；填报“40 m2” ← {path}:11" in ran.out


def test_gates_and_indicators_are_explained_too(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path)
    assert run("explain", path, "g-1").out.startswith("G-1 合规  符合")
    assert run("explain", path, "F-1").out.startswith("F-1 建筑密度  40%")


def test_an_unknown_name_is_refused_with_the_nearest(run: Run, tmp_path: Path) -> None:
    ran = run("explain", put(tmp_path), "A-2")
    assert (ran.code, ran.out) == (2, "")
    assert "A-02 密度达标" in ran.err


def test_it_speaks_english(run: Run, tmp_path: Path) -> None:
    ran = run("--lang", "en", "explain", put(tmp_path), "a-02")
    assert ran.out.splitlines()[0] == "A-02 dense enough  met; 10.00 of 10 points"


@pytest.mark.usefixtures("terminal")
def test_the_tree_fits_the_terminal(run: Run, tmp_path: Path) -> None:
    for name in ("a-01", "a-02", "f-1"):
        text = plain_text(run("explain", put(tmp_path), name).out)
        assert [line for line in text.splitlines() if cell_len(line) > 80] == []
