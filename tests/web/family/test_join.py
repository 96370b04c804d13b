"""The door: one page that takes the code, waits, and hands over the room; and what it says when
there is none.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler.consents import revoke
from scheduler.disclosures.models import Opened, Opening
from scheduler.invitations import announce, answer, invitations_of, link_token
from scheduler.invitations.model.models import Answer
from scheduler.kernel.database import db
from scheduler.people import Help
from scheduler.people.models import Practice
from scheduler.programs import Kind, RoomService
from scheduler.programs.models import VideoRoom
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.models import Session
from tests.fakes.video_services import FakeJitsi
from visitor import code_mailed, letters, send, sign_in, text_of, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 9, 21, 0, tzinfo=UTC)
WHEN = "Tue 9 March, 3:00 – 4:00 PM, Chicago time (4:00 – 5:00 PM, New York time)"
JITSI = FakeJitsi("meet.example", "kinfold", b"shared")
FORWARD = re.compile(r'http-equiv="refresh" content="2;url=([^"]+)"')


@pytest.fixture
def stage(client: FlaskClient, watch: Watch, tmp_path: Path) -> Cast:
    stage = assemble(Kind.FAMILY_THERAPY)
    (tmp_path / "secret").write_bytes(b"shared")
    room = VideoRoom(
        key="room-a",
        service=RoomService.JITSI,
        url="https://meet.example",
        app_id="kinfold",
        secret_file=str(tmp_path / "secret"),
        dial_in="+16175550100",
    )
    for day in (9, 16):
        key = {"series": f"fam-{day}"}
        session(stage, datetime(2027, 3, day, 16, 0), **key).room = room if day == 9 else None
    announce(by="command", now=NOW)
    db.session.commit()
    return stage


def door(stage: Cast) -> str:
    """The address of the first appointment's door."""
    for row in invitations_of(stage.dana.id):
        if row.told is not None and row.told["meetings"][0][3].startswith("2027-03-09"):
            return f"/j/{link_token(row.uid)}"
    raise AssertionError("the mother was told of no first appointment")


def first_session() -> Session:
    return db.session.scalars(select(Session).order_by(Session.starts_at)).all()[0]


