"""Opening the store by its address, and the one way to change it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.orm import Session

from engine.problems import ProblemList, Where, system_reason
from engine.rounds.store.ledger import (
    ADDED,
    CHANGED,
    DELETED,
    Act,
    check_ledger,
    entry_after,
    read_witness,
    row_hash,
    row_key,
    witness_line,
    written_by,
)
from engine.rounds.store.models import Base, LedgerRow
from engine.rounds.store.schema import check_schema, upgrade

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_DRIVERS = {SQLITE: "sqlite", POSTGRESQL: "postgresql+psycopg"}
_PATIENCE = 30
"""So many seconds a change waits for another one that is being written to an SQLite file."""
_LEDGER_LOCK = 0x67726E
"""The number by which writers of one PostgreSQL database queue up for the end of the ledger."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. ``witness`` is the file to which the hash of each entry of the ledger is added, None where there is none."""

    engine: Engine
    address: str
    witness: Path | None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, one state of the store from its first question to its last. Raises Refused where it is lost."""
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        engine = self.engine.execution_options(**options) if self.engine.dialect.name == POSTGRESQL else self.engine
        with self._spoken(), Session(engine, autoflush=False) as session:
            yield session

    @contextmanager
    def change(self, act: Act, seen: int | None = None) -> Iterator[Session]:
        """A session whose writing is one change: all of it becomes an entry of the ledger, or nothing is written.

        ``seen`` is the last entry of the ledger that whoever makes the change had seen; by default that of when it begins. Raises
        Refused with who changed what where a row that this change writes was changed after that, and where the store is lost.
        """
        line = ""
        with self._spoken(), Session(self.engine.execution_options(immediate=True), autoflush=False) as session:
            seen = last_entry(session) if seen is None else seen
            touched: dict[tuple[str, str], tuple[Base, str]] = {}
            event.listen(session, "before_flush", lambda session, *_: _note(session, touched))
            yield session
            session.flush()
            entry = self._entered(session, act, seen, touched)
            line = witness_line(entry) if entry is not None else ""
            session.commit()
        if line:
            self._witnessed(line)

    @contextmanager
    def restoring(self) -> Iterator[Session]:
        """A session that writes rows as they are, ledger and all: what a backup holds was entered once. Raises Refused where it is lost."""
        with self._spoken(), Session(self.engine.execution_options(immediate=True), autoflush=False) as session:
            yield session
            session.commit()

    def witness_anew(self, text: str) -> None:
        """Let the witness say just this, after the store was restored."""
        if self.witness is not None:
            self.witness.write_text(text, encoding="utf-8")

    def _entered(self, session: Session, act: Act, seen: int, touched: dict[tuple[str, str], tuple[Base, str]]) -> LedgerRow | None:
        """The entry of a change that wrote something, at the end of the ledger, which is locked until the change is over."""
        if not touched:
            return None
        alone(session)
        _refuse_overtaken(session, seen, {key for key, (_, done) in touched.items() if done != ADDED})
        rows = [(*key, done, "" if done == DELETED else row_hash(row)) for key, (row, done) in touched.items()]
        entry = entry_after(session.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1)).first(), act, rows)
        session.add(entry)
        return entry

    def _witnessed(self, line: str) -> None:
        if self.witness is None:
            return
        try:
            with self.witness.open("a", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as err:
            problems = ProblemList()
            problems.error("witness_unwritable", Where(file=str(self.witness)), reason=system_reason(err))
            problems.refuse_if_errors()

    def check(self) -> ProblemList:
        """Everything in which the ledger, the rows and the witness do not agree."""
        problems = ProblemList()
        witness = read_witness(self.witness, problems) if self.witness is not None else {}
        with self.reading() as session:
            problems.extend(check_ledger(session, witness))
        return problems

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """What the database fails with as a Problem: no reader of a sentence has use for its driver's."""
        try:
            yield
        except DBAPIError as err:
            problems = ProblemList()
            problems.error(_code_of(err), Where(path=self.address), reason=_first_line(err.orig))
            problems.refuse_if_errors()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def alone(session: Session) -> None:
    """Let no other change be made until that of this session is over: for what is checked beyond the rows that are written.

    SQLite lets one change at a time be made anyway.
    """
    if session.get_bind().dialect.name == POSTGRESQL:
        session.execute(select(func.pg_advisory_xact_lock(_LEDGER_LOCK)))


