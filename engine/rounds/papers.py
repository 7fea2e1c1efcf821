"""The papers of a round of the store, with the names that its programmes and rules give."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.problems import ProblemList, Where
from engine.rounds.book import RoundBook
from engine.rounds.export import PARTS, ExportedFile, Publicity, export_files
from engine.rounds.frozen import thawed
from engine.rounds.frozen_rules import rules_again
from engine.rounds.intake import schemes_of
from engine.rounds.make_book import book_of
from engine.rounds.names import Both, Names, names_of
from engine.rounds.opening import round_of
from engine.rounds.ranking import ranked_by_words
from engine.rounds.sender import Sender
from engine.rounds.store.open import Store
from engine.texts import LANGUAGES, catalogue, say


def round_papers(
    store: Store, round_id: str, sender: Sender, lang: str = "zh", parts: Collection[str] = PARTS, *, scores: bool = False
) -> Iterator[ExportedFile]:
    """Everything that the round as it stands sends out, or just some parts; ``scores`` shows ranks and scores on the publicity list.

    Raises Refused for a part that there is not.
    """
    problems = ProblemList()
    for part in parts:
        if part not in PARTS:
            problems.error("export_part", Where(path=part), known=", ".join(PARTS))
    problems.refuse_if_errors()
    book = book_of(store, round_id, sender.day)
    since, until = book.published
    publicity = Publicity(since, until, scores) if since else None
    return export_files(book, round_names_of(store, book), sender, lang, parts=parts, publicity=publicity)


def round_names_of(store: Store, book: RoundBook) -> Names:
    """What the codes of a round are called: by the programmes that its applications are judged by, and by its rules."""
    with store.reading() as session:
        rows, rules = schemes_of(session, book.round), round_of(session, book.round).rules
    used = {(one.kind, one.standard) for one in book.applications}
    wanted = [row for row in rows if (row.kind, row.standard) in used] or rows[:1]
    programmes = [thawed(row).programme() for row in wanted]
    return names_of(programmes, _words(), _ties(rules, book))


def _words() -> dict[str, Both]:
    """The words for the states of a round and its applications."""
    return {state: _both(f"rounds.state.{state}") for state in catalogue("rounds")["state"]}


def _ties(rules: str, book: RoundBook) -> dict[str, Both]:
    """The words for what puts one application behind another; none where the round has no rules to rank by."""
    if not rules:
        return {}
    frozen = rules_again(rules, book.round).rules
    codes = {one.ranked_by for one in book.applications if one.rank is not None}
    return {code: (ranked_by_words(frozen, code, "zh"), ranked_by_words(frozen, code, "en")) for code in sorted(codes)}


def _both(key: str) -> Both:
    zh, en = (say(key, lang) for lang in LANGUAGES)
    return zh, en
