"""Putting out of a room who may be there no longer, within a tick of the withdrawal."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.consents import RoomExit, end_entries, exits_due
from scheduler.kernel.database import db
from scheduler.kernel.logs import Log
from scheduler.rooms import RoomUnavailable, Visit, end_call, room_settings

log = Log(__name__)


@dataclass(frozen=True, slots=True)
class _Exit:
    session_id: str
    people: tuple[str, ...]
    call: str | None
    """What the video service is asked; None where it cannot put anybody out."""


def put_out(*, by: str, now: datetime) -> int:
    """End what was handed over to people who may not be in a room any more; return how many.

    The service is called while no transaction is open; whoever may stay comes back by their door.
    """
    due = [_prepared(leaving) for leaving in exits_due(now)]
    db.session.rollback()
    for leaving in due:
        is_done = leaving.call is not None and _is_ended(leaving.call)
        end_entries(
            leaving.session_id,
            leaving.people,
            is_done=is_done,
            by=by,
            now=now,
        )
        db.session.commit()
    return sum(len(leaving.people) for leaving in due)


def _prepared(leaving: RoomExit) -> _Exit:
    session = leaving.session
    visit = Visit(
        session.id,
        session.starts_at,
        session.ends_at,
        person_id="",
        name="",
    )
    call = None
    try:
        call = (
            end_call(
                session.room,
                visit,
            )
            if session.room is not None
            else None
        )
    except RoomUnavailable as error:
        log.error(
            "room unavailable",
            error=error,
        )
    return _Exit(
        session.id,
        leaving.people,
        call,
    )


def _is_ended(call: str) -> bool:
    try:
        answer = room_settings().ask(call)
    except OSError:
        # Without the cause: its words may hold the signed call.
        log.error("room not ended")
        return False
    return b"<returncode>SUCCESS</returncode>" in answer or b"notFound" in answer
