"""Arguments and options that several commands take, each with one name, one meaning and one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Basis = Literal["declared", "verified"]
BASES = "declared|verified"

File = Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.file", show_default=False)]
SchemeOption = Annotated[str | None, typer.Option("--scheme", metavar="SCHEME", help="cli.option.scheme", show_default=False)]
BasisOption = Annotated[Basis | None, typer.Option("--basis", metavar=BASES, help="cli.option.basis", show_default=False)]
Close = Annotated[bool, typer.Option("--close", help="cli.option.close")]
Kind = Annotated[str | None, typer.Option("--kind", metavar="KIND", help="cli.option.kind", show_default=False)]
Standard = Annotated[str, typer.Option("--standard", metavar="STANDARD", help="cli.option.standard", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="cli.option.force")]
AsJson = Annotated[bool, typer.Option("--json", help="cli.option.select_json")]
Formats = Annotated[str, typer.Option("--format", metavar="pdf,xlsx,html,json", help="cli.option.format")]
"""One or several forms, separated by commas."""
Today = Annotated[str | None, typer.Option("--today", metavar="DAY", help="cli.option.today", hidden=True)]
"""The day it is, for tests: what lies after it is refused."""
