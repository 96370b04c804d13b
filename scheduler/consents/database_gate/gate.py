"""Whether the database's own gate stands whole: a trigger or constraint missing or changed is an
outage, no warning.

The gate itself is SQL, installed by the migrations in GATES; what stands in the database is
compared with that text.
"""

from sqlalchemy.engine import Connection

from scheduler.consents.database_gate.gate_constraints import loosened_constraints
from scheduler.kernel.trigger_drift import drifted

GATES = (
    "0002_gate",
    "0003_kept_whole",
    "0005_openings",
    "0006_texts",
    "0008_signed",
    "0013_co_signed",
)


def gate_damage(connection: Connection) -> list[str]:
    """Name every trigger, function and constraint of the gate that is missing or other than it must
    be.
    """
    return drifted(connection, GATES) + loosened_constraints(connection)
