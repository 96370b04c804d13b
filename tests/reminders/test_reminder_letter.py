"""What a reminder says: how near it is, to clinicians as well, and in the week's letter what
changed. A father without consent gets none.
"""

from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from household import SECRETS, Household
from scheduler.invitations import announce, lint
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people.models import Person
from scheduler.programs import Kind, Seats
from scheduler.reminders import sweep
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.models import Session

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def home(home: Household) -> Household:
    home.consent()
    return home


def group(home: Household, day: int, at: str = "19:00") -> Session:
    return home.slot(day, at=at, kind=Kind.GROUP, seats=Seats.PATIENTS, slot=f"skills{at[:2]}")


def digest(session: Session) -> datetime:
    """The Sunday before a session's week, just after the week's letter is due."""
    local = datetime.fromisoformat(session.starts_local)
    since_sunday = timedelta(days=local.weekday() + 1, hours=local.hour - 17)
    return session.starts_at - since_sunday + timedelta(minutes=1)


def letters(person: Person) -> list[tuple[str, str]]:
    """Kind and plain words, with the subject, of each letter to a person."""
    found = []
    rows = select(Letter).where(Letter.recipient_id == person.id)
    for letter in db.session.scalars(rows.order_by(Letter.created_at, Letter.id)):
        assert lint(letter.mime, SECRETS, recipient=letter.address) == []
        message = message_from_bytes(letter.mime, policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found.append((letter.kind, f"{message['Subject']}\n{body.get_content()}"))
    return found


def test_moved_session_weeks_ahead_stands_in_the_weeks_letter_and_nowhere_else(
    home: Household,
) -> None:
    near, far = group(home, 0), group(home, 21)
    now = digest(near) - DAY
    later = datetime.fromisoformat(far.starts_local) + HOUR

    edit_sessions(far, to=later, by="desk", now=now)
    for moment in (now, digest(near) - HOUR, digest(near), digest(near) + HOUR):
        announce(by="worker", now=moment)
        sweep(by="worker", now=moment)

    for person in (home.jordan, home.rivera):
        told = letters(person)
        assert {kind for kind, _ in told} == {"reminder"}
        (said,) = [said for _, said in told if "changed" in said]
        parts = ["What has changed:", "Until now:", "From now on:"]
        assert [part in said for part in parts] == [True] * 3
    assert [letters(person) for person in (home.father, home.mother)] == [[], []]


def test_weeks_letter_without_a_change_says_nothing_of_one(home: Household) -> None:
    near = group(home, 0)

    sweep(by="worker", now=digest(near))

    ((_, said),) = letters(home.jordan)
    assert "changed" not in said
    assert letters(home.father) == []


def test_change_told_in_the_weeks_letter_is_not_told_again_when_it_is_near(
    home: Household,
) -> None:
    near, far = group(home, 0), group(home, 9)
    cancel(far, by="desk", now=digest(near) - HOUR)
    announce(by="worker", now=digest(near) - HOUR)

    sweep(by="worker", now=digest(near))
    announce(by="worker", now=far.starts_at - 2 * DAY)

    assert [kind for kind, _ in letters(home.jordan)] == ["reminder"]
    assert letters(home.father) == []


def test_clinician_is_reminded_of_tomorrow_once(home: Household) -> None:
    sessions = [group(home, 2, "15:00"), group(home, 2, "17:00")]

    for hours in (26, 23, 20, 1):
        sweep(by="worker", now=sessions[0].starts_at - hours * HOUR)

    ((kind, said),) = letters(home.rivera)
    assert kind == "reminder"
    assert said.startswith("Tomorrow: Appointment from ")
    assert "this is tomorrow" in said
    assert [said.count("3:00"), said.count("5:00 – 6:00")] == [2, 1]
    assert letters(home.father) == []


def test_last_reminder_says_in_one_hour(home: Household) -> None:
    session = group(home, 2)

    sweep(by="worker", now=session.starts_at - HOUR)

    subjects = [said.splitlines()[0] for _, said in letters(home.jordan)]
    assert [subject.split(":")[0] for subject in subjects] == ["In one hour"]
    assert letters(home.father) == []
