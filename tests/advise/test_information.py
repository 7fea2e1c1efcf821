"""What one missing thing would tell."""

from __future__ import annotations

from typing import Any

from engine.advise.information import Missing, missing_things
from engine.advise.scene import Scene
from engine.ruleset.programme import Programme
from tests.assess import tiny

PAPER = [tiny.words("paper")]


def missing(made: Programme, basis: str = "declared", **parts: Any) -> list[Missing]:
    return list(missing_things(Scene(made, tiny.dossier(**parts), basis, None)))


def outcomes(one: Missing) -> list[tuple[str, str, bool]]:
    return [(way.text, way.outcome, way.settled) for way in one.ways]


def test_the_last_open_gate_settles_the_outcome_however_it_turns_out() -> None:
    made = tiny.programme(gates=[tiny.gate("g")], criteria=[tiny.criterion("a")])
    (one,) = missing(made, answers={"a": "yes"})
    assert (one.kind, one.item, one.settles) == ("answer", "g", True)
    assert outcomes(one) == [("yes", "scored", True), ("no", "not_eligible", True)]


def test_one_of_two_open_gates_settles_only_by_failing() -> None:
    made = tiny.programme(gates=[tiny.gate("g"), tiny.gate("h")], criteria=[tiny.criterion("a")])
    found = missing(made, answers={"a": "yes"})
    assert [(one.item, one.settles, [way.text for way in one.settling]) for one in found] == [("g", False, ["no"]), ("h", False, ["no"])]


def test_an_item_narrows_the_score_by_its_points_and_the_largest_comes_first() -> None:
    made = tiny.programme({"mark": "14"}, criteria=[tiny.criterion("a", points="3"), tiny.criterion("b", points="6"), tiny.criterion("it")])
    assert [(one.item, one.narrows) for one in missing(made)] == [("it", 10), ("b", 6), ("a", 3)]


def test_a_document_is_all_that_is_missing_of_an_answered_item() -> None:
    made = tiny.programme({"mark": "10"}, criteria=[tiny.criterion("a", evidence=PAPER)])
    (one,) = missing(made, answers={"a": "yes"})
    assert (one.kind, one.narrows, outcomes(one)) == ("evidence", 10, [("", "eligible", True)])


def test_a_document_to_be_renewed_settles_every_item_that_rests_on_it() -> None:
    made = tiny.programme({"mark": "20"}, criteria=[tiny.criterion("a", evidence=PAPER), tiny.criterion("b", evidence=PAPER)])
    (one,) = missing(made, answers={name: {"declared": "yes", "evidence": "E2"} for name in ("a", "b")})
    assert (one.kind, one.item, one.opens, one.narrows) == ("renewal", "E2", ("a", "b"), 20)


def test_a_missing_value_is_tried_in_every_stretch_between_edges() -> None:
    method = {"threshold": {"value": "x", "at_least": "4"}}
    made = tiny.programme({}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method, kind="required")])
    (one,) = missing(made)
    assert outcomes(one) == [("2", "fails", True), ("4", "scored", True), ("8", "scored", True)]


def test_a_value_that_two_items_wait_for_narrows_by_both() -> None:
    methods = [{"threshold": {"value": "x", "at_least": at}} for at in ("4", "6")]
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion(f"c{i}", m, points="5") for i, m in enumerate(methods)])
    (one,) = missing(made)
    assert (one.opens, one.narrows) == (("c0", "c1"), 10)


def test_a_value_that_does_not_suffice_alone_narrows_nothing() -> None:
    method = {"threshold": {"value": "x + y", "at_least": "4"}}
    made = tiny.programme(inputs=[tiny.number("x"), tiny.number("y")], criteria=[tiny.criterion("a", method)])
    assert [(one.item, one.narrows, one.settling) for one in missing(made)] == [("x", 0, ()), ("y", 0, ())]


def test_rows_of_a_table_are_not_guessed() -> None:
    made = tiny.programme(
        inputs=[],
        tables=[tiny.table("t", [tiny.column("code", type="text"), tiny.column("v")], ["code"])],
        criteria=[tiny.criterion("a", {"threshold": {"value": "sum(t.v)", "at_least": "4"}})],
    )
    (one,) = missing(made)
    assert (one.kind, one.item, one.opens, one.ways) == ("table", "t", ("a",), ())


def test_an_open_end_that_a_value_closes_has_no_number() -> None:
    method = {"ratio": {"value": "x", "reference": "2", "direction": "up", "cap": None}}
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method)])
    (one,) = missing(made)
    assert one.narrows is None


def test_what_a_closed_assessment_lacks_is_missing_all_the_same() -> None:
    made = tiny.programme(gates=[tiny.gate("g")], criteria=[tiny.criterion("a")])
    found = missing(made, "verified", answers={"a": {"declared": "yes", "verified": "yes"}}, closed=True)
    assert [one.item for one in found] == ["g"]
