"""The command line: one thin function per command, over the engine's public API.

Exit codes: 0 done; 1 done, but something did not pass or rulesets have errors, where a flag asks for that; 2 the user's input
is wrong; 3 internal fault; 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands.advice import advise_command
from commands.comparing import compare_command
from commands.dossiers import Case, Request, case_of, formats_asked, prepare, write_reports
from commands.editions import ALL, both_sides, compare, only_kind, print_json, programme_of, selected
from commands.frame import (
    LANGUAGES,
    NOT_PASSED,
    WRONG_INPUT,
    Boundary,
    Command,
    Face,
    Group,
    check_workbook,
    localise,
    refuse,
    split_globals,
    written,
)
from commands.handbook import write_handbooks
from commands.official import attest_command, import_command
from commands.options import AsJson, BasisOption, Close, File, Force, Formats, Kind, SchemeOption, Standard, Today
from commands.plans import plans
from commands.round_comparing import comparing
from commands.round_deciding import deciding
from commands.round_export import exporting
from commands.round_reporting import reporting
from commands.round_screening import screening
from commands.rounds import rounds
from commands.signing import sign_command
from commands.surveillance import surveillance
from commands.verify import verify_command
from engine import VERSION

if TYPE_CHECKING:
    from engine import Problem

PASSED = ("eligible", "scored")

KindName = Literal["green_factory", "green_park", "green_product", "green_supply_chain", "cleaner_production"]
Form = Literal["standard", "scheme", "common", "examples", "attestations", "clauses"]
HandbookForm = Literal["html", "pdf", "both"]

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="cli.argument.files", show_default=False)]
Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="cli.argument.names", show_default=False)]
FailUnlessPassed = Annotated[bool, typer.Option("--fail-unless-passed", help="cli.option.fail_unless_passed")]
KeepGoing = Annotated[bool, typer.Option("--keep-going", help="cli.option.keep_going")]
Fail = Annotated[bool, typer.Option("--fail", help="cli.option.fail")]

app = typer.Typer(cls=Group, no_args_is_help=True, add_completion=False, help="cli.help.app", pretty_exceptions_enable=False)
rules = typer.Typer(cls=Group, no_args_is_help=True, help="cli.help.rules")
app.add_typer(rules, name="rules")
rounds.add_typer(deciding)
rounds.add_typer(comparing)
rounds.add_typer(exporting)
rounds.add_typer(screening)
rounds.add_typer(reporting)
app.add_typer(rounds, name="round")
app.add_typer(plans, name="plan")
app.add_typer(surveillance, name="surveillance")

_COLLECT_AFTER = 50_000
"""Rulesets and dossiers live as long as the command: looking for dead cycles after every 700 new objects took a seventh of its time."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    args, wanted, debug = split_globals(sys.argv[1:] if argv is None else argv)
    lang = wanted if wanted in LANGUAGES else LANGUAGES[0]
    with Boundary(lang, debug) as boundary:
        if wanted not in (None, *LANGUAGES):
            refuse("lang_unknown", lang=wanted)
        command = localise(typer.main.get_command(app), lang)
        with command.make_context("greencert", args, obj=Face(lang)) as ctx:
            command.invoke(ctx)
        sys.stdout.flush()
    return boundary.code


def show_version(wanted: bool) -> None:
    """Print the version and stop, where that is asked for."""
    if wanted:
        typer.echo(f"greencert {VERSION}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", is_eager=True, help="cli.option.version", callback=show_version)]


@app.callback()
def globals_(
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="cli.option.lang", show_default=False)] = None,
    debug: Annotated[bool, typer.Option("--debug", help="cli.option.debug")] = False,
    version: Version = False,
) -> None:
    """The options of all commands; ``--lang`` and ``--debug`` have been taken out of the arguments before."""


# --- dossiers -----------------------------------------------------------------------------------------------------


