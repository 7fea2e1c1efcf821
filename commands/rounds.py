"""The commands ``greencert round``: a round from its call to its certificates, and the store that it is kept in."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from commands.frame import NOT_PASSED, Command, Face, Group, refuse, written
from commands.options import Today
from engine import say

if TYPE_CHECKING:
    from engine import Act, Store

DATABASE, WITNESS, OFFICER = "GREENCERT_DATABASE", "GREENCERT_WITNESS", "GREENCERT_OFFICER"
"""Environment variables: the address of the store, its witness, and who works with it."""
_DEFAULT = "greencert.db"

rounds = typer.Typer(cls=Group, no_args_is_help=True, help="cli.help.round")

RoundName = Annotated[str, typer.Argument(metavar="ROUND", help="cli.argument.round", show_default=False)]
Database = Annotated[str, typer.Option("--database", metavar="ADDRESS", help="cli.option.database", show_default=False)]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="cli.option.officer", show_default=False)]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="cli.option.why", show_default=False)]


@contextmanager
def opened(address: str, *, make: bool = False) -> Iterator[Store]:
    """The store of the command; made where the command may make one."""
    from engine import open_store

    witness = os.environ.get(WITNESS)
    store = open_store(address or os.environ.get(DATABASE, "") or _DEFAULT, Path(witness) if witness else None, make=make)
    try:
        yield store
    finally:
        store.close()


def act_of(move: str, subject: str, by: str, why: str, today: str | None, command: str = "") -> Act:
    """Who does what, now; ``command`` where it is none of rounds. Raises Refused where it is not said who."""
    from engine import Act

    name = (by or os.environ.get(OFFICER, "")).strip()
    if not name:
        refuse("officer_missing", command or f"greencert round {move}")
    at = f"{today}T00:00:00Z" if today else datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Act(name, at, move, subject, why)


def day_of(today: str | None) -> str:
    """The day it is, as ISO text."""
    return today or date.today().isoformat()


@rounds.command("open", cls=Command, help="cli.help.round_open")
def open_command(
    ctx: typer.Context,
    name: RoundName,
    scheme: Annotated[str, typer.Option("--scheme", metavar="SCHEME", help="cli.option.round_scheme", show_default=False)],
    rules: Annotated[str, typer.Option("--rules", metavar="RULES", help="cli.option.round_rules", show_default=False)] = "",
    seed: Annotated[str, typer.Option("--seed", metavar="TEXT", help="cli.option.seed", show_default=False)] = "",
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Open a round and freeze the programmes of its scheme."""
    from engine import open_round

    face: Face = ctx.obj
    act = act_of("open", name, by, why, today)
    with opened(database, make=True) as store:
        programmes = open_round(store, act, name, scheme, day_of(today), seed, rules)
        face.out.line(face.say("round.opened", round=name, scheme=scheme, database=store.address))
    for programme in programmes:
        ruleset = programme.ruleset_identity
        face.out.line(f"{programme.standard.title.in_(face.lang)} · {ruleset.id} {ruleset.version} · {ruleset.sha256[:12]}", indent=2)


@rounds.command("add", cls=Command, help="cli.help.round_add")
def add_command(
    ctx: typer.Context,
    name: RoundName,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="cli.argument.handed_in", show_default=False)],
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Take dossiers into a round."""
    from commands.round_tables import RoundTables
    from engine import Where, add_files, handed_in, system_reason

    for path in files:
        if not path.exists():
            refuse("file_unreadable", Where(file=str(path)), reason=system_reason(FileNotFoundError(errno.ENOENT, "")))
    face: Face = ctx.obj
    with opened(database) as store, TemporaryDirectory() as folder:
        found = add_files(store, act_of("add", name, by, why, today), name, handed_in(files, Path(folder)), day_of(today))
    RoundTables(face.lang, stderr=False).submissions(found)
    for one in found:
        if one.problems:
            face.err.problems(one.problems)
    if any(one.outcome == "refused" for one in found):
        raise typer.Exit(NOT_PASSED)


@rounds.command("run", cls=Command, help="cli.help.round_run")
def run_command(
    ctx: typer.Context,
    name: RoundName,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FOLDER", help="cli.option.round_out", show_default=False)] = None,
    no_reports: Annotated[bool, typer.Option("--no-reports", help="cli.option.no_reports")] = False,
    processes: Annotated[int, typer.Option("--processes", metavar="N", min=0, help="cli.option.processes", show_default=False)] = 0,
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Assess every application that waits, and write its report."""
    from engine import run_round, setting_of, waiting

    face: Face = ctx.obj
    act = act_of("run", name, by, why, today)
    with opened(database) as store:
        jobs = waiting(store, name)
        setting = setting_of(store, name, None if no_reports else out or Path(name), face.lang)
        failed = 0
        for done in face.err.counted(
            "round.running", len(jobs), run_round(store, act, name, jobs, setting, processes or os.cpu_count() or 1)
        ):
            if done.problems:
                failed += 1
                face.err.problems(done.problems)
    face.out.line(face.say("round.ran", done=len(jobs) - failed, failed=failed))
    if setting.folder is not None and jobs:
        face.out.line(face.say("round.reports", folder=setting.folder), indent=2)
    if failed:
        raise typer.Exit(NOT_PASSED)


