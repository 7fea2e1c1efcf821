from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.dossier.codes import ALPHABET, canonical_credit_code, check_credit_code, inner_check, outer_check
from engine.problems import ProblemList, Severity, Where

STANDARD = Path(__file__).resolve().parents[3] / "shared" / "standards" / "classifications.yaml"
WHERE = Where(file="f.yaml", line=7, path="applicant.credit_code")
# A published code of a well-known Hangzhou company.
REAL = "91330100799655058B"


def faults(code: str) -> dict[str, dict[str, str]]:
    """The parameters of each Problem by its code."""
    problems = ProblemList()
    check_credit_code(code, WHERE, problems)
    return {problem.code: dict(problem.params) for problem in problems}


@st.composite
def valid_codes(draw: st.DrawFn) -> str:
    head = "91" + draw(st.sampled_from(["11", "33", "54", "82", "10"])) + draw(st.text("0123456789", min_size=4, max_size=4))
    body = draw(st.text(ALPHABET, min_size=8, max_size=8))
    code = head + body + inner_check(body)
    return code + outer_check(code)


def standard() -> dict[str, Any]:
    if not STANDARD.exists():
        pytest.skip("the standards files are not beside this repository")
    section: dict[str, Any] = yaml.safe_load(STANDARD.read_text(encoding="utf-8"))["credit_code"]
    return section


@pytest.mark.parametrize("code", [REAL, "91330402MA28A1B212", "913304837123456728", "91330481MA29C3D483"])
def test_a_valid_code_has_no_fault(code: str) -> None:
    assert faults(code) == {}


def test_the_examples_of_the_standards_file_are_judged_as_it_says() -> None:
    section = standard()
    for code in (section["valid_real_example"]["code"], *section["valid_constructed"]):
        assert faults(code) == {}, code
    expected = {"wrong check digit": "credit_code_check_digit", "letter O": "credit_code_character", "length": "credit_code_length"}
    for example in section["invalid_examples"]:
        assert list(faults(example["code"])) == [expected[example["why"]]], example


def test_alphabet_is_the_one_of_the_standards_file() -> None:
    assert standard()["alphabet"] == ALPHABET


@pytest.mark.parametrize("text", ["  91330100799655058b ", "９１３３０１００７９９６５５０５８Ｂ"])
def test_a_code_is_trimmed_and_upper_cased(text: str) -> None:
    assert canonical_credit_code(text) == REAL
    assert faults(text) == {}


def test_a_wrong_check_digit_names_the_expected_one() -> None:
    assert faults("91330100799655058C") == {"credit_code_check_digit": {"found": "C", "expected": "B"}}


def test_a_wrong_inner_digit_names_the_expected_one() -> None:
    # 79965505: 3*7+7*9+9*9+10*6+5*5+8*5+4*0+2*5 = 300 = 27*11+3, so the check is 11-3 = 8; the outer check is made to agree.
    code = "91330100799655059"
    assert faults(code + outer_check(code)) == {"credit_code_inner_digit": {"found": "9", "expected": "8"}}


def test_both_digits_are_reported_when_both_are_wrong() -> None:
    assert set(faults("913301007996550591")) == {"credit_code_inner_digit", "credit_code_check_digit"}


@pytest.mark.parametrize(("body", "check"), [("00000000", "0"), ("00000001", "9"), ("00000005", "1"), ("00000006", "X"), ("A0000000", "3")])
def test_the_inner_check_by_hand(body: str, check: str) -> None:
    # The last weight is 2, the first 3, A counts 10: sums 0, 2, 10, 12, 30; 11 less the remainder is 11 -> 0, 9, 1, 10 -> X, 3.
    assert inner_check(body) == check


@pytest.mark.parametrize("character", "IOSVZ浙-")
def test_each_illegal_character_is_reported_with_its_place(character: str) -> None:
    found = faults(REAL[:4] + character + REAL[5:])
    assert found == {"credit_code_character": {"character": character, "position": "5"}}


def test_length_and_illegal_character_are_reported_together() -> None:
    assert faults("9133O1007996550") == {
        "credit_code_length": {"length": "15", "expected": "18"},
        "credit_code_character": {"character": "O", "position": "5"},
    }


def test_two_illegal_characters_are_two_problems() -> None:
    problems = ProblemList()
    check_credit_code("9I33O100799655058B", WHERE, problems)
    assert [dict(p.params)["position"] for p in problems] == ["2", "5"]


def test_a_division_outside_every_province_is_a_warning() -> None:
    code = "91990100799655058"
    problems = ProblemList()
    check_credit_code(code + outer_check(code), WHERE, problems)
    assert [(p.code, p.severity, dict(p.params)) for p in problems] == [
        ("credit_code_division", Severity.WARNING, {"division": "990100"}),
    ]


@pytest.mark.parametrize("code", ["", "91330100799655058C", "9I33O100799655058B", "91330100799655059A", "91990100799655058B"])
def test_every_fault_has_its_place_and_renders_in_both_languages(code: str) -> None:
    problems = ProblemList()
    check_credit_code(code, WHERE, problems)
    assert problems.problems
    for problem in problems:
        assert problem.where == WHERE
        for lang in ("zh", "en"):
            assert "{" not in problem.what(lang) + problem.fix(lang)


@given(valid_codes())
def test_made_codes_are_valid(code: str) -> None:
    assert faults(code) == {}


@given(valid_codes(), st.integers(8, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(code: str, at: int, other: str) -> None:
    # 31 is a prime, so no change of a single place leaves the outer sum as it was.
    if code[at] != other:
        assert faults(code[:at] + other + code[at + 1 :])


@given(st.text(max_size=40))
def test_any_text_is_judged_without_raising(text: str) -> None:
    well_formed = len(code := canonical_credit_code(text)) == 18 and set(code) <= set(ALPHABET)
    assert well_formed or faults(text)