@app.command("assess", cls=Command, help="cli.help.assess")
def assess(
    ctx: typer.Context,
    files: Files,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="cli.option.out", show_default=False)] = None,
    scheme: SchemeOption = None,
    basis: BasisOption = None,
    close: Close = False,
    as_json: Annotated[bool, typer.Option("--json", help="cli.option.json")] = False,
    formats: Formats = "pdf",
    json_file: Annotated[bool, typer.Option("--json-file", help="cli.option.json_file")] = False,
    no_advice: Annotated[bool, typer.Option("--no-advice", help="cli.option.no_advice")] = False,
    keep_going: KeepGoing = False,
    fail_unless_passed: FailUnlessPassed = False,
    today: Today = None,
) -> None:
    """Assess dossiers and write their reports."""
    from engine import assessment_json

    face: Face = ctx.obj
    if out is None and (json_file or not as_json):
        refuse("out_missing")
    forms = formats_asked(formats, json_file)
    cases, problems = prepare(face, files, Request(scheme, basis, close, today), keep_going)
    reports = {} if out is None else write_reports(face, cases, out, forms, not no_advice)
    screen = face.out
    if as_json:
        texts = [assessment_json(case.assessment, case.programme).rstrip("\n") for case in cases]
        single = len(files) == 1 and not os.path.isdir(files[0]) and texts
        typer.echo((texts[0] if single else "[\n" + ",\n".join(texts) + "\n]").encode())
        screen = face.err
    if cases:
        screen.summary(cases, reports)
    leave(cases, problems, fail_unless_passed)


@app.command("check", cls=Command, help="cli.help.check")
def check(
    ctx: typer.Context,
    files: Files,
    scheme: SchemeOption = None,
    basis: BasisOption = None,
    close: Close = False,
    keep_going: KeepGoing = False,
    fail_unless_passed: FailUnlessPassed = False,
    today: Today = None,
) -> None:
    """Show where dossiers stand, one after the other; several are held against each other too."""
    face: Face = ctx.obj
    cases, problems = prepare(face, files, Request(scheme, basis, close, today), keep_going)
    for at, case in enumerate(cases):
        if at:
            face.out.line()
        face.out.check(case)
    leave(cases, problems, fail_unless_passed)


@app.command("explain", cls=Command, help="cli.help.explain")
def explain(
    ctx: typer.Context,
    file: File,
    name: Annotated[str, typer.Argument(metavar="[CRITERION]", help="cli.argument.criterion", show_default=False)] = "",
    scheme: SchemeOption = None,
    basis: BasisOption = None,
    close: Close = False,
    today: Today = None,
) -> None:
    """Show how one result came about."""
    import engine

    face: Face = ctx.obj
    case = case_of(file, Request(scheme, basis, close, today))
    face.out.explanation(engine.explain(case.assessment, case.programme, case.dossier, name, face.lang))


app.command("compare", cls=Command, help="cli.help.compare")(compare_command)
app.command("advise", cls=Command, help="cli.help.advise")(advise_command)
app.command("verify", cls=Command, help="cli.help.verify")(verify_command)
app.command("sign", cls=Command, help="cli.help.sign")(sign_command)


@app.command("template", cls=Command, help="cli.help.template")
def template(
    ctx: typer.Context,
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help="cli.argument.scheme", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.xlsx", help="cli.option.workbook", show_default=False)],
    fill: Annotated[Path | None, typer.Option("--fill", metavar="DOSSIER", help="cli.option.fill", show_default=False)] = None,
    kind: Kind = None,
    standard: Standard = "",
    force: Force = False,
) -> None:
    """Write a workbook to fill in."""
    from engine import load_programme, read_dossier, write_workbook

    face: Face = ctx.obj
    check_workbook(out, force=force)
    dossier = None if fill is None else read_dossier(fill, today=date.today().isoformat())
    wanted = standard or (dossier.standard if dossier else "")
    day = dossier.application_date if dossier else ""
    programme = load_programme(scheme, kind or (dossier.kind if dossier else only_kind(scheme)), standard=wanted, day=day)
    with written(out) as part:
        write_workbook(programme, part, face.lang, dossier)
    face.out.line(face.say("template.written", path=out))


