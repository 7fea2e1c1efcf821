"""The exact evaluator: a typed tree compiled once to closures over Fractions, run for many dossiers.

Unknown values are values too: they carry their causes through arithmetic, and Kleene's three-valued logic decides what
they leave open. An unknown times zero stays unknown.
"""

from __future__ import annotations

import calendar
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from engine.language.numbers import total
from engine.language.typed import (
    Aggregate,
    Cell,
    Constant,
    Given,
    Input,
    Membership,
    Node,
    Operation,
    Outer,
    Rank,
    Reference,
    Status,
    TypedExpr,
    Year,
    cause_names,
    walk,
)


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """Why a value is unknown (``missing_value``, ``no_benchmark``, ``zero_denominator``, ``no_rows``, ...) and whose it is."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value, for these causes, sorted and each once."""

    causes: tuple[Cause, ...]


Value = Fraction | bool | str | frozenset[str] | Unknown
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Env:
    """What one dossier supplies; a name, table or cell that is absent or None counts as ``missing_value``.

    ``lookup`` gets table, keys and column, ``opening`` too, for the first day of the year; ``status`` gives a criterion's status word;
    ``outer`` is the row that an aggregate over another table is joined to.
    """

    values: Mapping[str, Value]
    tables: Mapping[str, Sequence[Row] | Unknown]
    lookup: Callable[[str, tuple[Any, ...], str], Value]
    status: Callable[[str], str]
    year: int
    opening: Callable[[str, tuple[Any, ...], str], Value] | None = None
    outer: Row | None = None


_Run = Callable[[Env, Any], Any]


def unknown(code: str, name: str) -> Unknown:
    """An unknown value with one cause."""
    return Unknown((Cause(code, name),))


def combine(values: Iterable[Value]) -> Unknown:
    """One unknown with the causes of all the unknowns among the values."""
    return Unknown(tuple(sorted({cause for value in values if isinstance(value, Unknown) for cause in value.causes})))


def compile_expr(typed: TypedExpr) -> Callable[[Env], Value]:
    """A function that computes a checked expression exactly."""
    return compile_node(typed.root)


def compile_row(typed: TypedExpr) -> Callable[[Env, Row], Value]:
    """A function that computes a checked expression of one row of a table; the row is one of those in the ``Env``."""
    return compile_row_node(typed.root)


def compile_row_node(node: Node) -> Callable[[Env, Row], Value]:
    """A function that computes one node of one row of a table."""
    run = _compile(node)

    def evaluate(env: Env, row: Row) -> Value:
        value: Value = run(env, row)
        return value

    return evaluate


def compile_node(node: Node) -> Callable[[Env], Value]:
    """A function that computes one node, such as a term that a trace shows; it must not be inside an aggregate."""
    run = _compile(node)

    def evaluate(env: Env) -> Value:
        value: Value = run(env, None)
        return value

    return evaluate


def _compile(node: Node) -> _Run:
    match node:
        case Constant():
            constant = node.value
            return lambda env, row: constant
        case Input():
            return _input(node.name)
        case Cell() | Outer():
            return _outer(node) if isinstance(node, Outer) else _cell(node)
        case Year():
            offset = node.offset
            return lambda env, row: Fraction(env.year + offset)
        case Operation():
            return _operation(node)
        case Membership():
            return _membership(node)
        case Aggregate():
            return _aggregate(node)
        case Rank():
            return _rank(node)
        case Reference():
            return _reference(node)
        case Given():
            return _given(node)
        case Status():
            return _status(node)


def _input(name: str) -> _Run:
    missing = unknown("missing_value", name)

    def run(env: Env, row: Any) -> Any:
        value = env.values.get(name)
        return missing if value is None else value

    return run


def _cell(node: Cell) -> _Run:
    column, missing = node.column, unknown("missing_value", f"{node.table}.{node.column}")

    def run(env: Env, row: Any) -> Any:
        value = row.get(column)
        return missing if value is None else value

    return run


def _outer(node: Outer) -> _Run:
    column, missing = node.column, unknown("missing_value", f"{node.table}.{node.column}")

    def run(env: Env, row: Any) -> Any:
        value = None if env.outer is None else env.outer.get(column)
        return missing if value is None else value

    return run


_BLANK = re.compile(r"\s+")
_DASH = re.compile(r"[\u2010-\u2015\u2212]")


def months_between(first: str, last: str) -> Fraction:
    """Calendar months from the month of one day or month (ISO text) to that of another, below zero where that is earlier.

    Days within a month do not count, so that the number is whole and 31 January to 1 February is one.
    """
    begin, end = ([int(part) for part in text.split("-")[:2]] for text in (first, last))
    return Fraction((end[0] - begin[0]) * 12 + end[1] - begin[1])


