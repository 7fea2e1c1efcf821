"""What a comparison says of single statements, in words."""

from __future__ import annotations

from engine.assess.changed import Changed
from engine.assess.sentences import choice_text, title
from engine.assess.statements import Key
from engine.ruleset.programme import Programme
from engine.texts import say

_TOKENS = ("yes", "no", "not_applicable", "not_verified")


def statement_title(one: Changed, programme: Programme, lang: str = "zh") -> str:
    """What a differing statement is about: the input, the table's row and column, the document and what is said of it."""
    return about(one.key, one.row, one.field, programme, lang)


def about(key: Key, row: str, field: str, programme: Programme, lang: str = "zh") -> str:
    """What a cell of a statement is about."""
    group, name = key
    if group in ("frame", "standing"):
        return say(f"compare.statement.{name}", lang)
    if group == "document":
        return say("compare.document", lang, id=name, field=say(f"compare.field.{field}", lang))
    if group.endswith("_evidence"):
        return say("compare.evidence_of", lang, title=title(name, programme, lang))
    if group == "table" and row:
        words = " ".join(_code(part, programme, lang) for part in row.split(" "))
        return f"{title(name, programme, lang)}［{words}］{programme.title(f'{name}.{field}', lang)}"
    whole = title(name, programme, lang)
    return say("compare.of_field", lang, title=whole, field=say(f"compare.field.{field}", lang)) if field else whole


def statement_text(text: str | None, key: Key, programme: Programme, lang: str = "zh") -> str:
    """What stands on one side, answers and choices in words; a dash where nothing is stated."""
    if text is None:
        return say("statuses.no_value", lang)
    if text in _TOKENS:
        return say(f"compare.token.{text}", lang)
    return choice_text(text, lang, programme) if key.group == "input" else text


def _code(code: str, programme: Programme, lang: str) -> str:
    """What people call a code, by whichever reference table has a title for it."""
    titles = (table.title_of(code, lang) for table in programme.references.values())
    return next((found for found in titles if found != code), code)
