"""What nobody reported is found by the worker and goes away by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from cast import Cast, assemble, session
from scheduler import tasks
from scheduler.attendance import Said, mark
from scheduler.attendance.models import AttendanceState
from scheduler.kernel.database import db
from scheduler.needs import look_for_needs
from scheduler.people import Licence
from scheduler.programs import Authorisation, Kind, Milestones
from scheduler.programs.models import Enrolment
from scheduler.sessions.models import Session, Status

EVENING = datetime(2027, 3, 10, 3, 0, tzinfo=UTC)
MORNING = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)
Place = tuple[Cast, Session]


@pytest.fixture
def place(app: Flask) -> Place:
    """Jordan's family session of 9 March, which Rivera leads."""
    cast = assemble()
    return cast, session(cast, datetime(2027, 3, 9, 16))


def lines(kind: str, now: datetime = MORNING) -> list[str]:
    look_for_needs(now=now)
    db.session.commit()
    return [task.words for task in tasks.open_tasks(kind=kind)]


def test_session_nobody_filled_in_is_a_task_the_next_morning(place: Place) -> None:
    assert lines("attendance", EVENING) == []

    assert lines("attendance") == [
        "Nobody wrote down who came to “Family session”, Tue 9 March 2027, 4:00 PM."
    ]


def test_word_about_the_patient_closes_the_session_and_the_task(place: Place) -> None:
    cast, row = place
    lines("attendance")
    said = Said(AttendanceState.NO_SHOW)
    mark(row, cast.jordan, said, by="rivera", now=MORNING)

    assert lines("attendance") == []
    assert row.status is Status.HELD


def test_session_that_was_cancelled_needs_nobody(place: Place) -> None:
    place[1].status = Status.CANCELLED

    assert lines("attendance") == []


def test_licence_that_ends_within_a_month_is_a_task(place: Place) -> None:
    rivera = place[0].rivera.clinician
    assert rivera is not None
    assert lines("licence_end") == []

    rivera.licences = (Licence("MA", date(2027, 4, 1)), Licence("NH", date(2027, 6, 1)))

    assert lines("licence_end") == ["The licence of Ana Rivera for MA ends on Thu 1 April 2027."]


def test_consent_that_ends_within_two_weeks_is_a_task_about_the_patient(place: Place) -> None:
    cast, _ = place
    (grant,) = cast.grants.values()
    soon = grant.valid_until - timedelta(days=10)

    assert len(lines("consent_end", soon)) == 1
    assert tasks.open_tasks(kind="consent_end")[0].about_id == cast.jordan.id


def test_days_of_a_payer_that_run_out_before_the_stay_are_a_task(place: Place) -> None:
    stay = db.session.query(Enrolment).one()
    stay.authorisations = (Authorisation(date(2027, 3, 1), date(2027, 3, 19), 9),)
    assert len(lines("authorisation_end")) == 1

    stay.last = date(2027, 3, 18)

    assert lines("authorisation_end") == []


def with_reviews(place: Place) -> None:
    """Let the program ask for a review of the plan every fortnight; Jordan came on 1 March."""
    program = place[0].cohort.program
    rules = replace(program.template.rules, milestones=Milestones(plan_review_days=14))
    program.template = replace(program.template, rules=rules)
    db.session.commit()


def test_review_that_comes_due_is_a_task_until_one_is_planned(place: Place) -> None:
    cast, _ = place
    assert lines("milestone") == []

    with_reviews(place)

    assert lines("milestone") == [
        "The treatment plan of Jordan Quellandrix is to be reviewed by Mon 15 March 2027, and no "
        "review is planned before."
    ]
    session(cast, datetime(2027, 3, 12, 16), kind=Kind.TREATMENT_PLAN_REVIEW, series="review")
    assert lines("milestone") == []


def test_review_somebody_marked_as_done_comes_due_again_from_that_day(place: Place) -> None:
    with_reviews(place)
    lines("milestone")
    (task,) = tasks.open_tasks(kind="milestone")
    tasks.finish_task(task.id, by="rivera", now=MORNING)

    assert lines("milestone", MORNING + timedelta(days=6)) == []
    (again,) = lines("milestone", MORNING + timedelta(days=8))
    assert "by Wed 24 March 2027" in again


def test_patient_who_waits_for_a_place_has_nothing_due(place: Place) -> None:
    with_reviews(place)
    db.session.query(Enrolment).one().waits = 1

    assert lines("milestone") == []


def test_free_place_for_which_somebody_waits_is_a_task_that_names_them(place: Place) -> None:
    cast, _ = place
    stay = db.session.query(Enrolment).one()
    stay.cohort.program.capacity = 1
    assert lines("free_place") == []

    stay.waits = 1

    name = cast.jordan.name
    key = stay.cohort.key
    assert lines("free_place") == [f"A place is free in {key}. Next in line is {name}: offer it."]
