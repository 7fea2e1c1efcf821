"""A calendar as an iCalendar file (RFC 5545): the same bytes for the same calendar, whenever it is written."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from engine.rounds.surveillance.due import Due
from engine.texts import say

_OCTETS = 75
"""RFC 5545, 3.1: a line has at most so many octets without its end."""


def calendar_ics(found: Iterable[Due], day: str, lang: str = "zh") -> bytes:
    """The calendar as all-day events. ``day`` (ISO text) is the day of the calendar, and stands as the stamp of every event.

    An event keeps its UID when its day moves, so that a calendar that was read before is corrected, not doubled.
    """
    tag = {"zh": "zh-CN", "en": "en"}[lang]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//greencert//surveillance//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for each in found:
        kind = say(f"surveillance.due_kind.{each.kind}", lang)
        summary = say("surveillance.ics.summary", lang, kind=kind, holder=each.holder)
        text = say("surveillance.ics.description", lang, what=each.what.in_(lang), certificate=each.certificate, holder=each.holder)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_uid(each)}",
            f"DTSTAMP:{_compact(day)}T000000Z",
            f"DTSTART;VALUE=DATE:{_compact(each.day)}",
            f"SUMMARY;LANGUAGE={tag}:{escaped(summary)}",
            f"DESCRIPTION;LANGUAGE={tag}:{escaped(text)}",
            f"CATEGORIES:{escaped(each.district or each.kind)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def escaped(text: str) -> str:
    """A text as the value of a property (RFC 5545, 3.3.11); control characters, which it may not hold, are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line broken into lines of at most 75 octets (RFC 5545, 3.1), never inside a character."""
    parts, width = [""], 0
    for character in line:
        size = len(character.encode())
        if width + size > _OCTETS:
            # The space that begins a continued line counts.
            parts.append(" ")
            width = 1
        parts[-1] += character
        width += size
    return "\r\n".join(parts)


def _uid(each: Due) -> str:
    text = "\x1f".join((each.certificate, each.kind, each.key))
    return hashlib.sha256(text.encode()).hexdigest()[:32] + "@greencert"


def _compact(day: str) -> str:
    return day.replace("-", "")
