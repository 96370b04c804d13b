"""What is over in a moment: doing a deed again that the database ended only because of what
another did, and telling a database that could not be asked from one that was asked wrongly.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree

from scheduler.kernel.database import db

TRIES = 8
LONGEST_PAUSE = 0.2
"""Seconds; two that met once are not to meet again."""
PASSING = {"40001", "40P01"}
"""PostgreSQL's words for two that could not both be right, and for two that waited for each other
(SQLSTATE, class 40).
"""
AWAY_CLASSES = frozenset({"08", "40", "53", "57", "58"})
"""PostgreSQL's classes of what passes (its Appendix A): connection lost, ended for another's sake,
resources short, an operator's hand, the system around it.
"""
AWAY = frozenset({"25006", "25P03", "25P04", "55P03"})
"""The same, of other classes: it only reads, a transaction that was too slow, a lock not had."""

R = TypeVar("R")


def past_deadlocks(deed: Callable[[], R]) -> R:
    """Do a deed that commits by itself, and do it anew, from a fresh transaction, as long as the
    database ends it for another's sake. Raises what the last try raised.
    """
    for patience in reversed(range(TRIES)):
        try:
            return deed()
        except DBAPIError as error:
            db.session.rollback()
            if not patience or getattr(error.orig, "sqlstate", None) not in PASSING:
                raise
            time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - spreads tries
    raise AssertionError("unreachable")


def is_away(error: SQLAlchemyError) -> bool:
    """True if the database could not be asked just now: a line that was lost, a server that goes,
    is full or only reads, a file that is locked. Nothing is wrong with what was asked.
    """
    if isinstance(error, NoneFree | PendingRollbackError | OperationalError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    is_passing = state in AWAY or state[:2] in AWAY_CLASSES
    return error.connection_invalidated or is_passing


def was_being_kept(error: SQLAlchemyError) -> bool:
    """True if the line was lost in a COMMIT: whether it was kept nobody here knows."""
    if not isinstance(error, DBAPIError) or not error.connection_invalidated:
        return False
    return error.statement is None
