"""What people call the codes of a round: districts, standards, tiers, states, and what each requirement asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from engine.ruleset.programme import Programme
from engine.texts import catalogue, say

Both = tuple[str, str]
"""A text in Chinese and in English."""
_NONE: Mapping[Any, Both] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Names:
    """Titles by code, each in both languages; a code without one prints as it is.

    ``tiers``, ``titles`` and ``requirements`` go by the ruleset's id and the tier's or the element's. ``states`` are the words of a
    round's own life, ``ties`` those for what put an application behind the one before it.
    """

    districts: Mapping[str, Both] = field(default_factory=lambda: _NONE)
    standards: Mapping[str, Both] = field(default_factory=lambda: _NONE)
    schemes: Mapping[str, Both] = field(default_factory=lambda: _NONE)
    tiers: Mapping[tuple[str, str], Both] = field(default_factory=lambda: _NONE)
    requirements: Mapping[tuple[str, str], Both] = field(default_factory=lambda: _NONE)
    titles: Mapping[tuple[str, str], Both] = field(default_factory=lambda: _NONE)
    states: Mapping[str, Both] = field(default_factory=lambda: _NONE)
    ties: Mapping[str, Both] = field(default_factory=lambda: _NONE)

    def district(self, code: str, lang: str) -> str:
        """A district's name."""
        return _in(self.districts.get(code), lang) or code

    def standard(self, ruleset: str, lang: str) -> str:
        """A standard's title, by its id with or without the kind before it."""
        return _in(self.standards.get(ruleset) or self.standards.get(ruleset.rpartition("/")[2]), lang) or ruleset

    def scheme(self, scheme: str, lang: str) -> str:
        """A scheme's title."""
        return _in(self.schemes.get(scheme), lang) or scheme

    def tier(self, ruleset: str, tier: str, lang: str) -> str:
        """A tier's or level's title."""
        return _in(self.tiers.get((ruleset, tier)), lang) or tier

    def requirement(self, ruleset: str, element: str, lang: str) -> str:
        """What a gate or criterion asks; nothing where that is not known."""
        return _in(self.requirements.get((ruleset, element)), lang)

    def title(self, ruleset: str, element: str, lang: str) -> str:
        """What an input, a table, a gate or a criterion is called."""
        return _in(self.titles.get((ruleset, element)), lang) or element

    def tie(self, code: str, lang: str) -> str:
        """What put an application behind the one before it."""
        return _in(self.ties.get(code), lang) or code

    def state(self, code: str, lang: str) -> str:
        """The word for a state."""
        return _in(self.states.get(code), lang) or code


def names_of(programmes: Iterable[Programme], states: Mapping[str, Both] = _NONE, ties: Mapping[str, Both] = _NONE) -> Names:
    """The names that programmes hold, and the words for states and for what breaks ties as given."""
    districts: dict[str, Both] = {}
    standards: dict[str, Both] = {}
    schemes: dict[str, Both] = {}
    tiers: dict[tuple[str, str], Both] = {}
    requirements: dict[tuple[str, str], Both] = {}
    titles: dict[tuple[str, str], Both] = {}
    for programme in programmes:
        ruleset = programme.ruleset_identity.id
        table = programme.references.get("districts")
        if table is not None:
            districts |= {code: (table.title_of(code, "zh"), table.title_of(code, "en")) for code in table.rows}
        standards |= dict.fromkeys((ruleset, programme.edition), _both(programme.standard.title))
        schemes[programme.scheme_identity.id] = _both(programme.scheme.title)
        tiers |= {(ruleset, tier.tier): _both(tier.title) for tier in programme.settings.tiers}
        tiers |= {(ruleset, level.level): _both(level.title) for level in programme.standard.levels}
        asked = {**programme.gates, **programme.criteria}
        requirements |= {(ruleset, name): _both(element.requirement) for name, element in asked.items() if element.requirement}
        titles |= {(ruleset, name): (programme.title(name, "zh"), programme.title(name, "en")) for name in _named(programme)}
    return Names(districts, standards, schemes, tiers, requirements, titles, states, ties)


def _named(programme: Programme) -> Iterable[str]:
    return (*programme.inputs, *programme.tables, *programme.gates, *programme.criteria)


def kind_name(kind: str, lang: str) -> str:
    """What a kind of applicant is called; a kind of its own by its code."""
    return say(f"report.kind.{kind}", lang) if kind in catalogue("report")["kind"] else kind


def _both(words: Any) -> Both:
    return words.in_("zh"), words.in_("en")


def _in(text: Both | None, lang: str) -> str:
    return "" if text is None else text[1 if lang == "en" else 0]
