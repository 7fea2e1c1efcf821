"""The words by which people answer a criterion, and the one word that each is stored as."""

from __future__ import annotations

from engine.dossier.schema import AS_DECLARED
from engine.language.numbers import half_width

YES = "yes"
NO = "no"
NOT_APPLICABLE = "not_applicable"

_SYNONYMS = {
    YES: ("yes", "y", "true", "是", "符合", "✓", "✔", "√"),
    NO: ("no", "n", "false", "否", "不符合", "✗", "✘", "×"),
    NOT_APPLICABLE: ("not_applicable", "n/a", "na", "不适用"),
    AS_DECLARED: ("as_declared", "同自评"),
}
_TOKENS = {word: token for token, words in _SYNONYMS.items() for word in words}


def canonical_answer(text: str) -> str | None:
    """``yes``, ``no``, ``not_applicable`` or ``as_declared`` for any of their synonyms, full-width ones too; None for other texts."""
    return _TOKENS.get("_".join(half_width(text).casefold().split()))
