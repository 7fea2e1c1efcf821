from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine.advise.changes import apply
from engine.advise.costs import Costs, Price, default_costs
from engine.advise.route import Route, cheapest_route
from engine.assess.assess import assess_dossier
from engine.problems import Refused
from engine.ruleset.programme import Programme
from tests.assess import tiny

PAPER = [tiny.words("paper")]


def prices(**items: str | None) -> Costs:
    """Every kind of change costs 10, items what is given; None is impossible."""
    usual = default_costs()
    kinds = dict.fromkeys(usual.kinds, Price(Fraction(10)))
    return Costs(usual.unit, kinds, {name: None if cost is None else Price(Fraction(cost)) for name, cost in items.items()})


def route(made: Programme, costs: Costs | None = None, target: str = "pass", basis: str = "declared", **parts: Any) -> Route:
    return cheapest_route(made, tiny.dossier(**parts), basis, costs or prices(), target)


def made_of(found: Route) -> list[tuple[str, str, str]]:
    assert found.plan is not None
    return [(change.kind, change.item, change.text) for change in found.plan.changes]


def conforming(*names: str, points: str = "10", **scheme: Any) -> Programme:
    return tiny.programme(scheme, criteria=[tiny.criterion(name, points=points) for name in names])


def test_a_dossier_that_passes_needs_no_change() -> None:
    found = route(conforming("a", mark="10"), answers={"a": "yes"})
    assert made_of(found) == []
    assert (found.others, found.next_point, found.proven) == ((), None, True)


def test_the_cheapest_of_two_items_is_done_and_the_other_is_the_runner_up() -> None:
    found = route(conforming("a", "b", mark="10"), prices(a="3", b="2"))
    assert made_of(found) == [("answer", "b", "yes")]
    assert [[change.item for change in plan.changes] for plan in found.others] == [["a"]]
    assert (found.plan and found.plan.cost, found.others[0].cost) == (2, 3)


def test_one_more_point_costs_what_the_next_item_does() -> None:
    assert route(conforming("a", "b", mark="10"), prices(a="3", b="2")).next_point == 3


def test_two_small_items_beat_a_dear_large_one() -> None:
    criteria = [tiny.criterion("large", points="10"), tiny.criterion("a", points="5"), tiny.criterion("b", points="5")]
    found = route(tiny.programme({"mark": "10"}, criteria=criteria), prices(large="9", a="4", b="4"))
    assert [change.item for change in found.plan.changes] == ["a", "b"] if found.plan else False


def test_gates_and_required_items_are_mended_whatever_they_cost() -> None:
    made = tiny.programme(gates=[tiny.gate("lawful")], criteria=[tiny.criterion("must", kind="required"), tiny.criterion("may")])
    found = route(made, prices(lawful="100", must="100", may="1"))
    assert [change.item for change in found.plan.changes] == ["lawful", "must"] if found.plan else False


def test_an_answered_item_only_lacks_its_evidence() -> None:
    made = tiny.programme({"mark": "10"}, criteria=[tiny.criterion("a", evidence=PAPER)])
    assert made_of(route(made, answers={"a": "yes"})) == [("evidence", "a", "")]


def test_a_document_renewed_once_serves_every_item_it_proves() -> None:
    made = tiny.programme({"mark": "20"}, criteria=[tiny.criterion("a", evidence=PAPER), tiny.criterion("b", evidence=PAPER)])
    answers = {name: {"declared": "yes", "evidence": "E2"} for name in ("a", "b")}
    found = route(made, answers=answers)
    assert made_of(found) == [("renewal", "E2", "")]
    assert found.plan is not None and found.plan.cost == 10


def test_a_value_moves_to_the_limit() -> None:
    method = {"threshold": {"value": "x", "at_least": "30 %"}}
    made = tiny.programme(inputs=[tiny.number("x", type="share")], criteria=[tiny.criterion("a", method, kind="required")])
    assert made_of(route(made, inputs={"x": "20 %"})) == [("value", "x", "30 %")]


def test_a_value_moves_just_beyond_a_strict_limit() -> None:
    method = {"threshold": {"value": "x", "less_than": "3"}}
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method, kind="required")])
    # four digits after the first: 3 less 0.0001
    assert made_of(route(made, inputs={"x": "5"})) == [("value", "x", "2.9999")]


def test_a_value_under_a_fraction_is_rounded_to_the_good_side() -> None:
    method = {"threshold": {"value": "1 / x", "at_most": "3"}}
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method, kind="required")])
    # 1/3 does not end: 0.33334 is the next value of so many digits that is good
    assert made_of(route(made, inputs={"x": "0.2"})) == [("value", "x", "0.33334")]


