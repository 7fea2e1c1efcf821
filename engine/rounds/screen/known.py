"""What the office knows beside the dossiers, from files: who is tied to which applicant, and what checking an item costs.

A file is a table (``.csv``, ``.xlsx``) with the heads of its columns in either language, or a list of entries under one key (``.yaml``,
``.yml``, ``.json``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import NamedTuple

from engine.dossier.codes import LENGTH, check_credit_code
from engine.language import NumberError, parse_number
from engine.located import Key, Located, read
from engine.official.sheets import read_rows
from engine.problems import ProblemList, Where
from engine.rounds.screen.case import normal
from engine.rounds.screen.conflict import Tie
from engine.ruleset.programme import Programme
from engine.texts import say

TIES, COSTS = "ties", "costs"
TIE_COLUMNS, COST_COLUMNS = ("name", "applicant", "relation"), ("item", "cost")
_NEEDED: Mapping[str, Sequence[str]] = {TIES: ("name", "applicant"), COSTS: COST_COLUMNS}
_LISTS = (".yaml", ".yml", ".json")
_CODE = re.compile(rf"[0-9A-Za-z]{{{LENGTH}}}")


class _Row(NamedTuple):
    """One entry: its texts by column, and where each stands."""

    cells: Mapping[str, str]
    where: Callable[[str], Where]


def read_ties(path: Path) -> tuple[Tie, ...]:
    """Known ties in the order of the file; an applicant is named by its credit code or its name. Raises Refused with every mistake."""
    problems = ProblemList()
    found: list[Tie] = []
    for row in _rows(path, TIES, TIE_COLUMNS, problems):
        tie = Tie(*(row.cells.get(column, "") for column in TIE_COLUMNS))
        if _CODE.fullmatch(tie.applicant):
            check_credit_code(tie.applicant, row.where("applicant"), problems)
        found.append(tie)
    problems.refuse_if_errors()
    return tuple(found)


def read_check_costs(path: Path, programmes: Iterable[Programme]) -> dict[str, Fraction]:
    """What checking a gate, a criterion, an input or a table costs, by its id; any unit. Raises Refused with every mistake."""
    problems = ProblemList()
    known = {name for one in programmes for part in (one.gates, one.criteria, one.inputs, one.tables) for name in part}
    found: dict[str, Fraction] = {}
    for row in _rows(path, COSTS, COST_COLUMNS, problems):
        item = row.cells["item"]
        if item not in known:
            near = ", ".join(difflib.get_close_matches(item, sorted(known), 3)) or "—"
            problems.error("screen_cost_item", row.where("item"), name=item, suggestion=near)
        elif item in found:
            problems.error("screen_cost_twice", row.where("item"), name=item)
        found[item] = _cost(row, problems)
    problems.refuse_if_errors()
    return found


def _cost(row: _Row, problems: ProblemList) -> Fraction:
    try:
        cost = parse_number(row.cells["cost"])
    except NumberError:
        cost = Fraction(-1)
    if cost < 0:
        problems.error("screen_cost_number", row.where("cost"), text=row.cells["cost"])
    return cost


def _rows(path: Path, listed: str, columns: Sequence[str], problems: ProblemList) -> Iterator[_Row]:
    """The entries of a file that have all that is needed; what is wrong with the others goes to ``problems``."""
    given = _of_list(path, listed, columns, problems) if path.suffix.lower() in _LISTS else _of_table(path, listed, columns, problems)
    for row in given:
        missing = [column for column in _NEEDED[listed] if not normal(row.cells.get(column, ""))]
        for column in missing:
            problems.error("screen_cell_missing", row.where(column), head=_head(column, "zh"), column=column)
        if not missing:
            yield row


def _of_table(path: Path, listed: str, columns: Sequence[str], problems: ProblemList) -> Iterator[_Row]:
    needed = _NEEDED[listed]
    found = ProblemList()
    rows = read_rows(path, columns, needed, found, key=needed[0], heads=_head)
    for problem in found:
        if problem.code == "table_key_missing":  # that one speaks of figures
            problems.error("screen_cell_missing", problem.where, head=_head(needed[0], "zh"), column=needed[0])
        else:
            problems.extend([problem])
    for row in rows:
        yield _Row(row.cells, row.where)


def _of_list(path: Path, listed: str, columns: Sequence[str], problems: ProblemList) -> Iterator[_Row]:
    located = read(path, problems)
    if located.data is None:
        return
    entries = located.data.get(listed) if isinstance(located.data, dict) else None
    if not isinstance(entries, list):
        problems.error("screen_list_form", located.where(), list=listed, columns=", ".join(columns))
        return
    for i, entry in enumerate(entries):
        texts = entry if isinstance(entry, dict) else {}
        if not texts or not all(isinstance(text, str) for text in texts.values()):
            problems.error("screen_entry_form", located.where((listed, i)), columns=", ".join(columns))
            continue
        for name in texts.keys() - set(columns):
            problems.error("screen_column_unknown", located.where((listed, i, name)), name=name, columns=", ".join(columns))
        yield _Row({name: text.strip() for name, text in texts.items()}, partial(_place, located, (listed, i)))


def _place(located: Located, entry: tuple[Key, ...], column: str) -> Where:
    return located.where((*entry, column))


def _head(column: str, lang: str) -> str:
    return say(f"screening.column.{column}", lang)
