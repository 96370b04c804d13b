"""What the API costs beside the pages: 100 sessions, and one patient.

    .venv/bin/python benchmarks/api.py [--rounds 30]

Prints processor time of this process on SQLite, the best of the rounds: 100 sessions as JSON beside
the page that lists a cohort's weeks with the same sessions (promised: at most 1.5 times), and one
patient beside the application's empty answer with one question to the database (promised: at most
1.3 times). What a call costs that the bare answer does not have (the token, the count of the
minute, the line in the record, each kept for good) stands beside it, measured alone.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from flask import Flask  # noqa: E402
from sqlalchemy import text  # noqa: E402

from conftest import settings  # noqa: E402
from scheduler import audit, create_app  # noqa: E402
from scheduler.kernel.clock import turned_to  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.people import Scope, count_call, make_api_token, person_by_key  # noqa: E402
from scheduler.people.accounts.models import ApiToken  # noqa: E402
from scheduler.planning import cohort_by_key  # noqa: E402
from scheduler.programs import Kind, Seats  # noqa: E402
from scheduler.sessions import Meeting, schedule  # noqa: E402
from scheduler.web import Who, allow  # noqa: E402
from tests.web.house import NOW, begin_anew  # noqa: E402
from visitor import browser, sign_in  # noqa: E402

MANY = 100
KEY = "a key of the tests"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/api.db"
        engine = open_engine(url, KEY)
        upgrade(engine)
        engine.dispose()
        app = create_app(settings(url))
        app.add_url_rule("/bare", "bare", allow(Who.ANYONE)(bare))
        with app.app_context(), turned_to(lambda: NOW):
            measure(app, rounds)


def bare() -> str:
    """Answer with nothing, after one question."""
    db.session.execute(text("SELECT name FROM people WHERE key = 'jordan'")).one()
    return "{}"


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

    page = best(get("/desk/cohorts/evening?week=all&view=list", {}), rounds)
    many = best(get(f"/api/v1/sessions?limit={MANY}", head), rounds)
    one = best(get("/api/v1/patients/jordan", head), rounds)
    empty = best(get("/bare", {}), rounds)
    kept = best(written_down, rounds)
    print(f"100 sessions: page {page:.1f} ms, API {many:.1f} ms, ratio {many / page:.2f}")
    print(f"one patient: bare answer {empty:.1f} ms, API {one:.1f} ms, ratio {one / empty:.2f}")
    print(f"of it counting and the record, kept for good: {kept:.1f} ms")
    print(f"ratio without them: {(one - kept) / empty:.2f}")


def written_down() -> None:
    """Do alone what every call keeps: its count and its line in the record."""
    token = db.session.query(ApiToken).one()
    count_call(token.id, now=NOW)
    audit.append("api.called", "api bench", {}, by="desk", now=NOW)
    db.session.commit()
    db.session.remove()


def best(call: Callable[[], None], rounds: int) -> float:
    """Return the least processor time of a call, in milliseconds."""
    call()
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        call()
        times.append(time.process_time() - begin)
    return min(times) * 1000


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
