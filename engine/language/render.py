"""The syntax tree as text: back to source, or as readable mathematics for reports."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.language.ast import Binary, Call, Expr, Lookup, Member, Name, NumberLiteral, TextLiteral, TruthLiteral, Unary
from engine.language.numbers import MAX_DIGITS, ends_within, to_text
from engine.language.parse import ATOM, COMPARE, NEGATE, NOT, PRECEDENCE
from engine.language.tokens import KEYWORDS, WORD
from engine.texts import say

_SYMBOLS = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
_SIMPLE_UNIT = re.compile(rf"{WORD}|%")


def to_source(expr: Expr) -> str:
    """Source text that parses to an equal tree, with as few parentheses as that allows."""
    return _Source().text(expr, 0)


def render(
    expr: Expr,
    title_of: Callable[[str], str],
    lang: str = "zh",
    value_of: Callable[[Expr], str | None] | None = None,
    unit_of: Callable[[str], str] | None = None,
) -> str:
    """Readable mathematics: ``(总建筑物建筑面积 + 总构筑物建筑面积) ÷ 用地面积``.

    ``title_of`` names inputs, columns (``table.column``), tables and criteria. ``value_of`` may give the text of a value for
    any name, function or look-up, which then stands in its place. ``unit_of`` names units, which go by their symbols without it.
    """
    return _Readable(title_of, lang, value_of or (lambda part: None), unit_of or (lambda unit: unit)).text(expr, 0)


def _number(expr: NumberLiteral) -> str:
    return to_text(expr.value, next(places for places in range(MAX_DIGITS + 1) if ends_within(expr.value, places)))


class _Source:
    """A printer by precedence: ``text`` puts parentheses around what binds more weakly than its place asks for."""

    def text(self, expr: Expr, least: int) -> str:
        text, strength = self.part(expr)
        return f"({text})" if strength < least else text

    def listed(self, exprs: tuple[Expr, ...]) -> str:
        return ", ".join(self.text(expr, 0) for expr in exprs)

    def part(self, expr: Expr) -> tuple[str, int]:
        """The text of a part without outer parentheses, and how strongly it binds."""
        match expr:
            case NumberLiteral():
                unit = expr.unit if _SIMPLE_UNIT.fullmatch(expr.unit) and expr.unit not in KEYWORDS else f"[{expr.unit}]"
                return f"{_number(expr)} {unit}" if expr.unit else _number(expr), ATOM
            case TextLiteral():
                return _quote(expr.value), ATOM
            case TruthLiteral():
                return str(expr.value).lower(), ATOM
            case Name():
                return expr.name, ATOM
            case Unary(operator="not"):
                return f"not {self.text(expr.operand, NOT)}", NOT
            case Unary():
                return f"-{self.text(expr.operand, NEGATE)}", NEGATE
            case Binary():
                strength = PRECEDENCE[expr.operator]
                left = self.text(expr.left, strength + (strength == COMPARE))
                return f"{left} {expr.operator} {self.text(expr.right, strength + 1)}", strength
            case Member():
                choices = expr.choices.name if isinstance(expr.choices, Name) else f"({', '.join(map(_quote, expr.choices))})"
                return f"{self.text(expr.item, COMPARE + 1)} in {choices}", COMPARE
            case Call():
                return f"{expr.function}({self.listed(expr.arguments)})", ATOM
            case Lookup():
                return f"lookup({self.listed((expr.table, *expr.keys))}).{expr.column}", ATOM


def _quote(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


class _Readable(_Source):
    def __init__(
        self, title_of: Callable[[str], str], lang: str, value_of: Callable[[Expr], str | None], unit_of: Callable[[str], str]
    ) -> None:
        self.title_of, self.lang, self.value_of, self.unit_of = title_of, lang, value_of, unit_of

    def say(self, key: str, **params: str) -> str:
        return say(f"language.{key}", self.lang, **params)

    def part(self, expr: Expr) -> tuple[str, int]:
        if isinstance(expr, (Name, Call, Lookup)) and (value := self.value_of(expr)) is not None:
            return value, NEGATE if value.startswith(("-", "−")) else ATOM
        match expr:
            case NumberLiteral():
                return _number(expr) + (" " if expr.unit and expr.unit != "%" else "") + self.unit_of(expr.unit), ATOM
            case TextLiteral():
                return self.quoted(expr.value), ATOM
            case TruthLiteral():
                return self.say(str(expr.value).lower()), ATOM
            case Name():
                return (self.say("year") if expr.name == "year" else self.title_of(expr.name)), ATOM
            case Unary(operator="not"):
                return f"{self.say('not')} {self.text(expr.operand, NOT)}", NOT
            case Unary():
                return f"−{self.text(expr.operand, ATOM)}", NEGATE
            case Binary():
                return self.binary(expr)
            case Member():
                codes = expr.choices
                choices = self.title_of(codes.name) if isinstance(codes, Name) else "{" + ", ".join(map(self.quoted, codes)) + "}"
                return f"{self.text(expr.item, COMPARE + 1)} ∈ {choices}", COMPARE
            case Call():
                return self.call(expr)
            case Lookup():
                return f"{self.title_of(f'{expr.table.name}.{expr.column}')}[{self.listed(expr.keys)}]", ATOM

    def quoted(self, text: str) -> str:
        """A text in quotation marks."""
        return self.say("quoted", text=text)

    def binary(self, expr: Binary) -> tuple[str, int]:
        """Sums and products need no parentheses on their right for what binds equally; a leading minus always does."""
        strength = PRECEDENCE[expr.operator]
        associative = expr.operator in ("+", "*", "and", "or")
        left = self.text(expr.left, strength + (strength == COMPARE))
        right = self.text(expr.right, strength if associative else strength + 1)
        if right.startswith(("-", "−")):
            right = f"({right})"
        word = self.say(expr.operator) if expr.operator in ("and", "or") else _SYMBOLS.get(expr.operator, expr.operator)
        return f"{left} {word} {right}", strength

    def call(self, expr: Call) -> tuple[str, int]:
        if expr.function == "year":
            return self.binary(_year_sum(expr.arguments[0]))
        *values, last = expr.arguments
        if values and (expr.function in ("sum", "only") or (expr.function in ("min", "max") and _is_condition(last))):
            return self.say(expr.function, of=f"{self.listed(tuple(values))} | {self.text(last, 0)}"), ATOM
        return self.say(expr.function, of=self.listed(expr.arguments)), ATOM


def _is_condition(expr: Expr) -> bool:
    match expr:
        case Member() | Unary(operator="not"):
            return True
        case Binary(operator=operator):
            return PRECEDENCE[operator] <= COMPARE
    return False


def _year_sum(offset: Expr) -> Binary:
    back = isinstance(offset, Unary)
    return Binary("-" if back else "+", Name("year"), offset.operand if isinstance(offset, Unary) else offset)
