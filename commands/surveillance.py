"""The commands ``greencert surveillance``: what becomes of certificates after the issue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.editions import print_json
from commands.frame import Command, Face, Group, refuse, written
from commands.options import AsJson, Today
from commands.round_export import Office, SenderFile, sender_of
from commands.rounds import By, Database, Why, act_of, day_of, opened, pairs_of

if TYPE_CHECKING:
    from engine import Entered, HeldCertificate, Store

surveillance = typer.Typer(cls=Group, no_args_is_help=True, help="cli.help.surveillance")

Numbers = Annotated[list[str] | None, typer.Argument(metavar="[NUMBER]...", help="cli.argument.certificates", show_default=False)]
District = Annotated[str, typer.Option("--district", metavar="DISTRICT", help="cli.option.of_district", show_default=False)]
AsOf = Annotated[str, typer.Option("--date", metavar="DAY", help="cli.option.standing_on", show_default=False)]
SHOWN_AHEAD = 366
"""So many days ahead what falls due is shown for one certificate."""


def day_given(text: str, option: str, default: str) -> str:
    """A day as ISO text, or the default where none is given. Raises Refused for what is no day."""
    from engine import is_day

    if text and not is_day(text):
        refuse("day_wrong", option, text=text)
    return text or default


def certificates_asked(store: Store, numbers: Sequence[str] | None, district: str = "") -> tuple[HeldCertificate, ...]:
    """The certificates that are meant. Raises Refused for a number that there is not."""
    from engine import Where, certificates_of

    found = certificates_of(store, district=district, numbers=numbers or ())
    for number in numbers or ():
        if all(one.number != number for one in found):
            refuse("surveillance_certificate_unknown", Where(path=number), named=number)
    return found


@surveillance.command("enter", cls=Command, help="cli.help.surveillance_enter")
def enter_command(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="cli.argument.events", show_default=False)],
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Enter the events of files."""
    from engine import enter_files

    face: Face = ctx.obj
    act = act_of("enter", " ".join(path.name for path in files), by, why, today, "greencert surveillance enter")
    with opened(database) as store:
        show_entered(face, store, enter_files(store, act, files, day_of(today)), day_of(today))


