"""Figures in force and how a result names the ones it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.ruleset.schema import Source

SEEN = "seen"
"""The basis of a figure that was read in its document: nobody needs to attest it."""

UNKNOWN = "null"
"""The basis of a figure whose official value is not known: it is never filled, and nothing final rests on it."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who checked figures against which document on which day, and the last day on which that counts (empty: no end)."""

    by: str
    organisation: str
    document: str
    page: str
    on: str
    until: str

    def holds_on(self, day: str) -> bool:
        """Whether it counts for what is decided on a day (ISO text); a day before the check is none the worse for it."""
        return not self.until or day <= self.until


@dataclass(frozen=True, slots=True)
class FigureUsed:
    """A figure that an item rests on: its name there (``points``, ``at_least`` ...), its text (None if unknown), and its source.

    ``key`` is the name under which it can be attested, and ``attestation`` that of its value, expired or not.
    """

    name: str
    text: str | None
    basis: str
    confidence: str | None
    document: str
    clause: str
    key: str = ""
    attestation: Attestation | None = None

    def attested_on(self, day: str) -> bool:
        """Whether a final determination of a day (ISO text) may rest on it."""
        return self.basis == SEEN or (self.attestation is not None and self.attestation.holds_on(day))


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
