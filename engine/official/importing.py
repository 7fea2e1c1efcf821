"""Official tables into rulesets: what a filled table changes, tried out first, then written as a new version."""

from __future__ import annotations

import difflib
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from engine.language import NumberError, parse_number, split_quantity
from engine.located import Key, read
from engine.official.attest import replace_files, same_figure
from engine.official.edit import YamlText, quoted
from engine.official.sheets import SheetRow, read_rows, write_rows
from engine.official.slots import Slot, slots_of
from engine.official.target import Target
from engine.official.titles import place_title
from engine.problems import Problem, ProblemList, Refused, Severity, Where
from engine.ruleset import library
from engine.ruleset.diff import RulesetDiff, ruleset_diff
from engine.ruleset.lint import lint
from engine.ruleset.programme import Programme
from engine.ruleset.validity import is_day
from engine.texts import LANGUAGES

COLUMNS = ("key", "title", "unit", "present", "new", "page")
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Official:
    """The document that a table was taken from: its name, the page, and the day on which it was taken."""

    document: str
    page: str
    on: str


class FigureChange(NamedTuple):
    """One imported figure: what stood there (None: unknown) and what stands there now."""

    key: str
    title: Mapping[str, str]
    unit: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import writes: the texts of files, the figures, the comparison of the versions, and what lint warns of afterwards."""

    texts: Mapping[Path, str]
    figures: tuple[FigureChange, ...]
    diff: RulesetDiff | None
    warnings: tuple[Problem, ...]
    version: str

    @property
    def changed(self) -> tuple[FigureChange, ...]:
        """The figures whose value is another one now; the others were confirmed."""
        return tuple(one for one in self.figures if one.before is None or not same_figure(one.before, one.after))


class _File(NamedTuple):
    """A file of the ruleset with its figures."""

    path: Path
    slots: tuple[Slot, ...]


class _Filled(NamedTuple):
    """A figure of the ruleset with the new value that a row gives it."""

    slot: Slot
    new: str
    page: str
    row: SheetRow
    file: Path


def write_import_template(
    name: str, path: Path, lang: str, *, kind: str | None = None, standard: str = "", rulesets: Path | None = None
) -> int:
    """Write the table of a ruleset's figures to fill in; how many there are. Raises Refused, OSError."""
    target = Target(name, kind, standard)
    slots = [slot for file in _files(target, rulesets or library.rulesets_root()) for slot in file.slots]
    programme = target.programme(rulesets)
    rows = [{"key": slot.key, "title": _title(slot, programme, lang), "unit": slot.unit, "present": slot.present or ""} for slot in slots]
    write_rows(path, COLUMNS, rows, lang, "new")
    return len(slots)


def plan_import(
    name: str,
    table: Path,
    official: Official,
    *,
    today: str,
    kind: str | None = None,
    standard: str = "",
    version: str = "",
    rulesets: Path | None = None,
) -> ImportPlan:
    """What importing a filled table would write; the result has been loaded and linted aside.

    ``name`` is a standard, a scheme (with the ``kind`` of its programme, and its ``standard`` where there are several of it) or a
    common file. Raises Refused with every mistake of the table at its cell, and with what would be wrong with the ruleset then.
    """
    root, target = rulesets or library.rulesets_root(), Target(name, kind, standard)
    problems = ProblemList()
    _check_official(official, today, problems)
    files = _files(target, root)
    filled = _filled(files, read_rows(table, COLUMNS, ("key", "new"), problems), problems)
    _whole_rows(files, filled, problems)
    if not filled and not problems.has_errors:
        problems.error("import_nothing", Where(file=str(table)))
    problems.refuse_if_errors()
    texts, number = _texts(files, _paged(filled, official), official, version, problems)
    problems.refuse_if_errors()
    programme = target.programme(rulesets)
    figures = tuple(_change(one, programme) for one in filled)
    diff, warnings = _tried_out(target, root, texts, programme, table)
    return ImportPlan(texts, figures, diff, warnings, number)


def _change(one: _Filled, programme: Programme | None) -> FigureChange:
    titles = {lang: _title(one.slot, programme, lang) for lang in LANGUAGES}
    return FigureChange(one.slot.key, titles, one.slot.unit, one.slot.present, one.new)


def write_import(plan: ImportPlan) -> None:
    """Write the new version. Raises Refused where a file cannot be written."""
    replace_files(plan.texts)


# --- the ruleset's own files ---


