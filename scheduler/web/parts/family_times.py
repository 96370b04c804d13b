"""Times on a relative's pages, as their language says them. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.invitations import phrases_for
from scheduler.web.parts.family_words import ENGLISH, Words, words_for
from scheduler.web.parts.time_words import clock_words, day_words, span_words, zone_words


def time_words(words: Words, start: datetime, end: datetime, zone: str, reader: str) -> str:
    """Return a meeting's time in the zone it is held in, named, and in the reader's own where that
    differs.
    """
    if words is ENGLISH:
        return span_words(start, end, zone, reader, named=True)
    said = phrases_for(words.language)
    here, there = start.astimezone(ZoneInfo(zone)), start.astimezone(ZoneInfo(reader))
    city = zone.rpartition("/")[2].replace("_", " ")
    line = f"{_day(words, here.date())}, {_hours(start, end, zone)}, {said.zone.format(city=city)}"
    if here.utcoffset() == there.utcoffset():
        return line
    own = f"{_day(words, there.date())}, " if there.date() != here.date() else ""
    return f"{line} ({said.there.format(times=own + _hours(start, end, reader))})"


def full_day(words: Words, day: date) -> str:
    """Return "9 March 2027" in a language."""
    month = phrases_for(words.language).months[day.month - 1]
    return words.through.format(day=day.day, month=month, year=day.year)


def day_in(language: str, day: date) -> str:
    """Return "9 March 2027" in the language of a tag."""
    return full_day(words_for(language), day)


def moment_in(language: str, at: datetime, zone: str) -> str:
    """Return "9 March 2027, 6:00 PM, New York time" in the language of a tag, wall time of
    `zone`.
    """
    local = at.astimezone(ZoneInfo(zone))
    words = words_for(language)
    if words is ENGLISH:
        return f"{full_day(words, local.date())}, {clock_words(local)}, {zone_words(zone)}"
    return (
        f"{full_day(words, local.date())}, {local.hour}:{local.minute:02d}, "
        f"{zone_in(language, zone)}"
    )


def day_and_clock(language: str, local: datetime) -> str:
    """Return "Tue 9 March 2027, 6:00 PM" of a local time, in the language of a tag."""
    words = words_for(language)
    if words is ENGLISH:
        return f"{day_words(local.date())} {local.year}, {clock_words(local)}"
    return f"{full_day(words, local.date())}, {local.hour}:{local.minute:02d}"


def zone_in(language: str, zone: str) -> str:
    """Return "New York time" in the language of a tag."""
    if words_for(language) is ENGLISH:
        return zone_words(zone)
    return phrases_for(language).zone.format(city=zone.rpartition("/")[2].replace("_", " "))


def _day(words: Words, day: date) -> str:
    said = phrases_for(words.language)
    return said.date.format(
        weekday=said.days[day.weekday()], day=day.day, month=said.months[day.month - 1]
    )


def _hours(start: datetime, end: datetime, zone: str) -> str:
    begin, finish = (at.astimezone(ZoneInfo(zone)) for at in (start, end))
    dash = "\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}"
    return f"{begin.hour}:{begin.minute:02d}{dash}{finish.hour}:{finish.minute:02d}"
