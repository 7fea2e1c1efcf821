from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import (
    NumberError,
    compare_rounded,
    ends_within,
    exact_text,
    parse_number,
    round_half_even,
    split_quantity,
    to_json_number,
    to_text,
    written_quantity,
    written_step,
)

F = Fraction


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", F(0)),
        ("12.50", F(25, 2)),
        ("-3", F(-3)),
        ("+3", F(3)),
        (" 7 ", F(7)),
        (".5", F(1, 2)),
        ("1,234.5", F(2469, 2)),
        ("12,345,678", F(12345678)),
        ("1.2e3", F(1200)),
        ("2E-3", F(1, 500)),
        ("５００", F(500)),
        ("－１，２３４．５", F(-2469, 2)),
        ("\u22125", F(-5)),
        ("9" * 30, F(10**30 - 1)),
    ],
)
def test_a_decimal_text_is_read_exactly(text: str, value: Fraction) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number_empty"),
        ("　", "number_empty"),
        ("NaN", "number_not_finite"),
        ("-inf", "number_not_finite"),
        ("12,5", "number_decimal_comma"),
        ("１２，５", "number_decimal_comma"),
        ("1.234,5", "number_decimal_comma"),
        ("0,030", "number_decimal_comma"),
        ("1234,567", "number_decimal_comma"),
        ("1,23,456", "number_grouping"),
        ("1,234,56.7", "number_grouping"),
        ("5.", "number_malformed"),
        ("1 234", "number_malformed"),
        ("12²", "number_malformed"),
        ("٣", "number_malformed"),
        ("5 t", "number_malformed"),
        ("--5", "number_malformed"),
        ("1_000", "number_malformed"),
        ("9" * 31, "number_too_long"),
        ("1e30", "number_too_long"),
        ("1e9999", "number_too_long"),
        ("1e-31", "number_too_long"),
        ("9" * 5000, "number_too_long"),
    ],
)
def test_what_is_no_exact_number_is_refused_with_its_own_code(text: str, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_number(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1,234.5 万kWh", ("1,234.5", "万kWh")),
        ("30%", ("30", "%")),
        ("３０％", ("30", "%")),
        ("0.030 tce/t", ("0.030", "tce/t")),
        ("５００ 亩", ("500", "亩")),
        ("12 m²", ("12", "m²")),
        ("1.5万件", ("1.5", "万件")),
        ("-2.5e3t", ("-2.5e3", "t")),
        ("42", ("42", "")),
        ("12,5 t", ("12,5", "t")),
    ],
)
def test_a_quantity_splits_into_number_and_unit(text: str, parts: tuple[str, str]) -> None:
    assert split_quantity(text) == parts


@pytest.mark.parametrize("text", ["t", "", "1 234.5 t", "5-8 t", "2025-01-01", "5/8", "NaN t", "约 5 t"])
def test_what_continues_a_number_is_not_taken_for_a_unit(text: str) -> None:
    with pytest.raises(NumberError):
        split_quantity(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("30.0 %", ("30.0", "%")),
        ("0.03 [kgce/(kW·h)]", ("0.03", "kgce/(kW·h)")),
        ("3 [万元/tce]", ("3", "万元/tce")),
        ("6", ("6", "")),
        ("0.8 / n", None),
        ("2 * x", None),
        ("2 t + 3 t", None),
        ("limit", None),
        ("3 [t] + 4 [t]", None),
    ],
)
def test_a_figure_of_an_expression_is_one_quantity_or_computed(text: str, parts: tuple[str, str] | None) -> None:
    assert written_quantity(text) == parts


# Every example of standards/rounding.md; the step is the rounding interval.
@pytest.mark.parametrize(
    ("value", "step", "rounded"),
    [
        ("12.1498", "1", "12"),
        ("12.1498", "0.1", "12.1"),
        ("1268", "100", "1300"),
        ("10.5002", "1", "11"),
        ("1.050", "0.1", "1.0"),
        ("0.35", "0.1", "0.4"),
        ("2500", "1000", "2000"),
        ("3500", "1000", "4000"),
        ("-355", "10", "-360"),
        ("-325", "10", "-320"),
        ("-0.0365", "0.001", "-0.036"),
        ("97.46", "1", "97"),
        ("15.4546", "1", "15"),
        ("60.25", "0.5", "60.0"),
        ("60.38", "0.5", "60.5"),
        ("-60.75", "0.5", "-61.0"),
        ("830", "20", "840"),
        ("842", "20", "840"),
        ("-930", "20", "-920"),
        ("17.5", "1", "18"),
    ],
)
def test_rounding_follows_gbt_8170(value: str, step: str, rounded: str) -> None:
    assert round_half_even(F(value), F(step)) == F(rounded)


@pytest.mark.parametrize(
    ("shown", "true", "rounded"),
    [("15.5(-)", "15.4546", 15), ("16.5(+)", "16.5203", 17), ("16.50(+)", "16.5001", 17)],
)
def test_a_reported_value_marked_plus_or_minus_rounds_by_its_true_value(shown: str, true: str, rounded: int) -> None:
    reported = F(shown[:4])
    assert (F(true) > reported) == ("+" in shown)
    assert round_half_even(F(true)) == rounded


