"""What checks found beside other dossiers, as plain data: who recomputes one dossier does not have the others."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from engine.assess.basis import BasisRun
from engine.assess.physics.cells import Cells
from engine.assess.physics.documents import finding, limit_of
from engine.assess.results import CheckResult, Place, Shown, Statement
from engine.dossier.bind import bind
from engine.dossier.places import where_of, where_plain
from engine.dossier.schema import Dossier
from engine.problems import ProblemList, Where
from engine.ruleset.compile import compiled
from engine.ruleset.compile_checks import ReadyCheck, ready_checks
from engine.ruleset.programme import Programme


def shared_plain(checks: Iterable[CheckResult]) -> list[dict[str, Any]]:
    """The findings in which another dossier takes part: what of them does not follow from the dossier and the rules."""
    return [
        {
            "check": found.check,
            "dossier": found.dossier,
            "count": next((str(value) for name, value in found.params if name == "count"), None),
            "statements": [
                [statement.value.entered, [_place_plain(place) for place in statement.places]] for statement in found.statements
            ],
        }
        for found in checks
        if found.dossier
    ]


def shared_again(plain: Iterable[dict[str, Any]], programme: Programme, dossier: Dossier) -> tuple[CheckResult, ...]:
    """The findings of plain data, with the limits and sources that the rules state. Raises Refused where they are none of these rules."""
    plain = list(plain)
    if not plain:
        return ()
    problems = ProblemList()
    ready = {one.check.check: one for one in ready_checks(compiled(programme))}
    cells = Cells(BasisRun(compiled(programme), bind(dossier, programme, problems), "declared", {}))
    try:
        return tuple(_finding(entry, ready[entry["check"]], cells) for entry in plain)
    except (KeyError, TypeError, ValueError):
        problems.error("places_malformed", Where())
    problems.refuse_if_errors()
    return ()


def _finding(plain: dict[str, Any], ready: ReadyCheck, cells: Cells) -> CheckResult:
    statements = tuple(
        Statement(Shown(None, entered=str(entered)), tuple(_place_of(place) for place in places)) for entered, places in plain["statements"]
    )
    if plain["count"] is None:
        found = finding(ready, ready.form.form, statements, None)
    else:
        least = limit_of(ready, cells, "at_least")
        found = finding(ready, ready.form.form, statements, Shown(least), "at_least", (("count", Fraction(plain["count"])),))
    return found._replace(dossier=str(plain["dossier"]))


def _place_plain(place: Place) -> list[Any]:
    return [place.name, where_plain(place.first), None if place.last is None else where_plain(place.last)]


def _place_of(plain: list[Any]) -> Place:
    name, first, last = plain
    return Place(str(name), where_of(first), None if last is None else where_of(last))