def leave(cases: Iterable[Case], refused: Sequence[Problem], fail_unless_passed: bool) -> None:
    """Exit with 2 where a dossier was refused, with 1 where that is asked for and something did not pass."""
    if refused:
        raise typer.Exit(WRONG_INPUT)
    if fail_unless_passed and any(case.assessment.determination.outcome not in PASSED for case in cases):
        raise typer.Exit(NOT_PASSED)


# --- rulesets -----------------------------------------------------------------------------------------------------


@rules.command("list", cls=Command, help="cli.help.rules_list")
def rules_list(ctx: typer.Context) -> None:
    """List the library."""
    from commands.ruleset_tables import RulesetTables
    from engine import ruleset_overview

    face: Face = ctx.obj
    RulesetTables(face.lang, stderr=False).rulesets(*ruleset_overview(day=date.today().isoformat()))


@rules.command("show", cls=Command, help="cli.help.rules_show")
def rules_show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="cli.argument.name", show_default=False)],
    criterion: Annotated[str | None, typer.Option("--criterion", metavar="ID", help="cli.option.criterion", show_default=False)] = None,
    kind: Kind = None,
    standard: Standard = "",
) -> None:
    """Show what a ruleset demands."""
    from commands.ruleset_tables import RulesetTables
    from engine import describe

    face: Face = ctx.obj
    programme = programme_of(name, kind, standard)
    if criterion is None:
        RulesetTables(face.lang, stderr=False).ruleset(programme)
    else:
        face.out.explanation(describe(programme, criterion, face.lang))


@rules.command("lint", cls=Command, help="cli.help.rules_lint")
def rules_lint(
    ctx: typer.Context,
    names: Names = None,
    strict: Annotated[bool, typer.Option("--strict", help="cli.option.strict")] = False,
    fail: Fail = False,
) -> None:
    """Look for mistakes in rulesets, and between them where all are looked at."""
    from commands.ruleset_tables import RulesetTables
    from engine import lint_library

    face: Face = ctx.obj
    found = {name: lint_of(name) for name in ruleset_names(names)}
    if not names:
        found[face.say("rules.library")] = lint_library()
    screen = RulesetTables(face.lang, stderr=False)
    for name, problems in found.items():
        screen.lint(name, problems)
    severities = {problem.severity.value for problems in found.values() for problem in problems}
    if (strict and severities & {"error", "warning"}) or (fail and "error" in severities):
        raise typer.Exit(NOT_PASSED)


@rules.command("test", cls=Command, help="cli.help.rules_test")
def rules_test(
    ctx: typer.Context,
    names: Names = None,
    strict: Annotated[bool, typer.Option("--strict", help="cli.option.strict_test")] = False,
    fail: Fail = False,
) -> None:
    """Run the examples beside rulesets, and see what they do not show."""
    from commands.coverage import CoverageTables, examples_of

    face: Face = ctx.obj
    found = {name: examples_of(name) for name in face.err.progress("rules.testing", ruleset_names(names))}
    CoverageTables(face.lang, stderr=False).examples(found)
    failed = any(not run.passed for tested in found.values() for run in tested.runs)
    lacking = any(coverage.lacking for tested in found.values() for coverage in tested.coverages)
    if (failed and (fail or strict)) or (lacking and strict):
        raise typer.Exit(NOT_PASSED)


