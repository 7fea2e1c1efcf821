"""Units: what people write, read into an exact factor to base units and a dimension. Dimensions never convert silently.

Definitions are written in pint's syntax and resolved by pint when the first unit is read; compound texts are read here, because
``kgce/100 m``, ``kgce/百万片`` and ``万m2`` mean something else to pint than to the people who write them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from engine.language.errors import UnitError, shorten
from engine.language.numbers import half_width

Dimension = tuple[tuple[str, int], ...]
"""Base dimensions with their exponents, sorted by name; the empty tuple is a pure number."""

MULTIPLIERS: Mapping[str, int] = {
    "万亿": 10**12, "千万": 10**7, "百万": 10**6, "十万": 10**5, "亿": 10**8, "万": 10**4, "千": 10**3, "百": 10**2,
}  # fmt: skip
_MAX_LENGTH = 80
_CACHE = 4096
_BUILT_IN = {"%": Fraction(1, 100), "‰": Fraction(1, 1000)}
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_OTHER_FORMS = str.maketrans(
    {**dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)), "㎡": "m^2", "㎥": "m^3", "㎏": "kg", "㎞": "km", "㎢": "km^2"}
)
"""Subscripts and units in one character, as word processors write them."""

_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|([^\W\d]\w*|[%‰])(?:\s*(?:\^|\*\*)\s*(-?[1-9]))?|([*/()]))")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was written, its exact factor to base units, and its dimension."""

    text: str
    factor: Fraction
    dimension: Dimension

    def convertible_to(self, other: Unit) -> bool:
        """Whether values in this unit can be given in the other."""
        return self.dimension == other.dimension


def multiply(left: Dimension, right: Dimension, power: int = 1) -> Dimension:
    """The dimension of a product, or of a quotient with ``power=-1``."""
    exponents = dict(left)
    for name, exponent in right:
        exponents[name] = exponents.get(name, 0) + power * exponent
    return tuple(sorted((name, exponent) for name, exponent in exponents.items() if exponent))


def to_base(number: Fraction, unit: Unit) -> Fraction:
    """A number of the unit as a number of base units."""
    return number * unit.factor


def from_base(value: Fraction, unit: Unit) -> Fraction:
    """A number of base units as a number of the unit."""
    return value / unit.factor


_Size = tuple[Fraction, Dimension]
_ONE: _Size = (Fraction(1), ())


def _times(left: _Size, right: _Size, power: int = 1) -> _Size:
    return left[0] * right[0] ** power, multiply(left[1], right[1], power)


def _pairs(bound: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(bound.items())) if bound else ()


