"""What changed between two standards or schemes, element by element and place by place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from engine.problems import ProblemList, Where
from engine.ruleset.flatten import Leaf, Place, figure_leaves, flatten, reference_leaves, source_leaves
from engine.ruleset.matching import SAME_TITLE, SAME_VALUE, Named, Pair, match
from engine.ruleset.methods import LIMITS
from engine.ruleset.programme import Origin, Programme
from engine.ruleset.schema import Contents, Criterion, Gate, Words
from engine.texts import LANGUAGES, say

GROUPS = ("head", "dimensions", "demands", "indicators", "inputs", "tables", "parameters", "rules", "slips", "checks", "references")
"""What is compared, in this order; demands are gates and criteria, which may become each other."""

_LIMIT_PLACES = frozenset({*LIMITS, "lead", "base", "start", "full", "limit", "at", "k", "n", "reference", "cap"})
_OWN = {
    "inputs": "input",
    "tables": "table",
    "parameters": "parameter",
    "indicators": "indicator",
    "dimensions": "dimension",
    "slips": "slip",
    "checks": "check",
}
_VALUES = frozenset({"inputs", "tables", "parameters", "slips", "checks", "references"})
_HELD_TO = frozenset({"at_least", "at_most", "tolerance", "within", "months"})
"""What a check holds to."""
_FIRST = (
    "id",
    "moved",
    "version",
    "number",
    "clause",
    "title",
    "kind",
    "points",
    "weight",
    "method",
    "form",
    "limit",
    "operand",
    "formula",
    "unit",
)
"""What is told of an element first; the rest follows as the files state it, sources last."""

_APART = frozenset({"source", "figure_sources", "points", "method", "dimension", "gate", "criterion"})
"""Fields of demands that are compared by themselves: the programme holds the points in force, and dimensions may be renamed."""


class Change(NamedTuple):
    """One difference: ``what`` kind of statement, its place inside the element, and what stood and stands there (None: nothing)."""

    what: str
    place: str
    before: Leaf | None
    after: Leaf | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One element that was added, removed or changed; ``matched_by`` tells by what the two sides were recognised as one."""

    group: str
    change: Literal["added", "removed", "changed"]
    before: str
    after: str
    matched_by: str
    number: str
    title: Words
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class RulesetDiff:
    """Everything that changed, by group; ``same`` counts the elements of each group that did not. ``pairs`` are the matches."""

    kind: str
    before: Origin
    after: Origin
    entries: tuple[Entry, ...]
    same: Mapping[str, int]
    pairs: Mapping[str, tuple[Pair, ...]]


def ruleset_diff(before: Programme, after: Programme) -> RulesetDiff:
    """What changed from one programme to another of the same kind; a standard takes part as its bare programme.

    Documents, clauses and notes of sources are compared only between versions of one ruleset: between different documents
    they always differ. Raises Refused where the kinds differ.
    """
    if before.standard.kind != after.standard.kind:
        problems = ProblemList()
        problems.error("diff_kinds", Where(path=identity(after).id), before=before.standard.kind, after=after.standard.kind)
        problems.refuse_if_errors()
    return _Comparison(before, after).diff()


def identity(programme: Programme) -> Origin:
    """The ruleset that a programme stands for: its scheme, or the standard of a bare one."""
    return programme.ruleset_identity if programme.bare else programme.scheme_identity


