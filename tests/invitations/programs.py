"""Answers as the calendar programs of relatives write them, rebuilt from their documented
shapes.
"""

from base64 import encodebytes
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

OURS = "calendar@sp-cal.example"
PROGRAMS = ("gmail", "outlook", "outlook.com", "apple", "thunderbird", "proton", "nextcloud")

HEADS = {
    "gmail": (
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
    ),
    "outlook": ("PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "VERSION:2.0"),
    "outlook.com": ("PRODID:Microsoft Exchange Server 2010", "VERSION:2.0"),
    "apple": ("PRODID:-//Apple Inc.//macOS 14.5//EN", "VERSION:2.0", "CALSCALE:GREGORIAN"),
    "thunderbird": ("PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", "VERSION:2.0"),
    "proton": (
        "PRODID:-//Proton AG//WebCalendar 5.0.39.2//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
    ),
    "nextcloud": (
        "PRODID:-//IDN nextcloud.com//Calendar app 4.7.6//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
    ),
}
ATTENDEES = {
    "gmail": (
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={word};CN=Dana\r\n  "
        "Lee;X-NUM-GUESTS=0:mailto:{who}"
    ),
    "outlook": 'ATTENDEE;PARTSTAT={word};CN="Dana Lee";X-NOTE="a: b":MAILTO:{who}',
    "outlook.com": "ATTENDEE;PARTSTAT={word};CN=Dana Lee:MAILTO:{who}",
    "apple": 'ATTENDEE;CN="Dana '
    'Lee";CUTYPE=INDIVIDUAL;EMAIL="{who}";PARTSTAT={word};ROLE=REQ-PARTICIPANT:mailto:{who}',
    "thunderbird": "ATTENDEE;PARTSTAT={word};ROLE=REQ-PARTICIPANT:mailto:{who}",
    "proton": "ATTENDEE;PARTSTAT={word}:mailto:{who}",
    "nextcloud": "ATTENDEE;CN=Dana "
    "Lee;CUTYPE=INDIVIDUAL;LANGUAGE=en;PARTSTAT={word};ROLE=REQ-PARTICIPANT:mailto:{who}",
}
WINDOWS_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Eastern Standard Time",
    "BEGIN:STANDARD",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:-0400",
    "TZOFFSETTO:-0500",
    "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:-0500",
    "TZOFFSETTO:-0400",
    "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Said:
    """What a program is to answer; `start` is the meeting's, `recurrence` the one date meant."""

    uid: str
    start: datetime
    stamp: datetime
    word: str = "ACCEPTED"
    who: str = "m@family.example"
    sequence: int | None = 0
    recurrence: datetime | None = None
    comment: str | None = None
    method: str = "REPLY"


def written(program: str, said: Said) -> str:
    """The calendar part as the program writes it."""
    windows = program in {"outlook", "outlook.com"}
    end = said.start + timedelta(hours=1)
    event = [
        f"UID:{said.uid}",
        f"DTSTAMP:{said.stamp:%Y%m%dT%H%M%SZ}",
        ATTENDEES[program].format(word=said.word, who=said.who),
        moment("DTSTART", said.start, windows),
        moment("DTEND", end, windows),
        "SUMMARY:Accepted: Appointment" if windows else "SUMMARY:Appointment",
    ]
    if program != "outlook.com":
        event.append(f"ORGANIZER;CN=SP Calendar:{'MAILTO' if windows else 'mailto'}:{OURS}")
        event += [f"SEQUENCE:{said.sequence}"] if said.sequence is not None else []
    if said.recurrence is not None:
        event.append(moment("RECURRENCE-ID", said.recurrence, windows))
    if windows:
        event += [
            "CLASS:PUBLIC",
            "PRIORITY:5",
            "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
        ]
    if said.comment is not None or windows:
        event.append(f"COMMENT;LANGUAGE=en-US:{said.comment or ''}")
    zone = WINDOWS_ZONE if windows else ()
    lines = [
        "BEGIN:VCALENDAR",
        *HEADS[program],
        f"METHOD:{said.method}",
        *zone,
        "BEGIN:VEVENT",
        *event,
        "END:VEVENT",
    ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def moment(name: str, at: datetime, windows: bool) -> str:
    """A time as the program says it: in UTC, or in Windows' own zone."""
    if not windows:
        return f"{name}:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return (
        f'{name};TZID="Eastern Standard '
        f'Time":{at.astimezone(ZoneInfo("America/New_York")):%Y%m%dT%H%M%S}'
    )


def mailed(
    program: str, said: Said, *, sender: str | None = None, headers: tuple[str, ...] = ()
) -> bytes:
    """The whole mail as the program sends it."""
    calendar = encodebytes(written(program, said).encode()).decode().replace("\n", "\r\n")
    typed = f'text/calendar; charset="UTF-8"; method={said.method}'
    plain = part("text/plain; charset=utf-8", "Dana has answered.\r\n")
    html = part("text/html; charset=utf-8", "<p>Dana has answered.</p>\r\n")
    inline = part(typed, calendar, "Content-Transfer-Encoding: base64")
    named = 'Content-Disposition: attachment; filename="invite.ics"'
    attached = {
        "gmail": 'application/ics; name="invite.ics"',
        "thunderbird": 'application/ics; name="invite.ics"',
        "proton": typed,
        "nextcloud": 'application/octet-stream; name="invite.ics"',
    }.get(program)
    more = (
        ()
        if attached is None
        else (part(attached, calendar, named, "Content-Transfer-Encoding: base64"),)
    )
    bodies = {
        "gmail": several("mixed", several("alternative", plain, html, inline), *more),
        "thunderbird": several("mixed", several("alternative", plain, inline), *more),
        "proton": several("mixed", plain, *more),
        "nextcloud": several("mixed", plain, *more),
        "apple": several("alternative", plain, several("mixed", html, inline)),
    }
    google = (
        "Sender: Google Calendar <calendar-notification@google.com>",
        "Auto-Submitted: auto-generated",
    )
    head = [
        *headers,
        f"From: Dana Lee <{sender or said.who}>",
        f"To: {OURS}",
        f"Message-ID: <{program}-{said.stamp:%H%M%S}@mail.example>",
        "MIME-Version: 1.0",
        *(google if program == "gmail" else ()),
    ]
    body = bodies.get(program, several("alternative", plain, html, inline))
    return ("\r\n".join(head) + "\r\n" + body).encode()


def part(kind: str, body: str, *headers: str) -> str:
    """One part of a mail."""
    return "\r\n".join([f"Content-Type: {kind}", *headers, "", body])


def several(kind: str, *parts: str) -> str:
    """Some parts in one."""
    mark = f"--{kind}-{len(parts)}"
    inside = "".join(f"--{mark}\r\n{one}\r\n" for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n{inside}--{mark}--\r\n'
