"""Ranking against quotas, every named situation by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.rounds.book import OUTSIDE, RESERVE, WITHIN
from engine.rounds.ranking import rank, ranked_by_words
from engine.texts import catalogue, say
from tests.rounds.ranked import FACTORY, codes_of, one, places_of, ranked, rules

DAY = "handed_in"
PERFORMANCE = "dimension.performance"


def test_the_higher_score_comes_first_and_the_quota_cuts() -> None:
    found = ranked([one("A", 80), one("B", 90), one("C", 85)], 2)
    assert {number: placing.rank for number, placing in found.items()} == {"B": 1, "C": 2, "A": 3}
    assert places_of(found) == {"B": WITHIN, "C": WITHIN, "A": RESERVE}


def test_scores_are_compared_exactly() -> None:
    """Both print as 83.33; a hair of a third separates them."""
    found = ranked([one("A", "83.333333333333"), one("B", "250/3")], 1)
    assert places_of(found) == {"B": WITHIN, "A": RESERVE}


def test_every_district_has_its_own_places_and_ranks() -> None:
    found = ranked([one("A", 80), one("B", 70, district="port"), one("C", 60, district="port")], {"haining": 1, "port": 1})
    assert places_of(found) == {"A": WITHIN, "B": WITHIN, "C": RESERVE}
    assert (found["B"].rank, found["B"].group) == (1, (FACTORY, "port", ""))


def test_every_kind_has_its_own_places() -> None:
    found = rank([one("A", 80), one("B", 90, kind="green_park")], {(FACTORY, "haining"): 1, ("green_park", "haining"): 0}, rules())
    assert codes_of({placing.number: placing for placing in found}) == {"A": "in_quota", "B": "quota_zero"}


def test_the_higher_tier_comes_first_whatever_the_score_and_ranks_count_within_a_tier() -> None:
    silver, gold = {"tier": "silver", "outcome": "eligible"}, {"tier": "gold", "outcome": "eligible"}
    found = ranked([one("A", 99, **silver), one("B", 60, **gold), one("C", 98, **silver)], 2, tiers=["gold", "silver"])
    assert places_of(found) == {"B": WITHIN, "A": WITHIN, "C": RESERVE}
    assert {number: placing.rank for number, placing in found.items()} == {"B": 1, "A": 1, "C": 2}
    assert list(found) == ["B", "A", "C"]


def test_without_a_tier_comes_after_every_tier() -> None:
    found = ranked([one("A", 99), one("B", 60, tier="silver")], 1, tiers=["gold", "silver"])
    assert places_of(found) == {"B": WITHIN, "A": RESERVE}


# --- quotas ---


def test_a_quota_of_zero_takes_nobody() -> None:
    assert codes_of(ranked([one("A", 100)], 0)) == {"A": "quota_zero"}


def test_no_limit_takes_everybody() -> None:
    assert codes_of(ranked([one("A", 100), one("B", 1)], None)) == {"A": "no_limit", "B": "no_limit"}


def test_where_no_quota_is_stated_nobody_is_within() -> None:
    found = ranked([one("A", 100, district="port")], 3)
    assert (found["A"].place, found["A"].reason.code) == (RESERVE, "quota_missing")


def test_a_quota_above_the_applicants_takes_all_of_them() -> None:
    assert codes_of(ranked([one("A", 80), one("B", 70)], 5)) == {"A": "in_quota", "B": "in_quota"}


FIVE = [one("A", 90), one("B", 70), one("C", 95, district="port"), one("D", 85, district="port"), one("E", 80, district="pinghu")]


def test_unused_places_stay_unused() -> None:
    found = ranked(FIVE, {"haining": 5, "port": 1, "pinghu": 0})
    assert codes_of(found) == {"A": "in_quota", "B": "in_quota", "C": "in_quota", "D": "beyond", "E": "quota_zero"}


def test_unused_places_go_to_the_next_in_line_of_the_other_districts() -> None:
    """Haining has one place left over; D (85) of Port is ahead of E (80) of Pinghu."""
    found = ranked(FIVE, {"haining": 3, "port": 1, "pinghu": 0}, rules("passed_on"))
    assert codes_of(found) == {"A": "in_quota", "B": "in_quota", "C": "in_quota", "D": "passed_on", "E": "quota_zero"}


def test_a_district_without_a_limit_has_nothing_to_pass_on() -> None:
    found = ranked(FIVE, {"haining": None, "port": 1, "pinghu": 0}, rules("passed_on"))
    assert found["D"].place == RESERVE


def test_a_tie_for_the_last_place_passed_on_is_left_to_the_office() -> None:
    tied = [one("D", 80, district="port"), one("E", 80, district="pinghu")]
    found = ranked([*tied, one("F", 70, district="port")], {"haining": 1, "port": 0, "pinghu": 0}, rules("passed_on"))
    assert codes_of(found) == {"D": "undecided", "E": "undecided", "F": "quota_zero"}
    assert found["D"].tied_with == ("E",)


def test_a_tie_in_a_district_is_resolved_by_places_passed_on() -> None:
    """Three tied for one place of Port need two more; Haining passes on two."""
    tied = [one(number, 80, district="port") for number in "ABC"]
    assert set(codes_of(ranked(tied, {"haining": 2, "port": 1}, rules("passed_on"))).values()) == {"passed_on"}
    assert set(codes_of(ranked(tied, {"haining": 1, "port": 1}, rules("passed_on"))).values()) == {"undecided"}


# --- ties ---


def breaking(number: str, **values: int) -> dict[str, Fraction]:
    return {PERFORMANCE if name == "performance" else name: Fraction(value) for name, value in values.items()}


@pytest.mark.parametrize(
    ("first", "second", "by"),
    [
        ({"performance": 25, "major": 1}, {"performance": 24, "major": 0}, PERFORMANCE),
        ({"performance": 25, "major": 0, "undetermined": 2}, {"performance": 25, "major": 1, "undetermined": 0}, "major"),
        (
            {"performance": 25, "major": 1, "undetermined": 0, DAY: 9},
            {"performance": 25, "major": 1, "undetermined": 2, DAY: 5},
            "undetermined",
        ),
        ({"performance": 25, "major": 1, "undetermined": 2, DAY: 5}, {"performance": 25, "major": 1, "undetermined": 2, DAY: 9}, DAY),
        ({"performance": 25}, {}, PERFORMANCE),
    ],
)
def test_ties_are_broken_in_the_stated_order(first: dict[str, int], second: dict[str, int], by: str) -> None:
    """The better one has the later number, so that nothing else puts it ahead."""
    found = ranked([one("A", 80, breakers=breaking("A", **second)), one("B", 80, breakers=breaking("B", **first))], 1)
    assert places_of(found) == {"B": WITHIN, "A": RESERVE}
    assert found["A"].ranked_by == by


def test_a_tie_breaker_of_another_kind_does_not_count() -> None:
    values = [breaking("A", performance=1), breaking("B", performance=2)]
    parks = [one(number, 80, kind="green_park", breakers=own) for number, own in zip("AB", values, strict=True)]
    assert [placing.rank for placing in rank(parks, {("green_park", "haining"): 2}, rules())] == [1, 1]


def test_a_tie_away_from_the_edge_is_shared_and_counts_on() -> None:
    found = ranked([one("A", 90), one("B", 80), one("C", 80), one("D", 70)], 3)
    assert {number: placing.rank for number, placing in found.items()} == {"A": 1, "B": 2, "C": 2, "D": 4}
    assert places_of(found) == {"A": WITHIN, "B": WITHIN, "C": WITHIN, "D": RESERVE}
    assert (found["B"].ranked_by, found["C"].ranked_by) == ("score", "tied")


def test_a_tie_across_the_edge_is_left_to_the_office() -> None:
    found = ranked([one("A", 90), one("B", 80), one("C", 80), one("D", 70)], 2)
    assert codes_of(found) == {"A": "in_quota", "B": "undecided", "C": "undecided", "D": "beyond"}
    assert found["B"].place == RESERVE and found["B"].undecided
    assert found["B"].reason.sentence("en") == (
        "Number 2 of its group, tied with C at the edge of the places (the district has 2); "
        "the rules do not tell them apart, the office decides"
    )


def test_by_the_other_rule_all_who_are_tied_are_within() -> None:
    found = ranked([one("A", 90), one("B", 80), one("C", 80), one("D", 70)], 2, rules(unbroken="all"))
    assert codes_of(found) == {"A": "in_quota", "B": "tied_within", "C": "tied_within", "D": "beyond"}


def test_a_tie_behind_a_full_quota_is_no_edge() -> None:
    found = ranked([one("A", 90), one("B", 80), one("C", 80)], 1, rules(unbroken="all"))
    assert places_of(found) == {"A": WITHIN, "B": RESERVE, "C": RESERVE}


# --- who takes part ---


def test_whoever_withdraws_takes_no_place_and_the_next_moves_up() -> None:
    found = ranked([one("A", 90, withdrawn=True), one("B", 80), one("C", 70)], 1)
    assert places_of(found) == {"A": OUTSIDE, "B": WITHIN, "C": RESERVE}
    assert (found["A"].rank, found["B"].rank, found["A"].reason.code) == (None, 1, "withdrawn")


@pytest.mark.parametrize("outcome", ["not_eligible", "fails", "incomplete", ""])
def test_other_outcomes_are_outside_with_the_reason(outcome: str) -> None:
    found = ranked([one("A", 90, outcome=outcome), one("B", 10)], 1)
    assert (found["A"].place, found["A"].rank, found["B"].place) == (OUTSIDE, None, WITHIN)
    assert found["A"].reason.code == ("outcome" if outcome else "not_assessed")
    assert say(f"statuses.outcome.{outcome or 'fails'}", "en") in found["A"].reason.sentence("en") or not outcome


def test_without_a_score_comes_after_those_with_one() -> None:
    found = ranked([one("A", 0, score=None, outcome="eligible"), one("B", 1)], 2)
    assert [placing.rank for placing in found.values()] == [1, 2]
    assert [note.code for note in found["A"].notes] == ["no_score"]


def test_a_provisional_result_is_ranked_and_said() -> None:
    found = ranked([one("A", 90, provisional=True)], 1)
    assert found["A"].place == WITHIN
    assert [note.code for note in found["A"].notes] == ["provisional"]


# --- what is open ---


def test_an_open_score_is_ranked_by_what_is_certain() -> None:
    found = ranked([one("A", 70, 95), one("B", 80)], 2)
    assert [placing.number for placing in found.values()] == ["B", "A"]
    assert found["A"].firm and found["B"].firm
    assert found["A"].notes[0].sentence("en") == "The score is open (70.00 to 95.00); it is ranked by the 70.00 that are certain"


def test_intervals_that_overlap_at_the_edge_are_not_firm() -> None:
    """A may still pass B for the only place; C cannot reach either of them."""
    found = ranked([one("A", 70, 95), one("B", 80), one("C", 60)], 1)
    assert places_of(found) == {"B": WITHIN, "A": RESERVE, "C": RESERVE}
    assert {number: placing.firm for number, placing in found.items()} == {"B": False, "A": False, "C": True}
    assert "not_firm" in [note.code for note in found["B"].notes]


def test_a_known_score_may_lose_its_place_to_open_ones_behind_it() -> None:
    """Two places: C stays behind A and B whatever happens to A, but D may pass B and A."""
    found = ranked([one("A", 90), one("B", 80), one("D", 70, 85)], 2)
    assert {number: placing.firm for number, placing in found.items()} == {"A": True, "B": False, "D": False}


def test_a_tie_that_may_arise_is_not_firm() -> None:
    found = ranked([one("A", 80), one("B", 70, 80)], 1)
    assert {number: placing.firm for number, placing in found.items()} == {"A": False, "B": False}


def test_an_open_end_without_bound_may_pass_everybody() -> None:
    found = ranked([one("A", 99), one("B", 70, None)], 1)
    assert not found["A"].firm
    assert found["B"].notes[0].sentence("en") == "The score is open (70.00 or more); it is ranked by the 70.00 that are certain"


def test_an_open_outcome_is_never_firm_within_and_leaves_hope_behind_it() -> None:
    found = ranked([one("A", 90, settled=False), one("B", 80), one("C", 70)], 1)
    assert {number: placing.firm for number, placing in found.items()} == {"A": False, "B": False, "C": True}


def test_an_open_outcome_may_still_reach_a_better_tier() -> None:
    gold, silver = {"tier": "gold", "outcome": "eligible"}, {"tier": "silver", "outcome": "eligible"}
    found = ranked([one("A", 80, **gold), one("B", 75, 90, settled=False, **silver)], 1, tiers=["gold", "silver"])
    assert not found["A"].firm


def test_without_a_limit_every_settled_place_is_firm() -> None:
    found = ranked([one("A", 90, 95), one("B", 80, 99), one("C", 1, settled=False)], None)
    assert {number: placing.firm for number, placing in found.items()} == {"A": True, "B": True, "C": False}


def test_an_open_score_elsewhere_matters_only_where_places_are_passed_on() -> None:
    everybody = [one("A", 80), one("B", 70, 90, district="port"), one("C", 60)]
    quotas = {"haining": 0, "port": 0, "pinghu": 1}
    assert ranked(everybody, quotas)["A"].firm
    found = ranked(everybody, quotas, rules("passed_on"))
    assert {number: placing.firm for number, placing in found.items()} == {"A": False, "B": False, "C": True}


# --- misuse, words ---


def test_a_number_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="A"):
        ranked([one("A", 1), one("A", 2)], 1)


def test_a_tier_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValueError):
        ranked([one("A", 1, tier="bronze")], 1, tiers=["gold"])


def test_every_reason_has_its_sentence_with_its_parameters() -> None:
    seen = {}
    quotas = {"haining": 4, "port": 1, "pinghu": 0}
    for by in (rules("passed_on"), rules(), rules(unbroken="all")):
        tied = [one("X", 95, district="port"), one("Y", 95, 96, district="tongxiang"), one("Z", 5, None, district="jiashan", settled=False)]
        outside = [one("V", 1, withdrawn=True), one("W", 1, outcome="fails"), one("U", 1, outcome="", provisional=True)]
        more = [one("S", 1, score=None, provisional=True)]
        for placing in ranked([*FIVE, *tied, *outside, *more], {**quotas, "jiashan": None}, by).values():
            seen |= {why.code: why for why in (placing.reason, *placing.notes)}
    assert set(catalogue("ranking")["why"]) == set(seen)
    assert all("{" not in why.sentence(lang) for why in seen.values() for lang in ("zh", "en"))


def test_what_decided_the_order_in_words() -> None:
    assert [ranked_by_words(rules(), by, "en") for by in ("", "score", "tied", PERFORMANCE)] == [
        "first of its group",
        "score",
        "tied",
        "higher score of the performance dimension",
    ]
