"""Signing a report: the key and its password, the time-stamp authority, and where the signed file goes."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands.frame import Face, refuse, written
from commands.options import Force

if TYPE_CHECKING:
    from engine import Where

PASSWORD, TSA = "GREENCERT_KEY_PASSWORD", "GREENCERT_TSA"
"""Environment variables: a password and an address."""

Role = Literal["assessor", "reviewer", "body"]
_ROLES = "assessor|reviewer|body"


def sign_command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="cli.argument.report", show_default=False)],
    key: Annotated[Path, typer.Option("--key", metavar="KEY.p12", help="cli.option.key", show_default=False)],
    role: Annotated[Role, typer.Option("--role", metavar=_ROLES, help="cli.option.role", show_default=False)],
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="cli.option.password_file", show_default=False)
    ] = None,
    tsa: Annotated[str, typer.Option("--tsa", metavar="URL", help="cli.option.tsa", show_default=False)] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="OUT.pdf", help="cli.option.signed", show_default=False)] = None,
    force: Force = False,
) -> None:
    """Sign a report in a role."""
    from engine import Where, check_signatures, load_key, read_bytes, sign_report, signature_sentence, time_stamper, verify_report

    face: Face = ctx.obj
    target = out or file
    if out is not None and out.exists() and not force and not (file.exists() and out.samefile(file)):
        refuse("file_exists", str(out))
    address = tsa or os.environ.get(TSA, "")
    if address and not address.startswith(("https://", "http://")):
        refuse("tsa_address", address=address)
    content, packed = read_bytes(file), read_bytes(key)
    now = datetime.now().astimezone()
    found = load_key(packed, _password(face, packed, key, password_file), Where(file=str(key)), now=now)
    proof = verify_report(content, str(file))
    if proof.differences:
        refuse("sign_unproven", Where(file=str(file)), first=proof.differences[0].text(face.lang))
    stamper = time_stamper(address) if address else None
    signed, warnings = sign_report(content, found, role, now=now, stamper=stamper, where=Where(file=str(file)))
    with written(target) as part:
        part.write_bytes(signed)
    if warnings:
        face.err.problems(warnings)
    face.out.line(face.say("sign.signed", path=target))
    for status in check_signatures(signed):
        face.out.line(signature_sentence(status, face.lang))


def _password(face: Face, packed: bytes, key: Path, file: Path | None) -> str | None:
    """The key's password: from the file named, the environment, or asked for; None where the key has none. Raises Refused."""
    from engine import needs_password, read_bytes

    if file is not None:
        return _first_line(read_bytes(file), file)
    if not needs_password(packed):
        return None
    if given := os.environ.get(PASSWORD):
        return given
    if not sys.stdin.isatty():
        refuse("password_missing", _place(key), variable=PASSWORD)
    try:
        return getpass(face.say("sign.password", name=key.name))
    except EOFError as err:
        raise typer.Abort from err


def _first_line(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig").split("\n")[0].removesuffix("\r")
    except UnicodeDecodeError:
        refuse("password_unreadable", _place(path))
        raise


def _place(path: Path) -> Where:
    from engine import Where

    return Where(file=str(path))
