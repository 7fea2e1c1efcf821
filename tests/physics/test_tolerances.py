"""Both ends of every tolerance: what lies just inside passes, so does what lies on the end itself, and what lies just beyond is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import engine
from engine.assess.basis import BasisRun
from engine.assess.physics.across import Applied, across
from engine.assess.physics.cells import Cells
from engine.assess.physics.numbers import compared
from engine.dossier.bind import bind
from engine.problems import ProblemList
from engine.ruleset.checks import Agree, Compared, Each, Jump, Outlier, Range
from engine.ruleset.compile import compiled
from engine.ruleset.compile_checks import Operand, ReadyCheck, ready_checks
from tests.physics.test_corrupted_samples import Data, Edit, cell, corrupted, document, found_in, put, several
from tests.samples.results import NAMES, SAMPLES, dossier, own_programme

EPSILON = Fraction(1, 10**9)
Values = Callable[[Any], Fraction | None]
"""The value of an operand for a row."""


class Subject(NamedTuple):
    """A check of the library with a sample that has what it is held to."""

    ready: ReadyCheck
    cells: Cells


@cache
def cells_of(name: str) -> Cells:
    programme = own_programme(name)
    return Cells(BasisRun(compiled(programme), bind(dossier(name), programme, ProblemList()), "declared", {}))


def limit(subject: Subject, place: str) -> Fraction | None:
    """What a check holds to, as its sample has it."""
    operand = subject.ready.operands.get(place)
    if operand is None:
        return None
    table = subject.ready.form.table
    rows = subject.cells.rows(table)[0] if table else ()
    value = operand.run(subject.cells.run.env, rows[0] if rows else None)
    return value if isinstance(value, Fraction) else None


@cache
def subjects() -> dict[str, Subject]:
    """Every check that holds numbers against each other and whose limits are known in a sample, once."""
    found: dict[str, Subject] = {}
    for name in NAMES:
        for ready in ready_checks(compiled(own_programme(name))):
            subject = Subject(ready, cells_of(name))
            if not isinstance(ready.form, Compared) or (ready.form.table and not subject.cells.rows(ready.form.table)[0]):
                continue
            if any(limit(subject, place) is not None for place in ready.form.limits):
                found.setdefault(ready.check.check, subject)
    return found


def with_values(subject: Subject, **values: Values) -> int:
    """How many findings the check has where its operands have these values."""
    operands = dict(subject.ready.operands)
    for place, value in values.items():
        operands[place] = Operand(operands[place].typed, lambda env, row, value=value: value(row))  # type: ignore[misc]
    return len(list(compared(replace(subject.ready, operands=operands), subject.cells)))


def constant(value: Fraction) -> Values:
    return lambda row: value


def in_first_row(subject: Subject, first: Fraction, others: Fraction) -> Values:
    rows = subject.cells.rows(subject.ready.form.table)[0]
    return lambda row: first if row is rows[0] else others


def of(form: type) -> list[str]:
    return [name for name, subject in subjects().items() if isinstance(subject.ready.form, form)]


@pytest.mark.parametrize("name", of(Range))
def test_a_range_holds_its_ends(name: str) -> None:
    subject = subjects()[name]
    rows = len(subject.cells.rows(subject.ready.form.table)[0]) if subject.ready.form.table else 1
    tolerance = limit(subject, "tolerance") or Fraction(0)
    ends = [(limit(subject, "at_least"), -1), (limit(subject, "at_most"), 1)]
    for end, beyond in ((end * (1 + beyond * tolerance), beyond) for end, beyond in ends if end is not None):
        fixed = {place: constant(value) for place in subject.ready.form.limits if (value := limit(subject, place)) is not None}
        for away, found in ((-beyond * EPSILON, 0), (Fraction(0), 0), (beyond * EPSILON, rows)):
            assert with_values(subject, value=constant(end + away), **fixed) == found


@pytest.mark.parametrize("name", of(Each))
def test_a_range_of_several_holds_its_ends_for_each(name: str) -> None:
    subject = subjects()[name]
    inside = next(end for place in ("at_most", "at_least") if (end := limit(subject, place)) is not None)
    for item in subject.ready.items:
        rest = {other: constant(inside) for other in subject.ready.items if other != item}
        for place, beyond in (("at_least", -1), ("at_most", 1)):
            end = limit(subject, place)
            for away, found in ((-beyond * EPSILON, 0), (Fraction(0), 0), (beyond * EPSILON, 1)) if end is not None else ():
                assert with_values(subject, **rest, **{item: constant(end + away)}) == found


@pytest.mark.parametrize("name", of(Agree))
def test_an_agreement_holds_its_tolerance_both_ways(name: str) -> None:
    subject = subjects()[name]
    rows = len(subject.cells.rows(subject.ready.form.table)[0]) if subject.ready.form.table else 1
    tolerance = limit(subject, "tolerance")
    assert tolerance is not None
    for larger, smaller in (("one", "other"), ("other", "one")):
        for away, found in ((EPSILON, 0), (Fraction(0), 0), (-EPSILON, rows)):
            values = {larger: constant(Fraction(1)), smaller: constant(1 - tolerance + away)}
            assert with_values(subject, **values) == found


@pytest.mark.parametrize("name", of(Jump))
def test_a_change_holds_its_share_both_ways(name: str) -> None:
    subject = subjects()[name]
    form, most = subject.ready.form, limit(subject, "at_most")
    assert isinstance(form, Jump) and most is not None
    for sign in (1, -1):
        for away, found in ((-EPSILON, 0), (Fraction(0), 0), (EPSILON, 1)):
            now = 1 + sign * (most + away)
            if form.by is None:
                assert with_values(subject, now=constant(now), before=constant(Fraction(1))) == found
            else:
                rows = sorted(subject.cells.rows(form.table)[0], key=lambda row: str(row[form.by]))
                steps = with_values(subject, now=lambda row, last=rows[-1], now=now: now if row is last else Fraction(1))  # type: ignore[misc]
                assert steps == found


@pytest.mark.parametrize("name", of(Outlier))
def test_a_row_among_rows_holds_its_factor_both_ways(name: str) -> None:
    subject = subjects()[name]
    most = limit(subject, "within")
    assert most is not None
    for away, found in ((-EPSILON, 0), (Fraction(0), 0), (EPSILON, 1)):
        assert with_values(subject, value=in_first_row(subject, most + away, Fraction(1))) == found
        assert with_values(subject, value=in_first_row(subject, 1 / (most + away), Fraction(1))) == found


def test_most_checks_of_numbers_are_looked_at() -> None:
    assert len(subjects()) > 60


# --- tolerances as a scheme has them, in a dossier --------------------------------------------------------------------


def months(*outputs: str) -> Edit:
    def edit(data: Data) -> None:
        for row, output in zip(data["tables"]["production"]["rows"], outputs, strict=True):
            row["output"] = output

    return edit


def balance(taken_in: str, consumed: str, sent_out: str) -> Edit:
    return several(put("water_taken_in", taken_in), put("water_consumed", consumed), put("water_sent_out", sent_out))


EDGES = (
    # 2 %: 15414.71696 tce is computed, 0.98 of it is 15106.4226208
    ("energy_stated_twice", "dyeing_mill", put("stated_energy_total", "15106.4226208 tce"), 0),
    ("energy_stated_twice", "dyeing_mill", put("stated_energy_total", "15106.4226207 tce"), 1),
    ("energy_of_both", "knit_fabric", put("energy_per_mass", "1 tce/t"), 0),
    ("energy_of_both", "knit_fabric", put("energy_per_mass", "1.0001 tce/t"), 1),
    ("energy_of_both", "knit_fabric", put("energy_per_mass", "0.9604 tce/t"), 0),
    ("energy_of_both", "knit_fabric", put("energy_per_mass", "0.9603 tce/t"), 1),
    # 5 %
    ("water_balance", "dyeing_mill", balance("1000 m3", "500 m3", "450 m3"), 0),
    ("water_balance", "dyeing_mill", balance("1000 m3", "500 m3", "449.9 m3"), 1),
    ("water_balance", "dyeing_mill", balance("950 m3", "500 m3", "500 m3"), 0),
    ("water_balance", "dyeing_mill", balance("950 m3", "500 m3", "500.1 m3"), 1),
    # six times the median
    ("output_month", "dyeing_mill", months("600 万m", *["100 万m"] * 11), 0),
    ("output_month", "dyeing_mill", months("600.01 万m", *["100 万m"] * 11), 1),
    ("output_month", "dyeing_mill", months("16.6667 万m", *["100 万m"] * 11), 0),
    ("output_month", "dyeing_mill", months("16.6666 万m", *["100 万m"] * 11), 1),
    # 60 % more or less than the year before: 15414.71696 / 1.6 and / 0.4
    ("energy_year_on_year", "dyeing_mill", put("previous_energy_total", "9634.1981 tce"), 0),
    ("energy_year_on_year", "dyeing_mill", put("previous_energy_total", "9634.198 tce"), 1),
    ("energy_year_on_year", "dyeing_mill", put("previous_energy_total", "38536.7924 tce"), 0),
    ("energy_year_on_year", "dyeing_mill", put("previous_energy_total", "38536.7925 tce"), 1),
    # 30 % between declared and verified
    ("verified_differences", "dyeing_mill", put("production_capacity", "7200 万m", "5040 万m"), 0),
    ("verified_differences", "dyeing_mill", put("production_capacity", "7200 万m", "5039 万m"), 1),
    ("verified_differences", "dyeing_mill", put("production_capacity", "5040 万m", "7200 万m"), 0),
    ("verified_differences", "dyeing_mill", put("production_capacity", "5039 万m", "7200 万m"), 1),
    # the first day of the statistics period, 2016-01-01
    ("document_dates", "dyeing_mill", document("E18", issued="2016-01-01"), 0),
    ("document_dates", "dyeing_mill", document("E18", issued="2015-12-31"), 1),
    # 5 % of a mass balance, 2 % of inventory against ledger
    ("lca_process_balance", "lca_textured_yarn", cell("lca_processes", 2, "products", "993.7 kg"), 0),
    ("lca_process_balance", "lca_textured_yarn", cell("lca_processes", 2, "products", "993.6 kg"), 1),
    ("lca_water_twice", "lca_textured_yarn", put("lca_inventory_water", "42336 m3"), 0),
    ("lca_water_twice", "lca_textured_yarn", put("lca_inventory_water", "42335 m3"), 1),
    # a rate of 100 %, a pH value of 0 and of 14
    ("rates_within_whole", "knit_fabric", put("reuse", "100 %"), 0),
    ("rates_within_whole", "knit_fabric", put("reuse", "100.01 %"), 1),
    ("ph_plausible", "knit_fabric", put("ph", "14"), 0),
    ("ph_plausible", "knit_fabric", put("ph", "14.1"), 1),
    ("ph_plausible", "knit_fabric", put("ph", "0"), 0),
)


@pytest.mark.parametrize(("check", "sample", "edit", "count"), EDGES)
def test_the_end_of_a_tolerance_passes_and_what_lies_beyond_is_found(
    check: str, sample: str, edit: Edit, count: int, tmp_path: Path
) -> None:
    assert sum(one.check == check for one in found_in(corrupted(sample, edit, tmp_path))) == count


# --- one document for many items --------------------------------------------------------------------------------------


def proven_by(*references: str) -> Edit:
    """One document alone for so many answers, otherwise none."""

    def edit(data: Data) -> None:
        for entry in (*data["inputs"].values(), *data["tables"].values(), *data["answers"].values()):
            if isinstance(entry, dict):
                entry.pop("evidence", None)
        for entry, reference in zip(data["answers"].values(), references, strict=False):
            entry["evidence"] = [reference]

    return edit


@pytest.mark.parametrize(
    ("references", "count"),
    [
        (["E17"] * 16, 0),
        (["E17"] * 17, 1),
        (["E17:3"] * 17, 1),
        ([*["E17:3"] * 16, "E17:4"], 0),
        ([f"E17:{page}" for page in range(1, 21)], 0),
    ],
)
def test_one_document_may_prove_sixteen_items_on_one_page_and_more_on_others(references: list[str], count: int, tmp_path: Path) -> None:
    found = found_in(corrupted("dyeing_mill", proven_by(*references), tmp_path))
    assert sum(one.check == "one_document_many_items" for one in found) == count


# --- figures of another dossier ---------------------------------------------------------------------------------------


def twin(folder: Path, name: str, code: str, figures: list[str]) -> engine.Dossier:
    """A dossier of an applicant of its own, with these figures in its months of output."""
    given = yaml.load((SAMPLES / "dyeing_mill.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    rows = [{"month": f"2016-{at:02d}", "output": f"{figure} 万m"} for at, figure in enumerate(figures, 1)]
    applicant = {"name": name, "credit_code": code, "industry": "1752", "district": "xiuzhou"}
    kept = {key: given[key] for key in ("kind", "scheme", "year", "application_date", "units")}
    data = {"dossier": name, **kept, "applicant": applicant, "tables": {"production": {"rows": rows}}}
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return engine.read_dossier(path)


@pytest.mark.parametrize(
    ("shared", "count"),
    [
        (["123.4", "234.5", "345.6", "456.7", "567.8"], 1),
        (["123.4", "234.5", "345.6", "456.7", "56.7"], 0),  # the last has three digits only
        (["123.4", "234.5", "345.6", "456.7"], 0),
    ],
)
def test_five_figures_of_four_digits_are_a_copy(shared: list[str], count: int, tmp_path: Path) -> None:
    one = twin(tmp_path, "one", dossier("dyeing_mill").applicant.credit_code, shared)
    other = twin(tmp_path, "other", dossier("leather").applicant.credit_code, shared)
    programme = engine.load_programme(one.scheme, one.kind)
    found, _ = across([Applied(programme, one), Applied(programme, other)])
    assert len(found) == count


@pytest.mark.parametrize(("copied", "count"), [(4, 0), (5, 1)])
def test_five_figures_of_the_year_before_are_a_copy(copied: int, count: int, tmp_path: Path) -> None:
    long = ["industrial_added_value", "energy_total", "carbon_emission", "waste_water", "general_waste_generated"]

    def edit(data: Data) -> None:
        rows = data["tables"]["annual"]["rows"]
        for at, column in enumerate(long):
            rows[1][column] = f"{2345 + at} {rows[1][column].split()[-1]}"
            rows[0][column] = rows[1][column] if at < copied else f"{1.2345 * (at + 1):.4f} {rows[1][column].split()[-1]}"

    found = found_in(corrupted("park_three_years", edit, tmp_path))
    assert sum(one.check == "park_figures_repeated" for one in found) == count
