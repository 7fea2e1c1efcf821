"""The integer program, solved by HiGHS: choose columns at least cost so that all rows hold.

The solver computes with binary floats. Rows whose numbers floats cannot hold are therefore relaxed by a hair before it sees
them, what it returns is checked with fractions, and a solution that does not hold exactly is cut off and the program solved
again: what is found in the end holds exactly, and nothing cheaper was lost on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from typing import TypeAlias

import highspy
import numpy as np

HAIR = 1e-6
"""By so much, of their largest coefficient, rows are relaxed."""

SMALL = 1000
"""Rows of whole numbers below this are exact in floats, and stay as they are."""

MAX_CUTS = 200
"""So many solutions that do not hold exactly, or that a real assessment turns down, are cut off before the search gives up."""


Number: TypeAlias = "Fraction | int"


class Row:
    """``least`` to ``most`` (None: no end) of the sum of columns times their coefficients, exactly and as the solver gets it."""

    def __init__(self, coefficients: Mapping[int, Number], least: Number | None = None, most: Number | None = None) -> None:
        self.coefficients = {column: number for column, number in coefficients.items() if number}
        self.least, self.most = least, most
        largest = max((abs(Fraction(number)) for number in self.coefficients.values()), default=Fraction(1))
        whole = largest < SMALL and all(number.denominator == 1 for number in self.coefficients.values())
        scale, slack = (Fraction(1), 0.0) if whole else (1 / largest, HAIR)
        self.lower = -highspy.kHighsInf if least is None else float(least * scale) - slack
        self.upper = highspy.kHighsInf if most is None else float(most * scale) + slack
        self.columns = np.array(list(self.coefficients), dtype=np.int32)
        self.numbers = np.array([float(number * scale) for number in self.coefficients.values()], dtype=np.float64)

    def holds(self, chosen: frozenset[int]) -> bool:
        """Whether it holds exactly."""
        found = sum(self.coefficients[column] for column in chosen & self.coefficients.keys())
        return (self.least is None or found >= self.least) and (self.most is None or found <= self.most)


@dataclass(slots=True)
class Program:
    """Columns that are 0 or 1, by their costs in whole units, and rows."""

    costs: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, cost: int) -> int:
        """Add a column; its number."""
        self.costs.append(cost)
        return len(self.costs) - 1

    def row(self, coefficients: Mapping[int, Number], least: Number | None = None, most: Number | None = None) -> None:
        """Add a row."""
        self.rows.append(Row(coefficients, least, most))


@dataclass(frozen=True, slots=True)
class Solution:
    """The chosen columns, their cost in whole units, and whether nothing cheaper is left by the solver's own bound."""

    chosen: frozenset[int]
    cost: int
    proven: bool


def cheapest(program: Program, costs: list[int] | None = None) -> Solution | None:
    """The cheapest choice of columns for which all rows hold exactly, None where there is none.

    ``costs`` count instead of the program's own where they are given.
    """
    costs = program.costs if costs is None else costs
    rows = list(program.rows)
    for _ in range(MAX_CUTS):
        found = _solve(costs, rows)
        if found is None:
            return None
        if all(row.holds(found.chosen) for row in program.rows):
            return found
        rows.append(no_good(found.chosen, len(costs)))
    raise RuntimeError("the solver returns no solution that holds exactly")


def no_good(chosen: frozenset[int], columns: int) -> Row:
    """Anything but exactly this choice."""
    return Row({column: 1 if column in chosen else -1 for column in range(columns)}, None, len(chosen) - 1)


class _Quiet(highspy.Highs):
    """A solver that prints nothing, its banner included: that comes when callbacks are enabled, which making one does."""

    def enableCallbacks(self) -> None:
        """Silence first."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _solve(costs: list[int], rows: list[Row]) -> Solution | None:
    if not costs:
        return Solution(frozenset(), 0, True) if all(row.holds(frozenset()) for row in rows) else None
    unit = gcd(*costs) or 1
    solver = _Quiet()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.0)
    for column, cost in enumerate(costs):
        solver.addVar(0.0, 1.0)
        solver.changeColCost(column, float(cost // unit))
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    for row in rows:
        solver.addRow(row.lower, row.upper, len(row.columns), row.columns, row.numbers)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"the solver stopped with {solver.modelStatusToString(status)}")
    values = solver.getSolution().col_value
    chosen = frozenset(column for column, value in enumerate(values) if value > 0.5)
    cost = sum(costs[column] for column in chosen)
    return Solution(chosen, cost, cost // unit - solver.getInfo().mip_dual_bound < 1)
