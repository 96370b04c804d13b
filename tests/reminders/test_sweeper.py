"""Reminders from rows to letters. A father without consent stands by in all of it."""

import email
from datetime import UTC, datetime, time, timedelta
from email import policy
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from household import NOW, SECRETS, Household, place
from outbox.plans import overheard, plan
from scheduler import consents
from scheduler.invitations import announce, lint
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import Help, practice
from scheduler.people.models import Person
from scheduler.reminders import Audience, Policy, Swept, decide, next_batches, sweep
from scheduler.reminders.models import Reminder, ReminderBatch, ReminderState
from scheduler.reminders.sweeper import due_query
from scheduler.sessions import let_changes_cool
from scheduler.sessions.change_history import note_change
from scheduler.sessions.models import Session, Status
from visitor import text_of

NONE = Policy(first_session=False, week_ahead=False, day_before=False, soon=False, ask=False)
"""Clinicians' reminders are looked at in test_reminder_letter."""
PLAIN = Policy(first_session=False, week_ahead=False, day_before=True, soon=True, ask=False)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def session(home: Household) -> Session:
    """An evening appointment of Jordan and the mother, told ten days before."""
    home.consent()
    session = home.appointment(1)
    announce(by="worker", now=NOW)
    return session


@pytest.fixture(autouse=True)
def plain(home: Household) -> None:
    """The program reminds everybody the day before and one hour before; see test_ladder for the
    rest.
    """
    program = home.cohort.program
    for audience in Audience:
        decide(program, audience, PLAIN, by="desk", now=NOW)
    decide(program, Audience.CLINICIAN, NONE, by="desk", now=NOW)


def at(moment: datetime) -> Swept:
    found = sweep(by="worker", now=moment)
    for letter in reminders():
        to = db.session.get(Person, letter.recipient_id)
        assert to is not None
        assert to.key != "p-1-father"
        assert lint(letter.mime, SECRETS, recipient=letter.address) == []
    return found


def reminders() -> list[Letter]:
    return list(
        db.session.scalars(select(Letter).where(Letter.kind == "reminder").order_by(Letter.address))
    )


def states() -> dict[str, int]:
    found = [row.state.value for row in db.session.scalars(select(Reminder))]
    return {state: found.count(state) for state in found}


def test_patient_and_told_relative_are_reminded_once_the_day_before(session: Session) -> None:
    early, due = session.starts_at - 40 * HOUR, session.starts_at - 23 * HOUR

    assert [at(early).queued, at(due).queued, at(due).queued, at(due + HOUR).queued] == [0, 2, 0, 0]
    assert [(each.address, each.basis.value) for each in reminders()] == [
        ("m@family.example", "grant"),
        ("one@patient.example", "self"),
    ]


def test_both_are_reminded_again_an_hour_before(session: Session) -> None:
    at(session.starts_at - 23 * HOUR)
    at(session.starts_at - 50 * MINUTE)

    assert len(reminders()) == 4
    soon = {each.not_after for each in reminders()} - midnights(session)
    assert soon == {session.starts_at - 10 * MINUTE}


def midnights(session: Session) -> set[datetime]:
    """Until when "tomorrow" is true, where each of the two is."""
    zones = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")
    day = session.starts_at.astimezone(zones[0]).date()
    return {datetime.combine(day, time(), zone).astimezone(UTC) for zone in zones}


def test_reminder_that_says_tomorrow_is_worth_nothing_after_midnight(session: Session) -> None:
    at(session.starts_at - 23 * HOUR)

    assert {each.not_after for each in reminders()} == midnights(session)


def test_lost_row_heals(session: Session) -> None:
    at(session.starts_at - 40 * HOUR)
    db.session.query(ReminderBatch).delete()

    assert at(session.starts_at - 23 * HOUR).queued == 2


def test_late_reminder_expires_visibly(session: Session) -> None:
    at(session.starts_at - 40 * HOUR)

    found = at(session.starts_at - 5 * MINUTE)
    assert (found.queued, found.expired) == (0, 4)
    assert {row.reason for row in db.session.scalars(select(Reminder))} == {
        "it was too late to be of use"
    }


