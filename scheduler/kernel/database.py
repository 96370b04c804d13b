"""The database handle, and the two engines set up so that a commit means what it says.

SQLite is always SQLCipher's (encrypted; its library is free of the WAL-reset fault), with foreign
keys on and synchronous FULL. Write transactions begin IMMEDIATE: a deferred one that turns into a
writer fails at once or loses updates. A transaction that will only read says so with `reading()`.
"""

import hashlib
import os
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

import sqlcipher3.dbapi2 as sqlcipher
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, MetaData, create_engine, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from scheduler.kernel.deadline import bound_transactions
from scheduler.kernel.errors import Misconfigured

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

INSTANTS = 4096
"""How many are remembered as they are written, and as they are read."""
TURNS = 4
"""How often a transaction asks for its turn on SQLite, five seconds each: whoever waits there is
served in no order.
"""

PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA cache_size=-65536",
)


class Base(DeclarativeBase):
    """What every row is made of."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, on both engines; naive values are
    refused.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        moment = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return moment.replace(tzinfo=None)
        return moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        """Write the same instant once: thousands of rows share few, and formatting is most of what
        a row costs.
        """
        write = cast("Callable[[Any], Any]", super().bind_processor(dialect))
        once = lru_cache(INSTANTS)(write)
        # Not of other zones: there the two hours that a clock shows twice count as equal.
        return lambda value: (
            once(value) if value is not None and value.tzinfo is UTC else write(value)
        )

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Read the same instant once."""
        return lru_cache(INSTANTS)(
            cast("Callable[[Any], Any]", super().result_processor(dialect, coltype))
        )


def engine_options(url: str, key: str, seconds: float | None = None) -> dict[str, Any]:
    """Return what `create_engine` needs for `url`; the SQLite file is opened with `key`.

    `seconds` bounds each statement on PostgreSQL; on SQLite `prepare` bounds each transaction.
    """
    if url.startswith("sqlite:"):
        path = make_url(url).database
        if not path:
            raise Misconfigured("DATABASE_URL: want a file, as sqlite:///FILE")

        def connect() -> Any:
            _make_private(path)
            connection = sqlcipher.connect(
                path, check_same_thread=False, isolation_level=None, timeout=5
            )
            connection.execute(f"PRAGMA key=\"x'{key_bytes(key)}'\"")
            return connection

        return {
            "module": sqlcipher,
            "creator": connect,
            "hide_parameters": True,
        }
    said: dict[str, Any] = {"options": "-c timezone=UTC"}
    if seconds is not None:
        said["options"] += f" -c statement_timeout={int(seconds * 1000)}"
    if make_url(url).query.get("prepare_threshold") == "0":
        said["prepare_threshold"] = (
            None  # behind a pooler another connection would be asked for what this one prepared
        )
    return {
        "pool_pre_ping": True,
        "hide_parameters": True,
        "connect_args": said,
    }


def _make_private(path: str) -> None:
    """Make a database's file if there is none, for its owner alone; SQLite would let others read
    it, and its log takes after it. What cannot be made SQLite says in its own words.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def open_engine(url: str, key: str) -> Engine:
    """Open an engine outside the web framework (migrations, doctor)."""
    engine = create_engine(url, **engine_options(url, key))
    prepare(engine)
    return engine


def prepare(engine: Engine, seconds: float | None = None) -> None:
    """Hook the pragmas, the explicit BEGIN and a transaction's bound in seconds into an SQLite
    engine; PostgreSQL needs none of them.
    """
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "checkin", _on_checkin)
    if seconds is not None:
        bound_transactions(engine, seconds)


def reading() -> None:
    """Begin this session's transaction as one that will only read: it takes no write lock."""
    db.session.connection(execution_options={"reads_only": True})


def write_after_reading() -> None:
    """Let what a transaction read be followed by writing; what this session made of its rows is let
    go of. SQLite's transaction ends, as one that reads does not turn into one that writes.
    PostgreSQL's goes on: to end it and begin another costs as many questions as the reading did.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.rollback()
    else:
        db.session.expunge_all()


def _on_connect(connection: Any, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _on_checkin(connection: Any, _record: object) -> None:
    # A COMMIT that a deferred constraint refuses leaves SQLite's transaction open, and SQLAlchemy
    # takes it for ended: whoever had this line next could begin none.
    if connection is not None and connection.in_transaction:
        connection.rollback()


def _on_begin(connection: Connection) -> None:
    options: Mapping[str, Any] = connection.get_execution_options()
    words = "BEGIN" if options.get("reads_only") else "BEGIN IMMEDIATE"
    for patience in reversed(range(TURNS)):
        try:
            connection.exec_driver_sql(words)
            return
        except OperationalError as error:
            if not patience or "locked" not in str(error.orig):
                raise
            time.sleep(random.uniform(0, 0.2))  # noqa: S311 - spreads tries, guards nothing


def key_bytes(key: str) -> str:
    """Return 64 hexadecimal digits for SQLCipher: a raw key, so that opening costs no key
    derivation.
    """
    return hashlib.sha256(key.encode()).hexdigest()


def database_now() -> datetime:
    """Ask the database for its own clock, which leases and the consent gate go by; UTC."""
    if db.session.connection().dialect.name == "sqlite":
        said = str(
            db.session.execute(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
        )
        return datetime.fromisoformat(said).replace(tzinfo=UTC)
    moment: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


class InAMinute(FunctionElement[datetime]):
    """The moment sixty seconds ahead by the database's own clock, read while the statement runs: a
    lease's end.
    """

    type = UtcDateTime()
    inherit_cache = True


@compiles(InAMinute, "sqlite")
def _in_a_minute_sqlite(element: InAMinute, compiler: SQLCompiler, **kw: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now', '+60 seconds')"


@compiles(InAMinute, "postgresql")
def _in_a_minute_postgresql(element: InAMinute, compiler: SQLCompiler, **kw: Any) -> str:
    return "clock_timestamp() + interval '60 seconds'"
