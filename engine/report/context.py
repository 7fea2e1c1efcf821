"""What every section needs: the result, the dossier, the programme, and how they are put into one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from engine.assess.results import Assessment, CriterionResult, EvidenceUsed, FigureUsed, Interval, Judged, Reason, Shown, Status
from engine.assess.sentences import comparison_text, formula_text, level_text, reason_sentence, show, unit_text
from engine.dossier.notes import Note
from engine.dossier.schema import Dossier
from engine.language import ends_within, to_json_number, to_text
from engine.report.forms import Form, form_for, ordinal
from engine.report.style import ACCENT, STATUS_COLOURS
from engine.report.text import Span
from engine.ruleset.compile import BUILT_IN
from engine.ruleset.methods import Choose
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Reading
from engine.texts import say

POINT_PLACES = 2
"""Points and totals print with two places unless more are needed to tell a total from the mark."""
_MOST_PLACES = 12
_KEPT = 8192
"""So many names and formulas of rulesets are kept: they are the same in every report."""


@dataclass(frozen=True, slots=True)
class Context:
    """One report in the making; ``notes`` are advice on it, ``stability`` the sentence about it on page one.

    ``places`` are the gates, criteria and indicators that have a row in it; ``linked`` collects those that links lead to, while the
    parts are laid out.
    ``code`` is what the QR code says.
    """

    assessment: Assessment
    dossier: Dossier
    programme: Programme
    lang: str
    notes: tuple[Note, ...] = ()
    stability: str = ""
    places: frozenset[str] = frozenset()
    linked: set[str] = field(default_factory=set)
    code: str = ""

    @property
    def verified(self) -> bool:
        """Whether this is the third party's report rather than the applicant's own."""
        return self.assessment.basis == "verified"

    @property
    def is_index(self) -> bool:
        """Whether the score is an index, which may go beyond what all items at their references make."""
        return self.programme.standard.aggregate == "index"

    @property
    def scored(self) -> bool:
        """Whether anything carries points, or levels stand in their place."""
        return bool(self.assessment.score_max or self.assessment.levels)

    @property
    def kind_name(self) -> str:
        """What is assessed: green factory, park, ..."""
        return say(f"report.kind.{self.programme.standard.kind}", self.lang)

    @property
    def form(self) -> Form:
        """The official structure that the report follows."""
        standard = self.programme.standard
        return form_for(self.assessment.basis, standard.kind, standard.ruleset)

    def section_of(self, part: str) -> str:
        """The number of the section in which a part stands, as a heading writes it."""
        return ordinal(self.form.section_of(part), self.lang)

    def day(self, text: str) -> str:
        """A day as people write it."""
        if not _DAY.fullmatch(text):
            return text
        year, month, day = map(int, text.split("-"))
        return say("report.day", self.lang, year=year, month=month, day=day)

    @property
    def title(self) -> str:
        """The title of the report."""
        return say("report.title.verified" if self.verified else "report.title.declared", self.lang, kind=self.kind_name)

    def name(self, element: str) -> str:
        """What people call an element of the ruleset, also a column of a reference table."""
        return _name(self.programme, self.lang, element)

    def operand(self, name: str) -> str:
        """What people call something that goes into a formula: a plain name, or a sum or look-up by its expression."""
        return self.name(name) if name.isidentifier() else self.formula(name)

    def numbered(self, element: str) -> str:
        """An element's name with its number before it."""
        for group in (self.programme.criteria, self.programme.gates, self.programme.indicators, self.programme.dimensions):
            number = getattr(group.get(element), "number", None)
            if number:
                return f"{number} {self.name(element)}"
        return self.name(element)

    def link(self, element: str, text: str = "", *, bold: bool = False) -> Span:
        """A text, or an element's number and name, that leads to where the element stands in the report; plain where it has no place."""
        text = text or self.numbered(element)
        if element not in self.places:
            return Span(text, bold)
        self.linked.add(element)
        return Span(text, bold, ACCENT, link=element)

    def reason(self, reason: Reason) -> str:
        """A reason as a sentence."""
        return reason_sentence(reason, self.programme, self.lang)

    def shown(self, value: Shown | None) -> str:
        """A value with its unit; a dash where there is none."""
        return show(value, self.lang, self.programme)

    def unit(self, unit: str) -> str:
        """A unit as people read it; a dash for a pure number."""
        return unit_text(unit, self.lang, self.programme) or "—"

    def plain(self, value: Shown) -> str:
        """A value without its unit, which stands in a column of its own."""
        return self.shown(value._replace(unit=""))

    def listed(self, items: Iterable[str]) -> str:
        """Items one after the other."""
        return say("report.list_separator", self.lang).join(items)

    def interval(self, interval: Interval, places: int = POINT_PLACES) -> str:
        """A number, or what it lies between."""
        low = to_text(interval.low, places)
        if interval.high is None:
            return say("statuses.at_least", self.lang, low=low)
        return low if interval.is_point else f"{low}–{to_text(interval.high, places)}"

    def score(self, interval: Interval | None = None) -> str:
        """A total with as many places as tell it from the mark: 79.996 never prints as the 80.00 that it misses."""
        interval = interval or self.assessment.score
        return self.interval(interval, score_places(interval, self.assessment.mark))

    def earned(self, criterion: CriterionResult) -> str:
        """What a criterion earns: points, or the level it reaches."""
        if criterion.status is Status.NOT_APPLICABLE and criterion.id in self.programme.indexed:
            return "—"
        if criterion.id in self.programme.indexed:
            return level_text(criterion.points, self.programme, self.lang)
        return self.interval(criterion.points) if criterion.max else "—"

    def worth(self, criterion: CriterionResult, places: int | None = None) -> str:
        """What a criterion counts: its points, or its share of the index as a percentage."""
        if criterion.id in self.programme.indexed:
            return "—" if criterion.weight is None else to_text(criterion.weight * 100, POINT_PLACES)
        return self.number(criterion.max, places) if criterion.max else "—"

    def number(self, value: Fraction, places: int | None = None) -> str:
        """A plain number."""
        return to_json_number(value) if places is None else to_text(value, places)

    def status(self, status: Status) -> tuple[Span, ...]:
        """A status as its mark and its word."""
        colour = STATUS_COLOURS[status.value]
        word = self.word(status.value)
        return (Span("", colour=colour, mark=status.value), Span(word, bold=True, colour=colour))

    def word(self, key: str) -> str:
        """A word of the closed vocabularies, as it stands by itself in a cell."""
        return capitalised(say(f"statuses.{key}", self.lang))

    def formula(self, text: str) -> str:
        """A formula as readable mathematics."""
        return _formula(self.programme, self.lang, text)

    def evidence(self, used: Sequence[EvidenceUsed]) -> str:
        """Documents by id and page, those that did not count marked."""
        return self.listed(
            (f"{item.id}:{item.pages}" if item.pages else item.id) + ("" if item.counted else say("report.not_counted", self.lang))
            for item in used
        )

    def figure(self, figure: FigureUsed) -> str:
        """A figure of the ruleset with its basis, such as ``10 (inferred)``."""
        value = self.figure_value(figure)
        return say("report.figure_text", self.lang, name=self.figure_name(figure.name), value=value, basis=self.basis(figure.basis))

    def figure_value(self, figure: FigureUsed) -> str:
        """The text of a figure; a policy in words."""
        if figure.text is None:
            return say("report.unknown_figure", self.lang)
        if reading := self._reading(figure.name):
            return reading.text.in_(self.lang)
        if figure.name == "class_policy":
            return say(f"report.class_policy.{figure.text}", self.lang)
        return say(f"report.policy.{figure.text}", self.lang) if figure.name == "na_policy" else figure.text

    def figure_name(self, name: str) -> str:
        """What people call the place that holds a figure: an operand, a cell of a reference table, a parameter, a reading."""
        if reading := self._reading(name):
            return reading.title.in_(self.lang)
        if place := _PLACE.fullmatch(name):
            group, index, operand = place.groups()
            which = f" {int(index) + 1}" if index and (int(index) or group in ("steps", "levels")) else ""
            key = f"report.figure.{operand}" if operand in _OWN_NAMES else f"statuses.comparison.{operand}"
            return say(key, self.lang) + which
        if level := _LEVEL.fullmatch(name):
            return say("report.figure.index", self.lang, level=level[1])
        if looked_up := _CELL.fullmatch(name):
            table, key, column = looked_up.groups()
            reference = self.programme.references.get(table)
            row = reference.title_of(key, self.lang) if reference else key
            return f"{self.name(f'{table}.{column}')} [{row}]"
        return self.name(name)

    def _reading(self, name: str) -> Reading | None:
        """How the standard's ruleset reads its text, by name."""
        return next((reading for reading in self.programme.standard.readings if reading.reading == name), None)

    def limit_name(self, name: str) -> str:
        """What people call a limit that a criterion was held against: a comparison, a step, or a level by its own name."""
        if name.startswith("step"):
            return say("report.figure.at", self.lang) + " " + name.removeprefix("step")
        return comparison_text(name, self.lang)

    def basis(self, basis: str) -> str:
        """How a figure came to be known."""
        return say(f"statuses.figure_basis.{basis}", self.lang)

    def gates_status(self) -> Status:
        """The preconditions together: as their worst one."""
        found = {gate.status for gate in self.assessment.gates}
        return next((status for status in (Status.NOT_MET, Status.UNDETERMINED) if status in found), Status.MET)

    def idle(self, name: str, lacking: Sequence[str] | None = None) -> bool:
        """Whether an item is a member of a choose-n group that is decided without it; ``lacking`` are the open items of another year."""
        open_ = [item.id for item in self.with_status(Status.UNDETERMINED)] if lacking is None else lacking
        groups = [c for c in self.programme.criteria.values() if isinstance(c.method, Choose) and name in c.method.of]
        return bool(groups) and all(group.criterion not in open_ for group in groups)

    def with_status(self, status: Status) -> list[Judged]:
        """Gates and criteria of a status, in order."""
        return [item for item in self.assessment.judged if item.status is status]


