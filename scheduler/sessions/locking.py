"""Keeping people and a room still while their hours are looked at, so that two can never take the
same one.
"""

from collections.abc import Collection

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people.models import Person
from scheduler.programs.models import VideoRoom
from scheduler.sessions.models import Session


def lock_people_and_room(people: Collection[str], rooms: Collection[str] = ()) -> None:
    """Lock these people and rooms (ids) until the transaction ends; whoever else asks waits, then
    sees what we wrote.

    In one order, so that nobody waits in a circle. SQLite's transactions that write are one after
    another anyway.
    """
    for column, ids in ((Person.id, people), (VideoRoom.id, rooms)):
        if ids:
            rows = select(column).where(column.in_(sorted(ids))).order_by(column)
            db.session.execute(rows.with_for_update(key_share=True)).all()


def hold_still(session: Session) -> None:
    """Lock a session until the transaction ends, whichever door it is changed through. Raises
    Conflict when somebody changed it since it was read.
    """
    wanted = select(Session.version).where(Session.id == session.id)
    if db.session.scalar(wanted.with_for_update()) != session.version:
        raise Conflict(
            f"somebody else changed {session.key} in the meantime; nothing was changed, look at it "
            "anew"
        )
