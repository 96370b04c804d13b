"""Handing over the way into a room: for one session and, where the service can, for one person.

The secret shared with a service is read from its file each time, and neither kept nor logged.
"""

import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from scheduler.kernel.errors import KinfoldError, Misconfigured
from scheduler.kernel.untrusted.safe_http import Network, status_of
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom
from scheduler.rooms.bigbluebutton import (
    create_address,
    create_time,
    end_address,
    join_address,
)
from scheduler.rooms.jitsi import jitsi_address
from scheduler.rooms.room_template import template_address
from scheduler.rooms.visit import Visit

Ask = Callable[[str], bytes]
"""A call to a video service: the address, and what it answered. Raises OSError."""
Knock = Callable[[str], int]
"""A look at whether a server answers: its address, and the status. Raises Unreachable."""
PATIENCE = 5.0
"""Seconds a service may say nothing."""
LARGEST = 64 * 1024
MOST_SECRET = 4096
"""Octets of a secret's file."""


def knock_at(address: str) -> int:
    """Return the status with which a server answers; it may be one inside the house, as the
    clinic's own administrator named it. Raises Unreachable.
    """
    return status_of(address, reach=Network(allowed=lambda _: True))


class RoomUnavailable(KinfoldError):
    """The room cannot be opened now: the service does not answer, or its secret cannot be read."""


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """`key` names rooms, and is this purpose's own; `ask` calls a service, and `knock` only sees
    whether anything answers.
    """

    key: bytes
    ask: Ask
    knock: Knock = knock_at


_settings: RoomSettings | None = None


def configure_rooms(settings: RoomSettings) -> None:
    """Tell this process how rooms are named and asked for; done by the factory, once."""
    global _settings
    _settings = settings


def room_settings() -> RoomSettings:
    """Return what `configure_rooms` was told. Raises Misconfigured before that."""
    if _settings is None:
        raise Misconfigured("rooms were not told with which key to name them")
    return _settings


def room_address(room: VideoRoom, visit: Visit, *, now: datetime) -> str:
    """Return where a person goes for one session. Raises RoomUnavailable."""
    key = room_settings().key
    if room.service == RoomService.TEMPLATE:
        return template_address(room.url, visit, key=key)
    if room.service == RoomService.JITSI:
        return jitsi_address(
            room.url,
            room.app_id or "",
            secret_of(room),
            visit,
            key=key,
            now=now,
        )
    if room.service == RoomService.BIGBLUEBUTTON:
        return _meeting_address(room, visit, now)
    return room.url


def end_call(room: VideoRoom, visit: Visit) -> str | None:
    """Return the call that puts everybody out of a session's room, who come back by their doors;
    None where the service has none. Raises RoomUnavailable.
    """
    if room.service != RoomService.BIGBLUEBUTTON:
        return None
    return end_address(room.url, secret_of(room), visit, key=room_settings().key)


def secret_of(room: VideoRoom) -> bytes:
    """Return the secret shared with the service of a room. Raises RoomUnavailable."""
    try:
        with Path(room.secret_file or "").open("rb") as file:
            secret = file.read(MOST_SECRET + 1).strip()
    except OSError as error:
        raise RoomUnavailable(
            f"room {room.key}: its secret_file cannot be read ({error.strerror})"
        ) from None
    if not 0 < len(secret) <= MOST_SECRET:
        raise RoomUnavailable(f"room {room.key}: its secret_file holds no secret")
    return secret


def ask_service(address: str) -> bytes:
    """Return what a video service answers, over https and within seconds. Raises OSError."""
    parts = urlsplit(address)
    connection = http.client.HTTPSConnection(
        parts.hostname or "",
        parts.port,
        timeout=PATIENCE,
        context=ssl.create_default_context(),
    )
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Connection": "close"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise OSError(f"the service answers {answer.status}")
        return answer.read(LARGEST)
    except http.client.HTTPException as error:
        raise OSError("the service's answer was cut off") from error
    finally:
        connection.close()


def _meeting_address(room: VideoRoom, visit: Visit, now: datetime) -> str:
    settings = room_settings()
    secret = secret_of(room)
    create = create_address(room.url, secret, visit, key=settings.key, now=now)
    try:
        made_at = create_time(settings.ask(create))
    except OSError:
        # Without the cause: its words may hold the signed call.
        raise RoomUnavailable(f"room {room.key}: the service does not answer") from None
    if made_at is None:
        raise RoomUnavailable(f"room {room.key}: the service refused to open a meeting")
    return join_address(
        room.url,
        secret,
        visit,
        key=settings.key,
        create_time=made_at,
    )
