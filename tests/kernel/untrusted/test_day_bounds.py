"""A day that is said lies within two years of today, and within what else a field allows."""

from datetime import date

import pytest

from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.day_bounds import refuse_far

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize("day", [date(2025, 2, 27), TODAY, date(2029, 3, 2)])
def test_day_within_two_years_is_taken(day: date) -> None:
    refuse_far(day, TODAY)


@pytest.mark.parametrize("day", [date(2025, 2, 26), date(2029, 3, 3), date(9990, 1, 1)])
def test_day_farther_away_is_refused(day: date) -> None:
    with pytest.raises(InputError, match=f"{day} does not lie between 2025-02-27 and 2029-03-02"):
        refuse_far(day, TODAY)


def test_field_may_reach_back_farther() -> None:
    refuse_far(date(2010, 1, 1), TODAY, years_back=20)
    with pytest.raises(InputError):
        refuse_far(date(2027, 2, 28), TODAY, years_back=0)
