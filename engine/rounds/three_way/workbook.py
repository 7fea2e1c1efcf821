"""The comparison of a round as a workbook: the applications, every change of an item, and the tallies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.assess.split import Difference
from engine.assess.views import OFFICE, SELF, THIRD_PARTY
from engine.dossier.workbook_look import GREEN
from engine.dossier.workbook_sheet import Book, Column, Page
from engine.language import to_text
from engine.report.context import score_places
from engine.report.round_summary import outcome_word
from engine.report.scored_cells import Head, Row, Value, add_facts, add_section, add_sheet, add_table, printed, text, whole
from engine.rounds.names import Both, kind_name
from engine.rounds.reading import POINT_PLACES, value_word
from engine.rounds.three_way.case import CUT, OPENED, OTHER, RAISED, SETTLED, Result, direction
from engine.rounds.three_way.tally import REVIEWERS, BodyTally, ItemTally, RoundComparison, Tally, main_end, other_outcome
from engine.texts import say

_VIEWS = (SELF, THIRD_PARTY, OFFICE)
_OVERVIEW = (44, 22, 22, 14)
_COUNTED = (("changed", 10), ("cut", 9), ("cut_points", 11), ("opened", 9), ("opened_points", 11), ("raised", 9), ("raised_points", 11))
_TALLY = (*_COUNTED, ("settled", 9), ("settled_points", 11), ("other", 9))
_WHAT = (("standard", 34), ("item", 36), ("reviewer", 14), ("of", 9))


def round_comparison_workbook(found: RoundComparison, lang: str = "zh") -> bytes:
    """The workbook's bytes, the same for the same comparison. Texts are texts, numbers as they print."""
    file = Book(lang, say("round_compare.title", lang, round=found.round), {})
    _overview(file, found)
    whose = (("number", 18), ("name", 36), ("body", 30))
    _sheet(file, "compared", (*whose, ("kind", 12), ("standard", 34), *_view_heads()), _results(found, lang))
    ends = (("before", 16), ("after", 16), ("direction", 12), ("low", 13), ("high", 13))
    _sheet(file, "changes", (*whose, ("reviewer", 14), ("item", 36), *ends), _changes(found, lang))
    _sheet(file, "items", (*_WHAT, *_TALLY, ("statuses", 40)), _items(found.items, found, lang))
    said = (("standard", 34), ("statement", 36), ("reviewer", 14), ("of", 9), *_TALLY, ("unconfirmed", 12), ("flips", 14))
    _sheet(file, "statements", said, _statements(found, lang))
    totals = (("of", 9), ("outcomes", 14), ("total_low", 14), ("total_high", 14))
    _sheet(file, "bodies", (("body", 36), ("reviewer", 14), *totals, *_TALLY), _bodies(found, lang))
    _sheet(
        file,
        "body_items",
        (("body", 36), *(each for each in _WHAT if each[0] != "of"), *_TALLY, ("statuses", 40)),
        _body_items(found, lang),
    )
    return file.content()


# --- sheets -----------------------------------------------------------------------------------------------------------


def _overview(file: Book, found: RoundComparison) -> None:
    lang = file.lang
    columns = [Column(f"c{i}", "", width) for i, width in enumerate(_OVERVIEW)]
    page = Page(file, "comparison", say("round_compare.sheet.comparison", lang), columns, say("round_compare.how", lang))
    page.sheet.set_tab_color(GREEN)
    steps = [(one, step) for one in found.applications for step in one.steps]
    facts = [("round", text(found.round)), ("applications", whole(len(found.applications))), ("waiting", whole(found.waiting))]
    for who in REVIEWERS:
        facts.append((who, whole(sum(step.reviewer == who for _, step in steps))))
        facts.append((f"{who}_outcomes", whole(sum(step.reviewer == who and other_outcome(one, step) for one, step in steps))))
    add_facts(page, [(say(f"round_compare.fact.{name}", lang), value) for name, value in facts])
    add_section(page, say("round_compare.section.outcomes", lang))
    rows = []
    for outcomes, count in found.outcomes.items():
        words = dict.fromkeys(_VIEWS, "—") | {view: outcome_word(outcome, lang) for view, outcome in outcomes}
        rows.append({"applications": whole(count), **{view: text(word) for view, word in words.items()}})
    add_table(page, _heads(lang, *((view, 22) for view in _VIEWS), ("applications", 14)), rows)


def _view_heads() -> Iterator[tuple[str, float]]:
    for view in _VIEWS:
        yield from ((f"{view}_outcome", 18), (f"{view}_low", 12), (f"{view}_high", 12))


def _results(found: RoundComparison, lang: str) -> Iterator[Row]:
    for one in found.applications:
        row: dict[str, Value] = {"number": text(one.head.number), "name": text(one.head.name, "strong"), "body": text(one.head.third_party)}
        row |= {"kind": text(kind_name(one.head.kind, lang)), "standard": text(_in(one.standard, lang))}
        for view, result in one.results.items():
            row |= {f"{view}_outcome": text(result_words(result, lang))} | _score(view, result, lang)
        yield row


