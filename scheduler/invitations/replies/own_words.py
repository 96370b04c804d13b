"""What a person writes back in words of their own: kept, with the letter it answers, and a task for
whoever reads it.
"""

import email
from dataclasses import dataclass
from datetime import datetime
from email import policy

from sqlalchemy import select

from scheduler import tasks
from scheduler.i18n import N_
from scheduler.invitations.model.mailbox_aliases import mailbox_of
from scheduler.invitations.model.models import HeldKind, HeldReply, Invitation
from scheduler.invitations.reading.inbound_mail import Mail, sender_doubt
from scheduler.invitations.replies.bounces import letter_of
from scheduler.invitations.replies.review_queue import (
    Matter,
    hold_for_review,
    leads_to,
    task_key,
)
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people.models import Person

TASK = (
    "Wrote back by mail{about}: “{words}”. Nothing was changed by it. Read it under the answers "
    "that wait, and call if it matters."
)
UNSURE = " It is not certain that this person wrote it: {doubt}."
ELSEWHERE = "it came from another address"
MOST_WORDS = 300
LETTER_UNKNOWN = N_(
    "somebody writes in words of their own, and which letter they answer is not known"
)


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose words they are, as far as that is known, and the letter that they answer."""

    person_id: str | None
    letter: Letter | None
    is_certain: bool


def hold_words(mail: Mail, server: str | None, *, by: str, now: datetime) -> HeldReply | None:
    """Keep what a person wrote for staff to read; None when it is kept already."""
    writer = writer_of(mail)
    doubt = "" if writer.is_certain else ELSEWHERE
    doubt = doubt or sender_doubt(mail, server)
    matter = Matter(
        HeldKind.WORDS,
        mail.key,
        mail.sender,
        _reason(writer),
        row=_invitation(writer.letter),
        person_id=writer.person_id,
        comment=mail.words,
        quoted=mail.quoted,
        letter_id=writer.letter.id if writer.letter else None,
    )
    held = hold_for_review(matter, by=by, now=now)
    if held is not None and writer.person_id is not None:
        said = " ".join(mail.words.split())[:MOST_WORDS]
        words = TASK.format(about=_about(writer.letter), words=said or "(no words)")
        tasks.raise_task(
            "mail_answered",
            task_key(held),
            words + UNSURE.format(doubt=doubt) if doubt else words,
            about_id=writer.person_id,
            leads_to=leads_to(held),
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
            return _reader_of(letter, mail.sender)
    for person_id in _people_at(mail.sender):
        return Writer(person_id, _newest_to(person_id), is_certain=True)
    return Writer(None, None, is_certain=False)


def _reader_of(letter: Letter, sender: str) -> Writer:
    """Return the recipient of a letter; certain when the answer comes from their mailbox."""
    person = db.session.get(Person, letter.recipient_id)
    mailboxes = {mailbox_of(letter.address)}
    if person is not None:
        mailboxes.add(mailbox_of(person.email))
    is_theirs = mailbox_of(sender) in mailboxes
    return Writer(letter.recipient_id, letter, is_certain=is_theirs)


def _newest_to(person_id: str) -> Letter | None:
    theirs = select(Letter).where(Letter.recipient_id == person_id)
    newest = theirs.order_by(Letter.created_at.desc()).limit(1)
    return db.session.scalars(newest).first()


def _people_at(sender: str) -> list[str]:
    """Return the people (ids) whose mailbox this is, by key."""
    if not sender:
        return []
    wanted = mailbox_of(sender)
    found = []
    rows = select(Person.id, Person.email).order_by(Person.key)
    for person_id, address in db.session.execute(rows):
        if address and mailbox_of(address) == wanted:
            found.append(person_id)
    return found


def _invitation(letter: Letter | None) -> Invitation | None:
    if letter is None or letter.uid is None:
        return None
    return db.session.get(Invitation, letter.uid)


def _reason(writer: Writer) -> str:
    if writer.letter is None:
        return N_(
            "somebody writes in words of their own, and which letter they answer is not known"
        )
    return f"words of their own{_about(writer.letter)}"


def _about(letter: Letter | None) -> str:
    """Return which letter is answered, by the subject the person has read."""
    if letter is None:
        return ""
    subject = email.message_from_bytes(letter.mime, policy=policy.default).get("Subject", "")
    return f", about the letter “{subject}” of {letter.created_at.date().isoformat()}"
