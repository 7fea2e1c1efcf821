from __future__ import annotations

import json
from typing import Any

from engine.assess.effect import DossierEffect, effects, effects_plain
from engine.dossier.schema import Dossier
from engine.ruleset.diff import ruleset_diff
from engine.ruleset.programme import Programme
from tests.assess import tiny
from tests.assess.tiny import interval, words

YES = {"declared": "yes", "evidence": "E1"}
RATE = {"threshold": {"value": "x", "at_least": "5"}}


def programme(scheme: tiny.Data | None = None, **parts: Any) -> Programme:
    return tiny.programme({"mark": "10", **(scheme or {})}, **{"inputs": [tiny.number("x")], **parts})


def effect(before: Programme, after: Programme, made: Dossier) -> DossierEffect:
    (found,) = effects(before, after, ruleset_diff(before, after), [made])
    return found


def test_a_stricter_limit_changes_points_and_outcome() -> None:
    before = programme(criteria=[tiny.criterion("it", RATE), tiny.criterion("same")])
    after = programme(criteria=[tiny.criterion("it", {"threshold": {"value": "x", "at_least": "6"}}), tiny.criterion("same")])
    found = effect(before, after, tiny.dossier({"x": {"declared": "5.5", "evidence": "E1"}}, {"same": {"declared": "no"}}))
    assert found.fits
    assert found.before and found.after
    assert (found.before.outcome, found.after.outcome) == ("eligible", "fails")
    assert (found.before.score, found.after.score) == (interval(10, 10), interval(0, 0))
    (item,) = found.items
    assert (item.before, item.after, item.status, item.points) == ("it", "it", ("met", "not_met"), (interval(10, 10), interval(0, 0)))


def test_a_dossier_that_comes_out_the_same_says_so() -> None:
    before, after = (programme(criteria=[tiny.criterion("it", RATE, clause=clause)]) for clause in ("1", "2"))
    found = effect(before, after, tiny.dossier({"x": {"declared": "7", "evidence": "E1"}}))
    assert found.fits and found.items == ()


def test_what_only_the_later_rules_ask_for_is_lacking() -> None:
    before = programme(criteria=[tiny.criterion("it", RATE)])
    more = [tiny.criterion("it", RATE), tiny.criterion("asked"), tiny.criterion("rated", {"declare": {"value": "y"}})]
    after = programme(inputs=[tiny.number("x"), tiny.number("y")], criteria=more)
    found = effect(before, after, tiny.dossier({"x": {"declared": "7", "evidence": "E1"}}))
    assert not found.fits
    assert found.lacks == ("y", "asked")
    assert found.after and found.after.score == interval(10, 30)


def test_what_both_ask_for_and_the_dossier_never_brought_is_no_lack() -> None:
    before = programme(criteria=[tiny.criterion("it", RATE), tiny.criterion("open")])
    after = programme(criteria=[tiny.criterion("it", RATE, "20"), tiny.criterion("open")])
    found = effect(before, after, tiny.dossier({"x": {"declared": "7", "evidence": "E1"}}))
    assert found.fits
    assert found.after and found.after.score == interval(20, 30)


def test_what_is_new_and_leaves_nothing_open_is_no_lack() -> None:
    two = [tiny.number("x"), tiny.number("y")]
    before = programme(criteria=[tiny.criterion("it", RATE)])
    after = programme(inputs=two, criteria=[tiny.criterion("it", {"threshold": {"value": "first(x, y)", "at_least": "5"}})])
    assert effect(before, after, tiny.dossier({"x": {"declared": "7", "evidence": "E1"}})).fits


def test_nothing_that_is_lacking_is_closed() -> None:
    before = programme(criteria=[tiny.criterion("it")])
    after = programme(criteria=[tiny.criterion("it")], gates=[tiny.gate("fresh")])
    made = tiny.dossier({}, {"it": {**YES, "verified": "yes"}}, closed=True)
    found = effect(before, after, made)
    assert found.basis == "verified"
    assert found.lacks == ("fresh",)
    assert found.after and found.after.outcome == "incomplete"


def test_a_closed_dossier_that_lacks_nothing_new_stays_closed() -> None:
    before, after = (programme(criteria=[tiny.criterion("it", points=points), tiny.criterion("never")]) for points in ("10", "12"))
    found = effect(before, after, tiny.dossier({}, {"it": {**YES, "verified": "yes"}}, closed=True))
    assert found.after and found.after.score == interval(12, 12)


def test_what_a_dossier_brings_follows_an_element_that_was_renamed() -> None:
    titled = {"title": words("余热利用")}
    before = programme(criteria=[tiny.criterion("old", **titled)])
    after = programme(criteria=[tiny.criterion("fresh", points="12", **titled)])
    found = effect(before, after, tiny.dossier({}, {"old": YES}))
    assert found.fits
    assert [(item.before, item.after, item.points[1]) for item in found.items] == [("old", "fresh", interval(12, 12))]


def test_an_answer_is_not_carried_to_what_is_only_called_alike() -> None:
    before = programme(criteria=[tiny.criterion("old", title=words("职业健康安全管理体系"))])
    after = programme(criteria=[tiny.criterion("fresh", title=words("质量与职业健康安全管理体系"))])
    found = effect(before, after, tiny.dossier({}, {"old": YES}))
    assert found.unused == ("old",)
    assert found.after and found.after.score == interval(0, 10)


def test_what_the_later_rules_do_not_ask_for_is_left_out() -> None:
    before = programme(criteria=[tiny.criterion("it", RATE), tiny.criterion("gone")])
    after = programme(criteria=[tiny.criterion("it", RATE)])
    found = effect(before, after, tiny.dossier({"x": {"declared": "7", "evidence": "E1"}}, {"gone": YES}))
    assert found.fits and found.unused == ("gone",)
    assert [(item.before, item.after) for item in found.items] == [("gone", None)]


def test_a_dossier_that_a_side_refuses_says_why() -> None:
    before = programme(criteria=[tiny.criterion("it", "judgement")])
    after = programme(criteria=[tiny.criterion("it", "conform")])
    found = effect(before, after, tiny.dossier({}, {"it": {"declared": "3", "reason": "well", "evidence": "E1"}}))
    assert not found.fits
    assert found.before is not None and found.after is None
    assert [problem.code for problem in found.problems] == ["answer_not_understood"]


def test_dossiers_of_another_kind_are_left_out() -> None:
    made = programme(criteria=[tiny.criterion("it")])
    assert effects(made, made, ruleset_diff(made, made), [tiny.dossier(kind="green_park")]) == ()


def test_the_json_form_has_both_results_and_what_differs() -> None:
    before, after = (programme(criteria=[tiny.criterion("it", points=points)]) for points in ("10", "12"))
    plain = json.loads(json.dumps(effects_plain([effect(before, after, tiny.dossier({}, {"it": YES}))])))
    assert plain[0]["before"] == {"outcome": "eligible", "tier": None, "score": {"low": "10", "high": "10"}}
    assert plain[0]["items"][0]["points"] == [{"low": "10", "high": "10"}, {"low": "12", "high": "12"}]
    assert plain[0]["fits"] is True
