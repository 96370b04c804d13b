"""Answers to invitations: by mail or on the personal page, one history."""

from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.change_tracking import note_answer_of
from scheduler.invitations.model.at_address import dates_of_page
from scheduler.invitations.model.content import Content
from scheduler.invitations.model.dates import dates_of
from scheduler.invitations.model.models import Answer, AnswerGiven, Invitation
from scheduler.invitations.model.standing_answers import order
from scheduler.invitations.replies.answer_tasks import note_no
from scheduler.invitations.replies.answered_times import (
    Document,
    answered_times,
    gone_over_times,
)
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.kernel.ids import new_id

PAGE = "page"
MAIL = "mail"
DESK = "desk"
SHOWN = (PAGE, DESK)
"""Ways by which sessions are answered as they stand, not as a letter told them."""


def answer(
    invitation: Invitation,
    answer: Answer,
    recurrence: datetime | None = None,
    *,
    by: str,
    now: datetime,
    way: str = PAGE,
    sequence: int | None = None,
    stamp: datetime | None = None,
    comment: str | None = None,
    keeps_single: bool = False,
) -> AnswerGiven:
    """Note an answer to all of an invitation, or to the one date that began at the UTC instant
    `recurrence`; to what went over to their calendar address, too, by the page or the desk.

    One to all that `keeps_single` leaves dates as they are that were answered one by one.
    Without a SEQUENCE it counts as given to what was told last. Raises Conflict when nothing of it
    stands or is ahead any more, InputError for a date it does not have.
    """
    is_shown = way in SHOWN
    times = gone_over_times(invitation, recurrence, now) if is_shown else {}
    if not times or (recurrence is None and invitation.told is not None):
        if not _is_series(invitation, recurrence, now):
            recurrence = None
        times |= answered_times(invitation, recurrence, sequence, is_shown=is_shown)
    if keeps_single:
        times = _without_single(times, invitation)
    given = AnswerGiven(
        id=new_id(),
        uid=invitation.uid,
        person_id=invitation.person_id,
        recurrence=recurrence,
        answer=answer,
        sequence=invitation.sequence if sequence is None else sequence,
        stamp=now if is_shown else stamp,
        given_at=now,
        way=way,
        comment=comment,
        answered_to=times,
    )
    db.session.add(given)
    db.session.flush()
    about = {
        "uid": invitation.uid,
        "answer": answer.value,
        "way": way,
    }
    audit.append("invitations.answered", f"person {invitation.person_id}", about, by=by, now=now)
    note_no([invitation.person_id], now=now)
    note_answer_of(invitation.person_id)
    return given


def _without_single(times: Document, invitation: Invitation) -> Document:
    """Return the times without those of dates that stand answered one by one. Raises Conflict where
    that leaves none.
    """
    kept = {date.session_id for date in dates_of_page(invitation) if date.stands_alone}
    rest = {session_id: time for session_id, time in times.items() if session_id not in kept}
    if not rest:
        raise Conflict("each date was answered by itself; change the answer there")
    return rest


def _is_series(invitation: Invitation, recurrence: datetime | None, now: datetime) -> bool:
    """Refuse what cannot be answered, and say whether the invitation has dates to answer one by
    one.
    """
    if invitation.told is None:
        raise Conflict("this appointment is no longer on your calendar")
    content = Content.of_document(invitation.told)
    if all(meeting.begins_at <= now for meeting in content.meetings):
        raise Conflict("this appointment is over")
    if content.series and recurrence is not None and recurrence not in dates_of(content):
        raise InputError("the appointment does not have this date")
    return content.series


def newest(uid: str, recurrence: datetime | None) -> AnswerGiven | None:
    """Return the answer that counts for an invitation or one date of it: by SEQUENCE, then by
    stamp.
    """
    rows = select(AnswerGiven).where(AnswerGiven.uid == uid)
    if recurrence is None:
        rows = rows.where(AnswerGiven.recurrence.is_(None))
    else:
        rows = rows.where(AnswerGiven.recurrence == recurrence)
    return max(db.session.scalars(rows), key=order, default=None)
