"""What repeats in a calendar from outside, followed within a window by a library. Pure.

`recurring-ical-events` knows the rules, RDATE, EXDATE, moved dates and RANGE=THISANDFUTURE of RFC
5545. A rule that began long ago is given to it beginning shortly before the window: a step as long
as its period changes nothing that lies ahead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import lcm

import recurring_ical_events
from icalendar import Calendar, Event, vDDDLists, vDDDTypes, vRecur

from scheduler.ical.parse import Unreadable

Moment = datetime | date
Period = tuple[datetime, datetime | timedelta]

MARGIN = timedelta(days=70)
"""How far before the window a rule begins: longer than the longest month and a few weeks."""
_SPANS = {
    "MINUTELY": (timedelta(minutes=1), 1440),
    "HOURLY": (timedelta(hours=1), 24),
    "DAILY": (timedelta(days=1), 1),
    "WEEKLY": (timedelta(weeks=1), 1),
}
"""A period, and how many make whole days."""
_MONTHS = {"MONTHLY": 1, "YEARLY": 12}
_LEAP = 48
"""Months after which the same day is there again, the 29th of February included."""


@dataclass(frozen=True, slots=True)
class Part:
    """One VEVENT of an entry. `start` and `end` are aware and of one zone; an entry that takes no
    time ends when it starts.

    `meant` is the original start of the one instance it stands for, None for the whole entry;
    `onward` says that it moves all later ones, too.
    """

    start: datetime
    end: datetime
    rules: tuple[str, ...] = ()
    more: tuple[datetime | Period, ...] = ()
    less: tuple[Moment, ...] = ()
    meant: datetime | None = None
    onward: bool = False
    sequence: int = 0

    @property
    def length(self) -> timedelta:
        """Return how long it takes by the wall clock."""
        return self.end - self.start

    @property
    def moved(self) -> timedelta:
        """Return how far it lies from where it was meant."""
        return abs(self.start - self.meant) if self.meant else timedelta()


def instances(
    parts: list[Part], first: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Return when the instances of one entry begin and end, as far as they touch the window.

    Raises ValueError or Unreadable for a rule that cannot be followed.
    """
    reach = max(part.length + part.moved for part in parts)
    low = first - reach - MARGIN
    calendar = Calendar()
    for part in parts:
        calendar.add_component(_event(part, low, last + reach))
    for series in recurring_ical_events.of(calendar).series:
        zone = parts[0].start.tzinfo
        for instance in series.between(first.astimezone(zone), last.astimezone(zone)):
            yield instance.start, instance.end


def rule_of(text: str, zone: tzinfo, *, until: datetime) -> vRecur:
    """Return a rule that ends at `until` at the latest, its own end as an instant.

    Raises ValueError or Unreadable for one that cannot be followed.
    """
    rule: vRecur = vRecur.from_ical(text)
    step = int(rule.get("INTERVAL", [1])[0])
    frequency = str(rule["FREQ"][0]).upper() if "FREQ" in rule else ""
    if step < 1 or frequency not in _SPANS | _MONTHS:
        raise Unreadable("it repeats in a way that cannot be followed")
    ends = [_instant(value, zone) for value in rule.pop("UNTIL", [])]
    if "COUNT" not in rule:  # one of both: RFC 5545 3.3.10
        rule["UNTIL"] = [min([*ends, until])]
    return rule


def rule_text(rule: vRecur) -> str:
    """Return a rule as text."""
    octets: bytes = rule.to_ical()  # type: ignore[no-untyped-call]
    return octets.decode()


