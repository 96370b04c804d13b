"""Heartbeats, the watchdog that ends a process whose ticks have stopped, and what systemd hears."""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.kernel.ids import new_id
from scheduler.kernel.installation import has_extra
from scheduler.kernel.logs import Log
from scheduler.outbox.models import Heartbeat

log = Log(__name__)

STALLED = 70
"""Exit code of a process whose ticks stopped; a supervisor starts it again."""

DRIFT = 5.0
"""Seconds by which the wall clock may leave the monotonic one before it is said to have jumped."""


def tell_supervisor(state: str) -> None:
    """Tell systemd "READY=1", "WATCHDOG=1" or "STOPPING=1" where it started us and wants to know
    (sd_notify(3)); nobody else hears it.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    # An address that begins with @ is one of Linux's names without a file.
    place = "\0" + address[1:] if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(state.encode(), place)


class Pulse:
    """One worker's heartbeat row."""

    def __init__(self) -> None:
        self.node = f"{socket.gethostname()[:40]}:{os.getpid()}"
        self.boot = new_id()
        # Process numbers are used again, and in a container they are always 1; a lease's name must
        # be nobody else's.
        self.owner = f"{self.node}:{self.boot[:12]}"

    def begin(self, *, now: datetime, alone: bool, fresh: timedelta) -> None:
        """Write the first beat. Raises Conflict when another worker is alive and there may be only
        one (SQLite).
        """
        for other in db.session.scalars(select(Heartbeat).where(Heartbeat.ended_at.is_(None))):
            if alone and now - other.ticked_at < fresh and _alive(other.node):
                raise Conflict(f"a worker is already running ({other.node}); SQLite allows one")
        db.session.merge(
            Heartbeat(
                node=self.node,
                boot=self.boot,
                began_at=now,
                ticked_at=now,
                ended_at=None,
                plans=has_extra("planner"),
            )
        )

    def beat(self, *, now: datetime) -> None:
        """Write down that a tick finished."""
        row = db.session.get(Heartbeat, self.node)
        if row is not None:
            row.ticked_at = now

    def end(self, *, now: datetime) -> None:
        """Write down that this worker stopped on purpose."""
        row = db.session.get(Heartbeat, self.node)
        if row is not None:
            row.ended_at = now


def _alive(node: str) -> bool:
    """True if a node may be running: one of this machine is looked up, one of another is
    believed.
    """
    host, _, process = node.rpartition(":")
    if host != socket.gethostname()[:40]:
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Watchdog:
    """Ends the process when no tick finished for six intervals, by the clock that cannot jump.

    It also sees the wall clock leave that one, forward or back: then `jumped` is called, because
    the next tick was set by the clock that left.
    """

    jumped: Callable[[float], object] = staticmethod(lambda seconds: None)

    def __init__(self, interval: float, leave: Callable[[int], object] = os._exit) -> None:
        self.limit = max(60.0, 6 * interval)
        self.leave = leave
        self.last = time.monotonic()

    def pat(self) -> None:
        """Say that a tick finished."""
        self.last = time.monotonic()

    def stalled(self) -> bool:
        """True if ticks have stopped."""
        return time.monotonic() - self.last > self.limit

    def awake(self, slept: float) -> None:
        """Count no time in which the whole process stood still (stopped, or its machine asleep): no
        tick could end.
        """
        if slept > DRIFT:
            self.last += slept

    def start(self) -> None:
        """Watch from a thread of its own."""
        threading.Thread(
            target=self._watch,
            daemon=True,
            name="watchdog",
        ).start()

    def _watch(self) -> None:
        apart, looked = time.time() - time.monotonic(), time.monotonic()
        while not self.stalled():
            tell_supervisor("WATCHDOG=1")
            time.sleep(1)
            slept = time.monotonic() - looked
            looked += slept
            self.awake(slept)
            drift = time.time() - time.monotonic() - apart
            if abs(drift) > DRIFT:
                apart += drift
                self.jumped(drift)
        log.error("worker_stalled", seconds=time.monotonic() - self.last)
        self.leave(STALLED)
