"""The workbook of a whole round: a sheet for each part of its book, numbers as they print, texts as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from engine.assess.sentences import interval_text
from engine.dossier.workbook_look import GREEN
from engine.dossier.workbook_sheet import Book, Column, Page
from engine.language import to_text
from engine.report.round_summary import OUTCOMES, RoundSummary, outcome_word
from engine.report.scored_cells import BLANK, Head, Row, Value, add_facts, add_section, add_sheet, add_table, day, printed, text, whole
from engine.rounds.book import WITHDRAWN, Application, RoundBook
from engine.rounds.catalogue import in_order
from engine.rounds.columns import APPLICATION, Day, score_ends, word, yes_no
from engine.rounds.csv_text import Cell, Number
from engine.rounds.names import Names, kind_name
from engine.rounds.reading import POINT_PLACES, Item, ends, exactly, is_graded, items, ruleset_of, value_word
from engine.rounds.sender import Sender
from engine.rounds.summary import summary_of
from engine.texts import say

_OVERVIEW = (30, 16, 16, 16, 16, 16, 16, 16)
_OUTCOME_SIDES = {"eligible": "met", "scored": "scored", "incomplete": "undetermined", "fails": "not_met", "not_eligible": "not_met"}
_STATUS, _POINTS = 13, 12


def round_workbook(book: RoundBook, names: Names, sender: Sender, lang: str = "zh") -> bytes:
    """The workbook's bytes, the same for the same book. Texts are texts: nothing that somebody typed becomes a formula or a link."""
    file = Book(lang, say("round_book.title", lang, round=book.round), {})
    ordered = in_order(book.applications, names)
    _overview(file, book, summary_of(book, names, sender, lang), names)
    _applications(file, ordered, names)
    _matrices(file, ordered, names)
    _ranking(file, ordered, names)
    for add in (_rechecks, _objections, _certificates):
        add(file, ordered, names)
    _submissions(file, book)
    _problems(file, book)
    _rules(file, book, names)
    return file.content()


# --- overview ---------------------------------------------------------------------------------------------------------


def _overview(file: Book, book: RoundBook, summary: RoundSummary, names: Names) -> None:
    lang = file.lang
    columns = [Column(f"c{i}", "", width) for i, width in enumerate(_OVERVIEW)]
    page = Page(file, "overview", say("round_book.sheet.overview", lang), columns, say("round_book.hint", lang))
    page.sheet.set_tab_color(GREEN)
    page.sheet.fit_to_pages(1, 1)
    facts = (
        ("round", text(book.round)),
        ("scheme", text(summary.scheme)),
        ("office", text(summary.issuer)),
        ("state", text(names.state(book.state, lang))),
        ("opened_on", text(book.opened_on)),
        ("day", text(book.day)),
        ("applications", whole(len(book.applications))),
        ("withdrawn", whole(sum(one.state == WITHDRAWN for one in book.applications))),
        ("submissions", whole(len(book.submissions))),
    )
    add_facts(page, [(say(f"round_book.fact.{name}", lang), value) for name, value in facts])
    for by in ("kind", "district"):
        add_section(page, say(f"report.round.by_{by}", lang))
        _counts(page, summary, by)
    if summary.quotas:
        add_section(page, say("report.round.by_quotas", lang))
        heads = _heads("report.round", lang, ("quota", 0), ("places", 0), ("taken", 0), ("left", 0))
        unlimited = text(say("report.round.no_limit", lang))
        rows = [
            {
                "quota": text(quota.name),
                "places": unlimited if quota.places is None else whole(quota.places),
                "taken": whole(quota.taken),
                "left": text("—") if quota.places is None else whole(quota.places - quota.taken),
            }
            for quota in summary.quotas
        ]
        add_table(page, heads, rows)


def _counts(page: Page, summary: RoundSummary, by: str) -> None:
    lang = page.book.lang
    found = summary.counts(by)
    heads = [Head("name", say(f"report.round.{by}", lang), 0)]
    heads += [Head(outcome or "none", outcome_word(outcome, lang), 0) for outcome in OUTCOMES]
    heads.append(Head("all", say("report.round.all", lang), 0))
    rows = [
        {
            "name": text(name or "—"),
            **{outcome or "none": whole(counts[outcome]) for outcome in OUTCOMES},
            "all": whole(counts.total()),
        }
        for name, counts in found.items()
    ]
    add_table(page, heads, rows)


# --- applications, criteria, ranking ----------------------------------------------------------------------------------


def _applications(file: Book, ordered: Sequence[Application], names: Names) -> None:
    heads = _heads("round_book.column", file.lang, *((column.key, column.width) for column in APPLICATION))
    rows = [_application(application, names, file.lang) for application in ordered]
    _sheet(file, "applications", heads, rows)


