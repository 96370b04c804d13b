"""Heartbeats: one worker on SQLite, as long as it is alive; and a watchdog for one that stalls."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox.models import Heartbeat
from scheduler.worker.heartbeat import STALLED, Pulse, Watchdog, tell_supervisor

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
FRESH = timedelta(minutes=1)


def beating(
    process: int, *, host: str = socket.gethostname()[:40], ended: datetime | None = None
) -> None:
    """Write the heartbeat of another worker, as of now."""
    row = Heartbeat(
        node=f"{host}:{process}", boot="b" * 16, began_at=NOW, ticked_at=NOW, ended_at=ended
    )
    db.session.add(row)
    db.session.commit()


def ended_process() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def begin(now: datetime = NOW, *, alone: bool = True) -> list[str]:
    heart = Pulse()
    heart.begin(now=now, alone=alone, fresh=FRESH)
    db.session.commit()
    return [row.node for row in db.session.scalars(select(Heartbeat)) if row.node == heart.node]


def test_second_worker_is_refused_while_the_first_is_alive(app: Flask) -> None:
    beating(os.getppid())

    with pytest.raises(Conflict, match="already running"):
        begin()


def test_worker_of_another_machine_is_believed(app: Flask) -> None:
    beating(1, host="elsewhere")

    with pytest.raises(Conflict, match="elsewhere:1"):
        begin()


def test_second_worker_begins_when_the_process_of_the_first_is_dead(app: Flask) -> None:
    beating(ended_process())

    assert len(begin()) == 1


def test_second_worker_begins_when_the_first_ended_on_purpose(app: Flask) -> None:
    beating(os.getppid(), ended=NOW)

    assert len(begin()) == 1


def test_second_worker_begins_when_the_first_has_been_silent(app: Flask) -> None:
    beating(1, host="elsewhere")

    assert len(begin(NOW + FRESH)) == 1


def test_workers_stand_side_by_side_where_that_is_allowed(app: Flask) -> None:
    beating(os.getppid())

    assert len(begin(alone=False)) == 1


def test_beat_and_end_are_written_down(app: Flask) -> None:
    heart = Pulse()
    heart.begin(now=NOW, alone=True, fresh=FRESH)
    heart.beat(now=NOW + timedelta(seconds=5))
    heart.end(now=NOW + timedelta(seconds=9))
    db.session.commit()

    row = db.session.scalars(select(Heartbeat)).one()
    assert (row.ticked_at, row.ended_at) == (NOW + timedelta(seconds=5), NOW + timedelta(seconds=9))


def test_watchdog_ends_a_process_whose_ticks_have_stopped() -> None:
    left: list[int] = []
    watchdog = Watchdog(5, leave=left.append)
    watchdog.limit = -1.0

    watchdog._watch()

    assert (left, STALLED) == ([70], 70)


def test_watchdog_lets_a_ticking_process_be() -> None:
    watchdog = Watchdog(5)
    watchdog.last -= 61
    late = watchdog.stalled()
    watchdog.pat()

    assert (late, watchdog.stalled()) == (True, False)


@pytest.mark.parametrize(("slept", "stalled"), [(70.0, False), (1.0, True)])
def test_watchdog_counts_no_time_in_which_the_whole_process_stood_still(
    slept: float, stalled: bool
) -> None:
    watchdog = Watchdog(5)
    watchdog.last -= 70
    watchdog.awake(slept)

    assert watchdog.stalled() is stalled


@pytest.mark.parametrize(("pulse", "patience"), [(0.5, 60.0), (5.0, 60.0), (60.0, 360.0)])
def test_watchdog_waits_six_pulses_and_a_minute_at_least(pulse: float, patience: float) -> None:
    assert Watchdog(pulse).limit == patience


def test_supervisor_that_wants_to_know_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(f"\0kinfold-{os.getpid()}")
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + ear.getsockname()[1:].decode())

        tell_supervisor("READY=1")

        assert ear.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all"])
def test_worker_without_a_supervisor_goes_on(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)

    tell_supervisor("READY=1")
