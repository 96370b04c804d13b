"""A patient says "I can't come" on a page: shown what follows, offered other times that book in one
tap, with a way back until the others are told.
"""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.attendance import attendance_of
from scheduler.attendance.models import AttendanceState
from scheduler.invitations import PATIENCE, announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import person_by_key
from scheduler.programs import Kind
from scheduler.sessions import edit_sessions, move, session_by_key
from scheduler.sessions.models import Session
from scheduler.sessions.rescheduling import meeting_at
from tests.web.house import NOW, a_session
from visitor import browser, send, sign_in, words
from watch import Watch

FIRST = "evening.fam.jordan.w1"


@pytest.fixture
def jordan(house: Flask) -> FlaskClient:
    """Jordan's browser; what everybody was told so far has left."""
    for letter in db.session.scalars(select(Letter)):
        letter.state, letter.sent_at = LetterState.SENT, letter.created_at
    db.session.commit()
    client = browser(house)
    sign_in(client, person_by_key("jordan"))
    return client


def fresh(key: str = FIRST) -> Session:
    db.session.rollback()
    return session_by_key(key)


def address(key: str = FIRST, deed: str = "cannot-come") -> str:
    return f"/mine/sessions/{fresh(key).id}/{deed}"


def say_no(client: FlaskClient, key: str = FIRST, **said: str) -> TestResponse:
    seen = str(fresh(key).version)
    return send(client, address(key), {"seen": seen} | said)


def waiting() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING))
    return sorted((row.address, row.kind) for row in rows)


def offered(page: TestResponse) -> list[str]:
    return re.findall(r'name="start" value="([^"]+)"', page.text)


def test_page_shows_what_others_will_read_and_changes_nothing(jordan: FlaskClient) -> None:
    said = words(jordan.get(address())).replace("\xa0", " ")

    assert "Tue 2 March, 5:00 – 6:00 PM, New York time Family session" in said
    assert "If you say no, this time is off for all who come with you." in said
    assert ("Dana Lee" in said, "Miguel" in said) == (True, False)
    assert (fresh().status.value, waiting()) == ("scheduled", [])


def test_no_frees_the_time_and_offers_others(jordan: FlaskClient) -> None:
    answer = say_no(jordan, reason="the flu")
    page = jordan.get(answer.location)
    said = words(page)

    assert (answer.status_code, fresh().status.value) == (303, "cancelled")
    assert "This time is off now. It is free for others." in said
    assert len(offered(page)) > 0
    assert "2027-03-02T17:00" not in offered(page)
    word = attendance_of(fresh().id)[person_by_key("jordan").id]
    assert (word.state, word.said_at, word.note) == (AttendanceState.EXCUSED, NOW, "the flu")


def test_offered_time_is_booked_in_one_tap_and_told(jordan: FlaskClient) -> None:
    page = jordan.get(say_no(jordan).location)
    start = offered(page)[0]
    answer = send(jordan, address(deed="instead"), {"start": start}, page=address())

    assert (answer.status_code, answer.location) == (303, "/mine/")
    assert (fresh().status.value, fresh().starts_local) == ("scheduled", start)
    announce(by="worker", now=NOW + PATIENCE, patience=PATIENCE)
    db.session.commit()
    told = {to for to, _kind in waiting()}
    assert ("dana@family.example" in told, "miguel@family.example" in told) == (True, False)
    assert "You have a new time:" in words(jordan.get("/mine/"))


@pytest.mark.parametrize("start", ["2027-03-06T03:00", "soon"])
def test_time_that_was_not_offered_books_nothing(jordan: FlaskClient, start: str) -> None:
    say_no(jordan)
    answer = send(jordan, address(deed="instead"), {"start": start}, page=address())

    assert (answer.status_code, fresh().status.value) == (409, "cancelled")
    assert "That time is gone by now. Nothing was changed. Choose another one." in words(answer)


def test_no_is_taken_back_and_nobody_was_told(jordan: FlaskClient) -> None:
    page = jordan.get(say_no(jordan).location)
    answer = send(jordan, address(deed="can-come"), page=address())
    announce(by="worker", now=NOW + PATIENCE, patience=PATIENCE)
    db.session.commit()

    assert "I can come after all" in words(page)
    assert (answer.location, fresh().status.value, waiting()) == ("/mine/", "scheduled", [])


def test_no_cannot_be_taken_back_once_told(jordan: FlaskClient, watch: Watch) -> None:
    say_no(jordan)
    watch.moment = NOW + timedelta(minutes=4)
    sign_in(jordan, person_by_key("jordan"))
    page = jordan.get(address())
    answer = send(jordan, address(deed="can-come"), page=address())

    assert ("I can come after all" in words(page), answer.status_code) == (False, 409)
    assert fresh().status.value == "cancelled"


