"""What the office makes public of a round: the catalogue of the certified, and the list of those proposed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from engine.report.catalogue import ListPart, PublicList
from engine.report.letter import LetterColumn
from engine.report.office import long_day
from engine.report.style import MUTED
from engine.report.text import Rich, Span
from engine.rounds.book import CERTIFY, Application, Issued, RoundBook
from engine.rounds.csv_text import csv_bytes
from engine.rounds.names import Names, kind_name
from engine.rounds.reading import ruleset_of, score_of
from engine.rounds.sender import Sender, route_sentence
from engine.texts import say

PRODUCT = "green_product"
FACTORY = "green_factory"
IN_FORCE = frozenset({"valid", "warned"})
"""The states of a certificate that keep its holder in the catalogue."""
_CSV = ("number", "kind", "name", "credit_code", "district", "standard", "products", "certificate", "issued_on", "valid_until")


def certified(book: RoundBook, names: Names, day: str, kinds: Collection[str] = ()) -> list[tuple[Application, Issued]]:
    """Whose certificate is in force on a day (ISO text), by kind, district and number; of all kinds where none is named."""
    return [
        (application, issued)
        for application in in_order(book.applications, names)
        if (issued := application.certificate) is not None
        and issued.state in IN_FORCE
        and issued.issued_on <= day
        and (not issued.valid_until or day <= issued.valid_until)
        and (not kinds or application.kind in kinds)
    ]


def in_order(applications: Iterable[Application], names: Names) -> list[Application]:
    """Applications by kind, district (in the order in which the names have them) and number."""
    places = {code: place for place, code in enumerate(names.districts)}
    return sorted(applications, key=lambda one: (one.kind, places.get(one.district, len(places)), one.district, one.number))


def catalogue(book: RoundBook, names: Names, sender: Sender, lang: str = "zh", *, kinds: Collection[str] = ()) -> PublicList:
    """The catalogue of the certified as of the sender's day, a part for each kind."""
    listed = certified(book, names, sender.day, kinds)
    parts = []
    for kind, group in groupby(listed, key=lambda one: one[0].kind):
        rows = [_row(application, issued, names, lang, kind == PRODUCT) for application, issued in group]
        parts.append(ListPart(kind_name(kind, lang), _columns(lang, kind == PRODUCT), tuple(rows)))
    title_key = next(iter(kinds)) if len(kinds) == 1 else "all"
    title = say(f"lists.catalogue.title.{title_key}", lang) if title_key in (PRODUCT, FACTORY, "all") else kind_name(title_key, lang)
    return PublicList(
        office=sender.office,
        title=title,
        day=sender.day,
        intro=(say("lists.catalogue.intro", lang, round=book.round, day=long_day(sender.day, lang), count=len(listed)),),
        parts=tuple(parts),
        reference=sender.reference_of(book.round, "list", "catalogue"),
        place=sender.place,
        contact=sender.contact,
    )


def catalogue_csv(book: RoundBook, names: Names, day: str, lang: str = "zh", *, kinds: Collection[str] = ()) -> bytes:
    """The catalogue as csv, a row for each certificate, with the columns apart."""
    rows = [
        (
            application.number,
            kind_name(application.kind, lang),
            application.name,
            application.credit_code,
            names.district(application.district, lang),
            names.standard(ruleset_of(application), lang),
            application.products,
            issued.number,
            issued.issued_on,
            issued.valid_until,
        )
        for application, issued in certified(book, names, day, kinds)
    ]
    return csv_bytes([say(f"lists.column.{name}", lang) for name in _CSV], rows)


def _columns(lang: str, with_product: bool) -> tuple[LetterColumn, ...]:
    shares = [("number", 1.7), ("holder", 4.2), ("district", 1.5), ("standard", 3.0)]
    shares += [("products", 2.4)] if with_product else []
    return tuple(LetterColumn(say(f"lists.column.{name}", lang), share) for name, share in [*shares, ("certified", 2.5)])


def _row(application: Application, issued: Issued, names: Names, lang: str, with_product: bool) -> tuple[Rich, ...]:
    until = say("lists.until", lang, day=issued.valid_until) if issued.valid_until else say("report.certificate.no_end", lang)
    product: tuple[Rich, ...] = (application.products or "—",) if with_product else ()
    return (
        application.number,
        _two(application.name, application.credit_code),
        names.district(application.district, lang) or "—",
        names.standard(ruleset_of(application), lang),
        *product,
        (Span(issued.number), Span("\n" + until, colour=MUTED)),
    )


def _two(name: str, below: str) -> Sequence[Span]:
    return (Span(name, bold=True), Span("\n" + below, colour=MUTED))


# --- publicity --------------------------------------------------------------------------------------------------------


def publicity_list(
    book: RoundBook, names: Names, sender: Sender, starts: str, ends: str, lang: str = "zh", *, scores: bool = False
) -> PublicList:
    """Those proposed for certification, by kind and district, with the days of publicity (ISO text) as given.

    ``scores`` shows rank and score, and orders by rank; otherwise names come by number.
    """
    proposed = [application for application in in_order(book.applications, names) if application.decision == CERTIFY]
    parts = [
        ListPart(kind_name(kind, lang), _publicity_columns(lang, scores), tuple(_publicity_rows(list(group), names, lang, scores)))
        for kind, group in groupby(proposed, key=lambda application: application.kind)
    ]
    intro = "lists.publicity.intro" if proposed else "lists.publicity.none"
    days = {"starts": long_day(starts, lang), "ends": long_day(ends, lang)}
    return PublicList(
        office=sender.office,
        title=say("lists.publicity.title", lang, round=book.round),
        day=starts,
        intro=(say(intro, lang, round=book.round, count=len(proposed), **days),),
        parts=tuple(parts),
        closing=(route_sentence("lists.publicity.objection", sender.objection, lang),) if sender.objection else (),
        reference=sender.reference_of(book.round, "list", "publicity"),
        place=sender.place,
        contact=sender.contact,
    )


def _publicity_columns(lang: str, scores: bool) -> tuple[LetterColumn, ...]:
    columns = [("order", 0.7, "right"), ("name", 4.6, "left"), ("credit_code", 3.1, "left"), ("standard", 3.3, "left")]
    columns += [("rank", 0.8, "right"), ("score", 1.2, "right")] if scores else []
    return tuple(LetterColumn(say(f"lists.column.{name}", lang), share, align) for name, share, align in columns)


def _publicity_rows(applications: Sequence[Application], names: Names, lang: str, scores: bool) -> Iterable[tuple[Rich, ...]]:
    order = 0
    for district, group in groupby(applications, key=lambda application: application.district):
        yield (names.district(district, lang) or "—",)
        listed = list(group)
        if scores:
            listed.sort(key=lambda one: (one.rank is None, one.rank or 0, one.number))
        for application in listed:
            order += 1
            shown: tuple[Rich, ...] = (str(application.rank or "—"), score_of(application, lang)) if scores else ()
            standard = names.standard(ruleset_of(application), lang)
            yield (str(order), Span(application.name, bold=True), application.credit_code, standard, *shown)
