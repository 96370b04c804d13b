"""How somebody is reached changes: who takes another language is written to in it from then on,
also in what still waits to leave; and one human who is entered twice has one language.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from scheduler.invitations.letters.patient_notice import write_notice_anew
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.sync.announce import announce
from scheduler.invitations.sync.tell_changes import take_back_changes
from scheduler.kernel.database import db
from scheduler.outbox import has_left, hold_until, letters_waiting, will_leave, withdraw
from scheduler.people import Contact, contact_of, edit_contact, other_selves, people_by_id
from scheduler.people.models import Person

LANGUAGE = "language"


def change_contact(
    person: Person, contact: Contact, *, seen: Contact | None = None, by: str, now: datetime
) -> list[str]:
    """Change how somebody is reached, as `edit_contact` does, and return the fields that changed.

    Another language holds for what waits, which is written anew; by their own word it holds
    wherever else they are entered. Raises what `edit_contact` does.
    """
    changed = edit_contact(person, contact, seen=seen, by=by, now=now)
    if LANGUAGE not in changed:
        return changed
    _write_anew(person, by=by, now=now)
    if by == person.key:
        for other in _say_elsewhere(person, now):
            _write_anew(other, by=other.key, now=now)
    return changed


def _write_anew(person: Person, *, by: str, now: datetime) -> None:
    """Let what waits to leave for a person, and of which nothing has left, be written as their
    language is now: in place of the letter that waits, and not before it was to leave.
    """
    waiting = letters_waiting([person.id])
    if not waiting:
        return
    due: dict[str, datetime] = defaultdict(lambda: now)
    for letter in waiting:
        matter = letter.uid or letter.kind
        due[matter] = max(due[matter], letter.due_at)
    _take_back_invitations(person)
    take_back_changes(letter.id for letter in waiting)
    for letter in waiting:
        write_notice_anew(letter, person, now=now)
    for told in announce(by=by, now=now, people={person.id}):
        matter = told.uid or told.kind
        if told.letter_id is not None and matter in due:
            hold_until([told.letter_id], due[matter])


def _say_elsewhere(person: Person, now: datetime) -> list[Person]:
    """Let the other rows of the same human have this language, as their own word in each; return
    them. Neither row's record names the other.
    """
    others = list(people_by_id(other_selves([person.id])).values())
    for other in others:
        contact = replace(contact_of(other), language=person.language)
        edit_contact(other, contact, by=other.key, now=now)
    return others


def _take_back_invitations(person: Person) -> None:
    """Count what a letter tells that still waits as not told: the comparison tells it anew."""
    rows = select(Invitation).where(Invitation.person_id == person.id)
    for row in db.session.scalars(rows):
        about = row.person_id, row.uid, row.sequence, row.address
        if not will_leave(*about):
            continue
        withdraw(row.person_id, row.uid, row.address)
        # A worker that was faster has begun to hand it over: then it leaves as it is.
        if not has_left(*about):
            row.told = row.shown
    db.session.flush()
