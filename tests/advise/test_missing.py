"""What is missing: numbers as levers, data that no plan guesses, and what the rest would still need at best."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine.advise.changes import Change
from engine.advise.costs import Costs, Price, default_costs
from engine.advise.route import Route, cheapest_route
from engine.advise.sentences import change_sentence, supply_sentence
from engine.ruleset.programme import Programme
from tests.assess import tiny

LEAST, MOST = {"threshold": {"value": "x", "at_least": "4"}}, {"threshold": {"value": "x", "at_most": "5"}}


def route(made: Programme, basis: str = "declared", costs: Costs | None = None, **parts: Any) -> Route:
    return cheapest_route(made, tiny.dossier(**parts), basis, costs)


def required(*methods: Any) -> list[tiny.Data]:
    return [tiny.criterion(f"c{i}", method, kind="required") for i, method in enumerate(methods)]


def stated(found: Route) -> Change:
    assert found.plan is not None
    (change,) = found.plan.changes
    assert change.kind == "state"
    return change


@pytest.mark.parametrize(
    ("methods", "text", "span"),
    [
        ([LEAST], "4", ("4", "")),
        ([MOST], "5", ("", "5")),
        ([LEAST, MOST], "4", ("4", "5")),
        ([{"threshold": {"value": "x + 9", "at_least": "4"}}], "1", ("", "")),
    ],
)
def test_a_missing_number_is_stated_as_it_has_to_turn_out(methods: list[Any], text: str, span: tuple[str, str]) -> None:
    change = stated(route(tiny.programme(inputs=[tiny.number("x")], criteria=required(*methods))))
    assert change.text == text and change.span is not None and change.span[:2] == span
    # 2 for measuring it, 10 more where only some values will do
    assert change.cost == (12 if any(span) else 2)


def test_the_sentence_says_that_it_has_to_be_true() -> None:
    made = tiny.programme(inputs=[tiny.number("x")], criteria=required(LEAST))
    change = stated(route(made))
    zh, en = (change_sentence(change, made, tiny.dossier(), lang) for lang in ("zh", "en"))
    assert zh == "实测后如实填报；须确实不低于 4，办法才成立（按 4 计算）"
    assert en == "Measure it and state what it is; the plan holds only if it really is 4 or more (computed with 4)"


def test_a_number_that_turns_an_item_off_its_edge_by_another_way_is_only_computed_with() -> None:
    step = {"threshold": {"value": "if(x > 3, 1, 0)", "at_least": "1"}}
    found = route(tiny.programme(inputs=[tiny.number("x")], criteria=required(LEAST, step)))
    assert stated(found).span is None


def test_on_the_verified_basis_the_declared_value_is_to_be_verified() -> None:
    made = tiny.programme(inputs=[tiny.number("x")], criteria=required(LEAST))
    change = stated(route(made, "verified", inputs={"x": "6"}))
    assert (change.text, change.before, change.cost) == ("6", "6", 2)
    assert change_sentence(change, made, tiny.dossier(), "en").startswith("The stated 6 is not verified yet")


def test_a_missing_number_may_be_priced_or_ruled_out() -> None:
    made = tiny.programme(inputs=[tiny.number("x")], criteria=required(LEAST))
    usual = default_costs()
    assert stated(route(made, costs=Costs(usual.unit, usual.kinds, {"x": Price(Fraction(7))}))).cost == 7
    barred = route(made, costs=Costs(usual.unit, usual.kinds, {"x": None}))
    assert barred.plan is None and barred.blocking is not None and barred.blocking.items == ("c0",)


def test_a_number_that_counts_only_under_a_missing_choice_is_stated_with_it() -> None:
    basis = tiny.number("basis", type="choice", choices={"own": tiny.words("own"), "none": tiny.words("none")})
    method = {"threshold": {"value": 'if(basis == "own", x, y)', "at_least": "4"}}
    del basis["unit"]
    made = tiny.programme(inputs=[tiny.number("x"), tiny.number("y"), basis], criteria=required(method))
    found = route(made)
    assert found.plan is not None
    assert [(c.kind, c.item, c.text) for c in found.plan.changes] in (
        [("fact", "basis", "own"), ("state", "x", "4")],
        [("fact", "basis", "none"), ("state", "y", "4")],
    )


def test_two_missing_numbers_of_one_value_are_to_be_supplied_first() -> None:
    method = {"threshold": {"value": "x / y", "at_least": "4"}}
    made = tiny.programme(inputs=[tiny.number("x"), tiny.number("y")], criteria=required(method, "conform"))
    best = route(made).at_best
    assert best is not None
    assert [(supply.name, supply.items) for supply in best.supplies] == [("x", ("c0",)), ("y", ("c0",))]
    assert [change.item for change in best.changes] == ["c1"]


TABLE = tiny.table("goods", [tiny.column("name", type="text"), tiny.column("made", unit="1"), tiny.column("sold", unit="1")], ["name"])


def test_a_missing_table_is_named_with_the_columns_that_count_and_what_is_missing_behind_it() -> None:
    method = {"threshold": {"value": "sum(goods.made) / limit", "at_least": "4"}}
    inputs = [tiny.number("limit", role="benchmark"), tiny.number("a_rest")]
    made = tiny.programme(inputs=inputs, tables=[TABLE], criteria=required(method, {"threshold": {"value": "a_rest", "at_least": "1"}}))
    best = route(made).at_best
    assert best is not None
    assert [(supply.name, supply.columns, supply.code) for supply in best.supplies] == [
        ("goods", ("made",), "missing_value"),
        ("limit", (), "no_benchmark"),
    ]
    assert [(change.kind, change.item, change.text) for change in best.changes] == [("state", "a_rest", "1")]
    assert supply_sentence(best.supplies[0], made, "zh") == "缺少数据：goods（made）"


def test_at_best_counts_every_item_that_rests_on_the_same_data_as_full() -> None:
    rest = [
        tiny.criterion("a", {"threshold": {"value": "sum(goods.made)", "at_least": "4"}}, points="6", kind="required"),
        tiny.criterion("b", {"threshold": {"value": "sum(goods.sold)", "at_least": "4"}}, points="3"),
        tiny.criterion("c", points="1"),
    ]
    best = route(tiny.programme({"mark": "9"}, tables=[TABLE], criteria=rest)).at_best
    assert best is not None and (best.items, best.changes, best.cost, best.score) == (("a",), (), 0, 9)


def test_beside_what_cannot_be_changed_stands_what_the_rest_would_need() -> None:
    made = tiny.programme(gates=[tiny.gate("lawful"), tiny.gate("safe")], criteria=[tiny.criterion("a")])
    usual = default_costs()
    best = route(made, costs=Costs(usual.unit, usual.kinds, {"lawful": None}), answers={"lawful": "no", "safe": "no"}).at_best
    assert best is not None and (best.items, best.supplies) == (("lawful",), ())
    assert [change.item for change in best.changes] == ["safe"]


def test_where_nothing_can_be_lifted_nothing_is_said() -> None:
    found = cheapest_route(tiny.programme(criteria=[tiny.criterion("a")]), tiny.dossier(), target="11")
    assert found.blocking is not None and found.blocking.conditions == ("beyond_full",) and found.at_best is None
