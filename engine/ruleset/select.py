"""Which edition of a standard and which programmes apply on a day, to an industry, in a district, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from engine.problems import Bilingual, ProblemList, Where
from engine.ruleset import library
from engine.ruleset.editions import Edition, Editions, Use
from engine.ruleset.schema import Applies, Validity, Words
from engine.ruleset.validity import first_day, last_day
from engine.texts import LANGUAGES, say

State = Literal["applies", "open", "does_not"]
Group = Literal["standards", "programmes"]
GROUPS: tuple[Group, ...] = ("standards", "programmes")
_CLASS = re.compile(r"[0-9]{1,4}")
_ORDER: tuple[State, ...] = ("applies", "open", "does_not")


class Why(NamedTuple):
    """One reason: a key of ``texts/select.yaml`` and what its sentence speaks of."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    def text(self, lang: str) -> str:
        """The reason in words."""
        return say(f"select.why.{self.code}", lang, **dict(self.params))


@dataclass(frozen=True, slots=True)
class Row:
    """A standard (``standard`` is its own id) or a programme of the scheme ``id``, and whether it applies.

    ``open`` means that the library, or the question, does not say enough. Days are as the rulesets write them, empty where null.
    """

    id: str
    version: str
    title: Words
    standard: str
    since: str
    until: str
    state: State
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The answer to one question: what was asked, and every standard and programme of the kind, those that apply first."""

    kind: str
    day: str
    sector: str
    district: str
    standards: tuple[Row, ...]
    programmes: tuple[Row, ...]

    def verdict(self, group: Group) -> str:
        """``one``, ``several`` or ``none``; ``open`` where none is sure to apply but one may."""
        states = [row.state for row in getattr(self, group)]
        count = states.count("applies")
        return "one" if count == 1 else "several" if count else "open" if "open" in states else "none"


def known_codes(sector: str, district: str, rulesets: Path | None = None) -> tuple[str, str]:
    """The codes of an industry and a district, each given by its code or its title, as the library's common tables list them.

    A number may be an industry that the table does not reach. Where the library has no such table, everything is taken as it is.
    Raises Refused with both where neither is known.
    """
    root = rulesets or library.rulesets_root()
    problems = ProblemList()
    codes = _known(sector, "industries", "--sector", root, problems), _known(district, "districts", "--district", root, problems)
    problems.refuse_if_errors()
    return codes


def _known(text: str, table: str, option: str, root: Path, problems: ProblemList) -> str:
    reference = library.common_reference(table, root) if text else None
    if reference is None or (reference.match == "prefix" and _CLASS.fullmatch(text)):
        return text
    key = reference.key
    for row in reference.rows:
        if text.casefold() in {str(row.get(name)).casefold() for name in (key, "title_zh", "title_en")}:
            return str(row[key])
    title, known = Bilingual(reference.title.zh, reference.title.en), ", ".join(str(row[key]) for row in reference.rows)
    problems.error("applicant_code_unknown", Where(path=option), text=text, title=title, known=known)
    return text


def select(editions: Editions, kind: str, day: date, *, sector: str = "", district: str = "") -> Selection:
    """Every standard and programme of a kind with whether and why it applies.

    ``sector`` is an industry code or its beginning, ``district`` a district's id; without them, programmes that are for some
    industries or districts only stay open.
    """
    standards = {name: _standard(edition, editions, day) for name, edition in editions.standards.items() if edition.standard.kind == kind}
    uses = [use for use in editions.uses if use.programme.programme == kind]
    programmes = [_programme(use, standards, day, sector, district) for use in uses]
    return Selection(kind, day.isoformat(), sector, district, _sorted(list(standards.values())), _sorted(programmes))


def selection_plain(selection: Selection) -> dict[str, Any]:
    """The answer as plain data for JSON, its words in both languages."""
    asked = {name: getattr(selection, name) for name in ("kind", "day", "sector", "district")}
    out: dict[str, Any] = {"asked": asked}
    for group in GROUPS:
        out[group] = {"verdict": selection.verdict(group), "rows": [_row_plain(row, group) for row in getattr(selection, group)]}
    return out


def _row_plain(row: Row, group: Group) -> dict[str, Any]:
    of_scheme = {"standard": row.standard} if group == "programmes" else {}
    return {
        "id": row.id,
        "version": row.version,
        "title": {lang: row.title.in_(lang) for lang in LANGUAGES},
        **of_scheme,
        "since": row.since or None,
        "until": row.until or None,
        "state": row.state,
        "why": [{"code": why.code, **{lang: why.text(lang) for lang in LANGUAGES}} for why in row.why],
    }


def _sorted(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (_ORDER.index(row.state), row.since, row.id, row.standard)))


def _row(name: str, version: str, title: Words, standard: str, validity: Validity, found: list[tuple[State, Why]]) -> Row:
    state = max((state for state, _ in found), key=_ORDER.index)
    return Row(name, version, title, standard, validity.since or "", validity.until or "", state, tuple(why for _, why in found))


def _standard(edition: Edition, editions: Editions, day: date) -> Row:
    standard = edition.standard
    found = _in_force(standard.in_force, day)
    begun = [later for later in editions.successors(standard.ruleset) if (begin := later.standard.in_force.span.begin) and begin <= day]
    if begun and standard.in_force.until is None:
        since = begun[-1].standard.in_force.since or ""
        found.append(("does_not", Why("superseded", (("by", begun[-1].standard.ruleset), ("since", since)))))
    elif standard.superseded_by:
        found.append(("applies", Why("successor", (("by", standard.superseded_by),))))
    return _row(standard.ruleset, standard.version, standard.title, standard.ruleset, standard.in_force, found)


def _programme(use: Use, standards: dict[str, Row], day: date, sector: str, district: str) -> Row:
    programme = use.programme
    found = _in_force(programme.in_force, day)
    standard = standards.get(programme.standard)
    if standard is None:
        found.append(("does_not", Why("standard_missing", (("standard", programme.standard),))))
    elif standard.state != "applies":
        found.append((standard.state, Why(f"standard_{standard.state}", (("standard", programme.standard),))))
    found += _for_whom(programme.applies, sector, district)
    return _row(use.scheme.scheme, use.scheme.version, use.scheme.title, programme.standard, programme.in_force, found)


def _in_force(validity: Validity, day: date) -> list[tuple[State, Why]]:
    begin, end = validity.span
    since, until = ("since", validity.since or ""), ("until", validity.until or "")
    found: list[tuple[State, Why]] = []
    if begin is not None and day < begin:
        found.append(("does_not", Why("not_yet", (since,))))
    elif end is not None and day > end:
        found.append(("does_not", Why("ended", (until,))))
    elif begin is None:
        found.append(("open", Why("start_unknown")))
    elif end is None:
        found.append(("applies", Why("in_force", (since,))))
    else:
        found.append(("applies", Why("in_force_until", (since, until))))
    if validity.since and begin is not None and begin <= day <= last_day(validity.since) != begin:
        found.append(("applies", Why("counts_from", (since, ("day", begin.isoformat())))))
    if validity.until and end is not None and end != first_day(validity.until) <= day <= end:
        found.append(("applies", Why("counts_to", (until, ("day", end.isoformat())))))
    return found


def _for_whom(applies: Applies, sector: str, district: str) -> list[tuple[State, Why]]:
    found: list[tuple[State, Why]] = []
    if applies.sectors:
        known = ("known", ", ".join(applies.sectors))
        if sector and any(sector.startswith(prefix) for prefix in applies.sectors):
            found.append(("applies", Why("sector_in", (("sector", sector), known))))
        elif not sector or any(prefix.startswith(sector) for prefix in applies.sectors):
            found.append(("open", Why("sector_open", (known,))))
        else:
            found.append(("does_not", Why("sector_out", (("sector", sector), known))))
    if applies.districts:
        known = ("known", ", ".join(applies.districts))
        if not district:
            found.append(("open", Why("district_open", (known,))))
        elif district in applies.districts:
            found.append(("applies", Why("district_in", (("district", district), known))))
        else:
            found.append(("does_not", Why("district_out", (("district", district), known))))
    return found
