"""What the writer and the reader of workbooks agree on: hidden keys and markers, and how a text stands in a cell.

Every sheet says in its hidden cells what it holds: A1 its role, row 1 the key of each column, row 2 what kind of value a column
takes, column A the id of each row or a marker. Reading never depends on a title that somebody may have changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engine.dossier.schema import EvidenceRef
from engine.language.errors import NumberError
from engine.language.numbers import split_quantity

LAYOUT = "1"
FORMAT = "greencert"
META = "_meta"
LISTS = "_lists"

KEY_ROW, KIND_ROW, TITLE_ROW, HINT_ROW = 1, 2, 3, 4
"""Rows as people count them, from 1. The first two are hidden."""

FIELD_COLUMN = 3
"""Where the value of a field above a table stands (column C)."""

HEAD, UNITS, END = "#head", "#units", "#end"
FIELDS = ("#evidence", "#verified", "#remark")
MARKERS = (HEAD, UNITS, END, *FIELDS)

GUIDE, INFO, GATES, INPUTS, BENCHMARKS, EVIDENCE = "guide", "info", "gates", "inputs", "benchmarks", "evidence"
NOTES = "notes"
CRITERIA, TABLE = "criteria:", "table:"
"""The roles of sheets; the last two are followed by the id of a dimension or a table. Nothing is read from guide and notes."""

NUMBER, TEXT, DATE, MONTH, ANSWER, LIST, CODES = "number", "text", "date", "month", "answer", "list:", "codes:"
"""What a cell takes; the last two are followed by the name of a list whose labels stand for codes, one or several in a cell."""

DECLARED, VERIFIED, UNIT = "d:", "v:", "u:"
"""The three columns that one column of a table may have."""

FIRST_DAY = date(1900, 3, 1)
"""The first day that Excel counts right: it believes in a 29 February 1900."""

_PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WITH_UNIT = re.compile(r"(\S+) (\S.*)", re.DOTALL)
_NOT_DETECTED = ("nd", "未检出", "not detected")
CODE_SEPARATOR = re.compile(r"[,;、，；\n]")
_PAGES = re.compile(r"[0-9０-９\s,，、~～–—至到第页pP.-]+")
_FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_SHEET_NAME_LENGTH = 31

Stored = str | int | float | date
"""A value as a cell holds it."""


# --- numbers and days ---


DIGITS_LOST = 10**15
"""From here on Excel keeps a number without its last digits: a code or a document's number that was typed as one is spoilt."""


def number_text(value: float, percent: bool = False) -> str:
    """The decimal that Excel shows for a number: 15 significant digits, never an exponent; as ``30 %`` where it shows percent."""
    exact = Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))
    if percent and exact.is_finite():
        exact = (exact * 100).normalize()
    text = format(exact, "f")
    return ("0" if text == "-0" else text) + (" %" if percent else "")


def as_number(text: str) -> float | None:
    """The number to store for a text, None where Excel would show another text: ``1.50``, ``007``, too many digits."""
    return float(text) if _PLAIN.fullmatch(text) and number_text(float(text)) == text else None


def as_day(text: str) -> date | None:
    """The day to store for an ISO text, None where there is none that Excel counts right."""
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None


def number_parts(text: str) -> tuple[str, str] | None:
    """Number and unit of an entered quantity, ``("ND", "")`` for what was not detected; None where it is neither."""
    if text.casefold().startswith(_NOT_DETECTED):
        return text, ""
    try:
        return split_quantity(text)
    except NumberError:
        return None


def takes_unit(text: str) -> bool:
    """Whether a number text stands without a unit of its own, so that a unit cell completes it."""
    parts = number_parts(text)
    return parts is not None and not parts[1] and not text.casefold().startswith(_NOT_DETECTED)


def common_unit(texts: Iterable[str]) -> str:
    """The unit that a unit cell can state for all these texts without loss; empty where each must keep its own."""
    units = set()
    for text in texts:
        match = _WITH_UNIT.fullmatch(text)
        units.add(match[2] if match and takes_unit(match[1]) else "")
    return units.pop() if len(units) == 1 else ""


def stored(kind: str, text: str, labels: Labels | None = None, unit: str = "") -> Stored:
    """The cell value of a dossier's text; ``unit`` is what the unit cell says already."""
    if labels is not None and kind.startswith(CODES):
        return labels.show_all(text)
    if labels is not None and (kind != ANSWER or text in labels.labels):
        return labels.show(text)
    if kind == DATE:
        return as_day(text) or text
    if kind in (NUMBER, ANSWER):
        number = text.removesuffix(f" {unit}") if unit else text
        value = as_number(number)
        return number if value is None else value
    return text


# --- lists ---


@dataclass(frozen=True, slots=True)
class Labels:
    """What a drop-down shows for each code. A text that only looks like a label is told from it by a space, which readers trim."""

    labels: Mapping[str, str]
    codes: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", {label: code for code, label in self.labels.items()})

    def show(self, text: str) -> str:
        """The label of a code; other texts as they are."""
        return self.labels.get(text) or (f"{text} " if text in self.codes else text)

    def show_all(self, text: str) -> str:
        """The labels of several codes, one a line; other texts as they are."""
        parts = text.split(", ")
        if all(part in self.labels for part in parts):
            return "\n".join(self.labels[part] for part in parts)
        return text if read_codes(text, self.codes) == text else f"{text} "


def read_codes(shown: str, codes: Mapping[str, str]) -> str:
    """Codes with commas between them for a text that consists of labels; other texts as they are."""
    parts = [part.strip() for part in CODE_SEPARATOR.split(shown)]
    return shown if shown.endswith(" ") or any(part not in codes for part in parts) else ", ".join(codes[part] for part in parts)


# --- evidence ---


def refs_text(refs: Sequence[EvidenceRef]) -> str:
    """References as one cell holds them: ``E3; E4:2-5``."""
    return "; ".join(map(str, refs))


def read_refs(text: str, known: Iterable[str]) -> list[dict[str, str]]:
    """References in the plain form. ``E4:2;5`` goes on with pages of E4, unless a document 5 is among the known ids."""
    ids = set(known)
    refs: list[dict[str, str]] = []
    for separator, part in zip(["\n", *re.findall(r"[;；\n]", text)], re.split(r"[;；\n]", text), strict=True):
        identifier, _, pages = re.sub("[:：]", ":", part, count=1).partition(":")
        identifier, pages = identifier.strip(), pages.strip()
        if separator != "\n" and refs and refs[-1].get("pages") and not pages and identifier not in ids and _PAGES.fullmatch(identifier):
            refs[-1]["pages"] += separator + part.rstrip()
        elif identifier or pages:
            refs.append({"id": identifier} | ({"pages": pages} if pages else {}))
    return refs


# --- names ---


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """The title as Excel accepts it for a sheet, made unique."""
    clean = " ".join(_FORBIDDEN_IN_SHEET_NAMES.sub(" ", title).split()).strip("'")[:_SHEET_NAME_LENGTH].strip(" '") or "Sheet"
    used = {name.casefold() for name in taken}
    name, number = clean, 2
    while name.casefold() in used:
        suffix = f" ({number})"
        name = clean[: _SHEET_NAME_LENGTH - len(suffix)] + suffix
        number += 1
    return name
