"""A dossier bound to a programme: names known, units converted, types checked, rows complete.

Two sides come out, what the applicant declared and what the assessor verified, each as values in base units. Whatever is
missing is an Unknown with its cause, never a zero.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import cast

from engine.dossier.cells import CellError, named_codes, read_cell
from engine.dossier.schema import APPLICANT_LISTS, AS_DECLARED, Cell, Dossier, Entry, Row, TableEntry
from engine.language import UnitError, Unknown, Value, unknown
from engine.problems import Bilingual, ProblemList, Where
from engine.ruleset.methods import Choose, Conform, Judgement
from engine.ruleset.programme import Programme
from engine.ruleset.references import ReferenceTable
from engine.ruleset.schema import Column, Input, InputType, Table

SIDES = ("declared", "verified")
_CLASS = re.compile(r"[0-9]{2,4}")


@dataclass(frozen=True, slots=True)
class Side:
    """One basis: values by input, rows by table, answers by gate or criterion, and the texts values were entered as.

    ``rows`` holds the entered row behind each row of ``tables``.
    """

    values: Mapping[str, Value]
    tables: Mapping[str, Sequence[Mapping[str, Value]] | Unknown]
    answers: Mapping[str, str]
    entered: Mapping[str, str]
    rows: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Bound:
    """Both sides of a dossier under a programme; ``has_verified`` tells whether an assessor has entered anything."""

    dossier: Dossier
    sha256: str
    programme: Programme
    declared: Side
    verified: Side
    has_verified: bool

    def side(self, basis: str) -> Side:
        """The side of a basis."""
        return self.verified if basis == "verified" else self.declared


def bind(dossier: Dossier, programme: Programme, problems: ProblemList) -> Bound:
    """Bind a dossier to a programme; mistakes go to ``problems`` (errors refuse the dossier, warnings do not)."""
    binder = _Binder(dossier, programme, problems)
    declared = binder.side("declared")
    verified = binder.side("verified", like=declared)
    binder.check_names()
    return Bound(dossier, dossier.sha256, programme, declared, verified, has_verified(dossier))


def bind_table(dossier: Dossier, programme: Programme, table: str, basis: str) -> Bound:
    """One table of a dossier alone on one basis: what taking a sum over its rows apart needs. Mistakes were told by :func:`bind`."""
    alone = replace(dossier, inputs=(), answers=(), evidence=(), tables=tuple(pair for pair in dossier.tables if pair[0] == table))
    side = _Binder(alone, programme, ProblemList()).side(basis)
    return Bound(alone, "", programme, side, side, basis == "verified")


def has_verified(dossier: Dossier) -> bool:
    """Whether an assessor has entered anything."""
    entries = (*dossier.inputs, *dossier.answers)
    return any(entry.verified for _, entry in entries) or any(t.verified or any(r.verified for r in t.rows) for _, t in dossier.tables)


class _Binder:
    def __init__(self, dossier: Dossier, programme: Programme, problems: ProblemList) -> None:
        self.dossier, self.programme, self.problems = dossier, programme, problems
        self.units = {name: self.concrete(name, unit) for name, unit in dossier.units}
        self.inputs = dict(dossier.inputs)
        self.tables = dict(dossier.tables)
        self.confirmed: dict[tuple[str, int], dict[str, Value]] = {}
        """Values of rows as declared: those that the assessor changed nothing in need not be read twice."""

    def concrete(self, name: str, unit: str) -> str:
        """The unit that the dossier states for a generic one; the generic one itself where that is none, so that it is said once."""
        if name not in self.programme.unit_parameters:
            self.unknown_name("unit_parameter_unknown", self.place(f"units.{name}"), name, self.programme.unit_parameters)
            return unit
        try:
            self.programme.units.parse(unit)
        except UnitError as err:
            self.problems.error(err.code, self.place(f"units.{name}"), **err.params)
            return name
        return unit

    def side(self, basis: str, like: Side | None = None) -> Side:
        """One basis; what the assessor confirmed as declared is taken over from the side that was read before."""
        values: dict[str, Value] = {
            name: figure.value for name, figure in self.programme.parameter_figures.items() if figure.value is not None
        }
        for name, figure in self.programme.parameter_figures.items():
            if figure.value is None:
                values[name] = unknown("no_benchmark", name)
        values["industry"], values["district"] = self.dossier.applicant.industry, self.dossier.applicant.district
        values["application_date"] = self.dossier.application_date or unknown("missing_value", "application_date")
        entered: dict[str, str] = {}
        for name, definition in self.programme.inputs.items():
            entry = self.inputs.get(name)
            if like is not None and (entry is None or _as_declared(entry)):
                values[name] = like.values[name]
                entered |= {name: like.entered[name]} if name in like.entered else {}
            else:
                values[name] = self.value(name, definition, entry, basis, entered)
        tables: dict[str, Sequence[Mapping[str, Value]] | Unknown] = {}
        behind: dict[str, tuple[Row, ...]] = dict(like.rows) if like is not None else {}
        for name, table in self.programme.tables.items():
            filled = self.tables.get(name)
            confirmed = filled is None or (filled.verified and not any(row.verified for row in filled.rows))
            tables[name] = like.tables[name] if like is not None and confirmed else self.rows(name, table, filled, basis, behind)
        return Side(values, tables, self.answers(basis), entered, behind)

    def value(self, name: str, definition: Input, entry: Entry | None, basis: str, entered: dict[str, str]) -> Value:
        cell, cause = cell_of(entry, basis)
        if cell is None:
            if entry is None and definition.absent_means == "zero":
                return Fraction(0)
            return unknown(_BENCHMARK_CAUSES[cause] if definition.role == "benchmark" else cause, name)
        if definition.role == "benchmark" and entry is not None and not entry.evidence:
            self.problems.warning("benchmark_without_source", entry.where, name=self.title(name))
            return unknown("no_benchmark", name)
        entered[name] = cell.text
        return self.read(cell, definition, self.units, name)

    def read(self, cell: Cell, definition: Input | Column, units: Mapping[str, str], name: str) -> Value:
        try:
            value = read_cell(cell.text, definition, self.programme, units)
        except CellError as err:
            self.problems.error(err.code, cell.where, name=self.title(name), text=cell.text, **err.params)
            return unknown("missing_value", name)
        if isinstance(value, Fraction) and value < 0 and not definition.may_be_negative:
            self.problems.error("negative_value", cell.where, name=self.title(name), text=cell.text)
        if isinstance(value, Fraction) and definition.type is InputType.SHARE and value > 1:
            self.problems.error("share_above_one", cell.where, name=self.title(name), text=cell.text)
        if definition.type is InputType.CODES:
            named = named_codes(cell.text, definition, self.programme)
            for code in sorted({code for code in named if named.count(code) > 1}):
                self.problems.warning("code_repeated", cell.where, name=self.title(name), text=code)
        return cast("Value", value)  # "not detected" reaches formulas as a bare input only, which the linter ensures

    def title(self, name: str) -> Bilingual:
        return Bilingual(zh=f"{self.programme.title(name, 'zh')} {name}", en=f"{self.programme.title(name, 'en')} {name}")

    # --- tables -----------------------------------------------------------------------------------------------------

    def rows(
        self, name: str, table: Table, entry: TableEntry | None, basis: str, behind: dict[str, tuple[Row, ...]]
    ) -> Sequence[Mapping[str, Value]] | Unknown:
        """The rows of a table, each once; ``behind`` takes the entered row of each."""
        if entry is None or not entry.rows:
            return () if table.absent_means == "zero" else unknown("missing_value", name)
        if basis == "verified" and not entry.verified:
            return unknown("not_verified", name)
        columns = {column.column: column for column in table.columns}
        keys = {source.key for source in table.row_units.values()}
        apart = {key: columns[key] for key in columns if key in keys}, {key: columns[key] for key in columns if key not in keys}
        read: dict[tuple[str, ...], dict[str, Value]] = {}
        rows: dict[tuple[str, ...], Row] = {}
        unreadable = False
        for number, row in enumerate(entry.rows):
            values = self.confirmed.get((name, number)) if basis == "verified" and not row.verified else None
            if values is None:
                values = self.row(name, table, apart, row, basis)
            if basis == "declared":
                self.confirmed[name, number] = values
            if not _readable((columns[part] for part in table.per), values):
                unreadable = True
                continue
            key = tuple(str(values.get(part, "")) for part in table.per)
            if key not in read:
                read[key], rows[key] = values, row
            elif read[key] == values:
                self.problems.warning("row_repeated", row.where, key=" ".join(key), first=rows[key].where.short())
            else:
                self.problems.error("row_contradicts", row.where, key=" ".join(key), first=rows[key].where.short())
        if unreadable:
            # The dossier is refused for it; what else the table lacks shows once its rows can be told apart.
            return unknown("missing_value", name)
        missing = self.missing_months(table, read)
        if missing and table.absent_means != "zero":
            shown = ", ".join(missing[:3]) + ("…" if len(missing) > 3 else "")
            if basis == "declared":
                self.problems.warning("months_missing", entry.where, name=self.title(name), months=shown, count=len(missing))
            return unknown("missing_rows", f"{name}[{shown}]")
        behind[name] = tuple(rows.values())
        return tuple(read.values())

    def row(
        self, name: str, table: Table, columns: tuple[Mapping[str, Column], Mapping[str, Column]], row: Row, basis: str
    ) -> dict[str, Value]:
        """The values of a row: of the columns that decide its units first, then of the others."""
        first, others = columns
        cells = dict(row.declared)
        if basis == "verified":
            cells |= {column: cell for column, cell in row.verified if cell.text != AS_DECLARED}
        for column, cell in cells.items():
            if column not in first and column not in others:
                self.unknown_name("column_unknown", cell.where, column, [known.column for known in table.columns])
        out = self.cells(name, first, row, cells, self.units)
        if not _readable(first.values(), out):
            return out
        units = {**self.units, **self.row_units(table, out)}
        return out | self.cells(name, others, row, cells, units)

    def cells(
        self, name: str, columns: Mapping[str, Column], row: Row, cells: Mapping[str, Cell], units: Mapping[str, str]
    ) -> dict[str, Value]:
        """The values of some columns of a row."""
        out: dict[str, Value] = {}
        for column, definition in columns.items():
            found = cells.get(column)
            if found is None or not found.text:
                if definition.role == "benchmark":
                    out[column] = unknown("no_benchmark", f"{name}.{column}")
                elif definition.required:
                    self.problems.error("cell_missing", row.where, name=self.title(f"{name}.{column}"))
                continue
            value = self.read(found, definition, units, f"{name}.{column}")
            out[column] = value
            if definition.type is InputType.MONTH and isinstance(value, str) and not value.startswith(f"{self.dossier.year}-"):
                self.problems.error("month_outside_year", found.where, text=found.text, year=self.dossier.year)
                out[column] = unknown("missing_rows", f"{name}.{column}")
        return out

    def row_units(self, table: Table, keys: Mapping[str, Value]) -> dict[str, str]:
        """The units of generic quantities that the row's own key decides: a carrier's coefficient says per what it is."""
        out: dict[str, str] = {}
        for parameter, source in table.row_units.items():
            reference = self.programme.references[source.reference]
            row = reference.find(str(keys.get(source.key, "")), f"{self.dossier.year}-12-31")
            unit = row.values.get(source.column) if row else None
            if isinstance(unit, str):
                out[parameter] = unit
        return out

    def missing_months(self, table: Table, rows: Iterable[tuple[str, ...]]) -> list[str]:
        month_columns = [column.column for column in table.columns if column.type is InputType.MONTH]
        if not table.monthly or not month_columns:
            return []
        at = table.per.index(month_columns[0])
        seen: dict[tuple[str, ...], set[str]] = {}
        for key in rows:
            seen.setdefault(key[:at] + key[at + 1 :], set()).add(key[at])
        year = [f"{self.dossier.year}-{month:02d}" for month in range(1, 13)]
        return [" ".join((*rest, month)) for rest, months in sorted(seen.items()) for month in year if month not in months]

    # --- answers and names ----------------------------------------------------------------------------------------

    def answers(self, basis: str) -> dict[str, str]:
        out: dict[str, str] = {}
        for name, entry in self.dossier.answers:
            cell, _ = cell_of(entry, basis)
            if cell is not None:
                out[name] = cell.text
        return out

    def check_names(self) -> None:
        known: tuple[tuple[str, Iterable[tuple[str, Entry | TableEntry]], Mapping[str, object]], ...] = (
            ("input_unknown", self.dossier.inputs, self.programme.inputs),
            ("table_unknown", self.dossier.tables, self.programme.tables),
            ("answer_unknown", self.dossier.answers, {**self.programme.gates, **self.programme.criteria}),
        )
        for code, given, names in known:
            for name, entry in given:
                if name not in names:
                    self.unknown_name(code, entry.where, name, names)
        for name, entry in self.dossier.answers:
            self.check_answer(name, entry)
        self._check_in_force()
        for part, table in APPLICANT_LISTS.items():
            if (text := getattr(self.dossier.applicant, part)) and (reference := self.programme.references.get(table)):
                self._check_listed(text, reference, self.place(f"applicant.{part}"))

    def _check_in_force(self) -> None:
        """Old applications are judged by old rules; other rules than those in force on the day are chosen knowingly."""
        validity, day = self.programme.settings.in_force, self.dossier.application_date
        begin, end = validity.span
        if day and ((begin and day < begin.isoformat()) or (end and day > end.isoformat())):
            scheme, since, until = self.programme.scheme.scheme, validity.since or "…", validity.until or "…"
            self.problems.warning("scheme_not_in_force", self.place("application_date"), scheme=scheme, day=day, since=since, until=until)

    def _check_listed(self, text: str, reference: ReferenceTable, where: Where) -> None:
        """A code of a list. A number where only its beginning has to be listed may be a class that the list does not reach."""
        if reference.find(text, f"{self.dossier.year}-12-31") is None:
            report = self.problems.warning if reference.prefix and _CLASS.fullmatch(text) else self.problems.error
            title = Bilingual(zh=reference.title.zh, en=reference.title.en)
            report("applicant_code_unknown", where, text=text, title=title, known=", ".join(list(reference.rows)[:40]))

    def check_answer(self, name: str, entry: Entry) -> None:
        demand = self.programme.criteria.get(name) or self.programme.gates.get(name)
        if demand is None:
            return
        for cell in (entry.declared, entry.verified):
            if cell is None:
                continue
            if cell.text == "not_applicable" and not (demand.na_allowed and entry.reason):
                code = "na_without_reason" if demand.na_allowed else "na_not_allowed"
                self.problems.warning(code, cell.where, name=self.title(name))
            elif demand.judged_when and cell.text not in ("not_applicable", AS_DECLARED):
                self._check_points(name, cell)
            elif cell.text in ("yes", "no") and not isinstance(demand.method, Conform | Judgement):
                self.problems.warning("answer_is_computed", cell.where, name=self.title(name))
            elif isinstance(demand.method, Conform | Judgement) and cell.text not in _tokens(demand.method):
                self._check_points(name, cell)
            elif isinstance(demand.method, Choose):
                self._check_members(name, cell, demand.method)
        if not entry.reason and (demand.judged_when or isinstance(demand.method, Judgement)):
            cells = (cell for cell in (entry.declared, entry.verified) if cell and cell.text not in ("not_applicable", AS_DECLARED))
            given = next(cells, None)
            if given is not None:
                self.problems.warning("points_without_reason", given.where, name=self.title(name), text=given.text)

    def _check_points(self, name: str, cell: Cell) -> None:
        if name not in self.programme.criteria or isinstance(self.programme.criteria[name].method, Conform):
            self.problems.error("answer_not_understood", cell.where, name=self.title(name), text=cell.text)
            return
        try:
            points = read_cell(cell.text, Column(column="points", title=self.programme.criteria[name].title), self.programme, {})
        except CellError as err:
            self.problems.error(err.code, cell.where, name=self.title(name), text=cell.text, **err.params)
            return
        most = self.programme.points_of(name)
        if not isinstance(points, Fraction) or not 0 <= points <= most:
            self.problems.error("points_out_of_range", cell.where, name=self.title(name), text=cell.text, max=most)

    def _check_members(self, name: str, cell: Cell, method: Choose) -> None:
        for member in named_members(cell.text, method, self.programme):
            if member not in method.of:
                self.problems.error("choice_unknown", cell.where, name=self.title(name), text=member, known=", ".join(method.of))

    def unknown_name(self, code: str, where: Where, name: str, known: Iterable[str]) -> None:
        close = difflib.get_close_matches(name, list(known), 3)
        self.problems.error(code, where, name=name, suggestion=", ".join(close) or "—")

    def place(self, part: str) -> Where:
        return dict(self.dossier.places).get(part, Where(path=part))


_BENCHMARK_CAUSES = {"missing_value": "no_benchmark", "not_verified": "benchmark_not_verified"}
"""Why a benchmark is unknown: closing an assessment turns neither, since a benchmark is not the applicant's to supply."""


