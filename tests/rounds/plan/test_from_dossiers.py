"""What dossiers tell of a plan's measures: one enterprise each, in the quarter of its document, and nothing that they do not say."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine import load_programme
from engine.rounds.book import Application
from engine.rounds.plan.from_dossiers import Document, Told, told_by_dossiers
from engine.rounds.plan.load import kept_plan
from engine.rounds.plan.tally import Measured

PLAN = kept_plan("jiaxing_2017")
AUDITS = "cleaner_production_audits"
PAPERS = {
    "E1": Document("2017-05-08", "审核报告 1号"),
    "E2": Document("2018-11-30", "验收意见 2号"),
    "E3": Document("", "台账"),
    "E4": Document("2016-12-31", "旧审核报告"),
}


def criterion(name: str, *papers: str, status: str = "met", counted: bool = True) -> dict[str, Any]:
    return {"id": name, "status": status, "evidence": [{"id": paper, "counted": counted} for paper in papers]}


def application(*criteria: dict[str, Any], basis: str = "verified", **more: Any) -> Application:
    stated = {"kind": "green_factory", "district": "haining", "state": "assessed", **more}
    result = {"assessment": {"basis": basis}, "criteria": list(criteria)}
    rest = {"standard": "s", "industry": "17", "version": 1, "dossier_id": "d", "dossier_sha256": "", "result": result}
    return Application("2017Q3-0001", "91330481X", "甲厂", **stated, **rest)


def told(one: Application, *entered: Measured) -> list[Told]:
    return [found for found in told_by_dossiers(PLAN, [(one, PAPERS)], entered, "王某") if found.measure == AUDITS]


def test_a_met_criterion_is_one_enterprise_in_the_quarter_of_its_document() -> None:
    [found] = told(application(criterion("local.voluntary_audit", "E1")))
    source = "审核报告 1号 2017-05-08 (2017Q3-0001)"
    assert found.value == Measured(AUDITS, "haining", 2017, 2, Fraction(1), source, "王某", "甲厂 91330481X")


def test_two_criteria_of_one_measure_are_one_enterprise_by_the_latest_document() -> None:
    [found] = told(application(criterion("local.mandatory_audit", "E1", "E3"), criterion("local.voluntary_audit", "E2", "E9")))
    assert found.value is not None and found.value.when == "2018Q4"


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (application(criterion("local.voluntary_audit", "E3")), "undated"),
        (application(criterion("local.voluntary_audit")), "undated"),
        (application(criterion("local.voluntary_audit", "E1", counted=False)), "undated"),
        (application(criterion("local.voluntary_audit", "E4")), "outside"),
        (application(criterion("local.voluntary_audit", "E1"), district="hangzhou"), "unplaced"),
    ],
)
def test_what_cannot_be_placed_in_time_or_district_is_told_without_a_value(one: Application, reason: str) -> None:
    [found] = told(one)
    assert (found.value, found.reason) == (None, reason)


@pytest.mark.parametrize(
    "one",
    [
        application(criterion("local.voluntary_audit", "E1", status="not_met")),
        application(criterion("local.voluntary_audit", "E1", status="undetermined")),
        application(criterion("local.voluntary_audit", "E1"), basis="declared"),
        application(criterion("local.voluntary_audit", "E1"), state="withdrawn"),
        application(criterion("local.voluntary_audit", "E1"), kind="green_park"),
        application(criterion("local.rooftop_pv", "E1")),
    ],
)
def test_what_is_not_found_met_as_verified_tells_nothing(one: Application) -> None:
    assert told(one) == []


def test_what_is_entered_already_is_told_as_that() -> None:
    one = application(criterion("local.voluntary_audit", "E1"))
    [first] = told(one)
    assert first.value is not None
    [again] = told(one, first.value)
    assert (again.value, again.reason) == (None, "entered")


def test_the_criteria_that_the_plan_names_are_those_of_its_scheme() -> None:
    specs = [measure.dossiers for measure in PLAN.measures if measure.dossiers is not None]
    assert len(specs) == 2
    for spec in specs:
        assert set(spec.criteria) <= set(load_programme("jiaxing_2017", spec.kind).criteria)


def test_only_measures_that_count_enterprises_are_told_by_dossiers() -> None:
    """A dossier says that there is a photovoltaic plant or a retrofit, and not of how many megawatts or how many of them."""
    assert {measure.unit.zh for measure in PLAN.measures if measure.dossiers is not None} == {"家"}
