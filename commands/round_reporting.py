"""The command ``round report``: reports of what was assessed without one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from commands.frame import NOT_PASSED, Command, Face, Group
from commands.options import Today
from commands.rounds import By, Database, RoundName, Why, act_of, opened

reporting = typer.Typer(cls=Group)
"""The command that joins those of :mod:`commands.rounds`."""

Numbers = Annotated[list[str] | None, typer.Argument(metavar="[NUMBER]...", help="cli.argument.reported", show_default=False)]


@reporting.command("report", cls=Command, help="cli.help.round_report")
def report_command(
    ctx: typer.Context,
    name: RoundName,
    numbers: Numbers = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FOLDER", help="cli.option.round_out", show_default=False)] = None,
    again: Annotated[bool, typer.Option("--again", help="cli.option.report_again")] = False,
    processes: Annotated[int, typer.Option("--processes", metavar="N", min=0, help="cli.option.processes", show_default=False)] = 0,
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Write the reports of what was assessed and lacks one, or of some applications again."""
    from engine import report_round, setting_of, without_report

    face: Face = ctx.obj
    act = act_of("report", name, by, why, today)
    folder, failed = out or Path(name), 0
    with opened(database) as store:
        jobs = without_report(store, name, numbers or (), again=again)
        made = report_round(store, act, name, jobs, setting_of(store, name, folder, face.lang), processes or os.cpu_count() or 1)
        for done in face.err.counted("round.reporting", len(jobs), made):
            if done.problems:
                failed += 1
                face.err.problems(done.problems)
    face.out.line(face.say("round.reported", done=len(jobs) - failed, failed=failed))
    if len(jobs) > failed:
        face.out.line(face.say("round.reports", folder=folder), indent=2)
    if failed:
        raise typer.Exit(NOT_PASSED)
