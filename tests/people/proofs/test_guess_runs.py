"""Wrong codes in a row: the hundredth needs a person, and a right one ends the run."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble
from scheduler import tasks
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.people import let_codes_open, note_right_code, note_wrong_code, stopped_among
from scheduler.people.models import Person

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def stage(app: Flask) -> Cast:
    return assemble()


def guess(person: Person, many: int) -> None:
    for _ in range(many):
        note_wrong_code(person, now=NOW)


def test_hundredth_wrong_code_in_a_row_stops_codes_of_that_person_alone(stage: Cast) -> None:
    people = [stage.jordan, stage.dana, stage.miguel]
    guess(stage.dana, 99)
    assert stopped_among(people) == set()
    guess(stage.dana, 1)

    assert stopped_among(people) == {stage.dana.id}


def test_right_code_ends_the_run(stage: Cast) -> None:
    guess(stage.dana, 99)
    note_right_code(stage.dana)
    guess(stage.dana, 99)

    assert stopped_among([stage.dana]) == set()


def test_what_is_stopped_is_a_task_for_the_staff_and_stands_in_the_record(stage: Cast) -> None:
    guess(stage.dana, 120)

    (task,) = tasks.open_tasks(limit=10)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.deed == "people.codes_stopped")
    ).one()
    assert (task.about_id, task.leads_to) == (stage.dana.id, "codes:jordan/dana")
    assert (entry.about, entry.details) == (f"person {stage.dana.id}", {"wrong codes": 100})


def test_staff_let_codes_open_again_and_the_task_is_done(stage: Cast) -> None:
    guess(stage.dana, 100)

    assert let_codes_open(stage.dana, by="sam", now=NOW)
    assert (stopped_among([stage.dana]), tasks.open_tasks(limit=10)) == (set(), [])
    assert not let_codes_open(stage.dana, by="sam", now=NOW)


def test_second_hundred_raises_the_task_again(stage: Cast) -> None:
    guess(stage.dana, 100)
    let_codes_open(stage.dana, by="sam", now=NOW)
    guess(stage.dana, 100)

    assert len(tasks.open_tasks(limit=10)) == 1
