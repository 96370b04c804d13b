"""Saying of a relative that they are the same human being as somebody known here under another
key. Time knows it; families and patients are never shown it.
"""

from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import note_desk_word, people_found
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


def name_same(person: Person, other: Person, *, by: str, now: datetime) -> bool:
    """Give a relative the body of `other`, and their language if none was said; return whether
    that is new. The record says that it changed, never whose it is.

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
    """Raise InputError where `other` cannot be who this relative is."""
    own = person.relative
    if own is None:
        raise InputError(f"{person.key} is no relative")
    if other.id == person.id:
        raise InputError("this very person is named; name another")
    if person.body_id is not None:
        raise InputError(f"{person.key} has another self already")
    if other.body_id not in (None, other.id):
        first = db.session.get(Person, other.body_id)
        assert first is not None
        raise InputError(f"{other.key} is named after {first.key}; name {first.key} here")
    if (own.patient.body_id or own.patient.id) == other.id:
        raise InputError(f"{person.key} is a relative of {own.patient.key}: two people")
