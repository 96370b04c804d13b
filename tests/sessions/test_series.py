"""When the sessions that one person has in one series make one invitation, drawn as the weeks of a
calendar.
"""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.ical import Override, WeeklyRule
from scheduler.sessions.series import RegularForm, regular_form

NEW_YORK = "America/New_York"
MONDAY = date(2027, 3, 1)


def weeks(*rows: str, at: str = "18:00", minutes: int = 90) -> list[tuple[datetime, int]]:
    """Read one row a week from 2027-03-01 on, Monday to Sunday: `x` a session at `at`, a digit that
    hour, `.` none.
    """
    found = []
    for week, row in enumerate(rows):
        for day, mark in enumerate(row.replace(" ", "")):
            clock = (
                time.fromisoformat(at)
                if mark == "x"
                else time(10 + int(mark))
                if mark != "."
                else None
            )
            if clock:
                found.append(
                    (datetime.combine(MONDAY + timedelta(weeks=week, days=day), clock), minutes)
                )
    return found


def told(form: RegularForm | None) -> list[datetime]:
    """Return the starts that a calendar would show for a form."""
    assert form is not None
    gone = {*form.without, *(each.original for each in form.moved)}
    kept = [at for at in form.rule.instances(form.start) if at not in gone]
    return sorted([*kept, *(each.start for each in form.moved)])


def test_run_on_three_days_is_one_rule() -> None:
    found = regular_form(weeks("x.xx...", "x.xx...", "x.xx..."), NEW_YORK)

    assert found == RegularForm(
        start=datetime(2027, 3, 1, 18),
        minutes=90,
        rule=WeeklyRule(1, ("mon", "wed", "thu"), datetime(2027, 3, 18, 18)),
        without=(),
        moved=(),
    )


def test_run_beginning_in_the_middle_of_a_week() -> None:
    found = regular_form(weeks("...x...", "x..x...", "x..x..."), NEW_YORK)

    assert found is not None
    assert (found.start, found.rule.days, found.without) == (
        datetime(2027, 3, 4, 18),
        ("mon", "thu"),
        (),
    )


def test_run_of_every_other_week() -> None:
    found = regular_form(weeks(".x.....", ".......", ".x.....", ".......", ".x....."), NEW_YORK)

    assert found is not None
    assert (found.rule, found.without) == (WeeklyRule(2, ("tue",), datetime(2027, 3, 30, 18)), ())


def test_holiday_is_a_hole() -> None:
    found = regular_form(weeks("x.x....", "x.x....", "..x....", "x.x...."), NEW_YORK)

    assert found is not None
    assert (found.without, found.moved) == ((datetime(2027, 3, 15, 18),), ())


def test_holiday_at_the_beginning_moves_the_beginning() -> None:
    """No calendar is told of a series whose first instance does not take place."""
    found = regular_form(weeks("..x....", "x.x....", "x.x....", "x......"), NEW_YORK)

    assert found is not None
    assert (found.start, found.rule.until) == (datetime(2027, 3, 3, 18), datetime(2027, 3, 22, 18))
    assert found.without == ()


def test_one_of_eight_moved_is_an_override_of_the_instance_missing_in_its_week() -> None:
    rows = [".x....."] * 8
    rows[3] = "...9..."

    found = regular_form(weeks(*rows), NEW_YORK)

    assert found is not None
    assert found.moved == (Override(datetime(2027, 3, 23, 18), datetime(2027, 3, 25, 19), 90),)
    assert found.without == ()


def test_moved_session_comes_from_its_own_week_before_a_nearer_one() -> None:
    """Sunday is nearer to the cancelled Tuesday after it than to its own."""
    rows = [".x....."] * 8
    rows[3], rows[4] = "......8", "......."

    found = regular_form(weeks(*rows), NEW_YORK)

    assert found is not None
    assert [each.original for each in found.moved] == [datetime(2027, 3, 23, 18)]
    assert found.without == (datetime(2027, 3, 30, 18),)


