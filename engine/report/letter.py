"""A letter of an office: letterhead, reference, addressee, subject, body, tables of reasons, enclosures, and the place of the seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import CondPageBreak, Flowable

from engine.problems import Problem
from engine.report.document import Furniture, build
from engine.report.flow import Item, Para, space
from engine.report.office import Letterhead, SubjectLine, signed_off
from engine.report.style import GRID, HEIGHT, WIDTH
from engine.report.tables import Column, HeavyTable, Row, key_value_rows
from engine.report.text import Rich, Span
from engine.texts import say
from engine.version import VERSION

_LABEL = 92.0


@dataclass(frozen=True, slots=True)
class LetterColumn:
    """A column of a letter's table: its head, its share of the width, and how its cells are aligned."""

    title: str
    share: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class LetterTable:
    """A table with the sentence that introduces it, if any."""

    intro: str
    columns: tuple[LetterColumn, ...]
    rows: tuple[tuple[Rich, ...], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says; ``day`` is ISO text, ``facts`` are names with their values, ``closing`` comes after the tables.

    What is empty leaves no trace: no addressee (where the body names them), no place, no enclosures, no line on whom to ask.
    """

    office: str
    reference: str
    addressee: str
    subject: str
    body: tuple[str, ...]
    day: str
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[LetterTable, ...] = ()
    closing: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    place: str = ""
    contact: str = ""


def letter_bytes(letter: Letter, lang: str = "zh") -> tuple[bytes, list[Problem]]:
    """The letter as a PDF, byte for byte the same for the same letter, and a warning for each character that the fonts lack."""
    return build(_story(letter, lang), _furniture(letter, lang))


def _story(letter: Letter, lang: str) -> list[Flowable]:
    story: list[Flowable] = [
        Letterhead(letter.office, letter.reference),
        SubjectLine(letter.subject),
    ]
    if letter.addressee:
        story.append(Para(Span(say("report.paper.addressee", lang, name=letter.addressee), bold=True), after=GRID))
    story += paragraphs(letter.body, lang)
    if letter.facts:
        pairs: list[tuple[str, Rich]] = [(name, value) for name, value in letter.facts]
        story += [HeavyTable([Column("", _LABEL), Column("", WIDTH - _LABEL)], key_value_rows(pairs), head=False), space(3)]
    for table in letter.tables:
        story += [*_introduced(table), space(3)]
    story += paragraphs(letter.closing[:-1], lang)
    last = paragraphs(letter.closing[-1:], lang)
    if letter.enclosures:
        last.append(Para(Span(say("report.paper.enclosures", lang), bold=True), after=0))
        last += [Item(text, f"{number}.", after=0) for number, text in enumerate(letter.enclosures, 1)]
    return story + signed_off(last, letter.office, letter.place, letter.day, letter.contact, lang)


def _introduced(table: LetterTable) -> list[Flowable]:
    """A table under its sentence, which never ends a page."""
    drawn = HeavyTable(shared_out(table.columns), [Row(cells) for cells in table.rows])
    if not table.intro:
        return [drawn]
    intro = Para(table.intro)
    return [CondPageBreak(min(intro.minimum + intro.spaceAfter + drawn.minimum, HEIGHT - 1)), intro, drawn]


def shared_out(columns: Sequence[LetterColumn]) -> list[Column]:
    """Columns with the width of the page shared out among them."""
    whole = sum(column.share for column in columns)
    return [Column(column.title, WIDTH * column.share / whole, column.align) for column in columns]


def paragraphs(texts: tuple[str, ...], lang: str) -> list[Flowable]:
    """Texts one under the other, each begun as the language does it."""
    indent = "　　" if lang == "zh" else ""
    return [Para(indent + text) for text in texts]


def _furniture(letter: Letter, lang: str) -> Furniture:
    return Furniture(
        lang=lang,
        title=f"{letter.subject} · {letter.addressee}" if letter.addressee else letter.subject,
        author=letter.office,
        subject=letter.subject,
        keywords=letter.reference,
        creator=f"greencert {VERSION}",
        head_left=letter.subject,
        head_right=letter.reference,
        warning="",
        foot=letter.reference,
    )
