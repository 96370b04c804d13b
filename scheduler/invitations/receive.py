"""A reply that came by mail (iMIP): read, matched to the invitation it answers, and noted; never answered itself.

What is not certain is refused and shown to staff: a sender who is not the person invited, a date we do not know, a
proposal of another time.
"""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses
from enum import StrEnum

from scheduler import ical
from scheduler.ical import Reply, Unreadable
from scheduler.invitations.answer import MAIL, answer, newest
from scheduler.invitations.models import Answer, AnswerGiven, Invitation
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError

LARGEST = 256 * 1024
"""Octets of a mail that is read at all (G13)."""
MOST_PARTS = 20


class Outcome(StrEnum):
    """What became of a mailed reply."""

    STORED = "stored"
    OLDER = "older than the answer we have"
    OUTDATED = "an answer to an earlier version"
    REFUSED = "refused"
    NOT_A_REPLY = "not a reply"


@dataclass(frozen=True, slots=True)
class Received:
    """The outcome, why in words for staff (no names), and what it was about as far as that is known."""

    outcome: Outcome
    reason: str = ""
    uid: str | None = None
    person_id: str | None = None
    answer_id: str | None = None


def receive(data: bytes, *, by: str, now: datetime) -> Received:
    """Take in one mail, whatever it is; never raises for what is in it, and writes nothing unless it is certain."""
    if len(data) > LARGEST:
        return Received(Outcome.NOT_A_REPLY, "the mail is too large")
    try:
        message = email.message_from_bytes(data, policy=policy.default)
        assert isinstance(message, EmailMessage)
        calendars = list(_calendars(message))
        sender = _sender(message)
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return Received(Outcome.NOT_A_REPLY, "the mail cannot be read")
    if not calendars:
        return Received(Outcome.NOT_A_REPLY, "the mail has no calendar part")
    try:
        replies = ical.parse_replies(calendars[0])
    except Unreadable as error:
        return Received(Outcome.NOT_A_REPLY, str(error))
    found = [_take(reply, sender, by=by, now=now) for reply in replies]
    return next((each for each in found if each.outcome is not Outcome.STORED), found[0])


def _take(reply: Reply, sender: str, *, by: str, now: datetime) -> Received:
    row = db.session.get(Invitation, reply.uid)
    refusal = _refusal(reply, sender, row)
    if row is None or refusal:
        return Received(Outcome.REFUSED, refusal, reply.uid, row.person_id if row else None)
    last = newest(row.uid, reply.recurrence)
    if last is not None and _is_older(reply, last):
        return Received(Outcome.OLDER, "", row.uid, row.person_id)
    said = Answer(str(reply.partstat))
    words = {"way": MAIL, "sequence": reply.sequence, "stamp": reply.stamp, "comment": reply.comment}
    try:
        given = answer(row, said, reply.recurrence, by=by, now=now, **words)  # type: ignore[arg-type]
    except KinfoldError as error:
        return Received(Outcome.REFUSED, str(error), row.uid, row.person_id)
    outdated = reply.sequence is not None and reply.sequence < row.sequence
    outcome = Outcome.OUTDATED if outdated else Outcome.STORED
    return Received(outcome, "", row.uid, row.person_id, given.id)


def _refusal(reply: Reply, sender: str, row: Invitation | None) -> str:
    """Say why a reply cannot be taken, "" when it can."""
    if reply.method != "REPLY":
        return f"{reply.method} is for a person to decide"
    if row is None:
        return "there is no such invitation"
    if reply.attendee != row.address.lower():
        return "the answer is not from the person invited"
    if sender != reply.attendee:
        return "the mail is not from the person who answers"
    if reply.partstat not in set(Answer):
        return f"{reply.partstat or 'an answer without words'} is for a person to decide"
    return ""


def _is_older(reply: Reply, last: AnswerGiven) -> bool:
    """Order two answers by SEQUENCE, then by stamp (RFC 5546 2.1.5); the same again is older, too."""
    if reply.sequence is not None and last.sequence is not None and reply.sequence != last.sequence:
        return reply.sequence < last.sequence
    if reply.stamp is None or last.stamp is None:
        return False
    return reply.stamp <= last.stamp.replace(microsecond=0) if last.way != MAIL else reply.stamp <= last.stamp


def _sender(message: EmailMessage) -> str:
    """Give the one address the mail says it is from, "" when there is none or more than one."""
    found = {ical.bare_address(address) for _, address in getaddresses([str(v) for v in message.get_all("From", [])])}
    return found.pop() if len(found) == 1 else ""


def _calendars(message: EmailMessage) -> Iterator[bytes]:
    """Give the calendar parts, by their type rather than their name (G1)."""
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        kind, name = part.get_content_type(), (part.get_filename() or "").lower()
        if kind in {"text/calendar", "application/ics"} or (
            kind == "application/octet-stream" and name.endswith(".ics")
        ):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload
