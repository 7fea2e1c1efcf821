"""Every form of condition on its day, the day before and the day after; and every delivered rule."""

from __future__ import annotations

from typing import Any

import pytest

from engine.rounds.surveillance import Certificate, Event, Measure, decide_on, history, load_surveillance
from tests.rounds.surveillance.made import EVERY_3_YEARS, YEARLY, certificate, event, rule, rules, shift

C = certificate()


def fires(when: dict[str, Any], events: list[Event], day: str, holder: Certificate = C, **more: Any) -> bool:
    return bool(decide_on(holder, events, rules(rule("r", when, "continue"), **more), day)[1])


def around(when: dict[str, Any], events: list[Event], day: str, **more: Any) -> list[bool]:
    return [fires(when, events, shift(day, step), **more) for step in (-1, 0, 1)]


# --- events ---


def test_an_event_fires_on_its_day_only() -> None:
    assert around({"event": {"kind": "false_data"}}, [event("2018-03-01", "false_data")], "2018-03-01") == [False, True, False]


def test_an_event_counts_from_the_day_of_issue() -> None:
    given = [event(day, "false_data", certificate="") for day in ("2018-01-14", "2018-01-15")]
    assert [fires({"event": {"kind": "false_data"}}, given, day) for day in ("2018-01-14", "2018-01-15")] == [False, True]


@pytest.mark.parametrize(("second", "fired"), [("2019-02-27", True), ("2019-02-28", True), ("2019-03-01", False), ("2019-03-02", False)])
def test_twelve_months_end_the_day_before_the_day_comes_again(second: str, fired: bool) -> None:
    when = {"event": {"kind": "penalty", "count": "2", "within_months": "12"}}
    assert fires(when, [event(day, "penalty", penalty="fine") for day in ("2018-03-01", second)], second) is fired


@pytest.mark.parametrize(("second", "fired"), [("2021-02-27", True), ("2021-02-28", False), ("2021-03-01", False)])
def test_twelve_months_from_a_leap_day(second: str, fired: bool) -> None:
    """Those that end on 28 February 2021 begin on 29 February 2020."""
    when = {"event": {"kind": "penalty", "count": "2", "within_months": "12"}}
    given = [event(day, "penalty", penalty="fine") for day in ("2020-02-28", second)]
    assert fires(when, given, second, certificate(until="")) is fired


def test_a_count_is_full_with_the_last_event_and_again_with_the_next() -> None:
    when = {"event": {"kind": "penalty", "count": "2"}}
    days = ("2018-03-01", "2018-04-01", "2018-05-01")
    assert [fires(when, [event(day, "penalty", penalty="fine") for day in days], day) for day in days] == [False, True, True]


@pytest.mark.parametrize(("amount", "fired"), [(99_999, False), (100_000, True), (100_001, True), (None, False)])
def test_an_amount_counts_from_its_limit_on(amount: int | None, fired: bool) -> None:
    when = {"event": {"kind": "penalty", "amount_at_least": "100000"}}
    assert fires(when, [event("2018-03-01", "penalty", penalty="fine", amount=amount)], "2018-03-01") is fired


@pytest.mark.parametrize(
    ("condition", "kind", "yes", "no"),
    [
        ({"grades": ["large"]}, "accident", {"grade": "large"}, {"grade": "small"}),
        ({"penalties": ["stop"]}, "penalty", {"penalty": "stop"}, {"penalty": "fine"}),
        ({"results": ["failed"]}, "reevaluation_result", {"result": "failed"}, {"result": "passed"}),
    ],
)
def test_an_event_counts_only_as_the_condition_says(condition: dict[str, Any], kind: str, yes: dict[str, str], no: dict[str, str]) -> None:
    when = {"event": {"kind": kind, **condition}}
    assert [fires(when, [event("2018-03-01", kind, **given)], "2018-03-01") for given in (yes, no)] == [True, False]


# --- duties ---


@pytest.mark.parametrize("days", [1, 60])
def test_a_duty_is_late_from_its_day_on(days: int) -> None:
    assert around({"overdue": {"duty": "update", "days": str(days)}}, [], shift("2019-04-15", days)) == [False, True, False]


