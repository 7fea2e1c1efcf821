"""Plans from their files: every mistake at its line, names that lead nowhere, and districts that do not add up to their city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from engine.language import parse_number, to_json_number
from engine.located import Key, Located
from engine.problems import ProblemList, Where
from engine.rounds.plan.schema import CITY, CUMULATIVE, OF_YEAR, Milestone, Plan, Row, cell_id
from engine.ruleset.library import is_file_name, rulesets_root
from engine.ruleset.load import load_model

FOLDER = "plans"


def plan_ids(root: Path | None = None) -> list[str]:
    """The ids of every plan in the library, sorted."""
    return sorted(path.stem for path in ((root or rulesets_root()) / FOLDER).glob("*.yaml"))


def load_plan(name: str | Path, root: Path | None = None) -> Plan:
    """A plan by its id or by its file. Raises Refused with every mistake at its line."""
    folder = root or rulesets_root()
    problems = ProblemList()
    by_file = is_file_name(name)
    path = Path(name) if by_file else folder / FOLDER / f"{name}.yaml"
    if not by_file and name not in plan_ids(folder):
        problems.error("plan_unknown", Where(), name=name, known=", ".join(plan_ids(folder)) or "—")
    problems.refuse_if_errors()
    plan, located = load_model(path, Plan, problems, None if by_file else path.relative_to(folder).as_posix())
    if plan is not None:
        _Check(plan, located, problems).everything()
    problems.refuse_if_errors()
    assert plan is not None
    return plan


@lru_cache(maxsize=8)
def kept_plan(name: str) -> Plan:
    """A plan of the library by its id, read once for the process. Raises Refused."""
    return load_plan(name)


@dataclass(frozen=True, slots=True)
class _Check:
    plan: Plan
    located: Located
    problems: ProblemList

    def everything(self) -> None:
        plan = self.plan
        names = {
            "districts": [district.district for district in plan.districts],
            "measures": [measure.measure for measure in plan.measures],
            "targets": [target.target for target in plan.targets],
            "due": [word.due for word in plan.due],
            "disagreements": [note.disagreement for note in plan.disagreements],
        }
        for section, found in names.items():
            self._once(found, section)
        self._once([item.item for item in plan.work.items], "work", "items")
        measured = [name for row in plan.breakdown.rows for name in row.measures]
        self._once(measured, "breakdown", "rows")
        self._measures(set(names["measures"]), set(names["districts"]))
        cells = {cell_id(name, place, column) for name in measured for place in plan.places for column in (CUMULATIVE, OF_YEAR)}
        self._targets_named({*names["targets"], *cells}, set(names["due"]))
        for i, row in enumerate(plan.breakdown.rows):
            self._row(row, ("breakdown", "rows", i))

    def _once(self, names: list[str], *path: Key) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                self.problems.error("plan_name_twice", self.located.where((*path, len(names) - 1 - names[::-1].index(name))), name=name)

    def _known(self, given: Iterable[str], known: set[str], path: tuple[Key, ...]) -> None:
        for name in given:
            if name not in known:
                self.problems.error("plan_name_unknown", self.located.where(path), name=name)

    def _measures(self, measures: set[str], districts: set[str]) -> None:
        """Measures and places that are named exist, and what a reduction is of are amounts."""
        amounts = {measure.measure for measure in self.plan.measures if measure.method == "amount"}
        for i, measure in enumerate(self.plan.measures):
            self._known(measure.of, amounts, ("measures", i, "of"))
        for i, target in enumerate(self.plan.targets):
            self._known([target.measure] if target.measure else [], measures, ("targets", i, "measure"))
            self._known([target.place], {CITY, *districts}, ("targets", i, "place"))
        for i, row in enumerate(self.plan.breakdown.rows):
            self._known(row.measures, measures, ("breakdown", "rows", i, "measures"))

    def _targets_named(self, targets: set[str], due: set[str]) -> None:
        for i, item in enumerate(self.plan.work.items):
            self._known(item.targets, targets, ("work", "items", i, "targets"))
            for j, milestone in enumerate(item.schedule):
                self._known(milestone.targets, targets, ("work", "items", i, "schedule", j, "targets"))
                self._known([milestone.due], due, ("work", "items", i, "schedule", j, "due"))
                self._shared(milestone, ("work", "items", i, "schedule", j, "share"))
        for i, note in enumerate(self.plan.disagreements):
            self._known(note.targets, targets, ("disagreements", i, "targets"))

    def _shared(self, milestone: Milestone, path: tuple[Key, ...]) -> None:
        """Part of a target can be asked for where it adds up only."""
        measures = {target.target: target.measure for target in self.plan.targets}
        for name in milestone.targets if milestone.share is not None and parse_number(milestone.share) != 1 else ():
            measure = self.plan.measure_of.get(measures.get(name) or "")
            if measure is not None and not measure.adds_up:
                self.problems.error("plan_share_of_rate", self.located.where(path), share=milestone.share, name=name)

    def _row(self, row: Row, path: tuple[Key, ...]) -> None:
        """A row has every district, and the districts of one that adds up come to the city's figure in both columns."""
        places = set(self.plan.places) - {CITY}
        self._known(row.districts, places, (*path, "districts"))
        for district in sorted(places - set(row.districts)):
            self.problems.error("plan_district_missing", self.located.where((*path, "districts")), row=row.row, district=district)
        for column in (CUMULATIVE, OF_YEAR) if row.additive else ():
            city = row.city.column(column)
            summed = sum((parse_number(text) for cell in row.districts.values() if (text := cell.column(column)) is not None), Fraction(0))
            if city is not None and parse_number(city) != summed:
                where = self.located.where((*path, "city"))
                self.problems.error("plan_sum_differs", where, row=row.row, column=column, city=city, sum=to_json_number(summed))
