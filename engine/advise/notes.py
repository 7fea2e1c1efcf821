"""Everything a report says of advice, from one dossier's assessment: the notes of its section, and the sentence of page one."""

from __future__ import annotations

from engine.advise.outlook import outlook
from engine.advise.outlook_words import stability_sentence
from engine.advise.route import cheapest_route
from engine.advise.sections import Sections
from engine.dossier.notes import Note
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme

ADVICE_ROWS = 12
"""So many rows of each table of advice are in a report; ``greencert advise`` has all of them."""


def advice_notes(programme: Programme, dossier: Dossier, basis: str, closed: bool, lang: str) -> tuple[tuple[Note, ...], str]:
    """The notes of advice on a dossier assessed on a basis, and the sentence on its stability."""
    found = outlook(programme, dossier, basis, close=closed)
    route = cheapest_route(programme, dossier, basis, close=closed)
    sections = Sections(programme, dossier, lang, ADVICE_ROWS)
    return (sections.route(route), *sections.all(found)), stability_sentence(found.stability, programme, lang)
