"""Whom pages and letters say to ask: a number, its hours, words of the practice's own. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scheduler.i18n import catalog, glued, hours, telephone, unglued, weekday, zone

A_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TO = r"\s*(?:-|–|to|through)\s*"
CLOCK = r"(\d{{1,2}})(?::(\d\d))?\s*(?P<{half}>[ap])?(?:\.?\s?m\b\.?)?"
BEGIN = CLOCK.format(half="am")
END = CLOCK.format(half="pm")
SOME_DAYS = re.compile(rf"(?P<first>[a-z]+)\.?{TO}(?P<last>[a-z]+)\.?", re.IGNORECASE)
SOME_HOURS = re.compile(rf"(?P<begin>{BEGIN}){TO}(?P<end>{END})", re.IGNORECASE)
AT_A_DIGIT = re.compile(r",?\s*(?=\d)")
NOON = 12
HALF_A_DAY = timedelta(hours=NOON)
LAST_HOUR = 23


@dataclass(frozen=True, slots=True)
class Help:
    """Who answers questions: `phone` in E.164, `hours` and `words` as the practice wrote them;
    `zone` (IANA) is whose hours they are.

    All of it may be seen by anybody: it has passed the neutral lint.
    """

    phone: str | None = None
    hours: str | None = None
    words: str | None = None
    zone: str | None = None

    def line(self, language: str | None) -> str:
        """Return all that is said, on one line of plain text: "+1 617-555-0100 · Monday to Friday,
        9:00 AM – 5:00 PM, New York time · the desk".
        """
        return unglued(" · ".join(self._said(language)))

    def beside_phone(self, language: str | None) -> list[str]:
        """Return what is said beside the number, a line each."""
        return list(self._beside(language))

    def _said(self, language: str | None) -> Iterator[str]:
        if self.phone is not None:
            yield telephone(self.phone)
        yield from self._beside(language)

    def _beside(self, language: str | None) -> Iterator[str]:
        if self.hours is not None:
            yield hours_in_words(self.hours, self.zone, language)
        if self.words is not None:
            yield self.words


def hours_in_words(written: str, name: str | None, language: str | None) -> str:
    """Return hours in the words of a language with their zone; those that are written in a way of
    their own stay so.
    """
    said = _read(written, language) or written
    if name is None:
        return said
    return f"{said}, {glued(zone(name, language))}"


def _read(written: str, language: str | None) -> str | None:
    """Return "Monday to Friday, 9:00 AM – 5:00 PM", None for what is written in another way: days,
    hours, or both, as in "Mon to Fri, 9 to 5", "9:00 – 17:00", "Mon-Thu 8 am - 6 pm".
    """
    days, *times = AT_A_DIGIT.split(written.strip(), maxsplit=1)
    said = []
    if days:
        said.append(_days(days, language))
    if times:
        said.append(_hours(times[0], language))
    known = [part for part in said if part is not None]
    if len(known) == len(said):
        return ", ".join(known)
    return None


def _days(written: str, language: str | None) -> str | None:
    found = SOME_DAYS.fullmatch(written)
    if found is None:
        return None
    first, last = _day(found["first"], language), _day(found["last"], language)
    if first is None or last is None:
        return None
    words = catalog(language).pgettext("days of the week", "{first} to {last}")
    both = words.format(first=first, last=last)
    return f"{both[:1].upper()}{both[1:]}"


def _hours(written: str, language: str | None) -> str | None:
    found = SOME_HOURS.fullmatch(written)
    if found is None:
        return None
    begin, end = _clock(found, "begin", "am"), _clock(found, "end", "pm")
    if begin is None or end is None:
        return None
    if found["pm"] is None and end <= begin:
        end = _later(begin, end)
    elif found["am"] is None and found["pm"] is not None and begin + HALF_A_DAY < end:
        begin += HALF_A_DAY  # "1 to 5 pm"
    if begin < end:
        return glued(hours(begin, end, language))
    return None


def _later(begin: datetime, end: datetime) -> datetime:
    """Return the afternoon's hour where the morning's cannot be meant: "9 to 5"."""
    is_by_twelve = begin.hour <= NOON and end.hour < NOON
    return end + HALF_A_DAY if is_by_twelve else end


def _clock(found: re.Match[str], which: str, half: str) -> datetime | None:
    """Return a time of day as it is written, None for none."""
    digits = re.findall(r"\d+", found[which])
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    letter = (found[half] or "").lower()
    if letter:
        hour = hour % NOON + (NOON if letter == "p" else 0)
    if hour > LAST_HOUR or minute > 59:
        return None
    return A_MONDAY.replace(hour=hour, minute=minute)


def _day(written: str, language: str | None) -> str | None:
    """Return a day of the week in a language, by the first letters of its English name."""
    short = written[:3].lower()
    if short not in DAYS:
        return None
    return weekday(A_MONDAY + timedelta(days=DAYS.index(short)), language)


def help_document(said: Help) -> dict[str, str | None]:
    """Write `said` as plain values; the zone is the practice's and not written twice."""
    return {"phone": said.phone, "hours": said.hours, "words": said.words}


def read_help(document: dict[str, str | None]) -> Help:
    """Read what `help_document` wrote."""
    return Help(document["phone"], document["hours"], document["words"])
