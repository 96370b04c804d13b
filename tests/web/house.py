"""A small practice with people who sign in, a published fortnight, and what they do in tests."""

import json
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.clinics import FirstPractice, found_practice, load, read
from scheduler.invitations import announce, link_token, send_asked_codes
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key, set_password
from scheduler.people.models import Person
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Cohort, VideoRoom
from scheduler.sessions import Meeting, schedule
from scheduler.sessions.models import Session

NOW = datetime(2027, 2, 25, 17, tzinfo=UTC)
PASSWORD = "nineteen quiet herons"
RELATIVES = ("jordan-mother", "jordan-father")


def clinic_file() -> bytes:
    """The practice as a clinic file: the mother may know of family sessions, the father has no
    consent.
    """
    hours = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "21:00"}]
    licences = [{"state": "MA", "until": "2028-06-30"}]
    consent = {
        "kinds": ["family_therapy"],
        "signed": "2020-01-01",
        "expires": "2028-06-30",
        "signed_by": "patient",
    }
    relative = {"relationship": "mother", "ready": True, "zone": "America/Chicago"}
    patient = {"cohort": "evening", "from": "2027-03-01", "clinician": "rivera"}
    fixed = {
        "key": "process",
        "kind": "group",
        "title": "Process group",
        "days": ["mon"],
        "at": "18:00",
    }
    return json.dumps(
        {
            "version": 1,
            "practice": {
                "name": "Harbor Light Vennaquist",
                "outward_name": "HL Scheduling",
                "outward_email": "calendar@hl-sched.example",
                "zone": "America/New_York",
                "state": "MA",
            },
            "video_rooms": [
                {"key": "a", "url": "https://video.example/a", "dial_in": "+16175550100"}
            ],
            "clinicians": [
                {
                    "key": "rivera",
                    "name": "Ana Rivera",
                    "email": "rivera@hl.example",
                    "licences": licences,
                    "hours": hours,
                },
                {
                    "key": "desk",
                    "name": "Sam Wren",
                    "email": "sam@hl.example",
                    "licences": [],
                    "hours": hours,
                    "roles": ["coordinator", "administrator"],
                },
            ],
            "programs": [
                {
                    "key": "adult",
                    "name": "Adult IOP",
                    "outward_title": "Appointment",
                    "weeks": 2,
                    "rules": {"week_hours": [0, 19], "day_hours_max": 4},
                    "groups": [fixed | {"minutes": 90, "weeks": [1, 2]}],
                    "appointments": [
                        {
                            "key": "fam",
                            "kind": "family_therapy",
                            "minutes": 60,
                            "every_weeks": 1,
                            "weeks": [1, 2],
                        }
                    ],
                }
            ],
            "cohorts": [
                {
                    "key": "evening",
                    "program": "adult",
                    "starts": "2027-03-01",
                    "leads": {"process": "rivera"},
                }
            ],
            "patients": [
                patient
                | {
                    "key": "jordan",
                    "name": "Jordan Quellandrix",
                    "email": "jordan@patient.example",
                    "family": [
                        relative
                        | {
                            "key": "jordan-mother",
                            "name": "Dana Lee",
                            "email": "dana@family.example",
                            "consents": [consent],
                        },
                        relative
                        | {
                            "key": "jordan-father",
                            "name": "Miguel Lee",
                            "email": "miguel@family.example",
                            "relationship": "father",
                            "consents": [],
                        },
                    ],
                },
                patient
                | {"key": "noemie", "name": "Noemie Brannig", "email": "noemie@patient.example"},
            ],
        }
    ).encode()


def begin_anew() -> None:
    """Load the practice and give the desk its password; nothing is planned yet."""
    load(read(clinic_file()), by="command", now=NOW)
    set_password(person_by_key("desk"), PASSWORD, by="command", now=NOW)
    db.session.commit()


