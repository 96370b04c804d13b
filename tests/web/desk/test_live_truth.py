"""The desk says only what is true now, whatever a plan once said: the sentences that a Monday's use
showed to be false. The father has no consent: nobody tells him anything.
"""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.clinics import load, read
from scheduler.consents import revoke
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import person_by_key
from scheduler.people.availability import Absence, Licence, Window
from scheduler.planning import propose, publish
from scheduler.programs.models import Closure, Enrolment
from scheduler.sessions import cancel_sessions, edit_sessions, session_by_key
from tests.web.house import NOW, clinic_file
from visitor import browser, send, sign_in, words
from watch import Watch

WEEKS = "/desk/cohorts/evening"
FIRST, SECOND = "evening.fam.jordan.w1", "evening.fam.jordan.w2"
GROUP = "evening.process.2027-03-01"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_PLACED = "Every appointment that is due has a time."
HOLDS_NOT = "Something changed: published sessions now break"


@pytest.fixture
def desk(new_house: Flask) -> FlaskClient:
    """A coordinator whose cohort was published and holds."""
    with_hours()
    propose("evening", seconds=3, seed=1, by="desk", now=NOW)
    publish("evening", by="desk", now=NOW)
    db.session.commit()
    client = browser(new_house)
    sign_in(client, person_by_key("desk"))
    return client


def with_hours() -> None:
    """Let the mother be free in the afternoon of two days of each week."""
    mother = person_by_key("jordan-mother")
    mother.free = (Window(("tue", "thu"), 15 * 60, 20 * 60),)
    db.session.commit()


def tray(desk: FlaskClient, where: str = WEEKS) -> str:
    """Return the words of the page's last part, what needs a person."""
    page = desk.get(where)
    assert page.status_code == 200
    text = re.sub(r"<[^>]+>", " ", page.text.partition('<h2 id="tray">')[2])
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


def says_all_is_placed(desk: FlaskClient) -> bool:
    return ALL_PLACED in tray(desk)


def cancelled(*keys: str) -> None:
    for key in keys:
        cancel_sessions(session_by_key(key), by="desk", now=now())
    db.session.commit()


def a_new_patient() -> None:
    """Load the clinic file with one patient more."""
    document = json.loads(clinic_file())
    fresh = document["patients"][1] | {
        "key": "ada",
        "name": "Ada Wexholm",
        "email": "ada@patient.example",
    }
    family = {
        "key": "ada-mother",
        "name": "Ines Wexholm",
        "email": "ines@family.example",
        "relationship": "mother",
        "ready": True,
        "consents": document["patients"][0]["family"][0]["consents"],
    }
    document["patients"].append(fresh | {"family": [family]})
    load(read(json.dumps(document).encode()), by="command", now=now())
    db.session.commit()


def family_day(key: str = FIRST) -> date:
    return date.fromisoformat(session_by_key(key).starts_local[:10])


def clinician_away() -> None:
    rivera = person_by_key("rivera").clinician
    assert rivera is not None
    rivera.away = (Absence(family_day(), family_day()),)


def a_closure() -> None:
    db.session.add(Closure(first=family_day(), last=family_day(), note="storm"))


def a_discharge() -> None:
    stays = select(Enrolment).where(Enrolment.patient_id == person_by_key("jordan").id)
    db.session.scalars(stays).one().last = date(2027, 3, 7)


def an_ended_licence() -> None:
    rivera = person_by_key("rivera").clinician
    assert rivera is not None
    rivera.licences = (Licence("MA", date(2027, 3, 7)),)


def an_ended_consent() -> None:
    mother, jordan = person_by_key("jordan-mother"), person_by_key("jordan")
    revoke(person=mother, patient=jordan, by="desk", now=now())


def narrowed_hours() -> None:
    day = family_day().weekday()
    others = tuple(word for number, word in enumerate(WORKDAYS) if number != day)
    person_by_key("jordan").free = (Window(others, 9 * 60, 21 * 60),)


def test_what_holds_is_said_to_hold(desk: FlaskClient) -> None:
    said = tray(desk)
    assert (ALL_PLACED in said, HOLDS_NOT in said) == (True, False)


def test_plan_again_is_no_big_button_until_there_is_something_to_plan(desk: FlaskClient) -> None:
    big = re.compile(r'<button class="primary" data-busy')
    while_it_holds = big.search(desk.get(WEEKS).text)
    cancelled(FIRST)
    assert (while_it_holds is None, big.search(desk.get(WEEKS).text) is None) == (True, False)


def test_after_two_cancellations_nobody_says_that_all_has_a_time(desk: FlaskClient) -> None:
    cancelled(FIRST, SECOND)
    said = tray(desk)
    assert (ALL_PLACED in said, "No time found for 2 appointments" in said) == (False, True)
    assert "it was cancelled by hand" in said
    assert "Due, without a session : Family session in week 1 has no session" in said


