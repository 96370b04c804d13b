"""The weeks of a cohort and what is due in them. Pure; a week runs Monday to Sunday, week 1 holds
the first day.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from scheduler.programs.template import Appointment

Days = tuple[date, date]
"""The first and the last day of a stay."""
WEEKDAYS_DUE = 4
"""A block is due when the stay covers at least so many weekdays of one of its weeks."""


def monday_of(starts: date, week: int) -> date:
    """Return the Monday of week `week` (1 is the week that holds `starts`)."""
    return starts - timedelta(days=starts.weekday()) + timedelta(weeks=week - 1)


def week_of(starts: date, day: date) -> int:
    """Return the number of the week that holds `day`; 0 or less before the cohort's first week."""
    return (day - monday_of(starts, 1)).days // 7 + 1


def last_day(starts: date, weeks: int) -> date:
    """Return the Sunday that ends a cohort of `weeks` weeks."""
    return monday_of(starts, weeks + 1) - timedelta(days=1)


def weekdays_covered(starts: date, week: int, first: date, last: date) -> int:
    """Count the days Monday to Friday of `week` within the stay `first` to `last`, both
    included.
    """
    monday = monday_of(starts, week)
    friday = monday + timedelta(days=4)
    begin = max(monday, first)
    end = min(friday, last)
    days = (end - begin).days + 1
    return max(days, 0)


def weekdays_here(starts: date, week: int, stays: Iterable[Days]) -> int:
    """Count the days Monday to Friday of `week` within stays that do not overlap."""
    return sum(weekdays_covered(starts, week, first, last) for first, last in stays)


def due_blocks(
    appointment: Appointment, starts: date, stays: Iterable[Days]
) -> tuple[tuple[int, int], ...]:
    """Return the week ranges in which stays want one such session, whatever week they began in."""
    stays = tuple(stays)
    due = []
    for begin, end in appointment.blocks():
        for week in range(begin, end + 1):
            if weekdays_here(starts, week, stays) >= WEEKDAYS_DUE:
                due.append((begin, end))
                break
    return tuple(due)
