"""How a programme's values appear in a workbook: kinds of cells, drop-down labels, unit names and unit choices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from engine.dossier.workbook_layout import CODE_SEPARATOR, CODES, DATE, LIST, MONTH, NUMBER, TEXT, Labels
from engine.language.errors import UnitError
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Column, Input, InputType, Table
from engine.texts import say

YES_NO_LIST = "yes_no"
MONTHS_LIST = "months"

_CHOICES = 10
_SYMBOL = re.compile(r"[^\W\d]\w*")
_KINDS = {InputType.DATE: DATE, InputType.MONTH: MONTH, InputType.YES_NO: LIST + YES_NO_LIST}
NUMERIC = (InputType.QUANTITY, InputType.SHARE, InputType.COUNT)


def kind_of(definition: Input | Column, name: str) -> str:
    """What a cell takes for an input or a column; ``name`` tells its own list of choices from others."""
    if definition.type in NUMERIC:
        return NUMBER
    if definition.type is InputType.CHOICE or (definition.type is InputType.CODE and definition.reference is None):
        return f"{LIST}choice.{name}"
    if definition.type is InputType.CODE:
        return f"{LIST}code.{name}"
    if definition.type is InputType.CODES:
        return f"{CODES}codes.{name}"
    return _KINDS.get(definition.type, TEXT)


def yes_no_labels(lang: str) -> Labels:
    """Yes and no."""
    return Labels({"yes": say("workbook.answer.yes", lang), "no": say("workbook.answer.no", lang)})


def answer_labels(lang: str) -> Labels:
    """Every token that an answer may be; readers know the labels as synonyms."""
    tokens = ("yes", "no", "not_applicable", "as_declared")
    return Labels({token: say(f"workbook.answer.{token}", lang) for token in tokens})


def labels_of(definition: Input | Column, programme: Programme, lang: str, table: Table | None = None) -> Labels | None:
    """The labels of a choice, a code or a yes and no; a code that decides the row's unit shows it in brackets."""
    if definition.type is InputType.YES_NO:
        return yes_no_labels(lang)
    if definition.type is InputType.CODES:
        labels = _unique(code_titles(definition, programme, lang))
        return None if any(CODE_SEPARATOR.search(label) for label in labels.codes) else labels
    if definition.type not in (InputType.CHOICE, InputType.CODE):
        return None
    if definition.reference is None:
        return _unique(code_titles(definition, programme, lang))
    labels = reference_labels(definition.reference, programme, lang)
    if table is None or not isinstance(definition, Column):
        return labels
    units = {
        code: unit
        for source in table.row_units.values()
        if source.key == definition.column
        for code, unit in _units_by_code(source.reference, source.column, programme)
    }
    return Labels({code: f"{label} [{units[code]}]" if code in units else label for code, label in labels.labels.items()})


def reference_labels(reference: str, programme: Programme, lang: str) -> Labels:
    """``raw_coal 原煤`` for each code of a reference table."""
    table = programme.references[reference]
    titles = {code: table.title_of(code, lang) for code in table.rows}
    return Labels({code: code if title == code else f"{code} {title}" for code, title in titles.items()})


def code_titles(definition: Input | Column, programme: Programme, lang: str) -> dict[str, str]:
    """The title of each code that an input may take."""
    if definition.reference is None:
        return {code: words.in_(lang) for code, words in definition.choices.items()}
    table = programme.references[definition.reference]
    return {code: table.title_of(code, lang) for code in table.rows}


def _unique(titles: dict[str, str]) -> Labels:
    """Titles as labels; where two codes have one title, the code stands before it."""
    shown = list(titles.values())
    return Labels({code: title if shown.count(title) == 1 else f"{code} {title}" for code, title in titles.items()})


def _units_by_code(reference: str, column: str, programme: Programme) -> Iterator[tuple[str, str]]:
    for code, rows in programme.references[reference].rows.items():
        if isinstance(unit := rows[-1].values.get(column), str):
            yield code, unit


# --- units ---


