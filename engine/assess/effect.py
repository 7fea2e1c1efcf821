"""What a change of rules does to dossiers: each assessed under the rules before and after, and the results compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from engine.assess.assess import assess_dossier
from engine.assess.export import number
from engine.assess.results import Assessment, CriterionResult, Interval, Judged, Status
from engine.dossier.bind import has_verified
from engine.dossier.schema import Dossier, Entry, Row, TableEntry
from engine.problems import Problem, Refused
from engine.ruleset.diff import RulesetDiff
from engine.ruleset.methods import Conform, Judgement
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Demand
from engine.texts import LANGUAGES

T = TypeVar("T", Entry, TableEntry)


class Result(NamedTuple):
    """What is compared of an assessment: the conclusion and the score."""

    outcome: str
    tier: str | None
    score: Interval


@dataclass(frozen=True, slots=True)
class ItemEffect:
    """A gate or criterion whose status or points differ; a side on which it does not stand is None. Gates have no points."""

    before: str | None
    after: str | None
    title: Mapping[str, str]
    status: tuple[str | None, str | None]
    points: tuple[Interval | None, Interval | None]


@dataclass(frozen=True, slots=True)
class DossierEffect:
    """One dossier under both rules.

    ``lacks`` names what only the later rules ask for and the dossier does not bring: where there is any, the later result says
    what is missing rather than what the change does. ``unused`` names what it brings that the later rules do not ask for. A
    dossier that does not fit one of the two has no result there, and ``problems`` says why.
    """

    dossier: str
    applicant: str
    basis: str
    before: Result | None
    after: Result | None
    items: tuple[ItemEffect, ...] = ()
    lacks: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the dossier can be compared: it has a result on both sides and lacks nothing that is new."""
        return self.before is not None and self.after is not None and not self.lacks


def effects(before: Programme, after: Programme, diff: RulesetDiff, dossiers: Iterable[Dossier]) -> tuple[DossierEffect, ...]:
    """The effect on every dossier of the kind, in their order. What a dossier brings is carried over to renamed elements."""
    return tuple(_effect(before, after, diff, dossier) for dossier in dossiers if dossier.kind == diff.kind)


def _effect(before: Programme, after: Programme, diff: RulesetDiff, dossier: Dossier) -> DossierEffect:
    basis = "verified" if has_verified(dossier) else "declared"
    renames = carried_over(before, after, diff)
    versions = fitted(dossier, before, {}), fitted(dossier, after, renames)
    old, new = (_brought(version) for version in versions)
    asked = {renames.get(name, name) for name in _asked(before)}
    lacks = tuple(name for name in _asked(after) if name not in new and name not in asked)
    problems: list[Problem] = []
    # what nobody could have supplied must not count as not supplied, so where anything is lacking nothing is closed
    close = False if lacks else None
    first, last = (
        _assessed(programme, version, basis, close, problems) for programme, version in zip((before, after), versions, strict=True)
    )
    open_ = last is None or any(item.status is Status.UNDETERMINED for item in last.judged)
    return DossierEffect(
        dossier=dossier.id,
        applicant=dossier.applicant.name,
        basis=basis,
        before=_result(first),
        after=_result(last),
        items=_items(before, after, diff, first, last) if first and last else (),
        lacks=lacks if open_ else (),
        unused=tuple(name for name in old if renames.get(name, name) not in new),
        problems=tuple(dict.fromkeys(problems)),
    )


def _assessed(programme: Programme, dossier: Dossier, basis: str, close: bool | None, problems: list[Problem]) -> Assessment | None:
    try:
        return assess_dossier(programme, dossier, basis, close=close)
    except Refused as refused:
        problems += [problem for problem in refused.problems if problem.severity.value == "error"]
        return None


def fitted(dossier: Dossier, programme: Programme, renames: Mapping[str, str]) -> Dossier:
    """A dossier as far as a programme knows what it brings, under the programme's names."""
    demands = {**programme.gates, **programme.criteria}
    tables = _kept(dossier.tables, programme.tables, renames)
    return replace(
        dossier,
        units=tuple((name, unit) for name, unit in dossier.units if name in programme.unit_parameters),
        inputs=_kept(dossier.inputs, programme.inputs, renames),
        answers=_kept(dossier.answers, demands, renames),
        tables=tuple((name, _columns(table, {c.column for c in programme.tables[name].columns})) for name, table in tables),
    )


