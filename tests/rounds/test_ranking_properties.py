"""What holds of every ranking, whatever the candidates, quotas and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.assess.results import Interval
from engine.rounds.book import WITHIN
from engine.rounds.order import Candidate
from engine.rounds.ranking import Placing
from engine.rounds.rules import RoundRules
from tests.rounds.ranked import FACTORY, ranked, rules

TIERS = ("gold", "silver")
DISTRICTS = ("haining", "port", "pinghu")
RULES = [rules(unused, unbroken) for unused, unbroken in product(("stays", "passed_on"), ("undecided", "all"))]
few = st.integers(0, 3).map(Fraction)
known = few.map(lambda n: Interval(n, n))
intervals = st.one_of(known, st.tuples(few, few).map(lambda ends: Interval(min(ends), max(ends))), few.map(lambda n: Interval(n, None)))
quotas = st.fixed_dictionaries({district: st.one_of(st.none(), st.integers(0, 4)) for district in DISTRICTS})


def candidate(number: int, scores: st.SearchStrategy[Interval], settled: st.SearchStrategy[bool]) -> st.SearchStrategy[Candidate]:
    return st.builds(
        Candidate,
        number=st.just(f"{number:02}"),
        kind=st.just(FACTORY),
        district=st.sampled_from(DISTRICTS),
        outcome=st.sampled_from(("eligible", "scored", "scored", "scored", "fails")),
        score=st.one_of(scores, scores, scores, st.none()),
        tier=st.sampled_from(("", *TIERS)),
        settled=settled,
        breakers=st.fixed_dictionaries({"dimension.performance": st.one_of(st.none(), few), "major": few}),
        withdrawn=st.sampled_from((False, False, False, True)),
    )


def lists(scores: st.SearchStrategy[Interval] = intervals, settled: st.SearchStrategy[bool] | None = None, most: int = 8) -> Any:
    settled = settled if settled is not None else st.sampled_from((True, True, False))
    return st.integers(0, most).flatmap(lambda n: st.tuples(*(candidate(i, scores, settled) for i in range(n))))


def within(placings: Mapping[str, Placing]) -> set[str]:
    return {number for number, placing in placings.items() if placing.place == WITHIN}


@given(lists(), quotas, st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(some: tuple[Candidate, ...], places: Any, by: RoundRules, chance: Any) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert list(ranked(shuffled, places, by, TIERS).values()) == list(ranked(some, places, by, TIERS).values())


@given(lists(), quotas, st.sampled_from(("stays", "passed_on")))
def test_never_more_are_within_than_there_are_places(some: tuple[Candidate, ...], places: Mapping[str, int | None], unused: str) -> None:
    found = ranked(some, places, rules(unused), TIERS)
    limited = {district: count for district, count in places.items() if count is not None}
    taken = {district: sum(found[number].group[1] == district for number in within(found)) for district in limited}
    assert sum(taken.values()) <= sum(limited.values())
    if unused == "stays":
        assert all(taken[district] <= limited[district] for district in limited)


@given(lists(), quotas, st.sampled_from(RULES))
def test_the_withdrawn_and_the_unranked_are_never_within(some: tuple[Candidate, ...], places: Any, by: RoundRules) -> None:
    found = ranked(some, places, by, TIERS)
    assert len(found) == len(some)
    assert within(found) & {each.number for each in some if each.withdrawn or each.outcome == "fails"} == set()


@given(lists(), quotas, st.sampled_from(RULES))
def test_the_withdrawn_change_nothing_for_the_others(some: tuple[Candidate, ...], places: Any, by: RoundRules) -> None:
    found = ranked(some, places, by, TIERS)
    stayed = [each for each in some if not each.withdrawn]
    assert ranked(stayed, places, by, TIERS) == {
        each.number: found[each.number] for each in sorted(stayed, key=lambda e: list(found).index(e.number))
    }


@given(lists(), quotas, st.sampled_from(RULES))
def test_a_better_score_never_ranks_lower_nor_misses_where_a_worse_one_is_within(some: Any, places: Any, by: RoundRules) -> None:
    found = ranked(some, places, by, TIERS)
    for one, other in product(some, some):
        a, b = found[one.number], found[other.number]
        better = one.score and (not other.score or one.score.low > other.score.low)
        if a.group == b.group and a.rank and b.rank and better:
            assert a.rank < b.rank
            assert a.place == WITHIN or b.place != WITHIN


@given(lists(), quotas, st.sampled_from(RULES), st.integers(0, 7), few)
def test_whoever_improves_never_loses_a_place(some: Any, places: Any, by: RoundRules, which: int, gain: Fraction) -> None:
    if which < len(some) and some[which].score:
        one = some[which]
        high = None if one.score.high is None else one.score.high + gain
        risen = [*some[:which], replace(one, score=Interval(one.score.low + gain, high)), *some[which + 1 :]]
        assert one.number not in within(ranked(some, places, by, TIERS)) - within(ranked(risen, places, by, TIERS))


@given(lists(), quotas)
def test_places_passed_on_take_nobodys_place(some: Any, places: Any) -> None:
    stays, passed_on = (within(ranked(some, places, rules(unused), TIERS)) for unused in ("stays", "passed_on"))
    assert stays <= passed_on


@given(lists(known, st.just(True)), quotas, st.sampled_from(RULES))
def test_what_is_known_is_firm(some: Any, places: Any, by: RoundRules) -> None:
    assert all(placing.firm for placing in ranked(some, places, by, TIERS).values())


@given(lists(most=5), quotas, st.sampled_from(RULES), st.data())
def test_a_firm_place_holds_however_what_is_open_turns_out(some: Any, places: Any, by: RoundRules, data: st.DataObject) -> None:
    """Every open score anywhere in its interval, every open outcome gone or of any tier: the firm are where they were."""
    found = ranked(some, places, by, TIERS)
    closed = [data.draw(completion(each)) for each in some]
    after = ranked(closed, places, by, TIERS)
    moved = {number for number in found if (found[number].place == WITHIN) != (after[number].place == WITHIN)}
    assert {number for number in moved if found[number].firm} == set()


def completion(one: Candidate) -> st.SearchStrategy[Candidate]:
    """One of the ways in which what is open of a candidate that is ranked may turn out."""
    if not one.is_open or one.outcome not in ("eligible", "scored") or one.withdrawn:
        return st.just(one)
    score = st.none()
    if one.score:
        top = one.score.low + 4 if one.score.high is None else one.score.high
        score = st.integers(int(one.score.low), int(top)).map(lambda n: Interval(Fraction(n), Fraction(n)))
    fields: dict[str, Any] = {
        "number": st.just(one.number),
        "kind": st.just(one.kind),
        "district": st.just(one.district),
        "score": score,
        "breakers": st.just({"dimension.performance": Fraction(2), "major": Fraction(0)}),
        "outcome": st.just(one.outcome) if one.settled else st.sampled_from((one.outcome, "fails")),
        "tier": st.just(one.tier) if one.settled else st.sampled_from(("", *TIERS)),
    }
    return st.builds(Candidate, **fields)
