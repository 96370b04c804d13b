"""Shared reads of reminders: how many stand where, and which were not sent and why."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from scheduler.kernel.database import db
from scheduler.reminders.models import WAITING, Reminder, ReminderBatch, ReminderState
from scheduler.reminders.schedule import missing
from scheduler.sessions import cooling_sessions
from scheduler.sessions.models import Session, Status


def counts() -> dict[ReminderState, int]:
    """Count reminders by state, those ahead as waiting; states without any are 0."""
    by_state = select(Reminder.state, func.count()).group_by(Reminder.state)
    found = dict.fromkeys(ReminderState, 0)
    for state, many in db.session.execute(by_state):
        found[state] = many
    ahead = select(func.sum(ReminderBatch.many))
    not_called = ahead.where(ReminderBatch.called_at.is_(None))
    found[ReminderState.WAITING] += db.session.scalar(not_called) or 0
    return found


def next_batches(*, now: datetime, limit: int) -> Sequence[ReminderBatch]:
    """Return the batches that are called next, the soonest first: of sessions that stand where they
    were when the batch was made, and of none whose publication may still be taken back.
    """
    ahead = (
        select(ReminderBatch)
        .join(Session, Session.id == ReminderBatch.session_id)
        .where(
            ReminderBatch.called_at.is_(None),
            Session.status == Status.SCHEDULED,
            Session.starts_at == ReminderBatch.starts_at,
            Session.id.not_in(cooling_sessions(now)),
        )
        .order_by(ReminderBatch.due_at, ReminderBatch.id)
    )
    return db.session.scalars(ahead.limit(limit)).all()


def next_due(people: Collection[str], *, now: datetime) -> datetime | None:
    """Return when the next reminder of these people (ids) is due; a moment that is over where one
    waits for a better hour.
    """
    waiting = select(func.min(Reminder.due_at)).where(
        Reminder.person_id.in_(list(people)),
        Reminder.state == WAITING,
    )
    named = [ReminderBatch.people.contains(person_id) for person_id in people]
    ahead = select(func.min(ReminderBatch.due_at)).where(
        ReminderBatch.called_at.is_(None), ReminderBatch.due_at > now, or_(*named)
    )
    moments = [db.session.scalar(waiting), db.session.scalar(ahead)]
    return min((moment for moment in moments if moment is not None), default=None)


def not_in_place(*, now: datetime) -> dict[str, datetime]:
    """Return by person (id) the first session of the coming eight days whose reminder is not in
    place, as its start.

    One that has just been scheduled is among it until the sweep has come by, once a minute.
    """
    found: dict[str, datetime] = {}
    for slot, people in missing(now).items():
        for person in people:
            found[person] = min(slot.starts_at, found.get(person, slot.starts_at))
    return found


def unsent(*, since: datetime, limit: int = 100) -> Sequence[Reminder]:
    """Return reminders that ended unsent, too late or no longer wanted, and were due after `since`,
    the newest first.
    """
    ended = (ReminderState.EXPIRED, ReminderState.DROPPED)
    rows = select(Reminder).where(
        Reminder.state.in_(ended),
        Reminder.due_at > since,
    )
    newest_first = rows.order_by(Reminder.due_at.desc())
    return db.session.scalars(newest_first.limit(limit)).all()