def _kept(given: tuple[tuple[str, T], ...], known: Mapping[str, object], renames: Mapping[str, str]) -> tuple[tuple[str, T], ...]:
    return tuple((renames.get(name, name), entry) for name, entry in given if renames.get(name, name) in known)


def _columns(table: TableEntry, known: set[str]) -> TableEntry:
    rows = tuple(
        Row(
            tuple((name, cell) for name, cell in row.declared if name in known),
            tuple((name, cell) for name, cell in row.verified if name in known),
            row.where,
        )
        for row in table.rows
    )
    return replace(table, rows=rows)


def carried_over(before: Programme, after: Programme, diff: RulesetDiff) -> dict[str, str]:
    """Renamed elements that a dossier's entries are carried over to: only those that are still called the same."""
    pairs = (pair for group in ("demands", "inputs", "tables") for pair in diff.pairs[group] if pair.by != "id")
    return {pair.before: pair.after for pair in pairs if before.title(pair.before) == after.title(pair.after)}


def _brought(dossier: Dossier) -> tuple[str, ...]:
    return tuple(name for given in (dossier.inputs, dossier.tables, dossier.answers) for name, _ in given)


def _asked(programme: Programme) -> tuple[str, ...]:
    """What a programme asks a dossier for, without what may be left out."""
    values = [name for group in (programme.inputs, programme.tables) for name, asked in group.items() if asked.absent_means is None]
    demands: dict[str, Demand] = {**programme.gates, **programme.criteria}
    return (*values, *(name for name, demand in demands.items() if isinstance(demand.method, Conform | Judgement)))


def _result(made: Assessment | None) -> Result | None:
    return None if made is None else Result(made.determination.outcome, made.determination.tier, made.score)


def _items(before: Programme, after: Programme, diff: RulesetDiff, first: Assessment, last: Assessment) -> tuple[ItemEffect, ...]:
    """Every gate and criterion that came out differently, in the order of the later rules, then those that are gone."""
    old, new = ({item.id: item for item in made.judged} for made in (first, last))
    was = {pair.after: pair.before for pair in diff.pairs["demands"]}
    found = [_item(before, after, old.get(was.get(name, "")), item) for name, item in new.items()]
    found += [_item(before, after, item, None) for name, item in old.items() if name not in was.values()]
    return tuple(item for item in found if item.status[0] != item.status[1] or item.points[0] != item.points[1])


def _item(before: Programme, after: Programme, old: Judged | None, new: Judged | None) -> ItemEffect:
    programme, name = (after, new.id) if new else (before, old.id if old else "")
    return ItemEffect(
        before=old.id if old else None,
        after=new.id if new else None,
        title={lang: programme.title(name, lang) for lang in LANGUAGES},
        status=(old.status.value if old else None, new.status.value if new else None),
        points=(_points(old), _points(new)),
    )


def _points(item: Judged | None) -> Interval | None:
    return item.points if isinstance(item, CriterionResult) else None


def effects_plain(found: Sequence[DossierEffect]) -> list[dict[str, Any]]:
    """The effects as plain data for JSON."""
    return [
        {
            "dossier": effect.dossier,
            "applicant": effect.applicant,
            "basis": effect.basis,
            "fits": effect.fits,
            "before": _result_plain(effect.before),
            "after": _result_plain(effect.after),
            "lacks": list(effect.lacks),
            "unused": list(effect.unused),
            "items": [
                {
                    "before": item.before,
                    "after": item.after,
                    "title": dict(item.title),
                    "status": list(item.status),
                    "points": [None if points is None else _interval(points) for points in item.points],
                }
                for item in effect.items
            ],
            "problems": [problem.to_dict() for problem in effect.problems],
        }
        for effect in found
    ]


def _result_plain(result: Result | None) -> dict[str, Any] | None:
    return None if result is None else {"outcome": result.outcome, "tier": result.tier, "score": _interval(result.score)}


def _interval(interval: Interval) -> dict[str, str | None]:
    return {"low": number(interval.low), "high": None if interval.high is None else number(interval.high)}
