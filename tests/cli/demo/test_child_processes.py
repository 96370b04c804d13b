"""Children end together, and whoever ended them can still be stopped afterwards."""

import signal

from scheduler.cli.demo.child_processes import ChildProcesses

NUMBERS = (signal.SIGINT, signal.SIGTERM)


def test_stopping_leaves_signals_as_they_were() -> None:
    before = [signal.getsignal(number) for number in NUMBERS]
    children = ChildProcesses({})
    children.start("long one", ["timeit", "-n", "1", "import time; time.sleep(60)"])

    children.stop()

    assert [signal.getsignal(number) for number in NUMBERS] == before
    assert [child.poll() is None for _, child in children.running] == [False]
