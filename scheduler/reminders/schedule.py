"""Putting reminders in place: batches made from sessions, so that a lost one heals and a moved
session gets new ones.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import delete, select

from scheduler.kernel.database import db
from scheduler.kernel.upsert import insert_absent
from scheduler.reminders.models import Reminder, ReminderBatch, ReminderState
from scheduler.reminders.policy import Lead
from scheduler.reminders.selection import select_reminders
from scheduler.reminders.timing import DAY, due_at, worthless_at
from scheduler.reminders.weeks_ahead import Week, weeks


class Slot(NamedTuple):
    """Which reminder of which session, and when it is due."""

    session_id: str
    lead: Lead
    starts_at: datetime
    due_at: datetime


def schedule_reminders(now: datetime, relatives: Collection[str] | None = None) -> int:
    """Write the batches that are missing (with `relatives`, by id: theirs alone) and give how many
    people stand on them; those long called are cleared away where all are looked at.
    """
    if relatives is None:
        over = (ReminderBatch.called_at.is_not(None), ReminderBatch.starts_at <= now - DAY)
        db.session.execute(delete(ReminderBatch).where(*over))
    gaps = missing(now, relatives)
    # In one order, so that of two sweeps at once none waits for the other in a circle.
    names = {
        id(people): ",".join(sorted(people)) for people in gaps.values()
    }  # a group's batches share one list
    rows = [
        _row(
            slot,
            names[id(people)],
            len(people),
        )
        for slot, people in gaps.items()
    ]
    insert_absent(ReminderBatch, sorted(rows, key=itemgetter("id")))
    return sum(map(len, gaps.values()))


def missing(now: datetime, relatives: Collection[str] | None = None) -> dict[Slot, list[str]]:
    """Return the reminders that should be there, are still of use and stand on no batch, with the
    people they are for; with `relatives` (ids) theirs alone.
    """
    wanted: dict[Slot, list[str]] = {}
    for week, people in weeks(now, relatives):
        for slot in _slots(week, now):
            before = wanted.get(slot)
            wanted[slot] = before + people if before else people
    sessions = None if relatives is None else {slot.session_id for slot in wanted}
    known = _in_place(now, sessions)
    gaps = {}
    for slot, everybody in wanted.items():
        there = known.get((slot.session_id, slot.lead, slot.starts_at))
        people = _less(everybody, there)
        if people:
            gaps[slot] = people
    return _less_told(gaps, now, relatives)


def _in_place(
    now: datetime, sessions: Collection[str] | None
) -> dict[tuple[str, Lead, datetime], set[str]]:
    """Return by session (ids; None: all), reminder and start the people (ids) who stand on a batch
    of it.
    """
    known: dict[tuple[str, Lead, datetime], set[str]] = defaultdict(set)
    batches = select(
        ReminderBatch.session_id,
        ReminderBatch.lead,
        ReminderBatch.starts_at,
        ReminderBatch.people,
    )
    ahead = batches.where(ReminderBatch.starts_at > now)
    if sessions is not None:
        ahead = ahead.where(ReminderBatch.session_id.in_(sessions))
    for session_id, lead, starts_at, names in db.session.execute(ahead):
        known[session_id, lead, starts_at].update(names.split(","))
    return known


def _less(people: list[str], known: set[str] | None) -> list[str]:
    if known:
        return [person for person in people if person not in known]
    return people


def _less_told(
    gaps: dict[Slot, list[str]], now: datetime, only: Collection[str] | None
) -> dict[Slot, list[str]]:
    """The week was told: that its first session fell out is no reason to tell it again."""
    late = [slot for slot in gaps if slot.lead is Lead.WEEK_AHEAD and slot.due_at <= now]
    if not late:
        return gaps
    told = _digests(now, only)
    left = dict(gaps)
    for slot in late:
        people = [person_id for person_id in gaps[slot] if (person_id, slot.due_at) not in told]
        if people:
            left[slot] = people
        else:
            del left[slot]
    return left


def _digests(now: datetime, only: Collection[str] | None) -> set[tuple[str, datetime]]:
    """Return who (id; with `only` of these) was told their week of late, and when it was due."""
    digests = select(Reminder.person_id, Reminder.due_at).where(
        Reminder.lead == Lead.WEEK_AHEAD,
        Reminder.state == ReminderState.QUEUED,
        Reminder.starts_at > now - DAY,
    )
    if only is not None:
        digests = digests.where(Reminder.person_id.in_(list(only)))
    return {(person_id, due) for person_id, due in db.session.execute(digests)}


def _slots(week: Week, now: datetime) -> Iterator[Slot]:
    """Return which reminder of which session comes when, of those still of use."""
    for session, lead in select_reminders(
        week.sessions,
        week.policy,
        week.zone,
        week.first,
    ):
        due = due_at(
            lead,
            session.starts_at,
            week.zone,
            week.policy,
            week.evening,
        )
        if worthless_at(lead, session.starts_at, due) > now:
            yield Slot(
                session.session_id,
                lead,
                session.starts_at,
                due,
            )


def _row(slot: Slot, names: str, many: int) -> dict[str, object]:
    said = (
        f"{slot.session_id} {slot.lead.value} {slot.starts_at.timestamp()} "
        f"{slot.due_at.timestamp()} {names}"
    )
    digest = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
    return {
        "id": digest,
        "session_id": slot.session_id,
        "lead": slot.lead,
        "starts_at": slot.starts_at,
        "due_at": slot.due_at,
        "people": names,
        "many": many,
    }
