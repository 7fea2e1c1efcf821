"""The delivered library as a whole."""

from __future__ import annotations

import re
from datetime import date

import pytest

from engine import ProblemList, lint_library, read_editions, rulesets_root, select


def test_no_edition_overlaps_its_successor_and_no_programme_its_standard() -> None:
    assert [f"{p.where}: {p.code}" for p in lint_library() if p.severity.value == "error"] == []


def test_english_texts_have_no_apostrophe_that_the_report_would_draw_as_wide_as_a_character() -> None:
    """The font of the report has ’ as a full-width quotation mark."""
    written = {
        path.name: re.findall(r".*[A-Za-z]’[A-Za-z ].*", path.read_text(encoding="utf-8")) for path in rulesets_root().rglob("*.yaml")
    }
    assert {name: lines for name, lines in written.items() if lines} == {}


@pytest.mark.parametrize(
    ("day", "standard", "schemes"),
    [
        ("2016-08-31", "none", set()),
        ("2017-05-18", "green_factory/miit_2016_586", set()),
        ("2017-09-15", "green_factory/miit_2016_586", {"jiaxing_2017"}),
        ("2018-11-30", "green_factory/miit_2016_586", {"jiaxing_2017"}),
        ("2018-12-01", "green_factory/gbt_36132_2018", {"national_2018"}),
        ("2025-12-30", "green_factory/gbt_36132_2018", {"national_2018"}),
        ("2025-12-31", "green_factory/gbt_36132_2025", {"national_2025"}),
    ],
)
def test_a_factory_is_assessed_by_the_edition_of_its_day(day: str, standard: str, schemes: set[str]) -> None:
    made = select(read_editions(ProblemList()), "green_factory", date.fromisoformat(day), sector="1713", district="haining")
    assert [row.id for row in made.standards if row.state == "applies"] == ([] if standard == "none" else [standard])
    assert {row.id for row in made.programmes if row.state == "applies"} == schemes
