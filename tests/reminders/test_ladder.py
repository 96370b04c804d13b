"""Asking until somebody answers, the first session, the week, text messages. A father without
consent stands by.
"""

import email
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import policy

import pytest
from sqlalchemy import select

from household import NOW, SECRETS, TODAY, Household
from scheduler import consents, outbox, sms
from scheduler.consents import standing_grants
from scheduler.invitations import announce, answer, lint, told_dates
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.outbox import Gateway, text_words, use_gateway
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.reminders import Audience, Policy, decide, mail_instead, sweep
from scheduler.reminders.models import Reminder
from scheduler.sessions.models import Session
from scheduler.tasks import open_tasks

HOUR = timedelta(hours=1)
ASK = Policy(first_session=False, week_ahead=False, day_before=False, soon=False, ask=True)
SOON = Policy(first_session=False, week_ahead=False, day_before=False, soon=True, ask=False)
NOTHING = Policy(first_session=False, week_ahead=False, day_before=False, soon=False, ask=False)


@pytest.fixture
def home(home: Household) -> Iterator[Household]:
    for who in (home.mother, home.father, home.aunt, home.jordan):
        who.phone = "+16175550123" if who is home.mother else "+16175550199"
    use_gateway(Gateway("https://gateway.example/texts", "a secret"))
    nothing = Policy(first_session=False, week_ahead=False, day_before=False, soon=False, ask=False)
    decide(home.cohort.program, Audience.CLINICIAN, nothing, by="desk", now=NOW)
    yield home
    use_gateway(None)


def policies(home: Household, patient: Policy, relative: Policy) -> None:
    for audience, said in ((Audience.PATIENT, patient), (Audience.RELATIVE, relative)):
        decide(home.cohort.program, audience, said, by="desk", now=NOW)


def told(home: Household, *days: int) -> list[Session]:
    """Appointments at six in the evening, told the mother ten days before."""
    home.consent()
    found = [home.appointment(day, week=day) for day in days]
    announce(by="worker", now=NOW)
    return found


def at(moment: datetime) -> list[str]:
    """Sweep, and give what is new in the outbox as `who: way`."""
    before = {row.id for row in db.session.scalars(select(Letter))}
    sweep(by="worker", now=moment)
    found = []
    for letter in db.session.scalars(
        select(Letter).where(Letter.kind == "reminder").order_by(Letter.address)
    ):
        person = db.session.get(Person, letter.recipient_id)
        assert person is not None
        assert person.key != "p-1-father"
        assert lint(letter.mime, SECRETS, recipient=letter.address) == []
        if letter.id not in before:
            found.append(f"{person.key}: {letter.channel.value}")
    return found


def say(home: Household, said: Answer) -> None:
    row = db.session.scalars(select(Invitation).where(Invitation.person_id == home.mother.id)).one()
    answer(row, said, recurrence=None, way="page", by="relative", now=NOW)


def test_nobody_answers_and_the_ladder_ends_with_a_task(home: Household) -> None:
    policies(home, NOTHING, ASK)
    home.consent(home.father, Kind.PROGRESS_UPDATE)
    (session,) = told(home, 3)
    sms.opt_in(home.mother, by="desk", now=NOW)

    asked = [at(session.starts_at - hours * HOUR) for hours in (71, 47, 35, 23)]

    assert asked == [["p-1-mother: mail"], ["p-1-mother: text"], [], []]
    assert [(one.kind, one.about_id, one.for_id) for one in open_tasks()] == [
        ("no_answer", home.jordan.id, home.rivera.id)
    ]
    assert open_tasks()[0].words.endswith(" New York time. Ask, or go on without.")


@pytest.mark.parametrize("said", [Answer.ACCEPTED, Answer.DECLINED, Answer.TENTATIVE])
def test_any_answer_stops_the_ladder(home: Household, said: Answer) -> None:
    policies(home, NOTHING, ASK)
    (session,) = told(home, 3)
    at(session.starts_at - 71 * HOUR)
    say(home, said)

    assert [at(session.starts_at - hours * HOUR) for hours in (47, 23)] == [[], []]
    assert open_tasks(kind="no_answer") == []


