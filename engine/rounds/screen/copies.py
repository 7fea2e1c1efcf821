"""What dossiers share: figures copied from another applicant or year, and documents that several applicants bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from engine.assess.physics.across import Applied, across, identities
from engine.assess.physics.documents import uses
from engine.assess.results import CheckResult
from engine.dossier.schema import Evidence
from engine.rounds.screen.case import Case, in_order, named_apart, normal
from engine.rounds.screen.settings import Settings
from engine.rounds.screen.signal import LOOK, NOTE, STRONG, Signal, count

_Held = tuple[Case, Evidence]
WAYS = ("hash", "number", "title")
"""By what two documents are taken for the same one, the surest way first."""
NAMED = 3
"""So many titles are named where several documents are shared."""


def copies_signals(cases: Sequence[Case], history: Sequence[Case], settings: Settings) -> Iterator[Signal]:
    """What the round's dossiers share with each other and with earlier ones."""
    looked_at = in_order(cases)
    known = {case.key for case in looked_at}
    earlier = [case for case in in_order(history) if case.key not in known]
    yield from _figures(looked_at, earlier, settings)
    yield from _documents(looked_at, earlier, settings)


def _figures(looked_at: Sequence[Case], earlier: Sequence[Case], settings: Settings) -> Iterator[Signal]:
    """Copied figures by the programmes' own check, each pair of dossiers once."""
    everyone = [*looked_at, *earlier]
    applied = [Applied(case.programme, named_apart(case, str(i))) for i, case in enumerate(everyone)]
    size = len(looked_at)
    for at, found in enumerate(across(applied[:size], applied[size:])):
        for result in found:
            other = int(result.dossier)
            if result.code == "copied" and (other > at or other >= size):
                yield _copied(result, everyone[at], everyone[other], other < size, settings)


def _copied(result: CheckResult, case: Case, other: Case, in_round: bool, settings: Settings) -> Signal:
    shared = next(value for name, value in result.params if name == "count" and isinstance(value, Fraction))
    own = case.applicant == other.applicant
    strong = not own and shared >= settings["copies_strong"]
    items = tuple(sorted({place.name for place in result.statements[0].places}))
    numbers = tuple(sorted({case.number, other.number})) if in_round else (case.number,)
    return Signal(
        "copies",
        "copies_own" if own else "copies_figures",
        STRONG if strong else LOOK,
        numbers,
        items,
        (
            ("count", shared),
            ("example", result.statements[0].value.entered),
            ("one", _named(case)),
            ("other", _named(other)),
            ("year", str(other.dossier.year)),
        ),
        "unchanged" if own else "same_source",
        case.programme,
    )


def _named(case: Case) -> str:
    """An application as people look for it: its number, its round and who it is from."""
    return f"{case.number} ({case.round}, {case.dossier.applicant.name})"


def _documents(looked_at: Sequence[Case], earlier: Sequence[Case], settings: Settings) -> Iterator[Signal]:
    """Documents that several applicants bring, each said once, in the surest way they are known to be the same.

    What is known by its title alone is said once for all documents of the same holders: consultants' papers have titles in common.
    """
    holders: dict[tuple[int, str], list[_Held]] = {}
    for case in (*looked_at, *earlier):
        for document in case.dossier.evidence:
            for key in _ways(document):
                holders.setdefault(key, []).append((case, document))
    numbers = {case.key for case in looked_at}
    told: set[tuple[tuple[str, str], str]] = set()
    titled: dict[frozenset[tuple[str, str]], list[_Held]] = {}
    for (way, _), held in sorted(holders.items(), key=lambda each: each[0]):
        here = {(case.key, document.id) for case, document in held}
        several = len({case.applicant for case, _ in held}) > 1
        if not several or here <= told or not any(case.key in numbers for case, _ in held):
            continue
        told |= here
        if WAYS[way] == "title":
            titled.setdefault(frozenset(case.key for case, _ in held), []).extend(held)
        else:
            yield _shared(WAYS[way], held, numbers, settings)
    for held in titled.values():
        yield _shared("title", held, numbers, settings)


def _ways(document: Evidence) -> Iterator[tuple[int, str]]:
    """What a document is known by: the hash of its file, who issued it under which number; without any, title, issuer and day together."""
    found = identities(document)
    for identity in found:
        yield (0 if identity == document.sha256 else 1), identity
    if not document.number and document.title and document.issuer and document.issued:
        yield 2, " ".join((normal(document.title), normal(document.issuer), document.issued))


def _shared(way: str, held: Sequence[_Held], numbers: set[tuple[str, str]], settings: Settings) -> Signal:
    applicants = {case.applicant for case, _ in held}
    public = len(applicants) >= settings["copies_public"]
    severity = NOTE if public or way == "title" else STRONG if way == "hash" else LOOK
    items = {name for case, document in held for name in _proven(case, document)}
    first = held[0][1]
    titles = dict.fromkeys(document.title for _, document in held)
    return Signal(
        "copies",
        f"copies_document_{way}",
        severity,
        tuple(sorted({case.number for case, _ in held if case.key in numbers})),
        tuple(sorted(items)),
        (
            ("title", "、".join(list(titles)[:NAMED]) + ("…" if len(titles) > NAMED else "")),
            ("document", " ".join(filter(None, (first.issuer, first.number, first.issued))) or first.id),
            ("documents", count(len(titles))),
            ("count", count(len(applicants))),
            ("where", "; ".join(sorted(f"{_named(case)} {document.id}" for case, document in held))),
        ),
        "public_document" if public else "shared_site",
        held[0][0].programme,
    )


def _proven(case: Case, document: Evidence) -> list[str]:
    """The items that a dossier brings a document for."""
    return [place.name for place in uses(case.dossier).get(document.id, ())]
