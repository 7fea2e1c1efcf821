from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment
from engine.dossier.read import read_dossier
from engine.report.context import Context
from engine.report.derivation import ITEMS, derivation
from engine.report.report import report_bytes
from engine.ruleset.lint import load_programme
from tests.assess import tiny
from tests.report.reading import Read, read

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@cache
def report(sample: str, lang: str) -> Read:
    dossier = read_dossier(SAMPLES / f"{sample}.yaml")
    programme = load_programme(dossier.scheme, dossier.kind, standard=dossier.standard, day=dossier.application_date)
    return read(report_bytes(assess_dossier(programme, dossier, "verified"), dossier, programme, lang)[0])


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "方案判定表第1行“不具备资格”成立：有基本要求不符合"),
        ("en", 'Line1ofthescheme\'stable,"noteligible",holds:agateisnotmet'),
    ],
)
def test_the_conclusion_says_which_line_of_the_table_decided(lang: str, said: str) -> None:
    assert said in report("leather", lang).run


def made(**parts: object) -> tuple[tiny.Programme, Assessment, tiny.Dossier]:
    programme = tiny.programme(
        {"mark": "1"},
        inputs=[tiny.number("x"), tiny.number("y")],
        indicators=[tiny.indicator("rate", "x / y")],
        criteria=[
            tiny.criterion(f"it{i}", {"threshold": {"value": "rate", "at_least": "5"}}, kind="required", number=f"A-{i}") for i in range(8)
        ],
    )
    dossier = tiny.dossier(**parts)  # type: ignore[arg-type]
    return programme, tiny.assess_dossier(programme, dossier), dossier


def test_items_that_decided_are_derived_in_numbers_and_no_more_than_a_few() -> None:
    programme, assessment, dossier = made(inputs={"x": "6", "y": "2"})
    found = derivation(Context(assessment, dossier, programme, "en"))
    assert len(found) == 2 + ITEMS + 1 + 1  # title and line, the items, how many more, the space below
    text = read(report_bytes(assessment, dossier, programme, "en")[0]).run
    assert "A-0it0(1.1):" in text
    assert "6÷2=3" in text
    assert "2more,insection4" in text


def test_a_conclusion_that_nothing_stands_against_names_its_line_only() -> None:
    programme, assessment, dossier = made(inputs={"x": "60", "y": "2"})
    assert assessment.determination.outcome == "eligible"
    assert len(derivation(Context(assessment, dossier, programme, "zh"))) == 3
