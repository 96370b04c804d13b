"""Whether the constraints under the gate stand as they were written: what a trigger relies on must
not be loosened.
"""

from collections.abc import Iterator

from sqlalchemy import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Connection

from scheduler.consents.model.models import Authority, Barrier, CoSignature, Grant, Statement
from scheduler.outbox.models import Letter

GATED: tuple[Table, ...] = tuple(
    model.__table__  # type: ignore[misc]
    for model in (Letter, Grant, Statement, Authority, CoSignature, Barrier)
)
"""Tables whose checks, composite keys and references the gate stands on."""

SQLITE_TABLE = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"

POSTGRESQL = """
SELECT c.conname, pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c
WHERE c.conrelid = to_regclass(:name) AND c.contype IN ('c', 'f', 'u')
"""


def loosened_constraints(connection: Connection) -> list[str]:
    """Name every constraint of the gate's tables that is missing or other than it was written."""
    look = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    return [f"constraint {name}" for table in GATED for name in look(connection, table)]


def _sqlite(connection: Connection, table: Table) -> Iterator[str]:
    said = " ".join(
        str(connection.execute(text(SQLITE_TABLE), {"name": table.name}).scalar()).split()
    )
    for constraint in _constraints(table):
        if _written(connection, constraint) not in said:
            yield str(constraint.name)


def _postgresql(connection: Connection, table: Table) -> Iterator[str]:
    """PostgreSQL keeps a check in its own spelling: what was written is given to it to spell, and
    taken back.
    """
    standing = _standing(connection, table.name)
    checks = [
        constraint for constraint in _constraints(table) if isinstance(constraint, CheckConstraint)
    ]
    wanted = _spelled(connection, table, checks)
    for constraint in _constraints(table):
        name = str(constraint.name)
        written = wanted.get(name) or _written(connection, constraint).partition(f"{name} ")[2]
        if _plain(standing.get(name, "")) != _plain(written):
            yield name


def _spelled(connection: Connection, table: Table, checks: list[CheckConstraint]) -> dict[str, str]:
    if not checks:
        return {}
    with connection.begin_nested() as trial:
        connection.exec_driver_sql(f'CREATE TEMP TABLE gate_trial (LIKE "{table.name}")')
        for check in checks:
            connection.exec_driver_sql(
                f"ALTER TABLE gate_trial ADD {_written(connection, check)}".replace("%", "%%")
            )
        found = _standing(connection, "gate_trial")
        trial.rollback()
    return found


def _standing(connection: Connection, table: str) -> dict[str, str]:
    return {
        row.conname: row.definition for row in connection.execute(text(POSTGRESQL), {"name": table})
    }


def _constraints(table: Table) -> list[Constraint]:
    kinds = (CheckConstraint, ForeignKeyConstraint, UniqueConstraint)
    return sorted(
        (constraint for constraint in table.constraints if isinstance(constraint, kinds)),
        key=lambda constraint: str(constraint.name),
    )


def _written(connection: Connection, constraint: Constraint) -> str:
    compiler = connection.dialect.ddl_compiler(connection.dialect, None)  # type: ignore[arg-type]
    return " ".join(compiler.process(constraint).split())


def _plain(definition: str) -> str:
    return definition.replace(" ", "").lower()
