from __future__ import annotations

from fractions import Fraction

import pytest

from engine.advise.solve import Program, cheapest


def knapsack(costs: list[int], worths: list[Fraction | int], need: Fraction | int) -> Program:
    program = Program()
    columns = [program.column(cost) for cost in costs]
    program.row(dict(zip(columns, worths, strict=True)), need)
    return program


def test_the_cheapest_choice_that_is_worth_enough() -> None:
    found = cheapest(knapsack([3, 2, 4], [3, 2, 4], 5))
    assert found is not None and (found.chosen, found.cost, found.proven) == (frozenset({0, 1}), 5, True)


def test_no_choice_is_worth_enough() -> None:
    assert cheapest(knapsack([1, 1], [1, 1], 3)) is None


def test_thirds_make_a_whole() -> None:
    found = cheapest(knapsack([1, 1, 1], [Fraction(1, 3)] * 3, 1))
    assert found is not None and len(found.chosen) == 3


def test_what_floats_take_for_enough_is_found_out() -> None:
    """The cheap column lacks a billionth: less than the hair by which the row is relaxed for the solver."""
    found = cheapest(knapsack([1, 5], [1 - Fraction(1, 10**9), 1], 1))
    assert found is not None and (found.chosen, found.cost, found.proven) == (frozenset({1}), 5, True)


def test_large_amounts_are_compared_to_the_last_unit() -> None:
    found = cheapest(knapsack([120_000_001, 120_000_000], [1, 1], 1))
    assert found is not None and (found.cost, found.proven) == (120_000_000, True)


def test_an_empty_program_costs_nothing() -> None:
    found = cheapest(Program())
    assert found is not None and found.cost == 0


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    cheapest(knapsack([3, 2, 4], [3, 2, 4], 5))
    assert capfd.readouterr().out == ""
