"""Whole plans: judged by the checks, the same for the same seed, and honest about what they leave
out.
"""

from dataclasses import replace
from datetime import date

from scheduler.planning.planner import make_plan
from scheduler.planning.problem.plan import Rule, from_document, to_document
from scheduler.planning.problem.problem import Problem
from scheduler.programs import School, Term
from scheduler.programs.kinds import Kind
from scheduler.programs.template import Appointment, Phase
from tests.planning.week_grid import (
    FAM,
    JORDAN,
    MOTHER,
    NOEMIE,
    ONE,
    RIVERA,
    RULES,
    evening,
    picture,
    window,
)


def full(**changes: object) -> Problem:
    """The evening cohort with weekly individual and fortnightly family sessions and two rooms."""
    return evening(**({"appointments": (ONE, FAM), "rooms": ("a", "b")} | changes))


def test_everything_due_is_placed_at_its_usual_hour_and_breaks_nothing() -> None:
    plan = make_plan(full())
    assert (len(plan.placed), plan.unplaced, plan.broken, plan.regular) == (10, (), (), 10)
    assert {one.key for one in plan.nobody} == {"evening.fam.noemie.w1", "evening.fam.noemie.w3"}


def test_the_father_without_consent_is_nowhere() -> None:
    plan = make_plan(full())
    assert {key for one in plan.sessions for key in one.relatives} == {"jordan-mother"}


def test_the_same_seed_gives_the_same_plan() -> None:
    assert to_document(make_plan(full(), seed=7)) == to_document(make_plan(full(), seed=7))


def test_a_plan_survives_being_written_down() -> None:
    nothing_free = replace(NOEMIE, free=())
    plan = make_plan(full(patients=(JORDAN, nothing_free), closed={date(2027, 3, 8): "staff day"}))
    assert from_document(to_document(plan)) == plan


def test_what_is_published_stays_where_it_is() -> None:
    first = make_plan(full(), seed=1)
    again = make_plan(full(published=first.sessions), seed=2)
    assert again.sessions == first.sessions


def test_only_what_falls_on_a_new_closure_moves() -> None:
    first = make_plan(full(), seed=1)
    closed_day = next(one.day for one in first.placed)
    again = make_plan(full(published=first.sessions, closed={closed_day: "storm"}))
    before = {one.key: one.start for one in first.placed}
    moved = {one.key for one in again.placed if before[one.key] != one.start}
    assert moved == {one.key for one in first.placed if one.day == closed_day}
    assert again.broken == ()


def test_a_patient_who_is_never_free_is_the_named_reason() -> None:
    never = replace(NOEMIE, free=())
    plan = make_plan(full(patients=(JORDAN, never)))
    assert {one.key for one in plan.unplaced} == {
        f"evening.one.noemie.w{week}" for week in (1, 2, 3, 4)
    }
    assert plan.is_partial
    assert [(one.rule, one.people) for one in plan.unplaced[0].reasons] == [
        (Rule.PATIENT_FREE, ("noemie",))
    ]


def test_one_hour_for_two_leaves_one_out_and_says_who_has_it() -> None:
    tuesday_noon = (window("tue", "12:00", "12:50"),)
    narrow = tuple(replace(one, free=tuesday_noon) for one in (JORDAN, NOEMIE))
    plan = make_plan(full(patients=narrow, appointments=(ONE,)))
    assert len(plan.unplaced) == 4
    assert (Rule.PERSON_TWICE, ("rivera",)) in [
        (one.rule, one.people) for one in plan.unplaced[0].reasons
    ]


def test_a_left_out_session_is_let_in_by_moving_another() -> None:
    picky = replace(NOEMIE, free=(window("tue", "12:00", "12:50"),))
    easy = replace(JORDAN, free=(window("tue", "12:00", "14:00"),))
    plan = make_plan(full(patients=(easy, picky), appointments=(ONE,)))
    assert plan.unplaced == ()
    assert picture(plan.placed, 1) == (
        "      mon          tue          wed          thu          fri\n"
        "12:00 .            one:noemie   .            .            .\n"
        "13:00 .            one:jordan   .            .            ."
    )


def test_the_assessment_comes_first_and_seats_wait_for_it() -> None:
    assess = replace(ONE, key="assess", kind=Kind.ASSESSMENT, every_weeks=4)
    late = replace(JORDAN, free=(window("tue wed", "12:00", "14:00"),))
    plan = make_plan(full(patients=(late,), appointments=(assess, ONE)))
    assert plan.broken == ()
    first = min((one for one in plan.sessions if "jordan" in one.seated), key=lambda one: one.start)
    assert first.kind is Kind.ASSESSMENT
    assert Rule.ASSESSMENT_FIRST in {one.rule for one in plan.findings}


def test_with_one_room_nothing_is_placed_beside_a_group() -> None:
    plan = make_plan(full(rooms=("a",)))
    assert plan.broken == ()
    assert {one.room for one in plan.sessions} == {"a"}


def test_a_licence_that_ends_is_a_reason() -> None:
    plan = make_plan(full(clinicians=(replace(RIVERA, licences=()), evening().clinicians[1])))
    assert {one.rule for entry in plan.unplaced for one in entry.reasons} == {Rule.LICENCE}
    assert plan.unplaced[0].remedies[0].startswith("if rivera held a Massachusetts licence: ")


