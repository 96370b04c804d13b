"""The clock, asked only by doors; everything below is handed `now`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give this moment, in UTC, to the microsecond."""
    return datetime.now(UTC)
