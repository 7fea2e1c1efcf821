"""A small ruleset world for the tests of the language: units, names, tables, and a dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from engine.language import (
    CodeSet,
    Day,
    Env,
    InvalidExpression,
    Month,
    Number,
    ReferenceType,
    Text,
    Truth,
    Type,
    Unit,
    Units,
    Unknown,
    check,
)
from engine.language import compile_expr as compiled
from engine.language.types import Scope

F = Fraction
UNITS = Units(yaml.safe_load((Path(__file__).parent / "units.yaml").read_text(encoding="utf-8")))


def number(unit: str) -> Number:
    return Number(UNITS.parse(unit).dimension)


class TestScope(Scope):
    __test__ = False

    names: Mapping[str, Type] = {
        "a": number("1"), "b": number("1"), "c": number("1"), "p": Truth(), "q": Truth(), "r": Truth(), "word": Text(),
        "codes": CodeSet(), "energy_total": number("tce"), "power": number("kWh"), "site.area": number("m2"),
        "site.buildings": number("m2"), "site.structures": number("m2"), "output": number("t"), "key_user": Truth(),
        "quota.level_1": number("tce/t"), "用地面积": number("m2"), "begun": Day(), "ended": Day(), "first_month": Month(),
        "last_month": Month(),
    }  # fmt: skip
    tables: Mapping[str, Mapping[str, Type]] = {
        "energy": {
            "carrier": Text(), "amount": number("kWh"), "tce": number("tce"), "factor": number("tce/kWh"), "sold": Truth(), "x": Number(),
        },
        "product": {"name": Text(), "output": number("t")},
    }  # fmt: skip
    references: Mapping[str, ReferenceType] = {
        "quotas": ReferenceType((Text(), Number()), {"level_1": number("tce/t"), "scope": Text()}),
    }
    criteria = frozenset({"energy.intensity", "energy.online_monitoring"})

    def name_type(self, name: str) -> Type | None:
        return self.names.get(name)

    def table_columns(self, table: str) -> Mapping[str, Type] | None:
        return self.tables.get(table)

    def reference(self, table: str) -> ReferenceType | None:
        return self.references.get(table)

    def status_name(self, name: str) -> bool:
        return name in self.criteria

    def candidates(self) -> Iterable[str]:
        columns = (f"{table}.{column}" for table, names in self.tables.items() for column in names)
        return (*self.names, *self.tables, *columns, *self.references, *self.criteria)


SCOPE = TestScope()


def env(values: Mapping[str, Any] | None = None, *, energy: Any = None, product: Any = None, **statuses: str) -> Env:
    rows = {("steel", F(2020)): {"level_1": F(3, 100), "scope": "all"}}
    tables = {name: table for name, table in (("energy", energy), ("product", product)) if table is not None}

    def lookup(table: str, keys: tuple[Any, ...], column: str) -> Any:
        from engine.language import unknown

        return rows[keys][column] if keys in rows else unknown("no_benchmark", table)

    return Env(values or {}, tables, lookup, lambda name: statuses.get(name.replace(".", "_"), "undetermined"), 2024)


def value(text: str, environment: Env | None = None, **values: Any) -> Any:
    return compiled(check(text, SCOPE, UNITS))(environment or env(values))


def errors(text: str, expected: Type | Unit | None = None) -> list[tuple[str, int]]:
    try:
        check(text, SCOPE, UNITS, expected)
    except InvalidExpression as refused:
        return [(error.code, error.position) for error in refused.errors]
    return []


def causes(found: Any) -> list[tuple[str, str]]:
    assert isinstance(found, Unknown), found
    return [(cause.code, cause.name) for cause in found.causes]
