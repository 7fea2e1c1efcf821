"""Names, types and units of an expression, checked against a ruleset before anything is computed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from fractions import Fraction

from engine.language.ast import Binary, Call, Expr, Lookup, Member, Name, NumberLiteral, TextLiteral, TruthLiteral, Unary, levels
from engine.language.errors import ExpressionError, InvalidExpression, UnitError
from engine.language.parse import COMPARISONS, parse
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
    typed_expr,
)
from engine.language.types import CodeSet, Day, Month, Number, Scope, Text, Truth, Type, show_type
from engine.language.units import Unit, Units, multiply

STATUSES = ("met", "not_met", "scored", "undetermined", "not_applicable")
_ROW_FUNCTIONS = {"sum": (1, 2), "only": (2, 2), "count": (1, 1), "any": (1, 1), "all": (1, 1)}
_TRUTH_FUNCTIONS = frozenset({"any", "all", "given", "same_text", *STATUSES})
_OF_TWO: dict[str, tuple[tuple[type[Type], ...], str, Type]] = {
    "months_between": ((Day, Month), "日期或月份 date or month", Number()),
    "same_text": ((Text,), "文字 text", Truth()),
}
"""Functions of two values: the types they take, how an error names those, and the type of the result."""
_OF_VALUES = ("min", "max", "abs", "first", "if", "level", "reached", "rank", "opening", "given", "year", "years_after", "lookup")
FUNCTIONS = frozenset({*_ROW_FUNCTIONS, *_OF_TWO, *_OF_VALUES, *STATUSES})
_ORDER = COMPARISONS - {"==", "!="}


def check(
    text: str, scope: Scope, units: Units, expected: Type | Unit | None = None, row_of: str = "", *, joins: bool = False
) -> TypedExpr:
    """The typed expression; ``expected`` is the type, or the unit, that the place asks for.

    With ``row_of`` it is computed for each row of that table, whose columns it may use. With ``joins`` it may also hold the row
    against the rows of a table: within an aggregate over another table, the columns of ``row_of`` are those of the row itself.
    Raises InvalidExpression with every mistake found.
    """
    syntax = parse(text)
    checker = _Checker(scope, units)
    checker.in_aggregate, checker.joins = bool(row_of), row_of if joins else ""
    root = checker.node(syntax)
    for cell in checker.cells if row_of else ():
        if cell.table != row_of:
            checker.error("expression_other_table", cell.syntax, name=f"{cell.table}.{cell.column}", table=row_of)
    if root is not None and expected is not None:
        checker.fits(root, expected)
    if root is None or checker.errors:
        raise InvalidExpression(text, tuple(sorted(set(checker.errors), key=lambda e: (e.position, e.code))))
    return typed_expr(text, syntax, root)


def _is_zero(node: Node) -> bool:
    """A bare 0 is the same in every unit."""
    return isinstance(node.syntax, NumberLiteral) and not node.syntax.value and not node.syntax.unit


def _bare_hundreds(syntax: Expr) -> Iterator[NumberLiteral]:
    """Literal 100s that scale the value itself: factors and terms, not divisors."""
    match syntax:
        case NumberLiteral(value=100, unit=""):
            yield syntax
        case Unary(operator="-"):
            yield from _bare_hundreds(syntax.operand)
        case Binary(operator="/"):
            yield from _bare_hundreds(syntax.left)
        case Binary(operator="+" | "-" | "*"):
            yield from _bare_hundreds(syntax.left)
            yield from _bare_hundreds(syntax.right)
        case Call(function="sum"):
            yield from _bare_hundreds(syntax.arguments[0])
        case Call(function="min" | "max" | "first" | "abs"):
            for argument in syntax.arguments:
                yield from _bare_hundreds(argument)


class _Checker:
    """One walk over one tree; a node that could not be typed is None, already reported, and silences what depends on it."""

    def __init__(self, scope: Scope, units: Units) -> None:
        self.scope, self.units = scope, units
        self.errors: list[ExpressionError] = []
        self.in_aggregate = False
        self.cells: list[Cell] = []
        self.joins = ""
        self.nested = False
        self.outer = ""

    def error(self, code: str, syntax: Expr, **params: str) -> None:
        self.errors.append(ExpressionError(code, syntax.position, tuple(params.items())))

    def show(self, kind: Type) -> str:
        return show_type(kind, self.units)

    def unknown(self, code: str, syntax: Expr, name: str) -> None:
        close = difflib.get_close_matches(name, [*self.scope.candidates(), *FUNCTIONS], 3)
        self.error(code, syntax, name=name, close=", ".join(close) or "—")

    def fits(self, root: Node, expected: Type | Unit) -> None:
        """Report a value of another type or unit than the place asks for, and a percentage taken times 100."""
        wanted = Number(expected.dimension) if isinstance(expected, Unit) else expected
        if root.type != wanted and not (isinstance(wanted, Number) and _is_zero(root)):
            shown = expected.text if isinstance(expected, Unit) else self.show(wanted)
            self.error("expression_expected", root.syntax, wanted=shown, found=self.show(root.type))
        elif isinstance(expected, Unit) and not expected.dimension and expected.factor == Fraction(1, 100):
            self.percent(root.syntax)

    def percent(self, syntax: Expr) -> None:
        for literal in _bare_hundreds(syntax):
            self.error("expression_percent_twice", literal)

    def kind(self, node: Node | None, wanted: type[Number] | type[Truth] | type[Text], part: str) -> bool:
        """Whether a typed node is of a kind; reports it where it is of another."""
        if node is None:
            return False
        if not isinstance(node.type, wanted):
            names = {Number: "数值 number", Truth: "是非 truth", Text: "文字 text"}
            self.error("expression_kind", node.syntax, part=part, wanted=names[wanted], found=self.show(node.type))
            return False
        return True

    def kinds(self, nodes: Sequence[Node | None], wanted: type[Number] | type[Truth], part: str) -> bool:
        """Whether all nodes are of a kind; reports each that is not."""
        found = [self.kind(node, wanted, part) for node in nodes]
        return all(found)

    def same(self, nodes: Sequence[Node], syntax: Expr, part: str) -> Type | None:
        """The one type of several values; a bare 0 takes the unit of its neighbours."""
        first = next((node for node in nodes if not _is_zero(node)), nodes[0])
        for node in nodes:
            if node.type == first.type or (_is_zero(node) and isinstance(first.type, Number)):
                continue
            both = isinstance(node.type, Number) and isinstance(first.type, Number)
            code = "expression_unit_clash" if both else "expression_kind_clash"
            self.error(code, syntax, part=part, left=self.show(first.type), right=self.show(node.type))
            return None
        return first.type

    def node(self, syntax: Expr) -> Node | None:
        """The typed node of a part of the tree, or None."""
        match syntax:
            case NumberLiteral():
                return self.number(syntax)
            case TextLiteral():
                return Constant(Text(), syntax, syntax.value)
            case TruthLiteral():
                return Constant(Truth(), syntax, syntax.value)
            case Name():
                return self.name(syntax)
            case Unary():
                return self.unary(syntax)
            case Binary():
                return self.binary(syntax)
            case Member():
                return self.member(syntax)
            case Call():
                return self.call(syntax)
            case Lookup():
                return self.reference(syntax)

    def number(self, syntax: NumberLiteral) -> Node | None:
        try:
            unit = self.units.parse(syntax.unit or "1")
        except UnitError as error:
            self.error(error.code, syntax, **error.params)
            return None
        return Constant(Number(unit.dimension), syntax, syntax.value * unit.factor)

    def name(self, syntax: Name) -> Input | Cell | Outer | Year | None:
        kind = self.scope.name_type(syntax.name)
        if kind is not None:
            return Input(kind, syntax, syntax.name)
        if syntax.name == "year":
            return Year(Number(), syntax, 0)
        table, _, column = syntax.name.rpartition(".")
        columns = self.scope.table_columns(table) if table else None
        if columns is None:
            self.unknown("expression_unknown_name", syntax, syntax.name)
            return None
        if column not in columns:
            self.unknown("expression_unknown_column", syntax, syntax.name)
            return None
        if table == self.outer:
            return Outer(columns[column], syntax, table, column)
        cell = Cell(columns[column], syntax, table, column)
        self.cells.append(cell)
        if not self.in_aggregate:
            self.error("expression_column_outside", syntax, name=syntax.name)
            return None
        return cell

    def unary(self, syntax: Unary) -> Node | None:
        operand = self.node(syntax.operand)
        wanted: type[Number] | type[Truth] = Truth if syntax.operator == "not" else Number
        if not self.kind(operand, wanted, syntax.operator) or operand is None:
            return None
        return Operation(operand.type, syntax, "not" if wanted is Truth else "neg", (operand,))

    def binary(self, syntax: Binary) -> Node | None:
        left, right = self.node(syntax.left), self.node(syntax.right)
        operator = syntax.operator
        in_time = operator in _ORDER and any(isinstance(node.type, Day | Month) for node in (left, right) if node is not None)
        if operator in ("==", "!=") or in_time:
            fine = left is not None and right is not None
        else:
            wanted: type[Number] | type[Truth] = Truth if operator in ("and", "or") else Number
            fine = self.kinds((left, right), wanted, operator)
        if not fine or left is None or right is None:
            return None
        kind = self.result(syntax, left, right)
        return None if kind is None else Operation(kind, syntax, operator, (left, right))

    def result(self, syntax: Binary, left: Node, right: Node) -> Type | None:
        """The type of an operator's result."""
        operator = syntax.operator
        if operator in ("*", "/") and isinstance(left.type, Number) and isinstance(right.type, Number):
            return Number(multiply(left.type.dimension, right.type.dimension, 1 if operator == "*" else -1))
        kind = self.same((left, right), syntax, operator)
        if operator not in COMPARISONS:
            return kind
        for one, other in ((left, right), (right, left)):
            if isinstance(one.syntax, NumberLiteral) and one.syntax.unit == "%":
                self.percent(other.syntax)
        return None if kind is None else Truth()

    def member(self, syntax: Member) -> Node | None:
        item = self.node(syntax.item)
        fine = self.kind(item, Text, "in")
        if isinstance(syntax.choices, tuple):
            return Membership(Truth(), syntax, item, frozenset(syntax.choices)) if fine and item else None
        choices = self.name(syntax.choices)
        if choices is None or isinstance(choices, Year) or not isinstance(choices.type, CodeSet):
            if choices is not None:
                found = self.show(choices.type)
                self.error("expression_kind", syntax.choices, part="in", wanted="代码集 code set", found=found)
            return None
        return Membership(Truth(), syntax, item, choices) if fine and item else None

    def call(self, syntax: Call) -> Node | None:
        function, arguments = syntax.function, syntax.arguments
        if function not in FUNCTIONS:
            self.unknown("expression_unknown_function", syntax, function)
            return None
        if function in STATUSES:
            return self.status(syntax)
        if function == "given":
            return self.given(syntax)
        if function == "year":
            return self.year(syntax)
        if function in _OF_TWO:
            return self.of_two(syntax) if self.counted(syntax, 2, 2) else None
        if function in _ROW_FUNCTIONS:
            return self.aggregate(syntax) if self.counted(syntax, *_ROW_FUNCTIONS[function]) else None
        if function == "rank":
            return self.rank(syntax) if self.counted(syntax, 1, 1) else None
        if function == "opening":
            return self.opening(syntax)
        if function == "years_after":
            return self.years_after(syntax)
        if function in ("if", "level", "reached"):
            return self.conditional(syntax)
        if function in ("min", "max") and (len(arguments) == 1 or (len(arguments) == 2 and self.is_condition(arguments[1]))):
            return self.aggregate(syntax)
        return self.scalar(syntax)

    def counted(self, syntax: Call, least: int, most: int) -> bool:
        if least <= len(syntax.arguments) <= most:
            return True
        wanted = str(least) if least == most else f"{least}-{most}"
        self.error("expression_argument_count", syntax, function=syntax.function, wanted=wanted, found=str(len(syntax.arguments)))
        return False

    def of_two(self, syntax: Call) -> Node | None:
        """``months_between`` and ``same_text``."""
        kinds, wanted, result = _OF_TWO[syntax.function]
        nodes = [self.node(argument) for argument in syntax.arguments]
        wrong = [node for node in nodes if node is not None and not isinstance(node.type, kinds)]
        for node in wrong:
            self.error("expression_kind", node.syntax, part=syntax.function, wanted=wanted, found=self.show(node.type))
        typed = tuple(node for node in nodes if node is not None)
        return None if wrong or len(typed) < len(nodes) else Operation(result, syntax, syntax.function, typed)

    def scalar(self, syntax: Call) -> Node | None:
        """``abs``, ``first``, and ``min``/``max`` of several values."""
        nodes = [self.node(argument) for argument in syntax.arguments]
        typed = [node for node in nodes if node is not None]
        if syntax.function != "first":
            if not self.kinds(typed, Number, syntax.function):
                return None
            if syntax.function == "abs" and not self.counted(syntax, 1, 1):
                return None
        if len(typed) < len(nodes):
            return None
        kind = self.same(typed, syntax, syntax.function)
        return None if kind is None else Operation(kind, syntax, syntax.function, tuple(typed))

    def conditional(self, syntax: Call) -> Node | None:
        """``if`` one of two values; ``level``, the first limit that a value does not exceed; ``reached``, its way from base to lead."""
        function, is_if = syntax.function, syntax.function == "if"
        if not self.counted(syntax, 2 if function == "level" else 3, 100 if function == "level" else 3):
            return None
        nodes = [self.node(argument) for argument in syntax.arguments]
        fine = self.kind(nodes[0], Truth, "if") if is_if else self.kinds([node for node in nodes if node], Number, function)
        typed = [node for node in nodes if node is not None]
        if not fine or len(typed) < len(nodes):
            return None
        kind = self.same(typed[1:] if is_if else typed, syntax, function)
        return None if kind is None else Operation(kind if is_if else Number(), syntax, function, tuple(typed))

    def opening(self, syntax: Call) -> Node | None:
        """A look-up on the first day of the statistics year."""
        if not self.counted(syntax, 1, 1):
            return None
        if not isinstance(syntax.arguments[0], Lookup):
            self.error("expression_lookup_wanted", syntax.arguments[0])
            return None
        found = self.reference(syntax.arguments[0])
        return Reference(found.type, syntax, found.table, found.keys, found.column, opening=True) if isinstance(found, Reference) else None

    def rank(self, syntax: Call) -> Node | None:
        """A row's place in its table; the enclosing aggregate is over that table."""
        if not self.in_aggregate:
            self.error("expression_rank_outside", syntax)
            return None
        before = len(self.cells)
        value = self.node(syntax.arguments[0])
        tables = {cell.table for cell in self.cells[before:]}
        if not self.kind(value, Number, "rank") or value is None:
            return None
        if not tables:
            self.error("expression_no_table", syntax, function=syntax.function)
        return Rank(Number(), syntax, tables.pop(), value) if len(tables) == 1 else None

    def years_after(self, syntax: Call) -> Node | None:
        """The day so many whole years after another."""
        if not self.counted(syntax, 2, 2):
            return None
        day, years = self.node(syntax.arguments[0]), syntax.arguments[1]
        if not isinstance(years, NumberLiteral) or years.unit or years.value.denominator != 1 or years.value > 100:
            self.error("expression_year_offset", years)
            return None
        if day is not None and not isinstance(day.type, Day):
            self.error("expression_kind", day.syntax, part="years_after", wanted="日期 date", found=self.show(day.type))
            return None
        return None if day is None else Operation(Day(), syntax, "years_after", (day, Constant(Number(), years, years.value)))

    def is_condition(self, syntax: Expr) -> bool:
        """Whether an expression is a condition by its shape: the second argument that makes ``min(e, where)`` an aggregate."""
        match syntax:
            case TruthLiteral() | Member() | Unary(operator="not"):
                return True
            case Binary(operator=operator):
                return operator in COMPARISONS or operator in ("and", "or")
            case Call(function=function):
                return function in _TRUTH_FUNCTIONS
            case Name(name=name):
                columns = self.scope.table_columns(name.rpartition(".")[0]) or {}
                return isinstance(self.scope.name_type(name) or columns.get(name.rpartition(".")[2]), Truth)
        return False

    def aggregate(self, syntax: Call) -> Node | None:
        """A function over the rows of the one table whose columns its arguments use."""
        function = syntax.function
        if self.in_aggregate and (self.nested or not self.joins):
            self.error("expression_nested_aggregate", syntax, function=function)
            return None
        if function == "count" and (table := self.whole_table(syntax.arguments[0])):
            return Aggregate(Number(), syntax, function, table, None, None)
        around, before = (self.in_aggregate, self.nested, self.outer, self.cells), len(self.errors)
        self.in_aggregate, self.nested, self.outer, self.cells = True, True, self.row_asked_from(syntax), []
        value, *others = (self.node(argument) for argument in syntax.arguments)
        tables = list(dict.fromkeys(cell.table for cell in self.cells))
        self.in_aggregate, self.nested, self.outer, self.cells = around
        where = others[0] if others else None
        if len(tables) > 1:
            self.error("expression_two_tables", syntax, function=function, first=tables[0], second=tables[1])
        truths = [value] if function in ("count", "any", "all") else [where] if others else []
        fine = self.kinds(truths, Truth, function)
        if function in ("sum", "min", "max"):
            fine = self.kind(value, Number, function) and fine
        if not tables and len(self.errors) == before:
            self.error("expression_no_table", syntax, function=function)
        if not fine or value is None or len(tables) != 1:
            return None
        if function == "count":
            return Aggregate(Number(), syntax, function, tables[0], None, value)
        return Aggregate(value.type, syntax, function, tables[0], value, where)

    def row_asked_from(self, syntax: Call) -> str:
        """The table of the row that a rule is about, where an aggregate over another table may ask for it."""
        names = (node.name for level in levels(syntax) for node in level if isinstance(node, Name))
        asked = {name.rpartition(".")[0] for name in names if self.scope.name_type(name) is None}
        others = any(table and table != self.joins and self.scope.table_columns(table) is not None for table in asked)
        return self.joins if others else ""

    def whole_table(self, syntax: Expr) -> str:
        """The name of a table that stands alone, or nothing."""
        if not isinstance(syntax, Name) or self.scope.name_type(syntax.name) is not None:
            return ""
        return syntax.name if self.scope.table_columns(syntax.name) is not None else ""

    def bare_name(self, syntax: Call) -> Name | None:
        if not self.counted(syntax, 1, 1):
            return None
        argument = syntax.arguments[0]
        if isinstance(argument, Name):
            return argument
        self.error("expression_name_wanted", argument, function=syntax.function)
        return None

    def status(self, syntax: Call) -> Node | None:
        name = self.bare_name(syntax)
        if name is None:
            return None
        if not self.scope.status_name(name.name):
            self.unknown("expression_unknown_criterion", name, name.name)
            return None
        return Status(Truth(), syntax, syntax.function, name.name)

    def given(self, syntax: Call) -> Node | None:
        name = self.bare_name(syntax)
        if name is None:
            return None
        subject: Input | Cell | Outer | str = self.whole_table(name)
        if not subject:
            typed = self.name(name)
            if typed is None:
                return None
            if isinstance(typed, Year):
                self.error("expression_name_wanted", name, function="given")
                return None
            subject = typed
        return Given(Truth(), syntax, subject)

    def year(self, syntax: Call) -> Node | None:
        if not self.counted(syntax, 1, 1):
            return None
        argument = syntax.arguments[0]
        literal = argument.operand if isinstance(argument, Unary) else argument
        if not isinstance(literal, NumberLiteral) or literal.unit or literal.value.denominator != 1 or literal.value > 100:
            self.error("expression_year_offset", argument)
            return None
        return Year(Number(), syntax, int(literal.value) * (-1 if isinstance(argument, Unary) else 1))

    def reference(self, syntax: Lookup) -> Node | None:
        keys = [self.node(key) for key in syntax.keys]
        table = self.scope.reference(syntax.table.name)
        if table is None:
            self.unknown("expression_unknown_reference", syntax.table, syntax.table.name)
            return None
        if syntax.column not in table.columns:
            self.unknown("expression_unknown_column", syntax, f"{syntax.table.name}.{syntax.column}")
            return None
        typed = tuple(key for key in keys if key is not None)
        if len(typed) < len(keys):
            return None
        if tuple(key.type for key in typed) != table.keys:
            wanted, found = (", ".join(map(self.show, kinds)) for kinds in (table.keys, [key.type for key in typed]))
            self.error("expression_lookup_keys", syntax, table=syntax.table.name, wanted=wanted or "—", found=found or "—")
            return None
        return Reference(table.columns[syntax.column], syntax, syntax.table.name, typed, syntax.column)
