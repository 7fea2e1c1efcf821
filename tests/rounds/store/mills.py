"""Dyeing mills that apply in several rounds of a store: like the sample, each with numbers, papers and people of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from engine import Act, Store, add_files, handed_in, open_round
from engine.dossier.schema import Cell, Dossier, canonical_json
from tests.rounds.screen.made import sample, varied
from tests.rounds.store.dossiers import credit_code

SCHEME = "jiaxing_2017"
_MONTH = re.compile(r"^20\d\d-(?=\d\d$)")
Change = Callable[[Dossier], Dossier]


@lru_cache(maxsize=4000)
def mill(number: int, seed: str = "m") -> Dossier:
    """A mill's dossier; another seed is another year's numbers of the same mill. Bodies and evaluators take turns."""
    programme, dossier = sample("dyeing_mill")
    made = varied(dossier, f"{seed}{number}", programme)
    applicant = replace(made.applicant, name=f"示例印染{number}（虚构）", credit_code=credit_code(number))
    people = {"organisation": f"机构{number % 4}", "lead": f"评{number % 5}", "legal_representative": f"法人{number % 4}"}
    return replace(made, id=f"M-{number:04d}", applicant=applicant, assessor=replace(made.assessor, **people))


def in_year(dossier: Dossier, year: int) -> Dossier:
    """The dossier as one of another statistics year, with its months."""

    def cells(row: tuple[tuple[str, Cell], ...]) -> tuple[tuple[str, Cell], ...]:
        return tuple((name, replace(cell, text=_MONTH.sub(f"{year}-", cell.text))) for name, cell in row)

    tables = tuple(
        (name, replace(table, rows=tuple(replace(row, declared=cells(row.declared), verified=cells(row.verified)) for row in table.rows)))
        for name, table in dossier.tables
    )
    return replace(dossier, year=year, tables=tables)


def mills(numbers: Iterable[int], changes: dict[int, Change] | None = None, seed: str = "m") -> list[Dossier]:
    """Several mills, some with a change."""
    return [(changes or {}).get(number, lambda dossier: dossier)(mill(number, seed)) for number in numbers]


def handed(store: Store, folder: Path, name: str, day: str, dossiers: Iterable[Dossier]) -> None:
    """A round that took dossiers in on a day."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for dossier in dossiers:
        path = folder / f"{dossier.id}.json"
        path.write_text(canonical_json(dossier), encoding="utf-8")
        paths.append(path)
    open_round(store, _act("open", name, day), name, SCHEME, day)
    found = add_files(store, _act("add", name, day), name, handed_in(paths, folder), day)
    assert {one.outcome for one in found} <= {"accepted"}, [problem for one in found for problem in one.problems]


def _act(move: str, name: str, day: str) -> Act:
    return Act("甲", f"{day}T00:00:00Z", move, name)
