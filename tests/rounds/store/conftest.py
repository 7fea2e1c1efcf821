from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from engine import Store, open_store
from tests.rounds.store.issued import park_rules
from tests.rounds.store.steps import assessed_round

POSTGRES = "GREENCERT_TEST_POSTGRES"
"""The address of a PostgreSQL server on which databases may be made; ``.ci/postgres`` starts one."""


@contextmanager
def database() -> Iterator[str]:
    """A PostgreSQL database of its own; skipped where there is no server, which CI must have."""
    server = os.environ.get(POSTGRES)
    if not server:
        if "CI" in os.environ:
            pytest.fail(f"{POSTGRES} names no PostgreSQL server, and CI must have one")
        pytest.skip(f"no PostgreSQL: {POSTGRES} is not set")
    name = f"t_{uuid.uuid4().hex}"
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield str(tmp_path / "rounds.db")
        return
    with database() as made:
        yield made


@pytest.fixture
def shared_store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in which several write at once."""
    with database() as made:
        opened = open_store(made, tmp_path / "rounds.witness")
        yield opened
        opened.close()


@pytest.fixture
def store(address: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store with a witness."""
    opened = open_store(address, tmp_path / "rounds.witness")
    yield opened
    opened.close()


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """The file of rules of rounds for the scheme of these tests."""
    return park_rules(tmp_path)


@pytest.fixture
def assessed(store: Store, tmp_path: Path, rules: str) -> Store:
    """A store with a round of three applications that were assessed; the last one fails."""
    return assessed_round(store, tmp_path, rules)
