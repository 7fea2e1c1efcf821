"""The commands ``greencert plan``: what is entered for a plan, and its progress from the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.editions import print_json
from commands.frame import Command, Face, Group, refuse, written
from commands.options import AsJson, Force, Today
from commands.rounds import By, Database, Why, act_of, day_of, opened

plans = typer.Typer(cls=Group, no_args_is_help=True, help="cli.help.plan")

PlanName = Annotated[str, typer.Argument(metavar="PLAN", help="cli.argument.plan", show_default=False)]


@plans.command("list", cls=Command, help="cli.help.plan_list")
def list_command(ctx: typer.Context) -> None:
    """List the plans of the library."""
    from commands.plan_tables import PlanTables
    from engine import load_plan, plan_ids

    face: Face = ctx.obj
    PlanTables(face.lang, stderr=False).plans([load_plan(name) for name in plan_ids()])


@plans.command("enter", cls=Command, help="cli.help.plan_enter")
def enter_command(
    ctx: typer.Context,
    name: PlanName,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="cli.argument.measures", show_default=False)],
    correct: Annotated[bool, typer.Option("--correct", help="cli.option.correct")] = False,
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Enter values of a plan's measures."""
    from commands.plan_tables import PlanTables
    from engine import enter_measures, load_plan

    face: Face = ctx.obj
    plan = load_plan(name)
    act = act_of("plan_correct" if correct else "plan_enter", plan.plan, by, why, today, "greencert plan enter")
    with opened(database, make=True) as store:
        found = enter_measures(store, act, plan, files, correct=correct)
    PlanTables(face.lang, stderr=False).entered(plan, found)


@plans.command("remove", cls=Command, help="cli.help.plan_remove")
def remove_command(
    ctx: typer.Context,
    name: PlanName,
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="cli.argument.measure", show_default=False)],
    place: Annotated[str, typer.Argument(metavar="PLACE", help="cli.argument.place", show_default=False)],
    when: Annotated[str, typer.Argument(metavar="WHEN", help="cli.argument.when", show_default=False)],
    item: Annotated[str, typer.Option("--item", metavar="TEXT", help="cli.option.item", show_default=False)] = "",
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Take a value out that was entered by mistake."""
    from commands.plan_tables import PlanTables
    from engine import load_plan, remove_measure

    face: Face = ctx.obj
    plan = load_plan(name)
    if not why.strip():
        refuse("remove_reason", "greencert plan remove")
    act = act_of("plan_remove", plan.plan, by, why, today, "greencert plan remove")
    with opened(database) as store:
        gone = remove_measure(store, act, plan, measure, place, when, item)
    PlanTables(face.lang, stderr=False).removed(plan, gone)


@plans.command("propose", cls=Command, help="cli.help.plan_propose")
def propose_command(
    ctx: typer.Context,
    name: PlanName,
    round_: Annotated[str, typer.Argument(metavar="ROUND", help="cli.argument.round", show_default=False)],
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="cli.option.proposed", show_default=False)] = None,
    force: Force = False,
    by: By = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Show what the dossiers of a round tell of a plan's measures, as a file to check and enter."""
    from commands.plan_tables import PlanTables
    from engine import load_plan, measures_bytes, told_of

    face: Face = ctx.obj
    if out is not None and out.suffix.lower() != ".csv":
        refuse("plan_proposed", "greencert plan propose", name=out.name)
    if out is not None and out.exists() and not force:
        refuse("file_exists", str(out))
    plan = load_plan(name)
    act = act_of("plan_enter", plan.plan, by, "", today, "greencert plan propose")
    with opened(database) as store:
        found = told_of(store, plan, round_, act.by)
    tables = PlanTables(face.lang, stderr=False)
    tables.told(plan, found)
    if out is not None:
        with written(out) as part:
            part.write_bytes(measures_bytes((one.value for one in found if one.value is not None), plan, face.lang))
        tables.line(face.say("plan.proposed", file=out))


@plans.command("entries", cls=Command, help="cli.help.plan_entries")
def entries_command(ctx: typer.Context, name: PlanName, database: Database = "") -> None:
    """Show what was entered."""
    from commands.plan_tables import PlanTables
    from engine import load_plan, measures_of

    face: Face = ctx.obj
    plan = load_plan(name)
    with opened(database) as store:
        PlanTables(face.lang, stderr=False).entries(plan, measures_of(store, plan))


@plans.command("progress", cls=Command, help="cli.help.plan_progress")
def progress_command(
    ctx: typer.Context,
    name: PlanName,
    quarter: Annotated[str, typer.Option("--quarter", metavar="QUARTER", help="cli.option.quarter", show_default=False)] = "",
    round_: Annotated[str, typer.Option("--round", metavar="ROUND", help="cli.option.nurture_round", show_default=False)] = "",
    nearest: Annotated[int, typer.Option("--nearest", metavar="N", min=0, help="cli.option.nearest", show_default=False)] = 20,
    out: Annotated[list[Path] | None, typer.Option("-o", "--out", metavar="FILE", help="cli.option.plan_out", show_default=False)] = None,
    force: Force = False,
    as_json: AsJson = False,
    database: Database = "",
    today: Today = None,
) -> None:
    """Show the progress of a plan, and write it into files."""
    from commands.plan_tables import PlanTables
    from engine import load_plan, progress_of, quarter_of, view_bytes, view_content, view_plain

    face: Face = ctx.obj
    for path in out or ():
        check_out(path, force=force)
    plan = load_plan(name)
    day = day_of(today)
    at = quarter_of(quarter, day)
    with opened(database) as store:
        view = progress_of(store, plan, at, day, round_)
    for path in out or ():
        content, problems = view_bytes(view, path.suffix.lower(), face.lang, nearest)
        with written(path) as part:
            part.write_bytes(content)
        if problems:
            face.err.problems(problems)
    if as_json:
        print_json(view_plain(view))
        return
    tables = PlanTables(face.lang, stderr=False)
    tables.standing(view_content(view, face.lang, nearest))
    for path in out or ():
        tables.line(face.say("plan.written", file=path))


def check_out(path: Path, *, force: bool) -> None:
    """Refuse a file that cannot be written: of another suffix, or there already."""
    from engine import PLAN_FORMS

    if path.suffix.lower() not in PLAN_FORMS:
        refuse("plan_out", "greencert plan progress", name=path.name)
    if path.exists() and not force:
        refuse("file_exists", str(path))
