"""A yes to a series goes on for the dates that stay where they are. The father stands by."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household, place
from invitations.sync.test_announce import sent, told
from scheduler.invitations import answer, told_dates
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.sessions.models import Session


@pytest.fixture
def weeks(home: Household) -> list[Session]:
    """The mother said yes to four weekly dates."""
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(4)]
    for session in sessions:
        session.changed_at = NOW - timedelta(minutes=1)
    told()
    sent()
    answer(
        db.session.scalars(select(Invitation)).one(),
        Answer.ACCEPTED,
        by="p-1-mother",
        now=NOW + timedelta(minutes=1),
    )
    return sessions


def shift(session: Session, minute: int) -> None:
    place(
        session, datetime.fromisoformat(session.starts_local) + timedelta(days=1), session.minutes
    )
    session.changed_at = NOW + timedelta(minutes=minute)
    db.session.flush()


def current(home: Household) -> list[bool]:
    return [each.current for each in told_dates([home.mother.id])]


def test_yes_goes_on_for_the_dates_that_did_not_move(home: Household, weeks: list[Session]) -> None:
    shift(weeks[1], 2)
    told(3)
    sent()

    assert current(home) == [True, False, True, True]


def test_yes_to_an_old_version_after_a_move_is_none_to_the_moved_date(
    home: Household, weeks: list[Session]
) -> None:
    """G5: they answered what they saw, not what stands."""
    shift(weeks[1], 2)
    told(3)
    sent()
    row = db.session.scalars(select(Invitation)).one()
    answer(
        row,
        Answer.ACCEPTED,
        by="p-1-mother",
        now=NOW + timedelta(minutes=4),
        way="mail",
        sequence=0,
        stamp=NOW,
    )

    assert current(home) == [True, False, True, True]
