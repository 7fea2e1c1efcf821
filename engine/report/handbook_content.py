"""A loaded programme as a handbook: cover, how a conclusion comes about, and the order of everything else."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from engine.assess.physics.words import document_text
from engine.assess.sentences import number_text
from engine.report import handbook_data as data
from engine.report import handbook_standing as standing
from engine.report.handbook_checks import checks
from engine.report.handbook_demands import criteria, gates, indicators, points_text
from engine.report.handbook_model import Block, Bullets, Column, Field, Fields, Grid, Handbook, Paragraph, Row, Run, Section, Text, plain
from engine.report.handbook_words import ATTESTED, BASES, Words
from engine.ruleset.listing import index_figures, listed_figures, mark_figure, weight_figure
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Applies, Policy
from engine.texts import say

_ORDINALS = "一二三四五六七八九十"
_HASH_SHOWN = 12


def handbook(programme: Programme, lang: str = "zh") -> Handbook:
    """The handbook of a programme; that of a standard by itself where the programme is bare."""
    words = Words(programme, lang)
    standard, scheme = programme.standard, programme.scheme
    parts = [
        ("conclusion", (), (*_conclusion(words),)),
        ("sheet", _sheet(words), ()),
        ("notes", _notes(words), ()),
        ("gates", gates(words), ()),
        ("criteria", (), criteria(words)),
        ("indicators", indicators(words), ()),
        ("data", data.units(words), data.fill_in(words)),
        ("references", (), data.references(words)),
        ("rules", data.rules(words), ()),
        ("checks", checks(words), ()),
        ("attested", standing.attested(words), ()),
        ("unattested", standing.unattested(words), ()),
        ("sources", standing.sources(words), ()),
    ]
    return Handbook(
        lang=lang,
        kind=" · ".join((words.say("title"), say(f"statuses.subject.{standard.kind}", words.lang))),
        title=(standard if programme.bare else scheme).title.in_(lang),
        subtitle="" if programme.bare else standard.title.in_(lang),
        issuer=(standard.issuer if programme.bare else scheme.owner).in_(lang),
        about=_about(words),
        cover=_cover(words),
        legend=_legend(words),
        sections=tuple(_sections(words, parts)),
    )


def _sections(words: Words, parts: list[tuple[str, tuple[Block, ...], tuple[Section, ...]]]) -> Iterator[Section]:
    """The sections that have something to say, numbered one after the other."""
    held = [part for part in parts if part[1] or part[2]]
    for number, (key, blocks, inner) in enumerate(held, 1):
        ordinal = str(number)
        if words.lang == "zh":
            ordinal = _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{_ORDINALS[-1]}{_ORDINALS[number - len(_ORDINALS) - 1]}"
        title = words.say("heading", ordinal=ordinal, title=words.say(f"section.{key}"))
        yield Section(key, title, blocks, inner)


# --- cover ------------------------------------------------------------------------------------------------------------


def _about(words: Words) -> str:
    programme = words.programme
    origins = [programme.ruleset_identity, *([] if programme.bare else [programme.scheme_identity])]
    hashes = [words.say("hash", id=origin.id, version=origin.version, hash=origin.sha256[:_HASH_SHOWN]) for origin in origins]
    return words.say("about", ruleset=origins[-1].id, hashes="; ".join(hashes) if words.lang == "en" else "；".join(hashes))


def _cover(words: Words) -> Fields:
    programme, lang = words.programme, words.lang
    standard, scheme, settings = programme.standard, programme.scheme, programme.settings
    fields = [
        ("standard", plain(standard.title.in_(lang))),
        ("document", plain(standard.document)),
        ("issuer", plain(standard.issuer.in_(lang))),
        ("in_force", _in_force(words)),
        ("superseded_by", plain(standard.superseded_by or "", "code")),
    ]
    if not programme.bare:
        fields += [
            ("scheme", plain(f"{scheme.title.in_(lang)} · {scheme.document}")),
            ("owner", plain(scheme.owner.in_(lang))),
            ("programme_in_force", _validity(words)),
            ("applies", plain(_applies(words, settings.applies))),
        ]
    counts = {"gates": len(programme.gates), "criteria": len(programme.criteria), "indicators": len(programme.indicators)}
    fields.append(("holds", plain(words.say("cover.counts", rules=len(programme.rules), **counts))))
    fields.append(("attested", plain(_attested(words))))
    return Fields(tuple(Field(words.say(f"cover.{key}"), (text,)) for key, text in fields if text))


def _in_force(words: Words) -> Text:
    validity = words.programme.standard.in_force
    mark = words.mark(validity.source.basis.value, validity.source.confidence) if validity.source else ()
    return (Run(f"{words.days(validity)} "), *mark)


def _validity(words: Words) -> Text:
    validity = words.programme.settings.in_force
    mark = words.mark(validity.source.basis.value, validity.source.confidence) if validity.source else ()
    return (Run(f"{words.days(validity)} "), *mark)


def _applies(words: Words, applies: Applies) -> str:
    sectors = words.say("cover.sectors", codes=words.joined(applies.sectors)) if applies.sectors else ""
    titles = words.programme.references.get("districts")
    named = [titles.title_of(code, words.lang) if titles else code for code in applies.districts]
    return words.joined((sectors, words.say("cover.districts", codes=words.joined(named)) if named else ""))


def _attested(words: Words) -> str:
    found = [listed.figure for listed in listed_figures(words.programme)]
    unattested = sum(not figure.attested_on("") for figure in found)
    if not unattested:
        return words.say("cover.all_attested", count=len(found))
    return words.say("cover.figures", count=len(found), unattested=unattested)


def _legend(words: Words) -> Fields:
    """What each mark means; every mark stands here, also those that this handbook does not use."""
    named = [(say(f"statuses.figure_basis.{basis}", words.lang), words.mark(basis), words.say(f"legend.{basis}")) for basis in BASES]
    tick = words.say("attested_mark")
    ticked = (tick, (Run(tick, mark=ATTESTED),), words.say("legend.attested"))
    fields = [Field(name, ((*mark, Run(f" {text}")),)) for name, mark, text in (*named, ticked)]
    sure = {level: say(f"explain.sure.{level}", words.lang) for level in ("high", "medium", "low")}
    return Fields((*fields, Field("", (plain(words.say("legend.sure", **sure)),))))


# --- how a conclusion comes about -------------------------------------------------------------------------------------


def _conclusion(words: Words) -> Iterator[Section]:
    yield Section("score", words.say("section.score"), tuple(_score(words)))
    yield Section("determination", words.say("section.determination"), tuple(_determination(words)))
    yield Section("choices", words.say("section.choices"), (_choices(words),))
    if words.programme.parameters:
        yield Section("parameters", words.say("section.parameters"), (_parameters(words),))


def _scored(words: Words) -> bool:
    return any(figure.value for figure in words.programme.points.values())


def _score(words: Words) -> Iterator[Block]:
    programme = words.programme
    standard = programme.standard
    scored = _scored(words)
    yield Paragraph(plain(words.say(f"aggregate.{standard.aggregate}" if scored else "aggregate.nothing")))
    if standard.years > 1:
        yield Paragraph(plain(words.say("years", count=standard.years)))
    if scored:
        yield Paragraph(plain(words.say("evidence_first")))
    if programme.dimensions and scored:
        yield _dimensions(words)
    if scored or standard.levels:
        yield from _figure_sources(words)
    if standard.levels:
        yield _levels(words)


def _figure_sources(words: Words) -> Iterator[Block]:
    """Where points and weights come from that state no source of their own."""
    standard = words.programme.standard
    for key, source in (("points", standard.points_source), ("weight", standard.weights_source)):
        if source is not None:
            label = words.say("colon", label=capitalised(say(f"explain.figure.{key}", words.lang)), text="")
            origin = words.origin(source, standard.document, "")
            yield Paragraph((Run(label), *origin, *plain("　" if source.note or source.url else ""), *words.remarks(source)), small=True)


def capitalised(text: str) -> str:
    """A text that begins a line."""
    return text[:1].upper() + text[1:]


def _dimensions(words: Words) -> Grid:
    programme = words.programme
    weighted = any(figure.text is not None for figure in programme.weights.values())
    raw = any(dimension.raw_total and dimension.raw_total.value for dimension in programme.dimensions.values())
    columns = [Column(words.say("column.dimension"), 46), Column(words.say("column.items"), 12, "right")]
    columns += [Column(words.say("column.weight_of_all" if programme.levels else "column.weight"), 18, "right")] * weighted
    indexed = bool(programme.levels)
    columns += [Column(words.say("column.points"), 12, "right")] * (not indexed)
    columns += [Column(words.say("column.raw_total"), 12, "right")] * raw
    rows, total = [], Fraction(0)
    for name, dimension in programme.dimensions.items():
        members = [key for key, criterion in programme.criteria.items() if criterion.dimension == name]
        points = sum((programme.points[key].value or Fraction(0) for key in members), Fraction(0))
        total += points
        title = " ".join(filter(None, (dimension.number, dimension.title.in_(words.lang))))
        cells: list[Text] = [plain(title), plain(str(len(members)))]
        weight = programme.weights[name]
        cells += [words.alone(weight_figure(programme, name)) if weight.text is not None else ()] * weighted
        cells += [plain(number_text(points) if points else words.say("not_scored"))] * (not indexed)
        cells += [plain((dimension.raw_total.value if dimension.raw_total else "") or "")] * raw
        rows.append(Row(tuple(cells)))
    weights = sum((figure.value or Fraction(0) for figure in programme.weights.values()), Fraction(0))
    last: list[Text] = [plain(words.say("column.total")), plain(str(len(programme.criteria)))]
    last += (
        [plain(number_text(weights))] * weighted
        + [plain("" if programme.standard.aggregate == "weighted" else number_text(total))] * (not indexed)
        + [()] * raw
    )
    return Grid(tuple(columns), (*rows, Row(tuple(last), "total")))


def _levels(words: Words) -> Grid:
    programme, lang = words.programme, words.lang
    heads = (Column(words.say("tiers"), 40), Column(words.say("takes"), 25, "right"), Column(words.say("floor"), 35))
    rows = [
        Row((plain(level.title.in_(lang)), words.alone(index), plain(level.floor or "—")))
        for level, index in zip(programme.standard.levels, index_figures(programme), strict=True)
    ]
    return Grid(heads, tuple(rows))


def _determination(words: Words) -> Iterator[Block]:
    programme, settings = words.programme, words.programme.settings
    if not programme.levels:
        known = programme.mark.text is not None
        yield Paragraph((Run(words.say("mark")), *words.alone(mark_figure(programme))) if known else plain(words.say("no_mark")))
    if settings.mark_places is not None:
        yield Paragraph(plain(words.say("mark_places", places=settings.mark_places)))
    if settings.tiers:
        heads = (Column(words.say("tiers"), 60), Column(words.say("takes"), 40, "right"))
        rows = [Row((plain(tier.title.in_(words.lang)), plain(tier.mark.value or "—"))) for tier in settings.tiers]
        yield Grid(heads, tuple(rows))
    yield Paragraph(plain(words.say("order_bare" if programme.bare else "order")))
    columns = (Column("", 6, "right"), Column(words.say("column.outcome"), 24), Column(words.say("first_of"), 70))
    lines = [(line.outcome, [c for c in line.any_of if _possible(programme, c)]) for line in settings.determination]
    rows = []
    for number, (outcome, conditions) in enumerate((line for line in lines if line[1]), 1):
        said = words.describer.listed(words.say(f"condition.{condition}") for condition in conditions)
        rows.append(Row((plain(str(number)), plain(say(f"statuses.outcome.{outcome}", words.lang), "strong"), plain(said))))
    yield Grid(columns, tuple(rows))


def _possible(programme: Programme, condition: str) -> bool:
    """Whether a condition can hold at all: each speaks of something that the programme has to have."""
    has = {
        "level": bool(programme.levels),
        "levels": bool(programme.levels),
        "mark": not programme.levels,
        "year": programme.standard.years > 1,
        "gate": bool(programme.gates),
        "veto": any(rule.then.veto for rule in programme.rules),
        "floor": bool(programme.floors),
        "proxy": bool(programme.precheck_only),
        "required": any(criterion.kind == "required" for criterion in programme.criteria.values()),
    }
    if programme.bare and programme.mark.value is None and condition in ("below_mark", "mark_open", "at_mark"):
        return False
    return all(has.get(word, True) for word in condition.split("_"))


def _choices(words: Words) -> Grid:
    """What scheme and ruleset chose where the texts are silent."""
    programme, lang = words.programme, words.lang
    rows = []
    policies: list[tuple[str, str, Policy | None]] = [
        ("na_policy", "", programme.settings.na_policy),
        ("class_policy", "class_", programme.settings.class_policy),
    ]
    for name, prefix, policy in policies:
        if policy is not None:
            origin = words.origin(policy.source, programme.scheme.document, "")
            rows.append(Row((plain(words.say(f"policy.{name}")), plain(words.say(f"policy.{prefix}{policy.value}")), origin)))
    for reading in programme.standard.readings:
        origin = words.origin(reading.source, programme.standard.document, "")
        rows.append(Row((plain(reading.title.in_(lang)), plain(reading.text.in_(lang)), origin)))
    heads = (Column(words.say("column.choice"), 24), Column(words.say("column.value"), 46), Column(words.say("column.source"), 30))
    return Grid(heads, tuple(rows))


def _parameters(words: Words) -> Grid:
    programme = words.programme
    rows = []
    for name, parameter in programme.parameters.items():
        figure = programme.parameter_figures[name]
        unit = "" if parameter.unit == "1" else words.describer.unit(parameter.unit)
        place = " ".join(filter(None, (document_text(figure.document, words.lang), figure.clause)))
        cells = (
            plain(parameter.title.in_(words.lang)),
            words.alone(words.ready.parameters[name]),
            plain(unit),
            plain(place),
            words.used_by(name),
        )
        rows.append(Row(cells))
    keys = (("title", 28, "left"), ("value", 14, "right"), ("unit", 12, "left"), ("source", 28, "left"), ("used_by", 18, "left"))
    return Grid(tuple(Column(words.say(f"column.{key}"), share, align) for key, share, align in keys), tuple(rows))


# --- the sheet --------------------------------------------------------------------------------------------------------


def _sheet(words: Words) -> tuple[Block, ...]:
    """Every criterion in a row, by dimension."""
    programme = words.programme
    if not programme.criteria:
        return ()
    rows = []
    for name, dimension in programme.dimensions.items():
        members = [key for key, criterion in programme.criteria.items() if criterion.dimension == name]
        title = " ".join(filter(None, (dimension.number, dimension.title.in_(words.lang))))
        rows += [Row((plain(title),), "group")] if members else []
        rows += [_sheet_row(words, key) for key in members]
    points = words.say("column.in_class" if programme.levels else "column.points")
    keys = (("number", 14), ("title", 36), ("kind", 12), ("method", 21))
    columns = (*(Column(words.say(f"column.{key}"), share) for key, share in keys), Column(points, 17, "right"))
    return (Grid(columns, tuple(rows)),)


def _sheet_row(words: Words, name: str) -> Row:
    criterion = words.programme.criteria[name]
    kind = words.joined((say(f"statuses.kind.{criterion.kind}", words.lang), words.describer.say("limiting") if criterion.limiting else ""))
    method = say(f"statuses.method.{criterion.method.method}", words.lang)
    title = criterion.title.in_(words.lang)
    return Row(((words.linked(name),), plain(title), plain(kind), plain(method), points_text(words, name)))


def _notes(words: Words) -> tuple[Block, ...]:
    programme = words.programme
    notes = [*programme.standard.notes, *([] if programme.bare else programme.scheme.notes)]
    return (Bullets(tuple(plain(note.in_(words.lang)) for note in notes)),) if notes else ()
