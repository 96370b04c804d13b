"""Who came to a session is written down on one page, in one pass; the father is not on it."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.attendance import attendance_of, marks_in_order
from scheduler.consents import revoke_grants, standing_grants
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.sessions import log_join, session_by_key
from scheduler.sessions.models import Status
from tests.web.house import NOW
from visitor import browser, send, sign_in, words
from watch import Watch

KEY = "evening.fam.jordan.w1"
PAGE = f"/desk/sessions/{KEY}/attendance"
REMARK = "Zephyrquill slept badly"
AFTER = datetime(2027, 3, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def desk(house: Flask, clock: Watch) -> FlaskClient:
    """A coordinator, after the family session of 2 March."""
    clock.moment = AFTER
    client = browser(house)
    sign_in(client, person_by_key("desk"))
    return client


def known() -> dict[str, tuple[str, int]]:
    db.session.rollback()
    marks = attendance_of(session_by_key(KEY).id)
    people = {person_by_key(key).id: key for key in ("jordan", "jordan-mother", "jordan-father")}
    return {
        people[person_id]: (mark.state.value, mark.minutes)
        for person_id, mark in marks.items()
        if person_id in people
    }


def test_page_names_who_sits_in_the_session(desk: FlaskClient) -> None:
    page = desk.get(PAGE).text

    assert 'name="state-jordan-mother"' in page
    assert 'name="state-jordan"' in page
    assert "jordan-father" not in page


def test_everybody_is_present_with_one_button(desk: FlaskClient) -> None:
    answer = send(desk, PAGE, {"all": "1"})

    assert answer.status_code == 303
    assert known() == {"jordan": ("present", 60), "jordan-mother": ("present", 60)}


def test_all_others_leaves_what_was_chosen(desk: FlaskClient) -> None:
    send(desk, PAGE, {"all": "1", "state-jordan": "late", "minutes-jordan": "45"})

    assert known() == {"jordan": ("late", 45), "jordan-mother": ("present", 60)}


def test_minutes_that_cannot_be_are_said_and_nothing_is_kept(desk: FlaskClient) -> None:
    answer = send(
        desk,
        PAGE,
        {"state-jordan": "late", "minutes-jordan": "", "state-jordan-mother": "present"},
    )

    assert answer.status_code == 422
    assert "Say how many minutes they were there" in words(answer)
    assert known() == {}


def test_correction_is_shown_beside_what_it_corrects(desk: FlaskClient) -> None:
    send(desk, PAGE, {"state-jordan": "no_show"})
    send(desk, PAGE, {"state-jordan": "present", "minutes-jordan": ""})

    page = words(desk.get(PAGE))
    assert known()["jordan"] == ("present", 60)
    assert "Did not come, 0 minutes" in page.partition("Corrected since")[2]


def test_room_that_was_entered_proposes_and_decides_nothing(desk: FlaskClient) -> None:
    session = session_by_key(KEY)
    log_join(session, person_by_key("jordan"), by="jordan", now=session.starts_at)
    db.session.commit()

    page = words(desk.get(PAGE))

    assert "went in at 5:00 PM · not written down yet" in page.replace("\xa0", " ")
    assert known() == {}


def test_session_page_leads_here(desk: FlaskClient) -> None:
    assert PAGE in desk.get(f"/desk/sessions/{KEY}").text


def test_session_is_held_once_every_patient_is_written_down(desk: FlaskClient) -> None:
    send(desk, PAGE, {"state-jordan-mother": "present"})
    assert session_by_key(KEY).status is Status.SCHEDULED

    send(desk, PAGE, {"state-jordan": "present"})

    db.session.rollback()
    assert session_by_key(KEY).status is Status.HELD


def test_excuse_before_it_begins_is_taken_back(desk: FlaskClient, clock: Watch) -> None:
    clock.moment = NOW
    send(desk, PAGE, {"state-jordan": "excused"})
    assert known() == {"jordan": ("excused", 0)}

    send(desk, PAGE, {"state-jordan": "nothing"})

    assert known() == {}
    session = session_by_key(KEY)
    assert [word.taken_back for word in marks_in_order(session.id)] == [False, True]


def test_two_who_mark_at_once_keep_the_words_about_different_people(desk: FlaskClient) -> None:
    stale = {"turn-jordan": "0", "was-jordan": "", "turn-jordan-mother": "0"}
    send(desk, PAGE, {"state-jordan": "no_show"})

    answer = send(desk, PAGE, stale | {"state-jordan-mother": "present"})

    assert answer.status_code == 303
    assert known() == {"jordan": ("no_show", 0), "jordan-mother": ("present", 60)}


def test_two_words_about_one_person_at_once_are_said(desk: FlaskClient) -> None:
    send(desk, PAGE, {"state-jordan": "no_show"})

    answer = send(desk, PAGE, {"turn-jordan": "0", "was-jordan": "", "state-jordan": "present"})

    assert answer.status_code == 422
    assert "Somebody else wrote something down meanwhile" in words(answer)
    assert known() == {"jordan": ("no_show", 0)}


def test_presence_of_a_relative_stays_after_the_consent_is_withdrawn(desk: FlaskClient) -> None:
    send(desk, PAGE, {"all": "1"})
    grants = standing_grants(person_by_key("jordan-mother"), person_by_key("jordan"))
    revoke_grants(grants, by="desk", now=AFTER)
    db.session.commit()

    assert 'name="state-jordan-mother"' in desk.get(PAGE).text
    assert known()["jordan-mother"] == ("present", 60)


def remarked(house: Flask) -> None:
    """Who leads the session notes something beside an excuse."""
    client = browser(house)
    sign_in(client, person_by_key("rivera"))
    send(client, PAGE, {"state-jordan": "excused", "note-jordan": REMARK})


def remark() -> str | None:
    db.session.rollback()
    return attendance_of(session_by_key(KEY).id)[person_by_key("jordan").id].note


def test_who_leads_a_session_reads_the_note_again(house: Flask, clock: Watch) -> None:
    clock.moment = AFTER
    remarked(house)
    client = browser(house)
    sign_in(client, person_by_key("rivera"))

    assert REMARK in client.get(PAGE).text


def test_coordinator_reads_that_there_is_a_note_and_not_its_words(
    desk: FlaskClient, house: Flask
) -> None:
    remarked(house)

    page = desk.get(PAGE)

    assert "A note is kept. Clinicians read it." in words(page)
    assert (REMARK in page.text, 'name="note-' in page.text) == (False, False)


def test_note_stands_where_a_coordinator_corrects_the_state(
    desk: FlaskClient, house: Flask
) -> None:
    remarked(house)
    send(desk, PAGE, {"state-jordan": "present"})

    assert (known()["jordan"], remark()) == (("present", 60), REMARK)


def test_note_of_a_coordinator_is_refused_and_nothing_is_kept(
    desk: FlaskClient, house: Flask
) -> None:
    answer = send(desk, PAGE, {"state-jordan": "present", "note-jordan": REMARK})

    assert (answer.status_code, known()) == (403, {})