def test_code_and_room_come_in_one_answer(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS - timedelta(minutes=1)
    page = door(stage)
    asked = send(client, f"{page}/send", page=page)

    answer = send(client, page, {"code": code_mailed()}, page=asked.location)

    found = FORWARD.search(answer.text)
    assert (answer.status_code, found is not None) == (200, True)
    assert found is not None
    guest = JITSI.enter(found[1], watch.moment)
    assert guest is not None and (guest.name, guest.moderates) == ("Dana", False)
    assert 'href="tel:+16175550100"' in answer.text


def test_code_makes_the_browser_known(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS
    page = door(stage)
    asked = send(client, f"{page}/send", page=page)
    send(client, page, {"code": code_mailed()}, page=asked.location)

    assert words(client.get(page)).startswith(f"You can go in now {WHEN} Join")
    assert FORWARD.search(send(client, page).text)


def test_known_browser_goes_in_with_one_tap(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS
    sign_in(client, stage.dana)

    answer = send(client, door(stage))

    assert FORWARD.search(answer.text)
    read = db.session.scalars(select(Opening).where(Opening.page == Opened.ROOM)).all()
    assert [(row.person_id, row.patient_id) for row in read] == [(stage.dana.id, stage.jordan.id)]


@pytest.mark.parametrize(
    ("own", "accepted", "says"),
    [
        (None, "es", "Su código es"),
        (None, "en", "Your code is"),
        ("pt-BR", "es", "Seu código é"),
    ],
)
def test_code_is_mailed_in_the_language_of_the_page(
    client: FlaskClient, stage: Cast, watch: Watch, own: str | None, accepted: str, says: str
) -> None:
    stage.dana.language = own
    db.session.commit()
    watch.moment = STARTS
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accepted
    page = door(stage)

    send(client, f"{page}/send", page=page)

    assert says in text_of(letters("code")[-1])


def test_wrong_code_keeps_the_door_and_hands_over_nothing(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    page = door(stage)
    asked = send(client, f"{page}/send", page=page)
    wrong = f"{(int(code_mailed()) + 1) % 1_000_000:06d}"

    answer = send(client, page, {"code": wrong}, page=asked.location)

    assert (answer.status_code, "meet.example" in answer.text) == (422, False)
    assert "This code is not right" in words(answer)


def test_code_of_the_mother_opens_on_a_device_the_father_is_signed_in_on(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    page = door(stage)
    sign_in(client, stage.miguel)
    asked = send(client, f"{page}/send", page=page)

    answer = send(client, page, {"code": code_mailed()}, page=asked.location)

    assert FORWARD.search(answer.text)


def test_code_that_comes_early_leads_to_the_page_that_waits(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(minutes=20)
    page = door(stage)
    asked = send(client, f"{page}/send", page=page)

    answer = send(client, page, {"code": code_mailed()}, page=asked.location)

    assert words(answer).startswith(
        f"You are early {WHEN} You can go in from 2:45 PM, Chicago time, 15 minutes before"
    )
    assert 'data-opens-in="300" data-again-in="300"' in answer.text
    assert f'<noscript><meta http-equiv="refresh" content="300;url={page}"></noscript>' in (
        answer.text
    )


def test_page_that_waits_long_is_loaded_again_so_that_nobody_is_signed_out(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(hours=2)
    sign_in(client, stage.dana)

    assert 'data-opens-in="6300" data-again-in="600"' in client.get(door(stage)).text


def test_day_before_nothing_counts_down(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS - timedelta(days=1)
    sign_in(client, stage.dana)

    page = client.get(door(stage))

    assert ("data-opens-in" in page.text, "refresh" in page.text) == (False, False)


def test_number_is_not_shown_before_the_room_opens(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(minutes=16)
    sign_in(client, stage.dana)

    pages = [client.get(door(stage)).text, client.get(door(stage).replace("/j/", "/i/")).text]

    assert [page for page in pages if "5550100" in page] == []


def test_number_is_shown_when_the_room_is_open_and_never_before_the_code(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(minutes=15)
    dates = f"{door(stage).replace('/j/', '/i/')}?dates=all"
    addresses = [door(stage), dates]
    before = [client.get(address).text for address in addresses]
    sign_in(client, stage.dana)
    after = [client.get(address).text for address in addresses]

    assert ["tel:+16175550100" in page for page in before + after] == [False, False, True, True]


def test_ended_appointment_says_when_it_ended_and_the_next(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    watch.moment = STARTS + timedelta(hours=1, minutes=15)
    sign_in(client, stage.dana)

    said = words(client.get(page))

    assert said.startswith(f"This appointment is over {WHEN} It ended at 4:00 PM, Chicago time.")
    assert "The next one: Tue 16 March" in said


def test_next_one_comes_after_the_one_that_is_meant(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    later = [row for row in invitations_of(stage.dana.id) if "2027-03-16" in str(row.told)]
    sign_in(client, stage.dana)

    said = words(client.get(f"/j/{link_token(later[0].uid)}"))

    assert said.startswith("You are early Tue 16 March")
    assert "The next one" not in said


def test_date_they_said_no_to_leads_to_the_one_they_come_to(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    (first,) = [row for row in invitations_of(stage.dana.id) if "2027-03-09" in str(row.told)]
    answer(first, Answer.DECLINED, by="dana", now=NOW)
    db.session.commit()
    watch.moment = STARTS - timedelta(hours=1)
    sign_in(client, stage.dana)

    said = words(client.get(page))

    assert said.startswith(f"You said no to this date {WHEN} Do you want to come? Say yes again")
    assert "You come next: Tue 16 March" in said
    assert "Change my answer" in said


def test_moved_appointment_says_what_it_was_and_is(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    edit_sessions(first_session(), to=datetime(2027, 3, 12, 19, 0), by="sam", now=NOW)
    db.session.commit()
    watch.moment = STARTS
    sign_in(client, stage.dana)

    said = words(client.get(page))

    assert said.startswith(f"This appointment has moved {WHEN} It is now: Fri 12 March, 6:00")


def test_cancelled_appointment_says_so_and_the_next(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    cancel(first_session(), by="sam", now=NOW)
    db.session.commit()
    watch.moment = STARTS
    sign_in(client, stage.dana)

    said = words(client.get(page))

    assert said.startswith(f"This appointment is cancelled {WHEN} You need not do anything.")
    assert "The next one: Tue 16 March" in said


def move_first(to: datetime, told: datetime) -> None:
    """Move the first appointment, and write everybody the letter that says so."""
    edit_sessions(first_session(), to=to, by="sam", now=told)
    announce(by="command", now=told)
    db.session.commit()


def test_moved_appointment_is_said_to_have_moved_after_the_letter_about_it(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    move_first(datetime(2027, 3, 12, 19, 0), NOW)
    watch.moment = STARTS
    sign_in(client, stage.dana)

    said = words(client.get(page))

    assert said.startswith(f"This appointment has moved {WHEN} It is now: Fri 12 March, 6:00")


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (datetime(2027, 3, 9, 8, 59, tzinfo=UTC), "You are early"),
        (datetime(2027, 3, 9, 9, 0, tzinfo=UTC), "This appointment has moved"),
        (datetime(2027, 3, 10, 4, 59, tzinfo=UTC), "This appointment has moved"),
        (datetime(2027, 3, 10, 5, 0, tzinfo=UTC), "You are early"),
    ],
)
def test_move_is_said_until_the_day_is_over(
    client: FlaskClient, stage: Cast, watch: Watch, at: datetime, says: str
) -> None:
    page = door(stage)
    move_first(datetime(2027, 3, 12, 19, 0), NOW)
    watch.moment = at
    sign_in(client, stage.dana)

    assert words(client.get(page)).startswith(says)


def test_moved_appointment_opens_at_its_new_time(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    move_first(datetime(2027, 3, 9, 18, 0), NOW)
    watch.moment = STARTS + timedelta(hours=1, minutes=45)
    sign_in(client, stage.dana)

    assert FORWARD.search(send(client, page).text)


def test_cancelled_appointment_is_said_after_the_letter_about_it_and_to_nobody_else(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    cancel(first_session(), by="sam", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()
    watch.moment = STARTS
    stranger = client.get(page)
    sign_in(client, stage.dana)

    assert words(stranger).startswith("Join First prove that it is you")
    assert words(client.get(page)).startswith(f"This appointment is cancelled {WHEN}")


def test_cancelled_appointment_is_said_no_more_when_its_day_is_over(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    cancel(first_session(), by="sam", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()
    watch.moment = datetime(2027, 3, 10, 5, 0, tzinfo=UTC)

    assert client.get(page).status_code == 410


def test_service_that_cannot_be_reached_is_said_with_the_number(
    client: FlaskClient, stage: Cast, watch: Watch, tmp_path: Path
) -> None:
    (tmp_path / "secret").unlink()
    db.session.get_one(Practice, 1).help = Help("+16175550199", "Mon to Fri", None)
    db.session.commit()
    watch.moment = STARTS
    sign_in(client, stage.dana)

    answer = send(client, door(stage))

    assert words(answer).startswith("The room does not answer")
    assert 'href="tel:+16175550199"' in answer.text
    assert 'href="tel:+16175550100"' in answer.text
    assert db.session.scalars(select(Opening).where(Opening.page == Opened.ROOM)).all() == []


def test_withdrawn_consent_mails_no_code_from_the_door(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage)
    form = client.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    db.session.commit()

    answer = client.post(f"{page}/send", data={"csrf_token": form})

    assert (answer.status_code, letters("code")) == (410, [])
