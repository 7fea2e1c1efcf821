"""A round as three see it: who changed what, how often, by how many points; every expected count is worked out by hand."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.split import Difference, plus
from engine.assess.views import OFFICE, SELF, THIRD_PARTY
from engine.dossier.schema import Dossier
from engine.rounds.three_way.case import CUT, OPENED, OTHER, RAISED, SETTLED, Compared, Head, compared, direction
from engine.rounds.three_way.plain import round_comparison_plain
from engine.rounds.three_way.tally import RoundComparison, Tally, largest, round_comparison
from engine.rounds.three_way.workbook import round_comparison_workbook
from tests.assess import tiny

RULES = tiny.programme(
    {"mark": "12"},
    inputs=[tiny.number("x"), tiny.number("y")],
    gates=[tiny.gate("lawful")],
    criteria=[
        tiny.criterion("rate", {"threshold": {"value": "x", "at_least": "5"}}, "10"),
        tiny.criterion("more", {"threshold": {"value": "y", "at_least": "5"}}, "6"),
        tiny.criterion("plan", "conform", "4"),
    ],
)
"""20 points, 12 to pass: x is worth 10, y 6, the plan 4; the gate nothing."""


def said(declared: str, verified: str = "as_declared") -> dict[str, str]:
    return {"declared": declared, "verified": verified}


def one(number: int, body: str = "甲", rechecks: tuple[Dossier, ...] = (), **entries: dict[str, str]) -> Compared:
    given = {"x": said("6"), "y": said("6"), "plan": said("yes"), "lawful": said("yes")} | entries
    answers = {name: given.pop(name) for name in ("plan", "lawful")}
    return compared(RULES, tiny.dossier(given, answers), rechecks, Head(f"R-{number:04d}", f"企业{number}", "green_factory", body))


def found_by_the_office(**entries: dict[str, str]) -> Dossier:
    answers = {name: entry for name, entry in entries.items() if name in ("plan", "lawful")}
    return tiny.dossier({name: entry for name, entry in entries.items() if name not in answers}, answers, evidence=())


@cache
def made() -> RoundComparison:
    """Five applications.

    1: nobody changes anything. 2 (甲): x falls, −10: 10 of 20 fail. 3 (甲): x falls and the plan does not hold, −14: 6; the office
    gives x back, +10: 16. 4 (乙): y rises from 4 to 6, +6; then the office finds the gate not met. 5 (nobody verified): the office finds
    the plan missing, −4.
    """
    alone = {name: {"declared": text} for name, text in {"x": "6", "y": "6", "plan": "yes", "lawful": "yes"}.items()}
    return round_comparison(
        "R",
        [
            one(1),
            one(2, x=said("6", "4")),
            one(3, rechecks=(found_by_the_office(x=said("6", "6")),), x=said("6", "4"), plan=said("yes", "no")),
            one(4, "乙", (found_by_the_office(lawful=said("yes", "no")),), y=said("4", "6")),
            one(5, "", (found_by_the_office(plan=said("yes", "no")),), **alone),
        ],
        waiting=2,
    )


def points(number: int) -> Difference:
    return Difference(Fraction(number), Fraction(number))


def by_number() -> dict[str, Compared]:
    return {each.head.number: each for each in made().applications}


def test_each_reviewer_is_held_against_who_spoke_before() -> None:
    steps = {number: [(step.before, step.reviewer, step.moved) for step in each.steps] for number, each in by_number().items()}
    assert steps == {
        "R-0001": [(SELF, THIRD_PARTY, points(0))],
        "R-0002": [(SELF, THIRD_PARTY, points(-10))],
        "R-0003": [(SELF, THIRD_PARTY, points(-14)), (THIRD_PARTY, OFFICE, points(10))],
        "R-0004": [(SELF, THIRD_PARTY, points(6)), (THIRD_PARTY, OFFICE, points(0))],
        "R-0005": [(SELF, OFFICE, points(-4))],
    }


def test_results_stand_by_view() -> None:
    results = {view: (found.outcome, found.score.low) for view, found in by_number()["R-0003"].results.items()}
    assert results == {SELF: ("eligible", 20), THIRD_PARTY: ("fails", 6), OFFICE: ("eligible", 16)}


def test_items_are_tallied_with_exact_points() -> None:
    tallies = {(tally.element, who): by for tally in made().items for who, by in tally.by.items()}
    assert tallies == {
        ("lawful", OFFICE): Tally({OTHER: 1}, {OTHER: points(0)}),
        ("rate", THIRD_PARTY): Tally({CUT: 2}, {CUT: points(-20)}),
        ("rate", OFFICE): Tally({RAISED: 1}, {RAISED: points(10)}),
        ("plan", THIRD_PARTY): Tally({CUT: 1}, {CUT: points(-4)}),
        ("plan", OFFICE): Tally({CUT: 1}, {CUT: points(-4)}),
        ("more", THIRD_PARTY): Tally({RAISED: 1}, {RAISED: points(6)}),
    }


def test_gates_come_first_then_what_moved_most() -> None:
    assert [tally.element for tally in made().items] == ["lawful", "rate", "plan", "more"]
    assert made().items[0].statuses == {OFFICE: {("met", "not_met"): 1}}


def test_statements_are_tallied_by_what_each_does_alone() -> None:
    """Without x, 10 points stay and the 12 are missed; the plan's 4 alone decide nothing in 3, the gate decides alone in 4."""
    tallies = {
        (tally.name, who): (by.changed, by.moved.low, tally.flips[who]) for tally in made().statements for who, by in tally.by.items()
    }
    assert tallies == {
        ("x", THIRD_PARTY): (2, -20, 2),
        ("x", OFFICE): (1, 10, 1),
        ("plan", THIRD_PARTY): (1, -4, 0),
        ("plan", OFFICE): (1, -4, 0),
        ("y", THIRD_PARTY): (1, 6, 0),
        ("lawful", OFFICE): (1, 0, 1),
    }


