"""The lowest share of a year's rounds: who takes part, with which score, and three years in a row up to the removal."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine import Refused, Store, audit, certificates_of, enter_lowest, enter_stated, lowest_lists, rulesets_root
from engine.rounds.frozen_rules import rules_text, rules_to_freeze
from engine.rounds.store.models import ApplicationRow, AssessmentRow, CertificateRow, DossierRow, RoundRow
from tests.rounds.store.dossiers import SCHEME, act, credit_code
from tests.rounds.store.issued import park_rules

KIND = "green_park"
MADE_KNOWN = "关于年度评价结果的通报"


def code(number: int) -> str:
    return credit_code(number)


def put(
    store: Store,
    folder: Path,
    name: str,
    scores: dict[int, str | tuple[str, str]],
    *,
    issued_on: str = "",
    rules: str | None = "national_2024",
    rounding: str = "floor",
) -> None:
    """A round of assessed applicants with the scores given (low and high where still open), certified where a day is given."""
    frozen = rules_to_freeze(park_rules(folder, surveillance=rules), SCHEME, rulesets_root())
    with store.change(act("put", name)) as session:
        head = {"id": name, "scheme": SCHEME, "state": "assessed", "opened_on": "2026-01-01", "changed_on": "2026-01-01"}
        text = rules_text(frozen).replace('"value": "floor"', f'"value": "{rounding}"')
        if rounding != "floor":
            assert frozen is not None and frozen.surveillance is not None
            text = text.replace(frozen.surveillance.sha256, "0" * 64)
        session.add(RoundRow(**head, seed=name, rules=text))
        session.flush()
        for number, score in scores.items():
            _put_one(session, name, number, score, issued_on)


def _put_one(session: Session, name: str, number: int, score: str | tuple[str, str], issued_on: str) -> None:
    application = f"{name}-{number:04d}"
    texts = {"name": f"示例园区{number}", "kind": KIND, "standard": "s", "district": "", "industry": "", "third_party": ""}
    session.add(ApplicationRow(number=application, round=name, credit_code=code(number), state="assessed", version=1, **texts))
    session.flush()
    session.add(DossierRow(application=application, version=1, dossier="d", sha256="", content="", places="", day="2026-01-01"))
    session.flush()
    low, high = score if isinstance(score, tuple) else (score, score)
    kept = {"basis": "verified", "content": "", "outcome": "eligible", "tier": "", "settled": True, "provisional": False}
    session.add(AssessmentRow(application=application, version=1, check=0, low=low, high=high, report="", report_sha256="", **kept))
    if issued_on:
        days = {"issued_on": issued_on, "valid_until": f"{int(issued_on[:4]) + 3}-01-31"}
        session.add(CertificateRow(number=f"C-{name}-{number:02d}", application=application, file="", sha256="", **days))


def twenty(lowest: int, score: str = "60/1") -> dict[int, str | tuple[str, str]]:
    """Twenty scores of which one is the lowest: five percent of twenty is one."""
    return {number: score if number == lowest else f"{70 + number}/1" for number in range(1, 21)}


def test_three_years_in_a_row_lead_to_the_removal(store: Store, tmp_path: Path) -> None:
    """The national rules state no notice: the removal waits until the office puts it into effect."""
    put(store, tmp_path, "2026Q1", twenty(4), issued_on="2026-02-01")
    put(store, tmp_path, "2027", twenty(4))
    put(store, tmp_path, "2028", twenty(4))

    def state(day: str) -> str:
        (one,) = certificates_of(store, numbers=["C-2026Q1-04"])
        return one.state_on(day)

    for name, day in (("2026Q1", "2027-01-10"), ("2027", "2028-01-10")):
        entered = enter_lowest(store, act("lowest"), [name], MADE_KNOWN, day)
        assert [(event.certificate, event.credit_code, event.year) for event in entered.new] == [("C-2026Q1-04", code(4), int(name[:4]))]
        assert state(day) == "valid"
    enter_lowest(store, act("lowest"), ["2028"], MADE_KNOWN, "2029-01-10")
    (one,) = certificates_of(store, numbers=["C-2026Q1-04"])
    (decision,) = one.told("2029-01-10").decisions
    assert (decision.rule, decision.waits_for_office, state("2029-01-20")) == ("lowest_three_years", True, "valid")
    effect = {"kind": "put_in_effect", "certificate": "C-2026Q1-04", "document": "移出决定"}
    enter_stated(store, act("record"), effect, "2029-01-20")
    assert (state("2029-01-19"), state("2029-01-20")) == ("valid", "withdrawn")
    assert list(store.check()) == []


def test_two_years_and_another_are_not_three_in_a_row(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "2026", twenty(4), issued_on="2026-02-01")
    for name, lowest in (("2027", 5), ("2028", 4)):
        put(store, tmp_path, name, twenty(lowest))
    for name, day in (("2026", "2027-01-10"), ("2027", "2028-01-10"), ("2028", "2029-01-10")):
        enter_lowest(store, act("lowest"), [name], MADE_KNOWN, day)
    assert [one.told("2029-01-10").decisions for one in certificates_of(store)] == [()] * 20


def test_the_share_is_of_all_rounds_of_the_year_and_only_of_who_is_in_force(store: Store, tmp_path: Path) -> None:
    half = {number: f"{70 + number}/1" for number in range(1, 11)}
    put(store, tmp_path, "2026Q1", half, issued_on="2026-02-01")
    (alone,) = lowest_lists(store, ["2026Q1"], "2026-12-31")
    assert (alone.found.listed, alone.found.lowest) == (10, ())
    put(store, tmp_path, "2026Q2", {number: f"{70 + number}/1" for number in range(11, 21)}, issued_on="2026-05-01")
    (both,) = lowest_lists(store, ["2026Q1", "2026Q2"], "2026-12-31")
    assert (both.kind, both.year, both.found.listed, [one.certificate for one in both.found.lowest]) == (KIND, 2026, 20, ["C-2026Q1-01"])
    gone = {"kind": "out_of_business", "certificate": "C-2026Q1-01", "document": "d"}
    enter_stated(store, act("record"), gone, "2026-12-01")
    enter_stated(store, act("record"), gone | {"kind": "put_in_effect"}, "2026-12-02")
    (without,) = lowest_lists(store, ["2026Q1", "2026Q2"], "2026-12-31")
    assert (without.found.listed, without.found.lowest) == (19, ())


def test_the_last_round_named_counts_and_an_open_score_is_none(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "2026Q1", twenty(4), issued_on="2026-02-01")
    put(store, tmp_path, "2026Q2", {4: "99/1", 7: ("50/1", "80/1"), 8: "1/2"})
    (found,) = lowest_lists(store, ["2026Q1", "2026Q2"], "2026-12-31")
    assert [one.certificate for one in found.found.unscored] == ["C-2026Q1-07"]
    assert found.found.listed == 19
    (other,) = lowest_lists(store, ["2026Q2", "2026Q1"], "2026-12-31")
    assert ([one.certificate for one in other.found.lowest], other.found.listed) == (["C-2026Q1-04"], 20)


def test_the_same_list_entered_twice_counts_once(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "2026Q1", twenty(4), issued_on="2026-02-01")
    enter_lowest(store, act("lowest"), ["2026Q1"], MADE_KNOWN, "2027-01-10")
    entries = audit(store).entries
    again = enter_lowest(store, act("lowest"), ["2026Q1"], MADE_KNOWN, "2027-01-10")
    assert (again.new, len(again.known), audit(store).entries) == ((), 1, entries)


def test_rounds_of_several_years_and_rules_that_rank_nobody_or_not_alike_are_refused(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "2026Q1", twenty(4), issued_on="2026-02-01")
    put(store, tmp_path, "2027Q1", dict.fromkeys(range(31, 33), "70/1"), issued_on="2027-02-01", rules="jiaxing_2017")
    put(store, tmp_path, "2028", {50: "70/1"})

    def refused(*rounds: str) -> list[str]:
        with pytest.raises(Refused) as found:
            lowest_lists(store, rounds, "2028-12-31")
        return [problem.code for problem in found.value.problems]

    assert refused("2026Q1", "2027Q1") == ["lowest_years", "lowest_none"]
    assert refused("2027Q1") == ["lowest_none"]
    assert refused("2028") == ["lowest_nobody"]
    assert refused("2030") == ["round_unknown"]
    put(store, tmp_path, "2026Q3", dict.fromkeys(range(61, 63), "70/1"), issued_on="2026-08-01", rounding="ceiling")
    assert refused("2026Q1", "2026Q3") == ["lowest_differs"]
