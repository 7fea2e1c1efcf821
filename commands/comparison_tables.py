"""What is drawn of comparisons: both sides, the split of the difference, the items and the statements that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.text import Text

from commands.screen import Screen, prose
from commands.tables import OUTCOMES
from engine import number_text, say, score_text, statement_text, statement_title
from engine.assess.changed import NOWHERE, Changed
from engine.assess.split import NONE

if TYPE_CHECKING:
    from engine import Assessment, Comparison, Dossier, Programme, Subject, Views
    from engine.assess.compare import ItemSplit
    from engine.assess.results import Interval
    from engine.assess.split import Difference
    from engine.assess.views import Disputed, Effect, ItemViews

SHOWN = 25
"""So many items and statements are drawn; JSON has all of them."""
CELLS = 5
"""So many cells of one statement are drawn."""
NO_PLACES = (NOWHERE, NOWHERE)


class ComparisonTables(Screen):
    """Draws comparisons."""

    def comparison(self, found: Comparison, subjects: Sequence[Subject], unread: Sequence[str]) -> None:
        """Two assessments and why they differ."""
        for mark, made, subject in zip("AB", (found.before, found.after), subjects, strict=True):
            self.side(mark, made, subject)
        self.line()
        if len(found.states) == 1:
            self.line(say("compare.same", self.lang), "green")
            return
        self.split(found)
        self.items(found)
        self.changes(found, subjects[1].programme)
        if unread:
            names = self.say("comma").join(subjects[1].programme.title(name, self.lang) for name in unread)
            self.line(say("compare.changes.unread", self.lang, names=names), "yellow")

    def side(self, mark: str, made: Assessment, subject: Subject) -> None:
        """One of the assessments: of whom, by what, and what came out."""
        basis = say(f"statuses.basis.{made.basis}", self.lang)
        basis = say("compare.side.closed", self.lang, basis=basis) if made.closed else basis
        scheme, applicant = subject.programme.scheme.title.in_(self.lang), subject.dossier.applicant.name
        self.line(
            say("compare.side.line", self.lang, mark=mark, applicant=applicant, dossier=subject.dossier.id, scheme=scheme, basis=basis)
        )
        text = say("compare.side.result", self.lang, outcome=self.outcome(made.determination.outcome), score=self.total(made))
        self.line(text, f"bold {OUTCOMES[made.determination.outcome][1]}", indent=3)

    def outcome(self, outcome: str) -> str:
        """A conclusion as mark and word."""
        return f"{OUTCOMES[outcome][0]} {say(f'statuses.outcome.{outcome}', self.lang)}"

    def total(self, made: Assessment) -> str:
        """The total of an assessment."""
        return score_text(made.score, made.mark, self.lang) if made.score_max else say("statuses.no_value", self.lang)

    def moved(self, moved: Difference | None) -> str:
        """A difference with its sign; both ends where they move differently."""
        return say("statuses.no_value", self.lang) if moved is None else moved_text(moved, self.lang)

    def split(self, found: Comparison) -> None:
        """The difference by kind of change, with what each does alone."""
        alone = {state.made[0]: state for state in found.states if len(state.made) == 1}
        rows = []
        for part, moved in found.total.parts.items():
            state = alone.get(part)
            outcome = self.outcome(state.outcome) if state else ""
            rows.append((say(f"compare.part.{part}", self.lang), self.moved(moved), self.moved(found.total.alone[part]), outcome))
        rows.append(
            (say("compare.part.total", self.lang), self.moved(found.total.total), "", self.outcome(found.after.determination.outcome))
        )
        self.line(say("compare.split.title", self.lang), "bold")
        self.table(("part", "part_of_difference", "alone", "outcome_alone"), rows, right=("part_of_difference", "alone"), fixed=("part",))
        together = found.total.together
        if together is not None and (together.low or together.high):
            self.line(say("compare.split.together", self.lang, text=self.moved(together)), "dim")
        if found.orders > 1:
            self.line(say("compare.split.how", self.lang, count=found.orders), "dim")

    def items(self, found: Comparison) -> None:
        """The items that differ: gates and those that change their status first, then by how much they move the total."""
        self.line()
        self.line(say("compare.items.title", self.lang, count=len(found.items)), "bold")
        if not found.items:
            return
        ordered = sorted(
            found.items, key=lambda item: (item.points[1] is not None, -abs(item.share.total.low), -abs(item.share.total.high or 0))
        )
        heads = ("number", "item", "before", "after", "difference", "values", "evidence", "rules")
        self.table(heads, [self._item(item) for item in ordered[:SHOWN]], right=heads[4:], fixed=("number",))
        if len(ordered) > SHOWN:
            self.line(say("compare.items.more", self.lang, count=len(ordered) - SHOWN), "dim")
        if found.rest.total.low or found.rest.total.high:
            self.line(say("compare.items.rest", self.lang, text=self.moved(found.rest.total)), "dim")

    def _item(self, item: ItemSplit) -> tuple[str | Text, ...]:
        sides = [self._verdict(status, points) for status, points in zip(item.status, item.points, strict=True)]
        parts = [self.moved(part) if part != NONE else "" for part in item.share.parts.values()]
        return (item.number or item.after or item.before or "", item.title.in_(self.lang), *sides, self.moved(item.share.total), *parts)

    def _verdict(self, status: str | None, points: Interval | None) -> str:
        if status is None:
            return say("compare.items.none", self.lang)
        word = say(f"statuses.{status}", self.lang)
        return word if points is None else f"{word} {score_text(points, None, self.lang)}"

    def changes(self, found: Comparison, programme: Programme) -> None:
        """The statements that differ, each with both of its places."""
        if found.rules is not None:
            self.line()
            names = {"before": found.before.scheme.id, "after": found.after.scheme.id}
            self.line(say("compare.changes.rules", self.lang, count=len(found.rules.entries), **names))
        if found.changed:
            self.line()
            self.line(say("compare.changes.title", self.lang, count=len(found.changed)), "bold")
            self.table(("statement", "before", "after"), [self._changed(one, programme) for one in found.changed[:SHOWN]])
            if len(found.changed) > SHOWN:
                self.line(say("compare.items.more", self.lang, count=len(found.changed) - SHOWN), "dim")

    def _changed(self, one: Changed, programme: Programme) -> tuple[str | Text, ...]:
        sides = []
        for text, where in zip((one.before, one.after), one.where, strict=True):
            shown = prose(statement_text(text, one.key, programme, self.lang))
            place = "" if text is None else str(replace(where.short(), path="") if where.file or where.sheet else where)
            sides.append(shown.append(f"\n{place}", "dim") if place else shown)
        return (statement_title(one, programme, self.lang), *sides)

    # --- three views --------------------------------------------------------------------------------------------------

    def views(self, found: Views, dossier: Dossier, programme: Programme) -> None:
        """Self-check, third party and office side by side."""
        self.line(" · ".join(filter(None, (dossier.applicant.name, dossier.id, programme.scheme.title.in_(self.lang)))), "bold")
        self.line()
        views = list(found.assessments)
        heads = ("view", "outcome", "score")
        rows = []
        for view, made in found.assessments.items():
            outcome = made.determination.outcome
            word = Text(self.outcome(outcome), OUTCOMES[outcome][1])
            rows.append((say(f"compare.view.{view}", self.lang), word, self.total(made)))
        self.table(heads, rows, right=("score",), fixed=("view", "score"))
        self.line()
        if not found.disputed:
            self.line(say("compare.views.same", self.lang), "green")
            return
        self.line(say("compare.views.disputed", self.lang, count=len(found.disputed)), "bold")
        shown = found.disputed[:SHOWN]
        own = found.assessments[views[0]].determination.outcome
        disputed = [self._disputed(one, own, programme, views) for one in shown]
        self.table(("statement", *views, "taken_over", "together"), disputed)
        if len(found.disputed) > SHOWN:
            self.line(say("compare.items.more", self.lang, count=len(found.disputed) - SHOWN), "dim")
        self.line(say("compare.views.how", self.lang), "dim")
        self.line()
        self.line(say("compare.items.title", self.lang, count=len(found.items)), "bold")
        if found.items:
            self.table(
                ("number", "item", *views), [self._views_of(item, programme, views) for item in found.items[:SHOWN]], fixed=("number",)
            )
            if len(found.items) > SHOWN:
                self.line(say("compare.items.more", self.lang, count=len(found.items) - SHOWN), "dim")

    def _disputed(self, one: Disputed, own: str, programme: Programme, views: Sequence[str]) -> tuple[str | Text, ...]:
        cells = one.said[:CELLS]
        titles = [statement_title(Changed(one.key, said.row, said.field, None, None, NO_PLACES), programme, self.lang) for said in cells]
        if len(one.said) > CELLS:
            titles.append(say("compare.views.cells", self.lang, count=len(one.said) - CELLS))
        sides = ["\n".join(statement_text(said.texts[view], one.key, programme, self.lang) for said in cells) for view in views]
        alone = "\n".join(dict.fromkeys(self._effect(effect, own) for effect in one.alone.values()))
        return ("\n".join(titles), *sides, prose(alone, "yellow" if one.flips else ""), self._effect(one.together, own))

    def _effect(self, effect: Effect, own: str) -> str:
        """By how much the total moves, with the outcome where it is another one."""
        return " ".join(filter(None, (self.moved(effect.moved), self.outcome(effect.outcome) if effect.outcome != own else "")))

    def _views_of(self, item: ItemViews, programme: Programme, views: Sequence[str]) -> tuple[str | Text, ...]:
        demand = programme.gates.get(item.id) or programme.criteria[item.id]
        sides = [self._verdict(item.status[view], item.points.get(view)) for view in views]
        return (demand.number or item.id, demand.title.in_(self.lang), *sides)


def _weight(item: ItemSplit) -> tuple[bool, Fraction, Fraction]:
    """Gates before criteria, then by how much of the total hangs on an item."""
    low, high = item.share.total
    return item.points != (None, None), -abs(low), Fraction(0) if high is None else -abs(high)


def moved_text(moved: Difference, lang: str) -> str:
    """A difference with its sign; both ends where they move differently."""
    high = say("compare.split.open", lang) if moved.high is None else signed(moved.high)
    return signed(moved.low) if signed(moved.low) == high else say("compare.split.ends", lang, low=signed(moved.low), high=high)


def signed(number: Fraction) -> str:
    """A difference in points with its sign."""
    return f"{'+' if number > 0 else ''}{number_text(number, 2)}"
