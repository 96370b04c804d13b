"""A law changes a zone's clock: wall times stay as they were agreed, and the instants that follow
from them move.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler import audit
from scheduler.ical import steady, to_utc
from scheduler.kernel.database import db
from scheduler.sessions.double_booking import refuse_double_booking
from scheduler.sessions.lifecycle import zone_rules
from scheduler.sessions.models import Session, Status


@dataclass(frozen=True, slots=True)
class MovedByLaw:
    """A session whose wall time is `starts_at` by the installed rules; not `steady`: in a skipped
    or doubled hour.
    """

    session: Session
    starts_at: datetime
    steady: bool


def moved_by_law(*, now: datetime) -> list[MovedByLaw]:
    """Return the sessions ahead whose instant is not what the installed time zone rules make of
    their wall time.
    """
    found = []
    for row in _ahead(now):
        wall = datetime.fromisoformat(row.starts_local)
        begin = to_utc(wall, row.zone)
        if begin != row.starts_at:
            found.append(MovedByLaw(row, begin, steady(wall, row.minutes, row.zone)))
    return found


def apply_tzdata_update(*, by: str, now: datetime) -> list[MovedByLaw]:
    """Let the instants of all sessions ahead follow the installed rules, and give those that moved
    or could not.

    What moves is a new version (SEQUENCE rises, RFC 5546 2.1.4); of the rest only the stamp is new,
    so that feeds carry the new VTIMEZONE. A session that would begin in a skipped or doubled hour
    stays as it is for a person to move. Raises Conflict, naming both, when two sessions would bind
    somebody or a room at once.
    """
    moved = moved_by_law(now=now)
    left = {move.session.id for move in moved if not move.steady}
    rules = zone_rules()
    for row in _ahead(now):
        if row.zone_rules != rules and row.id not in left:
            row.zone_rules = rules
            row.changed_at = now
    for move in moved:
        if move.steady:
            row = move.session
            details = {
                "from": row.starts_at.isoformat(),
                "to": move.starts_at.isoformat(),
                "rules": rules,
            }
            row.starts_at = move.starts_at
            row.ends_at = move.starts_at + timedelta(minutes=row.minutes)
            row.version, row.changed_at, row.zone_rules = row.version + 1, now, rules
            audit.append("sessions.rules", row.key, details, by=by, now=now)
    refuse_double_booking()
    return moved


def _ahead(now: datetime) -> list[Session]:
    rows = select(Session).where(
        Session.status == Status.SCHEDULED,
        Session.starts_at > now,
    )
    return list(db.session.scalars(rows.order_by(Session.starts_at, Session.key)).unique())
