"""A reply that came by mail (iMIP): read apart, matched to the invitation it answers, and noted.

What is not certain changes nothing and waits for a person: a sender who is not the one invited, a
proposal of another time, a delegate. The UID is the secret that lets a mail answer at all: random,
one person's, told in their letter only.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.ical import Reply
from scheduler.invitations.model.mailbox_aliases import same_mailbox
from scheduler.invitations.model.models import Answer, AnswerGiven, HeldKind, Invitation
from scheduler.invitations.replies.answer import MAIL, answer, newest
from scheduler.invitations.replies.bounces import letter_of, note_bounce
from scheduler.invitations.replies.inbound_mail import LARGEST, Mail, Nature, read_mail
from scheduler.invitations.replies.review_queue import Matter, hold_for_review
from scheduler.invitations.sync.resend import resend
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.sandbox import Overrun, apart


class Outcome(StrEnum):
    """What became of a mailed reply."""

    STORED = "stored"
    OLDER = "older than the answer we have"
    OUTDATED = "an answer to an earlier version"
    HELD = "waits for a person"
    TOLD_AGAIN = "told again what stands"
    REFUSED = "refused"
    NOT_A_REPLY = "not a reply"


@dataclass(frozen=True, slots=True)
class Received:
    """The outcome, why in words for staff (no names), and what it was about as far as that is
    known.
    """

    outcome: Outcome
    reason: str = ""
    uid: str | None = None
    person_id: str | None = None
    answer_id: str | None = None


def receive(data: bytes, *, by: str, now: datetime, server: str | None = None) -> Received:
    """Take in one mail, whatever it is; never raises for what is in it, and changes nothing unless
    it is certain.

    `server` is the name under which our own mail server judges senders (RFC 8601); with one, only a
    DMARC pass of it makes a sender certain.
    """
    if len(data) > LARGEST:
        return Received(Outcome.NOT_A_REPLY, "the mail is too large")
    try:
        mail = apart(read_mail, data, Mail)
    except Overrun as error:
        key = hashlib.sha256(data).hexdigest()
        hold_for_review(
            Matter(
                HeldKind.UNREADABLE,
                key,
                "",
                str(error),
            ),
            by=by,
            now=now,
        )
        return Received(Outcome.NOT_A_REPLY, str(error))
    if mail.nature is Nature.BOUNCE:
        return _came_back(mail, now)
    if not mail.replies:
        if mail.answer_meant and mail.nature is Nature.PERSON:
            hold_for_review(
                Matter(
                    HeldKind.UNREADABLE,
                    mail.key,
                    mail.sender,
                    mail.trouble,
                ),
                by=by,
                now=now,
            )
        return Received(Outcome.NOT_A_REPLY, mail.trouble)
    found = [_take(reply, mail, server, by=by, now=now) for reply in mail.replies]
    return next(
        (received for received in found if received.outcome is not Outcome.STORED), found[0]
    )


def _came_back(mail: Mail, now: datetime) -> Received:
    """Raise a task for each of our letters that a report says did not arrive; its random name is
    what proves it.
    """
    for message_id in mail.returned:
        letter = letter_of(message_id)
        if letter is not None:
            note_bounce(letter, mail.trouble, now=now)
    return Received(Outcome.NOT_A_REPLY, "a report about a letter of ours")


def _take(reply: Reply, mail: Mail, server: str | None, *, by: str, now: datetime) -> Received:
    row = db.session.get(Invitation, reply.uid)
    if row is None:
        return Received(Outcome.REFUSED, "there is no such invitation", reply.uid)
    if reply.method not in {"REPLY", "COUNTER", "REFRESH"}:
        return Received(
            Outcome.REFUSED,
            f"{reply.method} is no answer",
            row.uid,
            row.person_id,
        )
    kind, reason = _doubt(reply, mail, row, server)
    if reply.method == "REFRESH":
        return _told_again(row, reason, mail, now)
    if kind is None and reply.method == "COUNTER":
        kind, reason = HeldKind.PROPOSAL, "another time is proposed"
    elif kind is None and reply.partstat == "DELEGATED":
        kind, reason = HeldKind.STRANGER, "the person invited wants to send somebody else"
    if kind is not None:
        matter = Matter(
            kind,
            mail.key,
            mail.sender,
            reason,
            row,
            reply,
        )
        hold_for_review(matter, by=by, now=now)
        return Received(
            Outcome.HELD,
            reason,
            row.uid,
            row.person_id,
        )
    return _noted(reply, row, mail, by=by, now=now)


def _noted(reply: Reply, row: Invitation, mail: Mail, *, by: str, now: datetime) -> Received:
    if reply.partstat not in set(Answer):
        return Received(
            Outcome.REFUSED, "it says neither yes, no nor maybe", row.uid, row.person_id
        )
    last = newest(row.uid, reply.recurrence)
    if last is not None and _is_older(reply, last):
        return Received(
            Outcome.OLDER,
            "",
            row.uid,
            row.person_id,
        )
    try:
        given = answer(
            row,
            Answer(reply.partstat),
            reply.recurrence,
            by=by,
            now=now,
            way=MAIL,
            sequence=reply.sequence,
            stamp=reply.stamp,
            comment=reply.comment,
        )
    except KinfoldError as error:
        return Received(
            Outcome.REFUSED,
            str(error),
            row.uid,
            row.person_id,
        )
    if reply.sequence is None or reply.sequence >= row.sequence:
        return Received(
            Outcome.STORED,
            "",
            row.uid,
            row.person_id,
            given.id,
        )
    if mail.nature is Nature.PERSON:
        resend(row, now=now)
    return Received(
        Outcome.OUTDATED,
        "",
        row.uid,
        row.person_id,
        given.id,
    )


def _doubt(
    reply: Reply, mail: Mail, row: Invitation, server: str | None
) -> tuple[HeldKind | None, str]:
    """Say why it is not certain that the person invited wrote this, None and "" when it is (G3, G6,
    G14).
    """
    if not any(same_mailbox(address, row.address) for address in (reply.attendee, *reply.others)):
        return HeldKind.STRANGER, "somebody answers who was not invited"
    if not same_mailbox(mail.sender, row.address):
        return HeldKind.UNSURE, "the mail is not from the address that was invited"
    if server is not None and (mail.server, mail.dmarc) != (server.lower(), "pass"):
        return HeldKind.UNSURE, "our mail server did not confirm who sent it"
    if mail.dmarc == "fail":
        return HeldKind.UNSURE, "a mail server found the sender forged"
    return None, ""


def _told_again(row: Invitation, doubt: str, mail: Mail, now: datetime) -> Received:
    """Answer a REFRESH of the invited and of nobody else (RFC 5546 3.2.6), once a version."""
    if doubt or mail.nature is not Nature.PERSON:
        return Received(
            Outcome.REFUSED,
            doubt or "a machine asks",
            row.uid,
            row.person_id,
        )
    letter = resend(row, now=now)
    outcome = Outcome.TOLD_AGAIN if letter else Outcome.REFUSED
    return Received(
        outcome, "" if letter else "there is nothing to tell again", row.uid, row.person_id
    )


def _is_older(reply: Reply, last: AnswerGiven) -> bool:
    """Order two answers by SEQUENCE, then by stamp (RFC 5546 2.1.5); the same again is older,
    too.
    """
    if reply.sequence is not None and last.sequence is not None and reply.sequence != last.sequence:
        return reply.sequence < last.sequence
    if reply.stamp is None or last.stamp is None:
        return False
    return (
        reply.stamp <= last.stamp.replace(microsecond=0)
        if last.way != MAIL
        else reply.stamp <= last.stamp
    )