@rules.command("coverage", cls=Command, help="cli.help.rules_coverage")
def rules_coverage(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="cli.argument.coverage", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Show which clauses of a text are judged by what."""
    from commands.coverage import CoverageTables, examples_of
    from engine import coverage_plain, coverage_sheet, rulesets_root, sheet_plain, with_clauses

    face: Face = ctx.obj
    screen = CoverageTables(face.lang, stderr=False)
    if name is None:
        sheets = [coverage_sheet(each) for each in with_clauses(rulesets_root())]
        print_json([sheet_plain(sheet) for sheet in sheets]) if as_json else screen.sheets(sheets)
        return
    ruleset_names([name])
    sheet, shown = coverage_sheet(name), examples_of(name).coverages
    if as_json:
        print_json({**sheet_plain(sheet), "examples": coverage_plain(shown)})
    else:
        screen.sheet(sheet, shown)


@rules.command("select", cls=Command, help="cli.help.rules_select")
def rules_select(
    ctx: typer.Context,
    kind: Annotated[KindName, typer.Option("--kind", metavar="KIND", help="cli.option.select_kind", show_default=False)],
    day: Annotated[str, typer.Option("--date", metavar="DAY", help="cli.option.date", show_default=False)],
    sector: Annotated[str, typer.Option("--sector", metavar="CODE", help="cli.option.sector", show_default=False)] = "",
    district: Annotated[str, typer.Option("--district", metavar="DISTRICT", help="cli.option.district", show_default=False)] = "",
    scheme: Annotated[str, typer.Option("--scheme", metavar="SCHEME|all", help="cli.option.select_scheme", show_default=False)] = ALL,
    as_json: AsJson = False,
) -> None:
    """Show which editions and schemes apply on a day."""
    from commands.edition_tables import EditionTables
    from engine import selection_plain

    face: Face = ctx.obj
    made, whole = selected(face, kind, day, sector, district, scheme)
    if as_json:
        print_json(selection_plain(made))
    else:
        EditionTables(face.lang, stderr=False).selection(made)
    if not whole:
        raise typer.Exit(WRONG_INPUT)


@rules.command("diff", cls=Command, help="cli.help.rules_diff")
def rules_diff(
    ctx: typer.Context,
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="cli.argument.before", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="cli.argument.after", show_default=False)],
    kind: Kind = None,
    standard: Standard = "",
    samples: Annotated[list[Path] | None, typer.Option("--samples", metavar="PATH", help="cli.option.samples", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two rulesets."""
    compare(ctx.obj, both_sides(before, after, kind, standard), samples, as_json)


rules.command("attest", cls=Command, help="cli.help.rules_attest")(attest_command)
rules.command("import-table", cls=Command, help="cli.help.rules_import")(import_command)


@rules.command("handbook", cls=Command, help="cli.help.rules_handbook")
def rules_handbook(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="cli.argument.name", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="PATH", help="cli.option.handbook", show_default=False)],
    kind: Kind = None,
    standard: Standard = "",
    form: Annotated[
        HandbookForm | None, typer.Option("--format", metavar="html|pdf|both", help="cli.option.form", show_default=False)
    ] = None,
) -> None:
    """Write a ruleset as a readable document."""
    write_handbooks(ctx.obj, programme_of(name, kind, standard), out, form)


@rules.command("schema", cls=Command, help="cli.help.rules_schema")
def rules_schema(form: Annotated[Form, typer.Argument(metavar="FORM", help="cli.argument.form", show_default=False)]) -> None:
    """Print the JSON Schema of a kind of ruleset file."""
    from engine import ruleset_json_schema

    typer.echo(ruleset_json_schema(form).encode(), nl=False)


def ruleset_names(names: Sequence[str] | None) -> list[str]:
    """The rulesets that are meant: all of the library unless named. Raises Refused for one that there is not."""
    from engine import rulesets_root, scheme_ids, standard_ids

    known = [*standard_ids(rulesets_root()), *scheme_ids(rulesets_root())]
    for name in names or ():
        if name not in known and not os.path.isfile(name):
            refuse("ruleset_unknown", name, name=name, known=", ".join(known))
    return list(dict.fromkeys(names or known))


def lint_of(name: str) -> list[Problem]:
    """What is wrong with a ruleset; with a scheme, in each of its programmes."""
    from engine import Refused, lint, names_standard, scheme_programmes

    try:
        if names_standard(name):
            return lint(name)
        programmes = scheme_programmes(name)
    except Refused as refused:
        return refused.problems
    return list(dict.fromkeys(problem for kind, standard in programmes for problem in lint(name, kind, standard=standard)))


if __name__ == "__main__":
    sys.exit(main())
