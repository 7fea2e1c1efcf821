"""Which documents were brought for an item, and whether they counted on the day of the assessment."""

from __future__ import annotations

from collections.abc import Iterable

from engine.assess.results import EvidenceUsed
from engine.dossier.schema import Dossier, EvidenceRef


class EvidenceBook:
    """The evidence of one dossier on one day."""

    def __init__(self, dossier: Dossier, as_of: str) -> None:
        self._documents = {document.id: document for document in dossier.evidence}
        self._refs: dict[str, tuple[EvidenceRef, ...]] = {name: entry.evidence for name, entry in (*dossier.inputs, *dossier.answers)}
        self._refs |= {name: table.evidence for name, table in dossier.tables}
        self._as_of = as_of
        self._brought: dict[str, tuple[EvidenceUsed, ...]] = {}
        self._seen: dict[EvidenceRef, EvidenceUsed] = {}

    def brought(self, item: str, uses: Iterable[str]) -> tuple[EvidenceUsed, ...]:
        """The documents brought for an item, or for the inputs and tables it is computed from, each once."""
        if item not in self._brought:
            refs = dict.fromkeys(ref for name in (item, *uses) if name in self._refs for ref in self._refs[name])
            self._brought[item] = tuple(self._used(ref) for ref in refs)
        return self._brought[item]

    def _used(self, ref: EvidenceRef) -> EvidenceUsed:
        if ref not in self._seen:
            document = self._documents[ref.id]
            counted = document.issued <= self._as_of and (not document.valid_until or self._as_of <= document.valid_until)
            self._seen[ref] = EvidenceUsed(ref.id, document.title, ref.pages, document.issued, document.valid_until, counted)
        return self._seen[ref]
