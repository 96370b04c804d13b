"""When somebody is busy, from a calendar they exported: when, never what. Pure, and meant for a
child process.

Rules of others are followed only within a window, and only those that honest calendars write.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component

from scheduler.ical.parse import Unreadable, every, known_zone, needed, one, text_of

LARGEST = 512 * 1024
"""Octets of a calendar that is read at all."""
EVENTS = 1_000
LINES = 40_000
STEPS = 5_000
"""How often one rule may be followed, the past included."""
STRETCHES = 4_000
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
WITHIN_A_DAY = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})

Stretch = tuple[datetime, datetime]


def read_busy(
    data: bytes, *, zone: str, first: datetime, last: datetime, ours: str
) -> tuple[Stretch, ...]:
    """Return the stretches between the instants `first` and `last` in which the owner is busy,
    joined and in order.

    `zone` is where days and times without a zone are meant; entries whose UID ends in `@ours` are
    our own and left out. Raises Unreadable, with what to do, for what cannot be understood: all or
    nothing.
    """
    if len(data) > LARGEST:
        raise Unreadable("the calendar is larger than 512 KB; export less of it")
    lines = needed(data.decode("utf-8-sig", errors="replace"), most_lines=LINES, components=EVENTS)
    try:
        calendar = Calendar.from_ical("\r\n".join([*lines, ""]))
        if text_of(calendar, "METHOD", 20).upper() not in {"", "PUBLISH"}:
            raise Unreadable(
                "this is a message about an appointment, not a calendar; export the calendar itself"
            )
        found = list(_all(calendar, ZoneInfo(zone), first, last, ours))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise Unreadable("the calendar is broken; export it anew") from error
    return tuple(joined(found))


def joined(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Return stretches that neither touch nor overlap, in order."""
    held: Stretch | None = None
    for begin, end in sorted(stretches):
        if held is not None and begin <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held is not None:
            yield held
        held = begin, end
    if held is not None:
        yield held


def _all(
    calendar: Component, zone: ZoneInfo, first: datetime, last: datetime, ours: str
) -> Iterator[Stretch]:
    by_uid: dict[str, list[Component]] = defaultdict(list)
    for number, event in enumerate(calendar.walk("VEVENT")):
        by_uid[text_of(event, "UID", 255) or f"none {number}"].append(event)
    count = 0
    for uid, events in by_uid.items():
        if uid.endswith(f"@{ours}"):
            continue
        for begin, end in _entry(events, zone, last):
            if begin < last and end > first and begin < end:
                count += 1
                if count > STRETCHES:
                    raise Unreadable("the calendar holds too many appointments; export less of it")
                yield max(begin, first), min(end, last)


def _entry(events: list[Component], zone: ZoneInfo, last: datetime) -> Iterator[Stretch]:
    """Return the stretches of one entry: its rule without the dates that are elsewhere, and those
    where they are.
    """
    moved = {
        _instant(one(each, "RECURRENCE-ID"), zone) for each in events if "RECURRENCE-ID" in each
    }
    for event in events:
        if not _takes_time(event):
            continue
        starts = one(event, "DTSTART")
        if starts is None:
            raise Unreadable(f"the appointment {text_of(event, 'UID', 80)} has no start")
        length = _length(event, starts, zone)
        if "RECURRENCE-ID" in event or "RRULE" not in event:
            begins = [_instant(starts, zone)]
        else:
            out = {_instant(one_, zone) for each in every(event, "EXDATE") for one_ in each.dts}
            begins = [
                each for each in _instances(event, starts, zone, last) if each not in out | moved
            ]
        yield from ((begin, begin + length) for begin in begins)


def _takes_time(event: Component) -> bool:
    free = (
        text_of(event, "TRANSP", 20).upper() == "TRANSPARENT"
        or text_of(event, "STATUS", 20).upper() == "CANCELLED"
    )
    return not free and text_of(event, "X-MICROSOFT-CDO-BUSYSTATUS", 20).upper() != "FREE"


def _instances(event: Component, starts: Any, zone: ZoneInfo, last: datetime) -> Iterator[datetime]:
    """Return the instants a rule begins at, up to `last`; the wall time stays, as calendars keep
    it.
    """
    rule = one(event, "RRULE")
    if rule is None or len(every(event, "RRULE")) != 1:
        raise Unreadable("a repetition cannot be read; export the calendar anew")
    often = str(rule.get("FREQ", [""])[0]).upper() not in FREQUENCIES or WITHIN_A_DAY & set(rule)
    if often or not 1 <= int(rule.get("INTERVAL", [1])[0]) <= 366:
        raise Unreadable(
            "an appointment repeats in a way that cannot be followed; take it out of the calendar"
        )
    own, wall = _wall(starts, zone)
    until = _until(rule.get("UNTIL", [None])[0], own)
    text = ";".join(
        part for part in rule.to_ical().decode().split(";") if not part.upper().startswith("UNTIL=")
    )
    for step, at in enumerate(rrulestr(text, dtstart=wall)):
        begin = at.replace(tzinfo=own).astimezone(UTC)
        if begin > last or (until is not None and begin > until):
            return
        if step >= STEPS:
            raise Unreadable("an appointment repeats too often; take it out of the calendar")
        yield begin


def _until(value: Any, zone: ZoneInfo) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime.combine(value, time.max, zone).astimezone(UTC)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _length(event: Component, starts: Any, zone: ZoneInfo) -> timedelta:
    end, said = one(event, "DTEND"), getattr(one(event, "DURATION"), "dt", None)
    if end is not None:
        return max(_instant(end, zone) - _instant(starts, zone), timedelta())
    if isinstance(said, timedelta):
        return max(said, timedelta())
    return timedelta() if isinstance(starts.dt, datetime) else timedelta(days=1)


def _instant(value: Any, zone: ZoneInfo) -> datetime:
    own, wall = _wall(value, zone)
    return wall.replace(tzinfo=own).astimezone(UTC)


def _wall(value: Any, zone: ZoneInfo) -> tuple[Any, datetime]:
    """Return the zone a time is of, and its wall clock there."""
    at = value.dt
    if not isinstance(at, datetime):
        assert isinstance(at, date)
        at = datetime.combine(at, time())
    if not 1970 <= at.year <= 2200:
        raise Unreadable(
            "an appointment lies outside of the years that can be planned; take it out of the "
            "calendar"
        )
    if at.tzinfo is not None:
        return UTC, at.astimezone(UTC).replace(tzinfo=None)
    named = str(value.params.get("X-TZID", ""))
    own = known_zone(named) if named else zone
    if own is None:
        raise Unreadable(
            f"the time zone {named[:60]!r} is not known; export the calendar with a named zone"
        )
    return own, at
