"""The types of values, and what a ruleset tells the checker about its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.language.units import Dimension, Units


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number in base units of a dimension; shares, years and counts have none."""

    dimension: Dimension = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """Yes, no, or unknown."""


@dataclass(frozen=True, slots=True)
class Text:
    """A code or other text, compared exactly."""


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day as ISO text, so that days are in order as texts are."""


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month as ISO text."""


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A set of codes, asked with ``in``."""


Type = Number | Truth | Text | Day | Month | CodeSet


@dataclass(frozen=True, slots=True)
class ReferenceType:
    """A reference table: the types of its keys in order, and of its columns."""

    keys: tuple[Type, ...]
    columns: Mapping[str, Type]


class Scope(Protocol):
    """What names mean in one ruleset."""

    def name_type(self, name: str) -> Type | None:
        """The type of an input, indicator or conclusion; None where there is no such name."""

    def table_columns(self, table: str) -> Mapping[str, Type] | None:
        """The columns of an input table; None where there is no such table."""

    def reference(self, table: str) -> ReferenceType | None:
        """The shape of a reference table; None where there is no such table."""

    def status_name(self, name: str) -> bool:
        """Whether the name has a status (a criterion or gate)."""

    def candidates(self) -> Iterable[str]:
        """Every name, table, column (``table.column``), reference table and status name, to suggest a spelling from."""


def show_type(kind: Type, units: Units) -> str:
    """A type as an error names it, in both languages; numbers with the base unit of their dimension."""
    match kind:
        case Number(dimension):
            return f"数值 number [{units.describe(dimension)}]"
        case Truth():
            return "是非 truth"
        case Text():
            return "文字 text"
        case Day():
            return "日期 date"
        case Month():
            return "月份 month"
    return "代码集 code set"
