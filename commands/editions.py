"""Editions against each other: which apply on a day, and what changed from one ruleset to another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from commands.frame import WRONG_INPUT, Face, refuse

if TYPE_CHECKING:
    from engine import Dossier, Problem, Programme, Selection

ALL = "all"


def selected(face: Face, kind: str, day: str, sector: str, district: str, scheme: str) -> tuple[Selection, bool]:
    """The answer for a day, and whether every ruleset could be read: those that could not are shown as Problems and left out.

    Raises Refused for a malformed day, an unknown industry or district, and where the one scheme that is asked for cannot be read.
    """
    from engine import ProblemList, is_day, known_codes, read_editions, select

    if not is_day(day):
        refuse("day_wrong", "--date", text=day)
    codes = known_codes(sector, district)
    problems = ProblemList()
    editions = read_editions(problems, scheme=None if scheme == ALL else scheme)
    if not editions.uses and scheme != ALL:
        problems.refuse_if_errors()
    if problems.has_errors:
        face.err.problems(list(problems))
    return select(editions, kind, date.fromisoformat(day), sector=codes[0], district=codes[1]), not problems.has_errors


def both_sides(before: str, after: str, kind: str | None, standard: str = "") -> tuple[Programme, Programme]:
    """Two rulesets, by id or file, as programmes of one kind. Raises Refused."""
    first, last = ruleset_kinds(before), ruleset_kinds(after)
    common = [name for name in first if name in last and kind in (None, name)]
    if not common:
        refuse("diff_kinds", after, before=", ".join(first), after=", ".join(last))
    if len(common) > 1:
        refuse("kind_needed", after, scheme=after, known=", ".join(common))
    return ruleset_programme(before, common[0], standard), ruleset_programme(after, common[0], standard)


def ruleset_kinds(name: str) -> Sequence[str]:
    """What a ruleset, by id or file, assesses. Raises Refused."""
    from engine import load_standard_alone, names_standard, scheme_kinds

    return [load_standard_alone(name).standard.kind] if names_standard(name) else scheme_kinds(name)


def only_kind(scheme: str) -> str:
    """The kind of a scheme that has one only. Raises Refused where one must be chosen."""
    from engine import scheme_kinds

    kinds = scheme_kinds(scheme)
    if len(kinds) > 1:
        refuse("kind_needed", scheme, scheme=scheme, known=", ".join(kinds))
    return kinds[0]


def programme_of(name: str, kind: str | None, standard: str = "") -> Programme:
    """A standard by itself or a scheme's programme, by id or file. Raises Refused where there is none, or several to choose from."""
    kinds = ruleset_kinds(name)
    if kind is None and len(kinds) > 1:
        refuse("kind_needed", name, scheme=name, known=", ".join(kinds))
    if kind is not None and kind not in kinds:
        refuse("kind_not_in_scheme", name, kind=kind, known=", ".join(kinds))
    return ruleset_programme(name, kind or kinds[0], standard)


def ruleset_programme(name: str, kind: str, standard: str = "") -> Programme:
    """A standard by itself or a scheme's programme of a kind, by id or file; ``standard`` says which of several. Raises Refused."""
    from engine import load_programme, load_standard_alone, names_standard

    return load_standard_alone(name) if names_standard(name) else load_programme(name, kind, standard=standard)


def sample_files(folders: Iterable[Path] | None) -> list[Path]:
    """The dossiers an effect is shown on: those named, otherwise those of the samples beside the library, if there are any."""
    from commands.dossiers import dossier_files
    from engine import rulesets_root

    beside = rulesets_root().parent / "samples"
    return dossier_files(folders if folders is not None else [beside] if beside.is_dir() else [])


def read_samples(face: Face, files: Sequence[Path]) -> tuple[list[Dossier], list[Problem]]:
    """The dossiers of the files, each content once, and what is wrong with those that are refused."""
    from engine import Refused, read_dossier

    found: dict[str, Dossier] = {}
    problems: list[Problem] = []
    for path in face.err.progress("assess.reading", files):
        try:
            dossier = read_dossier(path, today=date.today().isoformat())
        except Refused as refused:
            problems += refused.problems
        else:
            found.setdefault(dossier.sha256, dossier)
    return list(found.values()), problems


def compare(face: Face, sides: tuple[Programme, Programme], samples: Iterable[Path] | None, as_json: bool) -> None:
    """Show what changed between two programmes and what that does to the samples."""
    from commands.edition_tables import EditionTables
    from engine import diff_plain, effects, effects_plain, ruleset_diff

    diff = ruleset_diff(*sides)
    dossiers, problems = read_samples(face, sample_files(samples))
    found = effects(*sides, diff, dossiers)
    if as_json:
        print_json({**diff_plain(diff), "samples": effects_plain(found)})
    else:
        screen = EditionTables(face.lang, stderr=False)
        screen.diff(diff)
        screen.effects(found, sides[1])
    if problems:
        face.err.problems(problems)
        raise typer.Exit(WRONG_INPUT)


def print_json(plain: Any) -> None:
    """Plain data on standard output, whatever its encoding."""
    typer.echo((json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode(), nl=False)
