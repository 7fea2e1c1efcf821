"""Indicators are set as formulas: a fraction with a bar, its numbers beside it, and a sign that tells what was rounded."""

from __future__ import annotations

from fractions import Fraction

from engine.assess.results import IndicatorResult, Shown
from engine.report.context import Context
from engine.report.formula import Formula, is_exact, working
from engine.report.style import SMALL
from tests.samples.results import assess, dossier, own_programme


def made(name: str) -> tuple[Context, IndicatorResult]:
    context = Context(assess("dyeing_mill", "verified"), dossier("dyeing_mill"), own_programme("dyeing_mill"), "zh")
    return context, next(one for one in context.assessment.indicators if one.number == name or one.id == name)


def texts(formula: Formula) -> list[str]:
    return ["".join(piece.text for piece in line.pieces) for box in formula.boxes for placed in box.placed for line in placed.lines]


def test_a_ratio_stands_over_a_bar_with_its_numbers_and_its_value() -> None:
    formula = working(*made("F18-4"), 470)
    assert texts(formula) == ["n", "=", "总产值", "用地面积", "=", "48320 万元", "66720.5 m2", "≈", "0.7242 万元/m2"]
    assert sum(not placed.lines for box in formula.boxes for placed in box.placed) == 2  # bars


def test_the_index_of_a_symbol_is_lowered_and_small() -> None:
    formula = working(*made("F18-11"), 470)
    symbol, index = formula.boxes[0].placed[:2]
    assert texts(formula)[:2] == ["K", "w"]
    assert index.type == SMALL and index.y < symbol.y


def test_a_formula_too_wide_for_one_line_has_its_numbers_below() -> None:
    assert len(working(*made("F18-1"), 470).boxes) == 1
    assert len(working(*made("F18-1"), 330).boxes) == 2


def test_a_formula_of_choices_is_written_in_lines_without_numbers() -> None:
    formula = working(*made("energy_total"), 470)
    assert len(formula.boxes) == 1 and not any("15414" in text for text in texts(formula))


def test_a_value_that_was_rounded_is_told_from_an_exact_one() -> None:
    assert not is_exact(made("F18-4")[1].value)
    assert is_exact(made("energy_total")[1].value)
    assert all(is_exact(Shown(Fraction(value))) for value in ("0", "1200", "0.25")) and not is_exact(Shown(Fraction(1, 3)))


def test_every_piece_lies_within_the_formula() -> None:
    context = made("F18-1")[0]
    for indicator in context.assessment.indicators:
        formula = working(context, indicator, 470)
        for box in formula.boxes:
            for placed in box.placed:
                tall = len(placed.lines) * placed.type.leading
                assert placed.x >= 0 and placed.x + placed.width <= 470.01, indicator.id
                assert placed.y <= box.above + 0.01 and placed.y - tall >= -box.below - 3, indicator.id
