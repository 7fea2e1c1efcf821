"""What the library holds: each standard, and each programme of each scheme, with what it contains and how well it is attested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.problems import Problem, ProblemList, Refused
from engine.ruleset import library
from engine.ruleset.choice import editions_needed
from engine.ruleset.lint import load_programme, load_standard_alone
from engine.ruleset.listing import listed_figures
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Words


@dataclass(frozen=True, slots=True)
class RulesetEntry:
    """One standard (``standard`` empty) or one programme of a scheme (``standard`` names the edition it applies).

    A ruleset that has errors carries them in ``problems`` and nothing else but its id.
    """

    id: str
    kind: str = ""
    standard: str = ""
    version: str = ""
    title: Words | None = None
    since: str = ""
    until: str = ""
    gates: int = 0
    criteria: int = 0
    figures: int = 0
    unattested: int = 0
    problems: tuple[Problem, ...] = ()


def ruleset_overview(rulesets: Path | None = None, day: str = "") -> tuple[tuple[RulesetEntry, ...], tuple[RulesetEntry, ...]]:
    """Every standard, and every programme of every scheme, in the order of their ids.

    Attestations that ended before ``day`` (ISO text) count as none.
    """
    root = rulesets or library.rulesets_root()
    standards = tuple(_standard(name, rulesets, day) for name in library.standard_ids(root))
    return standards, tuple(entry for name in library.scheme_ids(root) for entry in _programmes(name, rulesets, day))


def scheme_kinds(name: str | Path, rulesets: Path | None = None) -> tuple[str, ...]:
    """What a scheme (id or file) assesses: the kinds of its programmes. Raises Refused."""
    problems = ProblemList()
    loaded = library.load_scheme(name, rulesets or library.rulesets_root(), problems)
    problems.refuse_if_errors()
    assert loaded is not None
    return tuple(dict.fromkeys(programme.programme for programme in loaded.scheme.programmes))


def scheme_programmes(name: str | Path, rulesets: Path | None = None) -> tuple[tuple[str, str], ...]:
    """What tells the programmes of a scheme (id or file) apart: kind, and standard where several are of that kind. Raises Refused."""
    problems = ProblemList()
    loaded = library.load_scheme(name, rulesets or library.rulesets_root(), problems)
    problems.refuse_if_errors()
    assert loaded is not None
    return editions_needed(loaded.scheme.programmes)


def _standard(name: str, rulesets: Path | None, day: str) -> RulesetEntry:
    try:
        programme = load_standard_alone(name, rulesets)
    except Refused as refused:
        return RulesetEntry(name, problems=tuple(refused.problems))
    standard = programme.standard
    return _entry(programme, name, "", standard.version, standard.title, standard.in_force.since, standard.in_force.until, day)


def _programmes(name: str, rulesets: Path | None, day: str) -> Iterator[RulesetEntry]:
    try:
        for kind, standard in scheme_programmes(name, rulesets):
            programme = load_programme(name, kind, rulesets, standard)
            scheme, in_force = programme.scheme, programme.settings.in_force
            yield _entry(programme, name, programme.settings.standard, scheme.version, scheme.title, in_force.since, in_force.until, day)
    except Refused as refused:
        yield RulesetEntry(name, problems=tuple(refused.problems))


def _entry(
    programme: Programme, name: str, standard: str, version: str, title: Words, since: str | None, until: str | None, day: str
) -> RulesetEntry:
    figures = [found.figure for found in listed_figures(programme)]
    return RulesetEntry(
        id=name,
        kind=programme.standard.kind,
        standard=standard,
        version=version,
        title=title,
        since=since or "",
        until=until or "",
        gates=len(programme.gates),
        criteria=len(programme.criteria),
        figures=len(figures),
        unattested=sum(not figure.attested_on(day) for figure in figures),
    )
