"""The products among the samples: what decides each, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

import engine
from engine.dossier.schema import Cell
from tests.samples.results import assess, dossier, own_programme


def numbers(assessment: engine.Assessment, wanted: str) -> list[str]:
    return [result.number for result in (*assessment.gates, *assessment.criteria) if result.status.value == wanted]


def outcome(assessment: engine.Assessment) -> tuple[str, bool]:
    return assessment.determination.outcome, assessment.determination.settled


def with_input(name: str, of: str, text: str) -> engine.Assessment:
    """A sample assessed with another verified value of one input."""
    given = dossier(name)
    inputs = tuple((key, replace(entry, verified=Cell(text)) if key == of else entry) for key, entry in given.inputs)
    return engine.assess_dossier(own_programme(name), replace(given, inputs=inputs), "verified")


def test_the_baby_wear_meets_every_limit_that_applies() -> None:
    result = assess("baby_wear", "verified")
    assert outcome(result) == ("eligible", True)
    assert len(numbers(result, "met")) == 33
    assert numbers(result, "not_applicable") == ["18885-19", *(f"18885-{number}" for number in range(33, 37))]


@pytest.mark.parametrize(
    ("of", "text", "expected"),
    [
        ("extractable_pb", "0.2 mg/kg", "eligible"),  # exactly the limit for infants
        ("extractable_pb", "0.21 mg/kg", "fails"),
        ("cf_acid", "3", "fails"),  # grade 3-4 is asked for
        ("hcho", "ND(<20 mg/kg)", "eligible"),  # the reporting limit is the limit
        ("hcho", "ND(<20.1 mg/kg)", "incomplete"),
        ("hcho", "ND", "incomplete"),
        ("azo", "20 mg/kg", "fails"),  # a number passes "not detected" only below the threshold
        ("azo", "19.9 mg/kg", "eligible"),
        ("ph", "7.5", "eligible"),  # 4.0 to 7.5, both ends allowed
        ("ph", "7.51", "fails"),
        ("ph", "4.0", "eligible"),
        ("ph", "3.99", "fails"),
    ],
)
def test_at_the_edges_of_the_limits_for_infants(of: str, text: str, expected: str) -> None:
    assert with_input("baby_wear", of, text).determination.outcome == expected


def test_the_silk_mill_fails_on_reuse_alone_once_it_is_verified() -> None:
    declared, verified = (assess("silk_dyeing", basis) for basis in ("declared", "verified"))
    assert outcome(declared) == ("eligible", True)
    assert (outcome(verified), numbers(verified, "not_met")) == (("fails", True), ["YR-5"])
    assert numbers(verified, "undetermined") == []


@pytest.mark.parametrize(("reuse", "expected"), [("39.99 %", "fails"), ("40 %", "eligible")])
def test_reuse_of_forty_per_cent_is_enough(reuse: str, expected: str) -> None:
    assert with_input("silk_dyeing", "reuse", reuse).determination.outcome == expected


def test_the_knitted_fabric_is_incomplete_because_its_limits_are_not_known() -> None:
    result = assess("knit_fabric", "verified")
    assert outcome(result) == ("incomplete", False)
    assert numbers(result, "undetermined") == ["TC38-1", "TC38-2", "TC38-3", "TC38-4", "TC38-6"]
    assert {criterion.reason.code for criterion in result.criteria if criterion.status.value == "undetermined"} == {"no_benchmark"}
    assert [reason.code for reason in result.determination.reasons] == ["required_open", "proxy_only", "proxy_only"]
    assert [finding.rule for finding in result.findings if not finding.open] == ["design_database_advised"]


def test_an_included_floor_a_proxy_and_the_life_cycle_report_each_decide_in_their_own_way() -> None:
    floor = with_input("knit_fabric", "hcho", "76 mg/kg")  # GB 18401, skin contact: 75; GB/T 18885: 75 as well
    assert outcome(floor) == ("not_eligible", True)
    assert numbers(floor, "not_met") == ["18401-1", "18885-2", "JXG-01"]
    proxy = with_input("knit_fabric", "reuse", "39.9 %")
    assert (outcome(proxy), numbers(proxy, "not_met")) == (("fails", True), ["YR-5", "JXG-01"])
    ledger = with_input("knit_fabric", "lca_ledger_energy", "4001 tce")  # 3920 is 2.02 % less
    assert (ledger.determination.outcome, "L14" in numbers(ledger, "not_met")) == ("fails", True)
