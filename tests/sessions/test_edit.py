"""What staff change by hand: one date or all from it on, and what calendars then know. The father
is told nothing.
"""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from household import MONDAY, NOW, Household
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.sessions import cancel_sessions, close_days, edit_sessions
from scheduler.sessions.models import Session, Status


def weekly(home: Household, count: int = 4) -> list[Session]:
    return [home.appointment(1 + 7 * week, week=week) for week in range(count)]


def places(sessions: list[Session]) -> list[tuple[int, str, int]]:
    """Return days after the Monday, wall time and minutes of each."""
    found = [(datetime.fromisoformat(each.starts_local), each.minutes) for each in sessions]
    return [((at.date() - MONDAY).days, at.strftime("%H:%M"), minutes) for at, minutes in found]


def day(number: int, at: str) -> datetime:
    return datetime.fromisoformat(f"{MONDAY + timedelta(days=number)}T{at}")


def test_one_date_moves_alone(home: Household) -> None:
    sessions = weekly(home)

    edit_sessions(sessions[1], to=day(9, "17:30"), by="sam", now=NOW)

    assert places(sessions) == [
        (1, "18:00", 60),
        (9, "17:30", 60),
        (15, "18:00", 60),
        (22, "18:00", 60),
    ]
    assert len({each.series for each in sessions}) == 1


def test_one_date_is_shortened_where_it_is(home: Household) -> None:
    sessions = weekly(home, 2)

    edit_sessions(sessions[0], minutes=45, by="sam", now=NOW)

    assert places(sessions) == [(1, "18:00", 45), (8, "18:00", 60)]


@pytest.mark.parametrize(("number", "at"), [(9, "19:15"), (7, "16:00"), (15, "18:00")])
def test_rest_of_a_series_moves_by_as_much_and_takes_a_name_of_its_own(
    home: Household, number: int, at: str
) -> None:
    sessions = weekly(home)

    edit_sessions(sessions[1], to=day(number, at), onward=True, by="sam", now=NOW)

    assert places(sessions) == [
        (1, "18:00", 60),
        *((number + 7 * week, at, 60) for week in range(3)),
    ]
    assert [each.series for each in sessions] == ["march.fam.p-1", *["march.fam.p-1~2"] * 3]


def test_whole_series_that_moves_keeps_its_name(home: Household) -> None:
    sessions = weekly(home)

    edit_sessions(sessions[0], to=day(2, "18:00"), onward=True, by="sam", now=NOW)

    assert {each.series for each in sessions} == {"march.fam.p-1"}


def test_rest_of_a_series_falls_out(home: Household) -> None:
    sessions = weekly(home)

    cancel_sessions(sessions[2], onward=True, by="sam", now=NOW)

    assert [each.status for each in sessions] == [Status.SCHEDULED] * 2 + [Status.CANCELLED] * 2


def test_closed_days_take_out_what_begins_in_them(home: Household) -> None:
    sessions = weekly(home)

    assert close_days(day(8, "00:00"), day(15, "23:59"), by="sam", now=NOW) == sessions[1:3]


def test_what_has_begun_is_refused(home: Household) -> None:
    (session,) = weekly(home, 1)

    with pytest.raises(Conflict):
        edit_sessions(session, minutes=45, by="sam", now=session.starts_at)


def test_commands_move_shorten_cancel_and_close(home: Household, runner: FlaskCliRunner) -> None:
    keys = [each.key for each in weekly(home)]
    db.session.commit()
    calls = (
        ["move", keys[1], "--to", f"{day(9, '17:30'):%Y-%m-%dT%H:%M}", "--onward"],
        ["move", keys[0], "--minutes", "45"],
        ["cancel", keys[3]],
        ["close", str(MONDAY), str(MONDAY + timedelta(days=9))],
        ["move", keys[2]],
        ["cancel", "march.nobody"],
    )

    said = [runner.invoke(args=["sessions", *call]) for call in calls]

    assert [each.exit_code for each in said] == [0, 0, 0, 0, 2, 2]
    done = [
        [line for line in each.stdout.splitlines() if not line.startswith("to know: ")]
        for each in said[:4]
    ]
    assert [len(lines) for lines in done] == [3, 1, 1, 2]
    assert said[0].stdout.startswith(
        f"moved: {keys[1]}, {day(9, '17:30'):%Y-%m-%d %H:%M} America/New_York, 60 min"
    )


def test_close_says_beforehand_what_would_fall_out_and_keeps_nothing(
    home: Household, runner: FlaskCliRunner
) -> None:
    keys = [each.key for each in weekly(home)]
    db.session.commit()

    said = runner.invoke(
        args=["sessions", "close", str(MONDAY), str(MONDAY + timedelta(days=9)), "--dry-run"]
    )

    assert [line.split(",")[0] for line in said.stdout.splitlines()] == [
        f"would be cancelled: {key}" for key in keys[:2]
    ]
    assert {row.status for row in db.session.scalars(select(Session))} == {Status.SCHEDULED}
