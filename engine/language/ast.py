"""The syntax tree of expressions: what was written, before names and units mean anything.

Nodes are frozen, compare by content (positions do not count), and hold no reference to their parents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class _Node:
    position: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class NumberLiteral(_Node):
    """A number as written, never negative, with the text of its unit or nothing: ``5000 tce``."""

    value: Fraction
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TextLiteral(_Node):
    """A quoted text."""

    value: str


@dataclass(frozen=True, slots=True)
class TruthLiteral(_Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Name(_Node):
    """A dotted name: an input, an indicator, a conclusion, a table column, a table, or a criterion id."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary(_Node):
    """``-x`` or ``not x``."""

    operator: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary(_Node):
    """Arithmetic, a comparison, ``and`` or ``or``."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Member(_Node):
    """``item in ("a", "b")`` or ``item in code_set``."""

    item: Expr
    choices: tuple[str, ...] | Name


@dataclass(frozen=True, slots=True)
class Call(_Node):
    """A function with its arguments."""

    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Lookup(_Node):
    """``lookup(table, key, ...).column``."""

    table: Name
    keys: tuple[Expr, ...]
    column: str


Expr = NumberLiteral | TextLiteral | TruthLiteral | Name | Unary | Binary | Member | Call | Lookup


def children(expr: Expr) -> tuple[Expr, ...]:
    """The parts of an expression, in the order of the text."""
    match expr:
        case Unary():
            return (expr.operand,)
        case Binary():
            return (expr.left, expr.right)
        case Member():
            return (expr.item, expr.choices) if isinstance(expr.choices, Name) else (expr.item,)
        case Call():
            return expr.arguments
        case Lookup():
            return (expr.table, *expr.keys)
    return ()


def levels(expr: Expr) -> Iterator[tuple[Expr, ...]]:
    """The expression level by level, from the top; as many levels as the tree is deep."""
    level: tuple[Expr, ...] = (expr,)
    while level:
        yield level
        level = tuple(child for node in level for child in children(node))
