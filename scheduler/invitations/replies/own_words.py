"""What a person writes back in words of their own: kept, with the letter it answers, and a task for
whoever reads it.
"""

import email
from dataclasses import dataclass
from datetime import datetime
from email import policy

from sqlalchemy import select

from scheduler import tasks
from scheduler.invitations.model.mailbox_aliases import mailbox_of
from scheduler.invitations.model.models import HeldKind, HeldReply, Invitation
from scheduler.invitations.replies.bounces import letter_of
from scheduler.invitations.replies.inbound_mail import Mail
from scheduler.invitations.replies.review_queue import Matter, hold_for_review, task_key
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people.models import Person

TASK = (
    "Wrote back by mail{about}: “{words}”. Nothing was changed by it. Read it under the answers "
    "that wait, and call if it matters."
)
UNSURE = " It is not certain that this person wrote it: it came from another address."
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose words they are, as far as that is known, and the letter that they answer."""

    person_id: str | None
    letter: Letter | None
    is_certain: bool


def hold_words(mail: Mail, *, by: str, now: datetime) -> HeldReply | None:
    """Keep what a person wrote for staff to read; None when it is kept already."""
    writer = writer_of(mail)
    matter = Matter(
        HeldKind.WORDS,
        mail.key,
        mail.sender,
        _reason(writer),
        row=_invitation(writer.letter),
        person_id=writer.person_id,
        comment=mail.words,
    )
    held = hold_for_review(matter, by=by, now=now)
    if held is not None and writer.person_id is not None:
        said = " ".join(mail.words.split())[:MOST_WORDS]
        words = TASK.format(about=_about(writer.letter), words=said)
        tasks.raise_task(
            "mail_answered",
            task_key(held),
            words if writer.is_certain else words + UNSURE,
            about_id=writer.person_id,
            now=now,
        )
    return held


def writer_of(mail: Mail) -> Writer:
    """Return whose letter a mail answers: by the names of our letters, which are random, else by
    the address it comes from.
    """
    for message_id in mail.answers_to:
        letter = letter_of(message_id)
        if letter is not None:
            person = db.session.get(Person, letter.recipient_id)
            known = person is not None and _is_theirs(mail.sender, person.email, letter.address)
            return Writer(letter.recipient_id, letter, known)
    for person in _people_at(mail.sender):
        newest = select(Letter).where(Letter.recipient_id == person.id)
        letter = db.session.scalars(newest.order_by(Letter.created_at.desc()).limit(1)).first()
        return Writer(person.id, letter, is_certain=True)
    return Writer(None, None, is_certain=False)


def _is_theirs(sender: str, *addresses: str) -> bool:
    return mailbox_of(sender) in {mailbox_of(address) for address in addresses}


def _people_at(sender: str) -> list[Person]:
    """Return the people whose mailbox this is, by key."""
    if not sender:
        return []
    wanted = mailbox_of(sender)
    rows = db.session.execute(select(Person.id, Person.email).order_by(Person.key))
    ids = [row.id for row in rows if row.email and mailbox_of(row.email) == wanted]
    people = (db.session.get(Person, person_id) for person_id in ids)
    return [person for person in people if person is not None]


def _invitation(letter: Letter | None) -> Invitation | None:
    if letter is None or letter.uid is None:
        return None
    return db.session.get(Invitation, letter.uid)


def _reason(writer: Writer) -> str:
    if writer.letter is None:
        return "somebody writes in words of their own, and which letter they answer is not known"
    return f"words of their own{_about(writer.letter)}"


def _about(letter: Letter | None) -> str:
    """Return which letter is answered, by the subject the person has read."""
    if letter is None:
        return ""
    subject = email.message_from_bytes(letter.mime, policy=policy.default).get("Subject", "")
    return f", about the letter “{subject}” of {letter.created_at.date().isoformat()}"
