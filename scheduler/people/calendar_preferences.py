"""How patients and clinicians want their sessions in their own calendar: asked for by them, read by
invitations and feeds.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import CalendarChoice, Person, PersonKind, Way


def calendar_choice(person: Person) -> CalendarChoice:
    """Return what a person chose; a row of its own that is not kept when they never chose."""
    found = db.session.get(CalendarChoice, person.id)
    return found or CalendarChoice(
        person_id=person.id,
        way=Way.FEED,
        first_names=False,
    )


def calendar_choices(people: Collection[str] | None = None) -> dict[str, CalendarChoice]:
    """Return by person id what these people (ids; None: all) chose; who never chose is not in
    it.
    """
    rows = select(CalendarChoice)
    if people is not None:
        rows = rows.where(CalendarChoice.person_id.in_(list(people)))
    return {row.person_id: row for row in db.session.scalars(rows)}


def choose_calendar(
    person: Person, *, way: Way, first_names: bool, by: str, now: datetime
) -> CalendarChoice:
    """Note what a patient or a clinician chose; letters and calendars follow with the next
    comparison. First names of who leads are for patients.

    Raises InputError for relatives: they are invited.
    """
    if person.kind is PersonKind.RELATIVE:
        raise InputError("only patients and clinicians choose how appointments come to them")
    if first_names and person.kind is not PersonKind.PATIENT:
        raise InputError("only patients choose what titles say")
    row = db.session.get(CalendarChoice, person.id)
    if row is None:
        row = CalendarChoice(person_id=person.id)
        db.session.add(row)
    row.way = way
    row.first_names = first_names
    row.chosen_at = now
    db.session.flush()
    about = {"way": way.value, "first_names": first_names}
    audit.append("people.calendar_choice", f"person {person.id}", about, by=by, now=now)
    return row
