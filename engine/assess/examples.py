"""The examples beside a ruleset: cases named for what they show, run and compared with what they expect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from engine.assess.assess import assess_bound
from engine.assess.basis import BasisRun
from engine.assess.coverage import Branch, ExampleCoverage, coverage_of, shown_by
from engine.assess.results import Assessment, CriterionResult, Interval, Judged
from engine.assess.sentences import number_text
from engine.dossier.bind import Bound, bind
from engine.dossier.schema import Applicant, Cell, Dossier, Entry, Evidence, EvidenceRef, Row, TableEntry
from engine.language import LanguageError, parse_number, split_quantity, to_json_number
from engine.located import Located
from engine.problems import ProblemList
from engine.ruleset.compile import compiled
from engine.ruleset.library import examples_folder, names_standard, rulesets_root, shown_path
from engine.ruleset.lint import load_programme, load_standard_alone
from engine.ruleset.load import load_model
from engine.ruleset.methods import Conform
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Example, Examples, Gate

_DOCUMENT = Evidence("E1", "示例证明材料", issued="2000-01-01")
_BROUGHT = (EvidenceRef("E1"),)
DEFAULT_YEAR = 2017


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """One example with its outcome: every difference between what came out and what was expected."""

    file: str
    line: int
    title: str
    differences: tuple[str, ...]
    statuses: Mapping[str, str] = field(default_factory=dict)
    expected: tuple[str, ...] = ()
    shown: frozenset[Branch] = frozenset()

    @property
    def passed(self) -> bool:
        """Whether all expectations hold."""
        return not self.differences


def run_examples(name: str, kind: str = "green_factory", rulesets: Path | None = None, standard: str = "") -> tuple[ExampleRun, ...]:
    """Run the examples of a standard or of a scheme (id or file); ``standard`` says which of several programmes.

    Raises Refused where ruleset or examples have errors.
    """
    root = rulesets or rulesets_root()
    programme = _programme(name, kind, rulesets, standard)
    problems = ProblemList()
    files: list[tuple[Examples, Located]] = []
    for path in sorted(examples_folder(name, root).glob("*.yaml")):
        examples, located = load_model(path, Examples, problems, shown_path(path, root))
        if examples is not None:
            files.append((examples, located))
    problems.refuse_if_errors()
    meant = (None, programme.settings.standard, programme.edition)
    files = [(found, located) for found, located in files if found.kind in (None, programme.standard.kind) and found.standard in meant]
    return tuple(_run(example, i, located, programme) for examples, located in files for i, example in enumerate(examples.examples))


def example_coverage(
    runs: Iterable[ExampleRun], name: str, kind: str = "green_factory", rulesets: Path | None = None, standard: str = ""
) -> ExampleCoverage:
    """What of a standard or of a scheme's programme the runs of its examples show; an example that does not hold shows nothing."""
    return coverage_of(_programme(name, kind, rulesets, standard), (branch for run in runs if run.passed for branch in run.shown))


def _programme(name: str, kind: str, rulesets: Path | None, standard: str) -> Programme:
    return load_standard_alone(name, rulesets) if names_standard(name) else load_programme(name, kind, rulesets, standard)


def _run(example: Example, index: int, located: Located, programme: Programme) -> ExampleRun:
    where = located.where(("examples", index, "example"))
    problems = ProblemList()
    overrides: dict[str, Fraction] = {}
    dossier = _dossier(example, programme, overrides, problems, located, index)
    bound = bind(dossier, programme, problems)
    if problems.has_errors:
        shown = tuple(f"{p.where}: {p.what()}" for p in problems if p.severity.value == "error")
        return ExampleRun(where.file, where.line or 0, example.example, shown)
    result = assess_bound(bound, "declared", evidence_given=example.evidence, overrides=overrides)
    comparison = _Comparison(result, programme, dict(dossier.units))
    differences = tuple(difference for key, wanted in example.expect.items() for difference in comparison.of(key, wanted))
    statuses = {r.id: r.status.value for r in result.judged}
    branches = shown_by(result, programme, example.expect, partial(_chosen, bound, overrides))
    return ExampleRun(where.file, where.line or 0, example.example, differences, statuses, tuple(example.expect), branches)


