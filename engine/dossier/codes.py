"""Unified social credit codes (GB 32100-2015), with the organisation code inside them (GB 11714-1997)."""

from __future__ import annotations

from engine.language.numbers import half_width
from engine.problems import ProblemList, Where

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015, 4.2: digits and capitals without I, O, S, V and Z; a character's value is its position."""

_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
"""GB 32100-2015, 4.3: the weight of place i is 3^(i-1) mod 31."""

_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714-1997, 4.2: the weights of the eight characters of an organisation code."""

_INNER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_CHECKS = "0123456789X0"
"""GB 11714-1997, 4.2: 11 minus the remainder, with 10 written X and 11 written 0."""

_NATIONAL = "10"
_BY_REGION = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82))
_PROVINCES = frozenset(str(code) for region in _BY_REGION for code in region)
"""GB/T 2260: the first two digits of every division; 10 is used for bodies registered with the central authorities."""


def canonical_credit_code(text: str) -> str:
    """The code as it is stored: half-width, trimmed, upper case."""
    return half_width(text).strip().upper()


def inner_check(body: str) -> str:
    """The check character of the eight characters of an organisation code (GB 11714-1997, 4.2)."""
    total = sum(weight * _INNER_ALPHABET.index(character) for weight, character in zip(_INNER_WEIGHTS, body, strict=True))
    return _INNER_CHECKS[11 - total % 11]


def outer_check(body: str) -> str:
    """The check character of the first seventeen characters of a credit code (GB 32100-2015, 4.3)."""
    total = sum(weight * ALPHABET.index(character) for weight, character in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[-total % 31]


def check_credit_code(text: str, where: Where, problems: ProblemList) -> None:
    """Report each fault of a credit code by itself; the check digits only where length and characters are sound."""
    code = canonical_credit_code(text)
    sound = len(code) == LENGTH
    if not sound:
        problems.error("credit_code_length", where, length=len(code), expected=LENGTH)
    for position, character in enumerate(code[:LENGTH], 1):
        if character not in ALPHABET:
            sound = False
            problems.error("credit_code_character", where, character=character, position=position)
    if not sound:
        return
    if code[2:4] not in _PROVINCES and code[2:4] != _NATIONAL:
        problems.warning("credit_code_division", where, division=code[2:8])
    if code[16] != (expected := inner_check(code[8:16])):
        problems.error("credit_code_inner_digit", where, found=code[16], expected=expected)
    if code[17] != (expected := outer_check(code[:17])):
        problems.error("credit_code_check_digit", where, found=code[17], expected=expected)