def test_group_goes_on_and_the_patient_is_excused(jordan: FlaskClient) -> None:
    key = fresh("evening.process.2027-03-01").key
    page = jordan.get(say_no(jordan, key).location)

    assert fresh(key).status.value == "scheduled"
    assert "You said that you can’t come. The group meets without you." in words(page)
    assert "You said that you can’t come." in words(jordan.get("/mine/"))
    send(jordan, address(key, "can-come"), page=address(key))
    assert attendance_of(fresh(key).id) == {}


MISSED, OTHER = "evening.process.2027-03-01", "evening.process.2027-03-08"


def make_room() -> str:
    """Free a place in the other group (its id is returned); the program says how many there are, so
    that nobody has to be asked.
    """
    other = fresh(OTHER)
    program = other.cohort.program
    rules = replace(program.template.rules, group_cap=2)
    program.template = replace(program.template, rules=rules)
    move(other, replace(meeting_at(other), patients=()), by="desk", now=NOW)
    db.session.commit()
    return fresh(OTHER).id


def test_seat_in_another_group_is_shown_taken_and_given_back(jordan: FlaskClient) -> None:
    group, page = make_room(), say_no(jordan, MISSED).location

    shown = send(jordan, address(MISSED, "make-up"), {"group": group}, page=page)
    untouched = fresh(OTHER).patients
    taken = send(jordan, address(MISSED, "take"), {"group": group}, page=page)
    seated = [patient.key for patient in fresh(OTHER).patients]
    booked = words(jordan.get(taken.location))
    given = send(jordan, address(MISSED, "give-back"), page=page)

    assert "You sit in this group once, in place of Mon 1 March" in words(shown)
    assert (shown.status_code, untouched, seated) == (200, [], ["jordan"])
    assert "You come to another group instead: Mon 8 March" in booked.replace("\xa0", " ")
    assert "After that, say “I can’t come” at this date in your list." in booked
    assert ("Nobody gets a letter" in words(shown), "others are told" in booked) == (True, False)
    assert (given.status_code, fresh(OTHER).patients) == (303, [])


def test_seat_taken_is_seen_by_all_and_refused_like_any_date(
    house: Flask, jordan: FlaskClient, watch: Watch
) -> None:
    """On the patient's list, at the desk and among those who came; no way back by then but a no."""
    group, page = make_room(), say_no(jordan, MISSED).location
    send(jordan, address(MISSED, "take"), {"group": group}, page=page)
    watch.moment = NOW + timedelta(minutes=4)
    desk = browser(house)
    for client, key in ((jordan, "jordan"), (desk, "desk")):
        sign_in(client, person_by_key(key))
    listed = [
        f"/mine/sessions/{group}/cannot-come" in jordan.get("/mine/").text,
        "Jordan" in words(desk.get(f"/desk/sessions/{OTHER}")),
        'name="state-jordan"' in desk.get(f"/desk/sessions/{OTHER}/attendance").text,
    ]
    before = words(jordan.get(page))
    answer = say_no(jordan, OTHER)
    after = words(jordan.get(page))

    assert listed == [True, True, True]
    assert ("Give this place back" in before, answer.status_code) == (False, 303)
    assert attendance_of(group)[person_by_key("jordan").id].state is AttendanceState.EXCUSED
    said = "You come to another group instead:"
    assert (said in before, said in after) == (True, False)


def test_no_to_a_time_that_moved_meanwhile_is_asked_again(jordan: FlaskClient) -> None:
    seen = str(fresh().version)
    edit_sessions(fresh(), to=NOW.replace(month=3, day=3, tzinfo=None), by="desk", now=NOW)
    db.session.commit()
    answer = send(jordan, address(), {"seen": seen})

    assert (answer.status_code, fresh().status.value) == (409, "scheduled")
    assert "The time is a new one since you looked." in words(answer)


def test_session_of_somebody_else_is_not_there(house: Flask, jordan: FlaskClient) -> None:
    sign_in(jordan, person_by_key("noemie"))
    family = jordan.get(address())
    sign_in(jordan, person_by_key("jordan-mother"))
    mother = jordan.get(f"/mine/sessions/{a_session(Kind.GROUP)}/cannot-come")

    assert (family.status_code, mother.status_code) == (404, 403)


def test_reason_of_too_many_letters_is_kept_and_nothing_done(jordan: FlaskClient) -> None:
    answer = say_no(jordan, reason="a" * 501)

    assert (answer.status_code, fresh().status.value) == (422, "scheduled")
    assert ("a" * 501 in answer.text, 'href="#reason"' in answer.text) == (True, True)
