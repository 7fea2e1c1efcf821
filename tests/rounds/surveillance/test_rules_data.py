"""The delivered rules: what they state, how well it is known, and what the loader has against wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.problems import Refused
from engine.rounds.surveillance import Measure, load_surveillance, surveillance_names, unattested
from engine.rounds.surveillance.rules import figures
from engine.ruleset.library import rulesets_root
from engine.ruleset.schema import Basis

ROOT = Path(__file__).resolve().parents[3]
STANDARDS = ROOT.parent / "shared" / "standards"
NATIONAL, JIAXING = load_surveillance("national_2024"), load_surveillance("jiaxing_2017")


def test_the_delivered_rules() -> None:
    assert surveillance_names() == ["jiaxing_2017", "national_2024"]


def test_every_figure_of_the_city_is_policy_and_says_why() -> None:
    every = list(figures(JIAXING))
    assert len(every) == 51
    assert {source.basis for _, _, source, _ in every} == {Basis.POLICY}
    assert all(each.source.note for each in (*JIAXING.rules, *JIAXING.duties, JIAXING.term))


def test_no_period_of_the_national_measures_is_made_up() -> None:
    stated = {path[-1] for path, figure, _, _ in figures(NATIONAL) if figure.value is not None}
    assert not stated & {"notice_days", "appeal_days", "months", "lasts_months"}


def test_the_unattested_figures_of_a_rule_are_named() -> None:
    assert unattested(JIAXING, "false_data") == ("false_data", "false_data.notice_days", "false_data.appeal_days")
    assert unattested(NATIONAL, "lowest_three_years") == ()


def test_the_city_removes_nobody_for_a_low_rank() -> None:
    assert JIAXING.lowest is None
    assert not any(each.when.consecutive for each in JIAXING.rules)


def test_the_national_measures_as_seen() -> None:
    path = STANDARDS / "green_factory.yaml"
    if not path.exists():
        pytest.skip("the standards files are not beside the repository")
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["standards"]
    seen = next(each for each in entries if each["id"] == "miit_2024_13")
    clauses = {each["clause"] for each in seen["gates"]}
    assert {each.clause for each in NATIONAL.rules if each.clause} == clauses
    assert f"每年 {NATIONAL.duty('annual_update').due}" in seen["lifecycle"]["annual_update"]
    assert NATIONAL.lowest is not None
    assert f"连续三年处于后 {NATIONAL.lowest.percent.value}%" in seen["lifecycle"]["removal"][2]
    assert NATIONAL.in_force.since == seen["in_force_from"]


def test_each_reason_for_removal_withdraws() -> None:
    milder = {each.rule for each in NATIONAL.rules if each.then.decision is not Measure.WITHDRAW}
    assert milder == {"update_missing", "ranked_lowest"}


@pytest.mark.parametrize(
    ("issued", "until"),
    [("2018-01-15", "2021-01-14"), ("2018-01-01", "2020-12-31"), ("2020-02-29", "2023-02-28"), ("2017-03-01", "2020-02-29")],
)
def test_a_certificate_of_the_city_is_valid_for_three_years(issued: str, until: str) -> None:
    assert JIAXING.valid_until(issued) == until


def test_the_national_list_has_no_term() -> None:
    assert NATIONAL.valid_until("2024-02-01") == ""


# --- what the loader refuses ---

TEXT = (rulesets_root() / "surveillance" / "jiaxing_2017.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ('decision: warn, notice_days: "0"', 'decision: scold, notice_days: "0"', "value_not_allowed", "update_late"),
        ('notice_days: "15"', 'notice_days: "soon"', "surveillance_figure", "update_missing"),
        ('notice_days: "15"', 'notice_days: "1.5"', "surveillance_figure", "update_missing"),
        ('notice_days: "15"', 'notice_days: "-1"', "surveillance_figure", "update_missing"),
        ('days: "180"', 'days: "0"', "surveillance_figure", "suspended_too_long"),
        ('notice_days: "15"', "notice_days: 15.0", "unquoted_figure", "update_missing"),
        ("{duty: annual_update, days", "{duty: yearly, days", "surveillance_unknown", "update_late"),
        ("grades: [general]", "grades: [tiny]", "surveillance_unknown", "accident_general"),
        ("penalties: [suspension_of_production, licence]", "penalties: [scolding]", "surveillance_unknown", "penalty_grave"),
        ("- rule: update_missing", "- rule: update_late", "surveillance_name_twice", "update_late"),
        ("{event: {kind: false_data}}", "{}", "surveillance_when", "false_data"),
        ("kind: false_data}}", 'kind: false_data}, lasting: {state: warned, days: "1"}}', "surveillance_when", "false_data"),
        ("kind: false_data}}", "kind: falsehood}}", "value_not_allowed", "false_data"),
    ],
)
def test_a_mistake_is_named_at_its_line(tmp_path: Path, old: str, new: str, code: str, at: str) -> None:
    (tmp_path / "surveillance").mkdir()
    (tmp_path / "surveillance" / "wrong.yaml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_surveillance("wrong", tmp_path)
    (problem,) = refused.value.problems
    lines = TEXT.replace(old, new, 1).splitlines()
    begin = max(i for i, line in enumerate(lines, 1) if line == f"- rule: {at}")
    assert problem.code == code
    assert problem.where.line is not None and begin <= problem.where.line <= begin + 4
    assert problem.what("zh") and problem.what("en") and problem.fix("zh") and problem.fix("en")


@pytest.mark.parametrize(
    ("rule_name", "old", "new", "code"),
    [
        ("false_data", 'appeal_days: "30"', 'appeal_days: "30", lifted_by: [corrected]', "surveillance_withdrawal_lifted"),
        ("dishonest", "put_right_by: [corrected]", "put_right_by: [handed_in]", "surveillance_nothing_owed"),
        ("penalty", "decision: warn", "decision: continue", "surveillance_continue_alone"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path: Path, rule_name: str, old: str, new: str, code: str) -> None:
    head, mark, tail = TEXT.partition(f"- rule: {rule_name}\n")
    (tmp_path / "surveillance").mkdir()
    (tmp_path / "surveillance" / "wrong.yaml").write_text(head + mark + tail.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_surveillance("wrong", tmp_path)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_duty_has_one_rhythm(tmp_path: Path) -> None:
    (tmp_path / "surveillance").mkdir()
    (tmp_path / "surveillance" / "wrong.yaml").write_text(TEXT.replace('  due: "04-15"\n', ""), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_surveillance("wrong", tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["surveillance_rhythm"]