def move_in() -> None:
    """Load the practice, publish two family sessions and two groups by hand, write the
    invitations.
    """
    begin_anew()
    cohort = db.session.scalars(select(Cohort)).one()
    room = db.session.scalars(select(VideoRoom)).one()
    meetings = []
    for week in (1, 2):
        for kind, day, hour, who in (
            (Kind.GROUP, 1, 18, ("jordan", "noemie")),
            (Kind.FAMILY_THERAPY, 2, 17, ("jordan",)),
        ):
            start = datetime(2027, 3, day + 7 * (week - 1), hour)
            series = "evening.process" if kind is Kind.GROUP else "evening.fam.jordan"
            meetings.append(
                Meeting(
                    key=f"{series}.{start:%Y-%m-%d}" if kind is Kind.GROUP else f"{series}.w{week}",
                    series=series,
                    cohort_id=cohort.id,
                    kind=kind,
                    seats=Seats.PATIENTS if kind is Kind.GROUP else Seats.BOTH,
                    title="Process group" if kind is Kind.GROUP else "Family therapy",
                    topic=None,
                    week=week,
                    starts_local=f"{start:%Y-%m-%dT%H:%M}",
                    zone="America/New_York",
                    minutes=60,
                    starts_at=start.replace(tzinfo=UTC) + timedelta(hours=5),
                    ends_at=start.replace(tzinfo=UTC) + timedelta(hours=6),
                    room_id=room.id,
                    leads=(person_by_key("rivera").id,),
                    patients=tuple(person_by_key(one).id for one in who),
                )
            )
    schedule(meetings, by="command", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()


def found() -> Person:
    """Found a practice as `/set-up/` does; return its administrator."""
    said = FirstPractice(
        name="Harbor Light",
        outward_name="HL Scheduling",
        outward_email="calendar@hl.example",
        zone="America/New_York",
        state="MA",
        part2=True,
        closed_on_holidays=True,
        admin_name="Sam Ortiz",
        admin_email="sam@hl.example",
        password="plain words do well here",
    )
    person = found_practice(said, by="set-up", now=now())
    db.session.commit()
    return person


def token() -> str:
    """The secret of the mother's page."""
    uid = db.session.scalars(select(Invitation.uid).order_by(Invitation.uid)).first()
    assert uid is not None
    db.session.rollback()
    return link_token(uid)


def a_session(kind: Kind) -> str:
    """The id of the first session of a kind."""
    found = db.session.scalars(
        select(Session.id).where(Session.kind == kind).order_by(Session.starts_at)
    ).first()
    assert found is not None
    db.session.rollback()
    return found


def work_on_codes() -> None:
    """Let the worker write the letters of the codes that were asked for."""
    db.session.rollback()
    send_asked_codes(now=now())
    db.session.commit()


def codes(address: str) -> list[str]:
    """The codes in letters to an address, oldest first, once the worker has written them."""
    work_on_codes()
    rows = db.session.scalars(
        select(Letter)
        .where(Letter.kind == "code", Letter.address == address)
        .order_by(Letter.created_at)
    ).all()
    db.session.rollback()
    found = []
    for row in rows:
        body = message_from_bytes(row.mime, policy=policy.default).get_body(("plain",))
        assert body is not None
        match = re.search(r"\d{6}", str(body.get_content()))
        assert match is not None
        found.append(match[0])
    return found


def csrf(client: FlaskClient, page: str) -> str:
    """The form token of a page."""
    match = re.search(
        r'name="csrf_token" value="([^"]+)"', client.get(page, follow_redirects=True).text
    )
    assert match is not None
    return match[1]


def post(client: FlaskClient, to: str, form: str = "/", **fields: str) -> TestResponse:
    """Send a form with the token of the page `form`."""
    return client.post(to, data=fields | {"csrf_token": csrf(client, form)})


def sign_in_staff(
    client: FlaskClient, password: str = PASSWORD, address: str = "sam@hl.example"
) -> TestResponse:
    """Walk through the two pages of staff."""
    post(client, "/", address=address, way="password")
    return post(client, "/password", "/password", password=password)


def sign_in_by_code(client: FlaskClient, address: str) -> TestResponse:
    """Ask for a code and use it."""
    post(client, "/", address=address, way="code")
    return post(client, "/code", "/code", code=codes(address)[-1])
