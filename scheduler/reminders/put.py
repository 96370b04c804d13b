"""Putting reminders in place: rows made from sessions, so that a lost one heals and a moved one is made anew."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.reminders.due import DAY, due_at, worthless_at
from scheduler.reminders.facts import Facts, first_sessions
from scheduler.reminders.models import Reminder, ReminderState
from scheduler.reminders.occasions import Ahead, occasions
from scheduler.reminders.policy import Lead, Policy

AT_ONCE = 5000
"""Rows in one statement."""
MADE = "INSERT INTO reminders (id, session_id, person_id, lead, starts_at, due_at, state) SELECT "
SQLITE = f"""{MADE} lower(hex(randomblob(16))), one.value ->> 0, person.value, one.value ->> 1, one.value ->> 2,
    one.value ->> 3, 'waiting' FROM json_each(?) AS one, json_each(one.value, '$[4]') AS person WHERE true
    ON CONFLICT DO NOTHING"""
POSTGRESQL = f"""{MADE} replace(gen_random_uuid()::text, '-', ''), one ->> 0, person, one ->> 1,
    ((one ->> 2) || '+00')::timestamptz, ((one ->> 3) || '+00')::timestamptz, 'waiting'
    FROM json_array_elements(%s::json) AS one, json_array_elements_text(one -> 4) AS person ON CONFLICT DO NOTHING"""
"""What many are reminded of alike is handed over once, with the people: a hundred thousand are seconds."""


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
    alike: dict[tuple[str, Lead, datetime, datetime], list[str]] = defaultdict(list)
    for one in missing:
        alike[one.session_id, one.lead, one.starts_at, one.due_at].append(one.person_id)
    rows = [
        (session, lead.value, _moment(starts_at), _moment(due), people)
        for (session, lead, starts_at, due), people in alike.items()
    ]
    connection.exec_driver_sql(POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE, (json.dumps(rows),))


def _moment(at: datetime) -> str:
    """Write an instant as both engines keep it; connections are in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
