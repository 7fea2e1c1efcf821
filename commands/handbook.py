"""The handbook of a ruleset: of which programme, and into which files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from commands.frame import Face, refuse, written

if TYPE_CHECKING:
    from engine import Problem, Programme

Form = Literal["html", "pdf"]
FORMS: tuple[Form, ...] = ("html", "pdf")


def targets(out: Path, wanted: str | None, name: str) -> dict[Form, Path]:
    """The file of each form: the one named, or those in the folder named. Raises Refused where name and form disagree."""
    named = out.suffix.lower().removeprefix(".")
    for form in FORMS:
        if named == form:
            if wanted not in (None, form):
                refuse("handbook_form", str(out), name=out.name, form=str(wanted))
            return {form: out}
    return {form: out / f"{name}.{form}" for form in FORMS if wanted in (None, "both", form)}


def write_handbooks(face: Face, programme: Programme, out: Path, wanted: str | None) -> None:
    """Write the handbook in the forms that are wanted and say where it lies."""
    from engine import handbook_name, write_handbook

    problems: list[Problem] = []
    for form, path in targets(out, wanted, handbook_name(programme, face.lang)).items():
        with written(path) as part:
            problems += write_handbook(programme, part, form, face.lang)
        face.out.line(face.say("rules.handbook", path=path))
    if problems:
        face.err.problems(problems)
