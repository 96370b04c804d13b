"""What is handed over opens one session, for one person, while it lasts; the services judge."""

import random
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom
from scheduler.rooms import RoomSettings, RoomUnavailable, Visit, configure_rooms, room_address
from tests.fakes.video_services import FakeBigBlueButton, FakeJitsi, Guest

SECRET = b"a secret of the service"
KEY = b"k" * 32
STARTS = datetime(2027, 3, 9, 21, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=1)
VISIT = Visit("session-1", STARTS, ENDS, "dana", "Dana")
Enter = Callable[[str, datetime], Guest | None]


@pytest.fixture
def bbb() -> FakeBigBlueButton:
    return FakeBigBlueButton("https://bbb.example/bigbluebutton", SECRET, STARTS)


@pytest.fixture(autouse=True)
def settings(bbb: FakeBigBlueButton) -> Iterator[None]:
    from scheduler.rooms import hand_over

    before = hand_over._settings
    configure_rooms(RoomSettings(KEY, bbb.ask))
    yield
    hand_over._settings = before


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_bytes(SECRET + b"\n")
    return path


@pytest.fixture
def jitsi_room(secret_file: Path) -> VideoRoom:
    return VideoRoom(
        key="a",
        service=RoomService.JITSI,
        url="https://meet.example",
        app_id="kinfold",
        secret_file=str(secret_file),
    )


@pytest.fixture
def bbb_room(secret_file: Path) -> VideoRoom:
    return VideoRoom(
        key="b",
        service=RoomService.BIGBLUEBUTTON,
        url="https://bbb.example/bigbluebutton",
        secret_file=str(secret_file),
    )


TEMPLATE = VideoRoom(
    key="c", service=RoomService.TEMPLATE, url="https://video.example/{session}?lang=en"
)
JITSI = FakeJitsi("meet.example", "kinfold", SECRET)


def test_jitsi_lets_a_relative_in_as_a_guest(jitsi_room: VideoRoom) -> None:
    found = JITSI.enter(room_address(jitsi_room, VISIT, now=STARTS), STARTS)

    assert found is not None
    assert (found.name, found.moderates) == ("Dana", False)
    assert re.fullmatch("[a-z0-9]{26}", found.room)


def test_jitsi_lets_staff_in_as_moderator(jitsi_room: VideoRoom) -> None:
    visit = replace(VISIT, person_id="rivera", name="Ana Rivera", moderates=True)

    found = JITSI.enter(room_address(jitsi_room, visit, now=STARTS), STARTS)

    assert found is not None and found.moderates


@pytest.mark.parametrize(
    ("after", "opens"),
    [
        (timedelta(seconds=59), True),
        (timedelta(minutes=1), False),
        (timedelta(hours=1), False),
        (timedelta(days=7), False),
    ],
)
def test_jitsi_address_ends_a_minute_after_it_was_handed_over(
    jitsi_room: VideoRoom, after: timedelta, opens: bool
) -> None:
    address = room_address(jitsi_room, VISIT, now=STARTS)

    assert (JITSI.enter(address, STARTS + after) is not None) == opens


def test_jitsi_address_ends_with_the_session(jitsi_room: VideoRoom) -> None:
    address = room_address(jitsi_room, VISIT, now=ENDS - timedelta(seconds=30))

    assert JITSI.enter(address, ENDS - timedelta(seconds=1)) is not None
    assert JITSI.enter(address, ENDS) is None


def test_jitsi_address_with_another_room_is_refused(jitsi_room: VideoRoom) -> None:
    mine = room_address(jitsi_room, VISIT, now=STARTS)
    other = room_address(jitsi_room, replace(VISIT, session_id="session-2"), now=STARTS)
    forged = other.partition("?")[0] + "?" + mine.partition("?")[2]

    assert JITSI.enter(forged, STARTS) is None


def test_bigbluebutton_lets_a_relative_in_as_viewer(
    bbb_room: VideoRoom, bbb: FakeBigBlueButton
) -> None:
    found = bbb.enter(room_address(bbb_room, VISIT, now=STARTS), STARTS)

    assert found is not None
    assert (found.name, found.moderates) == ("Dana", False)


def test_bigbluebutton_seats_all_of_a_session_in_one_meeting(
    bbb_room: VideoRoom, bbb: FakeBigBlueButton
) -> None:
    staff = replace(VISIT, person_id="rivera", name="Ana Rivera", moderates=True)
    first = bbb.enter(room_address(bbb_room, VISIT, now=STARTS), STARTS)
    bbb.at = STARTS + timedelta(minutes=5)
    second = bbb.enter(room_address(bbb_room, staff, now=bbb.at), bbb.at)

    assert first is not None and second is not None
    assert (first.room, first.moderates) == (second.room, False)
    assert second.moderates


def test_bigbluebutton_address_ends_with_the_session(
    bbb_room: VideoRoom, bbb: FakeBigBlueButton
) -> None:
    address = room_address(bbb_room, VISIT, now=STARTS)

    assert bbb.enter(address, ENDS) is None


def test_bigbluebutton_address_opens_no_later_meeting_of_the_same_name(
    bbb_room: VideoRoom, bbb: FakeBigBlueButton
) -> None:
    address = room_address(bbb_room, VISIT, now=STARTS)
    bbb.meetings.clear()
    bbb.at = STARTS + timedelta(minutes=30)
    room_address(bbb_room, VISIT, now=bbb.at)

    assert bbb.enter(address, bbb.at) is None