def test_second_relative_is_asked_when_the_first_does_not_answer(home: Household) -> None:
    policies(home, NOTHING, ASK)
    home.aunt.relative.patient_id = home.jordan.id  # type: ignore[union-attr]
    home.consent()

    consents.give(
        person=home.aunt,
        patient=home.jordan,
        purposes=(Kind.FAMILY_THERAPY,),
        signed=TODAY - timedelta(days=3),
        expires=TODAY + timedelta(days=200),
        by="command",
        now=NOW,
    )
    (session,) = told(home, 3)

    assert at(session.starts_at - 71 * HOUR) == ["p-1-mother: mail"]
    assert at(session.starts_at - 33 * HOUR) == ["p-2-aunt: mail"]


def test_first_session_is_reminded_of_three_days_and_one_day_before(home: Household) -> None:
    only = Policy(first_session=True, week_ahead=False, day_before=False, soon=False, ask=False)
    policies(home, only, only)
    first, second = told(home, 3, 10)

    assert at(first.starts_at - 71 * HOUR) == ["p-1-mother: mail", "p-1: mail"]
    assert at(first.starts_at - 23 * HOUR) == ["p-1-mother: mail", "p-1: mail"]
    assert at(second.starts_at - 23 * HOUR) == []


def test_week_ahead_tells_all_of_it_in_one_letter(home: Household) -> None:
    policies(
        home,
        Policy(first_session=False, week_ahead=True, day_before=False, soon=False, ask=False),
        NOTHING,
    )
    monday, *_ = told(home, 0, 2, 4, 7)

    assert at(monday.starts_at - 24 * HOUR) == ["p-1: mail"]
    (letter,) = db.session.scalars(select(Letter).where(Letter.kind == "reminder"))
    body = email.message_from_bytes(letter.mime, policy=policy.default).get_body(("plain",))  # type: ignore[attr-defined]
    assert str(body.get_content()).count("6:00 – 7:00 PM") == 3
    assert at(monday.starts_at - 23 * HOUR) == []


def test_soon_goes_by_text_where_that_was_agreed(home: Household) -> None:
    policies(home, SOON, SOON)
    (session,) = told(home, 3)
    sms.opt_in(home.mother, by="desk", now=NOW)

    assert at(session.starts_at - HOUR / 2) == ["p-1-mother: text", "p-1: mail"]
    (letter,) = db.session.scalars(select(Letter).where(Letter.channel == Channel.TEXT))
    words = text_words(letter.mime)
    assert words.startswith("SP Calendar: Appointment ")
    assert "/j/" in words
    assert (letter.address, len(words) <= 160) == ("+16175550123", True)


def test_second_message_of_a_day_goes_by_mail(home: Household) -> None:
    policies(home, NOTHING, SOON)
    home.consent()
    early, late = home.appointment(3, week=1, at="12:00"), home.appointment(3, week=2, at="18:00")
    announce(by="worker", now=NOW)
    sms.opt_in(home.mother, by="desk", now=NOW)

    assert at(early.starts_at - HOUR / 2) == ["p-1-mother: text"]
    assert at(late.starts_at - HOUR / 2) == ["p-1-mother: mail"]


def test_fourth_message_of_a_week_goes_by_mail(home: Household) -> None:
    policies(home, NOTHING, SOON)
    sessions = told(home, 0, 1, 2, 3)
    sms.opt_in(home.mother, by="desk", now=NOW)

    ways = [at(session.starts_at - HOUR / 2) for session in sessions]

    assert ways == [["p-1-mother: text"]] * 3 + [["p-1-mother: mail"]]


