"""The commands of a round that decide: reviewers, ranks, the list, what is held against it, certificates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from commands.frame import NOT_PASSED, Command, Face, Group, refuse
from commands.options import Today
from commands.rounds import By, Database, RoundName, Why, act_of, day_of, opened

deciding = typer.Typer(cls=Group)
"""The commands that join those of :mod:`commands.rounds`."""

_OUTCOMES = "upheld|rejected"
Outcome = Annotated[
    Literal["upheld", "rejected"], typer.Option("--outcome", metavar=_OUTCOMES, help="cli.option.upheld", show_default=False)
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="cli.argument.application", show_default=False)]


@deciding.command("assign", cls=Command, help="cli.help.round_assign")
def assign_command(
    ctx: typer.Context,
    name: RoundName,
    pool: Annotated[Path, typer.Option("--pool", metavar="FILE", help="cli.option.pool", show_default=False)],
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Draw reviewers and experts."""
    from commands.round_tables import RoundTables
    from engine import assign, book_of, read_pool

    face: Face = ctx.obj
    act = act_of("assign", name, by, why, today)
    members = read_pool(pool)
    with opened(database) as store:
        problems = assign(store, act, name, members, day_of(today))
        RoundTables(face.lang, stderr=False).reviewers(book_of(store, name))
    if problems:
        face.err.problems(problems)
        raise typer.Exit(NOT_PASSED)


@deciding.command("rank", cls=Command, help="cli.help.round_rank")
def rank_command(ctx: typer.Context, name: RoundName, by: By = "", why: Why = "", database: Database = "", today: Today = None) -> None:
    """Rank what was assessed against the quotas."""
    from commands.round_tables import RoundTables
    from engine import book_of, rank_round, round_names_of

    face: Face = ctx.obj
    act = act_of("rank", name, by, why, today)
    with opened(database) as store:
        placings = rank_round(store, act, name, day_of(today))
        book = book_of(store, name)
        RoundTables(face.lang, stderr=False).placings(placings, book, round_names_of(store, book))


@deciding.command("decide", cls=Command, help="cli.help.round_decide")
def decide_command(
    ctx: typer.Context,
    name: RoundName,
    certify: Annotated[list[str] | None, typer.Option("--certify", metavar="NUMBER", help="cli.option.certify", show_default=False)] = None,
    decline: Annotated[list[str] | None, typer.Option("--decline", metavar="NUMBER", help="cli.option.decline", show_default=False)] = None,
    freeze: Annotated[bool, typer.Option("--freeze", help="cli.option.freeze")] = False,
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Draft the list, or freeze it."""
    from commands.round_tables import RoundTables
    from engine import draft_list, freeze_list, round_names_of

    face: Face = ctx.obj
    if freeze and (certify or decline):
        refuse("decide_freeze", name)
    otherwise = dict.fromkeys(certify or (), ("certify", why)) | dict.fromkeys(decline or (), ("decline", why))
    act = act_of("freeze" if freeze else "draft", name, by, why, today)
    with opened(database) as store:
        book = freeze_list(store, act, name, day_of(today)) if freeze else draft_list(store, act, name, otherwise, day_of(today))
        names = round_names_of(store, book)
    RoundTables(face.lang, stderr=False).decisions(book, names)


@deciding.command("publish", cls=Command, help="cli.help.round_publish")
def publish_command(ctx: typer.Context, name: RoundName, by: By = "", why: Why = "", database: Database = "", today: Today = None) -> None:
    """Publish the list."""
    from engine import publish

    face: Face = ctx.obj
    act = act_of("publish", name, by, why, today)
    with opened(database) as store:
        since, until = publish(store, act, name, day_of(today))
    face.out.line(face.say("round.published", since=since, until=until))


@deciding.command("object", cls=Command, help="cli.help.round_object")
def object_command(
    ctx: typer.Context,
    number: Number,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="cli.option.objection", show_default=False)],
    who: Annotated[str, typer.Option("--from", metavar="NAME", help="cli.option.objector", show_default=False)],
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Enter an objection."""
    from engine import enter_objection

    face: Face = ctx.obj
    act = act_of("object", number, by, why, today)
    with opened(database) as store:
        seq = enter_objection(store, act, number, who, text, day_of(today))
    face.out.line(face.say("round.objection", number=number, seq=seq))


@deciding.command("answer", cls=Command, help="cli.help.round_answer")
def answer_command(
    ctx: typer.Context,
    number: Number,
    seq: Annotated[int, typer.Argument(metavar="N", help="cli.argument.objection", show_default=False)],
    outcome: Outcome,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="cli.option.answer", show_default=False)],
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Answer an objection."""
    from engine import answer_objection

    face: Face = ctx.obj
    act = act_of("answer", number, by, why, today)
    with opened(database) as store:
        answer_objection(store, act, number, seq, outcome == "upheld", text, day_of(today))
    key = "round.answered_upheld" if outcome == "upheld" else "round.answered_rejected"
    face.out.line(face.say(key, number=number, seq=seq))


@deciding.command("reopen", cls=Command, help="cli.help.round_reopen")
def reopen_command(ctx: typer.Context, name: RoundName, by: By = "", why: Why = "", database: Database = "", today: Today = None) -> None:
    """Take a published list back."""
    from engine import reopen

    face: Face = ctx.obj
    act = act_of("reopen", name, by, why, today)
    with opened(database) as store:
        reopen(store, act, name, day_of(today))
    face.out.line(face.say("round.reopened", round=name))


@deciding.command("withdraw", cls=Command, help="cli.help.round_withdraw")
def withdraw_command(ctx: typer.Context, number: Number, by: By = "", why: Why = "", database: Database = "", today: Today = None) -> None:
    """Take an application out of its round."""
    from engine import withdraw

    face: Face = ctx.obj
    act = act_of("withdraw", number, by, why, today)
    with opened(database) as store:
        withdraw(store, act, number, day_of(today))
    face.out.line(face.say("round.withdrawn", number=number))


@deciding.command("issue", cls=Command, help="cli.help.round_issue")
def issue_command(
    ctx: typer.Context,
    name: RoundName,
    issuer: Annotated[str, typer.Option("--issuer", metavar="NAME", help="cli.option.issuer", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FOLDER", help="cli.option.certificates", show_default=False)],
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Issue the certificates of the list."""
    from commands.round_tables import RoundTables
    from engine import issue

    face: Face = ctx.obj
    act = act_of("issue", name, by, why, today)
    with opened(database) as store:
        made = issue(store, act, name, out, issuer, day_of(today), face.lang)
    RoundTables(face.lang, stderr=False).certificates(made, out)


@deciding.command("close", cls=Command, help="cli.help.round_close")
def close_command(ctx: typer.Context, name: RoundName, by: By = "", why: Why = "", database: Database = "", today: Today = None) -> None:
    """Close a round."""
    from engine import close_round

    face: Face = ctx.obj
    act = act_of("close", name, by, why, today)
    with opened(database) as store:
        close_round(store, act, name, day_of(today))
    face.out.line(face.say("round.closed", round=name))
