"""Who came is what staff said; the father without consent does not sit in the session."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cast import Cast, assemble, session
from scheduler.attendance import Said, attendance_of, mark, marks_in_order, people_expected
from scheduler.attendance.models import AttendanceState
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.sessions.models import Session, Status

AFTER = datetime(2027, 3, 9, 23, 0, tzinfo=UTC)
BEFORE = AFTER - timedelta(days=1)
Place = tuple[Cast, Session]


@pytest.fixture
def place(app: Flask) -> Place:
    """Jordan's family session of an hour, led by Rivera, with the mother invited."""
    cast = assemble()
    return cast, session(cast, datetime(2027, 3, 9, 16))


def said(place: Place, state: AttendanceState, minutes: int | None = None) -> bool:
    cast, row = place
    return mark(row, cast.jordan, Said(state, minutes), by="rivera", now=AFTER)


def test_who_sits_in_a_session_may_be_marked_and_the_father_does_not(place: Place) -> None:
    _, row = place

    assert [expected.person.key for expected in people_expected(row)] == [
        "jordan",
        "dana",
        "rivera",
    ]


@pytest.mark.parametrize(
    ("state", "minutes", "there"),
    [
        (AttendanceState.PRESENT, None, 60),
        (AttendanceState.PRESENT, 55, 55),
        (AttendanceState.LATE, 40, 40),
        (AttendanceState.LEFT_EARLY, 1, 1),
        (AttendanceState.EXCUSED, None, 0),
        (AttendanceState.NO_SHOW, None, 0),
    ],
)
def test_minutes_follow_from_the_state_unless_said(
    place: Place, state: AttendanceState, minutes: int | None, there: int
) -> None:
    said(place, state, minutes)

    cast, row = place
    assert attendance_of(row.id)[cast.jordan.id].minutes == there


@pytest.mark.parametrize(
    ("state", "minutes", "words"),
    [
        (AttendanceState.LATE, None, "say how many minutes they were there"),
        (AttendanceState.PRESENT, 61, "the minutes must be 1 to 60"),
        (AttendanceState.PRESENT, 0, "the minutes must be 1 to 60"),
        (AttendanceState.NO_SHOW, 5, "was there for no minute"),
    ],
)
def test_minutes_that_cannot_be_are_refused(
    place: Place, state: AttendanceState, minutes: int | None, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        said(place, state, minutes)


def test_correction_counts_and_both_words_are_kept(place: Place) -> None:
    said(place, AttendanceState.NO_SHOW)
    said(place, AttendanceState.LATE, 30)

    cast, row = place
    assert attendance_of(row.id)[cast.jordan.id].state is AttendanceState.LATE
    assert [word.state for word in marks_in_order(row.id)] == [
        AttendanceState.NO_SHOW,
        AttendanceState.LATE,
    ]


def test_same_word_twice_is_written_once(place: Place) -> None:
    first = said(place, AttendanceState.PRESENT)
    again = said(place, AttendanceState.PRESENT)

    _, row = place
    assert (first, again, len(marks_in_order(row.id))) == (True, False, 1)


def test_before_a_session_begins_only_an_excuse_is_taken(place: Place) -> None:
    cast, row = place

    with pytest.raises(InputError, match="has not begun"):
        mark(row, cast.jordan, Said(AttendanceState.PRESENT), by="rivera", now=BEFORE)
    assert mark(row, cast.jordan, Said(AttendanceState.EXCUSED), by="rivera", now=BEFORE)


def test_cancelled_session_was_attended_by_nobody(place: Place) -> None:
    _, row = place
    row.status = Status.CANCELLED

    with pytest.raises(InputError, match="cancelled"):
        said(place, AttendanceState.PRESENT)


def test_withdrawn_relative_can_still_be_marked_for_what_was(place: Place) -> None:
    cast, row = place
    for grant in cast.grants.values():
        grant.revoked_at, grant.revoked_by = AFTER, "sam"
    db.session.commit()

    assert "dana" in [expected.person.key for expected in people_expected(row)]
