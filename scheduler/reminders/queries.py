"""Shared reads of reminders: how many stand where, and which were not sent and why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.reminders.models import Reminder, ReminderState


def counts() -> dict[ReminderState, int]:
    """Count reminders by state; states without any are 0."""
    rows = db.session.execute(select(Reminder.state, func.count()).group_by(Reminder.state))
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in ReminderState}


def unsent(state: ReminderState, *, since: datetime, limit: int = 100) -> Sequence[Reminder]:
    """Give reminders that ended in `state` and were due after `since`, the newest first."""
    wanted = (Reminder.state == state, Reminder.due_at > since)
    return db.session.scalars(select(Reminder).where(*wanted).order_by(Reminder.due_at.desc()).limit(limit)).all()
