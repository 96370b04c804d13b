"""A patient is told that a consent will end, 30, 14 and 7 days before, once each; the relatives are
told nothing.
"""

import email
from datetime import date, timedelta
from email import policy

import pytest
from sqlalchemy import select

from household import NOW, TODAY, Household
from scheduler import consents
from scheduler.consents.model.models import Ending
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.reminders import remind_of_endings
from scheduler.reminders.consent_endings import lead

DAY = timedelta(days=1)


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    return sqlite_home


def reminded(days: int) -> int:
    """Return how many letters a tick writes `days` days from now."""
    return remind_of_endings(now=NOW + days * DAY)


def addresses() -> list[str]:
    return [letter.address for letter in db.session.scalars(select(Letter).order_by(Letter.id))]


@pytest.mark.parametrize(
    ("left", "due"),
    [(31, None), (30, 30), (29, 30), (15, 30), (14, 14), (8, 14), (7, 7), (1, 7), (0, 7)],
)
def test_nearest_of_the_three_is_due(left: int, due: int | None) -> None:
    assert lead(date(2027, 6, 30), date(2027, 6, 30) - left * DAY) == due


def test_patient_is_told_three_times_once_each(home: Household) -> None:
    home.consent(expires=TODAY + 60 * DAY)

    assert [day for day in range(61) if reminded(day)] == [30, 46, 53]
    assert addresses() == ["one@patient.example"] * 3


def test_worker_that_slept_tells_once_and_not_all_at_a_time(home: Household) -> None:
    home.consent(expires=TODAY + 60 * DAY)

    assert (reminded(50), reminded(50), reminded(54)) == (1, 0, 1)


def test_two_that_end_on_one_day_are_one_letter(home: Household) -> None:
    home.consent(expires=TODAY + 20 * DAY)
    home.consent(home.father, expires=TODAY + 20 * DAY)

    assert reminded(0) == 1


def test_letter_says_when_and_never_what(home: Household) -> None:
    home.consent(expires=TODAY + 20 * DAY)
    reminded(0)
    letter = db.session.scalars(select(Letter)).one()
    message = email.message_from_bytes(letter.mime, policy=policy.default)
    body = message.get_body(("plain",))
    last = TODAY + 20 * DAY

    assert body is not None
    assert str(message["Subject"]) == f"Something ends on {last:%a} {last.day} {last:%B}"
    assert "https://hl-sched.example/mine" in body.get_content()
    assert [
        word for word in ("consent", "Dana", "session", "family") if word in body.get_content()
    ] == []


def test_patient_who_reads_spanish_is_told_in_spanish(home: Household) -> None:
    home.jordan.language = "es"
    home.consent(expires=TODAY + 20 * DAY)
    reminded(0)

    assert b"Subject: Algo termina el" in db.session.scalars(select(Letter.mime)).one()


def test_consent_that_goes_on_is_not_spoken_of(home: Household) -> None:
    home.consent(expires=TODAY + 20 * DAY)
    home.consent(expires=TODAY + 200 * DAY)

    assert reminded(0) == 0


def test_consent_withdrawn_or_ended_by_an_event_is_not_spoken_of(home: Household) -> None:
    home.consent(expires=TODAY + 20 * DAY)
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    home.consent(home.father, expires_on=Ending.PROGRAM_END)

    assert [day for day in range(120) if reminded(day)] == []
