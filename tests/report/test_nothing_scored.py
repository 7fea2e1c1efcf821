"""Reports of standards without points: no score, no scale, no empty tables."""

from __future__ import annotations

from functools import cache

import pytest

from engine.assess.assess import assess_dossier
from engine.dossier.schema import Applicant, Cell, Dossier, Entry, Evidence, EvidenceRef
from engine.report.report import report_bytes
from engine.ruleset.lint import load_programme
from engine.ruleset.programme import Programme
from tests.report.reading import Read, read
from tests.samples.results import assess, dossier, own_programme


@cache
def gates_only() -> Programme:
    return load_programme("national_supply_chain_2024", "green_supply_chain")


@cache
def report(lang: str) -> Read:
    """A dossier that meets every gate of a standard that has nothing else."""
    proven = Entry(Cell("yes"), evidence=(EvidenceRef("E1"),))
    dossier = Dossier(
        id="SC-1",
        kind="green_supply_chain",
        applicant=Applicant(name="示例电器有限公司（虚构）"),
        year=2024,
        application_date="2025-06-30",
        answers=tuple((name, proven) for name in gates_only().gates),
        evidence=(Evidence("E1", "评价报告", issued="2024-01-01"),),
    )
    return read(report_bytes(assess_dossier(gates_only(), dossier), dossier, gates_only(), lang)[0])


@pytest.mark.parametrize(("lang", "words"), [("zh", "没有计分项"), ("en", "No item carries points")])
def test_page_one_and_the_basic_table_say_that_nothing_is_scored(lang: str, words: str) -> None:
    found = report(lang)
    assert words in found.pages[0].replace("\n", " ")
    assert words in found.pages[2].replace("\n", " ")
    assert "0.00" not in found.text


@pytest.mark.parametrize(("lang", "titles"), [("zh", ["评价指标得分", "一级指标得分"]), ("en", ["Score sheet", "Dimensions"])])
def test_there_is_no_score_sheet_and_no_table_of_dimensions(lang: str, titles: list[str]) -> None:
    assert [title for title in titles if any(title in heading for heading in report(lang).outline)] == []


def test_every_gate_is_printed_by_its_number() -> None:
    lines = report("zh").text.split("\n")
    assert [gate.number for gate in gates_only().gates.values() if gate.number not in lines] == []


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "基本要求全部符合；没有计分项。"), ("en", "allpreconditionsaremet;noitemcarriespoints.")]
)
def test_the_conclusion_names_no_score(lang: str, words: str) -> None:
    assert words in report(lang).run


def test_what_verification_changed_is_told_without_points() -> None:
    found = read(report_bytes(assess("zero_carbon_park", "verified"), dossier("zero_carbon_park"), own_programme("zero_carbon_park"))[0])
    assert "3项的自评与核实不同。" in found.run
    assert "自评核实ZC1单位能耗碳排放0.1908tCO2/tce0.2tCO2/tceZC3" in found.run and "使得分" not in found.run
