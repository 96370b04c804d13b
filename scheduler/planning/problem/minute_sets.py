"""A week as one whole number with a bit for each minute of wall time, Monday 00:00 the lowest.
Pure.

Set operations on such numbers are the planner's arithmetic: who is free when both are, where a
session fits. Hours that the clocks skip or double are never free, so that wall minutes and real
minutes agree.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

from scheduler.people import WEEKDAYS, Window
from scheduler.planning.problem.wall_time import is_certain, joined, local, stretches

MinuteOfWeek: TypeAlias = int
"""Minutes after Monday 00:00, wall time."""
MinuteSet: TypeAlias = int
"""A bit for each minute of a week."""
WeekNumber: TypeAlias = int
"""A week of the calendar, as `week_number` counts."""

DAY = 1440
WEEK = 7 * DAY
ALL = (1 << WEEK) - 1


def week_number(day: date) -> WeekNumber:
    """Number the weeks of the calendar, Monday to Sunday, so that all cohorts share one count."""
    return (day.toordinal() - 1) // 7


@lru_cache(maxsize=10_000)
def monday_in(week: WeekNumber) -> date:
    """Return the Monday of a week numbered by `week_number`."""
    return date.fromordinal(week * 7 + 1)


def span(begin: MinuteOfWeek, end: MinuteOfWeek) -> MinuteSet:
    """Return the minutes from `begin` up to before `end` of a week, cut to the week."""
    begin, end = max(begin, 0), min(end, WEEK)
    if end > begin:
        return ((1 << (end - begin)) - 1) << begin
    return 0


DAYS = tuple(span(weekday * DAY, (weekday + 1) * DAY) for weekday in range(7))


def day_of(weekday: int) -> MinuteSet:
    """Return all minutes of one weekday, 0 being Monday."""
    return DAYS[weekday]


def starts_within(minutes: MinuteSet, length: int) -> MinuteSet:
    """Return each minute from which `length` minutes on end lie within `minutes`."""
    found = minutes
    done = 1
    while done < length:
        step = min(done, length - done)
        found &= found >> step
        done += step
    return found


def each(minutes: MinuteSet) -> Iterator[MinuteOfWeek]:
    """Return the single minutes of a set, in order."""
    while minutes:
        lowest = minutes & -minutes
        yield lowest.bit_length() - 1
        minutes ^= lowest


def most_common(sets: Iterable[MinuteSet]) -> tuple[MinuteSet, int]:
    """Return the minutes that lie in the most of `sets`, and in how many (0 and 0 when all are
    empty).
    """
    planes: list[int] = []
    for minutes in sets:
        carry = minutes
        for number, plane in enumerate(planes):
            planes[number], carry = plane ^ carry, plane & carry
        if carry:
            planes.append(carry)
    best, count = -1, 0
    for number in range(len(planes) - 1, -1, -1):
        higher = best & planes[number]
        if higher:
            best, count = higher, count + (1 << number)
    if count:
        return (best, count)
    return (0, 0)


@lru_cache(maxsize=50_000)
def window_minutes(
    windows: tuple[Window, ...] | None, windows_zone: str, zone: str, monday: date
) -> MinuteSet:
    """Return the minutes of `zone`'s week from `monday` in which windows of another zone hold; None
    is always.
    """
    if windows is None:
        return ALL
    is_weekly = all(window.on is None for window in windows)
    if windows_zone == zone and is_weekly:
        return _plain(windows)
    first = monday - timedelta(days=1)
    last = monday + timedelta(days=7)
    found = 0
    for start, end in joined(
        list(
            stretches(
                windows,
                windows_zone,
                first,
                last,
            )
        )
    ):
        found |= stretch_minutes(
            start,
            end,
            zone,
            monday,
        )
    return found


@lru_cache(maxsize=20_000)
def _plain(windows: tuple[Window, ...]) -> MinuteSet:
    found = 0
    for window in windows:
        for word in window.days:
            midnight = WEEKDAYS.index(word) * DAY
            found |= span(midnight + window.start, midnight + window.end)
    return found


def stretch_minutes(start: datetime, end: datetime, zone: str, monday: date) -> MinuteSet:
    """Return the minutes of `zone`'s week from `monday` that lie from `start` up to before
    `end`.
    """
    return span(_minute(start, zone, monday), _minute(end, zone, monday))


def _minute(moment: datetime, zone: str, monday: date) -> MinuteOfWeek:
    day, minute = local(moment, zone)
    return (day - monday).days * DAY + minute


@lru_cache(maxsize=5_000)
def certain_minutes(zone: str, monday: date) -> MinuteSet:
    """Return the minutes of the week that happen exactly once."""
    found = ALL
    for offset in range(7):
        day = monday + timedelta(days=offset)
        if day_is_even(day, zone):
            continue
        for minute in range(DAY):
            if not is_certain(day, minute, zone):
                found &= ~(1 << (offset * DAY + minute))
    return found


def day_is_even(day: date, zone: str) -> bool:
    """True if the clocks of `zone` do not change on `day`."""
    return all(is_certain(day, minute, zone) for minute in range(0, DAY, 15))


@lru_cache(maxsize=100)
def grid_minutes(every: int) -> MinuteSet:
    """Return the minutes on which placed sessions may start: each `every` minutes from midnight."""
    found = 0
    for offset in range(7):
        for minute in range(0, DAY, every):
            found |= 1 << (offset * DAY + minute)
    return found


def near_on_own_days(allowed: MinuteSet, far: int) -> MinuteSet:
    """Return the minutes at most `far` from an allowed one of the same day."""
    found = 0
    for day in DAYS:
        found |= _within(allowed & day, far) & day
    return found


def near_own_hours(allowed: MinuteSet, far: int) -> MinuteSet:
    """Return the minutes of any day at most `far` from an allowed hour of some day."""
    first_day = DAYS[0]
    hours = 0
    for weekday in range(7):
        hours |= (allowed >> weekday * DAY) & first_day
    near = _within(hours, far) & first_day
    found = 0
    for weekday in range(7):
        found |= near << weekday * DAY
    return found


def _within(allowed: MinuteSet, far: int) -> MinuteSet:
    """Return all minutes at most `far` from an allowed one."""
    found = allowed
    done = 0
    while done < far:
        step = min(max(done, 1), far - done)
        found |= (found << step) | (found >> step)
        done += step
    return found
