"""Whose body is whose once two rows are joined: the other rows of either human are one."""

from datetime import datetime

from scheduler.kernel.database import db
from scheduler.people import note_desk_word, rows_of_bodies
from scheduler.people.models import Person
from scheduler.sessions import engage_anew


def others_of(first: Person, second: Person) -> list[Person]:
    """Return `first` and all other rows of the same human once `second` is a record of before."""
    bodies = {body for body in (first.body_id, second.body_id) if body is not None}
    found = {first.id: first}
    for people in rows_of_bodies(bodies).values():
        for person in people:
            if person.id != second.id:
                found[person.id] = person
    return list(found.values())


def is_own_relative(people: list[Person]) -> bool:
    """True if one of these rows of one human is a relative of another."""
    ids = {person.id for person in people}
    return any(person.relative and person.relative.patient_id in ids for person in people)


def one_body(first: Person, second: Person, *, by: str, now: datetime) -> None:
    """Let all other rows of the two be one human, named after who was named before or `first`."""
    if first.body_id is None and second.body_id is None:
        return
    people = others_of(first, second)
    body = None
    if len(people) > 1:
        body = _head(first, second, {person.id for person in people})
    second.body_id = None
    for person in people:
        if person.body_id == body:
            continue
        person.body_id = body
        if person.clinician is None:
            note_desk_word(person, ["same_as"], by=by, now=now)
    db.session.flush()
    engage_anew([second.id, *(person.id for person in people)], now=now)


def _head(first: Person, second: Person, ids: set[str]) -> str:
    for body in (first.body_id, second.body_id):
        if body in ids:
            return body
    return first.id
