"""A list that an office publishes: who has been certified, or who is proposed; a section with a table for each part."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.platypus import Flowable

from engine.problems import Problem
from engine.report.document import Furniture, build
from engine.report.flow import Para, space, under_heading
from engine.report.forms import ordinal
from engine.report.letter import LetterColumn, paragraphs, shared_out
from engine.report.office import Letterhead, SubjectLine, signed_off
from engine.report.style import HEADING_1
from engine.report.tables import HeavyTable, Row
from engine.report.text import Rich
from engine.texts import say
from engine.version import VERSION


@dataclass(frozen=True, slots=True)
class ListPart:
    """One section: its title and its rows. A row of a single cell is a heading within the table."""

    title: str
    columns: tuple[LetterColumn, ...]
    rows: tuple[tuple[Rich, ...], ...]


@dataclass(frozen=True, slots=True)
class PublicList:
    """What a list says; ``day`` is ISO text. Without any rows it says so."""

    office: str
    title: str
    day: str
    intro: tuple[str, ...]
    parts: tuple[ListPart, ...]
    closing: tuple[str, ...] = ()
    reference: str = ""
    place: str = ""
    contact: str = ""


def list_bytes(listed: PublicList, lang: str = "zh") -> tuple[bytes, list[Problem]]:
    """The list as a PDF, byte for byte the same for the same list, and a warning for each character that the fonts lack."""
    return build(_story(listed, lang), _furniture(listed, lang))


def _story(listed: PublicList, lang: str) -> list[Flowable]:
    story: list[Flowable] = [
        Letterhead(listed.office, listed.reference),
        SubjectLine(listed.title, HEADING_1),
        *paragraphs(listed.intro, lang),
        space(1),
    ]
    if not listed.parts:
        story.append(Para(say("report.nothing_here", lang)))
    for number, part in enumerate(listed.parts, 1):
        title = say("report.section", lang, ordinal=ordinal(number, lang), title=part.title)
        story += under_heading(title, 1, [_table(part), space(2)])
    last = paragraphs(listed.closing, lang)
    return story + signed_off(last, listed.office, listed.place, listed.day, listed.contact, lang)


def _table(part: ListPart) -> HeavyTable:
    columns = shared_out(part.columns)
    rows = [Row(cells, kind="group", spans=(len(columns),)) if len(cells) == 1 else Row(cells) for cells in part.rows]
    return HeavyTable(columns, rows)


def _furniture(listed: PublicList, lang: str) -> Furniture:
    return Furniture(
        lang=lang,
        title=listed.title,
        author=listed.office,
        subject=listed.title,
        keywords=listed.day,
        creator=f"greencert {VERSION}",
        head_left=listed.title,
        head_right=listed.day,
        warning="",
        foot=listed.office,
    )
