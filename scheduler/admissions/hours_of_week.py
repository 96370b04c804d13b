"""Changing the hours of the week a patient or a relative is free."""

from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import Window, note_desk_word, with_dates_of
from scheduler.people.models import Person, PersonKind

Hours = tuple[Window, ...] | None
"""Weekly windows; None is always, an empty tuple never."""


def weekly_hours(person: Person) -> Hours:
    """Return the windows of every week, without single dates somebody named."""
    return every_week(person.free)


def every_week(windows: Hours) -> Hours:
    """Return those of some windows that are of every week; None is always."""
    if windows is None:
        return None
    return tuple(window for window in windows if window.on is None)


def change_hours(person: Person, hours: Hours, *, seen: Hours, by: str, now: datetime) -> bool:
    """Set the hours of the week; single dates that were named stay. Return whether they changed.

    Raises Conflict where they are no longer what whoever asks had `seen`, InputError for staff.
    """
    if person.kind is PersonKind.CLINICIAN:
        raise InputError("colleagues are changed elsewhere")
    before = weekly_hours(person)
    if before != seen:
        raise Conflict("somebody has changed this meanwhile")
    if before == hours:
        return False
    person.free = with_dates_of(hours, person.free)
    db.session.flush()
    audit.append("people.hours", f"person {person.id}", {}, by=by, now=now)
    note_desk_word(person, ["free"], by=by, now=now)
    return True
