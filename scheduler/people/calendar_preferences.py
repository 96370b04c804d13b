"""How people want their sessions in their own calendar: asked for by them, read by
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
    is_invited = person.kind is PersonKind.RELATIVE
    return found or CalendarChoice(
        person_id=person.id,
        way=Way.INVITATIONS if is_invited else Way.FEED,
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


def has_chosen(person: Person) -> bool:
    """True if a person ever chose how their sessions come to them."""
    return db.session.get(CalendarChoice, person.id) is not None


def kept_entries(choice: CalendarChoice) -> frozenset[str]:
    """Return the UIDs of entries that stay as they came, whatever was chosen since."""
    return frozenset((choice.kept or "").split(",")) - {""}


def keep_entries(person: Person, uids: Collection[str]) -> None:
    """Note which entries (UIDs) of somebody who chose stay as they came."""
    row = db.session.get(CalendarChoice, person.id)
    if row is not None:
        row.kept = ",".join(sorted(uids))
        db.session.flush()


def choose_calendar(
    person: Person, *, way: Way, first_names: bool, by: str, now: datetime
) -> CalendarChoice:
    """Note what a patient, a relative or a clinician chose; letters and calendars follow with the
    next comparison. First names of who leads are for patients.

    Raises InputError where somebody else asks for them.
    """
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
