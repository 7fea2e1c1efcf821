from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.compare_plain import views_plain
from engine.assess.split import Difference
from engine.assess.views import OFFICE, SELF, THIRD_PARTY, Views, side_by_side
from engine.dossier.schema import Dossier
from tests.assess import tiny

PAPER = [tiny.words("a paper")]
RULES = tiny.programme(
    {"mark": "12"},
    inputs=[tiny.number("x"), tiny.number("y")],
    gates=[tiny.gate("lawful")],
    criteria=[
        tiny.criterion("rate", {"threshold": {"value": "x", "at_least": "5"}}, "10", evidence=PAPER),
        tiny.criterion("more", {"threshold": {"value": "y", "at_least": "5"}}, "6"),
        tiny.criterion("plan", "conform", "4"),
    ],
)


def both(declared: str, verified: str | None = None, evidence: str = "E1") -> dict[str, str]:
    return {"declared": declared, "evidence": evidence, **({} if verified is None else {"verified": verified})}


def seen(x: dict[str, str], y: dict[str, str], plan: dict[str, str], lawful: dict[str, str], recheck: Dossier | None = None) -> Views:
    return side_by_side(RULES, tiny.dossier({"x": x, "y": y}, {"plan": plan, "lawful": lawful}), () if recheck is None else (recheck,))


def same(text: str) -> dict[str, str]:
    return both(text, "as_declared")


def test_the_bases_of_one_dossier_are_two_views() -> None:
    found = seen(both("6", "4"), same("6"), same("yes"), same("yes"))
    assert list(found.assessments) == [SELF, THIRD_PARTY]
    assert [made.score.low for made in found.assessments.values()] == [20, 10]
    (one,) = found.disputed
    assert (one.key.name, one.flips, one.alone[THIRD_PARTY].outcome) == ("x", True, "fails")
    assert one.said[0].texts == {SELF: "6", THIRD_PARTY: "4"}
    assert one.alone[THIRD_PARTY].moved == Difference(Fraction(-10), Fraction(-10))


def test_what_changes_the_outcome_comes_first_then_what_moves_most() -> None:
    """The plan is worth 4, y is worth 6; the gate is worth nothing and decides."""
    found = seen(same("6"), both("6", "4"), both("yes", "no"), both("yes", "no"))
    assert [(one.key.name, one.flips) for one in found.disputed] == [("lawful", True), ("y", False), ("plan", False)]
    assert [one.together.moved.low for one in found.disputed] == [0, -6, -10]
    assert {one.together.outcome for one in found.disputed} == {"not_eligible"}


def test_a_re_check_speaks_of_what_it_names_only() -> None:
    found = seen(both("6", "4"), same("6"), same("yes"), same("yes"), tiny.dossier({"y": "3"}, evidence=()))
    assert list(found.assessments) == [SELF, THIRD_PARTY, OFFICE]
    assert [made.score.low for made in found.assessments.values()] == [20, 10, 4]
    x, y = sorted(found.disputed, key=lambda one: one.key.name)
    assert x.said[0].texts == {SELF: "6", THIRD_PARTY: "4", OFFICE: "4"}
    assert y.said[0].texts == {SELF: "6", THIRD_PARTY: "6", OFFICE: "3"}


def test_a_re_check_may_restore_what_was_declared() -> None:
    found = seen(both("6", "4"), same("6"), same("yes"), same("yes"), tiny.dossier({"x": "6"}, evidence=()))
    (one,) = found.disputed
    assert list(one.alone) == [THIRD_PARTY]
    assert (one.together.outcome, one.together.moved.low) == ("eligible", 0)


def test_the_verified_side_of_a_re_check_is_what_it_says() -> None:
    recheck = tiny.dossier({"x": both("6", "3"), "y": both("9")}, evidence=())
    found = seen(both("6"), both("6"), both("yes"), both("yes"), recheck)
    assert list(found.assessments) == [SELF, OFFICE]
    assert [one.key.name for one in found.disputed] == ["x"]


def test_a_document_that_the_office_finds_expired_counts_by_its_effect() -> None:
    expired = tiny.Evidence("E1", "valid", issued="2010-01-01", valid_until="2016-12-31")
    found = seen(both("6"), both("6"), both("yes"), both("yes"), tiny.dossier(evidence=(expired,)))
    (one,) = found.disputed
    assert (one.key.group, one.said[0].field) == ("document", "valid_until")
    assert one.alone[OFFICE].moved.low == -10


def test_items_stand_side_by_side() -> None:
    found = seen(both("6", "4"), both("6", "4"), same("yes"), both("yes", "no"))
    assert [item.id for item in found.items] == ["lawful", "rate", "more"]
    assert found.items[1].status == {SELF: "met", THIRD_PARTY: "not_met"}


def test_the_json_form_is_plain() -> None:
    plain = json.loads(json.dumps(views_plain(seen(both("6", "4"), same("6"), same("yes"), same("yes")), RULES)))
    assert list(plain["views"]) == [SELF, THIRD_PARTY]
    assert plain["disputed"][0]["said"][0]["texts"] == {"self": "6", "third_party": "4"}
    assert plain["disputed"][0]["alone"]["third_party"]["moved"] == {"low": "-10", "high": "-10"}


ENTRY = st.fixed_dictionaries(
    {"declared": st.sampled_from(["3", "7"]), "evidence": st.sampled_from(["", "E1", "E2"])},
    optional={"verified": st.sampled_from(["as_declared", "3", "7"])},
)


@settings(max_examples=40)
@given(x=ENTRY, y=ENTRY, again=st.fixed_dictionaries({}, optional={"x": ENTRY, "y": ENTRY}))
def test_all_differences_together_come_to_the_last_view(x: Any, y: Any, again: Any) -> None:
    recheck = tiny.dossier({name: {"declared": entry["declared"]} for name, entry in again.items()}, evidence=())
    found = seen(x, y, both("yes", "yes"), both("yes", "yes"), recheck)
    if found.disputed:
        last, own = found.assessments[found.last], found.assessments[SELF]
        assert found.disputed[-1].together.outcome == last.determination.outcome
        assert found.disputed[-1].together.moved.low == last.score.low - own.score.low
    assert [one.flips for one in found.disputed] == sorted((one.flips for one in found.disputed), reverse=True)