def test_a_cancelled_appointment_has_its_make_up_named_and_one_step_away(desk: FlaskClient) -> None:
    cancelled(FIRST)
    page = desk.get(WEEKS).text
    offer = re.search(rf'href="(/desk/sessions/{FIRST}\?[^"]+)">([^<]+)<', page)
    assert offer is not None
    assert "family session with Ana Rivera, 60 minutes" in offer[2]
    assert "Put it back" in words(desk.get(offer[1].replace("&amp;", "&")))


@pytest.mark.parametrize(
    ("fact", "rule", "mend"),
    [
        (clinician_away, "Clinician away", "Plan again, then publish"),
        (a_closure, "Closed day", "Plan again, then publish"),
        (a_discharge, "Outside the stay", "Plan again, then publish"),
        (an_ended_licence, "No licence", "Plan again, then publish"),
        (an_ended_consent, "No consent", "Plan again, then publish"),
        (narrowed_hours, "Patient not free", "Plan again, then publish"),
        (a_new_patient, "No seat in a group", "Plan again, then publish"),
    ],
)
def test_a_late_fact_is_shown_with_its_rule_people_and_deed(
    desk: FlaskClient, fact: object, rule: str, mend: str
) -> None:
    assert callable(fact)
    fact()
    db.session.commit()
    said = tray(desk)
    assert (HOLDS_NOT in said, f"{rule} :" in said, mend in said) == (True, True, True)
    assert "Miguel" not in said


def test_an_absence_offers_a_colleague_in_the_leaders_place(desk: FlaskClient) -> None:
    clinician_away()
    db.session.commit()
    page = desk.get(WEEKS).text
    offered = re.findall(r'href="([^"]+)">Let a colleague lead it', page)
    assert offered == [f"/desk/sessions/{FIRST}/lead"]


def test_a_new_patient_without_a_session_is_said_to_lack_all_of_it(desk: FlaskClient) -> None:
    a_new_patient()
    said = tray(desk)
    assert (ALL_PLACED in said, "No time found for 2 appointments" in said) == (False, True)
    seat = "Ada Wexholm has no seat in Process group on Mon 1 March 6:00 PM nor on 1 other day"
    assert seat in said


def test_what_the_next_plan_mends_stands_together_behind_one_button(desk: FlaskClient) -> None:
    narrowed_hours()
    a_new_patient()
    db.session.commit()
    page = desk.get("/desk/needs").text
    button = re.findall(r'<a class="button" href="([^"]+)">Plan again, then publish</a>', page)
    said = words(desk.get("/desk/needs"))
    counted = re.search(r"now break (\d+) rules", said)
    assert counted is not None
    assert button == [f"{WEEKS}#plan"]
    assert f"That mends {counted[1]} of these at once." in said


def test_after_the_deed_that_mends_it_all_is_well_again(desk: FlaskClient) -> None:
    a_new_patient()
    send(desk, f"{WEEKS}/plan", page=WEEKS)
    shown = re.search(r'name="proposal" value="(\w+)"', desk.get(f"{WEEKS}/publish").text)
    assert shown is not None
    send(desk, f"{WEEKS}/publish", {"proposal": shown[1]})
    said = tray(desk)
    assert (ALL_PLACED in said, HOLDS_NOT in said) == (True, False)


def hours(desk: FlaskClient) -> list[str]:
    """Return the hours of each week as a patient's page says them."""
    return re.findall(r"([\d.]+) of 0 hours", words(desk.get("/desk/patients/jordan")))


def test_hours_are_those_of_the_sessions_that_stand(desk: FlaskClient) -> None:
    before = hours(desk)
    cancelled(FIRST, GROUP)
    assert (before, hours(desk)) == (["2.5", "2.5"], ["0", "2.5"])


def test_a_cancelled_session_does_not_come_back_with_the_next_publication(
    desk: FlaskClient,
) -> None:
    cancelled(FIRST)
    a_new_patient()
    propose("evening", seconds=3, seed=1, by="desk", now=now())
    db.session.commit()
    waiting = words(desk.get(WEEKS)).replace("\xa0", " ")
    publish("evening", by="desk", now=now())
    db.session.commit()
    assert session_by_key(FIRST).status.value == "cancelled"
    assert "1 change made by hand stays as it is in this proposal" in waiting
    assert "block struck" in desk.get(f"{WEEKS}?week=1").text


def test_a_proposal_that_no_longer_holds_says_so(desk: FlaskClient) -> None:
    a_new_patient()
    propose("evening", seconds=3, seed=1, by="desk", now=now())
    a_closure()
    db.session.commit()
    assert "The proposal no longer holds." in words(desk.get(WEEKS))


def test_to_do_names_what_no_longer_holds_until_it_is_mended(desk: FlaskClient) -> None:
    before = words(desk.get("/desk/needs"))
    cancelled(FIRST)
    during = words(desk.get("/desk/needs"))
    send(desk, f"/desk/sessions/{FIRST}/look", {"deed": "back", **place()}, page=WEEKS)
    seen = str(session_by_key(FIRST).version)
    send(desk, f"/desk/sessions/{FIRST}", {"deed": "back", "seen": seen, **place()}, page=WEEKS)
    after = words(desk.get("/desk/needs"))
    assert (HOLDS_NOT in before, HOLDS_NOT in during, HOLDS_NOT in after) == (False, True, False)
    assert "Family session in week 1 has no session" in during


