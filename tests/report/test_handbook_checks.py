"""The handbook lists the checks of the data: what is held against what, each tolerance with how it is known and its source."""

from __future__ import annotations

import pytest

from engine.assess.physics.words import document_text
from engine.report.handbook_checks import checks
from engine.report.handbook_model import Grid, Row
from engine.report.handbook_words import Words
from engine.ruleset.compile import compiled
from engine.ruleset.compile_checks import ready_checks
from engine.texts import LANGUAGES
from tests.report.test_handbook import SCHEMES, STANDARDS, programme, runs, squeezed


def text(part: object) -> str:
    return "".join(run.text for run in runs(part))


def row_of(name: str, check: str, lang: str = "zh") -> Row:
    found = next(block for block in checks(Words(programme(name), lang)) if isinstance(block, Grid))
    return next(row for row in found.rows if check in [run.text.strip() for run in runs(row)])


@pytest.mark.parametrize("name", [*STANDARDS, *SCHEMES])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_check_that_takes_part_is_listed_with_its_limits(name: str, lang: str) -> None:
    made = programme(name)
    ready = ready_checks(compiled(made))
    found = [block for block in checks(Words(made, lang)) if isinstance(block, Grid)]
    assert [run.text.strip() for block in found for row in block.rows for run in runs(row) if run.style == "code"] == [
        one.check.check for one in ready
    ]
    for row, one in zip((row for block in found for row in block.rows), ready, strict=True):
        said = text(row)
        assert one.check.title.in_(lang) in said and one.check.advice.in_(lang) in said
        assert all(made.slips[slip].factor in said for slip in one.slips)
        assert [run.mark for run in runs(row) if run.mark] == [figure.basis for figure in one.figures.values()]
        assert all(document_text(figure.document, lang) in said for figure in one.figures.values())
        assert "{" not in said


def test_a_tolerance_is_printed_as_the_scheme_sets_it() -> None:
    said = squeezed(text(row_of("jiaxing_2017:green_factory:", "wastewater_splits")))
    assert "“废水”各行：废水产生量与" in said and "允许差5%" in said and "数据核对工程默认值" in said and "×1000" in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("jiaxing_2017:green_factory:", "标识有效期（月）未定（不核对）"),
        ("national_product_certification:green_product:green_product/gbt35603_2017", "标识有效期（月）60"),
    ],
)
def test_a_term_that_nobody_set_is_said_to_be_unset(name: str, said: str) -> None:
    assert said in squeezed(text(row_of(name, "permit_outlives_label")))


def test_a_check_of_rows_says_which_column_groups_them() -> None:
    assert "与各行（按能源品种）中位数之比" in squeezed(text(row_of("jiaxing_2017:green_factory:", "energy_month")))
    assert "each row" in text(row_of("jiaxing_2017:green_factory:", "energy_month", "en")).lower()


def test_the_slips_that_are_suspected_are_explained() -> None:
    [_, slips, _] = checks(Words(programme("jiaxing_2017:green_factory:"), "zh"))
    assert "666.67 倍（亩与 m2 混用）" in text(slips)