def _chosen(bound: Bound, overrides: Mapping[str, Fraction], name: str, conditions: Sequence[str | None], group: str) -> int | None:
    """The first alternative of an element whose condition holds for an example."""
    run = BasisRun(compiled(bound.programme), bound, "declared", overrides)
    holding = (
        i for i, when in enumerate(conditions) if when is None or run.ready.formulas[name, f"{group}[{i}].when"].run(run.env) is True
    )
    return next(holding, None)


def _dossier(
    example: Example, programme: Programme, overrides: dict[str, Fraction], problems: ProblemList, located: Located, index: int
) -> Dossier:
    units = {name: example.units.get(name, name) for name in programme.unit_parameters}
    inputs: dict[str, Entry] = {}
    tables: dict[str, TableEntry] = {}
    brought = _BROUGHT if example.evidence else ()
    answers = _answered(example, programme, brought)
    for name, given in example.given.items():
        where = located.where(("examples", index, "given", name))
        if name in programme.tables:
            rows = [Row(tuple((column, Cell(_text(value), where)) for column, value in row.items() if value is not None)) for row in given]
            tables[name] = TableEntry(tuple(rows), evidence=brought, where=where)
        elif name in programme.indicators and name not in programme.inputs:
            try:
                number, unit = split_quantity(_text(given))
                overrides[name] = programme.units.convert_for_slot(parse_number(number), unit, programme.indicators[name].unit, units)
            except LanguageError as err:
                problems.error(err.code, where, **err.params)
        elif name in programme.criteria or name in programme.gates:
            answers[name] = _answer(given, brought)
        else:
            benchmark = name in programme.inputs and programme.inputs[name].role == "benchmark"
            inputs[name] = Entry(Cell(_text(given), where), evidence=_BROUGHT if benchmark else brought, where=where)
    year = example.year or DEFAULT_YEAR
    return Dossier(
        id="example",
        kind=programme.standard.kind,
        applicant=Applicant(name="示例", industry=example.industry or ""),
        year=year,
        application_date=f"{year + 1}-06-30",
        units=tuple(units.items()),
        inputs=tuple(inputs.items()),
        tables=tuple(tables.items()),
        answers=tuple(answers.items()),
        evidence=(_DOCUMENT,),
    )


def _answered(example: Example, programme: Programme, brought: tuple[EvidenceRef, ...]) -> dict[str, Entry]:
    """The one answer that an example gives to everything that a person answers by yes or no, if it gives one."""
    if example.answers is None:
        return {}
    demands: dict[str, Gate | Criterion] = {**programme.gates, **programme.criteria}
    return {name: _answer(example.answers, brought) for name, demand in demands.items() if isinstance(demand.method, Conform)}


_ANSWERS = {True: "yes", False: "no", "na": "not_applicable"}


def _answer(given: Any, brought: tuple[EvidenceRef, ...]) -> Entry:
    if isinstance(given, dict):
        return Entry(Cell(_text(given.get("declared"))), evidence=brought, reason=given.get("reason") or "")
    return Entry(Cell(_text(given)), evidence=brought, reason="示例")


def _text(value: Any) -> str:
    return str(_ANSWERS.get(value, value)) if isinstance(value, bool | str) else str(value)


