"""Doors in bad weather: short links, forwarded letters, scanners, wrong codes, two devices, fifty
people at once.
"""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cast import Cast, assemble, grant, session
from scheduler.consents import revoke
from scheduler.invitations import announce, end_of_day, invitations_of, link_token, short_link
from scheduler.invitations.model.models import ShortLink
from scheduler.kernel.database import db
from scheduler.people.models import Patient, Person, PersonKind, Relative
from scheduler.programs import Kind, RoomService
from scheduler.programs.models import Enrolment, VideoRoom
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.models import Session
from tests.fakes.video_services import FakeJitsi
from visitor import browser, code_mailed, letters, send, sign_in, text_of, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 9, 21, 0, tzinfo=UTC)
FORWARD = re.compile(r'http-equiv="refresh" content="2;url=([^"]+)"')


@pytest.fixture
def stage(client: FlaskClient, watch: Watch, tmp_path: Path) -> Cast:
    stage = assemble(Kind.FAMILY_THERAPY)
    (tmp_path / "secret").write_bytes(b"shared")
    session(stage, datetime(2027, 3, 9, 16, 0)).room = VideoRoom(
        key="room-a",
        service=RoomService.JITSI,
        url="https://meet.example",
        app_id="kinfold",
        secret_file=str(tmp_path / "secret"),
        dial_in="+16175550100",
    )
    announce(by="command", now=NOW)
    db.session.commit()
    return stage


def appointment() -> Session:
    return db.session.query(Session).one()


def door(stage: Cast) -> str:
    (row,) = invitations_of(stage.dana.id)
    return f"/j/{link_token(row.uid)}"


def texted(person: Person, patient: Person, uid: str | None) -> str:
    """The link of a text message about the appointment."""
    row = appointment()
    told = ShortLink(
        person_id=person.id,
        patient_id=patient.id,
        session_id=row.id,
        uid=uid,
        begins_at=row.starts_at,
        until=row.ends_at,
        made_at=NOW,
        ends_at=end_of_day(row.ends_at, row.zone),
    )
    address = short_link(told, of=f"a message to {person.key}")
    db.session.commit()
    return address.removeprefix("https://hl-sched.example")


def mothers_text(stage: Cast) -> str:
    (row,) = invitations_of(stage.dana.id)
    return texted(stage.dana, stage.jordan, row.uid)


