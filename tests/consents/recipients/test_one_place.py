"""A human with several rows is told of one place at a time. The father stands by, untold."""

from typing import Any

import pytest

from household import NOW, Household
from scheduler import consents
from scheduler.consents import Reason
from scheduler.kernel.database import db
from scheduler.programs import Kind, Seats
from scheduler.sessions import seat_guests
from scheduler.sessions.models import Session, SessionLead, SessionPatient


@pytest.fixture
def home(home: Household) -> Household:
    """The mother of Jordan is the aunt of Tess, and both have consented."""
    home.aunt.body_id = home.mother.body_id = home.mother.id
    home.aunt.relative.ready = True
    home.consent()
    home.consent(home.aunt)
    return home


def of_tess(home: Household, at: str, **said: Any) -> Session:
    session = home.appointment(1, at=at, slot="fam.p-2", **said)
    db.session.delete(db.session.get(SessionLead, (session.id, home.rivera.id)))
    db.session.delete(db.session.get(SessionPatient, (session.id, home.jordan.id)))
    db.session.flush()
    db.session.add(SessionPatient(session_id=session.id, person_id=home.tess.id))
    db.session.flush()
    return session


def relatives(*sessions: Session) -> list[list[str]]:
    """Return the relatives (keys) who may know of each session."""
    told = consents.audiences(sessions, now=NOW)
    found = []
    for session in sessions:
        keys = [recipient.person.key for recipient in told[session.id] if recipient.patient_id]
        found.append(sorted(keys))
    return found


def test_earlier_of_two_sessions_has_the_human(home: Household) -> None:
    first, second = home.appointment(1, at="18:00"), of_tess(home, "18:30")

    assert relatives(first, second) == [["p-1-mother"], []]


def test_it_is_the_same_whichever_is_asked_about(home: Household) -> None:
    first, second = home.appointment(1, at="18:00"), of_tess(home, "18:30")

    assert (relatives(first), relatives(second)) == ([["p-1-mother"]], [[]])


def test_session_that_counts_on_them_comes_first(home: Household) -> None:
    first, second = home.appointment(1, at="18:00"), of_tess(home, "18:30")
    seat_guests({second.id: [home.aunt.id]})

    assert relatives(first, second) == [[], ["p-2-aunt"]]


def test_sessions_one_after_the_other_have_both(home: Household) -> None:
    first, second = home.appointment(1, at="18:00"), of_tess(home, "19:00")

    assert relatives(first, second) == [["p-1-mother"], ["p-2-aunt"]]


def test_own_treatment_comes_before_being_somebodys_relative(home: Household) -> None:
    home.aunt.body_id = None
    home.mother.body_id = home.tess.body_id = home.tess.id
    db.session.flush()
    first = home.appointment(1, at="18:00")
    own = of_tess(home, "18:30", kind=Kind.INDIVIDUAL, seats=Seats.PATIENTS)

    assert relatives(first, own) == [[], []]
    assert [one.person.key for one in consents.audience(own, now=NOW)] == ["p-2"]


def test_staff_read_why_and_not_of_whom(home: Household) -> None:
    home.appointment(1, at="18:00")
    second = of_tess(home, "18:30")
    reasons = {one.person.key: one.reason for one in consents.untold(second, now=NOW)}

    assert reasons == {"p-2-aunt": Reason.ELSEWHERE}
    assert Reason.ELSEWHERE.value == "has another appointment then"
