"""A topic that was missed is looked for where it comes again; the father hears of nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler import homes
from scheduler.attendance import Said, mark
from scheduler.attendance.models import AttendanceState
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people.models import Patient, Person, PersonKind
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Enrolment
from scheduler.sessions import cancel_sessions
from scheduler.sessions.models import Session
from scheduler.tasks import open_tasks

TUESDAY = datetime(2027, 3, 9, 16)
AFTER = datetime(2027, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def group(cast: Cast, days: int, topic: str, *seated: Person) -> Session:
    """A group so many days after Tuesday."""
    number = 50 + days
    row = session(cast, TUESDAY + days * DAY, kind=Kind.GROUP, series="skills", week=number)
    row.title, row.topic, row.patients = "Skills", topic, list(seated)
    db.session.commit()
    return row


def say(row: Session, person: Person, state: AttendanceState) -> None:
    mark(row, person, Said(state), by="rivera", now=max(AFTER, row.ends_at))


def found(cast: Cast, now: datetime = AFTER) -> list[tuple[str, str, list[str]]]:
    rows = homes.missed_topics(cast.jordan, now=now)
    lines = []
    for row in rows:
        again = row.again.key[-3:] if row.again else ""
        lines.append((str(row.session.topic), again, [each.key[-3:] for each in row.instead]))
    return lines


def test_topic_that_was_missed_comes_again_where_another_group_has_it(cast: Cast) -> None:
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.NO_SHOW)
    group(cast, 2, "Food")
    group(cast, 30, "Sleep")

    assert found(cast) == [("Sleep", "", ["w80"])]


def test_own_group_comes_before_others(cast: Cast) -> None:
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.EXCUSED)
    group(cast, 2, "Sleep")
    group(cast, 7, "Sleep", cast.jordan)

    assert found(cast) == [("Sleep", "w57", [])]


def test_topic_seen_otherwise_is_not_missed(cast: Cast) -> None:
    say(group(cast, -7, "Sleep", cast.jordan), cast.jordan, AttendanceState.PRESENT)
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.NO_SHOW)

    assert found(cast) == []


def test_topic_of_full_groups_comes_nowhere(cast: Cast) -> None:
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.NO_SHOW)
    group(cast, 2, "Sleep")
    program = cast.cohort.program
    program.template = replace(program.template, rules=replace(program.template.rules, group_cap=0))

    assert found(cast) == [("Sleep", "", [])]


def test_asking_for_a_missed_topic_says_that_it_was_missed(cast: Cast) -> None:
    row = group(cast, 0, "Sleep", cast.jordan)
    say(row, cast.jordan, AttendanceState.NO_SHOW)

    homes.ask_make_up(row, group(cast, 2, "Sleep"), cast.jordan, now=AFTER)

    assert [task.words for task in open_tasks(kind="make_up")] == [
        "Jordan Quellandrix missed Skills and asks to see its topic in Skills, Thu 11 March 2027, "
        "4:00 PM. Seat them there, or tell them why not."
    ]


def test_group_nobody_wrote_down_yet_offers_nothing(cast: Cast) -> None:
    row = group(cast, 0, "Sleep", cast.jordan)
    group(cast, 2, "Sleep")

    assert homes.groups_instead(row, cast.jordan, now=AFTER) == []


def capped(cast: Cast, cap: int, most: float = 19) -> None:
    program = cast.cohort.program
    rules = replace(program.template.rules, group_cap=cap, week_hours_max=most)
    program.template = replace(program.template, rules=rules)
    for row in db.session.scalars(select(Session)):
        row.seats = Seats.PATIENTS
    db.session.commit()


def test_missed_topic_is_booked_at_once_where_a_place_is_sure(cast: Cast) -> None:
    row = group(cast, 0, "Sleep", cast.jordan)
    say(row, cast.jordan, AttendanceState.NO_SHOW)
    other = group(cast, 2, "Sleep")
    capped(cast, 1)

    homes.book_make_up(row, other, cast.jordan, by="jordan", now=AFTER)

    assert (other.patients, found(cast)) == ([cast.jordan], [("Sleep", "w52", [])])
    with pytest.raises(Conflict):
        homes.book_make_up(row, other, cast.jordan, by="jordan", now=AFTER)
    homes.give_back_make_up(row, cast.jordan, by="jordan", now=AFTER)
    assert (other.patients, found(cast)) == ([], [("Sleep", "", ["w52"])])


def test_staff_seat_a_patient_where_no_program_says_how_many(cast: Cast) -> None:
    row = group(cast, 0, "Sleep", cast.jordan)
    say(row, cast.jordan, AttendanceState.NO_SHOW)
    other = group(cast, 2, "Sleep")
    homes.ask_make_up(row, other, cast.jordan, now=AFTER)

    homes.seat_instead(row, other, cast.jordan, by="sam", now=AFTER)

    assert (other.patients, list(open_tasks())) == ([cast.jordan], [])


def test_group_that_is_called_off_leaves_the_topic_to_be_booked_again(cast: Cast) -> None:
    row = group(cast, 0, "Sleep", cast.jordan)
    say(row, cast.jordan, AttendanceState.NO_SHOW)
    first, second = group(cast, 2, "Sleep"), group(cast, 7, "Sleep")
    capped(cast, 1)
    homes.book_make_up(row, first, cast.jordan, by="jordan", now=AFTER)

    cancel_sessions(first, by="sam", now=AFTER)
    homes.book_make_up(row, second, cast.jordan, by="jordan", now=AFTER + DAY)

    assert homes.booked_instead(row, cast.jordan) is second


@pytest.mark.parametrize(("most", "expected"), [(2, ["w52"]), (1.9, [])])
def test_group_beyond_the_hours_of_the_week_is_not_offered(
    cast: Cast, most: float, expected: list[str]
) -> None:
    """What was missed does not count; an hour on Wednesday does."""
    say(group(cast, 0, "Sleep", cast.jordan), cast.jordan, AttendanceState.NO_SHOW)
    group(cast, 1, "Food", cast.jordan)
    group(cast, 2, "Sleep")
    capped(cast, 8, most)

    assert found(cast) == [("Sleep", "", expected)]


def test_two_topics_in_a_week_with_hours_for_one_are_not_both_still_seen(cast: Cast) -> None:
    for days, topic in enumerate(["Sleep", "Food", "Work"], start=-2):
        say(group(cast, days, topic, cast.jordan), cast.jordan, AttendanceState.NO_SHOW)
    group(cast, 2, "Sleep")
    group(cast, 3, "Food")
    group(cast, 7, "Work", cast.jordan)
    capped(cast, 8, 1)

    caught = homes.catch_up_of(cast.jordan, now=AFTER)

    assert (len(caught.topics), caught.can_see, len(caught.proposed)) == (3, 2, 1)


def test_only_seat_is_proposed_to_one_of_two(cast: Cast) -> None:
    tess = Person(key="tess", kind=PersonKind.PATIENT, name="Tess", email="tess@p.example")
    tess.patient = Patient(state="MA", born=date(1990, 1, 1), clinician_id=cast.rivera.id)
    db.session.add(tess)
    db.session.flush()
    enrolled = Enrolment(patient_id=tess.id, cohort_id=cast.cohort.id, first=date(2027, 3, 1))
    db.session.add(enrolled)
    row = group(cast, 0, "Sleep", cast.jordan, tess)
    for patient in (cast.jordan, tess):
        say(row, patient, AttendanceState.NO_SHOW)
    group(cast, 2, "Sleep")
    capped(cast, 1)

    together = homes.catch_up_together([cast.jordan, tess], now=AFTER)

    assert sorted(caught.can_see for caught in together.values()) == [0, 1]
    assert homes.catch_up_of(tess, now=AFTER).can_see == 1
