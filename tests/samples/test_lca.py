"""The life-cycle reports among the samples: their figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

import engine
from engine.dossier.schema import Cell
from tests.samples.results import assess, dossier, own_programme

BOTH = pytest.mark.parametrize("name", ["lca_textured_yarn", "lca_flooring"])


def indicator(assessment: engine.Assessment, name: str) -> object:
    return next(found.value.value for found in assessment.indicators if found.id == name)


def statuses(assessment: engine.Assessment, wanted: str) -> list[str]:
    return [result.number for result in assessment.criteria if result.status.value == wanted]


def outcome(assessment: engine.Assessment) -> tuple[str, bool]:
    return assessment.determination.outcome, assessment.determination.settled


@BOTH
def test_a_report_is_judged_by_twenty_five_checks_without_points(name: str) -> None:
    result = assess(name, "verified")
    assert [check.number for check in result.criteria] == [f"L{number:02d}" for number in range(1, 26)]
    assert (result.score_max, result.mark) == (0, None)
    assert result.determination.provisional  # the checks are recalled


def test_the_coherent_report_passes_with_one_minor_nonconformity() -> None:
    declared, verified = (assess("lca_textured_yarn", basis) for basis in ("declared", "verified"))
    assert (declared.findings, outcome(declared)) == ((), ("eligible", True))
    assert [(found.rule, found.severity) for found in verified.findings] == [("lca_sensitivity_missing", "minor")]
    assert (statuses(verified, "not_met"), outcome(verified)) == (["L20"], ("eligible", True))
    assert statuses(verified, "not_applicable") == ["L23"]
    assert statuses(verified, "undetermined") == []


def test_the_figures_of_the_coherent_report() -> None:
    found = assess("lca_textured_yarn", "verified")
    assert indicator(found, "lca_energy_gap") == Fraction("9.24") / Fraction("2802.12")  # 22.8 million kWh at 0.1229 kgce
    assert Fraction("2802.12") == 22_800_000 * Fraction("0.1229") / 1000
    assert indicator(found, "lca_water_gap") == 0
    assert indicator(found, "lca_mass_gap") == Fraction(1, 1030)
    assert indicator(found, "lca_stage_gap") == 0 == Fraction("2972.4") + Fraction("748.6") - 3721
    assert indicator(found, "lca_data_age") == 5
    assert indicator(found, "lca_category_count") == 6


def test_the_mismatch_shows_once_the_ledger_is_verified() -> None:
    declared, verified = (assess("lca_flooring", basis) for basis in ("declared", "verified"))
    assert indicator(declared, "lca_energy_gap") == Fraction("6.44") / 1262
    assert indicator(verified, "lca_energy_gap") == Fraction("88.96") / Fraction("1357.4")
    assert (outcome(declared), outcome(verified)) == (("eligible", True), ("fails", True))
    assert "L14" in statuses(verified, "not_met")
    assert "L14" in statuses(declared, "met")


def test_the_mismatch_has_a_major_and_a_minor_nonconformity_beside_it() -> None:
    found = assess("lca_flooring", "verified").findings
    assert [(item.rule, item.severity, item.open) for item in found] == [
        ("lca_few_categories", "minor", False),
        ("lca_hot_spot_without_action", "major", False),
        ("lca_magnitude_unusual", "observation", True),  # there is no band
    ]


@pytest.mark.parametrize(("ledger", "expected"), [("1294.3 tce", "eligible"), ("1294.4 tce", "fails")])
def test_at_the_tolerance_a_tenth_of_a_tonne_decides(ledger: str, expected: str) -> None:
    """1268.44 / 0.98 = 1294.33."""
    given = dossier("lca_flooring")
    inputs = tuple((name, replace(entry, verified=Cell(ledger)) if name == "lca_ledger_energy" else entry) for name, entry in given.inputs)
    twin = engine.assess_dossier(own_programme("lca_flooring"), replace(given, inputs=inputs), "verified")
    assert twin.determination.outcome == expected
