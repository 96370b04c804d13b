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
    today = now.astimezone(ZoneInfo(zone)).date()
    same_day = sum(at.astimezone(ZoneInfo(zone)).date() == today for at in sent)
    same_week = sum(at > now - WEEK for at in sent)
    return same_day < PER_DAY and same_week < PER_WEEK
