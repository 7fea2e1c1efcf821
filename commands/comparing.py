"""The command ``compare``: two dossiers, or one under two programmes or on two bases, and why they come out differently."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.dossiers import own_scheme
from commands.editions import print_json
from commands.frame import Face, refuse
from commands.options import BASES, AsJson, Basis, Today

if TYPE_CHECKING:
    from engine import Dossier, Programme


First = Annotated[Path, typer.Argument(metavar="A", help="cli.argument.compare_a", show_default=False)]
Second = Annotated[Path | None, typer.Argument(metavar="[B]", help="cli.argument.compare_b", show_default=False)]
Recheck = Annotated[Path | None, typer.Option("--recheck", metavar="FILE", help="cli.option.recheck", show_default=False)]
SchemeA = Annotated[str | None, typer.Option("--scheme", metavar="SCHEME", help="cli.option.compare_scheme", show_default=False)]
SchemeB = Annotated[str | None, typer.Option("--scheme-b", metavar="SCHEME", help="cli.option.compare_scheme_b", show_default=False)]
BasisA = Annotated[Basis | None, typer.Option("--basis", metavar=BASES, help="cli.option.compare_basis", show_default=False)]
BasisB = Annotated[Basis | None, typer.Option("--basis-b", metavar=BASES, help="cli.option.compare_basis_b", show_default=False)]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A dossier under the programme that is asked for; ``foreign`` where it was made for another one, which ``unread`` is lost of."""

    dossier: Dossier
    programme: Programme
    foreign: bool = False
    unread: tuple[str, ...] = ()


def compare_command(
    ctx: typer.Context,
    a: First,
    b: Second = None,
    recheck: Recheck = None,
    scheme: SchemeA = None,
    scheme_b: SchemeB = None,
    basis: BasisA = None,
    basis_b: BasisB = None,
    as_json: AsJson = False,
    today: Today = None,
) -> None:
    """Show why two assessments differ."""
    from commands.comparison_tables import ComparisonTables
    from engine import Subject, compare, comparison_plain, has_verified

    face: Face = ctx.obj
    if b is None:
        if scheme_b or basis or basis_b:
            refuse("compare_second", "greencert compare")
        show_views(face, load(a, scheme, today), recheck, as_json, today)
        return
    if recheck is not None:
        refuse("compare_recheck", "greencert compare")
    first, last = load(a, scheme, today), load(b, scheme_b or scheme, today)
    both = all(has_verified(one.dossier) for one in (first, last))
    usual = "verified" if both else "declared"
    bases = basis or usual, basis_b or basis or usual
    # what nobody could have supplied must not count as not supplied, so under rules that a dossier was not made for nothing is closed
    close = False if first.foreign or last.foreign else None
    subjects = [Subject(one.programme, one.dossier, on, close) for one, on in zip((first, last), bases, strict=True)]
    found = compare(*subjects)
    unread = tuple(dict.fromkeys((*first.unread, *last.unread, *found.unread)))
    if as_json:
        print_json({**comparison_plain(found, last.programme), "unread": list(unread)})
    else:
        ComparisonTables(face.lang, stderr=False).comparison(found, subjects, unread)


def show_views(face: Face, one: Loaded, recheck: Path | None, as_json: bool, today: str | None) -> None:
    """Show one application as the applicant, the third party and the office see it. Raises Refused where only one of them says anything."""
    from commands.comparison_tables import ComparisonTables
    from engine import has_verified, read_dossier, side_by_side, views_plain

    if recheck is None and not has_verified(one.dossier):
        refuse("compare_one_view", "greencert compare")
    found = () if recheck is None else (read_dossier(recheck, today=today or date.today().isoformat()),)
    views = side_by_side(one.programme, one.dossier, found, close=False if one.foreign else None)
    if as_json:
        print_json(views_plain(views, one.programme))
    else:
        ComparisonTables(face.lang, stderr=False).views(views, one.dossier, one.programme)


def load(path: Path, scheme: str | None, today: str | None) -> Loaded:
    """A dossier under its own scheme, or as far as another one can read it. Raises Refused."""
    from engine import dossier_under, load_programme, read_dossier, scheme_programmes

    if os.path.isdir(path):
        refuse("folder_given", str(path))
    dossier = read_dossier(path, today=today or date.today().isoformat())
    own = own_scheme(dossier, path)
    programme = load_programme(own, dossier.kind, standard=dossier.standard, day=dossier.application_date)
    if scheme in (None, own):
        return Loaded(dossier, programme)
    assert scheme is not None
    standard = dossier.standard if (dossier.kind, dossier.standard) in scheme_programmes(scheme) else ""
    other = load_programme(scheme, dossier.kind, standard=standard, day=dossier.application_date)
    read, unread = dossier_under(dossier, programme, other)
    return Loaded(read, other, foreign=True, unread=unread)
