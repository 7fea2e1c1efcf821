"""A round in which nothing is wrong raises nothing; the order of its applications says nothing; small groups give no verdict."""

from __future__ import annotations

from dataclasses import replace

from engine.rounds.screen.export import screening_plain
from engine.rounds.screen.run import screen_round
from engine.rounds.screen.signal import NOTE
from tests.rounds.screen.made import changed, clean_round, with_input

SIZE = 20


def test_a_clean_round_raises_nothing() -> None:
    """Whole-round alarms are set at 1 in 20 for all digits and for all evaluators; an outlier of the sector at about 1 in 1000 values."""
    assert screen_round(clean_round(SIZE), year_limit=SIZE).signals == ()


def test_rounds_with_other_numbers_raise_nothing_either() -> None:
    assert screen_round(clean_round(SIZE, "b"), clean_round(SIZE)).signals == ()


def test_the_order_of_cases_does_not_matter() -> None:
    cases = (*clean_round(SIZE)[1:], changed(clean_round(SIZE)[0], with_input("land_area", "1001 m2")))
    history = tuple(replace(case, round="2017Q2", day="2017-06-01") for case in clean_round(12, "old"))
    one = screen_round(cases, history, year_limit=8)
    other = screen_round(cases[::-1], history[5:] + history[:5], year_limit=8)
    assert one.signals
    assert screening_plain(one) == screening_plain(other)


def test_few_applications_are_said_to_be_too_few_and_give_no_verdict() -> None:
    odd = changed(clean_round(SIZE)[0], with_input("land_area", "1001 m2"))
    found = screen_round((odd, *clean_round(SIZE)[1:5])).signals
    assert {signal.severity for signal in found} == {NOTE}
    assert [signal.code for signal in found] == ["lenient_too_few_body", "lenient_too_few_evaluator", "sector_too_few"]
    assert "plot_ratio" in found[2].items


def test_an_empty_round_has_no_signals() -> None:
    assert screen_round(()).signals == ()
