"""Which video service a room is of. Pure."""

from enum import StrEnum


class RoomService(StrEnum):
    """What a clinic file may name; a room without any has one fixed address for all sessions."""

    FIXED = "fixed"
    JITSI = "jitsi"
    BIGBLUEBUTTON = "bigbluebutton"
    TEMPLATE = "template"