def _application(application: Application, names: Names, lang: str) -> Row:
    row = {column.key: _value(column.cell(application, names, lang)) for column in APPLICATION}
    side = _OUTCOME_SIDES.get(application.outcome, "")
    return row | {"name": text(application.name, "strong"), "outcome": text(outcome_word(application.outcome, lang), side)}


def _matrices(file: Book, ordered: Sequence[Application], names: Names) -> None:
    """For each kind and ruleset a sheet with a row for each application: status and points of every item."""
    assessed = sorted((one for one in ordered if one.result is not None), key=lambda one: (one.kind, ruleset_of(one)))
    for (kind, ruleset), group in groupby(assessed, key=lambda one: (one.kind, ruleset_of(one))):
        members = list(group)
        shown = {item["id"]: item for application in members for item in items(application)}
        heads = _heads(
            "round_book.column", file.lang, ("number", 18), ("name", 36), ("district", 14), ("outcome", 18), ("low", 11), ("high", 11)
        )
        for name, item in shown.items():
            title = f"{item['number']} {item['title'][file.lang]}".strip()
            heads.append(Head(f"status:{name}", title, _STATUS))
            if _has_points(item):
                heads.append(Head(f"points:{name}", say("round_book.points_of", file.lang, number=item["number"] or title), _POINTS))
        title = say("round_book.sheet.criteria", file.lang, kind=kind_name(kind, file.lang))
        hint = names.standard(ruleset, file.lang)
        add_sheet(file, f"criteria:{ruleset}", hint, heads, [_matrix_row(one, names, file.lang) for one in members], title)


def _matrix_row(application: Application, names: Names, lang: str) -> Row:
    row: dict[str, Value] = {"number": text(application.number), "name": text(application.name, "strong")}
    low, high = score_ends(application, lang)
    row |= {"district": text(names.district(application.district, lang)), "low": _value(low), "high": _value(high)}
    row["outcome"] = text(outcome_word(application.outcome, lang), _OUTCOME_SIDES.get(application.outcome, ""))
    for item in items(application):
        row[f"status:{item['id']}"] = text(value_word(item["status"], lang), item["status"])
        if _has_points(item):
            row[f"points:{item['id']}"] = _points(item, lang)
    return row


def _has_points(item: Item) -> bool:
    points = item.get("points")
    return points is not None and (is_graded(item) or exactly(points["max"]) != 0)


def _points(item: Item, lang: str) -> Value:
    """Points as a number; both ends as a text while they are open, the level where levels are assessed."""
    if is_graded(item):
        return text(say("statuses.level", lang, level=item["level"]) if item.get("level") else "—")
    interval = ends(item["points"])
    return printed(to_text(interval.low, POINT_PLACES)) if interval.is_point else text(interval_text(interval, POINT_PLACES, lang))


def _ranking(file: Book, ordered: Sequence[Application], names: Names) -> None:
    """Everybody with a rank or a place, by group and rank."""
    keys = ("kind", "district", "tier", "rank", "place", "number", "name", "low", "high", "ranked_by", "decision", "reason")
    columns = {column.key: column for column in APPLICATION}
    heads = _heads("round_book.column", file.lang, *((key, columns[key].width) for key in keys))
    ranked = [one for one in ordered if one.rank is not None or one.place]
    places = {one.number: at for at, one in enumerate(ordered)}
    first = {(one.kind, one.district): places[one.number] for one in reversed(ordered)}
    ranked.sort(key=lambda one: (first[one.kind, one.district], one.tier, one.rank is None, one.rank or 0, one.number))
    rows = [{key: _value(columns[key].cell(one, names, file.lang)) for key in keys} for one in ranked]
    _sheet(file, "ranking", heads, rows)


# --- what the office did ----------------------------------------------------------------------------------------------


def _rechecks(file: Book, ordered: Sequence[Application], names: Names) -> None:
    heads = _about(file.lang, ("item", 32), ("field", 14), ("before", 18), ("after", 18), ("why", 46), ("by", 16), ("on", 13))
    rows = [
        {
            **_whose(one),
            "item": text(names.title(ruleset_of(one), found.name, file.lang)),
            "field": text(word("field", found.field, file.lang)),
            "before": text(value_word(found.before, file.lang)),
            "after": text(value_word(found.after, file.lang), "strong"),
            "why": text(found.reason),
            "by": text(found.by),
            "on": day(found.day),
        }
        for one in ordered
        for found in one.rechecks
    ]
    _sheet(file, "rechecks", heads, rows)


