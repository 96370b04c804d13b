"""Noting whose word a field of a person is, so that a clinic file written before does not undo
it.
"""

from collections.abc import Iterable
from datetime import datetime

from scheduler.people.models import Person
from scheduler.provenance import Source, note_word


def record_name(person: Person) -> str:
    """Return what a load of a clinic file calls this person's record."""
    return f"{person.kind.value} {person.key}"


def note_own_word(person: Person, fields: Iterable[str], *, by: str, now: datetime) -> None:
    """Note that a person said these fields themselves, whoever wrote them down."""
    note_word(
        record_name(person),
        fields,
        source=Source.PERSON,
        by=by,
        now=now,
    )


def note_desk_word(person: Person, fields: Iterable[str], *, by: str, now: datetime) -> None:
    """Note that these fields of a person were set at the desk, or on their own page by them."""
    source = Source.DESK
    if by == person.key:
        source = Source.PERSON
    note_word(
        record_name(person),
        fields,
        source=source,
        by=by,
        now=now,
    )
