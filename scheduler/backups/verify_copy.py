"""Whether a copy is whole: every page, every reference, every count, the record's chain and the
consent gate.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as Reader

from scheduler import audit, consents
from scheduler.backups.copy_file import sealed
from scheduler.backups.recovery_key import without_head
from scheduler.kernel.errors import InputError
from scheduler.kernel.schema.migrate import knows, newest

ABOUT = "CREATE TABLE copy_about (made_at TEXT NOT NULL, engine TEXT NOT NULL, rows TEXT NOT NULL)"
TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND "
    "name <> 'copy_about'"
)


@dataclass(frozen=True, slots=True)
class About:
    """What a copy says of itself: when it was made (UTC), of which engine, its schema, and its rows
    by table.
    """

    made_at: datetime
    engine: str
    schema: str
    rows: dict[str, int]


def check(path: Path) -> About:
    """Check the copy at `path` and give what it is. Raises InputError naming what is wrong with
    it.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    with without_head(path) as body, sealed(body) as engine:
        return check_open(engine, path)


def check_open(engine: Engine, path: Path) -> About:
    """Check a copy that is open; `path` is what to call it."""
    try:
        with engine.connect() as connection:
            about = _about(connection, path)
            faults = list(_faults(connection, about))
    except DatabaseError as error:
        raise InputError(
            f"{path}: not a copy made with this SECRET_KEY, or damaged ({error.orig})"
        ) from error
    if not faults and about.schema == newest():
        faults = unsound(engine)
    if faults:
        raise InputError(f"{path}: damaged: {'; '.join(faults[:5])}")
    return about


def unsound(engine: Engine) -> list[str]:
    """Name what is wrong with the record and the consent gate of a copy at the newest schema."""
    with Reader(engine) as reader:
        bad = audit.first_broken(reader)
    with engine.connect() as connection:
        gate = consents.gate_damage(connection)
    record = [] if bad is None else [f"the audit record was changed at entry {bad}"]
    return record + [f"the consent gate: {object_name}" for object_name in gate]


def note(connection: Connection, engine: str, now: datetime) -> None:
    """Write into a new copy what it is."""
    connection.exec_driver_sql(ABOUT)
    said = {
        "at": now.isoformat(),
        "engine": engine,
        "rows": json.dumps(count(connection)),
    }
    connection.execute(text("INSERT INTO copy_about VALUES (:at, :engine, :rows)"), said)


def count(connection: Connection) -> dict[str, int]:
    """Count the rows of every table."""
    names = sorted(connection.exec_driver_sql(TABLES).scalars())
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608
        for name in names
    }


def _about(connection: Connection, path: Path) -> About:
    if not connection.exec_driver_sql(
        "SELECT 1 FROM sqlite_master WHERE name = 'copy_about'"
    ).scalar():
        raise InputError(f"{path}: this is no copy made by `backup`")
    made_at, name, rows = connection.exec_driver_sql(
        "SELECT made_at, engine, rows FROM copy_about"
    ).one()
    schema = (
        connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "empty"
    )
    if not knows(schema):
        raise InputError(
            f"{path}: its schema is {schema}, newer than this program's {newest()}: upgrade "
            "Kinfold first"
        )
    return About(
        datetime.fromisoformat(made_at),
        name,
        schema,
        json.loads(rows),
    )


def _faults(connection: Connection, about: About) -> list[str]:
    pages = list(connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars())
    whole = [
        word
        for word in connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        if word != "ok"
    ]
    loose = [
        f"a row of {row[0]} refers to nothing"
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
    ]
    found = count(connection)
    other = [
        f"{name} has {found.get(name)} rows, not {many}"
        for name, many in about.rows.items()
        if found.get(name) != many
    ]
    return pages + whole + loose + other
