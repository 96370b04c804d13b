"""A machine's clock jumps, two hours forward or a day back: the worker goes on within a minute,
without a hand.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import libfaketime
import pytest
from flask import Flask

from cast import Cast, assemble, session
from conftest import KEY
from fakes.post_office import PostOffice
from scheduler.kernel import clock
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.worker import Worker

ROOT = Path(__file__).resolve().parent.parent.parent
LIBRARY = next(Path(libfaketime.__file__).parent.rglob("libfaketime.so.1"))
EVENING = datetime(2027, 3, 9, 16)


@pytest.fixture
def hands(tmp_path: Path) -> Path:
    """The file that says how far the worker's clock is from ours."""
    path = tmp_path / "hands"
    path.write_text("+0d\n")
    return path


@pytest.fixture
def cast(sqlite_app: Flask) -> Cast:
    cast = assemble()
    session(cast, EVENING)
    db.session.remove()
    return cast


@pytest.fixture
def worker(
    cast: Cast, sqlite_url: str, post_office: PostOffice, tmp_path: Path, hands: Path
) -> Iterator[None]:
    """`worker run` under a clock that can be set."""
    told = {"DATABASE_URL": sqlite_url, "DATABASE_KEY": KEY, "SECRET_KEY": "a secret of the tests"}
    told |= {
        "SMTP_URL": post_office.url,
        "TICK_SECONDS": "0.3",
        "KINFOLD_INSTANCE": str(tmp_path / "instance"),
    }
    told |= {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(hands),
        "FAKETIME_CACHE_DURATION": "1",  # seconds: to look at every question costs most of a core
    }
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    process = subprocess.Popen(
        words, cwd=ROOT, env=dict(os.environ) | told | {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    )
    yield
    process.terminate()
    process.wait(60)


def arrived(office: PostOffice, many: int, seconds: int = 60) -> int:
    """Wait so many seconds at most for so many letters; return how many came."""
    patience = time.monotonic() + seconds
    while len(office.messages) < many and time.monotonic() < patience:
        time.sleep(0.05)
    return len(office.messages)


@pytest.mark.parametrize("jump", ["+2h", "-1d"])
@pytest.mark.usefixtures("worker")
def test_worker_goes_on_after_its_clock_jumped(
    cast: Cast, post_office: PostOffice, hands: Path, jump: str
) -> None:
    before = arrived(
        post_office, 1, 240
    )  # beginning takes long on a busy machine; the minute is for the jump
    hands.write_text(f"{jump}\n")
    time.sleep(2.5)
    session(cast, EVENING + timedelta(days=2), series="extra", week=3)
    db.session.remove()

    assert (before, arrived(post_office, 2)) == (1, 2)
    assert {tuple(one.recipients) for one in post_office.messages} == {("dana@family.example",)}


def test_worker_whose_clock_is_not_the_databases_carries_nothing(
    app: Flask, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    session(assemble(), EVENING)
    late = clock.now() - timedelta(minutes=5)

    with turned_to(lambda: late):
        Worker(app.config["KINFOLD"], app.app_context).tick()
    kept = len(post_office.messages)
    Worker(app.config["KINFOLD"], app.app_context).tick()

    assert (kept, len(post_office.messages)) == (0, 1)
    assert "clock_differs" in caplog.text
