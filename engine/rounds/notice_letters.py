"""Notices of surveillance as letters to the holders of certificates."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.report.letter import Letter, LetterColumn, LetterTable
from engine.report.office import long_day
from engine.rounds.letters import UNSAFE, NamedLetter
from engine.rounds.names import Names
from engine.rounds.sender import Sender
from engine.rounds.surveillance import Notice
from engine.texts import say


def notice_letters(given: Iterable[Notice], names: Names, sender: Sender, lang: str = "zh") -> tuple[NamedLetter, ...]:
    """A letter for each notice, each under a name of its own."""
    found = [(_name(notice), notice.certificate, notice_letter(notice, names, sender, lang)) for notice in given]
    return tuple(NamedLetter(*one) for one in sorted(found, key=lambda one: one[0]))


def notice_letter(notice: Notice, names: Names, sender: Sender, lang: str = "zh") -> Letter:
    """A notice as a letter of its own day: what is decided, why, by when it can be answered, and the appeal, all as the notice states it.

    Nothing is added from the sender's routes. The notice's first sentence names the holder, so no line above it does.
    """
    facts = (
        ("certificate", notice.certificate),
        ("credit_code", notice.credit_code),
        ("district", names.district(notice.district, lang)),
    )
    reasons = tuple((str(number), reason.text(lang)) for number, reason in enumerate(notice.reasons, 1))
    columns = _columns(lang, ("order", 0.5, "right"), ("finding", 9.5, "left"))
    deadlines = (("comment", notice.notice_until), ("appeal", notice.appeal_until))
    due = tuple((say(f"letters.due.{name}", lang), long_day(day, lang)) for name, day in deadlines if day)
    tables = [LetterTable("", columns, reasons)]
    if due:
        tables.append(LetterTable(say("letters.deadlines", lang), _columns(lang, ("due", 7, "left"), ("deadline", 3, "right")), due))
    return Letter(
        office=sender.office,
        reference=sender.reference_of(notice.day, notice.certificate, notice.code),
        addressee="",
        subject=notice.title.text(lang),
        body=(notice.opening.text(lang),),
        day=notice.day,
        facts=tuple((say(f"letters.fact.{name}", lang), value) for name, value in facts if value),
        tables=tuple(tables),
        closing=tuple(sentence.text(lang) for sentence in notice.closing),
        place=sender.place,
        contact=sender.contact,
    )


def _name(notice: Notice) -> str:
    return re.sub(UNSAFE, "_", f"{notice.certificate}_{notice.day}_{notice.code}")


def _columns(lang: str, *columns: tuple[str, float, str]) -> tuple[LetterColumn, ...]:
    return tuple(LetterColumn(say(f"letters.column.{name}", lang), share, align) for name, share, align in columns)