def place() -> dict[str, str]:
    day, at = session_by_key(FIRST).starts_local.split("T")
    return {"day": day, "at": at}


def test_a_moved_session_says_where_it_was(desk: FlaskClient) -> None:
    row = session_by_key(GROUP)
    edit_sessions(
        row,
        to=datetime.fromisoformat(row.starts_local) + timedelta(minutes=30),
        by="desk",
        now=now(),
    )
    db.session.commit()
    assert "moved from 6:00 PM" in words(desk.get(f"{WEEKS}?week=1")).replace("\xa0", " ")


def test_a_proposal_is_thrown_away_after_it_was_shown(desk: FlaskClient) -> None:
    a_new_patient()
    propose("evening", seconds=3, seed=1, by="desk", now=now())
    db.session.commit()
    page = desk.get(f"{WEEKS}/discard")
    shown = re.search(r'name="proposal" value="(\w+)"', page.text)
    assert shown is not None
    answer = send(desk, f"{WEEKS}/discard", {"proposal": shown[1]})
    assert answer.location == WEEKS
    assert "A proposal waits" not in words(desk.get(WEEKS))
    assert db.session.scalars(select(Letter).where(Letter.state == LetterState.WAITING)).all() == []


def test_another_proposal_than_the_one_shown_is_not_thrown_away(desk: FlaskClient) -> None:
    a_new_patient()
    propose("evening", seconds=3, seed=1, by="desk", now=now())
    db.session.commit()
    answer = send(desk, f"{WEEKS}/discard", {"proposal": "0" * 32})
    assert answer.status_code == 409
    assert "A proposal waits" in words(desk.get(WEEKS))


@pytest.fixture
def cooling(new_house: Flask) -> FlaskClient:
    """A coordinator who has just published from the desk, where publications cool."""
    with_hours()
    told = replace(new_house.config["KINFOLD"], publish_cooling=timedelta(minutes=3))
    new_house.config["KINFOLD"] = told
    client = browser(new_house)
    sign_in(client, person_by_key("desk"))
    published_at_the_desk(client)
    return client


def published_at_the_desk(desk: FlaskClient) -> None:
    send(desk, f"{WEEKS}/plan", page=WEEKS)
    shown = re.search(r'name="proposal" value="(\w+)"', desk.get(f"{WEEKS}/publish").text)
    assert shown is not None
    assert send(desk, f"{WEEKS}/publish", {"proposal": shown[1]}).status_code == 303


def due() -> set[datetime]:
    """Return when the letters that wait to families leave."""
    rows = select(Letter.due_at).where(Letter.state == LetterState.WAITING, Letter.kind != "code")
    return set(db.session.scalars(rows))


def taken_back(desk: FlaskClient) -> TestResponse:
    shown = re.search(r'name="proposal" value="(\w+)"', desk.get(WEEKS).text)
    assert shown is not None
    return send(desk, f"{WEEKS}/take-back", {"proposal": shown[1]}, page=WEEKS)


def test_letters_of_a_publication_from_the_desk_wait_while_it_cools(cooling: FlaskClient) -> None:
    said = words(cooling.get(WEEKS)).replace("\xa0", " ")
    assert "Its letters wait until 25 February, 12:03 PM" in said
    assert due() == {NOW + timedelta(minutes=3)}


def test_one_button_takes_a_publication_back_and_nobody_was_told(cooling: FlaskClient) -> None:
    answer = taken_back(cooling)
    page = words(cooling.get(WEEKS))
    assert (answer.status_code, due()) == (303, set())
    assert ("Everything is as it was before" in page, "A proposal waits" in page) == (True, True)
    assert "block struck" not in cooling.get(WEEKS).text


def test_what_was_taken_back_is_published_again_as_if_for_the_first_time(
    cooling: FlaskClient,
) -> None:
    before = board(cooling)
    taken_back(cooling)
    published_at_the_desk(cooling)
    assert (board(cooling), len(due())) == (before, 1)


def board(desk: FlaskClient) -> str:
    """Return the words of the first week's grid."""
    page = desk.get(f"{WEEKS}?week=1").text
    text = re.sub(r"<[^>]+>", " ", page.partition('class="grid"')[2].partition("<aside")[0])
    return re.sub(r"\s+", " ", text)


def test_a_publication_that_has_cooled_offers_no_button(cooling: FlaskClient, clock: Watch) -> None:
    clock.moment = NOW + timedelta(minutes=4)
    assert "Take this publication back" not in words(cooling.get(WEEKS))
    answer = send(cooling, f"{WEEKS}/take-back", {"proposal": ""}, page=WEEKS)
    assert answer.status_code == 409
