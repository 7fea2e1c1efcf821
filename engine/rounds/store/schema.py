"""The shape of the store's tables: made and brought up to date by alembic's migrations."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from engine.problems import ProblemList, Where


def config_of(connection: Connection | None = None) -> Config:
    """What alembic works by, on a connection."""
    config = Config()
    config.set_main_option("script_location", "engine.rounds.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def latest() -> str:
    """The revision that this program works with."""
    head = ScriptDirectory.from_config(config_of()).get_current_head()
    assert head is not None
    return head


def check_schema(connection: Connection, address: str, *, older: bool = False) -> bool:
    """Whether the tables are those of this program; False where there are none at all, or only ``older`` ones where those will do.

    Raises Refused for others.
    """
    current, wanted = MigrationContext.configure(connection).get_current_revision(), latest()
    if current == wanted:
        return True
    problems = ProblemList()
    if current is None:
        if not inspect(connection).get_table_names():
            return False
        problems.error("store_foreign", Where(path=address))
    else:
        known = {script.revision for script in ScriptDirectory.from_config(config_of()).walk_revisions()}
        if older and current in known:
            return False
        problems.error("store_outdated" if current in known else "store_newer", Where(path=address), current=current, wanted=wanted)
    problems.refuse_if_errors()
    return False


def upgrade(connection: Connection) -> None:
    """Run the migrations that the tables lack, within the connection's transaction."""
    command.upgrade(config_of(connection), "head")
