"""Lint of reference tables that exclude each other: no value rests on two tables of one family.

A formula may choose between them (``if`` of something that one assessment has once), but neither add them up, nor fall back
from one to the other, nor choose row by row.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from engine.language import Node, to_source
from engine.language.typed import Cell, Input, Operation, Reference, parts, walk
from engine.problems import ProblemList
from engine.ruleset.compile import Compiled

Way = tuple[frozenset[tuple[str, bool]], frozenset[str]]
"""One way to compute a value: how the conditions on it are decided, and the tables of families that it rests on."""

Ways = frozenset[Way]
_PLAIN: Ways = frozenset({(frozenset(), frozenset())})


def families_stay_apart(compiled: Compiled, problems: ProblemList) -> None:
    """Report each formula in which two tables of one family come together, where they first do."""
    if any(table.family for table in compiled.programme.references.values()):
        walker = _Families(compiled, problems)
        for table, column in compiled.columns:
            walker.named(f"{table}.{column}")
        for element, place in compiled.formulas:
            walker.named(element) if place == "formula" else walker.formula(element, compiled.formulas[element, place].typed.root)


class _Families:
    def __init__(self, compiled: Compiled, problems: ProblemList) -> None:
        self.compiled, self.problems = compiled, problems
        self.known: dict[str, Ways] = {}

    def named(self, name: str) -> Ways:
        """The ways of an indicator or of a computed column; anything else rests on no table."""
        if name not in self.known:
            self.known[name] = _PLAIN  # a cycle is reported elsewhere
            table, _, column = name.rpartition(".")
            found = self.compiled.columns.get((table, column)) or self.compiled.formulas.get((name, "formula"))
            if found is not None:
                self.known[name] = self.formula(table if (table, column) in self.compiled.columns else name, found.typed.root)
        return self.known[name]

    def formula(self, element: str, root: Node) -> Ways:
        """The ways of a formula; where one mixes a family, that is said and the formula counts as plain."""
        ways = self.ways(root)
        for _, tables in sorted(ways, key=lambda way: sorted(way[1])):
            if mixed := self.mixed(tables):
                first, second = mixed
                self.problems.error("families_mixed", self.compiled.programme.where(element), name=element, first=first, second=second)
                return _PLAIN
        return ways

    def mixed(self, tables: Iterable[str]) -> tuple[str, str] | None:
        """Two of the tables that are of one family."""
        seen: dict[str, str] = {}
        for table in sorted(tables):
            family = self.compiled.programme.references[table].family or ""
            if family in seen:
                return seen[family], table
            seen[family] = table
        return None

    def ways(self, node: Node) -> Ways:
        if isinstance(node, Operation) and node.operator == "if":
            return self.chosen(node)
        if isinstance(node, Input):
            return self.named(node.name)
        if isinstance(node, Cell):
            return self.named(f"{node.table}.{node.column}")
        own = _PLAIN
        if isinstance(node, Reference) and self.compiled.programme.references[node.table].family:
            own = frozenset({(frozenset[tuple[str, bool]](), frozenset({node.table}))})
        return reduce(_together, (self.ways(part) for part in parts(node)), own)

    def chosen(self, node: Operation) -> Ways:
        """Either value under its condition; a condition on the row may hold for one row and not for the next."""
        condition, then, otherwise = node.operands
        before, one, other = self.ways(condition), self.ways(then), self.ways(otherwise)
        if any(isinstance(part, Cell) for part in walk(condition)):
            return reduce(_together, (before, one, other))
        text = to_source(condition.syntax)
        decided = {_under(way, text, True) for way in one} | {_under(way, text, False) for way in other}
        return _together(before, frozenset(decided))


def _under(way: Way, condition: str, holds: bool) -> Way:
    return way[0] | {(condition, holds)}, way[1]


def _together(one: Ways, other: Ways) -> Ways:
    """Every pair of ways that agree on how conditions are decided."""
    found = {(a[0] | b[0], a[1] | b[1]) for a in one for b in other}
    return frozenset(way for way in found if not any((condition, not holds) in way[0] for condition, holds in way[0]))
