"""Values between the stops of a line: the smallest move that is enough, at the least cost."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from engine.advise.changes import Change, apply
from engine.advise.costs import Costs, Price, default_costs
from engine.advise.goal import target_of
from engine.advise.route import Plan, cheapest_route
from engine.assess.assess import assess_dossier
from engine.ruleset.programme import Programme
from tests.assess import tiny

LADDER = {"bands": {"value": "x", "start": "2", "full": "6"}}


def prices(value: Price, **items: str | None) -> Costs:
    usual = default_costs()
    kinds = {**dict.fromkeys(usual.kinds, Price(Fraction(10))), "value": value}
    return Costs(usual.unit, kinds, {name: None if cost is None else Price(Fraction(cost)) for name, cost in items.items()})


def plan(made: Programme, costs: Costs, target: str = "pass", **parts: Any) -> Plan:
    found = cheapest_route(made, tiny.dossier(**parts), "declared", costs, target)
    assert found.plan is not None and found.proven and found.plan.foreseen == found.plan.assessment.score.low
    return found.plan


def set_to(found: Plan) -> list[tuple[str, str]]:
    return [(change.item, change.text) for change in found.changes]


PER_UNIT = Price(Fraction(1), Fraction(1))


def test_a_shortfall_is_closed_to_the_last_place() -> None:
    made = tiny.programme({"mark": "8"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", LADDER), tiny.criterion("b", points="1")])
    found = plan(made, prices(PER_UNIT, b=None), inputs={"x": "4.2"})
    # 5 + 5 (x - 2) / 4 = 8 at 4.4
    assert set_to(found) == [("x", "4.4")]
    assert (found.cost, found.assessment.score.low) == (Fraction("1.2"), 8)


def test_one_unit_of_the_last_place_less_no_longer_passes() -> None:
    thirds = {"bands": {"value": "x", "start": "0", "full": "3"}}
    made = tiny.programme({"mark": "7.1"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", thirds)])
    dossier = tiny.dossier(inputs={"x": "1"})
    found = plan(made, prices(PER_UNIT), inputs={"x": "1"})
    # 5 + 5 x / 3 = 7.1 at 1.26, exactly
    assert set_to(found) == [("x", "1.26")]
    (change,) = found.changes
    less = replace(change, text="1.2599")
    assert not target_of("pass", made).met_by(assess_dossier(made, apply(dossier, [less], "declared", made)), made)


def test_a_place_that_does_not_end_is_rounded_to_the_side_that_passes() -> None:
    thirds = {"bands": {"value": "x", "start": "0", "full": "3"}}
    made = tiny.programme({"mark": "7"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", thirds, points="9")])
    # 4.5 + 4.5 x / 3 = 7 at 1.6666...
    assert set_to(plan(made, prices(PER_UNIT), inputs={"x": "1"})) == [("x", "1.6667")]


def test_of_two_lines_the_one_that_earns_more_for_its_cost_closes_the_gap() -> None:
    criteria = [tiny.criterion("a", LADDER), tiny.criterion("b", {"bands": {"value": "z", "start": "2", "full": "4"}})]
    made = tiny.programme({"mark": "11.3"}, inputs=[tiny.number("x"), tiny.number("z")], criteria=criteria)
    # a unit of x earns 1.25, one of z 2.5
    assert set_to(plan(made, prices(PER_UNIT), inputs={"x": "2", "z": "2"})) == [("z", "2.52")]


def test_where_one_line_is_used_up_another_closes_what_is_left() -> None:
    criteria = [tiny.criterion("a", LADDER), tiny.criterion("b", {"bands": {"value": "z", "start": "2", "full": "4"}})]
    made = tiny.programme({"mark": "16"}, inputs=[tiny.number("x"), tiny.number("z")], criteria=criteria)
    assert set_to(plan(made, prices(PER_UNIT), inputs={"x": "2", "z": "2"})) == [("x", "2.8"), ("z", "4")]


def test_a_move_between_stops_beats_a_dearer_item_and_no_more() -> None:
    made = tiny.programme({"mark": "7"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", LADDER), tiny.criterion("b", points="2")])
    assert set_to(plan(made, prices(PER_UNIT, b="2.59"), inputs={"x": "2"})) == [("b", "yes")]
    assert set_to(plan(made, prices(PER_UNIT, b="2.61"), inputs={"x": "2"})) == [("x", "3.6")]


def test_a_ratio_rises_along_its_value() -> None:
    method = {"ratio": {"value": "x", "reference": "10", "direction": "up", "cap": "1"}}
    made = tiny.programme({"mark": "7.3"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method)])
    assert set_to(plan(made, prices(PER_UNIT), inputs={"x": "5"})) == [("x", "7.3")]


def test_where_the_way_costs_the_same_everywhere_the_smallest_move_is_taken() -> None:
    made = tiny.programme({"mark": "7"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", LADDER)])
    assert set_to(plan(made, prices(Price(Fraction(5))), inputs={"x": "2"})) == [("x", "3.6")]


def test_points_that_do_not_rise_evenly_are_taken_back_from_the_next_stop() -> None:
    method = {"bands": {"value": "12 / x", "start": "2", "full": "6"}}
    made = tiny.programme({"mark": "7"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method)])
    # 12 / x = 3.6 at 3.33333...: just below it is enough
    assert set_to(plan(made, prices(PER_UNIT), inputs={"x": "6"})) == [("x", "3.3333")]


def test_what_is_asked_of_a_missing_number_is_no_more_than_it_takes() -> None:
    made = tiny.programme({"mark": "7"}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", LADDER)])
    (change,) = plan(made, prices(PER_UNIT)).changes
    assert (change.kind, change.text) == ("state", "3.6")
    assert change.span is not None and change.span[:2] == ("3.6", "")


@pytest.mark.parametrize(("one", "other", "contains"), [("4", "3", True), ("3", "4", False), ("-4", "3", False)])
def test_moving_further_the_same_way_contains_moving_less(one: str, other: str, *, contains: bool) -> None:
    first, second = (Change("value", "x", Fraction(1), text, move=Fraction(text)) for text in (one, other))
    assert first.contains(second) is contains
