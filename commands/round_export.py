"""The command that writes a round's papers: workbook, lists, catalogues, letters, summary."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.frame import Command, Face, Group, refuse, written
from commands.options import Today
from commands.rounds import Database, RoundName, day_of, opened

if TYPE_CHECKING:
    from engine import Problem, Sender

exporting = typer.Typer(cls=Group)
"""The command that joins those of :mod:`commands.rounds`."""

SenderFile = Annotated[Path | None, typer.Option("--sender", metavar="FILE", help="cli.option.sender", show_default=False)]
Office = Annotated[str, typer.Option("--office", metavar="NAME", help="cli.option.office", show_default=False)]


def sender_of(file: Path | None, office: str, day: str) -> Sender:
    """Who sends papers: the office of a file, or just its name. Raises Refused where neither or both are given."""
    from engine import Sender, read_sender

    if (file is None) == (not office.strip()):
        refuse("sender_missing", "--sender")
    return Sender(office=office, day=day) if file is None else read_sender(file, day)


@exporting.command("export", cls=Command, help="cli.help.round_export")
def export_command(
    ctx: typer.Context,
    name: RoundName,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FOLDER", help="cli.option.papers", show_default=False)],
    sender: SenderFile = None,
    office: Office = "",
    part: Annotated[list[str] | None, typer.Option("--part", metavar="PART", help="cli.option.part", show_default=False)] = None,
    scores: Annotated[bool, typer.Option("--scores", help="cli.option.scores")] = False,
    database: Database = "",
    today: Today = None,
) -> None:
    """Write everything that the round sends out into a new folder."""
    from engine import PARTS, round_papers

    face: Face = ctx.obj
    if out.exists():
        refuse("file_exists", str(out))
    problems: list[Problem] = []
    count = 0
    from_ = sender_of(sender, office, day_of(today))
    with opened(database) as store, written(out) as folder:
        try:
            for file in round_papers(store, name, from_, face.lang, part or PARTS, scores=scores):
                path = folder / file.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.content)
                problems += file.problems
                count += 1
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    if problems:
        face.err.problems(problems)
    face.out.line(face.say("round.exported", count=count, folder=out))
