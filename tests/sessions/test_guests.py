"""A human with several rows is booked once, by the database itself. The father is in none."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from household import NOW, Household
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people.models import Person
from scheduler.sessions import (
    cancel,
    edit_sessions,
    engage_anew,
    excuse_guests,
    guests_of,
    refuse_double_booking,
    seat_guests,
)
from scheduler.sessions.models import Engagement, Session, SessionLead, SessionPatient


@pytest.fixture
def home(home: Household) -> Household:
    """The mother of Jordan is the aunt of Tess."""
    home.aunt.body_id = home.mother.body_id = home.mother.id
    db.session.commit()
    return home


def of_tess(home: Household, at: str) -> Session:
    """Place a family appointment of Tess on the day of Jordan's, led by nobody."""
    session = home.appointment(1, at=at, slot="fam.p-2")
    db.session.delete(db.session.get(SessionLead, (session.id, home.rivera.id)))
    db.session.delete(db.session.get(SessionPatient, (session.id, home.jordan.id)))
    db.session.flush()
    db.session.add(SessionPatient(session_id=session.id, person_id=home.tess.id))
    db.session.flush()
    db.session.expire(session, ["leads", "patients"])
    return session


def at_once(home: Household) -> tuple[Session, Session]:
    """Let the human come to Jordan's and to Tess's hour, half an hour apart."""
    first = home.appointment(1, at="18:00")
    second = of_tess(home, "18:30")
    seat_guests({first.id: [home.mother.id], second.id: [home.aunt.id]})
    return first, second


def test_mother_of_two_is_refused_in_two_sessions_at_once(home: Household) -> None:
    at_once(home)

    with pytest.raises(Conflict) as refused:
        refuse_double_booking()
    with pytest.raises(DBAPIError):
        db.session.commit()
    assert "somebody of march.fam.p-" in str(refused.value)
    assert "has another appointment then" in str(refused.value)


def test_refusal_names_one_of_the_two_sessions_alone(home: Household) -> None:
    at_once(home)

    with pytest.raises(Conflict) as refused:
        refuse_double_booking()
    assert sum(key in str(refused.value) for key in ("fam.p-1", "fam.p-2")) == 1


def test_patient_is_not_counted_on_as_a_brother_at_the_hour_of_a_group(home: Household) -> None:
    home.aunt.body_id = home.mother.body_id = None
    home.mother.body_id = home.tess.body_id = home.tess.id
    db.session.commit()
    session = home.appointment(1, at="18:00")
    of_tess(home, "18:30")
    seat_guests({session.id: [home.mother.id]})

    with pytest.raises(Conflict):
        refuse_double_booking()
    excuse_guests([home.tess.id])
    refuse_double_booking()
    assert guests_of([session.id]) == {}


def test_two_rows_in_one_session_are_one_engagement(home: Household) -> None:
    session = home.slot(1)
    seat_guests({session.id: [home.mother.id, home.aunt.id]})
    refuse_double_booking()
    seat_guests({session.id: [home.aunt.id]})
    rows = select(Engagement.what).where(Engagement.session_id == session.id)

    assert set(db.session.scalars(rows)) == {home.rivera.id, home.mother.id}


def test_cancelled_session_leaves_the_human_free(home: Household) -> None:
    first, _ = at_once(home)
    cancel(first, by="sam", now=NOW)

    refuse_double_booking()
    db.session.commit()


def test_move_onto_another_appointment_is_refused_without_a_word_of_it(home: Household) -> None:
    first = home.appointment(1, at="16:00")
    second = of_tess(home, "18:30")
    seat_guests({first.id: [home.mother.id], second.id: [home.aunt.id]})
    db.session.commit()
    there = datetime.fromisoformat(first.starts_local.replace("16:00", "18:00"))

    with pytest.raises(Conflict) as refused:
        edit_sessions(first, to=there, by="sam", now=NOW)
    assert str(refused.value) == (
        "somebody of this session has another appointment then; choose another time"
    )


def test_fact_that_comes_late_is_taken_and_the_later_session_is_left_out(home: Household) -> None:
    for person in (home.mother, home.aunt):
        person.body_id = None
    db.session.flush()
    first, second = at_once(home)
    db.session.commit()
    for key in (home.mother.key, home.aunt.key):
        person = db.session.scalars(select(Person).where(Person.key == key)).unique().one()
        person.body_id = home.mother.id
    db.session.flush()
    engage_anew([home.mother.id, home.aunt.id], now=NOW)
    db.session.commit()
    rows = select(Engagement.session_id).where(Engagement.what == home.mother.id)

    assert db.session.scalars(rows).all() == [first.id]
    cancel(first, by="sam", now=NOW)
    second.version += 1
    db.session.commit()
    assert db.session.scalars(rows).all() == [second.id]
