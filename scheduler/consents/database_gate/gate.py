"""Whether the database's own gate stands whole: a trigger or constraint missing or changed is an
outage, no warning.

The gate as it is today stands in `gate.sqlite.sql` and `gate.postgresql.sql` beside this file; the
migrations that brought it there are history. What stands in a database is compared with that text.
"""

from pathlib import Path

from sqlalchemy.engine import Connection

from scheduler.consents.database_gate.gate_constraints import loosened_constraints
from scheduler.kernel.schema.trigger_drift import drifted

FOLDER = Path(__file__).resolve().parent


def gate_damage(connection: Connection) -> list[str]:
    """Name every trigger, function and constraint of the gate that is missing or other than it must
    be.
    """
    return drifted(connection, gate_sql(connection.dialect.name)) + loosened_constraints(connection)


def gate_sql(engine: str) -> str:
    """Return the triggers and functions of the gate for "sqlite" or "postgresql"."""
    return (FOLDER / f"gate.{engine}.sql").read_text(encoding="utf-8")
