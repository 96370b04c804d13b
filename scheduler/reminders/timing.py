"""When a reminder is due, and until when it is worth anything. Pure.

All but the last are moved into the hours in which one may be disturbed, in the recipient's zone.
The last comes exactly one hour before, at whatever hour.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.reminders.policy import Lead, Policy

AHEAD = timedelta(days=8)
"""How far ahead rows are made: the Sunday before a week, and a day to spare."""
DIGEST = time(17)
"""Sunday, wall time of the recipient (domain 6.1)."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ON_THE_EVE = (Lead.FIRST_24H, Lead.DAY_BEFORE)
"""These come at an hour of the evening before, where somebody chose one."""
LAST_CALL = timedelta(minutes=10)
"""Before the start; later than that no reminder helps."""
BEFORE = {
    Lead.FIRST_72H: timedelta(hours=72),
    Lead.FIRST_24H: DAY,
    Lead.DAY_BEFORE: DAY,
    Lead.ASK_MAIL: timedelta(hours=72),
    Lead.ASK_TEXT: timedelta(hours=48),
    Lead.ASK_SECOND: timedelta(hours=36),
    Lead.ASK_STAFF: DAY,
}
"""Wall time before the start."""
UNTIL = {
    Lead.FIRST_72H: timedelta(hours=36),
    Lead.FIRST_24H: HOUR,
    Lead.WEEK_AHEAD: HOUR,
    Lead.DAY_BEFORE: HOUR,
    Lead.HOUR_BEFORE: LAST_CALL,
    Lead.ASK_MAIL: timedelta(hours=50),
    Lead.ASK_TEXT: timedelta(hours=37),
    Lead.ASK_SECOND: timedelta(hours=25),
    Lead.ASK_STAFF: LAST_CALL,
}
"""Before the start: from then on the next reminder, or the session itself, has taken its place."""


def due_at(
    lead: Lead, starts_at: datetime, zone: str, policy: Policy, evening: int | None = None
) -> datetime:
    """Return the UTC instant at which to remind somebody in `zone` of a session that starts at
    `starts_at`; `evening` is the hour of the day before at which they want to be.
    """
    if lead is Lead.HOUR_BEFORE:
        return starts_at - HOUR
    there = ZoneInfo(zone)
    wall = starts_at.astimezone(there).replace(tzinfo=None)
    if lead is Lead.WEEK_AHEAD:
        since_sunday = timedelta(days=wall.weekday() + 1)
        due = datetime.combine(wall.date() - since_sunday, DIGEST, there)
        return due.astimezone(UTC)
    if lead in ON_THE_EVE and evening is not None:
        eve = datetime.combine(wall.date() - DAY, time(evening), there)
        return eve.astimezone(UTC)
    wall -= BEFORE[lead]
    earliest, latest = time(policy.earliest), time(policy.latest)
    shifted = min(max(wall.time(), earliest), latest)
    due = datetime.combine(wall.date(), shifted, there)
    return due.astimezone(UTC)


def worthless_at(lead: Lead, starts_at: datetime, due: datetime) -> datetime:
    """Return the UTC instant from which the reminder is not sent any more.

    Each gives way to the next; the week's is stale a day after it was due.
    """
    end = starts_at - UNTIL[lead]
    if lead is Lead.WEEK_AHEAD:
        return min(end, due + DAY)
    return end