@pytest.mark.parametrize(("handed", "fired"), [("2019-04-14", False), ("2019-04-15", False), ("2019-04-16", True)])
def test_what_is_handed_in_on_the_due_day_is_in_time(handed: str, fired: bool) -> None:
    when = {"overdue": {"duty": "update", "days": "1"}}
    assert fires(when, [event(handed, "annual_update", year=2019)], "2019-04-16") is fired


@pytest.mark.parametrize(("handed", "fired"), [("2019-06-13", False), ("2019-06-14", True)])
def test_what_is_handed_in_before_the_last_day_of_grace_is_not_so_late(handed: str, fired: bool) -> None:
    when = {"overdue": {"duty": "update", "days": "60"}}
    assert fires(when, [event(handed, "annual_update", year=2019)], "2019-06-14") is fired


def test_nothing_is_owed_in_the_year_of_issue() -> None:
    assert not fires({"overdue": {"duty": "update", "days": "1"}}, [], "2018-04-16")


@pytest.mark.parametrize(("issued", "fired"), [("2018-04-15", True), ("2018-04-16", False)])
def test_in_the_year_of_issue_only_what_falls_due_afterwards(issued: str, fired: bool) -> None:
    duty = YEARLY | {"first_year_after": "0"}
    assert fires({"overdue": {"duty": "update", "days": "1"}}, [], "2018-04-16", certificate(issued), duties=[duty]) is fired


def test_a_duty_ends_with_the_certificate() -> None:
    late = rules(rule("late", {"overdue": {"duty": "update", "days": "1"}}, "warn"))
    told = history(certificate(until="2020-04-14"), [], late, "2020-12-31")
    assert [each.day.isoformat() for each in told.decisions] == ["2019-04-16"]


@pytest.mark.parametrize(
    ("issued", "due"),
    [("2018-01-15", "2021-01-15"), ("2020-02-29", "2023-02-28"), ("2018-08-31", "2021-08-31"), ("2017-03-01", "2020-03-01")],
)
def test_re_evaluation_is_due_after_three_years(issued: str, due: str) -> None:
    holder = certificate(issued, "")
    when = {"overdue": {"duty": "again", "days": "1"}}
    days = [shift(due, step) for step in (0, 1, 2)]
    assert [fires(when, [], day, holder, duties=[EVERY_3_YEARS]) for day in days] == [False, True, False]
    assert not fires(when, [event(due, "reevaluation")], days[1], holder, duties=[EVERY_3_YEARS])


def test_each_re_evaluation_counts_for_the_earliest_that_lacks_one() -> None:
    holder = certificate(until="")
    given = [event("2021-03-01", "reevaluation"), event("2023-12-01", "reevaluation")]
    told = history(
        holder, given, rules(rule("r", {"overdue": {"duty": "again", "days": "1"}}, "continue"), duties=[EVERY_3_YEARS]), "2027-02-01"
    )
    assert [(each.due.isoformat(), str(each.handed_in)) for each in told.owed] == [
        ("2021-01-15", "2021-03-01"),
        ("2024-01-15", "2023-12-01"),
        ("2027-01-15", "None"),
    ]


def test_a_hand_in_on_the_due_day_is_not_for_the_next_time() -> None:
    given = [event("2020-12-01", "reevaluation"), event("2021-01-15", "reevaluation")]
    told = history(LASTING, given, rules(duties=[EVERY_3_YEARS]), "2024-02-01")
    assert [str(each.handed_in) for each in told.owed] == ["2020-12-01", "None"]


def test_a_re_evaluation_may_be_due_days_before() -> None:
    duty = EVERY_3_YEARS | {"days_before": "90"}
    told = history(C, [], rules(duties=[duty]), "2021-01-14")
    assert [each.due.isoformat() for each in told.owed] == ["2020-10-17"]


# --- years in a row ---


def ranked(*years: int, **more: Any) -> list[Event]:
    return [event(f"{year + 1}-06-01", "ranked_lowest", year=year, **more) for year in years]


THREE = {"consecutive": {"kind": "ranked_lowest", "years": "3"}}
LASTING = certificate(until="")


@pytest.mark.parametrize(
    ("years", "fired"),
    [
        ((2018, 2019), False),
        ((2018, 2019, 2020), True),
        ((2017, 2019, 2020), False),
        ((2018, 2020), False),
        ((2017, 2018, 2019, 2020), True),
    ],
)
def test_three_years_in_a_row(years: tuple[int, ...], fired: bool) -> None:
    assert fires(THREE, ranked(*years), f"{years[-1] + 1}-06-01", LASTING) is fired


