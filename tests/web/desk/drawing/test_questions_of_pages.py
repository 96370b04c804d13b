"""The pages of setting up ask the database as often with fifty rows as with one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from household import Household, move_in
from scheduler.kernel.database import db
from scheduler.programs import Appointment, FixedSlot, Kind
from scheduler.programs.models import Enrolment
from tests.web.desk.people.conftest import desk, told_and_sent

__all__ = ["desk", "told_and_sent"]
PAGES = (
    "/desk/cohorts/march/places",
    "/desk/programs/evening/week",
    "/desk/programs/evening/week?part=groups&row=s-0",
    "/desk/patients/p-1/appointments",
    "/desk/people/roster",
)


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """A program of one group and one appointment; Tess waits for a place."""
    home.cohort.program.capacity = 1
    home.cohort.program.waitlist = True
    furnish(home, 1)
    queue(home)
    return told_and_sent(home)


def furnish(home: Household, count: int) -> None:
    """Give the program so many groups and appointments."""
    slots = []
    for number in range(count):
        at = 10 * number
        slot = FixedSlot(f"s-{number}", Kind.GROUP, f"Group {number}", ("mon",), at, 10, 1, 12)
        slots.append(slot)
    placed = [
        Appointment(f"a-{number}", Kind.INDIVIDUAL, 50, in_weeks=(1,)) for number in range(count)
    ]
    program = home.cohort.program
    program.template = replace(program.template, slots=tuple(slots), appointments=tuple(placed))


def queue(home: Household) -> None:
    """Let everybody but Jordan wait for a place."""
    stays = select(Enrolment).where(Enrolment.patient_id != home.jordan.id)
    for number, stay in enumerate(db.session.scalars(stays), start=1):
        stay.waits = number
    db.session.flush()


def questions(desk: FlaskClient, page: str) -> int:
    asked: list[str] = []

    def count(_c: object, _k: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    assert desk.get(page).status_code == 200
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        desk.get(page)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(asked)


def test_pages_ask_as_often_of_fifty_rows_as_of_one(desk: FlaskClient, home: Household) -> None:
    one = {page: questions(desk, page) for page in PAGES}
    for number in range(25):
        move_in(home, number)
    furnish(home, 50)
    queue(home)
    db.session.commit()
    fifty = {page: questions(desk, page) for page in PAGES}

    assert fifty == one
