"""``verify``: whether a report is what it says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.frame import NOT_PASSED, Face, refuse
from commands.options import AsJson

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

    from engine import Verification

Report = Annotated[Path, typer.Argument(metavar="FILE.pdf", help="cli.argument.report", show_default=False)]
Trust = Annotated[list[Path] | None, typer.Option("--trust", metavar="CERT.pem", help="cli.option.trust", show_default=False)]
Code = Annotated[str, typer.Option("--qr", metavar="TEXT", help="cli.option.qr", show_default=False)]


def verify_command(ctx: typer.Context, file: Report, qr: Code = "", trust: Trust = None, as_json: AsJson = False) -> None:
    """Compute a report again from what it carries, and compare."""
    from engine import Where, system_reason, verification_plain, verify_report

    face: Face = ctx.obj
    content = b""
    try:
        content = file.read_bytes()
    except OSError as err:
        refuse("file_unreadable", Where(file=str(file)), reason=system_reason(err))
    found = verify_report(content, str(file), qr, _trusted(trust or ()))
    if as_json:
        from commands.editions import print_json

        print_json(verification_plain(found))
    else:
        _show(face, found, bool(qr))
    if not found.identical:
        raise typer.Exit(NOT_PASSED)


def _trusted(files: Iterable[Path]) -> list[Certificate]:
    """The certificates of some files. Raises Refused."""
    from engine import read_certificates

    return [certificate for file in files for certificate in read_certificates(file)]


def _show(face: Face, found: Verification, with_code: bool) -> None:
    from engine import verification_sentences

    first, *others = verification_sentences(found, face.lang, with_code=with_code)
    face.out.line(first, "bold green" if found.identical else "bold red")
    for line in others:
        face.out.line(line)
    if found.problems:
        face.err.problems(list(found.problems))
