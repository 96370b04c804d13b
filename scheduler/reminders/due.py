"""When a reminder is due, and until when it is worth anything. Pure.

The day before: 24 hours of wall time before the start, in the recipient's zone, moved into the hours in which one may
be disturbed (08:00 to 20:00). One hour before: exactly that, at whatever hour.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.reminders.models import Lead

AHEAD = timedelta(hours=48)
"""How far ahead rows are made."""
EARLIEST, LATEST = time(8), time(20)
"""Between these wall times of the recipient's zone a day-before reminder is sent (domain 6.2)."""
HOUR = timedelta(hours=1)
LAST_CALL = timedelta(minutes=10)
"""Before the start; later than that no reminder helps."""


def due_at(lead: Lead, starts_at: datetime, zone: str) -> datetime:
    """Give the UTC instant at which to remind somebody in `zone` of a session that starts at `starts_at`."""
    if lead is Lead.HOUR_BEFORE:
        return starts_at - HOUR
    wall = starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(days=1)
    shifted = min(max(wall.time(), EARLIEST), LATEST)
    return datetime.combine(wall.date(), shifted, ZoneInfo(zone)).astimezone(UTC)


def worthless_at(lead: Lead, starts_at: datetime) -> datetime:
    """Give the UTC instant from which the reminder is not sent any more.

    The day-before reminder gives way to the other one; that one ends ten minutes before the start.
    """
    return starts_at - (HOUR if lead is Lead.DAY_BEFORE else LAST_CALL)
