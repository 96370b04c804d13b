"""The answer to a proposal of another time: it stays as it is (RFC 5546 3.2.8). Pure."""

from datetime import datetime

from scheduler.ical.entry import Party
from scheduler.ical.lines import line, text_line
from scheduler.ical.text import SUMMARY_LIMIT, safe_text
from scheduler.ical.write import calendar_of, person_line, utc_line


def decline_counter(
    *, uid: str, sequence: int, stamp: datetime, title: str, recurrence: datetime | None, organizer: Party,
    attendee: Party,
) -> bytes:  # fmt: skip
    """Give the METHOD:DECLINECOUNTER to the one who proposed: UID and SEQUENCE echoed, the entry unchanged.

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
        text_line("SUMMARY", safe_text(title, limit=SUMMARY_LIMIT)),
        line("END", "VEVENT"),
    ]
    return calendar_of([line("METHOD", "DECLINECOUNTER"), *lines])
