"""Backups: the whole store in one file that any store takes in again, SQLite or PostgreSQL, with the hash of each of its parts."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from engine.problems import ProblemList, Where
from engine.rounds.store.ledger import witness_line
from engine.rounds.store.models import Base, LedgerRow
from engine.rounds.store.open import Store
from engine.rounds.store.schema import latest

FORMAT = "greencert-backup/1"
_MANIFEST = "manifest.json"
_BEFORE_ALL = (1980, 1, 1, 0, 0, 0)
_TOGETHER = 200


def backup_bytes(store: Store) -> bytes:
    """Everything that the store holds, as of one moment; the same content gives the same bytes."""
    target = io.BytesIO()
    with store.reading() as session, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        hashes: dict[str, str] = {}
        for table in Base.metadata.sorted_tables:
            content = "".join(_lines(session, table)).encode()
            hashes[table.name] = hashlib.sha256(content).hexdigest()
            _write(archive, f"{table.name}.jsonl", content)
        last = session.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1)).first()
        head = {"seq": last.seq, "hash": last.hash} if last else None
        manifest = {"format": FORMAT, "revision": latest(), "ledger": head, "tables": hashes}
        _write(archive, _MANIFEST, json.dumps(manifest, indent=1).encode())
    return target.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _BEFORE_ALL)
    entry.create_system, entry.external_attr, entry.compress_type = 3, 0o100644 << 16, zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _lines(session: Session, table: Table) -> Iterator[str]:
    for row in session.execute(select(table).order_by(*table.primary_key.columns)).mappings():
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False, sort_keys=True) + "\n"


def _plain(value: object) -> object:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _again(value: object) -> object:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def restore(store: Store, content: bytes, name: str) -> int:
    """Put a backup into an empty store and return how many rows it has; the witness is written anew where there is one.

    Raises Refused where the store holds anything, or the backup is not whole or of another version.
    """
    problems = ProblemList()
    tables = _opened(content, name, problems)
    problems.refuse_if_errors()
    with store.restoring() as session:
        if any(session.execute(select(table).limit(1)).first() for table in Base.metadata.sorted_tables):
            problems.error("restore_not_empty", Where(path=store.address))
            problems.refuse_if_errors()
        count = 0
        for table in Base.metadata.sorted_tables:
            rows = tables[table.name]
            for start in range(0, len(rows), _TOGETHER):
                session.execute(insert(table), rows[start : start + _TOGETHER])
            count += len(rows)
        witnessed = "".join(map(witness_line, session.scalars(select(LedgerRow).order_by(LedgerRow.seq))))
    store.witness_anew(witnessed)
    return count


def _opened(content: bytes, name: str, problems: ProblemList) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table of a backup."""
    where = Where(file=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            if manifest["format"] != FORMAT or manifest["revision"] != latest():
                problems.error("backup_version", where, found=f"{manifest['format']} {manifest['revision']}", wanted=f"{FORMAT} {latest()}")
                return {}
            found: dict[str, list[dict[str, Any]]] = {}
            for table in Base.metadata.sorted_tables:
                lines = archive.read(f"{table.name}.jsonl")
                if hashlib.sha256(lines).hexdigest() != manifest["tables"][table.name]:
                    problems.error("backup_changed", where, table=table.name)
                found[table.name] = [{key: _again(value) for key, value in json.loads(line).items()} for line in lines.splitlines()]
            return found
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, NotImplementedError, RuntimeError) as err:
        problems.error("backup_unreadable", where, reason=str(err))
        return {}
