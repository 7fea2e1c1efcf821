"""What changes cost: the user's own figures from a YAML file, and default weights where it is silent.

A cost is a number of any unit (money, days, effort); null stands for a change that cannot be made.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.dossier.schema import Dossier
from engine.language import NumberError, UnitError, parse_number
from engine.located import Key, Located, read
from engine.problems import ProblemList
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Source, Words

EFFORT = Path(__file__).with_name("effort.yaml")
KINDS = ("evidence", "renewal", "fact", "naming", "answer", "value", "shared", "state", "judgement")
"""What is priced: the kinds of change, and apart from other values those that several items rest on (areas, output)."""

CENT = Fraction(1, 100)
"""Costs are whole multiples of this, rounded up: they are compared as integers."""

IMPOSSIBLE = "impossible"
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Price:
    """What a change costs: a fixed part, ``per`` one base unit that a value moves, and ``relative`` to what the value is now."""

    fixed: Fraction
    per: Fraction = ZERO
    relative: Fraction = ZERO

    def of(self, before: Fraction | None = None, after: Fraction | None = None) -> Fraction:
        """The cost of a change; of one from value to value (in base units) where they are given. A value from nothing is all new."""
        return -(-self.exact(before, after) // CENT) * CENT

    def exact(self, before: Fraction | None = None, after: Fraction | None = None) -> Fraction:
        """The same before it is rounded up."""
        moved = ZERO if after is None else abs(after - (before or ZERO))
        share = ZERO if not moved else (moved / abs(before) if before else Fraction(1))
        return self.fixed + self.per * moved + self.relative * share


@dataclass(frozen=True, slots=True)
class Costs:
    """Prices by kind of change and by item, None where a change is impossible; ``source`` says whose default weights took part."""

    unit: Words
    kinds: Mapping[str, Price | None]
    items: Mapping[str, Price | None] = field(default_factory=dict)
    source: Source | None = None

    def price(self, kind: str, item: str) -> Price | None:
        """The price of a change at an item."""
        return self.items[item] if item in self.items else self.kinds[kind]

    def states(self, item: str) -> bool:
        """Whether the user priced this very item."""
        return item in self.items


@lru_cache(maxsize=1)
def default_costs() -> Costs:
    """The default weights, with their provenance."""
    problems = ProblemList()
    located = read(EFFORT, problems, EFFORT.name)
    costs = _Reader(located, problems, None, frozenset()).costs(None)
    problems.refuse_if_errors()
    return replace(costs, source=Source.model_validate(located.data["source"]))


def read_costs(path: Path, programme: Programme, dossier: Dossier) -> Costs:
    """Read a file of costs for one dossier. Raises Refused with every mistake at its line."""
    problems = ProblemList()
    located = read(path, problems)
    problems.refuse_if_errors()
    names = {*programme.gates, *programme.criteria, *programme.inputs, *(document.id for document in dossier.evidence)}
    costs = _Reader(located, problems, programme, frozenset(names), dict(dossier.units)).costs(default_costs())
    problems.refuse_if_errors()
    return costs


class _Reader:
    def __init__(
        self,
        located: Located,
        problems: ProblemList,
        programme: Programme | None,
        names: frozenset[str],
        units: Mapping[str, str] | None = None,
    ) -> None:
        self.located, self.problems, self.programme, self.names = located, problems, programme, names
        self.units = units or {}
        demands = (*programme.gates.values(), *programme.criteria.values()) if programme else ()
        ids = (*programme.gates, *programme.criteria) if programme else ()
        self.numbers = {demand.number: name for name, demand in zip(ids, demands, strict=True) if demand.number}

    def costs(self, default: Costs | None) -> Costs:
        data = self.located.data
        if not isinstance(data, dict):
            self.problems.error("costs_form", self.located.where())
            data = {}
        self.known(data, ("unit", "kinds", "items", *(("source",) if default is None else ())), ())
        kinds = dict(default.kinds) if default else {}
        items: dict[str, Price | None] = {}
        for kind, raw in self.mapping(data, "kinds").items():
            if self.known((kind,), KINDS, ("kinds",)):
                kinds[kind] = self.price(raw, ("kinds", kind), "")
        for name, raw in self.mapping(data, "items").items():
            item = self.numbers.get(name, name)
            if self.known((item,), self.names, ("items",)):
                items[item] = self.price(raw, ("items", name), item)
        unit = self.unit(data.get("unit")) or (default.unit if default else Words(zh="—", en="—"))
        whole = default is None or set(self.mapping(data, "kinds")) >= set(KINDS)
        return Costs(unit, kinds, items, None if whole or default is None else default.source)

    def known(self, given: Iterable[str], names: Iterable[str], at: tuple[Key, ...]) -> bool:
        """Whether all names are among those there are; others are reported with the nearest."""
        names = tuple(names)
        wrong = [name for name in given if name not in names]
        for name in wrong:
            close = ", ".join(difflib.get_close_matches(name, names, 3)) or (", ".join(names) if len(names) <= len(KINDS) else "—")
            self.problems.error("cost_name_unknown", self.located.where((*at, name)), name=name, suggestion=close)
        return not wrong

    def mapping(self, data: Mapping[str, Any], key: str) -> dict[str, Any]:
        found = data.get(key)
        if found is None or isinstance(found, dict):
            return found or {}
        self.problems.error("costs_form", self.located.where((key,)))
        return {}

    def unit(self, raw: Any) -> Words | None:
        if isinstance(raw, str) and raw:
            return Words(zh=raw, en=raw)
        if isinstance(raw, dict) and set(raw) == {"zh", "en"} and all(isinstance(text, str) and text for text in raw.values()):
            return Words(zh=raw["zh"], en=raw["en"])
        if raw is not None:
            self.problems.error("cost_unit_form", self.located.where(("unit",)))
        return None

    def price(self, raw: Any, at: tuple[Key, ...], item: str) -> Price | None:
        """A number, ``impossible``, or the parts of the price of moving a value."""
        if raw == IMPOSSIBLE:
            return None
        if not isinstance(raw, dict):
            return Price(self.number(raw, at))
        self.known(raw, ("fixed", "per", "unit", "relative"), at)
        fixed, per, relative = (self.number(raw[name], (*at, name)) if name in raw else ZERO for name in ("fixed", "per", "relative"))
        return Price(fixed, per / self.factor(raw.get("unit"), (*at, "unit"), item) if per else ZERO, relative)

    def number(self, raw: Any, at: tuple[Key, ...]) -> Fraction:
        try:
            found = parse_number(raw) if isinstance(raw, str) else None
        except NumberError:
            found = None
        if found is None or found < 0:
            self.problems.error("cost_not_a_number", self.located.where(at), text=raw)
            return ZERO
        return found

    def factor(self, raw: Any, at: tuple[Key, ...], item: str) -> Fraction:
        """How many base units one stated unit is; that of the input itself where none is stated."""
        if self.programme is None or item not in self.programme.inputs:
            self.problems.error("cost_per_without_value", self.located.where(at[:-1]))
            return Fraction(1)
        slot = self.programme.inputs[item].unit
        try:
            return self.programme.units.convert_for_slot(Fraction(1), raw or "", slot, self.units) or Fraction(1)
        except UnitError as err:
            self.problems.error(err.code, self.located.where(at), **err.params)
            return Fraction(1)
