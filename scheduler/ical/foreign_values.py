"""Values of calendars from outside, read by the library: times, lengths, stretches and zones.
Pure."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from icalendar import vDDDTypes, vDuration, vPeriod
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

read_length: Callable[[str], timedelta] = vDuration.from_ical
"""Return the length that a DURATION says (RFC 5545 3.3.6). Raises ValueError."""
_read_period: Callable[[str], tuple[Any, Any]] = vPeriod.from_ical
_WITHOUT_SECONDS = re.compile(r"\b(\d{8}T\d{4})(?=Z?(/|$))")
_LEAP_SECOND = re.compile(r"(\d{8}T\d{4})60")
_PREFIX = re.compile(r"(?i)^\((?:UTC|GMT)[^)]*\)\s*")
SHOWN = {
    "eastern time (us & canada)": "America/New_York",
    "eastern time": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "central time": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "mountain time": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "pacific time": "America/Los_Angeles",
    "arizona": "America/Phoenix",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "indiana (east)": "America/Indiana/Indianapolis",
    "atlantic time (canada)": "America/Halifax",
    "z": "Etc/UTC",
}
"""Zones as Windows shows them, and as meeting programs shorten that; where practices are."""


def read_moment(text: str) -> Any:
    """Return a day, a time or a stretch (RFC 5545 3.3.4, 3.3.5, 3.3.9). Raises ValueError."""
    return vDDDTypes.from_ical(_written_out(text))  # type: ignore[no-untyped-call]


def read_period(text: str) -> tuple[Any, Any]:
    """Return the begin of a stretch, and its end or length (RFC 5545 3.3.9). Raises ValueError."""
    return _read_period(_written_out(text))


def _written_out(text: str) -> str:
    """Return a time with the seconds that some leave out; the sixtieth there may be (3.3.12) is the
    one before it here.
    """
    capitals = text.strip().upper()
    whole = _WITHOUT_SECONDS.sub(r"\g<1>00", capitals)
    return _LEAP_SECOND.sub(r"\g<1>59", whole)


def known_zone(tzid: str) -> ZoneInfo | None:
    """Find a zone by its IANA name, however it is written, by the names that Windows has for it, or
    by the IANA name at the end of a path. Hours from UTC name none: a summer may change them.
    """
    name = tzid.replace("\\", "").strip().strip('"')
    pieces = [piece for piece in name.split("/") if piece]
    last = pieces[-3:]
    ends = ["/".join(last[skipped:]) for skipped in range(len(last))]
    shown = _PREFIX.sub("", name).casefold()
    iana = WINDOWS_TO_OLSON.get(name) or SHOWN.get(shown)
    found = _named(iana or name)
    if found is not None:
        return found
    written = [end for end in ends if end in available_timezones()]
    return ZoneInfo(written[0]) if written else None


def _named(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name in any case, with spaces for its underscores."""
    plain = name.strip().replace(" ", "_").casefold()
    known = _by_plain_name().get(plain)
    return ZoneInfo(known) if known else None


@cache
def _by_plain_name() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
