"""Calling the roll: when its time has come, each of those on it gets a reminder of their own, to be
decided.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.kernel.upsert import insert_absent
from scheduler.reminders.models import Reminder, ReminderBatch, ReminderState

AT_ONCE = 500
"""Rolls called in one transaction; the rest follow with the next."""


def release_due(now: datetime) -> None:
    """Return everybody on the rolls that are due a reminder that waits, once."""
    rolls = list(db.session.scalars(due_batches(now)))
    if not rolls:
        return
    reminders = []
    for roll in rolls:
        for person_id in roll.people.split(","):
            reminders.append(_reminder(roll, person_id))
    insert_absent(Reminder, reminders)
    ids = [roll.id for roll in rolls]
    called = update(ReminderBatch).where(ReminderBatch.id.in_(ids)).values(called_at=now)
    db.session.execute(called.execution_options(synchronize_session=False))


def due_batches(now: datetime) -> Any:
    """Return the question whom to call now, the oldest first, as it is read from the index of what
    is not called.
    """
    ahead = select(ReminderBatch).where(
        ReminderBatch.called_at.is_(None), ReminderBatch.due_at <= now
    )
    return (
        ahead.order_by(ReminderBatch.due_at, ReminderBatch.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )


def _reminder(roll: ReminderBatch, person_id: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "session_id": roll.session_id,
        "person_id": person_id,
        "lead": roll.lead,
        "starts_at": roll.starts_at,
        "due_at": roll.due_at,
        "state": ReminderState.WAITING,
    }
