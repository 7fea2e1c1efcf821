"""A number that the dossier does not state, as a lever: it has to be measured and stated, and may have to turn out in a certain way.

Looked at are one value just good enough for every edge, and those beyond the outermost edges. For each it is said from where to
where nothing gets worse: this much has to be true of what is measured. Where that cannot be said (an edge that cannot be solved
for, another value missing beside it) only the value itself is given. A number that no edge is known for is not a lever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from engine.advise.changes import Change, Span
from engine.advise.costs import Price
from engine.advise.edges import Edge, Mover


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A value with its text, whether it is just good enough for some edge, and the edges on whose good side it lies."""

    value: Fraction
    text: str
    just: bool
    kept: frozenset[int]


def statements(moved: Mover, edges: Sequence[Edge], price: Price, *, brings: bool) -> list[Change]:
    """The ways in which a missing number may be stated, each with what has to be true of it."""
    known = [edge for edge in edges if edge.gap(moved.env(moved.factor)) is not None]
    if edges and not known:
        return []
    sure = len(known) == len(edges) and all(moved.root(edge.gap) is not None for edge in edges)
    candidates = _candidates(moved, known)
    offered: dict[frozenset[int], _Candidate] = {}
    for candidate in sorted(candidates, key=lambda each: not each.just):
        offered.setdefault(candidate.kept, candidate)
    changes = []
    for candidate in offered.values():
        free = sure and all(candidate.kept <= other.kept for other in candidates)
        cost = price.fixed if free else price.of(None, candidate.value)
        changes.append(
            Change("state", moved.name, cost, candidate.text, brings=brings, span=_span(candidate, candidates) if sure else None)
        )
    return changes


def _candidates(moved: Mover, edges: Sequence[Edge]) -> list[_Candidate]:
    """Everything that is looked at, by value."""
    just = moved.places(edges)
    found = []
    for text in dict.fromkeys((*just, *moved.stretches(edges))):
        value = moved.value(text)
        env = moved.env(value)
        found.append(_Candidate(value, text, text in just, frozenset(i for i, edge in enumerate(edges) if edge.kept(env))))
    return sorted(found, key=lambda each: each.value)


def _span(of: _Candidate, candidates: Sequence[_Candidate]) -> Span:
    """From where to where no edge is worse off: between the ends of what was looked at; no text where that goes on without end."""
    place = candidates.index(of)
    below = list(takewhile(lambda each: of.kept <= each.kept, reversed(candidates[:place])))
    above = list(takewhile(lambda each: of.kept <= each.kept, candidates[place + 1 :]))
    least, most = (below or [of])[-1], (above or [of])[-1]
    ends = (least.text, most.text)
    return Span("" if least is candidates[0] else ends[0], "" if most is candidates[-1] else ends[1], ends)
