"""Does one cohort cost more in a larger house? Queries and processor time of what a desk does to
one cohort, in houses of 1, 5 and 20 cohorts of the same weeks.

    .venv/bin/python benchmarks/house.py [--cohorts 1 5 20] [--rounds 5]

Prints each deed's queries and milliseconds of this process, and both as ratios to the smallest
house. SQLite, in a folder of its own; every deed is undone before the next.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sqlalchemy import event, select  # noqa: E402

from conftest import KEY as DATABASE_KEY  # noqa: E402
from conftest import settings  # noqa: E402
from end_to_end.elm_street import BEFORE, clinic  # noqa: E402
from scheduler import create_app, feeds  # noqa: E402
from scheduler.change_tracking import take_unfed, take_untold  # noqa: E402
from scheduler.clinics import load, read  # noqa: E402
from scheduler.invitations import announce  # noqa: E402
from scheduler.kernel.clock import turned_to  # noqa: E402
from scheduler.kernel.database import db, open_engine  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402
from scheduler.people import WEEKDAYS, Window, person_by_key  # noqa: E402
from scheduler.people.models import Person  # noqa: E402
from scheduler.planning import (  # noqa: E402
    Hours,
    grid_of,
    judge_trial,
    places_in_week,
    places_instead,
    propose,
    publish,
    still_holds,
)
from scheduler.sessions import (  # noqa: E402
    cancel_sessions,
    edit_sessions,
    put_back,
    session_by_key,
)
from scheduler.web.desk.change_preview import people_of  # noqa: E402

FIRST = "cohort-00"
KEY = f"{FIRST}.one.jordan-00.w3"


@dataclass
class Cost:
    """What a deed took: queries, and milliseconds of this process (median)."""

    queries: int
    milliseconds: float


def house(cohorts: int) -> dict[str, Any]:
    """Return a clinic file of so many cohorts like Elm Street's, each with its own people."""
    whole = clinic()
    one = deepcopy(whole)
    for name in ("clinicians", "cohorts", "patients", "video_rooms"):
        whole[name] = []
    for number in range(cohorts):
        mark = f"-{number:02d}"
        said = deepcopy(one)
        whole["video_rooms"] += [renamed(room, mark, url=True) for room in said["video_rooms"]]
        whole["clinicians"] += [renamed(person, mark) for person in said["clinicians"]]
        for patient in said["patients"]:
            family = [renamed(person, mark) for person in patient.get("family", [])]
            own = {"clinician": patient["clinician"] + mark, "cohort": f"cohort{mark}"}
            whole["patients"].append(renamed(patient, mark) | own | {"family": family})
        leads = {"process": "moss" + mark}
        whole["cohorts"] += [said["cohorts"][0] | {"key": f"cohort{mark}", "leads": leads}]
    return whole


def renamed(said: dict[str, Any], mark: str, *, url: bool = False) -> dict[str, Any]:
    """Return somebody or something of the file under another key and address."""
    found = said | {"key": said["key"] + mark}
    if url:
        return found | {"url": said["url"] + mark}
    if "email" in said:
        found["email"] = said["email"].replace("@", f"{mark}@")
    return found


def stand_up(cohorts: int, moment: datetime) -> None:
    """Load the house, plan and publish each of its cohorts, and tell everybody."""
    load(read(json.dumps(house(cohorts)).encode()), by="command", now=moment)
    db.session.commit()
    for number in range(cohorts):
        key = f"cohort-{number:02d}"
        propose(key, seconds=0.5, seed=1, by="command", now=moment)
        publish(key, by="command", now=moment)
        db.session.commit()
    for person in db.session.scalars(select(Person)).all():
        feeds.make(person, by="command", now=moment)
    tick(moment)
    db.session.commit()
    tick(moment)
    db.session.commit()


def tick(moment: datetime) -> None:
    """Compare those whom something changed for since the last tick, as the worker does."""
    announce(by="worker", now=moment, concerned=take_untold(since=moment, now=moment))
    feeds.refresh(now=moment, concerned=take_unfed(since=moment, now=moment))


def compare_all(moment: datetime) -> None:
    """Compare everybody, as the worker does every quarter of an hour."""
    announce(by="worker", now=moment)
    feeds.refresh(now=moment)


