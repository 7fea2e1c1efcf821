"""The rules of rounds as data: what an office may choose about ranking, publishing and certifying, each choice with its provenance.

They are a kind of document of their own beside standards and schemes, in ``rulesets/rounds/<id>.yaml``, with an id, a version and
a content hash, because a round freezes them as it freezes its scheme.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, StringConstraints, model_validator

from engine.located import Key, Located
from engine.problems import ProblemList, Refused
from engine.rounds.surveillance.rules import load_surveillance, surveillance_names, whole
from engine.ruleset.figures import SEEN
from engine.ruleset.library import RuleFile, hash_of, is_file_name, load_scheme, load_standard, scheme_ids, shown_path
from engine.ruleset.load import load_model
from engine.ruleset.schema import Model, Scheme, Source, Text, Word, Words

Kind = Literal["green_factory", "green_park", "green_product", "green_supply_chain", "cleaner_production"]
Year = Annotated[int, Field(ge=1990, le=2100)]
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


class Kinds(Model):
    """The kinds of programme under which applications may be handed in."""

    value: Annotated[tuple[Kind, ...], Field(min_length=1)]
    source: Source


class Count(Model):
    """A whole number, at least one: of days, years, applications or people."""

    value: Annotated[int, Field(ge=1)]
    source: Source


class Headcount(Model):
    """How many people there have to be; there may be none."""

    value: Annotated[int, Field(ge=0)]
    source: Source


class QuotaOf(Model):
    """The measure of the plan that is the quota of a kind."""

    kind: Kind
    measure: Word


class Column(Model):
    """A column of the plan and the years that it counts, both included."""

    column: Word
    since: Year
    until: Year

    @model_validator(mode="after")
    def _in_order(self) -> Column:
        if self.since > self.until:
            raise ValueError("round_years_reversed")
        return self


class Dash(Model):
    """What it means that the plan states no figure for a district."""

    value: Literal["zero", "no_limit"]
    source: Source


class Unused(Model):
    """Whether places that a district has no applicants for stay unused or go to the next in line of the other districts."""

    value: Literal["stays", "passed_on"]
    source: Source


class Quotas(Model):
    """Where quotas come from and what becomes of them. A kind that is not named has no limit."""

    by: tuple[QuotaOf, ...]
    columns: tuple[Column, ...]
    source: Source
    dash: Dash
    unused: Unused

    def column(self, year: int) -> Column | None:
        """The narrowest column that counts a year, the first of several; None where there is none."""
        covering = [column for column in self.columns if column.since <= year <= column.until]
        return min(covering, key=lambda column: column.until - column.since, default=None)


class Breaker(Model):
    """One way of breaking a tie, with what it prefers in words. Without ``kinds`` it is for all of them."""

    by: Literal["dimension", "major", "undetermined", "handed_in"]
    dimension: Word | None = None
    kinds: tuple[Kind, ...] = ()
    title: Words
    source: Source

    @property
    def id(self) -> str:
        """Its name: ``major``, ``dimension.performance``."""
        return f"{self.by}.{self.dimension}" if self.dimension else self.by

    @model_validator(mode="after")
    def _dimension_named(self) -> Breaker:
        if (self.by == "dimension") != (self.dimension is not None):
            raise ValueError("round_breaker_dimension")
        return self


class Unbroken(Model):
    """What becomes of those still tied across the edge of a quota: the office decides, or all of them are within."""

    value: Literal["undecided", "all"]
    source: Source


class Ties(Model):
    """How ties are broken, in this order, and what happens to those that are left."""

    breakers: tuple[Breaker, ...]
    unbroken: Unbroken

    def of_kind(self, kind: str) -> tuple[Breaker, ...]:
        """Those that apply to a kind, in order."""
        return tuple(breaker for breaker in self.breakers if not breaker.kinds or kind in breaker.kinds)


class Numbering(Model):
    """How certificates are numbered: ``{kind}`` stands for the letters of the kind, ``{serial}`` for a number with so many digits."""

    pattern: Text
    letters: dict[Kind, Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,6}$")]]
    digits: Annotated[int, Field(ge=1, le=9)]
    source: Source

    @model_validator(mode="after")
    def _tells_apart(self) -> Numbering:
        """Two certificates never get the same number: kind, year and serial are each there once, and nothing else varies."""
        bare = _PLACEHOLDER.sub("", self.pattern)
        if sorted(_PLACEHOLDER.findall(self.pattern)) != ["kind", "serial", "year"] or "{" in bare or "}" in bare:
            raise ValueError("round_number_pattern")
        if len(set(self.letters.values())) < len(self.letters):
            raise ValueError("round_number_letters")
        return self


class RoundRules(Model):
    """The rules of the rounds of one scheme; ``plan`` names the quota figures, ``surveillance`` what holds after the issue."""

    rounds: Word
    version: Text
    scheme: Word
    plan: Word | None = None
    surveillance: Word | None = None
    title: Words
    document: Text
    owner: Words
    kinds: Kinds
    quotas: Quotas
    ties: Ties
    publicity_days: Count
    validity_years: Count
    third_party_yearly_limit: Count
    reviewers: Headcount
    experts: Headcount
    certificate_numbers: Numbering
    sources: dict[str, str] = Field(default={})
    notes: tuple[Words, ...] = ()

    def certificate_number(self, kind: str, year: int, serial: int) -> str:
        """The number of the ``serial``-th certificate of a kind in a year. The kind is one of those taken."""
        numbers = self.certificate_numbers
        parts = {
            "kind": next(letters for of, letters in numbers.letters.items() if of == kind),
            "year": str(year),
            "serial": str(serial).zfill(numbers.digits),
        }
        return _PLACEHOLDER.sub(lambda found: parts[found[1]], numbers.pattern)


class RoundFigure(NamedTuple):
    """A choice of the rules by its place in them, as text, and where it comes from."""

    key: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class LoadedRoundRules:
    """Rules of rounds, located for Problems, with the file they came from."""

    rules: RoundRules
    located: Located
    file: RuleFile

    @property
    def sha256(self) -> str:
        """The hash of their content, wherever the library lies."""
        return hash_of((self.file,))


def round_rules_ids(root: Path) -> list[str]:
    """The ids of all rules of rounds in the library, sorted."""
    return sorted(path.stem for path in (root / "rounds").glob("*.yaml"))


def load_round_rules(name: str | Path, root: Path, problems: ProblemList) -> LoadedRoundRules | None:
    """Read the rules of rounds by their id or their file; None where they have errors, all of which are in ``problems``."""
    path = Path(name) if is_file_name(name) else root / "rounds" / f"{name}.yaml"
    shown = shown_path(path, root)
    rules, located = load_model(path, RoundRules, problems, shown)
    if rules is None:
        return None
    _check(rules, located, path, problems)
    scheme = _scheme(rules, root, located, problems)
    if scheme is not None:
        _check_against(scheme, rules, root, located, problems)
    if rules.surveillance is not None:
        _check_surveillance(rules.surveillance, rules, root, located, problems)
    if problems.has_errors:
        return None
    inside = path.is_relative_to(root)
    name_inside = path.relative_to(root).as_posix() if inside else path.name
    return LoadedRoundRules(rules, located, RuleFile(path, name_inside, inside, path.read_bytes()))


def _check(rules: RoundRules, located: Located, path: Path, problems: ProblemList) -> None:
    """What the form of the file cannot show."""
    if rules.rounds != path.stem:
        problems.error("round_rules_id", located.where(("rounds",)), stated=rules.rounds, file=path.stem)
    lists: tuple[tuple[tuple[str, ...], Iterable[str]], ...] = (
        (("kinds", "value"), rules.kinds.value),
        (("quotas", "by"), (quota.kind for quota in rules.quotas.by)),
        (("quotas", "columns"), (column.column for column in rules.quotas.columns)),
        (("ties", "breakers"), (breaker.id for breaker in rules.ties.breakers)),
    )
    for at, names in lists:
        seen: set[str] = set()
        for i, name in enumerate(names):
            if name in seen:
                problems.error("round_named_twice", located.where((*at, i)), name=name)
            seen.add(name)
    known = ", ".join(rules.kinds.value)
    places: list[tuple[tuple[Key, ...], str]] = [(("quotas", "by", i, "kind"), quota.kind) for i, quota in enumerate(rules.quotas.by)]
    places += [(("ties", "breakers", i, "kinds"), kind) for i, breaker in enumerate(rules.ties.breakers) for kind in breaker.kinds]
    places += [(("certificate_numbers", "letters", letters), letters) for letters in rules.certificate_numbers.letters]
    for at_kind, named in places:
        if named not in rules.kinds.value:
            problems.error("round_kind_not_taken", located.where(at_kind), kind=named, known=known)
    for kind in rules.kinds.value:
        if kind not in rules.certificate_numbers.letters:
            problems.error("round_letters_missing", located.where(("certificate_numbers", "letters")), kind=kind)
    for place, ref in _refs(located.data, ()):
        if ref not in rules.sources:
            problems.error("round_source_unknown", located.where(place), ref=ref, known=", ".join(rules.sources) or "—")


def _refs(data: Any, path: tuple[Key, ...]) -> Iterator[tuple[tuple[Key, ...], str]]:
    """Every reference to a source, with its place."""
    if isinstance(data, dict):
        for key, child in data.items():
            if key == "refs":
                yield from (((*path, key, i), ref) for i, ref in enumerate(child))
            else:
                yield from _refs(child, (*path, key))
    elif isinstance(data, list):
        for i, child in enumerate(data):
            yield from _refs(child, (*path, i))


def _scheme(rules: RoundRules, root: Path, located: Located, problems: ProblemList) -> Scheme | None:
    if rules.scheme not in scheme_ids(root):
        known = ", ".join(scheme_ids(root)) or "—"
        problems.error("round_scheme_unknown", located.where(("scheme",)), name=rules.scheme, known=known)
        return None
    loaded = load_scheme(rules.scheme, root, problems)
    return loaded.scheme if loaded else None


def _check_against(scheme: Scheme, rules: RoundRules, root: Path, located: Located, problems: ProblemList) -> None:
    """The kinds are those of the scheme, and a dimension that breaks ties is one that something of its kinds is scored by."""
    offered = {programme.programme for programme in scheme.programmes}
    for i, kind in enumerate(rules.kinds.value):
        if kind not in offered:
            where = located.where(("kinds", "value", i))
            problems.error("round_kind_unknown", where, kind=kind, scheme=scheme.scheme, known=", ".join(sorted(offered)))
    for i, breaker in enumerate(rules.ties.breakers):
        if breaker.dimension is None:
            continue
        dimensions: set[str] = set()
        for programme in scheme.programmes:
            if programme.programme in (breaker.kinds or rules.kinds.value):
                standard = load_standard(programme.standard, root, problems)
                dimensions |= {
                    dimension.dimension for dimension in (*programme.dimensions, *(standard.standard.dimensions if standard else ()))
                }
        if breaker.dimension not in dimensions:
            where = located.where(("ties", "breakers", i, "dimension"))
            problems.error("round_dimension_unknown", where, name=breaker.dimension, known=", ".join(sorted(dimensions)) or "—")


def _check_surveillance(name: str, rules: RoundRules, root: Path, located: Located, problems: ProblemList) -> None:
    """The rules of surveillance exist, are for every kind that is taken, and state the same validity."""
    where, known = located.where(("surveillance",)), surveillance_names(root)
    if name not in known:
        problems.error("round_surveillance_unknown", where, name=name, known=", ".join(known) or "—")
        return
    try:
        found = load_surveillance(name, root)
    except Refused as refused:
        problems.extend(refused.problems)
        return
    if lacking := [kind for kind in rules.kinds.value if kind not in found.kinds]:
        problems.error("round_surveillance_kinds", where, name=name, kinds=", ".join(lacking))
    months, years = whole(found.term.months), rules.validity_years.value
    if months is not None and months != 12 * int(years):
        problems.error("round_surveillance_term", where, name=name, months=months, years=years)


def quota_places(
    rules: RoundRules, kind: str, year: int, figures: Mapping[str, Mapping[str, int | None]], certified: Mapping[str, int]
) -> dict[tuple[str, str], int | None]:
    """The places of every district in a round of a year, None where there is no limit.

    ``figures`` holds by district the plan's figures of the kind's measure by column, ``certified`` how many the district has
    certified already in the years that the column counts (:meth:`Quotas.column`); there are never fewer places than none. A district
    is left out where no column counts the year: then no quota is stated.
    """
    if all(quota.kind != kind for quota in rules.quotas.by):
        return {(kind, district): None for district in figures}
    column = rules.quotas.column(year)
    places: dict[tuple[str, str], int | None] = {}
    for district, stated in figures.items() if column else ():
        assert column is not None
        figure = stated.get(column.column)
        if figure is None and rules.quotas.dash.value == "no_limit":
            places[kind, district] = None
        else:
            places[kind, district] = max(0, (figure or 0) - certified.get(district, 0))
    return places


def round_figures(rules: RoundRules) -> tuple[RoundFigure, ...]:
    """Every choice of the rules with its source, in the order of the file."""
    quotas, ties, numbers = rules.quotas, rules.ties, rules.certificate_numbers
    counts = ("publicity_days", "validity_years", "third_party_yearly_limit", "reviewers", "experts")
    return (
        RoundFigure("kinds", ", ".join(rules.kinds.value), rules.kinds.source),
        RoundFigure("quotas.by", ", ".join(f"{quota.kind}: {quota.measure}" for quota in quotas.by), quotas.source),
        RoundFigure("quotas.dash", quotas.dash.value, quotas.dash.source),
        RoundFigure("quotas.unused", quotas.unused.value, quotas.unused.source),
        *(RoundFigure(f"ties.breakers.{breaker.id}", str(i), breaker.source) for i, breaker in enumerate(ties.breakers, 1)),
        RoundFigure("ties.unbroken", ties.unbroken.value, ties.unbroken.source),
        *(RoundFigure(name, str(getattr(rules, name).value), getattr(rules, name).source) for name in counts),
        RoundFigure("certificate_numbers", numbers.pattern, numbers.source),
    )


def unattested_figures(rules: RoundRules) -> tuple[RoundFigure, ...]:
    """The choices that were not read in a document: what is decided by them says so."""
    return tuple(figure for figure in round_figures(rules) if figure.source.basis != SEEN)
