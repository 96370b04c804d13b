from dataclasses import dataclass
from datetime import date

import pytest

from scheduler.programs import closed_days


@dataclass(frozen=True)
class Days:
    first: date
    last: date
    note: str | None = None


def days_of(state: str, year: int) -> list[str]:
    closed = closed_days(state, "closed", [], date(year, 1, 1), date(year, 12, 31))
    return [f"{day:%m-%d}" for day in closed]


def test_massachusetts_2026_keeps_saturday_on_saturday() -> None:
    assert days_of("MA", 2026) == [
        "01-01",
        "01-19",
        "02-16",
        "04-20",
        "05-25",
        "06-19",
        "07-04",
        "09-07",
        "10-12",
        "11-11",
        "11-26",
        "12-25",
    ]


def test_massachusetts_2027_keeps_sunday_on_monday_too() -> None:
    assert days_of("MA", 2027) == [
        "01-01",
        "01-18",
        "02-15",
        "04-19",
        "05-31",
        "06-19",
        "07-04",
        "07-05",
        "09-06",
        "10-11",
        "11-11",
        "11-25",
        "12-25",
    ]


@pytest.mark.parametrize("day", [date(2027, 3, 17), date(2026, 6, 17)])
def test_massachusetts_is_open_on_holidays_of_one_county(day: date) -> None:
    assert closed_days("MA", "closed", [], day, day) == {}


@pytest.mark.parametrize(
    "friday", [date(2026, 7, 3), date(2027, 6, 18), date(2027, 12, 24), date(2021, 12, 31)]
)
def test_massachusetts_is_open_on_the_federal_friday(friday: date) -> None:
    assert closed_days("MA", "closed", [], friday, friday) == {}


def test_another_state_keeps_its_observed_days_even_from_the_next_year() -> None:
    new_years_eve = date(2027, 12, 31)
    assert closed_days("NY", "closed", [], new_years_eve, new_years_eve) == {
        new_years_eve: "New Year's Day (observed)"
    }


def test_open_on_holidays_leaves_the_practices_own_closures() -> None:
    staff_day = Days(date(2027, 3, 15), date(2027, 3, 15), "staff day")
    assert closed_days("MA", "open", [staff_day], date(2027, 1, 1), date(2027, 12, 31)) == {
        date(2027, 3, 15): "staff day"
    }


def test_a_closure_is_cut_to_the_days_asked_for_and_its_note_wins_over_the_holiday() -> None:
    holidays_week = Days(date(2027, 12, 24), date(2027, 12, 31), "between the years")
    assert closed_days("MA", "closed", [holidays_week], date(2027, 12, 25), date(2027, 12, 26)) == {
        date(2027, 12, 25): "between the years",
        date(2027, 12, 26): "between the years",
    }


def test_a_closure_without_a_note_says_closed() -> None:
    day = date(2027, 8, 2)
    assert closed_days("MA", "closed", [Days(day, day)], day, day) == {day: "closed"}