# The limit table of standards/rounding.md: limits with the sign they compare by, value, full value, rounded value, rounded verdict.
LIMITS = [
    ([(">=", "1400")], "1349", False, "1300", False),
    ([(">=", "1400")], "1351", False, "1400", True),
    ([(">=", "1400")], "1400", True, "1400", True),
    ([(">=", "97.0")], "97.01", True, "97.0", True),
    ([(">=", "97.0")], "96.96", False, "97.0", True),
    ([(">=", "97.0")], "96.94", False, "96.9", False),
    ([("<=", "0.5")], "0.452", True, "0.5", True),
    ([("<=", "0.5")], "0.549", False, "0.5", True),
    ([("<=", "0.5")], "0.551", False, "0.6", False),
    ([(">=", "1.2"), ("<=", "1.6")], "1.151", False, "1.2", True),
    ([(">=", "1.2"), ("<=", "1.6")], "1.649", False, "1.6", True),
    ([(">=", "1.2"), ("<=", "1.6")], "1.651", False, "1.7", False),
    ([(">=", "9.9"), ("<=", "10.1")], "9.89", False, "9.9", True),
    ([(">=", "9.9"), ("<=", "10.1")], "9.85", False, "9.8", False),
    ([(">=", "9.9"), ("<=", "10.1")], "10.16", False, "10.2", False),
    ([(">", "9.9"), ("<", "10.1")], "9.94", True, "9.9", False),
    ([(">", "9.9"), ("<", "10.1")], "10.06", True, "10.1", False),
    ([(">", "9.9"), ("<", "10.1")], "10.05", True, "10.0", True),
    ([(">=", "9.9"), ("<", "10.1")], "9.86", False, "9.9", True),
    ([(">=", "9.9"), ("<", "10.1")], "10.06", True, "10.1", False),
    ([(">", "9.9"), ("<=", "10.1")], "9.94", True, "9.9", False),
    ([(">", "9.9"), ("<=", "10.1")], "10.06", True, "10.1", True),
]


def holds(sign: str, order: int) -> bool:
    return {">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0}[sign]


@pytest.mark.parametrize(("limits", "value", "full", "rounded", "verdict"), LIMITS)
def test_limits_compare_by_full_and_by_rounded_value(
    limits: list[tuple[str, str]], value: str, full: bool, rounded: str, verdict: bool
) -> None:
    measured = F(value)
    step = F(100) if limits[0][1] == "1400" else None
    assert round_half_even(measured, step or written_step(limits[0][1])) == F(rounded)
    assert all(holds(sign, (measured > F(limit)) - (measured < F(limit))) for sign, limit in limits) == full
    assert all(holds(sign, compare_rounded(measured, limit, step)) for sign, limit in limits) == verdict


@pytest.mark.parametrize(("limit", "step"), [("97", F(1)), ("97.0", F(1, 10)), ("0.030", F(1, 1000)), ("14e2", F(100)), ("1.20e3", F(10))])
def test_the_written_places_of_a_limit_are_its_rounding_step(limit: str, step: Fraction) -> None:
    assert written_step(limit) == step


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (F(1, 3), 2, "0.33"),
        (F(2), 2, "2.00"),
        (F(5, 2), 0, "2"),
        (F(7, 2), 0, "4"),
        (F(-1, 1000), 2, "0.00"),
        (F(-1, 8), 2, "-0.12"),
        (F(10**20), 1, "1" + "0" * 20 + ".0"),
        (F(5, 2), None, "2.5"),
    ],
)
def test_text_of_fixed_places_is_rounded_once_and_keeps_its_zeros(value: Fraction, places: int | None, text: str) -> None:
    assert to_text(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(F(100), "100"), (F(-5, 2), "-2.5"), (F(1, 3), "0.333333333333"), (F(-1, 10**13), "0"), (F(0), "0"), (F(10**25), "1" + "0" * 25)],
)
def test_json_numbers_are_plain_and_trimmed(value: Fraction, text: str) -> None:
    assert to_json_number(value) == text


def test_exact_text_and_ending_decimals() -> None:
    assert exact_text(F(-4, 6)) == "-2/3"
    assert exact_text(F(3)) == "3/1"
    assert ends_within(F(1, 8), 3)
    assert not ends_within(F(1, 8), 2)
    assert not ends_within(F(1, 3), 12)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=10))
def test_number_text_round_trips(number: Decimal) -> None:
    value = F(number)
    assert parse_number(to_json_number(value)) == value
    assert parse_number(to_text(value, 10)) == value
    assert parse_number(f"{number:,.10f}") == value


@given(st.fractions(), st.integers(0, 8))
def test_rounding_agrees_with_decimal_arithmetic(value: Fraction, places: int) -> None:
    rounded = F(to_text(value, places))
    assert rounded == round_half_even(value, F(1, 10**places))
    assert abs(rounded - value) <= F(1, 2 * 10**places)
    if abs(rounded - value) == F(1, 2 * 10**places):
        assert rounded * 10**places % 2 == 0
