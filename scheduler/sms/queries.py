"""Shared reads: whether a person may be texted now."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.outbox import texts_since
from scheduler.people import rows_of_bodies
from scheduler.people.models import Person
from scheduler.sms.message_limit import WEEK, has_room
from scheduler.sms.models import TextConsent


def standing_agreement(person: Person) -> TextConsent | None:
    """Return the agreement that stands for a person's present number."""
    if person.phone is None:
        return None
    wanted = (
        TextConsent.person_id == person.id,
        TextConsent.phone == person.phone,
        TextConsent.ended_at.is_(None),
    )
    return db.session.scalars(
        select(TextConsent).where(*wanted).order_by(TextConsent.agreed_at).limit(1)
    ).first()


def ended(person: Person) -> TextConsent | None:
    """Return the agreement for a person's present number that ended last, None when there was
    none.
    """
    wanted = (
        TextConsent.person_id == person.id,
        TextConsent.phone == person.phone,
        TextConsent.ended_at.is_not(None),
    )
    newest = select(TextConsent).where(*wanted).order_by(TextConsent.ended_at.desc())
    if person.phone is not None:
        return db.session.scalars(newest.limit(1)).first()
    return None


def agreed(people: Collection[Person]) -> set[str]:
    """Return the ids of those who agreed to be texted at their present number."""
    rows = select(TextConsent.person_id, TextConsent.phone)
    standing = rows.where(TextConsent.ended_at.is_(None))
    agreements = {(person_id, phone) for person_id, phone in db.session.execute(standing)}
    found = set()
    for person in people:
        if (person.id, person.phone) in agreements:
            found.add(person.id)
    return found


def may_text(person: Person, zone: str, *, now: datetime) -> bool:
    """True if one more message may go to a person who agreed: the budget is the human's, by
    whatever number and row.
    """
    if person.phone is None or standing_agreement(person) is None:
        return False
    sent = []
    for number in _numbers(person):
        sent += texts_since(number, now - WEEK)
    return has_room(sent, now, zone)


def _numbers(person: Person) -> set[str]:
    """Return the numbers of a human, those of their other rows too."""
    people = [person]
    if person.body_id is not None:
        people += rows_of_bodies([person.body_id])[person.body_id]
    return {own.phone for own in people if own.phone is not None}
