"""Official documents: attesting figures that were checked against them, and importing tables from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.editions import only_kind, print_json
from commands.frame import Face, refuse, written
from commands.options import Force, Kind, Standard, Today

if TYPE_CHECKING:
    from engine import Claim, ImportPlan, Programme

Document = Annotated[str, typer.Option("--document", metavar="TEXT", help="cli.option.document", show_default=False)]
Page = Annotated[str, typer.Option("--page", metavar="TEXT", help="cli.option.page", show_default=False)]
TABLES = (".xlsx", ".csv")


def attest_command(
    ctx: typer.Context,
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help="cli.argument.scheme", show_default=False)],
    figures: Annotated[list[str] | None, typer.Argument(metavar="[FIGURE]...", help="cli.argument.figures", show_default=False)] = None,
    kind: Kind = None,
    standard: Standard = "",
    listed: Annotated[bool, typer.Option("--list", help="cli.option.list")] = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="cli.option.list_out", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="cli.option.list_json")] = False,
    from_list: Annotated[Path | None, typer.Option("--from", metavar="FILE", help="cli.option.claims", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="cli.option.attest_all")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="cli.option.by", show_default=False)] = "",
    organisation: Annotated[str, typer.Option("--organisation", metavar="NAME", help="cli.option.organisation", show_default=False)] = "",
    document: Document = "",
    page: Page = "",
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="cli.option.on", show_default=False)] = "",
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="cli.option.until", show_default=False)] = "",
    force: Force = False,
    today: Today = None,
) -> None:
    """List the unattested figures of a scheme, or record who checked which of them."""
    from engine import Attestation, attest, load_programme

    face: Face = ctx.obj
    day = today or date.today().isoformat()
    programme = load_programme(scheme, kind or only_kind(scheme), standard=standard)
    if listed or out is not None or as_json:
        _list(face, programme, on or day, out, as_json, force)
        return
    claims = [*_claims(programme, figures or (), from_list), *(_all(programme, on or day) if everything else ())]
    attestation = Attestation(by, organisation, document, page, on or day, until)
    made = attest(scheme, programme.standard.kind, claims, attestation, today=day, standard=programme.settings.standard)
    face.out.line(face.say("official.recorded", count=len(made.figures), path=made.path))
    face.out.line(face.say("official.left", count=made.left))


def _list(face: Face, programme: Programme, day: str, out: Path | None, as_json: bool, force: bool) -> None:
    """Show or write what nobody attested for a day."""
    from commands.official_tables import OfficialTables
    from engine import listing_plain, unattested_figures, write_listing

    figures = unattested_figures(programme, day)
    if out is not None:
        new_table(out, force)
        with written(out) as part:
            write_listing(programme, figures, part, face.lang)
        face.out.line(face.say("official.list_written", count=len(figures), path=out))
    elif as_json:
        print_json(listing_plain(programme, figures))
    else:
        OfficialTables(face.lang, stderr=False).unattested(programme, figures)


def new_table(path: Path, force: bool) -> None:
    """Refuse a file that is no table by its name, or that there is already."""
    if path.suffix.lower() not in TABLES:
        refuse("table_name", str(path), name=path.name)
    if path.exists() and not force:
        refuse("file_exists", str(path))


def _claims(programme: Programme, figures: list[str] | tuple[str, ...], from_list: Path | None) -> list[Claim]:
    """What is named on the command line, ``KEY`` or ``KEY=VALUE``, and in a list. Raises Refused where the list cannot be read."""
    from engine import Claim, ProblemList, listed_figures, read_claims

    known = {found.figure.key for found in listed_figures(programme)}
    claims = []
    for text in figures:
        key, _, value = (text, "", "") if text in known else text.partition("=")
        claims.append(Claim(key.strip(), value.strip()))
    problems = ProblemList()
    if from_list is not None:
        claims += read_claims(from_list, problems)
    problems.refuse_if_errors()
    return claims


def _all(programme: Programme, day: str) -> list[Claim]:
    from engine import Claim, unattested_figures

    return [Claim(found.figure.key) for found in unattested_figures(programme, day) if found.figure.text is not None]


def import_command(
    ctx: typer.Context,
    ruleset: Annotated[str, typer.Argument(metavar="RULESET", help="cli.argument.own_ruleset", show_default=False)],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="cli.argument.filled_table", show_default=False)] = None,
    template: Annotated[bool, typer.Option("--template", help="cli.option.template")] = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="cli.option.table_out", show_default=False)] = None,
    kind: Kind = None,
    standard: Standard = "",
    document: Document = "",
    page: Page = "",
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="cli.option.imported_on", show_default=False)] = "",
    version: Annotated[str, typer.Option("--version-number", metavar="N.N.N", help="cli.option.version_number", show_default=False)] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="cli.option.import_json")] = False,
    force: Force = False,
    today: Today = None,
) -> None:
    """Import an official table into a ruleset, or write the table to fill in."""
    from engine import Official, plan_import, write_import

    face: Face = ctx.obj
    if template:
        _template(face, ruleset, kind, standard, out, force)
        return
    if file is None:
        refuse("import_file", ruleset)
        return
    day = today or date.today().isoformat()
    plan = plan_import(ruleset, file, Official(document, page, on or day), today=day, kind=kind, standard=standard, version=version)
    _show(face, plan, as_json)
    screen = face.err if as_json else face.out
    if dry_run:
        screen.line(face.say("official.nothing_written"))
        return
    write_import(plan)
    screen.line(face.say("official.version_written", version=plan.version, paths=face.say("comma").join(map(str, plan.texts))))


def _template(face: Face, ruleset: str, kind: str | None, standard: str, out: Path | None, force: bool) -> None:
    from engine import write_import_template

    if out is None:
        refuse("import_out", ruleset)
        return
    new_table(out, force)
    with written(out) as part:
        count = write_import_template(ruleset, part, face.lang, kind=kind, standard=standard)
    face.out.line(face.say("official.template_written", count=count, path=out))


def _show(face: Face, plan: ImportPlan, as_json: bool) -> None:
    """What an import changes, and what lint warns of afterwards."""
    from commands.official_tables import OfficialTables
    from engine import diff_plain

    if as_json:
        figures = [{**one._asdict(), "title": dict(one.title)} for one in plan.figures]
        print_json({"version": plan.version, "figures": figures, "diff": diff_plain(plan.diff) if plan.diff else None})
    else:
        OfficialTables(face.lang, stderr=False).imported(plan)
    if plan.warnings:
        face.err.problems(plan.warnings)
