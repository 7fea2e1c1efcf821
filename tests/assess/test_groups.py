"""Groups of criteria: all of them, k of them, and the n that count."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import CriterionResult, Names
from engine.problems import Refused
from tests.assess.tiny import assess, criterion, exactly, interval, item, number, programme, rows, verdict

MEMBERS = ("d.a", "d.b", "d.c")
TOKEN = {"y": "yes", "n": "no", "x": "not_applicable"}


def group(method: Any, answers: str, points: str = "10", **more: Any) -> CriterionResult:
    """A group over three yes-or-no items; ``answers`` is a letter each: y, n, x (not applicable) or ? (open)."""
    members = [criterion(name, points="1", na_allowed=True) for name in MEMBERS]
    made = programme(criteria=[*members, criterion("it", method, points, **more)])
    given = {name: {"declared": TOKEN[letter], "reason": "无"} for name, letter in zip(MEMBERS, answers, strict=True) if letter != "?"}
    return item(assess(made, answers=given))


def params(result: CriterionResult) -> dict[str, Any]:
    return dict(result.reason.params)


ALL = {"all": {"of": list(MEMBERS)}}
TWO = {"k_of": {"k": 2, "of": list(MEMBERS)}}


@pytest.mark.parametrize(
    ("answers", "expected", "points"),
    [
        ("yyy", ("met", "group_met"), (10, 10)),
        ("yyn", ("not_met", "group_not_met"), (0, 0)),
        ("yy?", ("undetermined", "group_open"), (0, 10)),
        ("yn?", ("not_met", "group_not_met"), (0, 0)),  # one that is missed decides alone
        ("yyx", ("met", "group_met"), (10, 10)),  # what does not apply is left out
        ("xxn", ("not_met", "group_not_met"), (0, 0)),
        ("xxx", ("not_applicable", "group_not_applicable"), (0, 0)),
    ],
)
def test_all(answers: str, expected: Any, points: tuple[int, int]) -> None:
    result = group(ALL, answers)
    assert (verdict(result), result.points) == (expected, interval(*points))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("yyy", ("met", "group_met")),
        ("yny", ("met", "group_met")),
        ("ynn", ("not_met", "group_not_met")),
        ("yy?", ("met", "group_met")),  # enough are met, whatever the third is
        ("yn?", ("undetermined", "group_open")),
        ("nn?", ("not_met", "group_not_met")),
        ("y??", ("undetermined", "group_open")),
        ("yxx", ("met", "group_met")),  # of one that applies, one is enough
        ("nxx", ("not_met", "group_not_met")),
        ("xxx", ("not_applicable", "group_not_applicable")),
    ],
)
def test_k_of(answers: str, expected: Any) -> None:
    assert verdict(group(TWO, answers)) == expected


def test_a_group_says_how_many_it_needs_and_whom_it_waits_for() -> None:
    assert params(group(TWO, "yn?")) == {"needed": 2, "count": 1, "names": Names(("d.c",))}
    assert params(group(TWO, "ynn")) == {"needed": 2, "count": 1, "names": Names(("d.b", "d.c"))}
    assert params(group(ALL, "yyx")) == {"needed": 2, "count": 2, "names": Names(("d.a", "d.b"))}


def test_a_graded_member_counts_as_met_with_all_its_points_only() -> None:
    graded = criterion("d.a", {"bands": {"value": "x", "start": "1", "full": "2"}}, "4")
    made = programme(inputs=[number("x")], criteria=[graded, criterion("it", {"all": {"of": ["d.a"]}})])
    assert [verdict(item(assess(made, inputs={"x": value})))[0] for value in ("2", "1.9")] == ["met", "not_met"]


def test_a_group_of_groups() -> None:
    members = [criterion(name, points="1") for name in MEMBERS]
    inner = criterion("d.inner", {"k_of": {"k": 1, "of": ["d.a", "d.b"]}}, "1")
    made = programme(criteria=[*members, inner, criterion("it", {"all": {"of": ["d.inner", "d.c"]}})])
    assert verdict(item(assess(made, answers={"d.b": "yes", "d.c": "yes"}))) == ("met", "group_met")
    assert verdict(item(assess(made, answers={"d.b": "yes"}))) == ("undetermined", "group_open")


# --- choose ---

SHARES = [number(name) for name in ("a", "b", "c")]


def choose(n: int, named: str = "", points: str | None = None, cap: str | None = "1", **shares: str) -> CriterionResult:
    """A group that counts n of three ratios to 10, each worth 10 points: a share of 7 earns 7."""
    members = [criterion(f"d.{name}", {"ratio": {"value": name, "reference": "10", "direction": "up", "cap": cap}}) for name in "abc"]
    group = criterion("it", {"choose": {"n": n, "of": list(MEMBERS)}}, points or str(10 * n))
    made = programme(inputs=SHARES, criteria=[*members, group])
    return item(assess(made, inputs=shares, answers={"it": named} if named else {}))


def test_the_best_count() -> None:
    result = choose(2, a="3", b="9", c="5")
    assert verdict(result) == ("scored", "chosen_best")
    assert result.points == exactly(14)
    assert params(result) == {"names": Names(("d.b", "d.c")), "points": 14, "max": 20}


def test_of_equals_the_earlier_counts() -> None:
    assert params(choose(2, a="5", b="5", c="5"))["names"] == ("d.a", "d.b")


def test_the_named_count_though_others_are_better() -> None:
    result = choose(2, "d.a, d.c", a="3", b="9", c="5")
    assert verdict(result) == ("scored", "chosen")
    assert result.points == exactly(8)
    assert params(result)["names"] == ("d.a", "d.c")


def test_if_fewer_are_named_the_best_of_the_rest_fill_up() -> None:
    result = choose(2, "d.a", a="3", b="9", c="5")
    assert verdict(result) == ("scored", "chosen_filled")
    assert result.points == exactly(12)
    assert params(result)["names"] == ("d.a", "d.b")
    assert params(result)["filled"] == ("d.b",)


def test_where_as_many_apply_as_count_there_is_no_choice() -> None:
    members = [criterion(name, points="1", na_allowed=True) for name in MEMBERS]
    made = programme(criteria=[*members, criterion("it", {"choose": {"n": 2, "of": list(MEMBERS)}}, "2")])
    given = {"d.a": "yes", "d.b": {"declared": "not_applicable", "reason": "无"}, "d.c": "yes"}
    assert verdict(item(assess(made, answers=given))) == ("scored", "chosen")


def test_members_may_be_named_by_their_printed_numbers() -> None:
    members = [criterion(name, points="1", number=f"N-{i}") for i, name in enumerate(MEMBERS)]
    made = programme(criteria=[*members, criterion("it", {"choose": {"n": 1, "of": list(MEMBERS)}}, "1")])
    result = item(assess(made, answers={"it": "n-1", "d.a": "yes", "d.b": "no", "d.c": "yes"}))
    assert (params(result)["names"], result.points) == (("d.b",), exactly(0))


def test_a_named_one_without_a_value_is_not_replaced() -> None:
    result = choose(1, "d.a", b="9", c="5")
    assert verdict(result) == ("undetermined", "choose_open")
    assert result.points == interval(0, 10)
    assert params(result)["names"] == ("d.a",)


def test_fewer_than_needed_are_open() -> None:
    result = choose(2, a="3")
    assert verdict(result) == ("undetermined", "choose_open")
    assert result.points == interval(3, 20)  # two of the others may still earn ten each
    assert params(result)["names"] == ("d.b", "d.c")


def test_where_enough_are_supplied_one_that_is_not_does_not_count() -> None:
    result = choose(2, b="9", c="5")
    assert verdict(result) == ("scored", "chosen_best")
    assert (result.points, params(result)["names"]) == (exactly(14), ("d.b", "d.c"))


def test_a_supplied_zero_counts_before_one_that_nothing_is_known_of() -> None:
    result = choose(1, c="0")
    assert verdict(result) == ("scored", "chosen_best")
    assert (result.points, params(result)["names"]) == (exactly(0), ("d.c",))


def test_beside_the_named_the_best_of_those_supplied_fill_up() -> None:
    result = choose(2, "d.c", b="9", c="5")
    assert verdict(result) == ("scored", "chosen_filled")
    assert (result.points, params(result)["filled"]) == (exactly(14), ("d.b",))


def test_one_that_lacks_a_document_only_could_still_be_better() -> None:
    members = [criterion("d.a", points="10"), criterion("d.b", points="10", evidence=PAPER), criterion("d.c", points="10")]
    made = programme(criteria=[*members, criterion("it", {"choose": {"n": 1, "of": list(MEMBERS)}})])
    result = item(assess(made, answers={"d.a": "no", "d.b": "yes", "d.c": "no"}))
    assert (verdict(result), result.points) == (("undetermined", "choose_open"), interval(0, 10))


def test_nothing_can_be_better_than_all_points() -> None:
    result = choose(1, a="10", b="5")
    assert verdict(result) == ("scored", "chosen_best")
    assert result.points == exactly(10)


def test_names_are_told_apart_by_any_separator() -> None:
    for named in ("d.a,d.c", "d.a、d.c", "d.a； d.c", "d.c，d.a"):
        assert choose(2, named, a="3", b="9", c="5").points == exactly(8)


def test_a_name_outside_the_group_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        choose(1, "d.a, d.z", a="3", b="9", c="5")
    assert [problem.code for problem in caught.value.problems] == ["choice_unknown"]


def test_points_beyond_those_of_the_group_do_not_count() -> None:
    assert choose(2, points="12", a="9", b="9", c="1").points == exactly(12)
    assert choose(2, points="12", a="9").points == interval(9, 12)


def test_uncapped_members_go_beyond_the_points_of_the_group() -> None:
    assert choose(1, cap=None, a="15", b="3", c="4").points == exactly(15)


def test_too_few_uncapped_members_leave_the_group_open_above() -> None:
    result = choose(2, cap=None, a="15")
    assert verdict(result) == ("undetermined", "choose_open")
    assert result.points == interval(15, None)


def test_a_named_member_decides_though_an_uncapped_one_is_open() -> None:
    assert choose(1, "d.b", cap=None, a="15", b="3").points == exactly(3)


def test_members_of_a_choice_do_not_count_a_second_time() -> None:
    members = [criterion(name, points="10") for name in MEMBERS]
    made = programme(criteria=[*members, criterion("it", {"choose": {"n": 1, "of": list(MEMBERS)}})])
    result = assess(made, answers=dict.fromkeys(MEMBERS, "yes"))
    assert (result.score, result.score_max) == (exactly(10), 10)


def test_members_of_all_count_by_themselves() -> None:
    made = programme(criteria=[criterion("d.a", points="4"), criterion("it", {"all": {"of": ["d.a"]}}, "6")])
    result = assess(made, answers={"d.a": "yes"})
    assert (result.score, result.score_max) == (exactly(10), 10)


# --- evidence ---

PAPER = [{"zh": "材料", "en": "paper"}]


@pytest.mark.parametrize(("evidence", "expected"), [("E1", "met"), ("", "undetermined")])
def test_documents_of_its_members_prove_a_group(evidence: str, expected: str) -> None:
    made = programme(criteria=[criterion("d.a", points="1"), criterion("it", {"all": {"of": ["d.a"]}}, evidence=PAPER)])
    result = assess(made, answers={"d.a": {"declared": "yes", "evidence": evidence}})
    assert verdict(item(result))[0] == expected


def test_documents_of_a_table_prove_a_group_over_what_is_computed_from_it() -> None:
    table = {"table": "t", "title": {"zh": "t", "en": "t"}, "columns": [{"column": "n", "title": {"zh": "n", "en": "n"}}], "per": ["n"]}
    member = criterion("d.a", {"threshold": {"value": "sum(t.n)", "at_least": "1"}}, "1", evidence=PAPER)
    made = programme(tables=[table], criteria=[member, criterion("it", {"all": {"of": ["d.a"]}}, evidence=PAPER)])
    assert verdict(item(assess(made, tables={"t": rows({"n": "5"}, evidence="E1")})))[0] == "met"
    assert verdict(item(assess(made, tables={"t": rows({"n": "5"})})))[0] == "undetermined"
