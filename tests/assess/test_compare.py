from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.compare import Comparison, compare, dossier_under
from engine.assess.compare_plain import comparison_plain
from engine.assess.split import NONE, PARTS, Difference, plus, possible_orders, split
from engine.assess.statements import Subject
from engine.dossier.schema import Dossier
from engine.problems import Refused
from engine.ruleset.programme import Programme
from tests.assess import tiny
from tests.assess.tiny import interval

RATE = {"threshold": {"value": "x", "at_least": "5"}}
LADDER = {"bands": {"value": "y", "start": "2", "full": "6"}}
PAPER = [tiny.words("a paper")]


def programme(limit: str = "5", points: str = "10", policy: str = "renormalise", mark: str | None = "12", **more: Any) -> Programme:
    parts: dict[str, Any] = {
        "inputs": [tiny.number("x"), tiny.number("y")],
        "gates": [tiny.gate("lawful", evidence=PAPER)],
        "criteria": [
            tiny.criterion("rate", {"threshold": {"value": "x", "at_least": limit}}, points, evidence=PAPER),
            tiny.criterion("ladder", LADDER, "6"),
            tiny.criterion("plan", "conform", "4", na_allowed=True, evidence=PAPER),
            tiny.criterion("free", {"ratio": {"value": "x", "reference": "y", "direction": "up", "cap": None}}, "3"),
        ],
    }
    return tiny.programme({"mark": mark, "na_policy": {"value": policy, "source": tiny.SEEN}}, **{**parts, **more})


ONE = programme()


def moved(low: str | int, high: str | int | None = None) -> Difference:
    return Difference(Fraction(low), Fraction(low if high is None else high))


def given_x(x: str, evidence: str = "E1", **more: Any) -> Dossier:
    return tiny.dossier({"x": {"declared": x, "evidence": evidence}, "y": "4"}, {"lawful": "yes", "plan": {"declared": "yes"}}, **more)


def of(found: Comparison, name: str) -> Any:
    return next(item for item in found.items if name in (item.before, item.after))


# --- one kind of change ---


def test_a_change_of_values_is_all_of_the_difference() -> None:
    found = compare(Subject(ONE, given_x("4")), Subject(ONE, given_x("6")))
    assert found.total.total == moved("11.5", "11.5")  # 10 for the limit, 3 * (6 - 4) / 4 for the ratio
    assert found.total.parts == {"values": moved("11.5"), "evidence": NONE, "rules": NONE}
    assert [(item.after, item.share.total.low) for item in found.items] == [("rate", 10), ("free", Fraction(3, 2))]


def test_a_change_of_evidence_is_all_of_the_difference() -> None:
    found = compare(Subject(ONE, given_x("6", "")), Subject(ONE, given_x("6", "E1")))
    assert found.total.total == moved(10, 0)
    assert found.total.parts == {"values": NONE, "evidence": moved(10, 0), "rules": NONE}
    assert of(found, "rate").alone == {"values": "undetermined", "evidence": "met", "rules": "undetermined"}


def test_a_document_that_expired_by_the_later_day_is_a_change_of_evidence() -> None:
    later = replace(given_x("6"), application_date="2031-01-01")
    found = compare(Subject(ONE, given_x("6")), Subject(ONE, later))
    assert found.total.parts == {"values": NONE, "evidence": moved(-10, 0), "rules": NONE}


def test_a_change_of_rules_is_all_of_the_difference() -> None:
    found = compare(Subject(ONE, given_x("6")), Subject(programme(limit="7", points="12"), given_x("6")))
    assert found.total.parts == {"values": NONE, "evidence": NONE, "rules": moved(-10, -10)}
    assert found.rules is not None


def test_the_same_twice_differs_in_nothing() -> None:
    found = compare(Subject(ONE, given_x("6")), Subject(ONE, given_x("6")))
    assert (found.items, found.changed, len(found.states)) == ((), (), 1)
    assert found.total.nothing


# --- several together ---


def test_what_two_do_only_together_is_shared_evenly() -> None:
    """Points need both: the value reaches the limit, and there is a document. Alone neither gains."""
    found = compare(Subject(ONE, given_x("4", "")), Subject(ONE, given_x("6", "E1")))
    share = of(found, "rate").share
    assert share.alone == {"values": moved(0, 10), "evidence": NONE, "rules": NONE}
    assert share.parts == {"values": moved(5, 10), "evidence": moved(5, 0), "rules": NONE}
    assert share.together == moved(10, 0)


