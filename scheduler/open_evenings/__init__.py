"""Open caregiver evenings: anyone may come, and nothing ties them to a patient.

It knows no session, no consent and no patient, and keeps nothing of who came but their number. The
room is the evening's own: its address opens nothing else.
"""

from scheduler.open_evenings.door_of_evening import OPENS, EveningDoor, evening_door
from scheduler.open_evenings.evening_places import take_place, way_in
from scheduler.open_evenings.evening_schedule import (
    LONGEST_MINUTES,
    MOST_PLACES,
    BadEvening,
    EveningWish,
    announce_evening,
    cancel_evening,
)
from scheduler.open_evenings.queries import evening_by_slug, evenings_since, rooms_for_evenings

__all__ = [
    "LONGEST_MINUTES",
    "MOST_PLACES",
    "OPENS",
    "BadEvening",
    "EveningDoor",
    "EveningWish",
    "announce_evening",
    "cancel_evening",
    "evening_by_slug",
    "evening_door",
    "evenings_since",
    "rooms_for_evenings",
    "take_place",
    "way_in",
]
