"""Findings of checks in words, Chinese or English, from templates only."""

from __future__ import annotations

from engine.assess.results import CheckResult, Names, Place, Shown, Statement
from engine.assess.sentences import number_text, show
from engine.language import parse_number
from engine.problems import Bilingual, Where
from engine.ruleset.programme import Programme
from engine.texts import say

NAMED = 3
"""So many cells of one statement are named; the JSON form has all of them."""


def check_sentence(result: CheckResult, programme: Programme, lang: str) -> str:
    """What a check found: both statements with their cells, and what they were held to, from where."""
    params: dict[str, object] = {"limit": _value(result.limit, programme, lang), "source": _source(result, programme, lang)}
    params |= {"dossier": result.dossier}
    for name, statement in zip(("one", "other"), result.statements, strict=False):
        params[name] = _value(statement.value, programme, lang)
        params[f"{name}_at"] = places_text(statement, programme, lang)
    for name, value in result.params:
        if isinstance(value, Names):
            params[name] = say("checks.separator", lang).join(programme.title(one, lang) for one in value)
        else:
            params[name] = show(value, lang, programme) if isinstance(value, Shown) else _plain(value)
    text = say(f"checks.{result.code}", lang, **params)
    if result.slip:
        slip = programme.slips[result.slip]
        factor = number_text(parse_number(slip.factor))
        text += say("checks.slip", lang, factor=factor, slip=slip.title.in_(lang))
    title = programme.title(result.check, lang)
    if result.row:
        return say("checks.of_row", lang, title=title, row=_in(result.row, lang), text=text)
    return say("checks.whole", lang, title=title, text=text)


def check_advice(result: CheckResult, programme: Programme, lang: str) -> str:
    """What to do about it."""
    return programme.checks[result.check].advice.in_(lang)


def places_text(statement: Statement, programme: Programme, lang: str) -> str:
    """The cells of a statement by their names and places."""
    if not statement.places:
        return say("checks.nowhere", lang)
    shown = say("checks.separator", lang).join(_place(place, programme, lang) for place in statement.places[:NAMED])
    count = len(statement.places)
    return say("checks.more", lang, places=shown, count=count) if count > NAMED else shown


def _place(place: Place, programme: Programme, lang: str) -> str:
    return say("checks.place", lang, name=programme.title(place.name, lang), where=where_text(place.first, place.last, lang))


def where_text(first: Where, last: Where | None, lang: str) -> str:
    """A cell, or several by the first and the last, as people look for it: a line, or a sheet and a cell."""
    if first.sheet:
        key, end = ("checks.cells", last.cell) if last else ("checks.cell", "")
        return say(key, lang, file=first.file, sheet=first.sheet, cell=first.cell, last=end).strip()
    if first.line is not None:
        lines = last is not None and last.line != first.line
        return say(
            "checks.lines" if lines else "checks.line", lang, file=first.file, line=first.line, last=last.line if last else ""
        ).strip()
    return str(first) or say("checks.nowhere", lang)


def _value(shown: Shown | None, programme: Programme, lang: str) -> str:
    """A value as it prints; as it was entered where it has no other form."""
    if shown is None or (shown.value is None and not shown.entered):
        return ""
    if shown.value is None or (shown.entered and not shown.unit):
        return shown.entered
    return show(shown, lang, programme)


def _source(result: CheckResult, programme: Programme, lang: str) -> str:
    """Where a figure comes from: its document, and how it is known."""
    if result.figure is None:
        return ""
    basis = say(f"statuses.figure_basis.{result.figure.basis}", lang)
    place = " ".join(filter(None, (document_text(result.figure.document, lang), result.figure.clause)))
    return say("checks.source", lang, place=place, basis=basis) if place else basis


def document_text(document: str, lang: str) -> str:
    """A document by its name; the engineering defaults, which are none, in the reader's language."""
    return say("checks.default", lang) if document == say("checks.default", "zh") else document


def _in(text: str, lang: str) -> str:
    return text.en if lang == "en" and isinstance(text, Bilingual) else text


def _plain(value: object) -> str:
    return value if isinstance(value, str) else number_text(value)  # type: ignore[arg-type]
