"""Every route, by everybody, with what nobody would type: no answer says that we broke, and none
asks much of the database.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, select

from hostile import Hostile, Known, walk_through
from scheduler.clinics import load, read
from scheduler.invitations import link_token
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.people import new_password_link, person_by_key
from scheduler.people.accounts.invite_staff import RESET_LASTS
from scheduler.people.models import Role
from scheduler.sessions.models import Session
from tests.web.house import NOW, clinic_file
from visitor import sign_in

WHO = (*Role, "patient", "relative", "nobody")
KEYS = {Role.CLINICIAN: "rivera", "patient": "jordan", "relative": "jordan-mother"}
PAGES = 90
FULL = int(os.environ.get("REQUESTS") or 20_000)
"""Requests as each role on each engine with `--long`."""
ANEW = 500
"""Requests after which the people are put back as they were."""
MOST_SECONDS = 2
"""Of the database's work in one request, as the deadline of a server has it."""
_known: dict[str, Known] = {}


def stand(client: FlaskClient, who: str) -> None:
    """Be signed in as `who`, whatever was done to them before."""
    db.session.rollback()
    client.delete_cookie("__Host-kinfold")
    if who == "nobody":
        return
    person = person_by_key(KEYS.get(who, "desk"))
    if person.clinician is not None:
        person.clinician.roles = (Role(who),)
        person.clinician.ended_at = None
    sign_in(client, person)


def addresses(path: str) -> list[str]:
    """Addresses that no page shows to whoever walks through them."""
    invited = db.session.scalars(select(Invitation.uid).order_by(Invitation.uid)).all()
    tokens = [link_token(uid) for uid in invited]
    sessions = db.session.scalars(select(Session.key)).unique().all()
    secret = new_password_link(person_by_key("desk"), lasts=RESET_LASTS, now=NOW)
    db.session.commit()
    found = [f"/{way}/{token}" for token in tokens for way in ("i", "j")]
    found += [f"/desk/sessions/{key}{end}" for key in sessions for end in ("", "/attendance")]
    return [*found, f"/password/{secret}", "/check", "/open/x", path]


def known(house: Flask) -> Known:
    """What every page of the house holds, read once an engine."""
    engine = db.engine.dialect.name
    if engine not in _known:
        learned = Known()
        client = house.test_client()
        begin = addresses("/desk/")
        desk = person_by_key("desk")
        assert desk.clinician is not None
        desk.clinician.roles = tuple(Role)
        sign_in(client, desk)
        walk_through(client, ["/desk/", "/desk/patients/jordan", *begin], learned, PAGES)
        for key, page in (("jordan", "/mine/"), ("jordan-mother", "/family")):
            sign_in(client, person_by_key(key))
            walk_through(client, [page], learned, PAGES // 3)
        learned.good["desk/accounts key"].update(("rivera", "desk"))
        learned.good["desk/reason key"].add("jordan")
        _known[engine] = learned
    return _known[engine]


class Spent:
    """Seconds of the processor that the database worked in one request: of this thread on SQLite,
    of the server's process on PostgreSQL; how busy the machine is makes no difference.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.worst = 0.0
        self.began = 0.0

    def next(self) -> None:
        """Begin the next request."""
        self.worst = max(self.worst, self.seconds)
        self.seconds = 0.0

    def before(self, line: Connection, *_: object) -> None:
        """Note the beginning of a statement."""
        self.began = worked(line)

    def after(self, line: Connection, *_: object) -> None:
        """Note its end."""
        self.seconds += worked(line) - self.began


def worked(line: Connection) -> float:
    """Return the seconds of the processor that whoever answers this connection has used."""
    if line.dialect.name == "sqlite":
        return time.thread_time()
    server = line.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
    said = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def spending() -> Iterator[Spent]:
    """Count what the database works meanwhile."""
    spent = Spent()
    names = (("before_cursor_execute", spent.before), ("after_cursor_execute", spent.after))
    for name, note in names:
        event.listen(db.engine, name, note)
    yield spent
    for name, note in names:
        event.remove(db.engine, name, note)


@pytest.mark.timeout(0)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("who", WHO)
def test_hostile_request_never_breaks_anything(
    house: Flask, who: str, seed: int, trials: Callable[[int, int], int]
) -> None:
    house.config["WTF_CSRF_ENABLED"] = False
    learned = known(house)
    client = house.test_client()
    stand(client, who)
    hostile = Hostile(house, learned, Random(seed))
    answers: Counter[int] = Counter()
    broken = []
    with spending() as spent:
        for number, request in enumerate(hostile.requests(trials(30, FULL)), 1):
            spent.next()
            answer = client.open(**request)
            answers[answer.status_code] += 1
            if answer.status_code >= 500:
                broken.append((answer.status_code, request))
                print(answer.status_code, request, flush=True)
            if answer.location == "/" or number % 25 == 0:
                stand(client, who)
            if number % ANEW == 0:
                print(who, number, dict(answers), len(broken), f"{spent.worst:.3f} s", flush=True)
                load(read(clinic_file()), by="command", now=NOW)
                db.session.commit()
        spent.next()
    print(who, dict(answers), f"at most {spent.worst:.3f} s of the database")

    assert broken == []
    assert spent.worst <= MOST_SECONDS
