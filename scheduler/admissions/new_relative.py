"""Adding a relative to a patient's family: not ready and without consent, so nothing is told."""

from dataclasses import dataclass
from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import Contact, Window, is_key_taken, note_desk_word
from scheduler.people.models import Person, PersonKind, Relative

SAID = ("name", "relationship", "email", "phone", "zone", "language", "free")
"""What the desk says of a new relative, as a clinic file calls it."""


@dataclass(frozen=True, slots=True)
class NewRelative:
    """A relative as the desk says them; `key` None: one is made from the patient's."""

    contact: Contact
    free: tuple[Window, ...] | None = None
    key: str | None = None


def add_relative(
    patient: Person, said: NewRelative, person_id: str, *, by: str, now: datetime
) -> Person:
    """Write a new relative with the id `person_id`; who has that id already was sent twice and is
    returned. Raises InputError for a key somebody has.
    """
    known = db.session.get(Person, person_id)
    if known is not None:
        return known
    key = said.key or f"{patient.key[:50]}-{person_id[:8]}"
    if is_key_taken(key):
        raise InputError(f"somebody has the key {key} already")
    if not said.contact.relationship:
        raise InputError("say how they are related to the patient")
    person = Person(
        id=person_id,
        key=key,
        kind=PersonKind.RELATIVE,
        name=said.contact.name,
        email=said.contact.email,
        phone=said.contact.phone,
        zone=said.contact.zone,
        language=said.contact.language,
        free=said.free,
    )
    own = Relative(
        person=person,
        patient_id=patient.id,
        relationship_word=said.contact.relationship,
        ready=False,
    )
    db.session.add_all([person, own])
    db.session.flush()
    about = {"patient": patient.id}
    audit.append("relative.added", f"person {person_id}", about, by=by, now=now)
    note_desk_word(person, SAID, by=by, now=now)
    return person
