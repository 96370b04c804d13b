"""Answers to invitations: by mail or on the personal page, one history."""

from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.invitations.model.content import Content
from scheduler.invitations.model.models import Answer, AnswerGiven, Invitation
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.kernel.ids import new_id

PAGE = "page"
MAIL = "mail"


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
) -> AnswerGiven:
    """Note an answer to all of an invitation, or to the one date that began at the UTC instant
    `recurrence`.

    Without a SEQUENCE it counts as given to what was told last. Raises Conflict when nothing of it
    stands or is ahead any more, InputError for a date it does not have.
    """
    if not _is_series(invitation, recurrence, now):
        recurrence = None
    given = AnswerGiven(
        id=new_id(),
        uid=invitation.uid,
        person_id=invitation.person_id,
        recurrence=recurrence,
        answer=answer,
        sequence=invitation.sequence if sequence is None else sequence,
        stamp=now if way == PAGE else stamp,
        given_at=now,
        way=way,
        comment=comment,
    )
    db.session.add(given)
    db.session.flush()
    about = {
        "uid": invitation.uid,
        "answer": answer.value,
        "way": way,
    }
    audit.append("invitations.answered", f"person {invitation.person_id}", about, by=by, now=now)
    return given


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


def dates_of(content: Content) -> dict[datetime, datetime]:
    """Return the instant by which each date of a series is named, and the instant at which it now
    begins.
    """
    if not content.series:
        return {meeting.begins_at: meeting.begins_at for meeting in content.meetings}
    original = {}
    form = content.form()
    if form is not None:
        original = {instance.start: instance.original for instance in form.moved}
    dates = {}
    for meeting in content.meetings:
        name = content.instant(original.get(meeting.start, meeting.start))
        dates[name] = meeting.begins_at
    return dates


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


def order(given: AnswerGiven) -> tuple[int, datetime]:
    """Return what decides between two answers (RFC 5546 2.1.5); one without a SEQUENCE counts as to
    the newest.
    """
    return given.sequence if given.sequence is not None else 2**31, given.stamp or given.given_at
