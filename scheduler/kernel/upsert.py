"""Writing rows that may be there already: those are left as they are, on both engines."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from scheduler.kernel.database import Base, db


def insert_absent(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those of `rows` that no unique key of `model` knows; two writers at once write each of
    them once.
    """
    if not rows:
        return
    engine = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    db.session.execute(engine.insert(model.__table__).on_conflict_do_nothing(), list(rows))
