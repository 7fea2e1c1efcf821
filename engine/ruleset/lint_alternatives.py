"""Lint of limits and bases of comparison that depend on a condition: each can apply, none is missing between two others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.language import Node, to_source
from engine.language.typed import Constant, Input, Operation
from engine.problems import ProblemList
from engine.ruleset.compile import Compiled
from engine.ruleset.lint_methods import demands, id_of
from engine.ruleset.methods import Interpolate, Threshold

Cut = tuple[int, Fraction, int]
"""A place on the line of numbers: before (-1) or beyond (1) all of them, or at one (0), just before (0) or just after it (1)."""

START: Cut = (-1, Fraction(0), 0)
END: Cut = (1, Fraction(0), 0)


@dataclass(frozen=True, slots=True)
class _Case:
    """One alternative: its condition as text (empty where it has none), and what it says where it says something simple.

    ``choice`` is the one choice of an input that it asks for; ``span`` the numbers that ``of`` may be.
    """

    number: int
    text: str
    choice: tuple[str, str] | None = None
    of: str = ""
    span: tuple[Cut, Cut] = (START, END)


def alternatives_are_whole(compiled: Compiled, problems: ProblemList) -> None:
    """The first alternative whose condition holds applies: report those that none is left for, and what none is there for."""
    for demand in demands(compiled.programme):
        if isinstance(demand.method, Threshold | Interpolate):
            cases = list(_cases(id_of(demand), demand.method, compiled))
            _unreachable(id_of(demand), cases, compiled, problems)
            if demand.applies_when is None:  # what no case is for may not apply at all
                _left_out(id_of(demand), cases, compiled, problems)


def _cases(name: str, method: Threshold | Interpolate, compiled: Compiled) -> Iterator[_Case]:
    group = "limits" if isinstance(method, Threshold) else "bases"
    conditions = [each.when for each in (method.limits if isinstance(method, Threshold) else method.bases)]
    for i, condition in enumerate(conditions):
        formula = compiled.formulas.get((name, f"{group}[{i}].when"))
        if condition is None:
            yield _Case(i + 1, "")
        elif formula is not None:  # one that is wrong is reported where it is read
            root = formula.typed.root
            of, span = _span(root) or ("", (START, END))
            yield _Case(i + 1, to_source(root.syntax), _choice(root), of, span)


def _unreachable(name: str, cases: Sequence[_Case], compiled: Compiled, problems: ProblemList) -> None:
    for i, case in enumerate(cases):
        if (earlier := _covering(case, cases[:i])) is not None:
            where = compiled.programme.where(name)
            problems.error("alternative_unreachable", where, name=name, number=case.number, earlier=earlier)


def _left_out(name: str, cases: Sequence[_Case], compiled: Compiled, problems: ProblemList) -> None:
    where = compiled.programme.where(name)
    for input_, lacking in _choices_lacking(cases, compiled):
        problems.warning("alternative_missing", where, name=name, input=input_, choices=lacking)
    for one, other in _gaps(cases):
        problems.error("alternatives_gap", where, name=name, one=one.text, other=other.text)


def _covering(case: _Case, before: Sequence[_Case]) -> int | None:
    """The earlier alternative that takes a later one's place, the last of them where several do together."""
    for other in before:
        if not other.text or other.text == case.text:
            return other.number
    spans = sorted((other for other in before if case.of and other.of == case.of), key=lambda other: other.span)
    reached = case.span[0]
    for other in spans:
        if other.span[0] <= reached < other.span[1]:
            reached = other.span[1]
        if reached >= case.span[1]:
            return other.number
    return None


def _choices_lacking(cases: Sequence[_Case], compiled: Compiled) -> Iterator[tuple[str, str]]:
    """The input that every alternative asks a choice of, and its choices that none asks for."""
    found = [case.choice for case in cases]
    asked = {choice[0] for choice in found if choice is not None}
    if None in found or len(asked) != 1:
        return
    [name] = asked
    definition = compiled.programme.inputs.get(name)
    lacking = [choice for choice in (definition.choices if definition else ()) if (name, choice) not in found]
    if lacking:
        yield name, ", ".join(lacking)


def _gaps(cases: Sequence[_Case]) -> Iterator[tuple[_Case, _Case]]:
    """Neighbouring alternatives by the size of one thing that leave numbers between them out; what lies beyond the outer ones may."""
    if len({case.of for case in cases}) != 1 or not cases[0].of:
        return
    ordered = sorted(cases, key=lambda case: case.span)
    last = ordered[0]
    for case in ordered[1:]:
        if case.span[0] > last.span[1]:
            yield last, case
        last = max(last, case, key=lambda each: each.span[1])


def _choice(node: Node) -> tuple[str, str] | None:
    if isinstance(node, Operation) and node.operator == "==":
        left, right = node.operands
        if isinstance(left, Input) and isinstance(right, Constant) and isinstance(right.value, str):
            return left.name, right.value
    return None


def _span(node: Node) -> tuple[str, tuple[Cut, Cut]] | None:
    """The thing that a condition compares with numbers of the ruleset, and what it may be; None for any other condition."""
    if not isinstance(node, Operation) or len(node.operands) != 2:
        return None
    left, right = node.operands
    if node.operator == "and":
        one, other = _span(left), _span(right)
        if one is None or other is None or one[0] != other[0]:
            return None
        return one[0], (max(one[1][0], other[1][0]), min(one[1][1], other[1][1]))
    for side, edge, operator in ((left, right, node.operator), (right, left, _TURNED.get(node.operator, ""))):
        if isinstance(edge, Constant) and isinstance(edge.value, Fraction) and not isinstance(side, Constant):
            before, after = (0, edge.value, 0), (0, edge.value, 1)
            spans = {"<": (START, before), "<=": (START, after), ">": (after, END), ">=": (before, END)}
            return (to_source(side.syntax), spans[operator]) if operator in spans else None
    return None


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
