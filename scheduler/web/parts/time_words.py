"""Times as the desk says them, with the zone named. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.i18n import clock, glued, long_day, short_date, zone
from scheduler.programs import Kind
from scheduler.web.parts.family_times import hours_in, time_words
from scheduler.web.parts.kind_words import is_kind_said, kind_in

STAFF = "en"
"""The language of the desk."""

KIND_COLOURS = {
    Kind.GROUP: "group",
    Kind.PSYCHOEDUCATION: "group",
    Kind.INDIVIDUAL: "individual",
    Kind.FAMILY_THERAPY: "family",
    Kind.MULTI_FAMILY_GROUP: "family",
    Kind.PROGRESS_UPDATE: "family",
    Kind.DISCHARGE_PLANNING: "family",
    Kind.FAMILY_WORKSHOP: "workshop",
    Kind.CAREGIVER_GROUP: "workshop",
    Kind.CASE_CONSULT: "family",
}


KEY = re.compile(r"(?<![\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*(?![\w-])")
"""A key of the clinic file, or of a session: several of them with dots between."""
DOTS_OF_A_SESSION = 2


def title_words(
    kind: Kind, title: str, topic: str | None = None, language: str | None = None
) -> str:
    """Return what staff call a session: its own title, or its kind where the title says no more;
    patients and families read `title_on_page`.
    """
    plain = kind_in(language, kind) if is_kind_said(kind, title) else title
    return f"{plain}: {topic}" if topic else plain


def day_words(day: date) -> str:
    """Return "Tue 9 March"."""
    return long_day(day, STAFF)


def date_words(day: date) -> str:
    """Return "9 March"."""
    return short_date(day, STAFF)


def clock_words(at: datetime) -> str:
    """Return "6:00 PM" of a local time."""
    return glued(clock(at, STAFF))


def zone_words(name: str) -> str:
    """Return "New York time" for `America/New_York`."""
    return zone(name, STAFF)


def hours_words(start: datetime, end: datetime, held: str) -> str:
    """Return "6:00 – 7:00 PM", wall time of the zone `held`."""
    return hours_in(STAFF, start, end, held)


def span_words(
    start: datetime, end: datetime, held: str, reader: str, *, named: bool = False
) -> str:
    """Return "Tue 9 March, 3:00 – 4:00 PM, Chicago time (4:00 – 5:00 PM, New York time)"; `named`
    says the zone also where both clocks agree.
    """
    return time_words(STAFF, start, end, held, reader, named=named)


def moment_words(at: datetime | None, held: str) -> str:
    """Return "9 March, 6:00 PM" of a moment, wall time of the zone `held`."""
    if at is None:
        return "not yet"
    local = at.astimezone(ZoneInfo(held))
    return f"{date_words(local.date())}, {clock_words(local)}"


def named(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence of planning as the desk says it: `names` in place of keys.

    A session's key without a name is "the session": a key is nothing to read.
    """
    return KEY.sub(lambda found: _name(found[0], names), sentence)


def _name(word: str, names: Mapping[str, str]) -> str:
    unnamed = "the session" if word.count(".") >= DOTS_OF_A_SESSION else word
    return names.get(word, unnamed)
