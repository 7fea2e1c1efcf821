"""What the commands of plans draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from commands.screen import Screen, prose
from engine import counts_line, entered_text, measure_words, place_words, say, state_word

if TYPE_CHECKING:
    from engine import EnteredMeasures, Measured, PlanProgress, Told
    from engine.report.plan_progress import Bar, DueLine, Grid, NearLine
    from engine.rounds.plan.schema import Plan

_COLOURS = {"reached": "green", "kept": "green", "on_time": "green", "open": "yellow", "behind": "red", "missed": "red", "exceeded": "red"}
_BAR = 12
"""So many cells wide a target is drawn."""
_PLACE, _CELL = 14, 12
"""About so wide are the column of places and one of a measure in the table by district."""


class PlanTables(Screen):
    """Draws what the commands of plans show."""

    def plans(self, found: Iterable[Plan]) -> None:
        """One row for each plan."""
        rows = [(plan.plan, plan.title.in_(self.lang), f"{plan.period.since}–{plan.period.until}", plan.document) for plan in found]
        self.table(("plan", "title", "years", "document"), rows, fixed=("plan", "years"))

    def entered(self, plan: Plan, found: EnteredMeasures) -> None:
        """What became of the entries of files; of what was corrected both values."""
        if found.replaced:
            rows = []
            for before, after in found.replaced:
                head = *self._what(plan, after), after.item or "—"
                rows.append((*head, entered_text(before, plan, self.lang), entered_text(after, plan, self.lang)))
            self.table(("measure", "place", "when", "of_item", "before", "after"), rows, right=("before", "after"), fixed=("when",))
        counts = {"added": len(found.added), "replaced": len(found.replaced), "unchanged": found.unchanged}
        self.line(self.say("plan.entered", **counts))

    def removed(self, plan: Plan, gone: Measured) -> None:
        """A value that was taken out."""
        measure, place, when = self._what(plan, gone)
        self.line(self.say("plan.removed", measure=measure, place=place, when=when, value=entered_text(gone, plan, self.lang)))

    def entries(self, plan: Plan, values: Sequence[Measured]) -> None:
        """One row for each value."""
        rows = [(*self._what(plan, one), one.item or "—", entered_text(one, plan, self.lang), one.source, one.by) for one in values]
        heads = ("measure", "place", "when", "of_item", "value", "source", "stated_by")
        self.table(heads, rows, right=("value",), fixed=("when",))
        self.line(self.say("plan.count", count=len(values)))

    def told(self, plan: Plan, found: Sequence[Told]) -> None:
        """What dossiers tell, and why some of it cannot be entered."""
        rows = []
        for one in found:
            when = "—" if one.value is None else one.value.when
            why = one.value.source if one.value is not None else say(f"plan.told.{one.reason}", self.lang, day=one.day)
            rows.append((one.number, one.name, self._in(measure_words(plan, one.measure)), when, why))
        self.table(("application", "applicant", "measure", "when", "source"), rows, fixed=("application", "when"))
        self.line(self.say("plan.told", count=sum(one.value is not None for one in found), all=len(found)))

    def _what(self, plan: Plan, one: Measured) -> tuple[str, str, str]:
        return self._in(measure_words(plan, one.measure)), self._in(place_words(plan, one.place)), one.when

    def _in(self, words: object) -> str:
        return str(getattr(words, "en", words) if self.lang == "en" else words)

    # --- progress -------------------------------------------------------------------------------------------------

    def standing(self, content: PlanProgress) -> None:
        """A plan's progress: targets, districts, what is due, where the plan differs from itself, who is nearest to passing."""
        self.line(content.title, "bold")
        self.line(f"{content.document} · {content.issuer}", "dim")
        self.line(content.at)
        self.line(content.basis, "dim")
        self.line(counts_line(content, self.lang))
        self.line(say("plan.report.key", self.lang), "dim")
        if content.unplaced:
            self.line(say("plan.report.unplaced", self.lang, count=content.unplaced), "yellow")
        for title, bars in content.groups:
            self._head(title)
            self.bars(bars)
        for grid in dict.fromkeys((content.grids[0], content.grids[-1])):
            self.grid(grid)
        for key, lines in (("due", content.due), ("coming", content.coming)):
            if lines:
                self._head(say(f"plan.report.{key}", self.lang))
                self.line(say("plan.report.due_key", self.lang), "dim")
            for line in lines:
                self._due(line)
        if content.differences:
            self._head(say("plan.report.differences", self.lang))
        for one in content.differences:
            self._head(one.title)
            self.line(one.text)
            self.bars(one.bars)
        if content.nurture:
            self._head(say("plan.report.nurture", self.lang))
        for near in content.nurture:
            self._near(near)
        if content.unlisted:
            self.line(say("plan.report.unlisted", self.lang, count=content.unlisted), "dim")

    def _near(self, one: NearLine) -> None:
        """An application in a few lines: its notes are too long for a column."""
        dot, lang = self.say("separator"), self.lang
        self.line(f"{one.number}  {one.name}", "bold")
        score = f"{say('plan.report.score', lang)} {one.score}".replace("\n", dot)
        lacking = f"{say('plan.report.lacking', lang)} {one.lacking}"
        self.line(dot.join((*one.group.split("\n"), score, lacking)), indent=2)
        self.line(one.notes, "dim", indent=2)

    def _head(self, title: str) -> None:
        self.line()
        self.line(title, "bold")

    def _due(self, line: DueLine) -> None:
        """Something of the work list, and below it how what it asks for stands."""
        head = prose(
            f"{'●' if line.due else '○'} {line.item}{say('plan.report.colon', self.lang)}{line.action}", "bold" if line.due else ""
        )
        self.draw(head.append(say("plan.report.by_when", self.lang, when=line.when), "not bold dim"))
        for bar in line.bars:
            self.draw(Padding(prose(f"{bar.title}  {bar.value}  ").append_text(self._state(bar)), (0, 0, 0, 4)))

    def bars(self, bars: Sequence[Bar]) -> None:
        """Targets: each with a bar whose whole length is the figure, what is done of it, the pace, and where it stands."""
        rows = [(bar.title, self._bar(bar), bar.value, bar.due or "—", self._state(bar)) for bar in bars]
        titles = {key: say(f"plan.report.{key}", self.lang) for key in ("target", "against", "done", "at_pace", "state")}
        fixed = [titles[key] for key in ("against", "at_pace", "state")]
        self.ruled(titles.values(), rows, [titles["done"], titles["at_pace"]], fixed)

    def _bar(self, bar: Bar) -> Text:
        """The bar, full only where the figure is reached; where the pace is, short of its end, it has a stroke."""
        full = 0 if bar.share is None else int(min(max(bar.share, 0.0), 1.0) * _BAR)
        drawn = Text("█" * full, _COLOURS.get(bar.state, "dim"))
        drawn.append("░" * (_BAR - full), "dim")
        if bar.pace is None or not 0 <= bar.pace < 1:
            return drawn
        at = int(bar.pace * _BAR)
        return drawn[:at] + Text("│", "bold") + drawn[at + 1 :]

    def _state(self, bar: Bar) -> Text:
        return Text(state_word(bar.state, self.lang), _COLOURS.get(bar.state, "dim"))

    def grid(self, grid: Grid) -> None:
        """Places by measures, in as many tables as the terminal is too narrow for one."""
        self._head(grid.title)
        count = len(grid.heads) - 1
        most = max(1, (self.console.width - _PLACE) // _CELL)
        wide = -(-count // -(-count // most)) if count else 1
        for start in range(1, count + 1, wide):
            if start > 1:
                self.line()
            columns = range(start, min(start + wide, count + 1))
            heads = [grid.heads[0], *(grid.heads[column] for column in columns)]
            self.ruled(heads, [(row[0], *(row[column] for column in columns)) for row in grid.rows], heads[1:], heads[:1])
