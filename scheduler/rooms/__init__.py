"""Rooms of video services: the way in is made for one session and one person when it is handed
over.

It knows no consent and no invitation: whether somebody may go in, and when, is asked above it.
"""

from scheduler.rooms.hand_over import (
    RoomSettings,
    RoomUnavailable,
    ask_service,
    configure_rooms,
    end_call,
    room_address,
    room_settings,
    secret_of,
)
from scheduler.rooms.service_check import host_of, service_faults
from scheduler.rooms.visit import Visit

__all__ = [
    "RoomSettings",
    "RoomUnavailable",
    "Visit",
    "ask_service",
    "configure_rooms",
    "end_call",
    "host_of",
    "room_address",
    "room_settings",
    "secret_of",
    "service_faults",
]
