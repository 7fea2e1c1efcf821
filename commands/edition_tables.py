"""What is drawn of editions: which apply on a day, what changed between two, and what that does to dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from commands.screen import Screen, prose
from engine import change_sides, change_words, interval_text, say
from engine.ruleset.select import GROUPS

if TYPE_CHECKING:
    from engine import DossierEffect, Programme, RulesetDiff, Selection
    from engine.assess.effect import ItemEffect
    from engine.ruleset.diff import Change, Entry
    from engine.ruleset.select import Row

SHOWN = 10
"""So many changes of one element, and so many items of one dossier, are drawn; JSON has all of them."""
STATES = {"applies": ("✓", "green"), "open": ("?", "yellow"), "does_not": ("✗", "dim")}
CHANGES = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}


class EditionTables(Screen):
    """Draws selections and comparisons."""

    def selection(self, made: Selection) -> None:
        """Standards, then programmes: the conclusion in words, and every one with whether and why."""
        asked = [made.day, *(part for part in (made.sector, made.district) if part)]
        self.line(self.say("select.asked", kind=say(f"statuses.subject.{made.kind}", self.lang), asked=" · ".join(asked)), "bold")
        for group in GROUPS:
            rows: Sequence[Row] = getattr(made, group)
            verdict = made.verdict(group)
            wanted = "open" if verdict == "open" else "applies"
            names = [row.id if group == "standards" else f"{row.id} → {row.standard}" for row in rows if row.state == wanted]
            self.line()
            self.line(say(f"select.verdict.{group}.{verdict}", self.lang, names=self.say("comma").join(names), count=len(names)), "bold")
            if rows:
                self.table(("state", "ruleset", "why"), [self._row(row, group) for row in rows], fixed=("state",))

    def _row(self, row: Row, group: str) -> tuple[Text, Text, Text]:
        mark, colour = STATES[row.state]
        name = prose(f"{row.id} {row.version}", "bold" if row.state == "applies" else "")
        name.append(f"\n{row.title.in_(self.lang)}", "not bold")
        if group == "programmes":
            name.append(f"\n→ {row.standard}", "not bold dim")
        return (
            Text(f"{mark} {say(f'select.state.{row.state}', self.lang)}", colour),
            name,
            prose("\n".join(w.text(self.lang) for w in row.why)),
        )

    def diff(self, made: RulesetDiff) -> None:
        """What changed, by group."""
        names = {side: f"{origin.id} {origin.version}" for side, origin in (("before", made.before), ("after", made.after))}
        self.line(say("diff.title", self.lang, **names), "bold")
        if not made.entries:
            self.line(say("diff.nothing", self.lang), "green")
        for group in dict.fromkeys(entry.group for entry in made.entries):
            self.line()
            self.line(say(f"diff.group.{group}", self.lang), "bold")
            entries = [entry for entry in made.entries if entry.group == group]
            self.table(("change", "number", "item", "differences"), [self._entry(entry) for entry in entries], fixed=("change", "number"))
            if made.same[group]:
                self.line(say("diff.same", self.lang, count=made.same[group]), "dim")

    def _entry(self, entry: Entry) -> tuple[Text, str, Text, Text]:
        mark, colour = CHANGES[entry.change]
        name = prose(entry.title.in_(self.lang))
        if entry.before or entry.after:
            name.append(f"\n{entry.after or entry.before}", "dim")
        if entry.matched_by in ("number", "title"):
            name.append(f"\n{say(f'diff.matched.{entry.matched_by}', self.lang, id=entry.before)}", "dim")
        text = prose("\n".join(self._change(change) for change in entry.changes[:SHOWN]))
        if len(entry.changes) > SHOWN:
            text.append(f"\n{say('diff.more', self.lang, count=len(entry.changes) - SHOWN)}", "dim")
        return Text(f"{mark} {say(f'diff.change.{entry.change}', self.lang)}", colour), entry.number, name, text

    def _change(self, change: Change) -> str:
        label = change_words(change, self.lang)
        before, after = change_sides(change, self.lang)
        if change.before is None or change.after is None:
            return f"{'+' if change.before is None else '-'} {label}  {after if change.before is None else before}"
        return f"{label}  {before} → {after}"

    def effects(self, found: Sequence[DossierEffect], after: Programme) -> None:
        """What that does to the samples: conclusion and score of each, then the items that came out differently."""
        self.line()
        self.line(say("diff.effect.title", self.lang, count=len(found)), "bold")
        if not found:
            return
        self.table(("dossier", "outcome", "score", "note"), [self._effect(effect, after) for effect in found], fixed=("dossier",))
        for effect in found:
            if effect.fits and effect.items:
                self.line()
                self.line(f"{effect.dossier} {effect.applicant}", "bold")
                self.table(("item", "before", "after"), [self._item(item) for item in effect.items[:SHOWN]])
                if len(effect.items) > SHOWN:
                    self.line(say("diff.more", self.lang, count=len(effect.items) - SHOWN), "dim")

    def _effect(self, effect: DossierEffect, after: Programme) -> tuple[str, Text, str, Text]:
        outcomes = ["—" if r is None else say(f"statuses.outcome.{r.outcome}", self.lang) for r in (effect.before, effect.after)]
        scores = ["—" if r is None else interval_text(r.score, lang=self.lang) for r in (effect.before, effect.after)]
        same = effect.fits and outcomes[0] == outcomes[1]
        return effect.dossier, prose(_arrow(outcomes), "" if same else "yellow"), _arrow(scores), prose(self._note(effect, after))

    def _note(self, effect: DossierEffect, after: Programme) -> str:
        """Whether the dossier fits both, in words."""
        count = len(effect.problems)
        if effect.before is None or effect.after is None:
            side = "before" if effect.before is None else "after"
            first = effect.problems[0].what(self.lang)
            return say(f"diff.effect.misfit_{side}", self.lang, count=count, first=first)
        if effect.lacks:
            named = self.say("comma").join(after.title(name, self.lang) for name in effect.lacks[:3]) + (
                "…" if len(effect.lacks) > 3 else ""
            )
            return say("diff.effect.lacks", self.lang, count=len(effect.lacks), names=named)
        return say("diff.effect.items", self.lang, count=len(effect.items)) if effect.items else say("diff.effect.same", self.lang)

    def _item(self, item: ItemEffect) -> tuple[Text, str, str]:
        sides = []
        for status, points in zip(item.status, item.points, strict=True):
            word = "—" if status is None else say(f"statuses.{status}", self.lang)
            sides.append(word if points is None else f"{word} {interval_text(points, lang=self.lang)}")
        return prose(f"{item.title[self.lang]}\n").append(item.after or item.before or "", "dim"), sides[0], sides[1]


def _arrow(sides: Sequence[str]) -> str:
    return sides[0] if sides[0] == sides[1] else f"{sides[0]} → {sides[1]}"
