"""Every change that the enterprise can make: levers at answers, documents, values and choices.

Facts (whether a list names the plant, which kind of product it makes) are not changed, only stated where they are missing; so
are values that no single input moves. What a person outside judges can be aimed at, not decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction
from itertools import combinations, islice, product

from engine.advise.changes import Change, Lever
from engine.advise.costs import Costs, Price
from engine.advise.edges import Edge, Mover, edges_of, mover
from engine.advise.goal import Goal
from engine.advise.lines import Line
from engine.advise.missing import statements
from engine.advise.scene import Scene, judged
from engine.advise.vetoes import veto_support
from engine.assess.results import CriterionResult, Judged, Status
from engine.dossier.bind import named_members
from engine.dossier.cells import read_cell
from engine.language import Unknown, Value, parse_number, to_text
from engine.ruleset.methods import All, Choose, Conform, Count, Holds, Judgement, KOf
from engine.ruleset.references import NUMERIC
from engine.ruleset.schema import Criterion, Gate, InputType

GROUPS = (All, KOf, Choose)
WITHOUT_PAPER = ("missing_evidence", "evidence_expired")
JUDGED = ("needs_judgement", "judged", "not_a_step")
MAX_CODES = 24
"""So many further codes of a list are looked at."""

MAX_NAMINGS = 12
"""So many ways of naming the members of a group are looked at."""


MAX_FACTS = 32
"""So many ways of stating missing choices are tried for one under which a missing value counts."""


class Workshop:
    """Finds the levers of one dossier. ``relevant`` are the gates and criteria that the goal depends on, groups before members.

    ``lines`` are the inputs along whose values points rise, ``movers`` what moves inputs at which price: known once the levers are.
    """

    def __init__(self, scene: Scene, goal: Goal, costs: Costs) -> None:
        self.scene, self.goal, self.costs = scene, goal, costs
        self.programme, self.ready, self.run = scene.programme, scene.ready, scene.run
        self.results = judged(scene.open)
        self.demands: Mapping[str, Gate | Criterion] = {**self.programme.gates, **self.programme.criteria}
        self.vetoes = veto_support(self.ready) if goal.vetoes else {}
        self.lines: dict[str, Line] = {}
        self.movers: dict[str, tuple[Mover, Price]] = {}
        self.relevant = self._relevant()
        self.groups = {name: set(demand.method.of) for name in self.relevant if isinstance((demand := self.demands[name]).method, GROUPS)}

    def _relevant(self) -> tuple[str, ...]:
        names = [name for name, result in self.results.items() if self.goal.matters(result)]
        names += sorted({name for support in self.vetoes.values() for name in support if name in self.demands})
        found = dict.fromkeys(names)
        waiting = list(found)
        while waiting:
            for member in getattr(self.demands[waiting.pop()].method, "of", ()):
                if member not in found:
                    found[member] = None
                    waiting.append(member)
        return tuple(found)

    def levers(self) -> tuple[Lever, ...]:
        """All levers, each with at least one change that costs a known amount."""
        lacking = [name for name in self.relevant if self._lacks(self.results[name])]
        found: list[tuple[list[Change], frozenset[str]]] = []
        for name in lacking:
            found += [(changes, self._reached({name})) for changes in self._at_item(name)]
        for document, items in self._expired(lacking).items():
            found.append((self._priced("renewal", document, [("", "", False)]), self._reached(items)))
        for name in self._inputs(lacking):
            touched = self._reached({e for e in self.relevant if name in self.ready.depends[e]})
            found.append((self._at_input(name, touched, lacking), touched))
        made = [Lever(tuple(sorted(changes, key=lambda c: (c.cost, c.text))), touches) for changes, touches in found if changes]
        return tuple(sorted(made, key=lambda lever: (lever.kind, lever.item)))

    def resting_on(self, items: Iterable[str], names: Set[str]) -> frozenset[str]:
        """Some items, every other one that rests on some inputs or tables, and the groups that they are in."""
        return self._reached({*items, *(e for e in self.relevant if not names.isdisjoint(self.ready.depends[e]))})

    def supports(self, lever: Lever, veto: str) -> bool:
        """Whether a lever can change what a veto rule looks at."""
        support = self.vetoes[veto]
        return lever.item in support or not support.isdisjoint(lever.touches)

    def _lacks(self, result: Judged) -> bool:
        """Whether an item could be more than it is."""
        if result.status is Status.SCORED and isinstance(result, CriterionResult):
            return result.points.low < (len(self.programme.levels) or result.max)
        return result.status in (Status.NOT_MET, Status.UNDETERMINED)

    def _reached(self, names: Iterable[str]) -> frozenset[str]:
        """The relevant items among some, and the groups that they are in."""
        found = set(names)
        while more := {group for group, members in self.groups.items() if members & found} - found:
            found |= more
        return frozenset(found & set(self.relevant))

    def _priced(self, kind: str, item: str, texts: Iterable[tuple[str, str, bool]]) -> list[Change]:
        price = self.costs.price(kind, item)
        return [] if price is None else [Change(kind, item, price.of(), *each) for each in texts]

    # --- at gates and criteria --------------------------------------------------------------------------------------

    def _at_item(self, name: str) -> Iterator[list[Change]]:
        result, demand = self.results[name], self.demands[name]
        proven = any(document.counted for document in result.evidence)
        brings = bool(demand.evidence) and not proven
        if result.reason.code == "missing_evidence":
            yield self._priced("evidence", name, [("", "", True)])
        elif result.reason.code == "evidence_expired":
            return
        elif isinstance(demand.method, Judgement) or result.reason.code in JUDGED:
            yield self._priced("judgement", name, [(text, self._answer(name), brings) for text in self._points(name, demand)])
        elif isinstance(demand.method, Conform) and result.reason.code != "does_not_hold":
            yield self._priced("answer", name, [("yes", self._answer(name), brings)])
        elif isinstance(demand.method, Choose):
            yield self._priced("naming", name, [(text, self._answer(name), False) for text in self._namings(name, demand.method)])

    def _answer(self, name: str) -> str:
        return self.run.side.answers.get(name, "")

    def _points(self, name: str, demand: Gate | Criterion) -> list[str]:
        """The points that may be aimed at: the steps above those given, or all of them."""
        result = self.results[name]
        assert isinstance(result, CriterionResult)
        method = demand.method
        steps = [parse_number(step) for step in method.steps] if isinstance(method, Judgement) and method.steps else [result.max]
        return [to_text(points) for points in steps if points > result.points.low]

    def _namings(self, name: str, method: Choose) -> list[str]:
        """Other members than those named now."""
        now = set(named_members(self._answer(name), method, self.programme))
        ways = (members for members in combinations(method.of, min(method.n, len(method.of))) if set(members) != now)
        return [", ".join(members) for _, members in zip(range(MAX_NAMINGS), ways, strict=False)]

    def _expired(self, lacking: Sequence[str]) -> dict[str, set[str]]:
        """Documents that would have to be renewed for some item, with all the items that they are brought for."""
        wanted = {
            document.id
            for name in lacking
            if self.results[name].reason.code == "evidence_expired"
            for document in self.results[name].evidence
            if not document.counted
        }
        return {document: {e for e in self.relevant if document in {d.id for d in self.results[e].evidence}} for document in sorted(wanted)}

    # --- at inputs --------------------------------------------------------------------------------------------------

    def _inputs(self, lacking: Sequence[str]) -> list[str]:
        """The applicant's own inputs that lacking items, or open veto rules, depend on."""
        names = {name for e in lacking for name in self.ready.depends[e]}
        names |= {name for support in self.vetoes.values() for name in support}
        inputs = self.programme.inputs
        return sorted(name for name in names if name in inputs and inputs[name].role == "value")

    def _at_input(self, name: str, touched: frozenset[str], lacking: Sequence[str]) -> list[Change]:
        definition = self.programme.inputs[name]
        missing = isinstance(self.run.env.values.get(name), Unknown)
        if definition.type in NUMERIC:
            judged_by_it = [e for e in self.relevant if e in touched and not isinstance(self.demands[e].method, GROUPS)]
            edges = [edge for e in judged_by_it for edge in edges_of(self.run, e, self.demands[e])]
            edges = [edge for edge in edges if not edge.stop or len(judged_by_it) == 1]
            return self._stated(name, edges, touched) if missing else self._moves(name, edges, touched)
        if definition.type is InputType.CODES:
            return self._further_codes(name, [e for e in lacking if e in touched], touched)
        if definition.type not in (InputType.YES_NO, InputType.CHOICE):
            return []
        asked = any(isinstance(self.demands[e].method, Holds) and name in self._in_holds(e) for e in lacking)
        if not (missing or asked or self.costs.states(name)):
            return []
        texts = ("yes", "no") if definition.type is InputType.YES_NO else tuple(definition.choices)
        now, before = self.run.env.values.get(name), self.run.side.entered.get(name, "")
        others = [text for text in texts if read_cell(text, definition, self.programme, {}) != now]
        kind = "value" if asked else "fact"
        return self._priced(kind, name, [(text, before, self._brings(name, touched)) for text in others])

    def _in_holds(self, element: str) -> tuple[str, ...]:
        """The names of a condition, through all indicators between."""
        names = self.ready.formulas[element, "value"].typed.names
        return (*names, *(used for name in names if name in self.programme.indicators for used in self.ready.uses[name]))

    def _brings(self, name: str, touched: frozenset[str]) -> bool:
        """Whether an item that rests on an input asks for a document and has none that counts."""
        proven = (e for e in touched if name in self.ready.proven_by[e] and self.demands[e].evidence)
        return any(not any(document.counted for document in self.results[e].evidence) for e in proven)

    def _moves(self, name: str, edges: Sequence[Edge], touched: frozenset[str]) -> list[Change]:
        moved = mover(self.run, name, self.programme)
        price = self.costs.price("shared" if self._is_shared(touched) else "value", name)
        if price is None or moved is None:
            return []
        before, brings = self.run.side.entered.get(name, ""), self._brings(name, touched)
        self.movers[name] = (moved, price)
        values = {text: moved.value(text) for text in moved.places(edges)}
        roots = [root for edge in edges if (root := moved.root(edge.gap)) is not None]
        if roots and any(edge.stop for edge in edges) and not any(name in support for support in self.vetoes.values()):
            self.lines[name] = Line(moved, price, (min(roots), max(roots)))
        now = moved.now or Fraction(0)
        return [Change("value", name, price.of(moved.now, v), text, before, brings, move=v - now) for text, v in values.items()]

    def _stated(self, name: str, edges: Sequence[Edge], touched: frozenset[str]) -> list[Change]:
        """A number that is missing: on the verified basis what is declared is to be verified, otherwise it is to be stated."""
        price = self.costs.price("state", name)
        if price is None:
            return []
        brings, declared = self._brings(name, touched), self.scene.bound.declared.entered.get(name, "")
        if self.scene.basis == "verified" and declared:
            return [Change("state", name, price.fixed, declared, declared, brings)]
        for beside in self._facts(touched):
            moved = mover(self.run, name, self.programme, beside)
            if moved is None or not self.scene.reads(moved.written(moved.factor), moved.definition):
                return []
            self.movers[name] = (moved, price)
            if found := statements(moved, edges, price, brings=brings):
                return found
        return []

    def _facts(self, touched: frozenset[str]) -> Iterator[Mapping[str, Value]]:
        """Nothing, then the ways in which missing choices may be stated that the same items rest on: a value may only count then."""
        yield {}
        inputs = self.programme.inputs
        asked = sorted({name for e in touched for name in self.ready.depends[e] if name in inputs and inputs[name].choices})
        missing = [name for name in asked if isinstance(self.run.env.values.get(name), Unknown)]
        ways = product(*([(name, choice) for choice in inputs[name].choices] for name in missing))
        yield from (dict(way) for way in islice(ways, MAX_FACTS) if way)

    def _is_shared(self, touched: frozenset[str]) -> bool:
        """Whether several judged items rest on a value: two rungs on one indicator do not make it shared, two indicators do."""
        measured = {self.ready.indicators_of[e] or (e,) for e in touched if not isinstance(self.demands[e].method, GROUPS)}
        return len(measured) > 1

    def _further_codes(self, name: str, lacking: Sequence[str], touched: frozenset[str]) -> list[Change]:
        """One more of a list, two more, and so on, in the order of the list."""
        definition = self.programme.inputs[name]
        price = self.costs.price("value", name)
        if price is None or not any(isinstance(self.demands[e].method, Count) for e in lacking):
            return []
        known = list(definition.choices) if definition.reference is None else list(self.programme.references[definition.reference].rows)
        now = self.run.env.values.get(name)
        has = [code for code in known if isinstance(now, frozenset) and code in now]
        more = [code for code in known if code not in has][:MAX_CODES]
        before, brings = self.run.side.entered.get(name, ""), self._brings(name, touched)
        return [Change("value", name, price.of() * (i + 1), ", ".join((*has, *more[: i + 1])), before, brings) for i in range(len(more))]
