"""What becomes of a certificate: decisions, notice periods, what puts right, appeals, the end of the term."""

from __future__ import annotations

import pytest

from engine.rounds.surveillance import Event, Measure, Phase, State, check_events, decide_on, history, state_on
from tests.rounds.surveillance.made import (
    ACCIDENT,
    ALL,
    LATE,
    NO_DUTY,
    SUSPEND,
    WARN,
    WITHDRAW,
    certificate,
    event,
    rule,
    rules,
)

C = certificate()


def states(events: list[Event], *days: str, given: object = NO_DUTY) -> list[str]:
    return [state_on(C, events, given, day).value for day in days]  # type: ignore[arg-type]


def phase_of(events: list[Event], day: str) -> Phase:
    (decision,) = history(C, events, NO_DUTY, day).decisions
    return decision.phase


def codes(events: list[Event], day: str = "2020-12-31") -> list[str]:
    return [problem.code for problem in history(C, events, NO_DUTY, day).problems]


FALSE = event("2018-03-01", "false_data")
OPEN = event("2018-03-01", "inspection_open")


# --- notice ---


def test_a_decision_takes_effect_the_day_after_its_notice_period() -> None:
    assert states([FALSE], "2018-02-28", "2018-03-01", "2018-03-11", "2018-03-12") == ["valid", "valid", "valid", "withdrawn"]


def test_a_notice_period_may_run_over_a_leap_day() -> None:
    given = [event("2020-02-20", "false_data")]
    assert states(given, "2020-02-29", "2020-03-01", "2020-03-02") == ["valid", "valid", "withdrawn"]


def test_without_a_notice_period_a_decision_takes_effect_at_once() -> None:
    assert states([event("2018-03-01", "penalty", penalty="fine")], "2018-02-28", "2018-03-01") == ["valid", "warned"]


@pytest.mark.parametrize(("day", "state"), [("2018-03-01", "valid"), ("2018-03-11", "valid"), ("2018-03-12", "valid")])
def test_what_is_put_right_within_the_notice_period_has_no_effect(day: str, state: str) -> None:
    """On the twelfth it is in effect, and lifted the same day."""
    assert states([OPEN, event(day, "corrected")], "2018-06-01") == [state]


def test_what_is_put_right_in_time_never_takes_effect() -> None:
    told = history(C, [OPEN, event("2018-03-11", "corrected")], NO_DUTY, "2018-06-01")
    assert (told.steps, told.decisions[0].phase) == ((), Phase.PUT_RIGHT)


def test_what_is_put_right_a_day_late_is_lifted() -> None:
    told = history(C, [OPEN, event("2018-03-12", "corrected")], NO_DUTY, "2018-06-01")
    assert ([step.move for step in told.steps], told.decisions[0].phase) == (["suspend", "lift"], Phase.LIFTED)


def test_a_withdrawal_that_cannot_be_put_right_refuses_the_correction() -> None:
    given = [FALSE, event("2018-03-05", "corrected")]
    assert codes(given) == ["surveillance_not_curable"]
    assert states(given, "2018-03-12") == ["withdrawn"]


def test_a_decision_whose_notice_is_not_known_waits_for_the_office() -> None:
    unknown = rules(rule("withdraw", WITHDRAW["when"], "withdraw", notice_days=None, appeal_days=None), duties=[])
    given = [FALSE]
    assert states(given, "2020-12-31", given=unknown) == ["valid"]
    assert history(C, given, unknown, "2020-12-31").decisions[0].waits_for_office
    given.append(event("2018-05-01", "put_in_effect"))
    assert states(given, "2018-04-30", "2018-05-01", given=unknown) == ["valid", "withdrawn"]


def test_the_office_cannot_shorten_a_notice_period() -> None:
    assert codes([FALSE, event("2018-03-05", "put_in_effect")]) == ["surveillance_effect_by_itself"]


# --- lifting ---


def test_a_lifted_suspension_leaves_the_warning_beneath() -> None:
    given = [event("2018-02-01", "penalty", penalty="fine"), OPEN, event("2018-04-01", "corrected", decision="2018-03-01")]
    assert states(given, "2018-02-01", "2018-03-12", "2018-03-31", "2018-04-01") == ["warned", "suspended", "suspended", "warned"]


def test_a_correction_that_names_no_decision_lifts_all_it_can() -> None:
    given = [event("2018-02-01", "penalty", penalty="fine"), OPEN, event("2018-04-01", "corrected")]
    assert states(given, "2018-04-01") == ["valid"]


def test_a_measure_for_a_time_ends_by_itself() -> None:
    month = rules(rule("warn", ACCIDENT, "warn", notice_days="0", lasts_months="1"), duties=[])
    given = [event("2018-01-31", "accident", grade="small")]
    assert states(given, "2018-02-27", "2018-02-28", given=month) == ["warned", "valid"]


