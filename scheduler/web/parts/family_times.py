"""Times on the pages of patients and relatives, as their language says them; no line breaks within
a time. Pure.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.i18n import (
    catalog,
    clock,
    clocks_differ,
    date_range,
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
    """Return a meeting's time on the reader's own clock, and where it is held where that differs:
    "Tue 9 March, 3:00 – 4:00 PM, Chicago time (4:00 – 5:00 PM, New York time)"; `named` says the
    zone in any case.
    """
    return date_range(start, end, held, reader, language, named=named, dated=False)


def both_clocks(words: str) -> tuple[str, str]:
    """Return the reader's own time of what `time_words` says, and behind it in brackets the clock
    of where it is held; "" where both agree.
    """
    own, bracket, held = words.partition(" (")
    return own, f"({held}" if bracket else ""


def moved_words(
    language: str | None, was: tuple[datetime, datetime], start: datetime, held: str, reader: str
) -> str:
    """Return "moved from 7:00 PM" on the clock that `time_words` says first, with the day where it
    was another; `was` are the instants it began and ended at.
    """
    there = told_in(was[0], start, held, reader)
    said = _start_beside(language, was[0], start, there)
    return catalog(language).gettext("moved from {time}").format(time=said)


def moved_to_words(
    language: str | None, was: datetime, start: datetime, held: str, reader: str
) -> str:
    """Return "Moved to Fri 12 March, 5:00 PM (from 7:00 PM)" on the reader's own clock, which is
    named where it is not the clinic's.
    """
    there = told_in(was, start, held, reader)
    local = start.astimezone(ZoneInfo(there))
    now_is = f"{long_day(local.date(), language)}, {glued(clock(local, language))}"
    if there != held:
        now_is = f"{now_is}, {zone(there, language)}"
    before = _start_beside(language, was, start, there)
    said = catalog(language).gettext("Moved to {time} (from {before})")
    return said.format(time=now_is, before=before)


def told_in(first: datetime, last: datetime, held: str, reader: str) -> str:
    """Return the zone that two instants are told in: the reader's own where its clock differs from
    that of where it is held.
    """
    if clocks_differ(first, last, held, reader):
        return reader
    return held


def _start_beside(language: str | None, was: datetime, start: datetime, there: str) -> str:
    """Return when something began, with the day where that is another than that of `start`."""
    zone_there = ZoneInfo(there)
    before = was.astimezone(zone_there)
    said = glued(clock(before, language))
    if before.date() == start.astimezone(zone_there).date():
        return said
    return f"{long_day(before.date(), language)}, {said}"


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
