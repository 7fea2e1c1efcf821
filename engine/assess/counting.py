"""Conditions that count conclusions, of which only the least and the most may be known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from engine.language import Env, Node, Row, Unknown, Value
from engine.language.parse import COMPARISONS
from engine.language.typed import Constant, Input, Operation, walk

Count = tuple[str, int, int, bool]
"""What is counted, how many of it there are at least and as far as is known at most, and whether there may be any number more."""


def counted_truth(node: Node, run: Callable[[Env, Row], Value], env: Env, counts: Sequence[Count]) -> Value:
    """The truth of a condition if it is the same whatever the counts turn out to be, otherwise unknown."""
    unbounded = any(open_ended for *_, open_ended in counts)
    if unbounded and not _settles(node):
        return Unknown(())
    further = _largest(node) + 1
    ranges = [range(least, max(most, further if open_ended else most) + 1) for _, least, most, open_ended in counts]
    names = [name for name, *_ in counts]
    answers = {run(_with(env, names, numbers), {}) for numbers in product(*ranges)}
    return answers.pop() if len(answers) == 1 else Unknown(())


def _with(env: Env, names: Sequence[str], numbers: Sequence[int]) -> Env:
    values: dict[str, Value] = {**env.values, **{name: Fraction(number) for name, number in zip(names, numbers, strict=True)}}
    return replace(env, values=values)


def _settles(node: Node) -> bool:
    """Whether a condition stays as it is once each count is beyond its constants: counts, or sums of them, against a constant."""
    compared = isinstance(node, Operation) and node.operator in COMPARISONS
    return compared and all(
        isinstance(part, Input | Constant) or (isinstance(part, Operation) and part.operator == "+")
        for part in walk(node)
        if part is not node
    )


def _largest(node: Node) -> int:
    """The largest constant of a condition, rounded up; their sum where there are several."""
    return math.ceil(sum(part.value for part in walk(node) if isinstance(part, Constant) and isinstance(part.value, Fraction)))
