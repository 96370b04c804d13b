"""Reading what strangers send in a child process: what hangs, eats memory or crashes there takes
nobody along.

The child is forked from a small server that holds no database connection and no secret of this
process's work. Its answer is JSON of bounded length, checked against the shape that was asked for
(`kernel.plain`): a child that hostile bytes took over can say something untrue, and no more.
"""

import json
import math
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from scheduler.kernel.errors import InputError, KinfoldError
from scheduler.kernel.untrusted.plain import from_plain, to_plain

SECONDS = 2
"""Processor time a child may use after it has started, where nobody says otherwise."""
WALL = 10.0
"""Seconds until it is given up, whatever it does."""
MEMORY = 256 * 1024 * 1024
"""Octets of address space it may take beyond what it began with (RLIMIT_AS)."""
LONGEST_ANSWER = 4 * 1024 * 1024
"""Octets of an answer, where nobody says otherwise."""
LONGEST_REFUSAL = 500
"""Characters of a sentence that says why nothing was read."""

R = TypeVar("R")


class Overrun(InputError):
    """Reading took more time or memory than anything honest needs, or ended in a crash; nothing was
    kept.
    """


def apart(
    deed: Callable[[bytes], R],
    data: bytes,
    shape: Any,
    *,
    seconds: float = SECONDS,
    wall: float = WALL,
    longest: int = LONGEST_ANSWER,
) -> R:
    """Return `deed(data)`, done in a child process with hard limits: `seconds` of processor time,
    `wall` seconds of anybody's; `deed` is a function of a module, and `shape` is the type of what
    it gives.

    Raises Overrun, and InputError with the words of whatever KinfoldError the deed raised.
    """
    context: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    if sys.platform != "win32":
        context.set_forkserver_preload(["__main__", "scheduler.invitations", "scheduler.ical"])
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_inside, args=(deed, data, theirs, seconds), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(wall):
            raise Overrun("reading it takes too long")
        answer = ours.recv_bytes(longest)
    except (EOFError, OSError) as error:
        raise Overrun("it cannot be read within the limits") from error
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()
    return _understood(answer, shape)  # type: ignore[no-any-return]


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise Overrun inside the block once it has used `seconds` of processor time.

    Holds in the main thread of a Unix process, where children read; elsewhere their own limits do.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _too_long(*_: Any) -> None:
    raise Overrun("reading it takes too long")


def _understood(answer: bytes, shape: Any) -> Any:
    """Return the value of an answer, or raise what it says went wrong."""
    try:
        kind, plain = json.loads(answer)
        if kind == "read":
            return from_plain(shape, plain)
        words = from_plain(str, plain)[:LONGEST_REFUSAL]
    except (ValueError, TypeError, RecursionError) as error:
        raise Overrun("it was read, and what came of it makes no sense") from error
    raise Overrun(words) if kind == "overrun" else InputError(words)


def _inside(deed: Callable[[bytes], Any], data: bytes, answer: Connection, seconds: float) -> None:
    _limit(seconds)
    try:
        said = json.dumps(("read", to_plain(deed(data))))
    except Overrun as error:
        said = json.dumps(("overrun", str(error)))
    except KinfoldError as error:
        said = json.dumps(("refused", str(error)))
    except (MemoryError, RecursionError):
        said = json.dumps(("overrun", "it is built to use up memory"))
    except Exception as error:  # whatever hostile bytes brought about: only its kind is told
        said = json.dumps(("overrun", f"it cannot be read ({type(error).__name__})"))
    answer.send_bytes(said.encode("ascii"))
    answer.close()


def _limit(seconds: float) -> None:
    """Bind this process; Windows knows no such limits, there the wall clock alone holds.

    The timer ends it at once, wherever it is; RLIMIT_CPU counts whole seconds and cannot be undone.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    last = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (last, last))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    taken = _address_space()
    if taken:
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))


def _address_space() -> int:
    """Return the octets of address space in use, 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * 4096
    except OSError:
        return 0
