"""The first difference between a document as it is and as it should be, in terms that a person understands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from engine.problems import Bilingual
from engine.proof.container import DAMAGED, reason_of
from engine.proof.objects import parts_apart
from engine.proof.printed import numbers_of, page_texts
from engine.texts import say

_SHOWN = 40
"""So many characters around the first difference of a longer text are shown."""
_MOST = 8
"""So many parts of a document that differ are named."""


class Difference(NamedTuple):
    """Something that is not as it should be: a key of ``texts/proof.yaml`` and what its sentence speaks of."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    def text(self, lang: str) -> str:
        """The difference in words."""
        params = {name: value.en if lang == "en" and isinstance(value, Bilingual) else value for name, value in self.params}
        return say(f"proof.difference.{self.code}", lang, **params)


def difference(code: str, **params: object) -> Difference:
    """A difference with its parameters as text."""
    return Difference(code, tuple((name, value if isinstance(value, Bilingual) else str(value)) for name, value in params.items()))


# --- values ---


def first_of_values(found: Any, wanted: Any, path: str = "") -> tuple[str, str, str] | None:
    """Where two plain values first differ, and what stands there in each; None where they are the same."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in dict.fromkeys((*wanted, *found)):
            if hit := first_of_values(found.get(key, _ABSENT), wanted.get(key, _ABSENT), f"{path}.{key}" if path else str(key)):
                return hit
        return None
    if isinstance(found, list) and isinstance(wanted, list):
        for i, (one, other) in enumerate(zip_longest(found, wanted, fillvalue=_ABSENT)):
            named = wanted[i].get("id") if i < len(wanted) and isinstance(wanted[i], dict) else None
            if hit := first_of_values(one, other, f"{path}[{named or i}]"):
                return hit
        return None
    return None if type(found) is type(wanted) and found == wanted else (path, _short(str(found)), _short(str(wanted)))


class _Absent:
    """Stands where one side has nothing."""

    def __str__(self) -> str:
        return "—"


_ABSENT = _Absent()


def _short(text: str, at: int = 0) -> str:
    """A text, or what stands around a place of a long one."""
    if len(text) <= _SHOWN:
        return text
    start = max(0, at - _SHOWN // 2)
    end = start + _SHOWN
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


# --- documents ---


def of_documents(found: Any, wanted: Any, *, signed: bool = False) -> Iterator[Difference]:
    """The differences between two documents: the first of their texts, or every other part that differs; nothing where only bytes do.

    Where ``signed``, what signing adds makes no difference.
    """
    if printed := _first_of_texts(found, wanted):
        yield printed
        return
    try:
        for part, page, path in parts_apart(found, wanted, signed=signed)[:_MOST]:
            if page is not None:
                yield difference(part, page=page)
            else:
                yield difference(part, path=path) if part == "structure" else difference(part)
    except DAMAGED as err:
        yield difference("objects_unreadable", reason=_reason(err))


def _reason(err: Exception) -> str:
    return _short(reason_of(err))


def _first_of_texts(found: Any, wanted: Any) -> Difference | None:
    number = 0
    try:
        for number, (one, other) in enumerate(zip(page_texts(found), page_texts(wanted), strict=False), 1):
            if hit := _first_of_page(one, other):
                return difference("printed", page=number, found=hit[0], wanted=hit[1])
        counts = len(found.pages), len(wanted.pages)
    except DAMAGED as err:
        return difference("page_unreadable", page=number + 1, reason=_reason(err))
    return difference("page_count", found=counts[0], wanted=counts[1]) if counts[0] != counts[1] else None


def _first_of_page(found: list[str], wanted: list[str]) -> tuple[str, str] | None:
    """The first texts of a page that differ; however the same text is cut into pieces, it is the same."""
    if found == wanted or "".join(found) == "".join(wanted):
        return None
    one, other = next((one, other) for one, other in zip_longest(found, wanted, fillvalue="") if one != other)
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return _short(one, at) or "—", _short(other, at) or "—"


def numbers_beyond(found: Any, wanted: Any) -> Difference | None:
    """The first number that a document prints and the other does not, for documents that are not laid out alike."""
    known = {number for page in page_texts(wanted) for number in numbers_of(page)}
    number = 0
    try:
        for number, page in enumerate(page_texts(found), 1):
            strange = next((text for text in numbers_of(page) if text not in known), None)
            if strange is not None:
                return difference("number", page=number, found=strange)
    except DAMAGED as err:
        return difference("page_unreadable", page=number + 1, reason=_reason(err))
    return None