def test_nothing_is_texted_without_a_gateway_or_an_agreement(home: Household) -> None:
    policies(home, NOTHING, SOON)
    first, second = told(home, 3, 4)
    assert at(first.starts_at - HOUR / 2) == ["p-1-mother: mail"]
    sms.opt_in(home.mother, by="desk", now=NOW)
    use_gateway(None)

    assert at(second.starts_at - HOUR / 2) == ["p-1-mother: mail"]


def test_new_number_needs_a_new_agreement(home: Household) -> None:
    policies(home, NOTHING, SOON)
    (session,) = told(home, 3)
    sms.opt_in(home.mother, by="desk", now=NOW)
    home.mother.phone = "+16175550124"

    assert at(session.starts_at - HOUR / 2) == ["p-1-mother: mail"]


def test_stop_ends_texts_only_and_what_waited_goes_by_mail(home: Household) -> None:
    policies(home, NOTHING, SOON)
    first, second = told(home, 3, 5)
    sms.opt_in(home.mother, by="desk", now=NOW)
    at(first.starts_at - HOUR / 2)

    reply = sms.receive_text("+16175550123", "Revoke!", reply_id="r-1", now=NOW)
    again = sms.receive_text("+16175550123", "Revoke!", reply_id="r-1", now=NOW)
    for letter_id in reply.held_back:
        mail_instead(letter_id)

    assert (reply.stopped, again.held_back) == (True, ())
    assert (
        reply.answer == "SP Calendar: you will get no more text messages. Messages by mail go on."
    )
    assert at(first.starts_at - HOUR / 3) == ["p-1-mother: mail"]
    assert at(second.starts_at - HOUR / 2) == ["p-1-mother: mail"]
    assert [one.kind for one in open_tasks()] == ["texts_stopped"]
    assert [row.revoked_at for row in home_grants(home)] == [None]
    assert said_no(home) == []


def test_other_reply_changes_nothing_and_is_for_a_person_to_read(home: Household) -> None:
    told(home, 3)
    sms.opt_in(home.mother, by="desk", now=NOW)

    reply = sms.receive_text("+16175550123", "I can't come on Thursday", reply_id="r-2", now=NOW)

    assert (reply.stopped, reply.answer) == (False, None)
    assert [one.words for one in open_tasks()] == [
        "Answered a text message: “I can't come on Thursday”. Nothing was changed by it; call if "
        "it matters."
    ]
    assert sms.standing_agreement(home.mother) is not None
    assert said_no(home) == []


def test_text_that_was_not_delivered_goes_by_mail(home: Household) -> None:
    policies(home, NOTHING, SOON)
    (session,) = told(home, 3)
    sms.opt_in(home.mother, by="desk", now=NOW)
    at(session.starts_at - HOUR / 2)
    letter = db.session.scalars(select(Letter).where(Letter.channel == Channel.TEXT)).one()
    db.session.execute(Letter.__table__.update().values(state=LetterState.SENT))  # type: ignore[attr-defined]
    db.session.expire_all()

    assert outbox.note_receipt(letter.id, delivered=False, words="number not in service") is True
    assert outbox.note_receipt(letter.id, delivered=False, words="number not in service") is False
    mail_instead(letter.id)
    assert at(session.starts_at - HOUR / 3) == ["p-1-mother: mail"]
    assert letter.reason == "not delivered: number not in service"


def test_program_that_stops_reminding_stops_at_once(home: Household) -> None:
    policies(home, NOTHING, SOON)
    (session,) = told(home, 3)
    at(session.starts_at - 3 * HOUR)
    policies(home, NOTHING, NOTHING)

    assert at(session.starts_at - HOUR / 2) == []
    assert {row.reason for row in db.session.scalars(select(Reminder))} == {
        "the program does not send this any more"
    }


def home_grants(home: Household) -> list[object]:
    return list(standing_grants(home.mother, home.jordan))


def said_no(home: Household) -> list[object]:
    return [one.answer for one in told_dates([home.mother.id]) if one.answer]
