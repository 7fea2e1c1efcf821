"""The plain checks under a dossier's parts: mappings with known keys, texts fit to be printed and hashed, days, ids."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from engine.dossier.answers import NO, YES, canonical_answer
from engine.language.errors import shorten
from engine.language.numbers import half_width
from engine.located import Key, dotted
from engine.problems import ProblemList, Where

NAME_LIMIT = 200
TEXT_LIMIT = 2000

ElementPath = tuple[Key, ...]
Place = Callable[[ElementPath], Where]

# Characters that no reader can see or no file form can carry: controls, line and paragraph separators, marks that reverse the
# direction of what follows, halves of surrogate pairs, and what Unicode will never assign.
_INVISIBLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_UNFIT = re.compile(f"[{_INVISIBLE}\t\n]")
_UNFIT_IN_LONG = re.compile(f"[{_INVISIBLE}]")

_ID = re.compile(r"\w[\w.()（）〔〕\[\]-]{0,63}")
_DAY = re.compile(r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})")
_DAY_IN_CHINESE = re.compile(r"(?P<y>[0-9]{4})\s*年\s*(?P<m>[0-9]{1,2})\s*月\s*(?P<d>[0-9]{1,2})\s*日?")
_FIRST_DAY = date(1900, 1, 1)
_YEAR = re.compile(r"([0-9]{4})\s*年?")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def quoted(text: str) -> str:
    """A text as a Problem quotes it: shortened, with characters nobody can see written as their code points."""
    return _UNFIT.sub(lambda match: f"U+{ord(match[0]):04X}", shorten(text))


def read_day(text: str) -> str | None:
    """The ISO form of a calendar day written as 2017-09-05, 2017/9/5, 2017.9.5 or 2017年9月5日; None where it is no such day."""
    clean = half_width(text).strip()
    match = _DAY.fullmatch(clean) or _DAY_IN_CHINESE.fullmatch(clean)
    if match is None:
        return None
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return day.isoformat() if day >= _FIRST_DAY else None


class Fields:
    """Takes plain data apart. Nothing is raised: mistakes go to ``problems`` and leave an empty value behind.

    ``place`` gives the place of an element by its path in the YAML form, whatever kind of file it was read from.
    """

    def __init__(self, place: Place, problems: ProblemList, every_key: Iterable[str] = ()) -> None:
        self.place = place
        self.problems = problems
        self.every_key = sorted(every_key)

    def mapping(self, value: Any, path: ElementPath, known: Iterable[str] | None = None) -> dict[str, Any]:
        """The mapping with its unknown keys reported and left out; ``known`` is None where names are checked by others."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problems.error("mapping_expected", self.place(path), element=dotted(path))
            return {}
        return {key: child for key, child in value.items() if self._key_is_good(key, path, known)}

    def _key_is_good(self, key: str, path: ElementPath, known: Iterable[str] | None) -> bool:
        if len(key) > NAME_LIMIT or not key.strip() or _UNFIT.search(key):
            self.problems.error("key_unfit", replace(self.place((*path, key)), path=dotted(path)), key=quoted(key))
            return False
        if known is not None and key not in known:
            close = difflib.get_close_matches(key, list(known), 3) or difflib.get_close_matches(key, self.every_key, 3)
            self.problems.error("key_unknown", self.place((*path, key)), key=quoted(key), suggestion=", ".join(close) or "—")
            return False
        return True

    def items(self, value: Any, path: ElementPath) -> list[Any]:
        """The list; an absent one is empty."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.problems.error("list_expected", self.place(path), element=dotted(path))
            return []
        return value

    def text(self, value: Any, path: ElementPath, limit: int = NAME_LIMIT) -> str:
        """The trimmed text; one of more than a name's length may have several lines."""
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problems.error("text_expected", self.place(path), element=dotted(path))
            return ""
        text = value.replace("\r\n", "\n").strip()
        if len(text) > limit:
            self.problems.error("text_too_long", self.place(path), length=len(text), limit=limit)
            return ""
        if unfit := (_UNFIT_IN_LONG if limit > NAME_LIMIT else _UNFIT).search(text):
            self.problems.error("text_unfit", self.place(path), character=f"U+{ord(unfit[0]):04X}", position=unfit.start() + 1)
            return ""
        return text

    def required(self, mapping: dict[str, Any], key: str, path: ElementPath) -> Any:
        """The value of a key that must be filled in."""
        value = mapping.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            where = self.place((*path, key))
            self.problems.error("key_missing", where, element=dotted(path) or Path(where.file).name, key=key)
            return None
        return value

    def identifier(self, value: Any, path: ElementPath) -> str:
        """An id: letters of any script, digits, and the punctuation of document numbers."""
        text = self.text(value, path)
        if text and not _ID.fullmatch(text):
            self.problems.error("id_malformed", self.place(path), value=quoted(text))
            return ""
        return text

    def day(self, value: Any, path: ElementPath) -> str:
        """A calendar day as ISO text."""
        text = self.text(value, path)
        day = read_day(text)
        if text and day is None:
            self.problems.error("day_malformed", self.place(path), value=quoted(text))
        return day or ""

    def year(self, value: Any, path: ElementPath) -> int:
        """A year of four digits; 0 where there is none."""
        text = self.text(value, path)
        match = _YEAR.fullmatch(half_width(text))
        if text and match is None:
            self.problems.error("year_malformed", self.place(path), value=quoted(text))
        return int(match[1]) if match else 0

    def yes_no(self, value: Any, path: ElementPath, also_yes: str = "") -> bool:
        """A plain yes or no; absent means no."""
        if value is None or isinstance(value, bool):
            return bool(value)
        answer = canonical_answer(text := self.text(value, path))
        if text and answer not in (YES, NO, also_yes or YES):
            self.problems.error("value_not_allowed", self.place(path), value=quoted(text), expected=f"{also_yes or YES}, {NO}")
        return answer in (YES, also_yes or YES)

    def sha256(self, value: Any, path: ElementPath) -> str:
        """A SHA-256 in hexadecimal, lower case."""
        text = self.text(value, path)
        if text and not _SHA256.fullmatch(text):
            self.problems.error("sha256_malformed", self.place(path), length=len(text))
            return ""
        return text.lower()
