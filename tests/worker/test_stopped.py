"""A worker is stopped (SIGSTOP) with a letter in hand for longer than its lease, another takes
over, and it wakes.

What it comes back with changes nothing, and it goes on working: nobody has to end it. The father
stands by.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from cast import Cast, assemble
from conftest import KEY
from fakes.crooked import HANG, Crooked
from outbox.drafts import to_dana, to_jordan
from scheduler import outbox
from scheduler.kernel import clock
from scheduler.kernel.database import database_now, db
from scheduler.outbox.models import Letter
from scheduler.worker.delivery_loop import deliver_due

ROOT = Path(__file__).resolve().parent.parent.parent
CEILING = 60
LEASE = timedelta(seconds=61)


@pytest.fixture
def server() -> Iterator[Crooked]:
    """It takes the first letter whole and then says nothing."""
    one = Crooked("dot", HANG, 1)
    yield one
    one.close()


@pytest.fixture
def worker(
    cast: Cast, database_url: str, server: Crooked, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """`worker run`, which finds one letter to the mother."""
    told = {
        "DATABASE_URL": database_url,
        "DATABASE_KEY": KEY,
        "SECRET_KEY": "a secret of the tests",
    }
    told |= {
        "SMTP_URL": server.url,
        "TICK_SECONDS": "0.3",
        "KINFOLD_INSTANCE": str(tmp_path / "instance"),
    }
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    process = subprocess.Popen(
        words, cwd=ROOT, env=dict(os.environ) | told, stdout=subprocess.DEVNULL
    )
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def cast(app: Flask) -> Cast:
    cast = assemble()
    mime = b"Message-ID: <first@hl-sched.example>\r\n\r\n.\r\n"
    outbox.enqueue(to_dana(cast, mime=mime), now=clock.now())
    db.session.commit()
    db.session.remove()
    return cast


def waited(for_what: Callable[[], bool], seconds: int = CEILING) -> bool:
    """Wait for something so many seconds at most; say whether it came."""
    patience = time.monotonic() + seconds
    while not for_what() and time.monotonic() < patience:
        time.sleep(0.05)
    return for_what()


def let_the_lease_run_out(seconds: int) -> None:
    """Wait so long, or put the lease's end into the past."""
    time.sleep(seconds)
    if not seconds:
        past = database_now() - LEASE
        db.session.execute(
            update(Letter).where(Letter.lease_until.is_not(None)).values(lease_until=past)
        )
        db.session.commit()
        db.session.remove()


def states() -> dict[str, tuple[str, int, int]]:
    """Return state, fence and doubts of each letter."""
    rows = db.session.scalars(select(Letter).execution_options(populate_existing=True))
    found = {row.dedupe_key: (row.state.value, row.fence, row.ambiguous) for row in rows}
    db.session.remove()
    return found


@pytest.mark.timeout(300)
def test_worker_that_is_stopped_past_its_lease_loses_nothing_and_goes_on(
    cast: Cast, worker: subprocess.Popen[bytes], server: Crooked, trials: Callable[[int, int], int]
) -> None:
    assert waited(lambda: len(server.kept) == 1, 240)  # a process begins slowly on a busy machine
    worker.send_signal(signal.SIGSTOP)
    let_the_lease_run_out(trials(0, 65))
    other = deliver_due("another", server.url)
    taken_over = states()["first"]

    worker.send_signal(signal.SIGCONT)
    began = time.monotonic()
    server.open[0].shutdown(2)  # its server is gone by now: it would have the letter tried again
    outbox.enqueue(
        to_jordan(cast, mime=b"Message-ID: <own@hl-sched.example>\r\n\r\n.\r\n"), now=clock.now()
    )
    db.session.commit()
    db.session.remove()

    assert waited(lambda: states()["own"][0] == "sent")
    print(f"{db.engine.dialect.name}: healed {time.monotonic() - began:.1f} s after SIGCONT")
    assert (other.sent, taken_over, states()["first"]) == (1, ("sent", 2, 1), ("sent", 2, 1))
    assert worker.poll() is None
    assert sorted(Counter(server.kept).values()) == [1, 2]
