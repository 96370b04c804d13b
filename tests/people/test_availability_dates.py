"""Being free on one date is not being free every week, and no file takes it away."""

from datetime import UTC, date, datetime

import pytest

from scheduler.people import Window, stretch, with_dates_of
from scheduler.planning.problem.minute_sets import DAY, span, window_minutes

ZONE = "America/New_York"
MONDAY = date(2027, 3, 1)
EVENING = Window(("tue",), 18 * 60, 19 * 60, on=date(2027, 3, 2))
WEEKLY = Window(("thu",), 15 * 60, 16 * 60)


def test_time_proposed_is_that_date_alone() -> None:
    start, end = datetime(2027, 3, 2, 23, tzinfo=UTC), datetime(2027, 3, 3, 0, tzinfo=UTC)

    assert stretch(ZONE, start, end) == (EVENING,)


def test_time_over_midnight_is_on_two_dates() -> None:
    start, end = datetime(2027, 3, 3, 4, 30, tzinfo=UTC), datetime(2027, 3, 3, 5, 30, tzinfo=UTC)

    assert stretch(ZONE, start, end) == (
        Window(("tue",), 23 * 60 + 30, 1440, on=date(2027, 3, 2)),
        Window(("wed",), 0, 30, on=date(2027, 3, 3)),
    )


@pytest.mark.parametrize("zone", [ZONE, "America/Chicago"])
def test_planner_takes_the_date_for_its_own_week_alone(zone: str) -> None:
    windows = (WEEKLY, EVENING)
    its_own = window_minutes(windows, ZONE, zone, MONDAY)
    later = window_minutes(windows, ZONE, zone, date(2027, 3, 8))

    weekly = window_minutes((WEEKLY,), ZONE, zone, MONDAY)
    earlier = 0 if zone == ZONE else 60
    start = DAY + 18 * 60 - earlier
    assert (later, its_own) == (weekly, weekly | span(start, start + 60))


def test_weekly_hours_of_a_file_keep_the_dates_that_were_named() -> None:
    assert with_dates_of((WEEKLY,), (EVENING,)) == (WEEKLY, EVENING)
    assert with_dates_of(None, (EVENING,)) is None
    assert with_dates_of((WEEKLY,), None) == (WEEKLY,)
