"""The advice on a dossier as sections of lines and tables in one language: what terminal, report and workbook all show."""

from __future__ import annotations

from collections.abc import Sequence

from engine.advise import outlook_words as words
from engine.advise.changes import Change
from engine.advise.outlook import Outlook
from engine.advise.route import Route
from engine.advise.sentences import at_best_lines, change_sentence, change_title, condition_sentences, supply_sentence
from engine.advise.stability import Swing
from engine.assess.sentences import number_text, score_text
from engine.dossier.notes import Head, Note
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme
from engine.texts import say


class Sections:
    """The sections of one dossier's advice in one language, each table with at most so many rows."""

    def __init__(self, programme: Programme, dossier: Dossier, lang: str, most: int) -> None:
        self.programme, self.dossier, self.lang, self.most = programme, dossier, lang, most

    def all(self, outlook: Outlook) -> tuple[Note, ...]:
        """Standing, missing things, stability, distances, calendar; what has nothing to say is left out."""
        made = (self.standing(outlook), self.missing(outlook), self.stability(outlook), self.distances(outlook), self.calendar(outlook))
        return tuple(note for note in made if note.lines)

    def say(self, key: str, **params: object) -> str:
        """A text of the outlook."""
        return say(f"advise.outlook.{key}", self.lang, **params)

    def section(
        self, key: str, lines: Sequence[str], heads: Sequence[tuple[str, int, bool]] = (), rows: Sequence[tuple[str, ...]] = ()
    ) -> Note:
        """A section with the titles of its catalogue entry; rows beyond what is shown are counted."""
        titled = tuple(Head(self.say(f"head.{name}"), width, right) for name, width, right in heads)
        more = max(0, len(rows) - self.most)
        return Note(self.say(f"title.{key}"), tuple(lines), titled, tuple(rows[: self.most]), more, key)

    def standing(self, outlook: Outlook) -> Note:
        """The score as an interval, whether the determination is settled, and how far the marks are."""
        now, lang = outlook.now, self.lang
        outcome = words.result_text(now.determination.outcome, now.determination.tier, self.programme, lang)
        lines = [self.say("settled" if now.determination.settled else "open", outcome=outcome)]
        if now.score_max:
            lines.insert(0, self.say("score", score=score_text(now.score, now.mark, lang)))
        return self.section("standing", [*lines, *(words.mark_sentence(mark, self.programme, lang) for mark in outlook.marks)])

    def missing(self, outlook: Outlook) -> Note:
        """What is missing, the most telling first."""
        rows = []
        for one in outlook.missing:
            number, title = words.missing_title(one, self.programme, self.dossier, self.lang)
            what = words.missing_sentence(one, self.lang)
            settles = words.settles_sentence(one, self.programme, self.lang)
            rows.append((f"{number} {title}".strip(), what, words.narrows_text(one, self.lang), settles))
        heads = (("item", 6, False), ("what", 4, False), ("narrows", 2, True), ("settles", 6, False))
        return self.section("missing", [self.say("missing_intro")] if rows else [], heads, rows)

    def stability(self, outlook: Outlook) -> Note:
        """Stable or fragile, with the values that decide, and those whose error moves the score most."""
        found = outlook.stability
        lines = [words.stability_sentence(found, self.programme, self.lang)]
        if found.swings and found.margin.source is not None:
            lines.append(self.say("default_error", error=number_text(found.margin.error * 100)))
        rows = [self._swing(swing) for swing in sorted(found.swings, key=_weight) if swing.flips or swing.width != outlook_width(outlook)]
        heads = (("measured", 6, False), ("scores", 3, False), ("changes", 7, False))
        return self.section("stability", lines, heads, rows)

    def _swing(self, swing: Swing) -> tuple[str, ...]:
        changes = say("cli.separator", self.lang).join(words.flip_sentence(flip, self.programme, self.lang) for flip in swing.flips)
        return (words.meter_title(swing.meter, self.programme, self.lang), words.swing_text(swing, self.lang), changes or "—")

    def distances(self, outlook: Outlook) -> Note:
        """How far every value is from the next edges, nearest first."""
        rows = [
            (
                words.numbered(cliff.item, self.programme, self.lang),
                words.value_text(cliff, self.programme, self.lang),
                words.edge_text(cliff, self.programme, self.lang),
                words.distance_text(cliff, self.programme, self.lang),
                words.side_text(cliff, self.lang),
            )
            for cliff in outlook.cliffs
        ]
        heads = (("item", 5, False), ("value", 3, True), ("edge", 4, False), ("distance", 5, False), ("side", 2, False))
        return self.section("distances", [self.say("distances_intro")] if rows else [], heads, rows)

    def calendar(self, outlook: Outlook) -> Note:
        """When documents end, what lapses with them, and what then comes out."""
        titles = {document.id: document.title for document in self.dossier.evidence}
        separator = say("cli.separator", self.lang)
        rows = [
            (
                lapse.day,
                separator.join(f"{name} {titles[name]}" for name in lapse.documents),
                words.lapse_items(lapse, self.programme, self.lang),
                self.say("stands") if lapse.stands else words.result_text(lapse.outcome, lapse.tier, self.programme, self.lang),
            )
            for lapse in outlook.calendar.lapses
        ]
        heads = (("day", 3, False), ("documents", 5, False), ("items", 6, False), ("then", 3, False))
        return self.section("calendar", [words.calendar_sentence(outlook.calendar, self.programme, self.lang)], heads, rows)

    # --- the route, for report and workbook -------------------------------------------------------------------------

    def route(self, route: Route) -> Note:
        """The cheapest plan, or what bars the way."""
        unit = route.costs.unit.in_(self.lang)
        if route.plan is None:
            return self._no_way(route, unit)
        if not route.plan.changes:
            return self.section("route", [say("cli.advise.there", self.lang)])
        end = route.plan.assessment.determination
        lines = [
            self.say("plan", count=len(route.plan.changes), cost=number_text(route.plan.cost), unit=unit),
            self.say("plan_then", outcome=words.result_text(end.outcome, end.tier, self.programme, self.lang)),
            say("cli.advise.proven" if route.proven else "cli.advise.unproven", self.lang),
        ]
        lines += [say("cli.advise.default_costs", self.lang, unit=unit)] if route.costs.source is not None else []
        heads = (("item", 5, False), ("to_do", 8, False), ("cost", 2, True))
        return self.section("route", lines, heads, self._changes(route.plan.changes))

    def _no_way(self, route: Route, unit: str) -> Note:
        """What bars the way, what is to be supplied, and what the rest would still need at best."""
        found, best = route.blocking, route.at_best
        lines = [say("cli.advise.not_yet" if best and best.supplies else "cli.advise.no_way", self.lang)]
        lines += [] if found is None else [*condition_sentences(found, self.lang), *self._bars(found.items)]
        if best is None:
            return self.section("route", lines)
        if best.supplies:
            lines.append(say("advise.supply.title", self.lang))
            lines += [f"· {supply_sentence(supply, self.programme, self.lang)}" for supply in best.supplies]
        lines += at_best_lines(best, unit, self.lang)
        heads = (("item", 5, False), ("to_do", 8, False), ("cost", 2, True))
        return self.section("route", lines, heads if best.changes else (), self._changes(best.changes))

    def _bars(self, items: Sequence[str]) -> list[str]:
        names = say("cli.comma", self.lang).join(words.numbered(item, self.programme, self.lang) for item in items)
        return [self.say("bars", names=names)] if items else []

    def _changes(self, changes: Sequence[Change]) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for change in changes:
            title = " ".join(change_title(change, self.programme, self.dossier, self.lang)).strip()
            rows.append((title, change_sentence(change, self.programme, self.dossier, self.lang), number_text(change.cost)))
        return rows


def outlook_width(outlook: Outlook) -> object:
    """How wide the score is without any error."""
    low, high = outlook.now.score
    return None if high is None else high - low


def _weight(swing: Swing) -> tuple[object, ...]:
    """Values that change the determination first, then by how much they move the score."""
    return (not swing.flips, swing.width is not None, -(swing.width or 0))
