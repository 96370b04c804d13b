"""Which of what is told takes place after all: somebody was told it is off, and it was put back
since.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select

from scheduler.invitations.model.content import Content
from scheduler.invitations.model.itip import Message
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.sessions.models import SessionChange


@dataclass(slots=True)
class Off:
    """When somebody was told that a session is no longer on their calendar, and the starts (UTC)
    it had there.
    """

    told_at: datetime
    starts: set[datetime] = field(default_factory=set)


Ended = Mapping[tuple[str, str], Off]
"""What people were told is off, by person and session (ids)."""


def ended_for(people: Collection[str]) -> Ended:
    """Return of these people (ids) what they were told is off, and what stands for none of their
    invitations.
    """
    rows = select(Invitation).where(Invitation.person_id.in_(list(people)))
    ended: dict[tuple[str, str], Off] = {}
    stands = set()
    for row in db.session.scalars(rows):
        for session_id, begins, _minutes in row.was or ():
            key = row.person_id, session_id
            off = ended.setdefault(key, Off(row.told_at))
            off.told_at = max(row.told_at, off.told_at)
            off.starts.add(datetime.fromisoformat(begins))
        if row.told:
            meetings = Content.of_document(row.told).meetings
        else:
            meetings = ()
        for meeting in meetings:
            stands.add((row.person_id, meeting.session_id))
    return {key: off for key, off in ended.items() if key not in stands}


def with_back(message: Message, person_id: str, ended: Ended) -> Message:
    """Return a message that knows which of its meetings were off and have been put back where they
    were: at another time it is a new date to its reader.
    """
    off = {}
    for meeting in message.fresh():
        known = ended.get((person_id, meeting.session_id))
        if known is not None and meeting.begins_at in known.starts:
            off[meeting.session_id] = known.told_at
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
