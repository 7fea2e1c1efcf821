"""Distances to edges: by hand, and against really moving the value."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from engine.advise.cliffs import Cliff, cliffs, mark_distances
from engine.advise.scene import Scene
from engine.ruleset.programme import Programme
from tests.assess import tiny


def found(made: Programme, basis: str = "declared", **parts: Any) -> list[Cliff]:
    return list(cliffs(Scene(made, tiny.dossier(**parts), basis, None)))


def of_method(method: Any, x: str, unit: str = "1", **more: Any) -> list[tuple[str, str, Fraction, Fraction | None, bool]]:
    made = tiny.programme(inputs=[tiny.number("x", unit, **more), tiny.number("y")], criteria=[tiny.criterion("a", method)])
    return [(c.kind, c.direction, c.distance, c.share, c.good) for c in found(made, inputs={"x": x, "y": "4"})]


def test_a_limit_that_is_missed_lies_above_in_unit_and_in_per_cent() -> None:
    # 25 % to 30 %: five points, a fifth of the value
    method = {"threshold": {"value": "x", "at_least": "30 %"}}
    assert of_method(method, "25 %", "%", type="share") == [("at_least", "above", 5, Fraction(1, 5), False)]


def test_a_limit_is_measured_in_the_unit_that_the_value_prints_in() -> None:
    method = {"threshold": {"value": "x", "at_most": "2 t"}}
    assert of_method(method, "1500 kg", "t") == [("at_most", "above", Fraction(1, 2), Fraction(1, 3), True)]


def test_the_next_step_on_either_side_is_given_and_no_other() -> None:
    steps = [{"at": str(i), "points": str(i)} for i in (2, 4, 6, 8)]
    method = {"bands": {"value": "x", "steps": steps}}
    assert set(of_method(method, "5")) == {("step", "below", -1, Fraction(-1, 5), True), ("step", "above", 1, Fraction(1, 5), False)}


def test_a_value_on_its_edge_stands_at_it_and_sees_the_next_ones_too() -> None:
    method = {"bands": {"value": "x", "steps": [{"at": "2", "points": "1"}, {"at": "4", "points": "4"}]}}
    assert [(c[1], c[2]) for c in of_method(method, "4")] == [("at", 0), ("below", -2)]


def test_lead_and_base_stand_on_either_side_of_a_value_between() -> None:
    method = {"interpolate": {"value": "x", "lead": "2", "base": "10", "direction": "down"}}
    assert {(c[0], c[1], c[2], c[4]) for c in of_method(method, "4")} == {("lead", "below", -2, False), ("base", "above", 6, True)}


def test_a_limit_may_be_computed_from_another_value() -> None:
    assert of_method({"threshold": {"value": "x", "less_than": "y / 2"}}, "1") == [("less_than", "above", 1, 1, True)]


def test_a_comparison_inside_a_condition_is_an_edge() -> None:
    assert of_method({"holds": {"value": "x > 3 or y < 1"}}, "2")[0] == ("more_than", "above", 1, Fraction(1, 2), False)


def test_a_condition_over_rows_has_no_single_edge() -> None:
    made = tiny.programme(
        inputs=[],
        tables=[tiny.table("t", [tiny.column("k", type="text"), tiny.column("v")], ["k"])],
        criteria=[tiny.criterion("a", {"holds": {"value": "all(t.v > 3)"}})],
    )
    assert found(made, tables={"t": tiny.rows({"k": "one", "v": "5"})}) == []


def test_a_missing_value_has_no_distance() -> None:
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion("a", {"threshold": {"value": "x", "at_least": "3"}})])
    assert found(made) == []


def test_a_zero_has_a_distance_but_no_per_cent() -> None:
    assert of_method({"threshold": {"value": "x", "at_least": "3"}}, "0") == [("at_least", "above", 3, None, False)]


def test_the_total_is_ahead_of_one_mark_and_short_of_another_while_things_are_open() -> None:
    tiers = [{"tier": "gold", "title": tiny.words("gold"), "mark": {"value": "18", "source": tiny.SEEN}}]
    made = tiny.programme({"mark": "10", "tiers": tiers}, criteria=[tiny.criterion("a", points="12"), tiny.criterion("b", points="8")])
    scene = Scene(made, tiny.dossier(answers={"a": "yes"}), "declared", None)
    ahead = [(mark.kind, mark.name, mark.ahead) for mark in mark_distances(scene.now, made)]
    assert ahead == [("mark", "", tiny.interval(2, 10)), ("tier", "gold", tiny.interval(-6, 2))]


@pytest.mark.parametrize("seed", range(40))
def test_between_the_next_edges_nothing_turns_and_beyond_them_it_does(seed: int) -> None:
    random = Random(seed)
    limits = sorted(random.sample(range(2, 40), 3))
    value = Fraction(random.randint(10, 420), 10)
    method: Any = random.choice(
        [
            {"bands": {"value": "x", "steps": [{"at": str(at), "points": str(i + 1)} for i, at in enumerate(limits)]}},
            {"threshold": {"value": "x", "at_least": str(limits[0]), "less_than": str(limits[2])}},
            {"threshold": {"value": "x", random.choice(["more_than", "at_most"]): str(limits[1])}},
        ]
    )
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method)])

    def verdict(x: Fraction) -> Any:
        result = tiny.item(tiny.assess(made, inputs={"x": str(float(x))}), "a")
        return result.status, result.points

    now = verdict(value)
    sides = {cliff.direction: cliff.distance for cliff in found(made, inputs={"x": str(float(value))})}
    if "at" in sides:
        return
    hair = Fraction(1, 1000)
    for direction, far, sign in (("below", Fraction(1), -1), ("above", Fraction(60), 1)):
        if direction in sides:
            edge = value + sides[direction]
            for _ in range(5):
                assert verdict(value + (edge - value) * Fraction(random.randint(0, 99), 100)) == now
            assert verdict(edge + sign * hair) != now
        else:
            for _ in range(5):
                assert verdict(value + (far - value) * Fraction(random.randint(0, 100), 100)) == now
