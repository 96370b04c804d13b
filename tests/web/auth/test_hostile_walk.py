"""Every route, by everybody, with what nobody would type: no answer says that we broke, and none
asks much of the database.

`REQUESTS=n pytest --long -s` walks as far as it says, and prints what every route answered.
"""

import logging
import os
import shutil
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from threading import get_ident

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, select, text

from cast import grant
from fakes.postgres import Postgres
from hostile import Hostile, Known, walk_through
from scheduler.admissions import offer_place
from scheduler.busy import follow
from scheduler.consents import record_authority
from scheduler.consents.model.models import Signer
from scheduler.invitations import link_token, receive
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import Marking, keep_device, mark_hours, person_by_key
from scheduler.people.accounts.invite_staff import RESET_LASTS, new_password_link
from scheduler.people.models import Person, Role
from scheduler.people.safe_contact.models import Means
from scheduler.planning import begin, cohort_by_key, keep, make_plan
from scheduler.programs import Kind
from scheduler.sessions.models import Session
from tests.web.api.caller import token_for
from tests.web.auth.proofs.test_passkey_step import asked
from tests.web.auth.wanderer import Wanderer
from tests.web.auth.well_formed import (
    Right,
    Stage,
    prepare,
    right_calls,
    right_deeds,
    right_requests,
    right_sign_ins,
)
from tests.web.house import NOW
from tests.web.races.furnished import furnish
from tests.web.races.test_where_no_walk_leads import WORDS, newcomer
from visitor import sign_in
from watch import Watch

WHO = (*Role, "patient", "relative", "nobody")
KEYS = {Role.CLINICIAN: "rivera", "patient": "jordan", "relative": "jordan-mother"}
PAGES = 90
PAGES_WITH_LONG = 400
FULL = int(os.environ.get("REQUESTS") or 20_000)
"""Requests as each role on each engine with `--long`."""
ANEW = 1000
"""Requests after which the house is put back as it was: far enough for what follows from what."""
SIGNED_IN = 25
"""Requests after which somebody signs in anew, who may have been shut out since."""
A_MINUTE = 100
"""Requests in a minute of the clock."""
MOST_SECONDS = 2
"""Of the database's work in one request, as the deadline of a server has it."""
_known: dict[str, Known] = {}
_reached: dict[tuple[str, str], set[str]] = {}
"""By engine and who walked, the routes that were answered well."""


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


def wind_gate() -> None:
    """Let the database's own gate go by the clock of this house; it goes by the real one, to which
    a consent given here has not begun.
    """
    moment = NOW + timedelta(hours=1)
    if db.engine.dialect.name == "sqlite":
        real = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
        wanted = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, written in db.session.execute(wanted).all():
            if real in written:
                line = db.session.connection()
                line.exec_driver_sql(f"DROP TRIGGER {name}")
                line.exec_driver_sql(written.replace(real, f"'{moment:%Y-%m-%d %H:%M:%S.%f}'"))
    else:
        ours = "pronamespace = 'public'::regnamespace AND prokind = 'f'"
        wanted = text(f"SELECT pg_get_functiondef(oid) FROM pg_proc WHERE {ours}")
        for (written,) in db.session.execute(wanted).all():
            if "clock_timestamp()" in written:
                said = f"timestamptz '{moment:%Y-%m-%d %H:%M:%S}+00'"
                line = db.session.connection()
                line.exec_driver_sql(written.replace("clock_timestamp()", said).replace("%", "%%"))
    db.session.commit()


def fill(house: Flask, folder: Path) -> Stage:
    """Put into the house one of everything that a page or a right request may be about."""
    wind_gate()
    furnish(house, folder)
    jordan, mother, sam = map(person_by_key, ("jordan", "jordan-mother", "desk"))
    grant(mother, jordan, Kind.PROGRESS_UPDATE)
    receive(WORDS, by="reply", now=now())
    for person in (jordan, mother):
        keep_device(person, what="iPhone", ends_at=now() + timedelta(days=30), now=now())
    mark_hours(mother, Marking(frozenset({0}), 540, 600, Means.BOTH), by="desk", now=now())
    follow(sam, "https://alpha.example/a.ics", by="desk", now=now() - timedelta(hours=1))
    record_authority(
        patient=jordan,
        capacity=Signer.GUARDIAN,
        name="Pat Grey",
        first=date(2027, 1, 1),
        last=None,
        evidence="docket 12 of 2026",
        by="desk",
        now=now(),
    )
    newcomer("zo", "Zoe Hart")
    newcomer("zoe", "Zoe Hart", waits=1)
    offer_place(cohort_by_key("evening"), "zoe", date(2027, 3, 1), by="desk", now=now())
    stage = prepare(house, folder)
    task = begin("evening", now=now())
    keep(task, make_plan(task.problem, seconds=1), seed=0, by="desk", now=now())
    db.session.commit()
    return stage


