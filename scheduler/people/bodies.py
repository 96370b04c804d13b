"""One human, several rows: who is the same human being as whom. Time knows it, and nothing else.

A mother of two patients is two relatives, strangers to each other; she is at one place at a time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people.models import Person

AT_ONCE = 900
"""As many values as one question may name on every engine."""


def bodies_by_id(ids: Collection[str]) -> dict[str, str]:
    """Return the body of each of these people (ids) who has other rows; nobody else is in it."""
    found: dict[str, str] = {}
    for chunk in _chunks(ids):
        rows = select(
            Person.id,
            Person.body_id,
        ).where(Person.id.in_(chunk))
        found |= _bodies(rows.where(Person.body_id.is_not(None)))
    return found


def bodies_by_key(keys: Collection[str]) -> dict[str, str]:
    """Return the same by the people's keys."""
    found: dict[str, str] = {}
    for chunk in _chunks(keys):
        rows = select(
            Person.key,
            Person.body_id,
        ).where(Person.key.in_(chunk))
        found |= _bodies(rows.where(Person.body_id.is_not(None)))
    return found


def rows_of_bodies(bodies: Collection[str]) -> dict[str, list[Person]]:
    """Return all rows of each of these bodies."""
    found: dict[str, list[Person]] = defaultdict(list)
    for chunk in _chunks(bodies):
        rows = select(Person).where(Person.body_id.in_(chunk)).order_by(Person.key)
        for person in db.session.scalars(rows).unique():
            assert person.body_id is not None
            found[person.body_id].append(person)
    return found


def other_selves(ids: Collection[str]) -> set[str]:
    """Return the ids of the other rows of these people (ids)."""
    bodies = set(bodies_by_id(ids).values())
    rows = rows_of_bodies(bodies)
    everybody = {person.id for people in rows.values() for person in people}
    return everybody - set(ids)


def _bodies(question: Any) -> dict[str, str]:
    found = {}
    for name, body in db.session.execute(question):
        found[name] = body
    return found


def _chunks(names: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(names)
    for first in range(0, len(ordered), AT_ONCE):
        yield ordered[first : first + AT_ONCE]
