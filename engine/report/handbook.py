"""A standard, or a scheme's programme, as a readable document: made from the loaded programme, as one HTML file or as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from engine.problems import Problem
from engine.report.handbook_content import handbook
from engine.report.handbook_html import handbook_html
from engine.ruleset.programme import Programme

Form = Literal["html", "pdf"]


def write_handbook(programme: Programme, path: Path, form: Form, lang: str = "zh") -> list[Problem]:
    """Write the handbook to a file; see :func:`handbook_bytes`. Raises OSError where the file cannot be written."""
    content, problems = handbook_bytes(programme, form, lang)
    path.write_bytes(content)
    return problems


def handbook_bytes(programme: Programme, form: Form, lang: str = "zh") -> tuple[bytes, list[Problem]]:
    """The handbook, byte for byte the same for the same programme, and a warning for each character that the PDF's fonts lack."""
    book = handbook(programme, lang)
    if form == "html":
        return handbook_html(book).encode(), []
    from engine.report.handbook_pdf import handbook_pdf  # the PDF library is slow to load

    return handbook_pdf(book)


def handbook_name(programme: Programme, lang: str = "zh") -> str:
    """The name of the handbook's file without its ending: what it is of, by id, and the language."""
    origin = programme.ruleset_identity if programme.bare else programme.scheme_identity
    kind = "" if programme.bare else f"-{programme.standard.kind}"
    edition = f"-{programme.edition}" if programme.one_of_several else ""
    return f"{origin.id.replace('/', '-')}{kind}{edition}-{lang}"
