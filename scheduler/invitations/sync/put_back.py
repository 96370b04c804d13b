"""Which of what is told takes place after all: somebody was told it is off, and it was put back
since.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from scheduler.invitations.model.content import Content
from scheduler.invitations.model.itip import Message
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.sessions.models import SessionChange

Ended = Mapping[tuple[str, str], datetime]
"""By person and session (ids) when they were told that it is no longer on their calendar."""


def ended_for(people: Collection[str]) -> Ended:
    """Return of these people (ids) what they were told is off, and what stands for none of their
    invitations.
    """
    rows = select(Invitation).where(Invitation.person_id.in_(list(people)))
    ended: dict[tuple[str, str], datetime] = {}
    stands = set()
    for row in db.session.scalars(rows):
        for session_id, *_ in row.was or ():
            key = row.person_id, session_id
            ended[key] = max(row.told_at, ended.get(key, row.told_at))
        if row.told:
            meetings = Content.of_document(row.told).meetings
        else:
            meetings = ()
        for meeting in meetings:
            stands.add((row.person_id, meeting.session_id))
    return {key: at for key, at in ended.items() if key not in stands}


def with_back(message: Message, person_id: str, ended: Ended) -> Message:
    """Return a message that knows which of its meetings were off and have been put back."""
    off = {}
    for meeting in message.fresh():
        at = ended.get((person_id, meeting.session_id))
        if at is not None:
            off[meeting.session_id] = at
    if not off:
        return message
    back = set()
    for session_id, at in _put_back(off).items():
        if at >= off[session_id]:
            back.add(session_id)
    return replace(message, back=frozenset(back))


def _put_back(sessions: Collection[str]) -> dict[str, datetime]:
    """Return by session (id) when it was last put back, for those that ever were."""
    rows = (
        select(SessionChange.session_id, func.max(SessionChange.changed_at).label("at"))
        .where(
            SessionChange.session_id.in_(list(sessions)),
            SessionChange.starts_at.is_(None),
            SessionChange.version > 0,
        )
        .group_by(SessionChange.session_id)
    )
    return {row.session_id: row.at for row in db.session.execute(rows)}
