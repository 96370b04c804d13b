"""A process that upgrades databases in children of its own and lets one die before its n-th
statement.

It reads one order a line (the address, and the step to die before; 0: none) and says how it ended.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent.parent)]

from sqlalchemy import event  # noqa: E402

from conftest import KEY  # noqa: E402
from scheduler.kernel.database import open_engine  # noqa: E402
from scheduler.kernel.schema.migrate import upgrade  # noqa: E402


def migrate(url: str, kill_at: int) -> int:
    """Upgrade to the newest schema; give the number of steps: statements and the commit."""
    engine = open_engine(url, KEY)
    count = 0

    def step(*_said: Any, **_more: Any) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "commit"):
        event.listen(engine, name, step)
    upgrade(engine)
    return count


def perform(url: str, kill_at: int) -> str:
    """Upgrade in a child; say how it ended and how many steps it took."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(theirs, str(migrate(url, kill_at)).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    with os.fdopen(ours) as said:
        steps = said.read() or "0"
    return f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])} {steps}"


if __name__ == "__main__":
    for order in sys.stdin:
        address, number = order.split()
        print(perform(address, int(number)), flush=True)