def result_words(result: Result, lang: str) -> str:
    """An outcome with its tier, in words."""
    return " · ".join(filter(None, (outcome_word(result.outcome, lang), _in(result.tier_title, lang) if result.tier else "")))


def _score(view: str, result: Result, lang: str) -> dict[str, Value]:
    if not result.most:
        return {}
    places, high = score_places(result.score, result.mark), result.score.high
    most = text(say("scored.unbounded", lang)) if high is None else printed(to_text(high, places))
    return {f"{view}_low": printed(to_text(result.score.low, places)), f"{view}_high": most}


def _changes(found: RoundComparison, lang: str) -> Iterator[Row]:
    for one in found.applications:
        for step in one.steps:
            for item in step.items:
                row = {"number": text(one.head.number), "name": text(one.head.name, "strong"), "body": text(one.head.third_party)}
                row |= {"reviewer": _who(step.reviewer, lang), "item": text(f"{item.number} {_in(item.title, lang)}".strip())}
                row |= {key: text(value_word(status, lang), status) for key, status in zip(("before", "after"), item.status, strict=True)}
                row["direction"] = text(say(f"round_compare.direction.{direction(item.moved)}", lang))
                yield {**row, **(_ends(item.moved, "low", "high", lang) if item.moved is not None else {})}


def _items(items: Sequence[ItemTally], found: RoundComparison, lang: str) -> Iterator[Row]:
    for one in items:
        for who, tally in one.by.items():
            row = {"standard": text(_in(found.standards[one.ruleset], lang)), "item": text(f"{one.number} {_in(one.title, lang)}".strip())}
            row["statuses"] = text(say("report.list_separator", lang).join(status_words(one.statuses[who], lang)))
            yield {**row, "reviewer": _who(who, lang), "of": whole(found.compared[one.ruleset, who]), **_tally(tally)}


def status_words(pairs: Mapping[tuple[str, str], int], lang: str) -> list[str]:
    """How often each status became which."""
    words = {(value_word(before, lang), value_word(after, lang)): count for (before, after), count in pairs.items()}
    return [say("round_compare.statuses", lang, before=before, after=after, count=count) for (before, after), count in words.items()]


def _statements(found: RoundComparison, lang: str) -> Iterator[Row]:
    for one in found.statements:
        for who, tally in one.by.items():
            row = {"standard": text(_in(found.standards[one.ruleset], lang)), "statement": text(_in(one.title, lang))}
            row |= {"unconfirmed": whole(one.unconfirmed[who]), "flips": whole(one.flips[who])}
            yield {**row, "reviewer": _who(who, lang), "of": whole(found.compared[one.ruleset, who]), **_tally(tally)}


def _bodies(found: RoundComparison, lang: str) -> Iterator[Row]:
    for one in found.bodies:
        for who, count in one.compared.items():
            row = {"body": _body(one, lang), "reviewer": _who(who, lang), "of": whole(count), "outcomes": whole(one.outcomes[who])}
            yield {**row, **_ends(one.moved[who], "total_low", "total_high", lang), **_tally(one.items[who])}


def _body_items(found: RoundComparison, lang: str) -> Iterator[Row]:
    for one in found.bodies:
        for row in _items(one.each, found, lang):
            yield {**row, "body": _body(one, lang)}


# --- cells ------------------------------------------------------------------------------------------------------------


def _tally(tally: Tally) -> Row:
    """Counts by direction; the points of what was cut or raised are those that can be reached, of the others those that are certain."""
    row: dict[str, Value] = {"changed": whole(tally.changed)}
    for kind in (CUT, OPENED, RAISED, SETTLED, OTHER):
        row[kind] = whole(tally.counts.get(kind, 0))
        if kind != OTHER and kind in tally.sums:
            row[f"{kind}_points"] = printed(to_text(main_end(kind, tally.sums[kind]), POINT_PLACES))
    return row


def _ends(moved: Difference, low: str, high: str, lang: str) -> Mapping[str, Value]:
    most = text(say("scored.unbounded", lang)) if moved.high is None else printed(to_text(moved.high, POINT_PLACES))
    return {low: printed(to_text(moved.low, POINT_PLACES)), high: most}


def _body(one: BodyTally, lang: str) -> Value:
    return text(one.body or say("round_compare.unnamed", lang), "strong")


def _who(view: str, lang: str) -> Value:
    return text(say(f"round_compare.who.{view}", lang))


def _in(words: Both, lang: str) -> str:
    return words[1 if lang == "en" else 0]


def _heads(lang: str, *columns: tuple[str, float]) -> list[Head]:
    return [Head(key, say(f"round_compare.column.{key}", lang), width) for key, width in columns]


def _sheet(file: Book, role: str, columns: Iterable[tuple[str, float]], rows: Iterable[Row]) -> None:
    heads = _heads(file.lang, *columns)
    add_sheet(file, role, say("round_compare.hint", file.lang), heads, rows, say(f"round_compare.sheet.{role}", file.lang))
