"""One hour, fifty who want it at the same moment: one gets it, the others are told so, and nobody
is in two places.
"""

import threading
from collections import Counter
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from household import MONDAY, NOW, Household, stand_up
from scheduler import sessions
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people.models import Patient, Person, PersonKind
from scheduler.sessions.models import Session, SessionLead, SessionPatient
from scheduler.worker.transactions import in_transaction

MANY = 50


def appointments(home: Household) -> list[str]:
    """Return Rivera's appointment with each of fifty patients, one a week; gives the ids."""
    ids = []
    for number in range(MANY):
        patient = Person(
            key=f"q-{number}",
            kind=PersonKind.PATIENT,
            name=f"Q {number}",
            email=f"q{number}@p.example",
        )
        db.session.add(patient)
        db.session.flush()
        db.session.add(
            Patient(person=patient, state="MA", born=date(1994, 5, 2), clinician_id=home.rivera.id)
        )
        row = home.appointment(7 * number, slot=f"fam.q-{number}")
        db.session.query(SessionPatient).filter_by(session_id=row.id).update(
            {"person_id": patient.id}
        )
        ids.append(row.id)
    return ids


def test_fifty_who_want_one_hour_at_once_are_one_and_forty_nine(app: Flask) -> None:
    ids = in_transaction(lambda: appointments(stand_up()))
    begins = datetime.fromisoformat(f"{MONDAY + timedelta(days=3)}T15:00+00:00")
    ready, said = threading.Barrier(MANY), Counter[str]()

    def ask(session_id: str) -> None:
        with app.app_context():
            ready.wait()
            while True:
                try:
                    in_transaction(lambda: book(session_id, begins))
                    said["booked"] += 1
                except Conflict as error:
                    said[str(error).partition(", ")[0]] += 1
                except (
                    OperationalError
                ):  # no connection or no lock in time: the door answers 503, and one asks again
                    continue
                return

    threads = [threading.Thread(target=ask, args=(one,)) for one in ids]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert said == {"booked": 1, "Ana Rivera is engaged then": MANY - 1}
    assert at(begins) == 1


def book(session_id: str, begins: datetime) -> None:
    row = db.session.scalars(select(Session).where(Session.id == session_id)).unique().one()
    sessions.reschedule(row, begins, begins + timedelta(hours=1), by="rivera", now=NOW)


def at(begins: datetime) -> int:
    """Count what Rivera leads then."""
    hers = (
        select(Session.id)
        .join(SessionLead, SessionLead.session_id == Session.id)
        .where(Session.starts_at == begins)
    )
    return len(db.session.scalars(hers).all())
