"""Tasks of a kind that the program itself takes off the list: exactly what is the matter now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.tasks.models import Task
from scheduler.tasks.task_list import finish_task, raise_task


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that is the matter: its nominal key, words for staff, and the person (id) it is
    about, None for the house itself; `leads_to` is where the deed is, as `what:name`.
    """

    key: str
    words: str
    about_id: str | None
    leads_to: str | None = None


def sync_tasks(
    kind: str,
    matters: Collection[Matter],
    *,
    about: Collection[str] | None = None,
    by: str,
    now: datetime,
) -> int:
    """Make the open tasks of `kind`, about these people (ids; None: all), those of `matters`, and
    return how many are new.

    What `by` had closed and is the matter again is opened again; what a person marked as done stays
    done.
    """
    keys = {matter.key for matter in matters}
    open_now = select(Task).where(Task.kind == kind, Task.done_at.is_(None))
    if about is not None:
        open_now = open_now.where(Task.about_id.in_(list(about)))
    for task in db.session.scalars(open_now):
        if task.key not in keys:
            finish_task(task.id, by=by, now=now)
    new = 0
    for matter in matters:
        new += _raised(kind, matter, by=by, now=now)
    return new


def _raised(kind: str, matter: Matter, *, by: str, now: datetime) -> bool:
    before = db.session.scalar(select(Task).where(Task.key == matter.key))
    if before is None:
        return (
            raise_task(
                kind,
                matter.key,
                matter.words,
                about_id=matter.about_id,
                leads_to=matter.leads_to,
                now=now,
            )
            is not None
        )
    if before.done_at is None or before.done_by != by:
        return False
    before.made_at, before.done_at, before.done_by = now, None, None
    return True
