"""Choosing by which way and when one's own reminders come, and reading what was chosen."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person, PersonKind
from scheduler.reminders.models import ReminderBatch
from scheduler.reminders.wishes.models import ReminderWish
from scheduler.reminders.wishes.wish import Wish


def wish_of(person: Person) -> Wish | None:
    """Return what somebody chose; None where they chose nothing."""
    row = db.session.get(ReminderWish, person.id)
    return row.wish if row is not None else None


def wishes_of(people: Collection[str] | None = None) -> dict[str, Wish]:
    """Return what was chosen, by person (id), of `people` (ids; None: all)."""
    rows = select(ReminderWish)
    if people is not None:
        rows = rows.where(ReminderWish.person_id.in_(list(people)))
    return {row.person_id: row.wish for row in db.session.scalars(rows)}


def choose_reminders(person: Person, wish: Wish, *, by: str, now: datetime) -> bool:
    """Keep what a patient or relative chose, for reminders in place too; True if it is new.

    Raises InputError for staff, and for a way without a time or an hour that is not offered.
    """
    if person.kind is PersonKind.CLINICIAN:
        raise InputError("patients and relatives choose their reminders")
    if not wish.is_whole:
        raise InputError("choose when reminders come, at an hour that is offered")
    if wish_of(person) == wish:
        return False
    db.session.merge(
        ReminderWish(
            person_id=person.id,
            way=wish.way,
            week_ahead=wish.week_ahead,
            day_before=wish.day_before,
            hour_before=wish.hour_before,
            evening=wish.evening,
            chosen_at=now,
        )
    )
    _leave_batches(person.id, now)
    about = f"person {person.id}"
    audit.append("choose reminders", about, asdict(wish), by=by, now=now)
    return True


def _leave_batches(person_id: str, now: datetime) -> None:
    """Take somebody off all that is ahead: the next sweep puts in place what they want now."""
    ahead = select(ReminderBatch).where(
        ReminderBatch.called_at.is_(None),
        ReminderBatch.due_at > now,
        ReminderBatch.people.contains(person_id),
    )
    batches = db.session.scalars(ahead.order_by(ReminderBatch.id).with_for_update())
    for batch in batches:
        left = [name for name in batch.people.split(",") if name != person_id]
        if left:
            batch.people = ",".join(left)
            batch.many = len(left)
        else:
            db.session.delete(batch)
    db.session.flush()