def _files(target: Target, root: Path) -> tuple[_File, ...]:
    """The files of a ruleset that hold figures of its own. Raises Refused."""
    problems = ProblemList()
    paths = target.paths(root)
    programme = target.programme(root)  # every mistake that stands in the files already is said before anything is made of them
    files = []
    for path in paths:
        located = read(path, problems)
        problems.refuse_if_errors()
        at = target.place(located.data, programme)
        data = located.data
        for part in at:
            data = data[part]
        files.append(_File(path, tuple(_with_unit(slot, programme) for slot in slots_of(data, at))))
    return tuple(files)


def _with_unit(slot: Slot, programme: Programme | None) -> Slot:
    """A parameter that a scheme sets is in the unit that its standard declares."""
    parameter = programme.parameters.get(slot.key) if programme else None
    return slot if parameter is None or parameter.unit == "1" else replace(slot, unit=parameter.unit)


def _title(slot: Slot, programme: Programme | None, lang: str) -> str:
    return slot.key if programme is None else place_title(programme, slot.element, slot.place, lang, slot.key)


# --- the table ---


def _check_official(official: Official, today: str, problems: ProblemList) -> None:
    if not official.document.strip():
        problems.error("import_document", Where(path="--document"))
    if not is_day(official.on):
        problems.error("day_wrong", Where(path="--on"), text=official.on)
    elif official.on > today:
        problems.error("attest_in_future", Where(path="--on"), day=official.on, today=today)


def _filled(files: Sequence[_File], rows: Sequence[SheetRow], problems: ProblemList) -> list[_Filled]:
    """The figures that rows give a new value; every row that gives none of use is a Problem, but for empty ones."""
    known = {slot.key: (slot, file.path) for file in files for slot in file.slots}
    found: dict[str, _Filled] = {}
    for row in rows:
        key, new = row.cells.get("key", ""), row.cells.get("new", "")
        if not new:
            continue
        if key not in known:
            near = ", ".join(difflib.get_close_matches(key, known, _SUGGESTIONS)) or "—"
            problems.error("import_unknown", row.where("key"), key=key, suggestion=near)
        elif key in found:
            problems.error("import_twice", row.where("key"), key=key, first=found[key].row.where("key"))
        else:
            slot, path = known[key]
            value = _value(slot, row, new, problems)
            if value is not None:
                found[key] = _Filled(slot, value, row.cells.get("page", ""), row, path)
    return list(found.values())


def _value(slot: Slot, row: SheetRow, text: str, problems: ProblemList) -> str | None:
    """The number to write, in the ruleset's unit; None where the cell holds none or is in another unit."""
    clean = unicodedata.normalize("NFKC", text).strip()
    try:
        number, unit = split_quantity(clean)
        parse_number(number)
    except NumberError:
        problems.error("import_not_a_number", row.where("new"), text=text, key=slot.key)
        return None
    stated = [(row.where("unit"), row.cells.get("unit", "")), (row.where("new"), unit.removeprefix("[").removesuffix("]"))]
    for where, named in stated:
        if named and _same_text(named) != _same_text(slot.unit):
            code = "import_unit" if slot.unit else "import_unit_none"
            problems.error(code, where, key=slot.key, unit=named, wanted=slot.unit)
            return None
    return number.replace(",", "")


def _same_text(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).replace(" ", "")


def _whole_rows(files: Sequence[_File], filled: Sequence[_Filled], problems: ProblemList) -> None:
    """A row of a reference table has one source: all its figures are imported together, or the others would pass for seen."""
    given = {one.slot.key for one in filled}
    for file in files:
        cells: dict[tuple[Key, ...], list[Slot]] = {}
        for slot in file.slots:
            if slot.form == "cell":
                cells.setdefault(slot.owner, []).append(slot)
        for one in filled:
            if one.file == file.path and one.slot.form == "cell":
                lacking = [slot.key for slot in cells[one.slot.owner] if slot.present is not None and slot.key not in given]
                if lacking and one.slot.key == next(slot.key for slot in cells[one.slot.owner] if slot.key in given):
                    problems.error("import_row_part", one.row.where("key"), key=one.slot.key, lacking=", ".join(lacking))


def _paged(filled: Sequence[_Filled], official: Official) -> list[_Filled]:
    """The figures, each with its page: where the row of a reference table spans several, all of them."""
    pages: dict[tuple[Path, tuple[Key, ...]], dict[str, None]] = {}
    for one in filled:
        pages.setdefault(_place(one), {})[one.page or official.page] = None
    return [one._replace(page=", ".join(filter(None, pages[_place(one)]))) for one in filled]


def _place(one: _Filled) -> tuple[Path, tuple[Key, ...]]:
    """What has a source of its own: the row of a reference table, otherwise the figure."""
    return one.file, one.slot.owner if one.slot.form == "cell" else one.slot.path


# --- the new version ---


