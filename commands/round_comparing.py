"""The command ``round compare``: a round, or one application of it, as its applicants, third parties and the office see it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.editions import print_json
from commands.frame import Command, Face, Group, check_workbook, refuse, written
from commands.options import AsJson, Force
from commands.rounds import Database, RoundName, opened

comparing = typer.Typer(cls=Group)
"""The command that joins those of :mod:`commands.rounds`."""

Number = Annotated[str, typer.Argument(metavar="[NUMBER]", help="cli.argument.compared", show_default=False)]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="cli.option.compare_out", show_default=False)]


@comparing.command("compare", cls=Command, help="cli.help.round_compare")
def round_compare_command(
    ctx: typer.Context,
    name: RoundName,
    number: Number = "",
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
    database: Database = "",
) -> None:
    """Show a round as the applicants, the third parties and the office see it."""
    face: Face = ctx.obj
    if number:
        if out is not None:
            refuse("round_compare_out", number)
        _one(face, name, number, as_json, database)
    else:
        _all(face, name, out, force, as_json, database)


def _all(face: Face, name: str, out: Path | None, force: bool, as_json: bool, database: str) -> None:
    """The whole round: drawn, as JSON, and as a workbook where one is asked for."""
    from commands.round_comparison_tables import RoundComparisonTables
    from engine import compare_round, round_comparison_plain, round_comparison_workbook

    if out is not None:
        check_workbook(out, force=force)
    with opened(database) as store:
        found = compare_round(store, name)
    if out is not None:
        with written(out) as part:
            part.write_bytes(round_comparison_workbook(found, face.lang))
    if as_json:
        print_json(round_comparison_plain(found))
        return
    tables = RoundComparisonTables(face.lang, stderr=False)
    tables.comparison(found)
    if out is not None:
        tables.line(tables.say("round.compared", file=out))


def _one(face: Face, name: str, number: str, as_json: bool, database: str) -> None:
    """One application, as ``greencert compare`` shows a dossier."""
    from commands.comparison_tables import ComparisonTables
    from engine import compare_application, views_plain

    with opened(database) as store:
        found = compare_application(store, name, number)
    if len(found.views.assessments) == 1:
        refuse("round_compare_one_view", number)
    if as_json:
        print_json(views_plain(found.views, found.programme))
    else:
        ComparisonTables(face.lang, stderr=False).views(found.views, found.dossier, found.programme)
