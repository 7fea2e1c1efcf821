"""The tables of a handbook: what is filled in, what is looked up, what rules conclude, and what nobody has attested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from engine.assess.sentences import formula_text
from engine.assess.sentences import title as title_of
from engine.report.handbook_model import Block, Column, Field, Fields, Grid, Paragraph, Row, Run, Section, Text, plain
from engine.report.handbook_words import BASES, Words, numeric_columns, table_figures
from engine.ruleset.figures import FigureUsed
from engine.ruleset.references import ReferenceRow, ReferenceTable
from engine.ruleset.schema import Input, InputType, Rule, Table, Value
from engine.texts import say

SHORT = 40
"""A reference table of at most so many rows is printed in full; of a longer one the rows are counted."""
NARROW = 5
"""At most so many columns of figures stand side by side; the figures of a wider table are listed row by row."""
CODES = 12
"""So many codes of a choice are written out."""
_FIRST_DAY, _LAST_DAY = "0000-01-01", "9999-12-31"


# --- what is filled in ------------------------------------------------------------------------------------------------


def units(words: Words) -> tuple[Block, ...]:
    """Which generic units the dossier has to say the meaning of."""
    programme = words.programme
    by_row = {name for table in programme.tables.values() for name in table.row_units}
    stated = " ".join((*(d.unit for d in programme.inputs.values()), *(c.unit for t in programme.tables.values() for c in t.columns)))
    used = [meaning.in_(words.lang) for name, meaning in programme.unit_parameters.items() if name in stated and name not in by_row]
    return (Paragraph(plain(words.say("generic_units", units=words.joined(used)))),) if used else ()


def fill_in(words: Words) -> tuple[Section, ...]:
    """Single values, figures from outside, and each table."""
    inputs = words.programme.inputs
    sections = []
    for key, role in (("inputs", "value"), ("benchmarks", "benchmark")):
        held = {name: definition for name, definition in inputs.items() if definition.role == role}
        if held:
            sections.append(Section(f"fill-{key}", words.say(f"section.{key}"), (_inputs(words, held),)))
    return (*sections, *(_table(words, name, table) for name, table in words.programme.tables.items()))


def _inputs(words: Words, inputs: dict[str, Input]) -> Grid:
    rows = []
    for name, definition in inputs.items():
        note = Run("\n" + definition.note.in_(words.lang), "muted") if definition.note else Run("")
        absent = words.say("absent_zero") if definition.absent_means else ""
        takes = words.joined((*_takes(words, definition), absent))
        unit = "" if definition.unit == "1" else words.describer.unit(definition.unit)
        named = (Run(definition.title.in_(words.lang)), Run(f"\n{name}", "code"))
        rows.append(Row((named, plain(unit), (Run(takes), note) if note.text else plain(takes), words.used_by(name))))
    keys = (("title", 34), ("unit", 13), ("takes", 36), ("used_by", 17))
    return Grid(tuple(Column(words.say(f"column.{key}"), share) for key, share in keys), tuple(rows))


def _takes(words: Words, definition: Value) -> Iterator[str]:
    """What kind of value is filled in."""
    kind = definition.type
    if definition.choices:
        choices = [choice.in_(words.lang) for choice in definition.choices.values()]
        yield words.say("type.codes" if kind is InputType.CODES else "type.choice", choices=words.describer.listed(choices))
    elif definition.reference:
        yield words.say("type.code", table=words.programme.references[definition.reference].title.in_(words.lang))
    else:
        yield words.say(f"type.{kind.value}")
    yield words.say("may_be_negative") if definition.may_be_negative else ""
    yield words.say("may_be_not_detected") if definition.may_be_not_detected else ""


def _table(words: Words, name: str, table: Table) -> Section:
    programme, lang = words.programme, words.lang
    titles = {column.column: column.title.in_(lang) for column in table.columns}
    said = [words.say("per", columns=words.joined(titles[column] for column in table.per))] if table.per else []
    said += [words.say("monthly")] if table.monthly else []
    for unit, source in table.row_units.items():
        meaning = programme.unit_parameters[unit].in_(lang)
        reference = programme.references[source.reference].title.in_(lang)
        said.append(words.say("row_unit", unit=meaning, column=titles[source.key], table=reference))
    said += [words.say("absent_zero")] if table.absent_means else []
    said += [table.note.in_(lang)] if table.note else []
    rows = []
    for column in table.columns:
        unit = "" if column.unit == "1" else words.describer.unit(column.unit)
        optional = "" if column.required else words.say("optional_column")
        note = (Run("\n" + column.note.in_(lang), "muted"),) if column.note else ()
        takes = (*plain(words.joined((*_takes(words, column), optional))), *note)
        rows.append(Row(((Run(titles[column.column]), Run(f"\n{column.column}", "code")), plain(unit), takes)))
    keys = (("column", 40), ("unit", 20), ("takes", 40))
    grid = Grid(tuple(Column(words.say(f"column.{key}"), share) for key, share in keys), tuple(rows))
    used = words.used_by(name)
    users = (Run(words.say("colon", label=words.say("members"), text="")), *used) if used else ()
    head = Paragraph((*plain(words.sentences(said, more=bool(users))), *users))
    return Section(f"t-{name}", words.bracket(table.title.in_(lang), name), (head, grid, *_computed(words, name, table)))


def _computed(words: Words, name: str, table: Table) -> tuple[Block, ...]:
    """The columns of a table that are computed row by row, and the figures that they look up."""
    if not table.computed:
        return ()
    rows = []
    for column in table.computed:
        unit = "" if column.unit == "1" else words.describer.unit(column.unit)
        note = (Run("\n" + column.note.in_(words.lang), "muted"),) if column.note else ()
        formula = (*plain(words.describer.formula(column.formula)), *note)
        rows.append(Row((plain(column.title.in_(words.lang)), plain(unit), formula, plain(column.clause))))
    keys = (("computed", 26), ("unit", 14), ("formula", 46), ("clause", 14))
    used = {key for (owner, _), column in words.ready.columns.items() if owner == name for key in column.typed.references}
    looked_up = tuple(words.looked_up(key) for key in sorted(used))
    figures = (Fields((Field(words.label("figures"), looked_up),)),) if looked_up else ()
    return (Grid(tuple(Column(words.say(f"column.{key}"), share) for key, share in keys), tuple(rows)), *figures)


# --- what is looked up ------------------------------------------------------------------------------------------------


def references(words: Words) -> tuple[Section, ...]:
    """A section for each reference table that expressions, inputs or row units use."""
    used = {name for expression in words.ready.expressions for name in expression.references}
    tables = words.programme.tables.values()
    definitions: Iterable[Value] = (*words.programme.inputs.values(), *(column for table in tables for column in table.columns))
    used |= {definition.reference for definition in definitions if definition.reference}
    used |= {source.reference for table in tables for source in table.row_units.values()}
    return tuple(_reference(words, table) for name, table in words.programme.references.items() if name in used)


def _reference(words: Words, table: ReferenceTable) -> Section:
    rows = [row for same in table.rows.values() for row in same]
    title = words.bracket(table.title.in_(words.lang), table.name)
    rules = [words.say("match_prefix")] if table.prefix else []
    dated = any((row.since, row.until) != (_FIRST_DAY, _LAST_DAY) for row in rows)
    rules += [words.say("in_force_row")] if dated else []
    head = (Paragraph(plain(words.sentences(rules))),) if rules else ()
    figures = table_figures(table)
    if not table.columns or not numeric_columns(table):
        return Section(f"r-{table.name}", title, (*head, *_code_list(words, table, rows)))
    if all(figure.text is None for figure in figures):
        text = words.say("all_null", count=len(rows), columns=len(numeric_columns(table)))
        return Section(f"r-{table.name}", title, (*head, Paragraph((*words.mark("null"), Run(f" {text}")))))
    if len(rows) > SHORT:
        return Section(f"r-{table.name}", title, (*head, _summary(words, len(rows), figures)))
    return Section(f"r-{table.name}", title, (*head, _rows(words, table, rows, dated)))


def _code_list(words: Words, table: ReferenceTable, rows: list[ReferenceRow]) -> tuple[Block, ...]:
    """The codes of a table without figures; the first ones where there are many."""
    shown = [words.bracket(table.title_of(row.key, words.lang), row.key) for row in rows[:SHORT]]
    codes = words.joined((*shown, "…" if len(rows) > SHORT else ""))
    return (Paragraph(plain(words.say("codes_only", count=len(rows), codes=codes)), small=True),)


def _summary(words: Words, count: int, figures: Iterable[FigureUsed]) -> Paragraph:
    bases = words.joined(_counts(words, figures))
    return Paragraph(plain(words.say("rows", count=count, bases=bases)))


def _counts(words: Words, figures: Iterable[FigureUsed]) -> Iterator[str]:
    """How many figures are known how well."""
    counted = Counter(figure.basis for figure in figures)
    for basis in BASES:
        if counted[basis]:
            yield words.say("figures_of", basis=say(f"statuses.figure_basis.{basis}", words.lang), count=counted[basis])


def _rows(words: Words, table: ReferenceTable, rows: list[ReferenceRow], dated: bool) -> Grid:
    """A short table in full: figures side by side, or one under the other where there are many columns."""
    columns = list(table.columns)
    narrow = len(columns) <= NARROW
    share = min(14, 46 // len(columns)) if narrow else 46
    heads = [Column(words.say("column.code"), 72 - share * len(columns) if narrow else 26)]
    if narrow:
        heads += [Column(_head(words, table, name), share, "right" if name in numeric_columns(table) else "left") for name in columns]
    else:
        heads.append(Column(words.say("column.value"), share))
    heads += [Column(words.say("column.valid"), 20)] * dated
    heads.append(Column(words.say("column.source"), 16))
    found = []
    for row in rows:
        named = row.title.in_(words.lang) if row.title else ""
        code: Text = (*plain(f"{named} " if named else ""), Run(row.key, "code"))
        values = [plain(_cell(row, name)) for name in columns] if narrow else [_listed(words, table, row)]
        days = [plain(_days(words, row))] * dated
        source = (*words.mark(_basis(table, row), row.source.confidence), *words.cite(row.source.refs))
        note = (Run("\n" + row.source.note.in_(words.lang), "muted"),) if row.source.note and row.source.note != _common(rows) else ()
        found.append(Row(((*code, *note), *values, *days, source)))
    return Grid(tuple(heads), tuple(found))


def _common(rows: list[ReferenceRow]) -> object:
    """The note that all rows share, which is the table's."""
    notes = {row.source.note for row in rows}
    return next(iter(notes)) if len(notes) == 1 and len(rows) > 1 else None


