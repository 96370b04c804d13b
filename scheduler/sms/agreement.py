"""Recording that somebody agreed to be texted, and ending it."""

from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sms.models import TextConsent
from scheduler.sms.phone_numbers import to_e164
from scheduler.sms.queries import standing_agreement
from scheduler.sms.sms_wording import wording


def opt_in(person: Person, *, by: str, now: datetime) -> TextConsent:
    """Record that a person agreed, in the words shown to them. Raises InputError without a
    telephone number.
    """
    if person.phone is None:
        raise InputError(f"{person.key} has no telephone number: add one to the clinic file")
    number = to_e164(person.phone)
    if number is None:
        raise InputError(f"{person.key} has no telephone number that can be dialled")
    old = standing_agreement(person)
    if old is not None:
        return old
    words = wording(practice().outward_name, person.phone)
    row = TextConsent(
        person_id=person.id, phone=person.phone, wording=words, agreed_at=now, agreed_by=by
    )
    db.session.add(row)
    audit.append("agree to texts", about=f"person {person.key}", by=by, now=now)
    return row


def opt_out(row: TextConsent, *, by: str, now: datetime) -> None:
    """End an agreement; what waits is not sent as a text message any more (see `receive` for a
    reply).
    """
    row.ended_at, row.ended_by = now, by
    audit.append("end texts", about=f"person {row.person.key}", by=by, now=now)
