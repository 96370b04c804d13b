"""Putting reminders in place: rows made from sessions, so that a lost one heals and a moved one is made anew."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.reminders.due import DAY, due_at, worthless_at
from scheduler.reminders.facts import Facts, first_sessions
from scheduler.reminders.models import Reminder, ReminderState
from scheduler.reminders.occasions import occasions
from scheduler.reminders.policy import Lead, Policy

AT_ONCE = 5000
"""Rows handed to the driver at a time."""
COLUMNS = "id, session_id, person_id, lead, starts_at, due_at, state"
SQLITE = f"INSERT INTO reminders ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S608
POSTGRESQL = (
    f"INSERT INTO reminders ({COLUMNS}) SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], "  # noqa: S608
    "%s::timestamptz[], %s::timestamptz[], %s::text[]) ON CONFLICT DO NOTHING"
)
"""One statement a batch: a hundred thousand reminders are a few seconds."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One reminder that should be there."""

    session_id: str
    person_id: str
    lead: Lead
    starts_at: datetime
    due_at: datetime

    @property
    def nominal(self) -> tuple[str, str, Lead, datetime]:
        """What makes it this one: never two of the same."""
        return self.session_id, self.person_id, self.lead, self.starts_at


def put_in_place(facts: Facts, now: datetime) -> int:
    """Write the reminders that are missing and give how many; two sweeps at once make each of them once."""
    wanted = select(
        Reminder.session_id, Reminder.person_id, Reminder.lead, Reminder.starts_at, Reminder.due_at, Reminder.state
    ).where(Reminder.starts_at > now - DAY)
    known, digests = set(), set()
    for session_id, person_id, lead, start, due, state in db.session.execute(wanted):
        known.add((session_id, person_id, lead, start))
        if lead is Lead.WEEK_AHEAD and state is ReminderState.QUEUED:
            digests.add((person_id, due))
    # The week was told: that its first session fell out is no reason to tell it again.
    missing = [
        one
        for one in _wanted(facts, now)
        if one.nominal not in known and (one.lead is not Lead.WEEK_AHEAD or (one.person_id, one.due_at) not in digests)
    ]
    for first in range(0, len(missing), AT_ONCE):
        _write(missing[first : first + AT_ONCE])
    return len(missing)


def _wanted(facts: Facts, now: datetime) -> Iterator[Wanted]:
    firsts = first_sessions(facts, now)
    times: dict[tuple[Lead, datetime, str, Policy], tuple[datetime, bool]] = {}
    for person_id, sessions in facts.ahead.items():
        about = facts.recipients[person_id, sessions[0].session_id]
        policy = facts.policy(facts.sessions[sessions[0].session_id], about)
        zone = facts.zone_of(about.person)
        for one, lead in occasions(sessions, policy, zone, firsts.get(person_id)):
            case = lead, one.starts_at, zone, policy
            if case not in times:  # a group's members share theirs
                due = due_at(lead, one.starts_at, zone, policy)
                times[case] = due, worthless_at(lead, one.starts_at, due) > now
            due, is_of_use = times[case]
            if is_of_use:
                yield Wanted(one.session_id, person_id, lead, one.starts_at, due)


def _write(missing: list[Wanted]) -> None:
    connection = db.session.connection()
    rows = _rows(missing, Reminder.__table__.c.due_at.type.dialect_impl(connection.dialect), connection.dialect)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(POSTGRESQL, tuple(list(column) for column in zip(*rows, strict=True)))
    else:
        connection.exec_driver_sql(SQLITE, list(rows))


def _rows(missing: list[Wanted], kind: Any, dialect: Any) -> Iterable[tuple[Any, ...]]:
    """Give rows as the driver takes them; few moments are shared by many."""
    process = kind.bind_processor(dialect)
    moments: dict[datetime, Any] = {}
    names = os.urandom(16 * len(missing)).hex()
    for number, one in enumerate(missing):
        for moment in (one.starts_at, one.due_at):
            if moment not in moments:
                moments[moment] = process(moment)
        yield (
            names[32 * number : 32 * number + 32], one.session_id, one.person_id, one.lead.value,
            moments[one.starts_at], moments[one.due_at], ReminderState.WAITING.value,
        )  # fmt: skip
