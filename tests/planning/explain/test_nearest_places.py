"""The places offered instead of a move: near, and worth choosing between. The father has no consent
and is in nothing.
"""

from dataclasses import replace
from datetime import datetime

from scheduler.planning.explain.places.nearest_places import Wish, nearest_places
from scheduler.planning.problem.plan import Plan
from scheduler.planning.problem.problem import Problem
from tests.planning.week_grid import JORDAN, JORDANS, NOEMIE, RIVERA, drawn, evening, window

MONDAY_AT_FIVE = """
      mon
17:00  J
"""
STANDING = Plan("evening", drawn(MONDAY_AT_FIVE, J=JORDANS))
TAKEN = Wish((STANDING.sessions[0].key,), datetime(2027, 3, 2, 20, 0))


def clinic(*hours: tuple[str, str, str]) -> Problem:
    """Return the evening cohort without groups, Rivera at work in these hours."""
    worked = [window(*span) for span in hours]
    rivera = replace(RIVERA, hours=tuple(worked))
    return evening(slots=(), patients=(JORDAN, NOEMIE), clinicians=(rivera,))


def places(problem: Problem) -> list[str]:
    found = nearest_places(problem, STANDING, TAKEN)
    return [f"{place:%a %d %H:%M}" for place in found]


def test_places_of_a_day_are_an_hour_apart_and_the_nearest_first() -> None:
    assert places(clinic(("tue", "12:00", "19:00"))) == [
        "Tue 02 18:00",
        "Tue 02 17:00",
        "Tue 02 16:00",
    ]


def test_neighbours_are_offered_where_there_is_nothing_else() -> None:
    once = replace(window("tue", "17:00", "18:30"), days=(), on=datetime(2027, 3, 2).date())
    rivera = replace(RIVERA, hours=(once,))
    problem = evening(slots=(), patients=(JORDAN,), clinicians=(rivera,))
    assert places(problem) == ["Tue 02 17:30", "Tue 02 17:15", "Tue 02 17:00"]


def test_other_days_come_before_a_second_place_of_one() -> None:
    problem = clinic(("tue", "12:00", "21:00"), ("wed", "12:00", "19:00"), ("thu", "9:00", "13:00"))
    wish = replace(TAKEN, start=datetime(2027, 3, 2, 17, 0), other_days=True)
    found = nearest_places(problem, STANDING, wish)

    assert [f"{place:%a %d %H:%M}" for place in found] == [
        "Wed 03 17:00",
        "Thu 04 12:00",
        "Tue 09 17:00",
    ]
