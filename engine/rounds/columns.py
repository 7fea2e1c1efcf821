"""The columns of the table of applications, which the workbook and the csv have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from engine.language import to_json_number, to_text
from engine.report.context import score_places
from engine.report.round_summary import outcome_word
from engine.rounds.book import Application, RoundBook
from engine.rounds.catalogue import in_order
from engine.rounds.csv_text import Cell, Number, csv_bytes
from engine.rounds.names import Names, kind_name
from engine.rounds.reading import mark_of, most_of, ruleset_of
from engine.texts import catalogue, say


class Day(str):
    """A day as ISO text."""


class ApplicationColumn(NamedTuple):
    """A column: its key, its width in characters, and its cell for an application."""

    key: str
    width: float
    cell: Callable[[Application, Names, str], Cell]


APPLICATION = (
    ApplicationColumn("number", 18, lambda one, names, lang: one.number),
    ApplicationColumn("name", 36, lambda one, names, lang: one.name),
    ApplicationColumn("credit_code", 22, lambda one, names, lang: one.credit_code),
    ApplicationColumn("kind", 12, lambda one, names, lang: kind_name(one.kind, lang)),
    ApplicationColumn("standard", 34, lambda one, names, lang: names.standard(ruleset_of(one), lang)),
    ApplicationColumn("district", 14, lambda one, names, lang: names.district(one.district, lang)),
    ApplicationColumn("industry", 10, lambda one, names, lang: one.industry),
    ApplicationColumn("products", 30, lambda one, names, lang: one.products),
    ApplicationColumn("third_party", 30, lambda one, names, lang: one.third_party),
    ApplicationColumn("state", 12, lambda one, names, lang: names.state(one.state, lang)),
    ApplicationColumn("version", 8, lambda one, names, lang: Number(str(one.version))),
    ApplicationColumn("outcome", 18, lambda one, names, lang: outcome_word(one.outcome, lang)),
    ApplicationColumn("tier", 12, lambda one, names, lang: names.tier(ruleset_of(one), one.tier, lang)),
    ApplicationColumn("settled", 9, lambda one, names, lang: _assessed(one, one.settled, lang)),
    ApplicationColumn("provisional", 9, lambda one, names, lang: _assessed(one, one.provisional, lang)),
    ApplicationColumn("low", 11, lambda one, names, lang: score_ends(one, lang)[0]),
    ApplicationColumn("high", 11, lambda one, names, lang: score_ends(one, lang)[1]),
    ApplicationColumn("max", 9, lambda one, names, lang: Number(to_json_number(most_of(one))) if most_of(one) else ""),
    ApplicationColumn("mark", 9, lambda one, names, lang: "" if (mark := mark_of(one)) is None else Number(to_json_number(mark))),
    ApplicationColumn("rank", 8, lambda one, names, lang: "" if one.rank is None else Number(str(one.rank))),
    ApplicationColumn("place", 12, lambda one, names, lang: word("place", one.place, lang)),
    ApplicationColumn("ranked_by", 20, lambda one, names, lang: names.tie(one.ranked_by, lang)),
    ApplicationColumn("decision", 10, lambda one, names, lang: word("decision", one.decision, lang)),
    ApplicationColumn("reason", 30, lambda one, names, lang: one.reason),
    ApplicationColumn("reviewers", 24, lambda one, names, lang: say("report.list_separator", lang).join(one.reviewers)),
    ApplicationColumn("rechecks", 9, lambda one, names, lang: Number(str(len(one.rechecks)))),
    ApplicationColumn("objections", 9, lambda one, names, lang: Number(str(len(one.objections)))),
    ApplicationColumn("certificate", 22, lambda one, names, lang: one.certificate.number if one.certificate else ""),
    ApplicationColumn("valid_until", 13, lambda one, names, lang: Day(one.certificate.valid_until if one.certificate else "")),
    ApplicationColumn("dossier_id", 18, lambda one, names, lang: one.dossier_id),
    ApplicationColumn("dossier_sha256", 24, lambda one, names, lang: one.dossier_sha256),
    ApplicationColumn("report_sha256", 24, lambda one, names, lang: one.report_sha256),
)


def applications_csv(book: RoundBook, names: Names, lang: str = "zh") -> bytes:
    """One row for each application, by kind, district and number, with every column of the workbook's sheet."""
    heads = [say(f"round_book.column.{column.key}", lang) for column in APPLICATION]
    rows = ([column.cell(one, names, lang) for column in APPLICATION] for one in in_order(book.applications, names))
    return csv_bytes(heads, rows)


def score_ends(application: Application, lang: str) -> tuple[Cell, Cell]:
    """Both ends of the score as they print; nothing where there is none, words where it has no upper bound."""
    score = application.score
    if score is None or not most_of(application):
        return "", ""
    places = score_places(score, mark_of(application))
    high: Cell = say("scored.unbounded", lang) if score.high is None else Number(to_text(score.high, places))
    return Number(to_text(score.low, places)), high


def word(group: str, code: str, lang: str) -> str:
    """The word for a code of a closed list; any other code as it is."""
    return say(f"round_book.{group}.{code}", lang) if code in catalogue("round_book")[group] else code


def yes_no(value: bool, lang: str) -> str:
    """Yes or no."""
    return say(f"statuses.{'yes' if value else 'no'}", lang)


def _assessed(application: Application, value: bool, lang: str) -> str:
    return yes_no(value, lang) if application.result is not None else ""
