"""A place in an open evening, and the way in: made for one visit, under a name that others see and
that is kept nowhere.
"""

from datetime import datetime

from sqlalchemy import update

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.open_evenings.models import OpenEvening
from scheduler.rooms import Visit, room_address


def take_place(evening: OpenEvening) -> bool:
    """Take one of the places that are left; False when there is none. Two at once never take the
    same.
    """
    taken = db.session.execute(
        update(OpenEvening)
        .where(OpenEvening.id == evening.id, OpenEvening.taken < OpenEvening.places)
        .values(taken=OpenEvening.taken + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(evening, ["taken"])
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def way_in(evening: OpenEvening, name: str, *, moderates: bool = False, now: datetime) -> str:
    """Return the address of the evening's own room for one visit. Raises RoomUnavailable."""
    visit = Visit(
        session_id=f"open:{evening.id}",
        starts_at=evening.starts_at,
        ends_at=evening.ends_at,
        person_id=new_id(),
        name=name,
        moderates=moderates,
    )
    return room_address(evening.room, visit, now=now)
