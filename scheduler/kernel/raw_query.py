"""One question of one row, on a connection that each thread keeps for it: a turn of the pool costs
more than that.

For what is asked by every subscribed calendar, all day; everything else goes through the session.
"""

import threading
import weakref
from contextlib import suppress
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]


class Lines:
    """The connections of one engine, one a thread; they close with the engine, or with their
    thread.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = weakref.proxy(engine)
        self.own = threading.local()
        self.open: weakref.WeakSet[Line] = weakref.WeakSet()

    def ask(self, words: str, *values: object) -> Row | None:
        """Return the first row, None when there is none; a line that was lost in the meantime is
        opened again, once.
        """
        kept: Line | None = getattr(self.own, "line", None)
        if kept is not None and kept.connection is not None:
            with suppress(self.engine.dialect.loaded_dbapi.Error):
                return kept.ask(words, values)
            kept.close()
        driver = self.engine.dialect.loaded_dbapi
        try:
            fresh = self.own.line = Line(self.engine)
            self.open.add(fresh)
            return fresh.ask(words, values)
        except driver.Error as error:
            raise DBAPIError.instance(
                words,
                None,
                error,
                driver.Error,
                hide_parameters=True,
                dialect=self.engine.dialect,
            ) from error

    def close(self, _engine: Engine | None = None) -> None:
        """Close the lines of all threads."""
        for connection in list(self.open):
            connection.close()


class Line:
    """One connection outside the pool; each question is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.connection: Any = None
        lent = engine.raw_connection()
        connection: Any = lent.driver_connection
        lent.detach()
        if engine.dialect.name == "postgresql":
            connection.autocommit = True
        self.connection = connection

    def ask(self, words: str, values: tuple[object, ...]) -> Row | None:
        """Return the first row, None when there is none. Raises the driver's errors."""
        row: Row | None = self.connection.execute(words, values).fetchone()
        return row

    def close(self) -> None:
        """Hang up; another thread may do it."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()

    def __del__(self) -> None:
        self.close()


_lines: weakref.WeakKeyDictionary[Engine, Lines] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def ask(engine: Engine, words: str, *values: object) -> Row | None:
    """Return the first row of a question in the driver's own words; it sees what is committed, and
    only reads. Raises SQLAlchemyError as the session does.
    """
    lines = _lines.get(engine)
    if lines is None:
        with _lock:
            lines = _lines.setdefault(engine, Lines(engine))
        event.listen(engine, "engine_disposed", lines.close)
    return lines.ask(words, *values)