def test_all_that_was_found_on_a_day_must_be_put_right() -> None:
    two = rules(
        rule("one", {"event": {"kind": "dishonest"}}, "suspend", put_right_by=["corrected"]),
        rule("two", {"event": {"kind": "inspection_open"}}, "suspend"),
        duties=[],
    )
    given = [OPEN, event("2018-03-01", "dishonest"), event("2018-03-02", "corrected")]
    assert states(given, "2018-03-12", given=two) == ["suspended"]


def test_a_suspension_that_ends_takes_the_withdrawal_for_its_length_with_it() -> None:
    given = [OPEN, event("2018-04-15", "corrected")]
    told = history(C, given, NO_DUTY, "2018-12-31")
    assert [(each.decision, each.phase) for each in told.decisions] == [
        (Measure.SUSPEND, Phase.LIFTED),
        (Measure.WITHDRAW, Phase.PUT_RIGHT),
    ]
    assert told.state is State.VALID


# --- precedence ---


def test_the_gravest_wins_and_every_rule_is_reported() -> None:
    given = [FALSE, OPEN, event("2018-03-01", "penalty", penalty="fine")]
    decision, fired = decide_on(C, given, NO_DUTY, "2018-03-01")
    assert (decision, [each.rule for each in fired]) == (Measure.WITHDRAW, ["warn", "suspend", "withdraw"])
    assert states(given, "2018-03-01") == ["valid"]


def test_among_equals_the_rule_that_leaves_least_time_sets_the_periods() -> None:
    two = rules(rule("long", ACCIDENT, "suspend", notice_days="30"), rule("short", ACCIDENT, "suspend", notice_days="5"), duties=[])
    told = history(C, [event("2018-03-01", "accident", grade="small")], two, "2018-03-06")
    assert (told.decisions[0].rule, told.decisions[0].notice_until) == ("short", told.day)


def test_nothing_found_is_to_continue() -> None:
    assert decide_on(C, [], NO_DUTY, "2018-03-01") == (Measure.CONTINUE, ())


def test_a_rule_that_continues_is_reported_and_changes_nothing() -> None:
    noted = rules(rule("noted", ACCIDENT, "continue"), duties=[])
    given = [event("2018-03-01", "accident", grade="small")]
    decision, fired = decide_on(C, given, noted, "2018-03-01")
    assert (decision, [each.rule for each in fired]) == (Measure.CONTINUE, ["noted"])
    assert history(C, given, noted, "2018-12-31").decisions == ()


# --- appeals ---


def test_an_open_appeal_keeps_a_decision_from_taking_effect() -> None:
    given = [FALSE, event("2018-03-11", "appeal")]
    assert states(given, "2018-03-12", "2019-03-01") == ["valid", "valid"]
    assert phase_of(given, "2019-03-01") is Phase.APPEALED


def test_an_appeal_after_the_notice_period_does_not_undo_the_effect_by_itself() -> None:
    given = [FALSE, event("2018-03-12", "appeal")]
    assert states(given, "2018-03-12", "2018-04-30") == ["withdrawn", "withdrawn"]
    assert phase_of(given, "2018-04-30") is Phase.CONTESTED


def test_an_upheld_appeal_restores_the_state_before() -> None:
    warned = event("2018-02-01", "penalty", penalty="fine")
    given = [
        warned,
        FALSE,
        event("2018-03-15", "appeal", decision="2018-03-01"),
        event("2018-04-01", "appeal_upheld", decision="2018-03-01"),
    ]
    assert states(given, "2018-02-28", "2018-03-12", "2018-03-31", "2018-04-01") == ["warned", "withdrawn", "withdrawn", "warned"]


def test_a_rejected_appeal_within_the_notice_period_lets_it_run_out() -> None:
    given = [FALSE, event("2018-03-02", "appeal"), event("2018-03-05", "appeal_rejected")]
    assert states(given, "2018-03-11", "2018-03-12") == ["valid", "withdrawn"]
    assert phase_of(given, "2018-03-11") is Phase.CONFIRMED


def test_an_appeal_rejected_after_the_notice_period_takes_effect_that_day() -> None:
    given = [FALSE, event("2018-03-02", "appeal"), event("2018-05-05", "appeal_rejected")]
    assert states(given, "2018-05-04", "2018-05-05") == ["valid", "withdrawn"]


@pytest.mark.parametrize(("day", "problems"), [("2018-03-20", []), ("2018-03-21", []), ("2018-03-22", ["surveillance_appeal_late"])])
def test_an_appeal_is_heard_until_the_end_of_its_period(day: str, problems: list[str]) -> None:
    assert codes([FALSE, event(day, "appeal")]) == problems


