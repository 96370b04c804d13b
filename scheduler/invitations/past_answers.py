"""What people were told and answered of dates, for figures: by person and session, many at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from scheduler.invitations.model.models import AnswerGiven, Invitation
from scheduler.invitations.model.standing_answers import NEWEST
from scheduler.kernel.database import db

Key = tuple[str, str]
"""A person and a session, by ids."""


def told_by_date(people: Collection[str]) -> dict[Key, datetime]:
    """Return by person and session when these people (ids) were told of it last."""
    found: dict[Key, datetime] = {}
    rows = select(Invitation.person_id, Invitation.told, Invitation.told_at)
    wanted = rows.where(Invitation.told.is_not(None))
    for person_id, told, told_at in db.session.execute(wanted):
        if person_id not in people:
            continue
        for meeting in told["meetings"]:
            found[person_id, meeting[0]] = told_at
    return found


def answers_by_date(people: Collection[str]) -> dict[Key, tuple[str, datetime | None]]:
    """Return by person and session the newest answer of these people (ids), in lower case, and the
    start it was given to; None where that is not known.
    """
    found: dict[Key, tuple[str, datetime | None]] = {}
    unknown: dict[str, dict[str, str]] = {}
    for row in sorted(_given(), key=_order):
        if row.person_id not in people:
            continue
        answer = row.answer.value.lower()
        times = row.answered_to
        if times is None:
            times = unknown.setdefault(row.uid, _told_under(row.uid))
            if row.recurrence is not None:
                times = _of_date(times, row.recurrence)
            for session_id in times:
                found[row.person_id, session_id] = (answer, None)
            continue
        for session_id, (begins, _minutes) in times.items():
            found[row.person_id, session_id] = (answer, datetime.fromisoformat(begins))
    return found


def _given() -> list[AnswerGiven]:
    return list(db.session.scalars(select(AnswerGiven)))


def _order(given: AnswerGiven) -> tuple[datetime, int, bool, str]:
    sequence = NEWEST if given.sequence is None else given.sequence
    return given.given_at, sequence, given.recurrence is None, given.id


def _told_under(uid: str) -> dict[str, str]:
    """Return by session (id) when it begins as it was told under a calendar name."""
    told = db.session.scalar(select(Invitation.told).where(Invitation.uid == uid))
    if told is None:
        return {}
    return {meeting[0]: meeting[3] for meeting in told["meetings"]}


def _of_date(times: dict[str, str], recurrence: datetime) -> dict[str, str]:
    found = {}
    for session_id, begins in times.items():
        if datetime.fromisoformat(begins) == recurrence:
            found[session_id] = begins
    return found
