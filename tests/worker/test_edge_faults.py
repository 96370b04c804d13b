"""The database fails under a worker: refuses, hangs, cuts the line in a COMMIT, writes no more, is
full, fails over.

In every case the same worker's next pulses carry the same letters within a minute, without a hand:
none lost, twice only where that was counted, and the father, who has no consent, gets nothing.
Nothing is put right here, and no time is made to pass but the real one.
"""

import gc
import itertools
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import event, select, text
from sqlalchemy.exc import DatabaseError

from cast import Cast, assemble
from conftest import settings
from fakes.post_office import PostOffice
from fakes.postgres import Postgres
from fakes.proxy import Wire
from outbox.drafts import to_dana, to_jordan
from scheduler import create_app, outbox
from scheduler.kernel import clock
from scheduler.kernel.database import db, open_engine
from scheduler.kernel.schema.migrate import upgrade
from scheduler.outbox.models import Letter
from scheduler.worker import Worker
from scheduler.worker.transactions import in_transaction

pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning"
    ),  # a line that was cut is not closed in good order
]
names = itertools.count()
CEILING, A_MINUTE = 60, timedelta(minutes=1)
"""From the end of a fault until all is well, at the most."""


@contextmanager
def living(url: str, post_office: PostOffice) -> Iterator[Worker]:
    """The application on this database, and its worker."""
    app = create_app(settings(url, smtp_url=post_office.url))
    with app.app_context():
        worker = Worker(app.config["KINFOLD"], app.app_context)
        in_transaction(lambda: worker.heart.begin(now=clock.now(), alone=False, fresh=A_MINUTE))
        yield worker
        db.session.remove()
        db.engine.dispose()
    gc.collect()  # what was cut off is let go of here, where its complaint is expected


