"""The official structures of reports, as data: which form fits an assessment, its sections, and what stands in each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Words = dict[str, str]
_ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the official structure: its title by language, and the names of its parts in order."""

    title: _Words
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One official structure. ``issued_by`` stands on the cover where the form has an issuer, ``labels`` are its own names of fields.

    ``applicant`` are the fields that its table of basic information asks for, filled or not.
    """

    form: str
    basis: str
    kinds: tuple[str, ...]
    standards: tuple[str, ...]
    applicant: tuple[str, ...]
    sections: tuple[Section, ...]
    issued_by: _Words = field(default_factory=dict)
    labels: dict[str, _Words] = field(default_factory=dict)

    def fits(self, basis: str, kind: str, standard: str) -> bool:
        """Whether the form is for reports of this basis, kind and standard."""
        named = not self.standards or any(standard.startswith(one) for one in self.standards)
        return self.basis == basis and (not self.kinds or kind in self.kinds) and named

    def section_of(self, part: str) -> int:
        """The number of the section in which a part stands, counted from 1."""
        return next(number for number, section in enumerate(self.sections, 1) if part in section.parts)


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart takes apart: an indicator that is a sum over a table, by one column of it and along another one."""

    indicator: str
    table: str
    by: str
    along: str


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((files(__package__) / "forms.yaml").read_text(encoding="utf-8"), Loader=_Loader)
    return loaded


def charts() -> dict[str, Chart]:
    """The charts of sums, by name."""
    return {name: Chart(**raw) for name, raw in _data()["charts"].items()}


@cache
def forms() -> tuple[Form, ...]:
    """Every form, in the order in which they are tried."""
    return tuple(_form(raw) for raw in _data()["forms"])


def _form(raw: dict[str, Any]) -> Form:
    lists = {name: tuple(raw[name]) for name in ("kinds", "standards", "applicant")}
    sections = tuple(Section(one["title"], tuple(one["parts"])) for one in raw["sections"])
    return Form(**{**raw, **lists, "sections": sections})


def form_for(basis: str, kind: str, standard: str) -> Form:
    """The form of a report; the last ones fit every kind."""
    return next(form for form in forms() if form.fits(basis, kind, standard))


def ordinal(number: int, lang: str) -> str:
    """A number as headings count: in Chinese figures from one to nineteen, or in Arabic ones."""
    if lang != "zh":
        return str(number)
    return _ORDINALS[number - 1] if number <= 10 else _ORDINALS[9] + _ORDINALS[number - 11]