class Units:
    """All units of a ruleset family, from definitions such as ``kgce = 1000 gce``, ``t = 1000 kg = _ = 吨`` or ``件 = [件]``."""

    def __init__(self, definitions: Iterable[str]) -> None:
        self._definitions = tuple(definitions)
        self._read = lru_cache(_CACHE)(self._read_uncached)
        self._slot_factor = lru_cache(_CACHE)(self._slot_factor_uncached)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Every spelling and the name it stands for. Raises UnitError for a definition that is none or repeats a spelling."""
        names: dict[str, str] = {}
        for definition in self._definitions:
            name, *others = (part.strip() for part in definition.split("="))
            for spelling in (name, *(other for other in others[1:] if other != "_")):
                if not others or not spelling.isidentifier() or spelling in names:
                    raise UnitError("unit_definition", text=shorten(definition), symbol=shorten(spelling))
                names[spelling] = name
        return names

    @cached_property
    def _sizes(self) -> dict[str, _Size]:
        """Factor and dimension of every spelling. Raises UnitError for a definition that pint refuses."""
        import pint  # 0.12 s: only for those who read a unit

        names = self._names
        registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Fraction)
        sizes: dict[str, _Size] = {}
        for definition in self._definitions:
            try:
                registry.define(definition)
            except (pint.errors.PintError, TypeError, ValueError) as error:
                raise UnitError("unit_definition", text=shorten(definition), symbol=shorten(definition)) from error
        for spelling, name in names.items():
            try:
                factor, root = registry.get_root_units(name)
            except pint.errors.PintError as error:
                raise UnitError("unit_definition", text=spelling, symbol=str(error.args[0])) from error
            dimension = tuple(sorted((key.strip("[]"), int(str(power))) for key, power in root.dimensionality.items()))
            sizes[spelling] = (Fraction(str(factor)), dimension)
        return sizes

    @cached_property
    def _base_names(self) -> dict[str, str]:
        pairs = (definition.split("=") for definition in self._definitions)
        return {meaning.strip()[1:-1]: name.strip() for name, meaning, *_ in pairs if meaning.strip().startswith("[")}

    def describe(self, dimension: Dimension) -> str:
        """The dimension as the text of its base unit, such as ``gce/g``; ``1`` for pure numbers."""

        def side(sign: int) -> list[str]:
            powers = ((self._base_names.get(name, name), exponent * sign) for name, exponent in dimension)
            return [name + (str(exponent) if exponent > 1 else "") for name, exponent in powers if exponent > 0]

        above, below = side(1), side(-1)
        text = "·".join(above) or "1"
        return text if not below else f"{text}/{below[0]}" if len(below) == 1 else f"{text}/({'·'.join(below)})"

    def parse(self, text: str, bound: Mapping[str, str] | None = None) -> Unit:
        """The unit that a text names; ``bound`` gives the concrete unit texts of generic ones (``product_unit`` -> ``万m``).

        Raises UnitError: ``unit_unknown``, ``unit_malformed``, or ``unit_ambiguous`` for a product after a division.
        """
        return self._read(text, _pairs(bound))

    def convert_for_slot(self, number: Fraction, given: str, slot: str, bound: Mapping[str, str] | None = None) -> Fraction:
        """The stored value (base units of the slot's own, generic text) of a number as it was given; no unit means the slot's.

        Raises UnitError, also ``unit_dimension_mismatch`` where the given unit cannot be converted to the one asked for.
        """
        factor = self._slot_factor(given, slot, _pairs(bound))
        return number if factor == 1 else number * factor

    def _slot_factor_uncached(self, given: str, slot: str, bound: tuple[tuple[str, str], ...]) -> Fraction:
        generic, wanted = self._read(slot, ()), self._read(slot, bound)
        unit = self._read(given, bound) if given.strip() else wanted
        if not unit.convertible_to(wanted):
            shown = slot
            for name, concrete in bound:
                shown = re.sub(rf"\b{re.escape(name)}\b", lambda _, concrete=concrete: concrete, shown)  # type: ignore[misc]
            raise UnitError("unit_dimension_mismatch", found=shorten(given), wanted=shown)
        return unit.factor / wanted.factor * generic.factor

    def _read_uncached(self, text: str, bound: tuple[tuple[str, str], ...]) -> Unit:
        reader = _Reader(text, self, dict(bound))
        return Unit(text, *reader.read())

    def size_of(self, symbol: str, power: int, bound: Mapping[str, str]) -> _Size | None:
        """Factor and dimension of one symbol: bound, built in, defined, with a multiplier before it, or a power behind it.

        A multiplier counts what follows it: 万m2 and 万m² are both 10,000 square metres.
        """
        name = self._names.get(symbol)
        if symbol in _BUILT_IN:
            return _times(_ONE, (_BUILT_IN[symbol], ()), power)
        if name is not None and name in bound:
            concrete = self.parse(bound[name])
            return _times(_ONE, (concrete.factor, concrete.dimension), power)
        if name is not None:
            return _times(_ONE, self._sizes[symbol], power)
        for prefix, multiplier in MULTIPLIERS.items():
            if symbol.startswith(prefix) and symbol != prefix:
                size = self.size_of(symbol.removeprefix(prefix), power, bound)
                return size and (multiplier * size[0], size[1])
        if power == 1 and re.fullmatch(r"[A-Za-z]+[23]", symbol) and symbol[:-1] in self._names:
            return self.size_of(symbol[:-1], int(symbol[-1]), bound)
        return None

    def suggest(self, symbol: str) -> tuple[str, ...]:
        """Known spellings that look like an unknown one."""
        folded = [name for name in self._names if name.casefold() == symbol.casefold()]
        return tuple(dict.fromkeys(folded + difflib.get_close_matches(symbol, self._names, 3)))


class _Reader:
    """One pass over one unit text: ``/`` and ``*`` between factors; a number binds to the symbol right behind it."""

    def __init__(self, text: str, units: Units, bound: Mapping[str, str]) -> None:
        self.text, self.units, self.bound = text, units, bound
        clean = half_width(text).strip().translate(_OTHER_FORMS)
        clean = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "^" + m[0].translate(_SUPERSCRIPTS), clean)
        clean = re.sub(r"[·•⋅・×∙]|(?<![0-9])\.|\.(?![0-9])", "*", clean)
        if not clean or len(clean) > _MAX_LENGTH:
            raise self.error("unit_malformed")
        self.tokens: list[re.Match[str]] = []
        at = 0
        while at < len(clean):
            match = _TOKEN.match(clean, at)
            if match is None:
                raise self.error("unit_malformed")
            self.tokens.append(match)
            at = match.end()
        self.next = 0

    def error(self, code: str) -> UnitError:
        return UnitError(code, text=shorten(self.text))

    def peek(self) -> str:
        """The operator, ``0`` before a number, ``a`` before a symbol, or nothing at the end."""
        if self.next == len(self.tokens):
            return ""
        number, _, _, operator = self.tokens[self.next].groups()
        return operator or ("0" if number else "a")

    def take(self) -> re.Match[str]:
        self.next += 1
        return self.tokens[self.next - 1]

    def read(self) -> _Size:
        size = self.product()
        if self.peek():
            raise self.error("unit_malformed")
        return size

    def product(self) -> _Size:
        size, divided = self.factor(), False
        while (operator := self.peek()) not in ("", ")"):
            if operator in "*/":
                self.take()
            factor = self.factor()  # an unknown symbol is the better thing to say than an ambiguity
            if operator != "/" and divided:
                raise self.error("unit_ambiguous")
            divided = divided or operator == "/"
            size = _times(size, factor, -1 if operator == "/" else 1)
        return size

    def factor(self) -> _Size:
        multiplier, counted = Fraction(1), False
        while self.peek() == "0" or (self.peek() == "a" and self.tokens[self.next][2] in MULTIPLIERS and not self.tokens[self.next][3]):
            number, symbol = self.take().group(1, 2)
            multiplier *= Fraction(number) if number else MULTIPLIERS[symbol]
            counted = True
        if not multiplier:
            raise self.error("unit_malformed")
        if self.peek() == "(":
            self.take()
            size = self.product()
            if self.peek() != ")":
                raise self.error("unit_malformed")
            self.take()
        elif self.peek() == "a":
            size = self.symbol()
        elif counted:
            size = _ONE
        else:
            raise self.error("unit_malformed")
        return multiplier * size[0], size[1]

    def symbol(self) -> _Size:
        symbol, power = self.take().group(2, 3)
        size = self.units.size_of(symbol, int(power or 1), self.bound)
        if size is None:
            close = self.units.suggest(symbol)
            raise UnitError(
                "unit_unknown", text=shorten(self.text), symbol=shorten(symbol), close=", ".join(close) or "—", suggestions=close
            )
        return size
