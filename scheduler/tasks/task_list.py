"""Raising a task and finishing it."""

from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.tasks.models import Task


def raise_task(
    kind: str,
    key: str,
    words: str,
    *,
    about_id: str | None,
    for_id: str | None = None,
    leads_to: str | None = None,
    now: datetime,
) -> Task | None:
    """Raise a task; None when the same matter was raised before.

    `about_id` is the person it is about, None where it is about nobody; `leads_to` is where the
    deed is, as `what:name`.
    """
    if db.session.scalar(select(Task.id).where(Task.key == key)) is not None:
        return None
    task = Task(
        kind=kind,
        key=key,
        words=words,
        about_id=about_id,
        for_id=for_id,
        leads_to=leads_to,
        made_at=now,
    )
    db.session.add(task)
    db.session.flush()
    return task


def finish_matter(key: str, *, about_id: str | None = None, by: str, now: datetime) -> None:
    """Mark the task about a matter as done, if there is one; with `about_id` only one about this
    person.
    """
    wanted = select(Task.id).where(Task.key == key)
    if about_id is not None:
        wanted = wanted.where(Task.about_id == about_id)
    task_id = db.session.scalar(wanted)
    if task_id is not None:
        finish_task(task_id, by=by, now=now)


def raise_again(key: str, *, now: datetime) -> None:
    """Let a matter that was done wait anew; one that never was raised stays so."""
    task = db.session.scalars(select(Task).where(Task.key == key)).one_or_none()
    if task is not None and task.done_at is not None:
        task.made_at = now
        task.done_at = None
        task.done_by = None


def finish_task(task_id: str, *, by: str, now: datetime) -> None:
    """Mark a task as done, once. Raises NotFound."""
    task = db.session.get(Task, task_id)
    if task is None:
        raise NotFound("there is no such task")
    if task.done_at is None:
        task.done_at = now
        task.done_by = by
        details = {"task": task.id}
        audit.append("finish", about=f"task {task.kind}", details=details, by=by, now=now)