def _objections(file: Book, ordered: Sequence[Application], names: Names) -> None:
    heads = _about(
        file.lang, ("objector", 20), ("on", 13), ("objection", 50), ("upheld", 12), ("answer", 50), ("by", 16), ("answered_on", 13)
    )
    rows = [
        {
            **_whose(one),
            "objector": text(found.by),
            "on": day(found.day),
            "objection": text(found.text),
            "upheld": text(say("round_book.open", file.lang) if found.upheld is None else yes_no(found.upheld, file.lang)),
            "answer": text(found.answer),
            "by": text(found.answered_by),
            "answered_on": day(found.answered_on),
        }
        for one in ordered
        for found in one.objections
    ]
    _sheet(file, "objections", heads, rows)


def _certificates(file: Book, ordered: Sequence[Application], names: Names) -> None:
    lang = file.lang
    columns = (
        ("credit_code", 22),
        ("kind", 12),
        ("standard", 34),
        ("district", 14),
        ("certificate", 24),
        ("on", 13),
        ("valid_until", 13),
        ("state", 12),
    )
    rows = [
        {
            **_whose(one),
            "credit_code": text(one.credit_code),
            "kind": text(kind_name(one.kind, lang)),
            "standard": text(names.standard(ruleset_of(one), lang)),
            "district": text(names.district(one.district, lang)),
            "certificate": text(found.number, "strong"),
            "on": day(found.issued_on),
            "valid_until": day(found.valid_until),
            "state": text(word("certificate_state", found.state, lang)),
        }
        for one in ordered
        if (found := one.certificate) is not None
    ]
    _sheet(file, "certificates", _about(lang, *columns), rows)


# --- what was handed in, and the rules --------------------------------------------------------------------------------


def _submissions(file: Book, book: RoundBook) -> None:
    columns = (
        ("order", 7),
        ("file", 40),
        ("on", 13),
        ("result", 14),
        ("name", 36),
        ("credit_code", 22),
        ("number", 18),
        ("version", 8),
        ("problems", 9),
    )
    rows = [
        {
            "order": whole(order),
            "file": text(found.file),
            "on": day(found.day),
            "result": text(word("submission", found.outcome, file.lang)),
            "name": text(found.applicant),
            "credit_code": text(found.credit_code),
            "number": text(found.number),
            "version": whole(found.version) if found.version else BLANK,
            "problems": whole(len(found.problems)),
            "sha256": text(found.sha256),
        }
        for order, found in enumerate(book.submissions, 1)
    ]
    _sheet(file, "submissions", _heads("round_book.column", file.lang, *columns, ("sha256", 24)), rows)


def _problems(file: Book, book: RoundBook) -> None:
    lang = file.lang
    heads = _heads(
        "round_book.column", lang, ("order", 7), ("file", 40), ("where", 34), ("severity", 10), ("code", 22), ("what", 60), ("fix", 60)
    )
    rows = [
        {
            "order": whole(order),
            "file": text(found.file),
            "where": text(str(problem.where.short())),
            "severity": text(word("severity", problem.severity.value, lang)),
            "code": text(problem.code),
            "what": text(problem.what(lang)),
            "fix": text(problem.fix(lang)),
        }
        for order, found in enumerate(book.submissions, 1)
        for problem in found.problems
    ]
    _sheet(file, "problems", heads, rows)


_RULES = (
    ("ruleset", 34),
    ("ruleset_version", 10),
    ("ruleset_sha256", 40),
    ("scheme", 24),
    ("scheme_version", 10),
    ("scheme_sha256", 40),
)


def _rules(file: Book, book: RoundBook, names: Names) -> None:
    rows = [
        {
            "kind": text(kind_name(frozen.kind, file.lang)),
            "standard": text(names.standard(frozen.ruleset, file.lang)),
            **{key: text(str(getattr(frozen, key))) for key, _ in _RULES},
        }
        for frozen in book.programmes
    ]
    _sheet(file, "rules", _heads("round_book.column", file.lang, ("kind", 12), ("standard", 40), *_RULES), rows)


# --- parts ------------------------------------------------------------------------------------------------------------


def _sheet(file: Book, role: str, heads: Sequence[Head], rows: Iterable[Row]) -> None:
    add_sheet(file, role, say("round_book.hint", file.lang), heads, rows, say(f"round_book.sheet.{role}", file.lang))


def _heads(group: str, lang: str, *columns: tuple[str, float]) -> list[Head]:
    return [Head(key, say(f"{group}.{key}", lang), width) for key, width in columns]


def _about(lang: str, *columns: tuple[str, float]) -> list[Head]:
    return _heads("round_book.column", lang, ("number", 18), ("name", 36), *columns)


def _whose(application: Application) -> Mapping[str, Value]:
    return {"number": text(application.number), "name": text(application.name)}


def _value(cell: Cell) -> Value:
    if isinstance(cell, Number):
        return printed(cell.text)
    return day(cell) if isinstance(cell, Day) else text(cell)
