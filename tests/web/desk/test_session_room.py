"""Those who lead a session go into its room as moderators, at its time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import RoomService
from scheduler.sessions import session_by_key
from tests.fakes.video_services import FakeJitsi
from visitor import browser, send, sign_in, words
from watch import Watch

NOW = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
KEY = "evening.fam.jordan.w1"
ROOM = f"/desk/sessions/{KEY}/room"
PAGE = f"/desk/sessions/{KEY}"
HREF = 'href="https://meet.example/'


@pytest.fixture
def jitsi(house: Flask, tmp_path: Path) -> FakeJitsi:
    (tmp_path / "secret").write_bytes(b"shared")
    room = session_by_key(KEY).room
    assert room is not None
    room.service, room.url, room.app_id = RoomService.JITSI, "https://meet.example", "kinfold"
    room.secret_file = str(tmp_path / "secret")
    db.session.commit()
    return FakeJitsi("meet.example", "kinfold", b"shared")


def test_leader_goes_in_as_moderator(house: Flask, jitsi: FakeJitsi, watch: Watch) -> None:
    session = session_by_key(KEY)
    client = browser(house)
    watch.moment = session.starts_at - timedelta(minutes=15)
    sign_in(client, session.leads[0])

    answer = send(client, ROOM, page=PAGE)

    address = answer.text.partition('href="https://meet')[2].partition('"')[0]
    guest = jitsi.enter(f"https://meet{address}", clock.now())
    assert guest is not None and guest.moderates


def test_leader_who_comes_too_early_gets_no_address(
    house: Flask, jitsi: FakeJitsi, watch: Watch
) -> None:
    session = session_by_key(KEY)
    client = browser(house)
    watch.moment = session.starts_at - timedelta(minutes=16)
    sign_in(client, session.leads[0])

    answer = send(client, ROOM, page=PAGE)

    assert (HREF in answer.text, "The room is not open" in words(answer)) == (False, True)


def test_room_is_not_handed_to_staff_who_do_not_lead(
    house: Flask, jitsi: FakeJitsi, watch: Watch
) -> None:
    watch.moment = session_by_key(KEY).starts_at
    client = browser(house)
    sign_in(client, person_by_key("desk"))

    answer = send(client, ROOM, page=PAGE)

    assert (answer.status_code, HREF in answer.text) == (403, False)


def test_service_whose_secret_is_lost_is_said(
    house: Flask, jitsi: FakeJitsi, watch: Watch, tmp_path: Path
) -> None:
    session = session_by_key(KEY)
    (tmp_path / "secret").unlink()
    client = browser(house)
    watch.moment = session.starts_at
    sign_in(client, session.leads[0])

    answer = send(client, ROOM, page=PAGE)

    assert "The video service does not answer" in words(answer)
