"""Days, hours and zones as people say them, in each language we write. Pure.

All take local times, or instants with the zone to say them in; spaces are ordinary ones, and
`glued` makes those that no line breaks at, and `unglued` ordinary ones again.
"""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location

from scheduler.i18n.catalogs import catalog
from scheduler.i18n.languages import LANGUAGES, Language, clock_has_24_hours, language_for

DASH = " – "
UTC_NAMES = {"UTC", "UCT", "GMT", "Zulu", "Universal"}
NO_BREAK = "\N{NO-BREAK SPACE}"
WORD_JOINER = "\N{WORD JOINER}"


def short_day(day: date, language: str | None) -> str:
    """Return "Tue 9 March", "mar, 9 mar"."""
    known = _language(language)
    return _formatted(day, language, known.short_day)


def long_day(day: date, language: str | None) -> str:
    """Return "Tue 9 March", "martes 9 de marzo"."""
    known = _language(language)
    return _formatted(day, language, known.long_day)


def weekday(day: date, language: str | None) -> str:
    """Return "Tuesday", "martes"."""
    return _formatted(day, language, "EEEE")


def short_weekday(day: date, language: str | None) -> str:
    """Return "Tue", "mar"."""
    return _formatted(day, language, "EEE").rstrip(".")


def full_date(day: date, language: str | None) -> str:
    """Return "9 March 2027", "9 de marzo de 2027"."""
    known = _language(language)
    return _formatted(day, language, known.date)


def short_date(day: date, language: str | None) -> str:
    """Return "9 March", "9 de marzo"."""
    known = _language(language)
    before, month, _year_after = known.date.partition("MMMM")
    pattern = before + month
    return _formatted(day, language, pattern)


def dated_day(day: date, language: str | None) -> str:
    """Return "Tue 9 March 2027", "martes 9 de marzo de 2027"."""
    known = _language(language)
    _before, _month, year = known.date.partition("MMMM")
    said = long_day(day, language)
    year_after = _formatted(day, language, year)
    return said + year_after


def clock(local: datetime | time, language: str | None) -> str:
    """Return "6:00 PM", "6:00 p. m." or "18:00" of a local time."""
    return _clock(local.hour, local.minute, language)


def hours(begin: datetime, end: datetime, language: str | None) -> str:
    """Return "6:00 – 7:00 PM" of two local times, the half of the day said once where it is one."""
    first = clock(begin, language)
    last = clock(end, language)
    same_half = begin.hour // 12 == end.hour // 12
    if same_half:
        first = first.partition(" ")[0]
    return f"{first}{DASH}{last}"


@lru_cache(maxsize=1024)
def zone_city(zone: str, language: str | None) -> str:
    """Return the city a zone is named for: "New York", "Nueva York"."""
    plain = zone.rpartition("/")[2].replace("_", " ")
    if language_for(language) == "en":
        return plain
    known = _language(language)
    named = get_timezone_location(zone, locale=known.locale, return_city=True)
    if "/" in named:
        return plain
    return named


def zone(name: str, language: str | None) -> str:
    """Return "New York time", "hora de Nueva York" for `America/New_York`."""
    if name.rpartition("/")[2] in UTC_NAMES:
        return "UTC"
    _ = catalog(language)
    city = zone_city(name, language)
    return _("{city} time").format(city=city)


def moment(at: datetime, name: str, language: str | None) -> str:
    """Return "9 March, 6:00 PM" of an instant, in the zone `name`."""
    local = at.astimezone(ZoneInfo(name))
    day = short_date(local.date(), language)
    said = clock(local, language)
    return f"{day}, {said}"


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
    """Return "Tue 9 March, 3:00 – 4:00 PM, Los Angeles time (6:00 – 7:00 PM, New York time)", the
    hours glued.

    `held` is the zone the meeting is held in and `reader` the reader's own, which comes first;
    `named` says the zone in any case, `dated` the year. Where both clocks agree the time is said
    once.
    """
    differs = clocks_differ(begin, end, held, reader)
    told = reader if differs else held
    own = begin.astimezone(ZoneInfo(told))
    if dated:
        said = dated_day(own.date(), language)
    else:
        said = long_day(own.date(), language)
    line = f"{said}, {_hours_at(begin, end, told, language)}"
    if named or differs:
        line = f"{line}, {zone(told, language)}"
    if not differs:
        return line
    there = f"{_hours_at(begin, end, held, language)}, {zone(held, language)}"
    day = begin.astimezone(ZoneInfo(held)).date()
    if day != own.date():
        there = f"{long_day(day, language)}, {there}"
    return f"{line} ({there})"


def _hours_at(begin: datetime, end: datetime, name: str, language: str | None) -> str:
    place = ZoneInfo(name)
    return glued(hours(begin.astimezone(place), end.astimezone(place), language))


def clocks_differ(begin: datetime, end: datetime, held: str, reader: str) -> bool:
    """True if clocks of two zones differ when something begins or when it ends."""
    place_held = ZoneInfo(held)
    place_read = ZoneInfo(reader)
    for at in (begin, end):
        local = at.astimezone(place_held)
        own = at.astimezone(place_read)
        if local.utcoffset() != own.utcoffset():
            return True
    return False


def glued(words: str) -> str:
    """Return words that no line breaks within, not even after a dash (UAX 14, LB12a)."""
    return words.replace(" ", NO_BREAK).replace("–", f"–{WORD_JOINER}")


def unglued(words: str) -> str:
    """Return words with ordinary spaces, as plain text has them: not every program that shows it
    knows the signs that keep words together.
    """
    return words.replace(NO_BREAK, " ").replace(WORD_JOINER, "")


# Letters and pages say the same few thousand times, days and cities again and again.
@lru_cache(maxsize=8192)
def _clock(hour: int, minute: int, language: str | None) -> str:
    pattern = "H:mm" if clock_has_24_hours(language) else "h:mm a"
    known = _language(language)
    at = time(hour, minute)
    said = format_time(at, pattern, locale=known.locale)
    said = said.replace("\N{NARROW NO-BREAK SPACE}", " ")
    return said.replace(NO_BREAK, " ")


def _language(tag: str | None) -> Language:
    return LANGUAGES[language_for(tag)]


@lru_cache(maxsize=8192)
def _formatted(day: date, language: str | None, pattern: str) -> str:
    known = _language(language)
    return format_date(day, pattern, locale=known.locale)
