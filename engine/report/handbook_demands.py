"""The entries of a handbook: every gate, criterion and indicator with all that the ruleset says of it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import parse, to_source
from engine.language.ast import Binary
from engine.language.typed import Aggregate, Cell, Given, Input, Reference, walk
from engine.report.handbook_model import Entry, Field, Fields, Formula, Paragraph, Run, Section, Text, plain
from engine.report.handbook_words import Words, anchor_of, lines
from engine.ruleset.compile import BUILT_IN
from engine.ruleset.figures import FigureUsed
from engine.ruleset.methods import Rank
from engine.ruleset.schema import Column, Computed, Criterion, Gate, Indicator
from engine.texts import say


def gates(words: Words) -> tuple[Entry, ...]:
    """An entry for each gate."""
    return tuple(_demand(words, name, gate, "") for name, gate in words.programme.gates.items())


def criteria(words: Words) -> tuple[Section, ...]:
    """A section for each dimension with an entry for each of its criteria; none for a dimension without."""
    sections = []
    for name, dimension in words.programme.dimensions.items():
        members = {key: criterion for key, criterion in words.programme.criteria.items() if criterion.dimension == name}
        entries = tuple(_demand(words, key, criterion, worth(words, criterion)) for key, criterion in members.items())
        title = " ".join(filter(None, (dimension.number, dimension.title.in_(words.lang))))
        if entries:
            sections.append(Section(f"d-{name}", title, entries))
    return tuple(sections)


def worth(words: Words, criterion: Criterion) -> str:
    """What a criterion is and what it counts, in one line."""
    kind = say(f"statuses.kind.{criterion.kind}", words.lang)
    return " · ".join((kind, *words.describer.worth(criterion)))


def _demand(words: Words, name: str, demand: Gate | Criterion, counts: str) -> Entry:
    describer = words.describer
    document = describer.document(name)
    method: list[str | Text] = [plain(say(f"statuses.method.{demand.method.method}", words.lang), "strong")]
    said = describer.method(demand.method)
    if isinstance(demand.method, Rank) and demand.method.population:
        said.append(demand.method.population[words.lang])
    method += [f"· {line}" for line in said] if len(said) > 1 else said
    figures = [words.listed(words.figure(figure, document, demand.clause) for figure in figures_of(words, name))]
    figures += [words.looked_up(reference) for reference in words.references_of(name)]
    fields = [
        words.field("clause", demand.clause),
        words.field("applies_when", describer.formula(demand.applies_when) if demand.applies_when else ""),
        words.field("judged_when", describer.formula(demand.judged_when) if demand.judged_when else ""),
        words.field("method", *method),
        words.field("na_allowed", describer.say("na_with_reason") if demand.na_allowed else ""),
        words.field("figures", *figures),
        words.field("evidence_asked", describer.listed(document.in_(words.lang) for document in demand.evidence)),
        words.field("source", words.origin(demand.source, document, demand.clause), words.remarks(demand.source)),
    ]
    added = words.say("added") if name in words.programme.local else ""
    standing = " · ".join(filter(None, (added, counts)))
    requirement = Paragraph(plain(demand.requirement.in_(words.lang)))
    return Entry(anchor_of(name), demand.number or name, demand.title.in_(words.lang), standing, (requirement, _filled(fields)))


def figures_of(words: Words, name: str) -> tuple[FigureUsed, ...]:
    """The figures that a gate or criterion states itself, with a point figure that is not known."""
    found = words.ready.figures_of[name]
    points = words.programme.points.get(name)
    unknown = points is not None and points.text is None and name not in words.programme.indexed
    return (points.used_as("points"), *found) if points is not None and unknown else found


def _filled(fields: list[Field]) -> Fields:
    return Fields(tuple(field for field in fields if field.lines))


# --- indicators -------------------------------------------------------------------------------------------------------


def indicators(words: Words) -> tuple[Entry, ...]:
    """An entry for each indicator."""
    return tuple(_indicator(words, name, indicator) for name, indicator in words.programme.indicators.items())


def _indicator(words: Words, name: str, indicator: Indicator) -> Entry:
    describer = words.describer
    document = describer.document(name)
    looked_up = [words.looked_up(reference) for reference in words.references_of(name)]
    note = indicator.note.in_(words.lang) if indicator.note else ""
    better = "" if indicator.direction == "none" else words.say(f"direction.{indicator.direction}")
    zero = words.say("when_both_zero") if indicator.when_both_zero else ""
    places = "" if indicator.places is None else words.say("places", places=indicator.places)
    fields = [
        Field(words.say("where"), lines(*_where(words, name))),
        words.field("clause", indicator.clause),
        words.field("note", words.joined((better, places, zero)), note),
        Field(words.say("members"), lines(words.used_by(name))),
        words.field("figures", *looked_up),
        words.field("source", words.origin(indicator.source, document, indicator.clause), words.remarks(indicator.source)),
    ]
    unit = "" if indicator.unit == "1" else f"{words.label('unit')} {describer.unit(indicator.unit)}"
    title = indicator.title.in_(words.lang)
    return Entry(anchor_of(name), indicator.number or "", title, unit, (_formula(words, indicator), _filled(fields)))


def _formula(words: Words, indicator: Indicator) -> Formula:
    """The formula, one expression over another where it is a quotient."""
    head, _, subscript = (indicator.symbol or indicator.title.in_(words.lang)).partition("_" if indicator.symbol else "\0")
    parsed = parse(indicator.formula)
    if isinstance(parsed, Binary) and parsed.operator == "/":
        return Formula(head, subscript, words.describer.formula(to_source(parsed.left)), words.describer.formula(to_source(parsed.right)))
    return Formula(head, subscript, words.describer.formula(indicator.formula))


def _where(words: Words, name: str) -> Iterator[Text]:
    """What each name in a formula is and in which unit it counts, once, in the order of the formula."""
    seen: set[object] = set()
    for node in walk(words.ready.formulas[name, "formula"].typed.root):
        match node:
            case Input(name=used) if used not in seen:
                seen.add(used)
                yield _named(words, used)
            case Cell(table=table, column=column) | Reference(table=table, column=column) if (table, column) not in seen:
                seen.add((table, column))
                yield _column(words, table, column)
            case Aggregate(table=table, value=None) if table not in seen:
                seen.add(table)
                yield plain(words.bracket(words.programme.title(table, words.lang), words.say("section.tables")))
            case Given(subject=str(table)) if table not in seen:
                seen.add(table)
                yield plain(words.bracket(words.programme.title(table, words.lang), words.say("section.tables")))


def _named(words: Words, name: str) -> Text:
    programme, lang = words.programme, words.lang
    if name in programme.indicators:
        indicator = programme.indicators[name]
        number = words.say("of.indicator", number=indicator.number) if indicator.number else words.say("of.plain_indicator")
        text = words.bracket("", _unit(words, indicator.unit), number)
        return (Run(indicator.title.in_(lang), target=anchor_of(name)), Run(text))
    if name in BUILT_IN:
        return plain(words.bracket(say(f"statuses.applicant.{name}", lang), words.say("of.applicant")))
    if name in programme.parameters:
        parameter = programme.parameters[name]
        return plain(words.bracket(parameter.title.in_(lang), _unit(words, parameter.unit), words.say("of.parameter")))
    if name in programme.inputs:
        definition = programme.inputs[name]
        kind = words.say("of.benchmark" if definition.role == "benchmark" else "of.input")
        return plain(words.bracket(definition.title.in_(lang), _unit(words, definition.unit), kind))
    return plain(words.describer.title(name))


def _column(words: Words, table: str, column: str) -> Text:
    programme, lang = words.programme, words.lang
    if table in programme.tables:
        columns: tuple[Column | Computed, ...] = (*programme.tables[table].columns, *programme.tables[table].computed)
        found = next(candidate for candidate in columns if candidate.column == column)
        place = words.say("of.cell", table=programme.tables[table].title.in_(lang))
    else:
        found = programme.references[table].columns[column]
        place = words.say("of.reference", table=programme.references[table].title.in_(lang))
    return plain(words.bracket(found.title.in_(lang), _unit(words, found.unit), place))


def _unit(words: Words, unit: str) -> str:
    return "" if unit == "1" else words.describer.unit(unit)


def points_text(words: Words, name: str) -> Text:
    """The points of a criterion with their mark, or its weight where levels are assessed; nothing where nothing is counted."""
    place = "weight" if name in words.programme.indexed else "points"
    return next((words.alone(figure) for figure in figures_of(words, name) if figure.name == place), ())
