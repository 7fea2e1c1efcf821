"""What is drawn of rulesets: the library, what one demands, what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.text import Text

from commands.screen import Screen, prose
from engine import number_text, say

if TYPE_CHECKING:
    from engine import Problem, Programme, RulesetEntry
    from engine.ruleset.schema import Criterion, Words


class RulesetTables(Screen):
    """Draws rulesets."""

    def rulesets(self, standards: Sequence[RulesetEntry], schemes: Sequence[RulesetEntry]) -> None:
        """The library: standards, then schemes with the standard each applies."""
        for key, entries in (("standards", standards), ("schemes", schemes)):
            self.heading(f"rules.{key}")
            self.table(
                ("ruleset", "version", "gates", "criteria", "unattested"),
                [self.entry(entry) for entry in entries],
                right=("gates", "criteria", "unattested"),
                fixed=("version", "gates", "criteria", "unattested"),
            )
        self.line(self.say("rules.unattested"), "dim")

    def entry(self, entry: RulesetEntry) -> tuple[str | Text, ...]:
        """One ruleset of the library."""
        name = prose(entry.id, "bold")
        if entry.title is None:
            name.append("\n" + self.say("rules.broken", count=len(entry.problems)), "red")
            return (name, "", "", "", "")
        name.append(f"\n{entry.title.in_(self.lang)}", "not bold")
        if entry.standard:
            name.append(f"\n→ {entry.standard}", "not bold dim")
        name.append(f"\n{self.in_force(entry)}", "not bold dim")
        return (name, entry.version, str(entry.gates), str(entry.criteria), f"{entry.unattested}/{entry.figures}")

    def in_force(self, entry: RulesetEntry) -> str:
        """The days on which a ruleset is in force, as far as they are known."""
        if entry.since and entry.until:
            return self.say("rules.in_force.both", since=entry.since, until=entry.until)
        if entry.since:
            return self.say("rules.in_force.since", since=entry.since)
        return self.say("rules.in_force.until", until=entry.until) if entry.until else self.say("rules.in_force.unknown")

    def ruleset(self, programme: Programme) -> None:
        """Gates and criteria of a standard by itself, or of a scheme's programme."""
        standard = programme.bare
        source = programme.standard if standard else programme.scheme
        identity = programme.ruleset_identity if standard else programme.scheme_identity
        self.line(f"{identity.id} {identity.version}", "bold")
        self.line(source.title.in_(self.lang))
        if not standard and programme.one_of_several:
            held = programme.ruleset_identity
            self.line(f"→ {held.id} {held.version}  {programme.standard.title.in_(self.lang)}")
        self.parts(programme)
        if programme.mark.text is not None:
            self.line(self.say("rules.mark", mark=programme.mark.text))
        if programme.gates:
            self.heading("rules.gates", count=len(programme.gates))
            gates = [(gate.number or "", self.titled(gate.title, name), gate.clause) for name, gate in programme.gates.items()]
            self.table(("number", "item", "clause"), gates, fixed=("number",))
        for dimension, definition in programme.dimensions.items():
            members = {name: c for name, c in programme.criteria.items() if c.dimension == dimension}
            weight = programme.weights[dimension].text
            title = definition.title.in_(self.lang)
            if weight is None:
                self.heading("rules.dimension", title=title, count=len(members))
            else:
                self.heading("rules.weighted", title=title, count=len(members), weight=weight)
            rows = [self.demand(criterion, name, programme.points_of(name)) for name, criterion in members.items()]
            self.table(("number", "item", "kind", "points", "method"), rows, right=("points",), fixed=("number", "kind", "points"))

    def parts(self, programme: Programme) -> None:
        """Of a product's standard: which standards take part, and why meeting everything may be a pre-check only."""
        for role in ("included", "proxy"):
            titles = [part.standard.title.in_(self.lang) for part in programme.parts if part.role == role]
            if titles:
                self.line(self.say(f"rules.part.{role}", titles=self.say("comma").join(titles)), "dim")
        for cause in programme.precheck_only:
            because = say(f"reasons.precheck_{cause}", self.lang)
            self.line(say("reasons.proxy_only", self.lang, because=because), "yellow")

    def demand(self, criterion: Criterion, name: str, points: Fraction) -> tuple[str | Text, ...]:
        """One criterion of a ruleset in a row."""
        kind = say(f"statuses.kind.{criterion.kind}", self.lang)
        method = say(f"statuses.method.{criterion.method.method}", self.lang)
        worth = criterion.weight or (number_text(points) if points else "")
        return (criterion.number or "", self.titled(criterion.title, name), kind, worth, method)

    def titled(self, title: Words, name: str) -> Text:
        """A title with the id below it."""
        return prose(f"{title.in_(self.lang)}\n").append(name, "dim")

    def lint(self, name: str, problems: Sequence[Problem]) -> None:
        """What is wrong with one ruleset, or that nothing is."""
        if problems:
            self.line(self.say("rules.found", name=name), "bold")
            self.problems(problems)
        else:
            self.line(self.say("rules.sound", name=name), "green")
