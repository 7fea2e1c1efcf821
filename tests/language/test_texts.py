from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from engine.language import FUNCTIONS, InvalidExpression, LanguageError, check, parse_number, split_quantity
from engine.problems import ProblemList, Where
from engine.texts import LANGUAGES, catalogue, template
from tests.language.world import SCOPE, UNITS

ROOM = Path(__file__).parents[2] / "engine" / "language"
CODES = sorted({code for file in ROOM.glob("*.py") for code in re.findall(r'"((?:number|unit|expression)_\w+)"', file.read_text("utf-8"))})


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_sentences_with_the_same_parameters_in_both_languages(code: str) -> None:
    for part in ("what", "fix"):
        fields = [{field for _, field, _, _ in Formatter().parse(template(f"problems.{code}.{part}", lang)) if field} for lang in LANGUAGES]
        assert fields[0] == fields[1]


def test_every_function_can_be_printed() -> None:
    assert set(catalogue("language")) >= FUNCTIONS - {"lookup"}


WRONG = [
    "", "a" * 2001, "-" * 61 + "a", "a ; b", "a == 'b", "3 [t", "a b", "a < b < c", "1e40", "energy_totl", "sum(energy.tc)",
    "lookup(quota, word).x", "met(x)", "mean(a)", "abs(a, b)", "met(1)", "year(a)", "not a", "energy_total + power", "word == a",
    "p", "a / b * 100", "sum(a)", "energy.tce", "sum(energy.tce / product.output)", "sum(sum(energy.x) * energy.x)",
    "lookup(quotas, word).level_1", "5 tcee", "5 [t/]", "5 [kgce/kW·h]",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_every_expression_error_makes_complete_sentences(text: str) -> None:
    with pytest.raises(InvalidExpression) as refused:
        check(text, SCOPE, UNITS, UNITS.parse("%"))
    problems = ProblemList()
    for error in refused.value.errors:
        problems.error(error.code, Where("ruleset.yaml", 3), **error.parameters)
    for problem in problems:
        for lang in LANGUAGES:
            assert "{" not in problem.what(lang) + problem.fix(lang)


def quote_number(text: str) -> None:
    parse_number(text)


def quote_slot(text: str) -> None:
    UNITS.convert_for_slot(parse_number("1"), text, "tce")


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((quote_number, text) for text in ("", "x", "nan", "1,5", "1,23,456", "1e99")),
        *((split_quantity, text) for text in ("t", "1 2")),
        *((quote_slot, text) for text in ("toe", "xyz", "t/", "a/b·c")),
    ],
)
def test_every_number_and_unit_error_makes_complete_sentences(read, text: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LanguageError) as refused:
        read(text)
    problems = ProblemList()
    problems.error(refused.value.code, Where(), **refused.value.params)
    for lang in LANGUAGES:
        assert "{" not in next(iter(problems)).what(lang)
