"""The answer to a proposal of another time: it stays as it is (RFC 5546 3.2.8). Pure."""

from datetime import datetime

from scheduler.ical.calendar_component import Party
from scheduler.ical.lines import line
from scheduler.ical.serialize import calendar_of, person_line, utc_line


def decline_counter(
    *,
    uid: str,
    sequence: int,
    stamp: datetime,
    recurrence: datetime | None,
    organizer: Party,
    attendee: Party,
) -> bytes:
    """Return the METHOD:DECLINECOUNTER to the one who proposed: UID and SEQUENCE echoed, the entry
    unchanged.

    Nothing else is said of it, no title either (RFC 5546 3.2.8).

    `recurrence` is the instant of the one date of a series that was spoken of.
    """
    lines = [
        line("BEGIN", "VEVENT"),
        line("UID", uid),
        utc_line("DTSTAMP", stamp),
        line("SEQUENCE", str(sequence)),
        person_line("ORGANIZER", organizer),
        person_line("ATTENDEE", attendee),
        *([utc_line("RECURRENCE-ID", recurrence)] if recurrence else []),
        line("END", "VEVENT"),
    ]
    return calendar_of([line("METHOD", "DECLINECOUNTER"), *lines])
