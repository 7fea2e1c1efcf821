"""The nearest to passing: distances by hand, to the mark or to the lowest score within the quota, and what is open."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from engine import assess_dossier, load_programme, read_dossier
from engine.assess.export import to_plain
from engine.rounds.book import CERTIFY, DECLINE, OUTSIDE, RESERVE, WITHIN, Application
from engine.rounds.plan.nurture import nurture
from engine.ruleset.library import rulesets_root


def criterion(name: str, low: str, high: str, most: str, status: str = "scored", kind: str = "scored") -> dict[str, Any]:
    return {
        "id": name,
        "number": name.upper(),
        "title": {"zh": f"条{name}", "en": f"Item {name}"},
        "status": status,
        "kind": kind,
        "points": {"low": low, "high": high, "max": most},
    }


def gate(name: str, status: str) -> dict[str, Any]:
    return {"id": name, "number": name.upper(), "title": {"zh": f"门{name}", "en": f"Gate {name}"}, "status": status}


def application(
    number: str,
    low: str,
    high: str | None,
    *,
    mark: str | None = None,
    outcome: str = "fails",
    place: str = "",
    decision: str = "",
    district: str = "haining",
    exact: dict[str, str] | None = None,
    gates: tuple[dict[str, Any], ...] = (),
    criteria: tuple[dict[str, Any], ...] = (),
) -> Application:
    score = {"low": low, "high": high, "max": "100", "mark": mark, **({"exact": exact} if exact else {})}
    result = {"score": score, "gates": list(gates), "criteria": list(criteria)}
    return Application(
        number,
        "91",
        f"单位{number}",
        "green_factory",
        "s",
        district,
        "17",
        "run",
        1,
        "d",
        "0" * 64,
        result=result,
        outcome=outcome,
        place=place,
        decision=decision,
    )


def test_the_nearest_to_the_mark_comes_first_whatever_the_order() -> None:
    given = [application("A", "70", "80", mark="85"), application("B", "84.5", "84.5", mark="85"), application("C", "84", "90", mark="85")]
    for seed in range(5):
        Random(seed).shuffle(given)
        found = nurture(given)
        assert [(one.number, one.lacking, one.within_reach) for one in found] == [
            ("B", Fraction(1, 2), False),
            ("C", Fraction(1), True),
            ("A", Fraction(15), False),
        ]
        assert {one.measure for one in found} == {"mark"}


def test_who_passed_is_not_listed_but_who_passed_outside_the_quota_is() -> None:
    given = [
        application("A", "95", "95", mark="85", outcome="eligible", place=WITHIN),
        application("B", "91", "91", mark="85", outcome="eligible", place=WITHIN),
        application("C", "90", "90", mark="85", outcome="eligible", place=RESERVE),
        application("D", "88", "88", mark="85", outcome="eligible", district="port"),
        application("E", "80", "80", mark="85", place=OUTSIDE),
    ]
    assert [(one.number, one.measure, one.goal, one.lacking) for one in nurture(given)] == [("C", "quota", 91, 1), ("E", "mark", 85, 5)]


def test_without_a_mark_the_lowest_score_within_the_districts_quota_is_the_goal() -> None:
    given = [
        application("A", "90", "90", outcome="scored", place=WITHIN),
        application("B", "80", "80", outcome="scored", place=WITHIN),
        application("C", "78.5", "82", outcome="scored", place=RESERVE),
        application("D", "99", "99", outcome="scored", place=WITHIN, district="port"),
        application("E", "60", "60", outcome="scored", place=OUTSIDE, district="nanhu"),
    ]
    found = nurture(given)
    assert [(one.number, one.measure, one.goal, one.lacking) for one in found] == [
        ("C", "quota", 80, Fraction(3, 2)),
        ("E", "none", None, None),
    ]
    assert found[0].within_reach and not found[1].within_reach


def test_a_decision_of_the_office_counts_before_the_rank() -> None:
    given = [
        application("A", "90", "90", outcome="scored", place=WITHIN, decision=DECLINE),
        application("B", "80", "80", outcome="scored", place=RESERVE, decision=CERTIFY),
    ]
    assert [(one.number, one.lacking) for one in nurture(given)] == [("A", 0)]


def test_equal_distances_put_fewer_bars_first_and_name_them() -> None:
    barred = application("A", "95", "95", mark="85", outcome="not_eligible", gates=(gate("g1", "not_met"), gate("g2", "met")))
    given = [barred, application("B", "85", "85", mark="85", outcome="incomplete", gates=(gate("g3", "undetermined"),))]
    found = nurture(given)
    assert [(one.number, one.lacking, [item.id for item in one.barred], [item.id for item in one.open]) for one in found] == [
        ("B", 0, [], ["g3"]),
        ("A", 0, ["g1"], []),
    ]


def test_what_is_open_and_what_is_lost_comes_with_its_points() -> None:
    criteria = (
        criterion("a", "0", "4", "4", "undetermined"),
        criterion("b", "2", "2", "10"),
        criterion("c", "1", "7", "8"),
        criterion("d", "5", "5", "5", "met"),
        criterion("r", "0", "0", "0", "not_met", "required"),
    )
    [found] = nurture([application("A", "70", "80", mark="85", criteria=criteria)])
    assert [(item.id, item.gain) for item in found.open] == [("c", 6), ("a", 4)]
    assert [(item.id, item.gain) for item in found.lost] == [("b", 8), ("c", 1)]
    assert [item.title("en") for item in found.barred] == ["Item r"]


def test_exact_ends_are_used_and_an_open_upper_bound_is_within_reach() -> None:
    [found] = nurture([application("A", "84.666666666667", None, mark="85", exact={"low": "254/3"})])
    assert (found.lacking, found.within_reach, found.high) == (Fraction(1, 3), True, None)


def test_who_has_no_result_is_left_out() -> None:
    bare = Application("A", "91", "甲", "green_factory", "s", "haining", "17", "accepted", 1, "d", "0" * 64)
    assert nurture([bare]) == ()


def test_a_real_result_is_read() -> None:
    dossier = read_dossier(rulesets_root().parent / "samples" / "half_filled.yaml")
    programme = load_programme(dossier.scheme, dossier.kind)
    assessment = assess_dossier(programme, dossier, "declared")
    plain = to_plain(assessment, programme)
    one = Application("A", "91", "甲", "green_factory", "s", "haining", "17", "run", 1, "d", "0" * 64, result=plain, outcome="incomplete")
    [found] = nurture([one])
    assert found.low == assessment.score.low and len(found.open) > 3
