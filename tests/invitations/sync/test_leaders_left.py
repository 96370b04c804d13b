"""Who leads a group hears that somebody takes part no longer, and nobody else does. The father gets
nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from household import MONDAY, NOW, SECRETS, Household
from scheduler.admissions import discharge
from scheduler.invitations import announce, lint, unheard_changes
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import choose_calendar
from scheduler.people.models import Person, Way
from scheduler.programs import Kind, Seats
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.lifecycle import move
from scheduler.sessions.models import Session
from scheduler.sessions.rescheduling import meeting_at

DAY = timedelta(days=1)


@pytest.fixture
def home(home: Household) -> Household:
    home.consent()
    return home


def group(home: Household, day: int = 0) -> Session:
    return home.slot(day, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="skills")


def letters(person: Person) -> list[Letter]:
    rows = select(Letter).where(Letter.recipient_id == person.id)
    return list(db.session.scalars(rows.order_by(Letter.created_at, Letter.id)))


def words(letter: Letter) -> str:
    body = message_from_bytes(letter.mime, policy=policy.default).get_body(("plain",))
    assert body is not None
    return body.get_content()


def test_leader_hears_once_that_somebody_left_a_near_group(home: Household) -> None:
    near, later = group(home), group(home, 8)
    told = near.starts_at - 3 * DAY
    discharge(home.jordan, MONDAY - DAY, by="sam", now=told)

    for minutes in (1, 2):
        announce(by="worker", now=told + timedelta(minutes=minutes))

    (letter,) = letters(home.rivera)
    assert "Somebody takes part no longer:" in words(letter)
    assert words(letter).count("7:00") == 1
    assert lint(letter.mime, SECRETS, recipient=letter.address) == []
    assert (letters(home.tess), letters(home.father)) == ([], [])
    announce(by="worker", now=later.starts_at - 6 * DAY)
    assert len(letters(home.rivera)) == 2


def test_leader_hears_nothing_of_a_group_that_nobody_left(home: Household) -> None:
    session = group(home)
    told = session.starts_at - 3 * DAY
    discharge(home.jordan, MONDAY, by="sam", now=told)
    announce(by="worker", now=told)

    assert [letters(person) for person in (home.rivera, home.jordan)] == [[], []]


def leaves_by_a_publication(home: Household, session: Session) -> None:
    meeting = replace(meeting_at(session), patients=(home.tess.id,))
    move(session, meeting, by="sam", now=session.starts_at - 3 * DAY)


def is_discharged(home: Household, session: Session) -> None:
    discharge(home.jordan, MONDAY - DAY, by="sam", now=session.starts_at - 3 * DAY)


@pytest.mark.parametrize("leaves", [leaves_by_a_publication, is_discharged])
def test_leader_hears_however_somebody_left(
    home: Household, leaves: Callable[[Household, Session], None]
) -> None:
    session = group(home)
    leaves(home, session)
    announce(by="worker", now=session.starts_at - 3 * DAY)

    (said,) = [words(letter) for letter in letters(home.rivera)]
    assert "Somebody takes part no longer:" in said
    assert letters(home.father) == []


def test_leader_who_is_invited_hears_that_somebody_left(home: Household) -> None:
    choose_calendar(home.rivera, way=Way.INVITATIONS, first_names=False, by="r", now=NOW)
    session = group(home)
    announce(by="worker", now=NOW)
    is_discharged(home, session)
    announce(by="worker", now=session.starts_at - 3 * DAY)

    invited, told = letters(home.rivera)
    assert (invited.kind, told.kind, letters(home.father)) == ("invitation", "change", [])
    assert "Somebody takes part no longer:" in words(told)


def test_publication_after_a_discharge_says_it_no_second_time(home: Household) -> None:
    session = group(home)
    told = session.starts_at - 3 * DAY
    is_discharged(home, session)
    announce(by="worker", now=told)
    _all_sent()
    leaves_by_a_publication(home, session)
    announce(by="worker", now=told + DAY)

    assert len(letters(home.rivera)) == 1
    assert unheard_changes(now=told + DAY) == []


def test_letter_that_waits_is_taken_back_and_tells_both(home: Household) -> None:
    session = group(home)
    told = session.starts_at - 3 * DAY
    is_discharged(home, session)
    announce(by="worker", now=told)
    to = datetime.fromisoformat(session.starts_local) + DAY
    edit_sessions(session, to=to, by="sam", now=told)
    announce(by="worker", now=told + timedelta(minutes=1))

    waits = [letter for letter in letters(home.rivera) if letter.state is LetterState.WAITING]
    (said,) = [words(letter) for letter in waits]
    assert ("Until now:" in said, "Somebody takes part no longer:" in said) == (True, True)


def test_group_that_is_cancelled_says_nothing_of_who_left(home: Household) -> None:
    session = group(home)
    told = session.starts_at - 3 * DAY
    is_discharged(home, session)
    cancel(session, by="sam", now=told)
    announce(by="worker", now=told)

    (said,) = [words(letter) for letter in letters(home.rivera)]
    assert ("is no longer on your calendar" in said, "takes part" in said) == (True, False)


def _all_sent() -> None:
    for letter in db.session.scalars(select(Letter)):
        letter.state = LetterState.SENT
    db.session.flush()
