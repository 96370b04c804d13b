"""A reply that came by mail (iMIP): read apart, matched to the invitation it answers, and noted.

What is not certain changes nothing and waits for a person: a sender who is not the one invited, a
proposal of another time, a delegate. The UID is the secret that lets a mail answer at all: random,
one person's, told in their letter only.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from scheduler.i18n import N_
from scheduler.ical import Reply
from scheduler.invitations.model.mailbox_aliases import same_mailbox
from scheduler.invitations.model.models import (
    Answer,
    AnswerGiven,
    HeldKind,
    Invitation,
)
from scheduler.invitations.reading.inbound_mail import (
    ANSWERS,
    LARGEST_WHOLE,
    Mail,
    Nature,
    read_mail,
    sender_doubt,
)
from scheduler.invitations.replies.answer import MAIL, answer, newest
from scheduler.invitations.replies.answered_times import asked_for_nothing
from scheduler.invitations.replies.review_queue import Matter, hold_for_review
from scheduler.invitations.replies.unread_mail import (
    NO_ANSWER,
    NO_INVITATION,
    NO_SUCH_DATE,
    hold_lost_answer,
    hold_mail,
    hold_unreadable,
    is_for_a_reader,
    take_report,
)
from scheduler.invitations.sync.resend import resend
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, KinfoldError
from scheduler.kernel.untrusted.sandbox import Overrun, apart

SECONDS = 1.0
"""Processor time for reading one mail; honest ones need a tenth of it."""
UNLESS_MEANT = {Answer.DECLINED.value, Answer.TENTATIVE.value}
"""What is not taken for every date of a series when it may be meant for none of them."""


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
    whole = data[:LARGEST_WHOLE]
    try:
        mail = apart(read_mail, whole, Mail, seconds=SECONDS)
    except Overrun as error:
        key = hashlib.sha256(data).hexdigest()
        hold_unreadable(key, "", str(error), by=by, now=now)
        return Received(Outcome.NOT_A_REPLY, str(error))
    if len(data) > LARGEST_WHOLE:
        mail = replace(mail, is_cut=True)
    return take_in(mail, by=by, now=now, server=server)


def take_in(mail: Mail, *, by: str, now: datetime, server: str | None = None) -> Received:
    """Do what a mail asks for that was read apart from us, or let a person read it."""
    if mail.report is not None:
        take_report(mail, mail.report, by=by, now=now)
        return Received(Outcome.NOT_A_REPLY, "a report about a letter of ours")
    is_answer = any(reply.method in ANSWERS for reply in mail.replies)
    if not is_answer and is_for_a_reader(mail):
        hold_mail(mail, server, by=by, now=now)
    if not mail.replies:
        return Received(Outcome.NOT_A_REPLY, mail.trouble)
    found = []
    for reply in mail.replies:
        received = _take(reply, mail, server, by=by, now=now)
        found.append(received)
    return _most_telling(found)


def _most_telling(found: list[Received]) -> Received:
    """Return the first outcome that is more than that an answer was stored."""
    for received in found:
        if received.outcome is not Outcome.STORED:
            return received
    return found[0]


def _take(reply: Reply, mail: Mail, server: str | None, *, by: str, now: datetime) -> Received:
    row = db.session.get(Invitation, reply.uid)
    if row is None:
        hold_lost_answer(mail, NO_INVITATION, reply, None, by=by, now=now)
        return Received(Outcome.REFUSED, NO_INVITATION, reply.uid)
    if reply.method not in ANSWERS:
        return _refused(row, f"{reply.method} is no answer")
    kind, reason = _doubt(reply, mail, row, server)
    if reply.method == "REFRESH":
        return _told_again(row, reason, mail, now)
    if kind is None:
        kind, reason = _for_a_person(reply, row)
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


def _for_a_person(reply: Reply, row: Invitation) -> tuple[HeldKind | None, str]:
    """Say why an answer that is certain is for a person to decide, None and "" when it is not.

    A "no" that names no date, to a letter that asked for nothing, hardly means every date there is.
    """
    if reply.method == "COUNTER":
        return HeldKind.PROPOSAL, N_("another time is proposed")
    if reply.partstat == "DELEGATED":
        return HeldKind.STRANGER, N_("the person invited wants to send somebody else")
    is_no = reply.partstat in UNLESS_MEANT and reply.recurrence is None
    if is_no and asked_for_nothing(row, reply.sequence):
        return HeldKind.UNSURE, N_("it answers a message that asked for nothing, and names no date")
    return None, ""


def _refused(row: Invitation, reason: str) -> Received:
    return Received(Outcome.REFUSED, reason, row.uid, row.person_id)


def _noted(reply: Reply, row: Invitation, mail: Mail, *, by: str, now: datetime) -> Received:
    if reply.partstat not in set(Answer):
        hold_lost_answer(mail, NO_ANSWER, reply, row, by=by, now=now)
        return _refused(row, NO_ANSWER)
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
        if isinstance(error, InputError):
            hold_lost_answer(mail, NO_SUCH_DATE, reply, row, by=by, now=now)
        return _refused(row, str(error))
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
        return HeldKind.STRANGER, N_("somebody answers who was not invited")
    if not same_mailbox(mail.sender, row.address):
        return HeldKind.UNSURE, N_("the mail is not from the address that was invited")
    doubt = sender_doubt(mail, server)
    return (HeldKind.UNSURE if doubt else None), doubt


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
    if last.way == MAIL:
        return reply.stamp <= last.stamp
    return reply.stamp <= last.stamp.replace(microsecond=0)  # DTSTAMP knows whole seconds
