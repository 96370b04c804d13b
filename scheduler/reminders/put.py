"""Putting reminders in place: rows made from sessions, so that a lost one heals and a moved one is made anew."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.reminders.due import DAY, due_at, worthless_at
from scheduler.reminders.facts import Facts, first_sessions
from scheduler.reminders.models import Reminder, ReminderState
from scheduler.reminders.occasions import Ahead, occasions
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


class Wanted(NamedTuple):
    """One reminder that should be there."""

    session_id: str
    person_id: str
    lead: Lead
    starts_at: datetime
    due_at: datetime

    @property
    def nominal(self) -> tuple[str, str, Lead, datetime]:
        """What makes it this one: never two of the same."""
        return self[:4]


def put_in_place(facts: Facts, now: datetime) -> int:
    """Write the reminders that are missing and give how many; two sweeps at once make each of them once."""
    gaps = sorted(missing(facts, now))  # the database's index grows at one place
    for first in range(0, len(gaps), AT_ONCE):
        _write(gaps[first : first + AT_ONCE])
    return len(gaps)


def missing(facts: Facts, now: datetime) -> list[Wanted]:
    """Give the reminders of what lies near that should be there, are still of use, and are not there."""
    wanted = select(
        Reminder.session_id, Reminder.person_id, Reminder.lead, Reminder.starts_at, Reminder.due_at, Reminder.state
    ).where(Reminder.starts_at > now - DAY)
    known, digests = set(), set()
    for session_id, person_id, lead, start, due, state in db.session.execute(wanted):
        known.add((session_id, person_id, lead, start))
        if lead is Lead.WEEK_AHEAD and state is ReminderState.QUEUED:
            digests.add((person_id, due))
    # The week was told: that its first session fell out is no reason to tell it again.
    return [
        one
        for one in _wanted(facts, now)
        if one.nominal not in known and (one.lead is not Lead.WEEK_AHEAD or (one.person_id, one.due_at) not in digests)
    ]


def _wanted(facts: Facts, now: datetime) -> Iterator[Wanted]:
    firsts = first_sessions(facts, now)
    plans: dict[tuple[Any, ...], list[tuple[str, Lead, datetime, datetime]]] = {}
    for person_id, sessions in facts.ahead.items():
        about = facts.recipients[person_id, sessions[0].session_id]
        policy = facts.policy(facts.sessions[sessions[0].session_id], about)
        case = policy, facts.zone_of(about.person), firsts.get(person_id), tuple(sessions)
        if case not in plans:  # a group's members share theirs
            plans[case] = list(_plan(*case, now))
        for session_id, lead, starts_at, due in plans[case]:
            yield Wanted(session_id, person_id, lead, starts_at, due)


def _plan(
    policy: Policy, zone: str, first: datetime | None, sessions: tuple[Ahead, ...], now: datetime
) -> Iterator[tuple[str, Lead, datetime, datetime]]:
    """Give which reminder of which session comes when, of those still of use."""
    for one, lead in occasions(sessions, policy, zone, first):
        due = due_at(lead, one.starts_at, zone, policy)
        if worthless_at(lead, one.starts_at, due) > now:
            yield one.session_id, lead, one.starts_at, due


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
    names = sorted(os.urandom(16).hex() for _ in missing)
    for name, one in zip(names, missing, strict=True):
        for moment in (one.starts_at, one.due_at):
            if moment not in moments:
                moments[moment] = process(moment)
        yield (
            name, one.session_id, one.person_id, one.lead.value,
            moments[one.starts_at], moments[one.due_at], ReminderState.WAITING.value,
        )  # fmt: skip
