"""What repeats is the same whether its rule is followed from the first day or from near now."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.ical import read_busy
from scheduler.ical.busy_times import joined

FIRST = datetime(2027, 2, 22, 12, tzinfo=UTC)
LAST = datetime(2028, 4, 4, 12, tzinfo=UTC)
RULES = (
    "FREQ=HOURLY;INTERVAL=13",
    "FREQ=HOURLY;INTERVAL=36;COUNT=9000",
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=11",
    "FREQ=DAILY;INTERVAL=3;COUNT=2000",
    "FREQ=DAILY;BYMONTH=3,7",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE,SU;WKST=SU",
    "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=1500",
    "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270815T000000Z",
    "FREQ=WEEKLY;COUNT=1200",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;INTERVAL=5",
    "FREQ=MONTHLY;COUNT=300",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY",
    "FREQ=YEARLY;INTERVAL=3",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
    "FREQ=YEARLY;BYYEARDAY=100,-1",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
)
ZONES = ("America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kolkata")
MOVED = ("", "RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE")


def calendar(rule: str, start: datetime, length: timedelta, zone: str, moved: str) -> bytes:
    """A series, and one of its dates two hours later, alone or with all that follow."""

    def event(begin: datetime, line: str) -> list[str]:
        times = [
            f"DTSTART;TZID={zone}:{begin:%Y%m%dT%H%M%S}",
            f"DTEND;TZID={zone}:{begin + length:%Y%m%dT%H%M%S}",
        ]
        return ["BEGIN:VEVENT", "UID:a@x", *times, line, "END:VEVENT"]

    lines = event(start, f"RRULE:{rule}")
    if moved:
        name, _, parameter = moved.partition(";")
        head = f"{name};{parameter};TZID={zone}" if parameter else f"{name};TZID={zone}"
        lines += event(start + timedelta(hours=2), f"{head}:{start:%Y%m%dT%H%M%S}")
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *lines, "END:VCALENDAR", ""]
    return "\r\n".join(whole).encode()


def from_the_first_day(data: bytes, zone: str) -> tuple[tuple[datetime, datetime], ...]:
    """What the library alone makes of it."""
    here = ZoneInfo(zone)
    found = []
    for series in recurring_ical_events.of(Calendar.from_ical(data)).series:
        for instance in series.between(FIRST.astimezone(here), LAST.astimezone(here)):
            begin, end = instance.start.astimezone(UTC), instance.end.astimezone(UTC)
            end = end if end > begin else begin + (instance.end - instance.start)
            if begin < LAST and end > FIRST:
                found.append((max(begin, FIRST), min(end, LAST)))
    return tuple(joined(found))


@settings(max_examples=150, deadline=None)
@given(
    rule=st.sampled_from(RULES),
    start=st.datetimes(datetime(1990, 1, 1), datetime(2027, 6, 1)),
    minutes=st.sampled_from([30, 600, 3000]),
    zone=st.sampled_from(ZONES),
    moved=st.sampled_from(MOVED),
)
def test_rule_begun_near_the_window_is_the_rule(
    rule: str, start: datetime, minutes: int, zone: str, moved: str
) -> None:
    start = start.replace(second=0, microsecond=0)
    data = calendar(rule, start, timedelta(minutes=minutes), zone, moved)

    found = read_busy(data, zone="America/New_York", first=FIRST, last=LAST, ours="x.example")

    assert found.stretches == from_the_first_day(data, zone)
