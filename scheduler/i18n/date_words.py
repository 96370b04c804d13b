"""Days, hours and zones as people say them, in each language we write. Pure.

All take local times, or instants with the zone to say them in; spaces are ordinary ones, and
`glued` makes those that no line breaks at.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location

from scheduler.i18n.catalogs import catalog
from scheduler.i18n.languages import LANGUAGES, Language, clock_has_24_hours, language_for

DASH = " – "
UTC_NAMES = {"UTC", "UCT", "GMT", "Zulu", "Universal"}
NO_BREAK = "\N{NO-BREAK SPACE}"


def short_day(day: date, language: str | None) -> str:
    """Return "Tue 9 March", "mar, 9 mar"."""
    return _formatted(day, language, _language(language).short_day)


def long_day(day: date, language: str | None) -> str:
    """Return "Tue 9 March", "martes 9 de marzo"."""
    return _formatted(day, language, _language(language).long_day)


def weekday(day: date, language: str | None) -> str:
    """Return "Tuesday", "martes"."""
    return _formatted(day, language, "EEEE")


def full_date(day: date, language: str | None) -> str:
    """Return "9 March 2027", "9 de marzo de 2027"."""
    return _formatted(day, language, _language(language).date)


def short_date(day: date, language: str | None) -> str:
    """Return "9 March", "9 de marzo"."""
    return _formatted(day, language, _language(language).date.split("MMMM")[0] + "MMMM")


def dated_day(day: date, language: str | None) -> str:
    """Return "Tue 9 March 2027", "martes 9 de marzo de 2027"."""
    return f"{long_day(day, language)}{_year(day, language)}"


def clock(local: datetime, language: str | None) -> str:
    """Return "6:00 PM", "6:00 p. m." or "18:00" of a local time."""
    pattern = "H:mm" if clock_has_24_hours(language) else "h:mm a"
    said = format_time(local.replace(tzinfo=None), pattern, locale=_language(language).locale)
    return said.replace("\N{NARROW NO-BREAK SPACE}", " ").replace(NO_BREAK, " ")


def hours(begin: datetime, end: datetime, language: str | None) -> str:
    """Return "6:00 – 7:00 PM" of two local times, the half of the day said once where it is one."""
    first, last = clock(begin, language), clock(end, language)
    if begin.hour // 12 == end.hour // 12:
        first = first.partition(" ")[0]
    return f"{first}{DASH}{last}"


def zone_city(zone: str, language: str | None) -> str:
    """Return the city a zone is named for: "New York", "Nueva York"."""
    plain = zone.rpartition("/")[2].replace("_", " ")
    if language_for(language) == "en":
        return plain
    named = get_timezone_location(zone, locale=_language(language).locale, return_city=True)
    return plain if "/" in named else named


def zone(name: str, language: str | None) -> str:
    """Return "New York time", "hora de Nueva York" for `America/New_York`."""
    if name.rpartition("/")[2] in UTC_NAMES:
        return "UTC"
    return catalog(language).gettext("{city} time").format(city=zone_city(name, language))


def moment(at: datetime, name: str, language: str | None) -> str:
    """Return "9 March, 6:00 PM" of an instant, in the zone `name`."""
    local = at.astimezone(ZoneInfo(name))
    return f"{short_date(local.date(), language)}, {clock(local, language)}"


def date_range(
    begin: datetime,
    end: datetime,
    held: str,
    reader: str,
    language: str | None,
    *,
    named: bool,
    dated: bool,
) -> str:
    """Return "Tue 9 March, 6:00 – 7:00 PM, New York time (3:00 – 4:00 PM where you are)".

    `held` is the zone the meeting is held in and `reader` the reader's own; `named` says the zone,
    `dated` the year. Where both clocks agree the reader's own time is not said.
    """
    here = begin.astimezone(ZoneInfo(held)), end.astimezone(ZoneInfo(held))
    there = begin.astimezone(ZoneInfo(reader)), end.astimezone(ZoneInfo(reader))
    day = dated_day if dated else long_day
    line = f"{day(here[0].date(), language)}, {hours(*here, language)}"
    if named:
        line += f", {zone(held, language)}"
    if not clocks_differ(begin, end, held, reader):
        return line
    own = hours(*there, language)
    if there[0].date() != here[0].date():
        own = f"{long_day(there[0].date(), language)}, {own}"
    away = catalog(language).gettext("{times} where you are").format(times=own)
    return f"{line} ({away})"


def clocks_differ(begin: datetime, end: datetime, held: str, reader: str) -> bool:
    """True if clocks of two zones differ when something begins or when it ends."""
    return any(
        at.astimezone(ZoneInfo(held)).utcoffset() != at.astimezone(ZoneInfo(reader)).utcoffset()
        for at in (begin, end)
    )


def glued(words: str) -> str:
    """Return words that no line breaks within."""
    return words.replace(" ", NO_BREAK)


def _language(tag: str | None) -> Language:
    return LANGUAGES[language_for(tag)]


def _formatted(day: date, language: str | None, pattern: str) -> str:
    return format_date(day, pattern, locale=_language(language).locale)


def _year(day: date, language: str | None) -> str:
    return _formatted(day, language, _language(language).date.split("MMMM")[1])
