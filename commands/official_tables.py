"""What is drawn of figures: those that nobody attested, and what an imported table changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from commands.edition_tables import EditionTables
from commands.screen import Screen, prose
from engine import figure_title, say

if TYPE_CHECKING:
    from engine import ImportPlan, ListedFigure, Programme
    from engine.official.importing import FigureChange

USERS = 4
"""So many of the items that rest on a figure are named; JSON has all of them."""


class OfficialTables(Screen):
    """Draws figures and their standing."""

    def unattested(self, programme: Programme, figures: Sequence[ListedFigure]) -> None:
        """The figures of a programme that nobody attested."""
        names = {"scheme": programme.scheme_identity.id, "standard": programme.ruleset_identity.id}
        if not figures:
            self.line(self.say("official.all_attested", **names), "green")
            return
        unknown = sum(found.figure.text is None for found in figures)
        self.line(self.say("official.unattested", count=len(figures), unknown=unknown, **names), "bold")
        self.table(("figure", "value", "basis", "used_by"), [self._unattested(programme, found) for found in figures])

    def _unattested(self, programme: Programme, found: ListedFigure) -> tuple[Text, Text, Text, str]:
        figure = found.figure
        name = prose(f"{figure_title(programme, found, self.lang)}\n").append(figure.key, "dim")
        value = prose("—" if figure.text is None else f"{figure.text} {found.unit}".strip())
        basis = prose(say(f"statuses.figure_basis.{figure.basis}", self.lang))
        basis.append(f"\n{figure.document} {figure.clause}".rstrip(), "dim")
        if figure.attestation is not None:
            basis.append(f"\n{self.say('official.expired', day=figure.attestation.until)}", "yellow")
        users = self.say("comma").join(found.used_by[:USERS]) + ("…" if len(found.used_by) > USERS else "")
        return name, value, basis, users

    def imported(self, plan: ImportPlan) -> None:
        """What an imported table changes: each figure, then the ruleset before and after."""
        changed, count = plan.changed, len(plan.figures)
        if changed:
            rows = [self._changed(one) for one in changed]
            self.table(("figure", "old", "new"), rows, right=("old", "new"))
        self.line(self.say("official.imported", count=count, changed=len(changed), confirmed=count - len(changed)), "bold")
        if plan.diff is not None:
            self.line()
            EditionTables(self.lang, stderr=False).diff(plan.diff)

    def _changed(self, one: FigureChange) -> tuple[Text, str, str]:
        name = prose(f"{one.title[self.lang]}\n").append(one.key, "dim")
        return name, "—" if one.before is None else f"{one.before} {one.unit}".strip(), f"{one.after} {one.unit}".strip()
