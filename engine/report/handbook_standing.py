"""How well a ruleset is known: what somebody attested, what nobody did, and the sources that the handbook refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.report.handbook_model import Block, Column, Grid, Paragraph, Row, Run, Text, plain
from engine.report.handbook_words import Words, anchor_of
from engine.ruleset.figures import FigureUsed, figure_used
from engine.ruleset.listing import listed_figures

_TEXT = ""
"""The name of what is no figure but the text of an element."""


def attested(words: Words) -> tuple[Block, ...]:
    """Every figure that somebody attested: who, when, against what, and until when that counts."""
    rows = []
    for figure, element, _, unit in listed_figures(words.programme):
        if figure.attestation is not None:
            name = _name(words, figure)
            text = " · ".join((words.describer.title(element), name)) if element else name
            value = f"{_value(words, figure)} {words.describer.unit(unit) if unit else ''}".strip()
            cells = ((Run(text, target=_anchor(words, element)),), (Run(f"{value} "), *words.marked(figure)))
            rows.append(Row((*cells, plain(words.describer.attested(figure.attestation)))))
    keys = (("item", 38), ("value", 22), ("attestation", 40))
    return (Grid(tuple(Column(words.say(f"column.{key}"), share) for key, share in keys), tuple(rows)),) if rows else ()


def _value(words: Words, figure: FigureUsed) -> str:
    """The text of a figure; nothing of a reading or a policy, whose words stand where it is described."""
    return "" if _is_choice(words, figure) else words.describer.figure_value(figure)


def _is_choice(words: Words, figure: FigureUsed) -> bool:
    readings = {reading.reading for reading in words.programme.standard.readings}
    return figure.key in readings or figure.name in ("na_policy", "class_policy")


def _anchor(words: Words, element: str) -> str:
    """The anchor of an element that has an entry; nothing for a dimension."""
    programme = words.programme
    return anchor_of(element) if element in programme.gates or element in programme.criteria or element in programme.indicators else ""


def unattested(words: Words) -> tuple[Block, ...]:
    """Every text and figure that no final determination may rest on, by what it belongs to."""
    rows = [*_figures(words), *_rules(words), *_looked_up(words)]
    if not rows:
        return (Paragraph(plain(words.say("nothing_unattested"))),)
    keys = (("item", 34), ("what", 44), ("source", 22))
    grid = Grid(tuple(Column(words.say(f"column.{key}"), share) for key, share in keys), tuple(rows))
    return (Paragraph(plain(words.say("unattested_intro"))), grid)


def _figures(words: Words) -> Iterator[Row]:
    """A row for each element with all of its figures and its text, and one for each figure that stands by itself."""
    programme = words.programme
    listed = [found for found in listed_figures(programme) if found.figure.name.partition("[")[0] not in programme.references]
    for found in listed:
        if not found.element:
            yield from _row(words, plain(_name(words, found.figure)), [found.figure])
    for name in programme.dimensions:
        yield from _row(words, plain(programme.title(name, words.lang)), [found.figure for found in listed if found.element == name])
    demands = {**programme.gates, **programme.criteria}
    for name in (*demands, *programme.indicators):
        figures = [found.figure for found in listed if found.element == name]
        if name in demands:
            document = words.describer.document(name)
            figures.insert(0, figure_used(_TEXT, "", demands[name].source, document, demands[name].clause))
        points = programme.points.get(name)
        if points is not None and points.text is None and name not in programme.indexed:
            figures.append(points.used_as("points"))
        yield from _row(words, (Run(words.describer.title(name), target=anchor_of(name)),), figures)


def _name(words: Words, figure: FigureUsed) -> str:
    """What people call a figure that stands by itself: a reading, a policy, the mark, an index, a parameter."""
    programme, lang = words.programme, words.lang
    reading = next((reading for reading in programme.standard.readings if reading.reading == figure.key), None)
    if reading is not None:
        return reading.title.in_(lang)
    level = figure.name.removeprefix("index[").removesuffix("]")
    name = programme.tier_title(level, lang) or words.describer.figure_name(figure.name)
    return name[:1].upper() + name[1:]


def _row(words: Words, named: Text, figures: Iterable[FigureUsed]) -> Iterator[Row]:
    """A row for what is not attested among some figures; none where all are."""
    open_ = [figure for figure in figures if not figure.attested_on("")]
    if open_:
        said = words.listed(_open(words, figure) for figure in open_)
        places = dict.fromkeys(" ".join(filter(None, (figure.document, figure.clause))) for figure in open_)
        yield Row((named, said, plain(words.joined(places))))


def _open(words: Words, figure: FigureUsed) -> Text:
    """One figure with its mark; a text, a formula, a reading or a policy by what it is."""
    if figure.name == _TEXT:
        label = words.say("requirement_text")
    elif figure.name == "formula":
        label = words.say("formula")
    elif _is_choice(words, figure):
        label = words.say("column.choice")
    else:
        return words.figure(figure, figure.document, figure.clause)
    return (Run(f"{label} "), *words.marked(figure))


def _rules(words: Words) -> Iterator[Row]:
    programme = words.programme
    for rule in programme.rules:
        document = (programme.scheme if rule.rule in programme.local else programme.standard).document
        yield from _row(words, plain(rule.text.in_(words.lang)), [figure_used(_TEXT, "", rule.source, document, rule.clause)])


def _looked_up(words: Words) -> Iterator[Row]:
    """Reference tables whose figures expressions look up, counted by how well they are known."""
    programme = words.programme
    by_table: dict[str, list[FigureUsed]] = {}
    for found in listed_figures(programme):
        table = found.figure.name.partition("[")[0]
        if table in programme.references and not found.figure.attested_on(""):
            by_table.setdefault(table, []).append(found.figure)
    for name, figures in by_table.items():
        looked_up = programme.references[name]
        named = (Run(words.say("unattested_table", table=looked_up.title.in_(words.lang)), target=f"r-{name}"),)
        yield Row((named, words.counted(figures), plain(looked_up.document)))


def sources(words: Words) -> tuple[Block, ...]:
    """What each number in square brackets refers to."""
    if not words.cited:
        return ()
    rows = [
        Row((plain(f"[{number}]"), plain(words.programme.sources.get(key, key)), plain(key, "code"))) for key, number in words.cited.items()
    ]
    heads = (Column("", 8), Column(words.say("column.source"), 70), Column(words.say("column.key"), 22))
    return (Grid(heads, tuple(rows)),)
