"""Hours of the week as a form has them: a grid of whole hours to tick or paint, and rows for what
does not begin or end on the hour.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from flask import request

from scheduler.i18n import N_, catalog, clock, short_weekday
from scheduler.kernel.errors import InputError
from scheduler.people import WEEKDAYS, Window
from scheduler.web.auth.reader_language import reader_language

Hours = tuple[Window, ...] | None
GRID = range(7, 22)
"""The hours of a day that the grid shows."""
MONDAY = date(2027, 1, 4)
"""Any Monday: its week names the weekdays."""
ROWS = 4
"""Rows beside the grid, at least."""
DAY = 24 * 60
DAY_WORDS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}


@dataclass(slots=True)
class Row:
    """One row as it was typed."""

    days: list[str] = field(default_factory=list)
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """What the form shows: `free` is always, never or hours."""

    free: str
    cells: set[str]
    rows: list[Row]
    days: list[tuple[str, str]]
    short: dict[str, str]
    """The days by their first letters."""
    clocks: dict[int, str]
    """The hours as the reader's clock says them."""
    hours: range = GRID


def week_shown(hours: Hours, *, as_known: bool = False) -> Week:
    """Return the form of these hours, or (unless `as_known`) what was typed into it already."""
    if "free" in request.form and not as_known:
        return _week(request.form["free"], set(request.form.getlist("cell")), _typed_rows())
    if not hours:
        return _week("always" if hours is None else "never", set(), [])
    cells: set[str] = set()
    rows = []
    for window in hours:
        own = list(_cells(window))
        if own:
            cells.update(own)
            continue
        row = Row(list(window.days), clock_words(window.start), clock_words(window.end))
        rows.append(row)
    return _week("hours", cells, rows)


def _week(free: str, cells: set[str], rows: list[Row]) -> Week:
    _ = catalog(reader_language())
    days = [(day, _(DAY_WORDS[day])) for day in WEEKDAYS]
    empty = [Row() for _number in range(max(ROWS - len(rows), 1))]
    return Week(free, cells, rows + empty, days, _short_days(), _clocks())


def _short_days() -> dict[str, str]:
    found = {}
    for number, day in enumerate(WEEKDAYS):
        found[day] = short_weekday(MONDAY + timedelta(days=number), reader_language())
    return found


def _clocks() -> dict[int, str]:
    found = {}
    for hour in GRID:
        found[hour] = clock(time(hour), reader_language())
    return found


def _cells(window: Window) -> Iterable[str]:
    """Return the cells of a window that the grid can show, none for another."""
    first, end = window.start // 60, window.end // 60
    is_whole = window.start % 60 == 0 and window.end % 60 == 0
    if not is_whole or first < GRID.start or end > GRID.stop:
        return
    for day in window.days:
        for hour in range(first, end):
            yield f"{day}-{hour}"


def typed_week() -> Hours:
    """Return the hours that were typed, in order. Raises InputError naming what is wrong."""
    _ = catalog(reader_language())
    free = request.form.get("free", "always")
    if free == "always":
        return None
    if free == "never":
        return ()
    windows = [*_painted(request.form.getlist("cell")), *_rows_read()]
    if not windows:
        raise InputError(_("Tick the hours, or choose always or never."))
    return tuple(windows)


def _painted(cells: list[str]) -> list[Window]:
    """Return ticked hours as windows: what is alike on several days is one."""
    days_of: dict[tuple[int, int], list[str]] = {}
    for day in WEEKDAYS:
        for stretch in _stretches(day, set(cells)):
            days_of.setdefault(stretch, []).append(day)
    found = []
    for (start, end), days in sorted(days_of.items()):
        window = Window(tuple(days), start * 60, end * 60)
        found.append(window)
    return found


def _stretches(day: str, cells: set[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for hour in GRID:
        if f"{day}-{hour}" not in cells:
            continue
        if found and found[-1][1] == hour:
            found[-1] = (found[-1][0], hour + 1)
        else:
            found.append((hour, hour + 1))
    return found


def _typed_rows() -> list[Row]:
    rows = []
    number = 0
    while f"from{number}" in request.form and number < 50:
        days = request.form.getlist(f"days{number}")
        start = request.form[f"from{number}"].strip()
        end = request.form.get(f"to{number}", "").strip()
        if days or start or end:
            rows.append(Row(days, start, end))
        number += 1
    return rows


def _rows_read() -> list[Window]:
    _ = catalog(reader_language())
    found = []
    for number, row in enumerate(_typed_rows(), start=1):
        start, end = _minutes(row.start), _minutes(row.end)
        days = tuple(day for day in WEEKDAYS if day in row.days)
        if not days or start is None or end is None or start >= end:
            said = _("Row {number}: tick its days and write from and to as 17:30 and 20:00.")
            raise InputError(said.format(number=number))
        found.append(Window(days, start, end))
    return found


def _minutes(words: str) -> int | None:
    """Return a wall time in minutes after midnight, None for what is none; 24:00 ends a day."""
    hour, _, minute = words.partition(":")
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        return None
    if len(hour) > 2 or len(minute) != 2 or int(minute) > 59:
        return None
    found = int(hour) * 60 + int(minute)
    return found if found <= DAY else None


def clock_words(minutes: int) -> str:
    """Return minutes after midnight as a wall time."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def as_seen(hours: Hours) -> str:
    """Return hours as a form carries what it showed."""
    if hours is None:
        return "null"
    return json.dumps([[window.days, window.start, window.end] for window in hours])


def seen_hours() -> Hours:
    """Return the hours the form showed; () for what cannot be read."""
    try:
        said = json.loads(request.form.get("seen", ""))
        if said is None:
            return None
        return tuple(Window(tuple(days), start, end) for days, start, end in said)
    except (ValueError, TypeError):
        return ()
