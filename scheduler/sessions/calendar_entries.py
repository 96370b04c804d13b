"""The calendar entry for one or more meetings under one name: a single one, or a series with its
exceptions. Pure.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from scheduler.ical import Entry
from scheduler.sessions.series import regular_form


def calendar_entry(
    meetings: Sequence[tuple[datetime, int]], *, zone: str, series: bool, **words: Any
) -> Entry:
    """Return the entry for meetings as (naive wall-clock start in `zone`, minutes).

    `words` are Entry's other fields: uid, sequence, stamp, changed, title, description, link.
    Raises ValueError for a series that no weekly rule says, and for several meetings that are no
    series.
    """
    if not series:
        ((start, minutes),) = meetings
        return Entry(zone=zone, start=start, minutes=minutes, **words)
    form = regular_form(meetings, zone, kept=True)
    if form is None:
        raise ValueError("no weekly rule says these meetings")
    return Entry(
        zone=zone,
        start=form.start,
        minutes=form.minutes,
        rule=form.rule,
        without=form.without,
        moved=form.moved,
        **words,
    )
