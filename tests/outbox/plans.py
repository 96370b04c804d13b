"""What is asked of the database, and the steps by which it would answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from scheduler.kernel.database import db


@contextmanager
def overheard(table: str) -> Iterator[list[tuple[str, Any]]]:
    """Return the statements said meanwhile that look at `table`, with what they were said with."""
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if table in statement:
            said.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)


def plan(statement: str, values: Any) -> list[str]:
    """Return the steps by which the engine would do it."""
    words = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    cursor = db.session.connection().connection.cursor()
    if db.engine.dialect.name == "postgresql":
        cursor.execute(
            "SET LOCAL enable_seqscan = off"
        )  # a table of one row is read whole unless it is forbidden
    cursor.execute(words + statement, values)
    return [str(row[-1]) for row in cursor.fetchall()]
