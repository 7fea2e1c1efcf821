from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assess.gaps import Gap, gaps
from tests.assess import tiny

ASKED = [tiny.words("a document")]


def found(programme: tiny.Programme, **given: str) -> list[Gap]:
    return list(gaps(tiny.assess(programme, answers=given), programme))


def worths(programme: tiny.Programme, **given: str) -> dict[str, Fraction | None]:
    return {gap.id: gap.worth for gap in found(programme, **given)}


def test_an_open_criterion_is_worth_its_points_where_points_are_summed() -> None:
    programme = tiny.programme(criteria=[tiny.criterion("a", points="4"), tiny.criterion("b", points="6")])
    assert worths(programme, a="yes") == {"b": 6}


def test_worth_is_what_the_points_weigh_in_the_total() -> None:
    weighted = {
        "aggregate": "weighted",
        "dimensions": [tiny.dimension("d", weight="20"), tiny.dimension("e", weight="80")],
        "criteria": [
            tiny.criterion("a", points="10"),
            tiny.criterion("b", points="30"),
            tiny.criterion("c", points="5", dimension="e"),
        ],
    }
    # 20/40 of a point for each raw point of d, 80/5 = 16 for each of e
    assert worths(tiny.programme(**weighted)) == {"c": 80, "b": 15, "a": 5}


def test_worth_grows_when_others_do_not_apply_and_the_rest_is_stretched() -> None:
    criteria = [tiny.criterion("a", points="5", na_allowed=True), tiny.criterion("b", points="5")]
    programme = tiny.programme(criteria=criteria)
    result = tiny.assess(programme, answers={"a": {"declared": "not_applicable", "reason": "no such thing"}})
    assert [(gap.id, gap.worth) for gap in gaps(result, programme)] == [("b", 10)]


@pytest.mark.parametrize("policy", ["full_marks", "zero"])
def test_worth_stays_where_the_rest_is_not_stretched(policy: str) -> None:
    criteria = [tiny.criterion("a", points="5", na_allowed=True), tiny.criterion("b", points="5")]
    programme = tiny.programme({"na_policy": {"value": policy, "source": tiny.SEEN}}, criteria=criteria)
    result = tiny.assess(programme, answers={"a": {"declared": "not_applicable", "reason": "no such thing"}})
    assert [(gap.id, gap.worth) for gap in gaps(result, programme)] == [("b", 5)]


def test_gates_come_first_and_are_worth_no_points_but_block() -> None:
    programme = tiny.programme(gates=[tiny.gate("g")], criteria=[tiny.criterion("a", points="4")])
    assert [(gap.id, gap.kind, gap.worth, gap.blocks) for gap in found(programme)] == [("g", "gate", 0, True), ("a", "optional", 4, False)]


def test_the_dearest_comes_first_and_among_equals_what_is_required() -> None:
    criteria = [
        tiny.criterion("small", points="1"),
        tiny.criterion("free", points="3"),
        tiny.criterion("bound", points="3", kind="required"),
    ]
    assert [gap.id for gap in found(tiny.programme(criteria=criteria))] == ["bound", "free", "small"]


def test_what_nothing_bounds_has_no_worth_and_leads() -> None:
    ratio = {"ratio": {"value": "x", "reference": "y", "direction": "up", "cap": None}}
    programme = tiny.programme(
        inputs=[tiny.number("x"), tiny.number("y")], criteria=[tiny.criterion("it", ratio, "1"), tiny.criterion("a", points="9")]
    )
    assert [(gap.id, gap.worth) for gap in found(programme)] == [("it", None), ("a", 9)]


def test_an_open_criterion_without_points_is_worth_nothing() -> None:
    programme = tiny.programme(criteria=[tiny.criterion("none", points="0"), tiny.criterion("a", points="9")])
    assert worths(programme, a="no") == {"none": 0}


def test_a_group_stands_for_its_members() -> None:
    members = [tiny.criterion(name, points="4") for name in ("a", "b")]
    group = tiny.criterion("group", {"choose": {"n": 1, "of": ["a", "b"]}}, "4")
    assert worths(tiny.programme(criteria=[*members, group])) == {"group": 4}


def test_what_is_settled_is_no_gap() -> None:
    programme = tiny.programme(gates=[tiny.gate("g")], criteria=[tiny.criterion("a"), tiny.criterion("b")])
    assert found(programme, g="no", a="yes", b="no") == []


def test_a_gap_gives_the_reason_of_its_item() -> None:
    programme = tiny.programme(criteria=[tiny.criterion("a", evidence=ASKED)])
    assert [gap.reason.code for gap in found(programme, a="yes")] == ["missing_evidence"]


ANSWERS = st.sampled_from([None, "yes", "no"])


@given(
    points=st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["d", "e"]), ANSWERS, st.booleans()), min_size=1, max_size=7),
    aggregate=st.sampled_from(["sum", "mean", "index"]),
    policy=st.sampled_from(["renormalise", "full_marks", "zero"]),
)
def test_worths_add_up_to_the_width_of_the_score(points: list[tuple[int, str, str | None, bool]], aggregate: str, policy: str) -> None:
    names = [f"c{i}" for i in range(len(points))]
    criteria = [
        tiny.criterion(name, points=str(most), dimension=where, na_allowed=True)
        for name, (most, where, _, _) in zip(names, points, strict=True)
    ]
    programme = tiny.programme(
        {"na_policy": {"value": policy, "source": tiny.SEEN}},
        aggregate=aggregate,
        dimensions=[tiny.dimension("d"), tiny.dimension("e")],
        criteria=criteria,
    )
    answers = {}
    for name, (_, _, answer, absent) in zip(names, points, strict=True):
        if absent:
            answers[name] = {"declared": "not_applicable", "reason": "none"}
        elif answer:
            answers[name] = {"declared": answer}
    result = tiny.assess(programme, answers=answers)
    assert result.score.high is not None
    assert sum((gap.worth or Fraction(0) for gap in gaps(result, programme)), Fraction(0)) == result.score.high - result.score.low
