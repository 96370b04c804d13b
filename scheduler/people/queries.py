"""Shared reads of people."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.kernel.mail_address import spellings
from scheduler.kernel.sought import folded
from scheduler.people.help_line import Help
from scheduler.people.models import Patient, Person, PersonKind, Practice, Relative

WHO = (
    select(Person.id, Person.kind, Relative.patient_id)
    .outerjoin(Relative, Relative.person_id == Person.id)
    .where(Person.key == bindparam("key"))
)
"""Made once, as every call about a person asks it."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """Whom a key names: what kind of person, and whose patient it is about."""

    id: str
    kind: PersonKind
    patient_id: str
    """A relative's is the patient's; everybody else's their own."""


def keyed(key: str) -> Keyed:
    """Return whom a key names, and no more of them. Raises NotFound."""
    row = db.session.execute(WHO, {"key": key}).one_or_none()
    if row is None:
        raise NotFound(f"there is nobody with the key {key}")
    return Keyed(row.id, row.kind, row.patient_id or row.id)


def practice() -> Practice:
    """Return the practice of this database. Raises NotFound before a clinic file was loaded."""
    found = db.session.get(Practice, 1)
    if found is None:
        raise NotFound("no clinic is loaded yet: flask --app wsgi clinic load FILE")
    return found


def whom_to_ask() -> Help | None:
    """Return whom pages and letters say to ask, with the zone of their hours; None before a clinic
    file named somebody.
    """
    house = db.session.get(Practice, 1)
    if house is None or house.help is None:
        return None
    return replace(house.help, zone=house.zone)


def person_by_key(key: str) -> Person:
    """Return the person with this clinic key. Raises NotFound."""
    found = db.session.scalars(select(Person).where(Person.key == key)).unique().one_or_none()
    if found is None:
        raise NotFound(f"there is nobody with the key {key}")
    return found


def person_in_turn(key: str) -> Person:
    """Return the person with this clinic key as they are once nobody else changes them, until the
    transaction ends. Raises NotFound.
    """
    person = person_by_key(key)
    row = select(Person.id).where(Person.id == person.id)
    db.session.execute(row.with_for_update())
    db.session.refresh(person)
    for own in (person.patient, person.relative):
        if own is not None:
            db.session.refresh(own)
    return person


def all_clinicians() -> list[Person]:
    """Return everybody who treats here, by name."""
    wanted = select(Person).where(Person.kind == PersonKind.CLINICIAN)
    found = db.session.scalars(wanted.order_by(Person.name, Person.key)).unique()
    return [person for person in found if person.clinician is not None]


def patient_by_key(key: str) -> Person:
    """Return the patient with this clinic key. Raises NotFound for anybody else's, too."""
    person = person_by_key(key)
    if person.kind is not PersonKind.PATIENT:
        raise NotFound(f"there is no patient with the key {key}")
    return person


def relatives_of(patient: Person) -> list[Person]:
    """Return the relatives of a patient, by name."""
    wanted = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == patient.id)
        .order_by(Person.name, Person.key)
    )
    return list(db.session.scalars(wanted).unique())


def people_by_address(address: str) -> list[Person]:
    """Return everybody with this mail address, however its domain is spelt; two people may share a
    mailbox. Records of before, of who was entered twice, are not among them.
    """
    wanted = func.lower(Person.email).in_(spellings(address)) & Person.joined_into_id.is_(None)
    return list(db.session.scalars(select(Person).where(wanted).order_by(Person.key)).unique())


def people_by_phone(number: str) -> list[Person]:
    """Return everybody with this phone number, by name."""
    wanted = select(Person).where(Person.phone == number).order_by(Person.name)
    return list(db.session.scalars(wanted).unique())


def people_by_id(ids: Collection[str]) -> dict[str, Person]:
    """Return these people, each by their id."""
    rows = db.session.scalars(select(Person).where(Person.id.in_(ids))).unique()
    return {person.id: person for person in rows}


def names_by_id(ids: Collection[str]) -> dict[str, str]:
    """Return the names of these people, each by the person's id."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def names_by_key() -> dict[str, str]:
    """Return everybody's name by their clinic key."""
    rows = db.session.execute(select(Person.key, Person.name))
    return {row.key: row.name for row in rows}


def people_found(words: str, *, most: int) -> list[Person]:
    """Return who is found by all of these words, in the order of their names; at most so many."""
    family = joinedload(Person.relative).selectinload(Relative.patient)
    wanted = select(Person).options(family)
    for word in folded(words).split():
        wanted = wanted.where(Person.sought.contains(word, autoescape=True))
    ordered = wanted.order_by(Person.sought, Person.id).limit(most)
    return list(db.session.scalars(ordered).unique())


def is_key_taken(key: str) -> bool:
    """True if somebody has this clinic key."""
    return db.session.scalar(select(Person.id).where(Person.key == key)) is not None


def patients_alike(name: str, born: date) -> list[Person]:
    """Return the patients of the same name and birthday: twins, or one entered twice."""
    same_day = select(Person).join(Patient, Patient.person_id == Person.id)
    found = db.session.scalars(same_day.where(Patient.born == born)).unique()
    return [person for person in found if folded(person.name) == folded(name)]
