"""A reply that came by mail (iMIP): read apart, matched to the invitation it answers, and noted.

What is not certain changes nothing and waits for a person: a sender who is not the one invited, a
proposal of another time, a delegate. The UID is the secret that lets a mail answer at all: random,
one person's, told in their letter only.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler import tasks
from scheduler.i18n import N_
from scheduler.ical import Reply
from scheduler.invitations.model.mailbox_aliases import same_mailbox
from scheduler.invitations.model.models import (
    Answer,
    AnswerGiven,
    HeldKind,
    HeldReply,
    Invitation,
)
from scheduler.invitations.reading.bounce_report import Report
from scheduler.invitations.reading.inbound_mail import (
    ANSWERS,
    LARGEST_WHOLE,
    Mail,
    Nature,
    read_mail,
    sender_doubt,
)
from scheduler.invitations.replies.answer import MAIL, answer, newest
from scheduler.invitations.replies.bounces import (
    letters_behind,
    letters_meant,
    letters_named,
    note_bounce,
)
from scheduler.invitations.replies.own_words import hold_words, writer_of
from scheduler.invitations.replies.review_queue import (
    Matter,
    hold_for_review,
    leads_to,
    task_key,
)
from scheduler.invitations.sync.resend import resend
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, KinfoldError
from scheduler.kernel.untrusted.sandbox import Overrun, apart
from scheduler.outbox.models import Letter

TOO_LARGE = "the mail is too large to be read to its end"
NO_INVITATION = N_("there is no such invitation")
NO_ANSWER = N_("it says neither yes, no nor maybe")
NO_SUCH_DATE = N_("it answers a date that the appointment does not have")
NO_REPORT = "a report about a letter that nobody could read"
REPORT_TASK = (
    "A mail server reports about a letter, and which one, or whether it arrived, cannot be read. "
    "Look at it under the answers that wait."
)


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
    try:
        mail = apart(read_mail, data[:LARGEST_WHOLE], Mail)
    except Overrun as error:
        key = hashlib.sha256(data).hexdigest()
        _hold_unreadable(key, "", str(error), by=by, now=now)
        return Received(Outcome.NOT_A_REPLY, str(error))
    if mail.report is not None:
        return _came_back(mail, mail.report, by=by, now=now)
    is_answer = any(reply.method in ANSWERS for reply in mail.replies)
    if mail.nature is Nature.PERSON and not is_answer:
        is_cut = mail.is_cut or len(data) > LARGEST_WHOLE
        _hold(mail, server, is_cut=is_cut, by=by, now=now)
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


def _hold(mail: Mail, server: str | None, *, is_cut: bool, by: str, now: datetime) -> None:
    """Let a person read what is no answer that a machine can take, or is too large to be read to
    its end.
    """
    if is_cut:
        _hold_unreadable(mail.key, mail.sender, TOO_LARGE, by=by, now=now, words=mail.words)
    elif mail.answer_meant and not mail.replies:
        _hold_unreadable(mail.key, mail.sender, mail.trouble, by=by, now=now, words=mail.words)
    else:
        hold_words(mail, server, by=by, now=now)


def _hold_unreadable(
    key: str, sender: str, reason: str, *, by: str, now: datetime, words: str = ""
) -> HeldReply | None:
    matter = Matter(HeldKind.UNREADABLE, key, sender, reason, comment=words)
    return hold_for_review(matter, by=by, now=now)


def _hold_lost_answer(
    mail: Mail, reason: str, reply: Reply, row: Invitation | None, *, by: str, now: datetime
) -> None:
    """Let a person read an answer of somebody we know that no date of theirs is meant by."""
    if mail.nature is not Nature.PERSON:
        return
    person_id = row.person_id if row is not None else writer_of(mail).person_id
    if person_id is None:
        return
    said = reply.comment or mail.words
    matter = Matter(
        HeldKind.UNREADABLE,
        mail.key,
        mail.sender,
        reason,
        row=row,
        person_id=person_id,
        comment=said,
    )
    hold_for_review(matter, by=by, now=now)


def _came_back(mail: Mail, report: Report, *, by: str, now: datetime) -> Received:
    """Raise a task for each of our letters that a report says did not arrive; its random name is
    what proves it. A report that cannot be understood is a task, too.
    """
    addressed = letters_behind(mail.came_to)
    named = letters_named(report)
    letters = addressed or letters_meant(report)
    if report.failed:
        for letter in letters:
            # Whoever knows an address could write a report about it: without a proof nothing stops.
            is_proven = letter in addressed or letter in named
            for_good = report.for_good and is_proven
            note_bounce(
                letter,
                report.status,
                for_good=for_good,
                now=now,
            )
    is_known = bool(letters or report.message_ids)
    if not report.understood or (report.failed and not is_known):
        _hold_report(mail, letters, by=by, now=now)
    return Received(Outcome.NOT_A_REPLY, "a report about a letter of ours")


def _hold_report(mail: Mail, letters: list[Letter], *, by: str, now: datetime) -> None:
    held = _hold_unreadable(mail.key, mail.sender, NO_REPORT, by=by, now=now, words=mail.words)
    if held is not None:
        about_id = letters[0].recipient_id if letters else None
        tasks.raise_task(
            "returned",
            task_key(held),
            REPORT_TASK,
            about_id=about_id,
            leads_to=leads_to(held),
            now=now,
        )


def _take(reply: Reply, mail: Mail, server: str | None, *, by: str, now: datetime) -> Received:
    row = db.session.get(Invitation, reply.uid)
    if row is None:
        _hold_lost_answer(mail, NO_INVITATION, reply, None, by=by, now=now)
        return Received(Outcome.REFUSED, NO_INVITATION, reply.uid)
    if reply.method not in ANSWERS:
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
        kind, reason = HeldKind.PROPOSAL, N_("another time is proposed")
    elif kind is None and reply.partstat == "DELEGATED":
        kind, reason = HeldKind.STRANGER, N_("the person invited wants to send somebody else")
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
        _hold_lost_answer(mail, NO_ANSWER, reply, row, by=by, now=now)
        return Received(Outcome.REFUSED, NO_ANSWER, row.uid, row.person_id)
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
            _hold_lost_answer(mail, NO_SUCH_DATE, reply, row, by=by, now=now)
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
