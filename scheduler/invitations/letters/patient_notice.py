"""A short neutral letter to a patient: there is something to read behind the sign-in; never
what.
"""

from datetime import date, datetime

from scheduler.invitations.letters.message_body import Envelope, Reader, bare
from scheduler.invitations.letters.phrases import phrases_for
from scheduler.invitations.model.links import home_link
from scheduler.kernel.ids import new_id
from scheduler.outbox import Draft, Sender, compose, enqueue, message_id_for
from scheduler.outbox.models import Basis
from scheduler.people import practice
from scheduler.people.models import Person


def note_copy(person: Person, statement_id: str, *, now: datetime) -> str | None:
    """Queue the letter that says a signed copy is ready (45 CFR 164.508(c)(4)), once; give its
    id.
    """
    words = phrases_for(person.language)
    return _send(person, "copy", f"copy:{statement_id}", words.copy_subject, words.copy, now)


def note_ending(person: Person, last: date, key: str, *, now: datetime) -> str | None:
    """Queue the letter that says something ends after `last`, once for each `key`; give its id."""
    words = phrases_for(person.language)
    day = words.date.format(
        weekday=words.days[last.weekday()], day=last.day, month=words.months[last.month - 1]
    )
    subject, opening = words.ending_subject.format(day=day), words.ending.format(day=day)
    return _send(person, "ending", f"ending:{key}", subject, opening, now)


def _send(
    person: Person, kind: str, key: str, subject: str, opening: str, now: datetime
) -> str | None:
    house = practice()
    sender, letter_id = Sender(house.outward_name, house.outward_email), new_id()
    words: Envelope = bare(
        subject,
        opening,
        sender=sender.name,
        link=home_link(),
        reader=Reader(person.language, house.zone),
    )
    message_id = message_id_for(letter_id, sender)
    mime = compose(
        sender=sender,
        recipient=person.email,
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=message_id,
        now=now,
    )
    draft = Draft(
        id=letter_id,
        dedupe_key=key,
        kind=kind,
        recipient_id=person.id,
        address=person.email,
        basis=Basis.SELF,
        mime=mime,
        message_id=message_id,
        due_at=now.replace(second=0, microsecond=0),
    )
    letter = enqueue(draft, now=now)
    return letter.id if letter else None