def test_one_of_another_length_is_an_override_in_its_place() -> None:
    sessions = weeks(*[".x....."] * 4)
    sessions[2] = (sessions[2][0], 50)

    found = regular_form(sessions, NEW_YORK)

    assert found is not None
    assert found.moved == (Override(datetime(2027, 3, 16, 18), datetime(2027, 3, 16, 18), 50),)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [".x....."],
        [".x.....", ".x....."],
        [".x.....", "..1....", "...2...", "5......"],
        [".x.....", ".x.....", "..9....", "..9....", ".x....."],
        [".x.....", ".x.....", ".x..9.."],
        ["..9....", ".x.....", ".x.....", ".x.....", ".x....."],
        [".x.....", *["......."] * 8, ".x.....", *["......."] * 8, ".x....."],
    ],
    ids=[
        "none",
        "one",
        "two",
        "no pattern",
        "too many moved",
        "one too many",
        "first moved",
        "far apart",
    ],
)
def test_irregular_sessions_are_singles(rows: list[str]) -> None:
    assert regular_form(weeks(*rows), NEW_YORK) is None


def test_as_many_holes_as_sessions_are_singles() -> None:
    rows = ["x......", ".......", ".......", "x......", ".......", "x......"]

    assert regular_form(weeks(*rows), NEW_YORK) is None


def test_start_in_a_skipped_hour_is_singles() -> None:
    """02:30 on Sunday 14 March does not exist in New York."""
    assert regular_form(weeks(*["......x"] * 4, at="02:30", minutes=30), NEW_YORK) is None
    assert (
        regular_form(weeks(*["......x"] * 4, at="02:30", minutes=30), "America/Phoenix") is not None
    )


def test_zone_that_calendars_cannot_be_told_is_singles() -> None:
    assert regular_form(weeks(*["x......"] * 4), "Asia/Jerusalem") is None


def test_two_sessions_at_one_time_are_singles() -> None:
    assert regular_form(weeks(*["x......"] * 4) + weeks("x......"), NEW_YORK) is None


@pytest.mark.parametrize(
    "rows",
    [
        [".x....."],
        ["..9....", ".x.....", ".x.....", ".x....."],
        [".x.....", ".x.....", "..9....", "..9....", ".x....."],
        [".x.....", ".......", ".......", ".......", ".x.....", ".......", ".x....."],
    ],
)
def test_series_told_before_is_kept_as_long_as_it_can_be_written(rows: list[str]) -> None:
    sessions = weeks(*rows)

    assert told(regular_form(sessions, NEW_YORK, kept=True)) == [at for at, _ in sessions]


@pytest.mark.parametrize(
    "rows",
    [
        ["x......", ".......", "......9"],
        ["...x...", ".......", "..x....", ".......", "......9"],
        ["...8...", "...x...", "...x...", "...x..."],
        ["....x..", ".......", "...x...", ".......", ".......", ".....8."],
    ],
)
def test_series_told_before_begins_with_its_first_session_where_that_has_been_held(
    rows: list[str],
) -> None:
    """C12: what was held cannot stand apart any more, so the rule is laid through it and not past
    it.
    """
    sessions = weeks(*rows)

    form = regular_form(sessions, NEW_YORK, kept=True)

    assert told(form) == [at for at, _ in sessions]
    assert form is not None and form.start == sessions[0][0]
    assert [
        each for each in form.moved if each.original == form.start or each.start < form.start
    ] == []


def test_series_told_before_with_two_sessions_at_one_time_cannot_be_kept() -> None:
    assert regular_form(weeks(".x.....") * 2, NEW_YORK, kept=True) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 6), st.sampled_from([9, 10, 18])),
        unique=True,
        min_size=1,
        max_size=25,
    ),
    st.booleans(),
)
def test_any_form_tells_exactly_the_sessions(found: list[tuple[int, int, int]], kept: bool) -> None:
    sessions = [
        (datetime.combine(MONDAY + timedelta(weeks=w, days=d), time(hour)), 50)
        for w, d, hour in found
    ]

    form = regular_form(sessions, NEW_YORK, kept=kept)

    assert form is None or told(form) == sorted(at for at, _ in sessions)
