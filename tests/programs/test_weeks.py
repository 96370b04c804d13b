"""Weeks run Monday to Sunday; a block is due when the stay covers four weekdays of one of its
weeks.
"""

from datetime import date

from scheduler.programs.kinds import Kind
from scheduler.programs.template import Appointment
from scheduler.programs.weeks import due_blocks, last_day, monday_of, week_of

TUESDAY = date(2027, 3, 2)
EVERY_SECOND = Appointment("fam", Kind.FAMILY_THERAPY, 60, every_weeks=2, first_week=2, last_week=8)
NAMED = Appointment("upd", Kind.PROGRESS_UPDATE, 20, in_weeks=(3, 7))


def test_week_one_holds_the_first_day() -> None:
    assert monday_of(TUESDAY, 1) == date(2027, 3, 1)
    assert week_of(TUESDAY, date(2027, 3, 7)) == 1
    assert week_of(TUESDAY, date(2027, 3, 8)) == 2
    assert last_day(TUESDAY, 8) == date(2027, 4, 25)


def test_a_whole_stay_owes_every_block_the_last_cut_short() -> None:
    assert due_blocks(EVERY_SECOND, TUESDAY, [(TUESDAY, date(2027, 4, 25))]) == (
        (2, 3),
        (4, 5),
        (6, 7),
        (8, 8),
    )


def test_a_stay_from_week_four_owes_what_remains() -> None:
    assert due_blocks(EVERY_SECOND, TUESDAY, [(date(2027, 3, 22), date(2027, 4, 25))]) == (
        (4, 5),
        (6, 7),
        (8, 8),
    )
    assert due_blocks(NAMED, TUESDAY, [(date(2027, 3, 22), date(2027, 4, 25))]) == ((7, 7),)


def test_three_weekdays_of_a_week_are_too_few_and_four_enough() -> None:
    assert due_blocks(NAMED, TUESDAY, [(date(2027, 3, 17), date(2027, 3, 31))]) == ()
    assert due_blocks(NAMED, TUESDAY, [(date(2027, 3, 16), date(2027, 3, 31))]) == ((3, 3),)
    assert due_blocks(NAMED, TUESDAY, [(TUESDAY, date(2027, 3, 18))]) == ((3, 3),)


def test_two_stays_owe_a_block_once_and_together_cover_a_week() -> None:
    first = (TUESDAY, date(2027, 3, 16))
    second = (date(2027, 3, 18), date(2027, 3, 26))

    assert due_blocks(EVERY_SECOND, TUESDAY, [first, second]) == ((2, 3), (4, 5))
    assert due_blocks(NAMED, TUESDAY, [first, second]) == ((3, 3),)
    assert due_blocks(NAMED, TUESDAY, [first]) == ()
