"""Numbers as people write them, exact from the text to the print; rounding by GB/T 8170-2008."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from engine.language.errors import NumberError, shorten

MAX_DIGITS = 30
JSON_PLACES = 12

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D}
_NUMBER = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|(?=\.))(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,4}))?")
_LEADING_NUMBER = re.compile(r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?(0|[0-9]{1,3}(\.[0-9]{3})*|[0-9]+),[0-9]+")


def half_width(text: str) -> str:
    """Full-width digits, letters and punctuation as their ASCII forms, character by character; superscripts stay as they are."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def parse_number(text: str) -> Fraction:
    """The exact value of a decimal text such as ``1,234.5``, ``-３０`` or ``1.2e3``. Raises NumberError."""
    clean = half_width(text).strip()
    if not clean:
        raise NumberError("number_empty")
    if len(clean) > 3 * MAX_DIGITS:
        raise NumberError("number_too_long", text=shorten(text), limit=str(MAX_DIGITS))
    match = _NUMBER.fullmatch(clean)
    if match is None or (match[2].startswith("0") and "," in match[2]):
        raise NumberError(_reason(clean), text=shorten(text))
    whole, decimals, exponent = match[2].replace(",", ""), match[3] or "", int(match[4] or 0)
    if len(whole.lstrip("0")) + exponent > MAX_DIGITS or len(decimals) - exponent > MAX_DIGITS:
        raise NumberError("number_too_long", text=shorten(text), limit=str(MAX_DIGITS))
    digits, power = int(f"{match[1]}{whole}{decimals}" if whole or decimals else "0"), exponent - len(decimals)
    return Fraction(digits * 10**power) if power >= 0 else Fraction(digits, 10**-power)


def _reason(clean: str) -> str:
    if _NOT_FINITE.fullmatch(clean):
        return "number_not_finite"
    if _DECIMAL_COMMA.fullmatch(clean):
        return "number_decimal_comma"
    if re.fullmatch(r"[+-]?[0-9]+(,[0-9]+)+(\.[0-9]+)?", clean):
        return "number_grouping"
    return "number_malformed"


def split_quantity(text: str) -> tuple[str, str]:
    """Number text and unit text of ``1,234.5 万kWh`` or ``30%``; the unit text is empty where none is written.

    Raises NumberError where no number leads the text, or where what follows it continues the number (``1 234.5``, ``5-8 t``).
    """
    clean = half_width(text).strip()
    match = _LEADING_NUMBER.match(clean)
    if match is None:
        parse_number(clean)
        raise NumberError("number_malformed", text=shorten(text))
    unit = clean[match.end() :].strip()
    if unit and unit[0] in "0123456789+-.,/":
        raise NumberError("number_malformed", text=shorten(text))
    return match[0], unit


def written_quantity(text: str) -> tuple[str, str] | None:
    """The number and the unit of a figure in an expression, as they are written but without brackets; None of what is computed."""
    try:
        number, unit = split_quantity(text)
    except NumberError:
        return None
    bare = unit.removeprefix("[").removesuffix("]")
    return None if "]" in bare or (bare == unit and set(unit) & set("+*() ")) else (number, bare)


def round_half_even(value: Fraction, step: Fraction = Fraction(1)) -> Fraction:
    """The multiple of ``step`` nearest to ``value``, ties to the even multiple: GB/T 8170 rules 3.2 to 3.4, once only."""
    return round(value / step) * step


def written_step(limit_text: str) -> Fraction:
    """The rounding interval that a limit is written with: ``97.0`` -> 1/10, ``14e2`` -> 100. Raises NumberError."""
    parse_number(limit_text)
    mantissa, _, exponent = half_width(limit_text).strip().lower().partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def compare_rounded(value: Fraction, limit_text: str, step: Fraction | None = None) -> int:
    """-1, 0 or 1 as the value, rounded like the limit is written (GB/T 8170 4.3.3), is below, at or above the limit.

    ``step`` states the interval of limits that a plain decimal cannot show (14 x 100 MPa: limit ``1400``, step 100).
    """
    limit = parse_number(limit_text)
    rounded = round_half_even(value, step or written_step(limit_text))
    return (rounded > limit) - (rounded < limit)


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum; numbers are added by denominator first, which is several times faster than one fraction after another."""
    by_denominator: dict[int, int] = {}
    for value in values:
        numerator, denominator = value.as_integer_ratio()
        by_denominator[denominator] = by_denominator.get(denominator, 0) + numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in by_denominator.items()), Fraction(0))


def ends_within(value: Fraction, places: int) -> bool:
    """Whether the decimal form of the value ends within so many places."""
    return bool(10**places % value.denominator == 0)


def to_text(value: Fraction, places: int | None = None) -> str:
    """A plain decimal, rounded half-even once to ``places`` (trailing zeros kept); without places as :func:`to_json_number`."""
    if places is None:
        return to_json_number(value)
    numerator, denominator = value.as_integer_ratio()
    units, rest = divmod(numerator * 10**places, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and units & 1):
        units += 1
    digits = str(abs(units)).rjust(places + 1, "0")
    sign = "-" if units < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def to_json_number(value: Fraction) -> str:
    """A plain decimal of at most 12 places without trailing zeros, exponent or minus zero."""
    if value.denominator == 1:
        return str(value.numerator)
    text = to_text(value, JSON_PLACES).rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def exact_text(value: Fraction) -> str:
    """The exact value as ``p/q``, also for whole numbers."""
    return f"{value.numerator}/{value.denominator}"


def exact_number(text: str) -> Fraction:
    """The value of an exact text ``p/q``."""
    numerator, _, denominator = text.partition("/")
    return Fraction(int(numerator), int(denominator))
