"""A programme: one scheme applied to one standard edition, composed and ready to assess.

Composition is static: what the standard holds, what the scheme adds (``local``) and sets over it, each element under its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from engine.ruleset.attestations import AttestedFigure, attestation_of, attested_figures
from engine.ruleset.figures import FigureUsed, SetFigure
from engine.ruleset.references import ReferenceTable, build_reference
from engine.ruleset.schema import (
    Column,
    Common,
    Computed,
    Contents,
    Criterion,
    Dimension,
    Figure,
    Gate,
    IndexLevel,
    Indicator,
    Input,
    Parameter,
    Reference,
    Rule,
    Scheme,
    Source,
    Standard,
    Table,
    Words,
)
from engine.ruleset.schema import Programme as Settings

BARE = "bare"
"""The scheme under which a standard stands by itself."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which ruleset file took part: id, version and content hash."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """Everything one assessment needs, by id and in the order of the standard, then of the scheme."""

    scheme: Scheme
    settings: Settings
    standard: Standard
    ruleset_identity: Origin
    scheme_identity: Origin
    units: Units
    unit_parameters: Mapping[str, Words]
    unit_names: Mapping[str, Words]
    inputs: Mapping[str, Input]
    tables: Mapping[str, Table]
    parameters: Mapping[str, Parameter]
    references: Mapping[str, ReferenceTable]
    indicators: Mapping[str, Indicator]
    gates: Mapping[str, Gate]
    dimensions: Mapping[str, Dimension]
    criteria: Mapping[str, Criterion]
    rules: tuple[Rule, ...]
    local: frozenset[str]
    points: Mapping[str, SetFigure]
    weights: Mapping[str, SetFigure]
    levels: Mapping[str, SetFigure]
    parameter_figures: Mapping[str, SetFigure]
    mark: SetFigure
    attested: Mapping[str, tuple[AttestedFigure, ...]]
    sources: Mapping[str, str]
    places: Mapping[str, Where]

    @property
    def bare(self) -> bool:
        """Whether a standard stands by itself here, under no scheme of the library."""
        return self.scheme_identity.id == BARE and self.scheme_identity.sha256 == self.ruleset_identity.sha256

    def points_of(self, criterion: str) -> Fraction:
        """The most points the criterion can earn; the linter has made sure that there are some."""
        value = self.points[criterion].value
        assert value is not None, criterion
        return value

    @property
    def indexed(self) -> tuple[str, ...]:
        """The criteria that enter the indices of a standard with levels: those of the standard itself."""
        return tuple(name for name in self.criteria if self.levels and name not in self.local)

    def tier_title(self, tier: str | None, lang: str = "zh") -> str:
        """What people call a tier of the scheme or a level of the standard; nothing where there is none."""
        named = [(found.tier, found.title) for found in self.settings.tiers]
        named += [(found.level, found.title) for found in self.standard.levels]
        return next((title.in_(lang) for name, title in named if name == tier), "")

    def attestable(self, figure: FigureUsed, key: str) -> FigureUsed:
        """A figure with the key it is attested under, and the attestation of its value if there is one."""
        return replace(figure, key=key, attestation=attestation_of(self.attested, key, figure.text))

    def title(self, name: str, lang: str = "zh") -> str:
        """What people call an element; a column is ``table.column``, of a dossier's table or of a reference table."""
        for group in (self.criteria, self.gates, self.indicators, self.inputs, self.tables, self.dimensions, self.parameters):
            if name in group:
                return group[name].title.in_(lang)
        table, _, column = name.partition(".")
        if table in self.tables:
            columns: dict[str, Column | Computed] = {found.column: found for found in self.tables[table].columns}
            columns |= {found.column: found for found in self.tables[table].computed}
            if column in columns:
                return columns[column].title.in_(lang)
        if table in self.references:
            reference = self.references[table]
            of_column = f"·{reference.columns[column].title.in_(lang)}" if column in reference.columns else ""
            return reference.title.in_(lang) + of_column
        return name

    def where(self, element: str) -> Where:
        """The place in the ruleset files where an element is defined.

        What is no element goes by a path: ``/determination``, ``/mark``, ``/tiers[0]``, ``/na_policy``, ``/applies``, ``/references/x``.
        """
        return self.places.get(element, Where(path=element))


