"""Releasing a batch: when its time has come, each of those on it gets a reminder of their own, to
be decided.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.kernel.upsert import insert_absent
from scheduler.reminders.models import Reminder, ReminderBatch, ReminderState

AT_ONCE = 500
"""Rolls called in one transaction; the rest follow with the next."""


def release_due(now: datetime, people: Collection[str] | None = None) -> None:
    """Give everybody on the batches that are due a reminder that waits, once; with `people` (ids)
    all on the batches that name one of them.
    """
    batches = list(db.session.scalars(due_batches(now, people)))
    if not batches:
        return
    reminders = []
    for batch in batches:
        for person_id in batch.people.split(","):
            reminders.append(_reminder(batch, person_id))
    insert_absent(Reminder, reminders)
    ids = [batch.id for batch in batches]
    called = update(ReminderBatch).where(ReminderBatch.id.in_(ids)).values(called_at=now)
    db.session.execute(called.execution_options(synchronize_session=False))


def due_batches(now: datetime, people: Collection[str] | None = None) -> Any:
    """Return the question whom to call now (with `people`, by id: where they are named), the oldest
    first, as it is read from the index of what is not called.
    """
    ahead = select(ReminderBatch).where(
        ReminderBatch.called_at.is_(None), ReminderBatch.due_at <= now
    )
    if people is not None:
        named = [ReminderBatch.people.contains(person_id) for person_id in people]
        ahead = ahead.where(or_(*named))
    return (
        ahead.order_by(ReminderBatch.due_at, ReminderBatch.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )


def _reminder(batch: ReminderBatch, person_id: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "session_id": batch.session_id,
        "person_id": person_id,
        "lead": batch.lead,
        "starts_at": batch.starts_at,
        "due_at": batch.due_at,
        "state": ReminderState.WAITING,
    }
