"""Doing a deed again that the database ended only because of what another did at that moment."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from scheduler.kernel.database import db

TRIES = 8
LONGEST_PAUSE = 0.2
"""Seconds; two that met once are not to meet again."""
PASSING = {"40001", "40P01"}
"""PostgreSQL's words for two that could not both be right, and for two that waited for each other
(SQLSTATE, class 40).
"""

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