def test_three_kinds_of_change_have_thirds_of_what_needs_them_all() -> None:
    """Before: 4 under a limit of 9 without a document. After: 6 under 5 with one."""
    found = compare(Subject(programme(limit="9"), given_x("4", "")), Subject(ONE, given_x("6", "E1")))
    third = of(found, "rate").share
    assert found.orders == 6
    assert {part: one.low for part, one in third.parts.items()} == dict.fromkeys(PARTS, Fraction(10, 3))


def test_what_was_declared_and_what_was_verified_can_be_compared() -> None:
    both = tiny.dossier({"x": {"declared": "6", "verified": "4", "evidence": "E1"}, "y": {"declared": "4", "verified": "as_declared"}})
    found = compare(Subject(ONE, both, "declared"), Subject(ONE, both, "verified"))
    assert found.total.parts == {"values": moved("-11.5"), "evidence": NONE, "rules": NONE}
    assert [(one.key.name, one.before, one.after) for one in found.changed] == [("x", "6", "4")]


def test_closing_counts_as_evidence() -> None:
    made = tiny.dossier({"x": {"declared": "6", "verified": "as_declared"}, "y": {"declared": "4", "verified": "as_declared"}})
    found = compare(Subject(ONE, made, "verified", close=False), Subject(ONE, made, "verified", close=True))
    assert found.total.parts["evidence"] == moved(0, -14)
    assert {state.outcome for state in found.states} == {"incomplete", "not_eligible"}


def test_an_end_without_a_bound_has_no_difference() -> None:
    found = compare(Subject(ONE, tiny.dossier({"y": "4"})), Subject(ONE, tiny.dossier({"x": "6", "y": "4"})))
    assert found.total.total.high is None
    assert found.total.parts["values"] == Difference(Fraction("4.5"), None)


def test_states_say_what_each_kind_of_change_alone_leads_to() -> None:
    found = compare(Subject(ONE, given_x("4", "")), Subject(ONE, given_x("6", "E1")))
    assert [state.made for state in found.states] == [(), ("values",), ("evidence",), ("values", "evidence")]


# --- other rules ---


def test_what_only_the_later_rules_ask_for_comes_with_the_rules() -> None:
    later = programme(
        inputs=[tiny.number("x"), tiny.number("z")],
        criteria=[tiny.criterion("rate", RATE, evidence=PAPER), tiny.criterion("fresh", {"declare": {"value": "z"}}, "5")],
        gates=[],
        mark=None,
    )
    only = {"inputs": [tiny.number("x")], "gates": [], "mark": None}
    old = programme(criteria=[tiny.criterion("rate", RATE, evidence=PAPER)], **only)
    x = {"x": {"declared": "6", "evidence": "E1"}}
    found = compare(Subject(old, tiny.dossier(x)), Subject(later, tiny.dossier({**x, "z": "1"})))
    assert found.total.parts == {"values": NONE, "evidence": NONE, "rules": moved(5)}
    assert of(found, "fresh").before is None


def test_a_dossier_under_other_rules_keeps_what_they_can_read() -> None:
    items = [tiny.criterion("ladder", LADDER), tiny.criterion("heavy", {"declare": {"value": "x"}})]
    later = programme(inputs=[tiny.number("x", "kg"), tiny.number("y")], criteria=items, gates=[], mark=None)
    read, unread = dossier_under(tiny.dossier({"x": "6 m", "y": "4"}, {"plan": "yes"}), ONE, later)
    assert [name for name, _ in read.inputs] == ["y"]
    assert unread == ("x",)


# --- properties ---

VALUES = st.fixed_dictionaries(
    {"x": st.sampled_from([None, "0", "3", "5", "7"]), "y": st.sampled_from([None, "1", "2", "4", "7"])},
)
ANSWERS = st.fixed_dictionaries(
    {"lawful": st.sampled_from([None, "yes", "no"]), "plan": st.sampled_from([None, "yes", "no", "not_applicable"])}
)
PAPERS = st.fixed_dictionaries({name: st.sampled_from(["", "E1", "E2"]) for name in ("x", "y", "lawful", "plan")})
RULESETS = (
    ONE,
    programme(limit="4"),
    programme(limit="6", points="20"),
    programme(policy="full_marks"),
    programme(policy="zero", points="7"),
)
RULES = st.integers(0, len(RULESETS) - 1)  # not the programmes themselves, which print at great length
FEW = settings(max_examples=40)


