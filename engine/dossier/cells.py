"""One entered text as the value that its input or column asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.language import LanguageError, Value, half_width, parse_number, split_quantity
from engine.problems import Bilingual
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Column, Input, InputType

_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年?")
_GRADE = re.compile(r"([1-9])\s*(?:[-~～—]\s*([1-9]))?\s*级?")
_NOT_DETECTED = re.compile(r"(?:nd|未检出|not detected)\s*(?:\(\s*[<＜]?\s*(.+?)\s*\))?", re.IGNORECASE)
YES = frozenset({"yes", "true", "是", "有", "y"})
NO = frozenset({"no", "false", "否", "无", "n"})


class CellError(ValueError):
    """A text that is not what its place asks for; ``code`` and ``params`` make the Problem."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class NotDetected:
    """A laboratory's "not detected", with the reporting limit in base units, None where the report states none."""

    limit: Fraction | None


def read_cell(text: str, definition: Input | Column, programme: Programme, units: Mapping[str, str]) -> Value | NotDetected:
    """The value of an entered text, numbers in base units; ``units`` binds the generic units of this dossier or row.

    Raises CellError.
    """
    kind = definition.type
    if kind in (InputType.QUANTITY, InputType.SHARE, InputType.COUNT):
        return _quantity(text, definition, programme, units)
    clean = half_width(text).strip()
    if kind is InputType.YES_NO:
        if clean.lower() in YES or clean.lower() in NO:
            return clean.lower() in YES
        raise CellError("yes_or_no_expected")
    if kind is InputType.CHOICE:
        return _choice(clean, definition)
    if kind in (InputType.CODE, InputType.CODES):
        return _codes(clean, definition, programme)
    if kind in (InputType.MONTH, InputType.DATE):
        return _date(clean, kind)
    if kind is InputType.GRADE:
        return _grade(clean)
    if kind is InputType.YEAR:
        return _year(clean)
    return text


def _quantity(text: str, definition: Input | Column, programme: Programme, units: Mapping[str, str]) -> Value | NotDetected:
    clean, unit = half_width(text).strip(), definition.unit
    if found := _NOT_DETECTED.fullmatch(clean):
        if not definition.may_be_not_detected:
            raise CellError("not_detected_here")
        limit = _quantity(found[1], definition, programme, units) if found[1] else None
        return NotDetected(limit if isinstance(limit, Fraction) else None)
    unbound = [n for n in programme.unit_parameters if n in unit and n not in units and re.search(rf"\b{n}\b", unit)]
    if unbound:
        raise CellError("unit_parameter_unbound", parameter=unbound[0], title=_both(programme.unit_parameters[unbound[0]].in_))
    try:
        number, given = split_quantity(clean)
        return programme.units.convert_for_slot(parse_number(number), given, unit, units)
    except LanguageError as err:
        raise CellError(err.code, **{k: v for k, v in err.params.items() if k not in ("text", "name")}) from err


def _choice(clean: str, definition: Input | Column) -> str:
    for key, words in definition.choices.items():
        if clean in (key, words.zh, words.en):
            return key
    raise CellError("choice_unknown", known=_both(lambda lang: ", ".join(f"{key} {w.in_(lang)}" for key, w in definition.choices.items())))


def _both(text: Callable[[str], str]) -> Bilingual:
    return Bilingual(zh=text("zh"), en=text("en"))


def _codes(clean: str, definition: Input | Column, programme: Programme) -> Value:
    """One code, or a set of them (each counted once)."""
    found = named_codes(clean, definition, programme)
    return frozenset(found) if definition.type is InputType.CODES else found[0]


def named_codes(text: str, definition: Input | Column, programme: Programme) -> list[str]:
    """The codes that a text names, in its order and as often as it does; a code's title in either language stands for it.

    Raises CellError.
    """
    clean = half_width(text).strip()
    found = []
    for part in re.split(r"[,;、，；\n]", clean) if definition.type is InputType.CODES else [clean]:
        wanted = part.strip()
        if not wanted:
            continue
        known = definition.choices if definition.reference is None else programme.references[definition.reference].rows
        code = wanted if wanted in known else next((key for key in known if wanted in _titles(key, definition, programme)), None)
        if code is None:
            raise CellError("code_unknown", wanted=wanted, known=", ".join(list(known)[:40]))
        found.append(code)
    return found


def _titles(code: str, definition: Input | Column, programme: Programme) -> tuple[str, ...]:
    """What stands for a code: its title in either language."""
    words = definition.choices.get(code)
    if definition.reference is not None:
        words = programme.references[definition.reference].rows[code][0].title
    return (words.zh, words.en) if words else ()


def _date(clean: str, kind: InputType) -> str:
    pattern = _MONTH if kind is InputType.MONTH else _DAY
    match = pattern.fullmatch(clean)
    parts = [int(part) for part in match.groups()] if match else []
    if not parts or not 1 <= parts[1] <= 12 or (len(parts) > 2 and not 1 <= parts[2] <= 31):
        raise CellError("month_malformed" if kind is InputType.MONTH else "date_malformed")
    return "-".join(f"{part:04d}" if i == 0 else f"{part:02d}" for i, part in enumerate(parts))


def _year(clean: str) -> Fraction:
    match = _YEAR.fullmatch(clean)
    if match is None:
        raise CellError("cell_year_malformed")
    return Fraction(int(match[1]))


def _grade(clean: str) -> Fraction:
    """A grade, where 3-4 lies half way between 3 and 4."""
    match = _GRADE.fullmatch(clean)
    if match is None:
        raise CellError("grade_malformed")
    return Fraction(int(match[1]) + int(match[2] or match[1]), 2)
