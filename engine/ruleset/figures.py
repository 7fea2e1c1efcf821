"""Figures in force and how a result names the ones it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.ruleset.schema import Source

UNKNOWN = "null"
"""The basis of a figure whose official value is not known: it is never filled, and nothing final rests on it."""


@dataclass(frozen=True, slots=True)
class FigureUsed:
    """A figure that an item rests on: its name there (``points``, ``at_least`` ...), its text (None if unknown), and its source."""

    name: str
    text: str | None
    basis: str
    confidence: str | None
    document: str
    clause: str

    @property
    def attested(self) -> bool:
        """Whether a final determination may rest on it."""
        return self.basis == "seen"


@dataclass(frozen=True, slots=True)
class SetFigure:
    """A figure in force, from the standard or set over it by the scheme, with the source it is answerable to."""

    value: Fraction | None
    text: str | None
    source: Source
    document: str
    clause: str

    def used_as(self, name: str) -> FigureUsed:
        """The figure as an item names it."""
        return figure_used(name, self.text, self.source, self.document, self.clause)


def figure_used(name: str, text: str | None, source: Source, document: str, clause: str) -> FigureUsed:
    """How a result names a figure; a null one is unknown whatever its source claims."""
    basis = UNKNOWN if text is None else source.basis.value
    return FigureUsed(name, text, basis, source.confidence, source.document or document, source.clause or clause)