def test_link_of_a_text_message_opens_the_room_with_a_code(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = mothers_text(stage)
    watch.moment = STARTS
    send(client, f"{page}/send", page=page)

    answer = send(client, page, {"code": code_mailed()}, page=f"{page}/code")

    assert FORWARD.search(answer.text)


def test_link_of_a_patients_text_message_opens_the_room_without_an_invitation(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = texted(stage.jordan, stage.jordan, None)
    watch.moment = STARTS
    send(client, f"{page}/send", page=page)

    answer = send(client, page, {"code": code_mailed()}, page=f"{page}/code")

    assert FORWARD.search(answer.text)


def test_link_of_a_text_message_opens_no_page_of_the_invitation(
    client: FlaskClient, stage: Cast
) -> None:
    page = mothers_text(stage)

    assert client.get(page.replace("/j/", "/i/")).status_code == 410


def test_link_of_a_text_message_ends_with_the_day(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = mothers_text(stage)
    sign_in(client, stage.dana)
    watch.moment = datetime(2027, 3, 10, 4, 40, tzinfo=UTC)
    sign_in(client, stage.dana)
    before = words(client.get(page))
    watch.moment = datetime(2027, 3, 10, 5, 0, tzinfo=UTC)

    assert before.startswith("This appointment is over")
    assert client.get(page).status_code == 410


@pytest.mark.parametrize("what", ["moved", "cancelled"])
def test_link_of_a_text_message_says_what_became_of_its_date(
    client: FlaskClient, stage: Cast, watch: Watch, what: str
) -> None:
    page = mothers_text(stage)
    if what == "moved":
        edit_sessions(appointment(), to=datetime(2027, 3, 12, 19, 0), by="sam", now=NOW)
    else:
        cancel(appointment(), by="sam", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()
    watch.moment = STARTS
    sign_in(client, stage.dana)

    said = words(client.get(page))

    assert said.startswith(f"This appointment {'has moved' if what == 'moved' else 'is cancelled'}")
    assert "Tue 9 March, 3:00" in said


def test_withdrawn_consent_ends_the_link_of_a_text_message(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = mothers_text(stage)
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    db.session.commit()
    watch.moment = STARTS
    sign_in(client, stage.dana)

    assert [client.get(page).status_code, client.get("/j/" + "a" * 14).status_code] == [410, 410]


def test_forwarded_letter_tells_a_stranger_nothing(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS

    pages = [words(client.get(address)) for address in (door(stage), f"{door(stage)}/code")]

    assert [re.search("Jordan|Dana|Rivera|March|5550100|meet", page) for page in pages] == [
        None,
        None,
    ]


def test_stranger_with_the_letter_is_not_mailed_the_code(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    send(client, f"{door(stage)}/send", page=door(stage))

    assert [letter.address for letter in letters("code")] == ["dana@family.example"]


def test_fifth_wrong_code_ends_the_right_one(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    page = door(stage)
    send(client, f"{page}/send", page=page)
    right = code_mailed()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(5):
        watch.moment += timedelta(seconds=40)
        assert send(client, page, {"code": wrong}, page=f"{page}/code").status_code == 422
    watch.moment += timedelta(seconds=61)

    refused = send(client, page, {"code": right}, page=f"{page}/code")
    send(client, f"{page}/send", page=page)
    opened = send(client, page, {"code": code_mailed()}, page=f"{page}/code")

    assert (refused.status_code, FORWARD.search(refused.text)) == (422, None)
    assert FORWARD.search(opened.text)


def test_code_typed_on_another_device_says_why_not_and_one_asked_for_there_opens(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    page = door(stage)
    send(client, f"{page}/send", page=page)
    tablet = browser(client.application)
    refused = send(tablet, page, {"code": code_mailed()}, page=f"{page}/code")
    send(tablet, f"{page}/send", page=f"{page}/code")
    opened = send(tablet, page, {"code": code_mailed()}, page=f"{page}/code")

    assert "asked for in another browser" in words(refused)
    assert (refused.status_code, FORWARD.search(refused.text)) == (422, None)
    assert FORWARD.search(opened.text)


def test_second_device_goes_in_beside_the_first(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    page = door(stage)
    opened = []
    for device in (client, browser(client.application)):
        watch.moment += timedelta(minutes=1)
        send(device, f"{page}/send", page=page)
        send(device, page, {"code": code_mailed()}, page=f"{page}/code")
        opened.append(device)

    assert [FORWARD.search(send(device, page).text) is not None for device in opened] == [True] * 2


def test_scanner_that_opens_causes_nothing(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS
    for address in (door(stage), f"{door(stage)}/code", door(stage).replace("/j/", "/i/")):
        client.get(address)
        client.head(address)

    assert letters("code") == []


def test_scanner_that_presses_gets_nobody_in_and_the_newest_code_works(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS
    page = door(stage)
    scanner = browser(client.application)
    pressed = [
        send(scanner, f"{page}/send", page=page),
        send(scanner, page, {"code": ""}, page=f"{page}/code"),
        scanner.post(page, data={"code": "123456"}),
    ]
    watch.moment += timedelta(minutes=1)
    send(client, f"{page}/send", page=page)

    assert [answer.status_code for answer in pressed] == [303, 422, 400]
    assert FORWARD.search(send(client, page, {"code": code_mailed()}, page=f"{page}/code").text)


def test_session_of_another_family_is_nobodys(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    noemie = family_of(stage, 1)[0]
    watch.moment = STARTS
    sign_in(client, noemie)

    answer = send(client, f"/mine/sessions/{appointment().id}/join", page="/mine/")

    assert (answer.status_code, "meet.example" in answer.text) == (404, False)


def test_secret_changed_in_mid_session_opens_with_the_new_one(
    client: FlaskClient, stage: Cast, watch: Watch, tmp_path: Path
) -> None:
    watch.moment = STARTS
    sign_in(client, stage.dana)
    send(client, door(stage))
    (tmp_path / "secret").write_bytes(b"another")

    found = FORWARD.search(send(client, door(stage)).text)

    assert found is not None
    judges = [FakeJitsi("meet.example", "kinfold", key) for key in (b"shared", b"another")]
    assert [judge.enter(found[1], STARTS) is not None for judge in judges] == [False, True]


def family_of(stage: Cast, number: int) -> tuple[Person, Person]:
    """Another patient of the cohort and the mother, who may know of workshops."""
    patient = Person(
        key=f"p-{number}",
        kind=PersonKind.PATIENT,
        name=f"Person{number} Quellandrix",
        email=f"p-{number}@patient.example",
    )
    mother = Person(
        key=f"p-{number}-mother",
        kind=PersonKind.RELATIVE,
        name=f"Mother{number} Lee",
        email=f"mother-{number}@family.example",
    )
    db.session.add_all([patient, mother])
    db.session.flush()
    patient.patient = Patient(state="MA", born=date(1994, 5, 2), clinician_id=stage.rivera.id)
    mother.relative = Relative(patient_id=patient.id, relationship_word="mother", ready=True)
    db.session.add(
        Enrolment(patient_id=patient.id, cohort_id=stage.cohort.id, first=date(2027, 3, 1))
    )
    grant(mother, patient, Kind.FAMILY_THERAPY)
    db.session.commit()
    return patient, mother


def test_fifty_people_at_the_door_in_one_minute_all_go_in(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    """From one address, as behind the router of a house."""
    mothers, meeting = [], appointment()
    for number in range(50):
        patient, mother = family_of(stage, number)
        meeting.patients.append(patient)
        mothers.append(mother)
    announce(by="command", now=NOW)
    db.session.commit()
    watch.moment = STARTS - timedelta(minutes=1)
    seen = set()
    for mother in mothers:
        watch.moment += timedelta(seconds=1)
        page = door_of(mother)
        phone = browser(client.application)
        send(phone, f"{page}/send", page=page)
        code = code_of(mother)
        found = FORWARD.search(send(phone, page, {"code": code}, page=f"{page}/code").text)
        assert found is not None, mother.key
        guest = FakeJitsi("meet.example", "kinfold", b"shared").enter(found[1], watch.moment)
        assert guest is not None
        seen.add((guest.room, guest.user))

    assert (len(seen), len({room for room, _ in seen})) == (50, 1)


def door_of(person: Person) -> str:
    (row,) = invitations_of(person.id)
    return f"/j/{link_token(row.uid)}"


def code_of(person: Person) -> str:
    (letter,) = [letter for letter in letters("code") if letter.recipient_id == person.id]
    found = re.search(r"Your code is (\d{6})", text_of(letter))
    assert found is not None
    return found[1]
