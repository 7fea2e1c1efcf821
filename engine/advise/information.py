"""What knowing one missing thing would tell: by how much it narrows the score, and whether it alone could settle the outcome.

A missing thing is an answer, a document, a renewal, or a value. It is supplied in every way that can matter (yes and no, each choice,
a value in every stretch between edges), one at a time, and the dossier is assessed for real. Rows of tables are not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.advise.changes import Change
from engine.advise.edges import edges_of, mover
from engine.advise.scene import Scene, judged
from engine.assess.assess import assess_bound
from engine.assess.results import Assessment, Interval, Judged, Status
from engine.language import Unknown, to_text
from engine.ruleset.methods import All, Choose, Conform, Judgement, KOf
from engine.ruleset.references import NUMERIC
from engine.ruleset.schema import Criterion, Gate, Input, InputType

GROUPS = (All, KOf, Choose)
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Supplied:
    """One way in which a missing thing may turn out: what the dossier then says, and what comes out."""

    text: str
    outcome: str
    tier: str | None
    settled: bool
    score: Interval


@dataclass(frozen=True, slots=True)
class Missing:
    """A missing thing: its kind as of a change, or ``table``; the open items that rest on it; how it may turn out.

    ``narrows`` is by how much it narrows the score at least, in points; None where it closes an end that nothing bounds.
    """

    kind: str
    item: str
    opens: tuple[str, ...]
    ways: tuple[Supplied, ...]
    narrows: Fraction | None

    @property
    def settling(self) -> tuple[Supplied, ...]:
        """The ways that settle the determination by themselves."""
        return tuple(way for way in self.ways if way.settled)

    @property
    def settles(self) -> bool:
        """Whether it settles the determination however it turns out."""
        return bool(self.ways) and len(self.settling) == len(self.ways)


def missing_things(scene: Scene) -> tuple[Missing, ...]:
    """Every missing thing, the most telling first: what may settle the determination, then by how much it narrows the score."""
    found = [_missing(scene, kind, item, tuple(opens), changes) for kind, item, opens, changes in _things(scene)]
    return tuple(sorted(found, key=lambda one: (not one.settles, not one.settling, one.narrows is not None, -(one.narrows or ZERO))))


def _missing(scene: Scene, kind: str, item: str, opens: tuple[str, ...], changes: Sequence[Change]) -> Missing:
    settled = scene.open.determination.settled
    ways = []
    widths = []
    for change in changes:
        then = assess_bound(scene.bound_after([change]), scene.basis, close=False, like=scene.run)
        end = then.determination
        ways.append(Supplied(change.text, end.outcome, end.tier, end.settled and not settled, then.score))
        widths.append(_narrowed(scene.open, then))
    known = [width for width in widths if width is not None]
    narrows = ZERO if not widths else min(known) if known else None
    return Missing(kind, item, opens, tuple(ways), narrows)


def _narrowed(now: Assessment, then: Assessment) -> Fraction | None:
    """By how much the score is narrower; None where an open end is closed."""
    if now.score.high is None or then.score.high is None:
        return None if then.score.high is not None else then.score.low - now.score.low
    return (now.score.high - now.score.low) - (then.score.high - then.score.low)


# --- what is missing ---

_Thing = tuple[str, str, list[str], list[Change]]


def _things(scene: Scene) -> Iterator[_Thing]:
    demands: dict[str, Gate | Criterion] = {**scene.programme.gates, **scene.programme.criteria}
    results = judged(scene.open)
    open_ = [e for e, result in results.items() if result.status is Status.UNDETERMINED and not isinstance(demands[e].method, GROUPS)]
    expired: dict[str, list[str]] = {}
    for name in open_:
        result, demand = results[name], demands[name]
        if result.reason.code == "evidence_expired":
            for document in result.evidence:
                if not document.counted:
                    expired.setdefault(document.id, []).append(name)
        elif changes := _at_item(scene, result, demand):
            yield changes[0].kind, name, [name], changes
    for document_id, items in expired.items():
        yield "renewal", document_id, items, [Change("renewal", document_id, ZERO)]
    yield from _values(scene, open_, demands, results)


def _at_item(scene: Scene, result: Judged, demand: Gate | Criterion) -> list[Change]:
    brings = bool(demand.evidence) and not any(document.counted for document in result.evidence)
    if result.reason.code == "missing_evidence":
        return [Change("evidence", result.id, ZERO, brings=True)]
    if isinstance(demand.method, Conform):
        return [Change("answer", result.id, ZERO, "yes", brings=brings), Change("answer", result.id, ZERO, "no")]
    if isinstance(demand.method, Judgement):
        most = scene.programme.points_of(result.id)
        steps = demand.method.steps or ("0", to_text(most))
        return [Change("judgement", result.id, ZERO, step, brings=brings) for step in steps]
    return []


def _values(scene: Scene, open_: Sequence[str], demands: dict[str, Gate | Criterion], results: dict[str, Judged]) -> Iterator[_Thing]:
    """Inputs and tables without a value that open items depend on."""
    names: dict[str, list[str]] = {}
    for element in open_:
        for name in sorted(scene.ready.depends[element]):
            names.setdefault(name, []).append(element)
    side, programme = scene.bound.side(scene.basis), scene.programme
    for name, items in names.items():
        if name in programme.inputs and isinstance(side.values.get(name), Unknown):
            changes = _ways(scene, name, programme.inputs[name], items, demands)
            asks = any(name in scene.ready.proven_by[e] and demands[e].evidence for e in items)
            proven = any(d.counted for e in items for d in results[e].evidence)
            brings = (asks and not proven) or programme.inputs[name].role == "benchmark"
            yield "value", name, items, [Change("value", name, ZERO, text, brings=brings) for text in changes]
        elif name in programme.tables and isinstance(side.tables.get(name), Unknown):
            yield "table", name, items, []


def _ways(scene: Scene, name: str, definition: Input, items: Iterable[str], demands: dict[str, Gate | Criterion]) -> list[str]:
    """What a missing input may turn out to be: each choice, or a number in every stretch between edges and on every edge."""
    if definition.type is InputType.YES_NO:
        return ["yes", "no"]
    if definition.type is InputType.CHOICE:
        return list(definition.choices)
    moved = mover(scene.run, name, scene.programme) if definition.type in NUMERIC else None
    if moved is None or definition.type is InputType.YEAR:
        return []
    texts = moved.stretches(edge for item in items for edge in edges_of(scene.run, item, demands[item]))
    return [text for text in texts if scene.reads(text, definition)]