def years_after(day: str, years: Fraction) -> str:
    """The day (ISO text) so many years later; the month's last day where there is no such day, after 29 February."""
    year, month, of_month = (int(part) for part in day.split("-"))
    later = year + int(years)
    return f"{later:04d}-{month:02d}-{min(of_month, calendar.monthrange(later, month)[1]):02d}"


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for letter case, white space, and the width and form of characters."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return _DASH.sub("-", _BLANK.sub("", unicodedata.normalize("NFKC", text).casefold()))


_DIRECT: Mapping[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "==": operator.eq, "!=": operator.ne, "neg": operator.neg, "not": operator.not_, "abs": abs,
    "min": min, "max": max, "months_between": months_between, "years_after": years_after, "same_text": same_text,
}  # fmt: skip


def _operation(node: Operation) -> _Run:
    operands = [_compile(operand) for operand in node.operands]
    if node.operator in ("and", "or"):
        return _kleene(operands[0], operands[1], decisive=node.operator == "or")
    if node.operator == "first":
        return _first(operands)
    if node.operator == "if":
        return _if(*operands)
    if node.operator == "level":
        return _level(operands[0], operands[1:])
    if node.operator == "reached":
        return _reached(operands[0], operands[1], operands[2], cause_names(node.operands[1]) or ("",))
    if node.operator == "/":
        return _divide(operands[0], operands[1], cause_names(node.operands[1]) or ("",))
    apply = _DIRECT[node.operator]
    if len(operands) == 1 and node.operator not in ("min", "max"):
        return _unary(apply, operands[0])
    return _binary(apply, operands[0], operands[1]) if len(operands) == 2 else _several(apply, operands)


def _unary(apply: Callable[[Any], Any], operand: _Run) -> _Run:
    def run(env: Env, row: Any) -> Any:
        value = operand(env, row)
        return value if value.__class__ is Unknown else apply(value)

    return run


def _binary(apply: Callable[[Any, Any], Any], left: _Run, right: _Run) -> _Run:
    def run(env: Env, row: Any) -> Any:
        a, b = left(env, row), right(env, row)
        if a.__class__ is Unknown or b.__class__ is Unknown:
            return combine((a, b))
        return apply(a, b)

    return run


def _several(apply: Callable[..., Any], operands: list[_Run]) -> _Run:
    def run(env: Env, row: Any) -> Any:
        values = [operand(env, row) for operand in operands]
        return combine(values) if any(value.__class__ is Unknown for value in values) else apply(values)

    return run


def _divide(left: _Run, right: _Run, names: tuple[str, ...]) -> _Run:
    zero = Unknown(tuple(Cause("zero_denominator", name) for name in names))
    both = Unknown(tuple(Cause("both_zero", name) for name in names))

    def run(env: Env, row: Any) -> Any:
        a, b = left(env, row), right(env, row)
        if a.__class__ is Unknown or b.__class__ is Unknown:
            return combine((a, b))
        if not b:
            return zero if a else both
        return a / b

    return run


def _kleene(left: _Run, right: _Run, decisive: bool) -> _Run:
    """``or`` (decided by one True) and ``and`` (decided by one False)."""

    def run(env: Env, row: Any) -> Any:
        a = left(env, row)
        if a is decisive:
            return decisive
        b = right(env, row)
        if b is decisive:
            return decisive
        if a.__class__ is Unknown or b.__class__ is Unknown:
            return combine((a, b))
        return not decisive

    return run


def _first(operands: list[_Run]) -> _Run:
    def run(env: Env, row: Any) -> Any:
        tried = []
        for operand in operands:
            value = operand(env, row)
            if value.__class__ is not Unknown:
                return value
            tried.append(value)
        return combine(tried)

    return run


def _if(condition: _Run, then: _Run, otherwise: _Run) -> _Run:
    """One of two values, of which the other is not computed; unknown while the condition is."""

    def run(env: Env, row: Any) -> Any:
        holds = condition(env, row)
        if holds.__class__ is Unknown:
            return holds
        return then(env, row) if holds else otherwise(env, row)

    return run


def _level(value: _Run, limits: list[_Run]) -> _Run:
    """The number of the first limit that a value does not exceed, one more than there are where it exceeds them all.

    A limit without a figure is never met; one that waits for a value of the dossier keeps the level open.
    """

    def run(env: Env, row: Any) -> Any:
        measured = value(env, row)
        if measured.__class__ is Unknown:
            return measured
        open_: list[Any] = []
        for number, limit in enumerate(limits, 1):
            figure = limit(env, row)
            if figure.__class__ is Unknown:
                open_.append(figure)
            elif measured <= figure:
                waiting = [each for each in open_ if any(cause.code != "no_benchmark" for cause in each.causes)]
                return combine(waiting) if waiting else Fraction(number)
        return combine(open_) if open_ else Fraction(len(limits) + 1)

    return run


