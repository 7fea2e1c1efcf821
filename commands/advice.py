"""Advice to an enterprise, asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.dossiers import Request, case_of
from commands.frame import Face
from commands.options import AsJson, BasisOption, Close, File, SchemeOption, Today


def advise_command(
    ctx: typer.Context,
    file: File,
    costs: Annotated[Path | None, typer.Option("--costs", metavar="FILE", help="cli.option.costs", show_default=False)] = None,
    target: Annotated[str, typer.Option("--target", metavar="TARGET", help="cli.option.target", show_default=False)] = "pass",
    scheme: SchemeOption = None,
    basis: BasisOption = None,
    close: Close = False,
    as_json: AsJson = False,
    today: Today = None,
) -> None:
    """Show an enterprise the cheapest way to pass."""
    from commands.advice_tables import AdviceTables
    from engine import cheapest_route, read_costs, route_json

    face: Face = ctx.obj
    case = case_of(file, Request(scheme, basis, close, today))
    prices = None if costs is None else read_costs(costs, case.programme, case.dossier)
    route = cheapest_route(case.programme, case.dossier, case.assessment.basis, prices, target, close=close or None)
    if as_json:
        typer.echo(route_json(route, case.programme, case.dossier).encode(), nl=False)
    else:
        AdviceTables(face.lang, stderr=False).route(case, route)
