"""Changing how a patient or a relative is reached: name, address, telephone, zone, language."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people.availability import on_other_clock
from scheduler.people.field_words import note_desk_word
from scheduler.people.models import Person, PersonKind
from scheduler.people.queries import practice

NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached; `zone` None: the practice's, `language` None: English,
    `relationship` None: a patient.
    """

    name: str
    email: str
    phone: str | None
    zone: str | None
    language: str | None
    relationship: str | None = None

    def differences(self, other: "Contact") -> list[str]:
        """Return the names of the fields in which another says something else."""
        names = [field.name for field in fields(self)]
        found = []
        for name in names:
            if getattr(self, name) != getattr(other, name):
                found.append(name)
        return found


def contact_of(person: Person) -> Contact:
    """Return how a patient or relative is reached today."""
    return Contact(
        name=person.name,
        email=person.email,
        phone=person.phone,
        zone=person.zone,
        language=person.language,
        relationship=person.relative.relationship_word if person.relative else None,
    )


def edit_contact(
    person: Person, contact: Contact, *, seen: Contact | None = None, by: str, now: datetime
) -> list[str]:
    """Change how a person is reached; return the fields that changed. Letters follow a new address
    with the next comparison. Whoever reads times in another zone is free at the same moments as
    before.

    Raises Conflict where it is no longer what whoever asks had `seen`, and InputError for staff.
    """
    before = contact_of(person)
    if person.kind is PersonKind.CLINICIAN:
        raise InputError("colleagues are changed elsewhere")
    if seen is not None and seen.differences(before):
        raise Conflict("somebody has changed this meanwhile")
    changed = contact.differences(before)
    if not changed:
        return []
    if by == person.key and "zone" in changed and person.free:
        person.free = on_other_clock(person.free, _minutes_ahead(before, contact, now))
        changed = [*changed, "free"]
    person.name = contact.name
    person.email = contact.email
    person.phone = contact.phone
    person.zone = contact.zone
    person.language = contact.language
    if person.relative is not None and contact.relationship is not None:
        person.relative.relationship_word = contact.relationship
    db.session.flush()
    details = {"fields": changed}
    audit.append("people.contact", f"person {person.id}", details, by=by, now=now)
    note_desk_word(person, changed, by=by, now=now)
    return changed


def _minutes_ahead(before: Contact, contact: Contact, now: datetime) -> int:
    """Return by how many minutes the new clock is ahead of the one before, at `now`."""
    usual = practice().zone
    then, ours = (now.astimezone(ZoneInfo(said.zone or usual)) for said in (before, contact))
    ahead = (ours.utcoffset() or NONE) - (then.utcoffset() or NONE)
    return int(ahead.total_seconds()) // 60
