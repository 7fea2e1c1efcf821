from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from engine.advise.costs import KINDS, Costs, Price, default_costs, read_costs
from engine.problems import Problem, Refused
from tests.assess import tiny

MADE = tiny.programme(
    inputs=[tiny.number("area", "m2")], criteria=[tiny.criterion("a", number="A-1"), tiny.criterion("b")], gates=[tiny.gate("lawful")]
)


def read(tmp_path: Path, text: str) -> Costs:
    path = tmp_path / "costs.yaml"
    path.write_text(text, encoding="utf-8")
    return read_costs(path, MADE, tiny.dossier())


def refused(tmp_path: Path, text: str) -> list[Problem]:
    with pytest.raises(Refused) as error:
        read(tmp_path, text)
    return error.value.problems


def test_the_default_weights_say_whose_choice_they_are() -> None:
    source = default_costs().source
    assert source is not None and source.basis.value == "policy"
    assert set(default_costs().kinds) == set(KINDS)


def test_items_are_priced_by_id_printed_number_or_document(tmp_path: Path) -> None:
    found = read(tmp_path, 'unit: 万元\nitems: {A-1: "12.5", lawful: impossible, E2: "1"}\n')
    assert found.price("answer", "a") == Price(Fraction(25, 2))
    assert found.price("answer", "lawful") is None
    assert found.price("renewal", "E2") == Price(Fraction(1))
    assert found.price("answer", "b") == default_costs().price("answer", "b")
    assert found.unit.zh == found.unit.en == "万元"


def test_kinds_are_priced_and_the_rest_stays_by_default(tmp_path: Path) -> None:
    found = read(tmp_path, 'kinds: {answer: "7", judgement: impossible}\n')
    assert found.price("answer", "b") == Price(Fraction(7))
    assert found.price("judgement", "b") is None
    assert found.source is not None


def test_moving_a_value_costs_by_the_distance_in_the_stated_unit(tmp_path: Path) -> None:
    found = read(tmp_path, 'items: {area: {fixed: "3", per: "0.5", unit: m2}}\n')
    price = found.price("value", "area")
    assert price is not None
    # 3 and half of 10 m2
    assert price.of(Fraction(100), Fraction(110)) == 8


def test_costs_are_rounded_up_to_hundredths() -> None:
    assert Price(Fraction(1, 3)).of() == Fraction(34, 100)


def test_a_relative_price_counts_the_share_by_which_a_value_moves() -> None:
    price = Price(Fraction(3), relative=Fraction(10))
    assert [price.of(Fraction(50), Fraction(60)), price.of(None, Fraction(60))] == [5, 13]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("- a\n", "costs_form", 1),
        ("unit: 万元\nitmes: {a: '1'}\n", "cost_name_unknown", 2),
        ("kinds:\n  answers: '1'\n", "cost_name_unknown", 2),
        ("items:\n  lawfull: '1'\n", "cost_name_unknown", 2),
        ("items:\n  a: cheap\n", "cost_not_a_number", 2),
        ("items:\n  a: '-1'\n", "cost_not_a_number", 2),
        ("items: [a]\n", "costs_form", 1),
        ("unit: {zh: 元}\n", "cost_unit_form", 1),
        ("items:\n  a: {per: '1'}\n", "cost_per_without_value", 2),
        ("items:\n  area: {per: '1', unit: tce}\n", "unit_dimension_mismatch", 2),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    found = refused(tmp_path, text)
    assert [(problem.code, problem.where.line) for problem in found] == [(code, line)]
    assert found[0].what("zh") and found[0].fix("en")


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    assert len(refused(tmp_path, "kinds: {x: '1'}\nitems: {y: '1', a: b}\n")) == 3
