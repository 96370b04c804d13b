"""How the door of an open evening is found. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.open_evenings.models import OpenEvening

OPENS = timedelta(minutes=15)
"""How long before the start one may go in."""


class EveningDoor(StrEnum):
    """What is true at the door."""

    EARLY = "early"
    OPEN = "open"
    FULL = "full"
    ENDED = "ended"
    CANCELLED = "cancelled"


def evening_door(evening: OpenEvening, *, now: datetime, has_place: bool = False) -> EveningDoor:
    """Return how the door is found at `now`, by somebody who has a place already or not."""
    if evening.cancelled_at is not None:
        return EveningDoor.CANCELLED
    if evening.ends_at <= now:
        return EveningDoor.ENDED
    if now < evening.starts_at - OPENS:
        return EveningDoor.EARLY
    if evening.taken >= evening.places and not has_place:
        return EveningDoor.FULL
    return EveningDoor.OPEN
