"""What an address that has ended still says, for a while: one neutral entry long ago, so that
programs let go of what they kept. A calendar without any entry is none (RFC 5545 3.6). Pure.
"""

from datetime import datetime, timedelta

from scheduler.i18n import catalog, neutral_title
from scheduler.ical import feed
from scheduler.sessions import calendar_entry

CLEARED = timedelta(days=14)
"""How long an ended address says so before it is as unknown as any other (H12)."""
LONG_AGO = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - wall time, as every entry's
TITLE = "Appointment"


def ended_calendar(
    feed_id: str, *, zone: str, host: str, language: str | None, at: datetime
) -> bytes:
    """Return the calendar of an address that ended at `at`."""
    entry = calendar_entry(
        [(LONG_AGO, 15)],
        zone=zone,
        series=False,
        uid=f"{feed_id}-ended@{host}",
        sequence=0,
        stamp=at,
        changed=at,
        title=neutral_title(TITLE, language),
    )
    name = catalog(language).gettext("My appointments")
    return feed([entry], name=name)
