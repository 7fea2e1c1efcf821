"""The typed tree: what an expression means in its ruleset. Every evaluator, exact or columnar, compiles this and nothing else.

All numbers are in base units. Nodes are frozen; ``syntax`` is the text part that a node stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from engine.language.ast import Expr
from engine.language.types import Type


@dataclass(frozen=True, slots=True)
class _Node:
    type: Type
    syntax: Expr = field(compare=False)


@dataclass(frozen=True, slots=True)
class Constant(_Node):
    """A literal; a number is in base units."""

    value: Fraction | bool | str


@dataclass(frozen=True, slots=True)
class Input(_Node):
    """A scalar value by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Cell(_Node):
    """A column of the row that the enclosing aggregate is at."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Outer(_Node):
    """A column of the row that a rule is about, asked from within an aggregate over another table: what joins the two."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Year(_Node):
    """The statistics year plus an offset."""

    offset: int


@dataclass(frozen=True, slots=True)
class Operation(_Node):
    """An operator or function over one or more operands.

    ``+ - * / neg abs min max first if level reached months_between years_after same_text not and or < <= > >= == !=``.
    """

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Membership(_Node):
    """Whether a text is one of the codes, or in a code set."""

    item: Node
    choices: frozenset[str] | Input | Cell | Outer


@dataclass(frozen=True, slots=True)
class Aggregate(_Node):
    """``sum only count min max any all`` over the rows of a table where a condition holds; ``count`` has no value."""

    function: str
    table: str
    value: Node | None
    where: Node | None


@dataclass(frozen=True, slots=True)
class Rank(_Node):
    """The place of the row that the enclosing aggregate is at among the rows of its table, by a value: 1 is the largest."""

    table: str
    value: Node


@dataclass(frozen=True, slots=True)
class Reference(_Node):
    """A column of the row of a reference table that has these keys, in force at the end of the statistics year or at its opening."""

    table: str
    keys: tuple[Node, ...]
    column: str
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Given(_Node):
    """Whether a value is known: of an input, a cell, or a whole table."""

    subject: Input | Cell | Outer | str


@dataclass(frozen=True, slots=True)
class Status(_Node):
    """Whether a criterion has a status."""

    status: str
    name: str


Node = Constant | Input | Cell | Outer | Year | Operation | Membership | Aggregate | Rank | Reference | Given | Status


def parts(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node."""
    match node:
        case Operation():
            return node.operands
        case Membership():
            return (node.item,) if isinstance(node.choices, frozenset) else (node.item, node.choices)
        case Aggregate():
            return tuple(part for part in (node.value, node.where) if part is not None)
        case Rank():
            return (node.value,)
        case Reference():
            return node.keys
        case Given():
            return () if isinstance(node.subject, str) else (node.subject,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text."""
    yield node
    for part in parts(node):
        yield from walk(part)


def cause_names(node: Node) -> tuple[str, ...]:
    """The inputs, columns, tables and reference tables below a node, each once, as causes name them."""
    return tuple(sorted({name for part in walk(node) if (name := _cause_name(part))}))


def _cause_name(node: Node) -> str:
    match node:
        case Input():
            return node.name
        case Cell() | Outer():
            return f"{node.table}.{node.column}"
        case Reference():
            return node.table
        case Aggregate(value=None, where=None):
            return node.table
    return ""


@dataclass(frozen=True, slots=True)
class TypedExpr:
    """A checked expression and what it uses: scalar names, table columns, criteria with a status, reference tables."""

    text: str
    syntax: Expr
    root: Node
    names: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]]
    statuses: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def type(self) -> Type:
        """The type of the value."""
        return self.root.type

    @property
    def terms(self) -> tuple[Node, ...]:
        """The parts a trace shows with their values: inputs outside aggregates, aggregates, look-ups and years."""
        return tuple(node for node, _ in self.terms_under())

    def terms_under(self) -> Iterator[tuple[Node, Decided]]:
        """Those parts, each with the conditions under which it is computed with."""
        return _terms(self.root, ())


Decided = tuple[tuple[Node, bool], ...]
"""Conditions of ``if``, and how each has to be decided."""


def _terms(node: Node, under: Decided) -> Iterator[tuple[Node, Decided]]:
    if isinstance(node, (Input, Aggregate, Reference, Year)):
        yield node, under
    if isinstance(node, Operation) and node.operator == "if":
        condition, then, otherwise = node.operands
        yield from _terms(condition, under)
        yield from _terms(then, (*under, (condition, True)))
        yield from _terms(otherwise, (*under, (condition, False)))
    elif not isinstance(node, Aggregate):
        for part in parts(node):
            yield from _terms(part, under)


def typed_expr(text: str, syntax: Expr, root: Node) -> TypedExpr:
    """A typed tree with the lists of what it uses."""
    tables: dict[str, set[str]] = {}
    for node in walk(root):
        if isinstance(node, Aggregate):
            tables.setdefault(node.table, set())
        elif isinstance(node, Cell | Outer):
            tables.setdefault(node.table, set()).add(node.column)
        elif isinstance(node, Given) and isinstance(node.subject, str):
            tables.setdefault(node.subject, set())
    return TypedExpr(
        text=text,
        syntax=syntax,
        root=root,
        names=tuple(sorted({node.name for node in walk(root) if isinstance(node, Input)})),
        tables={table: tuple(sorted(columns)) for table, columns in sorted(tables.items())},
        statuses=tuple(sorted({node.name for node in walk(root) if isinstance(node, Status)})),
        references=tuple(sorted({node.table for node in walk(root) if isinstance(node, Reference)})),
    )
