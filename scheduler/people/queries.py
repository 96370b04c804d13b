"""Shared reads of people."""

from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.kernel.mail_address import compared_form
from scheduler.people.models import Person, Practice, Relative


def practice() -> Practice:
    """Return the practice of this database. Raises NotFound before a clinic file was loaded."""
    found = db.session.get(Practice, 1)
    if found is None:
        raise NotFound("no clinic is loaded yet: flask --app wsgi clinic load FILE")
    return found


def person_by_key(key: str) -> Person:
    """Return the person with this clinic key. Raises NotFound."""
    found = db.session.scalars(select(Person).where(Person.key == key)).unique().one_or_none()
    if found is None:
        raise NotFound(f"there is nobody with the key {key}")
    return found


def people_by_address(address: str) -> list[Person]:
    """Return everybody with this mail address, however its domain is spelt; two people may share a
    mailbox.
    """
    spellings = {address.strip().lower(), compared_form(address)}
    wanted = func.lower(Person.email).in_(spellings)
    return list(db.session.scalars(select(Person).where(wanted).order_by(Person.key)).unique())


def relatives_of(patient: Person) -> list[Person]:
    """Return a patient's relatives, by name."""
    rows = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == patient.id)
        .order_by(Person.name, Person.key)
    )
    return list(db.session.scalars(rows).unique())
