"""Nobody and no room in two sessions at once: refused by the database itself, whoever writes. The
father is in none.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from household import MONDAY, NOW, Household
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.programs import Seats
from scheduler.programs.models import VideoRoom
from scheduler.sessions import cancel, loosened_booking_rules, refuse_double_booking
from scheduler.sessions.models import Engagement, Session, SessionLead, SessionPatient


def engaged() -> list[tuple[str, str]]:
    """Return who is kept engaged by what, by keys."""
    rows = db.session.execute(
        select(Session.key, Engagement.what).join(Engagement, Engagement.session_id == Session.id)
    ).all()
    names = dict(
        db.session.execute(
            text("SELECT id, key FROM people UNION SELECT id, key FROM video_rooms")
        ).all()
    )
    return sorted((key, names[what]) for key, what in rows)


def refused() -> None:
    """See that what was written cannot be committed, and that the deed's own question says so in a
    sentence.
    """
    with pytest.raises(Conflict, match="would bind the same person or room at once"):
        refuse_double_booking()
    with pytest.raises(DBAPIError):
        db.session.commit()
    db.session.rollback()


def test_session_engages_leaders_seated_patients_and_its_room(home: Household) -> None:
    room = VideoRoom(key="a", url="https://video.example/a")
    db.session.add(room)
    db.session.flush()
    home.appointment(1, room_id=room.id)
    home.slot(2, seats=Seats.PATIENTS)
    home.slot(3, seats=Seats.FAMILIES)
    patients, families = (f"march.learn.{MONDAY + timedelta(days=day)}" for day in (2, 3))

    assert engaged() == [
        *[("march.fam.p-1.w1", who) for who in ("a", "p-1", "rivera")],
        *[(patients, who) for who in ("p-1", "p-2", "rivera")],
        (families, "rivera"),
    ]


def test_second_session_of_a_clinician_at_one_hour_is_refused(home: Household) -> None:
    home.appointment(1, at="18:00")
    db.session.commit()
    home.appointment(1, at="18:59", week=2)

    refused()


def test_back_to_back_is_no_clash(home: Household) -> None:
    home.appointment(1, at="18:00")
    home.appointment(1, at="19:00", week=2)

    refuse_double_booking()
    db.session.commit()


def leave(session: Session, leads: bool = False, patients: bool = False) -> None:
    """Take everybody of a kind out of a session."""
    for there, table in ((leads, "session_leads"), (patients, "session_patients")):
        if there:
            db.session.execute(
                text(f"DELETE FROM {table} WHERE session_id = :id"), {"id": session.id}
            )


def test_patient_sits_in_one_session_at_a_time(home: Household) -> None:
    home.appointment(1)
    leave(home.appointment(1, at="18:30", week=2), leads=True)

    refused()


def test_families_hour_does_not_engage_the_patient(home: Household) -> None:
    leave(home.appointment(1), leads=True)
    home.slot(1, at="18:30", seats=Seats.FAMILIES)

    refuse_double_booking()
    db.session.commit()


def test_room_holds_one_session_at_a_time(home: Household) -> None:
    room = VideoRoom(key="a", url="https://video.example/a")
    db.session.add(room)
    db.session.flush()
    home.appointment(1, room_id=room.id)
    leave(home.appointment(1, at="18:30", week=2, room_id=room.id), leads=True, patients=True)

    refused()


def test_two_may_change_places_on_the_way(home: Household) -> None:
    first, second = home.appointment(1), home.appointment(2, week=2)
    db.session.commit()
    one = (first.starts_at, first.ends_at)
    first.starts_at, first.ends_at = second.starts_at, second.ends_at
    db.session.flush()
    second.starts_at, second.ends_at = one
    db.session.flush()

    refuse_double_booking()
    db.session.commit()


def test_session_that_falls_out_engages_nobody_and_may_not_come_back_over_another(
    home: Household,
) -> None:
    first = home.appointment(1)
    db.session.commit()
    cancel(first, by="sam", now=NOW)
    home.appointment(1, week=2)
    refuse_double_booking()
    db.session.commit()

    db.session.execute(
        text("UPDATE sessions SET status = 'scheduled' WHERE id = :id"), {"id": first.id}
    )
    refused()


def test_leader_or_patient_put_into_a_second_session_is_refused(home: Household) -> None:
    home.appointment(1)
    other = home.appointment(1, at="18:30", week=2)
    leave(other, leads=True, patients=True)
    db.session.commit()

    for row in (SessionLead, SessionPatient):
        who = home.rivera if row is SessionLead else home.jordan
        db.session.add(row(session_id=other.id, person_id=who.id))
        refused()


def test_of_three_that_clash_the_last_to_stay_may_stay(home: Household) -> None:
    sessions = [
        home.appointment(1, at=at, week=week) for week, at in enumerate(("18:00", "18:30", "18:45"))
    ]
    cancel(sessions[0], by="sam", now=NOW)
    db.session.flush()
    with pytest.raises(Conflict):
        refuse_double_booking()
    cancel(sessions[1], by="sam", now=NOW)

    refuse_double_booking()
    db.session.commit()
    assert {key for key, _ in engaged()} == {sessions[2].key}


def test_of_two_who_book_one_hour_at_once_one_wins(app: Flask, home: Household) -> None:
    sessions = [home.appointment(1), home.appointment(2, week=2), home.appointment(3, week=3)]
    db.session.commit()
    place = (sessions[0].starts_at, sessions[0].ends_at)
    cancel(sessions[0], by="sam", now=NOW)
    db.session.commit()
    ready = Barrier(2, timeout=60)

    def book(number: int) -> str:
        """Write past every rule of the application, straight into the table."""
        with app.app_context():
            ready.wait()
            row = db.session.get_one(Session, sessions[number].id)
            row.starts_at, row.ends_at = place
            try:
                db.session.commit()
            except DBAPIError:
                db.session.rollback()
                return "refused"
            return "booked"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(book, (1, 2))) == ["booked", "refused"]


def test_guard_stands_whole_and_a_missing_piece_is_named(home: Household) -> None:
    connection = db.session.connection()
    assert loosened_booking_rules(connection) == []
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("ALTER TABLE engagements DROP CONSTRAINT ex_engagements_one_at_a_time")
        )
        connection.execute(text("DROP TRIGGER sessions_engage ON sessions"))
        assert loosened_booking_rules(connection) == [
            "trigger sessions_engage",
            "constraint ex_engagements_one_at_a_time",
        ]
    else:
        connection.execute(text("DROP TRIGGER engagements_clash"))
        assert loosened_booking_rules(connection) == ["trigger engagements_clash"]