def test_hours_of_a_day_are_never_exceeded() -> None:
    plan = make_plan(full(rules=replace(RULES, day_hours_max=3)))
    assert plan.broken == ()
    assert all(one.day.weekday() in (1, 4) for one in plan.placed)


def test_a_mother_moves_the_family_session_to_her_hours() -> None:
    late = replace(MOTHER, free=(window("tue", "15:45", "17:00"),))
    plan = make_plan(full(patients=(replace(JORDAN, relatives=(late,)),), appointments=(FAM,)))
    assert [(one.week, one.day.weekday()) for one in plan.placed] == [(1, 1), (3, 1)]
    assert all(1005 <= one.at <= 1020 for one in plan.placed)


def test_a_patient_under_18_is_placed_after_school() -> None:
    teen = replace(
        JORDAN, born=date(2011, 5, 2), free=(window("tue", "12:00", "16:30"),), relatives=()
    )
    lessons = School(
        (window("tue", "08:00", "14:30"),), (Term(date(2027, 1, 4), date(2027, 3, 12)),)
    )
    plan = make_plan(full(patients=(teen,), rules=replace(RULES, school=lessons)))
    assert (len(plan.placed), plan.broken) == (4, ())
    assert [one.local_start >= f"{one.day}T14:30" for one in plan.placed if one.week < 3] == [
        True,
        True,
    ]


#       mon tue wed thu fri      Noemie is free on Tuesday alone: 12:00 to 20:00
# 13:00  .   1   .   .   .       of individual and medication she may have one a day
# 14:00  .   x   .   .   .       so the second has no day
def test_kinds_that_come_once_a_day_are_never_placed_on_one_day() -> None:
    medication = Appointment("med", Kind.MEDICATION, 20, every_weeks=1, first_week=1, last_week=4)
    only_tuesday = replace(NOEMIE, free=(window("tue", "12:00", "20:00"),))
    rules = replace(RULES, once_a_day=(Kind.INDIVIDUAL, Kind.MEDICATION))
    for free_days, left_out in (("tue", 4), ("tue fri", 0)):
        patient = replace(only_tuesday, free=(window(free_days, "12:00", "20:00"),))
        plan = make_plan(
            full(rules=rules, appointments=(ONE, medication), patients=(JORDAN, patient))
        )
        assert (len(plan.unplaced), plan.broken) == (left_out, ())
        assert {reason.rule for one in plan.unplaced for reason in one.reasons} <= {
            Rule.ONCE_A_DAY,
            Rule.PATIENT_FREE,
        }


def test_a_kind_that_comes_once_a_day_keeps_off_the_days_of_such_a_group() -> None:
    rules = replace(RULES, once_a_day=(Kind.INDIVIDUAL, Kind.GROUP))
    plan = make_plan(full(rules=rules, appointments=(ONE,)))
    assert {one.day.strftime("%a") for one in plan.placed} <= {"Tue", "Fri"}
    assert (plan.unplaced, plan.broken) == ((), ())


def test_plan_keeps_to_the_hours_of_a_phase() -> None:
    steps = (Phase("Step-down", 3, 4, 3, 9.5),)
    problem = full(patients=(replace(JORDAN, relatives=()),))
    problem = replace(problem, template=replace(problem.template, phases=steps))

    plan = make_plan(problem)

    assert plan.broken == ()
    assert [unplaced.key for unplaced in plan.unplaced] == [
        "evening.one.jordan.w3",
        "evening.one.jordan.w4",
    ]
    assert [
        [(reason.rule, reason.sentence) for reason in unplaced.reasons]
        for unplaced in plan.unplaced
    ] == [
        [(Rule.WEEK_HOURS_MAX, f"jordan would have more than 9.5 hours in week {week}")]
        for week in (3, 4)
    ]


def test_nothing_lies_between_the_stays_of_a_patient() -> None:
    away = (date(2027, 3, 10), date(2027, 3, 16))
    plan = make_plan(full(patients=(replace(JORDAN, gaps=(away,)),)))

    days = [session.day for session in plan.sessions if "jordan" in session.seated]
    assert plan.broken == ()
    assert [day for day in days if away[0] <= day <= away[1]] == []
    assert {day.isocalendar().week for day in days} == {9, 10, 11, 12}


def test_stay_that_leaves_no_day_is_told_as_it_is() -> None:
    seldom = replace(
        NOEMIE,
        first=date(2027, 3, 2),
        last=date(2027, 3, 14),
        gaps=((date(2027, 3, 8), date(2027, 3, 9)),),
        free=(window("mon", "12:00", "18:00"),),
        appointments=(replace(ONE, key="own", every_weeks=2, last_week=2),),
        without=("one", "fam"),
    )
    plan = make_plan(full(patients=(JORDAN, seldom)))

    said = [reason.sentence for unplaced in plan.unplaced for reason in unplaced.reasons]
    away = "not from Monday 8 March until Tuesday 9 March"
    assert f"noemie is enrolled only from Tuesday 2 March and {away}" in said