def shown_unit(unit: str, programme: Programme, lang: str) -> str:
    """A unit text as people read it; empty for pure numbers."""
    if unit == "1":
        return ""
    names = programme.unit_names
    if unit in names:
        return names[unit].in_(lang)
    return _SYMBOL.sub(lambda match: names[match[0]].in_(lang) if match[0] in names else match[0], unit)


def with_unit(title: str, unit: str, lang: str) -> str:
    """``消费量（t）``."""
    if not unit:
        return title
    return f"{title} ({unit})" if lang == "en" else f"{title}（{unit}）"


def depends_on_row(definition: Input | Column, table: Table) -> bool:
    """Whether the column's unit is decided by the row's own code."""
    return bool(table.row_units.keys() & set(_SYMBOL.findall(definition.unit)))


def unit_parameters_used(programme: Programme) -> tuple[str, ...]:
    """The generic units that the dossier has to bind, in the order of the ruleset."""
    symbols = {symbol for unit in _stated_units(programme) for symbol in _SYMBOL.findall(unit)}
    by_row = {name for table in programme.tables.values() for name in table.row_units}
    return tuple(name for name in programme.unit_parameters if name in symbols - by_row)


def unit_choices(asked: str, programme: Programme, bound: Mapping[str, str]) -> list[str]:
    """The unit asked for and others that convert to it, from small to large; none while a generic unit of it is not bound."""
    if asked in ("1", "%", "‰"):
        return ["%"]
    concrete = _SYMBOL.sub(lambda match: bound.get(match[0], match[0]), asked)
    if set(_SYMBOL.findall(concrete)) & programme.unit_parameters.keys():
        return []
    head, slash, rest = concrete.partition("/")
    return [unit + slash + rest for unit in _convertible(head, _candidates(programme), programme)]


def row_unit_choices(definition: Column, table: Table, programme: Programme) -> list[str]:
    """The units that the codes of a table bring, each with others that convert to it."""
    source = next(source for name, source in table.row_units.items() if name in _SYMBOL.findall(definition.unit))
    parameter = next(name for name, other in table.row_units.items() if other is source)
    carried = dict.fromkeys(unit for _, unit in _units_by_code(source.reference, source.column, programme))
    choices = dict.fromkeys(choice for unit in carried for choice in _convertible(unit, _candidates(programme), programme))
    return [definition.unit.replace(parameter, choice) for choice in choices]


def _stated_units(programme: Programme) -> list[str]:
    """The unit of every input, column and indicator."""
    columns = [column.unit for table in programme.tables.values() for column in table.columns]
    return [definition.unit for definition in programme.inputs.values()] + columns + [i.unit for i in programme.indicators.values()]


def _candidates(programme: Programme) -> list[str]:
    parts = [part for unit in (*_stated_units(programme), *programme.unit_names) for part in unit.split("/")]
    sources = [source for table in programme.tables.values() for source in table.row_units.values()]
    carried = [unit for source in sources for _, unit in _units_by_code(source.reference, source.column, programme)]
    return [unit for unit in dict.fromkeys((*parts, *carried)) if unit not in programme.unit_parameters]


def _convertible(asked: str, candidates: Iterable[str], programme: Programme) -> list[str]:
    wanted = _factor(asked, programme)
    if wanted is None:
        return []
    found = {wanted[0]: asked}
    for candidate in candidates:
        size = _factor(candidate, programme)
        if size and size[1] == wanted[1] and wanted[1]:
            found.setdefault(size[0], candidate)
    near = sorted(found, key=lambda factor: abs(_magnitude(factor) - _magnitude(wanted[0])))[:_CHOICES]
    return [found[factor] for factor in sorted(near)]


def _magnitude(factor: Fraction) -> int:
    return len(str(factor.numerator)) - len(str(factor.denominator))


def _factor(unit: str, programme: Programme) -> tuple[Fraction, object] | None:
    try:
        parsed = programme.units.parse(unit)
    except UnitError:
        return None
    return parsed.factor, parsed.dimension
