"""Evidence: nothing counts in the applicant's favour without a document that is valid on the day of the application."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.results import CriterionResult
from engine.dossier.schema import Cell, Entry, Evidence, EvidenceRef
from tests.assess.tiny import (
    assess,
    criterion,
    dossier,
    exactly,
    gate,
    gate_of,
    indicator,
    interval,
    item,
    number,
    programme,
    rows,
    verdict,
)

PAPER = [{"zh": "材料", "en": "paper"}]
DAY = "2017-06-30"


def proven(evidence: str, answer: str = "yes", documents: tuple[Evidence, ...] | None = None, method: Any = "conform") -> CriterionResult:
    made = programme(criteria=[criterion("it", method, evidence=PAPER)])
    more = {} if documents is None else {"evidence": documents}
    return item(assess(made, answers={"it": {"declared": answer, "evidence": evidence, "reason": "见材料"}}, **more))


def valid(issued: str, until: str = "") -> str:
    """Whether a document of these days counts on the day of the application."""
    return proven("E9", documents=(Evidence("E9", "paper", issued=issued, valid_until=until),)).reason.code


def test_with_a_valid_document_it_counts() -> None:
    assert verdict(proven("E1")) == ("met", "conforms")
    assert proven("E1").points == exactly(10)


def test_without_any_document_it_is_open() -> None:
    result = proven("")
    assert verdict(result) == ("undetermined", "missing_evidence")
    assert result.points == interval(0, 10)


def test_with_an_expired_document_only_it_is_open_and_says_which() -> None:
    result = proven("E2")
    assert verdict(result) == ("undetermined", "evidence_expired")
    assert dict(result.reason.params) == {"evidence": "E2"}
    assert result.points == interval(0, 10)


def test_one_valid_document_among_expired_ones_is_enough() -> None:
    result = proven("E2 E1")
    assert verdict(result) == ("met", "conforms")
    assert [(used.id, used.counted) for used in result.evidence] == [("E2", False), ("E1", True)]


@pytest.mark.parametrize(
    ("issued", "until", "code"),
    [
        ("2010-01-01", DAY, "conforms"),  # the last day counts
        ("2010-01-01", "2017-06-29", "evidence_expired"),
        ("2010-01-01", "", "conforms"),
        (DAY, "", "conforms"),  # so does the first
        ("2017-07-01", "", "evidence_expired"),  # not yet valid
        ("", "", "conforms"),
    ],
)
def test_the_days_of_a_document(issued: str, until: str, code: str) -> None:
    assert valid(issued, until) == code


def test_what_fails_fails_without_a_document() -> None:
    assert verdict(proven("", "no")) == ("not_met", "does_not_conform")


def test_points_given_by_an_assessor_need_a_document_too() -> None:
    assert verdict(proven("", "5", method="judgement")) == ("undetermined", "missing_evidence")
    assert verdict(proven("", "0", method="judgement")) == ("scored", "judged")


def test_what_does_not_apply_needs_none() -> None:
    made = programme(criteria=[criterion("it", evidence=PAPER, na_allowed=True)])
    result = item(assess(made, answers={"it": {"declared": "not_applicable", "reason": "无此工序"}}))
    assert verdict(result) == ("not_applicable", "not_applicable")


def test_a_gate_needs_a_document() -> None:
    made = programme(gates=[gate("it", evidence=PAPER)])
    assert verdict(gate_of(assess(made, answers={"it": "yes"}))) == ("undetermined", "missing_evidence")
    assert verdict(gate_of(assess(made, answers={"it": {"declared": "yes", "evidence": "E3"}}))) == ("met", "conforms")


COMPUTED = {
    "inputs": [number("x"), number("y"), number("limit", role="benchmark"), number("other")],
    "indicators": [indicator("ratio", "x / y")],
    "criteria": [criterion("it", {"threshold": {"value": "ratio", "at_least": "limit"}}, evidence=PAPER)],
}


@pytest.mark.parametrize(
    ("x", "limit", "other", "answer", "code"),
    [
        ("E1", "E1", "", "", "limit_kept"),
        ("", "E1", "", "", "missing_evidence"),  # the source of a benchmark proves the benchmark, not the value
        ("", "E1", "E1", "", "missing_evidence"),  # nor does a document for something else
        ("E2", "E1", "", "", "evidence_expired"),
        ("", "E1", "", "E1", "limit_kept"),  # a document brought for the criterion itself
    ],
)
def test_documents_of_the_values_prove_what_is_computed_from_them(x: str, limit: str, other: str, answer: str, code: str) -> None:
    inputs = {
        "x": {"declared": "6", "evidence": x},
        "y": "2",
        "limit": {"declared": "3", "evidence": limit},
        "other": {"declared": "1", "evidence": other},
    }
    result = assess(programme(**COMPUTED), inputs=inputs, answers={"it": {"evidence": answer}})
    assert item(result).reason.code == code


def test_documents_of_a_table_prove_what_is_computed_from_its_rows() -> None:
    table = {"table": "t", "title": {"zh": "t", "en": "t"}, "columns": [{"column": "n", "title": {"zh": "n", "en": "n"}}], "per": ["n"]}
    made = programme(tables=[table], criteria=[criterion("it", {"threshold": {"value": "sum(t.n)", "at_least": "1"}}, evidence=PAPER)])
    found = [item(assess(made, tables={"t": rows({"n": "1"}, evidence=refs)})).reason.code for refs in ("E1", "E2", "")]
    assert found == ["limit_kept", "evidence_expired", "missing_evidence"]


def test_graded_points_without_a_document_may_still_become_all_points() -> None:
    made = programme(inputs=[number("x")], criteria=[criterion("it", {"bands": {"value": "x", "start": "1", "full": "3"}}, evidence=PAPER)])
    assert item(assess(made, inputs={"x": "2"})).points == interval(0, 10)
    assert item(assess(made, inputs={"x": {"declared": "2", "evidence": "E1"}})).points == exactly("7.5")
    assert verdict(item(assess(made, inputs={"x": "0.5"}))) == ("scored", "ladder")  # nothing earned, nothing to prove


def test_an_uncapped_ratio_without_a_document_keeps_what_it_could_earn() -> None:
    method = {"ratio": {"value": "x", "reference": "2", "direction": "up", "cap": None}}
    made = programme(inputs=[number("x")], criteria=[criterion("it", method, evidence=PAPER)])
    assert item(assess(made, inputs={"x": "3"})).points == interval(0, 15)


def test_an_open_verdict_counts_nothing_without_a_document() -> None:
    levels = [{"level": "I", "limit": "limit", "points": "10"}, {"level": "II", "limit": "5", "points": "6"}]
    method = {"membership": {"value": "x", "direction": "up", "levels": levels}}
    made = programme(inputs=[number("x"), number("limit", role="benchmark")], criteria=[criterion("it", method, evidence=PAPER)])
    assert item(assess(made, inputs={"x": {"declared": "7", "evidence": "E1"}})).points == interval(6, 10)
    without = item(assess(made, inputs={"x": "7"}))
    assert (verdict(without), without.points) == (("undetermined", "missing_evidence"), interval(0, 10))


def test_pages_stand_beside_the_document() -> None:
    made = programme(criteria=[criterion("it", evidence=PAPER)])
    filled = replace(dossier(), answers=(("it", Entry(Cell("yes"), evidence=(EvidenceRef("E1", "2-5"),))),))
    used = item(assess_dossier(made, filled)).evidence[0]
    assert (used.id, used.title, used.pages, used.valid_until, used.counted) == ("E1", "valid", "2-5", "2030-12-31", True)
