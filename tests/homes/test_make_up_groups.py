"""Who cannot come to a group is offered others with a place; the father without consent hears of
nothing.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from cast import Cast, assemble, session
from scheduler import homes
from scheduler.admissions import discharge
from scheduler.attendance import people_expected
from scheduler.consents import agenda
from scheduler.invitations import PATIENCE, announce
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox.models import Letter
from scheduler.people import Licence, Window
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.planning.proposals.queries import published_sessions
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Cohort, Enrolment, FurtherStay
from scheduler.sessions import move
from scheduler.sessions.models import Session
from scheduler.sessions.rescheduling import meeting_at
from scheduler.tasks import open_tasks

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
TUESDAY = datetime(2027, 3, 9, 16)
DAY = timedelta(days=1)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def group(cast: Cast, at: datetime, number: int, topic: str, *, kind: Kind = Kind.GROUP) -> Session:
    """Return a group that nobody sits in yet."""
    row = session(cast, at, kind=kind, series="skills", week=number)
    row.title, row.topic, row.patients = "Skills", topic, []
    row.seats = Seats.PATIENTS
    db.session.commit()
    return row


def missed(cast: Cast) -> Session:
    row = group(cast, TUESDAY, 2, "Sleep")
    row.patients = [cast.jordan]
    db.session.commit()
    return row


def offered(cast: Cast, row: Session) -> list[str]:
    return [found.key[-2:] for found in homes.groups_instead(row, cast.jordan, now=NOW)]


def test_groups_of_the_same_topic_come_first_three_at_most(cast: Cast) -> None:
    row = missed(cast)
    for number, topic in enumerate(["Food", "Sleep", "Work", "Rest"], start=3):
        group(cast, TUESDAY + number * DAY, number, topic)

    assert offered(cast, row) == ["w4", "w3", "w5"]


def test_no_group_is_offered_that_does_not_work(cast: Cast) -> None:
    """Of another kind, three weeks on, at no free hour, or full."""
    row = missed(cast)
    group(cast, TUESDAY + DAY, 4, "Sleep", kind=Kind.PSYCHOEDUCATION)
    group(cast, TUESDAY + 21 * DAY, 5, "Sleep")
    group(cast, TUESDAY + 2 * DAY + timedelta(hours=5), 6, "Sleep")
    cast.jordan.free = (Window(("thu",), 16 * 60, 18 * 60),)
    db.session.commit()
    assert offered(cast, row) == []

    group(cast, TUESDAY + 2 * DAY, 7, "Sleep")
    assert offered(cast, row) == ["w7"]

    program = cast.cohort.program
    program.template = replace(program.template, rules=replace(program.template.rules, group_cap=0))
    assert offered(cast, row) == []


def test_leader_without_a_licence_there_is_not_offered(cast: Cast) -> None:
    row = missed(cast)
    group(cast, TUESDAY + DAY, 3, "Sleep")
    assert cast.rivera.clinician is not None
    cast.rivera.clinician.licences = (Licence("MA", TUESDAY.date()),)

    assert offered(cast, row) == []


def stay(cast: Cast, first: datetime, last: datetime) -> None:
    """Let Jordan's only stay be these days."""
    row = db.session.scalars(select(Enrolment)).one()
    row.first, row.last = first.date(), last.date()
    db.session.commit()


def test_no_group_before_or_after_the_stay_is_offered_or_had(cast: Cast) -> None:
    capped(cast, 2)
    stay(cast, TUESDAY, TUESDAY + DAY)
    row = excused(cast)
    before = group(cast, TUESDAY - DAY, 3, "Sleep")
    after = group(cast, TUESDAY + 2 * DAY, 4, "Rest")
    assert offered(cast, row) == []

    for other in (before, after):
        with pytest.raises(Conflict, match="jordan is not enrolled on"):
            homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)
        with pytest.raises(Conflict):
            homes.ask_make_up(row, other, cast.jordan, now=NOW)
    assert [other.patients for other in (before, after)] == [[], []]


@pytest.mark.parametrize(("waits", "expected"), [(None, ["w3"]), (1, [])])
def test_group_on_a_day_of_any_stay_with_a_seat_is_offered(
    cast: Cast, waits: int | None, expected: list[str]
) -> None:
    stay(cast, TUESDAY, TUESDAY)
    day, run = (TUESDAY + DAY).date(), cast.cohort.id
    further = FurtherStay(patient_id=cast.jordan.id, cohort_id=run, first=day, waits=waits)
    db.session.add(further)
    row = missed(cast)
    group(cast, TUESDAY + DAY, 3, "Sleep")

    assert offered(cast, row) == expected


def test_asking_is_one_task_and_no_letter(cast: Cast) -> None:
    row, other = missed(cast), group(cast, TUESDAY + DAY, 3, "Sleep")

    asked = [homes.ask_make_up(row, other, cast.jordan, now=NOW) for _time in range(2)]

    assert (asked, homes.asked_make_up(row, cast.jordan)) == ([True, False], other.id)
    assert [task.words for task in open_tasks(kind="make_up")] == [
        "Jordan Quellandrix cannot come to Skills and asks to make up in Skills, Wed 10 March "
        "2027, 4:00 PM. Seat them there, or tell them why not."
    ]
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 0


