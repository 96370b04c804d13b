"""Letters, tasks, reminders' policies and text messages, as staff and the gateway meet them."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from scheduler import outbox, reminders, sms, tasks
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox import signed
from scheduler.outbox.models import Heartbeat, Hold, Letter, LetterState
from scheduler.people import person_by_key
from scheduler.programs.models import Program
from scheduler.reminders import Audience
from scheduler.reminders.models import ReminderBatch
from tests.web.house import NOW, post, sign_in_staff
from visitor import words
from watch import Watch

SECRET = "shared"


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    client = house.test_client()
    sign_in_staff(client)
    return client


def mark(**values: object) -> None:
    """Change the one invitation of the house."""
    db.session.execute(update(Letter).where(Letter.kind == "invitation").values(**values))
    db.session.commit()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": LetterState.SENT, "sent_at": NOW}, "Sent"),
        (
            {"state": LetterState.SET_ASIDE, "reason": "RCPT: 550 no such box"},
            "RCPT: 550 no such box",
        ),
        (
            {"state": LetterState.RETRY, "attempts": 2, "due_at": NOW + timedelta(minutes=5)},
            "after 2 tries",
        ),
        ({"ambiguous": 1}, "May have arrived twice"),
    ],
)
def test_letter_shows_its_state_reason_and_next_try(
    desk: FlaskClient, values: dict[str, object], words: str
) -> None:
    mark(**values)

    assert words in desk.get("/desk/letters").text


def test_doubtful_letters_have_a_page_of_their_own(desk: FlaskClient) -> None:
    assert "No letter is in this state" in desk.get("/desk/letters?state=doubtful").text
    mark(ambiguous=1)

    assert "same bytes" in desk.get("/desk/letters?state=doubtful").text


def test_late_letter_is_an_alarm_on_every_desk_page(desk: FlaskClient, clock: Watch) -> None:
    assert "Letters are late" not in desk.get("/desk/").text
    clock.moment = NOW + timedelta(minutes=3)

    pages = [
        desk.get(page).text
        for page in ("/desk/", "/desk/letters", "/desk/needs", "/desk/reminders")
    ]

    assert [("Letters are late" in page) for page in pages] == [True] * 4


def test_held_outbox_is_let_go_from_the_page(desk: FlaskClient) -> None:
    db.session.add(Hold(since=NOW, reason="a copy was restored"))
    db.session.commit()
    assert "Nothing but sign-in codes leaves until you say so" in desk.get("/desk/letters").text

    post(desk, "/desk/letters/release", "/desk/letters", what="none")

    assert outbox.suspended() is None
    states = set(db.session.scalars(select(Letter.state).where(Letter.kind == "invitation")))
    assert states == {LetterState.SET_ASIDE}


def test_reminder_that_came_too_late_is_shown(desk: FlaskClient) -> None:
    reminders.sweep(by="worker", now=NOW)
    db.session.commit()
    late = db.session.scalars(select(ReminderBatch).order_by(ReminderBatch.starts_at)).all()[-1]
    reminders.sweep(by="worker", now=late.starts_at - timedelta(minutes=5))
    db.session.commit()

    page = words(desk.get("/desk/letters"))
    assert "Reminders that were not sent" in page
    assert "✕ Too late It was too late to be of use." in page
    assert re.search(r"[1-9]\d* Reminders too late", page)


def test_next_reminders_are_named_with_their_people_and_no_others(desk: FlaskClient) -> None:
    assert "Nobody is reminded of anything" in desk.get("/desk/reminders").text
    reminders.sweep(by="worker", now=NOW)
    db.session.commit()

    page = words(desk.get("/desk/reminders"))
    assert re.search(r"First session, 72 hours before .*Dana Lee", page)
    assert "Miguel" not in page


def test_hours_that_end_before_they_begin_are_shown_as_typed_with_what_is_wrong(
    desk: FlaskClient,
) -> None:
    page = post(
        desk,
        "/desk/reminders",
        "/desk/reminders",
        program="adult",
        audience="relative",
        earliest="20",
        latest="9",
        soon="yes",
    )

    assert page.status_code == 422
    assert 'name="earliest" min="0" max="22" value="20"' in page.text
    assert 'aria-describedby="hours-adult-relative-error"' in page.text


def test_alarm_says_whether_the_worker_or_the_server_is_away(
    desk: FlaskClient, clock: Watch
) -> None:
    clock.moment = NOW + timedelta(minutes=3)
    silent = desk.get("/desk/letters").text
    db.session.add(Heartbeat(node="here", boot="b", began_at=NOW, ticked_at=clock.moment))
    db.session.commit()

    assert (
        "Is the worker running?" in silent,
        "The worker runs" in desk.get("/desk/letters").text,
    ) == (True, True)


def test_task_is_done_by_a_click(desk: FlaskClient) -> None:
    assert "Nothing is waiting for you" in desk.get("/desk/needs").text
    task = tasks.raise_task(
        "no_answer", "k", "Nobody has answered.", about_id=person_by_key("jordan").id, now=NOW
    )
    db.session.commit()
    assert task is not None
    assert "Nobody has answered." in desk.get("/desk/needs").text

    post(desk, "/desk/needs", "/desk/needs", task=task.id)

    assert list(tasks.open_tasks()) == []


def test_policy_of_a_program_is_kept(desk: FlaskClient) -> None:
    form = {
        "program": "adult",
        "audience": "relative",
        "soon": "yes",
        "earliest": "9",
        "latest": "18",
    }

    post(desk, "/desk/reminders", "/desk/reminders", **form)

    policy = reminders.policy_of(db.session.scalars(select(Program)).one(), Audience.RELATIVE)
    assert (policy.soon, policy.ask, policy.earliest, policy.latest) == (True, False, 9, 18)


def test_policy_with_impossible_hours_changes_nothing(desk: FlaskClient) -> None:
    form = {"program": "adult", "audience": "patient", "earliest": "20", "latest": "8"}

    answer = post(desk, "/desk/reminders", "/desk/reminders", **form)

    assert (answer.status_code, "Nothing was changed" in answer.text) == (422, True)
    program = db.session.scalars(select(Program)).one()
    assert reminders.policy_of(program, Audience.PATIENT) == reminders.USUAL[Audience.PATIENT]


def phone() -> None:
    person_by_key("jordan-mother").phone = "+16175550123"
    db.session.commit()


def test_agreement_is_recorded_in_its_words_and_ended(desk: FlaskClient) -> None:
    phone()
    address = "/desk/patients/jordan/texts"

    post(desk, address, address, person="jordan-mother", what="agree")
    row = sms.standing_agreement(person_by_key("jordan-mother"))
    assert row is not None
    assert (row.agreed_by, "HL Scheduling may send me text messages" in row.wording) == (
        "desk",
        True,
    )
    post(desk, address, address, person="jordan-mother", what="end")
    assert sms.standing_agreement(person_by_key("jordan-mother")) is None
    assert re.search(r"✕ Ended on \d+ \w+ \d{4}, recorded by \w+ \w+\.", words(desk.get(address)))


def test_who_stopped_by_a_reply_is_shown_as_stopped(desk: FlaskClient) -> None:
    phone()
    sms.opt_in(person_by_key("jordan-mother"), by="desk", now=NOW)
    sms.receive_text("+16175550123", "please stop", reply_id="r-1", now=NOW)
    db.session.commit()

    said = words(desk.get("/desk/patients/jordan/texts"))
    assert said.count("by a reply from the phone") == 1


def from_gateway(house: Flask, said: object, secret: str = SECRET) -> tuple[int, dict[str, str]]:
    settings = house.config["KINFOLD"]
    object.__setattr__(settings, "sms_secret", SECRET)
    body = json.dumps(said).encode()
    answer = house.test_client().post(
        "/texts", data=body, headers=signed(secret, body, clock.now())
    )
    return answer.status_code, answer.get_json()


def test_gateway_hands_a_stop_over_and_gets_the_one_answer(house: Flask) -> None:
    phone()
    sms.opt_in(person_by_key("jordan-mother"), by="desk", now=NOW)
    db.session.commit()

    said = from_gateway(house, {"kind": "reply", "id": "7", "from": "+16175550123", "text": "Stop"})

    assert said == (
        200,
        {"reply": "HL Scheduling: you will get no more text messages. Messages by mail go on."},
    )
    assert [one.kind for one in tasks.open_tasks()] == ["texts_stopped"]


@pytest.mark.parametrize(
    "said", [[], {}, {"kind": "receipt", "id": "x", "state": "lost"}, {"kind": "reply"}, "x", None]
)
def test_gateway_that_talks_nonsense_gets_a_clear_refusal(house: Flask, said: object) -> None:
    code, answer = from_gateway(house, said)

    assert (code, answer["error"].startswith("want a receipt")) == (400, True)


def test_unsigned_word_changes_nothing(house: Flask) -> None:
    phone()
    sms.opt_in(person_by_key("jordan-mother"), by="desk", now=NOW)
    db.session.commit()

    code, _ = from_gateway(
        house, {"kind": "reply", "id": "7", "from": "+16175550123", "text": "Stop"}, "guessed"
    )

    assert code == 400
    assert sms.standing_agreement(person_by_key("jordan-mother")) is not None
