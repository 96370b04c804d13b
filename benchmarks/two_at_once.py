"""Do two changes at one moment wait for each other? One move alone, two of one cohort at one
moment, and two of two cohorts, on PostgreSQL, by the form that a desk sends.

    .venv/bin/python benchmarks/two_at_once.py [--rounds 5] [--cohorts 2] [--url postgresql://...]

Prints the seconds until the first and until the second is answered (medians), and both as ratios to
one alone; exit 1 when the second waits for more than a second beyond the first. Both run in this
one process, so that what they compute adds up, too. With `--url` an empty database elsewhere is
filled and used.
"""

import argparse
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Barrier

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from flask import Flask  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402
from house import stand_up  # noqa: E402
from sqlalchemy import select  # noqa: E402

from conftest import settings  # noqa: E402
from end_to_end.elm_street import BEFORE  # noqa: E402
from fakes.postgres import Postgres  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.kernel.clock import turned_to  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.people import person_by_key  # noqa: E402
from scheduler.people.models import Role  # noqa: E402
from scheduler.planning import places_instead  # noqa: E402
from scheduler.programs import Kind  # noqa: E402
from scheduler.sessions import session_by_key  # noqa: E402
from scheduler.sessions.models import Session  # noqa: E402
from tests.web.races.two_browsers import form_in  # noqa: E402
from visitor import TOKEN, browser, sign_in  # noqa: E402

MOST = 1.0
"""Seconds that the second may wait beyond the first."""
Send = tuple[str, dict[str, list[str]]]


def main() -> None:
    """Stand two cohorts up, move sessions alone and by twos, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cohorts", type=int, default=2, help="how many the house has")
    parser.add_argument("--url")
    said = parser.parse_args()
    if said.url:
        sys.exit(measure(said.url, said.rounds, said.cohorts))
    with Postgres(durable=True) as server:
        server.run("CREATE DATABASE two")
        code = measure(server.url("two"), said.rounds, said.cohorts)
    sys.exit(code)


def measure(url: str, rounds: int, cohorts: int) -> int:
    """Print the three figures; return 1 where the second waits for too long."""
    engine = open_engine(url.replace("postgresql:", "postgresql+psycopg:"), "")
    upgrade(engine)
    engine.dispose()
    app = create_app(settings(url))
    app.testing = True
    with app.app_context(), turned_to(lambda: BEFORE):
        stand_up(cohorts, BEFORE)
        clients = [desk_of(app, key) for key in ("moss-00", "moss-01")]
        keys = [single("cohort-00"), single("cohort-01")]
        pairs = {
            "one alone": [keys[0][0]],
            "two of one cohort": keys[0][:2],
            "two of two cohorts": [keys[0][0], keys[1][0]],
        }
        found = {}
        moved(app, clients, keys[0][:1])  # the first time of all is left out
        for name, those in pairs.items():
            took = [moved(app, clients, those) for _ in range(rounds)]
            found[name] = (
                statistics.median(each[0] for each in took),
                statistics.median(each[-1] for each in took),
                max(each[-1] - each[0] for each in took),
            )
        db.session.remove()
        db.engine.dispose()
    return show(found)


def show(found: dict[str, tuple[float, float, float]]) -> int:
    """Print each figure with its ratio to one alone."""
    alone = found["one alone"][0]
    longest = 0.0
    for name, (first, second, apart) in found.items():
        longest = max(longest, apart)
        print(
            f"{name:18s}  first {first:.2f} s ({first / alone:.2f}x)  "
            f"second {second:.2f} s ({second / alone:.2f}x)  most between them {apart:.2f} s"
        )
    holds = longest <= MOST
    print(f"the second waits for {longest:.2f} s at most: {'holds' if holds else 'DOES NOT HOLD'}")
    return 0 if holds else 1


def desk_of(app: Flask, key: str) -> FlaskClient:
    """Return the browser of somebody who may change sessions."""
    person = person_by_key(key)
    assert person.clinician is not None
    person.clinician.roles = (Role.COORDINATOR,)
    client = browser(app)
    sign_in(client, person)
    return client


def single(cohort: str) -> list[str]:
    """Return the key of one individual session in the third week for each patient of a cohort."""
    wanted = select(Session.key).where(
        Session.key.startswith(f"{cohort}."),
        Session.kind == Kind.INDIVIDUAL,
        Session.week == 3,
    )
    return list(db.session.scalars(wanted.order_by(Session.key)))


def moved(app: Flask, clients: list[FlaskClient], keys: list[str]) -> list[float]:
    """Move sessions at one moment; return after how many seconds each was answered, in order."""
    taken: set[str] = set()
    sent = []
    for client, key in zip(clients, keys, strict=False):
        place = free_place(key, taken)
        taken.add(f"{place:%Y-%m-%d}")
        sent.append(looked(app, client, key, place))
    db.session.remove()
    ready = Barrier(len(sent), timeout=60)

    def send(number: int) -> float:
        address, fields = sent[number]
        with app.app_context():
            ready.wait()
            began = time.perf_counter()
            answer = clients[number].post(address, data=fields)
            assert answer.status_code == 303, answer.text
            return time.perf_counter() - began

    with ThreadPoolExecutor(len(sent)) as pool:
        return sorted(pool.map(send, range(len(sent))))


def free_place(key: str, taken: set[str]) -> datetime:
    """Return where a session can be instead, on a day that the other one is not moved to."""
    row = session_by_key(key)
    wish = datetime.fromisoformat(row.starts_local)
    places = places_instead([row], to=wish, minutes=row.minutes, now=BEFORE)
    db.session.rollback()
    return next(place for place in places if f"{place:%Y-%m-%d}" not in taken)


def looked(app: Flask, client: FlaskClient, key: str, place: datetime) -> Send:
    """Look at a move as the desk does; return the form that does it."""
    page = f"/desk/sessions/{key}"
    token = TOKEN.search(client.get(page).text)
    assert token is not None
    asked = {
        "csrf_token": token[1],
        "deed": "move",
        "day": f"{place:%Y-%m-%d}",
        "at": f"{place:%H:%M}",
        "minutes": str(session_by_key(key).minutes),
        "onward": "",
    }
    shown = client.post(f"{page}/look", data=asked)
    form = form_in(app, shown, "session_edit.change")
    assert form is not None, shown.text
    return form.action, form.filled(0, "")


if __name__ == "__main__":
    main()
