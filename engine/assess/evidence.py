"""Which documents were brought for an item, and whether they counted on the day of the assessment."""

from __future__ import annotations

from collections.abc import Iterable

from engine.assess.results import EvidenceUsed
from engine.dossier.schema import Dossier, Entry, TableEntry


class EvidenceBook:
    """The evidence of one dossier on one day."""

    def __init__(self, dossier: Dossier, as_of: str) -> None:
        self._documents = {document.id: document for document in dossier.evidence}
        entries: tuple[tuple[str, Entry | TableEntry], ...] = (*dossier.inputs, *dossier.answers, *dossier.tables)
        self._refs = {name: [(ref.id, ref.pages) for ref in entry.evidence] for name, entry in entries if entry.evidence}
        self._as_of = as_of
        self._brought: dict[str, tuple[EvidenceUsed, ...]] = {}
        self._seen: dict[tuple[str, str], EvidenceUsed] = {}

    def brought(self, item: str, uses: Iterable[str]) -> tuple[EvidenceUsed, ...]:
        """The documents brought for an item, or for the inputs and tables it is computed from, each once."""
        brought = self._brought.get(item)
        if brought is None:
            refs = list(self._refs.get(item, ()))
            for name in uses:
                if name in self._refs:
                    refs.extend(self._refs[name])
            brought = self._brought[item] = tuple([self._used(ref) for ref in dict.fromkeys(refs)])
        return brought

    def _used(self, ref: tuple[str, str]) -> EvidenceUsed:
        used = self._seen.get(ref)
        if used is None:
            name, pages = ref
            document = self._documents[name]
            counted = document.issued <= self._as_of and (not document.valid_until or self._as_of <= document.valid_until)
            used = self._seen[ref] = EvidenceUsed(name, document.title, pages, document.issued, document.valid_until, counted)
        return used
