"""What the API costs beside the pages: 100 sessions, and one patient.

    .venv/bin/python benchmarks/api.py [--rounds 100] [--engine sqlite|postgresql]

Prints processor time of this process (on PostgreSQL the server's own is not in it), the best of
the rounds, all of them taken by turns: 100 sessions as JSON beside the page that lists a cohort's
weeks with the same sessions (promised: at most 1.5 times), and one patient beside

  nobody's    the application's empty answer with one question, for anybody: nobody is known, and
              nothing is kept
  a token's   the same for who brings a token, which is looked up; nothing is kept
  recorded    the same, and the call counted against its minute and written into the record for
              good before it is answered: the law of this API, and so the least a call can cost

(promised: at most 1.3 times). The last figure says what the record alone costs where nothing but
the driver is between: two statements, the line's HMAC, and a commit that is on the disk.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from flask import Flask  # noqa: E402
from sqlalchemy import text, update  # noqa: E402

from conftest import settings  # noqa: E402
from fakes.postgres import Postgres  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.audit.append_entry import seal  # noqa: E402
from scheduler.kernel.clock import turned_to  # noqa: E402
from scheduler.kernel.database import db, open_engine, write_after_reading  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.people import Scope, make_api_token, person_by_key  # noqa: E402
from scheduler.people.accounts.models import ApiToken  # noqa: E402
from scheduler.planning import cohort_by_key  # noqa: E402
from scheduler.programs import Kind, Seats  # noqa: E402
from scheduler.sessions import Meeting, schedule  # noqa: E402
from scheduler.web import Who, allow  # noqa: E402
from scheduler.web.api.door.api_routes import BOOK  # noqa: E402
from scheduler.web.api.door.gatekeeper import (  # noqa: E402
    Subject,
    count_and_note,
    holder_here,
)
from tests.web.house import NOW, begin_anew  # noqa: E402
from visitor import browser, sign_in  # noqa: E402

MANY = 100
KEY = "a key of the tests"
NEWEST = "SELECT number, chain FROM audit_entries ORDER BY number DESC LIMIT 1"
COUNT = "UPDATE api_tokens SET calls = calls + 1 WHERE name = 'bench' RETURNING calls"
WRITE = """INSERT INTO audit_entries (number, at, "by", deed, about, details, chain)
VALUES (%s, '2027-02-01 12:00:00', 'desk', 'api.called', 'api bench', '{}', '%s')"""
LOCK = "SELECT pg_advisory_xact_lock(7039342)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    said = parser.parse_args()
    engines = said.engine or ["sqlite", "postgresql"]
    with tempfile.TemporaryDirectory() as folder, Postgres(durable=True) as server:
        server.run("CREATE DATABASE api")
        urls = {"sqlite": f"sqlite:///{folder}/api.db", "postgresql": server.url("api")}
        for name in engines:
            print(f"{name}:")
            on_engine(urls[name].replace("postgresql:", "postgresql+psycopg:"), said.rounds)


def on_engine(url: str, rounds: int) -> None:
    """Measure on one engine."""
    engine = open_engine(url, KEY)
    upgrade(engine)
    engine.dispose()
    app = create_app(settings(url))
    for name, (view, who) in PEERS.items():
        app.add_url_rule(f"/{name}", name, allow(who)(view))
    with app.app_context(), turned_to(lambda: NOW):
        measure(app, rounds)
        db.session.remove()
        db.engine.dispose()


def nobodys() -> str:
    """Answer with nothing, after one question."""
    db.session.execute(text("SELECT name FROM people WHERE key = 'jordan'")).one()
    return "{}"


def tokens() -> str:
    """Answer who brings a token with nothing, after one question."""
    holder_here(now=NOW)
    db.session.execute(text("SELECT name FROM people WHERE key = 'jordan'")).one()
    return "{}"


def recorded() -> str:
    """Answer who brings a token with nothing, after one question; and keep the call."""
    holder = holder_here(now=NOW)
    db.session.execute(text("SELECT name FROM people WHERE key = 'jordan'")).one()
    write_after_reading()
    count_and_note(holder, BOOK.routes[0], Subject("api bench"), now=NOW)
    return "{}"


def kept_by_driver() -> None:
    """Keep a call with nothing but the driver between."""
    connection = db.session.connection()
    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        cursor.execute(LOCK)
    cursor.execute(COUNT)
    cursor.fetchall()
    cursor.execute(NEWEST)
    ((number, chain),) = cursor.fetchall()
    said = [chain, number + 1, NOW.isoformat(), "desk", "api.called", "api bench", {}]
    cursor.execute(WRITE % (number + 1, seal(said)))
    db.session.commit()
    db.session.remove()


PEERS = {
    "nobodys": (nobodys, Who.ANYONE),
    "tokens": (tokens, Who.TOKEN),
    "recorded": (recorded, Who.TOKEN),
}


def measure(app: Flask, rounds: int) -> None:
    """Print both comparisons."""
    begin_anew()
    lay_sessions()
    token = make_api_token(
        "bench",
        person_by_key("desk"),
        tuple(Scope),
        lasts=timedelta(days=1),
        by="command",
        now=NOW,
    )
    db.session.commit()
    client = browser(app)
    sign_in(client, person_by_key("desk"))
    head = {"Authorization": f"Bearer {token}"}

    def get(path: str, headers: dict[str, str]) -> Callable[[], None]:
        def call() -> None:
            answer = client.get(path, headers=headers)
            assert answer.status_code == 200, answer.text
            db.session.remove()

        return call

    found = best(
        {
            "page": get("/desk/cohorts/evening?week=all&view=list", {}),
            "many": get(f"/api/v1/sessions?limit={MANY}", head),
            "one": get("/api/v1/patients/jordan", head),
            "nobody's": get("/nobodys", {}),
            "a token's": get("/tokens", head),
            "recorded": get("/recorded", head),
            "driver": kept_by_driver,
        },
        rounds,
    )
    many, page, one = found["many"], found["page"], found["one"]
    print(f"  100 sessions: page {page:.1f} ms, API {many:.1f} ms, ratio {many / page:.2f}")
    print(f"  one patient: {one:.2f} ms")
    for peer in ("nobody's", "a token's", "recorded"):
        print(f"    empty answer, {peer}: {found[peer]:.2f} ms, ratio {one / found[peer]:.2f}")
    print(f"    the record alone, by the driver: {found['driver']:.2f} ms")


def best(calls: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Return the least processor time of each call, in milliseconds; they take turns, so that none
    has the machine's good minute to itself.
    """
    least = dict.fromkeys(calls, float("inf"))
    gc.disable()
    for turn in range(rounds + 3):
        for name, call in calls.items():
            begin = time.process_time()
            call()
            took = (time.process_time() - begin) * 1000
            if turn >= 3:
                least[name] = min(least[name], took)
        db.session.execute(update(ApiToken).values(calls=0))
        db.session.commit()
        db.session.remove()
        gc.collect()
    gc.enable()
    return least


def lay_sessions() -> None:
    """Lay a hundred sessions of one cohort, fifty a patient."""
    cohort = cohort_by_key("evening")
    rivera = person_by_key("rivera").id
    patients = [person_by_key(key).id for key in ("jordan", "noemie")]
    meetings = []
    for number in range(MANY):
        local = datetime(2027, 3, 1, 8) + timedelta(days=number // 8, hours=number % 8)
        begins = local.replace(tzinfo=UTC) + timedelta(hours=5)
        meeting = Meeting(
            key=f"evening.one.{number}",
            series=f"evening.one.{number}",
            cohort_id=cohort.id,
            kind=Kind.INDIVIDUAL,
            seats=Seats.PATIENTS,
            title="Individual session",
            topic=None,
            week=1 + number // 56,
            starts_local=f"{local:%Y-%m-%dT%H:%M}",
            zone="America/New_York",
            minutes=50,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=50),
            room_id=None,
            leads=(rivera,),
            patients=(patients[number % 2],),
        )
        meetings.append(meeting)
    schedule(meetings, by="command", now=NOW)
    db.session.commit()


if __name__ == "__main__":
    main()
