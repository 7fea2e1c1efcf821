"""What is drawn of advice: the cheapest plan, the runners-up, what bars the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from commands.tables import OUTCOMES, Tables
from engine import (
    Sections,
    at_best_lines,
    change_sentence,
    change_title,
    condition_sentences,
    number_text,
    reason_sentence,
    say,
    score_text,
    supply_items,
    supply_sentence,
)

if TYPE_CHECKING:
    from commands.dossiers import Case
    from engine import AtBest, Change, Note, Outlook, Plan, Route
    from engine.assess.results import Assessment

CHANGES_NAMED = 6
"""So many changes of a runner-up plan are named; JSON has all of them."""

ROWS_SHOWN = 12
"""So many rows of each table of the outlook; JSON and the workbook have all of them."""


class AdviceTables(Tables):
    """Draws advice."""

    def route(self, case: Case, route: Route) -> None:
        """Where the dossier stands, the cheapest plan, the runners-up, the price of one more point, or why there is no plan."""
        self.line(" · ".join(filter(None, (case.dossier.applicant.name, case.dossier.id))), "bold")
        self.line(f"{case.programme.scheme.title.in_(self.lang)} · {case.programme.standard.document}", "dim")
        self.standing_now(case, "advise.now", route.now)
        self.line(self.say("advise.target", target=self.target(case, route)))
        if route.plan is None:
            self.no_way(case, route)
        elif not route.plan.changes:
            self.line()
            self.line(self.say("advise.there"), "bold green")
        else:
            self.plan(case, route, route.plan)
            self.others(case, route)
        if route.plan is not None:
            self.next_point(route)
        self.notes(case, route)

    def standing_now(self, case: Case, key: str, assessment: Assessment) -> None:
        """An outcome with its score."""
        text = Text(f"{self.say(key)}  ")
        text.append_text(self.result(case, assessment))
        self.draw(text)

    def result(self, case: Case, assessment: Assessment) -> Text:
        """The conclusion as mark and word, with tier and score where there are any."""
        mark, colour = OUTCOMES[assessment.determination.outcome]
        word = say(f"statuses.outcome.{assessment.determination.outcome}", self.lang)
        tier = case.programme.tier_title(assessment.determination.tier, self.lang)
        score = self.say("advise.score", score=score_text(assessment.score, assessment.mark, self.lang)) if assessment.score_max else ""
        return Text(" · ".join(filter(None, (f"{mark} {word}", tier, score))), f"bold {colour}")

    def target(self, case: Case, route: Route) -> str:
        """What is aimed at, in words."""
        target = route.target
        parts = [self.say("advise.or").join(say(f"statuses.outcome.{outcome}", self.lang) for outcome in target.outcomes)]
        parts += [case.programme.tier_title(target.tier, self.lang)] if target.tier else []
        parts += [self.say("advise.at_least", score=number_text(target.score))] if target.score is not None else []
        return self.say("comma").join(parts)

    def cost(self, route: Route, number: object) -> str:
        """A cost with what it is counted in."""
        return self.say("advise.cost", cost=number, unit=route.costs.unit.in_(self.lang))

    def plan(self, case: Case, route: Route, plan: Plan) -> None:
        """The cheapest plan, change by change."""
        self.heading("advise.plan", count=len(plan.changes), cost=self.cost(route, number_text(plan.cost)))
        self.changes(case, plan.changes)
        self.standing_now(case, "advise.then", plan.assessment)
        self.line(self.say("advise.proven" if route.proven else "advise.unproven"), "dim")

    def changes(self, case: Case, changes: Sequence[Change]) -> None:
        """A table of changes."""
        rows = []
        for change in changes:
            number, title = change_title(change, case.programme, case.dossier, self.lang)
            done = change_sentence(change, case.programme, case.dossier, self.lang)
            rows.append((number, title, done, number_text(change.cost)))
        self.table(("number", "item", "to_do", "cost"), rows, right=("cost",), fixed=("number", "cost"))

    def others(self, case: Case, route: Route) -> None:
        """The runners-up, one line of changes each."""
        if route.others:
            self.heading("advise.others")
            rows = [(number_text(p.cost), self.result(case, p.assessment), self.named(case, p)) for p in route.others]
            self.table(("cost", "outcome", "to_do"), rows, right=("cost",), fixed=("cost",))

    def named(self, case: Case, plan: Plan) -> str:
        """What a plan changes, by title."""
        parts = []
        for change in plan.changes[:CHANGES_NAMED]:
            number, title = change_title(change, case.programme, case.dossier, self.lang)
            parts.append(f"{number} {title}".strip() + (f" → {change.text}" if change.kind in ("value", "state") else ""))
        more = len(plan.changes) - len(parts)
        return "\n".join([*parts, *([self.say("advise.more", count=more)] if more else [])])

    def next_point(self, route: Route) -> None:
        """What one more point of score would cost."""
        if not route.now.score_max or route.now.levels:
            return
        self.line()
        if route.next_point is None:
            self.line(self.say("advise.no_next_point"))
        else:
            self.line(self.say("advise.next_point", cost=self.cost(route, number_text(route.next_point))))

    def no_way(self, case: Case, route: Route) -> None:
        """The smallest set of items that bars the way."""
        found = route.blocking
        assert found is not None
        self.line()
        waits = route.at_best is not None and bool(route.at_best.supplies)
        self.line(self.say("advise.not_yet" if waits else "advise.no_way"), "bold red")
        for sentence in condition_sentences(found, self.lang):
            self.line(f"· {sentence}", indent=2)
        for rule in (rule for rule in case.programme.rules if rule.rule in found.vetoes):
            self.line(self.say("advise.veto", text=rule.text.in_(self.lang), clause=rule.clause), indent=2)
        if found.items:
            self.line(self.say("advise.each" if found.each else "advise.together", count=len(found.items)))
            results = {result.id: result for result in route.now.judged}
            rows: Sequence[tuple[str, str, str]] = [
                (
                    results[item].number or item,
                    case.programme.title(item, self.lang),
                    reason_sentence(results[item].reason, case.programme, self.lang),
                )
                for item in found.items
            ]
            self.table(("number", "item", "why"), rows, fixed=("number",))
        if found.reachable is not None and route.now.score_max and not waits:
            self.line(self.say("advise.reachable", score=number_text(found.reachable, 2)))
        if route.at_best is not None:
            self.at_best(case, route, route.at_best)

    def at_best(self, case: Case, route: Route, best: AtBest) -> None:
        """What is to be supplied first, and, apart from it, what the rest would still need at best."""
        if best.supplies:
            self.line()
            self.line(say("advise.supply.title", self.lang), "bold")
            heads = [say(f"advise.supply.{key}", self.lang) for key in ("what", "items")]
            rows = [(supply_sentence(s, case.programme, self.lang), supply_items(s, case.programme, self.lang)) for s in best.supplies]
            self.ruled(heads, rows, [])
        first, *rest = at_best_lines(best, route.costs.unit.in_(self.lang), self.lang)
        self.line()
        self.line(first, "bold")
        if best.changes:
            self.changes(case, best.changes)
        for text in rest:
            self.line(text, "dim")

    def notes(self, case: Case, route: Route) -> None:
        """Whose costs these are, and what was not looked at."""
        self.line()
        if route.plan is not None and any(change.kind in ("value", "fact", "state") for change in route.plan.changes):
            self.line(self.say("advise.really"), "dim")
        if route.costs.source is not None:
            self.line(self.say("advise.default_costs", unit=route.costs.unit.in_(self.lang)), "dim")
        if route.shortened:
            titles = self.say("comma").join(case.programme.title(name, self.lang) for name in route.shortened)
            self.line(self.say("advise.not_all_tried", names=titles), "dim")

    def outlook(self, case: Case, outlook: Outlook) -> None:
        """Where the dossier stands: what is missing, stability, distances, calendar."""
        for note in Sections(case.programme, case.dossier, self.lang, ROWS_SHOWN).all(outlook):
            self.note(note)

    def note(self, note: Note) -> None:
        """One part: its lines, then its table."""
        self.line()
        self.line(note.title, "bold")
        for text in note.lines:
            self.line(text)
        if note.rows:
            right = [head.title for head in note.heads if head.right]
            self.ruled([head.title for head in note.heads], note.rows, right)
        if note.more:
            self.line(say("advise.outlook.more_rows", self.lang, count=note.more), "dim")