def context_of(
    assessment: Assessment, dossier: Dossier, programme: Programme, lang: str, notes: Sequence[Note], stability: str, code: str = ""
) -> Context:
    """A report in the making, whose links may lead to every item and indicator; ``code`` is what its QR code says."""
    places = frozenset(item.id for group in (assessment.judged, assessment.indicators) for item in group)
    return Context(assessment, dossier, programme, lang, tuple(notes), stability, places, code=code)


@lru_cache(maxsize=_KEPT)
def _name(programme: Programme, lang: str, element: str) -> str:
    if element in BUILT_IN:
        return say(f"statuses.applicant.{element}", lang)
    table, _, column = element.partition(".")
    reference = programme.references.get(table)
    if reference is not None and column in reference.columns:
        return f"{reference.title.in_(lang)}·{reference.columns[column].title.in_(lang)}"
    return programme.title(element, lang)


@lru_cache(maxsize=_KEPT)
def _formula(programme: Programme, lang: str, text: str) -> str:
    return formula_text(text, programme, lang, lambda name: _name(programme, lang, name))


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LEVEL = re.compile(r"index\[(\w+)\]")
_OWN_NAMES = frozenset({"points", "weight", "mark", "na_policy", "class_policy", "formula", "limit", "at"})
_CELL = re.compile(r"(\w+)\[(.*)\]\.(\w+)")
_PLACE = re.compile(
    r"(?:(limits|bases|steps|levels)\[(\d+)\]\.)?(points|weight|mark|na_policy|class_policy|formula|lead|base|start|full|reference|limit|at"
    r"|at_least|more_than|at_most|less_than|not_detected_below|grade_at_least)"
)


def figures_used(made: Assessment) -> dict[tuple[str, str], FigureUsed]:
    """The figures that a result names, by the item that uses them (none for the whole) and their names."""
    found = {(item.id, figure.name): figure for item in made.judged for figure in item.figures}
    return found | {("", policy.name): policy for policy in made.policies}


def capitalised(text: str) -> str:
    """A text with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def score_places(interval: Interval, mark: Fraction | None) -> int:
    """As many places as keep both ends of a total apart from the mark, unless they are exactly on it."""
    places = POINT_PLACES
    for end in (interval.low, interval.high):
        if end is not None and mark is not None and end != mark:
            while places < _MOST_PLACES and to_text(end, places) == to_text(mark, places):
                places += 1
    return places


def common_places(values: Iterable[Fraction]) -> int:
    """The places that a column of numbers needs: as few as its longest one, at most two."""
    return max((next((p for p in range(POINT_PLACES) if ends_within(value, p)), POINT_PLACES) for value in values), default=0)
