"""A bound on what one transaction may cost on SQLite: a page that asks too much ends alone."""

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

STEPS = 200_000
"""Instructions of SQLite's machine between two looks at the clock, some milliseconds."""
BEGAN = "kinfold.began"


def bound_transactions(engine: Engine, seconds: float) -> None:
    """Interrupt whatever runs in a transaction that began more than `seconds` ago."""

    def on_connect(connection: Any, record: Any) -> None:
        def is_over() -> bool:
            began = record.info.get(BEGAN)
            return began is not None and time.monotonic() - began > seconds

        connection.set_progress_handler(is_over, STEPS)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", _note_begin)


def _note_begin(connection: Connection) -> None:
    connection.connection.info[BEGAN] = time.monotonic()