def deeds(moment: datetime) -> dict[str, Callable[[], Callable[[], object]]]:
    """Return by name what makes ready for a deed; that gives the deed."""
    by = "command"

    def hold() -> Callable[[], object]:
        return lambda: still_holds(FIRST, now=moment)

    def idle() -> Callable[[], object]:
        return lambda: tick(moment)

    def after_a_move() -> Callable[[], object]:
        edit_sessions(session_by_key(KEY), to=elsewhere(), by=by, now=moment)
        return lambda: tick(moment)

    def everybody() -> Callable[[], object]:
        return lambda: compare_all(moment)

    def hand(change: Callable[[], Any]) -> Callable[[], object]:
        def done() -> None:
            row = session_by_key(KEY)
            people = people_of([row], moment)
            judge_trial(FIRST, change, now=moment)
            announce(by=by, now=moment, people=people)

        return done

    def elsewhere() -> datetime:
        row = session_by_key(KEY)
        wish = datetime.fromisoformat(row.starts_local)
        return places_instead([row], to=wish, minutes=row.minutes, now=moment)[0]

    def lifted() -> Callable[[], object]:
        row = session_by_key(KEY)
        monday = datetime.fromisoformat(row.starts_local).date()
        monday -= timedelta(days=monday.weekday())
        hours = Hours(7 * 60, 22 * 60, grid_of(row))

        def places() -> object:
            session = session_by_key(KEY)
            return places_in_week(session, monday=monday, hours=hours, minutes=50, now=moment)

        return places

    def cancelled() -> Callable[[], object]:
        return hand(lambda: cancel_sessions(session_by_key(KEY), by=by, now=moment))

    def moved() -> Callable[[], object]:
        to = elsewhere()
        return hand(lambda: edit_sessions(session_by_key(KEY), to=to, by=by, now=moment))

    def put_back_again() -> Callable[[], object]:
        cancel_sessions(session_by_key(KEY), by=by, now=moment)
        db.session.flush()
        return hand(lambda: put_back(session_by_key(KEY), by=by, now=moment))

    def published() -> Callable[[], object]:
        day = datetime.fromisoformat(session_by_key(KEY).starts_local).weekday()
        others = [word for number, word in enumerate(WEEKDAYS[:5]) if number != day]
        person_by_key("jordan-00").free = (Window(tuple(others), 12 * 60, 17 * 60 + 30),)
        db.session.flush()
        propose(FIRST, seconds=0.3, seed=2, by=by, now=moment)
        return lambda: publish(FIRST, by=by, now=moment)

    return {
        "holds": hold,
        "places of a week": lifted,
        "cancel": cancelled,
        "move": moved,
        "put back": put_back_again,
        "publish": published,
        "idle tick": idle,
        "tick after a move": after_a_move,
        "compare all": everybody,
    }


def measure(app: Any, moment: datetime, rounds: int) -> dict[str, Cost]:
    """Return what each deed cost."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", counted)
    found = {}
    for name, ready in deeds(moment).items():
        spent = []
        for _ in range(rounds + 1):
            deed = ready()
            db.session.flush()
            db.session.expire_all()
            count = 0
            begin = time.process_time()
            deed()
            spent.append((time.process_time() - begin) * 1000)
            queries = count
            db.session.rollback()
            db.session.remove()
        found[name] = Cost(queries, statistics.median(spent[1:]))
    return found


def main() -> None:
    """Measure each house and say how the figures grow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, nargs="+", default=[1, 5, 20])
    parser.add_argument("--rounds", type=int, default=5)
    said = parser.parse_args()
    moment = BEFORE
    found = {}
    for cohorts in said.cohorts:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/house.db"
            engine = open_engine(url, DATABASE_KEY)
            upgrade(engine)
            engine.dispose()
            app = create_app(settings(url))
            with app.app_context(), turned_to(lambda: moment):
                stand_up(cohorts, moment)
                found[cohorts] = measure(app, moment, said.rounds)
                db.session.remove()
                db.engine.dispose()
    smallest = found[said.cohorts[0]]
    for cohorts, costs in found.items():
        for name, cost in costs.items():
            least = smallest[name]
            print(
                f"{cohorts:3d} cohorts  {name:17s}  {cost.queries:4d} queries "
                f"({cost.queries / max(least.queries, 1):.2f}x)  {cost.milliseconds:8.1f} ms "
                f"({cost.milliseconds / least.milliseconds:.2f}x)"
            )


if __name__ == "__main__":
    main()
