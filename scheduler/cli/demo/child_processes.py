"""Processes that end together: when one dies the others end, and none outlives who started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from scheduler.kernel.errors import KinfoldError

STOPPING = (signal.SIGINT, signal.SIGTERM)
SECONDS_TO_ANSWER = 240
"""How long the web may take until it answers: a busy machine takes its time."""


def end(child: "subprocess.Popen[Any]") -> None:
    """Ask a child to end, wait ten seconds, insist."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


class ChildProcesses:
    """The processes of one program, each in a group of its own, so that Ctrl-C reaches it through
    us alone.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, name: str, arguments: Sequence[str]) -> None:
        """Start `python -m …` under a name that is said when it dies."""
        command = [sys.executable, "-m", *arguments]
        child = subprocess.Popen(  # noqa: S603 - our own modules
            command,
            env=self.environment,
            start_new_session=os.name != "nt",
        )
        self.running.append((name, child))

    def wait_for(self, url: str) -> None:
        """Wait until an address answers. Raises KinfoldError when a child died or nobody came."""
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < deadline:
            self.refuse_dead()
            try:
                urlopen(url, timeout=2).close()  # noqa: S310 - an address of ours
                return
            except (URLError, OSError):
                time.sleep(0.25)
        raise KinfoldError(
            "the web did not answer within four minutes; what it said stands above, else try once "
            "more"
        )

    def refuse_dead(self) -> None:
        """Raise KinfoldError, naming the child, when one has died."""
        for name, child in self.running:
            if child.poll() is not None:
                raise KinfoldError(
                    f"the {name} process ended (exit code {child.returncode}); see above"
                )

    def watch(self) -> None:
        """Look at the children until one dies or somebody stops us."""
        while True:
            self.refuse_dead()
            time.sleep(0.5)

    def stop(self) -> None:
        """End every child: ask all at once, then wait for each; nothing interrupts it."""
        before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING}
        try:
            for _, child in self.running:
                if child.poll() is None:
                    child.terminate()
            for _, child in self.running:
                end(child)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
