"""100,000 reminders put in place, beside APScheduler holding one job each; and finding what is due
among many.

    .venv/bin/python benchmarks/reminders.py [--patients 4000] [--rounds 5] [--sample 300] [--most
    10000000]

Both sides run in turns in one process on the same machine, so the ratio stands where the seconds do
not. APScheduler's figure is a sample of jobs added one by one, as its users do, times the number of
reminders: an extrapolation, said so. Ours is all of putting them in place, from an empty table:
sessions and seats read, policy applied, each person's name written down for each of their
reminders, committed to disk, in a process that has settled as the worker does. A group's names
stand together in one row; how many rows there are is printed. Deciding over them when they are due
is not in it, as running the jobs is not.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # noqa: E402
from apscheduler.schedulers.background import BackgroundScheduler  # noqa: E402
from sqlalchemy import insert, text  # noqa: E402

from conftest import settings  # noqa: E402
from fakes.postgres import Postgres  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.ids import new_id  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.people.models import Patient, Person, PersonKind, Practice  # noqa: E402
from scheduler.programs import Kind, Rules, Seats, Template  # noqa: E402
from scheduler.programs.models import Cohort, Enrolment, Program  # noqa: E402
from scheduler.reminders import Audience, Policy, decide  # noqa: E402
from scheduler.reminders.models import Reminder, ReminderBatch  # noqa: E402
from scheduler.reminders.policy import Lead  # noqa: E402
from scheduler.reminders.release_due import due_batches  # noqa: E402
from scheduler.reminders.schedule import schedule_reminders  # noqa: E402
from scheduler.reminders.sweeper import due_query  # noqa: E402
from scheduler.sessions.models import Session, SessionPatient, Status  # noqa: E402
from scheduler.worker.run import settle_memory  # noqa: E402

NOW = datetime(2027, 3, 1, 5, 0, tzinfo=UTC)
GROUP = 10
DAYS = 8
CHUNK = 500_000
"""Rolls written in one transaction."""
EVERYTHING = Policy(first_session=True, week_ahead=True, day_before=True, soon=True, ask=False)


def main() -> None:
    """Measure both engines and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--sample", type=int, default=300, help="jobs added to APScheduler in a round"
    )
    parser.add_argument("--most", type=int, default=10_000_000, help="reminders waiting, at most")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Postgres(durable=True) as server:
        server.run("CREATE DATABASE ours")
        server.run("CREATE DATABASE theirs")
        urls = {
            "SQLite": (f"sqlite:///{folder}/ours.db", f"sqlite:///{folder}/theirs.db", 300),
            "PostgreSQL": (
                server.url("ours"),
                server.url("theirs").replace("postgresql:", "postgresql+psycopg:"),
                50,
            ),
        }
        for name, (ours, theirs, bar) in urls.items():
            measure(name, ours, theirs, bar, said)


def measure(name: str, ours: str, theirs: str, bar: int, said: argparse.Namespace) -> None:
    """Run both sides in turns on one engine."""
    ours = ours.replace("postgresql:", "postgresql+psycopg:")
    engine = open_engine(ours, "a key of the tests")
    upgrade(engine)
    engine.dispose()
    app = create_app(settings(ours))
    with app.app_context():
        populate(said.patients)
        db.session.remove()
        settle_memory()
        rounds = [one_round(theirs, said.sample) for _ in range(said.rounds)]
        made, rows = rounds[0].made, rounds[0].rows
        took, worked, each = (
            statistics.median(column) for column in list(zip(*rounds, strict=True))[2:]
        )
        ratio = statistics.median(one.job * one.made / one.took for one in rounds)
        print(
            f"{name}: {made:,} reminders put in place in {took:.2f} s ({worked:.2f} s of it work "
            "of this process)"
        )
        print(f"  APScheduler: {each * 1e3:.2f} ms a job; {made:,} would take {each * made:,.0f} s")
        print(f"  {ratio:,.0f} times as fast (bar {bar}): {'ok' if ratio >= bar else 'MISSED'}")
        print(
            f"  they stand in {rows:,} rows; one job a row would still take "
            f"{ratio * rows / made:,.0f} times as long"
        )
        due(said.most)
        db.session.remove()
        db.engine.dispose()


