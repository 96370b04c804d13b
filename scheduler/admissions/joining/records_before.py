"""Records of before, of who was entered twice: which lead to whom."""

from collections.abc import Collection

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import relatives_of
from scheduler.people.models import Person


def family_of(patient: Person) -> list[Person]:
    """Return the relatives of a patient without records of before, by name."""
    return [person for person in relatives_of(patient) if person.joined_into_id is None]


def records_of(people: Collection[Person]) -> list[Person]:
    """Return the records of before that lead to these people, by key."""
    ids = [person.id for person in people]
    wanted = select(Person).where(Person.joined_into_id.in_(ids)).order_by(Person.key)
    return list(db.session.scalars(wanted).unique())


def leads_to(person: Person) -> Person | None:
    """Return who a record of before leads to; None for anybody else."""
    if person.joined_into_id is None:
        return None
    return db.session.get(Person, person.joined_into_id)
