"""The clock, asked only by doors; everything below is handed `now`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _machine() -> datetime:
    return datetime.now(UTC)


_ask: Callable[[], datetime] = _machine


def now() -> datetime:
    """Return this moment, in UTC, to the microsecond."""
    return _ask()


@contextmanager
def turned_to(ask: Callable[[], datetime]) -> Iterator[None]:
    """Let `ask` be the clock of this process for a while, for a story on a given day; the database
    keeps its own.
    """
    global _ask
    before, _ask = _ask, ask
    try:
        yield
    finally:
        _ask = before
