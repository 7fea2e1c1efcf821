"""Recording attestations: which figures of a scheme are to be checked, and what somebody checked."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.language import NumberError, parse_number, split_quantity
from engine.located import read_bytes
from engine.official.edit import quoted
from engine.official.sheets import read_rows, write_rows
from engine.official.titles import figure_title
from engine.problems import ProblemList, Where, system_reason
from engine.ruleset import library
from engine.ruleset.attestations import Attestations, attestations_path
from engine.ruleset.figures import Attestation
from engine.ruleset.lint import forget_rulesets, load_programme
from engine.ruleset.listing import ListedFigure, listed_figures
from engine.ruleset.load import validate
from engine.ruleset.programme import Programme
from engine.ruleset.validity import is_day

COLUMNS = ("key", "title", "value", "unit", "basis", "document", "used_by", "checked")
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure by its key, or all unattested ones of an element by its id; ``value`` is what was read, empty for the value as it stands."""

    key: str
    value: str = ""
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: the file, the values by key, and how many figures of the programme are still unattested."""

    path: Path
    figures: Mapping[str, str]
    left: int


def unattested_figures(programme: Programme, day: str) -> tuple[ListedFigure, ...]:
    """The figures that nobody attested for a day (ISO text), unknown ones included: those only an imported table can fill."""
    return tuple(found for found in listed_figures(programme) if not found.figure.attested_on(day))


def listing_plain(programme: Programme, figures: Sequence[ListedFigure]) -> list[dict[str, object]]:
    """Figures as plain data for JSON."""
    return [
        {
            "key": found.figure.key,
            "title": {lang: figure_title(programme, found, lang) for lang in ("zh", "en")},
            "value": found.figure.text,
            "unit": found.unit or None,
            "basis": found.figure.basis,
            "confidence": found.figure.confidence,
            "document": found.figure.document,
            "clause": found.figure.clause,
            "used_by": list(found.used_by),
            "expired": found.figure.attestation.until if found.figure.attestation else None,
        }
        for found in figures
    ]


def write_listing(programme: Programme, figures: Sequence[ListedFigure], path: Path, lang: str) -> None:
    """The figures as a list (``.xlsx`` or ``.csv``) in which the values that were read are entered. Raises OSError."""
    rows = [
        {
            "key": found.figure.key,
            "title": figure_title(programme, found, lang),
            "value": found.figure.text or "",
            "unit": found.unit,
            "basis": found.figure.basis,
            "document": f"{found.figure.document} {found.figure.clause}".strip(),
            "used_by": " ".join(found.used_by),
        }
        for found in figures
    ]
    write_rows(path, COLUMNS, rows, lang, "checked")


def read_claims(path: Path, problems: ProblemList) -> list[Claim]:
    """The figures of a list for which a value was entered as read; rows without one are not claimed."""
    claims: list[Claim] = []
    for row in read_rows(path, COLUMNS, ("key", "checked"), problems):
        if row.cells.get("checked"):
            claims.append(Claim(row.cells.get("key", ""), row.cells["checked"], row.where("checked")))
    return claims


def attest(
    scheme: str | Path,
    kind: str,
    claims: Sequence[Claim],
    attestation: Attestation,
    *,
    today: str,
    rulesets: Path | None = None,
    standard: str = "",
) -> Recorded:
    """Record that somebody checked figures of a scheme's programme; the record lies beside the scheme from now on.

    Raises Refused with every mistake at once, and then nothing is written: a figure that there is not, one whose official
    value is not known, a value that differs from the ruleset's, a day that is none or lies ahead.
    """
    root = rulesets or library.rulesets_root()
    programme = load_programme(scheme, kind, rulesets, standard)
    problems = ProblemList()
    _check_attestation(attestation, today, problems)
    figures = _claimed(programme, claims, attestation.on, problems)
    problems.refuse_if_errors()
    path = attestations_path(library.scheme_path(scheme, root))
    text = _with_record(path, programme, _record(programme.settings.standard, attestation, figures), problems)
    problems.refuse_if_errors()
    replace_files({path: text})
    left = unattested_figures(load_programme(scheme, kind, rulesets, standard), attestation.on)
    return Recorded(path, figures, len(left))


def _check_attestation(attestation: Attestation, today: str, problems: ProblemList) -> None:
    for option in ("by", "organisation", "document"):
        if not getattr(attestation, option).strip():
            problems.error("attest_missing", Where(path=f"--{option}"), name=f"--{option}")
    for option, text in (("--on", attestation.on), ("--until", attestation.until)):
        if text and not is_day(text):
            problems.error("day_wrong", Where(path=option), text=text)
    if is_day(attestation.on) and attestation.on > today:
        problems.error("attest_in_future", Where(path="--on"), day=attestation.on, today=today)
    if attestation.until and attestation.until < attestation.on:
        problems.error("attestation_reversed", Where(path="--until"))


def _claimed(programme: Programme, claims: Sequence[Claim], day: str, problems: ProblemList) -> dict[str, str]:
    """The values to record by key; every claim that does not hold is a Problem."""
    known = {found.figure.key: found for found in listed_figures(programme)}
    figures: dict[str, str] = {}
    for claim in claims:
        of_element = [found for found in known.values() if found.element == claim.key]
        if claim.key not in known and of_element and not claim.value:
            open_ = [found for found in of_element if not found.figure.attested_on(day)]
            figures |= {found.figure.key: found.figure.text for found in open_ if found.figure.text is not None}
            continue
        where = claim.where or Where(path=claim.key)
        if claim.key not in known:
            near = ", ".join(difflib.get_close_matches(claim.key, [*known, *{one.element for one in known.values()}], _SUGGESTIONS))
            problems.error("attest_unknown", where, key=claim.key, suggestion=near or "—")
            continue
        stands = known[claim.key].figure.text
        if stands is None:
            problems.error("attest_null", where, key=claim.key)
        elif claim.value and not same_figure(claim.value, stands):
            problems.error("attest_differs", where, key=claim.key, read=claim.value, value=stands)
        else:
            figures[claim.key] = stands
    if not figures and not problems.has_errors:
        problems.error("attest_nothing", Where(path=programme.scheme_identity.id))
    return figures


def same_figure(one: str, other: str) -> bool:
    """Whether two written figures are the same: the same text, or the same number with the same unit."""
    if one == other:
        return True
    try:
        (number, unit), (other_number, other_unit) = split_quantity(one), split_quantity(other)
        return unit == other_unit and parse_number(number) == parse_number(other_number)
    except NumberError:
        return False


def _record(standard: str, attestation: Attestation, figures: Mapping[str, str]) -> str:
    """One record as the lines of a list item."""
    head = {"standard": standard, **{name: getattr(attestation, name) for name in ("document", "page", "by", "organisation")}}
    head |= {"checked_on": attestation.on, "until": attestation.until}
    lines = [f"  {name}: {quoted(text)}" for name, text in head.items() if text]
    lines += ["  figures:", *(f"    {quoted(key)}: {quoted(value)}" for key, value in figures.items())]
    return "- " + "\n".join(lines).lstrip() + "\n"


def _with_record(path: Path, programme: Programme, record: str, problems: ProblemList) -> str:
    """The file with one record more; what somebody wrote in it by hand stays as it is."""
    scheme = programme.scheme_identity.id
    before = path.read_text(encoding="utf-8") if path.is_file() else f"attestations: {scheme}\nrecords:\n"
    text = before.rstrip("\n") + "\n" + record
    made = validate(read_bytes(text.encode(), str(path), problems), Attestations, problems)
    if made is None or not made.records:
        problems.error("attest_layout", Where(file=str(path)))
    return text


def replace_files(texts: Mapping[Path, str]) -> None:
    """Write files whole or not at all, and forget the rulesets read so far. Raises Refused where one cannot be written."""
    parts: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path] = path.with_name(f".{path.name}.{os.getpid()}")
            parts[path].write_text(text, encoding="utf-8", newline="\n")
        for path, part in parts.items():
            part.replace(path)
    except OSError as err:
        problems = ProblemList()
        problems.error("file_unwritable", Where(file=str(path)), reason=system_reason(err))
        problems.refuse_if_errors()
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    forget_rulesets()
