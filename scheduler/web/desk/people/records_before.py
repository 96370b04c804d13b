"""Where the record of before of somebody who was entered twice leads."""

from scheduler.people import people_by_id
from scheduler.people.models import Person


def leads_to(person: Person) -> Person | None:
    """Return who a record of before leads to; None for anybody else."""
    if person.joined_into_id is None:
        return None
    return people_by_id([person.joined_into_id]).get(person.joined_into_id)
