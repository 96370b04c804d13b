"""A short week still to come is offered make-up sessions: where patient and clinician are free and
all rules hold.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from scheduler.people.availability import Absence, Licence
from scheduler.planning.explain.make_up_offers import MakeUp, cancelled_words
from scheduler.planning.explain.make_up_sessions import make_ups
from scheduler.planning.planner import make_plan
from scheduler.planning.problem.plan import Plan
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.judge import judge
from scheduler.planning.rules.people_rules import people
from scheduler.programs import Kind, School, Term
from tests.planning.week_grid import (
    CHEN,
    JORDAN,
    NOEMIE,
    ONE,
    RIVERA,
    RULES,
    Piece,
    evening,
    meeting,
    window,
)

TUESDAYS = replace(
    JORDAN, last=date(2027, 3, 7), relatives=(), free=(window("tue", "16:00", "20:00"),)
)
"""Jordan for a week, free on Tuesday from 4:00 PM to 8:00 PM."""
CLOSED = {date(2027, 3, 3): "staff day"}


def short(**changes: object) -> Problem:
    """The evening cohort with Wednesday closed: 6 of 9 hours are left, and nothing to be placed."""
    return evening(**({"patients": (TUESDAYS,), "closed": CLOSED} | changes))


def offered(problem: Problem) -> MakeUp:
    (found,) = make_ups(problem, make_plan(problem))
    return found


def test_a_week_short_by_a_closure_is_offered_what_repairs_it() -> None:
    found = offered(short())
    assert (
        cancelled_words(found.cancelled) == "Process and Skills on Wed 3 March (closed: staff day)"
    )
    assert found.words.split(": ") == [
        "jordan week 1, 6 of 9 hours, clock time",
        "Tue 2 March 4:00 PM individual with rivera, 50 minutes; "
        "Tue 2 March 5:00 PM individual with rivera, 50 minutes; "
        "Tue 2 March 6:00 PM individual with rivera, 50 minutes",
        "makes 8.83 hours, still 0.17 short",
    ]


def test_a_week_with_its_hours_is_offered_nothing() -> None:
    assert make_ups(short(closed={}), make_plan(short(closed={}))) == ()


def test_a_week_that_is_over_is_offered_nothing() -> None:
    later = short(now=datetime(2027, 3, 8, 12, tzinfo=UTC))
    assert make_ups(later, make_plan(later)) == ()


def test_only_what_is_left_of_the_week_is_offered() -> None:
    tuesday_evening = short(now=datetime(2027, 3, 2, 22, 30, tzinfo=UTC))
    assert [one.at for one in offered(tuesday_evening).offers] == [17 * 60 + 45, 18 * 60 + 45]


def test_no_place_is_said() -> None:
    never = short(patients=(replace(TUESDAYS, free=()),))
    assert offered(never).offers == ()
    assert offered(never).words.endswith(": no time in that week at which all rules hold")


def test_the_cohorts_other_clinician_takes_over_where_the_patients_own_cannot() -> None:
    away = replace(RIVERA, away=(Absence(date(2027, 3, 2), date(2027, 3, 2)),))
    tuesday_too = replace(CHEN, hours=(window("mon tue wed thu", "17:00", "21:00"),))
    assert {one.clinician for one in offered(short(clinicians=(away, tuesday_too))).offers} == {
        "chen"
    }


def test_a_clinician_without_the_licence_is_not_offered() -> None:
    elsewhere = replace(TUESDAYS, state="RI")
    licensed = replace(
        CHEN, hours=(window("tue", "17:00", "21:00"),), licences=(Licence("RI", date(2028, 1, 1)),)
    )
    found = offered(short(patients=(elsewhere,), clinicians=(RIVERA, licensed)))
    assert {one.clinician for one in found.offers} == {"chen"}


def test_offers_of_two_patients_can_all_be_booked() -> None:
    problem = short(patients=(TUESDAYS, replace(TUESDAYS, key="noemie")), appointments=())
    plan = make_plan(problem)
    booked = [
        meeting(
            Piece(
                f"extra-{number}",
                Kind.INDIVIDUAL,
                one.minutes,
                by=(one.clinician,),
                patients=(made.had.patient,),
            ),
            one.day,
            f"{one.at // 60:02d}:{one.at % 60:02d}",
        )
        for made in make_ups(problem, plan)
        for number, one in enumerate(made.offers)
    ]
    assert len(booked) == 4
    assert [one.sentence for one in people(problem, (*plan.sessions, *booked)) if one.hard] == []


def test_what_comes_once_a_day_is_offered_once_a_day() -> None:
    rules = replace(RULES, once_a_day=(Kind.INDIVIDUAL,))
    two_days = replace(TUESDAYS, free=(window("tue fri", "16:00", "20:00"),))
    found = offered(short(patients=(two_days,), rules=rules))
    assert [one.day for one in found.offers] == [date(2027, 3, 2), date(2027, 3, 5)]


def test_school_hours_are_not_offered() -> None:
    lessons = School(
        (window("tue", "08:00", "18:30"),), (Term(date(2027, 1, 4), date(2027, 6, 18)),)
    )
    teen = replace(TUESDAYS, born=date(2011, 5, 2))
    found = offered(short(patients=(teen,), rules=replace(RULES, school=lessons)))
    assert [one.at for one in found.offers] == [18 * 60 + 30]


def test_a_first_week_that_is_short_by_admission_is_no_shortfall_to_make_up() -> None:
    late = replace(TUESDAYS, first=date(2027, 3, 4))
    assert make_ups(short(patients=(late,)), make_plan(short(patients=(late,)))) == ()


def test_offers_change_nothing_of_the_plan() -> None:
    problem = short(patients=(TUESDAYS, NOEMIE), appointments=(ONE,))
    plan = make_plan(problem)
    before: Plan = replace(plan)
    make_ups(problem, plan)
    assert plan == before
    assert [one for one in judge(problem, plan) if one.hard] == []
