"""The pool of reviewers and experts, from YAML, JSON or CSV: whoever a round draws from, and with whom they may not deal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from engine.dossier.codes import canonical_credit_code, check_credit_code
from engine.located import Located, read
from engine.official.sheets import read_csv
from engine.problems import ProblemList, Where
from engine.ruleset.load import validate
from engine.ruleset.schema import Model, Text, Word
from engine.texts import LANGUAGES, say

Role = Literal["reviewer", "expert"]
ROLES: tuple[Role, ...] = ("reviewer", "expert")
CreditCode = Annotated[Text, AfterValidator(canonical_credit_code)]
_LISTS = ("sectors", "conflict_codes", "conflict_organisations", "conflict_districts", "former_clients")
_CODES = ("conflict_codes", "former_clients")
_BETWEEN = re.compile(r"[;；、|\n]")
"""What stands between the items of a list in one cell."""


class Member(Model):
    """Somebody who can be drawn. ``sectors`` are the beginnings of GB/T 4754 codes that the member knows; credit codes name applicants.

    ``conflict_codes``, ``conflict_organisations`` and ``conflict_districts`` are those the member may not deal with; an organisation may
    be an applicant's or a third party's. ``former_clients`` are applicants the member has worked for.
    """

    id: Text
    name: Text
    organisation: Text
    role: Role
    sectors: tuple[Annotated[str, StringConstraints(pattern=r"^\d{2,4}$")], ...] = ()
    conflict_codes: tuple[CreditCode, ...] = ()
    conflict_organisations: tuple[Text, ...] = ()
    conflict_districts: tuple[Word, ...] = ()
    former_clients: tuple[CreditCode, ...] = ()

    def knows(self, industry: str) -> bool:
        """Whether an industry, by its code, is in one of the member's sectors."""
        return industry.startswith(self.sectors) if self.sectors else False


class Pool(Model):
    """All of them, in the order of the file."""

    people: Annotated[tuple[Member, ...], Field(min_length=1)]


def read_pool(path: Path) -> tuple[Member, ...]:
    """The pool of a file (``.yaml``, ``.yml``, ``.json``, otherwise CSV). Raises Refused with every mistake at its line."""
    problems = ProblemList()
    located = read(path, problems) if path.suffix.lower() in (".yaml", ".yml", ".json") else _from_csv(path, problems)
    pool = validate(located, Pool, problems)
    if pool is not None:
        _check(pool, located, problems)
    problems.refuse_if_errors()
    assert pool is not None
    return pool.people


def _check(pool: Pool, located: Located, problems: ProblemList) -> None:
    first: dict[str, int] = {}
    for i, member in enumerate(pool.people):
        if member.id in first:
            where = located.where(("people", i, "id"))
            problems.error("pool_id_twice", where, id=member.id, first=str(located.where(("people", first[member.id])).line))
        first.setdefault(member.id, i)
        for field in _CODES:
            for j, code in enumerate(getattr(member, field)):
                check_credit_code(code, located.where(("people", i, field, j)), problems)


def _from_csv(path: Path, problems: ProblemList) -> Located:
    """The rows of a CSV file as plain data that remembers its lines; the heads are the names of the fields in either language."""
    located = Located(str(path))
    names = {
        name: field for field in Member.model_fields for name in (field, *(say(f"assigning.column.{field}", lang) for lang in LANGUAGES))
    }
    for grid in read_csv(path, problems):
        filled = [(line, cells) for line, cells in grid.rows if any(text for text, _ in cells)]
        if not filled:
            problems.error("file_empty", Where(file=str(path)))
            break
        line, heads = filled[0]
        columns = [names.get(text.lower(), "") for text, _ in heads]
        _check_heads([text for text, _ in heads], columns, Where(file=str(path), line=line), problems)
        if problems.has_errors:
            break
        located.data = {"people": []}
        for i, (line, cells) in enumerate(filled[1:]):
            person: dict[str, Any] = {}
            located.lines[("people", i)] = line
            for column, (text, _) in zip(columns, cells, strict=False):
                if text:
                    person[column] = [item.strip() for item in _BETWEEN.split(text) if item.strip()] if column in _LISTS else text
            located.data["people"].append(person)
        located.lines[()] = located.lines[("people",)] = filled[0][0]
    return located


def _check_heads(heads: list[str], columns: list[str], where: Where, problems: ProblemList) -> None:
    known = ", ".join(f"{say(f'assigning.column.{field}')} ({field})" for field in Member.model_fields)
    for head, column in zip(heads, columns, strict=True):
        if not column:
            problems.error("pool_column_unknown", where, head=head, known=known)
        elif columns.count(column) > 1:
            problems.error("table_head_twice", where, head=head)
    for field, about in Member.model_fields.items():
        if about.is_required() and field not in columns:
            problems.error("pool_column_missing", where, head=say(f"assigning.column.{field}"), field=field)