class _Side:
    """One programme, its elements by group as leaves."""

    def __init__(self, programme: Programme, whole: bool) -> None:
        self.programme, self.whole = programme, whole
        self.groups: dict[str, dict[str, tuple[Named, Words, dict[Place, Leaf]]]] = {"head": self._head()}
        self.groups["demands"] = {}
        demands: list[tuple[str, Gate | Criterion]] = [*programme.gates.items(), *programme.criteria.items()]
        for name, demand in demands:
            self._add("demands", name, demand, self._demand(name, demand))
        for group, key in _OWN.items():
            self.groups[group] = {}
            for name, element in getattr(programme, group).items():
                self._add(group, name, element, self._element(name, element, key))
        self.groups["rules"] = {}
        for rule in programme.rules:
            leaves = flatten(rule, frozenset({"rule", "source"})) | source_leaves(rule.source, whole=whole)
            self.groups["rules"][rule.rule] = Named(rule.rule, "", rule.text.zh), rule.text, leaves
        self.groups["references"] = {
            name: (Named(name, "", table.title.zh), table.title, reference_leaves(table, whole=whole))
            for name, table in programme.references.items()
        }

    def _add(self, group: str, name: str, element: Any, leaves: dict[Place, Leaf]) -> None:
        named = Named(name, getattr(element, "number", None) or "", element.title.zh)
        self.groups[group][name] = named, element.title, leaves

    def _head(self) -> dict[str, tuple[Named, Words, dict[Place, Leaf]]]:
        programme, contents = self.programme, frozenset(Contents.model_fields)
        if programme.bare:
            title = programme.standard.title
            skip = contents | {"ruleset", "kind", "points_source", "weights_source", "sources"}
            leaves = flatten(programme.standard, skip) | source_leaves(programme.standard.points_source, whole=self.whole)
        else:
            title = programme.scheme.title
            leaves = flatten(programme.scheme, frozenset({"scheme", "programmes", "sources"}))
            leaves |= {("standard",): f"{programme.ruleset_identity.id} {programme.ruleset_identity.version}"}
            leaves |= flatten(programme.settings, contents | {"programme", "standard", "mark", "points", "weights", "set_parameters"})
            leaves |= figure_leaves("mark", programme.mark, whole=self.whole)
        return {"": (Named("", "", title.zh), title, leaves)}

    def _demand(self, name: str, demand: Gate | Criterion) -> dict[Place, Leaf]:
        leaves = flatten(demand, _APART)
        method = {("method", *place): leaf for place, leaf in flatten(demand.method, frozenset({"method"})).items()}
        leaves |= {("method",): demand.method.method, **_without_lists(method)}
        if isinstance(demand, Criterion):
            leaves |= figure_leaves("points", self.programme.points[name], whole=self.whole)
        for at, source in demand.figure_sources.items():
            leaves |= {("source", at, *place[1:]): leaf for place, leaf in source_leaves(source, whole=self.whole).items()}
        return leaves | source_leaves(demand.source, whole=self.whole)

    def _element(self, name: str, element: Any, key: str) -> dict[Place, Leaf]:
        leaves = flatten(element, frozenset({"source", "weight", "figure", key}))
        if key == "dimension":
            leaves |= figure_leaves("weight", self.programme.weights[name], whole=self.whole)
        elif key == "parameter":
            leaves |= figure_leaves("figure", self.programme.parameter_figures[name], whole=self.whole)
        return leaves | source_leaves(getattr(element, "source", None), whole=self.whole)

    def place_of(self, name: str) -> tuple[str, Words]:
        """Where a demand stands: among the gates, or in which dimension."""
        criterion = self.programme.criteria.get(name)
        if criterion is None:
            return "", Words(**{lang: say("diff.gates", lang) for lang in LANGUAGES})
        dimension = self.programme.dimensions.get(criterion.dimension)
        return criterion.dimension, dimension.title if dimension else Words(zh=criterion.dimension, en=criterion.dimension)


