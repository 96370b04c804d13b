"""Putting reminders in place: rows made from sessions, so that a lost one heals and a moved one is made anew."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.reminders.due import DAY, due_at, worthless_at
from scheduler.reminders.facts import Facts, first_sessions
from scheduler.reminders.models import Reminder, ReminderState
from scheduler.reminders.occasions import occasions
from scheduler.reminders.policy import Lead

AT_ONCE = 5000
"""Rows handed to the driver at a time."""


def put_in_place(facts: Facts, now: datetime) -> int:
    """Write the reminders that are missing and give how many; two sweeps at once make each of them once."""
    table = Reminder.__table__
    wanted = select(
        Reminder.session_id, Reminder.person_id, Reminder.lead, Reminder.starts_at, Reminder.due_at, Reminder.state
    ).where(Reminder.starts_at > now - DAY)
    known, digests = set(), set()
    for session_id, person_id, lead, start, due, state in db.session.execute(wanted):
        known.add((session_id, person_id, lead, start))
        if lead is Lead.WEEK_AHEAD and state is ReminderState.QUEUED:
            digests.add((person_id, due))
    rows = []
    for row in _wanted(facts, now):
        if (row["session_id"], row["person_id"], row["lead"], row["starts_at"]) in known:
            continue
        if row["lead"] is Lead.WEEK_AHEAD and (row["person_id"], row["due_at"]) in digests:
            continue  # the week was told; that its first session fell out is no reason to tell it again
        rows.append(row)
    insert = postgresql.insert if db.session.connection().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing()  # type: ignore[arg-type]
    for first in range(0, len(rows), AT_ONCE):
        db.session.connection().execute(statement, rows[first : first + AT_ONCE])
    return len(rows)


def _wanted(facts: Facts, now: datetime) -> Iterator[dict[str, Any]]:
    firsts = first_sessions(facts, now)
    for person_id, sessions in facts.ahead.items():
        about = facts.recipients[person_id, sessions[0].session_id]
        policy = facts.policy(facts.sessions[sessions[0].session_id], about)
        zone = facts.zone_of(about.person)
        for one, lead in occasions(sessions, policy, zone, firsts.get(person_id)):
            due = due_at(lead, one.starts_at, zone, policy)
            if worthless_at(lead, one.starts_at, due) > now:
                yield {
                    "id": new_id(), "session_id": one.session_id, "person_id": person_id, "lead": lead,
                    "starts_at": one.starts_at, "due_at": due, "state": ReminderState.WAITING,
                }  # fmt: skip
