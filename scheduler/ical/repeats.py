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
_FOLLOWED = frozenset(_SPANS) | frozenset(_MONTHS)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_USUAL = frozenset({"RSCALE=GREGORIAN", "SKIP=OMIT"})
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
    is_day_meant: bool = False
    onward: bool = False
    sequence: int = 0

    @property
    def length(self) -> timedelta:
        """Return how long it takes by the wall clock."""
        return self.end - self.start

    @property
    def moved(self) -> timedelta:
        """Return how far it lies from where it was meant."""
        if self.meant:
            return abs(self.start - self.meant)
        return timedelta()


def instances(
    parts: list[Part], first: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Return when the instances of one entry begin and end, as far as they touch the window.

    Raises ValueError or Unreadable for a rule that cannot be followed.
    """
    reach = max(part.length + part.moved for part in parts)
    low = first - reach - MARGIN
    high = last + reach
    calendar = Calendar()
    for part in parts:
        event = _event(part, low, high)
        calendar.add_component(event)
    zone = parts[0].start.tzinfo
    begin = first.astimezone(zone)
    end = last.astimezone(zone)
    query = recurring_ical_events.of(calendar)
    for series in query.series:
        for instance in series.between(begin, end):
            yield instance.start, instance.end


def rule_of(text: str, zone: tzinfo, *, until: datetime) -> vRecur:
    """Return a rule that ends at `until` at the latest, its own end as an instant.

    Raises ValueError or Unreadable for one that cannot be followed.
    """
    rule: vRecur = vRecur.from_ical(_tidy(text))
    is_known = "FREQ" in rule and _frequency(rule) in _FOLLOWED
    if not is_known or _interval(rule) < 1:
        raise Unreadable("it repeats in a way that cannot be followed")
    said = rule.pop("UNTIL", [])
    ends = [_instant(value, zone) for value in said]
    if "COUNT" not in rule:  # one of both: RFC 5545 3.3.10
        earliest = min([*ends, until])
        rule["UNTIL"] = [earliest]
    return rule


def _tidy(text: str) -> str:
    """Return a rule without blanks, empty parts, parts of a program's own (RFC 2445 4.3.10) and
    what says the usual (RFC 7529 4).
    """
    kept = []
    for part in text.split(";"):
        name, _, values = part.partition("=")
        name = name.strip().upper()
        said = []
        for value in values.split(","):
            bare = value.strip()
            if bare:
                said.append(bare)
        joined = ",".join(said)
        plain = f"{name}={joined}"
        if said and not name.startswith("X-") and plain.upper() not in _USUAL:
            kept.append(plain)
    return ";".join(kept)


def _frequency(rule: vRecur) -> str:
    said = rule["FREQ"]
    return str(said[0]).upper()


def _interval(rule: vRecur) -> int:
    """Return every how many periods a rule has instances."""
    said = rule.get("INTERVAL", [1])
    return int(said[0])


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
    step = _interval(rule)
    moved, left_out = _moved(starts, _frequency(rule), step, low)
    if "COUNT" not in rule:
        return moved, rule
    said = rule["COUNT"]
    count = int(said[0])
    if _one_each_period(starts, rule):
        if left_out >= count:
            return None
        shorter = vRecur(rule)
        shorter["COUNT"] = [count - left_out]
        return moved, shorter
    if _is_plain_weekly(rule):
        weeks = min(step * (count + 1), 100_000)
        longest = timedelta(weeks=weeks)
        if starts < low - longest:
            return None
    return starts, rule


def _is_plain_weekly(rule: vRecur) -> bool:
    """True if a rule has at least one instance in each of its weeks."""
    plain = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"}
    frequency = rule["FREQ"][0]
    if frequency != "WEEKLY":
        return False
    return set(rule) <= plain


def _moved(starts: datetime, frequency: str, step: int, low: datetime) -> tuple[datetime, int]:
    """Return a later start of the same phase, at most `low`, and how many periods lie between."""
    if frequency in _MONTHS:
        months = step * _MONTHS[frequency]
        return _moved_by_months(starts, months, low)
    span, day = _SPANS[frequency]
    leap = lcm(step, day)
    whole = span * leap
    times = (low - starts) // whole
    periods = max(times, 0) * leap
    moved = starts + periods * span
    return moved, periods // step


def _moved_by_months(starts: datetime, step: int, low: datetime) -> tuple[datetime, int]:
    """Return the same for a rule that has instances every `step` months."""
    leap = step
    if starts.day > 28:
        leap = lcm(step, _LEAP)
    years_between = low.year - starts.year
    between = years_between * 12 + low.month - starts.month - 1
    times = max(between // leap, 0)
    months = times * leap
    years, month = divmod(starts.month - 1 + months, 12)
    year = starts.year + years
    try:
        moved = starts.replace(year=year, month=month + 1)
    except ValueError:  # the 29th of February of a century's year
        return starts, 0
    return moved, months // step


def _one_each_period(starts: datetime, rule: vRecur) -> bool:
    """True if every period of a rule has exactly one instance."""
    parts = {name for name in rule if name.startswith("BY")}
    frequency = rule["FREQ"][0]
    if parts == {"BYDAY"} and frequency == "WEEKLY":
        days = [str(value) for value in rule["BYDAY"]]
        own = _WEEKDAYS[starts.weekday()]
        return days == [own]
    if parts:
        return False
    return frequency in _SPANS or starts.day <= 28


def _instant(value: Moment, zone: tzinfo) -> datetime:
    """Return the instant a rule ends at: of a day its last moment, of a wall time in `zone`."""
    if not isinstance(value, datetime):
        last_second = time(23, 59, 59)
        value = datetime.combine(value, last_second)
    if value.year >= 9999:  # "for ever", one day before the calendar of this language ends
        value = value.replace(year=9998, month=1, day=1)
    if value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value


def _begun_near(part: Part, low: datetime, last: datetime) -> tuple[datetime, list[vRecur]]:
    """Return where a part begins for the library, and its rules; several keep where they began."""
    zone = part.start.tzinfo
    assert zone is not None
    rules = [rule_of(text, zone, until=last) for text in part.rules]
    if len(rules) != 1:
        return part.start, rules
    wall = part.start.replace(tzinfo=None)
    local_low = low.astimezone(zone).replace(tzinfo=None)
    near = nearer(wall, rules[0], local_low)
    if near is None:
        return part.start, []
    moved, rule = near
    start = moved.replace(tzinfo=zone)
    return start, [rule]


def _event(part: Part, low: datetime, last: datetime) -> Event:
    """Return a part as the library takes it, its rule begun near the window."""
    start, rules = _begun_near(part, low, last)
    event = Event()
    event["UID"] = "entry"
    event["SEQUENCE"] = part.sequence
    event["DTSTART"] = vDDDTypes(start)
    end = start + part.length
    event["DTEND"] = vDDDTypes(end)
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
        ends = rule["UNTIL"]
        rule["UNTIL"] = [end.astimezone(UTC) for end in ends]
    return rule
