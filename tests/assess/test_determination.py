"""The conclusion: each line of the table, their precedence, tiers, and whether anything open could change it."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.results import Assessment, Names
from engine.ruleset.programme import Programme
from tests.assess.tiny import assess, criterion, gate, interval, number, programme, rule, words

TIERS = [{"tier": name, "title": words(name), "mark": mark} for name, mark in (("bronze", "6"), ("silver", "8"), ("gold", "10"))]


@cache
def table(mark: str | None = None, tiers: bool = False) -> Programme:
    """A gate, a required item of 2 points, two optional ones of 4, and an item whose failure is a veto."""
    return programme(
        {"mark": mark, "tiers": TIERS if tiers else []},
        gates=[gate("gate")],
        criteria=[
            criterion("d.required", kind="required", points="2"),
            criterion("d.one", points="4", na_allowed=True),
            criterion("d.two", points="4", na_allowed=True),
            criterion("d.safe", points="0"),
        ],
        rules=[rule("unsafe", "not_met(d.safe)", veto=True)],
    )


ITEMS = ("gate", "d.required", "d.one", "d.two", "d.safe")
WORDS: dict[str, Any] = {"y": "yes", "n": "no", "x": {"declared": "not_applicable", "reason": "无"}}


def concluded(answers: str, mark: str | None = None, tiers: bool = False) -> Assessment:
    """Answers in the order gate, required, one, two, safe: y, n, x (not applicable) or ? (open)."""
    given = {name: WORDS[letter] for name, letter in zip(ITEMS, answers, strict=True) if letter != "?"}
    return assess(table(mark, tiers), answers=given)


def outcome(answers: str, mark: str | None = None) -> tuple[str, bool]:
    found = concluded(answers, mark).determination
    return found.outcome, found.settled


# --- each line, and its reasons ---

LINES = [
    ("nyyyy", None, "not_eligible", ["gate_not_met"]),
    ("yyyyn", None, "not_eligible", ["veto"]),
    ("nyyyn", None, "not_eligible", ["gate_not_met", "veto"]),
    ("ynyyy", None, "fails", ["required_not_met"]),
    ("yynny", "5", "fails", ["below_mark"]),
    ("ynnny", "5", "fails", ["required_not_met", "below_mark"]),
    ("?yyyy", None, "incomplete", ["gate_open"]),
    ("yyyy?", None, "incomplete", ["veto_open"]),
    ("y?yyy", None, "incomplete", ["required_open"]),
    ("yyy?y", "7", "incomplete", ["mark_open"]),
    ("??y??", "7", "incomplete", ["gate_open", "veto_open", "required_open", "mark_open"]),
    ("yyyyy", "10", "eligible", ["at_mark"]),
    ("yyyyy", None, "scored", ["no_mark"]),
]


@pytest.mark.parametrize(("answers", "mark", "wanted", "reasons"), LINES)
def test_each_line_of_the_table_and_its_reasons(answers: str, mark: str | None, wanted: str, reasons: list[str]) -> None:
    found = concluded(answers, mark).determination
    assert (found.outcome, [reason.code for reason in found.reasons]) == (wanted, reasons)


@pytest.mark.parametrize(
    ("answers", "mark", "wanted"),
    [
        ("nn?ny", "5", "not_eligible"),  # a gate comes before everything
        ("?nnny", "5", "fails"),  # a required item before what is open
        ("?nyyy", None, "fails"),
        ("?y?yy", "10", "incomplete"),
    ],
)
def test_the_first_line_that_holds_decides(answers: str, mark: str | None, wanted: str) -> None:
    assert concluded(answers, mark).determination.outcome == wanted


def test_reasons_name_the_items_and_the_figures() -> None:
    by_code = {reason.code: dict(reason.params) for reason in concluded("n?y?y", "9").determination.reasons}
    assert by_code["gate_not_met"] == {"names": Names(("gate",)), "count": 1}
    by_code = {reason.code: dict(reason.params) for reason in concluded("yyy?y", "9").determination.reasons}
    assert by_code["mark_open"] == {"low": 6, "high": 10, "mark": 9}


def test_a_score_at_the_mark_reaches_it() -> None:
    assert concluded("yyyny", "6").determination.outcome == "eligible"
    assert concluded("yyyny", "6.000001").determination.outcome == "fails"


def test_a_failed_gate_never_stops_the_scoring() -> None:
    assert concluded("nyyyy").score == interval(10, 10)


def test_an_open_end_is_never_below_the_mark() -> None:
    method = {"ratio": {"value": "x", "reference": "1", "direction": "up", "cap": None}}
    made = programme({"mark": "1000"}, inputs=[number("x")], criteria=[criterion("it", method)])
    found = assess(made).determination
    assert (found.outcome, found.settled) == ("incomplete", False)
    assert dict(found.reasons[0].params)["high"] == "∞"


# --- settled ---


@pytest.mark.parametrize(
    ("answers", "mark", "wanted"),
    [
        ("yyy??", None, ("incomplete", False)),
        ("yyy?y", "6", ("eligible", True)),  # an open optional item, and low already at the mark
        ("yyy?y", "7", ("incomplete", False)),
        ("yyn?y", "7", ("fails", True)),  # high is below the mark, nothing else is open
        ("?yn?y", "7", ("fails", False)),  # the open gate could make it not eligible
        ("yyn??", "7", ("fails", False)),  # so could the possible veto
        ("y?n?y", "7", ("fails", True)),  # an open required item only fails once more
        ("?n???", None, ("fails", False)),
        ("n????", None, ("not_eligible", True)),  # nothing comes before that
        ("????n", None, ("not_eligible", True)),
        ("?????", None, ("incomplete", False)),
        ("yy??y", None, ("scored", True)),  # no mark: the points change, the outcome does not
        ("yyyyy", None, ("scored", True)),
    ],
)
def test_settled_when_no_completion_of_what_is_open_changes_the_outcome(answers: str, mark: str | None, wanted: tuple[str, bool]) -> None:
    assert outcome(answers, mark) == wanted


# --- tiers ---


@pytest.mark.parametrize(
    ("answers", "tier"),
    [("yyyyy", "gold"), ("yyyny", "bronze")],
)
def test_the_highest_tier_whose_mark_is_reached(answers: str, tier: str) -> None:
    found = concluded(answers, "6", tiers=True).determination
    assert (found.outcome, found.tier, found.settled) == ("eligible", tier, True)


def test_eligible_is_not_settled_while_the_tier_is_open() -> None:
    found = concluded("yyy?y", "6", tiers=True).determination
    assert (found.outcome, found.tier, found.settled) == ("eligible", "bronze", False)


def test_there_is_no_tier_without_eligibility() -> None:
    assert concluded("nyyyy", "6", tiers=True).determination.tier is None


@pytest.mark.parametrize(("score", "tier"), [("7.999", "bronze"), ("8", "silver"), ("9.999", "silver"), ("10", "gold")])
def test_a_tier_begins_at_its_mark(score: str, tier: str) -> None:
    made = programme({"mark": "6", "tiers": TIERS}, criteria=[criterion("it", "judgement")])
    assert assess(made, answers={"it": {"declared": score, "reason": "见记录"}}).determination.tier == tier


def test_tiers_compare_with_the_total_rounded_as_the_scheme_states() -> None:
    made = programme({"mark": "6", "mark_places": 1, "tiers": TIERS}, criteria=[criterion("it", "judgement")])
    assert assess(made, answers={"it": {"declared": "7.96", "reason": "见记录"}}).determination.tier == "silver"


# --- against brute force ---

LETTERS = {name: "ynx?" if name in ("d.one", "d.two") else "yn?" for name in ITEMS}


@settings(max_examples=60)
@given(
    st.tuples(*(st.sampled_from(LETTERS[name]) for name in ITEMS)).map("".join),
    st.sampled_from([None, "1", "2", "5", "6", "8", "10"]),
    st.booleans(),
)
def test_settled_is_what_trying_every_completion_finds(answers: str, mark: str | None, tiers: bool) -> None:
    tiers = tiers and mark is not None and int(mark) <= 6
    now = concluded(answers, mark, tiers).determination
    choices = [letter if letter != "?" else LETTERS[name].rstrip("?") for name, letter in zip(ITEMS, answers, strict=True)]
    ends = {
        (found.outcome, found.tier)
        for completion in itertools.product(*choices)
        for found in [concluded("".join(completion), mark, tiers).determination]
    }
    assert all(end[0] != "incomplete" for end in ends)
    assert now.settled == (ends == {(now.outcome, now.tier)})
