"""How a programme is composed: a scheme laid over a standard edition, and over the standards that take part beside it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.language import Units
from engine.language.errors import UnitError, shorten
from engine.language.numbers import parse_number
from engine.located import Located
from engine.problems import ProblemList, Where
from engine.ruleset import library
from engine.ruleset.attestations import attested_figures
from engine.ruleset.bare import bare_scheme
from engine.ruleset.choice import programme_index
from engine.ruleset.figures import SetFigure
from engine.ruleset.parts import Part, combined_hash, load_parts
from engine.ruleset.programme import Origin, Programme
from engine.ruleset.references import ReferenceTable, build_reference
from engine.ruleset.schema import (
    Common,
    Contents,
    Criterion,
    Dimension,
    Figure,
    IndexLevel,
    Parameter,
    Reference,
    Rule,
    Source,
    Standard,
)
from engine.ruleset.schema import Programme as Settings


def compose_programme(
    scheme: str | Path, kind: str, problems: ProblemList, root: Path | None = None, standard: str = "", *, index: int | None = None
) -> Programme | None:
    """Read and compose the programme of a scheme for a kind; None where any file has errors, all of them in ``problems``.

    Where the scheme has several of the kind, ``standard`` (its id, or the edition's name alone) or their ``index`` says which.
    """
    root = root or library.rulesets_root()
    loaded = library.load_scheme(scheme, root, problems)
    if index is None and loaded is not None:
        index = programme_index(loaded, kind, standard, "", problems)
    if loaded is None or index is None:
        return None
    settings, at = loaded.scheme.programmes[index], ("programmes", index)
    main = library.load_standard(settings.standard, root, problems, loaded.located.where((*at, "standard")))
    if main is None:
        return None
    if main.standard.kind != kind:
        problems.error("kind_differs", loaded.located.where((*at, "standard")), kind=kind, found=main.standard.kind)
    further = [(name, loaded.located.where((*at, "includes", i))) for i, name in enumerate(settings.includes)]
    parts = load_parts(main, further, root, problems)
    common = library.load_common(settings.uses, root, loaded.located, at, problems)
    composer = _Composer(loaded, settings, at, main, parts, common, problems)
    programme = composer.compose()
    return None if problems.has_errors else programme


def compose_standard(name: str | Path, problems: ProblemList, root: Path | None = None) -> Programme | None:
    """A standard (id or file) on its own, under a bare programme without mark or local additions: what lint and examples of it use."""
    root = root or library.rulesets_root()
    standard = library.load_standard(name, root, problems)
    if standard is None:
        return None
    scheme = bare_scheme(standard.standard)
    parts = load_parts(standard, (), root, problems)
    loaded = library.LoadedScheme(scheme, Located(str(name)), combined_hash(standard, parts))
    composer = _Composer(loaded, scheme.programmes[0], (), standard, parts, (), problems)
    programme = composer.compose()
    return None if problems.has_errors else programme


_LISTS = {
    "inputs": "input",
    "tables": "table",
    "parameters": "parameter",
    "indicators": "indicator",
    "gates": "gate",
    "dimensions": "dimension",
    "criteria": "criterion",
    "slips": "slip",
    "checks": "check",
}


_NO_POINTS = Figure(value="0")
_DESCRIBES = {"title", "note", "source"}
"""What may differ between two elements that are the same in an assessment."""


@lru_cache(maxsize=16)
def _units_of(definitions: tuple[str, ...]) -> Units:
    """Units of the same definitions are the same; resolving them is slow, so they are kept for the process."""
    return Units(definitions)


def _same(one: Any, other: Any) -> bool:
    return bool(type(one) is type(other) and one.model_dump(exclude=_DESCRIBES) == other.model_dump(exclude=_DESCRIBES))


class _Composer:
    """Lays the scheme over the standard, reporting names that clash or overlay nothing."""

    def __init__(
        self,
        loaded: library.LoadedScheme,
        settings: Settings,
        at: tuple[str | int, ...],
        standard: library.LoadedStandard,
        parts: tuple[Part, ...],
        common: tuple[library.LoadedCommon, ...],
        problems: ProblemList,
    ) -> None:
        self.loaded, self.settings, self.at = loaded, settings, at
        self.loaded_standard, self.standard, self.parts = standard, standard.standard, parts
        every = (*standard.common, *(loaded for part in parts for loaded in part.loaded.common), *common)
        self.common = {loaded.common.common: loaded for loaded in every}.values()
        self.problems = problems
        self.places: dict[str, Where] = {}
        self.local: set[str] = set()
        self.part_of: dict[str, Part] = {}

    def compose(self) -> Programme | None:
        elements: dict[str, dict[str, Any]] = {group: {} for group in _LISTS}
        rules: list[Rule] = []
        rules += self._take(elements, self.standard, self.loaded_standard.located, ())
        self._take_common_gates(elements["gates"], self.standard, None)
        for part in self.parts:
            rules += self._take_part(elements, part)
        for common in self.common:
            self._take_lists(elements, common.common, common.located, ())
        rules += self._take(elements, self.settings, self.loaded.located, self.at)
        self.places |= {f"/{part}": self._at(part) for part in ("determination", "mark", "na_policy", "applies")}
        self.places |= {f"/tiers[{i}]": self._at("tiers", i) for i in range(len(self.settings.tiers))}
        self.places |= {f"/levels[{i}]": self.loaded_standard.located.where(("levels", i)) for i in range(len(self.standard.levels))}
        self.places["/class_policy"] = self._at("class_policy")
        for group in ("points", "weights"):
            self.places |= {f"/{group}/{name}": self._at(group, name) for name in getattr(self.settings, group)}
        points = {name: self._points(criterion) for name, criterion in elements["criteria"].items()}
        self._check_overlays(elements)
        units = self._units()
        if units is None:
            return None
        return Programme(
            scheme=self.loaded.scheme,
            settings=self.settings,
            standard=self.standard,
            ruleset_identity=Origin(self.standard.ruleset, self.standard.version, combined_hash(self.loaded_standard, self.parts)),
            scheme_identity=Origin(self.loaded.scheme.scheme, self.loaded.scheme.version, self.loaded.sha256),
            units=units,
            unit_parameters={name: words for loaded in self.common for name, words in loaded.common.unit_parameters.items()},
            unit_names={name: words for loaded in self.common for name, words in loaded.common.unit_names.items()},
            references=self._references(units),
            rules=tuple(rules),
            local=frozenset(self.local),
            points=points,
            weights={name: self._weight(dimension) for name, dimension in elements["dimensions"].items()},
            levels={level.level: self._level(level, i) for i, level in enumerate(self.standard.levels)},
            parameter_figures={name: self._parameter(parameter, units) for name, parameter in elements["parameters"].items()},
            mark=self._set_figure(self.settings.mark, self._scheme_source(), self._scheme_document(), "", self._at("mark")),
            attested=attested_figures(self.loaded.attestations, self.settings.standard),
            sources=self._sources(),
            places=self.places,
            parts=self.parts,
            part_of=self.part_of,
            shared=frozenset(check.check for loaded in self.common for check in loaded.common.checks),
            files=self._files(),
            **elements,
        )

    def _at(self, *path: str | int) -> Where:
        return self.loaded.located.where((*self.at, *path))

    def _take(
        self, elements: dict[str, dict[str, Any]], contents: Contents, located: Located, at: tuple[str | int, ...], part: Part | None = None
    ) -> list[Rule]:
        """Add what a standard or the scheme holds; its rules are given back."""
        self._take_lists(elements, contents, located, at, part)
        return self._rules(contents, located, at)

    def _take_lists(
        self,
        elements: dict[str, dict[str, Any]],
        contents: Contents | Common,
        located: Located,
        at: tuple[str | int, ...],
        part: Part | None = None,
    ) -> None:
        """Add what stands in the lists of a file; the gates of a common file are taken one by one, where they are named."""
        for group, key in _LISTS.items():
            if group == "gates" and isinstance(contents, Common):
                continue
            for i, element in enumerate(getattr(contents, group, ())):
                where = located.where((*at, group, i, key))
                self._add(elements[group], getattr(element, key), element, where, part, contents is self.settings)

    def _take_part(self, elements: dict[str, dict[str, Any]], part: Part) -> list[Rule]:
        """Add what a standard that takes part holds, its criteria under one heading; a proxy asks for no gates."""
        standard = part.standard
        heading = standard.ruleset.rpartition("/")[2]
        criteria = tuple(criterion.model_copy(update={"dimension": heading, "points": _NO_POINTS}) for criterion in standard.criteria)
        gates = () if part.role == "proxy" else standard.gates
        dimensions = (Dimension(dimension=heading, title=standard.title),) if criteria else ()
        held = standard.model_copy(update={"criteria": criteria, "gates": gates, "dimensions": dimensions})
        rules = self._take(elements, held, part.loaded.located, (), part)
        if part.role == "included":
            self._take_common_gates(elements["gates"], standard, part)
        return rules

    def _take_common_gates(self, found: dict[str, Any], standard: Standard, part: Part | None) -> None:
        """Add the gates that a standard takes from the common files."""
        loaded = self.loaded_standard if part is None else part.loaded
        stated = {gate.gate: (gate, held, i) for held in self.common for i, gate in enumerate(held.common.gates)}
        for i, name in enumerate(standard.common_gates):
            if name not in stated:
                where = loaded.located.where(("common_gates", i))
                self.problems.error("common_gate_unknown", where, name=name, known=", ".join(stated) or "—")
                continue
            gate, held, at = stated[name]
            self._add(found, name, gate, held.located.where(("gates", at, "gate")), part, False)

    def _add(self, found: dict[str, Any], name: str, element: Any, where: Where, part: Part | None, local: bool) -> None:
        """Add an element; what standards that take part hold in the same form as another is one and the same."""
        if name in self.places:
            if part is None or name not in found or not _same(found[name], element):
                self.problems.error("name_taken", where, name=name, first=self.places[name])
            return
        self.places[name] = where
        found[name] = element
        if local:
            self.local.add(name)
        if part is not None:
            self.part_of[name] = part

    def _rules(self, contents: Contents, located: Located, at: tuple[str | int, ...]) -> list[Rule]:
        for i, rule in enumerate(contents.rules):
            where = located.where((*at, "rules", i, "rule"))
            if rule.rule in self.places:
                self.problems.error("name_taken", where, name=rule.rule, first=self.places[rule.rule])
            self.places[rule.rule] = where
            if contents is self.settings:
                self.local.add(rule.rule)
        return list(contents.rules)

    def _files(self) -> tuple[library.RuleFile, ...]:
        """Every file once, the scheme's own first; where a standard stands by itself, the standard's."""
        taken = (*self.loaded.files, *self.loaded_standard.files, *(file for part in self.parts for file in part.loaded.files))
        return tuple({file.path: file for file in taken}.values())

    def _units(self) -> Units | None:
        """The units of all common files; None where a definition is wrong, which spoils every other."""
        units = _units_of(tuple(dict.fromkeys(line for loaded in self.common for line in loaded.common.units)))
        names = [line.partition("=")[0].strip() for loaded in self.common for line in loaded.common.units]
        try:
            for name in names:
                units.parse(name)
        except UnitError as err:
            self.problems.error(err.code, self._definition(err.params["text"]), **err.params)
            return None
        return units

    def _definition(self, text: str) -> Where:
        """Where a unit is defined, by its definition or one of its spellings."""
        for loaded in self.common:
            for i, line in enumerate(loaded.common.units):
                if text in (shorten(line), *(part.strip() for part in line.split("="))):
                    return loaded.located.where(("units", i))
        return Where(path=text)

    def _references(self, units: Units) -> dict[str, ReferenceTable]:
        tables: dict[str, ReferenceTable] = {}
        generic = frozenset(name for loaded in self.common for name in loaded.common.unit_parameters)
        places: list[tuple[tuple[Reference, ...], Located, tuple[str | int, ...]]] = [
            *((loaded.common.references, loaded.located, ()) for loaded in self.common),
            (self.standard.references, self.loaded_standard.located, ()),
            *((part.standard.references, part.loaded.located, ()) for part in self.parts),
            (self.settings.references, self.loaded.located, self.at),
        ]
        for references, located, at in places:
            for i, reference in enumerate(references):
                path = (*at, "references", i)
                where, key = located.where((*path, "reference")), f"/references/{reference.reference}"
                if key in self.places:
                    self.problems.error("name_taken", where, name=reference.reference, first=self.places[key])
                    continue
                self.places[key] = where
                lines = [located.where((*path, "rows", row)).line for row in range(len(reference.rows))]
                tables[reference.reference] = build_reference(reference, units, where, self.problems, lines, generic)
        return tables

    def _sources(self) -> dict[str, str]:
        """What each key that sources refer by stands for; the standard's own words go before those of shared files."""
        named = [loaded.common.sources for loaded in self.common] + [self.loaded.scheme.sources]
        named += [standard.sources for standard in (*(part.standard for part in self.parts), self.standard)]
        return {key: text for sources in named for key, text in sources.items()}

    def _level(self, level: IndexLevel, index: int) -> SetFigure:
        where = self.places[f"/levels[{index}]"]
        return self._set_figure(level.index, self.standard.points_source, self.standard.document, "", where)

    def _points(self, criterion: Criterion) -> SetFigure:
        """The points of a criterion; where levels are assessed, as many as there are: the best level counts that many, none nothing."""
        if self.standard.levels and criterion.criterion not in self.local:
            return SetFigure(Fraction(len(self.standard.levels)), None, criterion.source, self.standard.document, criterion.clause)
        overlay = self.settings.points.get(criterion.criterion)
        if overlay is not None:
            where = self._at("points", criterion.criterion)
            return self._set_figure(overlay, self._scheme_source(), self._scheme_document(), criterion.clause, where)
        source, document = self._origin(criterion.criterion)
        return self._set_figure(criterion.points, source, document, criterion.clause, self.places[criterion.criterion])

    def _weight(self, dimension: Dimension) -> SetFigure:
        overlay = self.settings.weights.get(dimension.dimension)
        if overlay is not None:
            return self._set_figure(overlay, self._scheme_source(), self._scheme_document(), "", self._at("weights", dimension.dimension))
        source = self.standard.weights_source or self.standard.points_source
        figure = dimension.weight or Figure(value=None)
        return self._set_figure(figure, source, self.standard.document, "", self.places[dimension.dimension])

    def _parameter(self, parameter: Parameter, units: Units) -> SetFigure:
        overlay = self.settings.set_parameters.get(parameter.parameter)
        figure = overlay or parameter.figure
        source, document = self._origin(parameter.parameter if overlay is None else "")
        where = self.places[parameter.parameter] if overlay is None else self._at("set_parameters", parameter.parameter)
        plain = self._set_figure(figure, source, document, parameter.clause or "", where)
        if plain.value is None:
            return plain
        try:
            factor = units.parse(parameter.unit).factor
        except UnitError as err:
            self.problems.error(err.code, where, **err.params)
            return plain
        return SetFigure(plain.value * factor, plain.text, plain.source, plain.document, plain.clause)

    def _set_figure(self, figure: Figure, source: Source, document: str, clause: str, where: Where) -> SetFigure:
        source = figure.source or source
        value = None
        if figure.value is not None:
            try:
                value = parse_number(figure.value)
            except ValueError:
                self.problems.error("figure_not_a_number", where, value=figure.value)
        return SetFigure(value, figure.value, source, source.document or document, source.clause or clause)

    def _origin(self, name: str) -> tuple[Source, str]:
        """The source and the document of what an element does not state itself; those of the scheme where it sets it (no name)."""
        if not name or name in self.local:
            return self._scheme_source(), self._scheme_document()
        standard = self.part_of[name].standard if name in self.part_of else self.standard
        return standard.points_source, standard.document

    def _scheme_document(self) -> str:
        return self.loaded.scheme.document

    def _scheme_source(self) -> Source:
        return self.settings.na_policy.source

    def _check_overlays(self, elements: Mapping[str, Mapping[str, object]]) -> None:
        for group, known in (("points", "criteria"), ("weights", "dimensions"), ("set_parameters", "parameters")):
            for name in getattr(self.settings, group):
                if name not in elements[known]:
                    self.problems.error("overlays_nothing", self._at(group, name), name=name, group=group)
