"""What a result rests on: the figures that nobody attested, or not for the day, and those that somebody did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from engine.assess.results import Attestation, Attested, CriterionResult, FigureUsed, GateResult, Judged, Status, Unattested
from engine.ruleset.compile import Compiled
from engine.ruleset.figures import SEEN, UNKNOWN
from engine.ruleset.listing import weight_figure

Resting = tuple[str, FigureUsed]
"""A figure with the gate, criterion or dimension that rests on it; empty for the whole result."""


class Standing(NamedTuple):
    """The figures a result rests on that were not seen in their document: those that nobody attested, and those that somebody did."""

    unattested: tuple[Unattested, ...]
    attested: tuple[Attested, ...]


def standing_of(
    ready: Compiled, gates: Sequence[GateResult], criteria: Sequence[CriterionResult], policies: Sequence[FigureUsed], day: str
) -> Standing:
    """The standing of every figure that gates, criteria, weights and the policies that acted rest on, as of a day (ISO text)."""
    stated = _stated(ready, day)
    judged: tuple[Judged, ...] = (*gates, *criteria)
    parts: list[Standing] = []
    for result in judged:
        if result.status is not Status.NOT_APPLICABLE:
            parts += [stated[result.id], _split(_brought(ready, result), day)]
    parts += [_weights(ready, day), _split((("", figure) for figure in policies), day)]
    return Standing(
        tuple(dict.fromkeys(found for part in parts for found in part.unattested)),
        tuple(dict.fromkeys(found for part in parts for found in part.attested)),
    )


def by_attestation(attested: Iterable[Attested]) -> dict[Attestation, list[str]]:
    """The keys of the figures that each act of checking stands for, in the order in which they are first used."""
    found: dict[Attestation, list[str]] = {}
    for one in attested:
        keys = found.setdefault(one.attestation, [])
        if one.key not in keys:
            keys.append(one.key)
    return found


def _split(resting: Iterable[Resting], day: str) -> Standing:
    unattested: list[Unattested] = []
    attested: list[Attested] = []
    for item, figure in resting:
        if not figure.attested_on(day):
            expired = figure.attestation.until if figure.attestation else ""
            unattested.append(Unattested(item, figure.name, figure.basis, figure.key, expired))
        elif figure.basis != SEEN and figure.attestation is not None:
            attested.append(Attested(item, figure.name, figure.key, figure.attestation))
    return Standing(tuple(unattested), tuple(attested))


def _brought(ready: Compiled, result: Judged) -> Iterator[Resting]:
    """The figures from outside; what is determined does not rest on one that is unknown: another one decided."""
    open_ = result.status is Status.UNDETERMINED
    for figure in result.figures[len(ready.figures_of[result.id]) :]:
        if open_ or figure.basis != UNKNOWN:
            yield result.id, figure


@lru_cache(maxsize=256)
def _stated(ready: Compiled, day: str) -> dict[str, Standing]:
    """The standing of the figures that each element states itself."""
    return {name: _split(((name, figure) for figure in figures), day) for name, figures in ready.figures_of.items()}


@lru_cache(maxsize=256)
def _weights(ready: Compiled, day: str) -> Standing:
    programme = ready.programme
    stated = [name for name, weight in programme.weights.items() if weight.text is not None]
    return _split(((name, weight_figure(programme, name)) for name in stated), day)