def test_bigbluebutton_that_is_down_is_said(bbb_room: VideoRoom, bbb: FakeBigBlueButton) -> None:
    bbb.is_down = True

    with pytest.raises(RoomUnavailable, match="room b: the service does not answer"):
        room_address(bbb_room, VISIT, now=STARTS)


def test_changed_secret_is_read_at_the_next_use(jitsi_room: VideoRoom, secret_file: Path) -> None:
    secret_file.write_bytes(b"another")

    assert JITSI.enter(room_address(jitsi_room, VISIT, now=STARTS), STARTS) is None
    other = FakeJitsi("meet.example", "kinfold", b"another")
    assert other.enter(room_address(jitsi_room, VISIT, now=STARTS), STARTS) is not None


@pytest.mark.parametrize("content", [None, b"", b" \n", b"x" * 5000])
def test_secret_that_cannot_be_read_is_said_without_it(
    jitsi_room: VideoRoom, secret_file: Path, content: bytes | None
) -> None:
    if content is None:
        secret_file.unlink()
    else:
        secret_file.write_bytes(content)

    with pytest.raises(RoomUnavailable, match="room a: its secret_file"):
        room_address(jitsi_room, VISIT, now=STARTS)


def test_template_puts_26_letters_and_digits_where_the_session_stands() -> None:
    address = room_address(TEMPLATE, VISIT, now=STARTS)

    assert re.fullmatch(r"https://video\.example/[a-z0-9]{26}\?lang=en", address)


def test_template_gives_all_of_a_session_one_address() -> None:
    other = replace(VISIT, person_id="jordan", name="Jordan")

    assert room_address(TEMPLATE, VISIT, now=STARTS) == room_address(TEMPLATE, other, now=STARTS)


def test_moved_session_leaves_its_address_behind() -> None:
    moved = replace(VISIT, starts_at=STARTS + timedelta(days=1))

    assert room_address(TEMPLATE, VISIT, now=STARTS) != room_address(TEMPLATE, moved, now=STARTS)


def test_fixed_room_keeps_its_address() -> None:
    room = VideoRoom(key="d", service=RoomService.FIXED, url="https://video.example/room-a")

    assert room_address(room, VISIT, now=STARTS) == "https://video.example/room-a"


def visits() -> list[tuple[Visit, Visit]]:
    """500 pairs of different sessions, half of them of one person."""
    chance = random.Random(14)
    pairs = []
    for _ in range(500):
        first, second = (
            replace(
                VISIT,
                session_id="".join(chance.choices(string.hexdigits, k=32)),
                person_id=chance.choice(["dana", "jordan"]),
                moderates=chance.random() < 0.2,
            )
            for _ in range(2)
        )
        pairs.append((first, second))
    return pairs


@pytest.mark.parametrize("service", ["jitsi", "bigbluebutton", "template"])
def test_address_of_one_session_opens_no_other_session(
    service: str, jitsi_room: VideoRoom, bbb_room: VideoRoom, bbb: FakeBigBlueButton
) -> None:
    room = {"jitsi": jitsi_room, "bigbluebutton": bbb_room, "template": TEMPLATE}[service]
    enter: Enter = JITSI.enter if service == "jitsi" else bbb.enter
    if service == "template":
        enter = entered_template
    for first, second in visits():
        mine = room_address(room, first, now=STARTS)
        other = room_address(room, second, now=STARTS)
        rooms = [enter(mine, STARTS), enter(other, STARTS), enter(forged(mine, other), STARTS)]
        assert rooms[0] is not None and rooms[1] is not None
        assert rooms[0].room != rooms[1].room
        assert rooms[2] is None or rooms[2].room == rooms[0].room


def later_visits() -> list[tuple[Visit, Visit]]:
    """500 pairs of a session and one that begins later, often the same session moved and the same
    person.
    """
    chance = random.Random(15)
    pairs = []
    for first, _ in visits():
        starts_at = first.ends_at + timedelta(minutes=chance.randrange(0, 60 * 24 * 90))
        later = replace(first, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        if chance.random() < 0.5:
            later = replace(later, session_id=f"{first.session_id}x", person_id="noemie")
        pairs.append((first, later))
    return pairs


@pytest.mark.parametrize("service", ["jitsi", "bigbluebutton", "template"])
def test_address_of_one_session_opens_none_that_comes_later(
    service: str, jitsi_room: VideoRoom, bbb_room: VideoRoom, bbb: FakeBigBlueButton
) -> None:
    room = {"jitsi": jitsi_room, "bigbluebutton": bbb_room, "template": TEMPLATE}[service]
    enter: Enter = {"jitsi": JITSI.enter, "bigbluebutton": bbb.enter}.get(service, entered_template)
    for first, later in later_visits():
        bbb.at = first.starts_at
        mine = room_address(room, first, now=first.starts_at)
        assert enter(mine, first.starts_at) is not None
        bbb.at = later.starts_at
        other = enter(room_address(room, later, now=later.starts_at), later.starts_at)
        again = enter(mine, later.starts_at)
        if service == "template":
            assert again is not None and other is not None and again.room != other.room
        else:
            assert (again, other is not None) == (None, True)


def entered_template(address: str, _at: datetime) -> Guest:
    return Guest(address, "", False, "")


def forged(mine: str, other: str) -> str:
    """The address of the other's session with all of mine that may be secret."""
    if "jwt=" in mine:
        return f"{other.partition('?')[0]}?{mine.partition('?')[2]}"
    if "checksum=" in mine:
        return f"{other.partition('&checksum=')[0]}&checksum={mine.partition('&checksum=')[2]}"
    return mine
