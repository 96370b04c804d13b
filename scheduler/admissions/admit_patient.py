"""Admitting a patient: who they are, where they sit, whose patient they are, and from which day
they have a place in a cohort or wait for one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.admissions.licence_check import refuse_unlicensed
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import Contact, Window, is_key_taken, note_desk_word, person_by_key
from scheduler.people.models import Patient, Person, PersonKind
from scheduler.programs import last_day, places_of
from scheduler.programs.models import Cohort, Enrolment
from scheduler.provenance import Source, note_word

SAID = (
    "name",
    "email",
    "phone",
    "zone",
    "language",
    "free",
    "state",
    "born",
    "clinician",
)
"""What the desk says of a new patient, as a clinic file calls it."""


@dataclass(frozen=True, slots=True)
class Admission:
    """A patient as they come; `clinician` and `cohort` are keys, `first` is the first day in the
    practice's zone, `key` None: one is made.
    """

    contact: Contact
    state: str | None
    born: date | None
    clinician: str
    cohort: str
    first: date
    free: tuple[Window, ...] | None = None
    key: str | None = None


def admit(said: Admission, person_id: str, *, by: str, now: datetime) -> Person:
    """Write a new patient with the id `person_id` and their stay; who has that id already was sent
    twice and is returned.

    Raises InputError for a key somebody has, a clinician without a licence where the patient sits,
    a day outside the cohort, and a full cohort without a waiting list.
    """
    known = db.session.get(Person, person_id)
    if known is not None:
        return known
    key = said.key or f"p-{person_id[:8]}"
    if is_key_taken(key):
        raise InputError(f"somebody has the key {key} already")
    treating = person_by_key(said.clinician)
    refuse_unlicensed(treating, said.state, said.first)
    stay = _stay(said, person_id)
    person = _person(said, person_id, key)
    own = Patient(
        person=person,
        state=said.state,
        born=said.born,
        treating=treating,
    )
    db.session.add_all([person, own])
    db.session.flush()
    db.session.add(stay)
    db.session.flush()
    _note(person, stay, by=by, now=now)
    return person


def _person(said: Admission, person_id: str, key: str) -> Person:
    contact = said.contact
    return Person(
        id=person_id,
        key=key,
        kind=PersonKind.PATIENT,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        zone=contact.zone,
        language=contact.language,
        free=said.free,
    )


def _note(person: Person, stay: Enrolment, *, by: str, now: datetime) -> None:
    """Write down who came, and that all of it is the desk's word."""
    about = {"cohort": stay.cohort_id, "from": stay.first.isoformat()}
    audit.append("patient.admitted", f"person {person.id}", about, by=by, now=now)
    note_desk_word(person, SAID, by=by, now=now)
    record = f"stay of {person.key}"
    fields = ("cohort", "from")
    note_word(record, fields, source=Source.DESK, by=by, now=now)


def _stay(said: Admission, person_id: str) -> Enrolment:
    """Return the stay with a place, or with the next one in line."""
    cohort = db.session.scalar(select(Cohort).where(Cohort.key == said.cohort))
    if cohort is None:
        raise InputError(f"there is no cohort {said.cohort}")
    final = last_day(cohort.starts, cohort.program.template.weeks)
    if not cohort.starts <= said.first <= final:
        raise InputError(f"the first day lies between {cohort.starts} and {final}")
    waits = None
    places = places_of(cohort)
    if places is not None and not places.is_free_behind_the_line(said.first, None):
        if not places.waitlist:
            raise InputError(f"{cohort.key} is full and its program keeps no waiting list")
        waits = places.waiting + 1
    return Enrolment(
        patient_id=person_id,
        cohort_id=cohort.id,
        first=said.first,
        waits=waits,
    )
