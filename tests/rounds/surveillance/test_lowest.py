"""The lowest share of a list: how many, ties at the edge, small lists."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rounds.surveillance import EventKind, Scored, load_surveillance, lowest_events, lowest_of
from engine.rounds.surveillance.rules import Lowest
from tests.rounds.surveillance.made import SOURCE


def spec(rounding: str = "floor", edge: str = "spare", percent: str | None = "5", minimum: str | None = "1") -> Lowest:
    given: dict[str, Any] = {"rounding": {"value": rounding, "source": SOURCE}, "edge": {"value": edge, "source": SOURCE}}
    return Lowest.model_validate(given | {"percent": percent, "minimum_list": minimum, "source": SOURCE})


def scored(*scores: int | None) -> list[Scored]:
    return [Scored(f"H{i:03}", f"C{i:03}", None if score is None else Fraction(score)) for i, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("size", "floor", "half_even", "ceiling"),
    [
        (0, 0, 0, 0),
        (1, 0, 0, 1),
        (9, 0, 0, 1),
        (10, 0, 0, 1),
        (11, 0, 1, 1),
        (19, 0, 1, 1),
        (20, 1, 1, 1),
        (21, 1, 1, 2),
        (30, 1, 2, 2),
        (40, 2, 2, 2),
        (50, 2, 2, 3),
    ],
)
def test_how_many_five_percent_are(size: int, floor: int, half_even: int, ceiling: int) -> None:
    counts = [lowest_of(scored(*range(size)), spec(name)).count for name in ("floor", "half_even", "ceiling")]
    assert counts == [floor, half_even, ceiling]


def test_the_lowest_scores_are_taken() -> None:
    found = lowest_of(scored(*range(40, 0, -1)), spec())
    assert [each.score for each in found.lowest] == [1, 2]


def test_who_ties_at_the_edge_without_room_is_spared() -> None:
    found = lowest_of(scored(1, 2, 2, *range(3, 40)), spec(percent="5"))
    assert (found.count, [each.credit_code for each in found.lowest], len(found.tied), found.edge) == (2, ["H000"], 2, 2)


def test_who_ties_at_the_edge_without_room_is_taken() -> None:
    found = lowest_of(scored(1, 2, 2, *range(3, 40)), spec(edge="take"))
    assert ([each.credit_code for each in found.lowest], found.taken_at_edge) == (["H000", "H001", "H002"], True)


def test_a_tie_that_has_room_is_no_tie() -> None:
    found = lowest_of(scored(1, 1, *range(3, 41)), spec())
    assert (len(found.lowest), found.tied) == (2, ())


def test_all_equal_spares_everybody() -> None:
    assert lowest_of(scored(*[7] * 40), spec()).lowest == ()


def test_who_has_no_score_is_not_in_the_list() -> None:
    found = lowest_of(scored(*range(19), None), spec())
    assert (found.listed, found.count, len(found.unscored)) == (19, 0, 1)


@pytest.mark.parametrize(("size", "count"), [(19, 0), (20, 1)])
def test_a_list_shorter_than_the_least_is_left_alone(size: int, count: int) -> None:
    assert lowest_of(scored(*range(size)), spec("ceiling", minimum="20")).count == count


def test_an_unknown_percentage_takes_nobody() -> None:
    assert (lowest_of(scored(*range(40)), spec(percent=None)).share, lowest_of(scored(*range(40)), spec(percent=None)).lowest) == (None, ())


def test_the_share_is_exact() -> None:
    assert lowest_of(scored(*range(30)), spec()).share == Fraction(3, 2)


def test_the_order_of_the_list_does_not_matter() -> None:
    one, *others = ({*lowest_of(list(order), spec("ceiling", percent="50")).lowest} for order in permutations(scored(3, 1, 2, 2)))
    assert all(other == one for other in others)


@given(st.lists(st.integers(0, 6), max_size=60), st.sampled_from(["floor", "ceiling", "half_even"]), st.sampled_from(["spare", "take"]))
def test_nobody_spared_is_below_anybody_taken(scores: list[int], rounding: str, edge: str) -> None:
    found = lowest_of(scored(*scores), spec(rounding, edge))
    taken = {each.credit_code for each in found.lowest}
    rest = [each.score for each in scored(*scores) if each.credit_code not in taken and each.score is not None]
    assert all(each.score is not None and each.score < other for each in found.lowest for other in rest)
    assert len(taken) <= found.count if edge == "spare" else len(taken) >= found.count


def test_the_ranking_becomes_events_of_the_holders() -> None:
    rules = load_surveillance("national_2024").lowest
    assert rules is not None
    events = lowest_events(lowest_of(scored(*range(40)), rules), 2026, "green_park", "2026-06-01", "通报", "王")
    assert [(each.kind, each.year, each.credit_code, each.certificate, each.about_kind) for each in events] == [
        (EventKind.RANKED_LOWEST, 2026, "H000", "C000", "green_park"),
        (EventKind.RANKED_LOWEST, 2026, "H001", "C001", "green_park"),
    ]