def nearer(starts: datetime, rule: vRecur, low: datetime) -> tuple[datetime, vRecur] | None:
    """Return a later start from which the rule makes the same instances after `low`, and the rule
    for it; None when it has none there.

    `starts` and `low` are wall times without a zone. A rule with a COUNT is shortened by what it
    leaves out, or begins where it began if that cannot be told.
    """
    step = int(rule.get("INTERVAL", [1])[0])
    moved, left_out = _moved(starts, str(rule["FREQ"][0]).upper(), step, low)
    if "COUNT" not in rule:
        return moved, rule
    count = int(rule["COUNT"][0])
    if _one_each_period(starts, rule):
        if left_out >= count:
            return None
        shorter = vRecur(rule)
        shorter["COUNT"] = [count - left_out]
        return moved, shorter
    weekly = set(rule) <= {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"}
    if rule["FREQ"][0] == "WEEKLY" and weekly:
        weeks = min(step * (count + 1), 100_000)
        if starts < low - timedelta(weeks=weeks):
            return None
    return starts, rule


def _moved(starts: datetime, frequency: str, step: int, low: datetime) -> tuple[datetime, int]:
    """Return a later start of the same phase, at most `low`, and how many periods lie between."""
    if frequency in _SPANS:
        span, day = _SPANS[frequency]
        leap = lcm(step, day)
        times = max((low - starts) // (span * leap), 0)
        return starts + times * leap * span, times * leap // step
    own = step * _MONTHS[frequency]
    leap = own if starts.day <= 28 else lcm(own, _LEAP)
    between = (low.year - starts.year) * 12 + low.month - starts.month - 1
    times = max(between // leap, 0)
    years, month = divmod(starts.month - 1 + times * leap, 12)
    try:
        return starts.replace(year=starts.year + years, month=month + 1), times * leap // own
    except ValueError:  # the 29th of February of a century's year
        return starts, 0


def _one_each_period(starts: datetime, rule: vRecur) -> bool:
    """True if every period of a rule has exactly one instance."""
    by = {name for name in rule if name.startswith("BY")}
    if by == {"BYDAY"} and rule["FREQ"][0] == "WEEKLY":
        day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[starts.weekday()]
        return [str(value) for value in rule["BYDAY"]] == [day]
    return not by and (rule["FREQ"][0] in _SPANS or starts.day <= 28)


def _instant(value: Moment, zone: tzinfo) -> datetime:
    """Return the instant a rule ends at: of a day its last moment, of a wall time in `zone`."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(23, 59, 59))
    if value.year >= 9999:  # "for ever", one day before the calendar of this language ends
        value = value.replace(year=9998, month=1, day=1)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _begun_near(part: Part, low: datetime, last: datetime) -> tuple[datetime, list[vRecur]]:
    """Return where a part begins for the library, and its rules; several keep where they began."""
    zone = part.start.tzinfo
    assert zone is not None
    rules = [rule_of(text, zone, until=last) for text in part.rules]
    if len(rules) != 1:
        return part.start, rules
    wall = part.start.replace(tzinfo=None)
    near = nearer(wall, rules[0], low.astimezone(zone).replace(tzinfo=None))
    if near is None:
        return part.start, []
    return near[0].replace(tzinfo=zone), [near[1]]


def _event(part: Part, low: datetime, last: datetime) -> Event:
    """Return a part as the library takes it, its rule begun near the window."""
    start, rules = _begun_near(part, low, last)
    event = Event()
    event["UID"] = "entry"
    event["SEQUENCE"] = part.sequence
    event["DTSTART"] = vDDDTypes(start)
    event["DTEND"] = vDDDTypes(start + part.length)
    if rules:
        event["RRULE"] = [_in_utc(rule) for rule in rules]
    if part.more:
        event["RDATE"] = vDDDLists(list(part.more))
    if part.less:
        event["EXDATE"] = vDDDLists(list(part.less))
    if part.meant is not None:
        event["RECURRENCE-ID"] = vDDDTypes(part.meant)
    if part.onward:
        event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
    return event


def _in_utc(rule: vRecur) -> vRecur:
    if "UNTIL" in rule:
        rule["UNTIL"] = [value.astimezone(UTC) for value in rule["UNTIL"]]
    return rule
