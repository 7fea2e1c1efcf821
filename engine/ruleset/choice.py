"""Which programme of a scheme is meant: by kind, and where there are several, by standard or day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine.problems import ProblemList
from engine.ruleset.library import LoadedScheme
from engine.ruleset.schema import Programme


def programme_index(loaded: LoadedScheme, kind: str, standard: str, day: str, problems: ProblemList) -> int | None:
    """The place of a programme in its scheme; None, with a Problem that lists the choices, where it is not clear which is meant.

    ``standard`` is a standard's id or its edition's name alone; ``day`` (ISO text) the day on which the programme must be in
    force where more than one is left. Either may be empty.
    """
    programmes = loaded.scheme.programmes
    where = loaded.located.where(("programmes",))
    of_kind = [i for i, programme in enumerate(programmes) if programme.programme == kind]
    if not of_kind:
        problems.error("kind_not_in_scheme", where, kind=kind, known=", ".join(programme.programme for programme in programmes))
        return None
    named = [i for i in of_kind if standard in ("", programmes[i].standard, edition_of(programmes[i]))]
    if not named:
        known = _editions(programmes[i] for i in of_kind)
        problems.error("standard_not_in_scheme", where, standard=standard, scheme=loaded.scheme.scheme, known=known)
        return None
    left = [i for i in named if _in_force(programmes[i], day)] or named
    if len({programmes[i].standard for i in left}) > 1:
        problems.error("standard_needed", where, scheme=loaded.scheme.scheme, kind=kind, known=_editions(programmes[i] for i in left))
        return None
    return left[0]


def edition_of(programme: Programme) -> str:
    """The name of a programme's standard without its kind."""
    return programme.standard.rpartition("/")[2]


def editions_needed(programmes: Sequence[Programme]) -> tuple[tuple[str, str], ...]:
    """Every programme by what tells it from the others: its kind, and its standard where the scheme has several of that kind."""
    kinds = [programme.programme for programme in programmes]
    several = {kind for kind in kinds if len({p.standard for p in programmes if p.programme == kind}) > 1}
    return tuple(dict.fromkeys((p.programme, p.standard if p.programme in several else "") for p in programmes))


def _in_force(programme: Programme, day: str) -> bool:
    if not day:
        return True
    begin, end = programme.in_force.span
    on = date.fromisoformat(day)
    return (begin is None or begin <= on) and (end is None or on <= end)


def _editions(programmes: Iterable[Programme]) -> str:
    return ", ".join(dict.fromkeys(edition_of(programme) for programme in programmes))
