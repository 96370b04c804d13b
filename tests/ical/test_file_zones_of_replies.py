"""A reply that names its date in a zone of its own, as Outlook does (RFC 5545 3.2.19)."""

from datetime import UTC, datetime

import pytest

from scheduler.ical import in_utc, parse_reply

ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
REPLY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x
METHOD:REPLY
{zone}BEGIN:VEVENT
UID:a@sp
DTSTAMP:20270301T120000Z
ATTENDEE;PARTSTAT=ACCEPTED:mailto:m@family.example
RECURRENCE-ID;TZID={tzid}:{wall}
END:VEVENT
END:VCALENDAR
"""


def recurrence(tzid: str, wall: str, defined: str | None = None) -> datetime | None:
    zone = ZONE.format(name=defined) if defined else ""
    said = REPLY.format(zone=zone, tzid=tzid, wall=wall).replace("\n", "\r\n").encode()
    return parse_reply(in_utc(said)).recurrence


@pytest.mark.parametrize(
    ("tzid", "defined"),
    [
        ("Customized Time Zone", "Customized Time Zone"),
        ('"Customized Time Zone"', "Customized Time Zone"),
        ("(UTC-05:00) Eastern Time", "(UTC-05:00) Eastern Time"),
        ("Eastern Standard Time", None),
        ("Europe/London", "Europe/London"),
    ],
    ids=["customized", "quoted", "by its offset", "Windows", "the file's own counts"],
)
@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("20270309T180000", datetime(2027, 3, 9, 23, tzinfo=UTC)),
        ("20270316T180000", datetime(2027, 3, 16, 22, tzinfo=UTC)),
    ],
    ids=["winter", "summer"],
)
def test_date_of_a_reply_is_read_by_the_files_own_zone(
    tzid: str, defined: str | None, wall: str, instant: datetime
) -> None:
    if "(UTC" in tzid:
        tzid = f'"{tzid}"'
    assert recurrence(tzid, wall, defined) == instant


def test_message_without_a_zone_of_its_own_is_left_as_it_is() -> None:
    said = REPLY.format(zone="", tzid="Europe/London", wall="20270316T180000").encode()

    assert in_utc(said) == said
