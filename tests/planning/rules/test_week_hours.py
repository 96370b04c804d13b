"""A patient's weeks against the program's hours: the same week is three figures, and which one
counts is said.
"""

from dataclasses import replace
from datetime import date

from scheduler.planning.rules.week_hours import week_hours
from scheduler.programs import HourCounts
from tests.planning.week_grid import GROUP, JORDAN, JORDANS, LATER, RULES, drawn, evening

WEEK = drawn(
    """
          mon wed
    17:00  J   .
    18:00  G   G
    19:30  L   L
    """,
    J=JORDANS,
    G=GROUP,
    L=LATER,
)


def test_a_week_is_counted_three_ways_and_the_programs_own_is_said() -> None:
    problem = evening(patients=(replace(JORDAN, last=date(2027, 3, 7)),), rules=RULES)
    (week,) = week_hours(problem, WEEK)
    counted = {counts.value: round(hours, 2) for counts, hours in week.hours.items()}
    assert counted == {"clock": 7.0, "net": 6.83, "units": 7.0}
    assert (week.planned, week.short, week.words) == (7.0, 2.0, "7 of 9 hours, clock time")


def test_units_round_down_each_session_by_itself() -> None:
    rules = replace(RULES, hour_counts=HourCounts.UNITS)
    problem = evening(patients=(replace(JORDAN, last=date(2027, 3, 7)),), rules=rules)
    (week,) = week_hours(problem, WEEK)
    assert week.words == "7 of 9 hours, units of 50 minutes"


def test_weeks_before_admission_and_after_discharge_are_not_counted() -> None:
    guest = replace(JORDAN, first=date(2027, 3, 10), last=date(2027, 3, 18))
    assert [(one.week, one.weekdays) for one in week_hours(evening(patients=(guest,)), ())] == [
        (2, 3),
        (3, 4),
    ]


def test_groups_after_a_discharge_count_for_nobody_who_left() -> None:
    left = replace(JORDAN, last=date(2027, 3, 2))
    (week,) = week_hours(evening(patients=(left,), rules=RULES), WEEK)
    whole = replace(JORDAN, last=date(2027, 3, 7))
    (before,) = week_hours(evening(patients=(whole,), rules=RULES), WEEK)
    assert (week.planned, before.planned) == (4.0, 7.0)
