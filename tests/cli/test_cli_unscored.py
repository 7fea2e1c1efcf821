"""The command line over a standard that has gates and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assess import tiny
from tests.cli.demo import Run, put, write

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
LINES = [*tiny.LINES[:3], {"outcome": "eligible", "any_of": ["no_mark"]}]


@pytest.fixture(autouse=True)
def gates_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "library"
    gates = [tiny.gate("lawful", number="G-1", evidence=[{"zh": "营业执照", "en": "licence"}])]
    write(root, "common/tiny", tiny.common())
    write(root, "green_factory/gates/ruleset", tiny.standard(ruleset="green_factory/gates", dimensions=[], gates=gates))
    write(root, "schemes/gates", tiny.scheme(head={"scheme": "gates"}, standard="green_factory/gates", determination=LINES))
    monkeypatch.setenv("GREENCERT_RULESETS", str(root))


def gates_dossier(folder: Path) -> Path:
    return put(folder, scheme="gates", inputs=None, answers={"plain": None, "extra": None})


def test_check_says_that_nothing_is_scored(run: Run, tmp_path: Path) -> None:
    out = run("check", gates_dossier(tmp_path)).out
    assert "结论  ✓ 通过" in out and "· 没有计分项，结论只看逐项判定" in out
    assert "得分  没有计分项" in out
    assert "0.00" not in out and "一级指标" not in out


def test_assess_prints_a_dash_for_the_score(run: Run, tmp_path: Path) -> None:
    ran = run("assess", gates_dossier(tmp_path), "-o", tmp_path / "out")
    assert ran.code == 0 and "0.00" not in ran.out
    row = next(line for line in ran.out.splitlines() if line.startswith("T-1"))
    assert row.split()[4] == "—"
    assert (tmp_path / "out" / "T-1.pdf").stat().st_size > 0


def test_a_workbook_of_gates_alone_reads_back_as_the_same_dossier(run: Run, tmp_path: Path) -> None:
    given, book = gates_dossier(tmp_path), tmp_path / "book.xlsx"
    assert run("template", "gates", "-o", book, "--fill", given).code == 0
    assert run("check", book).out.splitlines()[:8] == run("check", given).out.splitlines()[:8]


@pytest.mark.parametrize("command", ["show", "lint", "test"])
def test_the_rules_commands_take_it(run: Run, command: str) -> None:
    assert run("rules", command, "green_factory/gates").code == 0
    assert run("rules", "list").code == 0


def test_check_names_the_values_that_are_not_reached(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENCERT_RULESETS")
    lines = run("check", SAMPLES / "zero_carbon_park.yaml").out.splitlines()
    at = lines.index("没有达到的可选要求：2 项（不单独影响结论）")
    assert [line.split()[0] for line in lines[at + 3 : at + 5]] == ["ZC3", "ZC5"]
    assert "46%，不满足要求（不低于 50%）" in lines[at + 4]


def test_check_lists_no_optional_items_where_points_are_counted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENCERT_RULESETS")
    assert "没有达到的可选要求" not in run("check", SAMPLES / "park_three_years.yaml").out
