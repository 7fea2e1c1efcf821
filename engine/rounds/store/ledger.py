"""The ledger: each change of the store is an entry that holds the hashes of the rows it wrote and the hash of the entry before.

A changed row no longer has the hash that its last entry states, a deleted one is missing, and one that was put in beside the ledger
has none. Who rewrites the last entries too must have changed the last hash, which is therefore kept a second time, in the witness: a
file beside the database to which the hash of every entry is added.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.problems import Problem, ProblemList, Where, system_reason
from engine.rounds.store.models import Base, LedgerRow

ADDED, CHANGED, DELETED = "added", "changed", "deleted"
START = "0" * 64
"""What stands for the hash of the entry before the first."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to which subject, when (ISO text), and why. ``what`` is a code of the catalogue of moves."""

    by: str
    at: str
    what: str
    subject: str
    why: str = ""


def row_key(row: Base) -> str:
    """What names a row within its table."""
    return "/".join(str(getattr(row, str(column.key))) for column in row.__mapper__.primary_key)


def row_hash(row: Base) -> str:
    """The hash of a row's content; what is empty is left out, so that a column which a migration adds changes no hash."""
    values = {column.key: getattr(row, str(column.key)) for column in row.__mapper__.columns}
    content = {name: _plain(value) for name, value in values.items() if value not in (None, "")}
    return _hash(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _plain(value: object) -> object:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(entry: LedgerRow) -> str:
    """The hash of an entry: of all it says, and of the entry before."""
    said = [entry.seq, entry.at, entry.by, entry.what, entry.subject, entry.why, entry.rows, entry.previous]
    return _hash(json.dumps(said, ensure_ascii=False, separators=(",", ":")))


def entry_after(last: LedgerRow | None, act: Act, rows: Iterable[tuple[str, str, str, str]]) -> LedgerRow:
    """The entry of an act that wrote rows (table, key, what was done, hash), after the last one."""
    entry = LedgerRow(
        seq=last.seq + 1 if last else 1,
        at=act.at,
        by=act.by,
        what=act.what,
        subject=act.subject,
        why=act.why,
        rows=json.dumps(sorted(rows), ensure_ascii=False, separators=(",", ":")),
        previous=last.hash if last else START,
    )
    entry.hash = entry_hash(entry)
    return entry


def written_by(entry: LedgerRow) -> Iterator[tuple[str, str, str, str]]:
    """The rows that an entry states: table, key, what was done, hash."""
    yield from json.loads(entry.rows)


# --- the witness ---


def witness_line(entry: LedgerRow) -> str:
    """An entry as the witness keeps it."""
    return f"{entry.seq} {entry.hash}\n"


def read_witness(path: Path, problems: ProblemList) -> dict[int, str]:
    """The hashes that a witness keeps by the number of the entry; lines that say nothing are Problems."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as err:
        reason = system_reason(err) if isinstance(err, OSError) else str(err)
        problems.error("witness_unreadable", Where(file=str(path)), reason=reason)
        return {}
    found: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        seq, _, digest = line.partition(" ")
        if not seq.isdecimal() or len(digest) != len(START):
            problems.error("witness_malformed", Where(file=str(path), line=number), text=line)
        elif found.setdefault(int(seq), digest) != digest:
            problems.error("witness_contradicts", Where(file=str(path), line=number), seq=seq)
    return found


# --- the check ---


def check_ledger(session: Session, witness: dict[int, str]) -> list[Problem]:
    """Everything in which chain, rows and witness do not agree, in the order of the entries, then of the tables."""
    problems = ProblemList()
    stated = _check_chain(session, witness, problems)
    _check_rows(session, stated, problems)
    return list(problems)


def _check_chain(session: Session, witness: dict[int, str], problems: ProblemList) -> dict[tuple[str, str], tuple[str, int]]:
    """What the entries together say of each row: its hash (empty where it was deleted) and the entry that said so last."""
    stated: dict[tuple[str, str], tuple[str, int]] = {}
    previous, expected = START, 1
    for entry in session.scalars(select(LedgerRow).order_by(LedgerRow.seq)):
        where = Where(path=f"ledger {entry.seq}")
        if entry.seq != expected:
            problems.error("ledger_gap", where, expected=expected, found=entry.seq)
        elif entry.previous != previous:
            problems.error("ledger_broken", where, before=entry.seq - 1)
        if entry_hash(entry) != entry.hash:
            problems.error("ledger_rewritten", where, by=entry.by, at=entry.at, what=entry.what)
        if witness.get(entry.seq, entry.hash) != entry.hash:
            problems.error("ledger_unwitnessed", where, by=entry.by, at=entry.at, what=entry.what)
        for table, key, done, digest in written_by(entry):
            stated[table, key] = ("" if done == DELETED else digest, entry.seq)
        previous, expected = entry.hash, entry.seq + 1
    for seq in sorted(seq for seq in witness if seq >= expected):
        problems.error("ledger_cut", Where(path=f"ledger {seq}"), last=expected - 1, seq=seq)
    return stated


def _check_rows(session: Session, stated: dict[tuple[str, str], tuple[str, int]], problems: ProblemList) -> None:
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table)):
        model: Any = mapper.class_
        if model is LedgerRow:
            continue
        table = model.__tablename__
        for row in session.scalars(select(model).order_by(*mapper.primary_key).execution_options(yield_per=200)):
            key = row_key(row)
            digest, seq = stated.pop((table, key), ("", 0))
            where = Where(path=f"{table} {key}")
            if not digest:
                problems.error("row_beside", where, table=table, key=key)
            elif row_hash(row) != digest:
                problems.error("row_changed", where, table=table, key=key, seq=seq)
            session.expunge(row)
    for (table, key), (digest, seq) in sorted(stated.items()):
        if digest:
            problems.error("row_deleted", Where(path=f"{table} {key}"), table=table, key=key, seq=seq)