def compose_programme(scheme: str | Path, kind: str, problems: ProblemList, root: Path | None = None) -> Programme | None:
    """Read and compose the programme of a scheme for a kind; None where any file has errors, all of them in ``problems``."""
    root = root or library.rulesets_root()
    loaded = library.load_scheme(scheme, root, problems)
    if loaded is None:
        return None
    index = next((i for i, p in enumerate(loaded.scheme.programmes) if p.programme == kind), None)
    if index is None:
        known = ", ".join(p.programme for p in loaded.scheme.programmes)
        problems.error("kind_not_in_scheme", loaded.located.where(("programmes",)), kind=kind, known=known)
        return None
    settings = loaded.scheme.programmes[index]
    standard = library.load_standard(settings.standard, root, problems, loaded.located.where(("programmes", index, "standard")))
    if standard is None:
        return None
    if standard.standard.kind != kind:
        problems.error("kind_differs", loaded.located.where(("programmes", index, "standard")), kind=kind, found=standard.standard.kind)
    common = library.load_common(settings.uses, root, loaded.located, ("programmes", index), problems)
    composer = _Composer(loaded, settings, ("programmes", index), standard, (*standard.common, *common), problems)
    programme = composer.compose()
    return None if problems.has_errors else programme


def compose_standard(name: str | Path, problems: ProblemList, root: Path | None = None) -> Programme | None:
    """A standard (id or file) on its own, under a bare programme without mark or local additions: what lint and examples of it use."""
    root = root or library.rulesets_root()
    standard = library.load_standard(name, root, problems)
    if standard is None:
        return None
    scheme = _bare_scheme(standard.standard)
    loaded = library.LoadedScheme(scheme, Located(str(name)), standard.sha256)
    composer = _Composer(loaded, scheme.programmes[0], (), standard, standard.common, problems)
    programme = composer.compose()
    return None if problems.has_errors else programme


def _bare_scheme(standard: Standard) -> Scheme:
    policy = {"value": "renormalise", "source": {"basis": "policy"}}
    open_ = ["gate_open", "veto_open", "required_open", "mark_open", "year_open", "level_open"]
    lines = [
        {"outcome": "not_eligible", "any_of": ["gate_not_met", "veto"]},
        {"outcome": "fails", "any_of": ["required_not_met", "below_mark", "below_levels"]},
        {"outcome": "incomplete", "any_of": open_},
        {"outcome": "eligible", "any_of": ["at_level"]},
        {"outcome": "scored", "any_of": ["no_mark"]},
    ]
    programme = {
        "programme": standard.kind,
        "standard": standard.ruleset,
        "in_force": standard.in_force,
        "na_policy": policy,
        "class_policy": policy if standard.levels else None,
        "determination": lines,
    }
    return Scheme.model_validate(
        {
            "scheme": BARE,
            "version": standard.version,
            "title": standard.title,
            "document": standard.document,
            "issuer": standard.issuer,
            "owner": standard.issuer,
            "programmes": [programme],
        }
    )


_LISTS = {
    "inputs": "input",
    "tables": "table",
    "parameters": "parameter",
    "indicators": "indicator",
    "gates": "gate",
    "dimensions": "dimension",
    "criteria": "criterion",
}


@lru_cache(maxsize=16)
def _units_of(definitions: tuple[str, ...]) -> Units:
    """Units of the same definitions are the same; resolving them is slow, so they are kept for the process."""
    return Units(definitions)


