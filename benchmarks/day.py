"""The desk's first page in a house of 2,000 patients, and engagement counted over 250,000 sessions.

    .venv/bin/python benchmarks/day.py [--patients 2000] [--sessions 250000] [--rounds 7]

Prints processor time of this process (on PostgreSQL the server's is not in it; wall time stands
beside) and its ratio to the sign-in page, which asks nothing, and to the bounds promised: 60 ms and
1.5 s. Sessions lie in the years before today, six a day today; one in five is a family session; a
mother of each patient has a consent, was told, and answered and came by chance.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from flask import Flask  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from cast import assemble, statement  # noqa: E402
from conftest import settings  # noqa: E402
from fakes.postgres import Postgres  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.attendance.models import AttendanceMark, AttendanceState  # noqa: E402
from scheduler.consents.model.models import Grant, Signer, Statement  # noqa: E402
from scheduler.engagement import engagement_report  # noqa: E402
from scheduler.kernel.clock import turned_to  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.ids import new_id  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.people import person_by_key  # noqa: E402
from scheduler.people.models import Patient, Person, PersonKind, Relative  # noqa: E402
from scheduler.programs import Kind, Seats  # noqa: E402
from scheduler.programs.models import Enrolment  # noqa: E402
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status  # noqa: E402
from visitor import browser, sign_in  # noqa: E402

NOW = datetime(2027, 3, 9, 21, 10, tzinfo=UTC)
GROUP = 10
TODAY = 300
"""Sessions of the whole house today."""
BOUNDS = {"today": 0.060, "engagement": 1.5}
CHUNK = 20_000
SIGNED = date(2017, 1, 2)
KEY = "a key of the tests"


def main() -> None:
    """Measure both engines and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=2000)
    parser.add_argument("--sessions", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=7)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Postgres(durable=True) as server:
        server.run("CREATE DATABASE day")
        urls = {"SQLite": f"sqlite:///{folder}/day.db", "PostgreSQL": server.url("day")}
        for name, url in urls.items():
            engine = open_engine(
                url.replace("postgresql:", "postgresql+psycopg:"), "a key of the tests"
            )
            upgrade(engine)
            engine.dispose()
            app = create_app(settings(url))
            with app.app_context(), turned_to(lambda: NOW):
                populate(said.patients, said.sessions)
                measure(name, app, said.rounds)
                db.session.remove()
                db.engine.dispose()


def measure(name: str, app: Flask, rounds: int) -> None:
    """Measure both on one engine."""
    client = browser(app)
    sign_in(client, person_by_key("rivera"))
    empty, _ = measured(lambda: app.test_client().get("/"), rounds)
    today = measured(lambda: client.get("/desk/"), rounds)
    counted = measured(lambda: engagement_report(now=NOW), rounds)
    show(name, "today", today, empty)
    show(name, "engagement", counted, empty)


