"""The command ``round screen``: what is worth a second look in a round, and what to inspect first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands.frame import Command, Face, Group, refuse, written
from commands.options import Force
from commands.rounds import Database, RoundName, opened

if TYPE_CHECKING:
    from engine import RoundScreening

screening = typer.Typer(cls=Group)
"""The command that joins those of :mod:`commands.rounds`."""

_LEAST = "strong|look|note"
_FORMS = (".xlsx", ".json")
Least = Annotated[Literal["strong", "look", "note"], typer.Option("--least", metavar=_LEAST, help="cli.option.least")]


@screening.command("screen", cls=Command, help="cli.help.round_screen")
def screen_command(
    ctx: typer.Context,
    name: RoundName,
    ties: Annotated[Path | None, typer.Option("--ties", metavar="FILE", help="cli.option.ties", show_default=False)] = None,
    costs: Annotated[Path | None, typer.Option("--costs", metavar="FILE", help="cli.option.checking_costs", show_default=False)] = None,
    least: Least = "look",
    first: Annotated[int, typer.Option("--first", metavar="N", min=0, help="cli.option.first")] = 20,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="cli.option.screening_out", show_default=False)] = None,
    force: Force = False,
    database: Database = "",
) -> None:
    """Screen a round and its history; nothing is changed."""
    from commands.screening_tables import ScreeningTables
    from engine import round_screening

    face: Face = ctx.obj
    if out is not None:
        _check(out, force)
    with opened(database) as store:
        found = round_screening(store, name, ties=ties, costs=costs)
    ScreeningTables(face.lang, stderr=False).screening(found, least, first)
    if out is not None:
        _write(face, found, out)


def _check(out: Path, force: bool) -> None:
    if out.suffix.lower() not in _FORMS:
        refuse("screening_name", name=out.name)
    if os.path.exists(out) and not force:
        refuse("file_exists", str(out))


def _write(face: Face, found: RoundScreening, out: Path) -> None:
    from engine import round_screening_json, screening_workbook

    with written(out) as part:
        if out.suffix.lower() == ".json":
            part.write_text(round_screening_json(found), encoding="utf-8")
        else:
            part.write_bytes(screening_workbook(found.screening, found.title(face.lang), face.lang))
    face.out.line(face.say("screening.written", path=out))
