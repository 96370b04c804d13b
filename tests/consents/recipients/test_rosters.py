"""Who sits where no family may come: the same people whom the audience names, asked for all
sessions at once.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from household import MONDAY, NOW, Household
from scheduler.consents import audiences, rosters
from scheduler.kernel.database import db
from scheduler.people.models import PersonKind
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Enrolment
from scheduler.sessions.models import Session, Status

AHEAD = NOW + timedelta(days=40)
GROUP = {"kind": Kind.GROUP, "seats": Seats.PATIENTS, "slot": "group"}


@pytest.fixture
def home(home: Household) -> Household:
    home.consent()
    home.consent(home.father, Kind.PROGRESS_UPDATE)
    return home


def seated() -> dict[str, tuple[str, ...]]:
    return {one.session_id: one.patients for one in rosters(NOW, AHEAD)}


def by_audience() -> dict[str, tuple[str, ...]]:
    """The same from the gate itself, session by session."""
    rows = list(db.session.scalars(select(Session).where(Session.kind == Kind.GROUP)))
    found = {
        key: tuple(sorted(one.person.id for one in those if one.role is PersonKind.PATIENT))
        for key, those in audiences(rows, now=NOW).items()
    }
    return {key: people for key, people in found.items() if people}


def test_group_seats_its_patients_and_no_family(home: Household) -> None:
    group = home.slot(1, **GROUP)

    assert seated() == {group.id: tuple(sorted((home.jordan.id, home.tess.id)))} == by_audience()


def test_who_comes_later_and_who_has_left_do_not_sit_in_it(home: Household) -> None:
    early, late = home.slot(1, **GROUP), home.slot(15, **GROUP)
    stays = {row.patient_id: row for row in db.session.scalars(select(Enrolment))}
    stays[home.jordan.id].first = MONDAY + timedelta(days=10)
    stays[home.tess.id].last = MONDAY + timedelta(days=10)
    db.session.flush()

    assert seated() == {early.id: (home.tess.id,), late.id: (home.jordan.id,)} == by_audience()


def test_seats_of_families_seat_no_patient(home: Household) -> None:
    home.slot(1, **GROUP | {"seats": Seats.FAMILIES})

    assert (seated(), by_audience()) == ({}, {})


def test_session_that_families_may_come_to_is_asked_elsewhere(home: Household) -> None:
    home.appointment(1)
    home.slot(2)

    assert seated() == {}


def test_cancelled_and_distant_sessions_are_left_out(home: Household) -> None:
    home.slot(1, **GROUP).status = Status.CANCELLED
    home.slot(60, **GROUP)
    db.session.flush()

    assert seated() == {}
