"""Times on the pages of patients and relatives, as their language says them; no line breaks within
a time. Pure.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.i18n import (
    catalog,
    clock,
    clocks_differ,
    dated_day,
    full_date,
    glued,
    hours,
    long_day,
    zone,
)


def time_words(
    language: str | None,
    start: datetime,
    end: datetime,
    held: str,
    reader: str,
    *,
    named: bool = True,
) -> str:
    """Return a meeting's time in the zone it is held in, and in the reader's own where that
    differs; `named` says the zone in any case.
    """
    here, there = start.astimezone(ZoneInfo(held)), start.astimezone(ZoneInfo(reader))
    differs = clocks_differ(start, end, held, reader)
    line = f"{long_day(here.date(), language)}, {hours_in(language, start, end, held)}"
    if named or differs:
        line += f", {zone(held, language)}"
    if not differs:
        return line
    own = hours_in(language, start, end, reader)
    if there.date() != here.date():
        own = f"{long_day(there.date(), language)}, {own}"
    away = catalog(language).gettext("{times} where you are").format(times=own)
    return f"{line} ({away})"


def moved_words(
    language: str | None, was: tuple[datetime, datetime], start: datetime, held: str
) -> str:
    """Return "moved from 7:00 PM", with the day where it was another; `was` are the instants it
    began and ended at.
    """
    there = ZoneInfo(held)
    before = was[0].astimezone(there)
    said = glued(clock(before, language))
    if before.date() != start.astimezone(there).date():
        said = f"{long_day(before.date(), language)}, {said}"
    return catalog(language).gettext("moved from {time}").format(time=said)


def hours_in(language: str | None, start: datetime, end: datetime, held: str) -> str:
    """Return "6:00 – 7:00 PM" of two instants, wall time of a zone."""
    local = start.astimezone(ZoneInfo(held)), end.astimezone(ZoneInfo(held))
    return glued(hours(*local, language))


def clock_in(language: str | None, at: datetime, held: str) -> str:
    """Return "6:00 PM" of an instant, wall time of a zone."""
    return glued(clock(at.astimezone(ZoneInfo(held)), language))


def day_in(language: str | None, day: date) -> str:
    """Return "9 March 2027" in the language of a tag."""
    return full_date(day, language)


def moment_in(language: str | None, at: datetime, held: str) -> str:
    """Return "9 March 2027, 6:00 PM, New York time" of an instant in the language of a tag."""
    local = at.astimezone(ZoneInfo(held))
    said = glued(clock(local, language))
    return f"{full_date(local.date(), language)}, {said}, {zone(held, language)}"


def day_and_clock(language: str | None, local: datetime) -> str:
    """Return "Tue 9 March 2027, 6:00 PM" of a local time, in the language of a tag."""
    return f"{dated_day(local.date(), language)}, {glued(clock(local, language))}"


def zone_in(language: str | None, name: str) -> str:
    """Return "New York time" in the language of a tag."""
    return zone(name, language)
