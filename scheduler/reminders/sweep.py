"""Reminders: made from sessions, so that a lost row heals; sent once, late ones visibly not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.consents import Recipient, audiences
from scheduler.invitations import ToldDate, told_dates
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.people import practice
from scheduler.people.models import PersonKind
from scheduler.reminders.due import AHEAD, due_at, worthless_at
from scheduler.reminders.letters import send
from scheduler.reminders.models import Lead, Reminder, ReminderState
from scheduler.sessions.models import Session, Status

AT_ONCE = 500
"""Rows in one INSERT."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did, in numbers of reminders."""

    made: int
    queued: int
    expired: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides over reminders: sessions, who may know of them, what relatives were told, by (person, session)."""

    sessions: dict[str, Session]
    recipients: dict[tuple[str, str], Recipient]
    told: dict[tuple[str, str], ToldDate]


def sweep(*, by: str, now: datetime) -> Swept:
    """Make the reminders of the coming 48 hours, and hand those that are due to the outbox.

    Each is decided anew when it is due: dropped when its session is elsewhere or its person no longer in the
    audience, expired when it came too late, left waiting while a relative was not told of the session yet.
    """
    due = list(db.session.scalars(_due(now)))
    facts = _facts(due, now)
    made = _make(facts, now)
    if made:
        due = list(db.session.scalars(_due(now)))
    for reminder in due:
        _decide(reminder, facts, by=by, now=now)
    db.session.flush()
    states = [reminder.state for reminder in due]
    counted = (states.count(each) for each in (ReminderState.QUEUED, ReminderState.EXPIRED, ReminderState.DROPPED))
    return Swept(made, *counted)


def _due(now: datetime) -> Any:
    waiting = select(Reminder).where(Reminder.state == ReminderState.WAITING, Reminder.due_at <= now)
    return waiting.order_by(Reminder.due_at, Reminder.id).with_for_update(skip_locked=True)


def _facts(due: Iterable[Reminder], now: datetime) -> Facts:
    near = (Session.starts_at > now, Session.starts_at <= now + AHEAD, Session.status == Status.SCHEDULED)
    rows = list(db.session.scalars(select(Session).where(*near)))
    rows += db.session.scalars(select(Session).where(Session.id.in_({one.session_id for one in due})))
    sessions = {each.id: each for each in rows}
    recipients = {
        (one.person.id, key): one
        for key, those in audiences(sessions.values(), now=now).items()
        for one in those
        if one.role is not PersonKind.CLINICIAN
    }
    relatives = {one.person.id for one in recipients.values() if one.role is PersonKind.RELATIVE}
    told = {(each.person_id, each.session_id): each for each in told_dates(relatives)} if relatives else {}
    return Facts(sessions, recipients, told)


def _make(facts: Facts, now: datetime) -> int:
    """Write the rows that are missing; two sweeps at once make each of them once."""
    zone = practice().zone if facts.recipients else ""
    known = {
        (row.session_id, row.person_id, row.lead, row.starts_at)
        for row in db.session.scalars(select(Reminder).where(Reminder.session_id.in_(facts.sessions)))
    }
    rows = []
    for (person_id, session_id), one in facts.recipients.items():
        start = facts.sessions[session_id].starts_at
        for lead in Lead:
            if (session_id, person_id, lead, start) in known or start <= now:
                continue
            rows.append(
                {
                    "id": new_id(),
                    "session_id": session_id,
                    "person_id": person_id,
                    "lead": lead,
                    "starts_at": start,
                    "due_at": due_at(lead, start, one.person.zone or zone),
                    "state": ReminderState.WAITING,
                }
            )
    insert = postgresql.insert if db.session.connection().dialect.name == "postgresql" else sqlite.insert
    for first in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Reminder).values(rows[first : first + AT_ONCE]).on_conflict_do_nothing())
    return len(rows)


def _decide(reminder: Reminder, facts: Facts, *, by: str, now: datetime) -> None:
    session = facts.sessions[reminder.session_id]
    one = facts.recipients.get((reminder.person_id, session.id))
    told = facts.told.get((reminder.person_id, session.id))
    if session.status is not Status.SCHEDULED or session.starts_at != reminder.starts_at:
        _end(reminder, ReminderState.DROPPED, "the session is elsewhere or off")
    elif one is None:
        _end(reminder, ReminderState.DROPPED, "no longer in the audience")
    elif now >= worthless_at(reminder.lead, reminder.starts_at):
        _end(reminder, ReminderState.EXPIRED, "it was too late to be of use")
    elif one.role is PersonKind.RELATIVE and (told is None or told.begins_at != session.starts_at):
        return
    elif told is not None and told.told_at > reminder.due_at:
        _end(reminder, ReminderState.DROPPED, "told of it only after this reminder was due")
    else:
        reminder.letter_id = send(reminder, session, one, told, now=now)
        reminder.state = ReminderState.QUEUED


def _end(reminder: Reminder, state: ReminderState, reason: str) -> None:
    reminder.state, reminder.reason = state, reason
