"""Whom a written row concerns: the database notes every change, whoever makes it, and nobody who is
concerned is left out.
"""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import bindparam, delete, select, text

from household import MONDAY, NOW, Household
from scheduler.change_tracking import take_unfed, take_untold, tracking_damage
from scheduler.change_tracking.models import TrackedChange
from scheduler.kernel.database import UtcDateTime, db
from scheduler.people.models import Person
from scheduler.sessions import LEFT
from scheduler.sessions.models import Session, SessionChange, SessionPatient

SINCE = datetime.combine(MONDAY - timedelta(days=3), time(12, 1), UTC)
SOON = SINCE + timedelta(seconds=5)
AT = bindparam("at", type_=UtcDateTime())
FAMILY = {"p-1", "p-1-mother", "p-1-father"}
OTHERS = {"p-2", "p-2-aunt"}
CHANGES = [
    ("UPDATE sessions SET minutes = 50", {*FAMILY, "rivera"}),
    ("DELETE FROM session_patients", FAMILY | {"rivera"}),
    ("DELETE FROM session_leads", FAMILY | {"rivera"}),
    ("UPDATE relatives SET ready = false WHERE relationship = 'relative'", FAMILY | OTHERS),
    ("UPDATE enrolments SET last = first", FAMILY | OTHERS),
    ("UPDATE grants SET revoked_at = given_at, revoked_by = 'sql'", FAMILY),
    ("UPDATE people SET zone = 'America/Denver' WHERE key = 'p-2-aunt'", OTHERS),
    ("UPDATE people SET name = 'Ana R' WHERE key = 'rivera'", {*FAMILY, "rivera"}),
    ("UPDATE people SET sought = 'x' WHERE key = 'rivera'", set()),
    ("UPDATE cohorts SET leads = leads", {*FAMILY, *OTHERS, "rivera"}),
    ("UPDATE programs SET outward_title = 'Meeting'", {*FAMILY, *OTHERS, "rivera"}),
]

DROPPED = {
    "sqlite": "DROP TRIGGER track_sessions_update",
    "postgresql": "DROP TRIGGER track_sessions_update ON sessions",
}


@pytest.fixture
def home(home: Household) -> Household:
    """All that was written so far has been looked at."""
    home.consent()
    home.appointment(1)
    take_untold(since=None, now=SINCE)
    take_unfed(since=None, now=SINCE)
    db.session.commit()
    return home


def keys(people: set[str] | None) -> set[str] | None:
    """Return the keys of people named by their ids."""
    if people is None:
        return None
    return set(db.session.scalars(select(Person.key).where(Person.id.in_(people))))


def concerned(now: datetime = SOON) -> set[str] | None:
    """Return the keys of those who may have to be told something; None: everybody."""
    return keys(take_untold(since=SINCE, now=now))


def test_nothing_written_concerns_nobody(home: Household) -> None:
    assert concerned() == set()


@pytest.mark.parametrize(("change", "whom"), CHANGES)
def test_row_written_by_plain_sql_concerns_whom_it_is_about(
    home: Household, change: str, whom: set[str]
) -> None:
    db.session.execute(text(change))

    assert concerned() == whom


def test_changed_practice_concerns_everybody(home: Household) -> None:
    db.session.execute(text("UPDATE practice SET outward_name = 'SP'"))

    assert concerned() is None


def test_one_in_two_families_concerns_both(home: Household) -> None:
    for person in (home.mother, home.aunt):
        person.body_id = home.mother.id
    db.session.flush()
    concerned()
    db.session.execute(text("UPDATE sessions SET minutes = 50"))

    assert concerned() == {*FAMILY, *OTHERS, "rivera"}


def test_who_left_a_session_is_concerned_when_it_moves(home: Household) -> None:
    session = db.session.scalars(select(Session)).one()
    db.session.execute(delete(SessionPatient))
    left = SessionChange(
        session_id=session.id,
        version=LEFT,
        people=home.jordan.id,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        changed_at=NOW,
    )
    db.session.add(left)
    db.session.flush()
    concerned()
    session.minutes = 50
    db.session.flush()

    assert concerned() == {*FAMILY, "rivera"}


def test_changes_are_taken_once_by_letters_and_once_by_calendars(home: Household) -> None:
    db.session.execute(text("UPDATE sessions SET minutes = 50"))

    assert (concerned(), concerned()) == ({*FAMILY, "rivera"}, set())
    assert keys(take_unfed(since=SINCE, now=SOON)) == {*FAMILY, "rivera"}
    assert db.session.scalars(select(TrackedChange)).all() == []


def test_what_was_undone_with_its_transaction_stays_to_be_looked_at(home: Household) -> None:
    db.session.execute(text("UPDATE sessions SET minutes = 50"))
    db.session.commit()
    concerned()
    db.session.rollback()

    assert concerned() == {*FAMILY, "rivera"}


def test_session_that_begins_concerns_who_sits_in_it(home: Household) -> None:
    begins = SINCE + timedelta(seconds=2)
    moved = text("UPDATE sessions SET starts_at = :at").bindparams(AT)
    db.session.execute(moved, {"at": begins})
    concerned()

    assert concerned(begins - timedelta(seconds=1)) == set()
    assert concerned(begins) == {*FAMILY, "rivera"}


@pytest.mark.parametrize("column", ["valid_from", "valid_until"])
def test_consent_that_begins_or_ends_concerns_the_family(home: Household, column: str) -> None:
    turns = SINCE + timedelta(seconds=2)
    said = text(f"UPDATE grants SET {column} = :at").bindparams(AT)
    db.session.execute(said, {"at": turns})
    concerned()

    assert concerned(turns - timedelta(seconds=1)) == set()
    assert concerned(turns) == FAMILY


def test_every_quarter_of_an_hour_everybody_is_compared(home: Household) -> None:
    quarter = SINCE.replace(minute=15)

    assert concerned(quarter - timedelta(seconds=1)) == set()
    assert concerned(quarter) is None


def test_clock_set_back_has_everybody_compared(home: Household) -> None:
    assert concerned(SINCE - timedelta(seconds=1)) is None


def test_lost_trigger_is_named(home: Household) -> None:
    assert tracking_damage(db.session.connection()) == []
    db.session.execute(text(DROPPED[db.engine.dialect.name]))

    assert tracking_damage(db.session.connection()) == ["trigger track_sessions_update"]
