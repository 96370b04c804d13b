"""A patient who cannot come frees a time of their own and is excused from a group; the father
without consent hears of neither.
"""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from cast import Cast, assemble, session
from scheduler import homes
from scheduler.attendance import attendance_of, words_about
from scheduler.attendance.models import AttendanceState
from scheduler.homes.models import Matter
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.outbox.models import Letter, LetterState
from scheduler.programs import Kind
from scheduler.sessions.models import Session, Status
from scheduler.tasks import open_tasks

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
AT = datetime(2027, 3, 9, 16)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def group(cast: Cast) -> Session:
    row = session(cast, AT, kind=Kind.GROUP, series="process")
    row.series, row.key = "evening-2027-03.process", "evening-2027-03.process.2027-03-09"
    db.session.commit()
    return row


def say_no(cast: Cast, row: Session, reason: str | None = None, now: datetime = NOW) -> None:
    homes.cannot_come(row, cast.jordan, reason=reason, by="jordan", now=now)
    db.session.commit()


def tasks_open() -> list[str]:
    return [task.words for task in open_tasks(kind="cannot_come")]


def test_own_time_is_off_and_the_excuse_keeps_when_it_was_said(cast: Cast) -> None:
    row = session(cast, AT)
    say_no(cast, row, "ill")

    word = attendance_of(row.id)[cast.jordan.id]
    assert (row.status, row.cancelled_by) == (Status.CANCELLED, "jordan")
    assert (word.state, word.said_at, word.note) == (AttendanceState.EXCUSED, NOW, "ill")
    assert tasks_open() == [
        "Jordan Quellandrix cannot come to Family session, Tue 9 March 2027, 4:00 PM: the time "
        "is free. Help to find another one."
    ]


def test_group_goes_on_without_who_is_excused(cast: Cast) -> None:
    row = group(cast)
    say_no(cast, row)

    assert row.status is Status.SCHEDULED
    assert homes.who_cannot_come(row) == [cast.jordan]


def test_late_no_counts_although_the_session_is_off(cast: Cast) -> None:
    row = session(cast, AT)
    say_no(cast, row, now=row.starts_at - timedelta(hours=2))

    said = words_about(cast.jordan.id, cast.cohort.id)
    assert [(word.state, word.said_at) for word in said] == [
        (AttendanceState.EXCUSED, row.starts_at - timedelta(hours=2))
    ]


def test_no_is_taken_back_while_nobody_was_told(cast: Cast) -> None:
    row = session(cast, AT)
    say_no(cast, row)
    soon = NOW + timedelta(minutes=2)
    homes.come_after_all(row, cast.jordan, by="jordan", now=soon)
    told = announce(by="jordan", now=soon)

    assert (row.status, attendance_of(row.id), tasks_open()) == (Status.SCHEDULED, {}, [])
    assert {news.person_id for news in told} == {cast.dana.id}
    assert homes.newest_word(cast.jordan, Matter.CANNOT_COME, row.id).said == {"comes": True}


def test_no_is_final_once_the_others_are_told(cast: Cast) -> None:
    row = session(cast, AT)
    say_no(cast, row)
    late = NOW + timedelta(minutes=3)

    with pytest.raises(Conflict, match="cannot be taken back"):
        homes.come_after_all(row, cast.jordan, by="jordan", now=late)


def test_no_within_a_day_is_told_at_once_and_stays(cast: Cast) -> None:
    row = session(cast, AT)
    near = row.starts_at - timedelta(hours=24)
    say_no(cast, row, now=near)

    assert not homes.may_come_after_all(row, cast.jordan, now=near)


def test_no_to_a_group_is_taken_back_until_it_begins(cast: Cast) -> None:
    row = group(cast)
    say_no(cast, row)
    begins = row.starts_at

    may = [
        homes.may_come_after_all(row, cast.jordan, now=at)
        for at in (begins - timedelta(minutes=1), begins)
    ]
    assert may == [True, False]


def test_another_time_is_booked_in_the_place_of_what_is_off(cast: Cast) -> None:
    row = session(cast, AT)
    say_no(cast, row)
    homes.come_instead(
        row, cast.jordan, to=datetime(2027, 3, 11, 17), by="jordan", now=NOW + timedelta(hours=1)
    )

    assert (row.status, row.starts_local) == (Status.SCHEDULED, "2027-03-11T17:00")
    assert (attendance_of(row.id), tasks_open()) == ({}, [])


def test_time_that_is_gone_is_not_booked(cast: Cast) -> None:
    row = session(cast, AT)
    session(cast, datetime(2027, 3, 11, 17), kind=Kind.INDIVIDUAL, series="one")
    say_no(cast, row)

    with pytest.raises(Conflict, match="engaged then"):
        homes.come_instead(row, cast.jordan, to=datetime(2027, 3, 11, 17), by="jordan", now=NOW)


def test_what_the_clinic_called_off_is_not_for_the_patient_to_book(cast: Cast) -> None:
    row = session(cast, AT)
    row.status, row.cancelled_by, row.cancelled_at = Status.CANCELLED, "sam", NOW
    db.session.commit()

    with pytest.raises(Conflict, match="not called off by this patient"):
        homes.come_instead(row, cast.jordan, to=datetime(2027, 3, 11, 17), by="jordan", now=NOW)


def test_no_is_refused_once_it_began_and_for_a_reason_too_long(cast: Cast) -> None:
    row = session(cast, AT)

    with pytest.raises(Conflict, match="over or cancelled"):
        say_no(cast, row, now=row.starts_at)
    with pytest.raises(InputError, match="longer than 500"):
        say_no(cast, row, "a" * 501)


def test_nobody_but_who_was_invited_is_told_of_a_no(cast: Cast) -> None:
    row = session(cast, AT)
    announce(by="sam", now=NOW)
    sent = {"state": LetterState.SENT, "sent_at": NOW}
    db.session.execute(update(Letter).values(sent))
    db.session.commit()
    say_no(cast, row, now=NOW + timedelta(hours=1))
    told = announce(by="jordan", now=NOW + timedelta(hours=1))

    people = {news.person_id for news in told if news.letter_id}
    assert (cast.dana.id in people, cast.miguel.id in people) == (True, False)
