"""Notes on a dossier as plain texts of one language: what report, workbook and terminal show of advice, each in its own look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its title, its share of the width, and whether it holds numbers."""

    title: str
    width: int
    right: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """One part: its title, lines, and a table of at most five columns; ``more`` rows of it are left out. ``key`` says which part it is."""

    title: str
    lines: tuple[str, ...]
    heads: tuple[Head, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    more: int = 0
    key: str = ""
