"""Who may be in a room no longer is put out of it while the session goes on, and does not come
back.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from household import NOW, Household
from scheduler.consents import revoke
from scheduler.kernel.database import db
from scheduler.programs import RoomService
from scheduler.programs.models import Enrolment, VideoRoom
from scheduler.rooms import RoomSettings, configure_rooms, hand_over, room_settings
from scheduler.sessions import cancel, log_join
from scheduler.sessions.models import RoomEntry, Session
from scheduler.tasks.models import Task
from scheduler.web.family.room_handover import hand_over as let_in
from scheduler.worker.put_out import put_out
from tests.fakes.video_services import FakeBigBlueButton, FakeJitsi

SECRET = b"a secret of the service"
URL = "https://bbb.example/bigbluebutton"
JITSI = FakeJitsi("meet.example", "kinfold", SECRET)


@pytest.fixture
def bbb(home: Household) -> Iterator[FakeBigBlueButton]:
    fake = FakeBigBlueButton(URL, SECRET, NOW)
    before = room_settings()
    configure_rooms(RoomSettings(before.key, fake.ask))
    yield fake
    hand_over._settings = before


@pytest.fixture
def meeting(home: Household, tmp_path: Path) -> Session:
    """A family session that goes on, in a room of BigBlueButton; the father has no consent."""
    (tmp_path / "secret").write_bytes(SECRET)
    home.consent()
    session = home.appointment(0)
    session.starts_local = NOW.strftime("%Y-%m-%dT%H:%M")
    session.starts_at, session.ends_at = NOW - timedelta(minutes=10), NOW + timedelta(minutes=50)
    session.room = VideoRoom(
        key="b", service=RoomService.BIGBLUEBUTTON, url=URL, secret_file=str(tmp_path / "secret")
    )
    db.session.commit()
    return session


def enter(home: Household, meeting: Session) -> dict[str, str]:
    """Let patient, mother and clinician in; return what each was handed."""
    handed = {}
    for person in (home.jordan, home.mother, home.rivera):
        room = let_in(meeting, person, now=NOW)
        assert room is not None and room.url is not None
        log_join(meeting, person, by=person.key, now=NOW)
        handed[person.key] = room.url
    db.session.commit()
    return handed


def ended() -> set[str]:
    db.session.rollback()
    rows = db.session.scalars(select(RoomEntry).where(RoomEntry.ended_at.is_not(None)))
    return {row.person_id for row in rows}


def withdraw(home: Household, meeting: Session) -> None:
    revoke(person=home.mother, patient=home.jordan, by="desk", now=NOW)


def discharge(home: Household, meeting: Session) -> None:
    stay = db.session.scalars(select(Enrolment).where(Enrolment.patient_id == home.jordan.id)).one()
    stay.last = NOW.date() - timedelta(days=2)


def call_off(home: Household, meeting: Session) -> None:
    cancel(meeting, by="desk", now=NOW)


def test_who_may_stay_stays(home: Household, meeting: Session, bbb: FakeBigBlueButton) -> None:
    handed = enter(home, meeting)

    assert put_out(by="worker", now=NOW) == 0
    assert [bbb.enter(address, NOW) is not None for address in handed.values()] == [True] * 3


@pytest.mark.parametrize("end", [withdraw, discharge, call_off])
def test_what_was_handed_over_opens_nothing_afterwards(
    home: Household,
    meeting: Session,
    bbb: FakeBigBlueButton,
    end: Callable[[Household, Session], None],
) -> None:
    handed = enter(home, meeting)
    end(home, meeting)
    db.session.commit()

    put_out(by="worker", now=NOW)

    assert home.mother.id in ended()
    assert bbb.enter(handed["p-1-mother"], NOW) is None


def test_others_come_back_by_their_doors_into_one_meeting(
    home: Household, meeting: Session, bbb: FakeBigBlueButton
) -> None:
    mothers = enter(home, meeting)["p-1-mother"]
    withdraw(home, meeting)
    db.session.commit()
    put_out(by="worker", now=NOW)
    bbb.at = NOW + timedelta(seconds=5)

    rooms = set()
    for person in (home.jordan, home.rivera):
        room = let_in(meeting, person, now=bbb.at)
        assert room is not None and room.url is not None
        guest = bbb.enter(room.url, bbb.at)
        assert guest is not None
        rooms.add(guest.room)
    assert (len(rooms), bbb.enter(mothers, bbb.at)) == (1, None)


def test_only_who_may_not_stay_is_written_down(
    home: Household, meeting: Session, bbb: FakeBigBlueButton
) -> None:
    enter(home, meeting)
    withdraw(home, meeting)
    db.session.commit()

    put_out(by="worker", now=NOW)
    again = put_out(by="worker", now=NOW)

    assert (ended(), again) == ({home.mother.id}, 0)


@pytest.mark.parametrize("why", ["jitsi", "down"])
def test_leader_is_asked_where_the_service_cannot_put_out(
    home: Household, meeting: Session, bbb: FakeBigBlueButton, why: str
) -> None:
    enter(home, meeting)
    bbb.is_down = True
    if why == "jitsi":
        meeting.room.service = RoomService.JITSI  # type: ignore[union-attr]
    withdraw(home, meeting)
    db.session.commit()

    put_out(by="worker", now=NOW)

    (task,) = db.session.scalars(select(Task).where(Task.kind == "room_exit"))
    assert (task.for_id, task.about_id) == (home.rivera.id, home.mother.id)
    assert task.words.startswith("Dana Lee was let into the room")
    assert home.mother.id in ended()


def test_jitsi_address_outlives_a_withdrawal_by_a_minute_at_most(
    home: Household, meeting: Session
) -> None:
    room = meeting.room
    assert room is not None
    room.service, room.url, room.app_id = RoomService.JITSI, "https://meet.example", "kinfold"
    handed = enter(home, meeting)["p-1-mother"]

    opens = [JITSI.enter(handed, NOW + timedelta(minutes=after)) for after in (0, 1)]

    assert [guest is not None for guest in opens] == [True, False]


def test_who_may_come_again_is_there_again(
    home: Household, meeting: Session, bbb: FakeBigBlueButton
) -> None:
    enter(home, meeting)
    withdraw(home, meeting)
    db.session.commit()
    put_out(by="worker", now=NOW)
    home.consent()
    log_join(meeting, home.mother, by="p-1-mother", now=NOW)
    db.session.commit()

    assert (ended(), put_out(by="worker", now=NOW)) == (set(), 0)
