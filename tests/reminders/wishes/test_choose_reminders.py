"""Somebody chooses how they are reminded; what is in place already follows. A father without
consent stands by, and gets nothing.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from household import NOW, SECRETS, Household
from scheduler.invitations import announce, lint
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.outbox.models import Letter
from scheduler.people.models import Person
from scheduler.reminders import Audience, Policy, Way, Wish, choose_reminders, decide, sweep
from scheduler.sessions.models import Session

DAY_BEFORE = Policy(first_session=False, week_ahead=False, day_before=True, soon=False, ask=False)
NOTHING = Policy(first_session=False, week_ahead=False, day_before=False, soon=False, ask=False)
HOUR = timedelta(hours=1)
EVENING = Wish(Way.MAIL, day_before=True, evening=20)


@pytest.fixture
def session(home: Household) -> Session:
    """An appointment of Jordan and the mother, told ten days before; everybody is reminded a day
    before.
    """
    for audience in Audience:
        policy = NOTHING if audience is Audience.CLINICIAN else DAY_BEFORE
        decide(home.cohort.program, audience, policy, by="desk", now=NOW)
    home.consent()
    session = home.appointment(1)
    announce(by="worker", now=NOW)
    sweep(by="worker", now=session.starts_at - 40 * HOUR)
    return session


def reminded(moment: datetime) -> list[str]:
    """Return who has a reminder at `moment`."""
    sweep(by="worker", now=moment)
    letters = db.session.scalars(select(Letter).where(Letter.kind == "reminder")).all()
    for letter in letters:
        assert lint(letter.mime, SECRETS, recipient=letter.address) == []
    return sorted(letter.address for letter in letters)


def choose(person: Person, wish: Wish, session: Session) -> bool:
    return choose_reminders(person, wish, by=person.key, now=session.starts_at - 39 * HOUR)


def evening(session: Session, zone: str) -> datetime:
    """Return 20:00 of the day before on the clock of `zone`."""
    day = session.starts_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    return datetime.combine(day, time(20), ZoneInfo(zone)).astimezone(UTC)


def test_reminder_in_place_moves_to_the_evening_that_was_chosen(
    home: Household, session: Session
) -> None:
    choose(home.mother, EVENING, session)
    at = evening(session, "America/Chicago")

    reminded(session.starts_at - 23 * HOUR)
    before, after = reminded(at - timedelta(minutes=1)), reminded(at + timedelta(minutes=1))

    assert before == ["one@patient.example"]
    assert after == ["m@family.example", "one@patient.example"]


def test_whoever_chose_none_gets_none_and_the_rest_theirs(
    home: Household, session: Session
) -> None:
    choose(home.jordan, Wish(Way.NONE), session)

    assert reminded(session.starts_at - 23 * HOUR) == ["m@family.example"]


def test_choice_made_after_the_hour_of_a_reminder_stops_it_still(
    home: Household, session: Session
) -> None:
    """It is decided anew when it leaves."""
    late = session.starts_at - 23 * HOUR
    choose_reminders(home.mother, Wish(Way.NONE), by="p-1-mother", now=late)

    assert reminded(late) == ["one@patient.example"]


def test_same_choice_twice_is_one(home: Household, session: Session) -> None:
    assert [choose(home.mother, EVENING, session) for _time in range(2)] == [True, False]


def test_staff_and_half_a_choice_are_refused(home: Household, session: Session) -> None:
    with pytest.raises(InputError):
        choose(home.mother, Wish(Way.MAIL), session)
    with pytest.raises(InputError):
        choose(home.rivera, EVENING, session)
