"""Tokens to the syntax tree, by operator precedence. Nothing here is ever evaluated as code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.language.ast import Binary, Call, Expr, Lookup, Member, Name, NumberLiteral, TextLiteral, TruthLiteral, Unary, levels
from engine.language.errors import ExpressionError, InvalidExpression, NumberError
from engine.language.numbers import parse_number
from engine.language.tokens import Token, tokenize

T = TypeVar("T")

MAX_LENGTH = 2000
MAX_DEPTH = 60

COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
NOT, COMPARE, NEGATE, ATOM = 3, 4, 7, 8
PRECEDENCE = {"or": 1, "and": 2, "in": COMPARE, **dict.fromkeys(COMPARISONS, COMPARE), "+": 5, "-": 5, "*": 6, "/": 6}


def parse(text: str) -> Expr:
    """The syntax tree of an expression. Raises InvalidExpression with the first syntax error."""
    if not text.strip():
        raise InvalidExpression(text, (ExpressionError("expression_empty", 0),))
    if len(text) > MAX_LENGTH:
        found = (("limit", str(MAX_LENGTH)), ("length", str(len(text))))
        raise InvalidExpression(text, (ExpressionError("expression_too_long", MAX_LENGTH, found),))
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.next = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        self.next += 1
        return self.tokens[self.next - 1]

    def error(self, code: str, token: Token, **params: str) -> InvalidExpression:
        return InvalidExpression(self.text, (ExpressionError(code, token.position, tuple(params.items())),))

    def unexpected(self, wanted: str) -> InvalidExpression:
        return self.error("expression_unexpected_token", self.token, found=self.token.text or "(end)", wanted=wanted)

    def at(self, *operators: str) -> bool:
        return self.token.kind in ("operator", "keyword") and self.token.text in operators

    def expect(self, operator: str) -> Token:
        if not self.at(operator):
            raise self.unexpected(operator)
        return self.take()

    def whole(self) -> Expr:
        expr = self.expression(1)
        if self.token.kind != "end":
            raise self.unexpected("+ - * / < <= > >= == != and or in")
        if sum(1 for _ in levels(expr)) > MAX_DEPTH:
            raise self.error("expression_too_deep", self.tokens[0], limit=str(MAX_DEPTH))
        return expr

    def expression(self, weakest: int) -> Expr:
        """An expression of operators that bind at least as strongly as ``weakest``."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error("expression_too_deep", self.token, limit=str(MAX_DEPTH))
        expr = self.prefix(weakest)
        while self.at(*PRECEDENCE) and PRECEDENCE[self.token.text] >= weakest:
            operator = self.take()
            strength = PRECEDENCE[operator.text]
            if operator.text == "in":
                expr = Member(expr, self.choices(), position=operator.position)
            else:
                expr = Binary(operator.text, expr, self.expression(strength + 1), position=operator.position)
            if strength == COMPARE and self.at("in", *COMPARISONS):
                raise self.error("expression_chained_comparison", self.token, operator=self.token.text)
        self.depth -= 1
        return expr

    def prefix(self, weakest: int) -> Expr:
        if self.at("-"):
            return Unary("-", position=self.take().position, operand=self.expression(NEGATE))
        if self.at("not") and weakest <= NOT:
            return Unary("not", position=self.take().position, operand=self.expression(NOT))
        if self.at("("):
            self.take()
            expr = self.expression(1)
            self.expect(")")
            return expr
        return self.atom()

    def atom(self) -> Expr:
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "text":
            return TextLiteral(self.take().text[1:-1], position=token.position)
        if self.at("true", "false"):
            return TruthLiteral(self.take().text == "true", position=token.position)
        if token.kind != "name":
            raise self.unexpected("a value, a name or (")
        self.take()
        if not self.at("("):
            return Name(token.text, position=token.position)
        return self.lookup(token) if token.text == "lookup" else Call(token.text, self.listed(self.argument), position=token.position)

    def number(self) -> NumberLiteral:
        """A number and the unit behind it: one symbol, ``%``, or anything in square brackets."""
        token = self.take()
        unit = ""
        if self.token.kind == "unit":
            unit = self.take().text.strip("[] ")
        elif self.token.kind == "name":
            unit = self.take().text
        try:
            return NumberLiteral(parse_number(token.text), unit, position=token.position)
        except NumberError as error:
            raise self.error(error.code, token, **error.params) from error

    def argument(self) -> Expr:
        return self.expression(1)

    def listed(self, item: Callable[[], T]) -> tuple[T, ...]:
        """``(a, b, ...)``, at least one."""
        self.expect("(")
        items = [item()]
        while self.at(","):
            self.take()
            items.append(item())
        self.expect(")")
        return tuple(items)

    def quoted(self) -> str:
        if self.token.kind != "text":
            raise self.unexpected('"…"')
        return self.take().text[1:-1]

    def choices(self) -> tuple[str, ...] | Name:
        if self.token.kind == "name":
            token = self.take()
            return Name(token.text, position=token.position)
        return self.listed(self.quoted)

    def lookup(self, token: Token) -> Lookup:
        table, *keys = self.listed(self.argument)
        if not isinstance(table, Name):
            raise self.error("expression_unexpected_token", token, found="lookup(…)", wanted="lookup(table, key).column")
        self.expect(".")
        if self.token.kind != "name":
            raise self.unexpected("lookup(table, key).column")
        return Lookup(table, tuple(keys), self.take().text, position=token.position)
