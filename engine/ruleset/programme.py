"""A programme: one scheme applied to one standard edition, composed and ready to assess.

Composition is static: what the standard holds, what the scheme adds (``local``) and sets over it, each element under its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from engine.language import Units
from engine.problems import Where
from engine.ruleset.attestations import AttestedFigure, attestation_of
from engine.ruleset.bare import BARE
from engine.ruleset.choice import edition_of
from engine.ruleset.figures import FigureUsed, SetFigure
from engine.ruleset.library import RuleFile
from engine.ruleset.parts import Part
from engine.ruleset.references import ReferenceTable
from engine.ruleset.schema import (
    Check,
    Column,
    Computed,
    Criterion,
    Dimension,
    Gate,
    Indicator,
    Input,
    Parameter,
    Rule,
    Scheme,
    Slip,
    Standard,
    Table,
    Words,
)
from engine.ruleset.schema import Programme as Settings


@dataclass(frozen=True, slots=True)
class Origin:
    """Which ruleset file took part: id, version and content hash."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """Everything one assessment needs, by id and in the order of the standard, then of the scheme.

    ``shared`` names the checks that common files bring; ``files`` are those that took part, the scheme's own first.
    """

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
    parts: tuple[Part, ...] = ()
    part_of: Mapping[str, Part] = field(default_factory=dict)
    slips: Mapping[str, Slip] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    files: tuple[RuleFile, ...] = ()

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
        return tuple(name for name in self.criteria if name not in self.local) if self.levels else ()

    @property
    def one_of_several(self) -> bool:
        """Whether the scheme has further programmes of the same kind, so that a dossier says which standard it is for."""
        return sum(settings.programme == self.settings.programme for settings in self.scheme.programmes) > 1

    @property
    def edition(self) -> str:
        """The name of its standard without the kind."""
        return edition_of(self.settings)

    @property
    def precheck_only(self) -> tuple[str, ...]:
        """Why meeting everything is no more than a pre-check, as codes: an analogue, figures that are not all there, proxies."""
        standard = self.standard
        found = ["analogue"] if standard.layer == "analogue" else []
        found += [standard.readiness] if standard.readiness in ("partial", "skeleton") else []
        return (*found, "proxies") if any(part.role == "proxy" for part in self.parts) else tuple(found)

    @property
    def floors(self) -> frozenset[str]:
        """The elements of mandatory floors that take part: a product that misses one is not eligible at all."""
        return frozenset(name for name, part in self.part_of.items() if part.is_floor)

    def document_of(self, name: str) -> str:
        """The document that an element comes from: the scheme's, that of a standard taking part, or the standard's."""
        if name in self.local:
            return self.scheme.document
        return (self.part_of[name].standard if name in self.part_of else self.standard).document

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
        for group in (
            self.criteria,
            self.gates,
            self.indicators,
            self.inputs,
            self.tables,
            self.dimensions,
            self.parameters,
            self.checks,
            self.slips,
        ):
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

        What is no element goes by a path: ``/determination``, ``/mark``, ``/tiers[0]``, ``/na_policy``, ``/applies``, ``/references/x``,
        ``/points/x`` and ``/weights/x`` where the scheme sets them.
        """
        return self.places.get(element, Where(path=element))
