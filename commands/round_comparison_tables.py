"""What is drawn of a round as three see it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.text import Text

from commands.comparison_tables import SHOWN, moved_text, signed
from commands.screen import Screen, prose
from commands.tables import OUTCOMES
from engine import say, score_text
from engine.assess.split import NONE
from engine.rounds.three_way.case import DIRECTIONS, OTHER, direction
from engine.rounds.three_way.tally import REVIEWERS, largest, main_end
from engine.rounds.three_way.workbook import status_words

if TYPE_CHECKING:
    from engine import RoundComparison
    from engine.rounds.three_way.case import Compared, ItemChange, Result
    from engine.rounds.three_way.tally import BodyTally, ItemTally, StatementTally, Tally

VIEWS = ("self", "third_party", "office")


class RoundComparisonTables(Screen):
    """Draws the comparison of a round."""

    def comparison(self, found: RoundComparison) -> None:
        """How many were reviewed, who comes out otherwise, what was changed how often, and by which body."""
        self.line(say("round_compare.title", self.lang, round=found.round), "bold")
        if not found.applications:
            self.line(self.words("nothing"))
            return
        reviewed = {who: sum(count for (_, by), count in found.compared.items() if by == who) for who in REVIEWERS}
        self.line(self.words("reviewed", **reviewed), "dim")
        if found.waiting:
            self.line(self.words("waiting", count=found.waiting), "yellow")
        self.applications(found)
        for ruleset, title in found.standards.items():
            self.items([one for one in found.items if one.ruleset == ruleset], found, self.in_(title))
            self.statements([one for one in found.statements if one.ruleset == ruleset], self.in_(title))
        self.bodies(found.bodies)
        self.line()
        self.line(say("round_compare.hint", self.lang), "dim")
        self.line(say("round_compare.how", self.lang), "dim")

    def words(self, key: str, **params: object) -> str:
        """A text of the tables."""
        return say(f"round_compare.table.{key}", self.lang, **params)

    def in_(self, title: tuple[str, str]) -> str:
        """A title in the reader's language."""
        return title[1 if self.lang == "en" else 0]

    def who(self, view: str) -> str:
        """A view in a word."""
        return say(f"round_compare.who.{view}", self.lang)

    # --- applications ---

    def applications(self, found: RoundComparison) -> None:
        """The applications that do not come out alike: results by view, and what moved them most."""
        self.line()
        different = [one for one in found.applications if one.differs]
        if not different:
            self.line(self.words("same"), "green")
            return
        self.line(self.words("applications", count=len(different), all=len(found.applications)), "bold")
        rows = [self._application(one) for one in different[:SHOWN]]
        self.table(("application", "applicant", *(f"view_{view}" for view in VIEWS), "largest"), rows, fixed=("application",))
        self._more(len(different))

    def _application(self, one: Compared) -> tuple[str | Text, ...]:
        sides = [self._result(one.results[view]) if view in one.results else "—" for view in VIEWS]
        effects: dict[str, list[str]] = {}
        for who, item in largest(one):
            effects.setdefault(who, [f"{self.who(who)}{self.say('colon')}"]).append(self._effect(item))
        return (one.head.number, one.head.name, *sides, "\n".join(line for lines in effects.values() for line in lines) or "—")

    def _result(self, result: Result) -> Text:
        """Mark, word and score; where the score is all that comes out, no word."""
        mark, colour = OUTCOMES[result.outcome]
        score = score_text(result.score, result.mark, self.lang) if result.most else ""
        tier = self.in_(result.tier_title) if result.tier else ""
        word = "" if result.outcome == "scored" and score else tier or say(f"statuses.outcome.{result.outcome}", self.lang)
        return prose(f"{mark} " + "\n".join(filter(None, (word, score))), colour)

    def _effect(self, item: ItemChange) -> str:
        """By how much an item was cut or raised; its statuses where no points moved."""
        kind = direction(item.moved)
        if item.moved is None or kind == OTHER:
            what = " → ".join(say(f"statuses.{status}", self.lang) for status in item.status)
        else:
            what = f"{say(f'round_compare.direction.{kind}', self.lang)} {signed(main_end(kind, item.moved))}"
        return f"{item.number or self.in_(item.title)} {what}"

    # --- tallies ---

    def items(self, items: Sequence[ItemTally], found: RoundComparison, title: str) -> None:
        """What the reviewers changed of each item."""
        if not items:
            return
        self.line()
        self.line(self.words("items", title=title), "bold")
        if len(found.standards) > 1:
            self.line(self.words("reviewed", **{who: found.compared.get((items[0].ruleset, who), 0) for who in REVIEWERS}), "dim")
        rows = [(one.number, self.in_(one.title), *self._item(one)) for one in items[:SHOWN]]
        self.table(("number", "item", *(f"view_{who}" for who in REVIEWERS)), rows, fixed=("number",))
        self._more(len(items))

    def _item(self, one: ItemTally) -> list[str]:
        """For each reviewer how often points moved which way, and how statuses became others where no points did."""
        cells = []
        for who in REVIEWERS:
            lines = self._counts(one.by[who], apart=True) if who in one.by else []
            if who in one.by and OTHER in one.by[who].counts:
                lines += status_words(one.statuses[who], self.lang)
            cells.append("\n".join(lines) or "—")
        return cells

    def statements(self, statements: Sequence[StatementTally], title: str) -> None:
        """What the reviewers changed of each input, table, answer and of what is brought for it."""
        if not statements:
            return
        self.line()
        self.line(self.words("statements", title=title), "bold")
        rows = [(self.in_(one.title), *(self._statement(one, who) for who in REVIEWERS)) for one in statements[:SHOWN]]
        self.table(("statement", *(f"view_{who}" for who in REVIEWERS)), rows)
        self._more(len(statements))

    def _statement(self, one: StatementTally, who: str) -> str:
        if who not in one.by:
            return "—"
        named = (("unconfirmed", one.unconfirmed[who]), ("flips", one.flips[who]))
        return "\n".join([*self._counts(one.by[who]), *(self.words(key, count=count) for key, count in named if count)])

    def _counts(self, tally: Tally, *, apart: bool = False) -> list[str]:
        """A line for each direction: how often, and how many points; without those that move none where these are told ``apart``."""
        lines = []
        for kind in DIRECTIONS:
            if apart and kind == OTHER:
                continue
            if count := tally.counts.get(kind, 0):
                word, points = say(f"round_compare.direction.{kind}", self.lang), main_end(kind, tally.sums[kind])
                key = "count" if kind == OTHER or points == Fraction(0) else "count_points"
                lines.append(self.words(key, direction=word, count=count, points=signed(points)))
        return lines

    def bodies(self, bodies: Sequence[BodyTally]) -> None:
        """What each body changed, and what the office changed of its work."""
        if not bodies:
            return
        self.line()
        self.line(self.words("bodies"), "bold")
        rows = [
            (one.body or say("round_compare.unnamed", self.lang), *(self._body(one, who) for who in REVIEWERS)) for one in bodies[:SHOWN]
        ]
        self.table(("body", *(f"view_{who}" for who in REVIEWERS)), rows)
        self._more(len(bodies))

    def _body(self, one: BodyTally, who: str) -> str:
        if who not in one.compared:
            return "—"
        lines = [self.words("verified" if who == "third_party" else "rechecked", count=one.compared[who])]
        if one.outcomes[who]:
            lines.append(self.words("outcomes", count=one.outcomes[who]))
        moved = one.moved[who]
        if moved != NONE:
            lines.append(self.words("total", points=moved_text(moved, self.lang)))
        return "\n".join([*lines, *self._counts(one.items[who])])

    def _more(self, count: int) -> None:
        if count > SHOWN:
            self.line(self.words("more", count=count - SHOWN), "dim")