def test_bodies_are_told_apart() -> None:
    bodies = {body.body: body for body in made().bodies}
    assert list(bodies) == ["乙", "甲"]
    assert bodies["甲"].compared == {THIRD_PARTY: 3, OFFICE: 1}
    assert bodies["甲"].outcomes == {THIRD_PARTY: 2, OFFICE: 1}
    assert bodies["甲"].moved == {THIRD_PARTY: points(-24), OFFICE: points(10)}
    assert bodies["甲"].items[THIRD_PARTY] == Tally({CUT: 3}, {CUT: points(-24)})
    assert [(tally.element, list(tally.by)) for tally in bodies["乙"].each] == [("lawful", [OFFICE]), ("more", [THIRD_PARTY])]


def test_what_was_compared_is_counted() -> None:
    assert made().compared == {("green_factory/tiny", OFFICE): 3, ("green_factory/tiny", THIRD_PARTY): 4}
    assert made().outcomes == {
        ((SELF, "eligible"), (OFFICE, "eligible")): 1,
        ((SELF, "eligible"), (THIRD_PARTY, "eligible")): 1,
        ((SELF, "eligible"), (THIRD_PARTY, "eligible"), (OFFICE, "not_eligible")): 1,
        ((SELF, "eligible"), (THIRD_PARTY, "fails")): 1,
        ((SELF, "eligible"), (THIRD_PARTY, "fails"), (OFFICE, "eligible")): 1,
    }


def test_applications_whose_outcome_changed_come_first_and_those_that_moved_most_before_the_others() -> None:
    assert [each.head.number for each in made().applications] == ["R-0003", "R-0002", "R-0004", "R-0005", "R-0001"]
    assert [each.differs for each in made().applications] == [True, True, True, True, False]


def test_the_largest_effects_of_an_application_are_its_gates_and_then_its_points() -> None:
    assert [(who, item.element) for who, item in largest(by_number()["R-0003"])] == [
        (THIRD_PARTY, "rate"),
        (OFFICE, "rate"),
        (THIRD_PARTY, "plan"),
    ]
    assert largest(by_number()["R-0004"])[0][1].element == "lawful"


def test_several_re_checks_are_one_view() -> None:
    checks = (found_by_the_office(x=said("6", "4")), found_by_the_office(x=said("6", "7"), y=said("6", "4")))
    found = one(9, rechecks=checks)
    assert [step.moved for step in found.steps] == [points(0), points(-6)]
    assert [item.element for item in found.steps[1].items] == ["more"]