class _Comparison:
    """Compares a result with what an example expects, exactly."""

    def __init__(self, result: Assessment, programme: Programme, units: Mapping[str, str]) -> None:
        self.result, self.programme, self.units = result, programme, units
        self.judged: dict[str, Judged] = {r.id: r for r in result.judged}

    def of(self, key: str, wanted: Any) -> Iterable[str]:
        """Every difference for one expectation."""
        if key in self.judged:
            return self._judged(key, wanted)
        if key in self.programme.indicators:
            return self._indicator(key, str(wanted))
        determination = self.result.determination
        if key == "outcome":
            return _differs(key, determination.outcome, wanted)
        if key == "tier":
            return _differs(key, determination.tier, wanted)
        if key == "settled":
            return _differs(key, determination.settled, wanted in (True, "yes"))
        if key == "levels":
            return self._levels(wanted)
        if key == "score":
            return self._interval(key, self.result.score, wanted)
        if key == "years":
            return [difference for year, parts in wanted.items() for difference in self._year(int(year), parts)]
        if key in ("findings", "open_findings", "no_findings"):
            return self._findings(key, wanted)
        return [f"{key}: 不认识的期望项 / unknown expectation"]

    def _judged(self, key: str, wanted: Any) -> Iterable[str]:
        result = self.judged[key]
        wanted = wanted if isinstance(wanted, dict) else {"status": wanted}
        for name, value in wanted.items():
            if name == "status":
                yield from _differs(f"{key}.status", result.status.value, value, result.reason.code)
            elif name == "reason":
                yield from _differs(f"{key}.reason", result.reason.code, value)
            elif name == "level" and isinstance(result, CriterionResult):
                yield from _differs(f"{key}.level", result.level, value)
            elif name == "points" and isinstance(result, CriterionResult):
                yield from self._interval(f"{key}.points", result.points, {"low": value, "high": value})
            elif name in ("low", "high") and isinstance(result, CriterionResult):
                yield from self._interval(f"{key}.points", result.points, {name: value})
            else:
                yield f"{key}.{name}: 不认识的期望项 / unknown expectation"

    def _year(self, year: int, wanted: Mapping[str, Any]) -> Iterable[str]:
        found = next((result for result in self.result.years if result.year == year), None)
        if found is None:
            yield f"years.{year}: 没有这一年 / no such year"
            return
        for name, value in wanted.items():
            if name == "complete":
                yield from _differs(f"years.{year}.complete", found.complete, value in (True, "yes"))
            elif name == "capped":
                yield from self._interval(f"years.{year}.capped", found.capped, value)
            else:
                yield from self._interval(f"years.{year}", found.score, {name: value})

    def _interval(self, key: str, interval: Interval, wanted: Mapping[str, Any]) -> Iterable[str]:
        for end, text in wanted.items():
            found = interval.low if end == "low" else interval.high
            expected = None if text is None else Fraction(str(text)) if "/" in str(text) else parse_number(str(text))
            if found != expected:
                yield f"{key}.{end}: {'—' if found is None else to_json_number(found)} ≠ {text}"

    def _indicator(self, key: str, wanted: str) -> Iterable[str]:
        result = next((r for r in self.result.indicators if r.id == key), None)
        if result is None or result.value.number is None:
            code = result.reason.code if result and result.reason else "missing_value"
            return _differs(key, code, wanted)
        try:
            number, unit = split_quantity(wanted)
            slot = self.programme.indicators[key].unit
            expected = self.programme.units.convert_for_slot(parse_number(number), unit, slot, self.units)
        except LanguageError as err:
            return [f"{key}: {err.code} {wanted}"]
        if result.value.value == expected:
            return []
        return [f"{key}: {number_text(result.value.number, 12)} {result.value.unit} ≠ {wanted}"]

    def _levels(self, wanted: Mapping[str, Any]) -> Iterable[str]:
        """Indices of levels: a number, or ``{low, high}``, with ``barred_by`` beside them."""
        found = {level.level: level for level in self.result.levels}
        for name, value in wanted.items():
            parts = dict(value) if isinstance(value, dict) else {"low": value, "high": value}
            if "barred_by" in parts:
                yield from _differs(f"levels.{name}.barred_by", list(found[name].barred_by), parts.pop("barred_by"))
            yield from self._interval(f"levels.{name}", found[name].index, parts)

    def _findings(self, key: str, wanted: list[str]) -> Iterable[str]:
        found = {f.rule for f in self.result.findings if f.open == (key == "open_findings")}
        if key == "no_findings":
            return [f"{rule}: 不应触发 / should not fire" for rule in wanted if rule in found]
        return [f"{rule}: 未触发 / did not fire" for rule in wanted if rule not in found]


def _differs(key: str, found: object, wanted: object, note: str = "") -> list[str]:
    return [] if found == wanted else [f"{key}: {found} ≠ {wanted}" + (f" ({note})" if note else "")]
