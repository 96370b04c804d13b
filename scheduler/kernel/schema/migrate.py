"""Brings a database to the newest schema: numbered migrations, forward only, all or nothing.

The program of before goes on beside it: a migration waits briefly for its locks and tries again
rather than let everybody queue behind it, and it takes nothing away that the version before writes
(docs/scale.md, Changing the schema).
"""

import random
import time
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from scheduler.kernel.errors import Conflict

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
TRIES = 30
"""How often a migration asks PostgreSQL for its locks, half a second each."""
NO_LOCK = {"55P03", "40P01"}
"""PostgreSQL's words for a lock that was not to be had in time, and for one that two waited for."""


def alembic_config() -> AlembicConfig:
    """Return Alembic's settings without a file of their own."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Apply what is missing in one transaction; give the version before and after. Safe to repeat,
    also at once.

    Raises Conflict when the tables are in use for so long that PostgreSQL gives no lock; then
    nothing was changed.
    """
    for patience in reversed(range(TRIES)):
        try:
            return _upgrade(engine)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in NO_LOCK:
                raise
            if not patience:
                raise Conflict(
                    "the tables are in use without a pause; nothing was changed, try again"
                ) from error
            time.sleep(random.uniform(0.2, 1))  # noqa: S311 - spreads tries, guards nothing
    raise AssertionError("unreachable")


def _upgrade(engine: Engine) -> tuple[str | None, str]:
    config = alembic_config()
    with engine.begin() as connection:
        _one_at_a_time(connection)
        before = MigrationContext.configure(connection).get_current_revision()
        if before is not None and not knows(before):
            raise Conflict(
                f"the schema is {before}, newer than this program's {newest()}; nothing was "
                "changed: take the newer Kinfold"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, newest()


def _one_at_a_time(connection: Connection) -> None:
    """Let one of several nodes migrate, and nobody wait behind it for more than half a second; as
    SQLite has it.
    """
    if connection.dialect.name == "postgresql":
        # Sooner than PostgreSQL looks for deadlocks (a second): we give up, and no page is cut off.
        connection.exec_driver_sql("SET LOCAL lock_timeout = '500ms'")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('kinfold migrations'))")


def current(engine: Engine) -> str | None:
    """Return the version the database is at, None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """Return the version this program wants."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


def migration_sql(name: str, engine: str) -> str:
    """Return the SQL that a migration runs on "sqlite" or "postgresql"."""
    return (MIGRATIONS / "versions" / f"{name}.{engine}.sql").read_text(encoding="utf-8")


def knows(version: str) -> bool:
    """True if this program can read a database at `version`."""
    return version in {
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }


def steps_from(version: str) -> int:
    """Return how many migrations lie between a version this program knows and the newest."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return len(list(scripts.iterate_revisions("head", version)))
