"""From results to certificates: ranks, the list, publicity, objections, issue; each step in its turn, and none silently."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from alembic import command

from engine import (
    Refused,
    Store,
    answer_objection,
    assign,
    audit,
    book_of,
    close_round,
    draft_list,
    enter_objection,
    freeze_list,
    issue,
    open_round,
    open_store,
    publish,
    rank_round,
    read_pool,
    recheck,
    reopen,
    rulesets_root,
    run_round,
    setting_of,
    stated_otherwise,
    upgrade_store,
    verify_report,
    withdraw,
)
from engine.rounds.book import Application
from engine.rounds.frozen_rules import rules_again, rules_text, rules_to_freeze
from engine.rounds.quotas import round_quotas
from engine.rounds.store.models import ApplicationRow, RoundRow
from engine.rounds.store.schema import config_of
from tests.rounds.store.dossiers import DAY, SCHEME, act
from tests.rounds.store.steps import AFTER, LAST, PUBLISHED, ROUND, codes, number, published


def applications(store: Store) -> tuple[Application, ...]:
    return book_of(store, ROUND).applications


def test_a_round_from_ranks_to_certificates(assessed: Store, tmp_path: Path) -> None:
    store = published(assessed)
    assert [(one.rank, one.place, one.decision) for one in applications(store)] == [
        (1, "within", "certify"),
        (1, "within", "certify"),
        (None, "outside", "decline"),
    ]
    made = issue(store, act("issue", ROUND), ROUND, tmp_path / "certificates", "示例办公室", AFTER)
    assert [(one.application, one.number, one.valid_until) for one in made] == [
        (number(1), "JX-YQ-2026-0001", "2029-05-15"),
        (number(2), "JX-YQ-2026-0002", "2029-05-15"),
    ]
    for one in made:
        assert verify_report((tmp_path / "certificates" / one.file).read_bytes(), one.file).differences == ()
    close_round(store, act("close", ROUND), ROUND, AFTER)
    book = book_of(store, ROUND)
    assert (book.state, [one.state for one in book.applications]) == ("closed", ["certified", "certified", "declined"])
    assert audit(store).problems == ()


def test_nothing_is_issued_while_publicity_lasts(assessed: Store, tmp_path: Path) -> None:
    store = published(assessed)
    with pytest.raises(Refused) as refused:
        issue(store, act("issue", ROUND), ROUND, tmp_path / "certificates", "示例办公室", LAST)
    assert codes(refused.value) == ["issue_published"]
    assert not (tmp_path / "certificates").exists()


def test_an_open_objection_stops_the_issue_and_a_rejected_one_does_not(assessed: Store, tmp_path: Path) -> None:
    store = published(assessed)
    assert enter_objection(store, act("object", number(1)), number(1), "示例居民", "夜间噪声", LAST) == 1
    with pytest.raises(Refused) as refused:
        issue(store, act("issue", ROUND), ROUND, tmp_path, "示例办公室", AFTER)
    assert codes(refused.value) == ["issue_objection_open"]
    answer_objection(store, act("answer", number(1)), number(1), 1, False, "监测达标", AFTER)
    assert len(issue(store, act("issue", ROUND), ROUND, tmp_path, "示例办公室", AFTER)) == 2
    (objection,) = applications(store)[0].objections
    assert (objection.by, objection.text, objection.upheld, objection.answer, objection.answered_by) == (
        "示例居民",
        "夜间噪声",
        False,
        "监测达标",
        "甲",
    )


def test_an_upheld_objection_takes_the_list_back(assessed: Store, tmp_path: Path) -> None:
    store = published(assessed)
    with pytest.raises(Refused) as refused:
        reopen(store, act("reopen", ROUND), ROUND, LAST)
    assert codes(refused.value) == ["reopen_without_reason"]
    enter_objection(store, act("object", number(2)), number(2), "示例居民", "数据不实", PUBLISHED)
    answer_objection(store, act("answer", number(2)), number(2), 1, True, "属实", LAST)
    with pytest.raises(Refused) as refused:
        issue(store, act("issue", ROUND), ROUND, tmp_path, "示例办公室", AFTER)
    assert codes(refused.value) == ["issue_objection_upheld"]
    reopen(store, act("reopen", ROUND), ROUND, AFTER)
    book = book_of(store, ROUND)
    assert (book.state, {(one.rank, one.place, one.decision) for one in book.applications}) == ("assessed", {(None, "", "")})
    rank_round(store, act("rank", ROUND), ROUND, AFTER)
    draft_list(store, act("draft", ROUND), ROUND, {number(2): ("decline", "数据不实")}, AFTER)
    freeze_list(store, act("freeze", ROUND), ROUND, AFTER)
    publish(store, act("publish", ROUND), ROUND, AFTER)
    made = issue(store, act("issue", ROUND), ROUND, tmp_path, "示例办公室", "2026-06-01")
    assert [one.application for one in made] == [number(1)]
    assert applications(store)[1].objections[0].upheld is True


def test_a_re_check_takes_the_ranks_back(assessed: Store) -> None:
    rank_round(assessed, act("rank", ROUND), ROUND, DAY)
    draft_list(assessed, act("draft", ROUND), ROUND, {}, DAY)
    why = act("recheck", number(1), why="现场核查")
    recheck(assessed, why, number(1), lambda d, p: stated_otherwise(d, {"co2_total": "60000 tCO2"}, p), DAY)
    book = book_of(assessed, ROUND)
    assert (book.state, {(one.rank, one.place, one.decision) for one in book.applications}) == ("assessed", {(None, "", "")})


@pytest.mark.parametrize(("day", "allowed"), [("2026-04-30", False), (PUBLISHED, True), (LAST, True), (AFTER, False)])
def test_objections_are_taken_on_the_days_of_publicity(assessed: Store, day: str, allowed: bool) -> None:
    store = published(assessed)
    if allowed:
        assert enter_objection(store, act("object", number(1)), number(1), "示例居民", "噪声", day) == 1
        return
    with pytest.raises(Refused) as refused:
        enter_objection(store, act("object", number(1)), number(1), "示例居民", "噪声", day)
    assert codes(refused.value) == ["objection_day"]


def test_an_objection_and_its_answer_say_something(assessed: Store) -> None:
    store = published(assessed)
    with pytest.raises(Refused) as refused:
        enter_objection(store, act("object", number(1)), number(1), " ", "噪声", LAST)
    assert codes(refused.value) == ["objection_empty"]
    with pytest.raises(Refused) as refused:
        answer_objection(store, act("answer", number(1)), number(1), 1, True, "属实", LAST)
    assert codes(refused.value) == ["objection_unknown"]
    enter_objection(store, act("object", number(1)), number(1), "示例居民", "噪声", LAST)
    with pytest.raises(Refused) as refused:
        answer_objection(store, act("answer", number(1)), number(1), 1, True, "", LAST)
    assert codes(refused.value) == ["objection_answer"]


def test_the_office_may_decide_otherwise_with_a_reason(assessed: Store) -> None:
    rank_round(assessed, act("rank", ROUND), ROUND, DAY)
    with pytest.raises(Refused) as refused:
        draft_list(assessed, act("draft", ROUND), ROUND, {number(1): ("decline", "")}, DAY)
    assert codes(refused.value) == ["decision_reason"]
    with pytest.raises(Refused) as refused:
        draft_list(assessed, act("draft", ROUND), ROUND, {"2026Q2-0099": ("decline", "搬迁")}, DAY)
    assert codes(refused.value) == ["decision_number"]
    book = draft_list(assessed, act("draft", ROUND), ROUND, {number(1): ("decline", "已搬迁")}, DAY)
    assert [(one.decision, one.reason) for one in book.applications] == [("decline", "已搬迁"), ("certify", ""), ("decline", "")]


def test_what_may_not_carry_a_certificate_stops_the_issue_with_its_reasons(assessed: Store, tmp_path: Path) -> None:
    rank_round(assessed, act("rank", ROUND), ROUND, DAY)
    draft_list(assessed, act("draft", ROUND), ROUND, {number(3): ("certify", "误选")}, DAY)
    freeze_list(assessed, act("freeze", ROUND), ROUND, DAY)
    publish(assessed, act("publish", ROUND), ROUND, PUBLISHED)
    with pytest.raises(Refused) as refused:
        issue(assessed, act("issue", ROUND), ROUND, tmp_path / "certificates", "示例办公室", AFTER)
    assert codes(refused.value) == ["certificate_outcome"]
    assert not (tmp_path / "certificates").exists()
    assert all(one.certificate is None for one in applications(assessed))


def test_certificates_that_cannot_all_be_written_are_not_issued(assessed: Store, tmp_path: Path) -> None:
    store, folder = published(assessed), tmp_path / "certificates"
    (folder / "JX-YQ-2026-0002.pdf").mkdir(parents=True)  # in the way of the second
    with pytest.raises(Refused) as refused:
        issue(store, act("issue", ROUND), ROUND, folder, "示例办公室", AFTER)
    assert codes(refused.value) == ["file_unwritable"]
    assert [path.name for path in folder.iterdir()] == ["JX-YQ-2026-0002.pdf"]
    assert all(one.certificate is None for one in applications(store))


def test_a_withdrawn_application_is_ranked_no_more(assessed: Store) -> None:
    rank_round(assessed, act("rank", ROUND), ROUND, DAY)
    withdraw(assessed, act("withdraw", number(1), why="企业申请"), number(1), DAY)
    book = book_of(assessed, ROUND)
    assert (book.state, {(one.rank, one.place) for one in book.applications}) == ("assessed", {(None, "")})
    placings = rank_round(assessed, act("rank", ROUND), ROUND, DAY)
    assert [(one.number, one.rank) for one in placings if one.rank] == [(number(2), 1)]
    with pytest.raises(Refused) as refused:
        withdraw(assessed, act("withdraw", number(1)), number(1), DAY)
    assert codes(refused.value) == ["move_out_of_order"]


def test_reviewers_are_drawn_and_drawn_anew(assessed: Store, tmp_path: Path) -> None:
    roles = ["reviewer"] * 4 + ["expert"] * 2
    people = [{"id": f"P{i}", "name": f"评审{i}", "organisation": f"示例单位{i}", "role": role} for i, role in enumerate(roles)]
    path = tmp_path / "pool.yaml"
    path.write_text(yaml.safe_dump({"people": people}, allow_unicode=True), encoding="utf-8")
    for _ in range(2):
        assert assign(assessed, act("assign", ROUND), ROUND, read_pool(path), DAY) == ()
        assert [len(one.reviewers) for one in applications(assessed)] == [3, 3, 3]
    assert list(assessed.check()) == []


def test_a_round_without_rules_is_not_ranked(store: Store, tmp_path: Path) -> None:
    open_round(store, act("open", ROUND), ROUND, SCHEME, DAY)
    list(run_round(store, act("run", ROUND), ROUND, [], setting_of(store, ROUND, None, "zh"), 1))
    with pytest.raises(Refused) as refused:
        rank_round(store, act("rank", ROUND), ROUND, DAY)
    assert codes(refused.value) == ["round_without_rules"]


def test_rules_of_another_scheme_are_refused(store: Store) -> None:
    with pytest.raises(Refused) as refused:
        open_round(store, act("open", ROUND), ROUND, SCHEME, DAY, rules="jiaxing_2017")
    assert codes(refused.value) == ["round_rules_scheme"]


def test_frozen_rules_come_back_as_they_were() -> None:
    frozen = rules_to_freeze("", "jiaxing_2017", rulesets_root())
    assert frozen is not None and frozen.surveillance is not None
    assert rules_again(rules_text(frozen), ROUND) == frozen
    of_2017 = {kind: sum(cells["year"] or 0 for cells in districts.values()) for kind, districts in frozen.figures.items()}
    assert of_2017 == {"green_factory": 15, "green_park": 3, "green_product": 33}


@pytest.mark.parametrize(("state", "places"), [("drafted", 3), ("decided", 2), ("published", 2), ("assessed", 3)])
def test_who_is_on_a_fixed_list_that_is_not_issued_yet_takes_a_place_of_the_next_round(store: Store, state: str, places: int) -> None:
    """Haining has three places for factories in 2017."""
    rules = rules_text(rules_to_freeze("", "jiaxing_2017", rulesets_root()))
    head = {"scheme": "jiaxing_2017", "opened_on": DAY, "changed_on": DAY, "seed": "x", "rules": rules}
    words = {"credit_code": "x", "name": "x", "standard": "x", "industry": "", "third_party": "", "state": "assessed", "version": 1}
    with store.change(act("open")) as session:
        session.add_all([RoundRow(id="2017Q3", state=state, **head), RoundRow(id="2017Q4", state="assessed", **head)])
        session.flush()
        row = ApplicationRow(number="1", round="2017Q3", kind="green_factory", district="haining", decision="certify", **words)
        session.add(row)
    with store.reading() as session:
        assert round_quotas(session, "2017Q4")["green_factory", "haining"] == places


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_an_older_store_is_refused_until_it_is_upgraded_and_its_ledger_still_agrees(assessed: Store, address: str, revision: str) -> None:
    store = assessed
    with store.engine.begin() as connection:
        command.downgrade(config_of(connection), revision)
    with pytest.raises(Refused) as refused:
        open_store(address)
    assert codes(refused.value) == ["store_outdated"]
    assert upgrade_store(address) == store.address
    upgraded = open_store(address, store.witness)
    assert list(upgraded.check()) == []
    upgraded.close()
