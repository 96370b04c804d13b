"""What was cancelled or moved is put back where it was, by anybody, until it begins. The father is
told nothing.
"""

from datetime import datetime, timedelta

import pytest

from household import MONDAY, NOW, Household
from scheduler.kernel.errors import Conflict
from scheduler.sessions import can_be_put_back, cancel_sessions, edit_sessions, put_back
from scheduler.sessions.models import Session, Status


def day(number: int, at: str) -> datetime:
    return datetime.fromisoformat(f"{MONDAY + timedelta(days=number)}T{at}")


def place(session: Session) -> tuple[str, int, Status]:
    return session.starts_local, session.minutes, session.status


def test_a_cancelled_session_is_put_back_where_it_was(home: Household) -> None:
    session = home.appointment(1)
    before = place(session)
    cancel_sessions(session, by="sam", now=NOW)
    put_back(session, by="kim", now=NOW)
    assert (place(session), session.version) == (before, 2)


def test_a_cancelled_session_is_put_back_at_another_time(home: Household) -> None:
    session = home.appointment(1)
    was = session.starts_local
    cancel_sessions(session, by="sam", now=NOW)
    put_back(session, to=day(2, "17:15"), by="kim", now=NOW)
    at = f"{day(2, '17:15'):%Y-%m-%dT%H:%M}"
    assert (place(session), session.moved_from) == ((at, 60, Status.SCHEDULED), was)


def test_a_session_moved_twice_is_put_back_where_it_was_first(home: Household) -> None:
    session = home.appointment(1)
    before = place(session)
    edit_sessions(session, to=day(2, "17:15"), minutes=45, by="sam", now=NOW)
    edit_sessions(session, to=day(3, "19:00"), by="sam", now=NOW)
    assert (session.moved_from, session.minutes_before) == before[:2]
    put_back(session, by="kim", now=NOW)
    assert (place(session), session.moved_from, session.minutes_before) == (before, None, None)


def test_a_session_moved_back_by_hand_was_not_moved(home: Household) -> None:
    session = home.appointment(1)
    was = datetime.fromisoformat(session.starts_local)
    edit_sessions(session, to=day(2, "17:15"), by="sam", now=NOW)
    edit_sessions(session, to=was, by="sam", now=NOW)
    assert (session.moved_from, can_be_put_back(session, now=NOW)) == (None, False)


def test_nothing_is_put_back_once_it_would_have_begun(home: Household) -> None:
    session = home.appointment(1)
    cancel_sessions(session, by="sam", now=NOW)
    with pytest.raises(Conflict, match="has begun"):
        put_back(session, by="kim", now=session.starts_at)
    assert session.status is Status.CANCELLED


def test_nothing_is_put_back_where_somebody_is_engaged_by_now(home: Household) -> None:
    session = home.appointment(1)
    cancel_sessions(session, by="sam", now=NOW)
    home.appointment(1, week=2)
    with pytest.raises(Conflict, match="engaged then"):
        put_back(session, by="kim", now=NOW)
    assert session.status is Status.CANCELLED


def test_what_stands_where_it_was_is_not_put_back(home: Household) -> None:
    session = home.appointment(1)
    with pytest.raises(Conflict, match="neither cancelled nor moved"):
        put_back(session, by="kim", now=NOW)
