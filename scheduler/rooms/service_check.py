"""Whether the services behind the rooms answer, and know the secret we share with them."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from scheduler.kernel.untrusted.http_answer import Unreachable
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom
from scheduler.rooms.bigbluebutton import check_address, is_success
from scheduler.rooms.hand_over import room_settings, secret_of

BROKEN = 500
"""From this status on a server says that it cannot, whatever it is asked."""


def service_faults(rooms: Iterable[VideoRoom]) -> list[str]:
    """Return what is wrong with the services of these rooms, each with what to do; a server is
    asked once. Raises RoomUnavailable for a secret that cannot be read.

    No room is entered: of Jitsi, templates and fixed addresses only the host is asked.
    """
    groups: dict[tuple[str, str | None], list[VideoRoom]] = {}
    for room in rooms:
        place = room.url.rstrip("/")
        secret_file = room.secret_file
        if room.service != RoomService.BIGBLUEBUTTON:
            place = host_of(room.url)
            secret_file = None
        alike = groups.setdefault((place, secret_file), [])
        alike.append(room)
    found = []
    for (place, _), alike in groups.items():
        fault = _fault(alike[0], place)
        if fault is not None:
            keys = ", ".join(room.key for room in alike)
            found.append(f"room {keys}: {fault}")
    return found


def _fault(room: VideoRoom, place: str) -> str | None:
    if room.service == RoomService.BIGBLUEBUTTON:
        return _meetings_fault(room)
    return _host_fault(place)


def host_of(url: str) -> str:
    """Return where a service is, without the room: scheme, host and port."""
    return f"https://{urlsplit(url).netloc}/"


def _host_fault(place: str) -> str | None:
    host = urlsplit(place).netloc
    try:
        status = room_settings().knock(place)
    except Unreachable as error:
        what = str(error).partition(";")[0]
        return f"{what}; see that the service runs, and that its address is right"
    if status >= BROKEN:
        return f"{host} answers {status}; ask whoever runs the service"
    return None


def _meetings_fault(room: VideoRoom) -> str | None:
    host = urlsplit(room.url).netloc
    try:
        answer = room_settings().ask(check_address(room.url, secret_of(room)))
    except OSError:
        return f"{host} does not answer; see that the service runs, and that its address is right"
    if not is_success(answer):
        return (
            f"{host} answers, but not to our secret; put what `bbb-conf --secret` prints on it "
            "into the room's secret_file"
        )
    return None