def dossier(values: dict[str, str | None], answers: dict[str, str | None], papers: dict[str, str]) -> Dossier:
    def entries(given_: dict[str, str | None]) -> dict[str, dict[str, str]]:
        said = {name: {} if text is None else {"declared": text} for name, text in given_.items()}
        return {name: {**text, "evidence": papers[name], "reason": "none"} for name, text in said.items()}

    return tiny.dossier(entries(values), entries(answers))


@FEW
@given(v=st.tuples(VALUES, VALUES), a=st.tuples(ANSWERS, ANSWERS), p=st.tuples(PAPERS, PAPERS), r=st.tuples(RULES, RULES))
def test_parts_and_shares_add_up(v: Any, a: Any, p: Any, r: Any) -> None:
    before, after = (Subject(RULESETS[r[i]], dossier(v[i], a[i], p[i])) for i in (0, 1))
    found, back = compare(before, after), compare(after, before)
    first, last = before.assessed().score, after.assessed().score
    assert found.total.total.low == last.low - first.low
    if first.high is not None and last.high is not None:
        assert found.total.total.high == last.high - first.high
    for one in (found.total, found.rest, *(item.share for item in found.items)):
        whole = plus(one.parts.values())
        assert whole.low == one.total.low
        assert whole.high in (None, one.total.high)
    assert (found.rest.total.low, found.rest.total.high or 0) == (0, 0)
    for part in PARTS:
        low, high = found.total.parts[part]
        by_item = plus(item.share.parts[part] for item in found.items)
        assert by_item.low == low
        assert by_item.high in (None, high)
        assert back.total.parts[part] == Difference(-low, None if high is None else -high)


@FEW
@given(v=st.tuples(VALUES, VALUES), a=ANSWERS, p=PAPERS, r=RULES)
def test_a_pair_that_differs_in_values_only_has_that_part_only(v: Any, a: Any, p: Any, r: int) -> None:
    found = compare(*(Subject(RULESETS[r], dossier(one, a, p)) for one in v))
    assert (found.total.parts["evidence"], found.total.parts["rules"]) == (NONE, NONE)


@FEW
@given(v=VALUES, a=ANSWERS, p=st.tuples(PAPERS, PAPERS), r=RULES)
def test_a_pair_that_differs_in_evidence_only_has_that_part_only(v: Any, a: Any, p: Any, r: int) -> None:
    found = compare(*(Subject(RULESETS[r], dossier(v, a, one)) for one in p))
    assert (found.total.parts["values"], found.total.parts["rules"]) == (NONE, NONE)


@FEW
@given(v=VALUES, a=ANSWERS, p=PAPERS, r=st.tuples(RULES, RULES))
def test_a_pair_that_differs_in_rules_only_has_that_part_only(v: Any, a: Any, p: Any, r: Any) -> None:
    found = compare(*(Subject(RULESETS[one], dossier(v, a, p)) for one in r))
    assert (found.total.parts["values"], found.total.parts["evidence"]) == (NONE, NONE)


# --- the arithmetic of the split ---


def test_orders_through_a_state_that_is_not_possible_are_left_out() -> None:
    orders = possible_orders(("a", "b"), lambda made: made != frozenset({"b"}))
    assert orders == (("a", "b"),)


def test_a_kind_of_change_that_cannot_be_made_alone_has_no_effect_alone() -> None:
    worth = {frozenset(): 0, frozenset({"values"}): 3, frozenset({"values", "rules"}): 10}
    found = split(lambda made: interval(worth[made], worth[made]), [("values", "rules")], lambda made: made in worth)
    assert found.parts == {"values": moved(3), "evidence": NONE, "rules": moved(7)}
    assert (found.alone["rules"], found.together) == (None, None)


def test_the_json_form_is_plain_and_names_both_places() -> None:
    found = compare(Subject(ONE, given_x("4")), Subject(ONE, given_x("6")))
    plain = json.loads(json.dumps(comparison_plain(found, ONE)))
    assert plain["total"]["parts"]["values"] == {"low": "11.5", "high": "11.5"}
    assert (plain["changed"][0]["before"], plain["changed"][0]["after"]) == ("4", "6")
    assert [where.startswith("dossier.yaml:") for where in plain["changed"][0]["where"]] == [True, True]


def test_a_side_that_does_not_fit_its_rules_is_refused() -> None:
    with pytest.raises(Refused):
        compare(Subject(ONE, given_x("4")), Subject(ONE, tiny.dossier({"unheard": "1"})))
