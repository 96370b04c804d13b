"""Values of calendars from outside, read by the library: times, lengths and stretches. Pure."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from icalendar import vDDDTypes, vDuration, vPeriod

read_length: Callable[[str], timedelta] = vDuration.from_ical
"""Return the length that a DURATION says (RFC 5545 3.3.6). Raises ValueError."""
read_moment: Callable[[str], Any] = vDDDTypes.from_ical
"""Return a day, a time or a stretch (RFC 5545 3.3.4, 3.3.5, 3.3.9). Raises ValueError."""
read_period: Callable[[str], tuple[Any, Any]] = vPeriod.from_ical
"""Return the begin of a stretch, and its end or length (RFC 5545 3.3.9). Raises ValueError."""
