"""Expression text to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.language.errors import ExpressionError, InvalidExpression

KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
WORD = r"[^\W\d]\w*"
_PATTERN = re.compile(
    rf"""\s*(?:
      (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<name>{WORD}(?:\.{WORD})*)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<unit>\[[^\[\]]*\]|%)
    | (?P<operator><=|>=|==|!=|[-+*/<>(),.])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text, its kind (``number name keyword text unit operator end``) and its place."""

    kind: str
    text: str
    position: int


def tokenize(text: str) -> list[Token]:
    """All tokens, the last of kind ``end``. Raises InvalidExpression at the first character that begins none."""
    tokens: list[Token] = []
    at = 0
    while not tokens or tokens[-1].kind != "end":
        match = _PATTERN.match(text, at)
        if match is None:
            raise InvalidExpression(text, (_unreadable(text, at),))
        kind = match.lastgroup or ""
        word = match[kind]
        tokens.append(Token("keyword" if word in KEYWORDS and kind == "name" else kind, word, match.start(kind)))
        at = match.end()
    return tokens


def _unreadable(text: str, at: int) -> ExpressionError:
    while text[at].isspace():
        at += 1
    unclosed = {'"': "expression_unclosed_text", "'": "expression_unclosed_text", "[": "expression_unclosed_unit"}
    return ExpressionError(unclosed.get(text[at], "expression_unexpected_character"), at, (("character", text[at]),))