def test_group_that_filled_up_meanwhile_cannot_be_asked_for(cast: Cast) -> None:
    row, other = missed(cast), group(cast, TUESDAY + DAY, 3, "Sleep")
    program = cast.cohort.program
    program.template = replace(program.template, rules=replace(program.template.rules, group_cap=0))

    with pytest.raises(Conflict):
        homes.ask_make_up(row, other, cast.jordan, now=NOW)


def capped(cast: Cast, cap: int) -> None:
    program = cast.cohort.program
    rules = replace(program.template.rules, group_cap=cap)
    program.template = replace(program.template, rules=rules)
    db.session.commit()


def excused(cast: Cast) -> Session:
    row = missed(cast)
    homes.cannot_come(row, cast.jordan, reason=None, by="p-1", now=NOW)
    return row


def test_seat_that_is_sure_is_taken_at_once_and_asks_nobody(cast: Cast) -> None:
    capped(cast, 2)
    row, other = excused(cast), group(cast, TUESDAY + DAY, 3, "Sleep")

    homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)

    assert (other.patients, homes.booked_instead(row, cast.jordan)) == ([cast.jordan], other)
    assert list(open_tasks()) == []
    assert other in [held for held, _ in agenda(cast.jordan, now=NOW, since=NOW)]
    assert [found.person for found in people_expected(other)] == [cast.jordan, cast.rivera]


def test_seat_is_not_sure_where_no_program_says_how_many(cast: Cast) -> None:
    row, other = excused(cast), group(cast, TUESDAY + DAY, 3, "Sleep")

    with pytest.raises(Conflict):
        homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)

    assert other.patients == []


def test_seat_is_given_back_until_it_is_told(cast: Cast) -> None:
    capped(cast, 2)
    row, other = excused(cast), group(cast, TUESDAY + DAY, 3, "Sleep")
    homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)

    homes.give_back_make_up(row, cast.jordan, by="p-1", now=NOW + PATIENCE / 2)
    assert (other.patients, len(open_tasks())) == ([], 1)

    homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)
    with pytest.raises(Conflict):
        homes.give_back_make_up(row, cast.jordan, by="p-1", now=NOW + PATIENCE)


def test_seat_in_the_group_of_another_run_is_in_the_agenda_and_in_no_plan(cast: Cast) -> None:
    """Nobody is enrolled there for it, and no plan takes it away."""
    capped(cast, 2)
    row, other = excused(cast), group(cast, TUESDAY + DAY, 3, "Sleep")
    later = Cohort(key="later", program=cast.cohort.program, starts=cast.cohort.starts, leads={})
    db.session.add(later)
    other.cohort = later
    db.session.commit()

    homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)
    move(other, replace(meeting_at(other), patients=()), by="desk", now=NOW)

    assert other in [held for held, _ in agenda(cast.jordan, now=NOW, since=NOW)]
    assert [planned.patients for planned in published_sessions(later)] == [()]
    assert agenda(cast.miguel, now=NOW, since=NOW) == ()


def test_patient_who_refuses_the_group_they_make_up_in_is_offered_another(cast: Cast) -> None:
    capped(cast, 2)
    row, other = excused(cast), group(cast, TUESDAY + DAY, 3, "Sleep")
    third = group(cast, TUESDAY + 2 * DAY, 4, "Sleep")
    other.series = "evening.skills"
    homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)
    homes.cannot_come(other, cast.jordan, reason=None, by=cast.jordan.key, now=NOW)

    assert (homes.still_made_up(row, cast.jordan), offered(cast, row)) == (None, ["w4"])
    homes.book_make_up(row, third, cast.jordan, by="p-1", now=NOW)
    assert (other.patients, third.patients) == ([], [cast.jordan])
    assert homes.still_made_up(row, cast.jordan) == third


def test_seat_on_a_day_that_is_no_longer_of_the_stay_is_given_up_and_told(cast: Cast) -> None:
    capped(cast, 2)
    row, other = excused(cast), group(cast, TUESDAY + 2 * DAY, 3, "Sleep")
    near = group(cast, TUESDAY + DAY, 4, "Sleep")
    homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)
    announce(by="worker", now=NOW)

    discharge(cast.jordan, near.starts_at.date(), by="desk", now=NOW + DAY)
    told = announce(by="worker", now=NOW + DAY)

    assert (other.patients, homes.booked_instead(row, cast.jordan)) == ([], None)
    assert [news.kind for news in told if news.person_id == cast.jordan.id] == ["change"]
    assert [task.leads_to for task in open_tasks(kind="make_up")] == [f"session:{row.key}"]
    assert offered(cast, row) == ["w4"]


def test_hour_of_a_seat_in_another_run_is_kept_free_by_the_plan(cast: Cast) -> None:
    capped(cast, 2)
    row, other = excused(cast), group(cast, TUESDAY + DAY, 3, "Sleep")
    later = Cohort(key="later", program=cast.cohort.program, starts=cast.cohort.starts, leads={})
    db.session.add(later)
    other.cohort = later
    db.session.commit()
    homes.book_make_up(row, other, cast.jordan, by="p-1", now=NOW)

    busy = load_problem(cast.cohort.key, now=NOW).busy

    theirs = [each for each in busy if each.binds("jordan", other.starts_at, other.ends_at)]
    assert [(each.people, each.takes_room) for each in theirs] == [(("jordan",), False)]
