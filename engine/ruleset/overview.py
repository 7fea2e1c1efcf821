"""What the library holds: each standard, and each programme of each scheme, with what it contains and how well it is attested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.problems import Problem, ProblemList, Refused
from engine.ruleset import library
from engine.ruleset.compile import compiled
from engine.ruleset.figures import FigureUsed, figure_used
from engine.ruleset.lint import load_programme, load_standard_alone
from engine.ruleset.programme import Programme
from engine.ruleset.references import NUMERIC
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


def ruleset_overview(rulesets: Path | None = None) -> tuple[tuple[RulesetEntry, ...], tuple[RulesetEntry, ...]]:
    """Every standard, and every programme of every scheme, in the order of their ids."""
    root = rulesets or library.rulesets_root()
    standards = tuple(_standard(name, rulesets) for name in library.standard_ids(root))
    return standards, tuple(entry for name in library.scheme_ids(root) for entry in _programmes(name, rulesets))


def scheme_kinds(name: str | Path, rulesets: Path | None = None) -> tuple[str, ...]:
    """What a scheme (id or file) assesses: the kinds of its programmes. Raises Refused."""
    problems = ProblemList()
    loaded = library.load_scheme(name, rulesets or library.rulesets_root(), problems)
    problems.refuse_if_errors()
    assert loaded is not None
    return tuple(dict.fromkeys(programme.programme for programme in loaded.scheme.programmes))


def figures_in(programme: Programme) -> Iterator[FigureUsed]:
    """Every figure an assessment under a programme may rest on: weights, mark, parameters, what elements state, looked-up figures."""
    ready = compiled(programme)
    for weight in programme.weights.values():
        if weight.text is not None:
            yield weight.used_as("weight")
    if programme.mark.text is not None:
        yield programme.mark.used_as("mark")
    for name, parameter in programme.parameter_figures.items():
        yield parameter.used_as(name)
    for figures in ready.figures_of.values():
        yield from figures
    for name in sorted({reference for typed in ready.expressions for reference in typed.references}):
        table = programme.references[name]
        for row in (row for rows in table.rows.values() for row in rows):
            for column in (column for column, definition in table.columns.items() if definition.type in NUMERIC):
                yield figure_used(f"{name}[{row.key}].{column}", row.written[column], row.source, table.document, "")


def _standard(name: str, rulesets: Path | None) -> RulesetEntry:
    try:
        programme = load_standard_alone(name, rulesets)
    except Refused as refused:
        return RulesetEntry(name, problems=tuple(refused.problems))
    standard = programme.standard
    return _entry(programme, name, "", standard.version, standard.title, standard.in_force.since, standard.in_force.until)


def _programmes(name: str, rulesets: Path | None) -> Iterator[RulesetEntry]:
    try:
        for kind in scheme_kinds(name, rulesets):
            programme = load_programme(name, kind, rulesets)
            scheme, in_force = programme.scheme, programme.settings.in_force
            yield _entry(programme, name, programme.settings.standard, scheme.version, scheme.title, in_force.since, in_force.until)
    except Refused as refused:
        yield RulesetEntry(name, problems=tuple(refused.problems))


def _entry(
    programme: Programme, name: str, standard: str, version: str, title: Words, since: str | None, until: str | None
) -> RulesetEntry:
    figures = list(figures_in(programme))
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
        unattested=sum(not figure.attested for figure in figures),
    )
