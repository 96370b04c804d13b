"""A process that restores copies in children of its own and lets one die before its n-th step.

It reads one order a line (the copy, the step to die before or 0, seconds until death within the
exchange of pages or 0) and says how it ended, the steps it took and how long the exchange of pages
was. Steps are statements and commits of every open database, both ends of the exchange of pages,
and whatever is done to a file's name or brought to disk.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent.parent)]

from flask import Flask  # noqa: E402
from sqlalchemy import event  # noqa: E402
from sqlalchemy.engine import Engine  # noqa: E402

from conftest import settings  # noqa: E402
from household import NOW  # noqa: E402
from scheduler import backups, create_app  # noqa: E402
from scheduler.kernel.database import db  # noqa: E402


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(step: Callable[[], None], deed: Callable[..., Any]) -> Callable[..., Any]:
    """Make a step of what is about to be done."""

    def one(*said: Any, **more: Any) -> Any:
        step()
        return deed(*said, **more)

    return one


def put_back(app: Flask, copy: Path, kill_at: int, within: float) -> str:
    """Restore `copy`; give the steps and the seconds that the exchange took."""
    count, took = 0, 0.0

    def step(*_said: Any, **_more: Any) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            die()

    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, step)
    for name in ("link", "replace", "rename", "unlink", "fsync"):
        setattr(os, name, before(step, getattr(os, name)))
    there = sys.modules["scheduler.backups.restore_copy"]
    exchange = there._exchange  # type: ignore[attr-defined]

    def watched(*said: Any) -> None:
        nonlocal took
        step()
        began = time.perf_counter()
        if within:
            threading.Timer(within, die).start()
        exchange(*said)
        took = time.perf_counter() - began
        step()

    there._exchange = watched  # type: ignore[attr-defined]
    with app.app_context():
        backups.restore(db.engine, copy, now=NOW)
    return f"{count} {took:.6f}"


def perform(app: Flask, copy: Path, kill_at: int, within: float) -> str:
    """Restore in a child; say how it ended and what it took."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(theirs, put_back(app, copy, kill_at, within).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    with os.fdopen(ours) as said:
        words = said.read() or "0 0"
    return f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])} {words}"


if __name__ == "__main__":
    kinfold = create_app(settings(sys.argv[1]))
    for order in sys.stdin:
        path, number, seconds = order.split()
        print(perform(kinfold, Path(path), int(number), float(seconds)), flush=True)
