"""The tables of moves: what is in them happens, what is not is refused with what would be possible."""

from __future__ import annotations

from itertools import product

import pytest

from engine import Refused
from engine.rounds.life import APPLICATION_MOVES, ROUND_MOVES, Moves, moved
from engine.texts import catalogue

TABLES = {"round": ROUND_MOVES, "application": APPLICATION_MOVES}


def states_of(moves: Moves) -> list[str]:
    return sorted({state for table in moves.values() for pair in table.items() for state in pair})


def every_pair() -> list[tuple[str, str, str]]:
    return [(name, move, state) for name, moves in TABLES.items() for move, state in product(moves, states_of(moves))]


@pytest.mark.parametrize(("name", "move", "state"), every_pair())
def test_a_move_leads_on_or_is_refused_with_what_is_possible(name: str, move: str, state: str) -> None:
    moves = TABLES[name]
    if state in moves[move]:
        assert moved(moves, move, state, "x") == moves[move][state]
        return
    with pytest.raises(Refused) as refused:
        moved(moves, move, state, "x")
    (problem,) = refused.value.problems
    assert problem.code == "move_out_of_order"
    words = catalogue("rounds")
    for lang in ("zh", "en"):
        assert words["state"][state][lang] in problem.what(lang)
        assert all(words["move"][other][lang] in problem.fix(lang) for other, table in moves.items() if state in table)


@pytest.mark.parametrize(
    ("name", "first", "last"), [("round", "open", {"closed"}), ("application", "received", {"certified", "declined", "withdrawn"})]
)
def test_every_state_is_reached_and_only_the_last_ones_end(name: str, first: str, last: set[str]) -> None:
    moves, reached = TABLES[name], {first}
    while more := {after for table in moves.values() for before, after in table.items() if before in reached} - reached:
        reached |= more
    assert reached == set(states_of(moves))
    assert {state for state in reached if not any(state in table for table in moves.values())} == last


def test_nobody_gets_a_certificate_without_having_been_published() -> None:
    """Whatever is done, ``issue`` comes after ``publish``, which comes after ``freeze``."""
    assert set(ROUND_MOVES["issue"]) == set(ROUND_MOVES["publish"].values())
    assert set(ROUND_MOVES["publish"]) == set(ROUND_MOVES["freeze"].values())
