"""Advice to an enterprise, asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.dossiers import Case, Request, case_of
from commands.frame import Face, check_workbook, written
from commands.options import AsJson, BasisOption, Close, File, Force, SchemeOption, Today

if TYPE_CHECKING:
    from engine import Outlook, Route


def advise_command(
    ctx: typer.Context,
    file: File,
    costs: Annotated[Path | None, typer.Option("--costs", metavar="FILE", help="cli.option.costs", show_default=False)] = None,
    target: Annotated[str, typer.Option("--target", metavar="TARGET", help="cli.option.target", show_default=False)] = "pass",
    scheme: SchemeOption = None,
    basis: BasisOption = None,
    close: Close = False,
    error: Annotated[str, typer.Option("--error", metavar="PERCENT", help="cli.option.metering_error", show_default=False)] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE.xlsx", help="cli.option.advice_workbook", show_default=False)
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
    today: Today = None,
) -> None:
    """Show an enterprise the cheapest way to pass, and where it stands."""
    from commands.advice_tables import AdviceTables
    from engine import advice_json, cheapest_route, outlook, read_costs

    face: Face = ctx.obj
    if out is not None:
        check_workbook(out, force=force)
    case = case_of(file, Request(scheme, basis, close, today))
    prices = None if costs is None else read_costs(costs, case.programme, case.dossier)
    route = cheapest_route(case.programme, case.dossier, case.assessment.basis, prices, target, close=close or None)
    found = outlook(case.programme, case.dossier, case.assessment.basis, close=close or None, error=error)
    if as_json:
        typer.echo(advice_json(route, found, case.programme, case.dossier).encode(), nl=False)
    else:
        tables = AdviceTables(face.lang, stderr=False)
        tables.route(case, route)
        tables.outlook(case, found)
    if out is not None:
        write_advised(face, case, route, found, out)


def write_advised(face: Face, case: Case, route: Route, found: Outlook, out: Path) -> None:
    """The dossier as a workbook, with the advice as a sheet of its own."""
    from engine import Sections, write_workbook

    sections = Sections(case.programme, case.dossier, face.lang, sys.maxsize)
    notes = (sections.route(route), *sections.all(found))
    with written(out) as part:
        write_workbook(case.programme, part, face.lang, case.dossier, notes)
    face.err.line(face.say("template.written", path=out))