@rounds.command("recheck", cls=Command, help="cli.help.round_recheck")
def recheck_command(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="cli.argument.application", show_default=False)],
    found: Annotated[list[str] | None, typer.Argument(metavar="NAME=VALUE...", help="cli.argument.found", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="cli.option.recheck", show_default=False)] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="cli.option.recheck_why", show_default=False)] = "",
    seen: Annotated[int | None, typer.Option("--seen", metavar="N", help="cli.option.seen", show_default=False)] = None,
    by: By = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Enter what the office found when it checked an application again."""
    from engine import read_dossier, recheck, score_text, stated_otherwise

    face: Face = ctx.obj
    if not why.strip():
        refuse("recheck_reason", number)
    if bool(found) == (file is not None):
        refuse("recheck_what", number)
    pairs = pairs_of(found or ())
    given = None if file is None else read_dossier(file, today=day_of(today))
    with opened(database) as store:
        act = act_of("recheck", number, by, why, today)
        made = recheck(
            store, act, number, lambda dossier, programme: given or stated_otherwise(dossier, pairs, programme), day_of(today), seen
        )
    outcome = say(f"statuses.outcome.{made.determination.outcome}", face.lang)
    face.out.line(face.say("round.rechecked", number=number, outcome=outcome, score=score_text(made.score, made.mark, face.lang)))


def pairs_of(texts: Sequence[str]) -> dict[str, str]:
    """Texts ``NAME=VALUE`` as names and values. Raises Refused where one is none."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            refuse("recheck_pair", text, text=text)
        pairs[name.strip()] = value.strip()
    return pairs


@rounds.command("status", cls=Command, help="cli.help.round_status")
def status_command(ctx: typer.Context, name: RoundName, database: Database = "") -> None:
    """Show how a round stands."""
    from commands.round_tables import RoundTables
    from engine import book_of, round_names_of

    face: Face = ctx.obj
    with opened(database) as store:
        book = book_of(store, name)
        RoundTables(face.lang, stderr=False).status(book, round_names_of(store, book))


@rounds.command("list", cls=Command, help="cli.help.round_list")
def list_command(ctx: typer.Context, database: Database = "") -> None:
    """List the rounds of the store."""
    from commands.round_tables import RoundTables
    from engine import round_names

    face: Face = ctx.obj
    with opened(database) as store:
        RoundTables(face.lang, stderr=False).rounds(round_names(store))


@rounds.command("audit", cls=Command, help="cli.help.round_audit")
def audit_command(ctx: typer.Context, database: Database = "") -> None:
    """Check the ledger, the rows and the stored assessments."""
    from engine import audit

    face: Face = ctx.obj
    with opened(database) as store:
        found = audit(store)
    if found.problems:
        face.err.problems(found.problems)
    key = "round.audit_wrong" if found.problems else "round.audit_right"
    face.out.line(face.say(key, entries=found.entries, assessments=found.assessments, problems=len(found.problems)))
    if found.head:
        face.out.line(face.say("round.audit_head", entry=found.entries, hash=found.head), indent=2)
    if found.problems:
        raise typer.Exit(NOT_PASSED)


@rounds.command("backup", cls=Command, help="cli.help.round_backup")
def backup_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.backup", show_default=False)],
    database: Database = "",
) -> None:
    """Write the whole store into one file."""
    from engine import backup_bytes

    face: Face = ctx.obj
    if file.exists():
        refuse("file_exists", str(file))
    with opened(database) as store, written(file) as part:
        part.write_bytes(backup_bytes(store))
    face.out.line(face.say("round.backed_up", file=file))


@rounds.command("restore", cls=Command, help="cli.help.round_restore")
def restore_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.backup", show_default=False)],
    database: Database = "",
) -> None:
    """Put a backup into an empty store."""
    from engine import read_bytes, restore

    face: Face = ctx.obj
    content = read_bytes(file)
    with opened(database, make=True) as store:
        face.out.line(face.say("round.restored", rows=restore(store, content, file.name), database=store.address))


@rounds.command("upgrade", cls=Command, help="cli.help.round_upgrade")
def upgrade_command(ctx: typer.Context, database: Database = "") -> None:
    """Bring an older store up to date."""
    from engine import upgrade_store

    face: Face = ctx.obj
    face.out.line(face.say("round.upgraded", database=upgrade_store(database or os.environ.get(DATABASE, "") or _DEFAULT)))