def test_the_row_is_full_on_the_day_of_its_last_ranking_only() -> None:
    days = ["2020-06-01", "2021-05-31", "2021-06-01", "2021-06-02"]
    assert [fires(THREE, ranked(2018, 2019, 2020), day, LASTING) for day in days] == [False, False, True, False]


def test_a_year_recorded_late_fills_the_row() -> None:
    given = [*ranked(2018, 2020), event("2021-09-01", "ranked_lowest", year=2019)]
    assert [fires(THREE, given, day, LASTING) for day in ("2021-06-01", "2021-09-01")] == [False, True]


def test_years_under_an_earlier_certificate_of_the_holder_count() -> None:
    given = [*ranked(2018, 2019, certificate="C0"), *ranked(2020)]
    assert fires(THREE, given, "2021-06-01", LASTING)


def test_years_of_another_kind_of_certificate_do_not_count() -> None:
    given = [*ranked(2018, 2019, certificate="P1", about_kind="green_park"), *ranked(2020)]
    assert not fires(THREE, given, "2021-06-01", LASTING)


# --- lasting ---


def test_a_state_has_lasted_from_the_day_it_began() -> None:
    given = rules(
        rule("suspend", {"event": {"kind": "dishonest"}}, "suspend", notice_days="0"),
        rule("long", {"lasting": {"state": "suspended", "days": "30"}}, "continue"),
        duties=[],
    )
    days = [shift("2020-02-10", step) for step in (29, 30, 31)]
    assert [bool(decide_on(C, [event("2020-02-10", "dishonest")], given, day)[1]) for day in days] == [False, True, False]


# --- the delivered rules ---

DELIVERED = [(name, each.rule) for name in ("jiaxing_2017", "national_2024") for each in load_surveillance(name).rules]


def occasion(name: str, rule_name: str) -> tuple[list[Event], str]:
    """Events that make one delivered rule fire, and the day on which."""
    when = load_surveillance(name).rule(rule_name).when
    if when.event is not None:
        form = when.event
        base: dict[str, Any] = {"accident": {"grade": "safety"}, "penalty": {"penalty": "other"}, "ranked_lowest": {"year": 2018}}.get(
            form.kind, {}
        )
        base |= {"grade": form.grades[0]} if form.grades else {}
        base |= {"penalty": form.penalties[0]} if form.penalties else {}
        base |= {"result": form.results[0]} if form.results else {}
        base |= {"amount": int(form.amount_at_least.value or 0)} if form.amount_at_least else {}
        days = [shift("2018-06-01", i) for i in range(int(form.count.value or 0))]
        return [event(day, form.kind, **base) for day in days], days[-1]
    if when.overdue is not None:
        due = {"annual_update": "2019-04-15", "reevaluation": "2020-10-17"}[when.overdue.duty]
        return [event("2019-04-01", "annual_update", year=2019)] if when.overdue.duty == "reevaluation" else [], shift(
            due, int(when.overdue.days.value or 0)
        )
    if when.consecutive is not None:
        return ranked(2018, 2019, 2020), "2021-06-01"
    return [event("2018-06-01", "dishonest")], shift("2018-06-17", 180)


@pytest.mark.parametrize(("name", "rule_name"), DELIVERED)
def test_every_delivered_rule_fires_on_its_day_and_not_around_it(name: str, rule_name: str) -> None:
    given = load_surveillance(name)
    holder = certificate(until=given.valid_until("2018-01-15"))
    events, day = occasion(name, rule_name)
    found = [[each.rule for each in decide_on(holder, events, given, shift(day, step))[1]] for step in (-1, 0, 1)]
    assert [rule_name in names for names in found] == [False, True, False]


def test_every_measure_of_the_national_rules_waits_for_the_office() -> None:
    given = load_surveillance("national_2024")
    for name, rule_name in DELIVERED:
        if name == "national_2024" and given.rule(rule_name).then.decision is not Measure.CONTINUE:
            events, day = occasion(name, rule_name)
            told = history(certificate(until=""), events, given, shift(day, 400))
            assert all(each.waits_for_office for each in told.decisions)
            assert told.state == "valid"
