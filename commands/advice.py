"""Advice to an enterprise, asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from commands.dossiers import Request, case_of
from commands.frame import Face


def advise_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.file", show_default=False)],
    costs: Annotated[Path | None, typer.Option("--costs", metavar="FILE", help="cli.option.costs", show_default=False)] = None,
    target: Annotated[str, typer.Option("--target", metavar="TARGET", help="cli.option.target", show_default=False)] = "pass",
    scheme: Annotated[str | None, typer.Option("--scheme", metavar="SCHEME", help="cli.option.scheme", show_default=False)] = None,
    basis: Annotated[
        Literal["declared", "verified"] | None,
        typer.Option("--basis", metavar="declared|verified", help="cli.option.basis", show_default=False),
    ] = None,
    close: Annotated[bool, typer.Option("--close", help="cli.option.close")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="cli.option.select_json")] = False,
    today: Annotated[str | None, typer.Option("--today", metavar="DAY", help="cli.option.today", hidden=True)] = None,
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