def last_entry(session: Session) -> int:
    """The number of the ledger's last entry, 0 where it has none."""
    return session.scalar(select(func.max(LedgerRow.seq))) or 0


def open_store(address: str, witness: Path | None = None, *, make: bool = True) -> Store:
    """The store at an address: the path of an SQLite file, or a URL of SQLite or PostgreSQL.

    A new one is set up where ``make`` allows it. The witness of an SQLite file lies beside it unless another is given. Raises Refused.
    """
    url = _url(address)
    if witness is None and url.drivername == SQLITE and url.database:
        witness = Path(f"{url.database}.witness")
    if not make and url.drivername == SQLITE and not os.path.exists(url.database or ""):
        _refuse("store_missing", address)
    engine = _engine(url)
    store = Store(engine, _shown(url), witness)
    with store._spoken(), engine.begin() as connection:
        if not check_schema(connection, store.address):
            upgrade(connection)
    return store


def upgrade_store(address: str) -> str:
    """Bring an older store up to date and return its address as it may be shown. Raises Refused."""
    url = _url(address)
    if url.drivername == SQLITE and not os.path.exists(url.database or ""):
        _refuse("store_missing", address)
    store = Store(_engine(url), _shown(url), None)
    with store._spoken(), store.engine.begin() as connection:
        check_schema(connection, store.address, older=True)
        upgrade(connection)
    store.close()
    return store.address


def _engine(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=url.drivername != SQLITE)
    if engine.dialect.name == SQLITE:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _url(address: str) -> URL:
    try:
        url = make_url(address) if "://" in address else URL.create(SQLITE, database=address)
        driver = _DRIVERS.get(url.get_backend_name(), "")
    except (ArgumentError, NoSuchModuleError):
        driver = ""
    if not driver:
        _refuse("store_address", address.partition("://")[0])
    return url.set(drivername=driver)


def _shown(url: URL) -> str:
    return url.database or "" if url.drivername == SQLITE else url.render_as_string(hide_password=True).replace("+psycopg", "")


def _refuse(code: str, path: str, **params: object) -> None:
    problems = ProblemList()
    problems.error(code, Where(path=path), **params)
    problems.refuse_if_errors()


def _code_of(error: DBAPIError) -> str:
    """What the database fails with: two entered the same at once, it takes nothing more, or it does not answer."""
    if isinstance(error, IntegrityError):
        return "store_clash"
    return "store_full" if "full" in str(error.orig) and not error.connection_invalidated else "store_lost"


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun below
    for pragma in (f"busy_timeout={_PATIENCE * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Who is going to write says so at once: SQLite does not wait where a reader turns into a writer."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("immediate") else "BEGIN")


def _note(session: Session, touched: dict[tuple[str, str], tuple[Base, str]]) -> None:
    """Remember which rows are about to be written, and how: one that is added and then changed was added."""
    for rows, done in ((session.new, ADDED), (session.dirty, CHANGED), (session.deleted, DELETED)):
        for row in rows:
            if isinstance(row, LedgerRow) or (done == CHANGED and not session.is_modified(row)):
                continue
            key = row.__tablename__, row_key(row)
            before = touched.get(key)
            touched[key] = row, ADDED if before is not None and before[1] == ADDED and done == CHANGED else done


def _refuse_overtaken(session: Session, seen: int, keys: set[tuple[str, str]]) -> None:
    """Refuse to write rows that somebody else has written meanwhile, with who and what."""
    problems = ProblemList()
    for entry in session.scalars(select(LedgerRow).where(LedgerRow.seq > seen).order_by(LedgerRow.seq)):
        for table, key, _, _ in written_by(entry):
            if (table, key) in keys:
                params = {"table": table, "by": entry.by, "at": entry.at, "what": entry.what, "why": entry.why or "—", "seq": entry.seq}
                problems.error("changed_meanwhile", Where(path=f"{table} {key}"), **params)
    problems.refuse_if_errors()