def _readable(columns: Iterable[Column], values: Mapping[str, Value]) -> bool:
    """Whether the columns that tell a row apart could be read; what is wrong with them has been reported."""
    return not any(isinstance(values.get(c.column), Unknown) or (c.required and c.column not in values) for c in columns)


def named_members(text: str, method: Choose, programme: Programme) -> tuple[str, ...]:
    """The members of a choose-n group that an answer names by their ids or printed numbers, in its order; other names as they are."""
    ids = {(programme.criteria[member].number or member).casefold(): member for member in method.of}
    parts = (part.strip() for part in re.split(r"[,;、，；\n]", text))
    return tuple(ids.get(part.casefold(), part) for part in parts if part and part not in ("yes", "no", AS_DECLARED))


def _as_declared(entry: Entry) -> bool:
    return entry.verified is not None and entry.verified.text == AS_DECLARED


def _tokens(method: Conform | Judgement) -> tuple[str, ...]:
    return ("yes", "no", "not_applicable", AS_DECLARED) if isinstance(method, Conform) else ("not_applicable", AS_DECLARED)


def cell_of(entry: Entry | None, basis: str) -> tuple[Cell | None, str]:
    """The cell that counts on a basis, or the cause for which there is none."""
    if entry is None or (entry.declared is None and entry.verified is None):
        return None, "missing_value"
    if basis == "declared":
        return entry.declared, "missing_value"
    if entry.verified is None:
        return None, "not_verified"
    return (entry.declared, "missing_value") if entry.verified.text == AS_DECLARED else (entry.verified, "")
