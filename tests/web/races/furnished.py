"""The practice of `house.py` with one of everything that a form is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from scheduler import tasks
from scheduler.invitations import note_bounce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.open_evenings import EveningWish, announce_evening
from scheduler.outbox import claim
from scheduler.outbox.models import Hold
from scheduler.people import Licence, invite, new_factor, person_by_key
from scheduler.people.models import Role
from scheduler.programs import Kind, RoomService, Seats
from scheduler.programs.models import Cohort, VideoRoom
from scheduler.sessions import Meeting, schedule
from visitor import letters

LICENCES = (Licence(state="MA", until=date(2030, 1, 1)),)
ROLES = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.CLINICIAN)


def furnish(app: Flask, folder: Path) -> None:
    """Give Ana and Sam all roles and licences, and the practice a colleague, a task, an address
    that takes no letters, a workshop that is over, an evening and a telephone; publications cool.
    """
    for key in ("rivera", "desk"):
        staff = person_by_key(key)
        assert staff.clinician is not None
        staff.clinician.roles = ROLES
        staff.clinician.licences = LICENCES
    invite("lowe@hl.example", (Role.CLINICIAN,), by="desk", now=now())
    person_by_key("jordan-mother").phone = "+16175550142"
    tasks.raise_task("test", "test:1", "Call the school.", about_id=None, now=now())
    factor = new_factor(person_by_key("lowe"), now=now())
    factor.confirmed_at = now()
    told = replace(app.config["KINFOLD"], publish_cooling=timedelta(minutes=3))
    app.config["KINFOLD"] = told
    db.session.commit()
    _close_address()
    _past_workshop()
    (folder / "secret").write_bytes(b"shared")
    room = VideoRoom(
        key="open",
        service=RoomService.JITSI,
        url="https://meet.example",
        app_id="kinfold",
        secret_file=str(folder / "secret"),
        dial_in="+16175550100",
    )
    db.session.add(room)
    db.session.flush()
    wish = EveningWish("An evening for all", datetime(2027, 3, 9, 19, 0), 90, 2, "open")
    announce_evening(wish, by="desk", now=now())
    db.session.add(Hold(since=now(), reason="a restore"))
    db.session.commit()


def _close_address() -> None:
    first = letters("invitation")[0]
    note_bounce(first, "5.1.1 no such user", for_good=True, now=now())
    claim("w", now=now() + timedelta(minutes=1))


def _past_workshop() -> None:
    start = datetime(2027, 2, 23, 18)
    cohort = db.session.scalars(select(Cohort)).one()
    room = db.session.scalars(select(VideoRoom)).one()
    workshop = Meeting(
        key="evening.learn.2027-02-23",
        series="evening.learn",
        cohort_id=cohort.id,
        kind=Kind.FAMILY_WORKSHOP,
        seats=Seats.FAMILIES,
        title="Workshop",
        topic=None,
        week=1,
        starts_local=f"{start:%Y-%m-%dT%H:%M}",
        zone="America/New_York",
        minutes=60,
        starts_at=start.replace(tzinfo=UTC) + timedelta(hours=5),
        ends_at=start.replace(tzinfo=UTC) + timedelta(hours=6),
        room_id=room.id,
        leads=(person_by_key("rivera").id,),
        patients=(person_by_key("jordan").id,),
    )
    schedule([workshop], by="command", now=now())
