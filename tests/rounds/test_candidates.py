"""From applications to candidates: what tie-breakers compare is what the result says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from engine import assess_dossier, load_programme, read_dossier
from engine.assess.export import to_plain
from engine.assess.results import Status
from engine.rounds.book import ACCEPTED, REFUSED, REPLACED, Application, RoundBook, Submission
from engine.rounds.candidates import candidate_of, candidates, tier_order
from tests.rounds.ranked import delivered

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def application(number: str = "F-001", **more: Any) -> Application:
    fields: dict[str, Any] = {
        "credit_code": "",
        "name": "",
        "kind": "green_factory",
        "standard": "",
        "district": "haining",
        "industry": "1713",
        "state": "assessed",
        "version": 1,
        "dossier_id": "",
        "dossier_sha256": "",
    }
    return Application(number, **(fields | more))


def test_the_values_of_a_result_are_those_of_the_assessment() -> None:
    dossier = read_dossier(SAMPLES / "half_filled.yaml")
    programme = load_programme(dossier.scheme, dossier.kind)
    made = assess_dossier(programme, dossier, "declared")
    performance = next(dimension for dimension in made.dimensions if dimension.id == "performance")
    candidate = candidate_of(application(result=to_plain(made, programme), score=made.score), delivered(), "2017-09-30")
    assert candidate.breakers == {
        "dimension.performance": performance.contribution.low,
        "major": Fraction(sum(finding.severity == "major" and not finding.open for finding in made.findings)),
        "undetermined": Fraction(sum(result.status is Status.UNDETERMINED for result in made.judged)),
        "handed_in": Fraction(date(2017, 9, 30).toordinal()),
    }
    assert candidate.score == made.score


def test_an_exact_dimension_is_taken_exactly() -> None:
    dimension = {"id": "performance", "low": "8.064516129032", "exact": {"low": "250/31"}, "not_applicable": False}
    result = {"dimensions": [dimension], "findings": [], "gates": [], "criteria": []}
    assert candidate_of(application(result=result), delivered()).breakers["dimension.performance"] == Fraction(250, 31)


def test_what_is_not_there_has_no_value() -> None:
    dimension = {"id": "performance", "low": "0", "not_applicable": True}
    result = {"dimensions": [dimension], "findings": [], "gates": [], "criteria": []}
    assert candidate_of(application(result=result), delivered()).breakers["dimension.performance"] is None
    assert set(candidate_of(application(), delivered()).breakers.values()) == {None}


def test_only_the_tie_breakers_of_the_kind_are_asked_for() -> None:
    assert set(candidate_of(application(kind="green_park"), delivered()).breakers) == {"major", "undetermined", "handed_in"}


def test_the_day_is_that_of_the_version_that_counts() -> None:
    handed_in = [("2017-08-01", ACCEPTED, 1), ("2017-08-09", REPLACED, 2), ("2017-08-20", REFUSED, 2)]
    submissions = tuple(Submission("a.yaml", "", day, outcome, number="F-001", version=version) for day, outcome, version in handed_in)
    book = RoundBook("2017Q3", "jiaxing_2017", "open", "", "", (), (application(version=2), application("F-002")), submissions)
    assert [candidate.breakers["handed_in"] for candidate in candidates(book, delivered())] == [
        Fraction(date(2017, 8, 9).toordinal()),
        None,
    ]


def test_an_application_taken_back_is_withdrawn() -> None:
    assert candidate_of(application(state="withdrawn"), delivered()).withdrawn
    assert not candidate_of(application(), delivered()).withdrawn


def test_tiers_come_by_their_marks_the_best_first() -> None:
    programme = load_programme("zhejiang_park_2022", "green_park")
    settings = programme.settings
    listed = [
        {"tier": name, "title": {"zh": name, "en": name}, "mark": mark} for name, mark in (("low", "60"), ("high", "90"), ("none", None))
    ]
    tiered = replace(programme, settings=type(settings).model_validate(settings.model_dump() | {"tiers": listed}))
    assert tier_order(tiered) == ("high", "low", "none")
    assert tier_order(programme) == ()
