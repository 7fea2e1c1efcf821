"""Notices to the holder: what is decided, why, until when it can be answered."""

from __future__ import annotations

import json

import pytest

from engine.rounds.surveillance import Event, Notice, history, history_plain, load_surveillance, notice_plain, notices
from tests.rounds.surveillance.made import ALL, certificate, event, rule, rules

JIAXING = load_surveillance("jiaxing_2017")
C = certificate()


def notice(*events: Event, day: str = "2018-12-31", given: object = JIAXING) -> Notice:
    (only,) = notices(history(C, events, given, day))  # type: ignore[arg-type]
    return only


def lines(given: Notice, lang: str) -> list[str]:
    return [each.text(lang) for each in (given.title, given.opening, *given.reasons, *given.closing)]


def test_a_warning_at_once() -> None:
    given = notice(event("2018-06-01", "accident", grade="general"))
    assert (given.code, given.notice_until, given.appeal_until) == ("warning", "", "2018-07-01")
    assert lines(given, "zh") == [
        "关于 C1 号证书的警示通知",
        "甲公司：按照嘉兴市绿色制造证书动态管理规则（建议），你单位 C1 号证书因下列情形予以警示。",
        "发生一般事故：2018-06-01 事故、一般事故，见《文件》（依据：动态管理规则（发证单位自定））",
        "本决定自 2018-06-01 起生效。",
        "生效后，整改经验收合格的，予以解除。",
        "如有异议，可在 30 日内（至 2018-07-01，含当日）向发证单位申诉。",
    ]


def test_a_suspension_with_all_its_reasons() -> None:
    fines = [event(day, "penalty", penalty="fine", amount=amount) for day, amount in (("2018-06-01", 1000), ("2018-09-01", 200_000))]
    told = history(C, fines, JIAXING, "2018-12-31")
    given = notices(told)[-1]
    assert (given.code, given.day, given.notice_until, given.appeal_until) == ("suspension", "2018-09-01", "2018-09-16", "2018-10-01")
    said = "penalty, fine, {} CNY on {}, see 文件"
    first, second = (said.format(fine, day) for day, fine in (("2018-06-01", 1000), ("2018-09-01", 200_000)))
    basis = "(basis: 动态管理规则（发证单位自定）)"
    assert lines(given, "en")[2:] == [
        f"penalty: {second} {basis}",
        f"fine of 200,000 CNY or more: {second} {basis}",
        f"two penalties within twelve months: {first}; {second} {basis}",
        "You may comment within 15 days, up to and including 2018-09-16. "
        "Unless an appeal is open, the decision takes effect on 2018-09-17.",
        "Once in effect, it is lifted when corrective action has been accepted.",
        "You may appeal to the office within 30 days, up to and including 2018-10-01.",
    ]


def test_a_withdrawal_says_nothing_of_lifting() -> None:
    given = notice(event("2018-06-01", "false_data"))
    assert given.code == "withdrawal"
    assert [each.code for each in given.closing] == ["notice.effect_comment", "notice.appeal"]


def test_what_can_be_put_right_says_so() -> None:
    assert notice(event("2018-06-01", "dishonest"), day="2018-06-30").closing[0].code == "notice.effect_put_right"


def test_periods_that_are_not_known_are_not_made_up() -> None:
    told = history(certificate("2024-02-01", ""), [event("2025-06-01", "dishonest")], load_surveillance("national_2024"), "2025-12-31")
    (given,) = notices(told)
    assert (given.notice_until, given.appeal_until) == ("", "")
    assert [each.code for each in given.closing] == ["notice.effect_by_office", "notice.appeal_unknown"]
    assert "工信部节〔2024〕13号 第十五条（六）" in given.reasons[0].text("zh")


def test_a_measure_for_a_time_says_how_long() -> None:
    month = rules(rule("warn", {"event": {"kind": "accident"}}, "warn", lasts_months="6"), duties=[])
    assert "notice.lasts" in [each.code for each in notice(event("2018-03-01", "accident", grade="small"), given=month).closing]


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], "was due by 2019-04-15 and is 1 day(s) late"),
        ([event("2018-03-01", "inspection_open")], "the certificate has been suspended since 2018-03-12"),
    ],
)
def test_reasons_without_events(events: list[Event], said: str) -> None:
    told = history(C, events, ALL, "2019-12-31")
    assert any(said in each.text("en") for given in notices(told) for each in given.reasons)


def test_years_in_a_row_are_named() -> None:
    national = load_surveillance("national_2024")
    ranked = [event(f"{year + 1}-06-01", "ranked_lowest", year=year) for year in (2024, 2025, 2026)]
    (given,) = notices(history(certificate("2024-02-01", ""), ranked, national, "2027-12-31"))
    assert "2024 年至 2026 年连续得分处于末位区间" in " ".join(each.text("zh") for each in given.reasons)


def test_a_notice_and_a_history_are_plain_data_in_both_languages() -> None:
    told = history(C, [event("2018-06-01", "dishonest"), event("2018-06-02", "appeal_upheld")], JIAXING, "2018-12-31")
    plain = history_plain(told)
    assert json.loads(json.dumps(plain, ensure_ascii=False)) == plain
    assert plain["decisions"][0]["unattested"] == ["dishonest", "dishonest.notice_days", "dishonest.appeal_days"]
    assert [each["code"] for each in plain["refused"]] == ["surveillance_nothing_to_answer"]
    said = notice_plain(notices(told)[0])
    assert {*said["title"]} == {"zh", "en"} and len(said["closing"]) == 3
