"""Months, periods, ends of months, leap days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rounds.surveillance.days import add_months, after, on, period_end


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2018-01-15", 36, "2021-01-15"),
        ("2018-01-31", 1, "2018-02-28"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-02-29", 48, "2024-02-29"),
        ("2018-12-31", 2, "2019-02-28"),
        ("2019-03-31", -1, "2019-02-28"),
        ("2020-02-29", -12, "2019-02-28"),
        ("2018-01-15", -1, "2017-12-15"),
    ],
)
def test_months_are_added(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months).isoformat() == end


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2018-01-15", 36, "2021-01-14"),
        ("2018-01-01", 12, "2018-12-31"),
        ("2020-02-29", 36, "2023-02-28"),
        ("2020-02-29", 48, "2024-02-28"),
        ("2017-03-01", 36, "2020-02-29"),
        ("2018-01-31", 1, "2018-02-28"),
    ],
)
def test_a_period_ends_before_its_day_comes_again(start: str, months: int, end: str) -> None:
    assert period_end(date.fromisoformat(start), months).isoformat() == end


def test_the_first_day_of_a_period_of_days_does_not_count() -> None:
    assert after(date(2020, 2, 28), 2) == date(2020, 3, 1)


def test_a_leap_day_of_the_year_is_the_last_of_february_elsewhere() -> None:
    assert [on(2020, "02-29"), on(2021, "02-29")] == [date(2020, 2, 29), date(2021, 2, 28)]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_periods_follow_each_other_without_gap_where_no_month_is_cut_short(start: date, months: int) -> None:
    end = period_end(start, months)
    assert start <= end
    if start.day <= 28:
        assert period_end(start, 2 * months) == period_end(end + timedelta(days=1), months)
