"""Reading one video room from a clinic file: of a service, or with a fixed address. Pure."""

from scheduler.clinics.reading import field_readers
from scheduler.clinics.reading.entry_fields import Entry
from scheduler.clinics.reading.field_readers import Wrong
from scheduler.clinics.reading.places import at_field, at_item
from scheduler.clinics.reading.yaml_tree import Tree
from scheduler.clinics.values import ClinicFile, VideoRoom
from scheduler.kernel.errors import Problem
from scheduler.programs import RoomService

SERVICES = tuple(service for service in RoomService if service is not RoomService.FIXED)
PLACE = "{session}"
FIXED = (
    "a fixed address: whoever was in one session can go into the next; name a service, or write "
    "shared: true"
)


def read_room(entry: Entry, key: str) -> VideoRoom:
    """Read a room of which the key is read; the service says which other fields there are."""
    service = entry.maybe("service", _service, RoomService.FIXED)
    is_template = service == RoomService.TEMPLATE
    url = entry.need("url", _template if is_template else field_readers.room_address)
    app_id = secret_file = None
    is_shared = False
    if service == RoomService.JITSI:
        app_id = entry.need("app_id", field_readers.text)
    if service in (RoomService.JITSI, RoomService.BIGBLUEBUTTON):
        secret_file = entry.need("secret_file", _whole_path)
        if url and ("?" in url or "#" in url):
            entry.wrong("url", "write the service's address without ? and #")
    dial_in = entry.maybe("dial_in", field_readers.phone, None)
    if service == RoomService.FIXED:
        is_shared = entry.maybe("shared", field_readers.truth, False)
    return VideoRoom(
        key=key,
        url=url,
        dial_in=dial_in,
        service=service,
        app_id=app_id,
        secret_file=secret_file,
        shared=is_shared,
    )


def fixed_addresses(file: ClinicFile) -> list[Problem]:
    """Return the rooms whose one address opens every session, save those of which the clinic says
    that it knows.
    """
    found = []
    for number, room in enumerate(file.rooms):
        if room.service == RoomService.FIXED and not room.shared:
            place = at_field(at_item("video_rooms", number), "url")
            found.append(Problem(place, FIXED))
    return found


def _service(value: Tree) -> RoomService:
    return RoomService(field_readers.choice(SERVICES)(value))


def _template(value: Tree) -> str:
    """Read an address with one {session} in its path or query."""
    if not isinstance(value, str) or value.count(PLACE) != 1:
        raise Wrong(f"write the address with {PLACE} once, as https://video.example/{PLACE}")
    field_readers.room_address(value.replace(PLACE, "session"))
    host_and_rest = value.removeprefix("https://").replace("?", "/").replace("#", "/")
    if PLACE in host_and_rest.partition("/")[0]:
        raise Wrong(f"{PLACE} stands after the host")
    return value


def _whole_path(value: Tree) -> str:
    path = field_readers.text(value)
    if not path.startswith("/"):
        raise Wrong("write the whole path of the file, from /")
    return path
