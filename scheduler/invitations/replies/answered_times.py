"""To which times an answer is given: what the person saw when they answered, whatever stands by
now.
"""

import email
from datetime import datetime
from email import policy
from typing import Any

from sqlalchemy import select

from scheduler import ical
from scheduler.invitations.model.at_address import dates_gone_over
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.dates import dates_of
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.sessions.models import Session

Document = dict[str, list[Any]]
"""By session (id) its start and its minutes, as an answer keeps them."""


def answered_times(
    row: Invitation, recurrence: datetime | None, sequence: int | None, *, is_shown: bool
) -> Document:
    """Return the times that an answer to version `sequence` of an invitation (None: the newest) is
    given to: of the date named `recurrence`, or of all.

    A page shows sessions as they stand (`is_shown`), a letter as they were told in it.
    """
    content = Content.of_document(row.told or {})
    meetings = _spoken_of(content, recurrence)
    if is_shown:
        return _as_they_stand(meetings)
    if sequence is None or sequence >= row.sequence:
        return _document(meetings)
    return _as_told_then(row, content, meetings, sequence)


def gone_over_times(row: Invitation, recurrence: datetime | None, now: datetime) -> Document:
    """Return the times, as they stand, of what went over from an invitation to their calendar
    address and is ahead: of the date named `recurrence`, or of all.
    """
    found: Document = {}
    for date in dates_gone_over(row):
        if date.begins_at > now and recurrence in {None, date.recurrence}:
            minutes = round((date.ends_at - date.begins_at).total_seconds() / 60)
            found[date.session_id] = [date.begins_at.isoformat(), minutes]
    return found


def _spoken_of(content: Content, recurrence: datetime | None) -> list[Meeting]:
    if recurrence is None or not content.series:
        return list(content.meetings)
    begins = dates_of(content).get(recurrence)
    return [meeting for meeting in content.meetings if meeting.begins_at == begins]


def _document(meetings: list[Meeting]) -> Document:
    found: Document = {}
    for meeting in meetings:
        found[meeting.session_id] = [meeting.begins_at.isoformat(), meeting.minutes]
    return found


def _as_they_stand(meetings: list[Meeting]) -> Document:
    ids = [meeting.session_id for meeting in meetings]
    columns = select(
        Session.id,
        Session.starts_at,
        Session.minutes,
    )
    found = _document(meetings)
    rows = db.session.execute(columns.where(Session.id.in_(ids)))
    for session_id, starts_at, minutes in rows:
        found[session_id] = [starts_at.isoformat(), minutes]
    return found


def _as_told_then(
    row: Invitation, content: Content, meetings: list[Meeting], sequence: int
) -> Document:
    """Return the times as the letter of that version told them: those that it shares with what was
    told last, and of a single meeting its old one.
    """
    letter = _letter_of(row, sequence)
    spans = _spans_told(letter) if letter is not None else []
    shared = []
    for meeting in meetings:
        span = meeting.begins_at, meeting.ends_at
        if span in spans:
            shared.append(meeting)
    if shared or content.series or len(spans) != 1:
        return _document(shared)
    ((begins, ends),) = spans
    length = ends - begins
    minutes = round(length.total_seconds() / 60)
    (meeting,) = meetings
    return {meeting.session_id: [begins.isoformat(), minutes]}


def asked_for_nothing(row: Invitation, sequence: int | None) -> bool:
    """True if the letter of a version only kept a calendar right beside another that told all: it
    asked for no answer.
    """
    letter = _letter_of(row, row.sequence if sequence is None else sequence)
    if letter is None or letter.follows is None:
        return False
    return not ical.asks_for_answer(_calendar_of(letter))


def _letter_of(row: Invitation, sequence: int) -> Letter | None:
    told = select(Letter).where(
        Letter.recipient_id == row.person_id,
        Letter.uid == row.uid,
        Letter.sequence == sequence,
        Letter.kind != "reminder",
    )
    return db.session.scalars(told.order_by(Letter.created_at).limit(1)).first()


def _spans_told(letter: Letter) -> list[tuple[datetime, datetime]]:
    """Return the times that the calendar part of a letter of ours says."""
    content = _calendar_of(letter)
    if content:
        return list(ical.summarise(content).times)
    return []


def _calendar_of(letter: Letter) -> bytes:
    """Return the calendar part of a letter of ours, nothing for one without."""
    message = email.message_from_bytes(letter.mime, policy=policy.default)
    for part in message.walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "text/calendar" and isinstance(content, bytes):
            return content
    return b""
