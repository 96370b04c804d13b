"""Marking hours in which nothing may arrive, and reading which hold for a letter.

They hold for the person, for whoever shares their address or number, and for the same human under
another key: it is the device that somebody else looks at.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.outbox import UnsafeHours
from scheduler.outbox.models import Channel
from scheduler.people.models import Person, PersonKind
from scheduler.people.queries import practice
from scheduler.people.safe_contact.models import MarkedHours, Means

DAY = 24 * 60
MOST = 20
"""Marks of one person that stand at once."""
OF_CHANNEL = {
    Channel.MAIL: (Means.MAIL, Means.BOTH),
    Channel.TEXT: (Means.TEXT, Means.BOTH),
}


@dataclass(frozen=True, slots=True)
class Marking:
    """What somebody marks: weekdays (0 is Monday), minutes of the day, and the way."""

    days: frozenset[int]
    begin: int
    end: int
    means: Means


def mark_hours(person: Person, marking: Marking, *, by: str, now: datetime) -> MarkedHours:
    """Keep hours in which nothing may arrive at a patient or relative; the same twice is one.

    Raises InputError for staff, for no day, for minutes no day has, and for too many.
    """
    if person.kind is PersonKind.CLINICIAN:
        raise InputError("patients and relatives mark hours")
    is_a_time = 0 <= marking.begin < DAY and 0 < marking.end <= DAY
    if not marking.days or not marking.days <= frozenset(range(7)) or not is_a_time:
        raise InputError("hours are days of the week and times of the day")
    days = "".join(str(day) for day in sorted(marking.days))
    standing = marked_hours(person)
    for row in standing:
        if (row.days, row.begin, row.end, row.means) == (
            days,
            marking.begin,
            marking.end,
            marking.means,
        ):
            return row
    if len(standing) >= MOST:
        raise InputError("there are too many hours")
    row = MarkedHours(
        person_id=person.id,
        means=marking.means,
        days=days,
        begin=marking.begin,
        end=marking.end,
        marked_at=now,
        marked_by=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "people.mark_hours",
        f"person {person.id}",
        {"hours": row.id},
        by=by,
        now=now,
    )
    return row


def end_hours(person: Person, row_id: str, *, by: str, now: datetime) -> None:
    """Let things arrive again in hours that somebody marked; ended twice is ended once. Raises
    NotFound for another person's.
    """
    row = db.session.get(
        MarkedHours,
        row_id,
        with_for_update=True,
        populate_existing=True,
    )
    if row is None or row.person_id != person.id:
        raise NotFound("there are no such hours")
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, by
        db.session.flush()
        audit.append(
            "people.end_hours",
            f"person {person.id}",
            {"hours": row.id},
            by=by,
            now=now,
        )


def marked_hours(person: Person) -> list[MarkedHours]:
    """Return the hours that a person marked and did not end, in the order of the week."""
    mine = MarkedHours.person_id == person.id, MarkedHours.ended_at.is_(None)
    rows = db.session.scalars(select(MarkedHours).where(*mine))
    return sorted(rows, key=lambda row: (row.days, row.begin, row.end, row.id))


def standing_markings(people: Collection[Person]) -> dict[str, list[Marking]]:
    """Return what stands marked by each person (id), in the order of the week."""
    return _markings(people, MarkedHours.ended_at.is_(None))


def ended_markings(people: Collection[Person]) -> dict[str, list[Marking]]:
    """Return what each person (id) had marked and is ended, in the order of the week."""
    return _markings(people, MarkedHours.ended_at.is_not(None))


def _markings(people: Collection[Person], which: ColumnElement[bool]) -> dict[str, list[Marking]]:
    found: dict[str, list[Marking]] = {person.id: [] for person in people}
    if not found:
        return found
    rows = select(MarkedHours).where(which, MarkedHours.person_id.in_(found))
    order = MarkedHours.days, MarkedHours.begin, MarkedHours.end, MarkedHours.id
    for row in db.session.scalars(rows.order_by(*order)):
        days = frozenset(int(day) for day in row.days)
        marking = Marking(days, row.begin, row.end, row.means)
        found[row.person_id].append(marking)
    return found


def hours_of_letters(
    letters: Collection[tuple[str, str]], channel: Channel
) -> dict[tuple[str, str], list[UnsafeHours]]:
    """Return the hours that hold for letters, each the id of whom it is for and its address; those
    for which none hold are not in it.
    """
    bodies = _bodies({person_id for person_id, _address in letters})
    rows = _standing(
        letters,
        set(bodies.values()),
        channel,
    )
    zone = practice().zone if rows else ""
    found: dict[tuple[str, str], list[UnsafeHours]] = {}
    for row in rows:
        hours = UnsafeHours(
            row.person.zone or zone,
            frozenset(int(day) for day in row.days),
            row.begin,
            row.end,
        )
        for person_id, address in letters:
            if _concerns(row.person, person_id, address, bodies):
                found.setdefault((person_id, address), []).append(hours)
    return found


def _concerns(owner: Person, person_id: str, address: str, bodies: dict[str, str]) -> bool:
    """True if hours that `owner` marked hold for a letter."""
    is_same_human = owner.body_id is not None and owner.body_id == bodies.get(person_id)
    is_same_place = address.lower() == owner.email.lower() or address == owner.phone
    return owner.id == person_id or is_same_human or is_same_place


def _bodies(people: Iterable[str]) -> dict[str, str]:
    rows = select(Person.id, Person.body_id)
    several = rows.where(Person.id.in_(list(people)), Person.body_id.is_not(None))
    return {person_id: body_id for person_id, body_id in db.session.execute(several) if body_id}


def _standing(
    letters: Collection[tuple[str, str]], bodies: set[str], channel: Channel
) -> list[MarkedHours]:
    people = {person_id for person_id, _address in letters}
    addresses = {address for _person_id, address in letters}
    theirs = or_(
        Person.id.in_(people),
        Person.body_id.in_(bodies),
        Person.phone.in_(addresses),
        func.lower(Person.email).in_({address.lower() for address in addresses}),
    )
    rows = select(MarkedHours).join(MarkedHours.person).options(contains_eager(MarkedHours.person))
    standing = MarkedHours.ended_at.is_(None), MarkedHours.means.in_(OF_CHANNEL[channel])
    return list(db.session.scalars(rows.where(theirs, *standing).order_by(MarkedHours.id)))