def test_an_appeal_on_the_day_of_the_decision_counts() -> None:
    assert states([FALSE, event("2018-03-01", "appeal")], "2018-06-01") == ["valid"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([event("2018-03-05", "appeal")], "surveillance_nothing_to_answer"),
        ([event("2018-03-05", "appeal", decision="2018-03-01")], "surveillance_no_decision"),
        ([FALSE, event("2018-03-05", "appeal_upheld")], "surveillance_nothing_to_answer"),
        ([FALSE, event("2018-03-05", "appeal_upheld", decision="2018-03-01")], "surveillance_move"),
        ([event("2018-03-05", "corrected")], "surveillance_not_curable"),
        ([OPEN, event("2018-03-02", "false_data"), event("2018-03-05", "appeal")], "surveillance_which"),
        ([event("2018-01-14", "penalty", penalty="fine")], "surveillance_before_issue"),
        ([event("2021-01-15", "reevaluation_result", result="passed")], "surveillance_over"),
    ],
)
def test_what_is_out_of_order_is_refused_with_the_reason(given: list[Event], code: str) -> None:
    told = history(C, given, NO_DUTY, "2021-12-31")
    assert [problem.code for problem in told.problems] == [code]
    assert all(problem.what(lang) and problem.fix(lang) for problem in told.problems for lang in ("zh", "en"))


def test_a_second_appeal_is_refused() -> None:
    given = [
        FALSE,
        event("2018-03-02", "appeal"),
        event("2018-03-05", "appeal_rejected"),
        event("2018-03-06", "appeal", decision="2018-03-01"),
    ]
    assert codes(given) == ["surveillance_move"]


def test_what_an_upheld_appeal_has_undone_counts_no_more() -> None:
    twice = rules(
        rule("once", {"event": {"kind": "penalty"}}, "warn"),
        rule("twice", {"event": {"kind": "penalty", "count": "2", "within_months": "12"}}, "withdraw"),
        duties=[],
    )
    first = event("2018-03-01", "penalty", penalty="fine")
    second = event("2018-06-01", "penalty", penalty="fine")
    appealed = [event("2018-03-02", "appeal"), event("2018-03-03", "appeal_upheld")]
    assert decide_on(C, [first, second], twice, "2018-06-01")[0] is Measure.WITHDRAW
    assert decide_on(C, [first, second, *appealed], twice, "2018-06-01")[0] is Measure.WARN


def test_what_was_found_during_a_withdrawal_is_decided_when_an_appeal_undoes_it() -> None:
    given = [FALSE, event("2018-03-15", "appeal"), event("2018-03-20", "inspection_open"), event("2018-04-01", "appeal_upheld")]
    told = history(C, given, NO_DUTY, "2018-04-12")
    assert [(each.day.isoformat(), each.decision) for each in told.decisions] == [("2018-03-01", "withdraw"), ("2018-04-01", "suspend")]
    assert states(given, "2018-04-01", "2018-04-11", "2018-04-12") == ["valid", "valid", "suspended"]


@pytest.mark.parametrize(("handed", "state"), [("2019-05-20", "valid"), ("2019-06-01", "valid"), (None, "warned")])
def test_what_was_handed_in_during_a_withdrawal_is_not_late_afterwards(handed: str | None, state: str) -> None:
    given = [event("2019-03-01", "false_data"), event("2019-03-15", "appeal"), event("2019-06-01", "appeal_upheld")]
    given += [event(handed, "annual_update", year=2019)] if handed else []
    told = history(C, given, ALL, "2019-06-01")
    assert (told.state, len(told.decisions)) == (state, 2 if state == "warned" else 1)


def test_a_check_names_what_a_new_event_would_break() -> None:
    assert check_events(C, [FALSE], NO_DUTY, [event("2018-03-05", "appeal")]) == ()
    rejected = event("2018-03-05", "appeal_rejected")
    assert [(each, why.code) for each, why in check_events(C, [FALSE], NO_DUTY, [rejected])] == [
        (rejected, "surveillance_nothing_to_answer")
    ]
    assert check_events(C, [FALSE], NO_DUTY, [rejected, event("2018-03-04", "appeal")]) == ()


def test_a_refusal_speaks_in_words() -> None:
    (problem,) = history(C, [FALSE, event("2018-03-05", "appeal_upheld", decision="2018-03-01")], NO_DUTY, "2018-12-31").problems
    assert problem.what("zh") == "C1 号证书 2018-03-01 的决定处于“已告知”阶段，不能再有 2018-03-05 的“申诉成立”"
    assert (
        problem.what("en") == 'The decision of 2018-03-01 about certificate C1 is "proposed"; "appeal upheld" of 2018-03-05 is out of order'
    )


# --- the end of the term ---