def migrated(server: Postgres) -> str:
    """Return the name of a fresh database of a server."""
    name = f"edge_{next(names)}"
    server.run(f"CREATE DATABASE {name}")
    engine = open_engine(server.url(name).replace("postgresql://", "postgresql+psycopg://"), "")
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A PostgreSQL of its own, to be ill-treated."""
    with Postgres() as one:
        yield one


def queue(cast: Cast, many: int = 2) -> None:
    """Queue letters to the patient and the mother in turn."""
    for number in range(many):
        name = f"letter-{next(names)}@hl-sched.example"
        draft = (to_jordan if number % 2 else to_dana)(
            cast, name, mime=f"Message-ID: <{name}>\r\n\r\n.\r\n".encode()
        )
        outbox.enqueue(replace(draft, message_id=f"<{name}>"), now=clock.now())
    db.session.commit()
    db.session.remove()


def healed(worker: Worker, post_office: PostOffice) -> bool:
    """Let the worker pulse until all is well; say whether that took less than a minute."""
    began = time.monotonic()
    while (worker.tick(), wrong(post_office) or working())[
        1
    ] and time.monotonic() - began < CEILING:
        time.sleep(0.05)
    print(f"healed after {time.monotonic() - began:.1f} s")
    return wrong(post_office) == [] and not working() and time.monotonic() - began < CEILING


def wrong(post_office: PostOffice) -> list[str]:
    """Name everything that is wrong with what arrived, by the bytes at the mail server."""
    times = Counter(str(one.message["Message-ID"]) for one in post_office.messages)
    found = []
    for row in db.session.scalars(select(Letter)):
        came = times[row.message_id]
        if row.state != "sent" or not 1 <= came <= 1 + row.ambiguous:
            found.append(
                f"{row.message_id}: {row.state}, came {came} times, {row.ambiguous} counted"
            )
    forms = {(str(one.message["Message-ID"]), one.content) for one in post_office.messages}
    db.session.remove()
    return (
        found
        + ["another form"] * (len(forms) - len(times))
        + ["father"] * len(post_office.to("miguel@family.example"))
    )


def serving() -> int:
    """Ask whether the web is well."""
    return asked("/healthz")[0]


def working(seconds: int = 0) -> str:
    """Ask whether the worker is well so many seconds from now; "" when it is."""
    later = clock.now() + timedelta(seconds=seconds)
    with clock.turned_to(lambda: later):
        code, words = asked("/healthz/worker")
    return "" if code == 200 else words


def asked(path: str) -> tuple[int, str]:
    answer = current_app.test_client().get(path)
    db.session.remove()  # it was this context's: a visitor has one of their own
    return answer.status_code, answer.text.strip()


def test_database_that_refuses_is_waited_for(server: Postgres, post_office: PostOffice) -> None:
    name = migrated(server)
    with living(server.url(name), post_office) as worker:
        cast = assemble()
        queue(cast)
        server.crash()
        worker.tick()
        assert (serving(), working(), post_office.messages) == (
            503,
            "the database does not answer",
            [],
        )

        server.start()

        assert healed(worker, post_office)
        assert (len(post_office.messages), serving()) == (2, 200)


def test_database_that_dies_between_two_letters_loses_none(
    server: Postgres, post_office: PostOffice
) -> None:
    name = migrated(server)
    with living(server.url(name), post_office) as worker:
        cast = assemble()
        queue(cast, 4)
        seen = iter(range(99))
        worker._live = lambda: server.crash() if next(seen) == 2 else None  # type: ignore[method-assign]
        worker.tick()
        server.start()

        assert healed(worker, post_office)


def test_database_that_hangs_is_waited_for(server: Postgres, post_office: PostOffice) -> None:
    name = migrated(server)
    with living(server.url(name), post_office) as worker:
        cast = assemble()
        queue(cast)
        backend = int(db.session.execute(text("SELECT pg_backend_pid()")).scalar_one())
        db.session.remove()
        os.kill(backend, signal.SIGSTOP)
        pulse = threading.Thread(target=worker.tick)
        pulse.start()
        pulse.join(1)
        hung, said = pulse.is_alive(), working(61)
        os.kill(backend, signal.SIGCONT)
        pulse.join(CEILING)

        assert (hung, said) == (True, "no worker has finished a round lately")
        assert healed(worker, post_office)
        assert len(post_office.messages) == 2


@pytest.mark.parametrize("after", [False, True], ids=["before it arrives", "before it is answered"])
def test_line_cut_in_any_commit_loses_nothing(
    server: Postgres, post_office: PostOffice, after: bool, trials: Callable[[int, int], int]
) -> None:
    """In every commit of a pulse with `--long`, in every fifth on other days."""
    name, wire = migrated(server), Wire(server.port)
    with living(server.url(name).replace(str(server.port), str(wire.port)), post_office) as worker:
        cast = assemble()
        queue(cast)
        wire.cut(10**6, after=False)
        worker.tick()
        commits = wire.commits
        for number in range(1, commits + 1, trials(5, 1)):
            queue(cast)
            wire.cut(number, after=after)
            worker.tick()
            assert healed(worker, post_office), f"cut at commit {number} of {commits}"
    wire.close()


def test_read_only_database_lets_nothing_leave_until_it_writes_again(
    server: Postgres, post_office: PostOffice
) -> None:
    name = migrated(server)
    with living(server.url(name), post_office) as worker:
        cast = assemble()
        queue(cast)
        db.engine.dispose()
        server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        worker.tick()
        assert (post_office.messages, working(61)) == ([], "no worker has finished a round lately")

        db.engine.dispose()
        server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = off")

        assert healed(worker, post_office)
        assert len(post_office.messages) == 2


def test_full_disk_loses_nothing(sqlite_url: str, post_office: PostOffice) -> None:
    with living(sqlite_url, post_office) as worker:
        cast = assemble()
        queue(cast)
        full = True

        def limit(connection: Any, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {1 if full else 10**6}")

        db.engine.dispose()
        event.listen(db.engine, "connect", limit)
        with pytest.raises(DatabaseError, match="full"):
            queue(cast, 200)
        db.session.rollback()
        for _ in range(3):
            worker.tick()

        full = False
        db.engine.dispose()

        assert healed(worker, post_office)
        event.remove(db.engine, "connect", limit)


def test_failover_to_a_standby_needs_no_hand(server: Postgres, post_office: PostOffice) -> None:
    """The worker is told of both servers; the one that writes is found again by itself."""
    name = migrated(server)
    with Postgres(primary=server) as standby:
        server.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        server.run("SELECT pg_reload_conf()")
        hosts = f"host=127.0.0.1:{server.port}&host=127.0.0.1:{standby.port}"
        both = f"{hosts}&target_session_attrs=read-write"
        with living(f"postgresql://kinfold@/{name}?{both}", post_office) as worker:
            cast = assemble()
            queue(cast, 4)
            seen = iter(range(99))

            def fail_over() -> None:
                if next(seen) == 2:
                    server.crash()
                    standby.run("SELECT pg_promote()")

            worker._live = fail_over  # type: ignore[method-assign]
            worker.tick()

            assert healed(worker, post_office)
