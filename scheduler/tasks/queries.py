"""Shared reads of tasks."""

from collections.abc import Sequence

from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.tasks.models import Task


def open_tasks(*, limit: int = 200) -> Sequence[Task]:
    """Give what is to be done, the oldest first."""
    return db.session.scalars(
        select(Task).where(Task.done_at.is_(None)).order_by(Task.made_at, Task.id).limit(limit)
    ).all()


def how_many_open() -> int:
    """Count what is to be done."""
    return db.session.scalar(select(func.count()).where(Task.done_at.is_(None))) or 0
