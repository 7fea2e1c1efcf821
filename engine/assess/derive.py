"""How the result of one item came about, as a tree: from the verdict over formulas and numbers down to what was entered, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from engine.assess.describe import Describer, Explanation
from engine.assess.results import Assessment, CriterionResult, EvidenceUsed, IndicatorResult, Judged, Shown, Status
from engine.assess.sentences import choice_text, interval_text, level_text, limits_text, number_text, reason_sentence, show, unit_text
from engine.assess.working import points_in_numbers, share_in_numbers
from engine.dossier.schema import AS_DECLARED, Cell, Dossier, Entry, Row
from engine.language import parse, render, to_source
from engine.language.typed import Aggregate, Input
from engine.problems import Where
from engine.ruleset.compile import compiled
from engine.ruleset.programme import Programme
from engine.texts import say

ROWS_SHOWN = 12
"""A table shows so many of its rows, and how many more there are."""


class Explainer(Describer):
    """Explains the items of one assessment in one language."""

    def __init__(self, assessment: Assessment, programme: Programme, dossier: Dossier, lang: str) -> None:
        super().__init__(programme, lang)
        self.assessment, self.dossier = assessment, dossier
        self.judged: dict[str, Judged] = {result.id: result for result in assessment.judged}
        self.computed = {result.id: result for result in assessment.indicators}
        self.inputs, self.tables = dict(dossier.inputs), dict(dossier.tables)
        self.answers = dict(dossier.answers)
        self.formulas = compiled(programme).formulas
        self.uses = compiled(programme).uses
        self._told: set[str] = set()

    def explained(self, name: str) -> Explanation:
        """The derivation of one element."""
        if name in self.programme.indicators:
            root = self.indicator(name)
            users = [self.title(other) for other in (*self.programme.gates, *self.programme.criteria) if name in self.uses[other]]
            used_by = [self.node("used_by", self.listed(users))] if users else []
            figures = self.figure_nodes(self.computed[name].figures) if name in self.computed else []
            return Explanation(root.label, root.text, (*root.children, *used_by, *figures))
        result = self.judged[name]
        demand = self.programme.gates.get(name) or self.programme.criteria[name]
        parts = [self.node("result", reason_sentence(result.reason, self.programme, self.lang)), *self.demand_nodes(demand)]
        parts += [*self.sides(result), *self.points_made(result)]
        computed = [self.term(used) for used in self.directly_used(name)]
        if computed:
            parts.append(self.node("computed", "", computed))
        if members := getattr(demand.method, "of", ()):
            parts.append(self.node("members", "", [self.member(member) for member in members]))
        parts += [self.evidence(result.evidence), self.evidence_asked(demand)] if result.evidence else [self.evidence_asked(demand)]
        figures = [*self.figure_nodes(result.figures), self.source(demand, self.document(name))]
        return Explanation(self.title(name), self.verdict(result), (*parts, *figures))

    def unit(self, unit: str) -> str:
        """A unit with what the dossier counts in instead of its generic parts."""
        for name, bound in self.dossier.units:
            unit = unit.replace(name, f"({bound})" if "/" in bound else bound)
        return super().unit(unit)

    # --- the verdict ----------------------------------------------------------------------------------------------

    def verdict(self, result: Judged) -> str:
        """A status with its points."""
        status = say(f"statuses.{result.status.value}", self.lang)
        if not isinstance(result, CriterionResult) or not result.max:
            return status
        if result.id in self.programme.indexed:
            if result.status is Status.NOT_APPLICABLE:
                return status
            return self.listed((status, level_text(result.points, self.programme, self.lang)))
        return self.listed((status, self.say("points", points=interval_text(result.points, lang=self.lang), max=number_text(result.max))))

    def member(self, name: str) -> Explanation:
        """A group's member in one line."""
        result = self.judged[name]
        return Explanation(self.title(name), self.listed((self.verdict(result), reason_sentence(result.reason, self.programme, self.lang))))

    def sides(self, result: Judged) -> list[Explanation]:
        """What was declared and verified, the limits, and what people said about it."""
        nodes = []
        if isinstance(result, CriterionResult) and result.limits:
            nodes.append(self.node("limits", limits_text(result.limits, self.programme, self.lang)))
        answer = self.answers.get(result.id, Entry())
        for basis, value, cell in (("declared", result.declared, answer.declared), ("verified", result.verified, answer.verified)):
            if value is not None or cell is not None:
                nodes.append(self.node(basis, self.placed(self.shown(value), cell)))
        if isinstance(result, CriterionResult) and result.effect:
            nodes.append(self.node("effect", signed(result.effect)))
        nodes += [self.node("answer_reason", answer.reason)] if answer.reason else []
        return [*nodes, self.node("remark", result.remark)] if result.remark else nodes

    def points_made(self, result: Judged) -> list[Explanation]:
        """From the value to the points, from the points to the total, and each of several years."""
        if not isinstance(result, CriterionResult):
            return []
        points = points_in_numbers(result, self.assessment.basis, self.programme, self.lang)
        share = share_in_numbers(result, self.assessment, self.programme, self.lang)
        nodes = [self.node(key, text) for key, text in (("points", points), ("share", share)) if text]
        years = [
            Explanation(str(year.year), self.year(found))
            for year in self.assessment.years
            for found in year.criteria
            if found.id == result.id
        ]
        return [*nodes, self.node("years", "", years)] if years and result.max else nodes

    def year(self, found: CriterionResult) -> str:
        """A criterion in one of several years."""
        value = getattr(found, self.assessment.basis)
        shown = [] if value is None else [self.shown(value)]
        return self.listed((*shown, self.verdict(found), reason_sentence(found.reason, self.programme, self.lang)))

    def evidence(self, used: Iterable[EvidenceUsed]) -> Explanation:
        """The documents brought, and whether each counted."""
        return self.node("evidence", "", [Explanation(document.id, self.document_text(document)) for document in used])

    def document_text(self, document: EvidenceUsed) -> str:
        """A document in one line."""
        text = document.title
        if document.pages:
            text = self.say("pages", text=text, pages=document.pages)
        if document.valid_until:
            text = self.say("valid_until", text=text, day=document.valid_until)
        return text if document.counted else self.say("not_counted", text=text)

    # --- the calculation ------------------------------------------------------------------------------------------

    def directly_used(self, name: str) -> list[str]:
        """Indicators, inputs and tables that an element's own operands and condition name, in the ruleset's order."""
        named = {used for (owner, _), f in self.formulas.items() if owner == name for used in (*f.typed.names, *f.typed.tables)}
        return [used for used in (*self.programme.indicators, *self.programme.inputs, *self.programme.tables) if used in named]

    def term(self, name: str, value: Shown | None = None) -> Explanation:
        """One thing that is computed with."""
        if name in self.programme.indicators:
            return self.indicator(name)
        if name in self.programme.tables:
            return Explanation(self.title(name), "", (self.rows(name),))
        return self.input(name, value) if name in self.programme.inputs else Explanation(self.title(name), self.shown(value))

    def indicator(self, name: str) -> Explanation:
        """An indicator with its formula in words and in numbers and everything that went in; told in full once."""
        definition, result = self.programme.indicators[name], self.computed.get(name)
        text = self.say("not_computed") if result is None else self.indicator_text(result)
        if name in self._told:
            return Explanation(self.title(name), self.say("see_above", text=text))
        self._told.add(name)
        nodes = self.formula_nodes(definition)
        typed = self.formulas[name, "formula"].typed
        if isinstance(typed.root, Aggregate):
            nodes.append(self.rows(typed.root.table))
        else:
            nodes += self.terms(name, result)
        return Explanation(self.title(name), text, tuple(nodes))

    def terms(self, name: str, result: IndicatorResult | None) -> list[Explanation]:
        """A formula with its numbers, then each of its terms."""
        formula = self.programme.indicators[name].formula
        values = dict(result.inputs) if result else {}
        nodes = []
        if result and values:
            nodes.append(self.node("numbers", self.with_numbers(formula, values, self.shown(result.value))))
        for term in self.formulas[name, "formula"].typed.terms:
            source = to_source(term.syntax)
            if values and source not in values:
                continue  # of a choice that was not made
            if isinstance(term, Aggregate):
                nodes.append(Explanation(self.formula(source), self.shown(values.get(source)), (self.rows(term.table),)))
            elif isinstance(term, Input):
                nodes.append(self.term(source, values.get(source)))
            else:
                nodes.append(Explanation(self.formula(source), self.shown(values.get(source))))
        return list(dict.fromkeys(nodes))

    def indicator_text(self, result: IndicatorResult) -> str:
        """An indicator's value, or why there is none."""
        return self.shown(result.value) if result.reason is None else reason_sentence(result.reason, self.programme, self.lang)

    def with_numbers(self, formula: str, values: dict[str, Shown], outcome: str) -> str:
        """The formula with every term replaced by its value."""
        texts = {name: self.shown(value) for name, value in values.items()}
        said = render(
            parse(formula),
            self.title,
            self.lang,
            lambda part: texts.get(to_source(part)),
            lambda unit: unit_text(unit, self.lang, self.programme),
        )
        return f"{said} = {outcome}"

    def shown(self, value: Shown | None) -> str:
        """A value as it prints."""
        return show(value, self.lang, self.programme)

    # --- what was entered -----------------------------------------------------------------------------------------

    def input(self, name: str, value: Shown | None) -> Explanation:
        """An input with what was entered for it on either basis, and where."""
        entry = self.inputs.get(name)
        if entry is None:
            return Explanation(self.title(name), self.say("not_entered"))
        lines = [
            self.node(basis, self.placed(self.entered(cell), cell))
            for basis, cell in (("declared", entry.declared), ("verified", entry.verified))
            if cell is not None
        ]
        chosen = Shown(entry.declared.text) if entry.declared and self.programme.inputs[name].choices else None
        text = self.shown(value or chosen) if value or chosen else ""
        if len(lines) == 1 and entry.declared is not None:
            return Explanation(self.title(name), self.listed((text, lines[0].text)))
        return Explanation(self.title(name), text, tuple(lines))

    def entered(self, cell: Cell) -> str:
        """What somebody typed."""
        if cell.text == AS_DECLARED:
            return self.say("as_declared")
        return self.say("entered", text=choice_text(cell.text, self.lang, self.programme))

    def placed(self, text: str, cell: Cell | None) -> str:
        """A text with the place it was entered at; the path inside the file only where nothing else says where."""
        where = cell.where if cell is not None else Where()
        place = str(replace(where, path="") if where.file or where.sheet else where)
        return self.say("at", text=text, where=place) if place else text

    def rows(self, table: str) -> Explanation:
        """The rows behind a table or a sum over it."""
        entry = self.tables.get(table)
        if entry is None:
            return self.node("rows", self.say("not_entered"))
        shown = [self.row(table, row) for row in entry.rows[:ROWS_SHOWN]]
        if len(entry.rows) > ROWS_SHOWN:
            shown.append(Explanation(self.say("more_rows", count=len(entry.rows) - ROWS_SHOWN)))
        count = self.say("rows", count=len(entry.rows))
        count = self.say("rows_verified", text=count) if entry.verified else count
        return self.node("rows", self.placed(count, Cell("", entry.where)), shown)

    def row(self, name: str, row: Row) -> Explanation:
        """One row: what tells it from others, then its values."""
        definition, verified = self.programme.tables[name], dict(row.verified)
        columns = {column.column: column for column in definition.columns}

        def text_of(column: str, cell: Cell) -> str:
            """A cell with codes and answers in words."""
            choices = columns[column].choices if column in columns else {}
            if cell.text in choices:
                return choices[cell.text].in_(self.lang)
            return say(f"statuses.{cell.text}", self.lang) if cell.text in ("yes", "no") else self.code(cell.text)

        keys = " ".join(text_of(column, cell) for column, cell in row.declared if column in definition.per)
        parts = []
        for column, cell in row.declared:
            if column not in definition.per:
                other = verified.get(column)
                changed = other is not None and other.text != AS_DECLARED
                text = text_of(column, cell)
                text = self.say("cell_verified", declared=text, verified=text_of(column, other)) if other and changed else text
                parts.append(f"{self.title(f'{name}.{column}')} {text}")
        return Explanation(keys, self.placed(self.listed(parts), Cell("", row.where)))


def signed(points: Fraction) -> str:
    """A difference in points with its sign."""
    return f"{'+' if points > 0 else ''}{number_text(points, 2)}"
