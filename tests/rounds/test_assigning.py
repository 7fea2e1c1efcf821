"""Drawing reviewers and experts: conflicts, sectors, evenness, repeatability; by hand, against all draws there are, and as properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rounds.assigning import Draw, conflict, conflict_words, draw
from engine.rounds.book import Application
from engine.rounds.pool import Member
from engine.texts import catalogue

REVIEWERS = {"reviewer": 1}


def case(number: str, industry: str = "1713", **more: Any) -> Application:
    fields: dict[str, Any] = {
        "credit_code": f"C-{number}",
        "name": f"{number} 公司",
        "kind": "green_factory",
        "standard": "",
        "district": "haining",
        "industry": industry,
        "state": "",
        "version": 1,
        "dossier_id": "",
        "dossier_sha256": "",
    }
    return Application(number, **(fields | more))


def member(name: str, role: str = "reviewer", **more: Any) -> Member:
    return Member(**({"id": name, "name": name, "organisation": f"{name} 院", "role": role} | more))


# --- conflicts ---


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"organisation": "绿评 （嘉兴）中心"}, "third_party"),
        ({"organisation": "A 公司"}, "own"),
        ({"conflict_codes": ("C-A",)}, "named_code"),
        ({"former_clients": ("c-a",)}, "former_client"),
        ({"conflict_organisations": ("A公司",)}, "named_organisation"),
        ({"conflict_organisations": ("绿评(嘉兴)中心",)}, "named_organisation"),
        ({"conflict_districts": ("haining",)}, "district"),
        ({"conflict_districts": ("port",), "conflict_codes": ("C-B",), "former_clients": ("C-B",)}, ""),
    ],
)
def test_conflicts(about: dict[str, Any], reason: str) -> None:
    application = case("A", third_party="绿评(嘉兴)中心")
    one = member("P", **about)
    assert conflict(one, application) == reason
    assert draw([application], [one, member("Q")], REVIEWERS, "s").of("A") in ([("Q",)] if reason else [("P",), ("Q",)])


def test_an_application_without_a_third_party_conflicts_with_nobodys() -> None:
    assert conflict(member("P", conflict_organisations=("X",)), case("A")) == ""


def test_every_conflict_has_its_words() -> None:
    assert all(conflict_words(reason, lang) for reason in catalogue("assigning")["conflict"] for lang in ("zh", "en"))


def test_where_too_few_are_left_the_problem_names_everybody_and_why() -> None:
    pool = [member("P", former_clients=("C-A",)), member("Q", conflict_districts=("haining",)), member("R")]
    found = draw([case("A")], pool, {"reviewer": 2}, "s")
    assert found.of("A") == ("R",)
    assert [problem.code for problem in found.problems] == ["draw_short", "draw_excluded", "draw_excluded"]
    assert found.problems[0].what("en") == "A (A 公司) needs 2 reviewers and only 1 without a conflict are left"
    assert [problem.what("en") for problem in found.problems[1:]] == [
        "P (P) may not deal with A: has worked for the applicant as a client",
        "Q (Q) may not deal with A: declared a conflict with the district",
    ]


def test_an_empty_pool_is_a_problem_of_each_application() -> None:
    found = draw([case("A"), case("B")], [], REVIEWERS, "s")
    assert [(problem.code, problem.where.path) for problem in found.problems] == [("draw_short", "A"), ("draw_short", "B")]


# --- sectors ---


def test_whoever_knows_the_sector_comes_first_even_if_busier() -> None:
    pool = [member("P", sectors=("17",)), member("Q", sectors=("26",)), member("R")]
    found = draw([case(number) for number in "ABC"], pool, REVIEWERS, "s")
    assert found.loads == {"P": 3, "Q": 0, "R": 0}
    assert all(each.other_sector == () for each in found.assigned)


def test_others_fill_what_is_left_and_are_named() -> None:
    pool = [member("P", sectors=("171",)), member("Q", sectors=("26",))]
    (found,) = draw([case("A")], pool, {"reviewer": 2}, "s").assigned
    assert (found.people, found.other_sector) == (("P", "Q"), ("Q",))


def test_a_park_has_no_sector_that_somebody_could_know_better() -> None:
    found = draw([case(number, "") for number in "AB"], [member("P", sectors=("17",)), member("Q")], REVIEWERS, "s")
    assert found.loads == {"P": 1, "Q": 1}
    assert all(each.other_sector == () for each in found.assigned)


# --- evenness ---


def test_an_earlier_seat_is_handed_on_to_even_out_the_load() -> None:
    """Only P may take A and B; Q can take C to F. Whatever the order of the draw, P gets no third."""
    only = [case(number, district="port") for number in "AB"]
    both = [case(number) for number in "CDEF"]
    pool = [member("P"), member("Q", conflict_districts=("port",))]
    for seed in "stuvwxyz":
        assert draw([*only, *both], pool, REVIEWERS, seed).loads == {"P": 3, "Q": 3}


def test_a_chain_of_exchanges_is_found() -> None:
    """A: P or Q. B: Q or R. C: P only. However A and B are drawn first, everybody gets one in the end."""
    pool = [member("P", conflict_codes=("C-B",)), member("Q", conflict_codes=("C-C",)), member("R", conflict_codes=("C-A", "C-C"))]
    for seed in "stuvwxyz":
        assert draw([case(number) for number in "ABC"], pool, REVIEWERS, seed).loads == {"P": 1, "Q": 1, "R": 1}


# --- repeatability ---


def test_the_same_seed_gives_the_same_draw_and_another_seed_another() -> None:
    cases, pool = [case(f"{i:02}") for i in range(20)], [member(f"P{i}") for i in range(8)]
    assert draw(cases, pool, {"reviewer": 2}, "s") == draw(cases[::-1], pool[::-1], {"reviewer": 2}, "s")
    assert len({draw(cases, pool, {"reviewer": 2}, seed).assigned for seed in "stuvw"}) == 5


def test_a_known_draw_stays_as_it_was() -> None:
    """What was drawn once can be drawn again by a later version."""
    cases, pool = [case(number) for number in "ABCD"], [member(name) for name in "PQ"]
    assert [each.people for each in draw(cases, pool, REVIEWERS, "2017Q3").assigned] == KNOWN


KNOWN = [("Q",), ("P",), ("Q",), ("P",)]


def test_reviewers_and_experts_are_drawn_each_from_their_own() -> None:
    pool = [member("P"), member("Q"), member("X", "expert"), member("Y", "expert")]
    found = draw([case("A"), case("B")], pool, {"reviewer": 2, "expert": 1}, "s")
    assert found.loads == {"P": 2, "Q": 2, "X": 1, "Y": 1}
    assert [(each.number, each.role) for each in found.assigned] == [("A", "reviewer"), ("A", "expert"), ("B", "reviewer"), ("B", "expert")]


def test_what_comes_twice_is_refused() -> None:
    for cases, pool in (([case("A"), case("A")], [member("P")]), ([case("A")], [member("P"), member("P")])):
        with pytest.raises(ValueError):
            draw(cases, pool, REVIEWERS, "s")


# --- properties ---

DISTRICTS = ("haining", "port")
INDUSTRIES = ("1713", "2614", "")


@st.composite
def situations(draws: Any, cases: int = 12, people: int = 6) -> tuple[list[Application], list[Member], int]:
    applications = [
        case(f"{i:02}", draws(st.sampled_from(INDUSTRIES)), district=draws(st.sampled_from(DISTRICTS)))
        for i in range(draws(st.integers(0, cases)))
    ]
    codes = st.sets(st.sampled_from([each.credit_code for each in applications] or ["C-none"]), max_size=4).map(tuple)
    pool = [
        member(
            f"P{i}",
            sectors=draws(st.sampled_from(((), ("17",), ("26",), ("17", "26")))),
            conflict_districts=draws(st.sampled_from(((), (), ("port",)))),
            former_clients=draws(codes),
        )
        for i in range(draws(st.integers(1, people)))
    ]
    return applications, pool, draws(st.integers(1, 3))


@given(situations(), st.text(max_size=3), st.randoms(use_true_random=False))
def test_a_draw_is_repeatable_whatever_the_order(situation: Any, seed: str, chance: Any) -> None:
    applications, pool, needed = situation
    shuffled, people = list(applications), list(pool)
    chance.shuffle(shuffled)
    chance.shuffle(people)
    assert draw(shuffled, people, {"reviewer": needed}, seed) == draw(applications, pool, {"reviewer": needed}, seed)


@given(situations(), st.text(max_size=3))
def test_nobody_with_a_conflict_is_ever_drawn_and_no_seat_stays_empty_needlessly(situation: Any, seed: str) -> None:
    applications, pool, needed = situation
    found = draw(applications, pool, {"reviewer": needed}, seed)
    by_id = {each.id: each for each in pool}
    short = {problem.where.path for problem in found.problems if problem.code == "draw_short"}
    for application in applications:
        drawn, free = found.of(application.number), [each for each in pool if not conflict(each, application)]
        assert all(not conflict(by_id[name], application) for name in drawn)
        assert len(set(drawn)) == len(drawn) == min(needed, len(free))
        assert (application.number in short) is (len(free) < needed)
        knowing = sum(by_id[name].knows(application.industry) for name in drawn)
        assert not application.industry or knowing == min(needed, sum(each.knows(application.industry) for each in free))
    assert found.loads == {each.id: Counter(name for a in found.assigned for name in a.people)[each.id] for each in pool}


@given(situations(cases=5, people=4), st.text(max_size=3))
def test_no_other_draw_by_the_same_rules_is_more_even(situation: Any, seed: str) -> None:
    """Against every draw there is: no larger largest load, no smaller smallest one, no wider gap, no larger sum of squares."""
    applications, pool, needed = situation
    loads = sorted(draw(applications, pool, {"reviewer": needed}, seed).loads.values())
    for other in all_loads(applications, pool, needed):
        assert loads[-1] <= max(other) and loads[0] >= min(other)
        assert loads[-1] - loads[0] <= max(other) - min(other)
        assert sum(load * load for load in loads) <= sum(load * load for load in other)


def all_loads(applications: Sequence[Application], pool: Sequence[Member], needed: int) -> set[tuple[int, ...]]:
    """The loads of every draw: for each application all its choices of people, of which as many as can be know the sector."""
    choices = []
    for application in applications:
        free = [each for each in pool if not conflict(each, application)]
        groups = list(combinations(free, min(needed, len(free))))
        known = [sum(each.knows(application.industry) for each in group) for group in groups]
        most = max(known) if application.industry else None
        choices.append([group for group, count in zip(groups, known, strict=True) if most in (None, count)])
    found = set()
    for picked in product(*choices):
        counts = Counter(each.id for group in picked for each in group)
        found.add(tuple(counts[each.id] for each in pool))
    return found


@given(st.integers(0, 40), st.integers(1, 9), st.integers(1, 3), st.text(max_size=3))
def test_without_conflicts_no_two_loads_differ_by_more_than_one(cases: int, people: int, needed: int, seed: str) -> None:
    found: Draw = draw([case(f"{i:02}") for i in range(cases)], [member(f"P{i}") for i in range(people)], {"reviewer": needed}, seed)
    assert max(found.loads.values()) - min(found.loads.values()) <= 1