class _Composer:
    """Lays the scheme over the standard, reporting names that clash or overlay nothing."""

    def __init__(
        self,
        loaded: library.LoadedScheme,
        settings: Settings,
        at: tuple[str | int, ...],
        standard: library.LoadedStandard,
        common: tuple[library.LoadedCommon, ...],
        problems: ProblemList,
    ) -> None:
        self.loaded, self.settings, self.at = loaded, settings, at
        self.loaded_standard, self.standard = standard, standard.standard
        self.common = {loaded.common.common: loaded for loaded in common}.values()
        self.problems = problems
        self.places: dict[str, Where] = {}
        self.local: set[str] = set()

    def compose(self) -> Programme | None:
        elements: dict[str, dict[str, Any]] = {group: {} for group in _LISTS}
        rules: list[Rule] = []
        parts: list[tuple[Contents | Common, Located, tuple[str | int, ...]]] = [
            (self.standard, self.loaded_standard.located, ()),
            *((loaded.common, loaded.located, ()) for loaded in self.common),
            (self.settings, self.loaded.located, self.at),
        ]
        for contents, located, at in parts:
            for group, key in _LISTS.items():
                self._add(elements[group], group, key, contents, located, at)
            if isinstance(contents, Contents):
                rules += self._rules(contents, located, at)
        self.places |= {f"/{part}": self._at(part) for part in ("determination", "mark", "na_policy", "applies")}
        self.places |= {f"/tiers[{i}]": self._at("tiers", i) for i in range(len(self.settings.tiers))}
        self.places |= {f"/levels[{i}]": self.loaded_standard.located.where(("levels", i)) for i in range(len(self.standard.levels))}
        self.places["/class_policy"] = self._at("class_policy")
        points = {name: self._points(criterion) for name, criterion in elements["criteria"].items()}
        self._check_overlays(elements)
        units = self._units()
        if units is None:
            return None
        return Programme(
            scheme=self.loaded.scheme,
            settings=self.settings,
            standard=self.standard,
            ruleset_identity=Origin(self.standard.ruleset, self.standard.version, self.loaded_standard.sha256),
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
            **elements,
        )

    def _at(self, *path: str | int) -> Where:
        return self.loaded.located.where((*self.at, *path))

    def _add(
        self, found: dict[str, Any], group: str, key: str, contents: Contents | Common, located: Located, at: tuple[str | int, ...]
    ) -> None:
        for i, element in enumerate(getattr(contents, group, ())):
            name = getattr(element, key)
            where = located.where((*at, group, i, key))
            if name in self.places:
                self.problems.error("name_taken", where, name=name, first=self.places[name])
                continue
            self.places[name] = where
            found[name] = element
            if contents is self.settings:
                self.local.add(name)

    def _rules(self, contents: Contents, located: Located, at: tuple[str | int, ...]) -> list[Rule]:
        for i, rule in enumerate(contents.rules):
            where = located.where((*at, "rules", i, "rule"))
            if rule.rule in self.places:
                self.problems.error("name_taken", where, name=rule.rule, first=self.places[rule.rule])
            self.places[rule.rule] = where
            if contents is self.settings:
                self.local.add(rule.rule)
        return list(contents.rules)

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
        places: list[tuple[tuple[Reference, ...], Located, tuple[str | int, ...]]] = [
            *((loaded.common.references, loaded.located, ()) for loaded in self.common),
            (self.standard.references, self.loaded_standard.located, ()),
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
                tables[reference.reference] = build_reference(reference, units, where, self.problems, lines)
        return tables

    def _sources(self) -> dict[str, str]:
        """What each key that sources refer by stands for; the standard's own words go before those of shared files."""
        named = [loaded.common.sources for loaded in self.common] + [self.loaded.scheme.sources, self.standard.sources]
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
        local = criterion.criterion in self.local
        source = self._scheme_source() if local else self.standard.points_source
        document = self._scheme_document() if local else self.standard.document
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
        local = overlay is not None or parameter.parameter in self.local
        source = self._scheme_source() if local else self.standard.points_source
        document = self._scheme_document() if local else self.standard.document
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

    def _scheme_document(self) -> str:
        return self.loaded.scheme.document

    def _scheme_source(self) -> Source:
        return self.settings.na_policy.source

    def _check_overlays(self, elements: Mapping[str, Mapping[str, object]]) -> None:
        for group, known in (("points", "criteria"), ("weights", "dimensions"), ("set_parameters", "parameters")):
            for name in getattr(self.settings, group):
                if name not in elements[known]:
                    self.problems.error("overlays_nothing", self._at(group, name), name=name, group=group)
