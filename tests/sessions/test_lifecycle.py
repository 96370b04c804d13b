"""Sessions come, change and fall out, each change with a higher version."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs.kinds import Kind, Seats
from scheduler.sessions import Meeting, cancel, move, schedule
from scheduler.sessions.models import Session, Status
from tests.planning.rows import NOW, clinic

START = datetime(2027, 3, 2, 17, tzinfo=UTC)


def scheduled() -> tuple[Session, Meeting]:
    """Schedule one individual session of Jordan with Rivera."""
    meeting = Meeting(
        key="evening.one.jordan.w1",
        series="evening.one.jordan",
        cohort_id=clinic().id,
        kind=Kind.INDIVIDUAL,
        seats=Seats.PATIENTS,
        title="Individual",
        topic=None,
        week=1,
        starts_local="2027-03-02T12:00",
        zone="America/New_York",
        minutes=50,
        starts_at=START,
        ends_at=START + timedelta(minutes=50),
        room_id=None,
        leads=(person_by_key("rivera").id,),
        patients=(person_by_key("jordan").id,),
    )
    schedule([meeting], by="command", now=NOW)
    return db.session.scalars(select(Session)).unique().one(), meeting


def test_a_scheduled_session_has_its_people(app: Flask) -> None:
    row, _ = scheduled()
    assert [one.key for one in row.leads] == ["rivera"]
    assert [one.key for one in row.patients] == ["jordan"]
    assert (row.version, row.status) == (0, Status.SCHEDULED)


def test_a_moved_session_keeps_its_key_and_raises_its_version(app: Flask) -> None:
    row, meeting = scheduled()
    later = replace(
        meeting,
        starts_local="2027-03-02T13:00",
        starts_at=START + timedelta(hours=1),
        ends_at=START + timedelta(minutes=110),
    )
    assert move(row, later, by="command", now=NOW)
    assert (row.key, row.version, row.starts_at) == (
        "evening.one.jordan.w1",
        1,
        START + timedelta(hours=1),
    )


def test_moving_to_where_it_is_changes_nothing(app: Flask) -> None:
    row, meeting = scheduled()
    assert not move(row, meeting, by="command", now=NOW)
    assert row.version == 0


def test_other_people_are_a_change(app: Flask) -> None:
    row, meeting = scheduled()
    assert move(
        row, replace(meeting, patients=(person_by_key("noemie").id,)), by="command", now=NOW
    )
    assert ([one.key for one in row.patients], row.version) == (["noemie"], 1)


def test_a_cancelled_session_falls_out_once_and_can_come_back(app: Flask) -> None:
    row, meeting = scheduled()
    cancel(row, by="command", now=NOW)
    cancel(row, by="command", now=NOW)
    assert (row.status, row.version) == (Status.CANCELLED, 1)
    assert move(row, meeting, by="command", now=NOW)
    assert (row.status, row.version) == (Status.SCHEDULED, 2)
