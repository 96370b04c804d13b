"""Who stands in for whom."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.accounts.models import Cover
from scheduler.people.models import Person


def stands_for(person: Person, *, day: date) -> frozenset[str]:
    """Return the ids of the clinicians whose patients are this person's on a day: their own and
    those of whoever they cover.
    """
    wanted = select(Cover.away_id).where(
        Cover.covering_id == person.id,
        Cover.first <= day,
        Cover.last >= day,
    )
    return frozenset([person.id, *db.session.scalars(wanted)])


def cover(
    away: Person, covering: Person, *, first: date, last: date, by: str, now: datetime
) -> None:
    """Let a colleague stand in from the first day to the last. Raises InputError for no days, and
    for who is not staff.
    """
    if away.clinician is None or covering.clinician is None or away.id == covering.id:
        raise InputError("cover is between two members of staff")
    if last < first:
        raise InputError("the last day of cover lies before the first")
    row = Cover(
        away_id=away.id,
        covering_id=covering.id,
        first=first,
        last=last,
    )
    db.session.add(row)
    details = {"covering": covering.key, "first": first.isoformat(), "last": last.isoformat()}
    audit.append("people.cover", f"person {away.key}", details, by=by, now=now)


def covers_of(people: Iterable[Person]) -> list[Cover]:
    """Return who covers these people, the newest first."""
    ids = [person.id for person in people]
    wanted = select(Cover).where(Cover.away_id.in_(ids)).order_by(Cover.first.desc())
    return list(db.session.scalars(wanted))
