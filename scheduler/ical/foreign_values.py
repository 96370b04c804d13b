"""Values of calendars from outside, read by the library: times, lengths, stretches and zones.
Pure."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import vDDDTypes, vDuration, vPeriod
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

read_length: Callable[[str], timedelta] = vDuration.from_ical
"""Return the length that a DURATION says (RFC 5545 3.3.6). Raises ValueError."""
read_moment: Callable[[str], Any] = vDDDTypes.from_ical
"""Return a day, a time or a stretch (RFC 5545 3.3.4, 3.3.5, 3.3.9). Raises ValueError."""
read_period: Callable[[str], tuple[Any, Any]] = vPeriod.from_ical
"""Return the begin of a stretch, and its end or length (RFC 5545 3.3.9). Raises ValueError."""


def known_zone(tzid: str) -> ZoneInfo | None:
    """Find a zone by its IANA name, by Windows' name, or by the IANA name at the end of a path."""
    name = tzid.strip().strip('"')
    pieces = [piece for piece in name.split("/") if piece]
    last = pieces[-3:]
    ends = ["/".join(last[skipped:]) for skipped in range(len(last))]
    iana = WINDOWS_TO_OLSON.get(name, name)
    for candidate in (iana, *ends):
        try:
            return ZoneInfo(candidate)
        except (KeyError, ValueError, OSError):
            continue
    return None
