"""Weeks as sets of minutes."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scheduler.planning.problem.minute_sets import (
    DAY,
    certain_minutes,
    each,
    most_common,
    span,
    starts_within,
    window_minutes,
)
from tests.planning.week_grid import ZONE, at, window


def test_a_session_fits_where_all_its_minutes_do() -> None:
    assert list(each(starts_within(span(100, 150) | span(200, 248), 48))) == [100, 101, 102, 200]


@given(st.sets(st.integers(0, 60)), st.integers(1, 9))
def test_starts_within_is_what_counting_says(minutes: set[int], length: int) -> None:
    found = starts_within(sum(1 << minute for minute in minutes), length)
    assert set(each(found)) == {
        one for one in minutes if all(one + step in minutes for step in range(length))
    }


@given(st.lists(st.sets(st.integers(0, 20)), max_size=9))
def test_most_common_is_what_counting_says(sets: list[set[int]]) -> None:
    options, count = most_common(sum(1 << one for one in chosen) for chosen in sets)
    counted = {one: sum(one in chosen for chosen in sets) for one in range(21)}
    most = max(counted.values())
    assert count == most
    assert set(each(options)) == (
        {one for one, number in counted.items() if number == most} if most else set()
    )


def test_a_window_of_another_zone_follows_both_clocks() -> None:
    evenings = (window("mon", "20:00", "23:00"),)
    before = window_minutes(evenings, "Asia/Kolkata", ZONE, date(2027, 3, 8))
    after = window_minutes(evenings, "Asia/Kolkata", ZONE, date(2027, 3, 15))
    assert before == span(at("09:30"), at("12:30"))
    assert after == span(at("10:30"), at("13:30"))


def test_the_skipped_and_the_doubled_hour_are_never_free() -> None:
    sunday = 6 * DAY
    spring = certain_minutes(ZONE, date(2027, 3, 8))
    autumn = certain_minutes(ZONE, date(2027, 11, 1))
    assert span(0, 7 * DAY) & ~spring == span(sunday + 120, sunday + 180)
    assert span(0, 7 * DAY) & ~autumn == span(sunday + 60, sunday + 120)