def test_a_value_moves_just_as_far_up_a_ladder_as_the_mark_needs() -> None:
    method = {"bands": {"value": "x", "start": "2", "full": "6"}}
    made = tiny.programme({"mark": "7"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method, points="10")])
    costs = Costs(default_costs().unit, {**prices().kinds, "value": Price(Fraction(1), Fraction(1))})
    found = route(made, costs, inputs={"x": "1"})
    # half of the points at 2, all at 6: 5 + 5 (x - 2) / 4 = 7 at 3.6, which costs 1 + 2.6
    assert made_of(found) == [("value", "x", "3.6")]
    assert found.plan is not None and (found.plan.cost, found.plan.assessment.score.low) == (Fraction("3.6"), 7)


def test_a_value_that_two_items_pull_in_opposite_directions_is_set_where_both_stand() -> None:
    least, most = {"threshold": {"value": "x", "at_least": "4"}}, {"threshold": {"value": "x", "at_most": "5"}}
    made = tiny.programme(
        inputs=[tiny.number("x")], criteria=[tiny.criterion("a", least, kind="required"), tiny.criterion("b", most, kind="required")]
    )
    assert made_of(route(made, inputs={"x": "9"})) in ([("value", "x", "4")], [("value", "x", "5")])


def test_where_two_items_contradict_each_other_both_together_bar_the_way() -> None:
    least, most = {"threshold": {"value": "x", "at_least": "5"}}, {"threshold": {"value": "x", "at_most": "4"}}
    made = tiny.programme(
        inputs=[tiny.number("x")], criteria=[tiny.criterion("a", least, kind="required"), tiny.criterion("b", most, kind="required")]
    )
    found = route(made, inputs={"x": "9"})
    assert found.plan is None and found.blocking is not None
    assert (found.blocking.items, found.blocking.each) == (("a", "b"), False)


def test_what_cannot_be_changed_bars_the_way_alone() -> None:
    made = tiny.programme(gates=[tiny.gate("lawful"), tiny.gate("safe")], criteria=[tiny.criterion("a")])
    found = route(made, prices(lawful=None), answers={"lawful": "no", "safe": "no"})
    assert found.plan is None and found.blocking is not None
    assert (found.blocking.items, found.blocking.each) == (("lawful",), True)


def test_the_fewest_items_that_keep_the_total_below_the_mark_are_named() -> None:
    criteria = [tiny.criterion(name, points=points) for name, points in (("a", "6"), ("b", "3"), ("c", "2"), ("e", "9"))]
    found = route(tiny.programme({"mark": "13"}, criteria=criteria), prices(a=None, b=None, c=None))
    # of 20 points 13 are needed: 7 may be missing, which a (6) alone is not, but a with b (9) or with c (8) is
    assert found.plan is None and found.blocking is not None
    assert found.blocking.items == ("a", "b")
    assert found.blocking.reachable == 9


def test_a_veto_is_undone_with_the_rest() -> None:
    made = tiny.programme(
        {"mark": "10", "rules": [tiny.rule("stop", "not_met(b) or undetermined(b)", veto=True)]},
        criteria=[tiny.criterion("a"), tiny.criterion("b", points="0")],
    )
    assert made_of(route(made)) == [("answer", "a", "yes"), ("answer", "b", "yes")]


def test_a_veto_that_a_change_would_bring_about_is_kept_clear_of() -> None:
    limit = {"threshold": {"value": "x", "at_least": "5"}}
    made = tiny.programme(
        {"mark": "10", "rules": [tiny.rule("stop", "x >= 5", veto=True)]},
        inputs=[tiny.number("x")],
        criteria=[tiny.criterion("a", limit), tiny.criterion("b")],
    )
    found = route(made, prices(x="1", b="50"), inputs={"x": "1"})
    assert made_of(found) == [("answer", "b", "yes")]


def test_a_veto_that_nothing_changes_is_named() -> None:
    made = tiny.programme({"rules": [tiny.rule("stop", "year >= 2016", veto=True)]}, criteria=[tiny.criterion("a", kind="required")])
    found = route(made, answers={"a": "yes"})
    assert found.plan is None and found.blocking is not None
    assert (found.blocking.items, found.blocking.vetoes) == ((), ("stop",))


def test_enough_members_of_a_group_are_met() -> None:
    criteria = [tiny.criterion(name, points="0") for name in ("a", "b", "c")]
    group = tiny.criterion("two", {"k_of": {"k": 2, "of": ["a", "b", "c"]}}, kind="required")
    found = route(tiny.programme(criteria=[*criteria, group]), prices(a="5", b="1", c="2"))
    assert [change.item for change in found.plan.changes] == ["b", "c"] if found.plan else False


