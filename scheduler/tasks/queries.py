"""Shared reads of tasks."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.tasks.models import Task


def open_tasks(
    *, kind: str | None = None, but: str | None = None, limit: int = 200
) -> Sequence[Task]:
    """Return what is to be done, of one kind, of all but one, or all, the oldest first."""
    rows = select(Task).where(Task.done_at.is_(None))
    if kind is not None:
        rows = rows.where(Task.kind == kind)
    if but is not None:
        rows = rows.where(Task.kind != but)
    oldest_first = rows.order_by(Task.made_at, Task.id)
    return db.session.scalars(oldest_first.limit(limit)).all()


def how_many_open() -> int:
    """Count what is to be done."""
    rows = select(func.count()).where(Task.done_at.is_(None))
    return db.session.scalar(rows) or 0


def finished_tasks(kind: str, *, about: Collection[str], but_by: str) -> Sequence[Task]:
    """Return what is done of one kind, about these people (ids), by anybody but `but_by`."""
    done = (
        Task.kind == kind,
        Task.about_id.in_(list(about)),
        Task.done_at.is_not(None),
        Task.done_by != but_by,
    )
    return db.session.scalars(select(Task).where(*done)).all()


def how_many_of_kinds(*, but: str) -> dict[str, int]:
    """Count what is to be done by kind, of all kinds but one."""
    rows = select(Task.kind, func.count()).where(Task.done_at.is_(None), Task.kind != but)
    found = {}
    for kind, many in db.session.execute(rows.group_by(Task.kind)):
        found[kind] = many
    return found