def measured(deed: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Return the median processor and wall time of a deed, in seconds, the first time left out."""
    deed()
    work = []
    wall = []
    for _ in range(rounds):
        db.session.rollback()
        began = time.process_time(), time.perf_counter()
        deed()
        work.append(time.process_time() - began[0])
        wall.append(time.perf_counter() - began[1])
    return statistics.median(work), statistics.median(wall)


def show(engine: str, name: str, found: tuple[float, float], empty: float) -> None:
    """Print one figure with its ratios."""
    work, wall = found
    bound = BOUNDS[name]
    verdict = "holds" if work <= bound else "DOES NOT HOLD"
    print(
        f"{engine}: {name}: {work * 1000:.0f} ms of processor, {wall * 1000:.0f} ms in all; "
        f"{work / empty:.1f} times an empty page, {work / bound:.2f} of the bound: {verdict}"
    )


def populate(patients: int, sessions: int) -> None:
    """Fill a house: people, consents, sessions before and of today, words about who came."""
    chance = random.Random(1)
    cast = assemble()
    signed = statement(cast.dana, cast.jordan)
    columns = [column.key for column in Statement.__table__.columns]
    paper = {name: getattr(signed, name) for name in columns}
    people = []
    kept: dict[type[Any], list[dict[str, Any]]] = {
        Person: [],
        Patient: [],
        Relative: [],
        Enrolment: [],
        Statement: [],
        Grant: [],
    }
    for number in range(patients):
        patient_id, mother_id = new_id(), new_id()
        people.append((patient_id, mother_id))
        for person_id, kind in ((patient_id, PersonKind.PATIENT), (mother_id, PersonKind.RELATIVE)):
            key = f"{kind.value}-{number}"
            row = {
                "id": person_id,
                "key": key,
                "kind": kind,
                "name": key,
                "email": f"{key}@x.example",
            }
            kept[Person].append(row)
        own = {"person_id": patient_id, "state": "MA", "clinician_id": cast.rivera.id}
        kept[Patient].append(own | {"born": date(1990, 1, 1)})
        relative = {"person_id": mother_id, "patient_id": patient_id, "ready": True}
        kept[Relative].append(relative | {"relationship_word": "mother"})
        stay = {"patient_id": patient_id, "cohort_id": cast.cohort.id, "first": date(2020, 1, 1)}
        kept[Enrolment].append(stay)
        theirs = {"id": new_id(), "patient_id": patient_id, "person_id": mother_id}
        kept[Statement].append(paper | theirs | {"signed": SIGNED})
        grant = {
            "statement": theirs["id"],
            "person_id": mother_id,
            "patient_id": patient_id,
            "purpose": Kind.FAMILY_THERAPY,
            "signed": SIGNED,
            "expires": date(2099, 1, 1),
            "signed_by": Signer.PATIENT,
            "valid_from": datetime(2017, 1, 2, 5, tzinfo=UTC),
            "valid_until": NOW + timedelta(days=25_000),
            "given_at": NOW,
            "given_by": "sam",
        }
        kept[Grant].append(grant)
    for model, rows in kept.items():
        write(model, rows)
    fill(people, sessions, cast.cohort.id, cast.rivera.id, chance)
    db.session.commit()


def fill(
    people: list[tuple[str, str]], many: int, cohort_id: str, lead_id: str, chance: random.Random
) -> None:
    """Write sessions, who sits in them, and who came; every fifth is one family's."""
    rows: dict[type[Any], list[dict[str, Any]]] = {
        Session: [],
        SessionLead: [],
        SessionPatient: [],
        AttendanceMark: [],
    }
    for number in range(many):
        is_today = number < TODAY
        start = NOW - timedelta(minutes=400) + timedelta(minutes=3 * number)
        if not is_today:
            start = NOW - timedelta(days=1) - timedelta(minutes=14 * number)
        is_family = number % 5 == 0
        session_id = new_id()
        rows[Session].append(session(session_id, number, start, cohort_id, is_family=is_family))
        if number % 50 == 0:
            rows[SessionLead].append({"session_id": session_id, "person_id": lead_id})
        seated = chance.sample(people, 1 if is_family else GROUP // 5)
        for patient_id, mother_id in seated:
            rows[SessionPatient].append({"session_id": session_id, "person_id": patient_id})
            if not is_today:
                who = [patient_id, mother_id] if is_family else [patient_id]
                rows[AttendanceMark] += [word(session_id, each, chance) for each in who]
        if len(rows[Session]) >= CHUNK:
            for model, those in rows.items():
                write(model, those)
                those.clear()
    for model, those in rows.items():
        write(model, those)


def session(
    session_id: str, number: int, start: datetime, cohort_id: str, *, is_family: bool
) -> dict[str, Any]:
    """Return the row of one session of an hour."""
    series = f"e.fam.{number}" if is_family else "e.group"
    return {
        "id": session_id,
        "key": f"{series}.{number}",
        "series": series,
        "cohort_id": cohort_id,
        "kind": Kind.FAMILY_THERAPY if is_family else Kind.GROUP,
        "seats": Seats.BOTH if is_family else Seats.PATIENTS,
        "title": "Session",
        "week": 1,
        "starts_local": f"{start:%Y-%m-%dT%H:%M}",
        "zone": "America/New_York",
        "minutes": 1,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=1),
        "zone_rules": "2026f",
        "status": Status.SCHEDULED,
        "taken_back": False,
        "version": 0,
        "changed_at": NOW,
    }


def word(session_id: str, person_id: str, chance: random.Random) -> dict[str, Any]:
    """Return the row of one word about who came."""
    came = chance.random() < 0.8
    return {
        "session_id": session_id,
        "person_id": person_id,
        "turn": 1,
        "state": AttendanceState.PRESENT if came else AttendanceState.NO_SHOW,
        "minutes": 1 if came else 0,
        "by_telephone": False,
        "taken_back": False,
        "by": "sam",
        "at": NOW,
    }


def write(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Write rows, some at a time."""
    for begin in range(0, len(rows), CHUNK):
        db.session.execute(insert(model), rows[begin : begin + CHUNK])


if __name__ == "__main__":
    main()
