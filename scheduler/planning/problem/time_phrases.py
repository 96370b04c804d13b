"""Days, hours and windows as a coordinator says them: Tuesday 2 March at 6:00 PM (5:00 PM Chicago
time). Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from scheduler.i18n import clock, zone
from scheduler.people import WEEKDAYS, Window
from scheduler.planning.problem.minute_sets import DAY, MinuteOfWeek, WeekNumber, monday_in
from scheduler.planning.problem.wall_time import instant, local

COORDINATOR = "en"
"""The language of the desk and of the command line."""


def day_words(day: date) -> str:
    """Return "Tuesday 2 March"."""
    return f"{day:%A} {day.day} {day:%B}"


def short_day(day: date) -> str:
    """Return "Tue 2 March"."""
    return f"{day:%a} {day.day} {day:%B}"


def clock_words(minute: int) -> str:
    """Return "6:00 PM" of minutes after midnight; those of the next day count on."""
    hour, rest = divmod(minute % DAY, 60)
    return clock(time(hour, rest), COORDINATOR)


def days_words(days: Sequence[date]) -> str:
    """Return single days and runs of days: "Monday 1 March, Wednesday 3 March to Friday 5
    March".
    """
    runs: list[list[date]] = []
    for day in sorted(days):
        day_before = day - timedelta(days=1)
        if runs and runs[-1][-1] == day_before:
            runs[-1].append(day)
        else:
            runs.append([day])
    return listed(_run_words(run) for run in runs)


def _run_words(run: list[date]) -> str:
    first = day_words(run[0])
    if len(run) == 1:
        return first
    return f"{first} to {day_words(run[-1])}"


def zone_words(name: str) -> str:
    """Return "Chicago time" for `America/Chicago`."""
    return zone(name, COORDINATOR)


def start_words(
    week: WeekNumber, start: MinuteOfWeek, zone: str, others: Iterable[str] = ()
) -> str:
    """Say a start in `zone`'s wall time, and what clocks show where people of the zones `others`
    are.
    """
    weekday, minute = divmod(start, DAY)
    day = monday_in(week) + timedelta(days=weekday)
    said = f"{day_words(day)} at {clock_words(minute)}"
    moment = instant(day, minute, zone)
    there = []
    for other in dict.fromkeys(others):
        if local(moment, other) != (day, minute):
            there.append(_there(moment, day, other))
    if not there:
        return said
    return f"{said} ({', '.join(there)})"


def _there(moment: datetime, day: date, zone: str) -> str:
    there, minute = local(moment, zone)
    said = f"{clock_words(minute)} {zone_words(zone)}"
    if there == day:
        return said
    return f"{there:%A} {said}"


def windows_words(windows: Iterable[Window]) -> str:
    """Return "Tue and Thu 3:30 PM to 8:00 PM, Sat 9:00 AM to 12:00 PM"."""
    said = []
    for window in windows:
        if window.on is None:
            days = _weekdays(window.days)
        else:
            days = day_words(window.on)
        start = clock_words(window.start)
        end = clock_words(window.end)
        said.append(f"{days} {start} to {end}")
    return ", ".join(said)


def _weekdays(days: Iterable[str]) -> str:
    numbers = sorted(WEEKDAYS.index(word) for word in days)
    words = [WEEKDAYS[number].capitalize() for number in numbers]
    first = numbers[0]
    last = numbers[-1]
    is_run = last - first == len(numbers) - 1
    if is_run and len(numbers) > 2:
        return f"{words[0]} to {words[-1]}"
    return listed(words)


def listed(words: Iterable[str]) -> str:
    """Return "a, b and c"."""
    said = list(words)
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} and {said[-1]}"


def weeks_words(weeks: tuple[int, int]) -> str:
    """Return "week 3" or "weeks 3 to 4"."""
    first, last = weeks
    if first == last:
        return f"week {first}"
    return f"weeks {first} to {last}"
