"""A process that plays scenes in children of its own and lets one die before its n-th step.

It reads one order a line (JSON) and answers each with a line. A step is a statement, a begin, a
commit or a rollback of the database, or a word to or from the mail server; dying is SIGKILL, so
nothing tidies up.
"""

import gc
import json
import os
import signal
import smtplib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent.parent)]

from flask import Flask  # noqa: E402
from sqlalchemy import event  # noqa: E402

from conftest import settings  # noqa: E402
from crash.scenes import SCENES, end_leases  # noqa: E402
from scheduler import create_app  # noqa: E402
from scheduler.kernel.database import db  # noqa: E402
from scheduler.worker import drain  # noqa: E402
from scheduler.worker.transactions import in_transaction  # noqa: E402


class Steps:
    """Counts steps, and ends the process before the one it was told."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at, self.count = kill_at, 0

    def step(self, *_said: Any, **_more: Any) -> None:
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Hook into the engine and into smtplib."""
        for name in ("before_cursor_execute", "begin", "commit", "rollback"):
            event.listen(db.engine, name, self.step)
        smtplib.SMTP.send = self._before(smtplib.SMTP.send)  # type: ignore[method-assign]
        smtplib.SMTP.getreply = self._around(smtplib.SMTP.getreply)  # type: ignore[method-assign]

    def _before(self, deed: Callable[..., Any]) -> Any:
        def one(*said: Any) -> Any:
            self.step()
            return deed(*said)

        return one

    def _around(self, deed: Callable[..., Any]) -> Any:
        def one(*said: Any) -> Any:
            self.step()
            answer = deed(*said)
            self.step()
            return answer

        return one


def play(app: Flask, order: dict[str, Any]) -> int:
    """Play one part of a scene; give the number of steps."""
    before, deed = SCENES[order["scene"]]
    config = app.config["KINFOLD"]
    steps = Steps(order.get("kill_at", 0))
    with app.app_context():
        if order["part"] == "before":
            before(lambda: drain(config))
            return 0
        if order["part"] == "restart":
            end_leases()
        steps.watch()
        in_transaction(deed)
        _, failed = drain(config)
        assert failed == [], failed
        if order["part"] == "restart":
            end_leases()
            drain(config)
    return steps.count


def perform(app: Flask, order: dict[str, Any]) -> dict[str, Any]:
    """Play in a child; say how it ended and how many steps it took. What comes before is played
    here.

    So the children inherit what a warm process knows (compiled statements), and none of its
    connections.
    """
    if order["part"] == "before":
        play(app, order)
        with app.app_context():
            db.engine.dispose()
        gc.collect()
        gc.freeze()
        return {"status": 0, "steps": 0}
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(theirs, str(play(app, order)).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    with os.fdopen(ours) as said:
        words = said.read()
    return {"status": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "steps": int(words or 0)}


def main(database_url: str, smtp_url: str) -> None:
    """Take orders until there are none."""
    app = create_app(settings(database_url, smtp_url=smtp_url))
    for line in sys.stdin:
        print(json.dumps(perform(app, json.loads(line))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
