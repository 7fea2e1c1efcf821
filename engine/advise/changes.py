"""Changes that an enterprise can make, as changes of its dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from engine.dossier.schema import AS_DECLARED, Cell, Dossier, Entry, Evidence, EvidenceRef
from engine.ruleset.programme import Programme
from engine.texts import say


class Span(NamedTuple):
    """What has to be true of a number that is missing: texts of the least and the most that will do, empty where there is no end.

    ``tried`` are the outermost values of those looked at that will do.
    """

    least: str
    most: str
    tried: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what ``kind`` of it (one of ``costs.KINDS``) at which gate, criterion, input or document, and what it costs.

    ``text`` is what the dossier says afterwards and ``before`` what it says now, both empty where only a document is concerned;
    ``brings`` says whether a new document comes with it. ``span`` is known of a missing number only;
    ``move`` is by how much a value moves, in base units.
    """

    kind: str
    item: str
    cost: Fraction
    text: str = ""
    before: str = ""
    brings: bool = False
    span: Span | None = field(default=None, compare=False)
    move: Fraction | None = field(default=None, compare=False)

    def contains(self, other: Change) -> bool:
        """Whether it does all that another one does: the same, or moving a value further the same way."""
        if self.move is None or other.move is None:
            return self == other
        return self.item == other.item and self.move * other.move > 0 and abs(self.move) >= abs(other.move)


@dataclass(frozen=True, slots=True)
class Lever:
    """The changes of which at most one can be made, and the gates, criteria and veto rules whose verdicts they can touch."""

    changes: tuple[Change, ...]
    touches: frozenset[str]

    @property
    def item(self) -> str:
        """What is changed."""
        return self.changes[0].item

    @property
    def kind(self) -> str:
        """How it is changed."""
        return self.changes[0].kind


def apply(dossier: Dossier, changes: Iterable[Change], basis: str, programme: Programme) -> Dossier:
    """The dossier after the changes. On the verified basis the assessor is taken to confirm them.

    New documents are issued on the application date and have no end.
    """
    for change in changes:
        dossier = _APPLY[change.kind](dossier, change, basis, programme)
    return dossier


def document_id(item: str) -> str:
    """The id of the document that a plan brings for an item."""
    return f"plan-{item}"


def _answer(dossier: Dossier, change: Change, basis: str, programme: Programme) -> Dossier:
    reason = say("advise.as_planned", "zh") if change.kind == "judgement" else ""
    dossier = _with_document(dossier, change, programme)
    return replace(dossier, answers=_entered(dossier.answers, change, basis, reason))


def _value(dossier: Dossier, change: Change, basis: str, programme: Programme) -> Dossier:
    dossier = _with_document(dossier, change, programme)
    return replace(dossier, inputs=_entered(dossier.inputs, change, basis, ""))


def _evidence(dossier: Dossier, change: Change, basis: str, programme: Programme) -> Dossier:
    dossier = _with_document(dossier, change, programme)
    return replace(dossier, answers=_put(dossier.answers, change.item, lambda entry: _proven(entry, change)))


def _renewal(dossier: Dossier, change: Change, basis: str, programme: Programme) -> Dossier:
    renewed = tuple(
        replace(document, issued=dossier.application_date, valid_until="") if document.id == change.item else document
        for document in dossier.evidence
    )
    return replace(dossier, evidence=renewed)


_APPLY: dict[str, Callable[[Dossier, Change, str, Programme], Dossier]] = {
    "answer": _answer,
    "judgement": _answer,
    "naming": _answer,
    "value": _value,
    "state": _value,
    "fact": _value,
    "evidence": _evidence,
    "renewal": _renewal,
}


def _with_document(dossier: Dossier, change: Change, programme: Programme) -> Dossier:
    if not change.brings:
        return dossier
    title = programme.title(change.item, "zh")
    document = Evidence(document_id(change.item), say("advise.document", "zh", title=title), issued=dossier.application_date)
    return replace(dossier, evidence=(*dossier.evidence, document))


def _entered(entries: Sequence[tuple[str, Entry]], change: Change, basis: str, reason: str) -> tuple[tuple[str, Entry], ...]:
    def changed(entry: Entry) -> Entry:
        cell = Cell(change.text, entry.where)
        confirmed = Cell(AS_DECLARED, entry.where) if basis == "verified" else entry.verified
        return _proven(replace(entry, declared=cell, verified=confirmed, reason=reason or entry.reason), change)

    return _put(entries, change.item, changed)


def _proven(entry: Entry, change: Change) -> Entry:
    return replace(entry, evidence=(*entry.evidence, EvidenceRef(document_id(change.item)))) if change.brings else entry


def _put(entries: Sequence[tuple[str, Entry]], name: str, changed: Callable[[Entry], Entry]) -> tuple[tuple[str, Entry], ...]:
    if name not in dict(entries):
        return (*entries, (name, changed(Entry())))
    return tuple((key, changed(entry) if key == name else entry) for key, entry in entries)
