"""What lies before who is admitted late, before anything is planned."""

from dataclasses import replace
from datetime import date

from scheduler.planning import admission_outlook
from scheduler.planning.problem.problem import Problem
from tests.planning.week_grid import JORDAN, NOEMIE, ONE, SKILLS, evening

TOPICS = ("Orientation", "Triggers", "Sleep")
MONDAYS = replace(SKILLS, days=("mon",), topics=TOPICS)


def cohort(first: date) -> Problem:
    late = replace(JORDAN, first=first)
    return evening(patients=(late, NOEMIE), slots=(MONDAYS,), appointments=(ONE,))


def test_who_comes_in_week_3_misses_a_topic_and_short_weeks_are_those_of_the_stay() -> None:
    problem = cohort(date(2027, 3, 15))

    found = admission_outlook(problem, "jordan")

    assert [topic.title for topic in found.missed] == ["Triggers"]
    assert found.ends == problem.last
    hours = (MONDAYS.minutes + ONE.minutes) / 60
    assert [(week.week, week.hours) for week in found.short] == [(3, hours), (4, hours)]


def test_who_is_not_in_the_cohort_has_nothing_before_them() -> None:
    found = admission_outlook(cohort(date(2027, 3, 1)), "nobody")

    assert (found.ends, found.missed, found.short) == (None, (), ())
