"""Days, hours and windows as a coordinator says them: Tuesday 2 March at 18:00 (17:00 Chicago
time). Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from scheduler.people import WEEKDAYS, Window
from scheduler.planning.problem.minute_sets import DAY, monday_in
from scheduler.planning.problem.wall_time import clock, instant, local


def day_words(day: date) -> str:
    """Return "Tuesday 2 March"."""
    return f"{day:%A} {day.day} {day:%B}"


def days_words(days: Sequence[date]) -> str:
    """Return single days and runs of days: "Monday 1 March, Wednesday 3 March to Friday 5
    March".
    """
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return listed(
        day_words(run[0]) + (f" to {day_words(run[-1])}" if len(run) > 1 else "") for run in runs
    )


def zone_words(zone: str) -> str:
    """Return "Chicago time" for `America/Chicago`."""
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def start_words(week: int, start: int, zone: str, others: Iterable[str] = ()) -> str:
    """Say a start in `zone`'s wall time, and what clocks show where people of the zones `others`
    are.
    """
    weekday, minute = divmod(start, DAY)
    day = monday_in(week) + timedelta(days=weekday)
    said = f"{day_words(day)} at {clock(minute)}"
    moment = instant(day, minute, zone)
    away = [
        _there(moment, day, other)
        for other in dict.fromkeys(others)
        if local(moment, other) != (day, minute)
    ]
    return f"{said} ({', '.join(away)})" if away else said


def _there(moment: datetime, day: date, zone: str) -> str:
    there, minute = local(moment, zone)
    return f"{'' if there == day else f'{there:%A} '}{clock(minute)} {zone_words(zone)}"


def windows_words(windows: Iterable[Window]) -> str:
    """Return "Tue and Thu 15:30 to 20:00, Sat 09:00 to 12:00"."""
    return ", ".join(
        f"{_weekdays(one.days)} {clock(one.start)} to {clock(one.end)}" for one in windows
    )


def _weekdays(days: Iterable[str]) -> str:
    numbers = sorted(WEEKDAYS.index(word) for word in days)
    words = [WEEKDAYS[number].capitalize() for number in numbers]
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{words[0]} to {words[-1]}"
    return listed(words)


def listed(words: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def weeks_words(weeks: tuple[int, int]) -> str:
    """Return "week 3" or "weeks 3 to 4"."""
    return f"week {weeks[0]}" if weeks[0] == weeks[1] else f"weeks {weeks[0]} to {weeks[1]}"
