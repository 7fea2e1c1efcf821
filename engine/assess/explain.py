"""How a result came about, as a tree: the determination, a finding of a rule, or one item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.assess.derive import Explainer
from engine.assess.describe import Explanation, find_element
from engine.assess.determine import Asked, LineRead, lines_read
from engine.assess.results import Assessment, DimensionResult, Fact, Finding, Interval, Judged, Status
from engine.assess.sentences import (
    fact_sentence,
    finding_sentence,
    interval_text,
    number_text,
    reason_sentence,
    row_text,
    score_text,
    used_text,
)
from engine.assess.shares import shares
from engine.dossier.schema import Cell, Dossier
from engine.language.typed import Status as StatusNode
from engine.language.typed import walk
from engine.ruleset.compile import ROWS
from engine.ruleset.figures import figure_used
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Rule
from engine.texts import say

NAMED = 3
"""The table names so many of the items that a condition speaks of; they follow below it."""
OPEN = (Status.NOT_MET, Status.UNDETERMINED)


def explain(assessment: Assessment, programme: Programme, dossier: Dossier, name: str = "", lang: str = "zh") -> Explanation:
    """How the result of a gate, criterion, indicator or rule came about, or the determination where nothing is named.

    ``name`` is an id, a printed number or a title, in any case; a rule is named by its id or its words. Raises Refused for an
    unknown or ambiguous name.
    """
    about = _Concluder(assessment, programme, dossier, lang)
    if not name:
        return about.determination()
    wanted = name.strip().casefold()
    rule = next((r for r in programme.rules if wanted in (r.rule.casefold(), r.text.zh.casefold(), r.text.en.casefold())), None)
    return about.explained(find_element(programme, name)) if rule is None else about.concluded(rule)


class _Concluder(Explainer):
    """Explains what an assessment comes to as a whole."""

    def __init__(self, assessment: Assessment, programme: Programme, dossier: Dossier, lang: str) -> None:
        super().__init__(assessment, programme, dossier, lang)
        self._concluded: set[str] = set()

    # --- the determination ----------------------------------------------------------------------------------------

    def determination(self) -> Explanation:
        """The conclusion with its reasons, the table it was read from, and everything that decided."""
        made = self.assessment
        found = made.determination
        tier = self.programme.tier_title(found.tier, self.lang) or ""
        settled = self.say("settled" if found.settled else "not_settled")
        reasons = [Explanation(reason_sentence(reason, self.programme, self.lang)) for reason in found.reasons]
        nodes = [
            self.node("because", "", reasons),
            self.node("table", self.programme.scheme.title.in_(self.lang), [self.line(line) for line in lines_read(made, self.programme)]),
            *self.deciding_items(),
            *self.score(),
            *self.levels(),
            *self.years_scored(),
            *self.findings(made.findings),
        ]
        if found.provisional:
            nodes.append(self.node("provisional", self.say("unattested", count=len(made.unattested))))
        return Explanation(self.say("label.determination"), self.listed((self.outcome(found.outcome), tier, settled)), tuple(nodes))

    def outcome(self, outcome: str) -> str:
        """An outcome in words."""
        return say(f"statuses.outcome.{outcome}", self.lang)

    def line(self, line: LineRead) -> Explanation:
        """A line of the table: its outcome, whether it decides, and each of its conditions."""
        conditions = tuple(Explanation(self.say(f"condition.{one.condition}"), self.holding(one)) for one in line.asked)
        return Explanation(self.outcome(line.outcome), self.say("decides") if line.decides else "", conditions)

    def holding(self, one: Asked) -> str:
        """Whether a condition holds, may hold or does not, and of what it speaks."""
        text = self.say("holds_now" if one.now else "may_hold" if one.possibly else "does_not_hold")
        names = [self.title(name) for name in one.names]
        return self.listed((text, *(names if len(names) <= NAMED else [self.say("count", count=len(names))])))

    def deciding_items(self) -> list[Explanation]:
        """Gates and required criteria that are not met or open, each with its reason."""
        made = self.assessment
        required = [c for c in made.criteria if c.kind == "required" and c.status in OPEN]
        groups: tuple[tuple[str, Sequence[Judged]], ...] = (
            ("gates_against", [gate for gate in made.gates if gate.status in OPEN]),
            ("required_against", required),
        )
        return [self.node(key, "", [self.member(item.id) for item in items]) for key, items in groups if items]

    def score(self) -> list[Explanation]:
        """The total, the dimensions it is the sum of, and in each what every criterion contributes."""
        made = self.assessment
        if not made.score_max:
            return []
        parts = shares(made, self.programme)
        dimensions = [self.dimension(one, parts) for one in made.dimensions if one.max]
        mark = [] if made.mark is None else [self.say("of_mark", mark=number_text(made.mark))]
        return [self.node("score", self.listed((score_text(made.score, made.mark, self.lang), *mark)), dimensions)]

    def dimension(self, dimension: DimensionResult, parts: Mapping[str, Interval]) -> Explanation:
        """A dimension's contribution, and the items that it is the sum of."""
        items = [c for c in self.assessment.criteria if c.dimension == dimension.id and c.id in parts and (c.max or c.weight)]
        shares_ = {c.id: self.say("working.share", share=interval_text(parts[c.id], lang=self.lang)) for c in items}
        lines = [Explanation(self.title(c.id), self.listed((self.verdict(c), shares_[c.id]))) for c in items]
        text = self.say("points", points=interval_text(dimension.contribution, lang=self.lang), max=number_text(dimension.max, 2))
        return Explanation(self.title(dimension.id), text, tuple(lines))

    def levels(self) -> list[Explanation]:
        """Every level: its index beside what it takes, and what bars it or may."""
        nodes = []
        for level in self.assessment.levels:
            index = self.say("index", index=score_text(level.index, level.mark, self.lang))
            takes = [] if level.mark is None else [self.say("takes", mark=number_text(level.mark))]
            state = self.say("reached" if level.reached else "possible" if level.possible else "not_reached")
            barred = [self.member(name) for name in (*level.barred_by, *level.open_by)]
            nodes.append(
                Explanation(say("statuses.level", self.lang, level=level.level), self.listed((state, index, *takes)), tuple(barred))
            )
        return [self.node("levels", "", nodes)] if nodes else []

    def years_scored(self) -> list[Explanation]:
        """Every scored year with what it lacks."""
        nodes = [
            Explanation(
                str(year.year),
                self.listed((interval_text(year.score, lang=self.lang), self.say("complete" if year.complete else "incomplete"))),
                tuple(Explanation(self.title(name)) for name in year.lacking),
            )
            for year in self.assessment.years
        ]
        return [self.node("years", "", nodes)] if nodes else []

    def findings(self, found: Iterable[Finding]) -> list[Explanation]:
        """What the rules concluded for certain, and the vetoes that are open, with the facts they came from."""
        shown = [self.finding(one) for one in found if not one.open or one.severity == "veto"]
        return [self.node("findings", "", shown)] if shown else []

    # --- findings -------------------------------------------------------------------------------------------------

    def finding(self, found: Finding) -> Explanation:
        """A finding in one line with its facts."""
        facts = tuple(self.fact(fact) for fact in found.facts)
        severity = say(f"statuses.severity.{found.severity}", self.lang)
        return Explanation(severity, self.listed((finding_sentence(found, self.programme, self.lang), found.clause)), facts)

    def concluded(self, rule: Rule) -> Explanation:
        """A rule with what came of it: its condition, the facts, and everything these were computed from."""
        found = [one for one in self.assessment.findings if one.rule == rule.rule]
        nodes = [self.node("clause", rule.clause), self.node("condition", self.formula(rule.when))]
        if found and rule.each is None:
            nodes.append(self.node("because", "", [self.fact(fact) for fact in found[0].facts]))
        nodes += [self.of_row(one) for one in found if rule.each is not None]
        computed = [self.term(name) for name in self.directly_used(rule.rule)]
        judged = {node.name for node in walk(self.formulas[rule.rule, "when"].typed.root) if isinstance(node, StatusNode)}
        if computed:
            nodes.append(self.node("computed", "", computed))
        if judged:
            nodes.append(self.node("judged", "", [self.explained(name) for name in self.judged if name in judged]))
        self._concluded.add(rule.rule)
        names = {name.removeprefix(ROWS) for name in self.formulas[rule.rule, "when"].typed.names}
        chained = [r for r in self.programme.rules if self.names_of(r) & names and r.rule not in self._concluded]
        if chained:
            nodes.append(self.node("chained", "", [self.concluded(other) for other in chained]))
        source = figure_used("", "", rule.source, self.document(rule.rule), rule.clause)
        nodes.append(self.node("source", self.provenance(source)))
        return Explanation(rule.text.in_(self.lang), self.state(found), tuple(nodes))

    def of_row(self, found: Finding) -> Explanation:
        """What a rule concluded of one row: which it is and where it stands, and the facts."""
        facts = tuple(self.fact(fact) for fact in found.facts)
        if found.row is None:
            return self.node("because", "", facts)
        row = self.placed(row_text(found.row, self.programme, self.lang), Cell("", found.row.where))
        return self.node("row", self.listed((row, self.state([found]))), facts)

    def fact(self, fact: Fact) -> Explanation:
        """A fact in words; below one about a row the cells it was read from."""
        cells = [
            Explanation(self.title(used.name), self.placed(used_text(used, self.programme, self.lang), Cell("", used.where)))
            for used in fact.used
            if fact.kind == "row"
        ]
        return Explanation(fact_sentence(fact, self.programme, self.lang), "", tuple(cells))

    def state(self, found: Sequence[Finding]) -> str:
        """Whether a rule concluded something, for certain or possibly."""
        if not found:
            return self.say("not_concluded")
        severity = say(f"statuses.severity.{found[0].severity}", self.lang)
        return self.listed((severity, self.say("concluded_open" if all(one.open for one in found) else "concluded")))

    def names_of(self, rule: Rule) -> set[str]:
        """The names that a rule concludes."""
        return {name for name in (rule.rule, rule.then.classify, rule.then.obligation) if name}
