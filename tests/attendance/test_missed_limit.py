"""At the limit of missed sessions stands a task, and nothing else happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cast import Cast, assemble, session
from scheduler import tasks
from scheduler.attendance import Said, mark, take_back
from scheduler.attendance.models import AttendanceState
from scheduler.kernel.database import db
from scheduler.programs import AttendanceRule
from scheduler.programs.models import Enrolment
from scheduler.sessions import cancel
from scheduler.sessions.models import Session

AFTER = datetime(2027, 4, 9, 23, 0, tzinfo=UTC)
Place = tuple[Cast, list[Session]]


@pytest.fixture
def place(app: Flask) -> Place:
    """Three weekly sessions of a program that lets two be missed."""
    cast = assemble()
    program = cast.cohort.program
    rules = replace(program.template.rules, attendance=AttendanceRule(48, 2))
    program.template = replace(program.template, rules=rules)
    rows = []
    for week in (1, 2, 3):
        at = datetime(2027, 3, 2, 16) + timedelta(weeks=week - 1)
        rows.append(session(cast, at, week=week))
    return cast, rows


def missed(place: Place, number: int) -> None:
    cast, rows = place
    said = Said(AttendanceState.NO_SHOW)
    mark(rows[number], cast.jordan, said, by="rivera", now=AFTER)


def lines() -> list[str]:
    return [task.words for task in tasks.open_tasks(kind="missed")]


def test_limit_is_a_task_and_no_discharge(place: Place) -> None:
    missed(place, 0)
    assert lines() == []

    missed(place, 1)

    assert lines() == [
        "Jordan Quellandrix missed 2 sessions of evening-2027-03 (0 more were excused); the program"
        " names 2. Talk about what follows: nothing happens by itself."
    ]
    assert db.session.query(Enrolment.last).one() == (None,)


def test_correction_takes_the_task_off_the_list(place: Place) -> None:
    cast, rows = place
    missed(place, 0)
    missed(place, 1)

    take_back(rows[0], cast.jordan, by="rivera", now=AFTER)

    assert lines() == []


def test_what_the_program_cancelled_never_counts(place: Place) -> None:
    _, rows = place
    missed(place, 0)
    cancel(rows[0], by="rivera", now=AFTER)

    missed(place, 1)

    assert lines() == []


def test_relative_has_no_limit(place: Place) -> None:
    cast, rows = place
    for row in rows:
        mark(row, cast.dana, Said(AttendanceState.NO_SHOW), by="rivera", now=AFTER)

    assert lines() == []