def _basis(table: ReferenceTable, row: ReferenceRow) -> str:
    """The basis of a row; that of a row without any known figure is that it is not known."""
    figures = [row.written[name] for name in numeric_columns(table)]
    return "null" if figures and all(text is None for text in figures) else row.source.basis.value


def _head(words: Words, table: ReferenceTable, name: str) -> str:
    column = table.columns[name]
    title = column.title.in_(words.lang)
    return title if column.unit == "1" else words.bracket(title, words.describer.unit(column.unit))


def _cell(row: ReferenceRow, name: str) -> str:
    written = row.written[name]
    return "—" if written is None else f"{written} {row.unit}".strip()


def _listed(words: Words, table: ReferenceTable, row: ReferenceRow) -> Text:
    """The known figures of a row by the names of their columns, and how many are not known."""
    known = [f"{_head(words, table, name)} {_cell(row, name)}" for name in table.columns if row.written[name] is not None]
    unknown = len(table.columns) - len(known)
    return plain(words.describer.listed((*known, words.say("other_null", count=unknown) if unknown else "")))


def _days(words: Words, row: ReferenceRow) -> str:
    since = words.say("cover.since", day=row.since) if row.since != _FIRST_DAY else ""
    until = words.say("cover.until", day=row.until) if row.until != _LAST_DAY else ""
    return words.joined((since, until)) or "—"