def test_a_better_member_is_named_instead() -> None:
    criteria = [tiny.criterion("a", points="10"), tiny.criterion("b", points="10")]
    group = tiny.criterion("one", {"choose": {"n": 1, "of": ["a", "b"]}}, points="10")
    found = route(tiny.programme({"mark": "10"}, criteria=[*criteria, group]), prices(a="50"), answers={"a": "no", "b": "yes", "one": "a"})
    assert made_of(found) == [("naming", "one", "b")]


def test_a_missing_fact_is_stated_as_the_plan_needs_it() -> None:
    made = tiny.programme(
        inputs=[tiny.number("listed", type="yes_no")], gates=[tiny.gate("audit", applies_when="listed")], criteria=[tiny.criterion("a")]
    )
    assert made_of(route(made, prices(audit="50"))) == [("fact", "listed", "no")]


def test_a_stated_fact_is_not_changed_unless_the_user_prices_it() -> None:
    made = tiny.programme(
        inputs=[tiny.number("listed", type="yes_no")], gates=[tiny.gate("audit", applies_when="listed")], criteria=[tiny.criterion("a")]
    )
    assert made_of(route(made, inputs={"listed": "yes"})) == [("answer", "audit", "yes")]
    assert made_of(route(made, prices(listed="1"), inputs={"listed": "yes"})) == [("fact", "listed", "no")]


def test_an_assessors_points_can_be_aimed_at() -> None:
    made = tiny.programme({"mark": "5"}, criteria=[tiny.criterion("a", {"judgement": {"steps": ["0", "5", "10"]}})])
    found = route(made, answers={"a": {"declared": "0", "reason": "nothing yet"}})
    assert found.plan is not None and [change.text for change in found.plan.changes] in (["5"], ["10"])


def test_a_target_may_be_a_tier_or_a_score() -> None:
    tiers = [{"tier": "gold", "title": tiny.words("gold"), "mark": "20"}, {"tier": "silver", "title": tiny.words("silver"), "mark": "10"}]
    made = conforming("a", "b", mark="10", tiers=tiers)
    assert [len(made_of(route(made, target=target))) for target in ("pass", "silver", "gold", "15")] == [1, 1, 2, 2]
    gold = route(made, target="gold").plan
    assert gold is not None and gold.assessment.determination.tier == "gold"


def test_a_total_that_rounds_to_the_mark_is_enough() -> None:
    criteria = [tiny.criterion("a", points="9.5"), tiny.criterion("b", points="0.5")]
    found = route(tiny.programme({"mark": "10", "mark_places": 0}, criteria=criteria))
    # 9.5 is rounded half-even to 10
    assert made_of(found) == [("answer", "a", "yes")]


def test_thirds_add_up_exactly() -> None:
    criteria = [tiny.criterion(f"c_{name}", {"bands": {"value": name, "start": "0", "full": "3"}}, points="10") for name in ("x", "y", "z")]
    inputs = [tiny.number(name) for name in ("x", "y", "z")]
    made = tiny.programme({"mark": "20"}, inputs=inputs, criteria=criteria)
    found = route(made, inputs={"x": "1", "y": "1", "z": "1"})
    # half and a third of the other half each: 3 x 20/3 = 20 exactly
    assert made_of(found) == []


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        route(conforming("a"), target="platinum")
    assert [problem.code for problem in refused.value.problems] == ["target_unknown"]


def test_on_the_verified_basis_the_assessor_is_taken_to_confirm_the_changes() -> None:
    made = conforming("a", mark="10")
    dossier = tiny.dossier(answers={"a": {"declared": "yes", "verified": "no"}})
    plan = cheapest_route(made, dossier, "verified", prices()).plan
    assert plan is not None
    changed = apply(dossier, plan.changes, "verified", made)
    assert assess_dossier(made, changed, "verified").determination.outcome == "eligible"


def test_a_closed_assessment_is_mended_too() -> None:
    made = tiny.programme({"mark": "10"}, criteria=[tiny.criterion("a", evidence=PAPER)])
    dossier = tiny.dossier(answers={"a": {"declared": "yes", "verified": "as_declared"}})
    found = cheapest_route(made, dossier, "verified", prices(), close=True)
    assert (found.now.determination.outcome, made_of(found)) == ("fails", [("evidence", "a", "")])


def test_a_shared_value_is_dearer_by_default() -> None:
    kinds = default_costs().kinds
    shared, value = kinds["shared"], kinds["value"]
    assert shared is not None and value is not None and shared.fixed > value.fixed