def test_what_is_not_verified_is_left_open_and_told_apart_from_another_value() -> None:
    found = round_comparison("R", [one(1, x={"declared": "6"})])
    (item,), (statement,) = found.items, found.statements
    assert item.by[THIRD_PARTY] == Tally({OPENED: 1}, {OPENED: Difference(Fraction(-10), Fraction(0))})
    assert statement.unconfirmed == {THIRD_PARTY: 1}


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 0, OTHER), (-3, -3, CUT), (0, -3, CUT), (2, -3, CUT), (3, 3, RAISED), (-1, 2, RAISED),
        (-3, 0, OPENED), (3, 0, SETTLED), (-3, None, CUT), (3, None, RAISED), (0, None, OTHER),
    ],
)  # fmt: skip
def test_directions(low: int, high: int | None, expected: str) -> None:
    assert direction(Difference(Fraction(low), None if high is None else Fraction(high))) == expected


def test_an_item_without_points_counts_by_its_status() -> None:
    assert direction(None) == OTHER


VALUE = st.sampled_from(["4", "6"])
ENTRY = st.fixed_dictionaries({"declared": VALUE}, optional={"verified": st.sampled_from(["as_declared", "4", "6"])})


@settings(max_examples=40)
@given(st.lists(st.fixed_dictionaries({"x": ENTRY, "y": ENTRY}), min_size=1, max_size=4), st.lists(VALUE, max_size=2))
def test_everything_adds_up_to_the_totals(entries: list[dict[str, Any]], office: list[str]) -> None:
    checks = tuple(found_by_the_office(x=said(value, value)) for value in office)
    found = round_comparison("R", [one(number, rechecks=checks, **each) for number, each in enumerate(entries)])
    for each in found.applications:
        views = list(each.results.values())
        assert views[-1].score.low - views[0].score.low == sum((step.moved.low for step in each.steps), Fraction(0))
        for step in each.steps:
            assert plus([step.rest, *(item.moved or points(0) for item in step.items)]) == step.moved
    for who in (THIRD_PARTY, OFFICE):
        moved = plus(tally.by[who].moved for tally in found.items if who in tally.by)
        steps = [step for each in found.applications for step in each.steps if step.reviewer == who]
        assert plus([moved, *(step.rest for step in steps)]) == plus(step.moved for step in steps)


def test_a_round_that_nobody_changed_is_the_same_in_every_view() -> None:
    found = round_comparison("R", [one(1), one(2)])
    assert (found.items, found.statements, [each.differs for each in found.applications]) == ((), (), [False, False])


# --- forms ---


def test_the_json_form_is_plain() -> None:
    plain = json.loads(json.dumps(round_comparison_plain(made())))
    assert plain["waiting"] == "2"
    assert plain["items"][1]["by"]["third_party"] == {
        "changed": "2",
        "moved": {"low": "-20", "high": "-20"},
        "directions": {"cut": {"changed": "2", "moved": {"low": "-20", "high": "-20"}}},
        "statuses": [{"before": "met", "after": "not_met", "changed": "2"}],
    }
    assert plain["applications"][0]["steps"][1]["items"] == [
        {"id": "rate", "status": ["not_met", "met"], "direction": "raised", "moved": {"low": "10", "high": "10"}}
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_has_a_sheet_for_each_part(lang: str) -> None:
    content = round_comparison_workbook(made(), lang)
    assert content == round_comparison_workbook(made(), lang)
    file = openpyxl.load_workbook(io.BytesIO(content))
    roles = ["comparison", "compared", "changes", "items", "statements", "bodies", "body_items"]
    assert [sheet["A1"].value.removeprefix("greencert:") for sheet in file if sheet["A1"].value] == roles


def test_the_workbook_counts_as_the_tallies_do() -> None:
    file = openpyxl.load_workbook(io.BytesIO(round_comparison_workbook(made())))
    (sheet,) = [sheet for sheet in file if sheet["A1"].value == "greencert:items"]
    keys = [cell.value for cell in sheet[1]][1:]
    rows = [dict(zip(keys, row, strict=True)) for row in sheet.iter_rows(min_row=6, min_col=2, values_only=True)]
    picked = [(row["item"], row["reviewer"], row["of"], row["cut"], row["cut_points"], row["raised_points"]) for row in rows[:3]]
    assert picked == [
        ("lawful", "主管部门", 3, 0, None, None),
        ("rate", "第三方", 4, 2, -20.0, None),
        ("rate", "主管部门", 3, 0, None, 10.0),
    ]
    assert rows[0]["statuses"] == "符合 → 不符合 1 次"
