"""The command line over a standard that assesses by levels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.demo import Run

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "electroplating_cp.yaml"


@pytest.fixture(autouse=True)
def own_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENCERT_RULESETS")


def test_check_shows_each_level_with_what_bars_it(run: Run) -> None:
    out = run("check", SAMPLE, "--basis", "verified").out
    assert "✓ 通过 · II 级（国内清洁生产先进水平）" in out
    rows = [line.split() for line in out.splitlines() if line.startswith(("I ", "II ", "III "))]
    assert [row[:3] for row in rows] == [["I", "85.20", "85"], ["II", "100.00", "85"], ["III", "100.00", "100"]]
    assert rows[0][3:] == ["未达到：单位产品每次清洗取水量", "否"]


def test_the_json_has_every_level_with_its_indices(run: Run) -> None:
    data = json.loads(run("assess", SAMPLE, "--basis", "verified", "--json").out)
    first, second, _ = data["levels"]
    assert (first["low"], first["mark"], first["reached"], first["barred_by"]) == ("85.2", "85", False, ["consumption.water_per_rinse"])
    assert (second["level"], second["reached"]) == ("II", True)
    assert data["determination"]["tier"] == "II"
    copper = next(c for c in data["criteria"] if c["id"] == "utilisation.copper")
    assert (copper["weight"], copper["limiting"], copper["level"]) == ({"value": "0.048"}, False, "I")


def test_explain_tells_conditions_levels_and_weights(run: Run) -> None:
    out = run("explain", SAMPLE, "1-3").out
    assert "I 级：" in out and "III 级：" in out
    assert "类内权重 0.4" in out
    assert "限定性指标" in run("explain", SAMPLE, "2-1").out


def test_rules_show_prints_weights(run: Run) -> None:
    out = run("rules", "show", "cleaner_production/electroplating_2015").out
    assert "0.8 / n" in out
