"""A database of every earlier release becomes one of today: nothing is lost, nothing sent twice.

`written_by/` holds what the program of each release wrote, as rows at its last migration: the
clinic file of docs/clinic_file.md, published; an invitation that was sent, one of its dates
cancelled, the letter about that waiting. p-1-father has no consent. 0.1.0 is 77153ed.
"""

import base64
import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Boolean, DateTime, inspect
from sqlalchemy.engine import Connection, Engine

from conftest import KEY, settings
from engines import BOTH
from fakes.post_office import PostOffice
from scheduler import audit, consents, create_app, invariants, sessions
from scheduler.backups.copy_rows import without_triggers
from scheduler.kernel import clock
from scheduler.kernel.database import db, open_engine
from scheduler.kernel.schema import migrate
from scheduler.worker import drain

WRITTEN_BY = Path(__file__).with_name("written_by")
RELEASES = sorted(path.name.removesuffix(".json.gz") for path in WRITTEN_BY.glob("*.gz"))
SECRET = "secret-of-the-tests"
"""What each release wrote with."""
NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)
CHANGED = {
    "clinicians": {"roles"},
    "plan_looks": {"looked_at"},
}
"""What an upgrade says anew on purpose."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """All rows of one database, by table, at one migration."""

    revision: str
    tables: dict[str, list[Row]]


def written_by(release: str) -> Written:
    """Return what the program of a release wrote."""
    held = json.loads(gzip.decompress((WRITTEN_BY / f"{release}.json.gz").read_bytes()))
    tables = {}
    for name, table in held["tables"].items():
        tables[name] = [
            dict(zip(table["columns"], map(unpacked, row), strict=True)) for row in table["rows"]
        ]
    return Written(held["revision"], tables)


def unpacked(value: Any) -> Any:
    """Return a value as the database had it."""
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value


def put_in(engine: Engine, written: Written) -> None:
    """Make a database of the release with its rows, as they were."""
    with engine.begin() as connection:
        config = migrate.alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, written.revision)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            insert_all(connection, written)
            return
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        with without_triggers(connection):
            insert_all(connection, written)


def insert_all(connection: Connection, written: Written) -> None:
    """Insert every row, with the types that the engine wants."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    seen = inspect(connection)
    for name, rows in written.tables.items():
        connection.exec_driver_sql(f'DELETE FROM "{name}"')
        types = {str(column["name"]): column["type"] for column in seen.get_columns(name)}
        columns = ", ".join(f'"{column}"' for column in rows[0])
        marks = ", ".join(mark for _ in rows[0])
        values = [tuple(typed(row[column], types[column]) for column in row) for row in rows]
        connection.exec_driver_sql(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', values)


def typed(value: Any, kind: Any) -> Any:
    """Return a value of SQLite as the column of an engine takes it."""
    if isinstance(kind, Boolean) and value is not None:
        return bool(value)
    if isinstance(kind, DateTime) and getattr(kind, "timezone", False) and isinstance(value, str):
        return f"{value}+00:00"
    return value


def lost(engine: Engine, written: Written) -> list[str]:
    """Return what a release wrote and is not there any more, in the columns it had."""
    found = []
    with engine.connect() as connection:
        seen = inspect(connection)
        for name, rows in written.tables.items():
            types = {str(column["name"]): column["type"] for column in seen.get_columns(name)}
            asked = [column for column in rows[0] if column not in CHANGED.get(name, ())]
            columns = ", ".join(f'"{column}"' for column in asked)
            stand = connection.exec_driver_sql(f'SELECT {columns} FROM "{name}"').all()
            kinds = [types[column] for column in asked]
            there = {
                tuple(said(typed(value, kind)) for value, kind in zip(row, kinds, strict=True))
                for row in stand
            }
            for row in rows:
                wanted = tuple(said(typed(row[column], types[column])) for column in asked)
                if wanted not in there:
                    found.append(f"{name}: {wanted}")
    return found


def said(value: Any) -> str:
    """Return a value in words that are the same on both engines."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00:00")
    if isinstance(value, str) and value[:1] in {"{", "["}:
        value = json.loads(value)
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return str(value)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Upgrade from the oldest release on both engines, from the others by turns; with `--long` from
    all on both.
    """
    if "release" not in metafunc.fixturenames:
        return
    turns = [(release, BOTH[number % 2]) for number, release in enumerate(RELEASES)]
    turns.append((RELEASES[0], BOTH[1]))
    if metafunc.config.getoption("--long"):
        turns = [(release, engine) for release in RELEASES for engine in BOTH]
    metafunc.parametrize(("release", "url"), turns, indirect=["url"])


def test_database_of_an_earlier_release_loses_nothing_and_sends_nothing_twice(
    release: str, url: str, post_office: PostOffice
) -> None:
    written = written_by(release)
    waiting = [row for row in written.tables["letters"] if row["state"] == "waiting"]
    engine = open_engine(url, KEY)
    put_in(engine, written)

    migrate.upgrade(engine)
    assert lost(engine, written) == []
    engine.dispose()

    app = create_app(settings(url, smtp_url=post_office.url, secret_key=SECRET))
    with app.app_context(), clock.turned_to(lambda: NOW):
        assert damage() == []
        rounds = [drain(app.config["KINFOLD"]) for _ in range(2)]
        assert damage() == []
        db.session.remove()
        db.engine.dispose()

    assert [(done.sent, failed) for done, failed in rounds] == [(1, []), (0, [])]
    assert [letter.recipients for letter in post_office.messages] == [
        [row["address"]] for row in waiting
    ]
    assert [letter.message["Message-ID"] for letter in post_office.messages] == [
        row["message_id"] for row in waiting
    ]


def test_row_that_an_upgrade_lost_is_named(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url, KEY)
    written = written_by(RELEASES[-1])
    with engine.begin() as connection, without_triggers(connection):
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        insert_all(connection, written)
        connection.exec_driver_sql("UPDATE letters SET state = 'expired' WHERE state = 'waiting'")

    found = lost(engine, written)
    engine.dispose()

    assert [line.partition(":")[0] for line in found] == ["letters"]


def damage() -> list[str]:
    """Return what does not hold of gate, bookings, record and invariants."""
    connection = db.session.connection()
    found = consents.gate_damage(connection) + sessions.loosened_booking_rules(connection)
    found += audit.examine().faults
    found += [str(broken) for broken in invariants.violations(now=NOW)]
    db.session.rollback()
    return found
