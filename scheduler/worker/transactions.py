"""One transaction around one deed: committed whole or undone whole."""

from collections.abc import Callable
from typing import TypeVar

from scheduler.kernel.database import db

R = TypeVar("R")


def in_transaction(deed: Callable[[], R]) -> R:
    """Do the deed and commit; undo everything when it fails, and pass the failure on."""
    try:
        result = deed()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        db.session.remove()
    return result
