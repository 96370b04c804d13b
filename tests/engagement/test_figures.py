"""The report counts pairs of a relative and a date that is over; the father is in none."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from cast import Cast, assemble, session
from scheduler.attendance import Said, mark
from scheduler.attendance.models import AttendanceState
from scheduler.invitations import announce, answer
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.sessions.models import Session, Status

BEFORE = datetime(2027, 3, 1, 12, tzinfo=UTC)
AFTER = datetime(2027, 5, 30, 12, tzinfo=UTC)
Place = tuple[Cast, list[Session]]


@pytest.fixture
def place(app: Flask) -> Place:
    """Six weekly family sessions with the mother told, a yes to all, and one moved since."""
    cast = assemble()
    rows = []
    for week in range(1, 7):
        at = datetime(2027, 3, 2, 16) + timedelta(weeks=week - 1)
        rows.append(session(cast, at, week=week))
    announce(by="command", now=BEFORE)
    db.session.commit()
    return cast, rows


def reported(runner: FlaskCliRunner, *words: str) -> dict[str, object]:
    with clock.turned_to(lambda: AFTER):
        answer = runner.invoke(args=["report", "engagement", "--json", *words])
    assert answer.exit_code == 0, answer.output
    found: dict[str, object] = json.loads(answer.output)
    return found


def attend(place: Place, many: int) -> None:
    cast, rows = place
    for row in rows[:many]:
        mark(row, cast.dana, Said(AttendanceState.PRESENT), by="rivera", now=AFTER)
        mark(row, cast.jordan, Said(AttendanceState.PRESENT), by="rivera", now=AFTER)
    db.session.commit()


def test_report_counts_what_was_told_answered_and_attended(
    place: Place, runner: FlaskCliRunner
) -> None:
    for row in db.session.query(Invitation).all():
        answer(row, Answer.ACCEPTED, by="dana", now=BEFORE)
    attend(place, 4)

    assert reported(runner)["kinds"] == [
        {
            "kind": "family_therapy",
            "invited": 6,
            "told": 6,
            "answered": 6,
            "accepted": 6,
            "declined": 0,
            "attended": 4,
            "rate": 0.6667,
        }
    ]


def test_fewer_than_six_have_counts_and_no_rate(place: Place, runner: FlaskCliRunner) -> None:
    attend(place, 2)
    place[1][0].status = Status.CANCELLED
    db.session.commit()

    (kind,) = reported(runner, "--cohort", "evening-2027-03")["kinds"]  # type: ignore[misc]

    assert (kind["invited"], kind["attended"], kind["rate"]) == (5, 1, None)


def test_patients_with_family_sessions_stand_beside_those_without(
    place: Place, runner: FlaskCliRunner
) -> None:
    attend(place, 3)

    patients = reported(runner)["patients"]

    assert patients == {
        "with_family_sessions": {
            "patients": 1,
            "sessions": 3,
            "attended": 3,
            "attendance_rate": None,
            "ended": 1,
            "completed": 1,
            "completion_rate": None,
        },
        "without_family_sessions": {
            "patients": 0,
            "sessions": 0,
            "attended": 0,
            "attendance_rate": None,
            "ended": 0,
            "completed": 0,
            "completion_rate": None,
        },
    }


def test_unknown_cohort_is_refused(place: Place, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["report", "engagement", "--cohort", "x"]).exit_code == 2