# --- rules ------------------------------------------------------------------------------------------------------------


def rules(words: Words) -> tuple[Block, ...]:
    """Every rule: what it says, when, and what it concludes."""
    if not words.programme.rules:
        return ()
    keys = (("clause", 14), ("rule", 34), ("when", 32), ("concludes", 12), ("source", 8))
    rows = [_rule(words, rule) for rule in words.programme.rules]
    return (Grid(tuple(Column(words.say(f"column.{key}"), share) for key, share in keys), tuple(rows)),)


def _rule(words: Words, rule: Rule) -> Row:
    severity = rule.then.nonconformity or _SEVERITIES.get(rule.then.kind, rule.then.kind)
    concludes = say(f"statuses.severity.{severity}", words.lang)
    mark = (*words.mark(rule.source.basis.value, rule.source.confidence), *words.cite(rule.source.refs))
    note = (Run("\n" + rule.source.note.in_(words.lang), "muted"),) if rule.source.note else ()
    said = (Run(rule.text.in_(words.lang)), *note)
    return Row((plain(rule.clause), said, plain(_when(words, rule.when)), plain(concludes), mark))


_SEVERITIES = {"classify": "classification"}


def _when(words: Words, when: str) -> str:
    """A condition in words; what other rules conclude stands by their texts."""
    concluded = {
        rule.then.classify or rule.then.obligation or rule.rule: rule.text.in_(words.lang).rstrip("。.") for rule in words.programme.rules
    }
    return formula_text(when, words.programme, words.lang, lambda name: concluded.get(name) or title_of(name, words.programme, words.lang))
