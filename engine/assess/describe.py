"""What a ruleset demands, as a tree of labelled sentences: requirement, method, figures with their sources."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.assess.sentences import comparison_text, formula_text, number_text, title, unit_text
from engine.language import written_quantity
from engine.problems import ProblemList, Where
from engine.ruleset.compile import compiled
from engine.ruleset.figures import Attestation, FigureUsed, figure_used
from engine.ruleset.methods import (
    All,
    Bands,
    Choose,
    Conform,
    Count,
    Declare,
    Holds,
    Interpolate,
    Judgement,
    KOf,
    Limit,
    Membership,
    Rank,
    Ratio,
    Threshold,
)
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Gate, Indicator
from engine.texts import catalogue, say

_CELL = re.compile(r"(\w+)\[(.*)\]\.(\w+)")
_OPERAND = re.compile(r"(?:\w+\[(\d+)\]\.)?(\w+)")
_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Explanation:
    """One step of a derivation: what it is about, what is said of it, and the steps it rests on."""

    label: str
    text: str = ""
    children: tuple[Explanation, ...] = ()


Element = Gate | Criterion | Indicator


def describe(programme: Programme, name: str, lang: str = "zh") -> Explanation:
    """What the ruleset says of a gate, criterion or indicator, by id, printed number or title. Raises Refused for an unknown name."""
    return Describer(programme, lang).described(find_element(programme, name))


def find_element(programme: Programme, name: str) -> str:
    """The id of the gate, criterion or indicator that somebody means by an id, a printed number or a title, in any case.

    A title that a criterion shares with its indicator means the criterion. Raises Refused where there is none, with the nearest
    ones, or where several have the number or title.
    """
    wanted = name.strip().casefold()
    found = [element for element, names in _names(programme) if wanted in names]
    exact = [element for element in found if element.casefold() == wanted]
    demands = [element for element in found if element not in programme.indicators]
    chosen = next((group for group in (exact, demands, found) if len(group) == 1), found)
    problems = ProblemList()
    if not chosen:
        close = _closest(programme, wanted)
        problems.error("element_unknown", Where(path=name), name=name, suggestion="; ".join(close) or "—")
    elif len(chosen) > 1:
        problems.error("element_ambiguous", Where(path=name), name=name, known=", ".join(chosen))
    problems.refuse_if_errors()
    return chosen[0]


def elements(programme: Programme) -> Mapping[str, Element]:
    """Everything that can be explained, by id: gates, criteria, indicators."""
    return {**programme.gates, **programme.criteria, **programme.indicators}


def _names(programme: Programme) -> Iterable[tuple[str, tuple[str, ...]]]:
    for name, element in elements(programme).items():
        texts = (name, element.number or name, element.title.zh, element.title.en)
        yield name, tuple(text.casefold() for text in texts)


def _closest(programme: Programme, wanted: str) -> list[str]:
    owners = {text: name for name, names in _names(programme) for text in names}
    near = difflib.get_close_matches(wanted, owners, 3 * _SUGGESTIONS, cutoff=0.55)
    near += [text for text in owners if wanted and wanted in text]
    known = elements(programme)
    return [f"{known[name].number or name} {known[name].title.zh}" for name in dict.fromkeys(owners[text] for text in near)][:_SUGGESTIONS]


@lru_cache(maxsize=4096)
def _title_of_code(programme: Programme, code: str, lang: str) -> str:
    titles = (table.title_of(code, lang) for table in programme.references.values())
    return next((title for title in titles if title != code), code)


class Describer:
    """Puts one programme's demands into one language."""

    def __init__(self, programme: Programme, lang: str) -> None:
        self.programme, self.lang = programme, lang

    def say(self, key: str, **params: object) -> str:
        """A sentence of the catalogue of explanations."""
        return say(f"explain.{key}", self.lang, **params)

    def node(self, key: str, text: str = "", children: Iterable[Explanation] = ()) -> Explanation:
        """A step under a label of the catalogue."""
        return Explanation(self.say(f"label.{key}"), text, tuple(children))

    def title(self, name: str) -> str:
        """What people call an element, with its printed number."""
        number = getattr(elements(self.programme).get(name), "number", None)
        return f"{number} {title(name, self.programme, self.lang)}" if number else title(name, self.programme, self.lang)

    def formula(self, text: str) -> str:
        """An expression as readable mathematics."""
        return formula_text(text, self.programme, self.lang)

    def unit(self, unit: str) -> str:
        """A unit with the names of its generic parts."""
        for name, words in self.programme.unit_parameters.items():
            unit = re.sub(rf"\b{name}\b", words.in_(self.lang), unit)
        return unit_text(unit, self.lang, self.programme)

    def listed(self, items: Iterable[str]) -> str:
        """Items one after the other, without empty ones."""
        return self.say("separator").join(filter(None, items))

    # --- elements -------------------------------------------------------------------------------------------------

    def described(self, name: str) -> Explanation:
        """The whole of an element as the ruleset has it."""
        element = elements(self.programme)[name]
        source = self.source(element, self.document(name))
        if isinstance(element, Indicator):
            parts = [self.node("clause", element.clause), *self.formula_nodes(element), *self.notes(element)]
            return Explanation(self.title(name), name, (*parts, source))
        parts = [*self.demand_nodes(element), *self.notes(element), self.evidence_asked(element)]
        figures = self.figure_nodes(compiled(self.programme).figures_of[name])
        return Explanation(self.title(name), name, (*parts, *figures, source))

    def demand_nodes(self, element: Gate | Criterion) -> list[Explanation]:
        """Requirement, standing and method of a gate or criterion."""
        lang = self.lang
        kind = say(f"statuses.kind.{element.kind}", lang) if isinstance(element, Criterion) else self.say("gate")
        if isinstance(element, Criterion):
            points = self.worth(element)
            kind = self.listed((kind, *points, self.title(element.dimension)))
        nodes = [self.node("requirement", element.requirement.in_(lang)), self.node("clause", element.clause), self.node("kind", kind)]
        if element.applies_when:
            nodes.append(self.node("applies_when", self.formula(element.applies_when)))
        if element.judged_when:
            nodes.append(self.node("judged_when", self.formula(element.judged_when)))
        parts = [Explanation(text) for text in self.method(element.method)]
        nodes.append(self.node("method", say(f"statuses.method.{element.method.method}", lang), parts))
        if element.na_allowed:
            nodes.append(self.node("na_allowed", self.say("na_with_reason")))
        return nodes

    def worth(self, criterion: Criterion) -> list[str]:
        """What a criterion counts: its points, or its weight in its dimension and whether it is limiting."""
        if criterion.criterion in self.programme.indexed:
            weight = [] if criterion.weight is None else [self.say("weight", weight=criterion.weight)]
            return [*weight, *([self.say("limiting")] if criterion.limiting else [])]
        most = self.programme.points_of(criterion.criterion)
        return [self.say("points_of", points=number_text(most))] if most else []

    def formula_nodes(self, indicator: Indicator) -> list[Explanation]:
        """An indicator's formula in words and its unit."""
        symbol = f"{indicator.symbol} = " if indicator.symbol else ""
        unit = [] if indicator.unit == "1" else [self.node("unit", self.unit(indicator.unit))]
        return [self.node("formula", symbol + self.formula(indicator.formula)), *unit]

    def notes(self, element: Element) -> list[Explanation]:
        """Remarks of the ruleset on an element."""
        notes = [note for note in (getattr(element, "note", None), element.source.note) if note is not None]
        return [self.node("note", note.in_(self.lang)) for note in notes]

    def evidence_asked(self, element: Gate | Criterion) -> Explanation:
        """The documents an element asks for."""
        documents = [Explanation(words.in_(self.lang)) for words in element.evidence]
        return self.node("evidence_asked", "" if documents else self.say("none"), documents)

    def document(self, name: str) -> str:
        """The document that an element comes from."""
        return self.programme.document_of(name)

    def source(self, element: Element, document: str) -> Explanation:
        """Where an element's text comes from and how sure that is."""
        return self.node("source", self.provenance(figure_used("", "", element.source, document, element.clause)))

    # --- figures --------------------------------------------------------------------------------------------------

    def figure_nodes(self, figures: Sequence[FigureUsed]) -> list[Explanation]:
        """Figures with their sources, under one heading; none where there are none."""
        lines = [Explanation(self.figure_name(figure.name), self.figure_text(figure)) for figure in figures]
        return [self.node("figures", "", lines)] if lines else []

    def figure_text(self, figure: FigureUsed) -> str:
        """A figure and its source."""
        if figure.basis == "null":
            return self.listed((self.say("unknown"), f"{figure.document} {figure.clause}".strip()))
        return self.listed((self.figure_value(figure), self.provenance(figure)))

    def figure_value(self, figure: FigureUsed) -> str:
        """The text of a figure: a quantity as it is written, what is computed as readable mathematics."""
        text = figure.text or ""
        quantity = written_quantity(text)
        if quantity is None:
            return self.formula(text)
        number, unit = quantity
        return number + ("%" if unit == "%" else f" {self.unit(unit)}" if unit else "")

    def provenance(self, figure: FigureUsed) -> str:
        """How a figure came to be known, and from which document and clause."""
        basis = say(f"statuses.figure_basis.{figure.basis}", self.lang)
        if figure.confidence:
            basis = self.say("confidence", basis=basis, confidence=self.say(f"sure.{figure.confidence}"))
        parts = [basis, f"{figure.document} {figure.clause}".strip()]
        if figure.attestation is not None:
            parts.append(self.attested(figure.attestation))
        return self.listed(parts)

    def attested(self, made: Attestation) -> str:
        """Who checked a figure, when and against what, and until when that counts."""
        document = f"{made.document} {made.page}".strip()
        text = self.say("attested", organisation=made.organisation, by=made.by, on=made.on, document=document)
        return self.say("attested_until", attested=text, until=made.until) if made.until else text

    def figure_name(self, name: str) -> str:
        """What people call the place that holds a figure: an operand, a cell of a reference table, a parameter."""
        if looked_up := _CELL.fullmatch(name):
            table, key, column = looked_up.groups()
            reference = self.programme.references.get(table)
            if reference is not None and column in reference.columns:
                row = self.code(key)
                return f"{reference.title.in_(self.lang)}［{row}］{reference.columns[column].title.in_(self.lang)}"
        operand = _OPERAND.fullmatch(name)
        if operand and operand[2] in catalogue("explain")["figure"]:
            return self.say(f"figure.{operand[2]}")
        return comparison_text(operand[2], self.lang) if operand and name not in self.programme.parameters else self.title(name)

    def code(self, code: str) -> str:
        """What people call a code, by whichever reference table has a title for it."""
        return _title_of_code(self.programme, code, self.lang)

    # --- methods --------------------------------------------------------------------------------------------------

    def method(self, method: object) -> list[str]:
        """How a method judges, one sentence per line."""
        match method:
            case Conform(value=str(value), decided_when=str(decided)):
                return [self.say("method.conform", when=self.formula(decided), value=self.formula(value))]
            case Conform() | Judgement(steps=()):
                return []
            case Threshold():
                lines = [self.when(limit.when, self.limit(method.value, limit)) for limit in method.limits]
                return [*lines, self.say("method.rounded")] if method.comparison == "rounded" else lines
            case Holds() | Declare():
                return [self.say(f"method.{method.method}", value=self.formula(method.value))]
            case Interpolate():
                names = ("value", "lead", "base")
                return [self.when(b.when, self.say("method.interpolate", **self.operands(b, *names))) for b in method.bases]
            case All() | KOf() | Choose():
                needed = method.k if isinstance(method, KOf) else method.n if isinstance(method, Choose) else len(method.of)
                members = self.listed(self.title(name) for name in method.of)
                return [self.say(f"method.{method.method}", needed=needed, names=members)]
            case Judgement():
                return [self.say("method.judgement", steps=self.listed(method.steps))]
        return self.graded(method)

    def graded(self, method: object) -> list[str]:
        """Methods that give points by how much there is."""
        match method:
            case Bands(steps=()) | Rank():
                return [self.say("method.ladder", **self.operands(method, "value", "start", "full"))]
            case Bands():
                rungs = [(self.rung(method.value, method.direction, step.at), step.points) for step in method.steps]
                return [self.say("method.step", text=text, points=points) for text, points in rungs]
            case Count():
                return [self.say("method.count", **self.operands(method, "value", "lead", "base"))]
            case Ratio():
                share = self.say(f"method.ratio_{method.direction}", **self.operands(method, "value", "reference"))
                return [share, self.say("method.uncapped") if method.cap is None else self.say("method.capped", cap=method.cap)]
            case Membership():
                return [self.level(method, i) for i in range(len(method.levels))]
        raise TypeError(f"no words for the method {type(method).__name__}")

    def rung(self, value: str, direction: str, at: str) -> str:
        """One edge on the better side of which something is earned."""
        return f"{self.formula(value)} {comparison_text('at_least' if direction == 'up' else 'at_most', self.lang)} {self.formula(at)}"

    def level(self, method: Membership, index: int) -> str:
        """One level: what it takes, and what it earns where points are counted."""
        level = method.levels[index]
        if method.value is None or method.direction is None or level.limit is None:
            text = self.formula(level.when or "")
        else:
            text = self.rung(method.value, method.direction, level.limit)
        if level.points is None:
            return self.say("method.level", level=level.level, text=text)
        return self.say("method.level_points", level=level.level, text=text, points=level.points)

    def operands(self, holder: object, *names: str) -> dict[str, str]:
        """Operands of a method as readable mathematics."""
        return {name: self.formula(getattr(holder, name)) for name in names}

    def limit(self, value: str, limit: Limit) -> str:
        """A value with every comparison it must keep."""
        kept = self.listed(f"{comparison_text(name, self.lang)} {self.formula(text)}" for name, text in limit.parts().items())
        return f"{self.formula(value)} {kept}"

    def when(self, condition: str | None, text: str) -> str:
        """A sentence with the condition it holds under."""
        return text if condition is None else self.say("method.when", condition=self.formula(condition), text=text)
