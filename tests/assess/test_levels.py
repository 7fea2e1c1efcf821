"""Levels: indices from weights and memberships, limiting items, what does not apply, what is open, and the order of decision."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.gaps import gaps
from engine.assess.membership import may_decide
from engine.assess.results import Assessment, LevelResult
from engine.problems import Refused
from engine.ruleset.programme import Programme
from tests.assess.tiny import SEEN, Data, assess, criterion, dimension, interval, item, number, programme, words

LINES = [
    {"outcome": "not_eligible", "any_of": ["gate_not_met", "veto"]},
    {"outcome": "fails", "any_of": ["required_not_met", "below_levels"]},
    {"outcome": "incomplete", "any_of": ["gate_open", "veto_open", "required_open", "level_open"]},
    {"outcome": "eligible", "any_of": ["at_level"]},
]
MARKS = {"I": "85", "II": "85", "III": "100"}
VALUES = {"I": "95", "II": "85", "III": "75", "": "5"}
"""A value that reaches just this level."""


def levels(**marks: str | None) -> list[Data]:
    return [{"level": name, "title": words(name), "index": mark} for name, mark in (marks or MARKS).items()]


def ladder(value: str) -> Data:
    limits = (("I", "90"), ("II", "80"), ("III", "70"))
    return {"membership": {"value": value, "direction": "up", "levels": [{"level": name, "limit": limit} for name, limit in limits]}}


def indicator(name: str, dimension_name: str, weight: str | None, **more: Any) -> Data:
    method = more.pop("method", None) or ladder(name)
    parts = {"dimension": dimension_name, "kind": "scored", "weight": weight, "na_allowed": True, **more}
    return criterion(f"{dimension_name}.{name}", method, "0", **parts)


def plant(
    weights: dict[str, dict[str, str | None]],
    classes: dict[str, str | None],
    limiting: tuple[str, ...] = (),
    policy: str = "renormalise",
    groups: dict[str, str] | None = None,
    marks: list[Data] | None = None,
) -> Programme:
    """A standard with measured indicators ``class -> name -> weight``."""
    names = [name for members in weights.values() for name in members]
    return programme(
        {"determination": LINES, "class_policy": {"value": policy, "source": {"basis": "policy"}}},
        aggregate="membership",
        levels=marks or levels(),
        inputs=[number(name) for name in names],
        dimensions=[dimension(name, weight=weight) for name, weight in classes.items()],
        criteria=[
            indicator(name, where, weight, limiting=name in limiting, group=(groups or {}).get(name))
            for where, members in weights.items()
            for name, weight in members.items()
        ],
    )


def run(made: Programme, answers: dict[str, Any] | None = None, /, **reached: str | None) -> Assessment:
    """Assess with each indicator reaching the level given for it; None leaves it out."""
    return assess(made, inputs={name: VALUES[level] for name, level in reached.items() if level is not None}, answers=answers or {})


def na(made: Programme, *names: str) -> dict[str, Any]:
    whole = {name.rpartition(".")[2]: name for name in made.criteria}
    return {whole[name]: {"declared": "not_applicable", "reason": "none here"} for name in names}


def level(result: Assessment, name: str) -> LevelResult:
    return next(found for found in result.levels if found.level == name)


def indices(result: Assessment) -> list[Fraction]:
    assert all(found.index.is_point for found in result.levels)
    return [found.index.low for found in result.levels]


def conclusion(result: Assessment) -> tuple[str, str | None, bool]:
    return result.determination.outcome, result.determination.tier, result.determination.settled


ONE_CLASS = plant({"d": {"a": "0.85", "b": "0.15"}}, {"d": "1"})
TWO = plant({"p": {"a": "0.4", "b": "0.6"}, "q": {"c": "1"}}, {"p": "0.7", "q": "0.3"})
LIMITED = plant({"d": {"a": "0.9", "b": "0.1"}}, {"d": "1"}, limiting=("b",))


# --- the index ---


def test_the_index_is_the_weighted_sum_of_what_reaches_a_level() -> None:
    # I: 0.7*0.4 = 28; II: 28 + 0.3*1 = 58; III: everything
    assert indices(run(TWO, a="I", b="III", c="II")) == [28, 58, 100]


def test_membership_counts_downwards() -> None:
    assert indices(run(TWO, a="I", b="I", c="I")) == [100, 100, 100]


def test_indices_of_dimensions_stand_beside_the_total() -> None:
    result = run(TWO, a="I", b="III", c="II")
    assert dict(level(result, "II").dimensions) == {"p": interval(40, 40), "q": interval(100, 100)}


def test_the_score_is_the_index_of_the_level_reached_and_its_dimensions_add_up_to_it() -> None:
    result = run(TWO, a="II", b="II", c="I")
    assert conclusion(result) == ("eligible", "II", True)
    assert (result.score, result.mark, result.score_max) == (interval(100, 100), 85, 100)
    assert [(d.contribution, d.max) for d in result.dimensions] == [(interval(70, 70), 70), (interval(30, 30), 30)]


def test_items_carry_their_share_of_the_whole() -> None:
    result = run(TWO, a="I", b="I", c="I")
    assert {c.id: c.weight for c in result.criteria} == {"p.a": Fraction("0.28"), "p.b": Fraction("0.42"), "q.c": Fraction("0.3")}


def test_conformity_stands_for_every_level() -> None:
    made = programme(
        {"determination": LINES, "class_policy": {"value": "keep", "source": SEEN}},
        aggregate="membership",
        levels=levels(),
        inputs=[number("a")],
        dimensions=[dimension("d", weight="1")],
        criteria=[indicator("a", "d", "0.5"), indicator("b", "d", "0.5", method="conform")],
    )
    assert indices(assess(made, inputs={"a": "75"}, answers={"d.b": "yes"})) == [50, 50, 100]
    assert indices(assess(made, inputs={"a": "75"}, answers={"d.b": "no"})) == [0, 0, 50]


# --- levels by conditions ---

CONDITIONS = {
    "membership": {
        "levels": [
            {"level": "I", "when": "filtered and x >= 70"},
            {"level": "II", "when": "filtered and x >= 50"},
            {"level": "III", "when": "filtered"},
        ]
    }
}


def by_condition(**inputs: str) -> Assessment:
    made = programme(
        {"determination": LINES, "class_policy": {"value": "keep", "source": SEEN}},
        aggregate="membership",
        levels=levels(),
        inputs=[number("x"), number("filtered", type="yes_no")],
        dimensions=[dimension("d", weight="1")],
        criteria=[indicator("it", "d", "1", method=CONDITIONS)],
    )
    return assess(made, inputs=inputs)


@pytest.mark.parametrize(
    ("x", "filtered", "reached", "reason"),
    [
        ("70", "yes", "I", "level_fulfilled"),
        ("69.999", "yes", "II", "level_fulfilled"),
        ("50", "yes", "II", "level_fulfilled"),
        ("49.999", "yes", "III", "level_fulfilled"),
        ("100", "no", "", "no_level_fulfilled"),
    ],
)
def test_the_best_level_whose_condition_holds_counts(x: str, filtered: str, reached: str, reason: str) -> None:
    result = item(by_condition(x=x, filtered=filtered), "d.it")
    assert (result.level, result.reason.code) == (reached, reason)


def test_an_open_condition_leaves_between_what_is_certain_and_what_may_be() -> None:
    result = by_condition(filtered="yes")
    assert item(result, "d.it").points == interval(1, 3)
    assert [found.index for found in result.levels] == [interval(0, 100), interval(0, 100), interval(100, 100)]
    assert conclusion(result) == ("eligible", "III", False)
    assert conclusion(by_condition(filtered="no")) == ("fails", None, True)


# --- the order of decision ---


def test_85_is_reached_exactly() -> None:
    result = run(ONE_CLASS, a="I", b="II")
    assert indices(result)[0] == 85
    assert conclusion(result) == ("eligible", "I", True)


def test_just_below_85_is_not() -> None:
    made = plant({"d": {"a": "0.849999", "b": "0.150001"}}, {"d": "1"})
    assert conclusion(run(made, a="I", b="II")) == ("eligible", "II", True)


def test_thirds_of_a_weight_make_exactly_85() -> None:
    made = plant({"d": {"a": "0.55/3", "b": "0.55/3", "c": "0.55/3", "e": "0.3", "f": "0.15"}}, {"d": "1"})
    assert indices(run(made, a="I", b="I", c="I", e="I", f="III"))[0] == 85


def test_level_three_takes_everything() -> None:
    assert conclusion(run(ONE_CLASS, a="III", b="III")) == ("eligible", "III", True)
    made = plant({"d": {"a": "0.2", "b": "0.8"}}, {"d": "1"})
    result = run(made, a="", b="III")
    assert indices(result) == [0, 0, 80]
    assert conclusion(result) == ("fails", None, True)
    assert [reason.code for reason in result.determination.reasons] == ["below_levels"]


def test_level_two_needs_no_level_three_index_of_100() -> None:
    result = run(ONE_CLASS, a="II", b="")
    assert indices(result) == [0, 85, 85]
    assert conclusion(result) == ("eligible", "II", True)
    assert not level(result, "III").reached


def test_a_limiting_item_at_three_bars_two_at_an_index_of_90() -> None:
    result = run(LIMITED, a="I", b="III")
    assert indices(result) == [90, 90, 100]
    assert conclusion(result) == ("eligible", "III", True)
    assert [found.barred_by for found in result.levels] == [("d.b",), ("d.b",), ()]


def test_a_limiting_item_at_two_leaves_two() -> None:
    result = run(LIMITED, a="I", b="II")
    assert (conclusion(result), level(result, "I").barred_by) == (("eligible", "II", True), ("d.b",))


def test_a_limiting_item_below_every_level_bars_all() -> None:
    result = run(LIMITED, a="I", b="")
    assert conclusion(result) == ("fails", None, True)
    assert [reason.code for reason in result.determination.reasons] == ["levels_barred"]


def test_an_item_that_is_not_limiting_bars_nothing() -> None:
    result = run(LIMITED, a="", b="I")
    assert [found.barred_by for found in result.levels] == [(), (), ()]
    assert conclusion(result) == ("fails", None, True)


def test_a_floor_asks_every_other_item_for_a_lower_level() -> None:
    marks = levels()
    marks[0]["floor"] = "II"
    made = plant({"d": {"a": "0.9", "b": "0.1"}}, {"d": "1"}, marks=marks)
    assert conclusion(run(made, a="I", b="II")) == ("eligible", "I", True)
    result = run(made, a="I", b="III")
    assert (conclusion(result), level(result, "I").barred_by) == (("eligible", "II", True), ("d.b",))


# --- what does not apply ---


def test_weights_go_to_the_others_of_the_class_only() -> None:
    result = run(TWO, na(TWO, "b"), a="II", c="III")
    assert indices(result) == [0, 70, 100]
    assert {c.id: c.weight for c in result.criteria} == {"p.a": Fraction("0.7"), "p.b": None, "q.c": Fraction("0.3")}


def test_a_class_that_does_not_apply_hands_its_weight_on() -> None:
    result = run(TWO, na(TWO, "c"), a="II", b="III")
    assert indices(result) == [0, 40, 100]
    assert conclusion(result) == ("eligible", "III", True)
    assert [figure.text for figure in result.policies if figure.name == "class_policy"] == ["renormalise"]


def test_a_class_that_does_not_apply_may_keep_its_weight() -> None:
    made = plant({"p": {"a": "0.4", "b": "0.6"}, "q": {"c": "1"}}, {"p": "0.9", "q": "0.1"}, policy="keep")
    result = run(made, na(made, "c"), a="II", b="II")
    assert indices(result) == [0, 90, 90]
    assert conclusion(result) == ("eligible", "II", True)
    assert result.score_max == 90
    assert [figure.text for figure in result.policies if figure.name == "class_policy"] == ["keep"]
    assert conclusion(run(made, na(made, "c"), a="III", b="III")) == ("fails", None, True)


def test_a_policy_that_did_not_act_is_not_reported() -> None:
    assert [figure.name for figure in run(TWO, na(TWO, "b"), a="II", c="III").policies] == ["index[I]", "index[II]", "index[III]"]


def test_a_limiting_item_that_does_not_apply_bars_nothing() -> None:
    assert conclusion(run(LIMITED, na(LIMITED, "b"), a="I")) == ("eligible", "I", True)


def test_nothing_applies_at_all() -> None:
    result = run(ONE_CLASS, na(ONE_CLASS, "a", "b"))
    assert (indices(result), conclusion(result)) == ([0, 0, 0], ("fails", None, True))


# --- weights by number ---

METALS = plant(
    {"d": {"zinc": "0.8/n", "copper": "0.8/n", "nickel": "0.8/n", "reuse": "0.2"}},
    {"d": "1"},
    groups=dict.fromkeys(("zinc", "copper", "nickel"), "metals"),
)


@pytest.mark.parametrize(
    ("metals", "first"),
    [
        ({"zinc": "I", "copper": "I", "nickel": "III"}, Fraction(160, 3)),
        ({"zinc": "I", "copper": "II", "nickel": None}, Fraction(40)),
        ({"zinc": "I", "copper": None, "nickel": None}, Fraction(80)),
    ],
)
def test_a_group_shares_its_weight_by_how_many_apply(metals: dict[str, str | None], first: Fraction) -> None:
    gone = na(METALS, *(name for name, reached in metals.items() if reached is None))
    assert indices(run(METALS, gone, **metals, reuse="II"))[0] == first


def test_without_any_of_the_group_the_rest_takes_its_weight() -> None:
    assert indices(run(METALS, na(METALS, "zinc", "copper", "nickel"), reuse="II")) == [0, 100, 100]


def test_shares_of_output_weigh() -> None:
    made = programme(
        {"determination": LINES, "class_policy": {"value": "keep", "source": SEEN}},
        aggregate="membership",
        levels=levels(),
        inputs=[number(name) for name in ("a", "b", "out_a", "out_b")],
        dimensions=[dimension("d", weight="1")],
        criteria=[indicator("a", "d", "out_a / (out_a + out_b)"), indicator("b", "d", "out_b / (out_a + out_b)")],
    )
    result = assess(made, inputs={"a": "95", "b": "75", "out_a": "1", "out_b": "2"})
    assert indices(result) == [Fraction(100, 3), Fraction(100, 3), 100]
    unknown = assess(made, inputs={"a": "95", "b": "75", "out_a": "1"})
    assert [found.index for found in unknown.levels] == [interval(0, 100), interval(0, 100), interval(100, 100)]
    assert [c.weight for c in unknown.criteria] == [None, None]


# --- what is open ---


def test_what_is_open_lies_between_no_level_and_the_first() -> None:
    result = run(ONE_CLASS, a="II", b=None)
    assert [found.index for found in result.levels] == [interval(0, 15), interval(85, 100), interval(85, 100)]
    assert conclusion(result) == ("eligible", "II", True)


def test_an_open_item_leaves_the_level_open() -> None:
    result = run(TWO, a="I", b=None, c="I")
    assert conclusion(result) == ("incomplete", None, False)
    assert [reason.code for reason in result.determination.reasons] == ["level_open"]
    assert (level(result, "I").reached, level(result, "I").possible) == (False, True)


def test_a_better_level_may_still_be_open() -> None:
    made = plant({"d": {"a": "0.8", "b": "0.2"}}, {"d": "1"}, limiting=("b",))
    assert conclusion(run(made, a="III", b=None)) == ("incomplete", None, False)
    result = run(ONE_CLASS, a=None, b="")
    assert (conclusion(result), level(result, "I").possible) == (("incomplete", None, False), True)
    assert conclusion(run(plant({"d": {"a": "0.84", "b": "0.16"}}, {"d": "1"}), a=None, b="")) == ("fails", None, True)


def test_an_open_limiting_item_leaves_its_levels_open() -> None:
    result = run(LIMITED, a="I", b=None)
    assert [(found.reached, found.possible, found.open_by) for found in result.levels] == [(False, True, ("d.b",))] * 3
    assert [reason.code for reason in result.determination.reasons] == ["levels_open_by"]


def test_a_broken_limiting_item_settles_what_others_leave_open() -> None:
    assert conclusion(run(LIMITED, a=None, b="")) == ("fails", None, True)


def test_the_worths_of_gaps_add_up_to_the_width_of_the_score() -> None:
    result = run(TWO, a=None, b="II", c=None)
    worths = {gap.id: gap.worth for gap in gaps(result, TWO)}
    assert worths == {"p.a": 28, "q.c": 30}
    assert result.score == interval(42, 100)


# --- unknown figures ---


def test_without_all_weights_there_is_no_index() -> None:
    made = plant({"d": {"a": None, "b": None}}, {"d": None}, limiting=("b",))
    result = run(made, a="I", b="I")
    assert [found.index for found in result.levels] == [interval(0, 100)] * 3
    assert conclusion(result) == ("incomplete", None, False)
    assert [c.level for c in result.criteria] == ["I", "I"]
    assert conclusion(run(made, a="I", b="")) == ("fails", None, True)


def test_a_level_with_an_unknown_mark_is_never_reached() -> None:
    made = plant({"d": {"a": "1"}}, {"d": "1"}, marks=levels(I=None, II="85", III="100"))
    result = run(made, a="I")
    assert conclusion(result) == ("eligible", "II", False)
    assert not level(result, "I").reached and level(result, "I").possible


# --- laws ---

REACHED = st.sampled_from(["I", "II", "III", "", None])
FIVE = plant(
    {"p": {"a": "0.4/n", "b": "0.4/n", "c": "0.6"}, "q": {"e": "0.7", "f": "0.3"}},
    {"p": "0.55", "q": "0.45"},
    limiting=("c", "f"),
    groups={"a": "g", "b": "g"},
)
STATES = st.fixed_dictionaries(dict.fromkeys("abcef", REACHED))
ORDER = ["I", "II", "III", None]


@settings(max_examples=60, deadline=None)
@given(states=STATES, gone=st.sets(st.sampled_from("abcef")))
def test_indices_are_bounded_and_rise_towards_lower_levels(states: dict[str, str | None], gone: set[str]) -> None:
    result = run(FIVE, na(FIVE, *gone), **{name: reached for name, reached in states.items() if name not in gone})
    for found in result.levels:
        assert found.index.high is not None
        assert 0 <= found.index.low <= found.index.high <= 100
        assert found.possible or not found.reached
    for better, worse in pairwise(result.levels):
        assert better.index.low <= worse.index.low and better.index.high <= worse.index.high
        assert set(worse.barred_by) <= set(better.barred_by)


@settings(max_examples=60, deadline=None)
@given(states=STATES, name=st.sampled_from("abcef"), closing=st.sampled_from(["I", "II", "III", "", "na"]))
def test_what_becomes_known_stays_within_what_was_open(states: dict[str, str | None], name: str, closing: str) -> None:
    before = run(FIVE, **{**states, name: None})
    gone = na(FIVE, name) if closing == "na" else {}
    after = run(FIVE, gone, **{**states, name: None if gone else closing})
    for wide, narrow in zip(before.levels, after.levels, strict=True):
        assert wide.index.low <= narrow.index.low and narrow.index.high <= wide.index.high
        assert narrow.reached or not wide.reached
        assert wide.possible or not narrow.possible
    if before.determination.settled:
        assert (after.determination.outcome, after.determination.tier) == (before.determination.outcome, before.determination.tier)


@settings(max_examples=60, deadline=None)
@given(states=st.fixed_dictionaries(dict.fromkeys("abcef", st.sampled_from(["I", "II", "III", ""]))), name=st.sampled_from("abcef"))
def test_a_better_value_never_harms(states: dict[str, str], name: str) -> None:
    ladder_up = ["", "III", "II", "I"]
    better = {**states, name: ladder_up[min(3, ladder_up.index(states[name]) + 1)]}
    first, second = run(FIVE, **states), run(FIVE, **better)
    assert all(one <= two for one, two in zip(indices(first), indices(second), strict=True))
    assert ORDER.index(second.determination.tier) <= ORDER.index(first.determination.tier)


def test_the_order_of_items_does_not_matter() -> None:
    weights = {"p": {"a": "0.4", "b": "0.6"}, "q": {"c": "1"}}
    turned = {"q": {"c": "1"}, "p": {"b": "0.6", "a": "0.4"}}
    one = run(plant(weights, {"p": "0.7", "q": "0.3"}), a="I", b="III", c="II")
    two = run(plant(turned, {"q": "0.3", "p": "0.7"}), c="II", b="III", a="I")
    assert indices(one) == indices(two)
    assert conclusion(one) == conclusion(two)


# --- what the linter refuses ---


def refused(**more: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        plant(**{"weights": {"d": {"a": "0.5", "b": "0.5"}}, "classes": {"d": "1"}, **more})
    return [problem.code for problem in caught.value.problems if problem.severity.value == "error"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"classes": {"d": "0.9"}}, "index_weights_sum"),
        ({"classes": {"d": "1.1"}}, "index_weights_sum"),
        ({"weights": {"d": {"a": "0.5", "b": "0.4"}}}, "class_weights_sum"),
        ({"weights": {"d": {"a": "0.8/n", "b": "0.1"}}, "groups": {"a": "g"}}, "class_weights_sum"),
        ({"weights": {"d": {"a": "0.5", "b": "0.5"}}, "groups": {"a": "g", "b": "g"}}, "class_weights_sum"),
        ({"weights": {"d": {"a": "1/n", "b": "1/n"}}}, "weight_needs_group"),
        ({"weights": {"d": {"a": "a/b", "b": "b/a"}}}, "class_weights_sum"),
        ({"policy": "forget"}, "class_policy_unknown"),
        ({"marks": levels(I="101", II="85", III="100")}, "level_unreachable"),
        ({"marks": [*levels(), *levels(III="100")]}, "level_twice"),
        ({"marks": [{**levels()[0], "floor": "IV"}, *levels()[1:]]}, "level_unknown"),
        ({"marks": levels(A="85", B="85", C="100")}, "levels_differ"),
    ],
)
def test_a_table_that_is_not_sound_is_refused(more: dict[str, Any], code: str) -> None:
    assert code in refused(**more)


@settings(max_examples=40, deadline=None)
@given(states=STATES)
def test_every_completion_of_what_is_open_lies_inside_the_score(states: dict[str, str | None]) -> None:
    missing = [name for name, state in states.items() if state is None]
    low, high = run(FIVE, **states).score
    ways = ({**states, **dict(zip(missing, way, strict=True))} for way in product(("I", "II", "III", ""), repeat=len(missing)))
    scores = [run(FIVE, **way).score.low for way in ways]
    assert max(scores) == high
    # a level that is still open has at least its mark once it is reached, and no sum of weights need come to that exactly
    assert low <= min(scores) and (low == min(scores) or low == 85)


def test_the_score_is_the_index_of_whichever_level_may_decide() -> None:
    made = plant({"d": {"a": "0.9", "b": "0.1"}}, {"d": "1"}, limiting=("b",))
    # b at I: level I with 90 or 100; at II or III: that level; not at all: level III is not reached, with 90
    result = run(made, a="I", b=None)
    assert result.score == interval(90, 100)
    assert [found.level for found in may_decide(result.levels)] == ["I", "II", "III"]
    settled = run(made, a="I", b="II")
    assert [found.level for found in may_decide(settled.levels)] == ["II"]
