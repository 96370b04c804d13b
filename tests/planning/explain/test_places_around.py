"""Times for who asks for another one. The father has no consent and is in nothing."""

from dataclasses import replace
from datetime import date, datetime

from scheduler.planning.explain.places.nearest_places import Wish
from scheduler.planning.explain.places.places_around import places_around
from tests.planning.explain.test_nearest_places import STANDING, TAKEN, clinic
from tests.planning.week_grid import JORDAN, RIVERA, evening, window

SPANS = (("09:00", "11:00"), ("17:00", "19:00"))


def test_places_around_lie_on_several_days_and_parts_of_the_day_earlier_weeks_last() -> None:
    problem = clinic(("tue", "9:00", "11:00"), ("mon", "9:00", "20:00"), ("thu", "17:00", "19:00"))
    wish = Wish(TAKEN.keys, datetime(2027, 3, 8, 17, 0))
    found = places_around(problem, STANDING, wish, most=7)

    assert [f"{place:%a %d %H:%M}" for place in found] == [
        "Mon 08 16:00",
        "Tue 09 10:00",
        "Thu 11 17:00",
        "Mon 15 17:00",
        "Tue 16 10:00",
        "Thu 18 17:00",
        "Mon 22 17:00",
    ]


def test_places_around_take_other_parts_of_a_day_where_days_are_few() -> None:
    once = [replace(window("tue", *span), days=(), on=date(2027, 3, 2)) for span in SPANS]
    problem = evening(
        slots=(), patients=(JORDAN,), clinicians=(replace(RIVERA, hours=tuple(once)),)
    )
    wish = Wish(TAKEN.keys, datetime(2027, 3, 1, 17, 0))
    found = places_around(problem, STANDING, wish, most=4)

    assert [f"{place:%a %d %H:%M}" for place in found] == [
        "Tue 02 17:00",
        "Tue 02 10:00",
        "Tue 02 18:00",
        "Tue 02 09:00",
    ]