class _Comparison:
    def __init__(self, before: Programme, after: Programme) -> None:
        whole = identity(before).id == identity(after).id
        self.before, self.after = _Side(before, whole), _Side(after, whole)
        if before.bare != after.bare:  # the heads of a standard and of a scheme say different things
            self.before.groups["head"], self.after.groups["head"] = {}, {}
        self.pairs = {group: self._match(group) for group in GROUPS}

    def _match(self, group: str) -> tuple[Pair, ...]:
        before, after = ([named for named, _, _ in side.groups[group].values()] for side in (self.before, self.after))
        return match(before, after, SAME_VALUE if group in _VALUES else SAME_TITLE)

    def diff(self) -> RulesetDiff:
        """All groups in their order."""
        entries: list[Entry] = []
        same: dict[str, int] = {}
        for group in GROUPS:
            changed = [entry for pair in self.pairs[group] if (entry := self._changed(group, pair)).changes]
            same[group] = len(self.pairs[group]) - len(changed)
            entries += [*changed, *self._one_sided(group, "added"), *self._one_sided(group, "removed")]
        before, after = self.before.programme, self.after.programme
        return RulesetDiff(after.standard.kind, identity(before), identity(after), tuple(entries), same, self.pairs)

    def _one_sided(self, group: str, change: Literal["added", "removed"]) -> list[Entry]:
        side = self.after if change == "added" else self.before
        taken = {pair.after if change == "added" else pair.before for pair in self.pairs[group]}
        names = [("", name) if change == "added" else (name, "") for name in side.groups[group] if name not in taken]
        return [Entry(group, change, *name, "", *self._called(side, group, name[0] or name[1])) for name in names]

    def _called(self, side: _Side, group: str, name: str) -> tuple[str, Words]:
        named, title, _ = side.groups[group][name]
        return named.number, title

    def _changed(self, group: str, pair: Pair) -> Entry:
        _, _, before = self.before.groups[group][pair.before]
        _, _, after = self.after.groups[group][pair.after]
        changes: list[Change] = []
        if pair.before != pair.after:
            changes.append(Change("id", "", pair.before, pair.after))
        if group == "demands":
            changes += self._moved(pair)
        different_method = before.get(("method",)) != after.get(("method",))
        places = [*before, *(place for place in after if place not in before)]
        for place in places:
            if before.get(place) != after.get(place) and not (different_method and _is_operand(place)):
                changes.append(_change(place, before.get(place), after.get(place)))
        if different_method:
            changes += _operands(before, after)
        changes.sort(key=lambda change: _rank(change.what))
        return Entry(group, "changed", pair.before, pair.after, pair.by, *self._called(self.after, group, pair.after), tuple(changes))

    def _moved(self, pair: Pair) -> list[Change]:
        (old, was), (new, now) = self.before.place_of(pair.before), self.after.place_of(pair.after)
        known = {p.before: p.after for p in self.pairs["dimensions"]}
        return [] if known.get(old, old) == new else [Change("moved", "", was, now)]


def _without_lists(leaves: dict[Place, Leaf]) -> dict[Place, Leaf]:
    """Places of a method without the name of a list that holds one item only."""
    return {tuple(part for part in place if part not in ("limits", "bases")): leaf for place, leaf in leaves.items()}


def _operands(before: Mapping[Place, Leaf], after: Mapping[Place, Leaf]) -> list[Change]:
    """What the one method was judged by, then what the other is: side by side they mean different things."""
    gone = [_change(place, leaf, None) for place, leaf in before.items() if _is_operand(place)]
    return [*gone, *(_change(place, None, leaf) for place, leaf in after.items() if _is_operand(place))]


def _is_operand(place: Place) -> bool:
    return place[0] == "method" and len(place) > 1


def _rank(what: str) -> int:
    if what == "provenance":
        return len(_FIRST) + 1
    return _FIRST.index(what) if what in _FIRST else len(_FIRST)


def _change(place: Place, before: Leaf | None, after: Leaf | None) -> Change:
    first, rest = place[0], ".".join(place[1:])
    if first == "source":
        return Change("provenance", rest, before, after)
    if first == "method" and rest:
        return Change("limit" if place[-1] in _LIMIT_PLACES else "operand", rest, before, after)
    if first == "test" and rest:
        return (
            Change("form", "", before, after) if rest == "form" else Change("limit" if rest in _HELD_TO else "operand", rest, before, after)
        )
    if first in ("evidence", "notes"):
        return Change(first, "", before, after)
    return Change(first, rest, before, after)


def diff_plain(diff: RulesetDiff) -> dict[str, Any]:
    """The comparison as plain data for JSON, its words in both languages."""
    return {
        "kind": diff.kind,
        "before": _origin(diff.before),
        "after": _origin(diff.after),
        "unchanged": dict(diff.same),
        "entries": [
            {
                "group": entry.group,
                "change": entry.change,
                "before": entry.before or None,
                "after": entry.after or None,
                "matched_by": entry.matched_by or None,
                "number": entry.number,
                "title": _plain(entry.title),
                "changes": [
                    {"what": c.what, "place": c.place, "before": _plain(c.before), "after": _plain(c.after)} for c in entry.changes
                ],
            }
            for entry in diff.entries
        ],
    }


def _origin(origin: Origin) -> dict[str, str]:
    return {"id": origin.id, "version": origin.version, "sha256": origin.sha256}


def _plain(leaf: Leaf | None) -> Any:
    return {lang: leaf.in_(lang) for lang in LANGUAGES} if isinstance(leaf, Words) else leaf
