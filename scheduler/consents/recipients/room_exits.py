"""Who is in a room and may be there no longer: withdrawn, discharged, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from scheduler import audit, tasks
from scheduler.consents.recipients.queries import audience
from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.sessions.models import RoomEntry, Session, Status

EARLIEST = timedelta(hours=1)
"""Nobody is let into a room sooner before its session."""
LONGEST = timedelta(days=1)
"""No session lasts longer."""
ASK_TO_LEAVE = N_(
    "{name} was let into the room of a session that goes on, and may not be there any more. Ask "
    "them to leave: the video service cannot do it by itself."
)


@dataclass(frozen=True, slots=True)
class RoomExit:
    """Those (ids) who were let into the room of `session` and may not be there any more."""

    session: Session
    people: tuple[str, ...]


def exits_due(now: datetime) -> list[RoomExit]:
    """Return who is to leave which room at this moment."""
    inside = _inside(now)
    due = []
    for session, people in inside.items():
        may = set()
        if session.status is Status.SCHEDULED:
            may = {
                recipient.person.id
                for recipient in audience(
                    session,
                    now=now,
                )
            }
            may |= {lead.id for lead in session.leads}
        leaving = tuple(person for person in people if person not in may)
        if leaving:
            due.append(
                RoomExit(
                    session,
                    leaving,
                )
            )
    return due


def end_entries(
    session_id: str, people: Sequence[str], *, is_done: bool, by: str, now: datetime
) -> None:
    """Write down that these people's way into a room is ended. Unless the service has put them out
    (`is_done`), who leads the session is asked to.
    """
    session = db.session.get_one(
        Session,
        session_id,
    )
    for person_id in people:
        theirs = RoomEntry.session_id == session_id, RoomEntry.person_id == person_id
        db.session.execute(update(RoomEntry).where(*theirs).values(ended_at=now))
        audit.append(
            "sessions.put_out",
            session.key,
            {"person": person_id},
            by=by,
            now=now,
        )
        if not is_done and session.status is Status.SCHEDULED:
            _ask_leads(
                session,
                db.session.get_one(Person, person_id),
                now,
            )


def _ask_leads(session: Session, person: Person, now: datetime) -> None:
    for lead in session.leads:
        tasks.raise_task(
            "room_exit",
            f"room_exit:{session.id}:{person.id}:{lead.id}:{now.isoformat()}",
            ASK_TO_LEAVE.format(name=person.name),
            about_id=person.id,
            for_id=lead.id,
            now=now,
        )


def _inside(now: datetime) -> dict[Session, list[str]]:
    """Return who was let into which session's room that is not over."""
    wanted = (
        select(
            Session,
            RoomEntry.person_id,
        )
        .join(RoomEntry, RoomEntry.session_id == Session.id)
        .where(
            Session.starts_at > now - LONGEST,
            Session.starts_at < now + EARLIEST,
            Session.ends_at > now,
            RoomEntry.ended_at.is_(None),
        )
        .order_by(Session.starts_at, RoomEntry.person_id)
    )
    inside: dict[Session, list[str]] = {}
    for session, person_id in db.session.execute(wanted):
        inside.setdefault(
            session,
            [],
        ).append(person_id)
    return inside