def test_reminder_of_a_cancelled_session_is_dropped(session: Session) -> None:
    at(session.starts_at - 40 * HOUR)
    session.status = Status.CANCELLED

    assert at(session.starts_at - 23 * HOUR).dropped == 2
    assert reminders() == []


def test_reminder_waits_while_what_it_tells_may_be_taken_back(session: Session) -> None:
    due = session.starts_at - 23 * HOUR
    note_change(session, now=due)
    let_changes_cool([session.key], until=due + 3 * MINUTE, now=due)

    assert [at(due).queued, at(due + 2 * MINUTE).queued, at(due + 4 * MINUTE).queued] == [0, 0, 2]


def test_reminders_ahead_are_listed_of_what_stands_alone(home: Household, session: Session) -> None:
    other = home.appointment(2, week=2)
    due = session.starts_at - 40 * HOUR
    at(due)
    place(session, datetime.fromisoformat(session.starts_local) - HOUR)
    db.session.flush()

    def listed() -> set[str]:
        return {batch.session_id for batch in next_batches(now=due, limit=50)}

    assert listed() == {other.id}
    note_change(other, now=due)
    let_changes_cool([other.key], until=due + 3 * MINUTE, now=due)
    assert listed() == set()


def test_moved_session_gets_reminders_of_its_new_time(session: Session) -> None:
    at(session.starts_at - 40 * HOUR)
    old = session.starts_at
    place(session, datetime.fromisoformat(session.starts_local) + HOUR)
    announce(by="worker", now=old - 30 * HOUR)

    found = at(old - 23 * HOUR)
    assert (found.made, found.dropped, found.queued) == (4, 2, 2)


def test_withdrawn_consent_ends_reminders_of_this_person_only(
    home: Household, session: Session
) -> None:
    at(session.starts_at - 40 * HOUR)
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)

    assert at(session.starts_at - 23 * HOUR).dropped == 1
    assert [each.address for each in reminders()] == ["one@patient.example"]


def test_relative_is_reminded_of_nothing_they_were_not_told(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    at(session.starts_at - 23 * HOUR)

    assert [each.address for each in reminders()] == ["one@patient.example"]
    assert states() == {"waiting": 1, "queued": 1}


def test_relative_told_within_the_day_is_not_reminded_of_it_at_once(home: Household) -> None:
    home.consent()
    session = home.appointment(1)
    announce(by="worker", now=session.starts_at - 10 * HOUR)
    at(session.starts_at - 9 * HOUR)

    assert [each.address for each in reminders()] == ["one@patient.example"]
    assert at(session.starts_at - HOUR).queued == 2


def test_letter_says_when_in_the_readers_zone_and_nothing_else(session: Session) -> None:
    at(session.starts_at - 23 * HOUR)
    letter = reminders()[0]
    message = email.message_from_bytes(letter.mime, policy=policy.default)
    text = str(message.get_body(("plain",)).get_content())  # type: ignore[attr-defined]

    assert str(message["Subject"]).startswith("Tomorrow: Appointment Tue ")
    assert "5:00 – 6:00 PM, Chicago time (6:00 – 7:00 PM, New York time)" in text
    assert letter.state is LetterState.WAITING
    assert ReminderState.QUEUED.value in states()


def test_what_is_due_is_read_in_order_from_its_index(home: Household) -> None:
    with overheard("reminders") as said:
        db.session.execute(due_query(NOW))
    db.session.rollback()

    steps = [step for each in said for step in plan(*each)]
    assert any("ix_reminders_due" in step for step in steps)
    assert [
        step for step in steps if "Sort" in step or "TEMP B-TREE" in step or step.startswith("SCAN")
    ] == []


def test_reminder_ends_with_whom_to_ask(session: Session) -> None:
    practice().help = Help(words="The front desk")
    at(session.starts_at - 40 * HOUR)
    at(session.starts_at - 23 * HOUR)

    said = ["Whom to ask: The front desk" in text_of(letter) for letter in reminders()]
    assert said == [True, True]
