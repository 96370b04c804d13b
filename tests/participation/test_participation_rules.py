"""What a family agreed on makes its dates fewer, later or rarer, and leaves relatives out."""

from datetime import date

import pytest

from scheduler.participation import Part, adjusted_appointments, leaves_out
from scheduler.programs import Appointment, Kind

STARTS = date(2027, 3, 1)
THIRD_WEEK = date(2027, 3, 17)
FAMILY = Appointment("fam", Kind.FAMILY_THERAPY, 60, every_weeks=1, first_week=2, last_week=8)
UPDATE = Appointment("upd", Kind.PROGRESS_UPDATE, 20, in_weeks=(2, 6))
ALONE = Appointment("one", Kind.INDIVIDUAL, 50, every_weeks=1, first_week=1, last_week=8)
ALL = (FAMILY, UPDATE, ALONE)


def adjusted(*parts: Part) -> tuple[tuple[str, ...], tuple[Appointment, ...]]:
    return adjusted_appointments(ALL, parts, STARTS)


def test_without_a_plan_all_is_due_as_the_program_has_it() -> None:
    assert adjusted() == ((), ())


def test_kind_that_is_declined_is_not_due() -> None:
    assert adjusted(Part(Kind.FAMILY_THERAPY, takes_part=False)) == (("fam",), ())


def test_kind_is_due_as_often_as_agreed_and_from_then_on() -> None:
    part = Part(Kind.FAMILY_THERAPY, takes_part=True, every_weeks=2, since=THIRD_WEEK)

    rarer = Appointment("fam", Kind.FAMILY_THERAPY, 60, every_weeks=2, first_week=3, last_week=8)
    assert adjusted(part) == (("fam",), (rarer,))


def test_single_weeks_before_the_agreed_day_are_not_due() -> None:
    part = Part(Kind.PROGRESS_UPDATE, takes_part=True, since=THIRD_WEEK)

    later = Appointment("upd", Kind.PROGRESS_UPDATE, 20, in_weeks=(6,))
    assert adjusted(part) == (("upd",), (later,))


def test_kind_that_begins_after_its_last_week_is_not_due() -> None:
    part = Part(Kind.FAMILY_THERAPY, takes_part=True, since=date(2027, 6, 1))

    assert adjusted(part) == (("fam",), ())


def test_plan_that_says_what_the_program_says_changes_nothing() -> None:
    part = Part(Kind.FAMILY_THERAPY, takes_part=True, every_weeks=1, since=STARTS)

    assert adjusted(part) == ((), ())


@pytest.mark.parametrize(
    ("part", "out"),
    [
        (Part(Kind.FAMILY_THERAPY, takes_part=False), True),
        (Part(Kind.FAMILY_THERAPY, takes_part=True), False),
        (Part(Kind.FAMILY_THERAPY, takes_part=True, people=("mother",)), False),
        (Part(Kind.FAMILY_THERAPY, takes_part=True, people=("father",)), True),
        (Part(Kind.FAMILY_THERAPY, takes_part=True, since=date(2027, 3, 18)), True),
        (Part(Kind.PROGRESS_UPDATE, takes_part=False), False),
    ],
)
def test_relative_is_left_out_by_what_was_agreed_of_the_kind(part: Part, out: bool) -> None:
    assert leaves_out([part], Kind.FAMILY_THERAPY, "mother", THIRD_WEEK) is out
