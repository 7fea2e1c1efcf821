"""What a handbook consists of, as plain data: sections of blocks of marked text, which both renderers draw and neither decides on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Run(NamedTuple):
    """A piece of text of one look: plain, strong, muted or code. With ``mark`` it is the mark of that basis, ``text`` what it says.

    ``target`` is the anchor of the entry that the text speaks of.
    """

    text: str
    style: str = ""
    mark: str = ""
    target: str = ""


Text = tuple[Run, ...]
"""A text, in the order of reading."""


def plain(text: str, style: str = "") -> Text:
    """One run; nothing where there is no text."""
    return (Run(text, style),) if text else ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a remark where it is ``small``."""

    text: Text
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Items of a list."""

    items: tuple[Text, ...]


class Field(NamedTuple):
    """A label and what is said under it, a line each."""

    label: str
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels with what is said under each."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula set apart: what it gives (a symbol with its subscript, or a name), then one expression, or one over another."""

    head: str
    subscript: str
    above: str
    below: str = ""


class Column(NamedTuple):
    """A column of a table: its head, its share of the width, how its cells are aligned (left, right)."""

    title: str
    share: int
    align: str = "left"


class Row(NamedTuple):
    """A row of a table; a ``group`` row is one cell over all columns, a ``total`` closes what is above it."""

    cells: tuple[Text, ...]
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One gate, criterion or indicator: number, title and what it is worth, then its blocks."""

    anchor: str
    number: str
    title: str
    worth: str
    blocks: tuple[Paragraph | Fields | Formula, ...]


Block = Paragraph | Bullets | Fields | Formula | Grid | Entry


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, sections of its own last."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Handbook:
    """The whole: what stands on its cover, then its sections. ``about`` says which files it was made from."""

    lang: str
    kind: str
    title: str
    subtitle: str
    issuer: str
    about: str
    cover: Fields
    legend: Fields
    sections: tuple[Section, ...]

    def walk(self) -> Iterator[tuple[int, Section]]:
        """Every section with its depth (1 for the outermost), in the order of reading."""
        for section in self.sections:
            yield 1, section
            yield from ((2, inner) for inner in section.sections)