def addresses(stage: Stage) -> list[str]:
    """Addresses that no page shows to whoever walks through them."""
    invited = db.session.scalars(select(Invitation.uid).order_by(Invitation.uid)).all()
    tokens = [link_token(uid) for uid in invited]
    sessions = db.session.scalars(select(Session.key)).unique().all()
    secret = new_password_link(person_by_key("desk"), lasts=RESET_LASTS, now=NOW)
    db.session.commit()
    found = [f"/{way}/{token}" for token in tokens for way in ("i", "j")]
    ends = ("", "/attendance", "/recording")
    found += [f"/desk/sessions/{key}{end}" for key in sessions for end in ends]
    found += [f"/r/{stage.recording}", f"/r/{stage.recording}/code"]
    return [*found, f"/password/{secret}", "/check", "/open/x", "/", "/forgotten"]


def known(house: Flask, stage: Stage, most: int) -> Known:
    """What every page of the house holds, read once an engine."""
    engine = db.engine.dialect.name
    if engine not in _known:
        learned = Known()
        client = house.test_client()
        begin = addresses(stage)
        desk = person_by_key("desk")
        assert desk.clinician is not None
        desk.clinician.roles = tuple(Role)
        sign_in(client, desk)
        more = ["/desk/reason/jordan", "/desk/evenings/", "/desk/accounts/", "/devices/", "/safe/"]
        walk_through(client, ["/desk/", "/desk/patients/jordan", *more, *begin], learned, most)
        for key, page in (("jordan", "/mine/"), ("jordan-mother", "/family")):
            sign_in(client, person_by_key(key))
            walk_through(client, [page, "/devices/", "/safe/", *begin], learned, most // 3)
        learned.good["desk/accounts key"].update(("rivera", "desk"))
        learned.good["desk/reason key"].add("jordan")
        learned.pages[:] = dict.fromkeys(learned.pages)
        _known[engine] = learned
    return _known[engine]


class Told(logging.Handler):
    """Prints what broke, which no page says."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the end of the way to an error."""
        error = getattr(record, "facts", {}).get("error")
        if error is not None:
            print("".join(traceback.format_exception(error))[-4000:], flush=True)


@pytest.fixture(autouse=True)
def told() -> Iterator[None]:
    handler = Told(logging.ERROR)
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def put_back(house: Flask, request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """What keeps the rows as they are when it is called first, and puts them back from then on."""
    if db.engine.dialect.name == "sqlite":
        yield _sqlite_kept(Path(str(db.engine.url.database)))
        return
    server: Postgres = request.getfixturevalue("postgres")
    yield _postgres_kept(server)
    server.run("DROP DATABASE IF EXISTS walked WITH (FORCE)")


def _sqlite_kept(path: Path) -> Callable[[], None]:
    kept = path.with_suffix(".kept")

    def put_back() -> None:
        db.session.remove()
        db.engine.dispose()
        if kept.exists():
            for beside in path.parent.glob(f"{path.name}-*"):
                beside.unlink()
            shutil.copy(kept, path)
        else:
            shutil.copy(path, kept)

    return put_back


def _postgres_kept(server: Postgres) -> Callable[[], None]:
    is_kept = False

    def put_back() -> None:
        nonlocal is_kept
        db.session.remove()
        db.engine.dispose()
        if is_kept:
            server.run("DROP DATABASE test WITH (FORCE)")
            server.run("CREATE DATABASE test TEMPLATE walked STRATEGY FILE_COPY")
        else:
            server.run("CREATE DATABASE walked TEMPLATE test STRATEGY FILE_COPY")
            is_kept = True

    return put_back


class Spent:
    """Seconds of the processor that the database worked in one request, and in the dearest of all:
    of this thread on SQLite, of the server's process on PostgreSQL; how busy the machine is makes
    no difference.
    """

    def __init__(self) -> None:
        self.most = 0.0
        self.by = ""
        self.seconds = 0.0
        self.began = 0.0
        self.servers: dict[int, float] = {}
        self.thread = get_ident()
        """Who asks; a plan that a request began goes on in a thread of its own."""

    def next(self, what: str) -> None:
        """Take up what the request before, `what`, has spent."""
        for server, began in self.servers.items():
            self.seconds += worked(server) - began
        self.servers.clear()
        if self.seconds > self.most:
            self.most, self.by = self.seconds, what
        self.seconds = 0.0

    def before(self, line: Connection, *_: object) -> None:
        """Note the beginning of a statement."""
        if get_ident() != self.thread:
            return
        if line.dialect.name == "sqlite":
            self.began = time.thread_time()
            return
        server = line.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        if server not in self.servers:
            self.servers[server] = worked(server)

    def after(self, line: Connection, *_: object) -> None:
        """Note its end."""
        if line.dialect.name == "sqlite" and get_ident() == self.thread:
            self.seconds += time.thread_time() - self.began

    def __str__(self) -> str:
        return f"at most {self.most:.3f} s of the database ({self.by})"


def worked(server: int) -> float:
    """Return the seconds of the processor that a process has used; 0 when it is gone."""
    try:
        said = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def counting(spent: Spent) -> Iterator[None]:
    """Count what the database works meanwhile."""
    names = (("before_cursor_execute", spent.before), ("after_cursor_execute", spent.after))
    for name, note in names:
        event.listen(db.engine, name, note)
    yield
    for name, note in names:
        event.remove(db.engine, name, note)


@pytest.mark.timeout(0)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("who", WHO)
def test_hostile_request_never_breaks_anything(
    house: Flask,
    clock: Watch,
    put_back: Callable[[], None],
    tmp_path: Path,
    who: str,
    seed: int,
    trials: Callable[[int, int], int],
) -> None:
    house.config["WTF_CSRF_ENABLED"] = False
    stage = fill(house, tmp_path)
    hostile = Hostile(house, known(house, stage, trials(PAGES, PAGES_WITH_LONG)), Random(seed))
    token = ""
    if who in list(Role):
        token = token_for(KEYS.get(who, "desk"))
    address = "" if who == "nobody" else person_by_key(KEYS.get(who, "desk")).email
    put_back()
    client = house.test_client()
    pages = hostile.known.pages
    one = Wanderer(client, hostile, stage, address=address, token=token, pages=pages)
    spent = Spent()
    began = time.perf_counter()

    def before() -> None:
        spent.next(one.tally.latest)
        if one.number % ANEW == 0:
            took = f"{time.perf_counter() - began:.0f} s ({time.process_time():.0f} of ours)"
            said = dict(sorted(one.tally.statuses.items()))
            print(who, one.number, took, said, spent, flush=True)
            put_back()
            clock.moment = NOW
        if one.number % A_MINUTE == 0:
            clock.moment += timedelta(minutes=1)
        if one.number % SIGNED_IN == 0 or one.is_out:
            stand(client, who)

    one.before = before
    most = trials(30, FULL)
    with counting(spent):
        while one.number < most:
            one.step()
        spent.next(one.tally.latest)
    took = time.perf_counter() - began
    print("DONE", db.engine.dialect.name, who, one.number, f"{took:.0f} s", spent)
    print("ROUTES", db.engine.dialect.name, who, one.tally.as_json())

    _reached[db.engine.dialect.name, who] = set(one.tally.reached())
    never = _never(hostile)
    print(f"NEVER answered well yet: {len(never)} of {len(hostile.routes)}:", ", ".join(never))

    assert one.tally.broken == []
    assert spent.most <= MOST_SECONDS


def _never(hostile: Hostile) -> list[str]:
    """Return the routes that nobody was answered well at, of all who walked on this engine."""
    engine = db.engine.dialect.name
    never = {f"{rule.endpoint} {method}" for rule, method in hostile.routes}
    for (walked_on, _who), reached in _reached.items():
        if walked_on == engine:
            never -= reached
    return sorted(never)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_right_request_is_answered_well(house: Flask, clock: Watch, tmp_path: Path) -> None:
    house.config["WTF_CSRF_ENABLED"] = False
    stage = fill(house, tmp_path)
    client = house.test_client()
    bearer = {"Authorization": f"Bearer {token_for('desk')}"}
    challenge = asked(client.get("/passkey").text)
    refused = []
    for right in right_sign_ins(stage, challenge):
        refused += _refused(client, right, {})
    sign_in(client, with_every_role("rivera"))
    for right in right_deeds(1):
        refused += _refused(client, right, {})
    for right in right_calls(stage, 1):
        refused += _refused(client, right, bearer)
    sign_in(client, person_by_key("jordan-mother"))
    for right in right_requests(stage, 1):
        refused += _refused(client, right, {})

    assert refused == []


def with_every_role(key: str) -> Person:
    """Somebody of staff who may do everything."""
    person = person_by_key(key)
    assert person.clinician is not None
    person.clinician.roles = tuple(Role)
    db.session.commit()
    return person


def _refused(client: FlaskClient, right: Right, headers: dict[str, str]) -> list[str]:
    """Send a right request; return what was wrong with it."""
    said = right.said()
    said["headers"] |= headers
    answer = client.open(**said)
    return [] if answer.status_code < 400 else [f"{right.method} {right.path}: {answer.text[:300]}"]
