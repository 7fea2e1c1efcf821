"""What is wrong with a check is said when its ruleset is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import engine


def words() -> dict[str, str]:
    """A text; each time anew, since YAML would refer to one that is written twice."""
    return {"zh": "核对", "en": "A check"}


def codes(test: Any, folder: Path, *, slips: tuple[dict[str, Any], ...] = ()) -> list[str]:
    check = {"check": "mine", "title": words(), "test": test, "unit": "tce", "advice": words(), "source": {"basis": "policy"}}
    scheme = {"scheme": "mine_2017", "version": "1.0.0", "extends": "jiaxing_2017"}
    path = folder / "mine_2017.yaml"
    programme = {"programme": "green_factory", "checks": [check], "slips": list(slips)}
    path.write_text(yaml.safe_dump({**scheme, "programmes": [programme]}), encoding="utf-8")
    return [problem.code for problem in engine.lint(str(path))]


@pytest.mark.parametrize(
    ("test", "code"),
    [
        ({"agree": {"one": "energy_totl", "other": "energy_total", "tolerance": "1 %"}}, "expression_unknown_name"),
        ({"agree": {"one": "land_area", "other": "energy_total", "tolerance": "1 %"}}, "expression_expected"),
        ({"range": {"value": "energy_total"}}, "check_limit_missing"),
        ({"range": {"value": "energy_total", "at_most": "1 tce", "slips": ["dozen"]}}, "check_slip_unknown"),
        ({"range": {"rows_of": "energies", "value": "1 tce", "at_most": "1 tce"}}, "check_table_unknown"),
        ({"jump": {"now": "energy_total", "at_most": "1"}}, "check_jump_between"),
        (
            {"outlier": {"rows_of": "quota_products", "value": "quota_products.energy", "group": ["carrier"], "within": "5"}},
            "check_column_unknown",
        ),
        ({"dated": {"of": ["energies"]}}, "check_item_unknown"),
        ({"each": {"of": ["energy_total"]}}, "check_limit_missing"),
        ({"each": {"of": ["land_area"], "at_most": "1 tce"}}, "check_item_unknown"),
        ({"each": {"of": ["energies"], "at_most": "1 tce"}}, "check_item_unknown"),
        ({"repeated": {"rows_of": "production", "by": "year", "at_least": "5"}}, "check_column_unknown"),
        ({"repeated": {"rows_of": "annual", "by": "year", "at_least": "5"}}, "check_table_unknown"),
    ],
)
def test_a_check_that_cannot_be_run_is_an_error(test: Any, code: str, tmp_path: Path) -> None:
    assert code in codes(test, tmp_path)


def test_a_sound_check_is_none(tmp_path: Path) -> None:
    assert codes({"range": {"value": "energy_total", "at_most": "1 tce"}}, tmp_path) == []


def test_a_slip_is_a_factor_above_one(tmp_path: Path) -> None:
    slip = {"slip": "half", "title": words(), "factor": "0.5"}
    test = {"range": {"value": "energy_total", "at_least": "1 tce", "at_most": "2 tce", "slips": ["half"]}}
    assert codes(test, tmp_path, slips=(slip,)) == ["check_slip_factor"]