def _texts(
    files: Sequence[_File], filled: Sequence[_Filled], official: Official, version: str, problems: ProblemList
) -> tuple[dict[Path, str], str]:
    """The files with the new figures, their sources and versions; and the ruleset's new version."""
    texts: dict[Path, str] = {}
    number = ""
    for index, file in enumerate(files):
        own = [one for one in filled if one.file == file.path]
        if not own and index:
            continue
        text = YamlText(file.path.read_text(encoding="utf-8-sig"))
        _operand_sources(text, own, official)
        for one in own:
            _write(text, one, official)
        new = _new_version(text.scalar(("version",)), version if index == 0 else "", problems)
        number = number or new
        text.replace(("version",), new)
        texts[file.path] = text.result()
    return texts, number


def _new_version(present: str, wanted: str, problems: ProblemList) -> str:
    """The version stated, otherwise the next minor one: figures change results."""
    match = _VERSION.fullmatch(present)
    if wanted:
        now = _VERSION.fullmatch(wanted)
        if now is None or (match is not None and tuple(map(int, now.groups())) <= tuple(map(int, match.groups()))):
            problems.error("import_version", Where(path="--version-number"), version=wanted, present=present)
        return wanted
    return f"{match[1]}.{int(match[2]) + 1}.0" if match else f"{present}.1"


def _write(text: YamlText, one: _Filled, official: Official) -> None:
    slot = one.slot
    if slot.form == "figure":
        source = _flow(_source(official, one.page))
        *mapping, key = slot.path
        text.put(tuple(mapping), str(key), f"{{value: {quoted(one.new)}, source: {source}}}")
    elif slot.form == "operand":
        text.replace(slot.path, quoted(one.new + slot.suffix))
    else:
        text.put(slot.owner, str(slot.path[-1]), quoted(one.new))
        for name, value in _source(official, one.page).items():
            text.put(slot.owner, name, value if name == "basis" else quoted(value))
        for name, value in (("confidence", "high"), ("refs", "[]"), ("page", "" if one.page else '""')):
            if value and text.has((*slot.owner, name)):
                text.put(slot.owner, name, value)


def _source(official: Official, page: str) -> dict[str, str]:
    parts = {"basis": "seen", "document": official.document, "page": page, "checked_on": official.on}
    return {name: value for name, value in parts.items() if value}


def _flow(source: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value if name == 'basis' else quoted(value)}" for name, value in source.items()) + "}"


def _operand_sources(text: YamlText, filled: Sequence[_Filled], official: Official) -> None:
    """The sources of figures of methods, beside the method; what stands there of others stays."""
    by_demand: dict[tuple[Key, ...], list[_Filled]] = {}
    for one in filled:
        if one.slot.form == "operand":
            by_demand.setdefault(one.slot.owner, []).append(one)
    for demand, operands in by_demand.items():
        sources = {one.slot.place: _flow(_source(official, one.page)) for one in operands}
        if text.has((*demand, "figure_sources")):
            for place, source in sources.items():
                text.put((*demand, "figure_sources"), place, source)
        else:
            listed = ", ".join(f"{quoted(place)}: {source}" for place, source in sources.items())
            text.put(demand, "figure_sources", f"{{{listed}}}")


# --- trying it out ---


def _tried_out(
    target: Target, root: Path, texts: Mapping[Path, str], before: Programme | None, table: Path
) -> tuple[RulesetDiff | None, tuple[Problem, ...]]:
    """The comparison with the ruleset as it would be, and what lint warns of then. Raises Refused for what it would break."""
    with TemporaryDirectory() as folder:
        trial = Path(folder) / root.name
        shutil.copytree(root, trial)
        for path, text in texts.items():
            (trial / path.relative_to(root)).write_text(text, encoding="utf-8")
        new = list(_new_problems(target, root, trial))
        if any(problem.severity is Severity.ERROR for problem in new):
            problems = ProblemList()
            problems.error("import_breaks", Where(file=str(table)))
            raise Refused([*problems, *new])
        after = target.programme(trial)
        diff = None if before is None or after is None else ruleset_diff(before, after)
        return diff, tuple(new)


def _new_problems(target: Target, root: Path, trial: Path) -> Iterator[Problem]:
    """What lint says of the ruleset, and of those that rest on it, that it does not say now."""
    said: set[Problem] = set()
    for name, kind, standard in target.resting(root):
        found = lint(name, kind, trial, standard)
        now = lint(name, kind, root, standard) if found else ()
        known = {(problem.code, problem.where.path, problem.params) for problem in now}
        for problem in found:
            if (problem.code, problem.where.path, problem.params) not in known and problem not in said:
                said.add(problem)
                yield problem
