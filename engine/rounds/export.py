"""Everything a round sends out, as files: the one way in to its papers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from engine.problems import Problem
from engine.report.catalogue import PublicList, list_bytes
from engine.report.letter import letter_bytes
from engine.report.round_summary import round_summary_bytes
from engine.rounds.book import RoundBook
from engine.rounds.catalogue import FACTORY, PRODUCT, catalogue, catalogue_csv, publicity_list
from engine.rounds.columns import applications_csv
from engine.rounds.letters import round_letters
from engine.rounds.names import Names
from engine.rounds.sender import Sender
from engine.rounds.summary import summary_of
from engine.rounds.workbook import round_workbook

PARTS = ("workbook", "csv", "summary", "catalogue", "publicity", "letters")
"""What can be sent out, in the order in which it is made."""


class ExportedFile(NamedTuple):
    """A file: its name below the folder, its bytes, and a warning for each character that the fonts lack."""

    name: str
    content: bytes
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Publicity:
    """The first and the last day of publicity (ISO text), and whether ranks and scores are shown."""

    starts: str
    ends: str
    scores: bool = False


def export_files(
    book: RoundBook,
    names: Names,
    sender: Sender,
    lang: str = "zh",
    *,
    parts: Collection[str] = PARTS,
    publicity: Publicity | None = None,
) -> Iterator[ExportedFile]:
    """The files, one after the other as they are made; the same for the same arguments. Without days there is no publicity list."""

    def listed(name: str, made: PublicList) -> ExportedFile:
        return ExportedFile(name, *list_bytes(made, lang))

    def catalogues() -> Iterator[ExportedFile]:
        for name, kinds in (("catalogue", ()), ("green_products", (PRODUCT,)), ("green_factories", (FACTORY,))):
            yield listed(f"{name}.pdf", catalogue(book, names, sender, lang, kinds=kinds))
            yield ExportedFile(f"{name}.csv", catalogue_csv(book, names, sender.day, lang, kinds=kinds), [])

    def public() -> Iterator[ExportedFile]:
        if publicity is not None:
            made = publicity_list(book, names, sender, publicity.starts, publicity.ends, lang, scores=publicity.scores)
            yield listed("publicity.pdf", made)

    def letters() -> Iterator[ExportedFile]:
        for one in round_letters(book, names, sender, lang):
            yield ExportedFile(f"letters/{one.name}.pdf", *letter_bytes(one.letter, lang))

    makers: dict[str, Callable[[], Iterator[ExportedFile]]] = {
        "workbook": lambda: iter([ExportedFile("round.xlsx", round_workbook(book, names, sender, lang), [])]),
        "csv": lambda: iter([ExportedFile("applications.csv", applications_csv(book, names, lang), [])]),
        "summary": lambda: iter([ExportedFile("summary.pdf", *round_summary_bytes(summary_of(book, names, sender, lang), lang))]),
        "catalogue": catalogues,
        "publicity": public,
        "letters": letters,
    }
    for part in PARTS:
        if part in parts:
            yield from makers[part]()