def _reached(value: _Run, lead: _Run, base: _Run, names: tuple[str, ...]) -> _Run:
    """How far a value has come from the base (0) to the lead (1), where less is better.

    With one of them unknown, what the other decides alone is decided; where both are the same, it is a step.
    """
    benchmark_order = Unknown(tuple(Cause("benchmark_order", name) for name in names))

    def run(env: Env, row: Any) -> Any:
        measured, best, worst = value(env, row), lead(env, row), base(env, row)
        if measured.__class__ is Unknown:
            return measured
        if best.__class__ is Unknown:
            return Fraction(0) if worst.__class__ is not Unknown and measured > worst else combine((best, worst))
        if worst.__class__ is Unknown:
            return Fraction(1) if measured <= best else worst
        if best > worst:
            return benchmark_order
        return Fraction(1) if measured <= best else Fraction(0) if measured >= worst else (worst - measured) / (worst - best)

    return run


def _rank(node: Rank) -> _Run:
    """The largest first, ties in the order of the rows; every row has to be known."""
    table, value = node.table, _compile(node.value)

    def run(env: Env, row: Any) -> Any:
        rows: Any = env.tables[table]
        values = [value(env, each) for each in rows]
        if any(each.__class__ is Unknown for each in values):
            return combine(values)
        at = next(i for i, each in enumerate(rows) if each is row)
        return Fraction(1 + sum(each > values[at] or (each == values[at] and i < at) for i, each in enumerate(values)))

    return run


def _membership(node: Membership) -> _Run:
    if isinstance(node.choices, frozenset):
        choices = node.choices
        return _unary(choices.__contains__, _compile(node.item))
    return _binary(lambda item, codes: item in codes, _compile(node.item), _compile(node.choices))


def _reference(node: Reference) -> _Run:
    table, column, opening, keys = node.table, node.column, node.opening, [_compile(key) for key in node.keys]

    def run(env: Env, row: Any) -> Any:
        values = tuple([key(env, row) for key in keys])
        if any(value.__class__ is Unknown for value in values):
            return combine(values)
        look = env.opening if opening and env.opening else env.lookup
        return look(table, values, column)

    return run


def _given(node: Given) -> _Run:
    if isinstance(node.subject, str):
        table = node.subject
        return lambda env, row: env.tables.get(table).__class__ not in (Unknown, type(None))
    subject = _compile(node.subject)
    return lambda env, row: subject(env, row).__class__ is not Unknown


def _status(node: Status) -> _Run:
    """Known once the criterion is determined; only ``undetermined`` itself can be asked before."""
    name, wanted, open_ = node.name, node.status, unknown("undetermined", node.name)

    def run(env: Env, row: Any) -> Any:
        status = env.status(name)
        if status == "undetermined" and wanted != "undetermined":
            return open_
        return status == wanted

    return run


def _aggregate(node: Aggregate) -> _Run:
    table, function = node.table, node.function
    value = _compile(node.value) if node.value is not None else None
    where = _compile(node.where) if node.where is not None else None
    missing, finish = unknown("missing_value", table), _FINISH[function]
    empty = unknown("no_rows", table)
    joined = any(isinstance(part, Outer) for part in walk(node))

    def run(env: Env, row: Any) -> Any:
        if joined:
            env = replace(env, outer=row)
        rows = env.tables.get(table)
        if rows is None:
            return missing
        if isinstance(rows, Unknown):
            return rows
        values: list[Any] = []
        open_: list[Any] = []
        for each in rows:
            counts = True if where is None else where(env, each)
            if counts is False:
                continue
            cell = counts if value is None or counts.__class__ is Unknown else value(env, each)
            (open_ if cell.__class__ is Unknown else values).append(cell)
        return finish(values, open_, empty)

    return run


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[[list[Any], list[Any], Unknown], Any]:
    return lambda values, open_, empty: combine(open_) if open_ else choose(values) if values else empty


def _decided(decisive: bool) -> Callable[[list[Any], list[Any], Unknown], Any]:
    def finish(values: list[Any], open_: list[Any], empty: Unknown) -> Any:
        if decisive in values:
            return decisive
        return combine(open_) if open_ else not decisive

    return finish


def _only(values: list[Any], open_: list[Any], empty: Unknown) -> Any:
    """The value of the one row: several rows leave it as open as none."""
    if open_:
        return combine(open_)
    return values[0] if len(values) == 1 else empty


_FINISH: Mapping[str, Callable[[list[Any], list[Any], Unknown], Any]] = {
    "sum": lambda values, open_, empty: combine(open_) if open_ else total(values),
    "count": lambda values, open_, empty: combine(open_) if open_ else Fraction(len(values)),
    "only": _only,
    "min": _extreme(min),
    "max": _extreme(max),
    "any": _decided(True),
    "all": _decided(False),
}
