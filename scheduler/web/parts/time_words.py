"""Times as people say them, with the zone named. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.programs import Kind

KIND_WORDS = {
    Kind.ASSESSMENT: "Assessment",
    Kind.INDIVIDUAL: "Individual session",
    Kind.GROUP: "Group",
    Kind.PSYCHOEDUCATION: "Learning group",
    Kind.MEDICATION: "Medication visit",
    Kind.FAMILY_THERAPY: "Family session",
    Kind.MULTI_FAMILY_GROUP: "Multi-family group",
    Kind.PROGRESS_UPDATE: "Progress update",
    Kind.DISCHARGE_PLANNING: "Discharge planning",
    Kind.FAMILY_WORKSHOP: "Family workshop",
    Kind.CAREGIVER_GROUP: "Caregiver group",
}
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
}


def title_words(kind: Kind, title: str, topic: str | None = None) -> str:
    """Return what staff and patients call a session: its own title, or its kind where the title
    says no more.
    """
    plain = KIND_WORDS[kind] if title.casefold() == kind.value.replace("_", " ") else title
    return f"{plain}: {topic}" if topic else plain


def day_words(day: date) -> str:
    """Return "Tue 9 March"."""
    return f"{day:%a} {day.day} {day:%B}"


def clock_words(at: datetime) -> str:
    """Return "6:00 PM" of a local time."""
    return f"{at.hour % 12 or 12}:{at.minute:02d}\N{NO-BREAK SPACE}{'AM' if at.hour < 12 else 'PM'}"


def zone_words(zone: str) -> str:
    """Return "New York time" for `America/New_York`."""
    return (
        "UTC"
        if zone.rpartition("/")[2] in {"UTC", "GMT"}
        else f"{zone.rpartition('/')[2].replace('_', ' ')} time"
    )


def hours_words(start: datetime, end: datetime, zone: str) -> str:
    """Return "6:00 – 7:00 PM", wall time of `zone`."""
    begin, finish = (clock_words(at.astimezone(ZoneInfo(zone))) for at in (start, end))
    return "\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}".join(
        (begin[:-3] if begin[-2:] == finish[-2:] else begin, finish)
    )


def span_words(
    start: datetime, end: datetime, zone: str, reader: str, *, named: bool = False
) -> str:
    """Return "Tue 9 March, 6:00 – 7:00 PM (3:00 – 4:00 PM where you are)"; `named` says the zone in
    any case.
    """
    here, there = start.astimezone(ZoneInfo(zone)), start.astimezone(ZoneInfo(reader))
    line = f"{day_words(here.date())}, {hours_words(start, end, zone)}"
    differs = here.utcoffset() != there.utcoffset()
    if named or differs:
        line += f", {zone_words(zone)}"
    if not differs:
        return line
    own = hours_words(start, end, reader)
    return (
        f"{line} "
        f"({day_words(there.date()) + ', ' if there.date() != here.date() else ''}{own} where "
        "you are)"
    )


def moment_words(at: datetime | None, zone: str) -> str:
    """Return "9 March, 6:00 PM" of a moment, wall time of `zone`."""
    if at is None:
        return "not yet"
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B}, {clock_words(local)}"


def named(sentence: str, names: Mapping[str, str]) -> str:
    """Put people's names in place of their keys, where a key stands as a word of its own."""
    return re.sub(
        r"(?<![\w-])[a-z0-9-]+(?![\w-])", lambda found: names.get(found[0], found[0]), sentence
    )