class Round(NamedTuple):
    """What one turn of each saw: reminders, their rows, our seconds, those of them work, seconds a
    job.
    """

    made: int
    rows: int
    took: float
    worked: float
    job: float


def one_round(theirs: str, sample: int) -> Round:
    """Put all of them in place from nothing, between two samples of jobs."""
    db.session.execute(text("DELETE FROM reminder_rolls"))
    db.session.commit()
    db.session.remove()
    before = per_job(theirs, sample // 2)
    began, worked = time.perf_counter(), time.process_time()
    made = schedule_reminders(NOW)
    db.session.commit()
    took, worked = time.perf_counter() - began, time.process_time() - worked
    rows = db.session.execute(text("SELECT count(*) FROM reminder_rolls")).scalar_one()
    return Round(
        made, rows, took, worked, statistics.mean([before, per_job(theirs, sample - sample // 2)])
    )


def per_job(url: str, many: int) -> float:
    """Return the seconds it takes APScheduler to keep one date job, with a database behind it."""
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=url)}, timezone=UTC
    )
    scheduler.start(paused=True)
    began = time.perf_counter()
    for number in range(many):
        scheduler.add_job(
            print, "date", run_date=NOW + timedelta(days=3000, seconds=number), args=[new_id()]
        )
    took = time.perf_counter() - began
    scheduler.shutdown(wait=False)
    return took / many


def populate(patients: int) -> None:
    """Write a practice whose patients meet in groups twice a day for eight days."""
    db.session.add(
        Practice(
            name="A practice",
            outward_name="AP Scheduling",
            outward_email="a@p.example",
            zone="America/New_York",
            state="MA",
        )
    )
    program = Program(
        key="p",
        name="P",
        outward_title="Appointment",
        template=Template(8, Rules(0, 40, 12), (), ()),
    )
    lead = Person(key="lead", kind=PersonKind.CLINICIAN, name="Lead", email="lead@p.example")
    db.session.add_all([program, lead])
    db.session.flush()
    for audience in Audience:
        decide(program, audience, EVERYTHING, by="benchmark", now=NOW)
    groups = [new_id() for _ in range(-(-patients // GROUP))]
    rows: dict[Any, list[dict[str, Any]]] = {
        each: [] for each in (Cohort, Person, Patient, Enrolment)
    }
    members: dict[str, list[str]] = {group: [] for group in groups}
    for number, group in enumerate(groups):
        rows[Cohort].append(
            {
                "id": group,
                "key": f"c{number}",
                "program_id": program.id,
                "starts": date(2027, 2, 1),
                "leads": {},
            }
        )
    for number in range(patients):
        key, group = new_id(), groups[number // GROUP]
        members[group].append(key)
        address = f"p{number}@p.example"
        rows[Person].append(
            {
                "id": key,
                "key": f"p{number}",
                "kind": PersonKind.PATIENT,
                "name": "P",
                "email": address,
            }
        )
        rows[Patient].append(
            {"person_id": key, "state": "MA", "born": date(1990, 1, 1), "clinician_id": lead.id}
        )
        rows[Enrolment].append(
            {"id": new_id(), "patient_id": key, "cohort_id": group, "first": date(2027, 2, 1)}
        )
    for model, those in rows.items():
        db.session.execute(insert(model), those)
    sessions = [row for group in groups for row in meetings(group)]
    db.session.execute(insert(Session), sessions)
    seats = [
        {"session_id": row["id"], "person_id": one}
        for row in sessions
        for one in members[row["cohort_id"]]
    ]
    db.session.execute(insert(SessionPatient), seats)
    db.session.commit()


def meetings(group: str) -> Iterator[dict[str, Any]]:
    """Return a group's meetings: nine and three o'clock, eight days."""
    for day in range(DAYS):
        for hour in (14, 20):
            start = datetime(2027, 3, 1, hour, tzinfo=UTC) + timedelta(days=day)
            yield {
                "id": new_id(),
                "key": f"{group}.{day}.{hour}",
                "series": f"{group}.{hour}",
                "cohort_id": group,
                "kind": Kind.GROUP,
                "seats": Seats.PATIENTS,
                "title": "Group",
                "week": 1,
                "minutes": 60,
                "starts_local": f"{start:%Y-%m-%dT%H:%M}",
                "zone": "America/New_York",
                "starts_at": start,
                "ends_at": start + timedelta(hours=1),
                "zone_rules": "x",
                "status": Status.SCHEDULED,
                "version": 0,
                "changed_at": NOW,
            }


def due(most: int) -> None:
    """Ask whom to call and what to decide, among ten thousand waiting and more; 450 are due."""
    (session_id, people) = db.session.execute(
        text("SELECT session_id, min(person_id) FROM session_patients GROUP BY session_id LIMIT 1")
    ).one()
    db.session.execute(text("DELETE FROM reminder_rolls"))
    db.session.commit()
    waiting, first = 0, None
    many = 10_000
    while many <= most:
        for begin in range(waiting, many, CHUNK):
            fill(session_id, people, begin, min(begin + CHUNK, many))
        db.session.execute(text("ANALYZE reminder_rolls"))
        db.session.commit()
        waiting = many
        took = statistics.median(ask() for _ in range(31))
        first = first or took
        print(
            f"  what is due among {many:>10,} waiting: {took * 1e3:6.2f} ms, {took / first:.2f} "
            "x of 10,000 (bar 2)"
        )
        many *= 10


def fill(session_id: str, person_id: str, first: int, last: int) -> None:
    """Write rolls of one person each, by the database itself: the first 450 are due, the others
    follow a second apart.

    Names rise with the number, so that indexes grow at their end: at random ten million take hours.
    """
    sqlite = db.engine.dialect.name == "sqlite"
    numbers = (
        f"WITH RECURSIVE n(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM n WHERE n < "
        f"{last - 1}) "
    )
    numbers = (
        numbers if sqlite else f"WITH n AS (SELECT generate_series({first}, {last - 1}) AS n) "
    )
    moment = "strftime('%Y-%m-%d %H:%M:%f000', '{0}', {1} || ' seconds')"
    moment = moment if sqlite else "timestamptz '{0}+00' + ({1}) * interval '1 second'"
    soon, far = f"{NOW:%Y-%m-%d %H:%M:%S}", f"{NOW + timedelta(days=9):%Y-%m-%d %H:%M:%S}"
    due_at = moment.format(soon, "(CASE WHEN n < 450 THEN -60 ELSE n END)")
    values = {
        "id": "printf('%032d', n)" if sqlite else "lpad(n::text, 32, '0')",
        "session_id": f"'{session_id}'",
        "lead": f"'{Lead.DAY_BEFORE.value}'",
        "starts_at": moment.format(far, "n"),
        "due_at": due_at,
        "people": f"'{person_id}'",
        "many": "1",
    }
    into = f"INSERT INTO reminder_rolls ({', '.join(values)}) "
    taken = f"SELECT {', '.join(values.values())} FROM n"
    db.session.execute(text(into + numbers + taken if sqlite else numbers + into + taken))
    db.session.commit()


def ask() -> float:
    """Return the seconds that one look at what is due takes: whom to call, and what waits to be
    decided.
    """
    began = time.perf_counter()
    found = db.session.execute(due_batches(NOW).with_only_columns(ReminderBatch.id)).all()
    decided = db.session.execute(due_query(NOW).with_only_columns(Reminder.id)).all()
    took = time.perf_counter() - began
    db.session.rollback()
    assert (len(found), len(decided)) == (450, 0)
    return took


if __name__ == "__main__":
    main()
