"""A yes to a series goes on for the dates that stay where they are. The father stands by."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household, place
from invitations.sync.test_announce import sent, told
from scheduler import feeds
from scheduler.invitations import answer, answered_dates, told_dates
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.people import choose_calendar
from scheduler.people.models import Way
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


def said(home: Household) -> list[Answer | None]:
    return [date.answer for date in told_dates([home.mother.id])]


def to_series(given: Answer, minute: int, *, stamp: int) -> None:
    """A mail about all dates arrives `minute`, written `stamp` minutes after all began."""
    row = db.session.scalars(select(Invitation)).one()
    answer(
        row,
        given,
        by="p-1-mother",
        now=NOW + timedelta(minutes=minute),
        way="mail",
        sequence=row.sequence,
        stamp=NOW + timedelta(minutes=stamp),
    )


def to_second_date(home: Household, given: Answer, minute: int, way: str = "page") -> None:
    row = db.session.scalars(select(Invitation)).one()
    moment = NOW + timedelta(minutes=minute)
    name = told_dates([home.mother.id])[1].recurrence
    answer(row, given, name, by="p-1-mother", now=moment, way=way, stamp=moment)


def test_mail_about_a_series_leaves_what_was_said_later_of_one_date(
    home: Household, weeks: list[Session]
) -> None:
    to_second_date(home, Answer.DECLINED, 3)

    to_series(Answer.TENTATIVE, 4, stamp=2)

    kept = [Answer.TENTATIVE] * 4
    kept[1] = Answer.DECLINED
    assert said(home) == kept


def test_newest_mail_about_a_series_counts_for_each_of_its_dates(
    home: Household, weeks: list[Session]
) -> None:
    to_second_date(home, Answer.DECLINED, 3)

    to_series(Answer.TENTATIVE, 5, stamp=4)

    assert said(home) == [Answer.TENTATIVE] * 4


def test_exception_in_the_reply_to_a_series_counts_for_its_date(
    home: Household, weeks: list[Session]
) -> None:
    """A program sends the series and its exceptions in one mail, with one stamp."""
    to_second_date(home, Answer.DECLINED, 4, "mail")

    to_series(Answer.TENTATIVE, 4, stamp=4)

    kept = [Answer.TENTATIVE] * 4
    kept[1] = Answer.DECLINED
    assert said(home) == kept


def test_late_mail_takes_nothing_back_of_a_date_that_went_over_to_the_address(
    home: Household, weeks: list[Session]
) -> None:
    to_second_date(home, Answer.DECLINED, 3)
    to_series(Answer.TENTATIVE, 4, stamp=2)
    feeds.make(home.mother, by="p-1-mother", now=NOW)
    choose_calendar(home.mother, way=Way.FEED, first_names=False, by="p-1-mother", now=NOW)
    told(5)

    found = {date.session_id: date.answer for date in answered_dates([home.mother.id])}

    assert told_dates([home.mother.id]) == []
    assert found[weeks[1].id] is Answer.DECLINED