def test_a_certificate_is_valid_on_its_last_day() -> None:
    assert states([], "2021-01-14", "2021-01-15") == ["valid", "expired"]


@pytest.mark.parametrize("until", ["", "9999-12-31"])
def test_a_certificate_without_a_term_does_not_expire(until: str) -> None:
    assert state_on(certificate(until=until), [], NO_DUTY, "2090-01-01") is State.VALID


def test_a_passed_re_evaluation_moves_the_end_by_a_term() -> None:
    given = [event("2020-12-01", "reevaluation_result", result="passed")]
    assert states(given, "2021-01-15", "2024-01-14", "2024-01-15") == ["valid", "valid", "expired"]


def test_a_second_result_within_a_term_moves_nothing() -> None:
    given = [event(day, "reevaluation_result", result="passed") for day in ("2020-11-01", "2020-12-01")]
    assert states(given, "2024-01-14", "2024-01-15") == ["valid", "expired"]


def test_a_failed_re_evaluation_moves_nothing() -> None:
    assert states([event("2020-12-01", "reevaluation_result", result="failed")], "2021-01-15") == ["expired"]


def test_the_end_of_the_term_ends_what_was_under_way() -> None:
    given = [event("2021-01-10", "false_data")]
    assert states(given, "2021-02-01") == ["expired"]
    assert phase_of(given, "2021-02-01") is Phase.LAPSED


def test_a_withdrawal_on_the_day_after_the_last_comes_before_the_end_of_the_term() -> None:
    assert states([event("2021-01-04", "false_data")], "2021-01-14", "2021-01-15") == ["valid", "withdrawn"]


def test_a_withdrawal_undone_after_the_term_leaves_an_expired_certificate() -> None:
    given = [event("2020-12-25", "false_data"), event("2021-01-08", "appeal"), event("2021-03-01", "appeal_upheld")]
    assert states(given, "2021-01-15", "2021-02-28", "2021-03-01") == ["withdrawn", "withdrawn", "expired"]


# --- whose events, and when ---


def test_events_of_other_certificates_do_not_count() -> None:
    assert states([event("2018-03-01", "penalty", penalty="fine", certificate="C2")], "2018-03-02") == ["valid"]


def test_events_of_the_holder_count_for_every_certificate_of_the_kind() -> None:
    about = {"penalty": "fine", "certificate": ""}
    assert states([event("2018-03-01", "penalty", **about)], "2018-03-02") == ["warned"]
    assert states([event("2018-03-01", "penalty", about_kind="green_park", **about)], "2018-03-02") == ["valid"]


def test_later_events_do_not_change_an_earlier_day() -> None:
    assert states([FALSE], "2018-02-28") == states([], "2018-02-28")


def test_the_same_event_entered_twice_counts_once() -> None:
    twice = rules(rule("twice", {"event": {"kind": "penalty", "count": "2"}}, "warn", notice_days="0"), duties=[])
    fine = event("2018-03-01", "penalty", penalty="fine")
    again = event("2018-03-01", "penalty", penalty="fine", entered_by="王")
    other = event("2018-03-01", "penalty", penalty="fine", document="另一文件")
    assert (states([fine, again], "2018-03-01", given=twice), states([fine, other], "2018-03-01", given=twice)) == (["valid"], ["warned"])


def test_rules_with_unknown_figures_are_named() -> None:
    unknown = rules(rule("several", {"event": {"kind": "penalty", "count": None}}, "warn"), LATE, WARN, SUSPEND)
    assert history(C, [], unknown, "2018-02-01").not_applied == ("several",)


def test_nothing_is_owed_after_the_term() -> None:
    assert [each.number for each in history(C, [], ALL, "2025-12-31").owed] == [2019, 2020]


def test_a_late_hand_in_lifts_what_its_absence_caused() -> None:
    given = [event("2019-05-02", "annual_update", year=2019)]
    assert states(given, "2019-04-15", "2019-04-16", "2019-05-01", "2019-05-02", given=ALL) == ["valid", "warned", "warned", "valid"]


@pytest.mark.parametrize(("year", "problems"), [(2018, ["surveillance_not_owed"]), (2019, []), (2020, []), (2021, [])])
def test_an_update_of_a_year_in_which_none_falls_due_is_refused(year: int, problems: list[str]) -> None:
    """Nothing is owed in the year of issue; years after the term are left open, for it may be extended."""
    holder = certificate(until="2021-01-14")
    told = history(holder, [event("2018-05-02", "annual_update", year=year)], ALL, "2018-12-31")
    assert [problem.code for problem in told.problems] == problems


def test_the_hand_in_of_another_year_lifts_nothing() -> None:
    assert states([event("2019-05-02", "annual_update", year=2018)], "2019-05-02", given=ALL) == ["warned"]
