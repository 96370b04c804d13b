"""Rolling admission: only the remaining weeks and topics, what is missed and when it comes again,
the projected end.
"""

from dataclasses import replace
from datetime import date

from scheduler.planning.planner import make_plan
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.planning.problem.stay_summary import StaySummary, stay_summaries
from tests.planning.week_grid import JORDAN, NOEMIE, ONE, SKILLS, evening

FIVE = replace(SKILLS, days=("mon",), topics=("Orientation", "Triggers", "Sleep"))
"""
Skills, on Mondays:   week 1        week 2     week 3   week 4
                      Orientation   Triggers   Sleep    Orientation
"""


def cohort(*patients: Patient, **changes: object) -> Problem:
    return evening(**({"patients": patients, "slots": (FIVE,), "appointments": (ONE,)} | changes))


def course(patient: Patient, **changes: object) -> StaySummary:
    problem = cohort(patient, **changes)
    (found,) = stay_summaries(problem, make_plan(problem))
    return found


def test_a_whole_stay_sees_every_topic() -> None:
    found = course(JORDAN)
    assert [(one.title, one.seen) for one in found.topics] == [
        ("Orientation", date(2027, 3, 1)),
        ("Triggers", date(2027, 3, 8)),
        ("Sleep", date(2027, 3, 15)),
    ]
    assert (found.missed, found.is_whole) == ((), True)


def test_an_enrolment_in_week_3_gets_what_remains() -> None:
    problem = cohort(replace(JORDAN, first=date(2027, 3, 15)), NOEMIE)
    plan = make_plan(problem)
    assert {one.week for one in plan.sessions if "jordan" in one.seated} == {3, 4}
    late = stay_summaries(problem, plan)[0]
    assert [(one.title, one.seen) for one in late.topics] == [
        ("Orientation", date(2027, 3, 22)),
        ("Triggers", None),
        ("Sleep", date(2027, 3, 15)),
    ]
    last = max(one.day for one in plan.sessions if "jordan" in one.seated)
    assert (late.week, late.ends, late.is_whole) == (3, last, False)
    assert late.words == (
        f"jordan from week 3 (Mon 15 March), projected end {last:%a} {last.day} March; "
        "not seen: Triggers (Skills; not again in this cohort)"
    )


def test_a_stay_that_ends_early_says_when_the_rest_comes() -> None:
    found = course(replace(JORDAN, first=date(2027, 3, 8), last=date(2027, 3, 14)))
    assert [(one.title, one.again) for one in found.missed] == [
        ("Orientation", date(2027, 3, 22)),
        ("Sleep", date(2027, 3, 15)),
    ]


def test_a_closure_moves_the_topics_on_and_the_projection_with_them() -> None:
    found = course(JORDAN, closed={date(2027, 3, 8): "storm"})
    assert [one.seen for one in found.topics] == [
        date(2027, 3, 1),
        date(2027, 3, 15),
        date(2027, 3, 22),
    ]


def test_what_is_due_without_a_time_still_counts_for_the_end() -> None:
    found = course(replace(JORDAN, free=()), slots=())
    assert found.ends == date(2027, 3, 28)


def test_a_stay_with_nothing_left_says_so() -> None:
    gone = course(replace(JORDAN, first=date(2027, 3, 27)), appointments=())
    assert (gone.ends, gone.words.split(";")[0]) == (
        None,
        "jordan from week 4 (Sat 27 March), nothing is left for this stay",
    )


def test_a_father_without_consent_is_in_nobodys_course() -> None:
    assert "father" not in course(replace(JORDAN, first=date(2027, 3, 15))).words
