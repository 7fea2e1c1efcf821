"""Attestations: who checked which figures of a scheme against which document on which day.

They lie beside their scheme, in ``attestations/<scheme>.yaml``, and are part of its content hash. A record names the standard
whose programme it is for, so that it falls silent when the scheme turns to another edition, and each figure with the value that
was read: a figure that is changed afterwards is no longer attested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import model_validator

from engine.located import Located
from engine.problems import Where
from engine.ruleset.figures import Attestation
from engine.ruleset.schema import Day, Model, Text, Word

FOLDER = "attestations"


class AttestationRecord(Model):
    """One act of checking; ``until`` is the last day on which it counts. ``figures`` holds the values that were read, by key."""

    standard: Text
    document: Text
    page: Text | None = None
    by: Text
    organisation: Text
    checked_on: Day
    until: Day | None = None
    figures: dict[Text, Text]

    @model_validator(mode="after")
    def _in_order(self) -> AttestationRecord:
        if self.until is not None and self.until < self.checked_on:
            raise ValueError("attestation_reversed")
        return self


class Attestations(Model):
    """The file of a scheme's attestations, the newest record last."""

    attestations: Word
    records: tuple[AttestationRecord, ...]


@dataclass(frozen=True, slots=True)
class AttestedFigure:
    """What one record says of one figure, and where."""

    value: str
    attestation: Attestation
    where: Where


@dataclass(frozen=True, slots=True)
class LoadedAttestations:
    """A file of attestations, located for Problems."""

    attestations: Attestations
    located: Located


def attestations_path(scheme: Path) -> Path:
    """Where the attestations of the scheme in a file lie."""
    return scheme.parent / FOLDER / f"{scheme.stem}.yaml"


def attested_figures(loaded: LoadedAttestations | None, standard: str) -> dict[str, tuple[AttestedFigure, ...]]:
    """What has been attested of the programme for a standard, by key."""
    found: dict[str, tuple[AttestedFigure, ...]] = {}
    for i, record in enumerate(loaded.attestations.records if loaded else ()):
        if record.standard == standard:
            made = Attestation(record.by, record.organisation, record.document, record.page or "", record.checked_on, record.until or "")
            for key, value in record.figures.items():
                assert loaded is not None
                where = loaded.located.where(("records", i, "figures", key))
                found[key] = (*found.get(key, ()), AttestedFigure(value, made, where))
    return found


def attestation_of(attested: Mapping[str, Iterable[AttestedFigure]], key: str, text: str | None) -> Attestation | None:
    """The attestation of a figure as it stands; of several the one that counts longest, the later of two alike."""
    fitting = [found.attestation for found in attested.get(key, ()) if found.value == text]
    return max(reversed(fitting), key=lambda one: one.until or "9999-12-31", default=None)
