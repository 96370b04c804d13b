"""How many text messages one number may get, whoever sends them (47 CFR 64.1200(a)(9)(iv)).
Pure.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PER_DAY = 1
PER_WEEK = 3
WEEK = timedelta(days=7)


def has_room(sent: Sequence[datetime], now: datetime, zone: str) -> bool:
    """True if one more may go at `now`: one a calendar day of `zone`, three in any seven days
    on end.
    """
    there = ZoneInfo(zone)
    today = now.astimezone(there).date()
    same_day = 0
    same_week = 0
    for at in sent:
        same_day += at.astimezone(there).date() == today
        same_week += at > now - WEEK
    return same_day < PER_DAY and same_week < PER_WEEK
