"""What a comparison says of single statements, in words."""

from __future__ import annotations

from engine.assess.changed import Changed
from engine.assess.sentences import title
from engine.ruleset.programme import Programme
from engine.texts import say

_TOKENS = ("yes", "no", "not_applicable", "not_verified")


def statement_title(one: Changed, programme: Programme, lang: str = "zh") -> str:
    """What a differing statement is about: the input, the table's row and column, the document and what is said of it."""
    group, name = one.key
    if group in ("frame", "standing"):
        return say(f"compare.statement.{name}", lang)
    if group == "document":
        return say("compare.document", lang, id=name, field=say(f"compare.field.{one.field}", lang))
    if group.endswith("_evidence"):
        return say("compare.evidence_of", lang, title=title(name, programme, lang))
    if group == "table" and one.row:
        row = " ".join(_code(part, programme, lang) for part in one.row.split(" "))
        return f"{title(name, programme, lang)}［{row}］{programme.title(f'{name}.{one.field}', lang)}"
    about = title(name, programme, lang)
    return say("compare.of_field", lang, title=about, field=say(f"compare.field.{one.field}", lang)) if one.field else about


def statement_text(text: str | None, one: Changed, programme: Programme, lang: str = "zh") -> str:
    """What stands on one side, answers and choices in words; a dash where nothing is stated."""
    if text is None:
        return say("statuses.no_value", lang)
    if text in _TOKENS:
        return say(f"compare.token.{text}", lang)
    definition = programme.inputs.get(one.key.name)
    if one.key.group == "input" and definition is not None and text in definition.choices:
        return definition.choices[text].in_(lang)
    return text


def _code(code: str, programme: Programme, lang: str) -> str:
    """What people call a code, by whichever reference table has a title for it."""
    titles = (table.title_of(code, lang) for table in programme.references.values())
    return next((found for found in titles if found != code), code)
