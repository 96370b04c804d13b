"""Where a session could be is what the move itself is refused or taken for. The father has no
consent and is in nothing.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import person_by_key
from scheduler.people.availability import Window
from scheduler.planning import (
    Hours,
    bend_rules,
    judge_trial,
    place_at,
    places_in_week,
    propose,
    publish,
)
from scheduler.programs.models import Closure, Cohort
from scheduler.sessions import cancel_sessions, edit_sessions, session_by_key
from scheduler.sessions.models import Session
from tests.planning.rows import NOW, clinic, patient
from tests.planning.week_grid import STARTS, at

ONE, GROUP = "evening.one.jordan.w2", "evening.process.2027-03-08"


@pytest.fixture
def published(app: Flask) -> None:
    """Two cohorts share Rivera and two rooms; the mother is free on two afternoons; a day is
    closed; one session stands where a person bent a rule for it.
    """
    row = clinic()
    person_by_key("jordan").free = (Window(("mon", "tue", "thu"), at("13:00"), at("21:00")),)
    other = Cohort(key="late", program_id=row.program_id, starts=STARTS, leads={})
    db.session.add_all([other, Closure(first=date(2027, 3, 11), last=date(2027, 3, 11))])
    db.session.flush()
    patient("ada", other, person_by_key("rivera"))
    db.session.commit()
    for key in ("evening", "late"):
        propose(key, seconds=0.3, seed=1, by="command", now=NOW)
        publish(key, by="command", now=NOW)
        db.session.commit()
    session = session_by_key(ONE)
    bent = datetime(2027, 3, 12, 15)
    done, news = judge_trial("evening", lambda: moved(session, bent), now=NOW)
    bend_rules(news, done, reason="Jordan asked for it", by="desk", now=NOW)
    db.session.commit()


def moved(session: Session, to: datetime, minutes: int | None = None) -> list[Session]:
    return edit_sessions(session, to=to, minutes=minutes, by="desk", now=NOW)


def deed_refusal(key: str, to: datetime, minutes: int) -> str:
    """Do the move, say why it would be refused, and undo it."""
    session = session_by_key(key)
    try:
        _, news = judge_trial("evening", lambda: moved(session, to, minutes), now=NOW)
        said = news.refusal or ""
    except (Conflict, InputError) as error:
        said = str(error)
    db.session.rollback()
    return said


def place_refusal(key: str, to: datetime, minutes: int) -> str:
    place = place_at(session_by_key(key), to, minutes=minutes, now=NOW)
    assert place is not None
    return place.words


def a_drop(rng: Random) -> datetime:
    midnight = datetime(2027, 2, 27) + timedelta(days=rng.randrange(24))
    return midnight + timedelta(minutes=15 * rng.randrange(11 * 4, 23 * 4))


def test_drop_is_refused_for_what_the_move_is_refused_for(
    published: None, seed: int, trials: Callable[[int, int], int]
) -> None:
    rng = Random(seed)
    rows = select(Session.key).where(Session.key.startswith("evening."))
    keys = sorted(db.session.scalars(rows))
    said = []
    for _drop in range(trials(8, 1000)):
        key, to, minutes = rng.choice(keys), a_drop(rng), rng.choice((50, 60, 90))
        asked = (key, to, minutes, deed_refusal(key, to, minutes))
        assert (key, to, minutes, place_refusal(key, to, minutes)) == asked
        said.append(asked[3])
    assert {bool(words) for words in said} == {True, False}


def test_week_of_places_is_place_after_place_and_none_once_cancelled(published: None) -> None:
    session = session_by_key(GROUP)
    hours = Hours(18 * 60, 20 * 60, 90)
    week = places_in_week(session, monday=date(2027, 3, 8), hours=hours, minutes=90, now=NOW)
    some = week[:4]
    one_by_one = []
    for place in some:
        one_by_one.append(place_at(session, place.start, minutes=90, now=NOW))

    starts = [f"{place.start:%a %H:%M}" for place in some]
    assert starts == ["Mon 18:00", "Mon 19:30", "Tue 18:00", "Tue 19:30"]
    assert (len(week), list(some)) == (14, one_by_one)
    cancel_sessions(session, by="desk", now=NOW)
    assert place_at(session, week[0].start, minutes=90, now=NOW) is None
