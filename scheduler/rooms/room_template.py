"""Rooms of a service that opens one for whatever name it is asked for. Pure."""

from scheduler.rooms.visit import Visit, session_name

PLACE = "{session}"
"""What stands in the address for the session's name."""


def template_address(url: str, visit: Visit, *, key: bytes) -> str:
    """Return the address of the session's own room, the same for all who may go in."""
    return url.replace(PLACE, session_name(key, visit))
