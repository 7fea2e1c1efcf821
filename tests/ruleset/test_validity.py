from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from engine.ruleset.schema import Validity
from engine.ruleset.validity import first_day, last_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017-05-19", date(2017, 5, 19), date(2017, 5, 19)),
        ("2016-09", date(2016, 9, 1), date(2016, 9, 30)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_a_month_or_year_counts_whole(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize("text", ["2017-02-29", "2017-13", "2017-5-19", "17-05-19", "2017/05/19", "spring 2017", "0000", "2017-00", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="validity_malformed"):
        first_day(text)


def test_a_malformed_day_refuses_the_ruleset() -> None:
    with pytest.raises(ValidationError, match="validity_malformed"):
        Validity(since="2017-02-29")


def test_an_end_before_the_beginning_refuses_the_ruleset() -> None:
    with pytest.raises(ValidationError, match="validity_reversed"):
        Validity(since="2018-12", until="2018-11-30")


def test_an_end_in_the_month_of_the_beginning_is_taken() -> None:
    assert Validity(since="2018-12-10", until="2018-12").span == (date(2018, 12, 10), date(2018, 12, 31))
