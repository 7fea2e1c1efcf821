"""What every section of a handbook needs: the programme in one language, marks of provenance, and numbered sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from engine.assess.describe import Describer
from engine.report.handbook_model import Field, Run, Text, plain
from engine.ruleset.compile import compiled
from engine.ruleset.figures import FigureUsed, figure_used
from engine.ruleset.programme import Programme
from engine.ruleset.references import NUMERIC, ReferenceTable
from engine.ruleset.schema import Source, Validity
from engine.texts import say

ATTESTED = "attested"
"""The mark of a figure that somebody attested."""
BASES = ("seen", "recalled", "inferred", "policy", "null")

_STOPS = ("。", ".", "！", "？", "!", "?")
"""What a sentence ends with."""


class Words:
    """One programme in one language. Sources are numbered in the order in which they are first referred to."""

    def __init__(self, programme: Programme, lang: str) -> None:
        self.programme, self.lang = programme, lang
        self.describer = Describer(programme, lang)
        self.ready = compiled(programme)
        self.cited: dict[str, int] = {}

    def say(self, key: str, **params: object) -> str:
        """A sentence of the handbook's catalogue."""
        return say(f"handbook.{key}", self.lang, **params)

    def label(self, key: str) -> str:
        """A label that explanations have too."""
        return say(f"explain.label.{key}", self.lang)

    def joined(self, texts: Iterable[str]) -> str:
        """Words one after the other, without empty ones."""
        return self.say("comma").join(filter(None, texts))

    def sentences(self, texts: Iterable[str], more: bool = False) -> str:
        """Sentences one after the other, each with its full stop; with ``more`` something follows them."""
        between = "" if self.lang == "zh" else " "
        said = (text if text.endswith(_STOPS) else text + say("report.full_stop", self.lang) for text in texts)
        return "".join(text + between for text in said) if more else between.join(said)

    def field(self, key: str, *texts: str | Text) -> Field:
        """What is said under a label of the explanations, a line each, without empty ones."""
        return Field(self.label(key), lines(*texts))

    def bracket(self, text: str, *inside: str) -> str:
        """A text with what is said of it in brackets; the text alone where nothing is."""
        said = self.joined(inside)
        return self.say("bracket", text=text, inside=said) if said else text

    def linked(self, name: str) -> Run:
        """An element by its number or title, as a link to its entry."""
        programme = self.programme
        found = programme.gates.get(name) or programme.criteria.get(name) or programme.indicators.get(name)
        return Run((found.number if found else None) or self.describer.title(name), target=anchor_of(name))

    def listed(self, texts: Iterable[Text], separator: str = "") -> Text:
        """Marked texts one after the other."""
        between = Run(separator or self.describer.say("separator"))
        return tuple(run for i, text in enumerate(texts) for run in ((between, *text) if i else text))

    def days(self, validity: Validity) -> str:
        """From when to when something is in force."""
        since = self.say("cover.since", day=validity.since) if validity.since else ""
        return self.joined((since or self.say("cover.since_open"), self.until(validity.until)))

    def until(self, day: str | None) -> str:
        """The end of something's validity."""
        return self.say("cover.until", day=day) if day else self.say("cover.until_open")

    # --- provenance -----------------------------------------------------------------------------------------------

    def mark(self, basis: str, confidence: str | None = None) -> Text:
        """The mark of a basis with how sure it is."""
        mark = Run(say(f"statuses.figure_basis.{basis}", self.lang), mark=basis)
        return (mark, Run(say(f"explain.sure.{confidence}", self.lang), "muted")) if confidence else (mark,)

    def marked(self, figure: FigureUsed) -> Text:
        """The mark of a figure's basis, and a tick where somebody attested it."""
        mark = self.mark(figure.basis, figure.confidence)
        if figure.attestation is None:
            return mark
        return (*mark, Run(self.describer.attested(figure.attestation), mark=ATTESTED))

    def origin(self, source: Source, document: str, clause: str) -> Text:
        """Where something comes from: mark, basis in words, document and clause, numbers of the sources."""
        used = figure_used("", "", source, document, clause)
        place = " ".join(filter(None, (used.document, used.clause)))
        words = say(f"statuses.figure_basis.{used.basis}", self.lang)
        if used.confidence:
            words = self.describer.say("confidence", basis=words, confidence=say(f"explain.sure.{used.confidence}", self.lang))
        return (*self.mark(used.basis), Run(f" {words} · {place}" if place else f" {words}"), *self.cite(source.refs))

    def cite(self, refs: Iterable[str]) -> Text:
        """The numbers of sources in brackets."""
        numbers = [str(self.cited.setdefault(ref, len(self.cited) + 1)) for ref in refs]
        return (Run(f" [{', '.join(numbers)}]", "muted"),) if numbers else ()

    def remarks(self, source: Source) -> Text:
        """What the source says of itself: note, address, day of the last look."""
        note = source.note.in_(self.lang) if source.note else ""
        return plain(" ".join(filter(None, (note, source.url, source.checked_on))))

    def figure(self, figure: FigureUsed, document: str = "", clause: str = "") -> Text:
        """A figure by its name with its mark; where it comes from, unless that is the document and clause of what it stands in."""
        value = self.describer.say("unknown") if figure.text is None else self.describer.figure_value(figure)
        place = [figure.document if figure.document != document else "", figure.clause if figure.clause != clause else ""]
        beside = f" {' '.join(filter(None, place))}" if any(place) else ""
        return (
            Run(f"{self.describer.figure_name(figure.name)} {value} "),
            *self.marked(figure),
            Run(beside, "muted"),
        )

    def alone(self, figure: FigureUsed) -> Text:
        """A figure with its mark, where its place says what it is."""
        return (Run(f"{'—' if figure.text is None else figure.text} "), *self.marked(figure))

    def looked_up(self, reference: str) -> Text:
        """A reference table that figures are looked up in, with how many of its figures are known how well."""
        table = self.programme.references[reference]
        named = Run(self.say("of.reference", table=table.title.in_(self.lang)), target=f"r-{reference}")
        return (named, Run(" "), *self.counted(table_figures(table)))

    def counted(self, figures: Iterable[FigureUsed]) -> Text:
        """How many figures are known how well, each number behind its mark."""
        count = Counter(figure.basis for figure in figures)
        return tuple(run for basis in BASES if count[basis] for run in (*self.mark(basis), Run(f"{count[basis]} ")))

    # --- elements -------------------------------------------------------------------------------------------------

    def references_of(self, name: str) -> tuple[str, ...]:
        """The reference tables that an element's own expressions look figures up in."""
        found = (formula.typed.references for (owner, _), formula in self.ready.formulas.items() if owner == name)
        return tuple(sorted({reference for references in found for reference in references}))

    def used_by(self, name: str) -> Text:
        """The gates, criteria and indicators whose expressions name something."""
        owners = [owner for (owner, _), formula in self.ready.formulas.items() if name in (*formula.typed.names, *formula.typed.tables)]
        rules = {rule.rule for rule in self.programme.rules}
        elements = [(self.linked(owner),) for owner in dict.fromkeys(owners) if owner not in rules]
        tables = {table for (table, _), column in self.ready.columns.items() if name in column.typed.names}
        columns = [(Run(self.programme.title(table, self.lang), target=f"t-{table}"),) for table in sorted(tables)]
        return self.listed((*elements, *columns), self.say("comma"))


def table_figures(table: ReferenceTable) -> tuple[FigureUsed, ...]:
    """Every figure of a reference table, row by row."""
    numeric = numeric_columns(table)
    rows = (row for same in table.rows.values() for row in same)
    return tuple(figure_used("", row.written[name], row.source, table.document, "") for row in rows for name in numeric)


def numeric_columns(table: ReferenceTable) -> list[str]:
    """The columns of a reference table that hold figures."""
    return [name for name, column in table.columns.items() if column.type in NUMERIC]


def lines(*texts: str | Text) -> tuple[Text, ...]:
    """Texts as lines, without empty ones."""
    return tuple(plain(text) if isinstance(text, str) else text for text in texts if text)


def anchor_of(name: str) -> str:
    """The anchor of an element's entry."""
    return f"e-{name}"
