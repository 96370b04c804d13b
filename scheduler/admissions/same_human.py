"""Saying of a relative or a patient that they are the same human being as somebody known here under
another key. Time knows it; families and patients are never shown it.
"""

from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import note_desk_word, people_found, relatives_of
from scheduler.people.models import Person
from scheduler.sessions import engage_anew

MOST = 2
"""People looked for: of more than one, only a key says whom."""


def human_named(words: str) -> Person:
    """Return who has this key, or else this name or part of it alone. Raises InputError."""
    keyed = db.session.scalar(select(Person).where(Person.key == words))
    if keyed is not None:
        return keyed
    found = people_found(words, most=MOST)
    if not found:
        raise InputError(f"nobody is found by {words}")
    if len(found) > 1:
        raise InputError(f"several people are found by {words}; give the key")
    return found[0]


def named_after(person: Person) -> Person | None:
    """Return who somebody is said to be the same human being as; None for nobody."""
    if person.body_id in (None, person.id):
        return None
    return db.session.get(Person, person.body_id)


def part_again(person: Person, *, by: str, now: datetime) -> bool:
    """Let somebody be a human being of their own again; return whether that is new."""
    other = named_after(person)
    if other is None:
        return False
    person.body_id = None
    db.session.flush()
    rest = select(Person.id).where(Person.body_id == other.id, Person.id != other.id)
    if db.session.scalar(rest.limit(1)) is None:
        other.body_id = None
        db.session.flush()
    engage_anew([person.id, other.id], now=now)
    audit.append("people.same_as", f"person {person.id}", {}, by=by, now=now)
    note_desk_word(person, ["same_as"], by=by, now=now)
    return True


def name_same(person: Person, other: Person, *, by: str, now: datetime) -> bool:
    """Give a relative or a patient the body of `other`, and their language if none was said; return
    whether that is new. The record says that it changed, never whose it is.

    Raises InputError where a clinic file would be refused: somebody who is named themselves, who
    is named after a third, or whose relative they would be.
    """
    if person.body_id == other.id:
        return False
    _refuse(person, other)
    other.body_id = other.id
    person.body_id = other.id
    words = ["same_as"]
    if person.language is None and other.language is not None:
        person.language = other.language
        words.append("language")
    db.session.flush()
    engage_anew([person.id, other.id], now=now)
    audit.append("people.same_as", f"person {person.id}", {}, by=by, now=now)
    note_desk_word(person, words, by=by, now=now)
    return True


def _refuse(person: Person, other: Person) -> None:
    """Raise InputError where `other` cannot be who this relative or patient is."""
    if person.relative is None and person.patient is None:
        raise InputError(f"{person.key} is no relative and no patient")
    if other.id == person.id:
        raise InputError("this very person is named; name another")
    if person.body_id is not None:
        raise InputError(f"{person.key} has another self already")
    if other.body_id not in (None, other.id):
        first = db.session.get(Person, other.body_id)
        assert first is not None
        raise InputError(f"{other.key} is named after {first.key}; name {first.key} here")
    _refuse_kin(person, other)


def _refuse_kin(person: Person, other: Person) -> None:
    """Raise InputError where somebody would be a relative of their own."""
    for relative, patient in _ties(person):
        kin = patient if relative is person else relative
        if (kin.body_id or kin.id) == other.id:
            raise InputError(f"{relative.key} is a relative of {patient.key}: two people")


def _ties(person: Person) -> list[tuple[Person, Person]]:
    """Return each tie of a relative, or of a patient, to the family: the relative, the patient."""
    if person.relative is not None:
        return [(person, person.relative.patient)]
    return [(relative, person) for relative in relatives_of(person)]