@surveillance.command("record", cls=Command, help="cli.help.surveillance_record")
def record_command(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="cli.argument.event_kind", show_default=False)],
    fields: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="cli.argument.event_fields", show_default=False)],
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Enter one event."""
    from engine import enter_stated

    face: Face = ctx.obj
    stated = {**pairs_of(fields), "kind": kind}
    subject = stated.get("certificate") or stated.get("credit_code") or kind
    act = act_of("record", subject, by, why, today, "greencert surveillance record")
    with opened(database) as store:
        show_entered(face, store, enter_stated(store, act, stated, day_of(today)), day_of(today))


def show_entered(face: Face, store: Store, entered: Entered, day: str) -> None:
    """What was entered, and how the certificates that it is about stand now."""
    from commands.surveillance_tables import SurveillanceTables
    from engine import certificates_of, district_names

    if entered.problems:
        face.err.problems(entered.problems)
    held = certificates_of(store, numbers=entered.certificates) if entered.certificates else ()
    SurveillanceTables(face.lang, stderr=False).entered(entered, held, day, district_names(store, held))


@surveillance.command("status", cls=Command, help="cli.help.surveillance_status")
def status_command(
    ctx: typer.Context,
    numbers: Numbers = None,
    district: District = "",
    date: AsOf = "",
    as_json: AsJson = False,
    database: Database = "",
    today: Today = None,
) -> None:
    """Show how certificates stand."""
    from commands.surveillance_tables import SurveillanceTables
    from engine import district_names, documents_of, due_of, history_plain

    face: Face = ctx.obj
    day = day_given(date, "--date", day_of(today))
    with opened(database) as store:
        held = certificates_asked(store, numbers, district)
        screen, names = SurveillanceTables(face.lang, stderr=False), district_names(store, held)
        if as_json:
            print_json([_plain(one, history_plain(one.told(day))) for one in held])
        elif not numbers:
            screen.certificates(held, day, names)
        else:
            for at, one in enumerate(held):
                if at:
                    screen.line()
                screen.certificate(one, day, names, *due_of([one], day, SHOWN_AHEAD, documents_of(store, [one])))


def _plain(held: HeldCertificate, told: dict[str, Any]) -> dict[str, Any]:
    one = held.certificate
    head = {"holder": one.holder, "credit_code": one.credit_code, "kind": one.kind, "district": one.district, "issued_on": one.issued_on}
    return {**head, "round": held.round, "application": held.application, "rules_sha256": held.rules_sha256, **told}


@surveillance.command("notices", cls=Command, help="cli.help.surveillance_notices")
def notices_command(
    ctx: typer.Context,
    numbers: Numbers = None,
    since: Annotated[str, typer.Option("--since", metavar="DAY", help="cli.option.decided_since", show_default=False)] = "",
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="cli.option.decided_until", show_default=False)] = "",
    district: District = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FOLDER", help="cli.option.notices_out", show_default=False)] = None,
    sender: SenderFile = None,
    office: Office = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """List what was decided, and write the letters."""
    from commands.surveillance_tables import SurveillanceTables
    from engine import decisions_of, notice_files

    face: Face = ctx.obj
    now = day_of(today)
    last = day_given(until, "--until", now)
    first = day_given(since, "--since", last)
    from_ = None if out is None else sender_of(sender, office, last)
    if last > now:
        refuse("notices_future", "--until", day=last, today=now)
    with opened(database) as store:
        found = decisions_of(certificates_asked(store, numbers, district), first, last, now)
        files = [] if from_ is None else list(notice_files(store, found, from_, face.lang))
    if found:
        SurveillanceTables(face.lang, stderr=False).decided(found)
    else:
        face.out.line(face.say("surveillance.nothing_decided", since=first, until=last))
    for file in files:
        assert out is not None
        with written(out / file.name) as part:
            part.write_bytes(file.content)
        if file.problems:
            face.err.problems(file.problems)
    if out is not None and files:
        face.out.line(face.say("surveillance.letters", count=len(files), folder=out))


@surveillance.command("calendar", cls=Command, help="cli.help.surveillance_calendar")
def calendar_command(
    ctx: typer.Context,
    days: Annotated[int, typer.Option("--days", metavar="N", min=0, max=3660, help="cli.option.calendar_days")] = 90,
    district: District = "",
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="cli.option.ics", show_default=False)] = None,
    as_json: AsJson = False,
    date: AsOf = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Show what falls due."""
    from commands.surveillance_tables import SurveillanceTables
    from engine import calendar_ics, calendar_plain, district_names, documents_of, due_of

    face: Face = ctx.obj
    day = day_given(date, "--date", day_of(today))
    with opened(database) as store:
        held = certificates_asked(store, None, district)
        coming, late = due_of(held, day, days, documents_of(store, held))
        names = district_names(store, held)
    if ics is not None:
        with written(ics) as part:
            part.write_bytes(calendar_ics(coming, day, face.lang))
    if as_json:
        print_json({"day": day, "days": days, "due": calendar_plain(coming), "late": calendar_plain(late)})
        return
    SurveillanceTables(face.lang, stderr=False).calendar(coming, late, day, days, names)
    if ics is not None:
        face.out.line(face.say("surveillance.ics_written", file=ics))


@surveillance.command("lowest", cls=Command, help="cli.help.surveillance_lowest")
def lowest_command(
    ctx: typer.Context,
    rounds: Annotated[list[str], typer.Argument(metavar="ROUND...", help="cli.argument.ranked_rounds", show_default=False)],
    enter: Annotated[bool, typer.Option("--enter", help="cli.option.enter_lowest")] = False,
    document: Annotated[str, typer.Option("--document", metavar="TEXT", help="cli.option.lowest_document", show_default=False)] = "",
    by: By = "",
    why: Why = "",
    database: Database = "",
    today: Today = None,
) -> None:
    """Show the lowest of the lists of a year, or enter them."""
    from commands.surveillance_tables import SurveillanceTables
    from engine import certificates_of, enter_lowest, lowest_lists

    face: Face = ctx.obj
    if enter and not document.strip():
        refuse("lowest_document")
    act = act_of("lowest", " ".join(rounds), by, why, today, "greencert surveillance lowest") if enter else None
    with opened(database) as store:
        lists = lowest_lists(store, rounds, day_of(today))
        SurveillanceTables(face.lang, stderr=False).lowest(lists, {one.number: one for one in certificates_of(store)})
        if act is not None:
            show_entered(face, store, enter_lowest(store, act, rounds, document, day_of(today)), day_of(today))
